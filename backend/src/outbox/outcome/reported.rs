//! What a provider says of a message after it took it: by webhook, or because it was asked.

use serde_json::{Value, json};

use super::{Consequences, Fact, Present, accept, fill_accepted, is_current, keep_earliest, reported_refused};
use crate::domain::event::EventKind;
use crate::domain::receipt::{self, Effect, Receipt};
use crate::domain::state::{AttemptState, Evidence};
use crate::providers::Verdict;
use crate::providers::webhook::StatusOutcome;
use crate::storage::track::{TrackedAttempt, TrackedMessage};
use crate::storage::types::Json;

/// What the provider says of a message, whichever way it reached the gateway.
pub(super) struct Report<'a> {
    pub provider_message_id: &'a str,
    pub outcome: &'a StatusOutcome,
    pub pricing: Option<&'a Value>,
    pub evidence: Evidence,
}

pub(super) fn reported(
    message: &mut TrackedMessage,
    attempt: &mut TrackedAttempt,
    fact: &Fact,
    report: &Report<'_>,
    present: Present,
    consequences: &mut Consequences,
) {
    note_provider_id(message, attempt, report.provider_message_id, fact, consequences);
    if let Some(pricing) = report.pricing {
        attempt.pricing = Some(Json(pricing.clone()));
    }
    // What leaves it unknown settles nothing.
    let settles = !matches!(report.outcome, StatusOutcome::Refused(error) if error.verdict == Verdict::Unknown);
    if settles {
        attempt.evidence.get_or_insert(report.evidence);
    }
    match report.outcome {
        StatusOutcome::Accepted => accept(message, attempt, fact, consequences),
        StatusOutcome::Receipt(receipt) => reported_receipt(message, attempt, fact, *receipt, consequences),
        StatusOutcome::Refused(error) => reported_refused(message, attempt, fact, error, present, consequences),
    }
}

/// One attempt was one request: two provider ids mean that it reached the provider twice.
pub(super) fn note_provider_id(
    message: &mut TrackedMessage,
    attempt: &mut TrackedAttempt,
    id: &str,
    fact: &Fact,
    consequences: &mut Consequences,
) {
    match &attempt.provider_message_id {
        None => {
            attempt.provider_message_id = Some(id.to_owned());
            if is_current(message, attempt) {
                message.provider_message_id = Some(id.to_owned());
            }
        }
        Some(known) if known != id => {
            metrics::counter!("duplex_doubles_total").increment(1);
            tracing::error!(attempt = %attempt.id, "two provider ids for one attempt");
            consequences.event(
                EventKind::MessageDoubled,
                fact,
                message,
                json!({ "reason": "two_provider_ids", "other": id }),
            );
        }
        Some(_) => {}
    }
}

fn reported_receipt(
    message: &mut TrackedMessage,
    attempt: &mut TrackedAttempt,
    fact: &Fact,
    receipt: Receipt,
    consequences: &mut Consequences,
) {
    let contradicted = attempt.state == AttemptState::Refused;
    attempt.state = AttemptState::Accepted;
    attempt.accepted_at.get_or_insert(fact.at);
    let time = match receipt {
        Receipt::Sent => &mut attempt.sent_at,
        Receipt::Delivered => &mut attempt.delivered_at,
        Receipt::Read => &mut attempt.read_at,
    };
    keep_earliest(time, fact.at);
    if !is_current(message, attempt) {
        if receipt != Receipt::Sent {
            metrics::counter!("duplex_doubles_total").increment(1);
            tracing::error!(message = %message.id, attempt = %attempt.id, "an attempt that was superseded has been delivered");
            consequences.event(
                EventKind::MessageDoubled,
                fact,
                message,
                json!({ "reason": "superseded_attempt_delivered" }),
            );
        }
        return;
    }
    let time = match receipt {
        Receipt::Sent => &mut message.sent_at,
        Receipt::Delivered => &mut message.delivered_at,
        Receipt::Read => &mut message.read_at,
    };
    keep_earliest(time, fact.at);
    fill_accepted(message, attempt);
    match receipt::apply(message.state, receipt) {
        Effect::Note => {}
        Effect::Move(state) => {
            message.state = state;
            message.failure = None;
            attempt.failure = None;
            consequences.event(event_of(receipt), fact, message, json!({}));
        }
        Effect::Contradict(state) => {
            message.state = state;
            message.hold_reason = None;
            if contradicted {
                consequences.event(
                    EventKind::MessageContradicted,
                    fact,
                    message,
                    json!({ "failure": message.failure.as_ref().map(|f| f.0.clone()) }),
                );
            }
            message.failure = None;
            message.failed_at = None;
            consequences.event(event_of(receipt), fact, message, json!({}));
        }
    }
}

const fn event_of(receipt: Receipt) -> EventKind {
    match receipt {
        Receipt::Sent => EventKind::MessageSent,
        Receipt::Delivered => EventKind::MessageDelivered,
        Receipt::Read => EventKind::MessageRead,
    }
}
