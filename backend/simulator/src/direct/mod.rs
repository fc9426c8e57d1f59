//! The direct provider: Meta's Cloud API as in `direct.md`.

mod auth;
mod errors;
mod handshake;
pub(crate) mod inbound;
mod interactive;
pub(crate) mod library;
mod management;
mod messages;
pub(crate) mod profile;
mod shown;
mod shown_template;
pub(crate) mod state;
mod template_message;
mod templates;
mod validate;
pub(crate) mod webhooks;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use errors::{Graph, GraphError, trace_id};

/// Version in paths (direct.md §1.1). Other first segments are not Graph's.
const VERSION: &str = r"{version:v\d+\.\d}";

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    let path = |rest: &str| format!("/{VERSION}/{rest}");
    config
        .route(&path("debug_token"), web::get().to(management::debug_token))
        .route(&path("{id}/messages"), web::post().to(messages::send))
        .route(&path("{id}/phone_numbers"), web::get().to(management::phone_numbers))
        .route(&path("{id}/subscribed_apps"), web::get().to(management::subscribed_apps))
        .route(&path("{id}/subscribed_apps"), web::post().to(management::subscribe))
        .route(&path("{id}/subscribed_apps"), web::delete().to(management::unsubscribe))
        .route(&path("{id}/subscriptions"), web::get().to(management::subscriptions))
        .route(&path("{id}/subscriptions"), web::post().to(management::set_subscription))
        .route(&path("{id}/message_templates"), web::get().to(templates::list))
        .route(&path("{id}/message_templates"), web::post().to(templates::create))
        .route(&path("{id}/message_templates"), web::delete().to(templates::delete))
        .route(&path("{id}"), web::get().to(management::read))
        .route(&path("{id}"), web::post().to(management::configure_number))
        .route(&path("{tail:.*}"), web::route().to(unknown_path));
}

async fn unknown_path(path: web::Path<(String, String)>) -> HttpResponse {
    let (version, rest) = path.into_inner();
    GraphError::new(100, format!("Unknown path components: /{rest}")).response(&version)
}

/// Turns the outcome of a call into its answer, with the headers that every answer of Graph has.
fn reply(version: &str, outcome: Graph<Value>) -> HttpResponse {
    match outcome {
        Ok(body) => HttpResponse::Ok()
            .insert_header(("facebook-api-version", version))
            .insert_header(("x-fb-trace-id", trace_id()))
            .json(body),
        Err(error) => error.response(version),
    }
}

/// Parameters of a management call: query, form and JSON body count alike; the body wins.
fn parameters(request: &HttpRequest, body: &[u8]) -> auth::Query {
    let mut found = auth::query(request);
    match serde_json::from_slice::<serde_json::Map<String, Value>>(body) {
        Ok(members) => found.extend(members.into_iter().map(|(name, value)| match value {
            Value::String(text) => (name, text),
            other => (name, other.to_string()),
        })),
        Err(_) => found.extend(url::form_urlencoded::parse(body).into_owned()),
    }
    found
}
