//! How large a run is, and where its dice begin.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::str::FromStr;
use std::time::Duration;

use duplex_simulator::Pace;
use rand::SeedableRng;
use rand::rngs::StdRng;

/// The size of a run. Everything in it that is left to chance comes from the one seed.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub messages: usize,
    /// Deaths of a process.
    pub kills: usize,
    pub seed: u64,
    /// What each of the two senders may send in a second.
    pub rate: u32,
    /// Requests to the API that run at the same time.
    pub callers: usize,
    /// How many messages may have been taken by the API without having been seen on the wire.
    pub ahead: usize,
    /// A process that is to be killed at a moment of progress is killed after this in any case.
    pub longest_life: Duration,
    /// How often a dead node's leases are left to run out by themselves; else the time that takes is skipped.
    pub waits_for_leases: f64,
    /// How soon receipts follow each other.
    pub pace: Pace,
    /// How often each provider refuses because it all goes too fast. Each slows its sender down for seconds.
    pub throttles: u32,
    /// The end of waiting for everything to come to rest.
    pub patience: Duration,
}

impl Plan {
    /// The size that the environment asks for; without it one that fits into half a minute.
    pub fn from_environment() -> Self {
        let plan = Self::of(asked("SOAK_MESSAGES", 400), asked("SOAK_KILLS", 6));
        Self { rate: asked("SOAK_RATE", plan.rate), ..plan }
    }

    /// So many messages and deaths, with a seed of the environment's or a new one.
    pub fn of(messages: usize, kills: usize) -> Self {
        let is_small = messages < 2_000;
        Self {
            messages,
            kills,
            seed: asked("SOAK_SEED", rand::random()),
            rate: if is_small { 100 } else { 1_000 },
            callers: if is_small { 8 } else { 32 },
            ahead: (messages / 10).clamp(50, 2_000),
            longest_life: Duration::from_secs(if is_small { 3 } else { 60 }),
            waits_for_leases: if is_small { 0.0 } else { 0.1 },
            pace: Pace { sent_ms: 100, delivered_ms: 200, read_ms: Some(300) },
            throttles: if is_small { 1 } else { 10 },
            patience: Duration::from_secs(if is_small { 120 } else { 900 }),
        }
    }

    /// The dice of one part of a run; the parts don't disturb each other's.
    pub fn dice(&self, part: &str) -> StdRng {
        let mut hasher = DefaultHasher::new();
        (self.seed, part).hash(&mut hasher);
        StdRng::seed_from_u64(hasher.finish())
    }
}

fn asked<T: FromStr>(name: &str, otherwise: T) -> T {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number that fits")),
        Err(_) => otherwise,
    }
}

/// A valid number for each of many people.
pub fn person(number: usize) -> String {
    format!("+49151{:08}", 10_000_000 + number)
}

/// Of the requests to send, how many meet what on their way. All figures are shares of 1.
pub mod chance {
    /// Held up on the way to the provider, and on the way back.
    pub const DELAYED: f64 = 0.1;
    /// Read and never handed on.
    pub const DROPPED: f64 = 0.02;
    /// Handed on; the connection ends instead of an answer.
    pub const CUT: f64 = 0.03;
    /// Handed on; half of the answer comes back.
    pub const HALVED: f64 = 0.02;
    /// Handed on; the answer comes when nobody waits for it any more.
    pub const LATE: f64 = 0.003;
    /// Handed on; the answer comes twice.
    pub const DOUBLED: f64 = 0.02;
    /// Handed on; the connection is announced to end after the answer.
    pub const LAST_ANSWER: f64 = 0.2;
    /// The provider fails without a code and has accepted nothing.
    pub const SERVER_ERROR: f64 = 0.01;
    /// The provider refuses because it all goes too fast.
    pub const THROTTLED: f64 = 0.02;
    /// The provider refuses for good in its answer.
    pub const REFUSED: f64 = 0.01;
    /// The provider accepts, and reports a failure that is worth another try.
    pub const REFUSED_LATE: f64 = 0.02;
    /// The provider accepts, and reports a failure for good.
    pub const REFUSED_LATE_FOR_GOOD: f64 = 0.01;
    /// Webhooks that are not sent, sent twice, or overtaken by later ones.
    pub const WEBHOOK: f64 = 0.04;
    /// Webhooks that find no living gateway and are lost; the others come later.
    pub const WEBHOOK_LOST: f64 = 0.3;
    /// Starts of the gateway that end at a named point.
    pub const NAMED_POINT: f64 = 0.5;
    /// Deaths for which a node is chosen that sends.
    pub const SENDER: f64 = 0.6;
    /// Requests to the API that are repeated although they were answered.
    pub const REPEATED: f64 = 0.02;
}
