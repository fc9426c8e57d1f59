//! Rate limits of a sender, and of a sender towards one person.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::people::Pair;

/// Average distance between messages to one person (direct.md §4.8).
const PAIR_INTERVAL: Duration = Duration::from_secs(6);
/// How far a burst to one person may run ahead: 45 messages (direct.md §4.8).
const PAIR_DEBT: Duration = Duration::from_secs(6 * 45);
/// Pairs kept before those without debt are dropped.
const PAIR_SWEEP_AT: usize = 50_000;

/// Book-keeping for the limits. Rates themselves belong to the accounts.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    senders: Mutex<HashMap<Arc<str>, VecDeque<Instant>>>,
    pairs: Mutex<HashMap<Pair, Instant>>,
}

impl Limits {
    /// Counts a message of the sender at `now`; false when it would be more than `per_second` within the last second.
    pub(crate) fn sender_may(&self, account: &Arc<str>, per_second: u32, now: Instant) -> bool {
        let mut senders = self.senders.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = senders.entry(Arc::clone(account)).or_default();
        while recent.front().is_some_and(|at| now.duration_since(*at) >= Duration::from_secs(1)) {
            recent.pop_front();
        }
        let allowed = recent.len() < per_second as usize;
        if allowed {
            recent.push_back(now);
        }
        allowed
    }

    /// Counts a message of the sender to the person at `now`; false when the pair's debt is used up.
    pub(crate) fn pair_may(&self, account: &Arc<str>, person: &str, now: Instant) -> bool {
        let mut pairs = self.pairs.lock().unwrap_or_else(PoisonError::into_inner);
        if pairs.len() >= PAIR_SWEEP_AT {
            pairs.retain(|_, clear_at| *clear_at > now);
        }
        let clear_at = pairs.entry((Arc::clone(account), person.into())).or_insert(now);
        let next = (*clear_at).max(now) + PAIR_INTERVAL;
        let allowed = next.duration_since(now) <= PAIR_DEBT;
        if allowed {
            *clear_at = next;
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_second_holds_more_than_the_rate() {
        let limits = Limits::default();
        let (account, start): (Arc<str>, _) = (Arc::from("1"), Instant::now());
        let passed =
            (0..1_990_u64).filter(|ms| limits.sender_may(&account, 80, start + Duration::from_millis(*ms))).count();
        assert_eq!(passed, 160);
    }

    #[test]
    fn a_pair_may_burst_to_45_and_then_one_each_6_seconds() {
        let limits = Limits::default();
        let (account, start): (Arc<str>, _) = (Arc::from("1"), Instant::now());
        assert_eq!((0..60).filter(|_| limits.pair_may(&account, "+15551230001", start)).count(), 45);
        assert!(!limits.pair_may(&account, "+15551230001", start + Duration::from_secs(5)));
        assert!(limits.pair_may(&account, "+15551230001", start + Duration::from_secs(6)));
        assert!(limits.pair_may(&account, "+15551230002", start));
    }
}
