//! The rates that senders keep, and how much each person got lately.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::sender_limits;
use super::set::{self, SetWriter};
use super::types::{DbUuid, Json};
use crate::domain::failure::Failure;
use crate::domain::ids::{AttemptId, ChannelId, WorkspaceId};
use crate::domain::time::Ts;

/// What a sender keeps of its ceiling before anything has lowered it.
const UNLOWERED: f64 = 0.9;

/// A sender's rate as the node that sends for it keeps it.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sender_limits, treat_none_as_default_value = false)]
pub struct RateRecord {
    pub channel_id: ChannelId,
    pub workspace_id: WorkspaceId,
    /// The provider's limit in messages a second.
    pub ceiling: i32,
    /// What is kept of it, above 0 and at most 1.
    pub share: f64,
    /// Since when it is less than usual.
    pub lowered_at: Option<Ts>,
    failure: Option<Json>,
    pub updated_at: Ts,
}

impl RateRecord {
    /// `failure` is the refusal because of which the rate was lowered.
    ///
    /// # Errors
    /// The failure can't be written.
    pub fn new(
        (workspace_id, channel_id): (WorkspaceId, ChannelId),
        ceiling: u32,
        share: f64,
        lowered: Option<(Ts, Option<&Failure>)>,
        updated_at: Ts,
    ) -> StorageResult<Self> {
        let failure = lowered.and_then(|(_, failure)| failure).map(Json::of).transpose()?;
        let ceiling = i32::try_from(ceiling).unwrap_or(i32::MAX);
        let lowered_at = lowered.map(|(at, _)| at);
        Ok(Self { channel_id, workspace_id, ceiling, share, lowered_at, failure, updated_at })
    }

    /// Why it is less than usual.
    pub fn failure(&self) -> StorageResult<Option<Failure>> {
        Ok(self.failure.clone().map(|failure| failure.read()).transpose()?)
    }
}

/// Notes rates that have changed.
pub fn save(conn: &mut Conn, rates: &[RateRecord]) -> StorageResult<()> {
    for rate in rates {
        each!(conn, c => diesel::insert_into(sender_limits::table)
            .values(rate)
            .on_conflict(sender_limits::channel_id)
            .do_update()
            .set((
                sender_limits::ceiling.eq(rate.ceiling),
                sender_limits::share.eq(rate.share),
                sender_limits::lowered_at.eq(rate.lowered_at),
                sender_limits::failure.eq(rate.failure.clone()),
                sender_limits::updated_at.eq(rate.updated_at),
            ))
            .execute(c))?;
    }
    Ok(())
}

/// Sets how many people a sender may write to first in a day; `None` leaves it to the provider's word.
pub fn set_people_per_day(
    conn: &mut Conn,
    (workspace, channel): (WorkspaceId, ChannelId),
    ceiling: u32,
    people: Option<i32>,
    now: Ts,
) -> StorageResult<()> {
    let row = (
        sender_limits::channel_id.eq(channel),
        sender_limits::workspace_id.eq(workspace),
        sender_limits::ceiling.eq(i32::try_from(ceiling).unwrap_or(i32::MAX)),
        sender_limits::share.eq(UNLOWERED),
        sender_limits::people_per_day.eq(people),
        sender_limits::updated_at.eq(now),
    );
    each!(conn, c => diesel::insert_into(sender_limits::table)
        .values(row)
        .on_conflict(sender_limits::channel_id)
        .do_update()
        .set(sender_limits::people_per_day.eq(people))
        .execute(c))?;
    Ok(())
}

/// The rates of a workspace's senders, of those that have sent.
pub fn of_workspace(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Vec<RateRecord>> {
    Ok(sender_limits::table
        .filter(sender_limits::workspace_id.eq(workspace))
        .order(sender_limits::channel_id)
        .select(RateRecord::as_select())
        .load(conn)?)
}

/// The lowered rates of these channels, of whichever workspace: what a new holder goes on with.
pub fn lowered(conn: &mut Conn, channels: &[ChannelId]) -> StorageResult<HashMap<ChannelId, f64>> {
    let rows: Vec<(ChannelId, f64)> = sender_limits::table
        .filter(sender_limits::channel_id.eq_any(channels).and(sender_limits::lowered_at.is_not_null()))
        .select((sender_limits::channel_id, sender_limits::share))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

#[derive(QueryableByName)]
struct Sent {
    #[diesel(sql_type = DbUuid)]
    channel_id: ChannelId,
    #[diesel(sql_type = Text)]
    recipient: String,
    #[diesel(sql_type = BigInt)]
    sent: i64,
}

/// Who got more than one message of these channels since an attempt, and how many.
pub fn sent_since(
    conn: &mut Conn,
    channels: &[ChannelId],
    since: AttemptId,
) -> StorageResult<HashMap<ChannelId, Vec<(String, u32)>>> {
    let writer = SetWriter::of(conn);
    let parameter = set::rows(channels.iter().map(|channel| writer.id(*channel)));
    let sql = conn.pick(include_str!("sql/sqlite/sent_since.sql"), include_str!("sql/postgres/sent_since.sql"));
    let rows: Vec<Sent> = sql_query(sql).bind::<Text, _>(parameter).bind::<DbUuid, _>(since).load(conn)?;
    let mut sent: HashMap<ChannelId, Vec<(String, u32)>> = HashMap::new();
    for row in rows {
        let count = u32::try_from(row.sent).unwrap_or(u32::MAX);
        sent.entry(row.channel_id).or_default().push((row.recipient, count));
    }
    Ok(sent)
}
