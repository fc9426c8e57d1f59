//! The events feed: numbered per workspace, without gaps, in commit order.

use std::collections::BTreeMap;
use std::ops::Range;

use diesel::dsl::sql;
use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::{events, feed_heads, webhook_deliveries};
use super::types::{DbJson, Json};
use crate::domain::event::{Event, EventKind, NewEvent};
use crate::domain::ids::{AttemptId, ChannelId, EventId, JournalId, MessageId, WebhookDeliveryId, WorkspaceId};
use crate::domain::time::Ts;

/// Rows in one INSERT: below both databases' bind limits at ten columns a row.
const CHUNK: usize = 1_000;

/// Appends to the feeds of several workspaces. Call it last in a transaction: it takes each feed's row lock, which orders
/// the numbers as the commits, and holds it until the commit.
pub fn append(conn: &mut Conn, news: Vec<(WorkspaceId, NewEvent)>) -> StorageResult<()> {
    let mut by_workspace: BTreeMap<WorkspaceId, Vec<NewEvent>> = BTreeMap::new();
    for (workspace, event) in news {
        by_workspace.entry(workspace).or_default().push(event);
    }
    // In the order of their ids, so that two transactions never wait for each other crosswise.
    for (workspace, news) in by_workspace {
        let count = i64::try_from(news.len()).unwrap_or(i64::MAX);
        let last = reserve(conn, workspace, count)?;
        let rows: Vec<EventRow> = news
            .into_iter()
            .zip((last - count + 1)..)
            .map(|(event, seq)| EventRow::of(workspace, seq, event))
            .collect();
        for chunk in rows.chunks(CHUNK) {
            each!(conn, c => diesel::insert_into(events::table).values(chunk).execute(c))?;
        }
    }
    Ok(())
}

fn reserve(conn: &mut Conn, workspace: WorkspaceId, count: i64) -> StorageResult<i64> {
    Ok(each!(conn, c => diesel::insert_into(feed_heads::table)
        .values((feed_heads::workspace_id.eq(workspace), feed_heads::last_seq.eq(count)))
        .on_conflict(feed_heads::workspace_id)
        .do_update()
        .set(feed_heads::last_seq.eq(feed_heads::last_seq + count))
        .returning(feed_heads::last_seq)
        .get_result::<i64>(c))?)
}

/// The place of the newest entry; 0 when there is none.
pub fn head(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<i64> {
    let last: Option<i64> = feed_heads::table.find(workspace).select(feed_heads::last_seq).first(conn).optional()?;
    Ok(last.unwrap_or(0))
}

/// The place of the oldest entry that retention has left; `None` when the feed is empty.
pub fn oldest(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Option<i64>> {
    Ok(events::table.filter(events::workspace_id.eq(workspace)).select(diesel::dsl::min(events::seq)).first(conn)?)
}

/// Entries after a place, oldest first, at most `limit`.
pub fn after(conn: &mut Conn, workspace: WorkspaceId, seq: i64, limit: u16) -> StorageResult<Vec<Event>> {
    let rows: Vec<EventRow> = events::table
        .filter(events::workspace_id.eq(workspace).and(events::seq.gt(seq)))
        .order(events::seq)
        .limit(i64::from(limit))
        .select(EventRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(EventRow::into_event).collect())
}

/// From which end a part of a feed is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    OldestFirst,
    NewestFirst,
}

/// Entries at places within a range, of these kinds (of all when none is named), at most `limit`. The range bounds how many
/// are looked at, however few of them are of these kinds.
pub fn within(
    conn: &mut Conn,
    workspace: WorkspaceId,
    places: Range<i64>,
    kinds: &[EventKind],
    order: Order,
    limit: u16,
) -> StorageResult<Vec<Event>> {
    let mut query = events::table
        .filter(events::workspace_id.eq(workspace).and(events::seq.ge(places.start)).and(events::seq.lt(places.end)))
        .limit(i64::from(limit))
        .select(EventRow::as_select())
        .into_boxed();
    if !kinds.is_empty() {
        query = query.filter(events::kind.eq_any(kinds.to_vec()));
    }
    query = match order {
        Order::OldestFirst => query.order(events::seq.asc()),
        Order::NewestFirst => query.order(events::seq.desc()),
    };
    let rows: Vec<EventRow> = query.load(conn)?;
    Ok(rows.into_iter().map(EventRow::into_event).collect())
}

/// Takes what a person wrote out of the entries that told of it: it has been changed or taken back. The raw webhook keeps it.
pub fn withdraw_contents(conn: &mut Conn, messages: &[MessageId]) -> StorageResult<()> {
    let told = events::table
        .filter(events::message_id.eq_any(messages))
        .filter(events::kind.eq_any([EventKind::MessageReceived, EventKind::MessageEdited]));
    match conn {
        Conn::Postgres(pg) => {
            diesel::update(told).set(events::data.eq(sql::<DbJson>("data - 'content'"))).execute(pg)?
        }
        Conn::Sqlite(sqlite) => diesel::update(told)
            .set(events::data.eq(sql::<DbJson>("json_remove(data, '$.content')")))
            .execute(sqlite)?,
    };
    Ok(())
}

/// The entries that these webhook deliveries tell of. One that retention has taken is absent.
pub fn told_by(conn: &mut Conn, deliveries: &[WebhookDeliveryId]) -> StorageResult<Vec<(WebhookDeliveryId, Event)>> {
    let same =
        events::workspace_id.eq(webhook_deliveries::workspace_id).and(events::seq.eq(webhook_deliveries::event_seq));
    let rows: Vec<(WebhookDeliveryId, EventRow)> = webhook_deliveries::table
        .inner_join(events::table.on(same))
        .filter(webhook_deliveries::id.eq_any(deliveries))
        .select((webhook_deliveries::id, EventRow::as_select()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, row)| (id, row.into_event())).collect())
}

/// All entries about one message, oldest first.
pub fn of_message(conn: &mut Conn, workspace: WorkspaceId, message: MessageId) -> StorageResult<Vec<Event>> {
    let rows: Vec<EventRow> = events::table
        .filter(events::message_id.eq(message).and(events::workspace_id.eq(workspace)))
        .order(events::seq)
        .select(EventRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(EventRow::into_event).collect())
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
struct EventRow {
    workspace_id: WorkspaceId,
    seq: i64,
    id: EventId,
    kind: EventKind,
    at: Ts,
    message_id: Option<MessageId>,
    attempt_id: Option<AttemptId>,
    channel_id: Option<ChannelId>,
    journal_id: Option<JournalId>,
    data: Json,
}

impl EventRow {
    fn of(workspace_id: WorkspaceId, seq: i64, event: NewEvent) -> Self {
        Self {
            workspace_id,
            seq,
            id: event.id,
            kind: event.kind,
            at: event.at,
            message_id: event.message,
            attempt_id: event.attempt,
            channel_id: event.channel,
            journal_id: event.journal,
            data: Json(event.data),
        }
    }

    fn into_event(self) -> Event {
        Event {
            seq: self.seq,
            id: self.id,
            kind: self.kind,
            at: self.at,
            message_id: self.message_id,
            attempt_id: self.attempt_id,
            channel_id: self.channel_id,
            webhook_id: self.journal_id,
            data: self.data.0,
        }
    }
}
