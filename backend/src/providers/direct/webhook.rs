//! Meta's webhooks (direct.md §3.3 to §3.7). Every item is read on its own: what can't be read becomes a notice with its raw
//! value and never harms its neighbours.

mod content;
mod media;
pub(super) mod members;
mod messages;
pub(super) mod people;
pub(super) mod source;
mod statuses;

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use subtle::ConstantTimeEq;

use crate::domain::provider::SenderAddress;
use crate::providers::webhook::body::read_json;
use crate::providers::webhook::{Handshake, NoticeEvent, ParseError, ProviderEvent};

use super::account_events::{self, account_of};
use super::template_events;
use members::{list, text_or_number};
use source::Source;

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
    let payload = read_json(body)?;
    if payload.get("object").is_some_and(|object| object.as_str() != Some(OBJECT)) {
        return Err(ParseError::Format("the webhook is not about a WhatsApp account".to_owned()));
    }
    let entries = payload.get("entry").and_then(Value::as_array);
    let entries = entries.ok_or_else(|| ParseError::Format("the list of entries is missing".to_owned()))?;
    let mut events = Vec::new();
    for entry in entries {
        let source = Source::of(entry);
        match entry.get("changes").and_then(Value::as_array) {
            Some(changes) => changes.iter().for_each(|change| read_change(&source, change, &mut events)),
            None => events.push(notice(address(source.id, &Value::Null), "entry", entry)),
        }
    }
    Ok(events)
}

fn read_change(source: &Source, change: &Value, events: &mut Vec<ProviderEvent>) {
    let field = change.get("field").and_then(Value::as_str).unwrap_or("unknown");
    let value = change.get("value").unwrap_or(&Value::Null);
    let sender = address(account_of(field, value).unwrap_or_else(|| source.id.clone()), value);
    if let Some(event) = template_events::read(source, field, value) {
        return events.push(ProviderEvent::Template(event));
    }
    let account_events = account_events::read(source, &sender, field, value);
    if !account_events.is_empty() {
        return events.extend(account_events.into_iter().map(ProviderEvent::Account));
    }
    if field != "messages" {
        return events.push(notice(sender, field, value));
    }
    let before = events.len();
    let contacts = list(value, "contacts");
    for status in list(value, "statuses") {
        let event = statuses::read(&sender, contacts, status);
        events.push(event.unwrap_or_else(|| notice(sender.clone(), "messages.statuses", status)));
    }
    for message in list(value, "messages") {
        let event = messages::read(&sender, contacts, message);
        events.push(event.unwrap_or_else(|| notice(sender.clone(), "messages.messages", message)));
    }
    for error in list(value, "errors") {
        events.push(notice(sender.clone(), "messages.errors", error));
    }
    if events.len() == before {
        events.push(notice(sender, field, value));
    }
}

fn address(account: String, value: &Value) -> SenderAddress {
    let sender = value.pointer("/metadata/phone_number_id").and_then(text_or_number).unwrap_or_default();
    SenderAddress { account, sender }
}

fn notice(sender: SenderAddress, field: &str, value: &Value) -> ProviderEvent {
    ProviderEvent::Notice(NoticeEvent { sender, field: field.to_owned(), value: value.clone() })
}

#[cfg(test)]
mod tests;
