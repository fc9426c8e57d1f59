//! Conversations: what a sender has heard of a person, and until when it may write what to them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Nullable, Text};

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::conversations;
use super::set::{self, SetWriter};
use super::types::{DbTime, DbUuid};
use crate::domain::conversation::{FREE_ENTRY_ANSWER, SERVICE_WINDOW};
use crate::domain::ids::{ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::time::Ts;

/// A sender and a person.
pub type Pair = (ChannelId, ContactId);

/// A conversation as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = conversations)]
pub struct ConversationRecord {
    pub channel_id: ChannelId,
    pub contact_id: ContactId,
    /// The person's newest message: the place among the conversations of the workspace.
    pub position: MessageId,
    pub last_inbound_at: Option<Ts>,
    pub window_until: Ts,
    /// Until then our reply opens a free entry point.
    pub free_entry_answer_until: Option<Ts>,
    /// Until then messages are free.
    pub free_entry_until: Option<Ts>,
}

/// Something a person sent that opens the window.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    pub workspace: WorkspaceId,
    pub channel: ChannelId,
    pub contact: ContactId,
    pub message: MessageId,
    pub at: Ts,
    /// The person came by an ad or a page.
    pub referred: bool,
}

/// Keeps windows up with what people sent. The order in which it comes makes no difference.
pub fn hear(conn: &mut Conn, heard: &[Heard]) -> StorageResult<()> {
    if heard.is_empty() {
        return Ok(());
    }
    // One row for each pair, in the order of the keys, so that two transactions never wait for each other crosswise.
    let mut pairs: BTreeMap<Pair, (WorkspaceId, MessageId, Ts, Option<Ts>)> = BTreeMap::new();
    for one in heard {
        let referred = one.referred.then_some(one.at);
        pairs
            .entry((one.channel, one.contact))
            .and_modify(|(_, position, at, click)| {
                *position = (*position).max(one.message);
                *at = (*at).max(one.at);
                *click = (*click).max(referred);
            })
            .or_insert((one.workspace, one.message, one.at, referred));
    }
    let w = SetWriter::of(conn);
    let parameter = set::rows(pairs.into_iter().map(|((channel, contact), (workspace, position, at, click))| {
        set::row([
            ("channel_id", w.id(channel)),
            ("contact_id", w.id(contact)),
            ("workspace_id", w.id(workspace)),
            ("position", w.id(position)),
            ("last_inbound_at", w.time(Some(at))),
            ("window_until", w.time(Some(at.plus(SERVICE_WINDOW)))),
            ("free_entry_answer_until", w.time(click.map(|at| at.plus(FREE_ENTRY_ANSWER)))),
        ])
    }));
    let sql = conn
        .pick(include_str!("sql/sqlite/hear_conversations.sql"), include_str!("sql/postgres/hear_conversations.sql"));
    sql_query(sql).bind::<Text, _>(parameter).execute(conn)?;
    Ok(())
}

/// Sets the end of a window by hand: the sandbox's.
pub fn set_window(conn: &mut Conn, workspace: WorkspaceId, (channel, contact): Pair, until: Ts) -> StorageResult<()> {
    let row = (
        conversations::channel_id.eq(channel),
        conversations::contact_id.eq(contact),
        conversations::workspace_id.eq(workspace),
        conversations::position.eq(MessageId::new()),
        conversations::window_until.eq(until),
    );
    each!(conn, c => diesel::insert_into(conversations::table)
        .values(row)
        .on_conflict((conversations::channel_id, conversations::contact_id))
        .do_update()
        .set(conversations::window_until.eq(until))
        .execute(c))?;
    Ok(())
}

/// How many people a channel may write to freely.
pub fn open_at(conn: &mut Conn, channel: ChannelId, now: Ts) -> StorageResult<i64> {
    Ok(conversations::table
        .filter(conversations::channel_id.eq(channel).and(conversations::window_until.gt(now)))
        .count()
        .get_result(conn)?)
}

/// Forgets all conversations of a channel: it has another sender.
pub fn forget(conn: &mut Conn, workspace: WorkspaceId, channel: ChannelId) -> StorageResult<()> {
    let of_channel = conversations::channel_id.eq(channel).and(conversations::workspace_id.eq(workspace));
    diesel::delete(conversations::table.filter(of_channel)).execute(conn)?;
    Ok(())
}

/// What the dispatcher needs to know of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownWindow {
    pub until: Ts,
    pub last_inbound_at: Option<Ts>,
}

#[derive(QueryableByName)]
struct WindowRow {
    #[diesel(sql_type = DbUuid)]
    channel_id: ChannelId,
    #[diesel(sql_type = DbUuid)]
    contact_id: ContactId,
    #[diesel(sql_type = DbTime)]
    window_until: Ts,
    #[diesel(sql_type = Nullable<DbTime>)]
    last_inbound_at: Option<Ts>,
}

