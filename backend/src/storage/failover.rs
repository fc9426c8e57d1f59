//! Messages on their way from one provider's channel to the other's. Only those of which nothing can have arrived move.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use super::conn::Conn;
use super::error::StorageResult;
use super::schema::{channels, contact_identities, messages};
use super::set::{self, SetWriter};
use super::types::{DbTime, DbUuid, Json};
use crate::domain::class::MessageClass;
use crate::domain::contact::{IdentityKind, Recipient};
use crate::domain::content::Content;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::{ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::message::Direction;
use crate::domain::state::{ChannelState, HoldReason, MessageState};
use crate::domain::terms::Terms;
use crate::domain::time::Ts;

/// A message that may have to move.
#[derive(Clone, Debug)]
pub struct Movable {
    pub id: MessageId,
    pub workspace: WorkspaceId,
    pub channel: ChannelId,
    pub contact: ContactId,
    pub recipient: Recipient,
    pub content: Content,
    pub class: MessageClass,
    pub state: MessageState,
    pub hold_reason: Option<HoldReason>,
    pub run_at: Ts,
    pub expires_at: Option<Ts>,
    pub failure: Option<Failure>,
    pub terms: Terms,
    /// It answers an earlier message of its conversation, which the other sender does not have.
    pub quotes: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct Row {
    id: MessageId,
    workspace_id: WorkspaceId,
    channel_id: ChannelId,
    contact_id: ContactId,
    recipient: Recipient,
    content: Json,
    class: Option<MessageClass>,
    state: MessageState,
    hold_reason: Option<HoldReason>,
    run_at: Ts,
    expires_at: Option<Ts>,
    failure: Option<Json>,
    terms: Option<Json>,
    reply_to: Option<String>,
}

impl Row {
    fn read(self) -> StorageResult<Movable> {
        Ok(Movable {
            id: self.id,
            workspace: self.workspace_id,
            channel: self.channel_id,
            contact: self.contact_id,
            recipient: self.recipient,
            content: self.content.read()?,
            class: self.class.unwrap_or(MessageClass::Reply),
            state: self.state,
            hold_reason: self.hold_reason,
            run_at: self.run_at,
            expires_at: self.expires_at,
            failure: self.failure.map(|failure| failure.read()).transpose()?,
            terms: self.terms.map(|terms| terms.read()).transpose()?.unwrap_or_default(),
            quotes: self.reply_to.is_some(),
        })
    }
}

/// Due messages of one class that wait on a channel, after a place in its queue.
pub fn waiting(
    conn: &mut Conn,
    (channel, class): (ChannelId, MessageClass),
    after: Option<(Ts, MessageId)>,
    now: Ts,
    limit: u16,
) -> StorageResult<Vec<Movable>> {
    let mut query = messages::table
        .filter(messages::state.eq(MessageState::Queued))
        .filter(messages::channel_id.eq(channel).and(messages::class.eq(class)).and(messages::run_at.le(now)))
        .order((messages::run_at, messages::id))
        .limit(i64::from(limit))
        .select(Row::as_select())
        .into_boxed();
    if let Some((run_at, id)) = after {
        let later = messages::run_at.gt(run_at).or(messages::run_at.eq(run_at).and(messages::id.gt(id)));
        query = query.filter(later);
    }
    query.load::<Row>(conn)?.into_iter().map(Row::read).collect()
}

/// Messages that their own provider has refused for good and that wait to be moved, or to fail after all.
pub fn refused(conn: &mut Conn, limit: u16) -> StorageResult<Vec<Movable>> {
    let rows: Vec<Row> = messages::table
        .filter(messages::state.eq(MessageState::Queued).and(messages::hold_reason.eq(HoldReason::Failover)))
        .limit(i64::from(limit))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Row::read).collect()
}

/// What a person or a program wants to be moved.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub ids: Option<Vec<MessageId>>,
    pub channel: Option<ChannelId>,
    pub failure_code: Option<FailureCode>,
    /// Failed, or waiting; both when absent.
    pub state: Option<MessageState>,
}

/// Messages of a workspace that failed or wait, after one of them, oldest first.
pub fn wanted(
    conn: &mut Conn,
    workspace: WorkspaceId,
    wanted: &Wanted,
    after: Option<MessageId>,
    limit: u16,
) -> StorageResult<Vec<Movable>> {
    let states = wanted.state.map_or_else(|| vec![MessageState::Queued, MessageState::Failed], |state| vec![state]);
    let mut query = messages::table
        .filter(messages::workspace_id.eq(workspace).and(messages::direction.eq(Direction::Outbound)))
        .filter(messages::state.eq_any(states))
        .order(messages::id)
        .limit(i64::from(limit))
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(messages::id.gt(after));
    }
    if let Some(ids) = &wanted.ids {
        query = query.filter(messages::id.eq_any(ids));
    }
    if let Some(channel) = wanted.channel {
        query = query.filter(messages::channel_id.eq(channel));
    }
    let rows: Vec<Row> = query.load(conn)?;
    let read = rows.into_iter().map(Row::read).collect::<StorageResult<Vec<_>>>()?;
    Ok(match wanted.failure_code {
        None => read,
        Some(code) => {
            let of_code = |one: &Movable| one.failure.as_ref().is_some_and(|failure| failure.code == code);
            read.into_iter().filter(of_code).collect()
        }
    })
}

