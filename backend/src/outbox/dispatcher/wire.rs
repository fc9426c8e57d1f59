//! Making attempts durable and putting them on the wire.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::join_all;

use super::super::sending::{Pair, pair_of};
use super::preparing::Steps;
use super::settle::Done;
use super::{Dispatcher, locked};
use crate::channels::{LoadedChannel, RegistryError};
use crate::crash;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{AttemptId, ChannelId, MessageId};
use crate::domain::time::Ts;
use crate::providers::failure::ThrottleScope;
use crate::providers::{Accepted, Outbound, Prepared, SendError, Verdict};
use crate::storage::StorageResult;
use crate::storage::delivery::{self, Begun, Claimed};

/// What a `sending` lease has on top of the provider's time limit.
pub(super) const SENDING_MARGIN: Duration = Duration::from_secs(15);

impl Dispatcher {
    /// Makes attempts durable for what has a token, one commit for each limit group, and only then puts it on the wire.
    pub(super) async fn send_granted(&self) -> StorageResult<Option<Duration>> {
        let granted = locked(&self.0.motion).grant();
        let messages = self.within_windows(granted.messages).await?;
        let mut by_group: HashMap<String, Vec<Claimed>> = HashMap::new();
        for message in messages {
            let group = locked(&self.0.motion).group_of(message.channel).map(str::to_owned).unwrap_or_default();
            by_group.entry(group).or_default().push(message);
        }
        let mut failure = None;
        let mut back = Vec::new();
        for (group, messages) in by_group {
            match self.begin(&group, &messages).await {
                Ok(begun) => {
                    if begun.len() < messages.len() {
                        // The lease may be gone, by another node or by the database's clock: ask again before the next try.
                        *locked(&self.0.renewed) = None;
                    }
                    back.extend(self.put_on_wire(messages, &begun));
                }
                Err(error) => failure = Some(error),
            }
        }
        self.release(back).await?;
        failure.map_or(Ok(granted.next), Err)
    }

    async fn begin(&self, group: &str, messages: &[Claimed]) -> StorageResult<Vec<Begun>> {
        let Some(fence) = self.fence_of(group) else {
            return Ok(Vec::new());
        };
        let claimant = self.claimant(self.0.settings.provider_timeout + SENDING_MARGIN);
        let wanted = self.attempts_for(messages).await;
        let now = self.0.clock.now();
        let asked = wanted.clone();
        let begun = match self.0.db.write(move |conn| delivery::begin(conn, &fence, &claimant, &asked, now)).await {
            Ok(begun) => Ok(begun),
            // The commit may have taken effect although its answer was lost. The attempt ids are ours alone, so the rows tell.
            Err(error) => self.0.db.read(move |conn| delivery::durable(conn, wanted)).await.map_err(|_| error),
        };
        match begun {
            Ok(begun) => {
                crash::point("attempt_durable");
                Ok(begun)
            }
            Err(error) => {
                self.give_back(messages).await;
                Err(error)
            }
        }
    }

    /// Puts messages that were granted and not begun back into the queue, and those behind them.
    pub(super) async fn give_back(&self, messages: &[Claimed]) {
        let mut back = Vec::new();
        for message in messages {
            back.push((message.id, message.run_at));
            back.extend(locked(&self.0.motion).finish(&pair_of(message), Some(message.run_at)));
        }
        if let Err(error) = self.release(back).await {
            tracing::warn!(%error, "what was claimed comes back when its lease is over");
        }
    }

