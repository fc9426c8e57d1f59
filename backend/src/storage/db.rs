//! The handle to the database: one closure per unit of work, never on the async threads.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::Connection;
use diesel::r2d2::Pool;
use tokio::sync::{Semaphore, SemaphorePermit, watch};

use super::conn::Conn;
use super::error::{StorageError, StorageResult};
use super::lock::FolderLock;
use super::pool::{Lent, PostgresConnections, SqliteReaders, sqlite_writer_connection};
use super::sqlite_writer::SqliteWriter;

/// Readers beside SQLite's one writer, and the size of PostgreSQL's pool unless it is set.
const DEFAULT_CONNECTIONS: u32 = 8;
/// How long a unit of work waits for a free connection before the caller is told to come back.
const CHECKOUT: Duration = Duration::from_secs(10);

/// Where the data is.
#[derive(Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    Sqlite(PathBuf),
    Postgres(String),
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a database address starts with sqlite: or postgres: (postgresql: is the same)")]
pub struct UnknownScheme;

impl DatabaseUrl {
    /// # Errors
    /// Any other scheme is refused: a typo must not create an empty database.
    pub fn parse(text: &str) -> Result<Self, UnknownScheme> {
        if let Some(path) = text.strip_prefix("sqlite:") {
            let path = path.strip_prefix("//").unwrap_or(path);
            return if path.is_empty() { Err(UnknownScheme) } else { Ok(Self::Sqlite(path.into())) };
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(text.to_owned()));
        }
        Err(UnknownScheme)
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(_) => f.write_str("postgres:[redacted]"),
        }
    }
}

/// A cheap handle to the database; clones share everything.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

enum Inner {
    Sqlite {
        writer: SqliteWriter,
        readers: Pool<SqliteReaders>,
        turns: Semaphore,
        path: PathBuf,
        _lock: FolderLock,
        gone: Gone,
    },
    Postgres {
        pool: Pool<PostgresConnections>,
        turns: Semaphore,
        url: String,
        gone: Gone,
    },
}

/// Stands last in [`Inner`], so that it is dropped after everything else.
type Gone = watch::Sender<()>;

/// Who may wait behind whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// Somebody waits for the answer.
    Interactive,
    /// Work in bulk: at most 1,000 rows and about 20 ms a closure.
    Bulk,
}

impl Db {
    /// Opens the database without migrating it. A second process on the same SQLite file is refused.
    ///
    /// # Errors
    /// The database can't be opened or reached, or another process has it.
    pub fn open(url: &DatabaseUrl, connections: Option<u32>) -> StorageResult<Self> {
        let connections = connections.unwrap_or(DEFAULT_CONNECTIONS);
        // Who waits for a connection waits without a thread: hundreds of waiting threads would be memory for nothing.
        let turns = Semaphore::new(usize::try_from(connections).unwrap_or(Semaphore::MAX_PERMITS));
        let inner = match url {
            DatabaseUrl::Sqlite(path) => {
                let lock = FolderLock::take(path)?;
                let writer = SqliteWriter::start(path)?;
                let readers = build_pool(SqliteReaders::new(path), connections)?;
                Inner::Sqlite { writer, readers, turns, path: path.clone(), _lock: lock, gone: Gone::default() }
            }
            DatabaseUrl::Postgres(url) => {
                let pool = build_pool(PostgresConnections::new(url), connections)?;
                Inner::Postgres { pool, turns, url: url.clone(), gone: Gone::default() }
            }
        };
        Ok(Self(Arc::new(inner)))
    }

    pub fn is_postgres(&self) -> bool {
        matches!(*self.0, Inner::Postgres { .. })
    }

    /// The address for a connection of one's own (listening for notifications); `None` on SQLite.
    pub fn postgres_url(&self) -> Option<&str> {
        match &*self.0 {
            Inner::Postgres { url, .. } => Some(url),
            Inner::Sqlite { .. } => None,
        }
    }

