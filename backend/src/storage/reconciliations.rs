//! When each channel was last compared with what its provider keeps, and when it is next.

use std::ops::Range;
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::{channels, messages, reconciliations};
use super::types::{DbTime, DbUuid};
use crate::domain::ids::{ChannelId, MessageId, WorkspaceId};
use crate::domain::state::MessageState;
use crate::domain::time::Ts;

/// A channel that is to be compared.
#[derive(Clone, Debug, QueryableByName)]
pub struct Reconciliation {
    #[diesel(sql_type = DbUuid)]
    pub channel_id: ChannelId,
    #[diesel(sql_type = DbUuid)]
    pub workspace_id: WorkspaceId,
    /// Open messages were looked at as they stood then.
    #[diesel(sql_type = DbTime)]
    pub receipts_until: Ts,
    /// What people sent until then is known, by the provider's clock.
    #[diesel(sql_type = DbTime)]
    pub messages_until: Ts,
}

#[derive(Insertable)]
#[diesel(table_name = reconciliations, treat_none_as_default_value = false)]
struct NewReconciliation {
    channel_id: ChannelId,
    workspace_id: WorkspaceId,
    run_at: Ts,
    receipts_until: Ts,
    messages_until: Ts,
}

/// Whether a channel is due, or has never been thought of: a look that costs no write.
pub fn is_any_due(conn: &mut Conn, now: Ts) -> StorageResult<bool> {
    let due = reconciliations::table.filter(reconciliations::run_at.le(now)).select(reconciliations::channel_id);
    if due.first::<ChannelId>(conn).optional()?.is_some() {
        return Ok(true);
    }
    Ok(!missing(conn)?.is_empty())
}

fn missing(conn: &mut Conn) -> StorageResult<Vec<(ChannelId, WorkspaceId, Ts)>> {
    Ok(channels::table
        .left_join(reconciliations::table.on(reconciliations::channel_id.eq(channels::id)))
        .filter(channels::deleted_at.is_null().and(reconciliations::channel_id.nullable().is_null()))
        .select((channels::id, channels::workspace_id, channels::created_at))
        .load(conn)?)
}

/// Notes the channels that are new, each due when it is `first` old, and takes up to `limit` that are due, the longest due first.
pub fn claim(
    conn: &mut Conn,
    holder: &str,
    lease_micros: i64,
    (now, first): (Ts, Duration),
    limit: u32,
) -> StorageResult<Vec<Reconciliation>> {
    let new: Vec<NewReconciliation> = missing(conn)?
        .into_iter()
        .map(|(channel_id, workspace_id, created_at)| NewReconciliation {
            channel_id,
            workspace_id,
            run_at: created_at.plus(first),
            receipts_until: created_at,
            messages_until: created_at,
        })
        .collect();
    if !new.is_empty() {
        each!(conn, c => diesel::insert_into(reconciliations::table).values(&new).on_conflict_do_nothing().execute(c))?;
    }
    let sql = conn.pick(
        include_str!("sql/sqlite/claim_reconciliations.sql"),
        include_str!("sql/postgres/claim_reconciliations.sql"),
    );
    Ok(sql_query(sql)
        .bind::<Text, _>(holder)
        .bind::<BigInt, _>(lease_micros)
        .bind::<DbTime, _>(now)
        .bind::<BigInt, _>(i64::from(limit))
        .load(conn)?)
}

/// What a comparison led to.
#[derive(Clone, Debug)]
pub struct Reconciled {
    pub channel: ChannelId,
    pub run_at: Ts,
    pub receipts_until: Ts,
    pub messages_until: Ts,
    /// Why it could not be done whole.
    pub problem: Option<String>,
}

/// Ends a comparison, unless another node has taken it over.
pub fn settle(conn: &mut Conn, holder: &str, done: &Reconciled) -> StorageResult<()> {
    diesel::update(
        reconciliations::table
            .filter(reconciliations::channel_id.eq(done.channel).and(reconciliations::claimed_by.eq(holder))),
    )
    .set((
        reconciliations::run_at.eq(done.run_at),
        reconciliations::claimed_by.eq(None::<String>),
        reconciliations::claimed_until.eq(None::<Ts>),
        reconciliations::receipts_until.eq(done.receipts_until),
        reconciliations::messages_until.eq(done.messages_until),
        reconciliations::problem.eq(done.problem.clone()),
    ))
    .execute(conn)?;
    Ok(())
}

/// A message from which more is to be heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenMessage {
    pub id: MessageId,
    pub provider_message_id: String,
    pub state: MessageState,
}

/// Messages of a channel that were accepted in one of these times and have neither arrived nor failed, at most `limit`.
pub fn open_messages(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    accepted: &[Range<Ts>],
    limit: usize,
) -> StorageResult<Vec<OpenMessage>> {
    let mut found: Vec<OpenMessage> = Vec::new();
    for times in accepted {
        let room = limit.saturating_sub(found.len());
        if room == 0 {
            break;
        }
        let rows: Vec<(MessageId, Option<String>, MessageState)> = messages::table
            .filter(messages::workspace_id.eq(workspace).and(messages::channel_id.eq(channel)))
            .filter(messages::accepted_at.gt(times.start).and(messages::accepted_at.le(times.end)))
            .filter(messages::state.eq_any([MessageState::Accepted, MessageState::Sent]))
            .filter(messages::provider_message_id.is_not_null())
            .order(messages::accepted_at)
            .limit(i64::try_from(room).unwrap_or(i64::MAX))
            .select((messages::id, messages::provider_message_id, messages::state))
            .load(conn)?;
        for (id, provider_message_id, state) in rows {
            let Some(provider_message_id) = provider_message_id else { continue };
            if !found.iter().any(|known| known.id == id) {
                found.push(OpenMessage { id, provider_message_id, state });
            }
        }
    }
    Ok(found)
}

/// Whether anything was sent by a channel or heard of it since a time.
pub fn is_busy(conn: &mut Conn, workspace: WorkspaceId, channel: ChannelId, since: Ts) -> StorageResult<bool> {
    let told = channels::table
        .filter(channels::id.eq(channel).and(channels::workspace_id.eq(workspace)))
        .filter(channels::last_webhook_at.ge(since));
    if told.select(channels::id).first::<ChannelId>(conn).optional()?.is_some() {
        return Ok(true);
    }
    let sent = messages::table
        .filter(messages::workspace_id.eq(workspace).and(messages::channel_id.eq(channel)))
        .filter(messages::accepted_at.ge(since));
    Ok(sent.select(messages::id).first::<MessageId>(conn).optional()?.is_some())
}
