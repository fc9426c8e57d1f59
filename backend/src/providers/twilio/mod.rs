//! Twilio's Messages API. Facts: `providers/twilio.md`, state of 22 November 2026.

mod ask;
mod check;
pub mod errors;
pub mod form;
pub mod kept;
pub mod management;
pub mod marks;
mod media;
mod not_carried;
mod repair;
pub mod request;
pub mod response;
pub mod signature;
pub mod stored;
pub mod template_events;
pub mod templates;
pub mod vcard;
pub mod webhook;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use url::Url;

use crate::client::{Arriving, HttpClient};
use crate::domain::content::Content;
use crate::domain::ids::{AttemptId, ChannelId};
use crate::domain::media::InboundMediaSource;
use crate::domain::provider::{ProviderKind, SenderAddress};
use crate::domain::time::Ts;

use super::account::{BaseAddresses, ChannelAccount, TwilioCredentials};
use super::capabilities::{Capabilities, TWILIO};
use super::check::{Depth, Examination};
use super::codes::unbuilt;
use super::failure::SendError;
use super::kept::{KeptMessage, Received};
use super::management::ManagementStanding;
use super::media::{FetchError, MediaFile, UploadedMedia};
use super::repair::Repair;
use super::templates::{
    ListedTemplates, NewTemplate, Registered, SampleFile, TemplateError, TemplateErrorKind, TemplateStanding,
};
use super::webhook::{BadSignature, Handshake, ParseError, ProviderEvent, RawWebhook, Unverified, Verified};
use super::{Accepted, Found, LookUp, Outbound, StoredForm, WhatsAppService};

/// Speaks Twilio's API for one channel.
#[derive(Clone, Debug)]
pub struct TwilioWhatsAppService {
    client: HttpClient,
    channel: ChannelId,
    credentials: TwilioCredentials,
    bases: BaseAddresses,
    public_base: Url,
}

impl TwilioWhatsAppService {
    pub fn new(client: HttpClient, account: &ChannelAccount, credentials: TwilioCredentials) -> Self {
        Self {
            client,
            channel: account.channel,
            credentials,
            bases: account.bases.clone(),
            public_base: account.public_base.clone(),
        }
    }

    fn template_account(&self) -> templates::calls::Account<'_> {
        let base = &self.bases.twilio_content;
        templates::calls::Account { client: &self.client, base, credentials: &self.credentials }
    }

    fn archive(&self) -> kept::Archive<'_> {
        kept::Archive {
            client: &self.client,
            base: &self.bases.twilio_api,
            public_base: &self.public_base,
            channel: self.channel,
            credentials: &self.credentials,
        }
    }

    fn ask(&self) -> ask::Twilio<'_> {
        ask::Twilio {
            client: &self.client,
            bases: &self.bases,
            public_base: &self.public_base,
            channel: self.channel,
            credentials: &self.credentials,
        }
    }
}

#[async_trait]
impl WhatsAppService for TwilioWhatsAppService {
    fn provider(&self) -> ProviderKind {
        ProviderKind::Twilio
    }

