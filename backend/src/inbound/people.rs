//! Whom a batch of webhooks is about.

use std::collections::{HashMap, HashSet};

use crate::channels::LoadedChannel;
use crate::domain::contact::{Bsuid, Identity};
use crate::domain::ids::{AttemptId, ChannelId, ContactId};
use crate::domain::inbound::{InboundContent, SystemEvent, SystemNote};
use crate::domain::phone::Phone;
use crate::domain::receipt::Receipt;
use crate::domain::time::Ts;
use crate::providers::webhook::{InboundEvent, StatusOutcome};
use crate::storage::StorageResult;
use crate::storage::conn::Conn;
use crate::storage::contacts::merge::Merged;
use crate::storage::contacts::names::{self, Introduction};
use crate::storage::contacts::resolve::{self, Sighting};

use super::known::Known;
use super::process::{precise, statuses};
use super::reading::Reading;

/// The contacts behind the messages of a batch.
pub(super) struct Met<'a> {
    /// Only messages that are new, in their order.
    pub senders: Vec<Sender<'a>>,
    pub merged: Vec<Merged>,
}

/// A new message and who sent it.
pub(super) struct Sender<'a> {
    pub reading: &'a Reading,
    pub channel: &'a LoadedChannel,
    pub event: &'a InboundEvent,
    pub contact: ContactId,
    pub at: Ts,
}

/// Finds or makes the contact of each new message, and learns from receipts under which further names our recipients are known.
/// What came before is not looked at again: a name in it may belong to somebody else by now.
pub(super) fn meet<'a>(
    conn: &mut Conn,
    readings: &'a [&'a Reading],
    known: &Known,
    recipients: &HashMap<AttemptId, ContactId>,
    now: Ts,
) -> StorageResult<Met<'a>> {
    let mut seen: HashSet<(ChannelId, &str)> = HashSet::new();
    let new: Vec<(&Reading, &LoadedChannel, &InboundEvent, Ts)> = readings
        .iter()
        .flat_map(|reading| reading.messages.iter().map(move |(channel, event)| (*reading, channel.as_ref(), event)))
        .filter(|(_, channel, event)| known.incoming(channel.id, &event.provider_message_id).is_none())
        .filter(|(_, channel, event)| seen.insert((channel.id, &event.provider_message_id)))
        .map(|(reading, channel, event)| (reading, channel, event, precise(event.at, reading.entry.received_at)))
        .collect();
    let mut sightings: Vec<Sighting> = new.iter().map(|(_, channel, event, at)| sender(channel, event, *at)).collect();
    sightings.extend(receivers(readings, recipients));
    if sightings.is_empty() {
        return Ok(Met { senders: Vec::new(), merged: Vec::new() });
    }
    let resolved = resolve::resolve(conn, &sightings, now)?;
    let senders: Vec<Sender<'a>> = new
        .into_iter()
        .zip(&resolved.contacts)
        .map(|((reading, channel, event, at), contact)| Sender { reading, channel, event, contact: *contact, at })
        .collect();
    let introductions: Vec<Introduction> = senders
        .iter()
        .map(|sender| Introduction {
            contact: sender.contact,
            name: sender.event.person.name.clone(),
            username: sender.event.person.username.clone(),
        })
        .collect();
    names::introduce(conn, &introductions, now)?;
    Ok(Met { senders, merged: resolved.merged })
}

fn sender(channel: &LoadedChannel, event: &InboundEvent, at: Ts) -> Sighting {
    let own = event.person.identities();
    let (former, identities) = match changed(event) {
        // Under what they had before; what they have from here on stands in the note.
        Some(note) => (own, current(note)),
        None => (Vec::new(), own),
    };
    Sighting { workspace: channel.workspace, identities, former, contact: None, at: Some(at) }
}

/// The note by which a person changes their number or user id.
pub(super) fn changed(event: &InboundEvent) -> Option<&SystemNote> {
    match &event.content {
        InboundContent::System(note)
            if matches!(note.event, SystemEvent::UserChangedNumber | SystemEvent::UserChangedUserId) =>
        {
            Some(note)
        }
        _ => None,
    }
}

/// The names that a note gives to the person.
pub(super) fn current(note: &SystemNote) -> Vec<Identity> {
    let phone = note.phone.as_deref().and_then(|number| Phone::parse(number).ok());
    let bsuid = note.bsuid.as_deref().and_then(Bsuid::parse);
    phone.iter().map(Identity::phone).chain(bsuid.iter().map(Identity::bsuid)).collect()
}

/// Once for each message: every one that went out has a receipt for being sent, which names the person as WhatsApp does.
fn receivers<'a>(
    readings: &'a [&'a Reading],
    recipients: &'a HashMap<AttemptId, ContactId>,
) -> impl Iterator<Item = Sighting> + 'a {
    statuses(readings).filter_map(|(reading, channel, status)| {
        if status.outcome != StatusOutcome::Receipt(Receipt::Sent) {
            return None;
        }
        Some(Sighting {
            workspace: channel.workspace,
            identities: status.person.as_ref()?.identities(),
            former: Vec::new(),
            contact: Some(*recipients.get(&status.attempt?)?),
            at: Some(precise(status.at, reading.entry.received_at)),
        })
    })
}
