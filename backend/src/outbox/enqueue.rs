//! Taking messages in: durable before the caller hears of it.

use crate::crash;
use crate::live::Live;
use crate::storage::conn::Conn;
use crate::storage::enqueue::{self, Enqueue, Enqueued};
use crate::storage::group_commit::GroupCommit;
use crate::storage::{Db, StorageResult};

use super::dispatcher::Dispatcher;

/// The way into the outbox. Cheap to clone.
#[derive(Clone)]
pub struct Outbox {
    commits: GroupCommit<Enqueue, Enqueued>,
    dispatcher: Dispatcher,
    live: Live,
}

impl Outbox {
    /// Must be called inside the runtime.
    pub fn start(db: &Db, dispatcher: Dispatcher, live: Live) -> Self {
        Self { commits: GroupCommit::start(db, commit), dispatcher, live }
    }

    /// Queues a message together with its idempotency key; returns after the commit.
    ///
    /// # Errors
    /// [`crate::storage::StorageError::Busy`] when too many wait; [`crate::storage::StorageError::Refused`] when the database
    /// can't hold the content (U+0000 on PostgreSQL).
    pub async fn enqueue(&self, request: Enqueue) -> StorageResult<Enqueued> {
        let (workspace, group) = (request.workspace, request.limit_group.clone());
        let outcome = self.commits.submit(request).await?;
        crash::point("after_enqueue_commit");
        if outcome == Enqueued::Fresh {
            metrics::counter!("duplex_messages_enqueued_total").increment(1);
            self.dispatcher.wake_for(&group);
            self.live.notify(workspace);
        }
        Ok(outcome)
    }

    pub fn dispatcher(&self) -> &Dispatcher {
        &self.dispatcher
    }
}

fn commit(conn: &mut Conn, requests: &[Enqueue]) -> StorageResult<Vec<Enqueued>> {
    let outcomes = enqueue::enqueue(conn, requests)?;
    crash::point("before_enqueue_commit");
    Ok(outcomes)
}
