//! Messages that failed or expired: grouped by their reason, and under lock to be sent again.

use std::collections::HashMap;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::conn::Conn;
use super::error::StorageResult;
use super::schema::{attempts, channels, messages};
use super::track::TrackedMessage;
use super::types::{DbTime, DbUuid};
use crate::domain::failure::FailureCode;
use crate::domain::ids::{AttemptId, ChannelId, MessageId, WorkspaceId};
use crate::domain::message::Direction;
use crate::domain::provider::ProviderKind;
use crate::domain::state::{AttemptState, MessageState};
use crate::domain::time::Ts;

/// Messages that ended for one reason on one channel.
#[derive(Clone, Debug, QueryableByName)]
pub struct DeadLetters {
    #[diesel(sql_type = Text)]
    pub failure_code: FailureCode,
    #[diesel(sql_type = Nullable<Text>)]
    pub provider_code: Option<String>,
    #[diesel(sql_type = DbUuid)]
    pub channel_id: ChannelId,
    #[diesel(sql_type = Text)]
    pub channel_name: String,
    #[diesel(sql_type = Text)]
    pub provider: ProviderKind,
    #[diesel(sql_type = BigInt)]
    pub count: i64,
    #[diesel(sql_type = DbTime)]
    pub oldest_at: Ts,
    #[diesel(sql_type = DbTime)]
    pub newest_at: Ts,
    /// What one of them says.
    #[diesel(sql_type = Nullable<Text>)]
    pub detail: Option<String>,
}

/// What has ended since a time, by reason and channel, the most frequent first, at most `limit` groups.
pub fn groups(conn: &mut Conn, workspace: WorkspaceId, since: Ts, limit: u16) -> StorageResult<Vec<DeadLetters>> {
    let sql = conn.pick(include_str!("sql/sqlite/dead_letters.sql"), include_str!("sql/postgres/dead_letters.sql"));
    Ok(sql_query(sql)
        .bind::<DbUuid, _>(workspace)
        .bind::<DbTime, _>(since)
        .bind::<BigInt, _>(i64::from(limit))
        .load(conn)?)
}

/// Which of them.
#[derive(Clone, Debug, Default)]
pub struct DeadLetterFilter {
    pub failure_code: Option<FailureCode>,
    pub provider_code: Option<String>,
    pub channel: Option<ChannelId>,
    /// Ended at this time or later.
    pub since: Option<Ts>,
}

/// Locks failed and expired messages of a workspace in the order of their ids: at most `limit` after `after`.
pub fn lock(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: &DeadLetterFilter,
    after: Option<MessageId>,
    limit: u16,
) -> StorageResult<Vec<TrackedMessage>> {
    let mut query = messages::table
        .filter(messages::workspace_id.eq(workspace))
        .filter(messages::state.eq_any([MessageState::Failed, MessageState::Expired]))
        .order(messages::id)
        .limit(i64::from(limit))
        .select(messages::id)
        .into_boxed();
    if let Some(after) = after {
        query = query.filter(messages::id.gt(after));
    }
    if let Some(channel) = filter.channel {
        query = query.filter(messages::channel_id.eq(channel));
    }
    if let Some(since) = filter.since {
        let by_update = messages::failed_at.is_null().and(messages::updated_at.ge(since));
        query = query.filter(messages::failed_at.ge(since).or(by_update));
    }
    match filter.failure_code {
        // What expired here has no code of its own, and may still show the refusal before.
        Some(FailureCode::Expired) => {
            let by_provider = sql::<Bool>("failure ->> 'code' = 'expired'");
            query = query.filter(messages::state.eq(MessageState::Expired).or(by_provider));
        }
        Some(code) => {
            query = query.filter(messages::state.eq(MessageState::Failed));
            query = query.filter(sql::<Bool>("failure ->> 'code' = ").bind::<Text, _>(code.as_str()));
        }
        None => {}
    }
    if let Some(code) = &filter.provider_code {
        query = query.filter(messages::state.eq(MessageState::Failed));
        query = query.filter(sql::<Bool>("failure ->> 'provider_code' = ").bind::<Text, _>(code.clone()));
    }
    let ids: Vec<MessageId> = query.load(conn)?;
    lock_ids(conn, workspace, &ids)
}

/// Locks these outgoing messages of a workspace, whatever their state, in the order of their ids.
pub fn lock_ids(conn: &mut Conn, workspace: WorkspaceId, ids: &[MessageId]) -> StorageResult<Vec<TrackedMessage>> {
    let rows = messages::table
        .filter(messages::id.eq_any(ids).and(messages::workspace_id.eq(workspace)))
        .filter(messages::direction.eq(Direction::Outbound))
        .order(messages::id);
    Ok(match conn {
        Conn::Postgres(pg) => rows.select(TrackedMessage::as_select()).for_update().load(pg)?,
        Conn::Sqlite(sqlite) => rows.select(TrackedMessage::as_select()).load(sqlite)?,
    })
}

/// Where these attempts stand.
pub fn attempt_states(conn: &mut Conn, ids: &[AttemptId]) -> StorageResult<HashMap<AttemptId, AttemptState>> {
    let rows: Vec<(AttemptId, AttemptState)> =
        attempts::table.filter(attempts::id.eq_any(ids)).select((attempts::id, attempts::state)).load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Those of a workspace's channels that are there.
pub fn channels_there(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Vec<ChannelId>> {
    Ok(channels::table
        .filter(channels::workspace_id.eq(workspace).and(channels::deleted_at.is_null()))
        .select(channels::id)
        .load(conn)?)
}
