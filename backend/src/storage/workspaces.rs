//! Workspaces and who belongs to them.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::conn::Conn;
use super::error::{StorageError, StorageResult};
use super::schema::{memberships, workspaces};
use super::types::Json;
use crate::domain::access::{Membership, Workspace};
use crate::domain::delivery_settings::DeliverySettings;
use crate::domain::ids::{UserId, WorkspaceId};
use crate::domain::provider::{Environment, ProviderKind};
use crate::domain::scope::Role;
use crate::domain::time::Ts;

type Row = (WorkspaceId, String, Environment, ProviderKind, Ts, Ts);

const COLUMNS: (
    workspaces::id,
    workspaces::name,
    workspaces::environment,
    workspaces::whatsapp_provider,
    workspaces::created_at,
    workspaces::updated_at,
) = (
    workspaces::id,
    workspaces::name,
    workspaces::environment,
    workspaces::whatsapp_provider,
    workspaces::created_at,
    workspaces::updated_at,
);

fn workspace((id, name, environment, whatsapp_provider, created_at, updated_at): Row) -> Workspace {
    Workspace { id, name, environment, whatsapp_provider, created_at, updated_at }
}

/// # Errors
/// The database's.
pub fn insert(conn: &mut Conn, new: &Workspace) -> StorageResult<()> {
    diesel::insert_into(workspaces::table)
        .values((
            workspaces::id.eq(new.id),
            workspaces::name.eq(&new.name),
            workspaces::environment.eq(new.environment),
            workspaces::whatsapp_provider.eq(new.whatsapp_provider),
            workspaces::created_at.eq(new.created_at),
            workspaces::updated_at.eq(new.updated_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// # Errors
/// [`StorageError::Conflict`] when the user is a member already.
pub fn add_member(conn: &mut Conn, id: WorkspaceId, user: UserId, role: Role, now: Ts) -> StorageResult<()> {
    diesel::insert_into(memberships::table)
        .values((
            memberships::workspace_id.eq(id),
            memberships::user_id.eq(user),
            memberships::role.eq(role),
            memberships::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// # Errors
/// [`StorageError::NotFound`].
pub fn get(conn: &mut Conn, id: WorkspaceId) -> StorageResult<Workspace> {
    Ok(workspace(workspaces::table.find(id).select(COLUMNS).first(conn)?))
}

/// What a change leaves alone is `None`.
#[derive(Clone, Debug, Default, AsChangeset)]
#[diesel(table_name = workspaces)]
pub struct WorkspaceChange {
    pub name: Option<String>,
    pub whatsapp_provider: Option<ProviderKind>,
}

/// Changes a workspace and gives it as it then is.
///
/// # Errors
/// [`StorageError::NotFound`].
pub fn update(conn: &mut Conn, id: WorkspaceId, change: WorkspaceChange, now: Ts) -> StorageResult<Workspace> {
    let changed =
        diesel::update(workspaces::table.find(id)).set((change, workspaces::updated_at.eq(now))).execute(conn)?;
    if changed == 0 { Err(StorageError::NotFound) } else { get(conn, id) }
}

/// # Errors
/// [`StorageError::NotFound`].
pub fn delivery_settings(conn: &mut Conn, id: WorkspaceId) -> StorageResult<DeliverySettings> {
    let stored: Json = workspaces::table.find(id).select(workspaces::delivery_settings).first(conn)?;
    Ok(stored.read()?)
}

/// # Errors
/// The database's.
pub fn delivery_settings_of(
    conn: &mut Conn,
    ids: &BTreeSet<WorkspaceId>,
) -> StorageResult<HashMap<WorkspaceId, DeliverySettings>> {
    let stored: Vec<(WorkspaceId, Json)> = workspaces::table
        .filter(workspaces::id.eq_any(ids))
        .select((workspaces::id, workspaces::delivery_settings))
        .load(conn)?;
    stored.into_iter().map(|(id, settings)| Ok((id, settings.read()?))).collect()
}

/// Changes a workspace's delivery settings as `change` says, with nobody else changing them meanwhile, and gives them as they
/// then are.
///
/// # Errors
/// [`StorageError::NotFound`].
pub fn change_delivery_settings(
    conn: &mut Conn,
    id: WorkspaceId,
    now: Ts,
    change: impl FnOnce(&mut DeliverySettings),
) -> StorageResult<DeliverySettings> {
    let row = workspaces::table.find(id);
    let stored: Json = match conn {
        Conn::Postgres(pg) => row.select(workspaces::delivery_settings).for_update().get_result(pg)?,
        Conn::Sqlite(sqlite) => row.select(workspaces::delivery_settings).get_result(sqlite)?,
    };
    let mut settings: DeliverySettings = stored.read()?;
    change(&mut settings);
    diesel::update(workspaces::table.find(id))
        .set((workspaces::delivery_settings.eq(Json::of(&settings)?), workspaces::updated_at.eq(now)))
        .execute(conn)?;
    Ok(settings)
}

/// The workspaces of a user, oldest first.
///
/// # Errors
/// The database's.
pub fn of_user(conn: &mut Conn, user: UserId) -> StorageResult<Vec<Membership>> {
    let rows: Vec<(Role, Row)> = memberships::table
        .inner_join(workspaces::table.on(workspaces::id.eq(memberships::workspace_id)))
        .filter(memberships::user_id.eq(user))
        .order(workspaces::id)
        .select((memberships::role, COLUMNS))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(role, row)| Membership { workspace: workspace(row), role, scopes: role.scopes().to_vec() })
        .collect())
}

/// Users of a workspace and their roles.
///
/// # Errors
/// The database's.
pub fn members(conn: &mut Conn, id: WorkspaceId) -> StorageResult<Vec<(UserId, Role)>> {
    Ok(memberships::table
        .filter(memberships::workspace_id.eq(id))
        .order(memberships::user_id)
        .select((memberships::user_id, memberships::role))
        .load(conn)?)
}

/// All workspaces of the installation, oldest first; for the command line and the start, never for a caller.
///
/// # Errors
/// The database's.
pub fn all(conn: &mut Conn) -> StorageResult<Vec<Workspace>> {
    let rows: Vec<Row> = workspaces::table.order(workspaces::id).select(COLUMNS).load(conn)?;
    Ok(rows.into_iter().map(workspace).collect())
}

/// All owners of the installation: who gets a workspace made on the command line.
///
/// # Errors
/// The database's.
pub fn owners(conn: &mut Conn) -> StorageResult<Vec<UserId>> {
    Ok(memberships::table
        .filter(memberships::role.eq(Role::Owner))
        .select(memberships::user_id)
        .distinct()
        .order(memberships::user_id)
        .load(conn)?)
}
