//! Storing what people send, once each, and what follows from it.

use std::collections::HashMap;

use serde_json::json;

use crate::domain::contact::{Identity, IdentityKind};
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, MediaId, MessageId, WorkspaceId};
use crate::domain::inbound::{InboundContent, SystemEvent};
use crate::domain::media::InboundMediaSource;
use crate::domain::message::Direction;
use crate::domain::state::MessageState;
use crate::domain::time::Ts;
use crate::storage::StorageResult;
use crate::storage::conn::Conn;
use crate::storage::contacts::names::{self, Renaming};
use crate::storage::conversations::Heard;
use crate::storage::inbound;
use crate::storage::media::NewInboundMedia;
use crate::storage::messages::NewMessage;
use crate::storage::types::Json;

use super::known::{Known, reaction_target};
use super::opt_outs::{self, Said};
use super::people::{Met, Sender, changed, current};

/// What storing led to.
#[derive(Default)]
pub(super) struct Stored {
    pub news: Vec<(WorkspaceId, NewEvent)>,
    /// What opens windows.
    pub heard: Vec<Heard>,
    /// What is to be fetched.
    pub media: Vec<NewInboundMedia>,
}

/// A message on its way into the database, with all that hangs on it.
struct Arrival<'a> {
    sender: &'a Sender<'a>,
    id: MessageId,
    content: InboundContent,
    reply_to_id: Option<MessageId>,
    media: Option<NewInboundMedia>,
}

/// Stores new messages. What another worker has stored in between leads to nothing.
pub(super) fn store(conn: &mut Conn, known: &Known, met: &Met<'_>, now: Ts) -> StorageResult<Stored> {
    if met.senders.is_empty() {
        return Ok(Stored::default());
    }
    let in_batch: HashMap<(ChannelId, &str), MessageId> = met
        .senders
        .iter()
        .map(|sender| ((sender.channel.id, sender.event.provider_message_id.as_str()), MessageId::new()))
        .collect();
    let named = |channel: ChannelId, id: &str| known.any(channel, id).or_else(|| in_batch.get(&(channel, id)).copied());
    let mut arrivals = Vec::with_capacity(met.senders.len());
    let mut rows = Vec::with_capacity(met.senders.len());
    for sender in &met.senders {
        let arrival = arrival(sender, named)?;
        rows.push(row(&arrival, now)?);
        arrivals.push(arrival);
    }
    let fresh = inbound::insert(conn, &rows)?;
    arrivals.retain(|arrival| fresh.contains(&arrival.id));
    let said = arrivals.iter().map(|arrival| Said { sender: arrival.sender, content: &arrival.content });
    let opted = opt_outs::apply(conn, &said.collect::<Vec<_>>(), now)?;
    let mut stored = Stored::default();
    for arrival in arrivals {
        stored.take(conn, arrival)?;
    }
    stored.news.extend(opted);
    Ok(stored)
}

fn arrival<'a>(
    sender: &'a Sender<'a>,
    named: impl Fn(ChannelId, &str) -> Option<MessageId>,
) -> StorageResult<Arrival<'a>> {
    let (channel, event) = (sender.channel.id, sender.event);
    let id = named(channel, &event.provider_message_id).unwrap_or_default();
    let mut content = event.content.clone();
    if let InboundContent::Reaction(reaction) = &mut content {
        reaction.message_id = named(channel, &reaction.provider_message_id);
    }
    let (content, media) = keep_medium(content, event.media.as_ref(), sender, id);
    Ok(Arrival {
        sender,
        id,
        content,
        reply_to_id: event.reply_to.as_deref().and_then(|quoted| named(channel, quoted)),
        media,
    })
}

/// Gives a medium the id under which the gateway keeps it.
fn keep_medium(
    content: InboundContent,
    reference: Option<&InboundMediaSource>,
    sender: &Sender<'_>,
    message: MessageId,
) -> (InboundContent, Option<NewInboundMedia>) {
    let place = (sender.channel.workspace, sender.channel.id);
    new_medium(content, reference, place, message, sender.at)
}

/// The content with the id of its medium, and what is to be fetched under that id.
pub(super) fn new_medium(
    content: InboundContent,
    reference: Option<&InboundMediaSource>,
    (workspace_id, channel_id): (WorkspaceId, ChannelId),
    message_id: MessageId,
    at: Ts,
) -> (InboundContent, Option<NewInboundMedia>) {
    let Some((kind, medium)) = content.media() else { return (content, None) };
    let new = NewInboundMedia {
        id: MediaId::new(),
        workspace_id,
        channel_id,
        message_id,
        kind: kind.into(),
        mime_type: medium.mime_type.clone(),
        filename: medium.filename.clone(),
        source: reference.cloned().unwrap_or_default(),
        at,
    };
    (content.kept_as(new.id), Some(new))
}

