//! Answers kept under the key that a client gave its request, so that a repeated request is done once.
//!
//! [`claim`] and [`settle`] belong in the transaction of the work itself: then a key and its effect are durable together
//! or not at all, and a second request with the key waits for the first.

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::{StorageError, StorageResult};
use super::schema::idempotency_keys;
use crate::domain::time::Ts;

/// One client's key for one route, and what the request said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyScope {
    /// [`crate::domain::access::Principal::stable_name`], with the workspace where the principal has several.
    pub principal: String,
    /// Method and path pattern, such as `POST /api/v1/api-keys`.
    pub route: String,
    /// The header's value: 1 to 255 bytes of visible ASCII.
    pub key: String,
    /// SHA-256 of the raw body.
    pub body_hash: [u8; 32],
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Nobody used it: do the work, then [`settle`].
    New,
    /// Done before. `response` is absent when the answer held a secret.
    Done { status: u16, response: Option<String> },
    /// Taken with another body.
    OtherBody,
    /// Taken, and the work has not ended.
    Running,
}

/// Takes a key for the caller.
///
/// # Errors
/// The database's.
pub fn claim(conn: &mut Conn, scope: &IdempotencyScope, now: Ts) -> StorageResult<Claim> {
    let row = (
        idempotency_keys::principal.eq(&scope.principal),
        idempotency_keys::route.eq(&scope.route),
        idempotency_keys::key.eq(&scope.key),
        idempotency_keys::body_hash.eq(scope.body_hash.as_slice()),
        idempotency_keys::created_at.eq(now),
    );
    let taken = each!(conn, c => diesel::insert_into(idempotency_keys::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if taken == 1 { Ok(Claim::New) } else { look(conn, scope) }
}

/// What is known of a key, without taking it.
///
/// # Errors
/// The database's.
pub fn look(conn: &mut Conn, scope: &IdempotencyScope) -> StorageResult<Claim> {
    let known: Option<(Vec<u8>, Option<i32>, Option<String>)> = idempotency_keys::table
        .find((&scope.principal, &scope.route, &scope.key))
        .select((idempotency_keys::body_hash, idempotency_keys::status, idempotency_keys::response))
        .first(conn)
        .optional()?;
    Ok(match known {
        None => Claim::New,
        Some((hash, ..)) if hash != scope.body_hash => Claim::OtherBody,
        Some((_, None, _)) => Claim::Running,
        Some((_, Some(status), response)) => Claim::Done { status: status_of(status)?, response },
    })
}

/// Keeps the answer for those who ask again. `None` for an answer with a secret: it is not kept.
///
/// # Errors
/// The database's; [`StorageError::NotFound`] when the key was not claimed.
pub fn settle(conn: &mut Conn, scope: &IdempotencyScope, status: u16, response: Option<&str>) -> StorageResult<()> {
    let settled = diesel::update(idempotency_keys::table.find((&scope.principal, &scope.route, &scope.key)))
        .set((idempotency_keys::status.eq(i32::from(status)), idempotency_keys::response.eq(response)))
        .execute(conn)?;
    if settled == 1 { Ok(()) } else { Err(StorageError::NotFound) }
}

/// Forgets keys taken before a time, at most `limit`; gives how many.
///
/// # Errors
/// The database's.
pub fn purge(conn: &mut Conn, before: Ts, limit: i64) -> StorageResult<usize> {
    let last: Option<Ts> = idempotency_keys::table
        .filter(idempotency_keys::created_at.lt(before))
        .order(idempotency_keys::created_at)
        .select(idempotency_keys::created_at)
        .offset(limit.saturating_sub(1))
        .first(conn)
        .optional()?;
    let until = last.unwrap_or(before);
    Ok(diesel::delete(
        idempotency_keys::table
            .filter(idempotency_keys::created_at.lt(before).and(idempotency_keys::created_at.le(until))),
    )
    .execute(conn)?)
}

fn status_of(stored: i32) -> StorageResult<u16> {
    u16::try_from(stored).map_err(|_| StorageError::Corrupt(format!("idempotency_keys.status is {stored}")))
}
