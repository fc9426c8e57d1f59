//! How a workspace wants its messages to be delivered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failover::FailoverMode;
use super::unknown::UnknownSettings;

/// A workspace's wishes. What was never set has its default, also when it was stored by an older version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DeliverySettings {
    /// Whether messages may go by the other provider when theirs fails; a message can say otherwise.
    pub failover: FailoverMode,
    /// What is done about messages of which nobody knows whether they were sent.
    pub unknown: UnknownSettings,
}
