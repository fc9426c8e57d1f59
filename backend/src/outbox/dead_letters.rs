//! Sending failed and expired messages again, when somebody asks for it. What is unknown is never among them.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::clock::SharedClock;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{AttemptId, ChannelId, MessageId, WorkspaceId};
use crate::domain::provider::word;
use crate::domain::state::{AttemptState, MessageState};
use crate::domain::time::Ts;
use crate::live::Live;
use crate::storage::conn::Conn;
use crate::storage::dead_letters::{self, DeadLetterFilter};
use crate::storage::track::{self, TrackedMessage};
use crate::storage::{Db, StorageError, StorageResult, events};

use super::dispatcher::Dispatcher;
use super::outcome::send_anew;

/// Messages put back in one transaction.
const BATCH: u16 = 1_000;

word! {
    /// Why a message was not put back into the queue.
    pub enum NotRetried {
        /// There is no such outgoing message in the workspace.
        NotFound = "not_found",
        /// Nobody knows whether it was sent. Settle it first.
        MessageUnknown = "message_unknown",
        /// It neither failed nor expired.
        MessageNotFailed = "message_not_failed",
        /// Its channel was deleted.
        ChannelMissing = "channel_missing",
    }
}

/// How many were left as they were, for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOut {
    pub reason: NotRetried,
    pub count: u64,
}

/// What became of a request to send failed messages again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RetriedMany {
    /// Messages that are in the queue again.
    pub requeued: u64,
    pub left_out: Vec<LeftOut>,
}

/// Puts messages back into the queue.
pub struct DeadLetterOffice {
    pub db: Db,
    pub dispatcher: Dispatcher,
    pub live: Live,
    pub clock: SharedClock,
}

/// One batch, done.
struct Batch {
    last: Option<MessageId>,
    requeued: u64,
    left_out: BTreeMap<NotRetried, u64>,
}

impl DeadLetterOffice {
    /// Sends one message again.
    ///
    /// # Errors
    /// The database failed.
    pub async fn one(
        &self,
        workspace: WorkspaceId,
        id: MessageId,
        by: String,
    ) -> StorageResult<Result<(), NotRetried>> {
        let told = self.of_ids(workspace, vec![id], by).await?;
        Ok(told.left_out.first().map_or(Ok(()), |left| Err(left.reason)))
    }

    /// Sends these messages again, as far as they failed or expired.
    ///
    /// # Errors
    /// The database failed; nothing is changed.
    pub async fn of_ids(
        &self,
        workspace: WorkspaceId,
        mut ids: Vec<MessageId>,
        by: String,
    ) -> StorageResult<RetriedMany> {
        ids.sort_unstable();
        ids.dedup();
        let asked = ids.len();
        let batch = self
            .write(workspace, move |conn, now| {
                let rows = dead_letters::lock_ids(conn, workspace, &ids)?;
                let missing = u64::try_from(asked.saturating_sub(rows.len())).unwrap_or(u64::MAX);
                let mut batch = put_back(conn, workspace, rows, &by, now)?;
                if missing > 0 {
                    batch.left_out.insert(NotRetried::NotFound, missing);
                }
                Ok(batch)
            })
            .await?;
        Ok(told([batch]))
    }

    /// Sends again all that a filter finds among what failed and expired, in one transaction for each thousand.
    ///
    /// # Errors
    /// The database failed; what was put back until then stays so.
    pub async fn of_filter(
        &self,
        workspace: WorkspaceId,
        filter: DeadLetterFilter,
        by: String,
    ) -> StorageResult<RetriedMany> {
        let mut batches = Vec::new();
        let mut after = None;
        loop {
            let (filter, by) = (filter.clone(), by.clone());
            let batch = self
                .write(workspace, move |conn, now| {
                    let rows = dead_letters::lock(conn, workspace, &filter, after, BATCH)?;
                    put_back(conn, workspace, rows, &by, now)
                })
                .await?;
            after = batch.last;
            batches.push(batch);
            if after.is_none() {
                return Ok(told(batches));
            }
        }
    }

    async fn write(
        &self,
        workspace: WorkspaceId,
        work: impl FnOnce(&mut Conn, Ts) -> StorageResult<Batch> + Send + 'static,
    ) -> StorageResult<Batch> {
        let now = self.clock.now();
        let batch = self.db.write(move |conn| work(conn, now)).await?;
        if batch.requeued > 0 {
            self.dispatcher.wake();
            self.live.notify(workspace);
        }
        Ok(batch)
    }
}

fn put_back(
    conn: &mut Conn,
    workspace: WorkspaceId,
    mut rows: Vec<TrackedMessage>,
    by: &str,
    now: Ts,
) -> StorageResult<Batch> {
    let mut batch = Batch { last: rows.last().map(|row| row.id), requeued: 0, left_out: BTreeMap::new() };
    let current: Vec<AttemptId> = rows.iter().filter_map(|row| row.attempt_id).collect();
    let states = dead_letters::attempt_states(conn, &current)?;
    let there = dead_letters::channels_there(conn, workspace)?;
    let mut news = Vec::new();
    rows.retain_mut(|row| match obstacle(row, &states, &there) {
        Some(reason) => {
            *batch.left_out.entry(reason).or_default() += 1;
            false
        }
        None => {
            let before = json!({ "state": row.state, "failure": row.failure.as_ref().map(|failure| &failure.0) });
            send_anew(row, now);
            let data = json!({ "by": by, "why": "retry", "before": before, "run_at": row.run_at, "tries": row.tries });
            let event = NewEvent {
                message: Some(row.id),
                channel: Some(row.channel_id),
                data,
                ..NewEvent::new(EventKind::MessageRequeued, now)
            };
            news.push((workspace, event));
            true
        }
    });
    batch.requeued = u64::try_from(rows.len()).unwrap_or(u64::MAX);
    track::save(conn, &rows, [])?;
    events::append(conn, news)?;
    Ok::<_, StorageError>(batch)
}

/// Why a message must not be put back. Its last try must be certain: refused, or never made.
fn obstacle(
    row: &TrackedMessage,
    states: &HashMap<AttemptId, AttemptState>,
    there: &[ChannelId],
) -> Option<NotRetried> {
    let attempt = row.attempt_id.and_then(|attempt| states.get(&attempt));
    match row.state {
        MessageState::Unknown => Some(NotRetried::MessageUnknown),
        MessageState::Failed | MessageState::Expired => match attempt {
            Some(AttemptState::Sending | AttemptState::Unknown) => Some(NotRetried::MessageUnknown),
            Some(AttemptState::Accepted) => Some(NotRetried::MessageNotFailed),
            Some(AttemptState::Refused) | None if there.contains(&row.channel_id) => None,
            Some(AttemptState::Refused) | None => Some(NotRetried::ChannelMissing),
        },
        _ => Some(NotRetried::MessageNotFailed),
    }
}

fn told(batches: impl IntoIterator<Item = Batch>) -> RetriedMany {
    let mut told = RetriedMany::default();
    let mut left_out: BTreeMap<NotRetried, u64> = BTreeMap::new();
    for batch in batches {
        told.requeued = told.requeued.saturating_add(batch.requeued);
        for (reason, count) in batch.left_out {
            *left_out.entry(reason).or_default() += count;
        }
    }
    told.left_out = left_out.into_iter().map(|(reason, count)| LeftOut { reason, count }).collect();
    told
}
