//! What a credential stands for, before any workspace is known.

use diesel::prelude::*;

use crate::domain::access::ApiKey;
use crate::domain::ids::{ApiKeyId, WorkspaceId};
use crate::domain::provider::Environment;
use crate::domain::time::Ts;
use crate::storage::StorageResult;
use crate::storage::api_keys::KeyRow;
use crate::storage::conn::Conn;
use crate::storage::schema::{api_keys, workspaces};

/// An API key and the workspace that it implies.
pub struct KnownKey {
    pub key: ApiKey,
    pub workspace: WorkspaceId,
    pub environment: Environment,
}

/// The key with this SHA-256, whether or not it is still good.
///
/// # Errors
/// The database's.
pub fn key_by_hash(conn: &mut Conn, hash: &[u8]) -> StorageResult<Option<KnownKey>> {
    let found: Option<(KeyRow, WorkspaceId, Environment)> = api_keys::table
        .inner_join(workspaces::table.on(workspaces::id.eq(api_keys::workspace_id)))
        .filter(api_keys::hash.eq(hash))
        .select((KeyRow::as_select(), workspaces::id, workspaces::environment))
        .first(conn)
        .optional()?;
    found.map(|(row, workspace, environment)| Ok(KnownKey { key: row.into_key()?, workspace, environment })).transpose()
}

/// Records when keys were last used.
///
/// # Errors
/// The database's.
pub fn touch_keys(conn: &mut Conn, uses: &[(ApiKeyId, Ts)]) -> StorageResult<()> {
    for (id, at) in uses {
        diesel::update(api_keys::table.find(id)).set(api_keys::last_used_at.eq(at)).execute(conn)?;
    }
    Ok(())
}
