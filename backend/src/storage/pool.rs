//! How connections of each database are made and what is pinned on them.

use std::path::{Path, PathBuf};

use diesel::connection::{Connection, SimpleConnection, TransactionManager};
use diesel::r2d2::ManageConnection;
use diesel::{PgConnection, SqliteConnection};

use super::conn::Conn;
use super::error::{StorageError, StorageResult};

/// Why a pooled connection could not be made or is no longer good.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    #[error("{0}")]
    Connect(#[from] diesel::ConnectionError),
    #[error("{0}")]
    Query(#[from] diesel::result::Error),
}

/// A pooled connection, and whether its last unit of work ended in a way that a lost connection would explain.
pub struct Lent {
    conn: Conn,
    suspect: bool,
}

impl Lent {
    /// Runs a unit of work on it.
    pub fn run<T>(&mut self, work: impl FnOnce(&mut Conn) -> StorageResult<T>) -> StorageResult<T> {
        let result = work(&mut self.conn);
        self.suspect = matches!(result, Err(StorageError::Busy(_) | StorageError::Other(_)));
        result
    }

    fn broken(&mut self) -> bool {
        <Conn as Connection>::TransactionManager::is_broken_transaction_manager(&mut self.conn)
            || (self.suspect && self.conn.batch_execute("SELECT 1").is_err())
    }
}

/// SQLite's readers: they can't write.
pub struct SqliteReaders(PathBuf);

impl SqliteReaders {
    pub fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }
}

/// Settings of every SQLite connection. FULL makes a commit survive a power cut. Nothing is mapped: a mapped file counts as the
/// process's memory once for each connection, and pages that the system keeps anyway are read nearly as fast.
const SQLITE_PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
    PRAGMA busy_timeout = 10000; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;";
/// Pages kept in memory, in KiB.
const SQLITE_WRITER_CACHE: &str = "PRAGMA cache_size = -32768;";
const SQLITE_READER_CACHE: &str = "PRAGMA cache_size = -4096;";

/// Opens the one connection that writes.
///
/// # Errors
/// The file can't be opened or created.
pub fn sqlite_writer_connection(path: &Path) -> StorageResult<SqliteConnection> {
    let mut conn =
        SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| StorageError::Busy(error.to_string()))?;
    conn.batch_execute(SQLITE_PRAGMAS)?;
    conn.batch_execute(SQLITE_WRITER_CACHE)?;
    Ok(conn)
}

impl ManageConnection for SqliteReaders {
    type Connection = Lent;
    type Error = PoolError;

    fn connect(&self) -> Result<Lent, PoolError> {
        let mut conn = SqliteConnection::establish(&self.0.to_string_lossy())?;
        conn.batch_execute(SQLITE_PRAGMAS)?;
        conn.batch_execute(SQLITE_READER_CACHE)?;
        conn.batch_execute("PRAGMA query_only = ON;")?;
        Ok(Lent { conn: Conn::Sqlite(conn), suspect: false })
    }

    fn is_valid(&self, _: &mut Lent) -> Result<(), PoolError> {
        Ok(())
    }

    fn has_broken(&self, lent: &mut Lent) -> bool {
        lent.broken()
    }
}

/// PostgreSQL's connections.
pub struct PostgresConnections(String);

impl PostgresConnections {
    pub fn new(url: &str) -> Self {
        Self(url.to_owned())
    }
}

/// A commit means durable, whatever the server's default says; times are UTC; nothing waits for ever. Every statement finds its
/// rows by an index: what the planner knows of tables that grow by thousands of rows a second is always old, and reading them
/// whole to join a hundred rows, as it then thinks best, costs ten times as much. Compiling statements this short pays for none.
const POSTGRES_SESSION: &str = "SET synchronous_commit = on; SET timezone = 'UTC'; SET statement_timeout = '30s'; \
    SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'; \
    SET jit = off; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; \
    SET enable_bitmapscan = off;";

impl ManageConnection for PostgresConnections {
    type Connection = Lent;
    type Error = PoolError;

    fn connect(&self) -> Result<Lent, PoolError> {
        let mut conn = PgConnection::establish(&self.0)?;
        conn.batch_execute(POSTGRES_SESSION)?;
        Ok(Lent { conn: Conn::Postgres(conn), suspect: false })
    }

    fn is_valid(&self, lent: &mut Lent) -> Result<(), PoolError> {
        Ok(lent.conn.batch_execute("SELECT 1")?)
    }

    fn has_broken(&self, lent: &mut Lent) -> bool {
        lent.broken()
    }
}
