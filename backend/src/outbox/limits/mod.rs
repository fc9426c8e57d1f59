//! How fast a sender may go: a token for each message, granted in-process by the one node that holds the limit group.

pub mod bucket;
pub mod pairs;

use std::time::{Duration, Instant};

use self::bucket::Bucket;

/// The share of a sender's ceiling that is used, so that inbound traffic, which counts too, has room (direct.md §4.7).
const SHARE: f64 = 0.9;
/// Tokens that may have gathered: what comes due in a long round of the dispatcher, a twentieth of a second. With it a second
/// holds 95 % of the ceiling at most.
const ROUNDS_PER_SECOND: f64 = 20.0;
/// A rate never falls below this share of the ceiling.
const FLOOR: f64 = 0.05;
/// After a throttle the rate is halved, once for all refusals that come within this time: they speak of the same haste.
const ONE_THROTTLE: Duration = Duration::from_secs(5);
/// A lowered rate rises by a twentieth of the ceiling each time, until it is whole again.
const RISE_AFTER: Duration = Duration::from_secs(10);
const RISE: f64 = 0.05;

/// One sender's rate and bucket.
pub struct SenderLimit {
    /// The provider's limit in messages a second.
    ceiling: u32,
    /// What is kept at the moment, as a share of the ceiling.
    share: f64,
    bucket: Bucket,
    paused_until: Option<Instant>,
    throttled_at: Option<Instant>,
    risen_at: Instant,
}

impl SenderLimit {
    /// `ceiling` is the provider's limit in messages a second (≥ 1); `share` (0 to 1) what was kept before a restart or a
    /// hand-over, if it had been lowered.
    pub fn new(ceiling: u32, share: Option<f64>, now: Instant) -> Self {
        let ceiling = ceiling.max(1);
        let share = share.unwrap_or(SHARE).clamp(FLOOR, SHARE);
        let bucket = bucket_of(ceiling, share, now);
        Self { ceiling, share, bucket, paused_until: None, throttled_at: None, risen_at: now }
    }

    /// The ceiling it was made for.
    pub const fn ceiling(&self) -> u32 {
        self.ceiling
    }

    /// What is kept at the moment, as a share of the ceiling.
    pub const fn share(&self) -> f64 {
        self.share
    }

    /// Whether less is kept than usual, because the provider asked for it.
    pub fn is_lowered(&self) -> bool {
        self.share < SHARE
    }

    /// Takes another ceiling over; a lowered rate stays as low as it was.
    pub fn set_ceiling(&mut self, ceiling: u32, now: Instant) {
        let ceiling = ceiling.max(1);
        if ceiling == self.ceiling {
            return;
        }
        if self.is_lowered() {
            self.share = (self.share * f64::from(self.ceiling) / f64::from(ceiling)).clamp(FLOOR, SHARE);
        }
        self.ceiling = ceiling;
        self.bucket = bucket_of(ceiling, self.share, now);
    }

    /// How long to wait for a token; nothing when one is there.
    pub fn wait(&mut self, now: Instant) -> Option<Duration> {
        if let Some(until) = self.paused_until {
            let left = until.saturating_duration_since(now);
            if !left.is_zero() {
                return Some(left);
            }
            self.paused_until = None;
        }
        self.rise(now);
        self.bucket.wait(now)
    }

    /// Takes a token, or goes into debt: what people send counts against the ceiling too.
    pub fn spend(&mut self, now: Instant) {
        self.bucket.spend(now);
    }

    pub fn is_paused(&self, now: Instant) -> bool {
        self.paused_until.is_some_and(|until| until > now)
    }

    /// Grants nothing for a while, because the provider said so, and goes on at half the rate.
    pub fn throttle(&mut self, pause: Duration, now: Instant) {
        if let Some(until) = now.checked_add(pause) {
            self.paused_until = Some(self.paused_until.map_or(until, |known| known.max(until)));
        }
        let known = self.throttled_at.is_some_and(|at| now.saturating_duration_since(at) < ONE_THROTTLE + pause);
        if !known {
            self.throttled_at = Some(now);
            self.share = (self.share / 2.0).max(FLOOR);
            self.bucket = bucket_of(self.ceiling, self.share, now);
        }
        self.risen_at = now.checked_add(pause).unwrap_or(now);
    }

