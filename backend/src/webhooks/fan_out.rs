//! From the feed to deliveries: each event once for each endpoint that wants it.

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::crash;
use crate::live::Live;
use crate::queue::{Wake, Work};
use crate::storage::system::webhooks;
use crate::storage::{Db, StorageResult};

/// The worker that follows the feeds.
pub struct FanOut {
    db: Db,
    clock: SharedClock,
    /// Wakes the worker that sends.
    due: Wake,
}

impl FanOut {
    pub fn new(db: Db, clock: SharedClock, due: Wake) -> Self {
        Self { db, clock, due }
    }
}

#[async_trait]
impl Work for FanOut {
    fn name(&self) -> &'static str {
        "webhook-fan-out"
    }

    async fn run_once(&self) -> StorageResult<usize> {
        let behind = self.db.read(webhooks::behind).await?;
        let mut count = 0;
        for (workspace, endpoint) in behind {
            let now = self.clock.now();
            count += self.db.write_bulk(move |conn| webhooks::fan_out(conn, workspace, endpoint, now)).await?;
            crash::point("fanned_out");
            self.due.wake();
        }
        Ok(count)
    }
}

/// Wakes a worker whenever any feed has grown, until cancelled.
pub async fn follow(live: Live, wake: Wake, stop: CancellationToken) {
    let mut grown = live.subscribe_to_all();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            changed = grown.changed() => match changed {
                Ok(()) => wake.wake(),
                Err(_) => return,
            },
        }
    }
}
