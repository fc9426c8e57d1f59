//! The webhook endpoint's whole work: check the signature on the raw bytes, store them, answer. Nothing else.

use std::sync::Arc;

use crate::channels::{LoadedChannel, Registry, RegistryError};
use crate::clock::SharedClock;
use crate::domain::ids::{ChannelId, JournalId};
use crate::domain::provider::ProviderKind;
use crate::domain::state::JournalOrigin;
use crate::providers::{BadSignature, Handshake, RawWebhook};
use crate::queue::Wake;
use crate::storage::conn::Conn;
use crate::storage::group_commit::GroupCommit;
use crate::storage::journal::{self, NewEntry};
use crate::storage::{Db, StorageError, StorageResult};

use super::refusals::Refusals;

#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// No channel listens there.
    #[error("no such webhook endpoint")]
    UnknownEndpoint,
    #[error(transparent)]
    BadSignature(#[from] BadSignature),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<RegistryError> for IngestError {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Storage(error) => Self::Storage(error),
            RegistryError::Missing
            | RegistryError::SandboxOff
            | RegistryError::Incomplete(_)
            | RegistryError::Vault(_) => Self::UnknownEndpoint,
        }
    }
}

/// What arrived, before anybody trusts it.
#[derive(Clone, Debug)]
pub struct Received {
    /// Path and query exactly as received, still percent-encoded.
    pub target: String,
    /// The provider's signature header.
    pub signature: Option<String>,
    pub body: Vec<u8>,
    /// The hosts that the request names, in whichever header. Anybody may set them: they explain a refusal, nothing else.
    pub heard: Vec<String>,
}

/// Takes webhooks in. Cheap to clone.
#[derive(Clone)]
pub struct Ingest {
    registry: Registry,
    commits: GroupCommit<NewEntry, ()>,
    clock: SharedClock,
    wake: Wake,
    refusals: Refusals,
}

impl Ingest {
    /// `wake` is the processing worker's. Must be called inside the runtime.
    pub fn start(db: &Db, registry: Registry, clock: SharedClock, wake: Wake) -> Self {
        let refusals = Refusals::new(db.clone(), Arc::clone(&clock));
        Self { registry, commits: GroupCommit::start(db, commit), clock, wake, refusals }
    }

    /// Meta's webhook for one app. It counts for the channels whose own secret verified it: whoever registers another's app id
    /// with a secret of their own gains nothing.
    ///
    /// # Errors
    /// The endpoint is unknown, no secret verifies it, or it could not be stored.
    pub async fn direct(&self, app: &str, received: Received) -> Result<(), IngestError> {
        let channels = self.registry.by_app_id(app).await?;
        let verified = match verified_by(&channels, &received) {
            Ok(verified) => verified,
            Err(refusal) => match self.registry.reload_app(app).await {
                Some(channels) => self.verified_or_noted(&channels, &received).await?,
                None => return Err(self.noted(&channels, &received, refusal).await),
            },
        };
        self.store(ProviderKind::Direct, verified, received).await
    }

    /// Twilio's webhook for one channel.
    ///
    /// # Errors
    /// As [`Ingest::direct`].
    pub async fn twilio(&self, id: ChannelId, received: Received) -> Result<(), IngestError> {
        let channel = self.registry.by_id(id).await?;
        if channel.provider != ProviderKind::Twilio {
            return Err(IngestError::UnknownEndpoint);
        }
        let channels = [channel];
        let verified = match verified_by(&channels, &received) {
            Ok(verified) => verified,
            Err(refusal) => match self.registry.reload(id).await {
                Some(channel) => self.verified_or_noted(&[channel], &received).await?,
                None => return Err(self.noted(&channels, &received, refusal).await),
            },
        };
        self.store(ProviderKind::Twilio, verified, received).await
    }

    /// Meta's handshake for one app: the challenge when a channel of the app knows the token.
    ///
    /// # Errors
    /// The channels could not be read.
    pub async fn handshake(&self, app: &str, request: &Handshake) -> Result<Option<String>, IngestError> {
        let channels = self.registry.by_app_id(app).await?;
        let answers: Vec<(ChannelId, String)> =
            channels.iter().filter_map(|channel| Some((channel.id, channel.service.handshake(request)?))).collect();
        let known: Vec<ChannelId> = answers.iter().map(|(id, _)| *id).collect();
        self.refusals.handshake(&channels, &known).await;
        Ok(answers.into_iter().next().map(|(_, challenge)| challenge))
    }

    async fn verified_or_noted(
        &self,
        channels: &[Arc<LoadedChannel>],
        received: &Received,
    ) -> Result<Vec<Arc<LoadedChannel>>, IngestError> {
        match verified_by(channels, received) {
            Ok(verified) => Ok(verified),
            Err(refusal) => Err(self.noted(channels, received, refusal).await),
        }
    }

    /// Counts a refusal with what explains it.
    async fn noted(&self, channels: &[Arc<LoadedChannel>], received: &Received, refusal: IngestError) -> IngestError {
        if matches!(refusal, IngestError::BadSignature(_)) {
            self.refusals.note(channels, |channel| raw_of(channel, received), &received.heard).await;
        }
        refusal
    }

    async fn store(
        &self,
        provider: ProviderKind,
        verified: Vec<Arc<LoadedChannel>>,
        received: Received,
    ) -> Result<(), IngestError> {
        let url = verified.first().map(|channel| called_url(channel, &received)).unwrap_or_default();
        let entry = NewEntry {
            id: JournalId::new(),
            provider,
            channels: verified.iter().map(|channel| channel.id).collect(),
            url,
            body: received.body,
            at: self.clock.now(),
            origin: JournalOrigin::Webhook,
        };
        self.commits.submit(entry).await?;
        metrics::counter!("duplex_webhooks_stored_total", "provider" => provider.as_str()).increment(1);
        self.wake.wake();
        Ok(())
    }
}

/// The URL the provider called: the configured base, never a header that an outsider may set.
fn called_url(channel: &LoadedChannel, received: &Received) -> String {
    format!("{}{}", channel.public_base.as_str().trim_end_matches('/'), received.target)
}

/// The channels that the verifying secret belongs to.
fn verified_by(channels: &[Arc<LoadedChannel>], received: &Received) -> Result<Vec<Arc<LoadedChannel>>, IngestError> {
    if channels.is_empty() {
        return Err(IngestError::UnknownEndpoint);
    }
    let mut refusal = BadSignature::Missing;
    let mut verified = Vec::new();
    for channel in channels {
        match channel.service.verify_webhook(&raw_of(channel, received)) {
            Ok(_) => verified.push(Arc::clone(channel)),
            Err(reason) => refusal = reason,
        }
    }
    if verified.is_empty() {
        metrics::counter!("duplex_webhooks_refused_total").increment(1);
        tracing::debug!(%refusal, "a webhook's signature does not hold");
        return Err(refusal.into());
    }
    Ok(verified)
}

fn raw_of(channel: &LoadedChannel, received: &Received) -> RawWebhook {
    RawWebhook {
        url: called_url(channel, received),
        signature: received.signature.clone(),
        body: received.body.clone(),
    }
}

fn commit(conn: &mut Conn, entries: &[NewEntry]) -> StorageResult<Vec<()>> {
    journal::insert(conn, entries)?;
    Ok(vec![(); entries.len()])
}
