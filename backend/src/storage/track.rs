//! Messages and attempts under lock, so that answers and receipts are applied in one place and saved as a set.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::conn::Conn;
use super::error::StorageResult;
use super::schema::{attempts, channels, messages};
use super::set::{self, SetWriter};
use super::types::{DbTime, DbUuid, Json};
use crate::domain::class::MessageClass;
use crate::domain::ids::{AttemptId, ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::state::{AttemptState, Evidence, HoldReason, MessageState};
use crate::domain::time::Ts;

/// The part of a message that answers and receipts change.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct TrackedMessage {
    pub id: MessageId,
    pub workspace_id: WorkspaceId,
    pub channel_id: ChannelId,
    pub contact_id: ContactId,
    pub state: MessageState,
    pub hold_reason: Option<HoldReason>,
    pub run_at: Ts,
    pub attempt_id: Option<AttemptId>,
    pub tries: i32,
    pub failure: Option<Json>,
    pub provider_message_id: Option<String>,
    pub expires_at: Option<Ts>,
    /// Read only.
    pub class: Option<MessageClass>,
    pub updated_at: Ts,
    pub accepted_at: Option<Ts>,
    pub sent_at: Option<Ts>,
    pub delivered_at: Option<Ts>,
    pub read_at: Option<Ts>,
    pub failed_at: Option<Ts>,
    /// On which terms it is delivered. Read only.
    pub terms: Option<Json>,
}

/// The part of an attempt that answers and receipts change.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable)]
#[diesel(table_name = attempts)]
pub struct TrackedAttempt {
    pub id: AttemptId,
    pub message_id: MessageId,
    pub channel_id: ChannelId,
    pub state: AttemptState,
    pub provider_message_id: Option<String>,
    pub failure: Option<Json>,
    pub evidence: Option<Evidence>,
    pub answered_at: Option<Ts>,
    pub accepted_at: Option<Ts>,
    pub sent_at: Option<Ts>,
    pub delivered_at: Option<Ts>,
    pub read_at: Option<Ts>,
    pub failed_at: Option<Ts>,
    pub pricing: Option<Json>,
    /// Nothing of it has left; what it needs is being brought to the provider. Read only.
    pub preparing: bool,
    /// Read only.
    pub created_at: Ts,
    /// When prepared content was let go. Read only.
    pub left_at: Option<Ts>,
    /// What was done to find out what became of it.
    pub inquiry: Option<Json>,
}

impl TrackedAttempt {
    /// When its first byte may have left.
    pub fn left(&self) -> Ts {
        self.left_at.unwrap_or(self.created_at)
    }
}

/// Rows held under lock until the transaction ends.
#[derive(Debug, Default)]
pub struct Tracked {
    pub messages: HashMap<MessageId, TrackedMessage>,
    pub attempts: HashMap<AttemptId, TrackedAttempt>,
}

/// The attempts that a provider's ids belong to.
pub fn by_provider_ids(
    conn: &mut Conn,
    wanted: &[(ChannelId, String)],
) -> StorageResult<HashMap<(ChannelId, String), AttemptId>> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<&str> = wanted.iter().map(|(_, id)| id.as_str()).collect();
    let channels: Vec<ChannelId> = wanted.iter().map(|(channel, _)| *channel).collect();
    let rows: Vec<(ChannelId, Option<String>, AttemptId)> = attempts::table
        .filter(attempts::provider_message_id.eq_any(ids).and(attempts::channel_id.eq_any(channels)))
        .select((attempts::channel_id, attempts::provider_message_id, attempts::id))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(channel, id, attempt)| Some(((channel, id?), attempt))).collect())
}

/// Locks the messages of these attempts, always in the order of their ids, and reads both.
pub fn lock(conn: &mut Conn, ids: &[AttemptId]) -> StorageResult<Tracked> {
    let mut message_ids: Vec<MessageId> =
        attempts::table.filter(attempts::id.eq_any(ids)).select(attempts::message_id).load(conn)?;
    message_ids.sort_unstable();
    message_ids.dedup();
    let rows = messages::table.filter(messages::id.eq_any(&message_ids)).order(messages::id);
    let locked: Vec<TrackedMessage> = match conn {
        Conn::Postgres(pg) => rows.select(TrackedMessage::as_select()).for_update().load(pg)?,
        Conn::Sqlite(sqlite) => rows.select(TrackedMessage::as_select()).load(sqlite)?,
    };
    // Read after the lock: what another transaction changed before it let go is seen.
    let tries: Vec<TrackedAttempt> =
        attempts::table.filter(attempts::id.eq_any(ids)).select(TrackedAttempt::as_select()).load(conn)?;
    Ok(Tracked {
        messages: locked.into_iter().map(|message| (message.id, message)).collect(),
        attempts: tries.into_iter().map(|attempt| (attempt.id, attempt)).collect(),
    })
}

