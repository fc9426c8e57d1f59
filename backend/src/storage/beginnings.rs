//! Attempts before the wire: made durable under a lease, let go once they are prepared. Unscoped: the dispatcher serves all
//! workspaces.

use std::collections::HashMap;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Text};

use super::conn::{Conn, each};
use super::delivery::Claimant;
use super::error::StorageResult;
use super::schema::attempts;
use super::set::{self, SetWriter};
use super::suppressions;
use super::types::{DbTime, DbUuid};
use crate::domain::ids::{AttemptId, ChannelId, MessageId, WorkspaceId};
use crate::domain::state::AttemptState;
use crate::domain::time::Ts;

/// The lease that a `sending` commit demands.
#[derive(Clone, Debug)]
pub struct Fence {
    pub group: String,
    pub epoch: i64,
}

/// A durable attempt: from here on bytes may be on the wire, unless it is being prepared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun {
    pub message: MessageId,
    pub attempt: AttemptId,
    /// What it needs is still being brought to the provider; no byte of it leaves before [`leave`] has let it go.
    pub preparing: bool,
    /// How long the provider was told that the copy may wait in its queue.
    pub validity: Option<Duration>,
}

#[derive(QueryableByName)]
struct BegunRow {
    #[diesel(sql_type = DbUuid)]
    id: MessageId,
    #[diesel(sql_type = DbUuid)]
    workspace_id: WorkspaceId,
    #[diesel(sql_type = DbUuid)]
    channel_id: ChannelId,
    #[diesel(sql_type = Integer)]
    attempt: i32,
    #[diesel(sql_type = DbUuid)]
    attempt_id: AttemptId,
}

#[derive(Insertable)]
#[diesel(table_name = attempts, treat_none_as_default_value = false)]
struct NewAttempt {
    id: AttemptId,
    workspace_id: WorkspaceId,
    message_id: MessageId,
    channel_id: ChannelId,
    n: i32,
    state: AttemptState,
    created_at: Ts,
    preparing: bool,
    valid_seconds: Option<i32>,
}

/// Makes attempts durable for claimed messages, each under its limit group's lease. Only those that are still ours, under a lease
/// that still holds, and whose person has not opted out of them are returned; the others must not be sent.
pub fn begin(
    conn: &mut Conn,
    claimant: &Claimant,
    granted: &[(Fence, Vec<Begun>)],
    now: Ts,
) -> StorageResult<Vec<Begun>> {
    let all = || granted.iter().flat_map(|(fence, begun)| begun.iter().map(move |begun| (fence, begun)));
    suppressions::keep_still(conn, all().map(|(_, begun)| begun.message))?;
    let writer = SetWriter::of(conn);
    let parameter = set::rows(all().map(|(fence, begun)| {
        set::row([
            ("id", writer.id(begun.message)),
            ("attempt_id", writer.id(begun.attempt)),
            ("limit_group", writer.text(Some(&fence.group))),
            ("epoch", fence.epoch.into()),
        ])
    }));
    let sql = conn.pick(include_str!("sql/sqlite/begin_attempts.sql"), include_str!("sql/postgres/begin_attempts.sql"));
    let rows: Vec<BegunRow> = sql_query(sql)
        .bind::<Text, _>(parameter)
        .bind::<BigInt, _>(claimant.lease_micros)
        .bind::<DbTime, _>(now)
        .bind::<Text, _>(&claimant.holder)
        .load(conn)?;
    let granted: HashMap<AttemptId, Begun> = all().map(|(_, begun)| (begun.attempt, *begun)).collect();
    let new: Vec<NewAttempt> = rows
        .iter()
        .map(|row| NewAttempt {
            id: row.attempt_id,
            workspace_id: row.workspace_id,
            message_id: row.id,
            channel_id: row.channel_id,
            n: row.attempt,
            state: AttemptState::Sending,
            created_at: now,
            preparing: granted.get(&row.attempt_id).is_some_and(|begun| begun.preparing),
            valid_seconds: granted.get(&row.attempt_id).and_then(|begun| i32::try_from(begun.validity?.as_secs()).ok()),
        })
        .collect();
    if !new.is_empty() {
        each!(conn, c => diesel::insert_into(attempts::table).values(&new).execute(c))?;
    }
    Ok(new.iter().filter_map(|new| granted.get(&new.id).copied()).collect())
}

#[derive(QueryableByName)]
struct LeavingRow {
    #[diesel(sql_type = DbUuid)]
    attempt_id: AttemptId,
}

/// Lets prepared attempts go: from here on bytes may be on the wire, under a lease that begins now. It demands what [`begin`]
/// does, which may have been seconds ago; the attempts that are not returned must not be sent.
pub fn leave(
    conn: &mut Conn,
    fence: &Fence,
    claimant: &Claimant,
    prepared: &[Begun],
    now: Ts,
) -> StorageResult<Vec<AttemptId>> {
    suppressions::keep_still(conn, prepared.iter().map(|begun| begun.message))?;
    let writer = SetWriter::of(conn);
    let parameter = set::rows(
        prepared
            .iter()
            .map(|begun| set::row([("id", writer.id(begun.message)), ("attempt_id", writer.id(begun.attempt))])),
    );
    let sql = conn.pick(include_str!("sql/sqlite/renew_sending.sql"), include_str!("sql/postgres/renew_sending.sql"));
    // The messages first: whoever settles an attempt locks its message before it looks, and so comes wholly before or after.
    let ours: Vec<LeavingRow> = sql_query(sql)
        .bind::<Text, _>(parameter)
        .bind::<BigInt, _>(claimant.lease_micros)
        .bind::<DbTime, _>(now)
        .bind::<Text, _>(&claimant.holder)
        .bind::<Text, _>(&fence.group)
        .bind::<BigInt, _>(fence.epoch)
        .load(conn)?;
    let ours: Vec<AttemptId> = ours.into_iter().map(|row| row.attempt_id).collect();
    Ok(each!(conn, c => diesel::update(
            attempts::table.filter(attempts::id.eq_any(&ours)).filter(attempts::state.eq(AttemptState::Sending)),
        )
        .set((attempts::preparing.eq(false), attempts::left_at.eq(Some(now))))
        .returning(attempts::id)
        .load(c))?)
}

/// Which of these attempts are durable.
pub fn durable(conn: &mut Conn, wanted: Vec<Begun>) -> StorageResult<Vec<Begun>> {
    let ids: Vec<AttemptId> = wanted.iter().map(|begun| begun.attempt).collect();
    let there: Vec<AttemptId> = attempts::table.filter(attempts::id.eq_any(ids)).select(attempts::id).load(conn)?;
    Ok(wanted.into_iter().filter(|begun| there.contains(&begun.attempt)).collect())
}
