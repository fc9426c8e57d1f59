//! The people whom an account has written to first within a day: what its messaging limit counts.

use std::collections::HashSet;

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::reached_people;
use crate::domain::time::Ts;

/// Rows in one INSERT.
const CHUNK: usize = 1_000;

/// Those of these people who were reached since a time: they count already.
pub fn of_people(conn: &mut Conn, portfolio: &str, people: &[String], since: Ts) -> StorageResult<HashSet<String>> {
    let mut reached = HashSet::new();
    for chunk in people.chunks(CHUNK) {
        let rows: Vec<String> = reached_people::table
            .filter(reached_people::portfolio.eq(portfolio).and(reached_people::person.eq_any(chunk)))
            .filter(reached_people::reached_at.gt(since))
            .select(reached_people::person)
            .load(conn)?;
        reached.extend(rows);
    }
    Ok(reached)
}

/// How many people an account has reached since a time.
pub fn count(conn: &mut Conn, portfolio: &str, since: Ts) -> StorageResult<u64> {
    let count: i64 = reached_people::table
        .filter(reached_people::portfolio.eq(portfolio).and(reached_people::reached_at.gt(since)))
        .count()
        .get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}

/// When the first of those who were reached since a time was: a day later there is room for one more.
pub fn first(conn: &mut Conn, portfolio: &str, since: Ts) -> StorageResult<Option<Ts>> {
    Ok(reached_people::table
        .filter(reached_people::portfolio.eq(portfolio).and(reached_people::reached_at.gt(since)))
        .order(reached_people::reached_at)
        .select(reached_people::reached_at)
        .first(conn)
        .optional()?)
}

/// Counts people as reached, in the commit that lets their messages leave. Who counts already begins a new day.
pub fn reserve(conn: &mut Conn, people: &[(String, String)], now: Ts) -> StorageResult<()> {
    let mut rows: Vec<_> = people.to_vec();
    // In one order everywhere, and each once: two commits never wait for each other crosswise.
    rows.sort_unstable();
    rows.dedup();
    for chunk in rows.chunks(CHUNK) {
        let values: Vec<_> = chunk
            .iter()
            .map(|(portfolio, person)| {
                (
                    reached_people::portfolio.eq(portfolio),
                    reached_people::person.eq(person),
                    reached_people::reached_at.eq(now),
                )
            })
            .collect();
        each!(conn, c => diesel::insert_into(reached_people::table)
            .values(&values)
            .on_conflict((reached_people::portfolio, reached_people::person))
            .do_update()
            .set(reached_people::reached_at.eq(now))
            .execute(c))?;
    }
    Ok(())
}

/// Forgets who was reached before a time, about so many at once. Returns how many.
pub fn purge(conn: &mut Conn, before: Ts, limit: u32) -> StorageResult<usize> {
    let oldest: Vec<Ts> = reached_people::table
        .filter(reached_people::reached_at.lt(before))
        .order(reached_people::reached_at)
        .limit(i64::from(limit))
        .select(reached_people::reached_at)
        .load(conn)?;
    let Some(last) = oldest.last() else { return Ok(0) };
    Ok(diesel::delete(reached_people::table.filter(reached_people::reached_at.le(last))).execute(conn)?)
}
