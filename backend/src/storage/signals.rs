//! Word from node to node that something waits, by PostgreSQL's notifications. A hint only: every worker looks each second
//! regardless. SQLite has one node, and nobody to tell.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;
use diesel::{PgConnection, RunQueryDsl};

use super::conn::Conn;
use super::db::Db;
use super::error::{StorageError, StorageResult};

/// The channel of all notifications.
const CHANNEL: &str = "duplex";

/// Tells the other nodes. Not for a hot transaction: PostgreSQL takes a lock for it at the commit.
pub fn tell(conn: &mut Conn, word: &str) -> StorageResult<()> {
    if let Conn::Postgres(pg) = conn {
        sql_query("SELECT pg_notify($1, $2)").bind::<Text, _>(CHANNEL).bind::<Text, _>(word).execute(pg)?;
    }
    Ok(())
}

/// A connection of its own that hears what nodes tell.
pub struct Listener(PgConnection);

impl Listener {
    /// `None` on SQLite. Blocks while it connects.
    ///
    /// # Errors
    /// The server can't be reached.
    pub fn open(db: &Db) -> StorageResult<Option<Self>> {
        let Some(url) = db.postgres_url() else { return Ok(None) };
        let mut conn = PgConnection::establish(url).map_err(|error| StorageError::Busy(error.to_string()))?;
        sql_query(format!("LISTEN {CHANNEL}")).execute(&mut conn)?;
        Ok(Some(Self(conn)))
    }

    /// What was told since the last call. Does not wait.
    ///
    /// # Errors
    /// The connection is lost; open another one.
    pub fn heard(&mut self) -> StorageResult<Vec<String>> {
        let heard: Result<Vec<_>, _> = self.0.notifications_iter().collect();
        Ok(heard?.into_iter().map(|notification| notification.payload).collect())
    }
}
