//! So many calls within any hour, less after a refusal (direct.md §4.9). Pure: told the time, it decides.

use std::collections::VecDeque;
use std::time::Duration;

use crate::domain::time::Ts;

/// What the provider counts.
pub const HOUR: Duration = Duration::from_secs(60 * 60);
/// The share of a limit that is used, in percent: other programs and nodes call too.
const SHARE: u32 = 90;
/// The share never falls below this.
const FLOOR: u32 = 5;
/// A lowered share rises by this much each time.
const RISE: u32 = 5;
const RISE_AFTER: Duration = Duration::from_secs(3 * 60);
/// After a refusal that names no time.
const PAUSE: Duration = Duration::from_secs(5 * 60);
/// No refusal closes for longer, whatever time it names.
const LONGEST: Duration = Duration::from_secs(24 * 3_600);
/// Refusals that come so soon after a pause speak of the same haste.
const ONE_HASTE: Duration = Duration::from_secs(5);
const MINUTE: i64 = 60_000_000;
/// A call may have been made at the end of its minute, so that it counts in the sixtieth after it too.
const COUNTED_MINUTES: i64 = 61;

/// The calls of the last hour by the minute in which they were made.
#[derive(Debug, Default)]
struct Window(VecDeque<(i64, u32)>);

impl Window {
    fn used(&mut self, now: Ts) -> u32 {
        let oldest = now.micros().div_euclid(MINUTE) - COUNTED_MINUTES;
        while self.0.front().is_some_and(|(minute, _)| *minute <= oldest) {
            self.0.pop_front();
        }
        self.0.iter().fold(0, |sum, (_, calls)| sum.saturating_add(*calls))
    }

    fn spend(&mut self, now: Ts) {
        let minute = now.micros().div_euclid(MINUTE);
        match self.0.back_mut() {
            // A clock that was set back does not make a call older than those before it.
            Some((last, calls)) if *last >= minute => *calls = calls.saturating_add(1),
            _ => self.0.push_back((minute, 1)),
        }
    }

    /// When so many of the counted calls count no more.
    fn without(&self, calls: u32) -> Option<Ts> {
        let mut left = calls;
        let gone = self.0.iter().find(|(_, made)| {
            left = left.saturating_sub(*made);
            left == 0
        });
        gone.map(|(minute, _)| Ts::from_micros((minute + COUNTED_MINUTES).saturating_mul(MINUTE)))
    }
}

/// A refusal because of too many calls.
#[derive(Clone, Copy, Debug)]
struct Refusal {
    code: Option<u32>,
    /// Nothing goes before it.
    until: Ts,
}

/// Why nothing goes, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// By what was spent.
    Used(Ts),
    /// By the provider's word.
    Refused(Ts),
}

impl Closed {
    pub const fn until(self) -> Ts {
        match self {
            Self::Used(until) | Self::Refused(until) => until,
        }
    }
}

/// One limit an hour.
#[derive(Debug)]
pub struct Allowance {
    per_hour: u32,
    /// What is kept of it at the moment, in percent.
    share: u32,
    window: Window,
    refusal: Option<Refusal>,
    risen_at: Ts,
}

impl Allowance {
    /// `per_hour` (≥ 1) is the provider's limit.
    pub const fn new(per_hour: u32, now: Ts) -> Self {
        Self { per_hour, share: SHARE, window: Window(VecDeque::new()), refusal: None, risen_at: now }
    }

    pub const fn per_hour(&self) -> u32 {
        self.per_hour
    }

    pub const fn set_per_hour(&mut self, per_hour: u32) {
        self.per_hour = per_hour;
    }

    /// Calls that are let through within an hour now, at least one.
    pub fn kept(&self) -> u32 {
        (self.per_hour.saturating_mul(self.share) / 100).max(1)
    }

    /// Calls within the last hour.
    pub fn used(&mut self, now: Ts) -> u32 {
        self.window.used(now)
    }

    /// Whether less is kept than usual, because the provider has refused.
    pub fn is_lowered(&self) -> bool {
        self.share < SHARE
    }

    /// When a lowered share is whole again, if nothing is refused meanwhile.
    pub fn whole_at(&self) -> Ts {
        self.risen_at.plus(RISE_AFTER.saturating_mul(SHARE.saturating_sub(self.share).div_ceil(RISE)))
    }

    /// The code of the last refusal, while less is kept because of it.
    pub fn code(&self) -> Option<u32> {
        self.refusal.filter(|_| self.is_lowered()).and_then(|refusal| refusal.code)
    }

