//! Meta's WhatsApp Cloud API. Facts: `providers/direct.md`, state of 22 November 2026.

mod account_events;
mod allowance;
pub mod budget;
mod check;
pub mod errors;
pub mod form;
mod graph;
pub mod management;
pub mod marks;
pub mod media;
mod repair;
pub mod request;
pub mod response;
pub mod signature;
pub mod template_events;
pub mod templates;
pub mod webhook;

use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use url::Url;

use crate::client::{Arriving, HttpClient};
use crate::domain::content::Content;
use crate::domain::failure::FailureCode;
use crate::domain::ids::AttemptId;
use crate::domain::media::InboundMediaSource;
use crate::domain::provider::{ProviderKind, SenderAddress};
use crate::domain::time::Ts;

use super::account::{ChannelAccount, DirectCredentials};
use super::capabilities::{Capabilities, DIRECT};
use super::check::{Depth, Examination};
use super::codes::unbuilt;
use super::failure::{SendError, Verdict};
use super::kept::{KeptMessage, Received};
use super::management::ManagementStanding;
use super::media::{FetchError, MediaFile, UploadedMedia};
use super::repair::Repair;
use super::templates::{ListedTemplates, NewTemplate, Registered, SampleFile, TemplateError, TemplateStanding};
use super::webhook::{BadSignature, Handshake, ParseError, ProviderEvent, RawWebhook, Unverified, Verified};
use super::{Accepted, Found, LookUp, Outbound, StoredForm, WhatsAppService};
use budget::CallBudget;

/// So many bare 401 or 403 in a row mean that the credentials are dead (direct.md §5).
const DENIALS_UNTIL_DOWN: u32 = 3;

/// Speaks the Cloud API for one channel.
#[derive(Debug)]
pub struct DirectWhatsAppService {
    client: HttpClient,
    credentials: DirectCredentials,
    base: Url,
    public_base: Url,
    /// Ends of the names of the hosts that may see the token when a file is fetched.
    media_hosts: Vec<String>,
    /// Bare denials since the last answer of another kind.
    denials: AtomicU32,
    /// Shared with the other channels of the app and the account.
    budget: CallBudget,
}

impl DirectWhatsAppService {
    pub fn new(
        client: HttpClient,
        account: &ChannelAccount,
        credentials: DirectCredentials,
        budget: CallBudget,
    ) -> Self {
        Self {
            client,
            credentials,
            base: account.bases.direct_graph.clone(),
            public_base: account.public_base.clone(),
            media_hosts: media::MEDIA_HOSTS.map(str::to_owned).to_vec(),
            denials: AtomicU32::new(0),
            budget,
        }
    }

    fn graph(&self) -> graph::Graph<'_> {
        graph::Graph {
            client: &self.client,
            base: &self.base,
            public_base: &self.public_base,
            credentials: &self.credentials,
            budget: &self.budget,
        }
    }

    /// With other hosts than [`media::MEDIA_HOSTS`] from which files are fetched.
    #[must_use]
    pub fn with_media_hosts(self, media_hosts: Vec<String>) -> Self {
        Self { media_hosts, ..self }
    }

    fn template_account(&self) -> templates::calls::Account<'_> {
        templates::calls::Account {
            client: &self.client,
            base: &self.base,
            credentials: &self.credentials,
            budget: &self.budget,
        }
    }

    /// Turns the third bare denial in a row into a dead channel.
    fn count_denials(&self, outcome: Result<Accepted, SendError>) -> Result<Accepted, SendError> {
        let denied = matches!(&outcome, Err(error)
            if error.failure.code == FailureCode::PermissionMissing && matches!(error.verdict, Verdict::Retry { .. }));
        if !denied {
            self.denials.store(0, Ordering::Relaxed);
            return outcome;
        }
        let in_a_row = self.denials.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        outcome.map_err(|error| match in_a_row {
            DENIALS_UNTIL_DOWN.. => SendError { verdict: Verdict::ChannelDown, ..error },
            _ => error,
        })
    }
}

#[async_trait]
impl WhatsAppService for DirectWhatsAppService {
    fn provider(&self) -> ProviderKind {
        ProviderKind::Direct
    }

