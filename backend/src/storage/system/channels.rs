//! Channels of the whole installation: for the registry, the probes of held channels and the worker that reads webhooks.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::domain::delivery_settings::DeliverySettings;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::provider::{Environment, ProviderKind};
use crate::domain::time::Ts;
use crate::storage::channels::ChannelRecord;
use crate::storage::conn::{Conn, each};
use crate::storage::error::StorageResult;
use crate::storage::schema::{channel_facts, channels, sender_limits, workspaces};
use crate::storage::types::Json;

/// A channel, its workspace's environment, and what is known of its limits.
pub type Loading = (ChannelRecord, Environment, KnownLimits);

/// What is known of a sender's limits.
#[derive(Clone, Debug, Default, Queryable)]
pub struct KnownLimits {
    /// The provider's word for its throughput.
    pub throughput: Option<String>,
    /// People it may write to first within 24 hours, as [`crate::domain::standing::messaging_limit`] has it.
    pub messaging_limit: Option<String>,
    /// The same, as somebody has set it.
    pub people_per_day: Option<i32>,
}

/// `None`: no such channel, or deleted.
pub fn channel(conn: &mut Conn, id: ChannelId) -> StorageResult<Option<Loading>> {
    Ok(channels::table
        .inner_join(workspaces::table)
        .left_join(channel_facts::table.on(channel_facts::channel_id.eq(channels::id)))
        .left_join(sender_limits::table.on(sender_limits::channel_id.eq(channels::id)))
        .filter(channels::id.eq(id).and(channels::deleted_at.is_null()))
        .select((
            ChannelRecord::as_select(),
            workspaces::environment,
            (
                channel_facts::throughput.nullable(),
                channel_facts::messaging_limit.nullable(),
                sender_limits::people_per_day.nullable(),
            ),
        ))
        .first(conn)
        .optional()?)
}

/// All channels of one Meta app, of whichever workspace.
pub fn channels_of_app(conn: &mut Conn, app: &str) -> StorageResult<Vec<Loading>> {
    Ok(channels::table
        .inner_join(workspaces::table)
        .left_join(channel_facts::table.on(channel_facts::channel_id.eq(channels::id)))
        .left_join(sender_limits::table.on(sender_limits::channel_id.eq(channels::id)))
        .filter(channels::whatsapp_app_id.eq(app).and(channels::deleted_at.is_null()))
        .order(channels::id)
        .select((
            ChannelRecord::as_select(),
            workspaces::environment,
            (
                channel_facts::throughput.nullable(),
                channel_facts::messaging_limit.nullable(),
                sender_limits::people_per_day.nullable(),
            ),
        ))
        .load(conn)?)
}

/// The provider a workspace sends by when a message names no channel, and its environment. `None`: no such workspace.
pub fn workspace_route(
    conn: &mut Conn,
    workspace: WorkspaceId,
) -> StorageResult<Option<(Environment, ProviderKind, DeliverySettings)>> {
    let row: Option<(Environment, ProviderKind, Json)> = workspaces::table
        .find(workspace)
        .select((workspaces::environment, workspaces::whatsapp_provider, workspaces::delivery_settings))
        .first(conn)
        .optional()?;
    row.map(|(environment, provider, settings)| Ok((environment, provider, settings.read()?))).transpose()
}

/// Channels that a failure holds (not a person) and whose last check is older than `checked_before`, longest unchecked
/// first, without `except`, at most `limit`.
pub fn held_by_failure(
    conn: &mut Conn,
    checked_before: Ts,
    except: &[ChannelId],
    limit: u16,
) -> StorageResult<Vec<(WorkspaceId, ChannelId)>> {
    Ok(channels::table
        .filter(sql::<Bool>("state = 'held'"))
        .filter(channels::held_failure.is_not_null().and(channels::deleted_at.is_null()))
        .filter(channels::id.ne_all(except))
        .filter(
            // The hold itself counts as a look at the channel: the first probe waits its turn too.
            channels::held_at
                .lt(checked_before)
                .and(channels::checked_at.is_null().or(channels::checked_at.lt(checked_before))),
        )
        .order((channels::checked_at, channels::id))
        .limit(i64::from(limit))
        .select((channels::workspace_id, channels::id))
        .load(conn)?)
}

/// Notes that webhooks came for these channels; a later time never gives way to an earlier one.
pub fn touch_webhooks(conn: &mut Conn, ids: &[ChannelId], at: Ts) -> StorageResult<()> {
    if ids.is_empty() {
        return Ok(());
    }
    if let Conn::Postgres(c) = conn {
        // In one order everywhere, so that two workers never wait for each other crosswise.
        channels::table
            .filter(channels::id.eq_any(ids))
            .order(channels::id)
            .select(channels::id)
            .for_no_key_update()
            .load::<ChannelId>(c)?;
    }
    each!(conn, c => diesel::update(channels::table.filter(channels::id.eq_any(ids)))
        .filter(channels::last_webhook_at.is_null().or(channels::last_webhook_at.lt(at)))
        .set(channels::last_webhook_at.eq(Some(at)))
        .execute(c))?;
    Ok(())
}

/// Workspaces of an environment, oldest first.
pub fn workspaces_in(conn: &mut Conn, environment: Environment) -> StorageResult<Vec<WorkspaceId>> {
    Ok(workspaces::table
        .filter(workspaces::environment.eq(environment))
        .order(workspaces::id)
        .select(workspaces::id)
        .load(conn)?)
}

/// Channels whose whole ladder was last climbed before a time, or never, longest ago first, without `except`, at most `limit`.
pub fn unchecked_since(
    conn: &mut Conn,
    before: Ts,
    except: &[ChannelId],
    limit: u16,
) -> StorageResult<Vec<(WorkspaceId, ChannelId)>> {
    Ok(channels::table
        .filter(channels::deleted_at.is_null().and(channels::id.ne_all(except)))
        .filter(channels::checked_at.is_null().or(channels::checked_at.lt(before)))
        // PostgreSQL puts NULL last, SQLite first: either comes to its turn.
        .order((channels::checked_at, channels::id))
        .limit(i64::from(limit))
        .select((channels::workspace_id, channels::id))
        .load(conn)?)
}

/// Channels that no failure holds and whose provider was last asked before a time, or never, without `except`, at most `limit`.
pub fn unobserved_since(
    conn: &mut Conn,
    before: Ts,
    except: &[ChannelId],
    limit: u16,
) -> StorageResult<Vec<(WorkspaceId, ChannelId)>> {
    Ok(channels::table
        .left_join(channel_facts::table.on(channel_facts::channel_id.eq(channels::id)))
        .filter(channels::deleted_at.is_null().and(channels::held_failure.is_null()))
        .filter(channels::id.ne_all(except))
        .filter(channel_facts::observed_at.is_null().or(channel_facts::observed_at.lt(before)))
        .order((channel_facts::observed_at, channels::id))
        .limit(i64::from(limit))
        .select((channels::workspace_id, channels::id))
        .load(conn)?)
}
