//! Reads and checks the form of a new message (twilio.md §2.1). The order of the checks decides which code a message with several faults gets.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::errors::{Twilio, TwilioError};
use crate::accounts::{Account, TwilioAccount};
use crate::people::{is_bsuid, parse_phone};
use crate::sending::Draft;
use crate::state::World;

/// Longest `Body` in characters.
const BODY_LIMIT: usize = 1_600;
/// Longest `StatusCallback` in characters.
const CALLBACK_LIMIT: usize = 4_000;

/// The parameters of a form post, in the order of their arrival.
#[derive(Debug)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    pub(super) fn parse(body: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a name, unless it is empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, value)| found == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// All values of a name that are not empty.
    fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(found, value)| found == name && !value.is_empty())
            .map(|(_, value)| value.as_str())
            .collect()
    }
}

pub(super) fn read(world: &World, account: &Arc<TwilioAccount>, form: &Form) -> Twilio<Draft> {
    let person = addresses(account, form)?;
    let media: Vec<&str> = form.all("MediaUrl");
    let (body, content) = (form.get("Body"), form.get("ContentSid"));
    if body.is_none() && media.is_empty() && content.is_none() && form.get("PersistentAction").is_none() {
        return Err(TwilioError::new(21_619, "A text message body or media urls must be specified."));
    }
    if body.is_some_and(|body| body.chars().count() > BODY_LIMIT) {
        return Err(TwilioError::new(21_617, "The concatenated message body exceeds the 1600 character limit"));
    }
    check_media(&media)?;
    if form.get("ContentVariables").is_some() && content.is_none() {
        return Err(TwilioError::new(21_654, "ContentSid Required"));
    }
    if form
        .get("ValidityPeriod")
        .is_some_and(|text| !text.parse().is_ok_and(|seconds: u32| (1..=36_000).contains(&seconds)))
    {
        return Err(TwilioError::new(21_624, "Validity Period is out of range (1 to 36000)"));
    }
    if form.get("ScheduleType").is_some() && form.get("MessagingServiceSid").is_none() {
        return Err(TwilioError::new(35_118, "MessagingServiceSid is required to schedule a message"));
    }
    let callback = form.get("StatusCallback").map(check_callback).transpose()?;
    let (kind, text, category) = match content {
        Some(sid) => {
            let values = variables(form.get("ContentVariables"))?;
            let content = world.contents.find(&account.account_sid, sid);
            let content = content.ok_or_else(|| TwilioError::new(21_655, "The ContentSid is Invalid"))?;
            ("content", content.filled(&values), content.approved_category(crate::ids::now_ms()))
        }
        None if !media.is_empty() => {
            ("media", format!("[media] {}", body.unwrap_or_default()).trim_end().to_owned(), None)
        }
        None => (if body.is_some() { "text" } else { "location" }, body.unwrap_or("[location]").to_owned(), None),
    };
    Ok(Draft {
        account: Account::Twilio(Arc::clone(account)),
        person: Arc::from(world.people.known_as(&account.account_sid, person)),
        kind: kind.into(),
        content: crate::content::Content::text(text.as_str()),
        text: text.into(),
        category,
        correlation: callback.and_then(attempt_of).map(Box::from),
        callback: callback.map(Box::from),
        service: form.get("MessagingServiceSid").is_some(),
        reply_to: None,
        late: None,
        send_at: None,
    })
}

/// Checks `To`, `From` and `MessagingServiceSid`; returns the person.
fn addresses(account: &TwilioAccount, form: &Form) -> Twilio<String> {
    let to = form.get("To").ok_or_else(|| TwilioError::new(21_604, "A 'To' phone number is required."))?;
    let (from, service) = (form.get("From"), form.get("MessagingServiceSid"));
    if from.is_none() && service.is_none() {
        return Err(TwilioError::new(21_603, "A 'From' phone number is required."));
    }
    if service.is_some_and(|service| service != account.messaging_service_sid) {
        return Err(TwilioError::new(21_705, "The Messaging Service Sid is invalid"));
    }
    let whatsapp = to.strip_prefix("whatsapp:");
    if from.is_some_and(|from| from.starts_with("whatsapp:") != whatsapp.is_some()) {
        return Err(TwilioError::new(21_910, "Invalid From and To pair. From and To should be of the same channel"));
    }
    let invalid_to = || TwilioError::new(21_211, format!("Invalid 'To' Phone Number: {to}"));
    let person = match whatsapp {
        // The sandbox's service holds WhatsApp senders only.
        None if from.is_none() => {
            return Err(TwilioError::new(21_703, "The Messaging Service does not have a phone number available"));
        }
        None => {
            return Err(TwilioError::new(
                21_606,
                "The 'From' phone number provided is not a valid SMS-capable phone number",
            ));
        }
        Some(person) if is_bsuid(person) => person.to_owned(),
        Some(person) if person.starts_with('+') => parse_phone(person).ok_or_else(invalid_to)?,
        Some(_) => return Err(invalid_to()),
    };
    if let Some(from) = from {
        let number = from.strip_prefix("whatsapp:").and_then(parse_phone);
        let number =
            number.ok_or_else(|| TwilioError::new(21_212, format!("Invalid From Number (caller ID): {from}")))?;
        if number != account.sender_number {
            return Err(TwilioError::told(63_007));
        }
    }
    if person == account.sender_number {
        return Err(TwilioError::new(63_031, "Channels message cannot have same From and To"));
    }
    Ok(person)
}

fn check_media(urls: &[&str]) -> Twilio<()> {
    if urls.len() > 10 {
        return Err(TwilioError::new(21_623, "Number of media files exceeds allowed limit."));
    }
    if urls.iter().any(|url| !is_web_url(url)) {
        return Err(TwilioError::new(21_620, "Invalid media URL(s)"));
    }
    Ok(())
}

fn check_callback(callback: &str) -> Twilio<&str> {
    let host_is_fine =
        url::Url::parse(callback).is_ok_and(|url| url.host_str().is_some_and(|host| !host.contains('_')));
    if !is_web_url(callback) || !host_is_fine || callback.chars().count() > CALLBACK_LIMIT {
        return Err(TwilioError::new(21_609, format!("The 'StatusCallback' URL {callback} is not a valid URL.")));
    }
    Ok(callback)
}

fn is_web_url(text: &str) -> bool {
    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host_str().is_some())
}

/// A flat object of texts that are not empty (21656 otherwise).
fn variables(text: Option<&str>) -> Twilio<Map<String, Value>> {
    let invalid = || TwilioError::new(21_656, "The ContentVariables Parameter is invalid");
    let Some(text) = text else { return Ok(Map::new()) };
    let values: Map<String, Value> = serde_json::from_str(text).map_err(|_| invalid())?;
    let fine = values.values().all(|value| value.as_str().is_some_and(|value| !value.is_empty()));
    if fine { Ok(values) } else { Err(invalid()) }
}

/// The caller's own id, from the query of the status callback.
pub(super) fn attempt_of(callback: &str) -> Option<String> {
    let url = url::Url::parse(callback).ok()?;
    let found = url.query_pairs().find(|(name, _)| name == "attempt").map(|(_, value)| value.into_owned());
    found.filter(|value| !value.is_empty())
}