    /// Ends when the last handle is gone and the database is free for another process. Holds no handle itself.
    pub fn released(&self) -> impl Future<Output = ()> + Send + 'static {
        let (Inner::Sqlite { gone, .. } | Inner::Postgres { gone, .. }) = &*self.0;
        let mut gone = gone.subscribe();
        async move {
            // Nothing is ever sent: the end of the sender is the news.
            let _ = gone.changed().await;
        }
    }

    /// Runs a unit of work that only reads, in one snapshot-less connection.
    ///
    /// # Errors
    /// The work's own, or [`StorageError::Busy`] when no connection came free.
    pub async fn read<T, F>(&self, work: F) -> StorageResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> StorageResult<T> + Send + 'static,
    {
        let _turn = self.turn().await?;
        let inner = Arc::clone(&self.0);
        blocking(move || match &*inner {
            Inner::Sqlite { readers, .. } => checkout(readers)?.run(work),
            Inner::Postgres { pool, .. } => checkout(pool)?.run(work),
        })
        .await
    }

    /// Runs a unit of work in one transaction, somebody waiting for it. The result is given after the commit.
    ///
    /// # Errors
    /// The work's own (rolled back), or [`StorageError::Busy`].
    pub async fn write<T, F>(&self, work: F) -> StorageResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> StorageResult<T> + Send + 'static,
    {
        self.write_with(Urgency::Interactive, work).await
    }

    /// As [`Db::write`], behind everything interactive.
    ///
    /// # Errors
    /// As [`Db::write`].
    pub async fn write_bulk<T, F>(&self, work: F) -> StorageResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> StorageResult<T> + Send + 'static,
    {
        self.write_with(Urgency::Bulk, work).await
    }

    /// For what must not run inside a transaction (migrations).
    pub(super) async fn outside_transaction<T, F>(&self, work: F) -> StorageResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> StorageResult<T> + Send + 'static,
    {
        let inner = Arc::clone(&self.0);
        blocking(move || match &*inner {
            Inner::Sqlite { path, .. } => work(&mut Conn::Sqlite(sqlite_writer_connection(path)?)),
            Inner::Postgres { pool, .. } => checkout(pool)?.run(work),
        })
        .await
    }

    /// The right to a pooled connection.
    async fn turn(&self) -> StorageResult<SemaphorePermit<'_>> {
        let (Inner::Sqlite { turns, .. } | Inner::Postgres { turns, .. }) = &*self.0;
        match tokio::time::timeout(CHECKOUT, turns.acquire()).await {
            Ok(turn) => turn.map_err(|closed| StorageError::Other(closed.to_string())),
            Err(_) => Err(StorageError::Busy("no database connection came free".into())),
        }
    }

    async fn write_with<T, F>(&self, urgency: Urgency, work: F) -> StorageResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> StorageResult<T> + Send + 'static,
    {
        if let Inner::Sqlite { writer, .. } = &*self.0 {
            return writer.run(urgency, work).await;
        }
        let _turn = self.turn().await?;
        let inner = Arc::clone(&self.0);
        blocking(move || match &*inner {
            Inner::Postgres { pool, .. } => checkout(pool)?.run(|conn| conn.transaction(work)),
            Inner::Sqlite { .. } => Err(StorageError::Other("the database changed under the handle".into())),
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> StorageResult<T> + Send + 'static) -> StorageResult<T> {
    tokio::task::spawn_blocking(work).await.map_err(|gone| StorageError::Other(gone.to_string()))?
}

fn checkout<M>(pool: &Pool<M>) -> StorageResult<diesel::r2d2::PooledConnection<M>>
where
    M: diesel::r2d2::ManageConnection,
{
    pool.get().map_err(|error| StorageError::Busy(error.to_string()))
}

fn build_pool<M>(manager: M, size: u32) -> StorageResult<Pool<M>>
where
    M: diesel::r2d2::ManageConnection<Connection = Lent>,
{
    Pool::builder()
        .max_size(size)
        .min_idle(Some(1))
        .connection_timeout(CHECKOUT)
        .test_on_check_out(false)
        .build(manager)
        .map_err(|error| StorageError::Busy(error.to_string()))
}
