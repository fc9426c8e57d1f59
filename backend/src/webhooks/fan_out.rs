//! From the feed to deliveries: each event once for each endpoint that wants it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::clock::SharedClock;
use crate::crash;
use crate::live::Live;
use crate::queue::{Wake, Work};
use crate::storage::conn::Conn;
use crate::storage::system::webhooks;
use crate::storage::{Db, StorageResult};

/// News are gathered for so long, so that many at a time cost one commit: whoever sends messages needs the database too.
const GATHERED: Duration = Duration::from_millis(100);

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
        let mut left = 0;
        for (workspace, endpoint) in behind {
            let clock = Arc::clone(&self.clock);
            let batch = move |conn: &mut Conn| webhooks::fan_out(conn, workspace, endpoint, || clock.now());
            let count = self.db.write_bulk(batch).await?;
            // A part of a batch was all there was; what has come since is gathered.
            left += if count < webhooks::FANNED_OUT { 0 } else { count };
            crash::point("fanned_out");
            self.due.wake();
        }
        Ok(left)
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
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(GATHERED) => {}
        }
    }
}
