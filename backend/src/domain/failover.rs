//! Going by the other provider.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::provider::word;

word! {
    /// When a message may go by the other provider's channel instead of its own.
    #[derive(Default)]
    pub enum FailoverMode {
        /// Never.
        Off = "off",
        /// When a person or a program asks for it.
        #[default]
        Manual = "manual",
        /// By itself, when the failure is of the provider's making and the other channel is ready for the message.
        Automatic = "automatic",
    }
}

/// What a message says of its own failover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fallback {
    pub mode: FailoverMode,
    /// The template that goes by the other channel, in the message's language and with its values; that of the message when
    /// absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 512, examples("order_shipped"))]
    pub template: Option<String>,
}
