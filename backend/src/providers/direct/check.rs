//! The connection check (direct.md §1.2, §2.9, §2.11): token, permissions, sender, webhooks. Nothing is sent.

use serde_json::Value;
use url::Url;

use crate::client::{HttpClient, Request, Response, TransportError};
use crate::providers::account::DirectCredentials;
use crate::providers::check::{Check, CheckName, CheckReport, CheckResult};
use crate::providers::failure::SendError;

use super::request;
use super::response::refusal;

const SEND: &str = "whatsapp_business_messaging";
const MANAGE: &str = "whatsapp_business_management";
/// A token that ends within so many seconds gets a warning: 14 days.
const EXPIRY_WARNING: i64 = 14 * 24 * 3600;
const NOT_SUBSCRIBED: &str = "Subscribe the app to the WhatsApp account (WhatsApp > Configuration in the app dashboard), or no status and no reply arrives.";

pub(super) async fn run(
    client: &HttpClient,
    base: &Url,
    public_base: &Url,
    credentials: &DirectCredentials,
) -> CheckReport {
    let mut checks = Vec::new();
    let token = match examine_token(client, base, credentials, &mut checks).await {
        Some(token) => token,
        None => return CheckReport::of(checks),
    };
    checks.push(permissions(&token, credentials));
    checks.push(match ask(client, request::sender(base, credentials)).await {
        Ok(number) => sender(&number, credentials),
        Err(error) => sender_refused(&error),
    });
    checks.push(match ask(client, request::subscribed_apps(base, credentials)).await {
        Ok(apps) => webhook(&apps, public_base, credentials),
        Err(error) => account_refused(&error),
    });
    CheckReport::of(checks)
}

/// Asks with the app's own token first, which proves app id and app secret too, then with the token itself. Gives what Meta
/// knows of a living token.
async fn examine_token(
    client: &HttpClient,
    base: &Url,
    credentials: &DirectCredentials,
    checks: &mut Vec<Check>,
) -> Option<Value> {
    let as_app = client.send(request::debug_token_as_app(base, credentials)).await;
    if let Err(error) = &as_app {
        checks.push(unreachable(error));
        return None;
    }
    checks.push(Check::pass(CheckName::Reachable, "Meta's Graph API answers."));
    if let Ok(answer) = read(as_app) {
        let found = token(&answer, credentials);
        let alive = found.result != CheckResult::Fail;
        checks.push(found);
        return answer.body.get("data").filter(|_| alive).cloned();
    }
    let as_itself = read(client.send(request::debug_token_as_itself(base, credentials)).await);
    let data = as_itself.ok().and_then(|answer| answer.body.get("data").cloned());
    let name = CheckName::Credentials;
    checks.push(match data {
        Some(data) if belongs_elsewhere(&data, credentials) => wrong_app(),
        Some(data) if data.get("is_valid").and_then(Value::as_bool) == Some(true) => Check::fail(
            name,
            "The access token is accepted, but the app secret is not.",
            "Copy the app secret again (App settings > Basic). Without it no webhook can be verified.",
        )
        .at("app_secret"),
        _ => dead_token(),
    });
    None
}

/// A JSON answer and the server's clock.
struct Answer {
    body: Value,
    /// Seconds since the epoch.
    date: Option<i64>,
}

/// `Err(None)` when no answer came.
fn read(outcome: Result<Response, TransportError>) -> Result<Answer, Option<SendError>> {
    let response = outcome.map_err(|_| None)?;
    let body = response.json().unwrap_or(Value::Null);
    if response.is_success() {
        Ok(Answer { date: response.date(), body })
    } else {
        Err(Some(refusal(&response, &body)))
    }
}

async fn ask(client: &HttpClient, request: Request) -> Result<Value, Option<SendError>> {
    read(client.send(request).await).map(|answer| answer.body)
}

fn unreachable(error: &TransportError) -> Check {
    let cure = "Check the machine's network, its DNS and the configured address of the Graph API.";
    Check::fail(CheckName::Reachable, format!("Meta's Graph API can't be reached: {error}."), cure)
}

fn token(answer: &Answer, credentials: &DirectCredentials) -> Check {
    let name = CheckName::Credentials;
    let data = answer.body.get("data").unwrap_or(&Value::Null);
    if data.get("is_valid").and_then(Value::as_bool) != Some(true) {
        return dead_token();
    }
    if belongs_elsewhere(data, credentials) {
        return wrong_app();
    }
    let ends = data.get("expires_at").and_then(Value::as_i64).filter(|ends| *ends > 0);
    match (ends, answer.date) {
        (Some(ends), Some(now)) if ends - now < EXPIRY_WARNING => Check::warn(
            name,
            format!("The access token works, but ends in {} days.", (ends - now).max(0) / 86_400),
            "Make a system-user token that never expires and put it into the channel.",
        )
        .at("whatsapp_access_token"),
        _ => Check::pass(name, "Meta accepts the access token, the app id and the app secret."),
    }
}

fn dead_token() -> Check {
    let cure = "Make a new system-user token in Meta Business Suite and put it into the channel.";
    Check::fail(CheckName::Credentials, "Meta does not accept the access token.", cure).at("whatsapp_access_token")
}

fn wrong_app() -> Check {
    let cure = "Take app id, app secret and token from one and the same app.";
    Check::fail(CheckName::Credentials, "The access token belongs to another app.", cure).at("whatsapp_app_id")
}