/// Writes changed rows back, one statement for each table.
pub fn save<'a>(
    conn: &mut Conn,
    changed_messages: impl IntoIterator<Item = &'a TrackedMessage>,
    changed_attempts: impl IntoIterator<Item = &'a TrackedAttempt>,
) -> StorageResult<()> {
    let w = SetWriter::of(conn);
    let message_rows: Vec<_> = changed_messages
        .into_iter()
        .map(|m| {
            set::row([
                ("id", w.id(m.id)),
                ("state", w.text(Some(m.state.as_str()))),
                ("hold_reason", w.text(m.hold_reason.map(HoldReason::as_str))),
                ("run_at", w.time(Some(m.run_at))),
                ("tries", m.tries.into()),
                ("failure", w.json(m.failure.as_ref())),
                ("provider_message_id", w.text(m.provider_message_id.as_deref())),
                ("expires_at", w.time(m.expires_at)),
                ("updated_at", w.time(Some(m.updated_at))),
                ("accepted_at", w.time(m.accepted_at)),
                ("sent_at", w.time(m.sent_at)),
                ("delivered_at", w.time(m.delivered_at)),
                ("read_at", w.time(m.read_at)),
                ("failed_at", w.time(m.failed_at)),
            ])
        })
        .collect();
    let attempt_rows: Vec<_> = changed_attempts
        .into_iter()
        .map(|a| {
            set::row([
                ("id", w.id(a.id)),
                ("state", w.text(Some(a.state.as_str()))),
                ("provider_message_id", w.text(a.provider_message_id.as_deref())),
                ("failure", w.json(a.failure.as_ref())),
                ("evidence", w.text(a.evidence.map(Evidence::as_str))),
                ("answered_at", w.time(a.answered_at)),
                ("accepted_at", w.time(a.accepted_at)),
                ("sent_at", w.time(a.sent_at)),
                ("delivered_at", w.time(a.delivered_at)),
                ("read_at", w.time(a.read_at)),
                ("failed_at", w.time(a.failed_at)),
                ("pricing", w.json(a.pricing.as_ref())),
                ("inquiry", w.json(a.inquiry.as_ref())),
            ])
        })
        .collect();
    if !message_rows.is_empty() {
        let sql =
            conn.pick(include_str!("sql/sqlite/save_messages.sql"), include_str!("sql/postgres/save_messages.sql"));
        sql_query(sql).bind::<Text, _>(set::rows(message_rows)).execute(conn)?;
    }
    if !attempt_rows.is_empty() {
        let sql =
            conn.pick(include_str!("sql/sqlite/save_attempts.sql"), include_str!("sql/postgres/save_attempts.sql"));
        sql_query(sql).bind::<Text, _>(set::rows(attempt_rows)).execute(conn)?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct LostAttempt {
    #[diesel(sql_type = DbUuid)]
    attempt_id: AttemptId,
}

/// Attempts whose lease is over although nobody settled them: they may be on the wire. With `all`, whatever their lease
/// (a lone process that has just started knows that nobody else works).
pub fn lost_attempts(conn: &mut Conn, all: bool, limit: u32) -> StorageResult<Vec<AttemptId>> {
    let sql = match (conn.is_postgres(), all) {
        (true, _) => include_str!("sql/postgres/lost_attempts.sql"),
        (false, false) => include_str!("sql/sqlite/lost_attempts.sql"),
        (false, true) => include_str!("sql/sqlite/all_sending.sql"),
    };
    let rows: Vec<LostAttempt> = sql_query(sql).bind::<BigInt, _>(i64::from(limit)).load(conn)?;
    Ok(rows.into_iter().map(|row| row.attempt_id).collect())
}

/// Claimed messages whose worker is gone go back to the queue: nothing was sent. With `all`, whatever their lease.
pub fn requeue_abandoned(conn: &mut Conn, all: bool, now: Ts) -> StorageResult<usize> {
    if all {
        let changed = diesel::update(messages::table.filter(messages::state.eq(MessageState::Claimed)))
            .set((messages::state.eq(MessageState::Queued), messages::updated_at.eq(now)))
            .execute(conn)?;
        return Ok(changed);
    }
    let sql =
        conn.pick(include_str!("sql/sqlite/requeue_abandoned.sql"), include_str!("sql/postgres/requeue_abandoned.sql"));
    Ok(sql_query(sql).bind::<DbTime, _>(now).execute(conn)?)
}

/// Claimed messages of a limit group that another holder claimed before the group changed hands go back to the queue.
pub fn requeue_of_former_holder(conn: &mut Conn, group: &str, holder: &str, now: Ts) -> StorageResult<usize> {
    let of_group = channels::table.filter(channels::limit_group.eq(group)).select(channels::id);
    let ids: Vec<ChannelId> = of_group.load(conn)?;
    Ok(diesel::update(
        messages::table
            .filter(messages::state.eq(MessageState::Claimed))
            .filter(messages::channel_id.eq_any(ids))
            .filter(messages::claimed_by.ne(holder)),
    )
    .set((messages::state.eq(MessageState::Queued), messages::updated_at.eq(now)))
    .execute(conn)?)
}
