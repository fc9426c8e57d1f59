//! What the gateway knows already of the messages that webhooks name.

use std::collections::{BTreeSet, HashMap};

use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::inbound::InboundContent;
use crate::domain::message::Direction;
use crate::providers::webhook::InboundEvent;
use crate::storage::conn::Conn;
use crate::storage::inbound::KnownMessage;
use crate::storage::{StorageResult, inbound as stored};

use super::reading::Reading;

/// Messages by the providers' ids, of both directions.
#[derive(Debug, Default)]
pub(super) struct Known(HashMap<(ChannelId, String), KnownMessage>);

/// Looks up everything a batch names: what came, what it answers or reacts to, and what it changes.
pub(super) fn messages(conn: &mut Conn, readings: &[&Reading]) -> StorageResult<Known> {
    let came = readings.iter().flat_map(|reading| &reading.messages).flat_map(|(channel, event)| {
        let named = [Some(event.provider_message_id.as_str()), event.reply_to.as_deref(), reaction_target(event)];
        named.into_iter().flatten().map(|id| (channel.id, id))
    });
    let changed = readings
        .iter()
        .flat_map(|reading| &reading.amendments)
        .map(|(channel, event)| (channel.id, event.original_message_id.as_str()));
    let wanted: BTreeSet<(ChannelId, &str)> = came.chain(changed).collect();
    stored::by_provider_ids(conn, &wanted).map(Known)
}

pub(super) fn reaction_target(event: &InboundEvent) -> Option<&str> {
    match &event.content {
        InboundContent::Reaction(reaction) => Some(&reaction.provider_message_id),
        _ => None,
    }
}

impl Known {
    pub fn any(&self, channel: ChannelId, provider_message_id: &str) -> Option<MessageId> {
        self.0.get(&(channel, provider_message_id.to_owned())).map(|known| known.id)
    }

    pub fn incoming(&self, channel: ChannelId, provider_message_id: &str) -> Option<MessageId> {
        let known = self.0.get(&(channel, provider_message_id.to_owned()))?;
        (known.direction == Direction::Inbound).then_some(known.id)
    }
}
