//! Topics that tell live listeners "there is something new": they then read the feed from where they stand.

use std::sync::Arc;

use moka::sync::Cache;
use tokio::sync::watch;

use crate::domain::ids::WorkspaceId;

/// Wakes whoever watches a workspace's feed. Cheap to clone.
#[derive(Clone)]
pub struct Live {
    topics: Cache<WorkspaceId, Arc<watch::Sender<u64>>>,
    /// One topic for all workspaces.
    any: Arc<watch::Sender<u64>>,
}

/// Workspaces whose topic is kept; an evicted topic ends its listeners' waits, and they look once more.
const TOPICS: u64 = 10_000;

impl Live {
    pub fn new() -> Self {
        Self { topics: Cache::new(TOPICS), any: Arc::new(watch::Sender::new(0)) }
    }

    /// Tells the listeners of a workspace that its feed has grown. Call it after the commit.
    pub fn notify(&self, workspace: WorkspaceId) {
        self.any.send_modify(|count| *count = count.wrapping_add(1));
        if let Some(topic) = self.topics.get(&workspace) {
            topic.send_modify(|count| *count = count.wrapping_add(1));
        }
    }

    /// A receiver that changes whenever the workspace's feed may have grown.
    pub fn subscribe(&self, workspace: WorkspaceId) -> watch::Receiver<u64> {
        self.topics.get_with(workspace, || Arc::new(watch::Sender::new(0))).subscribe()
    }

    /// A receiver that changes whenever any workspace's feed may have grown.
    pub fn subscribe_to_all(&self) -> watch::Receiver<u64> {
        self.any.subscribe()
    }
}

impl Default for Live {
    fn default() -> Self {
        Self::new()
    }
}
