//! Whom a workspace's events are told: the addresses of integrators, with the secrets that sign what is sent there.

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::{StorageError, StorageResult};
use super::events;
use super::schema::{webhook_endpoints, workspaces};
use super::types::Json;
use crate::domain::event::EventKind;
use crate::domain::ids::{WebhookEndpointId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::time::Ts;
use crate::domain::webhook::{WebhookDisabledReason, WebhookEndpointState};

/// A row of `webhook_endpoints`. The secrets are sealed.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = webhook_endpoints, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct WebhookEndpointRecord {
    pub id: WebhookEndpointId,
    pub workspace_id: WorkspaceId,
    pub url: String,
    pub description: String,
    /// Words of [`EventKind`]; none means all.
    pub event_types: Json,
    pub secret: Vec<u8>,
    /// The secret's last four characters.
    pub secret_ends_with: String,
    /// The secret before the last rotation.
    pub previous_secret: Option<Vec<u8>>,
    /// Until then what is sent is signed with the previous secret too.
    pub previous_secret_until: Option<Ts>,
    pub state: WebhookEndpointState,
    pub disabled_reason: Option<WebhookDisabledReason>,
    pub disabled_at: Option<Ts>,
    /// Place of the last entry of the feed that has its deliveries.
    pub feed_cursor: i64,
    /// The first failure after which nothing has succeeded.
    pub failing_since: Option<Ts>,
    pub last_delivered_at: Option<Ts>,
    pub last_failed_at: Option<Ts>,
    pub created_at: Ts,
    pub updated_at: Ts,
    pub deleted_at: Option<Ts>,
}

impl WebhookEndpointRecord {
    /// The types of entries that the endpoint is told of; none means all. A word that this version doesn't know fits nothing.
    ///
    /// # Errors
    /// [`StorageError::Corrupt`].
    pub fn wanted(&self) -> StorageResult<Vec<String>> {
        Ok(self.event_types.clone().read()?)
    }
}

/// Adds an endpoint unless the workspace has `most` of them, and starts it at the present end of the feed. Returns whether it
/// was added.
///
/// # Errors
/// The database's.
pub fn insert(
    conn: &mut Conn,
    workspace: WorkspaceId,
    mut record: WebhookEndpointRecord,
    most: i64,
) -> StorageResult<bool> {
    if let Conn::Postgres(c) = conn {
        // SQLite's one writer needs no lock.
        workspaces::table.find(workspace).select(workspaces::id).for_no_key_update().first::<WorkspaceId>(c)?;
    }
    let there: i64 = webhook_endpoints::table
        .filter(webhook_endpoints::workspace_id.eq(workspace).and(webhook_endpoints::deleted_at.is_null()))
        .count()
        .get_result(conn)?;
    if there >= most {
        return Ok(false);
    }
    record.workspace_id = workspace;
    record.feed_cursor = events::head(conn, workspace)?;
    each!(conn, c => diesel::insert_into(webhook_endpoints::table).values(record).execute(c))?;
    Ok(true)
}

/// # Errors
/// [`StorageError::NotFound`] in this workspace, or deleted.
pub fn get(conn: &mut Conn, workspace: WorkspaceId, id: WebhookEndpointId) -> StorageResult<WebhookEndpointRecord> {
    Ok(webhook_endpoints::table
        .find(id)
        .filter(webhook_endpoints::workspace_id.eq(workspace).and(webhook_endpoints::deleted_at.is_null()))
        .select(WebhookEndpointRecord::as_select())
        .first(conn)?)
}

/// Reads an endpoint for a change: until the end of the transaction nobody else changes it.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace, or deleted.
pub fn lock(conn: &mut Conn, workspace: WorkspaceId, id: WebhookEndpointId) -> StorageResult<WebhookEndpointRecord> {
    if let Conn::Postgres(c) = conn {
        // SQLite's one writer needs no lock.
        let found = webhook_endpoints::table.find(id).filter(webhook_endpoints::workspace_id.eq(workspace));
        found.select(webhook_endpoints::id).for_no_key_update().first::<WebhookEndpointId>(c)?;
    }
    get(conn, workspace, id)
}

/// Newest first; one more than the page asks for when there is a next page.
///
/// # Errors
/// The database's.
pub fn list(conn: &mut Conn, workspace: WorkspaceId, page: Page) -> StorageResult<Vec<WebhookEndpointRecord>> {
    let before = page.before.map_or(WebhookEndpointId(uuid::Uuid::max()), WebhookEndpointId);
    Ok(webhook_endpoints::table
        .filter(webhook_endpoints::workspace_id.eq(workspace).and(webhook_endpoints::deleted_at.is_null()))
        .filter(webhook_endpoints::id.lt(before))
        .order(webhook_endpoints::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(WebhookEndpointRecord::as_select())
        .load(conn)?)
}

/// Puts a record that was read with [`lock`] back, changed.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace.
pub fn save(conn: &mut Conn, workspace: WorkspaceId, record: &WebhookEndpointRecord) -> StorageResult<()> {
    let target = webhook_endpoints::table.find(record.id).filter(webhook_endpoints::workspace_id.eq(workspace));
    match diesel::update(target).set(record).execute(conn)? {
        0 => Err(StorageError::NotFound),
        _ => Ok(()),
    }
}

/// Notes that a request has reached an endpoint.
///
/// # Errors
/// The database's.
pub fn note_delivered(conn: &mut Conn, ids: &[WebhookEndpointId], now: Ts) -> StorageResult<()> {
    diesel::update(webhook_endpoints::table.filter(webhook_endpoints::id.eq_any(ids)))
        .set((webhook_endpoints::last_delivered_at.eq(Some(now)), webhook_endpoints::failing_since.eq(None::<Ts>)))
        .execute(conn)?;
    Ok(())
}

/// Whether an entry of this kind is told to an endpoint that wants these.
pub fn fits(wanted: &[String], kind: EventKind) -> bool {
    wanted.is_empty() || wanted.iter().any(|word| word == kind.as_str())
}
