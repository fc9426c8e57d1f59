//! Numbers, accounts, tokens and subscriptions (direct.md §1.2, §2.9, §2.11).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::errors::{Graph, GraphError};
use super::{auth, handshake, parameters, reply};
use crate::accounts::{AccountError, DirectAccount};
use crate::faults::FaultKind;
use crate::state::World;

type Shared = web::Data<World>;
type Ids = web::Path<(String, String)>;

/// `GET /debug_token`: answers with 200 also for dead tokens (direct.md §1.2).
pub(super) async fn debug_token(world: Shared, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let outcome = auth::token(&request).and_then(|token| {
        let input = auth::query(&request)
            .remove("input_token")
            .ok_or_else(|| GraphError::new(100, "The parameter input_token is required"))?;
        let by_app = !world.accounts.find_direct(|account| account.is_app_token(&token)).is_empty();
        if !by_app && token != input {
            return Err(GraphError::bad_token());
        }
        Ok(json!({ "data": token_info(&world, &input) }))
    });
    reply(&path, outcome)
}

fn token_info(world: &World, token: &str) -> Value {
    let account = auth::owner(world, token).filter(|account| !auth::is_dead(world, account));
    let Some(account) = account else {
        return json!({
            "is_valid": false,
            "error": { "code": 190, "message": "The access token is invalid or has expired.", "subcode": 463 },
            "scopes": [],
        });
    };
    json!({
        "app_id": account.app_id,
        "type": "SYSTEM_USER",
        "application": account.verified_name,
        "data_access_expires_at": 0,
        "expires_at": 0,
        "is_valid": true,
        "issued_at": 1_763_000_000,
        "scopes": ["whatsapp_business_management", "whatsapp_business_messaging"],
        "granular_scopes": [
            { "scope": "whatsapp_business_management", "target_ids": [account.waba_id] },
            { "scope": "whatsapp_business_messaging", "target_ids": [account.waba_id] },
        ],
        "user_id": account.business_id,
    })
}

/// `GET /{id}`: a number or a WhatsApp Business Account.
pub(super) async fn read(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = if world.accounts.direct(&id).is_some() {
        auth::for_sender(&world, &request, &id).map(|account| number(&world, &account))
    } else {
        auth::for_accounts(&world, &request, &id, |account| account.waba_id == id).and_then(|own| {
            own.first().map(|account| business_account(account)).ok_or_else(|| GraphError::unknown_object(&id))
        })
    };
    reply(&version, outcome.map(|object| chosen_fields(&request, object)))
}

/// `GET /{waba}/phone_numbers`.
pub(super) async fn phone_numbers(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_accounts(&world, &request, &id, |account| account.waba_id == id).map(|own| {
        let data: Vec<Value> = own.iter().map(|account| chosen_fields(&request, number(&world, account))).collect();
        json!({ "data": data, "paging": { "cursors": { "before": "QVFI", "after": "QVFJ" } } })
    });
    reply(&version, outcome)
}

/// `GET /{waba}/subscribed_apps`.
pub(super) async fn subscribed_apps(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_accounts(&world, &request, &id, |account| account.waba_id == id).map(|own| {
        let data: Vec<Value> =
            own.iter().filter(|account| account.subscribed).map(|account| subscribed_app(account)).collect();
        json!({ "data": data })
    });
    reply(&version, outcome)
}

fn subscribed_app(account: &DirectAccount) -> Value {
    let mut app = json!({ "whatsapp_business_api_data": { "id": account.app_id, "name": account.verified_name, "link": "https://acme.example/" } });
    if let (Value::Object(members), Some(url)) = (&mut app, &account.waba_callback_url) {
        members.insert("override_callback_uri".to_owned(), Value::from(url.as_str()));
    }
    app
}

/// `POST /{waba}/subscribed_apps`, with or without a callback of the WABA's own.
pub(super) async fn subscribe(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = async {
        let own = auth::for_accounts(&world, &request, &id, |account| account.waba_id == id)?;
        let mut given = parameters(&request, &body);
        let url = given.remove("override_callback_uri");
        if let Some(url) = &url {
            if url.chars().count() > 200 {
                return Err(GraphError::too_long("override_callback_uri", 200));
            }
            handshake::verify(&world, url, &given.remove("verify_token").unwrap_or_default()).await?;
        }
        change_all(&world, &own, |account| {
            account.subscribed = true;
            account.waba_callback_url.clone_from(&url);
        })
    };
    reply(&version, outcome.await)
}

/// `DELETE /{waba}/subscribed_apps`.
pub(super) async fn unsubscribe(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_accounts(&world, &request, &id, |account| account.waba_id == id)
        .and_then(|own| change_all(&world, &own, |account| account.subscribed = false));
    reply(&version, outcome)
}

/// `GET /{app}/subscriptions`, with the app token.
pub(super) async fn subscriptions(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_app(&world, &request, &id).map(|own| {
        let subscribed = own.iter().find(|account| account.callback_url.is_some());
        let data = subscribed.map(|account| {
            let fields: Vec<Value> = account.fields.iter().map(|name| json!({ "name": name, "version": version })).collect();
            json!({ "object": "whatsapp_business_account", "callback_url": account.callback_url, "active": true, "fields": fields })
        });
        json!({ "data": data.into_iter().collect::<Vec<_>>() })
    });
    reply(&version, outcome)
}

