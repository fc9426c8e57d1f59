//! Writes a notice out: address, body, signature and headers, as the account is now.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use super::notice::{Fact, Notice, Payload};
use crate::accounts::{DirectAccount, MESSAGES, TwilioAccount};
use crate::direct::{inbound, webhooks as direct};
use crate::ledger::{Direction, Provider};
use crate::signing::{hub_signature, twilio_signature};
use crate::state::World;
use crate::twilio::overrides::Overrides;
use crate::twilio::webhooks as twilio;

/// Time for one try of the direct provider; Meta states none (direct.md §3.8, §7).
const DIRECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A webhook that is ready to go.
pub(super) struct Request {
    pub(super) provider: Provider,
    pub(super) url: String,
    pub(super) body: String,
    pub(super) signature: String,
    pub(super) headers: HeaderMap,
    pub(super) timeout: Duration,
    /// Twilio's rules for trying again.
    pub(super) overrides: Overrides,
}

impl Request {
    /// `None` when the account or its callback is gone.
    pub(super) fn compose(world: &World, notice: &Notice) -> Option<Self> {
        if let Some(account) = world.accounts.direct(&notice.account) {
            return of_direct(world, &account, notice);
        }
        let account = world.accounts.twilio(&notice.account)?;
        of_twilio(world, &account, notice.facts().first()?, notice.instead_of.as_deref())
    }
}

fn of_direct(world: &World, account: &DirectAccount, notice: &Notice) -> Option<Request> {
    let (url, changes) = match &notice.payload {
        Payload::Facts(facts) => {
            let changes = facts.iter().map(|fact| match fact.record.direction {
                Direction::Outbound => direct::status_change(world, account, fact),
                Direction::Inbound => inbound::change(world, account, &fact.record),
            });
            (account.callback(MESSAGES)?, changes.collect())
        }
        Payload::Change(change) => {
            let field = change.get("field").and_then(serde_json::Value::as_str)?;
            (account.callback(field)?, vec![change.clone()])
        }
    };
    let body = direct::envelope(&account.waba_id, changes);
    let signature = hub_signature(&account.app_secret, body.as_bytes());
    Some(Request {
        provider: Provider::Direct,
        url: url.to_owned(),
        body,
        headers: headers("application/json", "facebookexternalua", "x-hub-signature-256", &signature),
        signature,
        timeout: DIRECT_TIMEOUT,
        overrides: Overrides::default(),
    })
}

fn of_twilio(world: &World, account: &TwilioAccount, fact: &Fact, instead_of: Option<&str>) -> Option<Request> {
    let inbound = fact.record.direction == Direction::Inbound;
    let configured = match instead_of {
        Some(_) => account.fallback_url.as_deref()?,
        None if inbound => account.callback_url.as_deref()?,
        None => fact.record.callback.as_deref().or(account.status_callback_url.as_deref())?,
    };
    let mut form = if inbound {
        crate::twilio::inbound::form(world, account, &fact.record, None)
    } else {
        twilio::status_form(account, fact)
    };
    if let Some(failed) = instead_of {
        form.push(("ErrorCode".to_owned(), "11200".to_owned()));
        form.push(("ErrorUrl".to_owned(), failed.to_owned()));
    }
    let (url, overrides) = Overrides::split(configured);
    // The primary token signs, also while a second one is valid (twilio.md §1.2).
    let signature = twilio_signature(&account.auth_token, url, &form);
    let content_type = "application/x-www-form-urlencoded; charset=UTF-8";
    let mut headers = headers(content_type, "TwilioProxy/1.1", "x-twilio-signature", &signature);
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

fn headers(content_type: &'static str, agent: &'static str, name: &'static str, signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(4);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(USER_AGENT, HeaderValue::from_static(agent));
    if let Ok(signature) = HeaderValue::from_str(signature) {
        headers.insert(HeaderName::from_static(name), signature);
    }
    headers
}