    /// Gives back what has no attempt (its lease is gone, or it was cancelled meanwhile): that must not be sent.
    fn put_on_wire(&self, messages: Vec<Claimed>, begun: &[Begun]) -> Vec<(MessageId, Ts)> {
        let mut back = Vec::new();
        let attempts: HashMap<MessageId, Begun> = begun.iter().map(|begun| (begun.message, *begun)).collect();
        let mut by_channel: HashMap<ChannelId, Vec<Bound>> = HashMap::new();
        for message in messages {
            let pair = pair_of(&message);
            match attempts.get(&message.id) {
                None => {
                    // Those behind it wait for it, in the queue, so that none overtakes it.
                    back.push((message.id, message.run_at));
                    back.extend(locked(&self.0.motion).finish(&pair, Some(message.run_at)));
                }
                Some(begun) => by_channel.entry(message.channel).or_default().push(Bound {
                    begun: *begun,
                    outbound: Outbound {
                        attempt: begun.attempt,
                        message: message.id,
                        to: message.recipient,
                        content: message.content,
                        reply_to: message.reply_to,
                        prepared: Prepared::default(),
                    },
                    pair,
                }),
            }
        }
        for (channel, batch) in by_channel {
            let dispatcher = self.clone();
            self.0.tasks.spawn(async move { dispatcher.send(channel, batch).await });
        }
        back
    }

    async fn send(self, channel: ChannelId, batch: Vec<Bound>) {
        let preparing =
            batch.iter().filter(|bound| bound.begun.preparing).map(|bound| (bound.begun.attempt, bound.begun));
        let preparing: HashMap<AttemptId, Begun> = preparing.collect();
        let (outbounds, pairs): (Vec<Outbound>, Vec<Pair>) =
            batch.into_iter().map(|bound| (bound.outbound, bound.pair)).unzip();
        let reports = Reports::of(&self, outbounds.iter().map(|outbound| outbound.attempt).zip(pairs));
        match self.channel(channel).await {
            Err(error) => {
                for outbound in &outbounds {
                    reports.tell(outbound.attempt, Err(not_loaded(&error)));
                }
            }
            Ok(loaded) => {
                let parties = self.by_steps(&loaded, outbounds);
                let sent = parties
                    .into_iter()
                    .map(|(steps, party)| self.send_together(&loaded, steps, party, &preparing, &reports));
                join_all(sent).await;
            }
        }
    }

    /// Sends messages that need the same steps: prepares them, makes durable that they leave, and puts them on the wire.
    async fn send_together(
        &self,
        loaded: &LoadedChannel,
        steps: Steps,
        mut party: Vec<Outbound>,
        preparing: &HashMap<AttemptId, Begun>,
        reports: &Reports<'_>,
    ) {
        for (preparation, _) in self.0.preparations.iter().zip(steps).filter(|(_, needed)| *needed) {
            for (attempt, error) in preparation.prepare(loaded, &mut party).await {
                party.retain(|outbound| outbound.attempt != attempt);
                reports.tell(attempt, Err(error));
            }
        }
        let prepared: Vec<Begun> = party.iter().filter_map(|one| preparing.get(&one.attempt).copied()).collect();
        let (left, otherwise) = match self.leave(&loaded.limit_group, prepared).await {
            Ok(left) => (left.into_iter().collect(), too_late()),
            Err(error) => (HashSet::new(), error),
        };
        let (party, lost): (Vec<Outbound>, Vec<Outbound>) =
            party.into_iter().partition(|one| !preparing.contains_key(&one.attempt) || left.contains(&one.attempt));
        for outbound in lost {
            reports.tell(outbound.attempt, Err(otherwise.clone()));
        }
        reports.leave(&party);
        let mut outcomes = loaded.service.send_broadcast(&party, party.len().max(1));
        while let Some((attempt, result)) = outcomes.next().await {
            if let Err(error) = &result {
                self.tell_steps(loaded, &party, attempt, error).await;
            }
            reports.tell(attempt, result);
        }
    }

    /// Before the message can be tried again, so that what a step forgets is not used again.
    async fn tell_steps(&self, channel: &LoadedChannel, batch: &[Outbound], attempt: AttemptId, error: &SendError) {
        let Some(message) = batch.iter().find(|outbound| outbound.attempt == attempt) else { return };
        for preparation in &self.0.preparations {
            preparation.refused(channel, message, error).await;
        }
    }
}

