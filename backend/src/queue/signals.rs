//! Waking workers of other nodes: what this node can't do itself is told to all, at most ten times a second.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;

use super::Wake;
use crate::domain::provider::word;
use crate::storage::signals::{self, Listener};
use crate::storage::{Db, StorageResult};

/// Words that come together within this time are told together.
const GATHERED: Duration = Duration::from_millis(100);
/// How often the listener looks.
const LOOK: Duration = Duration::from_millis(20);
/// The pause before a lost connection is opened anew.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

word! {
    /// What waits.
    pub enum Signal {
        /// Messages, for whoever holds their limit group.
        Messages = "messages",
        /// Webhooks of providers, for whoever comes first.
        Journal = "journal",
    }
}

/// Tells other nodes. Cheap to clone; does nothing on SQLite.
#[derive(Clone, Debug, Default)]
pub struct Signals(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    waiting: Mutex<BTreeSet<Signal>>,
    some: Wake,
}

impl Signals {
    /// Something waits that this node does not do.
    pub fn tell(&self, signal: Signal) {
        let first = self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(signal);
        if first {
            self.0.some.wake();
        }
    }

    /// Passes on what is told until the stop.
    pub async fn pass_on(self, db: Db, stop: CancellationToken) {
        while !stop.is_cancelled() {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.0.some.wait(Duration::MAX) => {}
            }
            tokio::time::sleep(GATHERED).await;
            let told = std::mem::take(&mut *self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            let passed: StorageResult<()> =
                db.write(move |conn| told.iter().try_for_each(|signal| signals::tell(conn, signal.as_str()))).await;
            if let Err(error) = passed {
                tracing::debug!(%error, "other nodes were not woken and look by themselves");
            }
        }
    }
}

/// Calls `hear` with what other nodes tell, until the stop. Ends at once on SQLite. Blocks: for a thread of the runtime's that
/// may.
pub fn listen(db: Db, stop: CancellationToken, hear: impl Fn(Signal) + Send + 'static) {
    let (held, until_stop) = mpsc::channel();
    // Let go with the stop, or with the runtime, whatever ends first.
    Handle::current().spawn(async move {
        stop.cancelled().await;
        drop(held);
    });
    loop {
        let listened = match Listener::open(&db) {
            Ok(None) => return,
            Ok(Some(listener)) => hear_until(listener, &until_stop, &hear),
            Err(error) => Err(error),
        };
        match listened {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "other nodes are not heard; work is found by looking"),
        }
        if is_over(&until_stop, AFTER_FAILURE) {
            return;
        }
    }
}

fn hear_until(mut listener: Listener, until_stop: &mpsc::Receiver<()>, hear: &impl Fn(Signal)) -> StorageResult<()> {
    loop {
        for signal in listener.heard()?.iter().filter_map(|word| word.parse().ok()) {
            hear(signal);
        }
        if is_over(until_stop, LOOK) {
            return Ok(());
        }
    }
}

/// Waits for the next look, or the stop; whether it is the stop.
fn is_over(until_stop: &mpsc::Receiver<()>, pause: Duration) -> bool {
    until_stop.recv_timeout(pause) != Err(mpsc::RecvTimeoutError::Timeout)
}
