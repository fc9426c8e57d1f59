//! Senders, the account, its messaging service and typing indicators (twilio.md §2.8 to §2.11).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::{Twilio, TwilioError, request_id};
use super::messages::rfc2822;
use super::{auth, ok};
use crate::accounts::TwilioAccount;
use crate::faults::FaultKind;
use crate::ids::now_ms;
use crate::ledger::{Direction, Status};
use crate::state::World;

type Shared = web::Data<World>;

/// `GET /v2/Channels/Senders?Channel=whatsapp`.
pub(super) async fn list(world: Shared, request: HttpRequest) -> HttpResponse {
    ok(auth::caller(&world, &request).and_then(|caller| {
        let mut pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
        if !pairs.any(|(name, value)| name == "Channel" && value == "whatsapp") {
            return Err(TwilioError::new(20_422, "Invalid parameter: Channel"));
        }
        let base = "https://messaging.twilio.com/v2/Channels/Senders?Channel=whatsapp&PageSize=20&Page=0";
        Ok(json!({
            "senders": [shown(&world, &caller.account)],
            "meta": {
                "page": 0, "page_size": 20, "first_page_url": base, "previous_page_url": null,
                "url": base, "next_page_url": null, "key": "senders",
            },
        }))
    }))
}

/// `GET /v2/Channels/Senders/{XE}`.
pub(super) async fn fetch(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(own_sender(&world, &request, &path).map(|account| shown(&world, &account)))
}

/// `POST /v2/Channels/Senders/{XE}`: changes the webhook URLs.
pub(super) async fn update(
    world: Shared,
    request: HttpRequest,
    path: web::Path<String>,
    body: web::Bytes,
) -> HttpResponse {
    let outcome = own_sender(&world, &request, &path).and_then(|account| {
        let wanted: Value =
            serde_json::from_slice(&body).map_err(|_| TwilioError::new(63_100, "The request body is not JSON"))?;
        let changed = world.accounts.update_twilio(&account.account_sid, |account| {
            set(&wanted, "/webhook/callback_url", &mut account.callback_url);
            set(&wanted, "/webhook/fallback_url", &mut account.fallback_url);
            set(&wanted, "/webhook/status_callback_url", &mut account.status_callback_url);
        });
        changed.map_err(|_| TwilioError::told(20_500)).map(|account| shown(&world, &account))
    });
    match outcome {
        Ok(body) => HttpResponse::Accepted().insert_header(("twilio-request-id", request_id())).json(body),
        Err(error) => error.response(),
    }
}

/// A text sets the URL, an empty one or null removes it, a missing one leaves it.
fn set(wanted: &Value, pointer: &str, url: &mut Option<String>) {
    match wanted.pointer(pointer) {
        Some(Value::String(text)) => *url = Some(text.clone()).filter(|text| !text.is_empty()),
        Some(Value::Null) => *url = None,
        _ => {}
    }
}

/// `GET /2010-04-01/Accounts/{AC}.json`: not for API keys of type Standard. The answer holds the auth token, as Twilio's does.
pub(super) async fn account(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(auth::owner(&world, &request, &path).and_then(|caller| {
        if caller.by_key {
            return Err(TwilioError::unauthorised());
        }
        let at = rfc2822(now_ms());
        Ok(json!({
            "sid": caller.account.account_sid,
            "friendly_name": caller.account.profile_name,
            "status": "active",
            "type": "Full",
            "owner_account_sid": caller.account.account_sid,
            "auth_token": caller.account.auth_token,
            "date_created": at,
            "date_updated": at,
            "uri": format!("/2010-04-01/Accounts/{}.json", caller.account.account_sid),
        }))
    }))
}

/// `GET …/Balance.json`.
pub(super) async fn balance(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(auth::owner(&world, &request, &path)
        .map(|caller| json!({ "account_sid": caller.account.account_sid, "balance": "100.00", "currency": "USD" })))
}

/// `GET /v1/Services/{MG}`.
pub(super) async fn service(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    ok(auth::caller(&world, &request).and_then(|caller| {
        if caller.account.messaging_service_sid != *path {
            return Err(TwilioError::not_found(request.path()));
        }
        Ok(json!({
            "sid": caller.account.messaging_service_sid,
            "account_sid": caller.account.account_sid,
            "friendly_name": caller.account.profile_name,
            "inbound_request_url": null,
            "status_callback": null,
            "use_inbound_webhook_on_number": true,
            "validity_period": 36_000,
        }))
    }))
}

/// Typing indicator, form (v2) or JSON (v3); marks the customer's message as read (twilio.md §2.10).
pub(super) async fn typing(world: Shared, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    ok(auth::caller(&world, &request).and_then(|caller| {
        let id = match serde_json::from_slice::<Value>(&body) {
            Ok(body) => body.get("messageId").and_then(Value::as_str).map(str::to_owned),
            Err(_) => url::form_urlencoded::parse(&body)
                .find(|(name, _)| name == "messageId")
                .map(|(_, value)| value.into_owned()),
        };
        let message = id.and_then(|id| world.messages.get(&id)).filter(|message| {
            message.record.account == caller.account.account_sid && message.record.direction == Direction::Inbound
        });
        let message = message.ok_or_else(|| TwilioError::not_found(request.path()))?;
        world.messages.advance(&message.record.id, Status::Read, None, now_ms());
        world.messages.announced(&message.record.id, Status::Read);
        Ok(json!({ "success": true }))
    }))
}

fn own_sender(world: &World, request: &HttpRequest, sender: &str) -> Twilio<std::sync::Arc<TwilioAccount>> {
    let account = auth::caller(world, request)?.account;
    if account.sender_sid == sender { Ok(account) } else { Err(TwilioError::not_found(request.path())) }
}

fn shown(world: &World, account: &TwilioAccount) -> Value {
    let low = world.faults.hits(&account.account_sid, None, &FaultKind::QualityDrop);
    json!({
        "sid": account.sender_sid,
        "status": "ONLINE",
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
        "profile": { "name": account.profile_name, "about": "", "address": "", "description": "", "logo_url": "", "vertical": "Shopping and Retail", "emails": [], "websites": [] },
        "properties": { "quality_rating": if low { "LOW" } else { "HIGH" }, "messaging_limit": "10K Customers/24hr" },
        "offline_reasons": null,
        "compliance": null,
        "url": format!("https://messaging.twilio.com/v2/Channels/Senders/{}", account.sender_sid),
    })
}
