//! The one worker loop: work until there is nothing to do, then wait to be woken, and look each second regardless.

pub mod signals;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::storage::{StorageError, StorageResult};

/// How long a worker trusts that nobody forgot to wake it.
const POLL: Duration = Duration::from_secs(1);
/// Rounds begin at most this often: what comes meanwhile is done together, in one commit. Who comes to a worker that rests is
/// not kept waiting.
const GATHER: Duration = Duration::from_millis(15);
/// The pause after a failure, so that a database that is away is not hammered.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

/// Work that is done in rounds.
#[async_trait]
pub trait Work: Send + Sync {
    /// For logs and metrics.
    fn name(&self) -> &'static str;

    /// One round. Returns how many things were done; 0 means there is nothing to do at the moment.
    ///
    /// # Errors
    /// The database failed; the round is tried again later, and what was not finished is found again.
    async fn run_once(&self) -> StorageResult<usize>;
}

/// Wakes a worker. Cheap to clone; a wake-up during a round is not lost.
#[derive(Clone, Debug, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    pub fn wake(&self) {
        self.0.notify_one();
    }

    /// Until woken or `at_most` is over.
    pub async fn wait(&self, at_most: Duration) {
        // A timeout is the poll; nothing follows from which of the two it was.
        let _ = tokio::time::timeout(at_most, self.0.notified()).await;
    }
}

/// Keeps beginnings apart.
#[derive(Debug)]
pub struct Pace {
    apart: Duration,
    begun: Option<Instant>,
}

impl Pace {
    pub const fn every(apart: Duration) -> Self {
        Self { apart, begun: None }
    }

    /// Waits until so much time has passed since the last beginning, and begins.
    pub async fn begin(&mut self) {
        if let Some(begun) = self.begun {
            tokio::time::sleep_until(begun + self.apart).await;
        }
        self.begun = Some(Instant::now());
    }
}

/// Runs rounds until cancelled; a round that has begun is finished.
pub async fn run(work: Arc<dyn Work>, wake: Wake, stop: CancellationToken) {
    let mut pace = Pace::every(GATHER);
    while !stop.is_cancelled() {
        pace.begin().await;
        let pause = match work.run_once().await {
            Ok(0) => POLL,
            Ok(_) => continue,
            Err(error) => {
                report(work.name(), &error);
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = stop.cancelled() => {}
            () = wake.wait(pause) => {}
        }
    }
}

fn report(name: &'static str, error: &StorageError) {
    metrics::counter!("duplex_worker_failures_total", "worker" => name).increment(1);
    tracing::error!(worker = name, %error, "a round of work failed and will be tried again");
}
