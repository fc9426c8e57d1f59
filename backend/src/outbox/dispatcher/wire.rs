//! Making attempts durable and putting them on the wire.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::future::{join, join_all};

use super::super::sending::{Pair, pair_of};
use super::preparing::{Batch, Bound, Needs, by_needs, takes_time};
use super::settle::Done;
use super::{Dispatcher, locked, people_limit};
use crate::channels::LoadedChannel;
use crate::channels::preparation::Need;
use crate::crash;
use crate::domain::class::MessageClass;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{AttemptId, MessageId};
use crate::providers::failure::ThrottleScope;
use crate::providers::{Accepted, Outbound, SendError, Verdict};
use crate::storage::beginnings::{self, Begun, Fence};
use crate::storage::conn::Conn;
use crate::storage::delivery::{Claimed, Returned};
use crate::storage::{StorageResult, reached};

/// What a `sending` lease has on top of the provider's time limit.
pub(super) const SENDING_MARGIN: Duration = Duration::from_secs(15);

impl Dispatcher {
    /// Makes attempts durable for what has a token, in one commit, and only then puts it on the wire.
    pub(super) async fn send_granted(&self) -> StorageResult<Option<Duration>> {
        let granted = locked(&self.0.motion).grant(self.0.clock.now());
        self.release(granted.deferred).await?;
        let messages = self.that_still_reach(granted.messages).await?;
        let messages = self.within_people_limit(messages).await?;
        let count = messages.len();
        if count == 0 {
            return Ok(granted.next);
        }
        let batches = self.bind(messages).await;
        let begun = self.begin(&batches).await?;
        if begun.len() < count {
            // A lease may be gone, by another node or by the database's clock: ask again before the next try.
            *locked(&self.0.renewed) = None;
        }
        let back = self.put_on_wire(batches, &begun);
        self.release(back).await?;
        Ok(granted.next)
    }

    /// The attempts that are durable now.
    async fn begin(&self, batches: &[Batch]) -> StorageResult<HashSet<AttemptId>> {
        let bound = || batches.iter().flat_map(|batch| &batch.messages);
        let mut asked: HashMap<String, Vec<Begun>> = HashMap::new();
        for one in bound() {
            let group = locked(&self.0.motion).group_of(one.message.channel).map(str::to_owned).unwrap_or_default();
            asked.entry(group).or_default().push(one.begun());
        }
        let parts: Vec<(Fence, Vec<Begun>)> =
            asked.into_iter().filter_map(|(group, begun)| Some((self.fence_of(&group)?, begun))).collect();
        let claimant = self.claimant(self.0.settings.provider_timeout + SENDING_MARGIN);
        let wanted: Vec<Begun> = parts.iter().flat_map(|(_, begun)| begun).copied().collect();
        let now = self.0.clock.now();
        let reaching: Vec<Claimed> =
            bound().map(|one| &one.message).filter(|message| message.reaches.is_some()).cloned().collect();
        let begin = move |conn: &mut Conn| {
            let begun = beginnings::begin(conn, &claimant, &parts, now)?;
            let messages: HashSet<MessageId> = begun.iter().map(|begun| begun.message).collect();
            reached::reserve(conn, &people_limit::reservations(&messages, reaching.iter()), now)?;
            Ok(begun)
        };
        let begun = match self.0.db.write(begin).await {
            Ok(begun) => Ok(begun),
            // The commit may have taken effect although its answer was lost. The attempt ids are ours alone, so the rows tell.
            Err(error) => self.0.db.read(move |conn| beginnings::durable(conn, wanted)).await.map_err(|_| error),
        };
        match begun {
            Ok(begun) => {
                crash::point("attempt_durable");
                Ok(begun.into_iter().map(|begun| begun.attempt).collect())
            }
            Err(error) => {
                self.give_back(bound().map(|one| &one.message)).await;
                Err(error)
            }
        }
    }

    /// Puts messages that were granted and not begun back into the queue, and those behind them.
    pub(super) async fn give_back(&self, messages: impl Iterator<Item = &Claimed>) {
        if let Err(error) = self.release(self.withdraw(messages)).await {
            tracing::warn!(%error, "what was claimed comes back when its lease is over");
        }
    }

