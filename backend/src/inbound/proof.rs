//! What a batch of webhooks proves of its channels: that they are told of, and that messages go the whole way.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::channels::LoadedChannel;
use crate::channels::round_trip::PROVEN_FOR;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, JournalId, WorkspaceId};
use crate::domain::time::Ts;
use crate::storage::StorageResult;
use crate::storage::conn::Conn;
use crate::storage::facts::{self, Evidence};

use super::reading::Reading;

/// What came back for which channel: of a status only when it is of an attempt of ours.
pub(super) fn gather(readings: &[&Reading], unmatched: &BTreeSet<JournalId>) -> Vec<Evidence> {
    let mut found: BTreeMap<ChannelId, Evidence> = BTreeMap::new();
    for reading in readings.iter().filter(|reading| reading.was_brought()) {
        let at = reading.entry.received_at;
        let mut note = |channel: &LoadedChannel, proves: bool, heard: bool| {
            let (workspace, channel) = (channel.workspace, channel.id);
            let empty = Evidence { workspace, channel, told: at, proven: None, heard: None };
            let one = found.entry(channel).or_insert(empty);
            one.told = one.told.max(at);
            one.proven = one.proven.max(proves.then_some(at));
            one.heard = one.heard.or(heard.then_some(at));
        };
        let is_ours = !unmatched.contains(&reading.entry.id);
        reading.statuses.iter().for_each(|(channel, _)| note(channel, is_ours, false));
        reading.messages.iter().for_each(|(channel, _)| note(channel, true, true));
        reading.amendments.iter().for_each(|(channel, _)| note(channel, false, false));
    }
    found.into_values().collect()
}

/// Notes the evidence. A channel that had proven nothing for a day is told of.
///
/// # Errors
/// The database failed.
pub(super) fn note(conn: &mut Conn, evidence: &[Evidence], now: Ts) -> StorageResult<Vec<(WorkspaceId, NewEvent)>> {
    let told = |(workspace, channel, at)| {
        let data = json!({ "round_trip_at": at });
        (workspace, NewEvent { channel: Some(channel), data, ..NewEvent::new(EventKind::ChannelProven, now) })
    };
    Ok(facts::note(conn, evidence, PROVEN_FOR, now)?.into_iter().map(told).collect())
}
