//! Leases on the database's clock: who may send for a limit group, who does a periodic job.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool, Text};

use super::conn::Conn;
use super::error::StorageResult;
use super::schema::{channels, leases};
use super::set;

/// A lease that is held.
#[derive(Clone, Debug, PartialEq, Eq, QueryableByName)]
pub struct Held {
    #[diesel(sql_type = Text)]
    pub name: String,
    /// Grows whenever the lease changes hands.
    #[diesel(sql_type = BigInt)]
    pub epoch: i64,
}

/// Takes or renews each lease that is free, over, or already `holder`'s, for `micros`. `alone` takes all of them: on SQLite no
/// other process can be alive.
pub fn take(conn: &mut Conn, names: &[String], holder: &str, micros: i64, alone: bool) -> StorageResult<Vec<Held>> {
    let mut names: Vec<&String> = names.iter().collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let parameter = set::rows(names.into_iter().map(|name| serde_json::Value::from(name.as_str())));
    let sql = conn.pick(include_str!("sql/sqlite/take_leases.sql"), include_str!("sql/postgres/take_leases.sql"));
    Ok(sql_query(sql)
        .bind::<Text, _>(parameter)
        .bind::<Text, _>(holder)
        .bind::<BigInt, _>(micros)
        .bind::<Bool, _>(alone)
        .load(conn)?)
}

/// What the name of a lease begins with that only says that a node is there.
const NODE: &str = "node:";

/// A lease and who has it.
#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    holder: String,
}

/// Says for `micros` that `holder` is there, and gives the nodes that are and every other lease with its holder. Only on
/// PostgreSQL can there be others.
pub fn present(
    conn: &mut Conn,
    holder: &str,
    micros: i64,
) -> StorageResult<(BTreeSet<String>, BTreeMap<String, String>)> {
    let name = format!("{NODE}{holder}");
    take(conn, &[name], holder, micros, false)?;
    let (gone, there) = if conn.is_postgres() {
        (
            "DELETE FROM leases WHERE name LIKE 'node:%' AND expires_at < now() - interval '1 hour'",
            "SELECT name, holder FROM leases WHERE expires_at > now()",
        )
    } else {
        (
            "DELETE FROM leases WHERE name LIKE 'node:%' AND expires_at < CAST((unixepoch('subsec') - 3600) * 1000000 AS INTEGER)",
            "SELECT name, holder FROM leases WHERE expires_at > CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
        )
    };
    sql_query(gone).execute(conn)?;
    let taken: Vec<Taken> = sql_query(there).load(conn)?;
    let (nodes, others): (Vec<Taken>, Vec<Taken>) = taken.into_iter().partition(|one| one.name.starts_with(NODE));
    Ok((
        nodes.into_iter().map(|one| one.holder).collect(),
        others.into_iter().map(|one| (one.name, one.holder)).collect(),
    ))
}

/// Gives up these leases of `holder`, so that another node can go on at once.
pub fn let_go(conn: &mut Conn, holder: &str, names: &[String]) -> StorageResult<()> {
    diesel::delete(leases::table.filter(leases::holder.eq(holder)).filter(leases::name.eq_any(names))).execute(conn)?;
    Ok(())
}

/// Gives up everything `holder` has, so that another node can go on at once.
pub fn give_up(conn: &mut Conn, holder: &str) -> StorageResult<()> {
    diesel::delete(leases::table.filter(leases::holder.eq(holder))).execute(conn)?;
    Ok(())
}

/// The limit groups that have channels.
pub fn limit_groups(conn: &mut Conn) -> StorageResult<Vec<String>> {
    Ok(channels::table
        .filter(channels::deleted_at.is_null())
        .select(channels::limit_group)
        .distinct()
        .order(channels::limit_group)
        .load(conn)?)
}
