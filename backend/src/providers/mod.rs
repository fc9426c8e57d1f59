//! The unified interface to both providers and the one place that makes services.
//!
//! A service builds a request (pure), [`crate::client`] sends it, the service interprets the answer (pure).
//! Nothing here knows of queues or databases.

pub mod account;
pub mod account_event;
pub mod atlas;
pub mod capabilities;
pub mod check;
pub mod check_codes;
pub mod codes;
pub mod comparison;
mod content;
pub mod degrade;
pub mod descriptor;
pub mod direct;
pub mod factory;
pub mod failure;
mod foreign_url;
pub mod form;
pub mod kept;
pub mod management;
pub mod media;
pub mod repair;
pub mod stored;
pub mod templates;
pub mod twilio;
pub mod violation;
pub mod webhook;

use std::collections::BTreeMap;
use std::time::Duration;

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
pub use check::{CheckReport, Depth, Examination};
pub use factory::WhatsAppServiceFactory;
pub use failure::{SendError, Verdict};
use kept::{KeptMessage, Received};
use management::ManagementStanding;
pub use media::{FetchError, MediaFile, UploadedMedia};
pub use repair::Repair;
pub use stored::{StoredForm, StoredShape};
use templates::{ListedTemplates, NewTemplate, Registered, SampleFile, TemplateStanding};
pub use templates::{TemplateError, TemplateErrorKind};
pub use violation::{Violation, ViolationCode};
use webhook::StatusOutcome;
pub use webhook::{BadSignature, Handshake, ParseError, ProviderEvent, RawWebhook, Unverified, Verified};

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
    /// How long it may wait in the provider's own queue; as long as the provider likes when absent. Meta takes none: there the
    /// template says it.
    pub validity: Option<Duration>,
    pub prepared: Prepared,
}

/// What had to be brought to the provider before the message could be put on the wire.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prepared {
    /// Where the provider finds each medium of the gateway's that the content names.
    pub media: BTreeMap<MediaId, MediaAddress>,
    /// The stored Content that carries this message at Twilio.
    pub stored: Option<StoredContent>,
    /// Where the provider fetches the contact cards as a file, if it takes them so.
    pub vcard: Option<Url>,
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
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub provider_message_id: String,
    /// How far it is.
    pub outcome: StatusOutcome,
    /// When the provider made it.
    pub at: Option<Ts>,
    /// The words that it shows, where the provider keeps them.
    pub body: Option<String>,
}

