//! How fast a sender may send and to how many people, and who says so.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::provider::{Environment, word};
use crate::providers::Capabilities;

/// An upgraded number of Meta's (direct.md §4.7), and the simulator's.
const UPGRADED: u32 = 1_000;
/// Meta's word for an upgraded number (direct.md §2.9).
const HIGH: &str = "HIGH";

word! {
    /// Where a limit comes from.
    pub enum LimitSource {
        /// Somebody has set it.
        Set = "set",
        /// The provider tells it of this sender.
        Provider = "provider",
        /// What the provider says of senders in general.
        General = "general",
    }
}

/// A sender's ceiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Ceiling {
    /// In and out together, where the provider counts so.
    pub messages_per_second: u32,
    pub source: LimitSource,
}

impl Ceiling {
    /// `set` is what somebody has set, `throughput` the provider's own word of the sender.
    pub fn of(
        set: Option<u32>,
        throughput: Option<&str>,
        environment: Environment,
        capabilities: &Capabilities,
    ) -> Self {
        if let Some(set) = set {
            return Self { messages_per_second: set.max(1), source: LimitSource::Set };
        }
        if throughput == Some(HIGH) || environment == Environment::Sandbox {
            return Self { messages_per_second: UPGRADED, source: LimitSource::Provider };
        }
        let general = u32::try_from(capabilities.throughput.per_second.value).unwrap_or(u32::MAX);
        Self { messages_per_second: general.max(1), source: LimitSource::General }
    }
}

/// How many people a sender may write to first within 24 hours, with all the numbers of its account together (direct.md §4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PeopleLimit {
    pub people: u32,
    pub source: LimitSource,
}

impl PeopleLimit {
    /// `set` is what somebody has set, `told` the provider's own word, which may be `unlimited`.
    pub fn of(set: Option<i32>, told: Option<&str>) -> Option<Self> {
        let set = set.and_then(|people| u32::try_from(people).ok());
        let told = || told.and_then(|people| people.parse().ok());
        set.map(|people| Self { people, source: LimitSource::Set })
            .or_else(|| told().map(|people| Self { people, source: LimitSource::Provider }))
    }
}
