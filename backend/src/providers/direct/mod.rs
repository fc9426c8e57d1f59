//! Meta's WhatsApp Cloud API. Facts: `providers/direct.md`, state of 22 November 2026.

mod check;
pub mod errors;
pub mod form;
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

use crate::client::HttpClient;
use crate::domain::failure::FailureCode;
use crate::domain::ids::AttemptId;
use crate::domain::provider::{ProviderKind, SenderAddress};

use super::account::{ChannelAccount, DirectCredentials};
use super::capabilities::{Capabilities, DIRECT};
use super::check::CheckReport;
use super::codes::unbuilt;
use super::failure::{SendError, Verdict};
use super::templates::{ListedTemplates, NewTemplate, Registered, SampleFile, TemplateError, TemplateStanding};
use super::webhook::{BadSignature, Handshake, ParseError, ProviderEvent, RawWebhook, Verified};
use super::{Accepted, Found, LookUp, Outbound, WhatsAppService};

/// So many bare 401 or 403 in a row mean that the credentials are dead (direct.md §5).
const DENIALS_UNTIL_DOWN: u32 = 3;

/// Speaks the Cloud API for one channel.
#[derive(Debug)]
pub struct DirectWhatsAppService {
    client: HttpClient,
    credentials: DirectCredentials,
    base: Url,
    public_base: Url,
    /// Bare denials since the last answer of another kind.
    denials: AtomicU32,
}

impl DirectWhatsAppService {
    pub fn new(client: HttpClient, account: &ChannelAccount, credentials: DirectCredentials) -> Self {
        Self {
            client,
            credentials,
            base: account.bases.direct_graph.clone(),
            public_base: account.public_base.clone(),
            denials: AtomicU32::new(0),
        }
    }

    fn template_account(&self) -> templates::calls::Account<'_> {
        templates::calls::Account { client: &self.client, base: &self.base, credentials: &self.credentials }
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

    async fn check_connection(&self) -> CheckReport {
        check::run(&self.client, &self.base, &self.public_base, &self.credentials).await
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
