//! The send queue's rows in motion: claim, put back, end. Unscoped: the dispatcher serves all workspaces.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};
use serde_json::json;

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::messages;
use super::set::{self, SetWriter};
use super::types::{DbJson, DbTime, DbUuid, Json};
use crate::domain::class::MessageClass;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::failure::Failure;
use crate::domain::ids::{ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::state::{HoldReason, MessageState};
use crate::domain::terms::Terms;
use crate::domain::time::Ts;

/// Who claims, and for how long: microseconds on the database's clock.
#[derive(Clone, Debug)]
pub struct Claimant {
    pub holder: String,
    pub lease_micros: i64,
}

/// A message that a worker has taken; nothing is on the wire.
#[derive(Clone, Debug)]
pub struct Claimed {
    pub id: MessageId,
    pub workspace: WorkspaceId,
    pub channel: ChannelId,
    pub recipient: Recipient,
    pub content: Content,
    pub contact: ContactId,
    /// The provider's id of the message that this one answers, or that a reaction is put on.
    pub reply_to: Option<String>,
    pub run_at: Ts,
    pub expires_at: Option<Ts>,
    pub tries: i32,
    pub class: MessageClass,
    pub terms: Terms,
    /// The account at which its person counts as reached first by it; set before it leaves, if that is limited.
    pub reaches: Option<String>,
}

#[derive(QueryableByName)]
struct ClaimedRow {
    #[diesel(sql_type = DbUuid)]
    id: MessageId,
    #[diesel(sql_type = DbUuid)]
    workspace_id: WorkspaceId,
    #[diesel(sql_type = DbUuid)]
    channel_id: ChannelId,
    #[diesel(sql_type = Text)]
    recipient: Recipient,
    #[diesel(sql_type = DbJson)]
    content: Json,
    #[diesel(sql_type = DbUuid)]
    contact_id: ContactId,
    #[diesel(sql_type = Nullable<Text>)]
    reply_to: Option<String>,
    #[diesel(sql_type = DbTime)]
    run_at: Ts,
    #[diesel(sql_type = Nullable<DbTime>)]
    expires_at: Option<Ts>,
    #[diesel(sql_type = Integer)]
    tries: i32,
    #[diesel(sql_type = Text)]
    class: MessageClass,
    #[diesel(sql_type = Nullable<DbJson>)]
    terms: Option<Json>,
}

/// Takes up to `limit` due messages of one class of a channel, the longest due first.
pub fn claim(
    conn: &mut Conn,
    channel: ChannelId,
    class: MessageClass,
    claimant: &Claimant,
    now: Ts,
    limit: u32,
) -> StorageResult<Vec<Claimed>> {
    let sql = conn.pick(include_str!("sql/sqlite/claim_messages.sql"), include_str!("sql/postgres/claim_messages.sql"));
    let mut rows: Vec<ClaimedRow> = sql_query(sql)
        .bind::<Text, _>(&claimant.holder)
        .bind::<BigInt, _>(claimant.lease_micros)
        .bind::<DbUuid, _>(channel)
        .bind::<Text, _>(class)
        .bind::<DbTime, _>(now)
        .bind::<BigInt, _>(i64::from(limit))
        .load(conn)?;
    rows.sort_by_key(|row| (row.run_at, row.id));
    rows.into_iter()
        .map(|row| {
            Ok(Claimed {
                id: row.id,
                workspace: row.workspace_id,
                channel: row.channel_id,
                recipient: row.recipient,
                content: row.content.read()?,
                contact: row.contact_id,
                reply_to: row.reply_to,
                run_at: row.run_at,
                expires_at: row.expires_at,
                tries: row.tries,
                class: row.class,
                terms: row.terms.map(|terms| terms.read()).transpose()?.unwrap_or_default(),
                reaches: None,
            })
        })
        .collect()
}

/// A claimed message that goes back to the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    pub id: MessageId,
    /// When it is due.
    pub run_at: Ts,
    /// Why it has to wait until then, if there is anything to say about that.
    pub hold: Option<HoldReason>,
}

/// Puts claimed messages back, because they can't be sent yet.
pub fn release(conn: &mut Conn, holder: &str, back: &[Returned]) -> StorageResult<()> {
    let writer = SetWriter::of(conn);
    let parameter = set::rows(back.iter().map(|returned| {
        set::row([
            ("id", writer.id(returned.id)),
            ("run_at", writer.time(Some(returned.run_at))),
            ("hold_reason", writer.text(returned.hold.map(HoldReason::as_str))),
        ])
    }));
    let sql =
        conn.pick(include_str!("sql/sqlite/release_messages.sql"), include_str!("sql/postgres/release_messages.sql"));
    sql_query(sql).bind::<Text, _>(parameter).bind::<Text, _>(holder).execute(conn)?;
    Ok(())
}

