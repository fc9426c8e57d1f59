//! Time as it is handed to the rooms, so that tests decide what time it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::domain::time::Ts;

/// Where the present comes from. Leases use the database's clock instead.
pub trait Clock: Send + Sync {
    fn now(&self) -> Ts;
}

pub type SharedClock = Arc<dyn Clock>;

/// The machine's own time.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Ts {
        Ts::from(chrono::Utc::now())
    }
}

/// A clock that moves only when told.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    pub fn at(start: Ts) -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(start.micros())))
    }

    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Ts {
        Ts::from_micros(self.0.load(Ordering::SeqCst))
    }
}
