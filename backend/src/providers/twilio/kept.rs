//! Twilio's own list of messages (twilio.md §1.4, §2.2): evidence for lost answers, and what no webhook told. Lists are read
//! newest first, page by page; a link to the next page is never followed, only the place in it is used.

use chrono::DateTime;
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::client::{HttpClient, Request, Response, TransportError};
use crate::domain::failure::FailureCode;
use crate::domain::ids::ChannelId;
use crate::domain::time::Ts;
use crate::providers::account::TwilioCredentials;
use crate::providers::codes::{RETRY, no_answer, no_id, number};
use crate::providers::kept::{KeptMessage, Received};
use crate::providers::webhook::{RawWebhook, StatusOutcome};
use crate::providers::{Found, LookUp, SendError, Verdict};

use super::request::{Page, authorised, inbound_hook, messages, path, whatsapp};
use super::response::{is_message_sid, refusal};
use super::webhook::outcome_of;

/// Messages on a page of each kind of list.
const LOOK_UP_PAGE: &str = "100";
const RECEIVED_PAGE: &str = "1000";
/// Pages read at most.
const LOOK_UP_PAGES: usize = 5;
const RECEIVED_PAGES: usize = 20;

/// Reads what Twilio keeps of one sender.
#[derive(Clone, Copy)]
pub(super) struct Archive<'a> {
    pub client: &'a HttpClient,
    pub base: &'a Url,
    pub public_base: &'a Url,
    pub channel: ChannelId,
    pub credentials: &'a TwilioCredentials,
}

/// `GET …/Messages.json` for one person between two days, newest first.
pub fn look_up(base: &Url, credentials: &TwilioCredentials, wanted: &LookUp, page: Option<&Page>) -> Request {
    let mut url = messages(base, credentials);
    url.query_pairs_mut()
        .append_pair("To", &whatsapp(wanted.to.as_str()))
        .append_pair("From", &whatsapp(credentials.sender_number.as_str()))
        // The names are literally `DateSent>` and `DateSent<`; they count in whole days, both included.
        .append_pair("DateSent>", &day(wanted.sent_after))
        .append_pair("DateSent<", &day(wanted.sent_before))
        .append_pair("PageSize", LOOK_UP_PAGE);
    authorised(Request::get(at_page(url, page)), credentials)
}

/// `GET …/Messages.json` for what people sent since a day, newest first.
fn received(base: &Url, credentials: &TwilioCredentials, since: Ts, page: Option<&Page>) -> Request {
    let mut url = messages(base, credentials);
    url.query_pairs_mut()
        .append_pair("To", &whatsapp(credentials.sender_number.as_str()))
        .append_pair("DateSent>", &day(since))
        .append_pair("PageSize", RECEIVED_PAGE);
    authorised(Request::get(at_page(url, page)), credentials)
}

fn at_page(mut url: Url, page: Option<&Page>) -> Url {
    if let Some(page) = page {
        url.query_pairs_mut().append_pair("Page", &page.number).append_pair("PageToken", &page.token);
    }
    url
}

fn day(at: Ts) -> String {
    at.to_string().chars().take(10).collect()
}

