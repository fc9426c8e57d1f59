//! What a provider keeps of a channel's messages, for when its webhooks did not arrive.

use crate::domain::time::Ts;

use super::webhook::{RawWebhook, StatusOutcome};

/// A message as the provider keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptMessage {
    pub provider_message_id: String,
    /// When the provider made it.
    pub at: Option<Ts>,
    /// How far it is, if it is one of ours.
    pub outcome: Option<StatusOutcome>,
    /// Files that came with it.
    pub files: u32,
    /// As a webhook would have told of it, without a signature. What the provider does not keep is missing.
    pub webhook: RawWebhook,
}

/// What people sent, newest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Received {
    pub messages: Vec<KeptMessage>,
    /// Whether the list was read as far back as was asked for.
    pub complete: bool,
}
