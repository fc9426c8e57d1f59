//! Writes a notice out: address, body, signature and headers, as the account is now.

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use super::notice::{Notice, Payload};
use super::twilio_request;
use crate::accounts::{DirectAccount, MESSAGES};
use crate::direct::{inbound, webhooks as direct};
use crate::ledger::{Direction, Provider};
use crate::signing::hub_signature;
use crate::state::World;
use crate::twilio::overrides::Overrides;

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
        twilio_request::compose(world, &account, notice)
    }
}

fn of_direct(world: &World, account: &DirectAccount, notice: &Notice) -> Option<Request> {
    let (url, entry_id, changes) = match &notice.payload {
        Payload::Facts(facts) => {
            let changes = facts.iter().map(|fact| match fact.record.direction {
                Direction::Outbound => direct::status_change(world, account, fact),
                Direction::Inbound => inbound::change(world, account, &fact.record),
            });
            (account.callback(MESSAGES)?, account.waba_id.clone(), changes.collect())
        }
        Payload::Change(change) => {
            let field = change.get("field").and_then(serde_json::Value::as_str)?;
            let (entry_id, change) = direct::addressed(account, change);
            (account.callback(field)?, entry_id, vec![change])
        }
        Payload::Events { .. } => return None,
    };
    let body = direct::envelope(&entry_id, changes);
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

pub(super) fn headers(
    content_type: &'static str,
    agent: &'static str,
    name: &'static str,
    signature: &str,
) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(4);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(USER_AGENT, HeaderValue::from_static(agent));
    if let Ok(signature) = HeaderValue::from_str(signature) {
        headers.insert(HeaderName::from_static(name), signature);
    }
    headers
}
