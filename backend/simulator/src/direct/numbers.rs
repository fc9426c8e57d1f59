//! Numbers as Graph shows them, their own callback and their two-step PIN (direct.md §2.9).

use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::{Graph, GraphError};
use super::state::{MANAGEMENT, QualityRating};
use super::{auth, fields, handshake, health, parameters, reply, webhooks};
use crate::accounts::{AccountError, DirectAccount};
use crate::faults::FaultKind;
use crate::state::World;

type Ids = web::Path<(String, String)>;

/// `GET /{waba}/phone_numbers`.
pub(super) async fn list(world: web::Data<World>, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_waba(&world, &request, &id).and_then(|own| {
        let data = own.iter().map(|account| fields::chosen(&request, number(&world, account)));
        let data = data.collect::<Graph<Vec<Value>>>()?;
        Ok(json!({ "data": data, "paging": { "cursors": { "before": "QVFI", "after": "QVFJ" } } }))
    });
    reply(&version, outcome)
}

/// `GET /{phone number id}`.
pub(super) fn read(world: &World, request: &HttpRequest, id: &str) -> Graph<Value> {
    let account = auth::for_sender(world, request, id, MANAGEMENT)?;
    fields::chosen(request, number(world, &account))
}

fn number(world: &World, account: &DirectAccount) -> Value {
    let low = world.faults.hits(&account.phone_number_id, None, &FaultKind::QualityDrop);
    let state = &account.state;
    let mut webhooks = serde_json::Map::new();
    let callbacks = [
        ("application", &account.callback_url),
        ("whatsapp_business_account", &account.waba_callback_url),
        ("phone_number", &account.number_callback_url),
    ];
    webhooks.extend(callbacks.into_iter().filter_map(|(name, url)| Some((name.to_owned(), json!(url.as_deref()?)))));
    json!({
        "id": account.phone_number_id,
        "display_phone_number": account.phone,
        "verified_name": account.verified_name,
        "status": state.number_status,
        "quality_rating": if low { QualityRating::Red } else { state.quality_rating },
        "name_status": state.name_status,
        "code_verification_status": state.code_verification_status,
        "platform_type": "CLOUD_API",
        "throughput": { "level": state.throughput },
        "whatsapp_business_manager_messaging_limit": state.messaging_limit,
        "account_mode": state.account_mode,
        "is_official_business_account": false,
        "is_on_biz_app": false,
        "is_pin_enabled": state.pin.is_some(),
        "webhook_configuration": webhooks,
        "health_status": health::status(account, low || state.quality_rating == QualityRating::Red),
    })
}

/// `POST /{phone number id}`: a callback of the number's own, which an empty text removes, or another PIN.
pub(super) async fn configure(world: &World, request: &HttpRequest, id: &str, body: &Bytes) -> Graph<Value> {
    let account = auth::for_sender(world, request, id, MANAGEMENT)?;
    let given: Value = serde_json::from_slice(body).unwrap_or_default();
    if let Some(pin) = parameters(request, body).remove("pin") {
        return change_pin(world, &account, &pin);
    }
    let text = |name: &str| given.pointer(&format!("/webhook_configuration/{name}")).and_then(Value::as_str);
    let url = text("override_callback_uri")
        .ok_or_else(|| GraphError::new(100, "The parameter webhook_configuration or pin is required."))?;
    if !url.is_empty() {
        handshake::verify(world, url, text("verify_token").unwrap_or_default()).await?;
    }
    let url = Some(url.to_owned()).filter(|url| !url.is_empty());
    change(world, &[account], |account| account.number_callback_url.clone_from(&url))
}

fn change_pin(world: &World, account: &Arc<DirectAccount>, pin: &str) -> Graph<Value> {
    check_pin(pin)?;
    let changed = change(world, &[Arc::clone(account)], |account| account.state.pin = Some(pin.to_owned()))?;
    webhooks::tell(
        world,
        account,
        "security",
        json!({
            "display_phone_number": account.phone.trim_start_matches('+'),
            "event": "PIN_CHANGED",
            "requester": account.business_id,
        }),
    );
    Ok(changed)
}

/// Whether a text is a PIN: six digits.
pub(super) fn check_pin(pin: &str) -> Graph<()> {
    if pin.len() == 6 && pin.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(());
    }
    Err(GraphError::new(100, "Param pin must be 6 digits."))
}

/// Changes accounts and answers with success.
pub(super) fn change(
    world: &World,
    accounts: &[Arc<DirectAccount>],
    change: impl Fn(&mut DirectAccount),
) -> Graph<Value> {
    for account in accounts {
        world.accounts.update_direct(&account.phone_number_id, &change).map_err(|error| match error {
            AccountError::Unknown | AccountError::Exists => GraphError::unknown_object(&account.phone_number_id),
            AccountError::Write(_) => GraphError::new(2, "The sandbox could not save the change."),
        })?;
    }
    Ok(json!({ "success": true }))
}
