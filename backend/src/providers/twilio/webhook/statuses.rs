//! What became of what we sent (twilio.md §3.4).

use url::form_urlencoded;

use crate::domain::ids::AttemptId;
use crate::domain::receipt::Receipt;
use crate::providers::webhook::{StatusEvent, StatusOutcome};

use super::super::request::ATTEMPT;
use super::super::response::late_refusal;
use super::form::Form;

/// What Twilio's word for a status means; `None` for a word that is not known.
pub fn outcome_of(status: &str, code: Option<u32>) -> Option<StatusOutcome> {
    Some(match status {
        "accepted" | "queued" | "sending" | "scheduled" => StatusOutcome::Accepted,
        "sent" => StatusOutcome::Receipt(Receipt::Sent),
        "delivered" => StatusOutcome::Receipt(Receipt::Delivered),
        "read" => StatusOutcome::Receipt(Receipt::Read),
        "failed" | "undelivered" | "canceled" => StatusOutcome::Refused(late_refusal(status, code)),
        _ => return None,
    })
}

pub(super) fn read(form: &Form<'_>, status: &str, query: &str) -> Option<StatusEvent> {
    let code = form.text("ErrorCode").and_then(|code| code.trim().parse().ok());
    let outcome = outcome_of(status, code)?;
    Some(StatusEvent {
        sender: form.sender("From"),
        provider_message_id: form.message_sid()?.to_owned(),
        attempt: attempt(query),
        outcome,
        // Callbacks carry no time, no price and nothing of free entry points; what the gateway asked for itself has a time.
        at: form.time("DateUpdated"),
        person: form.person("To"),
        pricing: None,
        free_entry_until: None,
    })
}

/// The attempt out of the address we gave Twilio for this one message.
fn attempt(query: &str) -> Option<AttemptId> {
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == ATTEMPT)?.1.parse().ok()
}
