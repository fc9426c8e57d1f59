//! What became of what we sent (direct.md §3.5).

use serde_json::Value;

use crate::domain::provider::SenderAddress;
use crate::domain::receipt::Receipt;
use crate::domain::time::Ts;
use crate::providers::webhook::{ProviderEvent, StatusEvent, StatusOutcome};

use super::super::response::late_refusal;
use super::members::{object, owned, text, timestamp};
use super::people::person;

pub(super) fn read(sender: &SenderAddress, contacts: &[Value], status: &Value) -> Option<ProviderEvent> {
    let outcome = match text(status, "status")? {
        "accepted" => StatusOutcome::Accepted,
        "sent" => StatusOutcome::Receipt(Receipt::Sent),
        "delivered" => StatusOutcome::Receipt(Receipt::Delivered),
        // A voice message that was listened to was seen.
        "read" | "played" => StatusOutcome::Receipt(Receipt::Read),
        "failed" => StatusOutcome::Refused(late_refusal(status.get("errors"))),
        _ => return None,
    };
    Some(ProviderEvent::Status(StatusEvent {
        sender: sender.clone(),
        provider_message_id: owned(status, "id")?,
        attempt: text(status, "biz_opaque_callback_data").and_then(|data| data.parse().ok()),
        outcome,
        at: status.get("timestamp").and_then(timestamp),
        person: person(contacts, text(status, "recipient_id"), text(status, "recipient_user_id")),
        pricing: status.get("pricing").filter(|pricing| !pricing.is_null()).cloned(),
        free_entry_until: free_entry_until(status),
    }))
}

/// Only a conversation that began with a click on an ad or a page is a free entry point.
fn free_entry_until(status: &Value) -> Option<Ts> {
    let conversation = object(status, "conversation")?;
    let origin = text(object(conversation, "origin")?, "type")?;
    (origin == "referral_conversion").then(|| conversation.get("expiration_timestamp").and_then(timestamp))?
}
