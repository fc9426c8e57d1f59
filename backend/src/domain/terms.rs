//! On which terms a message is delivered, where they differ from the workspace's.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failover::Fallback;
use super::ids::ChannelId;
use super::time::Ts;

/// A message's own terms; empty for most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Terms {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
    /// The channel that it was moved from, because its provider failed or somebody wished so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub moved_from: Option<ChannelId>,
    /// Not sent before this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_at: Option<Ts>,
    /// Sent even when it is a quiet hour for the person.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ignore_quiet_hours: bool,
}

impl Terms {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
