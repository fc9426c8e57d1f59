//! What an answer, a receipt or a late refusal does to a message and its attempt (DESIGN.md §3). Pure: rows in, rows out.

mod lost;
mod reported;
mod unknown;

use std::time::Duration;

use serde_json::{Value, json};

use crate::domain::class::MessageClass;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::failure::Failure;
use crate::domain::ids::{AttemptId, ChannelId, JournalId};
use crate::domain::receipt;
use crate::domain::retry::{self, Schedule};
use crate::domain::state::{AttemptState, Evidence, HoldReason, MessageState};
use crate::domain::time::Ts;
use crate::domain::unknown::{Decision, Look};
use crate::providers::failure::ThrottleScope;
use crate::providers::webhook::StatusOutcome;
use crate::providers::{Accepted, SendError, Verdict};
use crate::storage::track::{TrackedAttempt, TrackedMessage};
use crate::storage::types::Json;

use reported::{Report, note_provider_id, reported};
use unknown::become_unknown;
pub use unknown::{Sighted, send_anew};

/// How long an unasked-for throttle lasts.
const THROTTLE: Duration = Duration::from_secs(5);

/// Something learned about an attempt.
#[derive(Clone, Debug)]
pub struct Fact {
    pub attempt: AttemptId,
    pub what: What,
    /// When it happened, as far as known.
    pub at: Ts,
    /// The raw webhook that says so.
    pub journal: Option<JournalId>,
    /// The channel whose secret proved it; a fact about another channel's attempt is foreign and has no effect.
    pub channel: Option<ChannelId>,
}

#[derive(Clone, Debug)]
pub enum What {
    /// The provider's answer to the request, or how it was lost.
    Answered(Result<Accepted, SendError>),
    /// A webhook's word.
    Reported {
        provider_message_id: String,
        outcome: StatusOutcome,
        pricing: Option<Value>,
        /// The end of the free entry point that the message belongs to.
        free_entry_until: Option<Ts>,
        /// How the word came here.
        evidence: Evidence,
    },
    /// The provider's list was read for evidence; with the one message that can be it, and when to look again.
    Looked { look: Look, found: Option<Sighted>, next: Ts },
    /// The time for evidence is over.
    GivenUp { reason: String },
    /// Somebody, or the policy, decided about an unknown attempt.
    Decided(Decision),
    /// The worker that had it is gone.
    LeaseOver,
}

/// What is to be done besides saving the rows.
#[derive(Clone, Debug, PartialEq)]
pub enum FollowUp {
    /// Hold this channel's queue.
    HoldChannel(ChannelId, Failure),
    /// Slow down, because of this.
    SlowDown(ChannelId, ThrottleScope, Duration, Failure),
    /// The provider failed of its own making.
    Fault(ChannelId, Failure),
}

/// The surroundings of a decision.
#[derive(Clone, Copy, Debug)]
pub struct Present {
    pub now: Ts,
    /// Uniform in 0..1.
    pub random: f64,
}

/// Everything a fact leads to.
#[derive(Debug, Default)]
pub struct Consequences {
    pub events: Vec<NewEvent>,
    pub follow_ups: Vec<FollowUp>,
}

impl Consequences {
    fn event(&mut self, kind: EventKind, fact: &Fact, message: &TrackedMessage, data: Value) {
        self.events.push(NewEvent {
            message: Some(message.id),
            attempt: Some(fact.attempt),
            channel: Some(message.channel_id),
            journal: fact.journal,
            data,
            ..NewEvent::new(kind, fact.at)
        });
    }
}

/// Applies one fact. The order in which facts about an attempt come, and how often, makes no difference to where they lead.
pub fn apply(
    message: &mut TrackedMessage,
    attempt: &mut TrackedAttempt,
    fact: &Fact,
    present: Present,
) -> Consequences {
    let mut consequences = Consequences::default();
    let before = message.clone();
    match &fact.what {
        What::Answered(Ok(accepted)) => answered_accepted(message, attempt, fact, accepted, &mut consequences),
        What::Answered(Err(error)) => answered_refused(message, attempt, fact, error, present, &mut consequences),
        What::Reported { provider_message_id, outcome, pricing, evidence, .. } => {
            let report = Report { provider_message_id, outcome, pricing: pricing.as_ref(), evidence: *evidence };
            reported(message, attempt, fact, &report, present, &mut consequences);
        }
        What::LeaseOver => lost::lease_over(message, attempt, fact, present, &mut consequences),
        What::Looked { look, found, next } => {
            unknown::looked(message, attempt, fact, (look, found.as_ref(), *next), present, &mut consequences);
        }
        What::GivenUp { reason } => unknown::given_up(message, attempt, fact, reason, &mut consequences),
        What::Decided(decision) => {
            unknown::decided(message, attempt, fact, decision, present, &mut consequences);
        }
    }
    if before.state == MessageState::Unknown && !matches!(message.state, MessageState::Unknown | MessageState::Queued) {
        // It was the time of the next look.
        message.run_at = attempt.left();
    }
    if *message != before {
        message.updated_at = present.now;
    }
    consequences
}

