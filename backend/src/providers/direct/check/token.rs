//! The token: whether it lives, whose it is, and what it may (direct.md §1.2).

use serde_json::Value;

use crate::client::{Response, TransportError};
use crate::domain::standing::{SenderFacts, TokenLife};
use crate::domain::time::Ts;
use crate::providers::account::DirectCredentials;
use crate::providers::check::{Check, CheckName, CheckResult, Examination, Finding};
use crate::providers::check_codes::CheckCode;
use crate::providers::codes::number;

use super::super::graph::{Graph, Refused, read};
use super::super::request;

const SEND: &str = "whatsapp_business_messaging";
const MANAGE: &str = "whatsapp_business_management";
/// A token that ends within so many seconds gets a warning: 14 days.
const EXPIRY_WARNING: i64 = 14 * 24 * 3600;
/// The subcode of a token whose time is over; others mean that it was taken back.
const EXPIRED: u32 = 463;
const NEW_TOKEN: &str = "Make a new system-user token in Meta Business Suite and put it into the channel.";

/// Asks with the app's own token first, which proves app id and app secret too, then with the token itself. Gives what Meta
/// knows of a living token.
pub(super) async fn examine(graph: Graph<'_>, seen: &mut Examination) -> Option<Value> {
    let answer = graph.client.send(request::debug_token_as_app(graph.base, graph.credentials)).await;
    if let Err(error) = &answer {
        seen.push(CheckName::Reachable, unreachable(error));
        return None;
    }
    let now = answer.as_ref().ok().and_then(Response::date);
    let as_app = read(answer);
    if as_app.as_ref().is_err_and(|refused| refused.trouble && !refused.too_often) {
        let cure = "Look at metastatus.com and try again later.";
        let finding = "Meta's Graph API answers with an error of its own.";
        seen.push(CheckName::Reachable, Finding::fail(CheckCode::ProviderTrouble, finding, cure));
        return None;
    }
    seen.push(CheckName::Reachable, Finding::pass("Meta's Graph API answers."));
    let refused = match as_app {
        Ok(body) => {
            let data = body.get("data").cloned().unwrap_or_default();
            let found = judge(&data, now, graph.credentials, &mut seen.facts);
            let lives = found.result != CheckResult::Fail && is_valid(&data);
            seen.push(CheckName::Credentials, found);
            return lives.then_some(data);
        }
        Err(refused) => refused,
    };
    let found = if refused.trouble { undecided(&refused) } else { as_itself(graph).await };
    seen.push(CheckName::Credentials, found);
    None
}

/// The app's own token is refused: by its own word the access token says which of the two is wrong.
async fn as_itself(graph: Graph<'_>) -> Finding {
    let body = match graph.ask(request::debug_token_as_itself(graph.base, graph.credentials)).await {
        Ok(body) => body,
        Err(refused) if refused.is_bad_token() => return invalid(),
        Err(refused) => return undecided(&refused),
    };
    let data = body.get("data").unwrap_or(&Value::Null);
    if belongs_elsewhere(data, graph.credentials) {
        other_app()
    } else if is_valid(data) {
        Finding::fail(
            CheckCode::WrongAppSecret,
            "The access token is accepted, but the app secret is not.",
            "Copy the app secret again (App settings > Basic). Without it no webhook can be verified.",
        )
        .at("app_secret")
    } else {
        dead(data)
    }
}

fn unreachable(error: &TransportError) -> Finding {
    let cure = "Check the machine's network, its DNS and the configured address of the Graph API.";
    Finding::fail(CheckCode::Unreachable, format!("Meta's Graph API can't be reached: {error}."), cure)
}

fn judge(data: &Value, now: Option<i64>, credentials: &DirectCredentials, facts: &mut SenderFacts) -> Finding {
    if !is_valid(data) {
        return dead(data);
    }
    if belongs_elsewhere(data, credentials) {
        return other_app();
    }
    let ends = data.get("expires_at").and_then(Value::as_i64);
    facts.token = match ends {
        Some(0) => Some(TokenLife::Forever),
        Some(ends) => Some(TokenLife::Until(Ts::from_secs(ends))),
        None => None,
    };
    match (ends.filter(|ends| *ends > 0), now) {
        (Some(ends), Some(now)) if ends - now < EXPIRY_WARNING => Finding::warn(
            CheckCode::TokenEndsSoon,
            format!("The access token works, but ends in {} days.", (ends - now).max(0) / 86_400),
            "Make a system-user token that never expires and put it into the channel.",
        )
        .at("whatsapp_access_token"),
        _ => Finding::pass("Meta accepts the access token, the app id and the app secret."),
    }
}

