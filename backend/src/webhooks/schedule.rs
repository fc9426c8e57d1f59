//! When what an endpoint did not take is sent again: for about a day.

use std::time::Duration;

/// The longest step between two tries. Also the longest wait that an endpoint is believed when it asks for one.
const LONGEST: Duration = Duration::from_secs(8 * 3_600);
/// The steps after each failed try. The wait is between half a step and the whole, so that they last a day on the average.
const STEPS: [Duration; 11] = [
    Duration::from_secs(5),
    Duration::from_secs(30),
    Duration::from_secs(2 * 60),
    Duration::from_secs(10 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(3_600),
    Duration::from_secs(2 * 3_600),
    Duration::from_secs(5 * 3_600),
    LONGEST,
    LONGEST,
    LONGEST,
];

/// The wait before the next try, after `failed` (≥ 1) tries have failed; `None` when it is given up.
///
/// `random` is uniform in 0..1: what failed together does not come back together. With `asked`, what the endpoint said of when
/// to come back, it is never sooner than that, up to eight hours.
pub fn wait(failed: i32, asked: Option<Duration>, random: f64) -> Option<Duration> {
    let step = STEPS.get(usize::try_from(failed).ok()?.checked_sub(1)?)?;
    let wait = step.mul_f64(0.5 + 0.5 * random.clamp(0.0, 1.0));
    Some(asked.map_or(wait, |asked| wait.max(asked.min(LONGEST))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lasts(random: impl Fn(i32) -> f64) -> Duration {
        (1..).map_while(|failed| wait(failed, None, random(failed))).sum()
    }

    #[test]
    fn it_lasts_a_day() {
        let hours = |count: u64| Duration::from_secs(count * 3_600);
        let average = lasts(|_| 0.5);
        assert!((hours(23)..hours(26)).contains(&average), "{average:?}");
        assert!(lasts(|_| 0.0) > hours(15) && lasts(|_| 1.0) < hours(34));
    }

    proptest! {
        #[test]
        fn waits_grow_and_end(failed in -5..30i32, random in 0.0..1.0f64) {
            match wait(failed, None, random) {
                Some(wait) => {
                    prop_assert!((1..=11).contains(&failed));
                    prop_assert!(wait >= Duration::from_millis(2_500) && wait <= LONGEST);
                    let longer = super::wait(failed + 1, None, random);
                    prop_assert!(longer.is_none_or(|longer| longer >= wait));
                }
                None => prop_assert!(!(1..=11).contains(&failed)),
            }
        }

        #[test]
        fn never_sooner_than_asked(failed in 1..=11i32, secs in 0..100_000u64, random in 0.0..1.0f64) {
            let asked = Duration::from_secs(secs);
            let waited = wait(failed, Some(asked), random).unwrap();
            prop_assert!(waited >= asked.min(LONGEST) && waited <= LONGEST);
            prop_assert!(waited >= wait(failed, None, random).unwrap());
        }
    }
}
