//! How much one caller may ask: per API key, per user, per address, and sign-ins per address and account.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::config::LimitsConfig;
use crate::domain::ids::{ApiKeyId, UserId};
use crate::error::ApiError;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");

struct Bucket<K: Hash + Eq + Clone> {
    policy: &'static str,
    count: u32,
    window_secs: u32,
    limiter: RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>,
}

/// Where a caller stands after a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    policy: &'static str,
    count: u32,
    window_secs: u32,
    remaining: u32,
    /// Set when this request was one too many.
    wait: Option<Duration>,
}

impl<K: Hash + Eq + Clone> Bucket<K> {
    /// `count` in each window, all of which may come at once.
    fn new(policy: &'static str, count: u32, window: Duration) -> Self {
        let burst = NonZeroU32::new(count).unwrap_or(NonZeroU32::MIN);
        let quota =
            Quota::with_period(window / burst.get()).unwrap_or_else(|| Quota::per_second(burst)).allow_burst(burst);
        let window_secs = u32::try_from(window.as_secs()).unwrap_or(u32::MAX);
        Self { policy, count: burst.get(), window_secs, limiter: RateLimiter::keyed(quota).with_middleware() }
    }

    fn take(&self, key: &K) -> Standing {
        let (remaining, wait) = match self.limiter.check_key(key) {
            Ok(state) => (state.remaining_burst_capacity(), None),
            Err(until) => (0, Some(until.wait_time_from(self.limiter.clock().now()))),
        };
        Standing { policy: self.policy, count: self.count, window_secs: self.window_secs, remaining, wait }
    }

    fn forget_idle(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

impl Standing {
    /// # Errors
    /// This request was one too many.
    pub fn check(&self) -> Result<(), ApiError> {
        self.wait.map_or(Ok(()), |wait| Err(ApiError::rate_limited(wait)))
    }

    /// Writes `RateLimit` and `RateLimit-Policy`.
    pub fn write(&self, headers: &mut HeaderMap) {
        let reset = self.wait.map_or_else(|| self.seconds_to_full(), |wait| wait.as_secs_f64().ceil().max(1.0));
        let policy = format!("\"{}\";q={};w={}", self.policy, self.count, self.window_secs);
        let limit = format!("\"{}\";r={};t={reset}", self.policy, self.remaining);
        for (name, text) in [(POLICY, policy), (LIMIT, limit)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        }
    }

    fn seconds_to_full(&self) -> f64 {
        let missing = f64::from(self.count.saturating_sub(self.remaining));
        (missing * f64::from(self.window_secs) / f64::from(self.count)).ceil()
    }
}

/// All limits of this node.
pub struct RateLimits {
    keys: Bucket<ApiKeyId>,
    users: Bucket<UserId>,
    addresses: Bucket<IpAddr>,
    sign_ins: Bucket<(IpAddr, String)>,
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

impl RateLimits {
    pub fn new(config: &LimitsConfig) -> Self {
        Self {
            keys: Bucket::new("key", config.rate_limit_key, SECOND),
            users: Bucket::new("session", config.rate_limit_session, SECOND),
            addresses: Bucket::new("address", config.rate_limit_address, SECOND),
            sign_ins: Bucket::new("sign-in", config.rate_limit_sign_in, MINUTE),
        }
    }

    pub fn of_key(&self, key: ApiKeyId) -> Standing {
        self.keys.take(&key)
    }

    pub fn of_user(&self, user: UserId) -> Standing {
        self.users.take(&user)
    }

    pub fn of_address(&self, address: IpAddr) -> Standing {
        self.addresses.take(&network_of(address))
    }

    /// By address and account together: who tries passwords from elsewhere must not lock the owner out.
    pub fn of_sign_in(&self, address: IpAddr, account: &str) -> Standing {
        self.sign_ins.take(&(network_of(address), account.trim().to_lowercase()))
    }

    /// Frees the memory of callers who have been quiet; call it every minute or so.
    pub fn forget_idle(&self) {
        self.keys.forget_idle();
        self.users.forget_idle();
        self.addresses.forget_idle();
        self.sign_ins.forget_idle();
    }
}

/// One customer of an IPv6 network has at least a /64 to choose addresses from.
fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_too_many_is_told_when_to_come_back() {
        let bucket: Bucket<u8> = Bucket::new("test", 2, Duration::from_secs(3_600));
        assert_eq!(bucket.take(&1).remaining, 1);
        assert!(bucket.take(&1).check().is_ok());
        let third = bucket.take(&1);
        let error = third.check().unwrap_err();
        assert!(error.retry_after.unwrap() > Duration::from_secs(1_000));
        assert!(bucket.take(&2).check().is_ok());

        let mut headers = HeaderMap::new();
        third.write(&mut headers);
        assert_eq!(headers.get("ratelimit-policy").unwrap(), "\"test\";q=2;w=3600");
        assert!(headers.get("ratelimit").unwrap().to_str().unwrap().starts_with("\"test\";r=0;t=1"));
    }

    #[test]
    fn neighbours_in_one_ipv6_network_share_a_limit() {
        assert_eq!(network_of("2001:db8::1".parse().unwrap()), network_of("2001:db8::ffff".parse().unwrap()));
        assert_ne!(network_of("2001:db8::1".parse().unwrap()), network_of("2001:db8:0:1::1".parse().unwrap()));
        assert_eq!(network_of("::ffff:10.0.0.1".parse().unwrap()), "10.0.0.1".parse::<IpAddr>().unwrap());
    }
}
