//! Twilio's webhooks (twilio.md §3.1, §3.4): one form each, inbound message or status.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::domain::contact::{Bsuid, Person};
use crate::domain::ids::AttemptId;
use crate::domain::inbound::{InboundContent, InboundText, OtherContent};
use crate::domain::phone::Phone;
use crate::domain::provider::SenderAddress;
use crate::domain::receipt::Receipt;
use crate::providers::webhook::{
    InboundEvent, NoticeEvent, ParseError, ProviderEvent, RawWebhook, StatusEvent, StatusOutcome,
};

use super::request::{ATTEMPT, bare};
use super::response::late_refusal;
use super::template_events;

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
        None | Some("received" | "receiving") => read_inbound(&form).map(ProviderEvent::Inbound),
        Some(status) => read_status(&form, status, query).map(ProviderEvent::Status),
    };
    Ok(vec![event.unwrap_or_else(|| form.notice())])
}

/// Event Streams and the like: kept as they came.
fn parse_json(body: &[u8]) -> Result<Vec<ProviderEvent>, ParseError> {
    let value: Value = serde_json::from_slice(body).map_err(|error| ParseError::Format(error.to_string()))?;
    let items = match value {
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

fn read_status(form: &Form<'_>, status: &str, query: &str) -> Option<StatusEvent> {
    let outcome = match status {
        "accepted" | "queued" | "sending" | "scheduled" => StatusOutcome::Accepted,
        "sent" => StatusOutcome::Receipt(Receipt::Sent),
        "delivered" => StatusOutcome::Receipt(Receipt::Delivered),
        "read" => StatusOutcome::Receipt(Receipt::Read),
        "failed" | "undelivered" | "canceled" => {
            let code = form.text("ErrorCode").and_then(|code| code.trim().parse().ok());
            StatusOutcome::Refused(late_refusal(status, code))
        }
        _ => return None,
    };
    Some(StatusEvent {
        sender: form.sender("From"),
        provider_message_id: form.message_sid()?.to_owned(),
        attempt: attempt(query),
        outcome,
        // Callbacks carry no time and no price.
        at: None,
        person: form.person("To"),
        pricing: None,
    })
}

/// The attempt out of the address we gave Twilio for this one message.
fn attempt(query: &str) -> Option<AttemptId> {
    form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == ATTEMPT)?.1.parse().ok()
}

fn read_inbound(form: &Form<'_>) -> Option<InboundEvent> {
    let kind = kind(form);
    let content = match form.text("Body") {
        Some(body) if kind == "text" => InboundContent::Text(InboundText { body: body.to_owned() }),
        _ => InboundContent::Other(OtherContent { kind: kind.to_owned(), raw: form.json() }),
    };
    Some(InboundEvent {
        sender: form.sender("To"),
        provider_message_id: form.message_sid()?.to_owned(),
        person: form.person("From")?,
        content,
        at: None,
        reply_to: form.text("OriginalRepliedMessageSid").map(str::to_owned),
    })
}

/// Old accounts send no `MessageType`: then the fields tell.
fn kind<'a>(form: &'a Form<'_>) -> &'a str {
    if let Some(named) = form.text("MessageType") {
        return named;
    }
    let media = form.text("MediaContentType0").map(|mime| mime.split('/').next().unwrap_or(mime));
    match media {
        Some("application" | "text") => "document",
        Some(media) => media,
        None if form.text("NumMedia").is_some_and(|count| count != "0") => "media",
        None if form.text("Latitude").is_some() => "location",
        None if form.text("ButtonPayload").or_else(|| form.text("ButtonText")).is_some() => "button",
        None if form.text("Body").is_some() => "text",
        None => "unknown",
    }
}

/// The fields by name; the last of a repeated one counts.
struct Form<'a>(BTreeMap<Cow<'a, str>, Cow<'a, str>>);

impl<'a> Form<'a> {
    fn read(body: &'a [u8]) -> Self {
        Self(form_urlencoded::parse(body).collect())
    }

    /// Blank is absent: Twilio sends many fields empty.
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|value| &**value).filter(|value| !value.is_empty())
    }

    fn message_sid(&self) -> Option<&str> {
        self.text("MessageSid").or_else(|| self.text("SmsSid")).or_else(|| self.text("SmsMessageSid"))
    }

    fn sender(&self, name: &str) -> SenderAddress {
        SenderAddress {
            account: self.text("AccountSid").unwrap_or_default().to_owned(),
            sender: self.text(name).map(bare).unwrap_or_default().to_owned(),
        }
    }

    /// The person at the address in `name`, which is a number or a user id.
    fn person(&self, name: &str) -> Option<Person> {
        let address = self.text(name).map(bare);
        let by_number = address.and_then(|text| Phone::parse(text).ok());
        let phone = by_number.or_else(|| self.text("WaId").and_then(|digits| Phone::from_wa_id(digits).ok()));
        let external = self.text("ExternalUserId").map(bare).and_then(Bsuid::parse);
        let bsuid = external.or_else(|| address.and_then(Bsuid::parse));
        let name = self.text("ProfileName").map(str::to_owned);
        (phone.is_some() || bsuid.is_some()).then_some(Person { phone, bsuid, name })
    }

    fn json(&self) -> Value {
        let text = |(name, value): (&Cow<'_, str>, &Cow<'_, str>)| (name.to_string(), Value::from(value.to_string()));
        Value::Object(self.0.iter().map(text).collect::<Map<_, _>>())
    }

    /// Ours is `To` of what came in and `From` of what went out; here nobody knows which it is.
    fn notice(&self) -> ProviderEvent {
        let sender = SenderAddress { sender: String::new(), ..self.sender("To") };
        let field = self.text("EventType").or_else(|| self.text("MessageStatus")).unwrap_or("form").to_owned();
        ProviderEvent::Notice(NoticeEvent { sender, field, value: self.json() })
    }
}

#[cfg(test)]
mod tests;
