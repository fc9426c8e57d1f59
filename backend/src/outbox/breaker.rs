//! When a channel's circuit opens, and how long it then stays so. Pure.

use std::collections::VecDeque;
use std::time::Duration;

use crate::domain::time::Ts;

/// How far back the share of failures is looked at, and how many outcomes it takes at least.
const WINDOW: Duration = Duration::from_secs(60);
const ENOUGH: usize = 20;
/// The share of failures that opens, in percent.
const SHARE: usize = 50;
/// So many failures in a row open, within this time.
const RUN: usize = 5;
const RUN_WITHIN: Duration = Duration::from_secs(600);
/// Outcomes that are remembered.
const REMEMBERED: usize = 2_000;

/// The wait of a circuit before its provider is looked at; each opening in a row doubles it.
const COOL_DOWN: Duration = Duration::from_secs(15);
const LONGEST_COOL_DOWN: Duration = Duration::from_secs(300);
/// A circuit that has stood closed for this long begins anew with the shortest wait.
pub const FORGIVEN_AFTER: Duration = Duration::from_secs(600);

/// The latest outcomes of a channel, oldest first.
#[derive(Debug, Default)]
pub struct Outcomes(VecDeque<(Ts, bool)>);

/// Why a circuit opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// So many failures in a row.
    Run(usize),
    /// So many of the last outcomes were failures.
    Share { failed: usize, of: usize },
}

impl Outcomes {
    /// Notes how a message fared: whether the provider failed of its own making.
    pub fn note(&mut self, at: Ts, failed: bool) {
        let place = self.0.partition_point(|(earlier, _)| *earlier <= at);
        self.0.insert(place, (at, failed));
        if self.0.len() > REMEMBERED {
            self.0.pop_front();
        }
    }

    /// Why the circuit must open, if it must.
    pub fn opening(&self, now: Ts) -> Option<Opening> {
        let oldest = now.minus(RUN_WITHIN);
        let run = self.0.iter().rev().take_while(|(at, failed)| *failed && *at >= oldest).count();
        if run >= RUN {
            return Some(Opening::Run(run));
        }
        let begins = now.minus(WINDOW);
        let lately = || self.0.iter().rev().take_while(|(at, _)| *at >= begins);
        let (of, failed) = (lately().count(), lately().filter(|(_, failed)| *failed).count());
        (of >= ENOUGH && failed * 100 >= of * SHARE).then_some(Opening::Share { failed, of })
    }

    /// How a trial went, once its outcome is there: well, unless something failed.
    pub fn trial(&self) -> Option<bool> {
        (!self.0.is_empty()).then(|| self.0.iter().all(|(_, failed)| !failed))
    }

    /// Forgets everything: what was before a circuit turned has had its effect.
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

/// How long a circuit stays open before its provider is looked at. `openings` counts from 1; `random` is uniform in 0..1, so that
/// not all channels come back at once.
pub fn cool_down(openings: i32, random: f64) -> Duration {
    let doublings = u32::try_from(openings.clamp(1, 16) - 1).unwrap_or(0);
    let whole = COOL_DOWN.saturating_mul(2_u32.saturating_pow(doublings)).min(LONGEST_COOL_DOWN);
    whole.mul_f64(0.8 + 0.2 * random.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Ts = Ts(10_000_000_000);

    /// One each ten milliseconds, beginning half a minute ago.
    fn outcomes(failed: &[bool]) -> Outcomes {
        let (mut outcomes, mut at) = (Outcomes::default(), NOW.minus(Duration::from_secs(30)));
        for failed in failed {
            outcomes.note(at, *failed);
            at = at.plus(Duration::from_millis(10));
        }
        outcomes
    }

    #[test]
    fn a_run_opens_and_one_success_ends_it() {
        assert_eq!(outcomes(&[true; 4]).opening(NOW), None);
        assert_eq!(outcomes(&[true; 5]).opening(NOW), Some(Opening::Run(5)));
        assert_eq!(outcomes(&[true, true, true, true, true, false]).opening(NOW), None);
        assert_eq!(outcomes(&[true; 5]).opening(NOW.plus(RUN_WITHIN)), None, "long ago");
    }

    #[test]
    fn half_of_many_open() {
        let half: Vec<bool> = (0..20).map(|n| n % 2 == 0).collect();
        assert_eq!(outcomes(&half).opening(NOW), Some(Opening::Share { failed: 10, of: 20 }));
        let fewer: Vec<bool> = (0..21).map(|n| n % 2 == 1).collect();
        assert_eq!(outcomes(&fewer).opening(NOW), None);
        assert_eq!(outcomes(&half[..19]).opening(NOW), None, "too few to tell");
    }

    #[test]
    fn a_trial_is_judged_by_what_came_after_it_began() {
        let mut outcomes = outcomes(&[true; 5]);
        outcomes.clear();
        assert_eq!(outcomes.trial(), None);
        outcomes.note(NOW, false);
        assert_eq!(outcomes.trial(), Some(true));
        outcomes.note(NOW, true);
        assert_eq!(outcomes.trial(), Some(false));
    }

    proptest! {
        #[test]
        fn the_order_of_telling_does_not_matter(told in prop::collection::vec((0..60u64, any::<bool>()), 0..60)) {
            let tell = |told: &[(u64, bool)]| {
                let mut outcomes = Outcomes::default();
                told.iter().for_each(|(at, failed)| outcomes.note(NOW.minus(Duration::from_secs(60)).plus(Duration::from_secs(*at)), *failed));
                outcomes.opening(NOW)
            };
            let mut told = told;
            // One outcome for each moment: of those at the same one, none is the later.
            told.sort_by_key(|(at, _)| *at);
            told.dedup_by_key(|(at, _)| *at);
            let forward = tell(&told);
            told.reverse();
            prop_assert_eq!(tell(&told), forward);
        }

        #[test]
        fn successes_alone_never_open_and_failures_alone_always_do(count in 5..200usize) {
            prop_assert_eq!(outcomes(&vec![false; count]).opening(NOW), None);
            prop_assert!(outcomes(&vec![true; count]).opening(NOW).is_some());
        }

        #[test]
        fn waits_grow_and_are_bounded(openings in 1..100i32, random in 0.0..1.0f64) {
            let wait = cool_down(openings, random);
            prop_assert!(wait >= COOL_DOWN.mul_f64(0.8) && wait <= LONGEST_COOL_DOWN);
            prop_assert!(cool_down(openings + 1, random) >= wait);
        }
    }
}