/// The windows of these pairs, as far as there are any. A contact that has become part of another has that one's.
pub fn windows(conn: &mut Conn, pairs: impl Iterator<Item = Pair>) -> StorageResult<HashMap<Pair, KnownWindow>> {
    let parameter = rows_of(SetWriter::of(conn), pairs);
    let sql = conn.pick(include_str!("sql/sqlite/windows.sql"), include_str!("sql/postgres/windows.sql"));
    let rows: Vec<WindowRow> = sql_query(sql).bind::<Text, _>(parameter).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let known = KnownWindow { until: row.window_until, last_inbound_at: row.last_inbound_at };
            ((row.channel_id, row.contact_id), known)
        })
        .collect())
}

/// Whether a reply could open a free entry point anywhere at this time.
pub fn awaits_reply(conn: &mut Conn, now: Ts) -> StorageResult<bool> {
    let open =
        conversations::table.filter(conversations::free_entry_answer_until.ge(now)).select(conversations::channel_id);
    Ok(open.first::<ChannelId>(conn).optional()?.is_some())
}

/// Opens the free entry points of those of these pairs whose click has found its reply: our first message that was accepted in
/// the day after it. Asking again changes nothing.
pub fn open_free_entries(conn: &mut Conn, pairs: &BTreeSet<Pair>) -> StorageResult<()> {
    if pairs.is_empty() {
        return Ok(());
    }
    let parameter = rows_of(SetWriter::of(conn), pairs.iter().copied());
    let sql =
        conn.pick(include_str!("sql/sqlite/open_free_entries.sql"), include_str!("sql/postgres/open_free_entries.sql"));
    sql_query(sql).bind::<Text, _>(parameter).execute(conn)?;
    Ok(())
}

/// Takes over the ends of free entry points as the provider tells them; the latest counts.
pub fn extend_free_entries(conn: &mut Conn, told: &BTreeMap<Pair, Ts>) -> StorageResult<()> {
    if told.is_empty() {
        return Ok(());
    }
    let w = SetWriter::of(conn);
    let parameter = set::rows(told.iter().map(|((channel, contact), until)| {
        set::row([("channel_id", w.id(*channel)), ("contact_id", w.id(*contact)), ("until", w.time(Some(*until)))])
    }));
    let sql = conn
        .pick(include_str!("sql/sqlite/extend_free_entries.sql"), include_str!("sql/postgres/extend_free_entries.sql"));
    sql_query(sql).bind::<Text, _>(parameter).execute(conn)?;
    Ok(())
}

fn rows_of(w: SetWriter, pairs: impl Iterator<Item = Pair>) -> String {
    set::rows(pairs.map(|(channel, contact)| set::row([("channel_id", w.id(channel)), ("contact_id", w.id(contact))])))
}

/// What a list of conversations is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct ConversationFilter {
    pub channel: Option<ChannelId>,
    pub contact: Option<ContactId>,
}

/// Conversations, those first whose person wrote last: one more than the page holds when there is a next one.
pub fn list(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: &ConversationFilter,
    page: Page,
) -> StorageResult<Vec<ConversationRecord>> {
    let mut query = conversations::table
        .filter(conversations::workspace_id.eq(workspace))
        .order(conversations::position.desc())
        .limit(i64::from(page.limit) + 1)
        .select(ConversationRecord::as_select())
        .into_boxed();
    if let Some(before) = page.before {
        query = query.filter(conversations::position.lt(MessageId(before)));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(conversations::channel_id.eq(channel));
    }
    if let Some(contact) = filter.contact {
        query = query.filter(conversations::contact_id.eq(contact));
    }
    Ok(query.load(conn)?)
}

/// The end of one pair's window; `None` when the person has never written.
pub fn window_until(conn: &mut Conn, workspace: WorkspaceId, (channel, contact): Pair) -> StorageResult<Option<Ts>> {
    Ok(conversations::table
        .filter(conversations::channel_id.eq(channel).and(conversations::contact_id.eq(contact)))
        .filter(conversations::workspace_id.eq(workspace))
        .select(conversations::window_until)
        .first(conn)
        .optional()?)
}

#[derive(QueryableByName)]
struct LastRow {
    #[diesel(sql_type = DbUuid)]
    channel_id: ChannelId,
    #[diesel(sql_type = DbUuid)]
    contact_id: ContactId,
    #[diesel(sql_type = DbTime)]
    at: Ts,
}

/// When the newest message of each of these pairs came about, either side's.
pub fn last_messages(
    conn: &mut Conn,
    workspace: WorkspaceId,
    pairs: impl Iterator<Item = Pair>,
) -> StorageResult<HashMap<Pair, Ts>> {
    let parameter = rows_of(SetWriter::of(conn), pairs);
    let sql = conn.pick(include_str!("sql/sqlite/last_messages.sql"), include_str!("sql/postgres/last_messages.sql"));
    let rows: Vec<LastRow> = sql_query(sql).bind::<Text, _>(parameter).bind::<DbUuid, _>(workspace).load(conn)?;
    Ok(rows.into_iter().map(|row| ((row.channel_id, row.contact_id), row.at)).collect())
}
