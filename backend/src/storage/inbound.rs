//! Incoming messages: which of them are known, and what people did to them afterwards.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Bool, Text};

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::messages::NewMessage;
use super::schema::messages;
use super::set::{self, SetWriter};
use super::types::{DbTime, DbUuid, Json};
use crate::domain::ids::{ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::inbound::MessageContext;
use crate::domain::message::Direction;
use crate::domain::time::Ts;

/// Rows in one INSERT: 23 columns stay below both databases' bind limits.
const CHUNK: usize = 1_000;

/// A message by the provider's id of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownMessage {
    pub id: MessageId,
    pub direction: Direction,
}

#[derive(QueryableByName)]
struct KnownRow {
    #[diesel(sql_type = DbUuid)]
    channel_id: ChannelId,
    #[diesel(sql_type = Text)]
    provider_message_id: String,
    #[diesel(sql_type = DbUuid)]
    message_id: MessageId,
    #[diesel(sql_type = Bool)]
    inbound: bool,
}

/// The messages that providers' ids belong to: incoming ones, and ours by the attempt that got the id.
pub fn by_provider_ids(
    conn: &mut Conn,
    wanted: &BTreeSet<(ChannelId, &str)>,
) -> StorageResult<HashMap<(ChannelId, String), KnownMessage>> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let w = SetWriter::of(conn);
    let parameter =
        set::rows(wanted.iter().map(|(channel, id)| {
            set::row([("channel_id", w.id(*channel)), ("provider_message_id", w.text(Some(id)))])
        }));
    let sql = conn.pick(
        include_str!("sql/sqlite/messages_by_provider_ids.sql"),
        include_str!("sql/postgres/messages_by_provider_ids.sql"),
    );
    let rows: Vec<KnownRow> = sql_query(sql).bind::<Text, _>(parameter).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let direction = if row.inbound { Direction::Inbound } else { Direction::Outbound };
            ((row.channel_id, row.provider_message_id), KnownMessage { id: row.message_id, direction })
        })
        .collect())
}

/// Stores incoming messages, once each: a webhook that comes again changes nothing. Returns the ids that are new.
pub fn insert(conn: &mut Conn, new: &[NewMessage]) -> StorageResult<Vec<MessageId>> {
    let mut fresh = Vec::with_capacity(new.len());
    for chunk in new.chunks(CHUNK) {
        let ids: Vec<MessageId> = each!(conn, c => diesel::insert_into(messages::table)
            .values(chunk)
            .on_conflict_do_nothing()
            .returning(messages::id)
            .load(c))?;
        fresh.extend(ids);
    }
    Ok(fresh)
}

/// An incoming message under lock, with what its sender may still change.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = messages)]
pub struct AmendedMessage {
    pub id: MessageId,
    pub workspace_id: WorkspaceId,
    pub channel_id: ChannelId,
    pub contact_id: ContactId,
    pub kind: String,
    pub content: Json,
    context: Option<Json>,
}

impl AmendedMessage {
    /// # Errors
    /// Written by a newer version.
    pub fn context(&self) -> StorageResult<MessageContext> {
        Ok(self.context.clone().map(Json::read).transpose()?.unwrap_or_default())
    }

    /// # Errors
    /// The context can't be written as JSON; does not happen.
    pub fn set_context(&mut self, context: &MessageContext) -> StorageResult<()> {
        self.context = if context.is_empty() { None } else { Some(Json::of(context)?) };
        Ok(())
    }
}

/// Locks incoming messages, in the order of their ids.
pub fn lock(conn: &mut Conn, ids: &[MessageId]) -> StorageResult<HashMap<MessageId, AmendedMessage>> {
    let rows = messages::table
        .filter(messages::id.eq_any(ids).and(messages::direction.eq(Direction::Inbound)))
        .order(messages::id);
    let locked: Vec<AmendedMessage> = match conn {
        Conn::Postgres(pg) => rows.select(AmendedMessage::as_select()).for_update().load(pg)?,
        Conn::Sqlite(sqlite) => rows.select(AmendedMessage::as_select()).load(sqlite)?,
    };
    Ok(locked.into_iter().map(|message| (message.id, message)).collect())
}

/// Writes amended messages back.
pub fn amend<'a>(conn: &mut Conn, amended: impl Iterator<Item = &'a AmendedMessage>, now: Ts) -> StorageResult<()> {
    let w = SetWriter::of(conn);
    let parameter = set::rows(amended.map(|message| {
        set::row([
            ("id", w.id(message.id)),
            ("kind", w.text(Some(&message.kind))),
            ("content", w.json(Some(&message.content))),
            ("context", w.json(message.context.as_ref())),
        ])
    }));
    let sql = conn.pick(include_str!("sql/sqlite/amend_messages.sql"), include_str!("sql/postgres/amend_messages.sql"));
    sql_query(sql).bind::<Text, _>(parameter).bind::<DbTime, _>(now).execute(conn)?;
    Ok(())
}

/// Notes that the person was shown that a message is read, and with it what they sent before, if the provider marks that too.
/// Returns whether it is news about the message itself.
pub fn mark_read(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: MessageId,
    earlier_too: bool,
    now: Ts,
) -> StorageResult<bool> {
    let unread = || {
        messages::table
            .filter(messages::workspace_id.eq(workspace).and(messages::direction.eq(Direction::Inbound)))
            .filter(messages::read_at.is_null())
    };
    let marked = diesel::update(unread().filter(messages::id.eq(id))).set(messages::read_at.eq(now)).execute(conn)?;
    if earlier_too {
        let (channel, contact, at): (ChannelId, ContactId, Ts) = messages::table
            .filter(messages::id.eq(id).and(messages::workspace_id.eq(workspace)))
            .select((messages::channel_id, messages::contact_id, messages::created_at))
            .first(conn)?;
        let of_conversation = messages::channel_id.eq(channel).and(messages::contact_id.eq(contact));
        diesel::update(unread().filter(of_conversation).filter(messages::created_at.le(at)))
            .set(messages::read_at.eq(now))
            .execute(conn)?;
    }
    Ok(marked > 0)
}
