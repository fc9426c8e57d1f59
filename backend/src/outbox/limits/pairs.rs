//! How often one sender may write to one person (direct.md §4.8): 45 at once as a loan, paid back at one each six seconds.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::domain::ids::ChannelId;

/// A sender and a person.
pub type Pair = (ChannelId, String);

/// What a pair may do: a message each `interval`, and `burst` of them ahead of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairLimit {
    pub interval: Duration,
    pub burst: u32,
}

impl PairLimit {
    /// How long a full loan takes to be paid back: attempts from before have no weight any more.
    pub fn memory(self) -> Duration {
        self.interval.saturating_mul(self.burst)
    }
}

/// The debts of all pairs: for each the time when it is paid back, and nothing for those who owe nothing.
#[derive(Debug, Default)]
pub struct PairDebts(HashMap<Pair, Instant>);

impl PairDebts {
    /// How long the pair has to wait for its next message; nothing when it need not.
    pub fn wait(&self, pair: &Pair, limit: PairLimit, now: Instant) -> Option<Duration> {
        let paid = self.0.get(pair)?;
        let most = limit.interval.saturating_mul(limit.burst.max(1) - 1);
        let wait = paid.saturating_duration_since(now).saturating_sub(most);
        (!wait.is_zero()).then_some(wait)
    }

    /// Notes a message of the pair that is sent now.
    pub fn owe(&mut self, pair: &Pair, limit: PairLimit, now: Instant) {
        let paid = self.0.get(pair).map_or(now, |paid| (*paid).max(now)) + limit.interval;
        self.0.insert(pair.clone(), paid);
    }

    /// Takes over from a former holder: as much as the pair can owe at most after `count` messages within
    /// [`PairLimit::memory`], whatever it owed before them.
    pub fn recall(&mut self, pair: Pair, limit: PairLimit, count: u32, now: Instant) {
        let paid = now + limit.interval.saturating_mul(count);
        let known = self.0.entry(pair).or_insert(paid);
        *known = (*known).max(paid);
    }

    /// Forgets those who owe nothing any more.
    pub fn forget_paid(&mut self, now: Instant) {
        self.0.retain(|_, paid| *paid > now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIMIT: PairLimit = PairLimit { interval: Duration::from_secs(6), burst: 45 };

    #[test]
    fn a_burst_of_45_goes_out_and_the_next_waits_six_seconds() {
        let (mut debts, now, pair) = (PairDebts::default(), Instant::now(), (ChannelId::new(), "+447700900123".into()));
        for _ in 0..45 {
            assert_eq!(debts.wait(&pair, LIMIT, now), None);
            debts.owe(&pair, LIMIT, now);
        }
        assert_eq!(debts.wait(&pair, LIMIT, now), Some(Duration::from_secs(6)));
        assert_eq!(debts.wait(&pair, LIMIT, now + Duration::from_secs(6)), None);
        debts.forget_paid(now + LIMIT.memory());
        assert!(debts.0.is_empty());
    }

    proptest! {
        #[test]
        fn no_window_holds_more_than_its_share_and_a_restart_changes_nothing(
            steps in prop::collection::vec(0..20u64, 1..200),
            restart_at in 0..200usize,
        ) {
            let pair = (ChannelId::new(), "+447700900123".to_owned());
            let (mut debts, mut now, mut sent) = (PairDebts::default(), Instant::now(), Vec::new());
            for (n, step) in steps.into_iter().enumerate() {
                now += Duration::from_secs(step);
                if n == restart_at {
                    debts = PairDebts::default();
                    let recent = |at: &&Instant| now.saturating_duration_since(**at) < LIMIT.memory();
                    let count = sent.iter().filter(recent).count();
                    // A single message is not worth a row.
                    if count > 1 {
                        debts.recall(pair.clone(), LIMIT, u32::try_from(count).unwrap(), now);
                    }
                }
                while debts.wait(&pair, LIMIT, now).is_none() {
                    debts.owe(&pair, LIMIT, now);
                    sent.push(now);
                }
            }
            for (first, from) in sent.iter().enumerate() {
                for window in [6, 60, 270, 600] {
                    let end = *from + Duration::from_secs(window);
                    let count = sent.iter().skip(first).take_while(|at| **at < end).count();
                    // One more than the bucket's, for the single message that a restart may forget.
                    let allowed = usize::try_from(window / 6).unwrap() + LIMIT.burst as usize + 1;
                    prop_assert!(count <= allowed, "{count} in {window} s");
                }
            }
        }
    }
}
