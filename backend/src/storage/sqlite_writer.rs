//! SQLite's one writer: a thread that takes everything that waits, runs each unit in a savepoint, and commits once.
//!
//! A commit costs an fsync, so units that wait together share one. A unit that fails rolls back alone. Work in bulk takes at most
//! half of the time from those who wait for an answer: they commit without it, and after it they have as long as it took.

use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
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
/// However long work in bulk took.
const LONGEST_REST: Duration = Duration::from_millis(50);

/// Runs inside the transaction and returns what is to be done after the commit (or after its failure). Given the reason why there
/// is no transaction, it does nothing but tell.
type Unit = Box<dyn FnOnce(Result<&mut Conn, String>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), String>) + Send>;

#[derive(Default)]
struct Queue {
    interactive: std::collections::VecDeque<Unit>,
    bulk: std::collections::VecDeque<Unit>,
    /// Somebody was answered since the last work in bulk.
    answered: bool,
    /// Until then those who wait for an answer have the writer to themselves, if there are any.
    bulk_rests_until: Option<Instant>,
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
            let mut queue = locked(&self.shared);
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
        locked(&self.shared).closed = true;
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
    while let Some((urgency, first)) = next(shared) {
        let started = Instant::now();
        let batch = std::panic::AssertUnwindSafe(|| write_batch(&mut conn, first, shared));
        // A unit that panicked must not take the writer with it: its batch is gone with the connection, and every caller in it
        // hears so, because their answers were dropped. A failed BEGIN or COMMIT leaves a connection that nobody should trust.
        let written = std::panic::catch_unwind(batch);
        if urgency == Urgency::Bulk {
            locked(shared).bulk_rests_until = Some(Instant::now() + started.elapsed().min(LONGEST_REST));
        }
        match written {
            Ok(Ok(())) => continue,
            Ok(Err(error)) => tracing::error!(%error, "a transaction failed; the database is opened anew"),
            Err(_) => tracing::error!("a unit of work panicked; its batch is rolled back and the database opened anew"),
        }
        match sqlite_writer_connection(path) {
            Ok(fresh) => conn = Conn::Sqlite(fresh),
            Err(error) => {
                tracing::error!(%error, "the database can't be opened again");
                let mut queue = locked(shared);
                *queue = Queue { closed: true, ..Queue::default() };
                return;
            }
        }
    }
}

fn locked(shared: &Shared) -> MutexGuard<'_, Queue> {
    shared.queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Waits for the first unit of a transaction, interactive ones first; `None` when the writer is closed and empty.
fn next(shared: &Shared) -> Option<(Urgency, Unit)> {
    let mut queue = locked(shared);
    loop {
        if let Some(unit) = queue.interactive.pop_front() {
            queue.answered = true;
            return Some((Urgency::Interactive, unit));
        }
        if queue.bulk.is_empty() {
            if queue.closed {
                return None;
            }
            queue = shared.ready.wait(queue).unwrap_or_else(PoisonError::into_inner);
            continue;
        }
        let rest = match queue.bulk_rests_until {
            Some(until) if queue.answered && !queue.closed => until.saturating_duration_since(Instant::now()),
            _ => Duration::ZERO,
        };
        if rest.is_zero() {
            queue.answered = false;
            return queue.bulk.pop_front().map(|unit| (Urgency::Bulk, unit));
        }
        queue = shared.ready.wait_timeout(queue, rest).unwrap_or_else(PoisonError::into_inner).0;
    }
}

/// A further unit of a transaction: whoever waits for an answer may ride along.
fn another(shared: &Shared) -> Option<Unit> {
    let mut queue = locked(shared);
    let unit = queue.interactive.pop_front();
    queue.answered |= unit.is_some();
    unit
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
            unit = another(shared);
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