    fn rise(&mut self, now: Instant) {
        if self.is_lowered() && now.saturating_duration_since(self.risen_at) >= RISE_AFTER {
            self.share = (self.share + RISE).min(SHARE);
            self.risen_at = now;
            self.bucket = bucket_of(self.ceiling, self.share, now);
        }
    }
}

fn bucket_of(ceiling: u32, share: f64, now: Instant) -> Bucket {
    let rate = f64::from(ceiling) * share;
    let burst = (rate / ROUNDS_PER_SECOND).max(1.0);
    // Rounded down, and never beyond what any sender's ceiling leaves room for.
    Bucket::per_second(rate, burst as u32, now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What happens to a sender between two looks.
    #[derive(Clone, Debug)]
    enum Turn {
        Throttle(u64),
        Ceiling(u32),
        /// The process starts anew, or another node takes over: the share comes from the database.
        HandOver,
    }

    fn turns() -> impl Strategy<Value = Option<Turn>> {
        prop_oneof![
            20 => Just(None),
            1 => (0..3_000u64).prop_map(|pause| Some(Turn::Throttle(pause))),
            1 => (1..1_000u32).prop_map(|ceiling| Some(Turn::Ceiling(ceiling))),
            1 => Just(Some(Turn::HandOver)),
        ]
    }

    proptest! {
        #[test]
        fn in_no_second_more_goes_out_than_the_highest_ceiling_in_force(
            ceiling in 20..1_000u32,
            steps in prop::collection::vec((0..30_000u64, turns()), 1..300),
        ) {
            let mut now = Instant::now();
            let mut limit = SenderLimit::new(ceiling, None, now);
            let (mut grants, mut ceilings) = (Vec::new(), vec![(now, ceiling)]);
            for (step, turn) in steps {
                now += Duration::from_micros(step);
                match turn {
                    Some(Turn::Throttle(pause)) => limit.throttle(Duration::from_millis(pause), now),
                    Some(Turn::Ceiling(ceiling)) => {
                        limit.set_ceiling(ceiling, now);
                        ceilings.push((now, ceiling));
                    }
                    Some(Turn::HandOver) => {
                        limit = SenderLimit::new(limit.ceiling(), Some(limit.share()), now);
                    }
                    None => {}
                }
                while limit.wait(now).is_none() {
                    limit.spend(now);
                    grants.push(now);
                }
            }
            let second = Duration::from_secs(1);
            for (first, from) in grants.iter().enumerate() {
                let count = grants.iter().skip(first).take_while(|at| **at < *from + second).count();
                let before = ceilings.iter().rfind(|(at, _)| at <= from).map_or(ceiling, |(_, ceiling)| *ceiling);
                let within = ceilings.iter().filter(|(at, _)| at > from && *at < *from + second);
                let highest = within.map(|(_, ceiling)| *ceiling).max().unwrap_or(0).max(before);
                prop_assert!(count <= highest as usize, "{count} within a second at a ceiling of {highest}");
            }
        }

        #[test]
        fn a_lowered_rate_becomes_whole_again(throttles in 1..10usize) {
            let mut now = Instant::now();
            let mut limit = SenderLimit::new(80, None, now);
            for _ in 0..throttles {
                limit.throttle(Duration::from_secs(1), now);
                now += Duration::from_secs(20);
            }
            prop_assert!(limit.is_lowered() && limit.share() >= FLOOR);
            for _ in 0..20 {
                now += RISE_AFTER;
                limit.wait(now);
            }
            prop_assert!(!limit.is_lowered());
        }
    }

    #[test]
    fn refusals_of_one_haste_halve_the_rate_once() {
        let now = Instant::now();
        let mut limit = SenderLimit::new(80, None, now);
        (0..64).for_each(|_| limit.throttle(Duration::from_secs(1), now));
        assert!((limit.share() - SHARE / 2.0).abs() < f64::EPSILON);
        assert!(limit.is_paused(now) && !limit.is_paused(now + Duration::from_secs(1)));
    }
}
