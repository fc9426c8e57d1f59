//! The one row that describes this installation.

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::{StorageError, StorageResult};
use super::schema::installation;
use crate::domain::time::Ts;

const ID: i16 = 1;

/// What the installation knows of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installation {
    /// Of the master key under which secrets are sealed.
    pub key_fingerprint: Vec<u8>,
    /// SHA-256 of the setup code; absent before one was made and after setup.
    pub setup_code_hash: Option<Vec<u8>>,
    pub setup_done_at: Option<Ts>,
}

/// Makes the row when there is none, and gives what stands there.
///
/// # Errors
/// The database's.
pub fn found_or_made(conn: &mut Conn, key_fingerprint: &[u8], now: Ts) -> StorageResult<Installation> {
    let row =
        (installation::id.eq(ID), installation::key_fingerprint.eq(key_fingerprint), installation::created_at.eq(now));
    each!(conn, c => diesel::insert_into(installation::table).values(row).on_conflict_do_nothing().execute(c))?;
    get(conn)
}

/// # Errors
/// [`StorageError::NotFound`] before the first start.
pub fn get(conn: &mut Conn) -> StorageResult<Installation> {
    let (key_fingerprint, setup_code_hash, setup_done_at) = installation::table
        .find(ID)
        .select((installation::key_fingerprint, installation::setup_code_hash, installation::setup_done_at))
        .first(conn)?;
    Ok(Installation { key_fingerprint, setup_code_hash, setup_done_at })
}

/// Replaces the setup code, unless setup is done.
///
/// # Errors
/// The database's.
pub fn set_setup_code(conn: &mut Conn, hash: &[u8]) -> StorageResult<()> {
    diesel::update(installation::table.find(ID).filter(installation::setup_done_at.is_null()))
        .set(installation::setup_code_hash.eq(hash))
        .execute(conn)?;
    Ok(())
}

/// Ends setup and uses the code up; of two callers only one succeeds.
///
/// # Errors
/// [`StorageError::Conflict`] when it was done before, or the code is no longer this one.
pub fn finish_setup(conn: &mut Conn, code_hash: &[u8], now: Ts) -> StorageResult<()> {
    let done = diesel::update(
        installation::table
            .find(ID)
            .filter(installation::setup_done_at.is_null().and(installation::setup_code_hash.eq(code_hash))),
    )
    .set((installation::setup_done_at.eq(now), installation::setup_code_hash.eq(None::<Vec<u8>>)))
    .execute(conn)?;
    if done == 1 { Ok(()) } else { Err(StorageError::Conflict("installation.setup_done_at".into())) }
}

/// Records a new master key, in the transaction that seals everything with it.
///
/// # Errors
/// The database's.
pub fn set_key_fingerprint(conn: &mut Conn, fingerprint: &[u8]) -> StorageResult<()> {
    diesel::update(installation::table.find(ID)).set(installation::key_fingerprint.eq(fingerprint)).execute(conn)?;
    Ok(())
}
