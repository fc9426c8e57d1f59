//! Deleting what is older than the installation keeps. Unscoped: one setting for all workspaces.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StorageResult;
use super::schema::{attempts, events, journal, messages};
use crate::domain::ids::{JournalId, MessageId, WorkspaceId};
use crate::domain::state::{JournalState, MessageState};
use crate::domain::time::Ts;

/// Rows deleted in one transaction.
const BATCH: i64 = 1_000;

/// Deletes raw webhooks that were processed and came before a time; one batch. Returns how many.
pub fn purge_webhooks(conn: &mut Conn, before: Ts) -> StorageResult<usize> {
    let old: Vec<JournalId> = journal::table
        .filter(journal::received_at.lt(before))
        .filter(journal::state.eq_any([JournalState::Done, JournalState::Dead]))
        .select(journal::id)
        .limit(BATCH)
        .load(conn)?;
    Ok(diesel::delete(journal::table.filter(journal::id.eq_any(old))).execute(conn)?)
}

/// Deletes messages, with their attempts, that were made before a time and whose story has ended, or from which nothing is
/// heard any more; never one that waits or is unknown. One batch. Returns how many.
pub fn purge_messages(conn: &mut Conn, before: Ts) -> StorageResult<usize> {
    let ended = [
        MessageState::Accepted,
        MessageState::Sent,
        MessageState::Delivered,
        MessageState::Read,
        MessageState::Failed,
        MessageState::Cancelled,
        MessageState::Expired,
        MessageState::Received,
    ];
    let old: Vec<MessageId> = messages::table
        .filter(messages::created_at.lt(before).and(messages::state.eq_any(ended)))
        .select(messages::id)
        .limit(BATCH)
        .load(conn)?;
    diesel::delete(attempts::table.filter(attempts::message_id.eq_any(&old))).execute(conn)?;
    Ok(diesel::delete(messages::table.filter(messages::id.eq_any(old))).execute(conn)?)
}

/// Deletes entries of one workspace's feed made before a time, always the oldest places first; one batch. Returns how many.
pub fn purge_events(conn: &mut Conn, workspace: WorkspaceId, before: Ts) -> StorageResult<usize> {
    let oldest: Vec<(i64, Ts)> = events::table
        .filter(events::workspace_id.eq(workspace))
        .order(events::seq)
        .select((events::seq, events::at))
        .limit(BATCH)
        .load(conn)?;
    // An entry's time is the provider's and may lie back; the first one to keep ends the batch, so that no gap arises.
    let Some(last) = oldest.iter().take_while(|(_, at)| *at < before).map(|(seq, _)| *seq).last() else { return Ok(0) };
    Ok(diesel::delete(events::table.filter(events::workspace_id.eq(workspace).and(events::seq.le(last))))
        .execute(conn)?)
}
