//! Registration of numbers, their ownership codes and their settings (direct.md §2.9).

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::{Graph, GraphError};
use super::numbers::{change, check_pin};
use super::state::{CodeVerification, MANAGEMENT, MESSAGING, NumberStatus};
use super::{auth, parameters, reply};
use crate::accounts::DirectAccount;
use crate::ids::now_ms;
use crate::state::World;

/// Registrations and deregistrations allowed within [`TRIES_MS`].
const TRIES: usize = 10;
const TRIES_MS: i64 = 72 * 60 * 60 * 1_000;
/// The code that the sandbox's SMS and calls tell.
const OWNERSHIP_CODE: &str = "123830";

type Shared = web::Data<World>;
type Ids = web::Path<(String, String)>;

/// `POST /{phone number id}/register`.
pub(super) async fn register(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_sender(&world, &request, &id, MESSAGING).and_then(|account| {
        let given = parameters(&request, &body);
        if given.get("messaging_product").map(String::as_str) != Some("whatsapp") {
            return Err(GraphError::new(100, "The parameter messaging_product is required."));
        }
        let pin = given.get("pin").ok_or_else(|| GraphError::new(100, "The parameter pin is required."))?;
        check_pin(pin)?;
        let region = given.get("data_localization_region");
        if region.is_some_and(|region| region.len() != 2 || !region.bytes().all(|b| b.is_ascii_uppercase())) {
            return Err(GraphError::new(100, "Param data_localization_region must be a country of two letters."));
        }
        if account.state.code_verification_status != CodeVerification::Verified {
            return Err(GraphError::new(133_006, "Phone number needs to be verified before registering."));
        }
        take_try(&world, &account)?;
        if account.state.pin.as_ref().is_some_and(|known| known != pin) {
            return Err(GraphError::new(133_005, "Two-step verification PIN is incorrect."));
        }
        change(&world, &[account], |account| {
            let state = &mut account.state;
            state.registered = true;
            state.pin = Some(pin.clone());
            state.storage_region = region.cloned().or(state.storage_region.take());
            if matches!(state.number_status, NumberStatus::Pending | NumberStatus::Disconnected) {
                state.number_status = NumberStatus::Connected;
            }
        })
    });
    reply(&version, outcome)
}

/// `POST /{phone number id}/deregister`.
pub(super) async fn deregister(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_sender(&world, &request, &id, MESSAGING).and_then(|account| {
        if !account.state.registered {
            return Err(GraphError::new(133_010, "The account is not registered"));
        }
        take_try(&world, &account)?;
        change(&world, &[account], |account| account.state.registered = false)
    });
    reply(&version, outcome)
}

/// Counts a registration or deregistration, unless too many were made of late (133016).
fn take_try(world: &World, account: &Arc<DirectAccount>) -> Graph<()> {
    let now = now_ms();
    let lately = account.registrations.iter().filter(|at| **at > now - TRIES_MS).count();
    if lately >= TRIES {
        return Err(GraphError::new(133_016, "Registration or deregistration was tried 10 times within 72 hours."));
    }
    change(world, &[Arc::clone(account)], |account| {
        account.registrations.retain(|at| *at > now - TRIES_MS);
        account.registrations.push(now);
    })
    .map(drop)
}

/// `POST /{phone number id}/request_code`.
pub(super) async fn request_code(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_sender(&world, &request, &id, MANAGEMENT).and_then(|account| {
        let given = parameters(&request, &body);
        if !matches!(given.get("code_method").map(String::as_str), Some("SMS" | "VOICE")) {
            return Err(GraphError::new(100, "Param code_method must be one of {SMS, VOICE}."));
        }
        if given.get("language").is_none_or(String::is_empty) {
            return Err(GraphError::new(100, "The parameter language is required."));
        }
        if account.state.code_verification_status == CodeVerification::Verified {
            return Err(GraphError::new(136_024, "Request code error: the number is verified already."));
        }
        Ok(json!({ "success": true }))
    });
    reply(&version, outcome)
}

/// `POST /{phone number id}/verify_code`. The sandbox's code is 123830.
pub(super) async fn verify_code(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_sender(&world, &request, &id, MANAGEMENT).and_then(|account| {
        let code = parameters(&request, &body).remove("code");
        if code.is_none_or(|code| code.replace('-', "") != OWNERSHIP_CODE) {
            return Err(GraphError::new(136_024, "Verify code error: the code is not the one that was sent."));
        }
        change(&world, &[account], |account| account.state.code_verification_status = CodeVerification::Verified)
    });
    reply(&version, outcome)
}

/// `GET /{phone number id}/settings`.
pub(super) async fn settings(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_sender(&world, &request, &id, MANAGEMENT).map(|account| {
        let state = &account.state;
        let storage = match &state.storage_region {
            Some(region) => json!({ "status": "IN_COUNTRY_STORAGE_ENABLED", "data_localization_region": region }),
            None => json!({ "status": "DEFAULT" }),
        };
        json!({
            "user_identity_change": { "enable_identity_key_check": state.identity_check },
            "payload_encryption": { "status": "DISABLED" },
            "storage_configuration": storage,
        })
    });
    reply(&version, outcome)
}

/// `POST /{phone number id}/settings`: the identity check and the storage region.
pub(super) async fn set_settings(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_sender(&world, &request, &id, MANAGEMENT).and_then(|account| {
        let given: Value =
            serde_json::from_slice(&body).map_err(|_| GraphError::new(100, "The request body is not JSON"))?;
        let flag = |pointer: &str| given.pointer(pointer).and_then(Value::as_bool);
        let identity =
            flag("/user_identity_change/enable_identity_key_check").or_else(|| flag("/user_identity_change/enabled"));
        let storage = flag("/storage_configuration/enabled");
        let region = given.pointer("/storage_configuration/region").and_then(Value::as_str);
        if identity.is_none() && storage.is_none() {
            let details = "One of the parameters user_identity_change and storage_configuration is required.";
            return Err(GraphError::new(100, details));
        }
        if storage == Some(true) && region.is_none() {
            return Err(GraphError::new(100, "The parameter storage_configuration.region is required."));
        }
        change(&world, &[account], |account| {
            account.state.identity_check = identity.unwrap_or(account.state.identity_check);
            if let Some(enabled) = storage {
                account.state.storage_region = region.filter(|_| enabled).map(str::to_owned);
            }
        })
    });
    reply(&version, outcome)
}
