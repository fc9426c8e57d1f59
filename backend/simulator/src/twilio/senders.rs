//! The Senders API (twilio.md §2.8). Each account has one WhatsApp sender, made with it as the first one is in Twilio's console.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::contents::json_object;
use super::errors::{Twilio, TwilioError, request_id};
use super::form::{is_web_url, query};
use super::overrides::Overrides;
use super::paging::meta_page;
use super::{auth, ok};
use crate::accounts::TwilioAccount;
use crate::faults::FaultKind;
use crate::state::World;

/// Members of a profile besides the name, and the value of one that was never set.
const PROFILE: [(&str, Value); 6] = [
    ("about", Value::Null),
    ("address", Value::Null),
    ("description", Value::Null),
    ("logo_url", Value::Null),
    ("emails", Value::Array(Vec::new())),
    ("websites", Value::Array(Vec::new())),
];
const VERTICAL: &str = "Shopping and Retail";

type Shared = web::Data<World>;

/// `GET /v2/Channels/Senders?Channel=whatsapp`.
pub(super) async fn list(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(auth::caller(&world, &request).and_then(|caller| {
        if query(&request).get("Channel") != Some("whatsapp") {
            return Err(TwilioError::invalid("Channel", "must be whatsapp"));
        }
        let own = (!caller.account.state.sender_absent).then(|| shown(&world, &caller.account));
        meta_page(&request, "https://messaging.twilio.com", "senders", own.into_iter().collect())
    }))
}

/// `GET /v2/Channels/Senders/{XE}`.
pub(super) async fn fetch(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(own_sender(&world, &request, &path).map(|account| shown(&world, &account)))
}

/// `POST /v2/Channels/Senders/{XE}`: changes webhook URLs, profile or configuration.
pub(super) async fn update(
    world: Shared,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Bytes,
) -> HttpResponse {
    let outcome = own_sender(&world, &request, &path).and_then(|account| {
        let wanted = json_object(&body).map_err(|error| TwilioError::new(63_100, error.message))?;
        let mut changed = (*account).clone();
        change(&mut changed, &wanted)?;
        let saved = world.accounts.update_twilio(&account.account_sid, |account| *account = changed);
        saved.map_err(|_| TwilioError::told(20_500)).map(|account| shown(&world, &account))
    });
    match outcome {
        Ok(body) => HttpResponse::Accepted().insert_header(("twilio-request-id", request_id())).json(body),
        Err(error) => error.response(),
    }
}

/// What is left out stays.
fn change(account: &mut TwilioAccount, wanted: &Map<String, Value>) -> Twilio<()> {
    let known = ["webhook", "profile", "configuration", "friendly_name"];
    if let Some(name) = wanted.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(TwilioError::new(63_100, format!("Unknown property {name}")));
    }
    let member = |name: &str| wanted.get(name).and_then(Value::as_object);
    if let Some(webhook) = member("webhook") {
        for name in ["callback_method", "fallback_method", "status_callback_method"] {
            if webhook.get(name).is_some_and(|method| !method.is_null() && method != "POST") {
                return Err(TwilioError::new(63_100, format!("webhook.{name}: the sandbox calls with POST only")));
            }
        }
        set(webhook, "callback_url", &mut account.callback_url)?;
        set(webhook, "fallback_url", &mut account.fallback_url)?;
        set(webhook, "status_callback_url", &mut account.status_callback_url)?;
    }
    for (name, value) in member("profile").into_iter().flatten() {
        match (name.as_str(), value) {
            ("name", Value::String(text)) => account.profile_name.clone_from(text),
            ("name", _) => return Err(TwilioError::new(63_100, "profile.name is a text")),
            ("vertical", _) => drop(account.sender_profile.insert(name.clone(), value.clone())),
            _ if PROFILE.iter().any(|(known, _)| known == name) => {
                account.sender_profile.insert(name.clone(), value.clone());
            }
            _ => return Err(TwilioError::new(63_100, format!("Unknown property profile.{name}"))),
        }
    }
    if let Some(waba) = member("configuration").and_then(|configuration| configuration.get("waba_id")?.as_str())
        && waba != account.waba_id
    {
        return Err(TwilioError::new(63_101, "The WhatsApp Business Account cannot be used"));
    }
    Ok(())
}

/// A text sets the URL, an empty one or null removes it, a missing one leaves it.
fn set(webhook: &Map<String, Value>, name: &str, url: &mut Option<String>) -> Twilio<()> {
    match webhook.get(name) {
        Some(Value::String(text)) if text.is_empty() => *url = None,
        Some(Value::String(text)) if is_web_url(Overrides::split(text).0) => *url = Some(text.clone()),
        Some(Value::Null) => *url = None,
        None => {}
        Some(_) => return Err(TwilioError::new(63_100, format!("webhook.{name} is not a URL"))),
    }
    Ok(())
}

fn own_sender(world: &World, request: &HttpRequest, sender: &str) -> Twilio<Arc<TwilioAccount>> {
    let account = auth::caller(world, request)?.account;
    if account.sender_sid == sender && !account.state.sender_absent {
        return Ok(account);
    }
    Err(TwilioError::not_found(request.path()))
}

fn shown(world: &World, account: &TwilioAccount) -> Value {
    let low = world.faults.hits(&account.account_sid, None, &FaultKind::QualityDrop);
    let (status, reasons) = account.state.sender();
    let reason = |reason: &super::state::OfflineReason| {
        let more_info = format!("https://www.twilio.com/docs/errors/{}", reason.code);
        json!({ "code": reason.code, "message": reason.message, "more_info": more_info })
    };
    let reasons: Option<Vec<Value>> = (!reasons.is_empty()).then(|| reasons.iter().map(reason).collect());
    json!({
        "sid": account.sender_sid,
        "status": status,
        "sender_id": format!("whatsapp:{}", account.sender_number),
        "friendly_name": null,
        "configuration": {
            "waba_id": account.waba_id, "verification_method": null, "verification_code": null,
            "voice_application_sid": null, "account_type": null,
        },
        "webhook": {
            "callback_url": account.callback_url, "callback_method": "POST",
            "fallback_url": account.fallback_url, "fallback_method": "POST",
            "status_callback_url": account.status_callback_url, "status_callback_method": "POST",
        },
        "profile": profile(account),
        "properties": {
            "quality_rating": if low { "LOW" } else { account.state.quality_rating.as_str() },
            "messaging_limit": account.state.messaging_limit,
        },
        "offline_reasons": reasons,
        "compliance": null,
        "url": format!("https://messaging.twilio.com/v2/Channels/Senders/{}", account.sender_sid),
    })
}

fn profile(account: &TwilioAccount) -> Value {
    let mut profile: Map<String, Value> = PROFILE.into_iter().map(|(name, unset)| (name.to_owned(), unset)).collect();
    profile.insert("name".to_owned(), Value::from(account.profile_name.as_str()));
    profile.insert("vertical".to_owned(), Value::from(VERTICAL));
    profile.extend(account.sender_profile.clone());
    Value::Object(profile)
}
