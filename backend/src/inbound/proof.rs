//! What a batch of webhooks proves of its channels: that messages go the whole way.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::channels::round_trip::PROVEN_FOR;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, JournalId, WorkspaceId};
use crate::domain::time::Ts;
use crate::storage::StorageResult;
use crate::storage::conn::Conn;
use crate::storage::facts::{self, Evidence};

use super::reading::Reading;

/// Notes evidence: a status of an attempt of ours, or a message from a person. A channel that had none for a day is told of.
///
/// # Errors
/// The database failed.
pub(super) fn note(
    conn: &mut Conn,
    readings: &[&Reading],
    unmatched: &BTreeSet<JournalId>,
    now: Ts,
) -> StorageResult<Vec<(WorkspaceId, NewEvent)>> {
    let mut proven: BTreeMap<(WorkspaceId, ChannelId), bool> = BTreeMap::new();
    let mut at = Ts::from_micros(0);
    for reading in readings {
        let matched = reading.statuses.iter().filter(|_| !unmatched.contains(&reading.entry.id));
        let matched = matched.map(|(channel, _)| (channel, false));
        let heard = reading.messages.iter().map(|(channel, _)| (channel, true));
        for (channel, heard) in matched.chain(heard) {
            *proven.entry((channel.workspace, channel.id)).or_default() |= heard;
            at = at.max(reading.entry.received_at);
        }
    }
    if proven.is_empty() {
        return Ok(Vec::new());
    }
    let proven: Vec<Evidence> =
        proven.into_iter().map(|((workspace, channel), heard)| Evidence { workspace, channel, heard }).collect();
    let fresh = facts::prove(conn, &proven, at, PROVEN_FOR, now)?;
    let told = |(workspace, channel)| {
        let data = json!({ "round_trip_at": at });
        (workspace, NewEvent { channel: Some(channel), data, ..NewEvent::new(EventKind::ChannelProven, now) })
    };
    Ok(fresh.into_iter().map(told).collect())
}
