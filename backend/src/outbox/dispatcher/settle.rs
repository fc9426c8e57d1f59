//! Settling outcomes, many in one transaction, and doing what they ask for.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use rand::RngExt;
use tokio_util::sync::CancellationToken;

use super::super::outcome::{Fact, FollowUp, Present, What};
use super::super::sending::Pair;
use super::super::settle::{self, Settled};
use super::wire::SENDING_MARGIN;
use super::{AFTER_FAILURE, Dispatcher, locked};
use crate::channels::health;
use crate::crash;
use crate::domain::class::MessageClass;
use crate::domain::ids::AttemptId;
use crate::domain::time::Ts;
use crate::providers::failure::ThrottleScope;
use crate::providers::{Accepted, SendError, Verdict};
use crate::queue::Pace;
use crate::storage::delivery::Returned;
use crate::storage::{StorageResult, events};

/// Outcomes settled in one transaction.
const SETTLE_BATCH: usize = 200;
/// Transactions begin at most this often.
const GATHER: Duration = Duration::from_millis(20);

/// How long a message that must wait keeps its place before later ones to the same person. What waits longer than this must not
/// hold up an answer that somebody is waiting for, and whose window closes meanwhile.
const ORDER_KEPT: Duration = Duration::from_secs(60);

/// One message's way over the wire, as its task reports it.
pub(super) struct Done {
    pub attempt: AttemptId,
    pub pair: Pair,
    pub class: MessageClass,
    pub result: Result<Accepted, SendError>,
    pub at: Ts,
}

impl Dispatcher {
    pub(super) async fn settle_until_closed(self, stop: CancellationToken) {
        let mut pace = Pace::every(GATHER);
        loop {
            pace.begin().await;
            let done = tokio::select! {
                () = stop.cancelled() => return,
                done = self.finished() => done,
            };
            self.settle(done).await;
        }
    }

    pub(super) async fn nothing_finished(&self) -> bool {
        self.0.finished.lock().await.is_empty()
    }

    /// Waits for outcomes: what has come, at most one batch.
    pub(super) async fn finished(&self) -> Vec<Done> {
        let mut done = Vec::new();
        self.0.finished.lock().await.recv_many(&mut done, SETTLE_BATCH).await;
        done
    }

    /// Records outcomes and lets what waited for them go on. What the provider said is not given up for a database that is away
    /// for a moment: it is tried again as long as the attempts' own leases last.
    pub(super) async fn settle(&self, done: Vec<Done>) {
        crash::point("answered_unsettled");
        count(&done);
        let until = Instant::now() + SENDING_MARGIN;
        let settled = loop {
            match self.record(&done).await {
                Ok(settled) => break Some(settled),
                Err(error) if Instant::now() < until => {
                    tracing::warn!(%error, "outcomes could not be settled and will be tried again");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
                Err(error) => {
                    tracing::error!(%error, "outcomes could not be settled; their messages become unknown");
                    break None;
                }
            }
        };
        let due: HashMap<AttemptId, Ts> = settled.as_ref().map(|settled| settled.requeued.clone()).unwrap_or_default();
        let order_ends = self.0.clock.now().plus(ORDER_KEPT);
        let mut back = Vec::new();
        for done in done {
            if done.result.is_ok() {
                locked(&self.0.circuits).note_success(done.pair.0, done.at);
            }
            let due = due.get(&done.attempt).copied().filter(|due| *due <= order_ends);
            back.extend(locked(&self.0.motion).finish(&done.pair, done.class, due));
        }
        self.0.wake.wake();
        let Some(settled) = settled else { return };
        for (workspace, channel) in settled.held {
            self.0.channels.announce(workspace, channel);
        }
        settled.workspaces.into_iter().for_each(|workspace| self.0.live.notify(workspace));
        back.extend(self.steer(&settled.follow_ups));
        if let Err(error) = self.release(back).await {
            tracing::warn!(%error, "messages that must wait come back when their lease is over");
        }
    }

    async fn record(&self, done: &[Done]) -> StorageResult<Settled> {
        let facts: Vec<Fact> = done
            .iter()
            .map(|done| Fact {
                attempt: done.attempt,
                what: What::Answered(done.result.clone()),
                at: done.at,
                journal: None,
                channel: None,
            })
            .collect();
        let present = Present { now: self.0.clock.now(), random: rand::rng().random() };
        self.0
            .db
            .write(move |conn| {
                let mut settled = settle::apply(conn, &facts, present)?;
                settled.hold_channels(conn, present.now, health::hold_within)?;
                events::append(conn, std::mem::take(&mut settled.events))?;
                Ok(settled)
            })
            .await
    }

    /// Slows down or stops senders as outcomes ask.
    ///
    /// # Errors
    /// The database failed; what must wait comes back when its lease is over.
    pub async fn follow_up(&self, follow_ups: &[FollowUp]) -> StorageResult<()> {
        if follow_ups.is_empty() {
            return Ok(());
        }
        let released = self.release(self.steer(follow_ups)).await;
        self.0.wake.wake();
        released
    }

    /// Gives back what must go back to the queue.
    fn steer(&self, follow_ups: &[FollowUp]) -> Vec<Returned> {
        let mut back = Vec::new();
        for follow_up in follow_ups {
            match follow_up {
                FollowUp::SlowDown(_, ThrottleScope::Pair, ..) => {}
                FollowUp::SlowDown(channel, scope, pause, failure) => {
                    let whole_group = *scope == ThrottleScope::Account;
                    let (returned, slowed) = locked(&self.0.motion).slow_down(*channel, whole_group, *pause);
                    back.extend(returned);
                    locked(&self.0.rates).blame(slowed, failure);
                }
                FollowUp::HoldChannel(channel, _) => {
                    back.extend(locked(&self.0.motion).give_back(|id, _| id == *channel));
                }
                FollowUp::Fault(..) => locked(&self.0.circuits).look_soon(),
            }
        }
        back
    }
}

fn count(done: &[Done]) {
    for done in done {
        let outcome = match &done.result {
            Ok(_) => "accepted",
            Err(error) => match error.verdict {
                Verdict::Retry { .. } => "retry",
                Verdict::Throttled { .. } => "throttled",
                Verdict::Rejected => "rejected",
                Verdict::ChannelDown => "channel_down",
                Verdict::Unknown => "unknown",
            },
        };
        metrics::counter!("duplex_attempts_total", "outcome" => outcome).increment(1);
    }
}