fn is_valid(data: &Value) -> bool {
    data.get("is_valid").and_then(Value::as_bool) == Some(true)
}

/// Only a plain no counts: a token that is called dead by mistake sends people looking for another.
fn dead(data: &Value) -> Finding {
    if data.get("is_valid").and_then(Value::as_bool).is_none() {
        return unclear("Meta's answer does not say whether the access token is good.");
    }
    let subcode = data.pointer("/error/subcode").or_else(|| data.pointer("/error/error_subcode")).and_then(number);
    let dead = |code, finding| Finding::fail(code, finding, NEW_TOKEN).at("whatsapp_access_token");
    match subcode {
        Some(EXPIRED) => dead(CheckCode::TokenExpired, "The access token has expired."),
        Some(_) => dead(CheckCode::TokenRevoked, "The access token was revoked."),
        None => invalid(),
    }
}

fn invalid() -> Finding {
    let finding = "Meta does not accept the access token.";
    Finding::fail(CheckCode::TokenInvalid, finding, NEW_TOKEN).at("whatsapp_access_token")
}

/// Meta refuses to tell, or tells nothing.
fn undecided(refused: &Refused) -> Finding {
    unclear(refused.told("Meta does not say whether the access token is good"))
}

fn unclear(finding: impl Into<String>) -> Finding {
    Finding::unproven(CheckCode::ProviderTrouble, finding, "It is asked again by itself; look at metastatus.com.")
}

fn other_app() -> Finding {
    let cure = "Take app id, app secret and token from one and the same app.";
    Finding::fail(CheckCode::OtherApp, "The access token belongs to another app.", cure).at("whatsapp_app_id")
}

fn belongs_elsewhere(data: &Value, credentials: &DirectCredentials) -> bool {
    data.get("app_id").and_then(Value::as_str).is_some_and(|app| app != credentials.whatsapp_app_id)
}

/// Whether the token may read numbers, accounts and subscriptions.
pub(super) fn may_manage(token: &Value) -> bool {
    has(token, MANAGE)
}

pub(super) fn permissions(token: &Value, credentials: &DirectCredentials) -> Check {
    let name = CheckName::Permissions;
    let renew = renew();
    let found = if !has(token, SEND) {
        let finding = format!("The token lacks {SEND}, the permission to send.");
        Finding::fail(CheckCode::ScopeMissing, finding, renew).at("whatsapp_access_token")
    } else if !covers(token, credentials) {
        let cure =
            "Assign the WhatsApp account to the system user in Meta Business Suite, or correct the account's id.";
        let finding = "The token does not reach this WhatsApp account.";
        Finding::fail(CheckCode::AssetNotAssigned, finding, cure).at("waba_id")
    } else if !has(token, MANAGE) {
        let finding = format!(
            "The token lacks {MANAGE}: messages go out, but templates, the number's standing and the webhooks can't be seen."
        );
        Finding::warn(CheckCode::ManagementScopeMissing, finding, renew).at("whatsapp_access_token")
    } else {
        Finding::pass("The token holds the permissions to send and to manage.")
    };
    Check::of(name, found)
}

/// Of the rungs that only a token with the permission to manage can climb.
pub(super) fn can_not_look() -> Finding {
    let finding = format!("Not tried: it takes a token with {MANAGE} to look.");
    Finding::unproven(CheckCode::ManagementScopeMissing, finding, renew()).at("whatsapp_access_token")
}

fn renew() -> String {
    format!("Make a new token with {SEND} and {MANAGE}.")
}

fn has(token: &Value, scope: &str) -> bool {
    let scopes = token.get("scopes").and_then(Value::as_array);
    scopes.is_some_and(|scopes| scopes.iter().any(|held| held.as_str() == Some(scope)))
}

/// A scope without targets reaches everything. Ids in each other's fields are no matter of permission; the next rung tells.
fn covers(token: &Value, credentials: &DirectCredentials) -> bool {
    let granted = token.get("granular_scopes").and_then(Value::as_array).into_iter().flatten();
    let entry = granted.into_iter().find(|entry| entry.get("scope").and_then(Value::as_str) == Some(SEND));
    let targets = entry.and_then(|entry| entry.get("target_ids")).and_then(Value::as_array);
    let own = [credentials.waba_id.as_str(), credentials.whatsapp_business_phone_id.as_str()];
    targets.is_none_or(|targets| targets.iter().filter_map(Value::as_str).any(|target| own.contains(&target)))
}
