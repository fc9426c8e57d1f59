//! When to try again: exponential backoff with full jitter.

use std::time::Duration;

/// Limits of the schedule for refusals that may go away by themselves (direct.md §5: start 2 s, at most 5 tries).
pub const MAX_TRIES: i32 = 5;
const BASE: Duration = Duration::from_secs(2);
const CAP: Duration = Duration::from_secs(300);

/// The wait before try number `tries + 1`, after `tries` (≥ 1) failures.
///
/// `random` is uniform in 0..1 and passed in; the wait lies between half and the whole of the exponential step, so that
/// many messages that failed together don't come back together and none comes back at once.
pub fn backoff(tries: i32, random: f64) -> Duration {
    let exponent = u32::try_from(tries.clamp(1, 16) - 1).unwrap_or(0);
    let step = BASE.saturating_mul(2_u32.saturating_pow(exponent)).min(CAP);
    step.mul_f64(0.5 + 0.5 * random.clamp(0.0, 1.0))
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

    proptest! {
        #[test]
        fn backoff_is_bounded_and_grows(tries in 1..100i32, random in 0.0..1.0f64) {
            let wait = backoff(tries, random);
            prop_assert!(wait >= Duration::from_secs(1) && wait <= CAP);
            prop_assert!(backoff(tries + 1, random) >= wait);
        }

        #[test]
        fn never_sooner_than_asked(secs in 0..3600u64, random in 0.0..1.0f64) {
            let after = Duration::from_secs(secs);
            prop_assert!(asked(after, random) >= after);
        }
    }
}
