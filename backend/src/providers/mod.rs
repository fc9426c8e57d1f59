//! The unified interface to both providers and the one place that makes services.
//!
//! A service builds a request (pure), [`crate::client`] sends it, the service interprets the answer (pure).
//! Nothing here knows of queues or databases.

pub mod account;
pub mod capabilities;
pub mod check;
pub mod codes;
pub mod comparison;
mod content;
pub mod descriptor;
pub mod direct;
pub mod factory;
pub mod failure;
pub mod form;
pub mod media;
pub mod twilio;
pub mod violation;
pub mod webhook;

use std::collections::BTreeMap;

use async_trait::async_trait;
use futures_util::stream::BoxStream;
use url::Url;

use crate::client::Arriving;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::ids::{AttemptId, MediaId, MessageId};
use crate::domain::media::InboundMediaSource;
use crate::domain::provider::{ProviderKind, SenderAddress};
use crate::domain::time::Ts;

pub use capabilities::Capabilities;
pub use check::CheckReport;
pub use factory::WhatsAppServiceFactory;
pub use failure::{SendError, Verdict};
pub use media::{FetchError, MediaFile, UploadedMedia};
pub use violation::{Violation, ViolationCode};
pub use webhook::{BadSignature, Handshake, ParseError, ProviderEvent, RawWebhook, Verified};

/// One granted, durable attempt on its way to the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Outbound {
    /// The correlation id on the wire.
    pub attempt: AttemptId,
    pub message: MessageId,
    pub to: Recipient,
    pub content: Content,
    /// The provider's id of the message that this one answers, or that a reaction is put on.
    pub reply_to: Option<String>,
    pub prepared: Prepared,
}

/// What had to be brought to the provider before the message could be put on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// Where the provider finds each medium of the gateway's that the content names.
    pub media: BTreeMap<MediaId, MediaAddress>,
    /// The stored Content that carries this message at Twilio.
    pub stored: Option<StoredContent>,
}

/// Where a provider finds a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaAddress {
    /// Uploaded there under this id.
    Id(String),
    /// Fetched by the provider from here.
    Link(Url),
}

/// A Content at Twilio and the values that fill it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredContent {
    /// `HX` and 32 hex digits.
    pub sid: String,
    pub variables: BTreeMap<String, String>,
}

/// The provider took it; nothing more is promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub provider_message_id: String,
    /// The number under which WhatsApp knows the person, when it differs from what was asked or names a BSUID.
    pub recipient: Option<Recipient>,
    /// The provider's own first status, such as `accepted`, `queued` or `held_for_quality_assessment`.
    pub status: Option<String>,
}

/// A message as the provider lists it: evidence for an attempt whose answer was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub provider_message_id: String,
    pub status: String,
    pub at: Option<Ts>,
}

/// Where evidence of an attempt may be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    pub to: Recipient,
    pub sent_after: Ts,
}

/// Both providers, one set of methods. No method that affects safety has a default body.
#[async_trait]
pub trait WhatsAppService: Send + Sync {
    fn provider(&self) -> ProviderKind;

    fn capabilities(&self) -> &'static Capabilities;

    /// The sender as the provider's webhooks name it.
    fn address(&self) -> SenderAddress;

    /// Puts one message on the wire, once: no retries, no redirects.
    ///
    /// # Errors
    /// [`SendError`] says what to do next; anything that may have reached the provider is [`Verdict::Unknown`].
    async fn send_message(&self, message: &Outbound) -> Result<Accepted, SendError>;

    /// Many messages, at most `concurrency` (≥ 1) on the wire at once: gets only granted, durable attempts and yields each
    /// outcome as it comes.
    fn send_broadcast<'a>(
        &'a self,
        batch: &'a [Outbound],
        concurrency: usize,
    ) -> BoxStream<'a, (AttemptId, Result<Accepted, SendError>)>;

    /// Checks the signature over the raw, still encoded bytes; fails closed.
    ///
    /// # Errors
    /// The signature is missing, malformed or made with a secret that is not this channel's.
    fn verify_webhook(&self, raw: &RawWebhook) -> Result<Verified, BadSignature>;

    /// Answers the provider's subscription handshake (direct.md §3.1). `None` where the provider has none or the token is wrong.
    fn handshake(&self, request: &Handshake) -> Option<String>;

    /// Reads the events of a verified webhook. Unknown fields and kinds never harm the ones beside them.
    ///
    /// # Errors
    /// The body is not in the provider's format at all.
    fn parse_webhook(&self, raw: &RawWebhook) -> Result<Vec<ProviderEvent>, ParseError>;

    /// Messages the provider knows for this person since a time: evidence for lost answers. `None` where the provider has no list.
    ///
    /// # Errors
    /// The list could not be read; nothing follows from that.
    async fn look_up(&self, wanted: &LookUp) -> Result<Option<Vec<Found>>, SendError>;

    /// Brings a file to the provider, where it can be sent to any number of people. `None` where the provider takes no files
    /// and fetches them from an address instead (twilio.md §2.3).
    ///
    /// # Errors
    /// By the table of codes. Nothing reaches a person by it, so that no verdict is [`Verdict::Unknown`].
    async fn upload_media(&self, file: &MediaFile) -> Result<Option<UploadedMedia>, SendError>;

    /// Opens the bytes of a medium that a person sent. Credentials go to the provider's own hosts only.
    ///
    /// # Errors
    /// [`FetchError`] says whether another try makes sense.
    async fn fetch_media(&self, source: &InboundMediaSource) -> Result<Arriving, FetchError>;

    /// Tries credentials and settings without sending anything, check by check with a cure. Never through an endpoint that
    /// returns a secret.
    async fn check_connection(&self) -> CheckReport;
}
