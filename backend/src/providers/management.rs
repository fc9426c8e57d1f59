//! How many calls about accounts and templates a provider still takes, and why not more.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::provider::word;
use crate::domain::time::Ts;

word! {
    /// What is let through of the calls about an account: checks, templates, subscriptions. Messages are never among them.
    pub enum ManagementState {
        /// Everything.
        Open = "open",
        /// What a person asks for at once, the gateway's own looks with pauses between them.
        Slowed = "slowed",
        /// What a person asks for; the gateway's own looks wait.
        UrgentOnly = "urgent_only",
        /// Nothing until the time that is named.
        Closed = "closed",
    }
}

word! {
    /// Why not everything is let through.
    pub enum ManagementReason {
        /// This node's own calls within the hour.
        Used = "used",
        /// The provider says how much of its allowance is used, by all who call.
        Reported = "reported",
        /// The provider has refused a call because there were too many.
        Refused = "refused",
    }
}

/// The allowance of calls about one account, as the node that answers keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ManagementStanding {
    /// What the provider documents, in calls an hour.
    #[schema(examples(5_000))]
    pub limit_per_hour: u32,
    /// What is kept of it: nine tenths, or less after a refusal; it rises again by itself.
    #[schema(examples(4_500))]
    pub kept_per_hour: u32,
    /// Calls of this node within the last hour, to the minute.
    #[schema(examples(37))]
    pub used_last_hour: u32,
    /// What the provider last said is used, by all nodes and others together; absent when it has said nothing lately.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(12))]
    pub reported_percent: Option<u8>,
    pub state: ManagementState,
    /// Why it is not open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<ManagementReason>,
    /// The code of the refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("80007"))]
    pub provider_code: Option<String>,
    /// When more is let through, as far as is known now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Ts>,
}
