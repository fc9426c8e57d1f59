//! People who sign in. They belong to no workspace; memberships tie them to some.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::{StorageError, StorageResult};
use super::schema::{api_keys, users};
use crate::domain::access::{Principal, User};
use crate::domain::ids::{UserId, WorkspaceId};
use crate::domain::time::Ts;

/// A user and the hash that proves a password.
pub struct Credentials {
    pub user: User,
    /// PHC text of argon2id.
    pub password_hash: String,
}

type Row = (UserId, String, String, Ts);

fn user((id, email, name, created_at): Row) -> User {
    User { id, email, name, created_at }
}

/// # Errors
/// [`StorageError::Conflict`] when the address is taken.
pub fn insert(conn: &mut Conn, user: &User, password_hash: &str) -> StorageResult<()> {
    diesel::insert_into(users::table)
        .values((
            users::id.eq(user.id),
            users::email.eq(&user.email),
            users::name.eq(&user.name),
            users::password_hash.eq(password_hash),
            users::password_changed_at.eq(user.created_at),
            users::created_at.eq(user.created_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// # Errors
/// [`StorageError::NotFound`].
pub fn get(conn: &mut Conn, id: UserId) -> StorageResult<User> {
    let row = users::table.find(id).select((users::id, users::email, users::name, users::created_at)).first(conn)?;
    Ok(user(row))
}

/// By address, in the form in which it is stored (lower case).
///
/// # Errors
/// The database's.
pub fn by_email(conn: &mut Conn, email: &str) -> StorageResult<Option<Credentials>> {
    let found: Option<(Row, String)> = users::table
        .filter(users::email.eq(email))
        .select(((users::id, users::email, users::name, users::created_at), users::password_hash))
        .first(conn)
        .optional()?;
    Ok(found.map(|(row, password_hash)| Credentials { user: user(row), password_hash }))
}

/// PHC text of a user's password.
///
/// # Errors
/// [`StorageError::NotFound`].
pub fn password_hash(conn: &mut Conn, id: UserId) -> StorageResult<String> {
    Ok(users::table.find(id).select(users::password_hash).first(conn)?)
}

/// # Errors
/// [`StorageError::NotFound`].
pub fn set_name(conn: &mut Conn, id: UserId, name: &str) -> StorageResult<()> {
    let changed = diesel::update(users::table.find(id)).set(users::name.eq(name)).execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StorageError::NotFound) }
}

/// Sets a password for who knew the one before; of two who come at once, one is too late.
///
/// # Errors
/// [`StorageError::NotFound`] when the password is not the known one any more.
pub fn replace_password(conn: &mut Conn, id: UserId, known: &str, password_hash: &str, now: Ts) -> StorageResult<()> {
    let changed = diesel::update(users::table.find(id).filter(users::password_hash.eq(known)))
        .set((users::password_hash.eq(password_hash), users::password_changed_at.eq(now)))
        .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StorageError::NotFound) }
}

/// # Errors
/// [`StorageError::NotFound`].
pub fn set_password(conn: &mut Conn, id: UserId, password_hash: &str, now: Ts) -> StorageResult<()> {
    let changed = diesel::update(users::table.find(id))
        .set((users::password_hash.eq(password_hash), users::password_changed_at.eq(now)))
        .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StorageError::NotFound) }
}

/// The name of whoever stands behind a request: a person's own, or the API key's.
///
/// # Errors
/// [`StorageError::NotFound`] when they are gone.
pub fn name_of(conn: &mut Conn, workspace: WorkspaceId, principal: Principal) -> StorageResult<String> {
    match principal {
        Principal::Session { user, .. } => Ok(get(conn, user)?.name),
        Principal::ApiKey(id) => Ok(api_keys::table
            .filter(api_keys::id.eq(id).and(api_keys::workspace_id.eq(workspace)))
            .select(api_keys::name)
            .first(conn)?),
    }
}
