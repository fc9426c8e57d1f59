//! What messages need before they can leave: which wait for which steps, and the note that one of them leaves now.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Dispatcher;
use super::wire::SENDING_MARGIN;
use crate::channels::LoadedChannel;
use crate::channels::preparation::Need;
use crate::crash;
use crate::domain::content::Content;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{AttemptId, ChannelId};
use crate::providers::{Outbound, SendError, Verdict};
use crate::storage::delivery::{self, Begun, Claimed};

/// Which of the dispatcher's steps a message needs, in their order.
pub(super) type Steps = Vec<bool>;

impl Dispatcher {
    /// Names an attempt for each message, and notes those whose preparation takes more than a look: should the gateway stop
    /// meanwhile, nothing of them can have left.
    pub(super) async fn attempts_for(&self, messages: &[Claimed]) -> Vec<Begun> {
        let mut channels: HashMap<ChannelId, Option<Arc<LoadedChannel>>> = HashMap::new();
        let mut begun = Vec::with_capacity(messages.len());
        for message in messages {
            if let Entry::Vacant(unknown) = channels.entry(message.channel) {
                // Without its channel the message fails before anything is prepared.
                unknown.insert(self.channel(message.channel).await.ok());
            }
            let channel = channels.get(&message.channel).and_then(Option::as_ref);
            let preparing = channel.is_some_and(|channel| self.needs(channel, &message.content).contains(&Need::Work));
            begun.push(Begun { message: message.id, attempt: AttemptId::new(), preparing });
        }
        begun
    }

    fn needs(&self, channel: &LoadedChannel, content: &Content) -> Vec<Need> {
        self.0.preparations.iter().map(|step| step.need(channel, content)).collect()
    }

    /// A channel's messages by the steps that they need, so that none waits for another's medium; those that need none come
    /// first.
    pub(super) fn by_steps(&self, channel: &LoadedChannel, batch: Vec<Outbound>) -> BTreeMap<Steps, Vec<Outbound>> {
        let mut parties: BTreeMap<Steps, Vec<Outbound>> = BTreeMap::new();
        for outbound in batch {
            let needs = self.needs(channel, &outbound.content);
            let steps = needs.into_iter().map(|need| need != Need::Nothing).collect();
            parties.entry(steps).or_default().push(outbound);
        }
        parties
    }

    /// Makes durable that prepared attempts of a limit group leave now, before their first byte does. The others must not be
    /// sent.
    ///
    /// # Errors
    /// Why none of them may be sent.
    pub(super) async fn leave(&self, group: &str, prepared: Vec<Begun>) -> Result<Vec<AttemptId>, SendError> {
        let Some(fence) = self.fence_of(group).filter(|_| !prepared.is_empty()) else {
            return Ok(Vec::new());
        };
        let claimant = self.claimant(self.0.settings.provider_timeout + SENDING_MARGIN);
        let now = self.0.clock.now();
        let left = self.0.db.write(move |conn| delivery::leave(conn, &fence, &claimant, &prepared, now)).await;
        crash::point("prepared");
        left.map_err(|error| {
            tracing::warn!(%error, "prepared messages could not be noted as leaving, and are not sent");
            let detail = "The database did not answer in time. Nothing was sent; it is tried again.";
            SendError::new(Verdict::Retry { after: None }, FailureCode::ConnectionFailed, None, detail)
        })
    }
}
