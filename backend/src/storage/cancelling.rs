//! Messages that are not to be sent after all, taken back before anything of them is on the wire.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Nullable, Text};
use serde_json::json;

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::messages;
use super::set::{self, SetWriter};
use super::types::{DbTime, DbUuid};
use super::{events, messages as stored};
use crate::domain::class::MessageClass;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::message::Direction;
use crate::domain::state::{HoldReason, MessageState};
use crate::domain::time::Ts;

/// Most messages of one transaction.
pub const BATCH: usize = 1_000;

/// Takes one message back if nothing of it is on the wire, and tells the feed. Returns the state that the message is in now:
/// `cancelled`, or that in which it can't be taken back any more.
///
/// # Errors
/// [`super::error::StorageError::NotFound`].
pub fn cancel(conn: &mut Conn, workspace: WorkspaceId, id: MessageId, now: Ts) -> StorageResult<MessageState> {
    let taken: Option<ChannelId> = each!(conn, c => diesel::update(
            messages::table
                .filter(messages::id.eq(id).and(messages::workspace_id.eq(workspace)))
                .filter(messages::direction.eq(Direction::Outbound))
                // Whoever has claimed it finds it gone when the attempt is to be made durable.
                .filter(messages::state.eq_any([MessageState::Queued, MessageState::Claimed])),
        )
        .set((
            messages::state.eq(MessageState::Cancelled),
            messages::hold_reason.eq(None::<HoldReason>),
            messages::updated_at.eq(now),
        ))
        .returning(messages::channel_id)
        .get_result(c)
        .optional())?;
    match taken {
        Some(channel) => {
            events::append(conn, vec![(workspace, cancelled(id, channel, now))])?;
            Ok(MessageState::Cancelled)
        }
        None => Ok(stored::get(conn, workspace, id)?.state),
    }
}

/// Which of the waiting messages are meant; all that is given must hold.
#[derive(Clone, Debug, Default)]
pub struct CancelFilter {
    pub channel: Option<ChannelId>,
    pub class: Option<MessageClass>,
    /// Any of these: one person's.
    pub contacts: Option<Vec<ContactId>>,
    pub client_reference: Option<String>,
    pub created_before: Option<Ts>,
    /// At this time or later.
    pub created_after: Option<Ts>,
}

#[derive(QueryableByName)]
struct TakenRow {
    #[diesel(sql_type = DbUuid)]
    id: MessageId,
    #[diesel(sql_type = DbUuid)]
    channel_id: ChannelId,
}

/// Takes back up to [`BATCH`] of the messages that wait and were there at `now`, passing over those that are being claimed at
/// this moment, and tells the feed. Returns how many; fewer than a batch means that no more are left.
///
/// # Errors
/// The database's.
pub fn cancel_some(conn: &mut Conn, workspace: WorkspaceId, filter: &CancelFilter, now: Ts) -> StorageResult<usize> {
    let writer = SetWriter::of(conn);
    let contacts = filter.contacts.as_ref().map(|ids| set::rows(ids.iter().map(|id| writer.id(*id))));
    let sql =
        conn.pick(include_str!("sql/sqlite/cancel_messages.sql"), include_str!("sql/postgres/cancel_messages.sql"));
    let taken: Vec<TakenRow> = sql_query(sql)
        .bind::<DbUuid, _>(workspace)
        .bind::<DbTime, _>(now)
        .bind::<Nullable<DbUuid>, _>(filter.channel)
        .bind::<Nullable<Text>, _>(filter.class)
        .bind::<Nullable<Text>, _>(contacts)
        .bind::<Nullable<Text>, _>(filter.client_reference.as_deref())
        .bind::<Nullable<DbTime>, _>(filter.created_before)
        .bind::<Nullable<DbTime>, _>(filter.created_after)
        .bind::<BigInt, _>(i64::try_from(BATCH).unwrap_or(i64::MAX))
        .load(conn)?;
    let count = taken.len();
    let told = taken.into_iter().map(|row| (workspace, cancelled(row.id, row.channel_id, now))).collect();
    events::append(conn, told)?;
    Ok(count)
}

fn cancelled(message: MessageId, channel: ChannelId, now: Ts) -> NewEvent {
    NewEvent {
        message: Some(message),
        channel: Some(channel),
        data: json!({}),
        ..NewEvent::new(EventKind::MessageCancelled, now)
    }
}
