//! When to try again: exponential backoff with full jitter, and for how long it makes sense.

use std::time::Duration;

use super::class::MessageClass;

/// How often and for how long a message of a class is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// Tries that may be refused, the first included.
    pub tries: i32,
    /// The longest step of the backoff.
    pub cap: Duration,
    /// Counted from the first try, unless the message has an end of its own.
    pub max_age: Duration,
}

const MINUTE: u64 = 60;
const HOUR: u64 = 3_600;

/// Meta advises to begin with two seconds and to give up after five tries (direct.md §5); what can wait has some more. A reply
/// never goes beyond its service window: that is looked at whenever it is about to be sent.
pub const fn schedule(class: MessageClass) -> Schedule {
    let (tries, cap, max_age) = match class {
        MessageClass::OneTimeCode => (4, 30, 10 * MINUTE),
        MessageClass::Reply => (5, 5 * MINUTE, 24 * HOUR),
        MessageClass::Utility => (6, 15 * MINUTE, 24 * HOUR),
        MessageClass::Marketing => (6, HOUR, 72 * HOUR),
    };
    Schedule { tries, cap: Duration::from_secs(cap), max_age: Duration::from_secs(max_age) }
}

const BASE: Duration = Duration::from_secs(2);
/// Below it nothing can have changed.
const FLOOR: Duration = Duration::from_millis(200);
/// The longest step of what has no class.
const CAP: Duration = Duration::from_secs(300);

impl Schedule {
    /// The wait before try number `tries + 1`, after `tries` (≥ 1) failures. `random` is uniform in 0..1: the wait lies anywhere
    /// up to the exponential step, so that what failed together comes back spread as far as possible.
    pub fn wait(&self, tries: i32, random: f64) -> Duration {
        step(tries, self.cap).mul_f64(random.clamp(0.0, 1.0)).max(FLOOR)
    }
}

fn step(tries: i32, cap: Duration) -> Duration {
    let exponent = u32::try_from(tries.clamp(1, 16) - 1).unwrap_or(0);
    BASE.saturating_mul(2_u32.saturating_pow(exponent)).min(cap)
}

/// As [`Schedule::wait`], for work that has no class.
pub fn backoff(tries: i32, random: f64) -> Duration {
    step(tries, CAP).mul_f64(random.clamp(0.0, 1.0)).max(FLOOR)
}

/// The longest wait that a provider is believed.
const LONGEST_ASKED: Duration = Duration::from_secs(24 * 3_600);

/// The wait when a provider asked for one: never shorter than asked (up to a day), with up to a fifth on top.
pub fn asked(after: Duration, random: f64) -> Duration {
    after.min(LONGEST_ASKED).mul_f64(1.0 + 0.2 * random.clamp(0.0, 1.0))
}

/// Meta's advice for the pair limit: 4^n seconds before try n + 1 (direct.md §4.8), at most five minutes.
pub fn pair_backoff(throttles: i32, random: f64) -> Duration {
    let exponent = u32::try_from(throttles.clamp(1, 5)).unwrap_or(1);
    asked(Duration::from_secs(4_u64.saturating_pow(exponent)).min(CAP), random)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn classes() -> impl Strategy<Value = MessageClass> {
        prop::sample::select(MessageClass::ALL)
    }

    proptest! {
        #[test]
        fn waits_lie_between_the_floor_and_the_step(class in classes(), tries in 1..100i32, random in 0.0..1.0f64) {
            let schedule = schedule(class);
            let wait = schedule.wait(tries, random);
            prop_assert!(wait >= FLOOR && wait <= schedule.cap);
            prop_assert!(wait <= BASE.saturating_mul(2_u32.saturating_pow(u32::try_from(tries - 1).unwrap())));
        }

        /// Full jitter: the whole step is used, from its beginning to its end.
        #[test]
        fn a_step_is_used_whole(class in classes(), tries in 1..12i32) {
            let schedule = schedule(class);
            prop_assert_eq!(schedule.wait(tries, 0.0), FLOOR);
            prop_assert_eq!(schedule.wait(tries, 1.0), step(tries, schedule.cap));
            let half = schedule.wait(tries, 0.5);
            prop_assert!(half >= step(tries, schedule.cap) / 2);
        }

        #[test]
        fn a_later_try_waits_no_less(class in classes(), tries in 1..100i32, random in 0.0..1.0f64) {
            let schedule = schedule(class);
            prop_assert!(schedule.wait(tries + 1, random) >= schedule.wait(tries, random));
        }

        /// All tries of a class fit into its time, however the dice fall.
        #[test]
        fn the_tries_end_before_the_age_does(class in classes(), random in 0.0..1.0f64) {
            let schedule = schedule(class);
            let whole: Duration = (1..schedule.tries).map(|tries| schedule.wait(tries, random)).sum();
            prop_assert!(whole < schedule.max_age);
        }

        #[test]
        fn never_sooner_than_asked(secs in 0..3600u64, random in 0.0..1.0f64) {
            let after = Duration::from_secs(secs);
            prop_assert!(asked(after, random) >= after);
        }
    }
}
