//! Webhooks as they come in and what they say.

pub mod body;

use serde_json::Value;

use crate::domain::contact::Person;
use crate::domain::ids::AttemptId;
use crate::domain::inbound::{InboundContent, MessageContext};
use crate::domain::media::InboundMediaSource;
use crate::domain::provider::SenderAddress;
use crate::domain::receipt::Receipt;
use crate::domain::standing::WebhookRefusal;
use crate::domain::time::Ts;

use super::account_event::AccountEvent;
use super::failure::SendError;
use super::templates::TemplateEvent;

/// A webhook exactly as received: enough to verify and to read it again later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawWebhook {
    /// The URL the provider called: public base plus the raw request target, still percent-encoded.
    pub url: String,
    /// The signature header's value (`X-Hub-Signature-256` or `X-Twilio-Signature`), if any.
    pub signature: Option<String>,
    /// The raw body bytes.
    pub body: Vec<u8>,
}

/// Meta's subscription handshake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Handshake {
    pub mode: String,
    pub verify_token: String,
    /// At most 256 characters.
    pub challenge: String,
}

/// A signature that held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified {
    /// It was made with the second of two valid secrets.
    pub by_secondary: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    #[error("the signature header is missing")]
    Missing,
    #[error("the signature header is malformed")]
    Malformed,
    #[error("the signature does not match")]
    Mismatch,
}

/// Why a webhook was refused, as far as it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified {
    pub refusal: WebhookRefusal,
    /// The address that was signed, when it is another one than ours; without its query.
    pub signed_url: Option<String>,
}

impl Unverified {
    /// For signatures that cover nothing but the body.
    pub const fn plain(refusal: BadSignature) -> Self {
        let refusal = match refusal {
            BadSignature::Missing => WebhookRefusal::Missing,
            BadSignature::Malformed => WebhookRefusal::Malformed,
            BadSignature::Mismatch => WebhookRefusal::WrongSecret,
        };
        Self { refusal, signed_url: None }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    #[error("the body is not in the provider's format: {0}")]
    Format(String),
}

/// One thing a webhook says. `sender` must match a channel that the verifying secret belongs to.
#[derive(Clone, Debug, PartialEq)]
pub enum ProviderEvent {
    Status(StatusEvent),
    Inbound(InboundEvent),
    /// A person changed or took back what they had sent.
    Amendment(AmendmentEvent),
    /// What became of a template.
    Template(TemplateEvent),
    /// What concerns the number or the account rather than a message.
    Account(AccountEvent),
    /// Unknown fields, kept as they came.
    Notice(NoticeEvent),
}

impl ProviderEvent {
    pub fn sender(&self) -> &SenderAddress {
        match self {
            Self::Status(event) => &event.sender,
            Self::Inbound(event) => &event.sender,
            Self::Template(event) => &event.sender,
            Self::Amendment(event) => &event.sender,
            Self::Account(event) => &event.sender,
            Self::Notice(event) => &event.sender,
        }
    }
}

/// What happened to a message we sent.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusEvent {
    pub sender: SenderAddress,
    pub provider_message_id: String,
    /// Our attempt id as the provider echoes it.
    pub attempt: Option<AttemptId>,
    pub outcome: StatusOutcome,
    /// The provider's time of it, when it gives one.
    pub at: Option<Ts>,
    /// The person under the names the provider gives.
    pub person: Option<Person>,
    /// The provider's price information, raw.
    pub pricing: Option<Value>,
    /// The end of the free entry point that the message belongs to (direct.md §3.5).
    pub free_entry_until: Option<Ts>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StatusOutcome {
    /// Still with the provider (Twilio's queued, sending …): proof of acceptance.
    Accepted,
    Receipt(Receipt),
    /// A late refusal, classified by the same table as an answer.
    Refused(SendError),
}

/// What a person sent us.
#[derive(Clone, Debug, PartialEq)]
pub struct InboundEvent {
    pub sender: SenderAddress,
    pub provider_message_id: String,
    pub person: Person,
    pub content: InboundContent,
    /// The provider's time of it; Twilio gives none.
    pub at: Option<Ts>,
    /// The provider's id of the message this one answers.
    pub reply_to: Option<String>,
    pub context: MessageContext,
    /// Where the bytes are, when the content is a medium and the provider says so.
    pub media: Option<InboundMediaSource>,
}

/// What a person did to a message that they had sent before.
#[derive(Clone, Debug, PartialEq)]
pub struct AmendmentEvent {
    pub sender: SenderAddress,
    /// The provider's id of the message it concerns.
    pub original_message_id: String,
    pub person: Person,
    pub change: Amendment,
    pub at: Option<Ts>,
    /// As the provider sent it, for when nobody knows the message.
    pub raw: Value,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Amendment {
    Edited(InboundContent, Option<InboundMediaSource>),
    Deleted,
}

/// Anything else.
#[derive(Clone, Debug, PartialEq)]
pub struct NoticeEvent {
    pub sender: SenderAddress,
    /// The provider's name for it, such as `account_update`.
    pub field: String,
    pub value: Value,
}
