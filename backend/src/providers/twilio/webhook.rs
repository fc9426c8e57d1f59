//! Twilio's webhooks (twilio.md §3.1, §3.4): one form each, inbound message or status.

mod content;
mod form;
mod messages;
mod statuses;

use serde_json::Value;

use crate::domain::provider::SenderAddress;
use crate::providers::webhook::body::read_json;
use crate::providers::webhook::{NoticeEvent, ParseError, ProviderEvent, RawWebhook};

use super::template_events;
use form::Form;

pub use statuses::outcome_of;

/// The one event of a delivery; several only where a JSON batch brings them.
///
/// # Errors
/// The body is neither a form with Twilio's fields nor JSON.
pub fn parse(raw: &RawWebhook) -> Result<Vec<ProviderEvent>, ParseError> {
    let query = raw.url.split('#').next().and_then(|url| url.split_once('?')).map_or("", |(_, query)| query);
    if raw.body.first().is_some_and(|first| matches!(first, b'{' | b'[')) {
        return parse_json(&raw.body);
    }
    // A webhook configured as GET has everything in its address.
    let form = Form::read(if raw.body.is_empty() { query.as_bytes() } else { &raw.body });
    if form.text("AccountSid").is_none() && form.text("MessageSid").is_none() && form.text("SmsSid").is_none() {
        return Err(ParseError::Format("the form has none of Twilio's fields".to_owned()));
    }
    let event = match form.text("MessageStatus").or_else(|| form.text("SmsStatus")) {
        None | Some("received" | "receiving") => messages::read(&form).map(ProviderEvent::Inbound),
        Some(status) => statuses::read(&form, status, query).map(ProviderEvent::Status),
    };
    Ok(vec![event.unwrap_or_else(|| form.notice())])
}

/// Event Streams and the like: kept as they came.
fn parse_json(body: &[u8]) -> Result<Vec<ProviderEvent>, ParseError> {
    let items = match read_json(body)? {
        Value::Array(items) => items,
        other => vec![other],
    };
    let notice = |value: Value| {
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let account = value.pointer("/data/accountSid").and_then(Value::as_str).unwrap_or_default().to_owned();
        let sender = SenderAddress { account, sender: String::new() };
        ProviderEvent::Notice(NoticeEvent { sender, field: text("type"), value })
    };
    let read = |item| template_events::read(&item).map_or_else(|| notice(item), ProviderEvent::Template);
    Ok(items.into_iter().map(read).collect())
}

#[cfg(test)]
mod tests;
