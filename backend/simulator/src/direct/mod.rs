//! The direct provider: Meta's Cloud API as in `direct.md`.

mod auth;
mod block_users;
mod body;
mod carousel;
mod errors;
mod fields;
mod handshake;
mod health;
pub(crate) mod inbound;
mod inspection;
mod interactive;
pub(crate) mod library;
mod media;
mod media_kind;
mod messages;
mod multipart;
mod node;
mod numbers;
mod paging;
pub(crate) mod profile;
mod registration;
mod shown;
mod shown_template;
pub(crate) mod state;
mod subscriptions;
mod template_buttons;
mod template_code;
mod template_create;
mod template_edit;
mod template_form;
pub(crate) mod template_list;
mod template_message;
pub(crate) mod template_news;
mod template_parameters;
mod token;
pub(crate) mod uploads;
pub(crate) mod usage;
mod validate;
mod waba;
pub(crate) mod webhooks;

use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use errors::{Graph, GraphError, trace_id};

/// Version in paths (direct.md §1.1). Other first segments are not Graph's.
const VERSION: &str = r"/{version:v\d+\.\d}";

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.route(media::BYTES_PATH, web::get().to(media::bytes)).service(
        web::scope(VERSION)
            .wrap(from_fn(usage::headers))
            .route("/debug_token", web::get().to(token::debug))
            .route("/{id}/messages", web::post().to(messages::send))
            .route("/{id}/marketing_messages", web::post().to(messages::send_marketing))
            .route("/{id}/media", web::post().to(media::upload))
            .route("/{id}/uploads", web::post().to(uploads::start))
            .route("/{id}/phone_numbers", web::get().to(numbers::list))
            .route("/{id}/register", web::post().to(registration::register))
            .route("/{id}/deregister", web::post().to(registration::deregister))
            .route("/{id}/request_code", web::post().to(registration::request_code))
            .route("/{id}/verify_code", web::post().to(registration::verify_code))
            .route("/{id}/settings", web::get().to(registration::settings))
            .route("/{id}/settings", web::post().to(registration::set_settings))
            .route("/{id}/whatsapp_business_profile", web::get().to(profile::read))
            .route("/{id}/whatsapp_business_profile", web::post().to(profile::update))
            .route("/{id}/block_users", web::get().to(block_users::list))
            .route("/{id}/block_users", web::post().to(block_users::block))
            .route("/{id}/block_users", web::delete().to(block_users::unblock))
            .route("/{id}/subscribed_apps", web::get().to(waba::subscribed_apps))
            .route("/{id}/subscribed_apps", web::post().to(waba::subscribe))
            .route("/{id}/subscribed_apps", web::delete().to(waba::unsubscribe))
            .route("/{id}/subscriptions", web::get().to(subscriptions::list))
            .route("/{id}/subscriptions", web::post().to(subscriptions::set))
            .route("/{id}/message_templates", web::get().to(template_list::list))
            .route("/{id}/message_templates", web::post().to(template_create::create))
            .route("/{id}/message_templates", web::delete().to(template_list::delete))
            .route("/{id}/upsert_message_templates", web::post().to(template_create::upsert))
            .route("/{id}/message_template_previews", web::get().to(template_code::previews))
            .route("/{id}/unpause", web::post().to(template_edit::unpause))
            .route("/{id}", web::get().to(node::read))
            .route("/{id}", web::post().to(node::change))
            .route("/{id}", web::delete().to(media::delete))
            .default_service(web::to(unknown_path)),
    );
}

async fn unknown_path(request: HttpRequest) -> HttpResponse {
    let version = request.match_info().get("version").unwrap_or_default();
    let path = request.match_info().unprocessed();
    GraphError::new(100, format!("Unknown path components: {path}")).response(version)
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
