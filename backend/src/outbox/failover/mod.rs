//! Going by the other provider: by itself when a channel fails of its provider's making, or when somebody asks for it. Only
//! messages move of which certainly nothing has arrived; one whose answer was lost never does.

pub mod aside;
pub mod assess;
pub mod mover;
pub mod readiness;

use std::collections::BTreeSet;

use serde_json::json;

use crate::channels::Channels;
use crate::clock::SharedClock;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::{MessageId, WorkspaceId};
use crate::domain::time::Ts;
use crate::live::Live;
use crate::storage::failover::{self, Movable, Move};
use crate::storage::{Db, StorageResult, events};

use self::assess::Obstacle;
use super::dispatcher::Dispatcher;
use super::fitness::FitnessCheck;

/// Moves messages between a workspace's channels. Cheap to clone.
#[derive(Clone)]
pub struct Failover {
    db: Db,
    channels: Channels,
    fitness: FitnessCheck,
    dispatcher: Dispatcher,
    live: Live,
    clock: SharedClock,
}

/// Why a message is to move, for its story.
#[derive(Clone, Debug)]
pub struct Cause {
    /// `person`, or `failure`.
    pub by: &'static str,
    /// What happened on the channel that it leaves.
    pub failure: Option<Failure>,
}

/// What became of messages that were to move.
#[derive(Debug, Default)]
pub struct Moved {
    pub moved: BTreeSet<MessageId>,
    /// Those that stay as they are, and why.
    pub stuck: Vec<(Movable, Obstacle)>,
}

impl Failover {
    pub fn new(
        db: Db,
        channels: Channels,
        fitness: FitnessCheck,
        dispatcher: Dispatcher,
        live: Live,
        clock: SharedClock,
    ) -> Self {
        Self { db, channels, fitness, dispatcher, live, clock }
    }

    /// Moves what is ready of these messages; the rest is told why it is not, and nothing of it is changed.
    ///
    /// # Errors
    /// The database's; what had moved before stays moved.
    pub async fn move_ready(&self, messages: Vec<Movable>, cause: &Cause) -> StorageResult<Moved> {
        let now = self.clock.now();
        let mut outcome = Moved::default();
        let mut moves = Vec::new();
        for (message, assessed) in self.assess(messages, now).await? {
            match assessed {
                Ok(ready) => moves.push((message, ready)),
                Err(obstacle) => outcome.stuck.push((message, obstacle)),
            }
        }
        if moves.is_empty() {
            return Ok(outcome);
        }
        let groups: BTreeSet<String> = moves.iter().map(|(_, ready)| ready.limit_group.clone()).collect();
        let workspaces: BTreeSet<WorkspaceId> = moves.iter().map(|(message, _)| message.workspace).collect();
        let told: Vec<(Movable, Move)> =
            moves.iter().map(|(message, ready)| (message.clone(), ready.step.clone())).collect();
        let cause = cause.clone();
        let moved = self
            .db
            .write(move |conn| {
                let steps: Vec<Move> = told.iter().map(|(_, step)| step.clone()).collect();
                let moved = failover::move_all(conn, &steps, now)?;
                let news = told.iter().filter(|(message, _)| moved.contains(&message.id));
                events::append(conn, news.map(|(message, step)| news_of(message, step, &cause, now)).collect())?;
                Ok(moved)
            })
            .await?;
        metrics::counter!("duplex_messages_moved_total").increment(u64::try_from(moved.len()).unwrap_or(u64::MAX));
        for (message, _) in moves {
            match moved.contains(&message.id) {
                true => {
                    outcome.moved.insert(message.id);
                }
                false => outcome.stuck.push((message, Obstacle::uncertain())),
            }
        }
        groups.iter().for_each(|group| self.dispatcher.wake_for(group));
        workspaces.into_iter().for_each(|workspace| self.live.notify(workspace));
        Ok(outcome)
    }

    /// Moves all messages of a workspace that `wanted` picks and that are ready, because somebody asks for it.
    ///
    /// # Errors
    /// The database's; what had moved before stays moved.
    pub async fn move_wanted(&self, workspace: WorkspaceId, wanted: failover::Wanted) -> StorageResult<Moved> {
        let mut outcome = Moved::default();
        let mut after = None;
        loop {
            let asked = wanted.clone();
            let batch = self.db.read(move |conn| failover::wanted(conn, workspace, &asked, after, BATCH)).await?;
            let Some(last) = batch.last().map(|message| message.id) else { return Ok(outcome) };
            after = Some(last);
            let cause = Cause { by: "person", failure: None };
            let part = self.move_ready(batch, &cause).await?;
            outcome.moved.extend(part.moved);
            outcome.stuck.extend(part.stuck);
        }
    }
}

/// Messages that are looked at together.
const BATCH: u16 = 200;

fn news_of(message: &Movable, step: &Move, cause: &Cause, now: Ts) -> (WorkspaceId, NewEvent) {
    // What a person asks for is done because of what the message suffered; what happens by itself, because of its channel.
    let failure = cause.failure.as_ref().or(message.failure.as_ref());
    let data = json!({
        "by": cause.by, "from_channel_id": step.from, "to_channel_id": step.to, "failure": failure,
        "recipient": step.recipient, "template": template_of(step),
    });
    let event = NewEvent {
        message: Some(message.id),
        channel: Some(step.to),
        data,
        ..NewEvent::new(EventKind::MessageMoved, now)
    };
    (message.workspace, event)
}

fn template_of(step: &Move) -> Option<&str> {
    match &step.content {
        crate::domain::content::Content::Template(template) => Some(&template.name),
        crate::domain::content::Content::OneTimeCode(code) => Some(&code.name),
        _ => None,
    }
}

/// What a message is told that waits because it can't move.
pub(super) fn waits(obstacle: &Obstacle) -> Failure {
    let detail = format!("{} It waits for its own channel.", obstacle.detail);
    Failure { code: FailureCode::BackupNotReady, provider_code: None, detail }
}