fn is_current(message: &TrackedMessage, attempt: &TrackedAttempt) -> bool {
    message.attempt_id == Some(attempt.id)
}

fn answered_accepted(
    message: &mut TrackedMessage,
    attempt: &mut TrackedAttempt,
    fact: &Fact,
    accepted: &Accepted,
    consequences: &mut Consequences,
) {
    note_provider_id(message, attempt, &accepted.provider_message_id, fact, consequences);
    attempt.answered_at.get_or_insert(fact.at);
    attempt.evidence.get_or_insert(Evidence::Answer);
    accept(message, attempt, fact, consequences);
}

/// Acceptance settles what is open; a late refusal that came before the answer stands.
fn accept(message: &mut TrackedMessage, attempt: &mut TrackedAttempt, fact: &Fact, consequences: &mut Consequences) {
    attempt.accepted_at.get_or_insert(fact.at);
    if !matches!(attempt.state, AttemptState::Sending | AttemptState::Unknown) {
        fill_accepted(message, attempt);
        return;
    }
    attempt.state = AttemptState::Accepted;
    attempt.failure = None;
    fill_accepted(message, attempt);
    if is_current(message, attempt) && matches!(message.state, MessageState::Sending | MessageState::Unknown) {
        message.state = MessageState::Accepted;
        message.failure = None;
        consequences.event(
            EventKind::MessageAccepted,
            fact,
            message,
            json!({ "provider_message_id": attempt.provider_message_id, "evidence": attempt.evidence }),
        );
    }
}

fn fill_accepted(message: &mut TrackedMessage, attempt: &TrackedAttempt) {
    if is_current(message, attempt) && message.accepted_at.is_none() {
        message.accepted_at = attempt.accepted_at;
    }
}

fn answered_refused(
    message: &mut TrackedMessage,
    attempt: &mut TrackedAttempt,
    fact: &Fact,
    error: &SendError,
    present: Present,
    consequences: &mut Consequences,
) {
    attempt.answered_at.get_or_insert(fact.at);
    // A webhook was faster and knows better.
    if !matches!(attempt.state, AttemptState::Sending | AttemptState::Unknown) {
        return;
    }
    note_fault(attempt, error, consequences);
    attempt.failure = failure_json(&error.failure);
    if error.verdict == Verdict::Unknown {
        attempt.state = AttemptState::Unknown;
        become_unknown(message, attempt, fact, &error.failure, present, consequences);
        return;
    }
    attempt.state = AttemptState::Refused;
    attempt.failed_at.get_or_insert(fact.at);
    attempt.evidence.get_or_insert(Evidence::Answer);
    refuse(message, attempt, fact, error, present, consequences);
}

fn reported_refused(
    message: &mut TrackedMessage,
    attempt: &mut TrackedAttempt,
    fact: &Fact,
    error: &SendError,
    present: Present,
    consequences: &mut Consequences,
) {
    // Delivered is delivered; a refusal that is known already needs no second decision.
    if attempt.delivered_at.is_some() || attempt.read_at.is_some() || attempt.state == AttemptState::Refused {
        return;
    }
    note_fault(attempt, error, consequences);
    attempt.failure = failure_json(&error.failure);
    if error.verdict == Verdict::Unknown {
        attempt.state = AttemptState::Unknown;
        become_unknown(message, attempt, fact, &error.failure, present, consequences);
        return;
    }
    attempt.state = AttemptState::Refused;
    keep_earliest(&mut attempt.failed_at, fact.at);
    refuse(message, attempt, fact, error, present, consequences);
}

/// At once or late: what the provider fails at of its own making speaks against it.
fn note_fault(attempt: &TrackedAttempt, error: &SendError, consequences: &mut Consequences) {
    if error.is_fault() {
        consequences.follow_ups.push(FollowUp::Fault(attempt.channel_id, error.failure.clone()));
    }
}

