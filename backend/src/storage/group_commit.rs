//! Many waiting callers, one commit.

use std::ops::Range;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::conn::Conn;
use super::db::Db;
use super::error::{StorageError, StorageResult};

/// Requests that may wait; beyond, callers are told to come back.
const QUEUE: usize = 8_192;
/// Requests in one transaction.
const BATCH: usize = 1_000;

type Apply<T, R> = fn(&mut Conn, &[T]) -> StorageResult<Vec<R>>;
type Waiting<T, R> = (T, oneshot::Sender<StorageResult<R>>);

/// Gathers what arrives while the commit before is under way, and commits it together.
///
/// When a batch fails it is rolled back and halved until the one request that the database refuses fails alone.
pub struct GroupCommit<T, R> {
    sender: mpsc::Sender<Waiting<T, R>>,
}

impl<T, R> Clone for GroupCommit<T, R> {
    fn clone(&self) -> Self {
        Self { sender: self.sender.clone() }
    }
}

impl<T, R> GroupCommit<T, R>
where
    T: Send + Sync + 'static,
    R: Send + 'static,
{
    /// `apply` gets a batch inside a transaction and gives one result for each request, in order. Must be called inside the
    /// runtime; the task ends when the last handle is dropped.
    pub fn start(db: &Db, apply: Apply<T, R>) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        // One committer: two would halve each other's batches, and wait for each other's rows.
        tokio::spawn(commit_batches(db.clone(), receiver, apply));
        Self { sender }
    }

    /// Gives the result after the commit.
    ///
    /// # Errors
    /// [`StorageError::Busy`] when too many wait already; else what the database said of this one request.
    pub async fn submit(&self, request: T) -> StorageResult<R> {
        let (answer, result) = oneshot::channel();
        self.sender
            .try_send((request, answer))
            .map_err(|_| StorageError::Busy("too many requests wait to be stored".into()))?;
        result.await.unwrap_or_else(|_| Err(StorageError::Busy("shutting down".into())))
    }
}

async fn commit_batches<T, R>(db: Db, mut receiver: mpsc::Receiver<Waiting<T, R>>, apply: Apply<T, R>)
where
    T: Send + Sync + 'static,
    R: Send + 'static,
{
    loop {
        let mut waiting = Vec::new();
        if receiver.recv_many(&mut waiting, BATCH).await == 0 {
            return;
        }
        let (requests, answers): (Vec<T>, Vec<_>) = waiting.into_iter().unzip();
        let results = commit(&db, &Arc::new(requests), apply).await;
        for (answer, result) in answers.into_iter().zip(results) {
            // A caller that went away no longer wants the answer.
            let _ = answer.send(result);
        }
    }
}

async fn commit<T, R>(db: &Db, requests: &Arc<Vec<T>>, apply: Apply<T, R>) -> Vec<StorageResult<R>>
where
    T: Send + Sync + 'static,
    R: Send + 'static,
{
    let mut results: Vec<(usize, StorageResult<R>)> = Vec::with_capacity(requests.len());
    let whole = 0..requests.len();
    let mut ranges: Vec<Range<usize>> = Vec::from([whole]);
    while let Some(range) = ranges.pop() {
        let batch = Arc::clone(requests);
        let part = range.clone();
        let outcome = db.write(move |conn| apply(conn, batch.get(part).unwrap_or_default())).await;
        match outcome {
            Ok(values) => results.extend(range.zip(values.into_iter().map(Ok))),
            Err(error @ StorageError::Busy(_)) => {
                let reason = error.to_string();
                results.extend(range.map(|index| (index, Err(StorageError::Busy(reason.clone())))));
            }
            Err(error) if range.len() <= 1 => results.extend(range.map(|index| (index, Err(rebuild(&error))))),
            Err(_) => {
                let middle = range.start + range.len() / 2;
                ranges.push(middle..range.end);
                ranges.push(range.start..middle);
            }
        }
    }
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn rebuild(error: &StorageError) -> StorageError {
    match error {
        StorageError::NotFound => StorageError::NotFound,
        StorageError::Conflict(what) => StorageError::Conflict(what.clone()),
        StorageError::Refused(why) => StorageError::Refused(why.clone()),
        StorageError::Busy(why) => StorageError::Busy(why.clone()),
        StorageError::Corrupt(what) => StorageError::Corrupt(what.clone()),
        StorageError::Other(what) => StorageError::Other(what.clone()),
    }
}