    /// Why nothing goes now; nothing when a call may be made.
    pub fn closed(&mut self, now: Ts) -> Option<Closed> {
        if let Some(refusal) = self.refusal.filter(|refusal| refusal.until > now) {
            return Some(Closed::Refused(refusal.until));
        }
        self.rise(now);
        let (used, kept) = (self.window.used(now), self.kept());
        let until = used.checked_sub(kept).and_then(|over| self.window.without(over.saturating_add(1)));
        until.map(Closed::Used)
    }

    pub fn spend(&mut self, now: Ts) {
        self.window.spend(now);
    }

    /// When less than so many percent of what is kept is used, if nothing more is spent.
    pub fn below(&mut self, percent: u32, now: Ts) -> Ts {
        let most = self.kept().saturating_mul(percent) / 100;
        let over = self.window.used(now).saturating_sub(most).saturating_add(1);
        self.window.without(over).unwrap_or(now)
    }

    /// Closes for the time that the provider names, and goes on with half of what was kept.
    pub fn refused(&mut self, code: Option<u32>, named: Option<Duration>, now: Ts) {
        let until = now.plus(named.unwrap_or(PAUSE).min(LONGEST));
        let same = self.refusal.is_some_and(|known| now < known.until.plus(ONE_HASTE));
        if !same {
            self.share = (self.share / 2).max(FLOOR);
        }
        let until = self.refusal.map_or(until, |known| known.until.max(until));
        self.refusal = Some(Refusal { code, until });
        self.risen_at = until;
    }

    fn rise(&mut self, now: Ts) {
        while self.is_lowered() && now.since(self.risen_at) >= RISE_AFTER {
            self.share = (self.share + RISE).min(SHARE);
            self.risen_at = self.risen_at.plus(RISE_AFTER);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn start() -> Ts {
        Ts::from_secs(1_700_000_017)
    }

    proptest! {
        #[test]
        fn no_hour_holds_more_calls_than_the_limit(
            per_hour in 2..200u32,
            steps in prop::collection::vec((0..400u64, 0..40u32, prop::option::weighted(0.05, 0..7_200u64)), 1..200),
        ) {
            let mut now = start();
            let mut allowance = Allowance::new(per_hour, now);
            let mut made: Vec<Ts> = Vec::new();
            for (step, wanted, refused) in steps {
                now = now.plus(Duration::from_secs(step));
                if let Some(secs) = refused {
                    allowance.refused(Some(4), Some(Duration::from_secs(secs)), now);
                }
                for _ in 0..wanted {
                    if allowance.closed(now).is_none() {
                        allowance.spend(now);
                        made.push(now);
                    }
                }
            }
            for (first, from) in made.iter().enumerate() {
                let count = made.iter().skip(first).take_while(|at| at.since(*from) < HOUR).count();
                prop_assert!(count <= per_hour as usize, "{count} within an hour at a limit of {per_hour}");
            }
        }

        #[test]
        fn who_waits_as_long_as_told_may_call(
            per_hour in 1..200u32,
            spent in 0..400u32,
            pause in prop::option::of(0..100_000u64),
        ) {
            let mut now = start();
            let mut allowance = Allowance::new(per_hour, now);
            for n in 0..spent {
                allowance.spend(now);
                now = now.plus(Duration::from_secs(u64::from(n % 30)));
            }
            if let Some(pause) = pause {
                allowance.refused(None, Some(Duration::from_secs(pause)), now);
            }
            // After a refusal what was spent before may stand in the way too.
            for _ in 0..2 {
                now = allowance.closed(now).map_or(now, Closed::until);
            }
            prop_assert_eq!(allowance.closed(now), None);
        }

        #[test]
        fn a_lowered_share_becomes_whole_again(refusals in 1..20usize) {
            let mut now = start();
            let mut allowance = Allowance::new(200, now);
            for _ in 0..refusals {
                allowance.refused(Some(80_007), None, now);
                now = now.plus(PAUSE).plus(ONE_HASTE);
            }
            prop_assert!(allowance.is_lowered() && allowance.kept() >= 10);
            prop_assert_eq!(allowance.code(), Some(80_007));
            prop_assert_eq!(allowance.closed(allowance.whole_at()), None);
            prop_assert_eq!(allowance.kept(), 180);
        }
    }

    #[test]
    fn refusals_of_one_haste_halve_it_once() {
        let mut allowance = Allowance::new(5_000, start());
        (0..8).for_each(|_| allowance.refused(Some(4), None, start()));
        assert_eq!(allowance.kept(), 2_250);
        assert_eq!(allowance.closed(start()), Some(Closed::Refused(start().plus(PAUSE))));
    }
}