/// Puts claimed messages back for later, each with why it waits. Returns what to tell the feeds.
pub fn hold(
    conn: &mut Conn,
    holder: &str,
    held: &[(Claimed, Ts, HoldReason)],
    now: Ts,
) -> StorageResult<Vec<(WorkspaceId, NewEvent)>> {
    let writer = SetWriter::of(conn);
    let parameter = set::rows(held.iter().map(|(message, until, reason)| {
        set::row([
            ("id", writer.id(message.id)),
            ("run_at", writer.time(Some(*until))),
            ("hold_reason", writer.text(Some(reason.as_str()))),
        ])
    }));
    let sql = conn.pick(include_str!("sql/sqlite/hold_messages.sql"), include_str!("sql/postgres/hold_messages.sql"));
    let there: Vec<EndedRow> =
        sql_query(sql).bind::<Text, _>(parameter).bind::<DbTime, _>(now).bind::<Text, _>(holder).load(conn)?;
    Ok(held
        .iter()
        .filter(|(message, ..)| there.iter().any(|row| row.id == message.id))
        .map(|(message, until, reason)| {
            let event = NewEvent {
                message: Some(message.id),
                channel: Some(message.channel),
                data: json!({ "hold_reason": reason, "run_at": until }),
                ..NewEvent::new(EventKind::MessageHeld, now)
            };
            (message.workspace, event)
        })
        .collect())
}

/// A channel's lane that has something to send.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct DueLane {
    #[diesel(sql_type = DbUuid)]
    pub id: ChannelId,
    #[diesel(sql_type = Text)]
    pub limit_group: String,
    #[diesel(sql_type = Text)]
    pub class: MessageClass,
}

/// The lanes of these limit groups' channels that may send and have a message that is due: a look that costs no write, and does not
/// wade through what waits on channels that are held.
pub fn due_lanes<'a>(conn: &mut Conn, groups: impl Iterator<Item = &'a str>, now: Ts) -> StorageResult<Vec<DueLane>> {
    let parameter = set::rows(groups.map(serde_json::Value::from));
    let sql = conn.pick(include_str!("sql/sqlite/due_lanes.sql"), include_str!("sql/postgres/due_lanes.sql"));
    Ok(sql_query(sql).bind::<Text, _>(parameter).bind::<DbTime, _>(now).load(conn)?)
}

/// Ends claimed messages whose time is over; nothing of them is on the wire. Returns what to tell the feeds.
pub fn expire(
    conn: &mut Conn,
    holder: &str,
    expired: &[Claimed],
    now: Ts,
) -> StorageResult<Vec<(WorkspaceId, NewEvent)>> {
    let ids: Vec<MessageId> = expired.iter().map(|message| message.id).collect();
    let ended: Vec<MessageId> = each!(conn, c => diesel::update(
            messages::table
                .filter(messages::id.eq_any(&ids))
                .filter(messages::state.eq(MessageState::Claimed))
                .filter(messages::claimed_by.eq(holder)),
        )
        .set((messages::state.eq(MessageState::Expired), messages::updated_at.eq(now)))
        .returning(messages::id)
        .load(c))?;
    Ok(expired
        .iter()
        .filter(|message| ended.contains(&message.id))
        .map(|message| {
            let event = NewEvent {
                message: Some(message.id),
                channel: Some(message.channel),
                data: json!({ "expires_at": message.expires_at }),
                ..NewEvent::new(EventKind::MessageExpired, now)
            };
            (message.workspace, event)
        })
        .collect())
}

/// Ends claimed messages that must not be sent, each for its reason; nothing of them is on the wire. Returns what to tell the
/// feeds.
pub fn fail(
    conn: &mut Conn,
    holder: &str,
    failed: &[(Claimed, Failure)],
    now: Ts,
) -> StorageResult<Vec<(WorkspaceId, NewEvent)>> {
    end(conn, holder, failed, (MessageState::Failed, EventKind::MessageFailed), now)
}

/// As [`fail`] for messages whose time will be over before they may be sent.
pub fn expire_early(
    conn: &mut Conn,
    holder: &str,
    expired: &[(Claimed, Failure)],
    now: Ts,
) -> StorageResult<Vec<(WorkspaceId, NewEvent)>> {
    end(conn, holder, expired, (MessageState::Expired, EventKind::MessageExpired), now)
}

fn end(
    conn: &mut Conn,
    holder: &str,
    failed: &[(Claimed, Failure)],
    (state, kind): (MessageState, EventKind),
    now: Ts,
) -> StorageResult<Vec<(WorkspaceId, NewEvent)>> {
    let writer = SetWriter::of(conn);
    let rows = failed
        .iter()
        .map(|(message, failure)| {
            Ok(set::row([("id", writer.id(message.id)), ("failure", writer.json(Some(&Json::of(failure)?)))]))
        })
        .collect::<StorageResult<Vec<_>>>()?;
    let sql = conn.pick(include_str!("sql/sqlite/end_messages.sql"), include_str!("sql/postgres/end_messages.sql"));
    let ended: Vec<EndedRow> = sql_query(sql)
        .bind::<Text, _>(set::rows(rows))
        .bind::<DbTime, _>(now)
        .bind::<Text, _>(holder)
        .bind::<Text, _>(state)
        .load(conn)?;
    Ok(failed
        .iter()
        .filter(|(message, _)| ended.iter().any(|row| row.id == message.id))
        .map(|(message, failure)| {
            let event = NewEvent {
                message: Some(message.id),
                channel: Some(message.channel),
                data: json!({ "failure": failure }),
                ..NewEvent::new(kind, now)
            };
            (message.workspace, event)
        })
        .collect())
}

#[derive(QueryableByName)]
struct EndedRow {
    #[diesel(sql_type = DbUuid)]
    id: MessageId,
}