fn row(arrival: &Arrival<'_>, now: Ts) -> StorageResult<NewMessage> {
    let Arrival { sender, .. } = arrival;
    let context = &sender.event.context;
    Ok(NewMessage {
        id: arrival.id,
        workspace_id: sender.channel.workspace,
        channel_id: sender.channel.id,
        contact_id: sender.contact,
        direction: Direction::Inbound,
        kind: arrival.content.kind().to_owned(),
        recipient: sender.name(),
        content: Json::of(&arrival.content)?,
        state: MessageState::Received,
        run_at: sender.at,
        attempt: 0,
        tries: 0,
        provider_message_id: Some(sender.event.provider_message_id.clone()),
        reply_to: sender.event.reply_to.clone(),
        reply_to_id: arrival.reply_to_id,
        context: if context.is_empty() { None } else { Some(Json::of(context)?) },
        client_reference: None,
        expires_at: None,
        created_at: sender.at,
        updated_at: now,
        class: None,
        terms: None,
    })
}

impl Stored {
    /// What a new message leads to.
    fn take(&mut self, conn: &mut Conn, arrival: Arrival<'_>) -> StorageResult<()> {
        let Arrival { sender, id, .. } = &arrival;
        let workspace = sender.channel.workspace;
        if arrival.content.opens_window() {
            self.heard.push(Heard {
                workspace,
                channel: sender.channel.id,
                contact: sender.contact,
                message: *id,
                at: sender.at,
                referred: sender.event.context.referral.is_some(),
            });
        }
        self.news.push((workspace, received(&arrival)));
        if let Some(target) = reaction_target(sender.event)
            && let InboundContent::Reaction(reaction) = &arrival.content
            && let Some(message) = reaction.message_id
        {
            let data = json!({ "emoji": reaction.emoji, "from": sender.name(), "contact_id": sender.contact,
                "reaction_id": id, "provider_message_id": target });
            self.news.push((workspace, sender.event_about(EventKind::MessageReacted, Some(message), data)));
        }
        if let Some(event) = renamed(conn, sender)? {
            self.news.push((workspace, event));
        }
        if let InboundContent::System(note) = &arrival.content
            && note.event == SystemEvent::CustomerIdentityChanged
        {
            let data = json!({ "contact_id": sender.contact, "from": sender.name() });
            self.news.push((workspace, sender.event_about(EventKind::ContactIdentityChanged, Some(*id), data)));
        }
        self.media.extend(arrival.media);
        Ok(())
    }
}

fn received(arrival: &Arrival<'_>) -> NewEvent {
    let Arrival { sender, .. } = arrival;
    let mut data = json!({ "from": sender.name(), "contact_id": sender.contact, "content": arrival.content });
    if let Some(members) = data.as_object_mut() {
        if let Some(quoted) = arrival.reply_to_id {
            members.insert("reply_to_id".to_owned(), json!(quoted));
        }
        if !sender.event.context.is_empty() {
            members.insert("context".to_owned(), json!(sender.event.context));
        }
    }
    sender.event_about(EventKind::MessageReceived, Some(arrival.id), data)
}

/// A person has another number or user id: the former ones are kept, but nothing goes there any more.
fn renamed(conn: &mut Conn, sender: &Sender<'_>) -> StorageResult<Option<NewEvent>> {
    let Some(note) = changed(sender.event) else { return Ok(None) };
    let current = current(note);
    // Another user id says nothing of the number, unless the note names one.
    let keeps_number = note.event == SystemEvent::UserChangedUserId && note.phone.is_none();
    let is_former = |name: &Identity| !(current.contains(name) || (keeps_number && name.kind == IdentityKind::Phone));
    let renaming = Renaming {
        workspace: sender.channel.workspace,
        contact: sender.contact,
        // A business may have written another form than WhatsApp names.
        former: sender.event.person.identities().iter().flat_map(Identity::forms).filter(is_former).collect(),
        current,
        at: sender.at,
    };
    let changes = names::rename(conn, &renaming)?;
    let of = |retired: bool| changes.iter().filter(move |(_, end)| end.is_some() == retired).map(|(name, _)| name);
    let data = json!({ "contact_id": sender.contact, "reason": note.event,
        "retired": of(true).collect::<Vec<_>>(), "current": of(false).collect::<Vec<_>>() });
    Ok(Some(sender.event_about(EventKind::ContactUpdated, None, data)))
}

impl Sender<'_> {
    /// The person as the message names them.
    fn name(&self) -> String {
        self.event.person.recipient().map(|recipient| recipient.to_string()).unwrap_or_default()
    }

    fn event_about(&self, kind: EventKind, message: Option<MessageId>, data: serde_json::Value) -> NewEvent {
        NewEvent {
            message,
            channel: Some(self.channel.id),
            journal: Some(self.reading.entry.id),
            data,
            ..NewEvent::new(kind, self.at)
        }
    }
}