/// A message with its durable attempt, and the pair that waits for it.
struct Bound {
    begun: Begun,
    outbound: Outbound,
    pair: Pair,
}

/// What a task has to report. Whatever ends the task, each attempt is reported once, so that no slot and no pair stays taken:
/// what may have left is unknown then, if nothing better is known, and the rest is tried again.
struct Reports<'a> {
    dispatcher: &'a Dispatcher,
    open: Mutex<HashMap<AttemptId, Open>>,
}

/// An attempt that is not reported yet.
struct Open {
    pair: Pair,
    may_have_left: bool,
}

impl<'a> Reports<'a> {
    fn of(dispatcher: &'a Dispatcher, attempts: impl Iterator<Item = (AttemptId, Pair)>) -> Self {
        let open = attempts.map(|(attempt, pair)| (attempt, Open { pair, may_have_left: false })).collect();
        Self { dispatcher, open: Mutex::new(open) }
    }

    /// From here on bytes of these may be on the wire.
    fn leave(&self, party: &[Outbound]) {
        let mut open = locked(&self.open);
        for outbound in party {
            if let Some(leaves) = open.get_mut(&outbound.attempt) {
                leaves.may_have_left = true;
            }
        }
    }

    fn tell(&self, attempt: AttemptId, result: Result<Accepted, SendError>) {
        crash::point("sent_unanswered");
        let open = locked(&self.open).remove(&attempt);
        if let Some(Open { pair, .. }) = open {
            let inner = &self.dispatcher.0;
            // The receiver lives as long as the dispatcher.
            let _ = inner.done.send(Done { attempt, pair, result, at: inner.clock.now() });
        }
    }
}

impl Drop for Reports<'_> {
    fn drop(&mut self) {
        let left: Vec<(AttemptId, bool)> =
            locked(&self.open).iter().map(|(attempt, open)| (*attempt, open.may_have_left)).collect();
        for (attempt, may_have_left) in left {
            self.tell(attempt, Err(if may_have_left { lost_track() } else { never_left() }));
        }
    }
}

fn lost_track() -> SendError {
    let detail = "The gateway lost track of the request. It may have been sent, so it is not sent again by itself.";
    SendError::new(Verdict::Unknown, FailureCode::AnswerLost, None, detail)
}

/// Costs a try: what brings the preparation down must not do so for ever.
fn never_left() -> SendError {
    let detail = "The gateway could not get the message ready. Nothing of it was sent; it is tried again.";
    SendError::new(Verdict::Retry { after: None }, FailureCode::ConnectionFailed, None, detail)
}

/// Nothing was sent: while the message was prepared, its channel was held, its time ran out, its group went to another node, or
/// somebody else has settled it; then what is said here has no effect. Costs no try: nobody has refused anything.
fn too_late() -> SendError {
    let verdict = Verdict::Throttled { after: Some(Duration::ZERO), scope: ThrottleScope::Pair };
    let detail = "The message could not leave any more when it was prepared. Nothing was sent, and it has gone back to the queue.";
    SendError::new(verdict, FailureCode::ConnectionFailed, None, detail)
}

/// Nothing was sent: the channel could not even be read.
fn not_loaded(error: &RegistryError) -> SendError {
    let (verdict, detail) = match error {
        RegistryError::Missing => (Verdict::Rejected, "The channel was deleted before the message could be sent."),
        RegistryError::SandboxOff => {
            (Verdict::ChannelDown, "The sandbox is switched off. Start with the sandbox on to send.")
        }
        RegistryError::Incomplete(_) | RegistryError::Vault(_) => {
            (Verdict::ChannelDown, "The channel's credentials can't be read. Enter them again.")
        }
        RegistryError::Storage(_) => {
            (Verdict::Retry { after: None }, "The channel could not be read; it is tried again.")
        }
    };
    SendError::new(verdict, FailureCode::SenderMisconfigured, None, detail)
}