/// `POST /{app}/subscriptions`, with the app token: checks the callback and saves it (direct.md §2.11).
pub(super) async fn set_subscription(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = async {
        let own = auth::for_app(&world, &request, &id)?;
        let mut given = parameters(&request, &body);
        if given.get("object").map(String::as_str) != Some("whatsapp_business_account") {
            return Err(GraphError::new(100, "Param object must be whatsapp_business_account."));
        }
        let mut required = |name: &str| {
            given.remove(name).ok_or_else(|| GraphError::new(100, format!("The parameter {name} is required.")))
        };
        let (url, token, fields) = (required("callback_url")?, required("verify_token")?, required("fields")?);
        handshake::verify(&world, &url, &token).await?;
        change_all(&world, &own, |account| {
            account.callback_url = Some(url.clone());
            account.verify_token = Some(token.clone());
            account.fields = field_names(&fields);
        })
    };
    reply(&version, outcome.await)
}

/// `POST /{phone number id}`: a callback of the number's own; an empty one removes it (direct.md §2.9).
pub(super) async fn configure_number(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = async {
        let account = auth::for_sender(&world, &request, &id)?;
        let given: Value = serde_json::from_slice(&body).unwrap_or_default();
        let text = |name: &str| given.pointer(&format!("/webhook_configuration/{name}")).and_then(Value::as_str);
        let url = text("override_callback_uri")
            .ok_or_else(|| GraphError::new(100, "The parameter webhook_configuration is required."))?;
        if !url.is_empty() {
            handshake::verify(&world, url, text("verify_token").unwrap_or_default()).await?;
        }
        let url = Some(url.to_owned()).filter(|url| !url.is_empty());
        change_all(&world, &[account], |account| account.number_callback_url.clone_from(&url))
    };
    reply(&version, outcome.await)
}

fn change_all(world: &World, accounts: &[Arc<DirectAccount>], change: impl Fn(&mut DirectAccount)) -> Graph<Value> {
    for account in accounts {
        world.accounts.update_direct(&account.phone_number_id, &change).map_err(|error| match error {
            AccountError::Unknown | AccountError::Exists => GraphError::unknown_object(&account.phone_number_id),
            AccountError::Write(_) => GraphError::new(2, "The sandbox could not save the change."),
        })?;
    }
    Ok(json!({ "success": true }))
}

/// `fields` is a list with commas, or a JSON list.
fn field_names(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|_| {
        text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    })
}

/// Keeps the members that `fields` names, and the id, which Graph always sends.
fn chosen_fields(request: &HttpRequest, object: Value) -> Value {
    let Some(fields) = auth::query(request).remove("fields") else { return object };
    let wanted: Vec<&str> =
        fields.split(',').map(|name| name.split(['.', '{', '(']).next().unwrap_or_default().trim()).collect();
    match object {
        Value::Object(members) => {
            let kept: Map<_, _> =
                members.into_iter().filter(|(name, _)| name == "id" || wanted.contains(&name.as_str())).collect();
            Value::Object(kept)
        }
        other => other,
    }
}

fn number(world: &World, account: &DirectAccount) -> Value {
    let low = world.faults.hits(&account.phone_number_id, None, &FaultKind::QualityDrop);
    json!({
        "id": account.phone_number_id,
        "display_phone_number": account.phone,
        "verified_name": account.verified_name,
        "status": "CONNECTED",
        "quality_rating": if low { "RED" } else { "GREEN" },
        "name_status": "APPROVED",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "throughput": { "level": "STANDARD" },
        "whatsapp_business_manager_messaging_limit": "TIER_2K",
        "account_mode": "SANDBOX",
        "is_official_business_account": false,
        "is_on_biz_app": false,
        "health_status": health(account, low),
    })
}

fn business_account(account: &DirectAccount) -> Value {
    json!({
        "id": account.waba_id,
        "name": account.verified_name,
        "status": "ACTIVE",
        "currency": "USD",
        "country": "GB",
        "timezone_id": "1",
        "account_review_status": "APPROVED",
        "business_verification_status": "verified",
        "ownership_type": "SELF",
        "message_template_namespace": account.waba_id,
        "is_enabled_for_insights": false,
        "health_status": health(account, false),
    })
}

fn health(account: &DirectAccount, low: bool) -> Value {
    let mut number = json!({ "entity_type": "PHONE_NUMBER", "id": account.phone_number_id, "can_send_message": if low { "LIMITED" } else { "AVAILABLE" } });
    if let (true, Value::Object(members)) = (low, &mut number) {
        members.insert("additional_info".to_owned(), json!(["The quality of this number is low."]));
    }
    json!({
        "can_send_message": if low { "LIMITED" } else { "AVAILABLE" },
        "entities": [
            number,
            { "entity_type": "WABA", "id": account.waba_id, "can_send_message": "AVAILABLE" },
            { "entity_type": "BUSINESS", "id": account.business_id, "can_send_message": "AVAILABLE" },
            { "entity_type": "APP", "id": account.app_id, "can_send_message": "AVAILABLE" },
        ],
    })
}