    fn capabilities(&self) -> &'static Capabilities {
        &DIRECT
    }

    fn address(&self) -> SenderAddress {
        SenderAddress {
            account: self.credentials.waba_id.clone(),
            sender: self.credentials.whatsapp_business_phone_id.clone(),
        }
    }

    async fn send_message(&self, message: &Outbound) -> Result<Accepted, SendError> {
        let request = request::send(&self.base, &self.credentials, message).map_err(|_| unbuilt())?;
        self.count_denials(response::sent(self.client.send(request).await, message))
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
        signature::verify(&self.credentials, raw.signature.as_deref(), &raw.body)
    }

    fn handshake(&self, request: &Handshake) -> Option<String> {
        webhook::handshake(request, &self.credentials.verify_token)
    }

    fn parse_webhook(&self, raw: &RawWebhook) -> Result<Vec<ProviderEvent>, ParseError> {
        webhook::parse(&raw.body)
    }

    /// Meta has no list of messages; only a webhook can tell.
    async fn look_up(&self, _wanted: &LookUp) -> Result<Option<Vec<Found>>, SendError> {
        Ok(None)
    }

    /// Nor of what people sent: what no webhook told is lost.
    async fn messages_received(&self, _since: Ts) -> Result<Option<Received>, SendError> {
        Ok(None)
    }

    async fn message_kept(&self, _provider_message_id: &str) -> Result<Option<KeptMessage>, SendError> {
        Ok(None)
    }

    async fn with_files(&self, kept: KeptMessage) -> Result<KeptMessage, SendError> {
        Ok(kept)
    }

    /// Meta takes every kind inline.
    fn stored_form(&self, _content: &Content) -> Result<Option<StoredForm>, SendError> {
        Ok(None)
    }

    /// Never asked for, since no content has a stored form here.
    async fn create_stored_content(&self, _form: &StoredForm) -> Result<String, SendError> {
        Err(unbuilt())
    }

    /// As [`WhatsAppService::create_stored_content`].
    async fn delete_stored_content(&self, _id: &str) -> Result<(), SendError> {
        Err(unbuilt())
    }

    /// Meta takes contact cards inline.
    fn vcard(&self, _content: &Content) -> Option<String> {
        None
    }

    fn keeps_media(&self) -> bool {
        true
    }

    async fn upload_media(&self, file: &MediaFile) -> Result<UploadedMedia, SendError> {
        let request = media::upload(&self.base, &self.credentials, file);
        media::uploaded(self.client.send(request).await)
    }

    async fn fetch_media(&self, source: &InboundMediaSource) -> Result<Arriving, FetchError> {
        let (client, base) = (&self.client, &self.base);
        media::Inbox { client, base, credentials: &self.credentials, hosts: &self.media_hosts }.open(source).await
    }

    async fn mark_read(&self, provider_message_id: &str, typing: bool) -> Result<(), SendError> {
        let request = marks::request(&self.base, &self.credentials, provider_message_id, typing);
        marks::answered(self.client.send(request.map_err(|_| unbuilt())?).await)
    }

    fn management(&self) -> Option<ManagementStanding> {
        Some(self.budget.standing())
    }

    fn may_look(&self) -> Result<(), Ts> {
        self.budget.look()
    }

    async fn check_connection(&self, depth: Depth) -> Examination {
        check::run(self.graph(), depth).await
    }

    async fn repair_connection(&self) -> Repair {
        repair::run(self.graph()).await
    }

    /// Only the body is signed, so that no address can be wrong.
    fn explain_refusal(&self, raw: &RawWebhook, _heard: &[String]) -> Unverified {
        Unverified::plain(self.verify_webhook(raw).err().unwrap_or(BadSignature::Mismatch))
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
        reference: &str,
        template: NewTemplate<'_>,
        with_category: bool,
    ) -> Result<Registered, TemplateError> {
        self.template_account().edit(reference, template, with_category).await
    }

    async fn delete_template(&self, reference: &str, name: &str) -> Result<(), TemplateError> {
        self.template_account().delete(reference, name).await
    }

    async fn upload_sample(&self, file: &SampleFile) -> Result<String, TemplateError> {
        self.template_account().upload(file).await
    }
}

#[cfg(test)]
mod tests;
