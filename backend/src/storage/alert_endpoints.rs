//! Where a workspace's alerts are told: one address each, with the secret that signs what is sent there.

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::{StorageError, StorageResult};
use super::schema::{alert_endpoints, alerts};
use crate::domain::alert::{AlertDelivery, AlertState};
use crate::domain::ids::WorkspaceId;
use crate::domain::time::Ts;

/// A row of `alert_endpoints`. The secret is sealed.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = alert_endpoints, treat_none_as_null = true)]
pub struct AlertEndpointRecord {
    pub workspace_id: WorkspaceId,
    pub url: String,
    pub secret: Vec<u8>,
    pub last_delivered_at: Option<Ts>,
    pub last_failed_at: Option<Ts>,
    pub last_error: Option<String>,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// `None` when the workspace has none.
///
/// # Errors
/// The database's.
pub fn find(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Option<AlertEndpointRecord>> {
    Ok(alert_endpoints::table.find(workspace).select(AlertEndpointRecord::as_select()).first(conn).optional()?)
}

/// Puts an endpoint in the place of the present one, if there is one.
///
/// # Errors
/// The database's.
pub fn put(conn: &mut Conn, workspace: WorkspaceId, mut record: AlertEndpointRecord) -> StorageResult<()> {
    record.workspace_id = workspace;
    each!(conn, c => diesel::insert_into(alert_endpoints::table)
        .values(record.clone())
        .on_conflict(alert_endpoints::workspace_id)
        .do_update()
        .set(record.clone())
        .execute(c))?;
    Ok(())
}

/// What is open and was never to be told, because there was no endpoint, is told from now on.
///
/// # Errors
/// The database's.
pub fn catch_up(conn: &mut Conn, workspace: WorkspaceId, now: Ts) -> StorageResult<()> {
    diesel::update(
        alerts::table.filter(
            alerts::workspace_id
                .eq(workspace)
                .and(alerts::state.eq(AlertState::Open))
                .and(alerts::delivery.eq(AlertDelivery::None)),
        ),
    )
    .set((alerts::delivery.eq(AlertDelivery::Pending), alerts::delivery_run_at.eq(now)))
    .execute(conn)?;
    Ok(())
}

/// Removes the endpoint; what it has not been told of stays untold.
///
/// # Errors
/// [`StorageError::NotFound`] when there is none.
pub fn delete(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<()> {
    if diesel::delete(alert_endpoints::table.find(workspace)).execute(conn)? == 0 {
        return Err(StorageError::NotFound);
    }
    diesel::update(
        alerts::table.filter(
            alerts::workspace_id
                .eq(workspace)
                .and(alerts::delivery.eq_any([AlertDelivery::Pending, AlertDelivery::Sending])),
        ),
    )
    .set((
        alerts::delivery.eq(AlertDelivery::None),
        alerts::claimed_by.eq(None::<String>),
        alerts::claimed_until.eq(None::<Ts>),
    ))
    .execute(conn)?;
    Ok(())
}

/// Notes how the last try went.
///
/// # Errors
/// The database's.
pub fn note(conn: &mut Conn, workspace: WorkspaceId, error: Option<&str>, now: Ts) -> StorageResult<()> {
    let found = alert_endpoints::table.find(workspace);
    match error {
        None => diesel::update(found)
            .set((alert_endpoints::last_delivered_at.eq(Some(now)), alert_endpoints::last_error.eq(None::<String>)))
            .execute(conn)?,
        Some(error) => diesel::update(found)
            .set((alert_endpoints::last_failed_at.eq(Some(now)), alert_endpoints::last_error.eq(Some(error))))
            .execute(conn)?,
    };
    Ok(())
}
