//! Twilio's Messages API. Facts: `providers/twilio.md`, state of 22 November 2026.

mod check;
pub mod errors;
pub mod form;
mod media;
pub mod request;
pub mod response;
pub mod signature;
pub mod webhook;

use async_trait::async_trait;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use url::Url;

use crate::client::{Arriving, HttpClient};
use crate::domain::ids::{AttemptId, ChannelId};
use crate::domain::media::InboundMediaSource;
use crate::domain::provider::{ProviderKind, SenderAddress};

use super::account::{BaseAddresses, ChannelAccount, TwilioCredentials};
use super::capabilities::{Capabilities, TWILIO};
use super::check::CheckReport;
use super::codes::unbuilt;
use super::failure::SendError;
use super::media::{FetchError, MediaFile, UploadedMedia};
use super::webhook::{BadSignature, Handshake, ParseError, ProviderEvent, RawWebhook, Verified};
use super::{Accepted, Found, LookUp, Outbound, WhatsAppService};

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
        response::sent(self.client.send(request.map_err(|_| unbuilt())?).await, message)
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
        let request = request::look_up(&self.bases.twilio_api, &self.credentials, wanted);
        response::found(self.client.send(request).await, wanted.sent_after).map(Some)
    }

    /// Twilio takes no files; it fetches them.
    async fn upload_media(&self, _file: &MediaFile) -> Result<Option<UploadedMedia>, SendError> {
        Ok(None)
    }

    async fn fetch_media(&self, source: &InboundMediaSource) -> Result<Arriving, FetchError> {
        let (client, base) = (&self.client, &self.bases.twilio_api);
        media::Inbox { client, base, credentials: &self.credentials }.open(source).await
    }

    async fn check_connection(&self) -> CheckReport {
        check::run(&self.client, &self.bases, &self.public_base, self.channel, &self.credentials).await
    }
}

#[cfg(test)]
mod tests;
