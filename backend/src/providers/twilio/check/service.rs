//! The messaging service beside the sender, when the channel has one: whether the sender is in its pool, and whether incoming
//! messages get through it (twilio.md §2.9).

use serde_json::Value;

use crate::providers::check::{Check, CheckName, Examination, Finding};
use crate::providers::check_codes::CheckCode;

use super::super::ask::Twilio;
use super::super::management;
use super::text;

const FIELD: &str = "messaging_service_sid";

/// Adds what concerns the sender to its rung, and the rung of the subscription. Gives the service, if there is one.
pub(super) async fn examine(twilio: Twilio<'_>, seen: &mut Examination) -> Option<Value> {
    let name = CheckName::Subscribed;
    let Some(sid) = twilio.credentials.messaging_service_sid.as_deref() else {
        seen.push(name, Finding::pass("Twilio takes incoming messages in by the sender's own settings."));
        return None;
    };
    let base = &twilio.bases.twilio_messaging;
    let service = match twilio.ask(management::service(base, twilio.credentials, sid)).await {
        Ok(service) => service,
        Err(refused) if refused.status() == Some(404) => {
            let cure = "Copy the service's SID again from the Twilio console, or leave the field empty.";
            let finding = "The account has no such messaging service.";
            add(seen, Finding::fail(CheckCode::ServiceNotFound, finding, cure).at(FIELD));
            return None;
        }
        Err(refused) => {
            let finding = Finding::warn(
                CheckCode::ApiKeyRestricted,
                refused.told("The messaging service can't be read"),
                "Grant the API key messaging services, or check again later.",
            );
            seen.push(name, finding.at("api_key_sid"));
            return None;
        }
    };
    let wanted = format!("whatsapp:{}", twilio.credentials.sender_number.as_str());
    if let Ok(pool) = twilio.ask(management::service_senders(base, twilio.credentials, sid)).await {
        let key = pool.pointer("/meta/key").and_then(Value::as_str).unwrap_or("senders");
        let mut listed = pool.get(key).and_then(Value::as_array).into_iter().flatten();
        if !listed.any(|item| item.get("sender").and_then(Value::as_str) == Some(&wanted)) {
            let cure = "Add the sender to the service's pool in the Twilio console, or leave the field empty.";
            let finding = "The sender is not in the messaging service's pool.";
            add(seen, Finding::fail(CheckCode::SenderNotInService, finding, cure).at(FIELD));
        }
    }
    let discards = !leaves_inbound(&service) && text(&service, "/inbound_request_url").is_none();
    seen.push(name, match discards {
        true => Finding::fail(
            CheckCode::ServiceDisablesInbound,
            "The messaging service discards incoming messages: it has no address and does not leave them to the sender.",
            "Let the gateway set it (Repair), or choose “Defer to sender's webhook” in the service's integration settings.",
        )
        .at(FIELD),
        false => Finding::pass("The messaging service passes incoming messages on."),
    });
    Some(service)
}

/// Whether the service leaves incoming messages to each sender's own webhook.
pub(in crate::providers::twilio) fn leaves_inbound(service: &Value) -> bool {
    service.get("use_inbound_webhook_on_number").and_then(Value::as_bool) == Some(true)
}

fn add(seen: &mut Examination, finding: Finding) {
    match seen.checks.iter_mut().find(|check| check.name == CheckName::Sender) {
        Some(rung) => rung.add(finding),
        None => seen.checks.push(Check::of(CheckName::Sender, finding)),
    }
}