/// The provider's table has decided what kind of refusal it is; here it becomes the message's fate.
fn refuse(
    message: &mut TrackedMessage,
    attempt: &TrackedAttempt,
    fact: &Fact,
    error: &SendError,
    present: Present,
    consequences: &mut Consequences,
) {
    if !is_current(message, attempt) || !receipt::refusal_counts(message.state) {
        return;
    }
    let failure = &error.failure;
    match error.verdict {
        Verdict::Rejected => fail(message, fact, failure, consequences),
        Verdict::Retry { after } => {
            message.tries += 1;
            let schedule = schedule_of(message);
            let allowed = error.retries.map_or(schedule.tries, |retries| i32::from(retries) + 1);
            let wait = match after {
                Some(after) => retry::asked(after, present.random),
                None => schedule.wait(message.tries, present.random),
            };
            let run_at = present.now.plus(wait);
            // With an end of its own it expires; without, the last refusal is what it ends by.
            let too_old = message.expires_at.is_none() && end_of_life(message, attempt) <= run_at;
            if message.tries >= allowed.min(schedule.tries) || too_old {
                fail(message, fact, failure, consequences);
                return;
            }
            message.expires_at = Some(end_of_life(message, attempt));
            requeue(message, fact, failure, run_at, None, consequences);
        }
        Verdict::Throttled { after, scope } => {
            let wait = retry::asked(after.unwrap_or(THROTTLE), present.random);
            consequences.follow_ups.push(FollowUp::SlowDown(message.channel_id, scope, wait, failure.clone()));
            end_soon(message, attempt);
            requeue(message, fact, failure, present.now.plus(wait), Some(HoldReason::Throttled), consequences);
        }
        Verdict::ChannelDown => {
            consequences.follow_ups.push(FollowUp::HoldChannel(message.channel_id, failure.clone()));
            end_soon(message, attempt);
            requeue(message, fact, failure, present.now, Some(HoldReason::ChannelDown), consequences);
        }
        Verdict::Unknown => become_unknown(message, attempt, fact, failure, present, consequences),
    }
}

fn schedule_of(message: &TrackedMessage) -> Schedule {
    retry::schedule(message.class.unwrap_or(MessageClass::Reply))
}

/// When trying again makes no sense any more: at the message's own end, or its class's time after the first try. From its first
/// retry on a message has an end of its own.
fn end_of_life(message: &TrackedMessage, attempt: &TrackedAttempt) -> Ts {
    message.expires_at.unwrap_or_else(|| attempt.created_at.plus(schedule_of(message).max_age))
}

/// What waits for its channel, its account or its person may wait for days, but for a one-time code: that is worthless then.
fn end_soon(message: &mut TrackedMessage, attempt: &TrackedAttempt) {
    if message.class == Some(MessageClass::OneTimeCode) {
        message.expires_at = Some(end_of_life(message, attempt));
    }
}

fn requeue(
    message: &mut TrackedMessage,
    fact: &Fact,
    failure: &Failure,
    run_at: Ts,
    hold: Option<HoldReason>,
    consequences: &mut Consequences,
) {
    if message.expires_at.is_some_and(|expires| expires <= run_at) {
        expire(message, fact, consequences);
        return;
    }
    message.state = MessageState::Queued;
    message.run_at = run_at;
    message.hold_reason = hold;
    message.failure = failure_json(failure);
    message.provider_message_id = None;
    message.accepted_at = None;
    message.sent_at = None;
    let kind = if hold == Some(HoldReason::ChannelDown) { EventKind::MessageHeld } else { EventKind::MessageRequeued };
    consequences.event(kind, fact, message, json!({ "failure": failure, "run_at": run_at, "tries": message.tries }));
}

fn fail(message: &mut TrackedMessage, fact: &Fact, failure: &Failure, consequences: &mut Consequences) {
    message.state = MessageState::Failed;
    message.hold_reason = None;
    message.failure = failure_json(failure);
    message.failed_at = Some(fact.at);
    consequences.event(EventKind::MessageFailed, fact, message, json!({ "failure": failure }));
}

fn expire(message: &mut TrackedMessage, fact: &Fact, consequences: &mut Consequences) {
    message.state = MessageState::Expired;
    message.hold_reason = None;
    consequences.event(EventKind::MessageExpired, fact, message, json!({ "expires_at": message.expires_at }));
}

fn keep_earliest(time: &mut Option<Ts>, at: Ts) {
    *time = Some(time.map_or(at, |known| known.min(at)));
}

fn failure_json(failure: &Failure) -> Option<Json> {
    Json::of(failure).ok()
}

#[cfg(test)]
mod tests;
