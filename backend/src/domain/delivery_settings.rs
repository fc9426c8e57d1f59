//! How a workspace wants its messages to be delivered.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failover::FailoverMode;
use super::opt_out::OptOutWords;
use super::quiet_hours::QuietHours;
use super::time_zone::TimeZone;
use super::unknown::UnknownSettings;

/// A workspace's wishes. What was never set has its default, also when it was stored by an older version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct DeliverySettings {
    /// Whether messages may go by the other provider when theirs fails; a message can say otherwise.
    pub failover: FailoverMode,
    /// What is done about messages of which nobody knows whether they were sent.
    pub unknown: UnknownSettings,
    /// The words by which people leave and come back.
    pub opt_out: OptOutWords,
    /// When nothing of some classes is sent, in the person's time; absent when there are no such hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_hours: Option<QuietHours>,
    /// The time of people of whom nothing tells theirs.
    pub time_zone: TimeZone,
}
