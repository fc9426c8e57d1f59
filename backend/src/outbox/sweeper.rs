//! Finds what workers left behind: claimed messages go back to the queue, messages on the wire become unknown.

use async_trait::async_trait;

use crate::clock::SharedClock;
use crate::live::Live;
use crate::queue::Work;
use crate::storage::{Db, StorageResult, events, journal, track};

use super::outcome::{Fact, Present, What};
use super::settle;

/// Attempts settled in one transaction.
const BATCH: u32 = 500;

/// Runs about each second on every node; what it does is fenced by leases, so several may run.
pub struct Sweeper {
    db: Db,
    live: Live,
    clock: SharedClock,
}

impl Sweeper {
    pub fn new(db: Db, live: Live, clock: SharedClock) -> Self {
        Self { db, live, clock }
    }

    /// At start. A lone process (SQLite) knows that nobody else is at work, and need not wait for any lease to end.
    ///
    /// # Errors
    /// The database failed.
    pub async fn recover(&self) -> StorageResult<()> {
        let alone = !self.db.is_postgres();
        while self.sweep(alone).await? >= BATCH as usize {}
        Ok(())
    }

    async fn sweep(&self, all: bool) -> StorageResult<usize> {
        let now = self.clock.now();
        let (lost, told) = self
            .db
            .write(move |conn| {
                track::requeue_abandoned(conn, all, now)?;
                journal::requeue_abandoned(conn, all)?;
                let lost = track::lost_attempts(conn, all, BATCH)?;
                let facts: Vec<Fact> = lost
                    .iter()
                    .map(|attempt| Fact {
                        attempt: *attempt,
                        what: What::LeaseOver,
                        at: now,
                        journal: None,
                        channel: None,
                    })
                    .collect();
                let settled = settle::apply(conn, &facts, Present { now, random: 0.0 })?;
                events::append(conn, settled.events)?;
                Ok((lost.len(), settled.workspaces))
            })
            .await?;
        told.into_iter().for_each(|workspace| self.live.notify(workspace));
        Ok(lost)
    }
}

#[async_trait]
impl Work for Sweeper {
    fn name(&self) -> &'static str {
        "sweeper"
    }

    async fn run_once(&self) -> StorageResult<usize> {
        let swept = self.sweep(false).await?;
        Ok(if swept >= BATCH as usize { swept } else { 0 })
    }
}
