//! Writes Twilio's webhooks out: forms about messages, and lists of events.

use reqwest::header::HeaderValue;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::notice::{Fact, Notice, Payload};
use super::request::{Request, headers};
use crate::accounts::TwilioAccount;
use crate::ledger::{Direction, Provider};
use crate::signing::twilio_signature;
use crate::state::World;
use crate::twilio::overrides::Overrides;
use crate::twilio::{inbound, webhooks};

const AGENT: &str = "TwilioProxy/1.1";

/// `None` when the callback or the sink is gone.
pub(super) fn compose(world: &World, account: &TwilioAccount, notice: &Notice) -> Option<Request> {
    match &notice.payload {
        Payload::Facts(facts) => of_fact(world, account, facts.first()?, notice.instead_of.as_deref()),
        Payload::Events { sink, events } => of_events(account, sink, events),
        Payload::Change(_) => None,
    }
}

fn of_fact(world: &World, account: &TwilioAccount, fact: &Fact, instead_of: Option<&str>) -> Option<Request> {
    let is_inbound = fact.record.direction == Direction::Inbound;
    let (configured, mut form) = if is_inbound {
        let route = account.inbound_route();
        let form = inbound::form(world, account, &fact.record, route.service.as_deref());
        (if instead_of.is_some() { route.fallback? } else { route.url? }, form)
    } else {
        (account.status_callback(&fact.record)?, webhooks::status_form(account, fact))
    };
    if let Some(failed) = instead_of {
        form.push(("ErrorCode".to_owned(), "11200".to_owned()));
        form.push(("ErrorUrl".to_owned(), failed.to_owned()));
    }
    let (url, overrides) = Overrides::split(&configured);
    // The primary token signs, also while a second one is valid (twilio.md §1.2).
    let signature = twilio_signature(&account.auth_token, &account.state.signed_url(url), &form);
    let content_type = "application/x-www-form-urlencoded; charset=UTF-8";
    let mut headers = headers(content_type, AGENT, "x-twilio-signature", &signature);
    if let Ok(token) = HeaderValue::try_from(format!("{}-{}", fact.record.id, fact.status as u8)) {
        headers.insert("i-twilio-idempotency-token", token);
    }
    Some(Request {
        provider: Provider::Twilio,
        url: url.to_owned(),
        body: url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&form).finish(),
        signature,
        headers,
        timeout: overrides.total,
        overrides,
    })
}

/// JSON is signed by its hash, which stands in the query (twilio.md §4.2).
fn of_events(account: &TwilioAccount, sink: &str, events: &Value) -> Option<Request> {
    let sink = account.sinks.iter().find(|found| found.sid == sink)?;
    let body = events.to_string();
    let (destination, overrides) = Overrides::split(&sink.destination);
    let joint = if destination.contains('?') { '&' } else { '?' };
    let url = format!("{destination}{joint}bodySHA256={}", hex::encode(Sha256::digest(&body)));
    let signature = twilio_signature(&account.auth_token, &account.state.signed_url(&url), &[]);
    Some(Request {
        provider: Provider::Twilio,
        url,
        body,
        headers: headers("application/json", AGENT, "x-twilio-signature", &signature),
        signature,
        timeout: overrides.total,
        overrides,
    })
}