fn belongs_elsewhere(data: &Value, credentials: &DirectCredentials) -> bool {
    data.get("app_id").and_then(Value::as_str).is_some_and(|app| app != credentials.whatsapp_app_id)
}

fn permissions(token: &Value, credentials: &DirectCredentials) -> Check {
    let name = CheckName::Permissions;
    let scopes = token.get("scopes").and_then(Value::as_array);
    let has = |scope: &str| scopes.is_some_and(|scopes| scopes.iter().any(|held| held.as_str() == Some(scope)));
    if !has(SEND) {
        let cure = format!("Make a new token with {SEND} and {MANAGE}.");
        return Check::fail(name, format!("The token lacks {SEND}."), cure).at("whatsapp_access_token");
    }
    if !covers(token, SEND, &credentials.waba_id) {
        let cure = "Assign the WhatsApp account to the system user, or correct the account's id.";
        return Check::fail(name, "The token does not reach this WhatsApp account.", cure).at("waba_id");
    }
    if !has(MANAGE) {
        let cure = format!("Make a new token with {SEND} and {MANAGE}; templates and webhooks need the second one.");
        return Check::warn(name, format!("The token lacks {MANAGE}."), cure).at("whatsapp_access_token");
    }
    Check::pass(name, "The token holds the permissions to send and to manage.")
}

/// A scope without targets reaches everything.
fn covers(token: &Value, scope: &str, account: &str) -> bool {
    let granted = token.get("granular_scopes").and_then(Value::as_array).into_iter().flatten();
    let entry = granted.into_iter().find(|entry| entry.get("scope").and_then(Value::as_str) == Some(scope));
    let targets = entry.and_then(|entry| entry.get("target_ids")).and_then(Value::as_array);
    targets.is_none_or(|targets| targets.iter().any(|target| target.as_str() == Some(account)))
}

fn sender(number: &Value, credentials: &DirectCredentials) -> Check {
    let name = CheckName::Sender;
    let text = |field| number.get(field).and_then(Value::as_str);
    let shown = text("display_phone_number").unwrap_or("the number");
    let health = number.get("health_status");
    let entities = health.and_then(|health| health.get("entities")).and_then(Value::as_array);
    let mut accounts =
        entities.into_iter().flatten().filter(|e| e.get("entity_type").and_then(Value::as_str) == Some("WABA"));
    if accounts.any(|account| account.get("id").and_then(Value::as_str).is_some_and(|id| id != credentials.waba_id)) {
        let cure = "Take both ids from the same page of WhatsApp Manager.";
        return Check::fail(name, format!("{shown} belongs to another WhatsApp account."), cure).at("waba_id");
    }
    let state = text("status").unwrap_or("UNKNOWN");
    if state != "CONNECTED" {
        let cure = "Register the number and finish its verification in WhatsApp Manager.";
        return Check::fail(name, format!("{shown} is {state}, not CONNECTED."), cure);
    }
    let quality = text("quality_rating").unwrap_or("unknown");
    match health.and_then(|health| health.get("can_send_message")).and_then(Value::as_str) {
        Some("BLOCKED") => {
            Check::fail(name, format!("Meta blocks sending from {shown}."), "Settle what WhatsApp Manager names there.")
        }
        Some("LIMITED") => Check::warn(
            name,
            format!("{shown} is connected; Meta limits its sending."),
            "Usually the business must be verified first; WhatsApp Manager names the reason.",
        ),
        _ if quality == "RED" => {
            let cure = "Write only to people who expect it; many have blocked or reported the number.";
            Check::warn(name, format!("{shown} is connected; its quality is low."), cure)
        }
        _ => Check::pass(name, format!("{shown} is connected; quality {quality}.")),
    }
}

fn sender_refused(error: &Option<SendError>) -> Check {
    let cure = "Check the phone number id (not the number itself), and that the system user may see the account.";
    Check::fail(CheckName::Sender, refused_because("The sender can't be read", error), cure)
        .at("whatsapp_business_phone_id")
}

fn account_refused(error: &Option<SendError>) -> Check {
    let cure = "Check the id of the WhatsApp account, and that the system user may see it.";
    Check::fail(CheckName::Webhook, refused_because("The account's webhooks can't be read", error), cure).at("waba_id")
}

fn refused_because(what: &str, error: &Option<SendError>) -> String {
    match error.as_ref().and_then(|error| error.failure.provider_code.as_deref()) {
        Some(code) => format!("{what}: Meta answers with code {code}."),
        None => format!("{what}: Meta gives no usable answer."),
    }
}

fn webhook(apps: &Value, public_base: &Url, credentials: &DirectCredentials) -> Check {
    let name = CheckName::Webhook;
    let listed = apps.get("data").and_then(Value::as_array).into_iter().flatten();
    let app_id = Some(credentials.whatsapp_app_id.as_str());
    let ours =
        listed.into_iter().find(|app| app.pointer("/whatsapp_business_api_data/id").and_then(Value::as_str) == app_id);
    let Some(ours) = ours else {
        return Check::fail(name, "The app does not get the account's webhooks.", NOT_SUBSCRIBED);
    };
    let hook = request::hook(public_base, credentials);
    match ours.get("override_callback_uri").and_then(Value::as_str) {
        Some(other) if other != hook.as_str() => {
            let cure = format!("Change the account's callback override to {hook}, or remove it.");
            Check::warn(name, "The account's message webhooks go to another address.", cure)
        }
        _ => Check::pass(name, format!("The app gets the account's webhooks. Its callback address must be {hook}.")),
    }
}
