//! API keys of a workspace. Only the hash of a key is kept.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StorageResult;
use super::schema::api_keys;
use super::types::Json;
use crate::domain::access::ApiKey;
use crate::domain::ids::{ApiKeyId, UserId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::scope::Scope;
use crate::domain::time::Ts;

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_keys)]
pub(super) struct KeyRow {
    id: ApiKeyId,
    name: String,
    prefix: String,
    scopes: Json,
    created_by: Option<UserId>,
    created_at: Ts,
    expires_at: Option<Ts>,
    revoked_at: Option<Ts>,
    last_used_at: Option<Ts>,
}

impl KeyRow {
    pub(super) fn into_key(self) -> StorageResult<ApiKey> {
        Ok(ApiKey {
            id: self.id,
            name: self.name,
            prefix: self.prefix,
            scopes: known_scopes(self.scopes)?,
            created_by: self.created_by,
            created_at: self.created_at,
            expires_at: self.expires_at,
            revoked_at: self.revoked_at,
            last_used_at: self.last_used_at,
        })
    }
}

/// A scope that this version doesn't know grants nothing; it must not make the key unreadable.
fn known_scopes(stored: Json) -> StorageResult<Vec<Scope>> {
    let words: Vec<String> = stored.read()?;
    Ok(words.iter().filter_map(|word| word.parse().ok()).collect())
}

/// # Errors
/// The database's.
pub fn insert(conn: &mut Conn, workspace: WorkspaceId, key: &ApiKey, hash: &[u8]) -> StorageResult<()> {
    diesel::insert_into(api_keys::table)
        .values((
            api_keys::id.eq(key.id),
            api_keys::workspace_id.eq(workspace),
            api_keys::name.eq(&key.name),
            api_keys::prefix.eq(&key.prefix),
            api_keys::hash.eq(hash),
            api_keys::scopes.eq(Json::of(&key.scopes)?),
            api_keys::created_by.eq(key.created_by),
            api_keys::created_at.eq(key.created_at),
            api_keys::expires_at.eq(key.expires_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// # Errors
/// `NotFound`.
pub fn get(conn: &mut Conn, workspace: WorkspaceId, id: ApiKeyId) -> StorageResult<ApiKey> {
    api_keys::table
        .find(id)
        .filter(api_keys::workspace_id.eq(workspace))
        .select(KeyRow::as_select())
        .first(conn)?
        .into_key()
}

/// Newest first, revoked ones included; one more than the page asks for when there is a next page.
///
/// # Errors
/// The database's.
pub fn list(conn: &mut Conn, workspace: WorkspaceId, page: Page) -> StorageResult<Vec<ApiKey>> {
    let before = page.before.map_or(ApiKeyId(uuid::Uuid::max()), ApiKeyId);
    let rows: Vec<KeyRow> = api_keys::table
        .filter(api_keys::workspace_id.eq(workspace).and(api_keys::id.lt(before)))
        .order(api_keys::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(KeyRow::as_select())
        .load(conn)?;
    rows.into_iter().map(KeyRow::into_key).collect()
}

/// Revokes a key for good; one that is revoked stays as it is. Gives the key.
///
/// # Errors
/// `NotFound`.
pub fn revoke(conn: &mut Conn, workspace: WorkspaceId, id: ApiKeyId, now: Ts) -> StorageResult<ApiKey> {
    let target = api_keys::table.find(id).filter(api_keys::workspace_id.eq(workspace));
    diesel::update(target.filter(api_keys::revoked_at.is_null())).set(api_keys::revoked_at.eq(now)).execute(conn)?;
    get(conn, workspace, id)
}