/// Where evidence of an attempt may be looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    pub to: Recipient,
    pub sent_after: Ts,
    pub sent_before: Ts,
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

    /// Messages the provider made for this person in a time, to the second: evidence for lost answers. `None` where the provider
    /// has no list.
    ///
    /// # Errors
    /// The list could not be read; nothing follows from that.
    async fn look_up(&self, wanted: &LookUp) -> Result<Option<Vec<Found>>, SendError>;

    /// What people sent to this channel since a time. `None` where the provider has no list.
    ///
    /// # Errors
    /// The list could not be read; nothing follows from that.
    async fn messages_received(&self, since: Ts) -> Result<Option<Received>, SendError>;

    /// A message of this channel by the provider's id. `None` where the provider keeps none, or not this one.
    ///
    /// # Errors
    /// It could not be read; nothing follows from that.
    async fn message_kept(&self, provider_message_id: &str) -> Result<Option<KeptMessage>, SendError>;

    /// The same message, with the addresses of its files in what a webhook would have told.
    ///
    /// # Errors
    /// They could not be read.
    async fn with_files(&self, kept: KeptMessage) -> Result<KeptMessage, SendError>;

    /// The Content that must be stored at the provider for this message, and how the message fills it. Pure. `None` when the
    /// provider takes the content as it is.
    ///
    /// # Errors
    /// [`Verdict::Rejected`]: a part of the content that the provider can't carry.
    fn stored_form(&self, content: &Content) -> Result<Option<StoredForm>, SendError>;

    /// Stores a Content and returns its id there. Nothing of it reaches a person.
    ///
    /// # Errors
    /// Never [`Verdict::Unknown`]: at worst something is stored that nobody uses.
    async fn create_stored_content(&self, form: &StoredForm) -> Result<String, SendError>;

    /// Deletes a stored Content; fine when it is not there.
    ///
    /// # Errors
    /// It may still be there.
    async fn delete_stored_content(&self, id: &str) -> Result<(), SendError>;

    /// The contact cards as a vCard file that the provider must be able to fetch. Pure. `None` when the provider takes the
    /// content as it is.
    fn vcard(&self, content: &Content) -> Option<String>;

    /// Whether files are brought to the provider. If not, it fetches each from an address (twilio.md §2.3).
    fn keeps_media(&self) -> bool;

    /// Brings a file to the provider, where it can be sent to any number of people.
    ///
    /// # Errors
    /// By the table of codes; where the provider keeps no files, always. Nothing reaches a person by it, so that no verdict is
    /// [`Verdict::Unknown`].
    async fn upload_media(&self, file: &MediaFile) -> Result<UploadedMedia, SendError>;

    /// Opens the bytes of a medium that a person sent. Credentials go to the provider's own hosts only.
    ///
    /// # Errors
    /// [`FetchError`] says whether another try makes sense.
    async fn fetch_media(&self, source: &InboundMediaSource) -> Result<Arriving, FetchError>;

    /// Shows the person that their message was read and, with `typing`, for some seconds that an answer is being written. The
    /// message is named by the provider's id. Doing it again changes nothing. Which of it the provider has is said by
    /// [`Capabilities::marks`].
    ///
    /// # Errors
    /// The provider refused or can't be reached.
    async fn mark_read(&self, provider_message_id: &str, typing: bool) -> Result<(), SendError>;

    /// All templates of the channel's account.
    ///
    /// # Errors
    /// The list could not be read whole; nothing follows for templates that it does not show.
    async fn list_templates(&self) -> Result<ListedTemplates, TemplateError>;

    /// Where one template stands.
    ///
    /// # Errors
    /// [`TemplateErrorKind::Missing`] when the account has none with this reference.
    async fn template_standing(&self, reference: &str) -> Result<TemplateStanding, TemplateError>;

    /// Submits a template for approval.
    ///
    /// # Errors
    /// The provider's refusal in its own words. After [`TemplateErrorKind::Unavailable`] it may exist all the same.
    async fn create_template(&self, template: NewTemplate<'_>) -> Result<Registered, TemplateError>;

    /// Submits a changed template in place of the one that stands there; `with_category` while that is not approved.
    ///
    /// # Errors
    /// [`TemplateErrorKind::Unsupported`] at Twilio, where a submitted Content never changes: create another one.
    async fn edit_template(
        &self,
        reference: &str,
        template: NewTemplate<'_>,
        with_category: bool,
    ) -> Result<Registered, TemplateError>;

    /// Deletes one language of a template; messages on their way still arrive.
    ///
    /// # Errors
    /// [`TemplateErrorKind::Missing`] when it is gone already; else the provider's refusal.
    async fn delete_template(&self, reference: &str, name: &str) -> Result<(), TemplateError>;

    /// Brings a header's sample to the reviewer: gives Meta's handle, or at Twilio the public address.
    ///
    /// # Errors
    /// The sample has no such address, or the provider does not take it.
    async fn upload_sample(&self, file: &SampleFile) -> Result<String, TemplateError>;

    /// The provider's allowance of calls about the account as it is kept here. `None` where the provider names none.
    fn management(&self) -> Option<ManagementStanding>;

    /// Asked before each look that the gateway takes by itself; one that a person asks for, or that a message waits for, goes on.
    ///
    /// # Errors
    /// The allowance of calls is nearly used up; not before this time.
    fn may_look(&self) -> Result<(), Ts>;

    /// Tries credentials and settings without sending anything, rung by rung with a cure, and tells what the provider says of
    /// the sender. Never through an endpoint that returns a secret.
    async fn check_connection(&self, depth: Depth) -> Examination;

    /// Sets at the provider what lets its webhooks come here, and tells what stood there before.
    async fn repair_connection(&self) -> Repair;

    /// Why a webhook that [`WhatsAppService::verify_webhook`] has refused did not pass. `heard` are the hosts that the request
    /// itself names; nothing is ever accepted because of them.
    fn explain_refusal(&self, raw: &RawWebhook, heard: &[String]) -> Unverified;
}
