//! The worker that moves by itself: what waits on a channel whose provider fails, and what a provider has refused of its own
//! making.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use serde_json::json;

use super::assess::{Obstacle, ObstacleCode};
use super::{BATCH, Cause, Failover, waits};
use crate::domain::circuit::CircuitState;
use crate::domain::class::MessageClass;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::failover::FailoverMode;
use crate::domain::failure::Failure;
use crate::domain::ids::{ChannelId, MessageId, WorkspaceId};
use crate::domain::time::Ts;
use crate::queue::Work;
use crate::storage::failover::{self, Movable};
use crate::storage::{StorageResult, circuits, events, leases};

/// One node at a time.
const LEASE: &str = "failover";
const LEASE_MICROS: i64 = 10_000_000;
/// What could not move is looked at again after this: a template may have been approved, a window opened.
const AGAIN: Duration = Duration::from_secs(30);

/// How far a channel's queue was looked at.
#[derive(Clone, Copy)]
struct Walk {
    began: Instant,
    at: Option<(Ts, MessageId)>,
    ended: bool,
}

type Walks = BTreeMap<(ChannelId, MessageClass), Walk>;

/// Moves what may move by itself.
pub struct Mover {
    failover: Failover,
    holder: String,
    walks: Mutex<Walks>,
}

impl Mover {
    /// `holder` names this node.
    pub fn new(failover: Failover, holder: String) -> Self {
        Self { failover, holder, walks: Mutex::default() }
    }

    async fn round(&self) -> StorageResult<usize> {
        let (refused, down) = self.look().await?;
        self.forget_all_but(&down);
        // An idle program need not write.
        if (refused.is_empty() && down.is_empty()) || !self.has_turn().await? {
            return Ok(0);
        }
        let mut done = self.move_refused(refused).await?;
        for (channel, failure) in down {
            for class in MessageClass::ALL {
                done += self.step(channel, *class, &failure).await?;
            }
        }
        Ok(done)
    }

    /// What its provider has refused, and the channels whose circuit is open or that a failure holds, with what happened.
    async fn look(&self) -> StorageResult<(Vec<Movable>, Vec<(ChannelId, Failure)>)> {
        self.failover
            .db
            .read(|conn| {
                let mut down = failover::held_by_failure(conn)?;
                for (circuit, _) in circuits::not_closed(conn)? {
                    let held = down.iter().any(|(channel, _)| *channel == circuit.channel_id);
                    if circuit.state == CircuitState::Open && !held {
                        down.extend(circuit.reason()?.map(|reason| (circuit.channel_id, reason)));
                    }
                }
                Ok((failover::refused(conn, BATCH)?, down))
            })
            .await
    }

    async fn has_turn(&self) -> StorageResult<bool> {
        let holder = self.holder.clone();
        let take = self.failover.db.write(move |conn| {
            let alone = !conn.is_postgres();
            leases::take(conn, &[LEASE.to_owned()], &holder, LEASE_MICROS, alone)
        });
        Ok(!take.await?.is_empty())
    }

    /// What its own provider has refused goes by the other, or fails with both reasons.
    async fn move_refused(&self, refused: Vec<Movable>) -> StorageResult<usize> {
        let count = refused.len();
        let (wanted, stuck) = self.may_move(refused).await?;
        let moved = self.failover.move_ready(wanted, &Cause { by: "failure", failure: None }).await?;
        let failed: Vec<(Movable, Failure)> = stuck
            .into_iter()
            .chain(moved.stuck)
            .map(|(message, obstacle)| {
                let failure = refusal(&message, &obstacle);
                (message, failure)
            })
            .collect();
        self.tell(failed, EventKind::MessageFailed).await?;
        Ok(count)
    }

    /// Looks at the next messages of a queue. Returns how many were looked at.
    async fn step(&self, channel: ChannelId, class: MessageClass, failure: &Failure) -> StorageResult<usize> {
        let after = self.place(channel, class);
        let now = self.failover.clock.now();
        let batch =
            self.failover.db.read(move |conn| failover::waiting(conn, (channel, class), after, now, BATCH)).await?;
        let count = batch.len();
        self.walked(channel, class, batch.last().map(|last| (last.run_at, last.id)));
        let (wanted, _) = self.may_move(batch).await?;
        let cause = Cause { by: "failure", failure: Some(failure.clone()) };
        let moved = self.failover.move_ready(wanted, &cause).await?;
        let certain = moved.stuck.into_iter().filter(|(_, obstacle)| obstacle.code != ObstacleCode::NotCertain);
        let stuck = certain.map(|(message, obstacle)| {
            let failure = waits(&obstacle);
            (message, failure)
        });
        self.tell(stuck.collect(), EventKind::MessageHeld).await?;
        Ok(count)
    }

