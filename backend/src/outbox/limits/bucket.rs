//! A token bucket in eight bytes of state: the time at which it would be full again.

use std::time::{Duration, Instant};

/// Grants at most `window / interval + burst` tokens in any window. It begins empty, so that a change of rate, a restart or a
/// hand-over to another node never lets more through than one bucket would.
#[derive(Clone, Copy, Debug)]
pub struct Bucket {
    /// Between two tokens of a steady stream.
    interval: Duration,
    /// How far ahead of the steady stream a burst may be.
    tolerance: Duration,
    /// When the next token of a steady stream is due.
    due: Instant,
}

impl Bucket {
    /// An empty bucket that holds `burst` (≥ 1) tokens when full and gets one each `interval`.
    pub fn empty(interval: Duration, burst: u32, now: Instant) -> Self {
        let tolerance = interval.saturating_mul(burst.max(1) - 1);
        Self { interval, tolerance, due: now + interval + tolerance }
    }

    /// As [`Bucket::empty`] for a number of tokens a second (> 0).
    pub fn per_second(rate: f64, burst: u32, now: Instant) -> Self {
        Self::empty(Duration::from_secs_f64(1.0 / rate), burst, now)
    }

    /// How long to wait for a token; nothing when one is there.
    pub fn wait(&self, now: Instant) -> Option<Duration> {
        let wait = (self.due - self.tolerance).saturating_duration_since(now);
        (!wait.is_zero()).then_some(wait)
    }

    /// Takes a token that is there, or goes into debt for one that is not: later ones wait for it.
    pub fn spend(&mut self, now: Instant) {
        self.due = self.due.max(now) + self.interval;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The most grants in any window of this length.
    fn most(grants: &[Instant], window: Duration) -> usize {
        let end = |from: &Instant| grants.partition_point(|at| *at < *from + window);
        grants.iter().enumerate().map(|(first, from)| end(from) - first).max().unwrap_or(0)
    }

    proptest! {
        #[test]
        fn no_window_holds_more_than_its_share(
            rate in 1.0..1_000.0f64,
            burst in 1..60u32,
            steps in prop::collection::vec(0..50_000u64, 1..400),
            window in 1..3_000u64,
        ) {
            let mut now = Instant::now();
            let mut bucket = Bucket::per_second(rate, burst, now);
            let mut grants = Vec::new();
            for step in steps {
                now += Duration::from_micros(step);
                while bucket.wait(now).is_none() {
                    bucket.spend(now);
                    grants.push(now);
                }
            }
            let window = Duration::from_millis(window);
            let allowed = (window.as_secs_f64() * rate).ceil() as usize + burst as usize;
            prop_assert!(most(&grants, window) <= allowed);
        }

        #[test]
        fn who_waits_as_long_as_told_gets_a_token(rate in 0.1..1_000.0f64, burst in 1..60u32, taken in 0..100u32) {
            let now = Instant::now();
            let mut bucket = Bucket::per_second(rate, burst, now);
            for _ in 0..taken {
                bucket.spend(now);
            }
            let wait = bucket.wait(now).unwrap_or_default();
            prop_assert!(bucket.wait(now + wait).is_none());
        }
    }

    #[test]
    fn a_new_bucket_is_empty_and_fills_up_to_its_burst() {
        let now = Instant::now();
        let mut bucket = Bucket::per_second(10.0, 3, now);
        assert_eq!(bucket.wait(now), Some(Duration::from_millis(100)));
        let later = now + Duration::from_secs(60);
        for _ in 0..3 {
            assert_eq!(bucket.wait(later), None);
            bucket.spend(later);
        }
        assert_eq!(bucket.wait(later), Some(Duration::from_millis(100)));
    }
}
