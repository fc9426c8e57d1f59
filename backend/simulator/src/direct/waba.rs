//! WhatsApp Business Accounts and the apps that are subscribed to them (direct.md §2.11).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::{Graph, GraphError};
use super::numbers::change;
use super::state::WabaStatus;
use super::{auth, fields, handshake, health, parameters, reply};
use crate::accounts::DirectAccount;
use crate::state::World;

/// Longest `override_callback_uri` in characters.
const CALLBACK_LIMIT: usize = 200;

type Shared = web::Data<World>;
type Ids = web::Path<(String, String)>;

/// `GET /{waba}`.
pub(super) fn read(world: &World, request: &HttpRequest, id: &str) -> Graph<Value> {
    let own = auth::for_waba(world, request, id)?;
    let account = own.first().ok_or_else(|| GraphError::unknown_object(id))?;
    fields::chosen(request, shown(account))
}

fn shown(account: &DirectAccount) -> Value {
    let state = &account.state;
    json!({
        "id": account.waba_id,
        "name": account.verified_name,
        "status": state.waba_status,
        "currency": state.currency,
        "country": state.country,
        "timezone_id": state.timezone_id,
        "account_review_status": if state.waba_status == WabaStatus::Active { "APPROVED" } else { "REJECTED" },
        "business_verification_status": if state.business_verified { "verified" } else { "not_verified" },
        "ownership_type": "SELF",
        "message_template_namespace": account.waba_id,
        "is_enabled_for_insights": false,
        "marketing_messages_onboarding_status": "INELIGIBLE",
        "whatsapp_business_manager_messaging_limit": state.messaging_limit,
        "health_status": health::status(account, false),
    })
}

/// `GET /{waba}/subscribed_apps`.
pub(super) async fn subscribed_apps(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_waba(&world, &request, &id).map(|own| {
        let others = own.first().map(|account| account.state.other_apps.as_slice()).unwrap_or_default();
        let others = others.iter().map(|app| entry(&app.id, &app.name, app.override_callback_uri.as_deref()));
        let subscribed = own.iter().filter(|account| account.subscribed);
        let subscribed = subscribed
            .map(|account| entry(&account.app_id, &account.verified_name, account.waba_callback_url.as_deref()));
        json!({ "data": subscribed.chain(others).collect::<Vec<_>>() })
    });
    reply(&version, outcome)
}

fn entry(id: &str, name: &str, callback: Option<&str>) -> Value {
    let mut app = json!({ "whatsapp_business_api_data": { "id": id, "name": name, "link": "https://acme.example/" } });
    if let (Value::Object(members), Some(url)) = (&mut app, callback) {
        members.insert("override_callback_uri".to_owned(), Value::from(url));
    }
    app
}

/// `POST /{waba}/subscribed_apps`, with or without a callback of the WABA's own.
pub(super) async fn subscribe(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = async {
        let own = auth::for_waba(&world, &request, &id)?;
        let mut given = parameters(&request, &body);
        let url = given.remove("override_callback_uri").filter(|url| !url.is_empty());
        if let Some(url) = &url {
            if url.chars().count() > CALLBACK_LIMIT {
                return Err(GraphError::too_long("override_callback_uri", CALLBACK_LIMIT));
            }
            handshake::verify(&world, url, &given.remove("verify_token").unwrap_or_default()).await?;
        }
        change(&world, &own, |account| {
            account.subscribed = true;
            account.waba_callback_url.clone_from(&url);
        })
    };
    reply(&version, outcome.await)
}

/// `DELETE /{waba}/subscribed_apps`.
pub(super) async fn unsubscribe(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_waba(&world, &request, &id)
        .and_then(|own| change(&world, &own, |account| account.subscribed = false));
    reply(&version, outcome)
}
