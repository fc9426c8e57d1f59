//! How an attempt of which nobody knows becomes known: by a look at the provider's list, by a person, or not at all.

use serde_json::{Value, json};

use super::{Consequences, Fact, Present, Report, failure_json, is_current, reported};
use crate::domain::event::EventKind;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::receipt;
use crate::domain::retry::schedule;
use crate::domain::state::{AttemptState, Evidence, MessageState};
use crate::domain::time::Ts;
use crate::domain::unknown::{Decision, FIRST_LOOK, GivenUp, Inquiry, Look, UnknownDecision};
use crate::providers::Verdict;
use crate::providers::webhook::StatusOutcome;
use crate::storage::track::{TrackedAttempt, TrackedMessage};
use crate::storage::types::Json;

/// The one message at the provider that can be an unknown attempt.
#[derive(Clone, Debug)]
pub struct Sighted {
    pub provider_message_id: String,
    pub outcome: StatusOutcome,
}

impl Sighted {
    /// Whether the provider itself knows what became of it.
    pub fn settles(&self) -> bool {
        !matches!(&self.outcome, StatusOutcome::Refused(error) if error.verdict == Verdict::Unknown)
    }
}

pub(super) fn become_unknown(
    message: &mut TrackedMessage,
    attempt: &TrackedAttempt,
    fact: &Fact,
    failure: &Failure,
    present: Present,
    consequences: &mut Consequences,
) {
    if is_current(message, attempt) && receipt::refusal_counts(message.state) && message.state != MessageState::Unknown
    {
        message.state = MessageState::Unknown;
        message.failure = failure_json(failure);
        message.run_at = present.now.plus(FIRST_LOOK);
        consequences.event(EventKind::MessageUnknown, fact, message, json!({ "failure": failure }));
    }
}

/// Whether it is still open what became of the message. Whatever settles it meanwhile was faster and knows better.
fn is_open(message: &TrackedMessage, attempt: &TrackedAttempt) -> bool {
    is_current(message, attempt) && message.state == MessageState::Unknown && attempt.state == AttemptState::Unknown
}

/// Keeps a look; what it found settles the attempt as a webhook would.
pub(super) fn looked(
    message: &mut TrackedMessage,
    attempt: &mut TrackedAttempt,
    fact: &Fact,
    (look, found, next): (&Look, Option<&Sighted>, Ts),
    present: Present,
    consequences: &mut Consequences,
) {
    if !is_open(message, attempt) {
        return;
    }
    note(attempt, |inquiry| inquiry.add(look.clone()));
    message.run_at = next;
    if let Some(Sighted { provider_message_id, outcome }) = found {
        let report = Report { provider_message_id, outcome, pricing: None, evidence: Evidence::LookUp };
        reported(message, attempt, fact, &report, present, consequences);
    }
}

/// Nothing has settled it, and nothing is looked for any more.
pub(super) fn given_up(
    message: &mut TrackedMessage,
    attempt: &mut TrackedAttempt,
    fact: &Fact,
    reason: &str,
    consequences: &mut Consequences,
) {
    if !is_open(message, attempt) || message.run_at == Ts::NEVER {
        return;
    }
    note(attempt, |inquiry| inquiry.given_up = Some(GivenUp { at: fact.at, reason: reason.to_owned() }));
    message.run_at = Ts::NEVER;
    consequences.event(EventKind::MessageUnknownGivenUp, fact, message, json!({ "reason": reason }));
}

/// A person's word, or the policy's. It has no effect when something else has settled the message in between.
pub(super) fn decided(
    message: &mut TrackedMessage,
    attempt: &mut TrackedAttempt,
    fact: &Fact,
    decision: &Decision,
    present: Present,
    consequences: &mut Consequences,
) {
    if !is_open(message, attempt) {
        return;
    }
    note(attempt, |inquiry| inquiry.decision = Some(decision.clone()));
    match decision.decision {
        UnknownDecision::Accepted => {
            attempt.state = AttemptState::Accepted;
            attempt.evidence = Some(Evidence::Person);
            attempt.failure = None;
            attempt.accepted_at.get_or_insert(fact.at);
            message.state = MessageState::Accepted;
            message.failure = None;
            message.accepted_at = message.accepted_at.or(attempt.accepted_at);
            consequences.event(EventKind::MessageAccepted, fact, message, told(decision, json!({})));
        }
        UnknownDecision::Failed => {
            let failure = Failure {
                code: FailureCode::AnswerLost,
                provider_code: None,
                detail: format!("The answer was lost, and {} decided that the message was not sent.", decision.by),
            };
            attempt.state = AttemptState::Refused;
            attempt.evidence = Some(Evidence::Person);
            attempt.failure = failure_json(&failure);
            attempt.failed_at.get_or_insert(fact.at);
            message.state = MessageState::Failed;
            message.failure = failure_json(&failure);
            message.failed_at = Some(fact.at);
            let data = told(decision, json!({ "failure": failure }));
            consequences.event(EventKind::MessageFailed, fact, message, data);
        }
        UnknownDecision::Resend => {
            send_anew(message, present.now);
            let data = told(decision, json!({ "run_at": message.run_at, "tries": message.tries }));
            consequences.event(EventKind::MessageRequeued, fact, message, data);
        }
    }
}

/// Puts a message back into the queue as if it had not been tried; its time begins anew.
pub fn send_anew(message: &mut TrackedMessage, now: Ts) {
    let age = message.class.map(|class| schedule(class).max_age);
    if let Some(age) = age
        && message.expires_at.is_none_or(|expires| expires <= now)
    {
        message.expires_at = Some(now.plus(age));
    }
    message.state = MessageState::Queued;
    message.run_at = now;
    message.tries = 0;
    message.hold_reason = None;
    message.failure = None;
    message.provider_message_id = None;
    message.accepted_at = None;
    message.sent_at = None;
    message.failed_at = None;
    message.updated_at = now;
}

fn told(decision: &Decision, mut data: Value) -> Value {
    if let Some(members) = data.as_object_mut() {
        members.insert("decision".to_owned(), json!(decision));
    }
    data
}

/// What was written by a newer version is begun anew rather than lost in silence with the message: only the looks are in it.
fn note(attempt: &mut TrackedAttempt, change: impl FnOnce(&mut Inquiry)) {
    let mut inquiry: Inquiry = attempt.inquiry.clone().and_then(|kept| kept.read().ok()).unwrap_or_default();
    change(&mut inquiry);
    attempt.inquiry = Json::of(&inquiry).ok();
}
