//! The worker that deletes Contents that have served their time.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use futures_util::stream;

use crate::channels::{Registry, RegistryError};
use crate::clock::SharedClock;
use crate::domain::ids::ChannelId;
use crate::domain::time::Ts;
use crate::queue::Work;
use crate::storage::system::content_removals::{self, Removal};
use crate::storage::{Db, StorageResult};

/// Contents deleted in one round, and calls on the wire at once.
const ROUND: u16 = 20;
const AT_ONCE: usize = 4;
/// The pause after the first failure; it doubles with each further one.
const PAUSE: Duration = Duration::from_secs(60);
/// After so many failures, which is three days, the Content is left where it is.
const MOST_TRIES: i32 = 12;

/// Runs about each second on every node. Deleting twice does no harm, so nothing is claimed.
pub struct ContentRemovals {
    db: Db,
    registry: Registry,
    clock: SharedClock,
}

/// What became of one.
enum Fate {
    /// Deleted, or nobody's any more.
    Done(Removal),
    Again(Removal, Ts),
}

impl ContentRemovals {
    pub fn new(db: Db, registry: Registry, clock: SharedClock) -> Self {
        Self { db, registry, clock }
    }

    async fn remove(&self, removal: Removal, channel: Option<ChannelId>) -> Fate {
        // The account has left the workspace, and its credentials with it.
        let Some(channel) = channel else { return Fate::Done(removal) };
        let failed = match self.registry.by_id(channel).await {
            Err(RegistryError::Missing) => return Fate::Done(removal),
            Err(error) => error.to_string(),
            Ok(loaded) => match loaded.service.delete_stored_content(&removal.content_sid).await {
                Ok(()) => return Fate::Done(removal),
                Err(error) => error.to_string(),
            },
        };
        let content = &removal.content_sid;
        if removal.tries >= MOST_TRIES {
            tracing::warn!(%channel, content, error = failed, "a Content stays behind at the provider; delete it there by hand");
            return Fate::Done(removal);
        }
        tracing::debug!(%channel, content, error = failed, "a Content could not be deleted and will be tried again");
        let pause = PAUSE.saturating_mul(2_u32.saturating_pow(u32::try_from(removal.tries).unwrap_or(0)));
        let at = self.clock.now().plus(pause);
        Fate::Again(removal, at)
    }
}

#[async_trait]
impl Work for ContentRemovals {
    fn name(&self) -> &'static str {
        "stored-contents"
    }

    async fn run_once(&self) -> StorageResult<usize> {
        let now = self.clock.now();
        let due = self.db.read(move |conn| content_removals::due(conn, now, ROUND)).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let fates: Vec<Fate> = stream::iter(due)
            .map(|(removal, channel)| self.remove(removal, channel))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        let (mut done, mut again) = (Vec::new(), Vec::new());
        for fate in fates {
            match fate {
                Fate::Done(removal) => done.push(removal),
                Fate::Again(removal, at) => again.push((removal, at)),
            }
        }
        let count = done.len();
        self.db
            .write_bulk(move |conn| {
                content_removals::done(conn, &done)?;
                content_removals::put_off(conn, &again)
            })
            .await?;
        Ok(count)
    }
}
