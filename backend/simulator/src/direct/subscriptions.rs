//! `/{app}/subscriptions`: the app's callback and the fields it wants, with the app token (direct.md §2.11).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};

use super::errors::GraphError;
use super::numbers::change;
use super::{auth, handshake, parameters, reply};
use crate::state::World;

/// Every field an app can subscribe to (direct.md §3.3).
const FIELDS: [&str; 27] = [
    "account_alerts",
    "account_review_update",
    "account_settings_update",
    "account_update",
    "automatic_events",
    "business_capability_update",
    "business_username_update",
    "calls",
    "flows",
    "history",
    "message_echoes",
    "message_template_components_update",
    "message_template_quality_update",
    "message_template_status_update",
    "messages",
    "messaging_handovers",
    "partner_solutions",
    "payment_configuration_update",
    "phone_number_name_update",
    "phone_number_quality_update",
    "security",
    "smb_app_state_sync",
    "smb_message_echoes",
    "standby",
    "template_category_update",
    "tracking_events",
    "user_preferences",
];

type Shared = web::Data<World>;
type Ids = web::Path<(String, String)>;

pub(super) async fn list(world: Shared, request: HttpRequest, path: Ids) -> HttpResponse {
    let (version, id) = path.into_inner();
    let outcome = auth::for_app(&world, &request, &id).map(|own| {
        let subscribed = own.iter().find(|account| account.callback_url.is_some());
        let data = subscribed.map(|account| {
            let fields: Vec<Value> =
                account.fields.iter().map(|name| json!({ "name": name, "version": version })).collect();
            json!({
                "object": "whatsapp_business_account",
                "callback_url": account.callback_url,
                "active": true,
                "fields": fields,
            })
        });
        json!({ "data": data.into_iter().collect::<Vec<_>>() })
    });
    reply(&version, outcome)
}

/// Checks the callback with a handshake and saves it.
pub(super) async fn set(world: Shared, request: HttpRequest, path: Ids, body: web::Bytes) -> HttpResponse {
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
        let fields = names(&fields);
        if let Some(unknown) = fields.iter().find(|name| !FIELDS.contains(&name.as_str())) {
            return Err(GraphError::new(100, format!("Param fields names {unknown}, which cannot be subscribed to.")));
        }
        handshake::verify(&world, &url, &token).await?;
        change(&world, &own, |account| {
            account.callback_url = Some(url.clone());
            account.verify_token = Some(token.clone());
            account.fields.clone_from(&fields);
        })
    };
    reply(&version, outcome.await)
}

/// `fields` is a list with commas, or a JSON list.
fn names(text: &str) -> Vec<String> {
    serde_json::from_str(text).unwrap_or_else(|_| {
        text.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
    })
}