impl Archive<'_> {
    /// Messages to one person in a time.
    ///
    /// # Errors
    /// The list could not be read, or not as far back as was asked for; nothing follows from that.
    pub async fn look_up(&self, wanted: &LookUp) -> Result<Vec<Found>, SendError> {
        let mut found = Vec::new();
        let mut page = None;
        for _ in 0..LOOK_UP_PAGES {
            let request = look_up(self.base, self.credentials, wanted, page.as_ref());
            let body = read(self.client.send(request).await)?;
            found.extend(found_in(&body, wanted)?);
            page = next_page(&body);
            let oldest = list(&body)?.last().and_then(made_at);
            if page.is_none() || oldest.is_some_and(|at| at < wanted.sent_after) {
                return Ok(found);
            }
        }
        let detail = "Twilio lists too many messages to this person to tell them apart.";
        Err(SendError::new(RETRY, FailureCode::ProviderError, None, detail))
    }

    /// What people sent since a time.
    ///
    /// # Errors
    /// The list could not be read.
    pub async fn received(&self, since: Ts) -> Result<Received, SendError> {
        let mut all = Received::default();
        let mut page = None;
        for _ in 0..RECEIVED_PAGES {
            let request = received(self.base, self.credentials, since, page.as_ref());
            let body = read(self.client.send(request).await)?;
            let listed = list(&body)?;
            let inbound = listed.iter().filter(|message| is_inbound(message));
            all.messages.extend(inbound.filter_map(|message| self.kept(message)));
            page = next_page(&body);
            let oldest = listed.last().and_then(made_at);
            if page.is_none() || oldest.is_some_and(|at| at < since) {
                all.messages.retain(|message| message.at.is_none_or(|at| second(at) >= second(since)));
                all.complete = true;
                break;
            }
        }
        Ok(all)
    }

    /// `GET …/Messages/{SM}.json`; `None` when Twilio does not have it.
    ///
    /// # Errors
    /// It could not be read.
    pub async fn message(&self, sid: &str) -> Result<Option<KeptMessage>, SendError> {
        let url = self.resource(&[&format!("{sid}.json")]);
        let outcome = self.client.send(authorised(Request::get(url), self.credentials)).await;
        if outcome.as_ref().is_ok_and(|response| response.status == 404) {
            return Ok(None);
        }
        Ok(self.kept(&read(outcome)?))
    }

    /// Adds the address of the file that came with a message.
    ///
    /// # Errors
    /// The list of its files could not be read.
    pub async fn with_files(&self, mut kept: KeptMessage) -> Result<KeptMessage, SendError> {
        let sid = kept.provider_message_id.clone();
        let url = self.resource(&[&sid, "Media.json"]);
        let body = read(self.client.send(authorised(Request::get(url), self.credentials)).await)?;
        let first = body.get("media_list").and_then(Value::as_array).and_then(|all| all.first());
        let text = |name| first.and_then(|medium| medium.get(name)).and_then(Value::as_str);
        let (Some(medium), Some(kind)) = (text("sid"), text("content_type")) else { return Ok(kept) };
        let address = self.resource(&[&sid, "Media", medium]);
        let mut form = String::from_utf8(kept.webhook.body).unwrap_or_default();
        form.push('&');
        form.push_str(&encoded(&[("MediaUrl0", address.as_str()), ("MediaContentType0", kind)]));
        kept.webhook.body = form.into_bytes();
        Ok(kept)
    }

    fn resource(&self, rest: &[&str]) -> Url {
        let mut segments = vec!["2010-04-01", "Accounts", &self.credentials.account_sid, "Messages"];
        segments.extend(rest);
        path(self.base, &segments)
    }

    fn kept(&self, message: &Value) -> Option<KeptMessage> {
        let text = |name| message.get(name).and_then(Value::as_str).unwrap_or_default();
        let sid = message.get("sid").and_then(Value::as_str).filter(|sid| is_message_sid(sid))?;
        let inbound = is_inbound(message);
        let status = text("status");
        let code = message.get("error_code").and_then(number);
        let files = message.get("num_media").and_then(number).unwrap_or(0);
        let mut fields = vec![
            ("MessageSid", sid.to_owned()),
            ("AccountSid", self.credentials.account_sid.clone()),
            ("From", text("from").to_owned()),
            ("To", text("to").to_owned()),
        ];
        if inbound {
            fields.push(("SmsStatus", "received".to_owned()));
            fields.push(("Body", text("body").to_owned()));
            fields.push(("NumMedia", files.to_string()));
            fields.push(("DateCreated", text("date_created").to_owned()));
        } else {
            fields.push(("MessageStatus", status.to_owned()));
            fields.extend(code.map(|code| ("ErrorCode", code.to_string())));
            fields.push(("DateUpdated", text("date_updated").to_owned()));
        }
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let url = inbound_hook(self.public_base, self.channel).to_string();
        Some(KeptMessage {
            provider_message_id: sid.to_owned(),
            at: made_at(message),
            outcome: if inbound { None } else { outcome_of(status, code) },
            files,
            webhook: RawWebhook { url, signature: None, body: encoded(&pairs).into_bytes() },
        })
    }
}

fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Which is all Twilio keeps of a time.
fn second(at: Ts) -> i64 {
    at.micros().div_euclid(1_000_000)
}

fn within_seconds(at: Ts, wanted: &LookUp) -> bool {
    (second(wanted.sent_after)..=second(wanted.sent_before)).contains(&second(at))
}

/// The body of an answer.
///
/// # Errors
/// There is none, or it is a refusal. Nothing follows from that for the messages.
pub(super) fn read(outcome: Result<Response, TransportError>) -> Result<Value, SendError> {
    let response = outcome.map_err(|error| readable(no_answer(&error)))?;
    let body = response.json().unwrap_or(Value::Null);
    if !response.is_success() {
        return Err(readable(refusal(&response, &body)));
    }
    if body.is_null() { Err(readable(no_id(response.status))) } else { Ok(body) }
}

fn list(body: &Value) -> Result<&Vec<Value>, SendError> {
    body.get("messages").and_then(Value::as_array).ok_or_else(|| readable(no_id(200)))
}

/// Reading twice does no harm, so nothing about a list is ever unknown.
fn readable(error: SendError) -> SendError {
    match error.verdict {
        Verdict::Unknown => SendError { verdict: RETRY, ..error },
        _ => error,
    }
}

fn next_page(body: &Value) -> Option<Page> {
    body.get("next_page_uri").and_then(Value::as_str).and_then(Page::of_link)
}

fn is_inbound(message: &Value) -> bool {
    message.get("direction").and_then(Value::as_str).is_some_and(|direction| !direction.starts_with("outbound"))
}

fn made_at(message: &Value) -> Option<Ts> {
    let text = |name| message.get(name).and_then(Value::as_str);
    let at = text("date_created").or_else(|| text("date_sent"))?;
    DateTime::parse_from_rfc2822(at).ok().map(|at| Ts::from(at.to_utc()))
}

/// Those of a list that we sent in the time that is looked at.
///
/// # Errors
/// It is no list.
pub(super) fn found_in(body: &Value, wanted: &LookUp) -> Result<Vec<Found>, SendError> {
    let sent = list(body)?.iter().filter_map(found_one);
    Ok(sent.filter(|found| found.at.is_none_or(|at| within_seconds(at, wanted))).collect())
}

fn found_one(message: &Value) -> Option<Found> {
    if is_inbound(message) {
        return None;
    }
    let text = |name| message.get(name).and_then(Value::as_str);
    let status = text("status").unwrap_or_default();
    Some(Found {
        provider_message_id: text("sid").filter(|sid| is_message_sid(sid))?.to_owned(),
        // A word that this version does not know is a message all the same.
        outcome: outcome_of(status, message.get("error_code").and_then(number)).unwrap_or(StatusOutcome::Accepted),
        at: made_at(message),
        body: text("body").filter(|body| !body.trim().is_empty()).map(str::to_owned),
    })
}
