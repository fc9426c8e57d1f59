//! How fast a sender may go: a token for each message, granted in-process by the one node that holds the limit group.

use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

/// The share of a sender's ceiling that is used, so that inbound traffic, which counts too, has room (direct.md §4.7).
const SHARE_PERCENT: u32 = 90;
/// Tokens that may have gathered: what comes due in one round of the dispatcher. More would let twice the quota through in
/// the first second.
const ROUNDS_PER_SECOND: u32 = 50;

/// One sender's bucket.
pub struct SenderLimit {
    per_second: u32,
    bucket: DefaultDirectRateLimiter,
    clock: DefaultClock,
    paused_until: Option<Instant>,
}

impl SenderLimit {
    /// `ceiling` is the provider's limit in messages a second (≥ 1).
    pub fn new(ceiling: u32) -> Self {
        let rate = NonZeroU32::new(ceiling.saturating_mul(SHARE_PERCENT) / 100).unwrap_or(NonZeroU32::MIN);
        let burst = NonZeroU32::new(rate.get() / ROUNDS_PER_SECOND).unwrap_or(NonZeroU32::MIN);
        Self {
            per_second: ceiling,
            bucket: RateLimiter::direct(Quota::per_second(rate).allow_burst(burst)),
            clock: DefaultClock::default(),
            paused_until: None,
        }
    }

    /// The ceiling it was made for.
    pub const fn per_second(&self) -> u32 {
        self.per_second
    }

    /// Takes a token, or says how long to wait for one.
    ///
    /// # Errors
    /// The wait until a token is there.
    pub fn take(&mut self) -> Result<(), Duration> {
        if let Some(until) = self.paused_until {
            let left = until.saturating_duration_since(Instant::now());
            if !left.is_zero() {
                return Err(left);
            }
            self.paused_until = None;
        }
        self.bucket.check().map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }

    pub fn is_paused(&self) -> bool {
        self.paused_until.is_some_and(|until| until > Instant::now())
    }

    /// Grants nothing for a while, because the provider said so.
    pub fn pause(&mut self, pause: Duration) {
        let Some(until) = Instant::now().checked_add(pause) else { return };
        self.paused_until = Some(self.paused_until.map_or(until, |known| known.max(until)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_bucket_holds_one_round_and_no_more() {
        let mut limit = SenderLimit::new(80);
        assert!(limit.take().is_ok());
        assert!(limit.take().is_err());
        let mut fast = SenderLimit::new(1_000);
        let granted = (0..100).filter(|_| fast.take().is_ok()).count();
        assert!((18..=40).contains(&granted), "{granted}");
    }

    #[test]
    fn a_pause_grants_nothing() {
        let mut limit = SenderLimit::new(1_000);
        limit.pause(Duration::from_secs(60));
        assert!(limit.take().is_err_and(|wait| wait > Duration::from_secs(50)));
    }
}