    /// Takes messages off the way to the wire, with those behind them.
    fn withdraw<'a>(&self, messages: impl Iterator<Item = &'a Claimed>) -> Vec<Returned> {
        let mut motion = locked(&self.0.motion);
        messages.flat_map(|message| motion.withdraw(message)).collect()
    }

    /// Gives back what has no attempt (its lease is gone, or it was cancelled meanwhile): that must not be sent.
    fn put_on_wire(&self, batches: Vec<Batch>, begun: &HashSet<AttemptId>) -> Vec<Returned> {
        let mut back = Vec::new();
        for Batch { channel, messages } in batches {
            let (ours, others): (Vec<Bound>, Vec<Bound>) =
                messages.into_iter().partition(|bound| begun.contains(&bound.attempt));
            back.extend(self.withdraw(others.iter().map(|bound| &bound.message)));
            if !ours.is_empty() {
                let dispatcher = self.clone();
                self.0.tasks.spawn(async move { dispatcher.send(Batch { channel, messages: ours }).await });
            }
        }
        back
    }

    async fn send(self, batch: Batch) {
        let reports = Reports::of(&self, &batch.messages);
        match batch.channel {
            Err(error) => batch.messages.iter().for_each(|bound| reports.tell(bound.attempt, Err(error.clone()))),
            Ok(channel) => {
                let parties = by_needs(batch.messages).into_iter();
                join_all(parties.map(|(needs, party)| self.send_party(&channel, needs, party, &reports))).await;
            }
        }
    }

    /// Sends messages that need the same; none that is ready waits for another's medium.
    async fn send_party(&self, channel: &LoadedChannel, needs: Needs, party: Vec<Outbound>, reports: &Reports<'_>) {
        let (ready, waiting) = self.by_readiness(channel, &needs, party).await;
        join(
            self.send_together(channel, &needs, ready, reports),
            self.send_together(channel, &needs, waiting, reports),
        )
        .await;
    }

    /// Sends messages at the same time: prepares them, makes durable that they leave, and puts them on the wire.
    async fn send_together(
        &self,
        channel: &LoadedChannel,
        needs: &[Need],
        mut party: Vec<Outbound>,
        reports: &Reports<'_>,
    ) {
        if party.is_empty() {
            return;
        }
        for (step, _) in self.0.preparations.iter().zip(needs).filter(|(_, need)| **need != Need::Nothing) {
            for (attempt, error) in step.prepare(channel, &mut party).await {
                party.retain(|outbound| outbound.attempt != attempt);
                reports.tell(attempt, Err(error));
            }
        }
        if takes_time(needs) {
            party = self.let_leave(channel, party, reports).await;
        }
        reports.leave(&party);
        let mut outcomes = channel.service.send_broadcast(&party, party.len().max(1));
        while let Some((attempt, result)) = outcomes.next().await {
            if let Err(error) = &result {
                self.tell_steps(channel, &party, attempt, error).await;
            }
            reports.tell(attempt, result);
        }
    }

    /// Those of a prepared party that may still leave.
    async fn let_leave(&self, channel: &LoadedChannel, party: Vec<Outbound>, reports: &Reports<'_>) -> Vec<Outbound> {
        let (left, otherwise) = match self.leave(&channel.limit_group, &party).await {
            Ok(left) => (left, too_late()),
            Err(error) => (Vec::new(), error),
        };
        let (party, stays): (Vec<Outbound>, Vec<Outbound>) =
            party.into_iter().partition(|one| left.contains(&one.attempt));
        stays.iter().for_each(|one| reports.tell(one.attempt, Err(otherwise.clone())));
        party
    }

    /// Before the message can be tried again, so that what a step forgets is not used again.
    async fn tell_steps(&self, channel: &LoadedChannel, batch: &[Outbound], attempt: AttemptId, error: &SendError) {
        let Some(message) = batch.iter().find(|outbound| outbound.attempt == attempt) else { return };
        for preparation in &self.0.preparations {
            preparation.refused(channel, message, error).await;
        }
    }
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
    class: MessageClass,
    may_have_left: bool,
}

impl<'a> Reports<'a> {
    fn of(dispatcher: &'a Dispatcher, messages: &[Bound]) -> Self {
        let open = |bound: &Bound| {
            (bound.attempt, Open { pair: pair_of(&bound.message), class: bound.message.class, may_have_left: false })
        };
        Self { dispatcher, open: Mutex::new(messages.iter().map(open).collect()) }
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
        if let Some(Open { pair, class, .. }) = open {
            let inner = &self.dispatcher.0;
            // The receiver lives as long as the dispatcher.
            let _ = inner.done.send(Done { attempt, pair, class, result, at: inner.clock.now() });
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
