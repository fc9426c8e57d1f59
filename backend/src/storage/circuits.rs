//! The circuits of channels, and the failures that open them. Unscoped where the dispatcher looks after all workspaces.

use std::collections::HashMap;

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::{channel_circuits, channel_faults, channels};
use super::types::Json;
use crate::domain::circuit::CircuitState;
use crate::domain::failure::Failure;
use crate::domain::ids::{ChannelId, FaultId, WorkspaceId};
use crate::domain::time::Ts;

/// Rows in one INSERT.
const CHUNK: usize = 1_000;

/// Where a channel's circuit stands. A channel that never failed has no row.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = channel_circuits, treat_none_as_default_value = false)]
pub struct CircuitRecord {
    pub channel_id: ChannelId,
    pub workspace_id: WorkspaceId,
    pub state: CircuitState,
    reason: Option<Json>,
    /// How often it opened since it last stood closed for good; each makes the next wait longer.
    pub openings: i32,
    /// When the provider is looked at next, while it is open.
    pub probe_at: Option<Ts>,
    pub changed_at: Ts,
}

impl CircuitRecord {
    /// A circuit that stands closed.
    pub fn closed(workspace_id: WorkspaceId, channel_id: ChannelId, openings: i32, now: Ts) -> Self {
        let state = CircuitState::Closed;
        Self { channel_id, workspace_id, state, reason: None, openings, probe_at: None, changed_at: now }
    }

    /// A circuit that stands open for a reason until the provider is looked at.
    ///
    /// # Errors
    /// The failure can't be written.
    pub fn open(
        workspace_id: WorkspaceId,
        channel_id: ChannelId,
        (reason, openings): (&Failure, i32),
        probe_at: Ts,
        now: Ts,
    ) -> StorageResult<Self> {
        let (state, reason) = (CircuitState::Open, Some(Json::of(reason)?));
        Ok(Self { channel_id, workspace_id, state, reason, openings, probe_at: Some(probe_at), changed_at: now })
    }

    /// The same circuit, half open.
    #[must_use]
    pub fn half_open(self, now: Ts) -> Self {
        Self { state: CircuitState::HalfOpen, probe_at: None, changed_at: now, ..self }
    }

    /// Why it opened.
    pub fn reason(&self) -> StorageResult<Option<Failure>> {
        Ok(self.reason.clone().map(|reason| reason.read()).transpose()?)
    }
}

/// The circuits of a workspace that ever opened.
pub fn of_workspace(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Vec<CircuitRecord>> {
    Ok(channel_circuits::table
        .filter(channel_circuits::workspace_id.eq(workspace))
        .order(channel_circuits::channel_id)
        .select(CircuitRecord::as_select())
        .load(conn)?)
}

/// The circuits that don't stand closed, of all workspaces, with the limit groups of their channels.
pub fn not_closed(conn: &mut Conn) -> StorageResult<Vec<(CircuitRecord, String)>> {
    Ok(channel_circuits::table
        .inner_join(channels::table.on(channels::id.eq(channel_circuits::channel_id)))
        .filter(channel_circuits::state.ne(CircuitState::Closed).and(channels::deleted_at.is_null()))
        .order(channel_circuits::channel_id)
        .select((CircuitRecord::as_select(), channels::limit_group))
        .load(conn)?)
}

/// Looks at the provider of an open circuit later.
pub fn put_off(conn: &mut Conn, channel: ChannelId, probe_at: Ts) -> StorageResult<()> {
    diesel::update(channel_circuits::table.find(channel))
        .filter(channel_circuits::state.eq(CircuitState::Open))
        .set(channel_circuits::probe_at.eq(Some(probe_at)))
        .execute(conn)?;
    Ok(())
}

/// A channel's circuit, if it ever opened.
pub fn of_channel(conn: &mut Conn, channel: ChannelId) -> StorageResult<Option<CircuitRecord>> {
    Ok(channel_circuits::table.find(channel).select(CircuitRecord::as_select()).first(conn).optional()?)
}

/// Turns a circuit if it still stands as `before` says. Returns whether this call turned it.
pub fn turn(conn: &mut Conn, before: CircuitState, after: &CircuitRecord) -> StorageResult<bool> {
    let turned = each!(conn, c => diesel::update(
            channel_circuits::table
                .filter(channel_circuits::channel_id.eq(after.channel_id).and(channel_circuits::state.eq(before))),
        )
        .set((
            channel_circuits::state.eq(after.state),
            channel_circuits::reason.eq(after.reason.clone()),
            channel_circuits::openings.eq(after.openings),
            channel_circuits::probe_at.eq(after.probe_at),
            channel_circuits::changed_at.eq(after.changed_at),
        ))
        .execute(c))?;
    if turned > 0 {
        return Ok(true);
    }
    if before != CircuitState::Closed {
        return Ok(false);
    }
    let made = each!(conn, c => diesel::insert_into(channel_circuits::table)
        .values(after)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// A failure of a provider's own making.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    pub id: FaultId,
    pub channel: ChannelId,
    pub at: Ts,
    pub failure: Failure,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = channel_faults, treat_none_as_default_value = false)]
struct FaultRow {
    id: FaultId,
    channel_id: ChannelId,
    at: Ts,
    failure: Json,
}

/// Notes failures, for the node that looks after the circuit.
pub fn note(conn: &mut Conn, faults: &[Fault]) -> StorageResult<()> {
    let rows = faults
        .iter()
        .map(|fault| {
            let failure = Json::of(&fault.failure)?;
            Ok(FaultRow { id: fault.id, channel_id: fault.channel, at: fault.at, failure })
        })
        .collect::<StorageResult<Vec<_>>>()?;
    for chunk in rows.chunks(CHUNK) {
        each!(conn, c => diesel::insert_into(channel_faults::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// The failures of these channels since one, oldest first by their ids.
pub fn faults_since(conn: &mut Conn, channels: &[ChannelId], since: FaultId) -> StorageResult<Vec<Fault>> {
    let rows: Vec<FaultRow> = channel_faults::table
        .filter(channel_faults::id.ge(since).and(channel_faults::channel_id.eq_any(channels)))
        .order(channel_faults::id)
        .select(FaultRow::as_select())
        .load(conn)?;
    rows.into_iter()
        .map(|row| Ok(Fault { id: row.id, channel: row.channel_id, at: row.at, failure: row.failure.read()? }))
        .collect()
}

/// Forgets failures before a time, at most so many. Returns how many.
pub fn purge_faults(conn: &mut Conn, before: Ts, limit: u32) -> StorageResult<usize> {
    let old: Vec<FaultId> = channel_faults::table
        .filter(channel_faults::at.lt(before))
        .order(channel_faults::id)
        .limit(i64::from(limit))
        .select(channel_faults::id)
        .load(conn)?;
    Ok(diesel::delete(channel_faults::table.filter(channel_faults::id.eq_any(old))).execute(conn)?)
}

/// The states of channels' circuits; those that are not named stand closed.
pub fn states(conn: &mut Conn, channels: &[ChannelId]) -> StorageResult<HashMap<ChannelId, CircuitState>> {
    let rows: Vec<(ChannelId, CircuitState)> = channel_circuits::table
        .filter(channel_circuits::channel_id.eq_any(channels))
        .select((channel_circuits::channel_id, channel_circuits::state))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
