//! SQLite's one writer: a thread that takes everything that waits, runs each unit in a savepoint, and commits once.
//!
//! A commit costs an fsync, so units that wait together share one. A unit that fails rolls back alone.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::SqliteConnection;
use diesel::connection::{AnsiTransactionManager, Connection, SimpleConnection, TransactionManager};
use tokio::sync::oneshot;

use super::conn::Conn;
use super::db::Urgency;
use super::error::{StorageError, StorageResult};
use super::pool::sqlite_writer_connection;

/// Units of work that may wait; beyond, callers are told to come back.
const QUEUE_LIMIT: usize = 8_192;
/// Units in one commit, and how long one commit may gather before others get their turn.
const BATCH_LIMIT: usize = 512;
const BATCH_TIME: Duration = Duration::from_millis(20);

/// Runs inside the transaction and returns what is to be done after the commit (or after its failure). Given the reason why there
/// is no transaction, it does nothing but tell.
type Unit = Box<dyn FnOnce(Result<&mut Conn, String>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), String>) + Send>;

#[derive(Default)]
struct Queue {
    interactive: std::collections::VecDeque<Unit>,
    bulk: std::collections::VecDeque<Unit>,
    closed: bool,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    ready: Condvar,
}

/// The handle to the writer thread; the thread ends when the handle is dropped and the queues are empty.
pub struct SqliteWriter {
    shared: Arc<Shared>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl SqliteWriter {
    pub fn start(path: &Path) -> StorageResult<Self> {
        let conn = Conn::Sqlite(sqlite_writer_connection(path)?);
        let path = path.to_owned();
        let shared = Arc::new(Shared::default());
        let for_thread = Arc::clone(&shared);
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".into())
            .spawn(move || write_until_closed(conn, &path, &for_thread))
            .map_err(|error| StorageError::Other(error.to_string()))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    pub async fn run<T, F>(&self, urgency: Urgency, work: F) -> StorageResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> StorageResult<T> + Send + 'static,
    {
        let (sender, receiver) = oneshot::channel();
        let unit: Unit = Box::new(move |conn| {
            let result = match conn {
                Ok(conn) => conn.transaction(work),
                Err(reason) => Err(StorageError::Busy(reason)),
            };
            Box::new(move |committed: Result<(), String>| {
                let told = match committed {
                    Ok(()) => result,
                    Err(reason) => result.and(Err(StorageError::Busy(reason))),
                };
                // A caller that went away no longer wants the answer.
                let _ = sender.send(told);
            })
        });
        {
            let mut queue = self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
            if queue.closed {
                return Err(StorageError::Other("the writer ended".into()));
            }
            if queue.interactive.len() + queue.bulk.len() >= QUEUE_LIMIT {
                return Err(StorageError::Busy("too many writes wait".into()));
            }
            match urgency {
                Urgency::Interactive => queue.interactive.push_back(unit),
                Urgency::Bulk => queue.bulk.push_back(unit),
            }
        }
        self.shared.ready.notify_one();
        receiver.await.unwrap_or_else(|_| Err(StorageError::Other("the writer ended".into())))
    }
}

impl Drop for SqliteWriter {
    fn drop(&mut self) {
        self.shared.queue.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.shared.ready.notify_all();
        if let Some(thread) = self.thread.take() {
            // The last handle may be dropped on the writer's own thread (inside an answer); it can't wait for itself.
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

fn write_until_closed(mut conn: Conn, path: &Path, shared: &Shared) {
    while let Some(first) = next(shared, true) {
        let batch = std::panic::AssertUnwindSafe(|| write_batch(&mut conn, first, shared));
        // A unit that panicked must not take the writer with it: its batch is gone with the connection, and every caller in it
        // hears so, because their answers were dropped. A failed BEGIN or COMMIT leaves a connection that nobody should trust.
        match std::panic::catch_unwind(batch) {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => tracing::error!(%error, "a transaction failed; the database is opened anew"),
            Err(_) => tracing::error!("a unit of work panicked; its batch is rolled back and the database opened anew"),
        }
        match sqlite_writer_connection(path) {
            Ok(fresh) => conn = Conn::Sqlite(fresh),
            Err(error) => {
                tracing::error!(%error, "the database can't be opened again");
                let mut queue = shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
                *queue = Queue { closed: true, ..Queue::default() };
                return;
            }
        }
    }
}

/// The next unit, interactive ones first; `None` when there is none (or, waiting, when the writer is closed and empty).
fn next(shared: &Shared, wait: bool) -> Option<Unit> {
    let mut queue = shared.queue.lock().unwrap_or_else(PoisonError::into_inner);
    loop {
        if let Some(unit) = queue.interactive.pop_front().or_else(|| queue.bulk.pop_front()) {
            return Some(unit);
        }
        if !wait || queue.closed {
            return None;
        }
        queue = shared.ready.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

fn write_batch(conn: &mut Conn, first: Unit, shared: &Shared) -> Result<(), String> {
    let started = Instant::now();
    if let Err(error) = begin(conn) {
        let reason = error.to_string();
        first(Err(reason.clone()))(Ok(()));
        return Err(reason);
    }
    let mut answers = Vec::new();
    let mut unit = Some(first);
    while let Some(work) = unit.take() {
        answers.push(work(Ok(conn)));
        if answers.len() < BATCH_LIMIT && started.elapsed() < BATCH_TIME {
            unit = next(shared, false);
        }
    }
    let committed = commit(conn).map_err(|error| error.to_string());
    for answer in answers {
        answer(committed.clone());
    }
    committed
}

/// IMMEDIATE: the write lock is taken at once, so that no unit fails half way for want of it.
fn begin(conn: &mut Conn) -> diesel::QueryResult<()> {
    match conn {
        Conn::Sqlite(sqlite) => AnsiTransactionManager::begin_transaction_sql(sqlite, "BEGIN IMMEDIATE"),
        Conn::Postgres(_) => Err(diesel::result::Error::NotInTransaction),
    }
}

fn commit(conn: &mut Conn) -> diesel::QueryResult<()> {
    match conn {
        Conn::Sqlite(sqlite) => {
            let committed = <SqliteConnection as Connection>::TransactionManager::commit_transaction(sqlite);
            if committed.is_err() {
                let _ = sqlite.batch_execute("ROLLBACK");
            }
            committed
        }
        Conn::Postgres(_) => Err(diesel::result::Error::NotInTransaction),
    }
}