    /// Those that want to move by themselves, and those that don't.
    async fn may_move(&self, messages: Vec<Movable>) -> StorageResult<(Vec<Movable>, Vec<(Movable, Obstacle)>)> {
        let (mut wanted, mut others) = (Vec::new(), Vec::new());
        for message in messages {
            if self.failover.mode_of(&message).await? != FailoverMode::Automatic {
                others.push((message, Obstacle::not_by_itself()));
            } else if message.terms.moved_from.is_some() {
                others.push((message, Obstacle::moved_before()));
            } else {
                wanted.push(message);
            }
        }
        Ok((wanted, others))
    }

    /// Notes why messages stay, and tells those to whom that is news.
    async fn tell(&self, stuck: Vec<(Movable, Failure)>, kind: EventKind) -> StorageResult<()> {
        if stuck.is_empty() {
            return Ok(());
        }
        let now = self.failover.clock.now();
        let workspaces: BTreeSet<WorkspaceId> = stuck.iter().map(|(message, _)| message.workspace).collect();
        let any = self
            .failover
            .db
            .write(move |conn| {
                let rows: Vec<(MessageId, Failure)> =
                    stuck.iter().map(|(message, failure)| (message.id, failure.clone())).collect();
                let changed = match kind {
                    EventKind::MessageFailed => failover::fail_refused(conn, &rows, now)?,
                    _ => failover::note_obstacles(conn, &rows, now)?,
                };
                let told = stuck.iter().filter(|(message, _)| changed.contains(&message.id));
                let news = told.map(|(message, failure)| {
                    let event = NewEvent {
                        message: Some(message.id),
                        channel: Some(message.channel),
                        data: json!({ "failure": failure }),
                        ..NewEvent::new(kind, now)
                    };
                    (message.workspace, event)
                });
                events::append(conn, news.collect())?;
                Ok(!changed.is_empty())
            })
            .await?;
        if any {
            workspaces.into_iter().for_each(|workspace| self.failover.live.notify(workspace));
        }
        Ok(())
    }

    /// Where the walk through a queue goes on; from the beginning when nothing was looked at for a while.
    fn place(&self, channel: ChannelId, class: MessageClass) -> Option<(Ts, MessageId)> {
        let mut walks = self.walks();
        let fresh = Walk { began: Instant::now(), at: None, ended: false };
        let walk = walks.entry((channel, class)).or_insert(fresh);
        if walk.ended && walk.began.elapsed() >= AGAIN {
            *walk = fresh;
        }
        walk.at
    }

    /// The walk has come to this place, or to the end; there it waits for what comes after.
    fn walked(&self, channel: ChannelId, class: MessageClass, at: Option<(Ts, MessageId)>) {
        let mut walks = self.walks();
        if let Some(walk) = walks.get_mut(&(channel, class)) {
            match at {
                Some(at) => walk.at = Some(at),
                None => walk.ended = true,
            }
        }
    }

    fn walks(&self) -> MutexGuard<'_, Walks> {
        self.walks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget_all_but(&self, down: &[(ChannelId, Failure)]) {
        let mut walks = self.walks();
        walks.retain(|(channel, _), _| down.iter().any(|(down, _)| down == channel));
    }
}

/// The provider's refusal, and why the other one was no way out.
fn refusal(message: &Movable, obstacle: &Obstacle) -> Failure {
    let Some(failure) = message.failure.clone() else { return waits(obstacle) };
    if obstacle.code == ObstacleCode::ModeOff {
        return failure;
    }
    Failure {
        detail: format!("{} It could not go by the other provider: {}", failure.detail, obstacle.detail),
        ..failure
    }
}

#[async_trait]
impl Work for Mover {
    fn name(&self) -> &'static str {
        "failover"
    }

    async fn run_once(&self) -> StorageResult<usize> {
        self.round().await
    }
}
