//! Settling outcomes, many in one transaction, and doing what they ask for.

use std::collections::HashMap;

use rand::RngExt;
use tokio_util::sync::CancellationToken;

use super::super::outcome::{Fact, FollowUp, Present, What};
use super::super::sending::Pair;
use super::super::settle;
use super::{Dispatcher, locked};
use crate::channels::health;
use crate::crash;
use crate::domain::ids::AttemptId;
use crate::domain::time::Ts;
use crate::providers::failure::ThrottleScope;
use crate::providers::{Accepted, SendError, Verdict};
use crate::storage::{StorageResult, events};

/// Outcomes settled in one transaction.
const SETTLE_BATCH: usize = 200;

/// One message's way over the wire, as its task reports it.
pub(super) struct Done {
    pub attempt: AttemptId,
    pub pair: Pair,
    pub result: Result<Accepted, SendError>,
    pub at: Ts,
}

impl Dispatcher {
    pub(super) async fn settle_until_closed(self, stop: CancellationToken) {
        loop {
            let done = tokio::select! {
                () = stop.cancelled() => return,
                done = self.finished() => done,
            };
            if let Err(error) = self.settle(done).await {
                tracing::error!(%error, "outcomes could not be settled; their messages become unknown when their lease is over");
            }
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

    pub(super) async fn settle(&self, done: Vec<Done>) -> StorageResult<()> {
        crash::point("answered_unsettled");
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
        count(&done);
        let present = Present { now: self.0.clock.now(), random: rand::rng().random() };
        let now = present.now;
        let settled = self
            .0
            .db
            .write(move |conn| {
                let mut settled = settle::apply(conn, &facts, present)?;
                settled.hold_channels(conn, now, health::hold_within)?;
                events::append(conn, std::mem::take(&mut settled.events))?;
                Ok(settled)
            })
            .await;
        let due: HashMap<AttemptId, Ts> = settled.as_ref().map(|settled| settled.requeued.clone()).unwrap_or_default();
        let mut back = Vec::new();
        for done in done {
            back.extend(locked(&self.0.motion).finish(&done.pair, due.get(&done.attempt).copied()));
        }
        self.0.wake.wake();
        let settled = settled?;
        self.follow_up(&settled.follow_ups).await?;
        self.release(back).await?;
        for (workspace, channel) in settled.held {
            self.0.channels.announce(workspace, channel);
        }
        settled.workspaces.into_iter().for_each(|workspace| self.0.live.notify(workspace));
        Ok(())
    }

    /// Slows down or stops senders as the outcomes ask.
    pub async fn follow_up(&self, follow_ups: &[FollowUp]) -> StorageResult<()> {
        let mut back = Vec::new();
        for follow_up in follow_ups {
            let mut motion = locked(&self.0.motion);
            match follow_up {
                FollowUp::SlowDown(_, ThrottleScope::Pair, _) => {}
                FollowUp::SlowDown(channel, scope, pause) => {
                    motion.slow_down(*channel, *scope == ThrottleScope::Account, *pause);
                }
                FollowUp::HoldChannel(channel, _) => back.extend(motion.give_back(|id, _| id == *channel)),
            }
        }
        self.release(back).await
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
