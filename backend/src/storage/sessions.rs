//! Sign-ins: each holds the hash of its refresh token, and for a short while the one before it.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::{StorageError, StorageResult};
use super::schema::sessions;
use crate::domain::ids::{SessionId, UserId};
use crate::domain::time::Ts;

/// One sign-in.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions)]
pub struct SessionRecord {
    pub id: SessionId,
    pub user_id: UserId,
    /// SHA-256 of the token that is good now.
    pub refresh_hash: Vec<u8>,
    /// SHA-256 of the token before it.
    pub previous_hash: Option<Vec<u8>>,
    pub rotated_at: Ts,
    /// The token that is good now, sealed, for whoever comes with the one before at the same moment.
    pub successor: Option<Vec<u8>>,
    pub user_agent: Option<String>,
    pub created_at: Ts,
    pub expires_at: Ts,
    pub revoked_at: Option<Ts>,
}

/// # Errors
/// The database's.
pub fn insert(conn: &mut Conn, session: &SessionRecord) -> StorageResult<()> {
    diesel::insert_into(sessions::table).values(session).execute(conn)?;
    Ok(())
}

/// # Errors
/// [`StorageError::NotFound`].
pub fn get(conn: &mut Conn, id: SessionId) -> StorageResult<SessionRecord> {
    Ok(sessions::table.find(id).select(SessionRecord::as_select()).first(conn)?)
}

/// The session, held until the end of the transaction, so that two refreshes of one token come one after the other.
///
/// # Errors
/// [`StorageError::NotFound`].
pub fn lock(conn: &mut Conn, id: SessionId) -> StorageResult<SessionRecord> {
    if let Conn::Postgres(pg) = conn {
        return Ok(sessions::table.find(id).select(SessionRecord::as_select()).for_update().first(pg)?);
    }
    // SQLite has one writer: its transaction is the lock.
    get(conn, id)
}

/// Puts a new refresh token in the place of the one that was shown.
///
/// # Errors
/// [`StorageError::NotFound`].
pub fn rotate(
    conn: &mut Conn,
    id: SessionId,
    shown_hash: &[u8],
    new_hash: &[u8],
    successor: &[u8],
    now: Ts,
    expires_at: Ts,
) -> StorageResult<()> {
    let changed = diesel::update(sessions::table.find(id))
        .set((
            sessions::refresh_hash.eq(new_hash),
            sessions::previous_hash.eq(shown_hash),
            sessions::successor.eq(successor),
            sessions::rotated_at.eq(now),
            sessions::expires_at.eq(expires_at),
        ))
        .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StorageError::NotFound) }
}

/// Ends a session; one that has ended stays as it is.
///
/// # Errors
/// The database's.
pub fn revoke(conn: &mut Conn, id: SessionId, now: Ts) -> StorageResult<()> {
    diesel::update(sessions::table.find(id).filter(sessions::revoked_at.is_null()))
        .set((sessions::revoked_at.eq(now), sessions::successor.eq(None::<Vec<u8>>)))
        .execute(conn)?;
    Ok(())
}

/// Ends all sessions of a user; gives how many there were.
///
/// # Errors
/// The database's.
pub fn revoke_all(conn: &mut Conn, user: UserId, now: Ts) -> StorageResult<usize> {
    Ok(diesel::update(sessions::table.filter(sessions::user_id.eq(user).and(sessions::revoked_at.is_null())))
        .set((sessions::revoked_at.eq(now), sessions::successor.eq(None::<Vec<u8>>)))
        .execute(conn)?)
}

/// Ends the sessions of a user but for one; gives how many there were.
///
/// # Errors
/// The database's.
pub fn revoke_others(conn: &mut Conn, user: UserId, this: SessionId, now: Ts) -> StorageResult<usize> {
    let others = sessions::table
        .filter(sessions::user_id.eq(user).and(sessions::id.ne(this)).and(sessions::revoked_at.is_null()));
    Ok(diesel::update(others)
        .set((sessions::revoked_at.eq(now), sessions::successor.eq(None::<Vec<u8>>)))
        .execute(conn)?)
}

/// Every sealed successor, for an exchange of the master key.
///
/// # Errors
/// The database's.
pub fn sealed(conn: &mut Conn) -> StorageResult<Vec<(SessionId, Vec<u8>)>> {
    Ok(sessions::table
        .filter(sessions::successor.is_not_null())
        .order(sessions::id)
        .select((sessions::id, sessions::successor.assume_not_null()))
        .load(conn)?)
}

/// # Errors
/// The database's.
pub fn set_successor(conn: &mut Conn, id: SessionId, successor: &[u8]) -> StorageResult<()> {
    diesel::update(sessions::table.find(id)).set(sessions::successor.eq(successor)).execute(conn)?;
    Ok(())
}

/// Forgets sessions whose time was over before a time; gives how many.
///
/// # Errors
/// The database's.
pub fn purge(conn: &mut Conn, before: Ts) -> StorageResult<usize> {
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.lt(before))).execute(conn)?)
}
