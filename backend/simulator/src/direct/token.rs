//! `GET /debug_token` (direct.md §1.2).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::errors::{Graph, GraphError, dead_token};
use super::{auth, reply};
use crate::state::World;

/// Issue of every token, in seconds since 1970.
const ISSUED_AT: i64 = 1_763_000_000;
/// How long a token lives that is said to have expired without a time: 60 days.
const LIFE_SECONDS: i64 = 60 * 24 * 60 * 60;

/// Answers with 200 also for dead tokens.
pub(super) async fn debug(world: web::Data<World>, request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let outcome = auth::token(&request).and_then(|token| {
        let input = auth::query(&request)
            .remove("input_token")
            .ok_or_else(|| GraphError::new(100, "The parameter input_token is required"))?;
        let app = world.accounts.find_direct(|account| account.is_app_token(&token)).into_iter().next();
        if app.is_none() && token != input {
            return Err(GraphError::bad_token());
        }
        Ok(json!({ "data": info(&world, app.as_ref().map(|app| app.app_id.as_str()), &input)? }))
    });
    reply(&path, outcome)
}

/// What is known of a token; `app` is the one that asks.
fn info(world: &World, app: Option<&str>, token: &str) -> Graph<Value> {
    let Some(account) = auth::owner(world, token) else {
        let message = "The access token could not be decrypted";
        return Ok(json!({ "is_valid": false, "error": { "code": 190, "message": message }, "scopes": [] }));
    };
    if app.is_some_and(|app| app != account.app_id) {
        return Err(GraphError::new(100, "The App_id in the input_token did not match the Viewing App"));
    }
    let (state, fault) = (&account.state, auth::token_fault(world, &account));
    let targets = match &state.granular_targets {
        None => Some(vec![account.waba_id.clone()]),
        // Without targets a permission is for all assets.
        Some(targets) => Some(targets.clone()).filter(|targets| !targets.is_empty()),
    };
    let granular = state.scopes.iter().map(|scope| match &targets {
        Some(targets) => json!({ "scope": scope, "target_ids": targets }),
        None => json!({ "scope": scope }),
    });
    let expires_at = match fault {
        Some(463) if state.token_expires_at == 0 => ISSUED_AT + LIFE_SECONDS,
        _ => state.token_expires_at,
    };
    let mut data = Map::new();
    let mut put = |name: &str, value: Value| data.insert(name.to_owned(), value);
    put("app_id", json!(account.app_id));
    put("type", json!(state.token_type));
    put("application", json!(account.verified_name));
    put("data_access_expires_at", json!(0));
    put("expires_at", json!(expires_at));
    put("is_valid", json!(fault.is_none()));
    put("issued_at", json!(ISSUED_AT));
    put("scopes", json!(state.scopes));
    put("granular_scopes", granular.collect());
    put("user_id", json!(account.business_id));
    if let Some(subcode) = fault {
        put("error", json!({ "code": 190, "message": dead_token(subcode), "subcode": subcode }));
    }
    Ok(Value::Object(data))
}
