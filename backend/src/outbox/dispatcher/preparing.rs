//! What messages need before they can leave: which wait for which steps, and the note that one of them leaves now.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use super::Dispatcher;
use super::wire::SENDING_MARGIN;
use crate::channels::preparation::Need;
use crate::channels::{LoadedChannel, RegistryError};
use crate::crash;
use crate::domain::class::MessageClass;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{AttemptId, ChannelId};
use crate::domain::provider::ProviderKind;
use crate::domain::unknown::{AUTHENTICATION_LIFE, UnknownSettings};
use crate::providers::{Outbound, Prepared, SendError, Verdict};
use crate::storage::beginnings::{self, Begun};
use crate::storage::delivery::Claimed;

/// What a message asks of each of the dispatcher's steps, in their order.
pub(super) type Needs = Vec<Need>;

/// Messages of one channel, or why it can't send them.
pub(super) struct Batch {
    pub channel: Result<Arc<LoadedChannel>, SendError>,
    pub messages: Vec<Bound>,
}

/// A message with the name of its attempt.
pub(super) struct Bound {
    pub attempt: AttemptId,
    pub message: Claimed,
    needs: Needs,
    validity: Option<Duration>,
}

impl Bound {
    /// Its attempt, as it is to be made durable.
    pub fn begun(&self) -> Begun {
        Begun {
            message: self.message.id,
            attempt: self.attempt,
            preparing: takes_time(&self.needs),
            validity: self.validity,
        }
    }

    fn outbound(self) -> Outbound {
        Outbound {
            attempt: self.attempt,
            message: self.message.id,
            to: self.message.recipient,
            content: self.message.content,
            reply_to: self.message.reply_to,
            validity: self.validity,
            prepared: Prepared::default(),
        }
    }
}

/// Whether the preparation takes more than a look. That is noted with the attempt: should the gateway stop meanwhile, nothing
/// of it can have left.
pub(super) fn takes_time(needs: &[Need]) -> bool {
    needs.contains(&Need::Work)
}

/// Messages by what they need, so that none waits for a step that it does not need.
pub(super) fn by_needs(messages: Vec<Bound>) -> BTreeMap<Needs, Vec<Outbound>> {
    let mut parties: BTreeMap<Needs, Vec<Outbound>> = BTreeMap::new();
    for mut bound in messages {
        parties.entry(std::mem::take(&mut bound.needs)).or_default().push(bound.outbound());
    }
    parties
}

impl Dispatcher {
    /// Names an attempt for each message and finds out what it needs.
    pub(super) async fn bind(&self, messages: Vec<Claimed>) -> Vec<Batch> {
        let mut by_channel: HashMap<ChannelId, Vec<Claimed>> = HashMap::new();
        for message in messages {
            by_channel.entry(message.channel).or_default().push(message);
        }
        let mut batches = Vec::with_capacity(by_channel.len());
        for (id, messages) in by_channel {
            let channel = self.channel(id).await.map_err(|error| not_loaded(&error));
            let needs = |message: &Claimed| match &channel {
                Ok(channel) => self.0.preparations.iter().map(|step| step.need(channel, &message.content)).collect(),
                Err(_) => Needs::new(),
            };
            let unknown = self.unknown_settings(&channel, &messages).await;
            let validity = |message: &Claimed| unknown.as_ref()?.validity(message.class, AUTHENTICATION_LIFE);
            let bound = |message| Bound {
                attempt: AttemptId::new(),
                needs: needs(&message),
                validity: validity(&message),
                message,
            };
            let messages = messages.into_iter().map(bound).collect();
            batches.push(Batch { channel, messages });
        }
        batches
    }

    /// How the workspace treats unknown messages, where that decides how long a copy may live: of one-time codes at Twilio.
    async fn unknown_settings(
        &self,
        channel: &Result<Arc<LoadedChannel>, SendError>,
        messages: &[Claimed],
    ) -> Option<UnknownSettings> {
        let channel = channel.as_ref().ok().filter(|channel| channel.provider == ProviderKind::Twilio)?;
        if !messages.iter().any(|message| message.class == MessageClass::OneTimeCode) {
            return None;
        }
        let route = self.0.channels.registry().route(channel.workspace).await.ok()?;
        Some(route.delivery.unknown.clone())
    }

    /// Messages that need the same, by whether they are ready or must wait.
    pub(super) async fn by_readiness(
        &self,
        channel: &LoadedChannel,
        needs: &[Need],
        party: Vec<Outbound>,
    ) -> (Vec<Outbound>, Vec<Outbound>) {
        let mut waiting: HashSet<AttemptId> = HashSet::new();
        // One alone holds up nobody.
        if party.len() > 1 {
            for (step, _) in self.0.preparations.iter().zip(needs).filter(|(_, need)| **need == Need::Work) {
                waiting.extend(step.waiting(channel, &party).await);
            }
        }
        party.into_iter().partition(|one| !waiting.contains(&one.attempt))
    }

    /// Makes durable that prepared messages of a limit group leave now, before their first byte does. Those whose attempts are
    /// not returned must not be sent.
    ///
    /// # Errors
    /// Why none of them may be sent.
    pub(super) async fn leave(&self, group: &str, prepared: &[Outbound]) -> Result<Vec<AttemptId>, SendError> {
        let Some(fence) = self.fence_of(group).filter(|_| !prepared.is_empty()) else {
            return Ok(Vec::new());
        };
        let begun = |one: &Outbound| Begun {
            message: one.message,
            attempt: one.attempt,
            preparing: true,
            validity: one.validity,
        };
        let prepared: Vec<Begun> = prepared.iter().map(begun).collect();
        let claimant = self.claimant(self.0.settings.provider_timeout + SENDING_MARGIN);
        let now = self.0.clock.now();
        let left = self.0.db.write(move |conn| beginnings::leave(conn, &fence, &claimant, &prepared, now)).await;
        crash::point("prepared");
        left.map_err(|error| {
            tracing::warn!(%error, "prepared messages could not be noted as leaving, and are not sent");
            let detail = "The database did not answer in time. Nothing was sent; it is tried again.";
            SendError::new(Verdict::Retry { after: None }, FailureCode::ConnectionFailed, None, detail)
        })
    }
}

/// Nothing was sent: the channel could not even be read.
fn not_loaded(error: &RegistryError) -> SendError {
    let (verdict, detail) = match error {
        RegistryError::Missing => (Verdict::Rejected, "The channel was deleted before the message could be sent."),
        RegistryError::SandboxOff => {
            (Verdict::ChannelDown, "The sandbox is switched off. Start with the sandbox on to send.")
        }
        RegistryError::Incomplete(_) | RegistryError::Vault(_) => {
            (Verdict::ChannelDown, "The channel's credentials can't be read. Enter them again.")
        }
        RegistryError::Storage(_) => {
            (Verdict::Retry { after: None }, "The channel could not be read; it is tried again.")
        }
    };
    SendError::new(verdict, FailureCode::SenderMisconfigured, None, detail)
}
