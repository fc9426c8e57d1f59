//! What a batch of webhooks proves of its channels: that they are heard of, and that messages go the whole way.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::channels::round_trip::PROVEN_FOR;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, JournalId, WorkspaceId};
use crate::domain::time::Ts;
use crate::storage::conn::Conn;
use crate::storage::{StorageResult, facts};

use super::reading::Reading;

/// Notes what was heard of each sender, and evidence: a status of an attempt of ours, or a message from a person. A channel that
/// had none for a day is told of.
///
/// # Errors
/// The database failed.
pub(super) fn note(
    conn: &mut Conn,
    readings: &[&Reading],
    unmatched: &BTreeSet<JournalId>,
    now: Ts,
) -> StorageResult<Vec<(WorkspaceId, NewEvent)>> {
    let mut heard: BTreeMap<(WorkspaceId, ChannelId), bool> = BTreeMap::new();
    let mut at = Ts::from_micros(0);
    for reading in readings {
        let matched = !unmatched.contains(&reading.entry.id);
        let statuses = reading.statuses.iter().map(|(channel, _)| (channel, matched));
        let messages = reading.messages.iter().map(|(channel, _)| (channel, true));
        let amendments = reading.amendments.iter().map(|(channel, _)| (channel, false));
        for (channel, proves) in statuses.chain(messages).chain(amendments) {
            *heard.entry((channel.workspace, channel.id)).or_default() |= proves;
            at = at.max(reading.entry.received_at);
        }
    }
    if heard.is_empty() {
        return Ok(Vec::new());
    }
    let evidence: Vec<_> = heard
        .into_iter()
        .map(|((workspace, channel), proves)| facts::Evidence { workspace, channel, proves })
        .collect();
    let fresh = facts::hear(conn, &evidence, at, PROVEN_FOR, now)?;
    let told = |(workspace, channel)| {
        let data = json!({ "round_trip_at": at });
        (workspace, NewEvent { channel: Some(channel), data, ..NewEvent::new(EventKind::ChannelProven, now) })
    };
    Ok(fresh.into_iter().map(told).collect())
}
