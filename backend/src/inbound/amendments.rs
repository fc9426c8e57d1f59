//! What people change or take back after they sent it. The message follows; what it said before stays only in the raw webhooks.

use std::collections::BTreeSet;

use serde_json::json;

use crate::channels::LoadedChannel;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{JournalId, MessageId, WorkspaceId};
use crate::domain::inbound::InboundContent;
use crate::domain::time::Ts;
use crate::providers::webhook::{Amendment, AmendmentEvent};
use crate::storage::StorageResult;
use crate::storage::conn::Conn;
use crate::storage::events;
use crate::storage::inbound::{self, AmendedMessage};
use crate::storage::media::{self, ContentHash, NewInboundMedia};
use crate::storage::types::Json;

use super::known::Known;
use super::messages::new_medium;
use super::process::precise;
use super::reading::Reading;

/// What amending led to.
#[derive(Default)]
pub(super) struct Amended {
    pub news: Vec<(WorkspaceId, NewEvent)>,
    pub media: Vec<NewInboundMedia>,
    /// The bytes of what was taken back or replaced; after the commit they may have to go.
    pub withdrawn: Vec<ContentHash>,
    /// Webhooks about messages that nobody knows yet.
    pub unmatched: BTreeSet<JournalId>,
    /// What is to be told of them when nobody ever will.
    unmatched_news: Vec<(JournalId, WorkspaceId, NewEvent)>,
}

impl Amended {
    /// The feed's entries for what concerns messages that never came.
    pub fn lost(&self, journal: JournalId) -> impl Iterator<Item = (WorkspaceId, NewEvent)> {
        self.unmatched_news
            .iter()
            .filter(move |(of, ..)| *of == journal)
            .map(|(_, workspace, event)| (*workspace, event.clone()))
    }
}

/// Applies changes and withdrawals. They commute: a later change wins, and what was taken back stays so.
pub(super) fn apply(conn: &mut Conn, readings: &[&Reading], known: &Known, now: Ts) -> StorageResult<Amended> {
    let mut amended = Amended::default();
    let mut found: Vec<(&Reading, &LoadedChannel, &AmendmentEvent, MessageId)> = Vec::new();
    for reading in readings {
        for (channel, event) in &reading.amendments {
            match known.incoming(channel.id, &event.original_message_id) {
                Some(message) => found.push((*reading, channel.as_ref(), event, message)),
                None => amended.wait(reading, channel, event),
            }
        }
    }
    if found.is_empty() {
        return Ok(amended);
    }
    let mut ids: Vec<MessageId> = found.iter().map(|(.., message)| *message).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut messages = inbound::lock(conn, &ids)?;
    let mut changed: BTreeSet<MessageId> = BTreeSet::new();
    for (reading, channel, event, id) in found {
        let Some(message) = messages.get_mut(&id) else { continue };
        let at = precise(event.at, reading.entry.received_at);
        let Some((kind, content, media)) = amend(message, event, at)? else { continue };
        if !changed.insert(id) {
            amended.supersede(id);
        }
        amended.media.extend(media);
        let mut data = json!({ "from": event.person.recipient(), "contact_id": message.contact_id });
        if let (Some(members), Some(content)) = (data.as_object_mut(), content) {
            members.insert("content".to_owned(), json!(content));
        }
        amended.news.push((channel.workspace, about(kind, reading, channel, Some(id), at, data)));
    }
    let changed: Vec<MessageId> = changed.into_iter().collect();
    if !changed.is_empty() {
        events::withdraw_contents(conn, &changed)?;
        // What replaces them is stored after this.
        amended.withdrawn = media::forget_of_messages(conn, &changed)?;
        inbound::amend(conn, changed.iter().filter_map(|id| messages.get(id)), now)?;
    }
    Ok(amended)
}

impl Amended {
    /// What this batch itself has brought of a message gives way to a later change of it like what came before.
    fn supersede(&mut self, message: MessageId) {
        self.media.retain(|medium| medium.message_id != message);
        for (_, event) in self.news.iter_mut().filter(|(_, event)| event.message == Some(message)) {
            if let Some(members) = event.data.as_object_mut() {
                members.remove("content");
            }
        }
    }

    fn wait(&mut self, reading: &Reading, channel: &LoadedChannel, event: &AmendmentEvent) {
        self.unmatched.insert(reading.entry.id);
        let data = json!({ "field": "message_without_original", "value": event.raw });
        let told = about(EventKind::ProviderNotice, reading, channel, None, reading.entry.received_at, data);
        self.unmatched_news.push((reading.entry.id, channel.workspace, told));
    }
}

type Change = (EventKind, Option<InboundContent>, Option<NewInboundMedia>);

/// Changes one message. `None` when something newer has been done to it, or the same.
fn amend(message: &mut AmendedMessage, event: &AmendmentEvent, at: Ts) -> StorageResult<Option<Change>> {
    let mut context = message.context()?;
    if context.deleted_at.is_some() {
        return Ok(None);
    }
    let change = match &event.change {
        Amendment::Deleted => {
            context.deleted_at = Some(at);
            message.kind = InboundContent::Deleted.kind().to_owned();
            message.content = Json::of(&InboundContent::Deleted)?;
            (EventKind::MessageDeleted, None, None)
        }
        Amendment::Edited(..) if context.edited_at.is_some_and(|newest| newest >= at) => return Ok(None),
        Amendment::Edited(content, reference) => {
            context.edited_at = Some(at);
            let place = (message.workspace_id, message.channel_id);
            let (content, media) = new_medium(content.clone(), reference.as_ref(), place, message.id, at);
            message.kind = content.kind().to_owned();
            message.content = Json::of(&content)?;
            (EventKind::MessageEdited, Some(content), media)
        }
    };
    message.set_context(&context)?;
    Ok(Some(change))
}

fn about(
    kind: EventKind,
    reading: &Reading,
    channel: &LoadedChannel,
    message: Option<MessageId>,
    at: Ts,
    data: serde_json::Value,
) -> NewEvent {
    NewEvent { message, channel: Some(channel.id), journal: Some(reading.entry.id), data, ..NewEvent::new(kind, at) }
}
