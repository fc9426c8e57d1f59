//! Meta's webhooks (direct.md §3.3 to §3.7). Every item is read on its own: what can't be read becomes a notice with its raw
//! value and never harms its neighbours.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::domain::contact::{Bsuid, Person};
use crate::domain::inbound::{InboundContent, InboundText, OtherContent};
use crate::domain::phone::Phone;
use crate::domain::provider::SenderAddress;
use crate::domain::receipt::Receipt;
use crate::domain::time::Ts;
use crate::providers::webhook::{
    Handshake, InboundEvent, NoticeEvent, ParseError, ProviderEvent, StatusEvent, StatusOutcome,
};

use super::response::late_refusal;
use super::template_events;

const OBJECT: &str = "whatsapp_business_account";
/// Longest challenge that is echoed, in characters.
const CHALLENGE_LIMIT: usize = 256;

/// The challenge to echo, when the request knows the channel's verify token.
pub fn handshake(request: &Handshake, verify_token: &SecretString) -> Option<String> {
    let expected = verify_token.expose_secret().as_bytes();
    let known = bool::from(expected.ct_eq(request.verify_token.as_bytes())) && !expected.is_empty();
    let sound = request.mode == "subscribe" && request.challenge.chars().count() <= CHALLENGE_LIMIT;
    (known && sound).then(|| request.challenge.clone())
}

/// All events of one delivery, in its order.
///
/// # Errors
/// The body is not JSON, or not Meta's envelope for WhatsApp.
pub fn parse(body: &[u8]) -> Result<Vec<ProviderEvent>, ParseError> {
    let payload: Value = serde_json::from_slice(body).map_err(|error| ParseError::Format(error.to_string()))?;
    if payload.get("object").is_some_and(|object| object.as_str() != Some(OBJECT)) {
        return Err(ParseError::Format("the webhook is not about a WhatsApp account".to_owned()));
    }
    let entries = payload.get("entry").and_then(Value::as_array);
    let entries = entries.ok_or_else(|| ParseError::Format("the list of entries is missing".to_owned()))?;
    let mut events = Vec::new();
    for entry in entries {
        let account = entry.get("id").and_then(text_or_number).unwrap_or_default();
        match entry.get("changes").and_then(Value::as_array) {
            Some(changes) => changes.iter().for_each(|change| read_change(&account, change, &mut events)),
            None => events.push(notice(address(account, &Value::Null), "entry", entry)),
        }
    }
    Ok(events)
}

fn read_change(account: &str, change: &Value, events: &mut Vec<ProviderEvent>) {
    let field = change.get("field").and_then(Value::as_str).unwrap_or("unknown");
    let value = change.get("value").unwrap_or(&Value::Null);
    let sender = address(account.to_owned(), value);
    if let Some(event) = template_events::read(account, field, value) {
        return events.push(ProviderEvent::Template(event));
    }
    if field != "messages" {
        return events.push(notice(sender, field, value));
    }
    let before = events.len();
    let contacts = list(value, "contacts");
    for status in list(value, "statuses") {
        let event = read_status(&sender, contacts, status).map(ProviderEvent::Status);
        events.push(event.unwrap_or_else(|| notice(sender.clone(), "messages.statuses", status)));
    }
    for message in list(value, "messages") {
        let event = read_message(&sender, contacts, message).map(ProviderEvent::Inbound);
        events.push(event.unwrap_or_else(|| notice(sender.clone(), "messages.messages", message)));
    }
    for error in list(value, "errors") {
        events.push(notice(sender.clone(), "messages.errors", error));
    }
    if events.len() == before {
        events.push(notice(sender, field, value));
    }
}

fn read_status(sender: &SenderAddress, contacts: &[Value], status: &Value) -> Option<StatusEvent> {
    let outcome = match text(status, "status")? {
        "accepted" => StatusOutcome::Accepted,
        "sent" => StatusOutcome::Receipt(Receipt::Sent),
        "delivered" => StatusOutcome::Receipt(Receipt::Delivered),
        // A voice message that was listened to was seen.
        "read" | "played" => StatusOutcome::Receipt(Receipt::Read),
        "failed" => StatusOutcome::Refused(late_refusal(status.get("errors"))),
        _ => return None,
    };
    Some(StatusEvent {
        sender: sender.clone(),
        provider_message_id: text(status, "id")?.to_owned(),
        attempt: text(status, "biz_opaque_callback_data").and_then(|data| data.parse().ok()),
        outcome,
        at: status.get("timestamp").and_then(timestamp),
        person: person(contacts, text(status, "recipient_id"), text(status, "recipient_user_id")),
        pricing: status.get("pricing").filter(|pricing| !pricing.is_null()).cloned(),
    })
}

fn read_message(sender: &SenderAddress, contacts: &[Value], message: &Value) -> Option<InboundEvent> {
    // What is said in a group is no conversation with the person who said it.
    if message.get("group_id").is_some_and(|id| !id.is_null()) {
        return None;
    }
    let kind = text(message, "type")?;
    let body = message.pointer("/text/body").and_then(Value::as_str).filter(|_| kind == "text");
    let content = match body {
        Some(body) => InboundContent::Text(InboundText { body: body.to_owned() }),
        None => InboundContent::Other(OtherContent { kind: kind.to_owned(), raw: message.clone() }),
    };
    Some(InboundEvent {
        sender: sender.clone(),
        provider_message_id: text(message, "id")?.to_owned(),
        person: person(contacts, text(message, "from"), text(message, "from_user_id"))?,
        content,
        at: message.get("timestamp").and_then(timestamp),
        reply_to: message.pointer("/context/id").and_then(Value::as_str).map(str::to_owned),
    })
}

/// The person behind a number and a user id, either of which may be missing, or stand in the other's place.
fn person(contacts: &[Value], number: Option<&str>, user: Option<&str>) -> Option<Person> {
    let is_them = |contact: &&Value| {
        (number.is_some() && text(contact, "wa_id") == number) || (user.is_some() && text(contact, "user_id") == user)
    };
    // Only the contact named by an id: a neighbour's names must never be bound to this person.
    let contact = contacts.iter().find(is_them);
    let listed = |name| contact.and_then(|contact| text(contact, name));

    let read = |digits| Phone::from_wa_id(digits).ok();
    let phone = number.and_then(read).or_else(|| listed("wa_id").and_then(read));
    let bsuid = user.or(number).and_then(Bsuid::parse).or_else(|| listed("user_id").and_then(Bsuid::parse));
    let name = contact.and_then(|contact| contact.pointer("/profile/name")).and_then(Value::as_str);
    let name = name.filter(|name| !name.is_empty()).map(str::to_owned);
    (phone.is_some() || bsuid.is_some()).then_some(Person { phone, bsuid, name })
}

fn address(account: String, value: &Value) -> SenderAddress {
    let sender = value.pointer("/metadata/phone_number_id").and_then(text_or_number).unwrap_or_default();
    SenderAddress { account, sender }
}

fn notice(sender: SenderAddress, field: &str, value: &Value) -> ProviderEvent {
    ProviderEvent::Notice(NoticeEvent { sender, field: field.to_owned(), value: value.clone() })
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// Ids are text in most places and numbers in some.
fn text_or_number(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Seconds since the epoch: text in messages and statuses, numbers elsewhere.
fn timestamp(value: &Value) -> Option<Ts> {
    let seconds = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    seconds.map(Ts::from_secs)
}

#[cfg(test)]
mod tests;
