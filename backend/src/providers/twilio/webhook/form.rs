//! The fields of a webhook (twilio.md §3.1, §3.3).

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::domain::contact::{Bsuid, Identity, Person};
use crate::domain::phone::Phone;
use crate::domain::provider::SenderAddress;
use crate::domain::time::Ts;
use crate::providers::webhook::body::{read_json, text_without_nul};
use crate::providers::webhook::{NoticeEvent, ProviderEvent};

use super::super::request::bare;

/// The fields by name, without U+0000, which PostgreSQL keeps in no text; the last of a repeated one counts.
pub(super) struct Form<'a> {
    fields: BTreeMap<Cow<'a, str>, Cow<'a, str>>,
    /// The same again as WhatsApp gave them to Twilio, for what the form itself lacks.
    metadata: Map<String, Value>,
}

impl<'a> Form<'a> {
    pub fn read(body: &'a [u8]) -> Self {
        let kept = |text: Cow<'a, str>| if text.contains('\0') { text_without_nul(&text).into() } else { text };
        let fields: BTreeMap<Cow<'a, str>, Cow<'a, str>> =
            form_urlencoded::parse(body).map(|(name, value)| (kept(name), kept(value))).collect();
        let channel = fields.get("ChannelMetadata").and_then(|text| read_json(text.as_bytes()).ok());
        let metadata = channel.and_then(|channel| channel.pointer("/data/context").and_then(Value::as_object).cloned());
        Self { fields, metadata: metadata.unwrap_or_default() }
    }

    /// Blank is absent: Twilio sends many fields empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        let own = self.fields.get(name).map(|value| &**value).filter(|value| !value.is_empty());
        own.or_else(|| self.metadata.get(name).and_then(Value::as_str).filter(|value| !value.is_empty()))
    }

    pub fn owned(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    pub fn is_true(&self, name: &str) -> bool {
        self.text(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
            || self.metadata.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    /// A number within these bounds, either way of zero.
    pub fn degrees(&self, name: &str, bound: f64) -> Option<f64> {
        self.text(name)?.trim().parse().ok().filter(|degrees: &f64| degrees.abs() <= bound)
    }

    /// A time as Twilio's resources write it.
    pub fn time(&self, name: &str) -> Option<Ts> {
        DateTime::parse_from_rfc2822(self.text(name)?).ok().map(|at| Ts::from(at.to_utc()))
    }

    /// A field that holds JSON.
    pub fn json(&self, name: &str) -> Option<Value> {
        read_json(self.text(name)?.as_bytes()).ok()
    }

    pub fn message_sid(&self) -> Option<&str> {
        self.text("MessageSid").or_else(|| self.text("SmsSid")).or_else(|| self.text("SmsMessageSid"))
    }

    pub fn sender(&self, name: &str) -> SenderAddress {
        SenderAddress {
            account: self.owned("AccountSid").unwrap_or_default(),
            sender: self.text(name).map(bare).unwrap_or_default().to_owned(),
        }
    }

    /// The person at the address in `name`, which is a number or a user id.
    pub fn person(&self, name: &str) -> Option<Person> {
        let address = self.text(name).map(bare);
        let by_number = address.and_then(|text| Phone::parse(text).ok());
        let by_digits = self.text("WaId").and_then(|digits| Phone::from_wa_id(digits).ok());
        let phone = by_number.or_else(|| by_digits.clone());
        let external = self.text("ExternalUserId").map(bare).and_then(Bsuid::parse);
        let bsuid = external.or_else(|| address.and_then(Bsuid::parse));
        // The number that WhatsApp knows may have a digit more or less than the address.
        let mut further: Vec<Identity> =
            by_digits.filter(|known| Some(known) != phone.as_ref()).iter().map(Identity::phone).collect();
        further.extend(self.text("ParentExternalUserId").map(bare).and_then(Bsuid::parse).iter().map(Identity::bsuid));
        let name = self.owned("ProfileName");
        (phone.is_some() || bsuid.is_some()).then_some(Person { phone, bsuid, further, name, username: None })
    }

    /// All of it, as it came.
    pub fn raw(&self) -> Value {
        let text = |(name, value): (&Cow<'_, str>, &Cow<'_, str>)| (name.to_string(), Value::from(value.to_string()));
        Value::Object(self.fields.iter().map(text).collect::<Map<_, _>>())
    }

    /// Ours is `To` of what came in and `From` of what went out; here nobody knows which it is.
    pub fn notice(&self) -> ProviderEvent {
        let sender = SenderAddress { sender: String::new(), ..self.sender("To") };
        let field = self.text("EventType").or_else(|| self.text("MessageStatus")).unwrap_or("form").to_owned();
        ProviderEvent::Notice(NoticeEvent { sender, field, value: self.raw() })
    }
}