    fn capabilities(&self) -> &'static Capabilities {
        &TWILIO
    }

    fn address(&self) -> SenderAddress {
        SenderAddress {
            account: self.credentials.account_sid.clone(),
            sender: self.credentials.sender_number.as_str().to_owned(),
        }
    }

    async fn send_message(&self, message: &Outbound) -> Result<Accepted, SendError> {
        let base = &self.bases.twilio_api;
        let request = request::send(base, &self.public_base, self.channel, &self.credentials, message);
        response::sent(self.client.send(request?).await, message)
    }

    fn send_broadcast<'a>(
        &'a self,
        batch: &'a [Outbound],
        concurrency: usize,
    ) -> BoxStream<'a, (AttemptId, Result<Accepted, SendError>)> {
        stream::iter(batch)
            .map(move |message| async move { (message.attempt, self.send_message(message).await) })
            .buffer_unordered(concurrency.max(1))
            .boxed()
    }

    fn verify_webhook(&self, raw: &RawWebhook) -> Result<Verified, BadSignature> {
        signature::verify(&self.credentials, raw)
    }

    /// Twilio has no handshake.
    fn handshake(&self, _request: &Handshake) -> Option<String> {
        None
    }

    fn parse_webhook(&self, raw: &RawWebhook) -> Result<Vec<ProviderEvent>, ParseError> {
        webhook::parse(raw)
    }

    async fn look_up(&self, wanted: &LookUp) -> Result<Option<Vec<Found>>, SendError> {
        self.archive().look_up(wanted).await.map(Some)
    }

    async fn messages_received(&self, since: Ts) -> Result<Option<Received>, SendError> {
        self.archive().received(since).await.map(Some)
    }

    async fn message_kept(&self, provider_message_id: &str) -> Result<Option<KeptMessage>, SendError> {
        self.archive().message(provider_message_id).await
    }

    async fn with_files(&self, kept: KeptMessage) -> Result<KeptMessage, SendError> {
        self.archive().with_files(kept).await
    }

    fn stored_form(&self, content: &Content) -> Result<Option<StoredForm>, SendError> {
        stored::form(content)
    }

    async fn create_stored_content(&self, form: &StoredForm) -> Result<String, SendError> {
        let request = request::contents::create(&self.bases.twilio_content, &self.credentials, form);
        response::stored(self.client.send(request.map_err(|_| unbuilt())?).await)
    }

    async fn delete_stored_content(&self, id: &str) -> Result<(), SendError> {
        let request = request::contents::delete(&self.bases.twilio_content, &self.credentials, id);
        response::deleted(self.client.send(request).await)
    }

    fn vcard(&self, content: &Content) -> Option<String> {
        let Content::Contacts(cards) = content else { return None };
        Some(vcard::render(&cards.contacts))
    }

    /// Twilio takes no files; it fetches them.
    fn keeps_media(&self) -> bool {
        false
    }

    async fn upload_media(&self, _file: &MediaFile) -> Result<UploadedMedia, SendError> {
        Err(unbuilt())
    }

    async fn fetch_media(&self, source: &InboundMediaSource) -> Result<Arriving, FetchError> {
        let (client, base) = (&self.client, &self.bases.twilio_api);
        media::Inbox { client, base, credentials: &self.credentials }.open(source).await
    }

    async fn mark_read(&self, provider_message_id: &str, typing: bool) -> Result<(), SendError> {
        // Without the sign there is no mark; callers are told so before, by the capabilities.
        if !typing {
            return Err(unbuilt());
        }
        let request = marks::request(&self.bases.twilio_messaging, &self.credentials, provider_message_id);
        marks::answered(self.client.send(request.map_err(|_| unbuilt())?).await)
    }

    /// Twilio counts calls that run at once, not calls of an hour.
    fn management(&self) -> Option<ManagementStanding> {
        None
    }

    fn may_look(&self) -> Result<(), Ts> {
        Ok(())
    }

    async fn check_connection(&self, depth: Depth) -> Examination {
        check::run(self.ask(), depth).await
    }

    async fn repair_connection(&self) -> Repair {
        repair::run(self.ask()).await
    }

    fn explain_refusal(&self, raw: &RawWebhook, heard: &[String]) -> Unverified {
        signature::explain(&self.credentials, raw, heard)
    }

    async fn list_templates(&self) -> Result<ListedTemplates, TemplateError> {
        self.template_account().list().await
    }

    async fn template_standing(&self, reference: &str) -> Result<TemplateStanding, TemplateError> {
        self.template_account().standing(reference).await
    }

    async fn create_template(&self, template: NewTemplate<'_>) -> Result<Registered, TemplateError> {
        self.template_account().create(template).await
    }

    async fn edit_template(
        &self,
        _reference: &str,
        _template: NewTemplate<'_>,
        _with_category: bool,
    ) -> Result<Registered, TemplateError> {
        let message = "At Twilio a submitted Content never changes; submit the template as a new one.";
        Err(TemplateError::new(TemplateErrorKind::Unsupported, message))
    }

    async fn delete_template(&self, reference: &str, _name: &str) -> Result<(), TemplateError> {
        self.template_account().delete(reference).await
    }

    /// Twilio has no upload: it fetches the sample from its public address (twilio.md §2.3).
    async fn upload_sample(&self, file: &SampleFile) -> Result<String, TemplateError> {
        let message = "Twilio fetches the sample from a public https address with a file extension; give one.";
        let link = file.link.as_deref().filter(|link| has_extension(link));
        link.map(str::to_owned).ok_or_else(|| TemplateError::new(TemplateErrorKind::Sample, message))
    }
}

/// Whether an address ends in a file's name with an extension, without which Twilio refuses it (twilio.md §2.4).
fn has_extension(link: &str) -> bool {
    let name = Url::parse(link).ok().and_then(|url| url.path_segments()?.next_back().map(str::to_owned));
    name.is_some_and(|name| name.rsplit_once('.').is_some_and(|(stem, ending)| !stem.is_empty() && !ending.is_empty()))
}

#[cfg(test)]
mod tests;