/// A message as it goes on at the other provider.
#[derive(Clone, Debug)]
pub struct Move {
    pub id: MessageId,
    pub from: ChannelId,
    pub to: ChannelId,
    pub recipient: Recipient,
    pub content: Content,
    pub class: MessageClass,
    pub terms: Terms,
}

#[derive(QueryableByName)]
struct Changed {
    #[diesel(sql_type = DbUuid)]
    id: MessageId,
}

fn ids(rows: Vec<Changed>) -> HashSet<MessageId> {
    rows.into_iter().map(|row| row.id).collect()
}

/// Moves messages, due now unless they are due later. Returns those that moved: a message that was sent, answered, cancelled or
/// moved meanwhile, or of which something may have arrived, stays as it is.
pub fn move_all(conn: &mut Conn, moves: &[Move], now: Ts) -> StorageResult<HashSet<MessageId>> {
    let w = SetWriter::of(conn);
    let rows = moves
        .iter()
        .map(|one| {
            Ok(set::row([
                ("id", w.id(one.id)),
                ("from_id", w.id(one.from)),
                ("to_id", w.id(one.to)),
                ("recipient", w.text(Some(one.recipient.as_str()))),
                ("content", w.json(Some(&Json::of(&one.content)?))),
                ("class", w.text(Some(one.class.as_str()))),
                ("terms", w.json(Some(&Json::of(&one.terms)?))),
            ]))
        })
        .collect::<StorageResult<Vec<_>>>()?;
    let sql = conn.pick(include_str!("sql/sqlite/move_messages.sql"), include_str!("sql/postgres/move_messages.sql"));
    Ok(ids(sql_query(sql).bind::<Text, _>(set::rows(rows)).bind::<DbTime, _>(now).load(conn)?))
}

/// Notes with waiting messages why they can't move. Returns those to which that is news.
pub fn note_obstacles(conn: &mut Conn, stuck: &[(MessageId, Failure)], now: Ts) -> StorageResult<HashSet<MessageId>> {
    let sql = conn.pick(include_str!("sql/sqlite/note_obstacles.sql"), include_str!("sql/postgres/note_obstacles.sql"));
    let parameter = failures(SetWriter::of(conn), stuck)?;
    Ok(ids(sql_query(sql).bind::<Text, _>(parameter).bind::<DbTime, _>(now).load(conn)?))
}

/// Lets messages fail that their provider has refused and that can't move. Returns those that did.
pub fn fail_refused(conn: &mut Conn, stuck: &[(MessageId, Failure)], now: Ts) -> StorageResult<HashSet<MessageId>> {
    let sql = conn.pick(include_str!("sql/sqlite/fail_refused.sql"), include_str!("sql/postgres/fail_refused.sql"));
    let parameter = failures(SetWriter::of(conn), stuck)?;
    Ok(ids(sql_query(sql).bind::<Text, _>(parameter).bind::<DbTime, _>(now).load(conn)?))
}

fn failures(w: SetWriter, stuck: &[(MessageId, Failure)]) -> StorageResult<String> {
    let rows = stuck
        .iter()
        .map(|(id, failure)| Ok(set::row([("id", w.id(*id)), ("failure", w.json(Some(&Json::of(failure)?)))])))
        .collect::<StorageResult<Vec<_>>>()?;
    Ok(set::rows(rows))
}

/// The telephone numbers under which people are known, of those who have one.
pub fn numbers(conn: &mut Conn, contacts: &[ContactId]) -> StorageResult<HashMap<ContactId, String>> {
    let rows: Vec<(ContactId, String)> = contact_identities::table
        .filter(contact_identities::contact_id.eq_any(contacts))
        .filter(contact_identities::kind.eq(IdentityKind::Phone).and(contact_identities::retired_at.is_null()))
        .order(contact_identities::created_at)
        .select((contact_identities::contact_id, contact_identities::value))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The channels that a failure of their provider's holds.
pub fn held_by_failure(conn: &mut Conn) -> StorageResult<Vec<(ChannelId, Failure)>> {
    let rows: Vec<(ChannelId, Option<Json>)> = channels::table
        .filter(channels::state.eq(ChannelState::Held).and(channels::deleted_at.is_null()))
        .filter(channels::held_failure.is_not_null())
        .order(channels::id)
        .select((channels::id, channels::held_failure))
        .load(conn)?;
    rows.into_iter().filter_map(|(id, failure)| failure.map(|failure| Ok((id, failure.read()?)))).collect()
}
