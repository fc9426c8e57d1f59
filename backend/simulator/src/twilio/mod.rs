//! Twilio's API for WhatsApp as in `twilio.md`. All its hosts speak here: their paths do not clash.

mod account;
mod addresses;
mod approvals;
mod auth;
mod content_listing;
mod content_types;
mod contents;
mod draft;
mod errors;
mod event_streams;
mod fetching;
mod fields;
mod form;
pub(crate) mod inbound;
pub(crate) mod library;
mod listing;
mod media;
mod messages;
mod mime;
mod opt_out;
mod options;
pub(crate) mod overrides;
mod paging;
pub(crate) mod routing;
mod senders;
mod services;
mod shown;
pub(crate) mod sinks;
pub(crate) mod state;
mod times;
mod typing;
mod variables;
mod vcard;
pub(crate) mod webhooks;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use errors::{Twilio, TwilioError, request_id};

const API_VERSION: &str = "2010-04-01";

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.configure(account_routes).configure(messaging_routes).configure(content_routes).configure(event_routes);
    config
        .route("/2010-04-01/{tail:.*}", web::route().to(not_found))
        .route("/{version:v[123]}/{tail:.*}", web::route().to(not_found));
}

/// `api.twilio.com`.
fn account_routes(config: &mut web::ServiceConfig) {
    let path = |rest: &str| format!("/2010-04-01/Accounts/{{account}}{rest}");
    config
        .route(&path("/Messages.json"), web::post().to(messages::create))
        .route(&path("/Messages.json"), web::get().to(messages::list))
        .route(&path("/Messages/{id}/Media.json"), web::get().to(media::list))
        .route(&path("/Messages/{id}/Feedback.json"), web::post().to(messages::feedback))
        .route(&path("/Messages/{id}/Media/{media}.json"), web::get().to(media::fetch))
        .route(&path("/Messages/{id}/Media/{media}.json"), web::delete().to(media::delete))
        .route(&path("/Messages/{id}/Media/{media}"), web::get().to(media::bytes))
        .route(&path("/Messages/{id}/Media/{media}"), web::delete().to(media::delete))
        .route(&path("/Messages/{id}.json"), web::get().to(messages::fetch))
        .route(&path("/Messages/{id}.json"), web::post().to(messages::update))
        .route(&path("/Messages/{id}.json"), web::delete().to(messages::delete))
        .route(&path(".json"), web::get().to(account::fetch))
        .route(&path("/Balance.json"), web::get().to(account::balance))
        .route(&path("/Usage/{period:.+}.json"), web::get().to(account::usage));
}

/// `messaging.twilio.com`.
fn messaging_routes(config: &mut web::ServiceConfig) {
    config
        .route("/v2/Channels/Senders", web::get().to(senders::list))
        .route("/v2/Channels/Senders/{sender}", web::get().to(senders::fetch))
        .route("/v2/Channels/Senders/{sender}", web::post().to(senders::update))
        .route("/v1/Services", web::get().to(services::list))
        .route("/v1/Services", web::post().to(services::create))
        .route("/v1/Services/{service}", web::get().to(services::fetch))
        .route("/v1/Services/{service}", web::post().to(services::update))
        .route("/v1/Services/{service}", web::delete().to(services::delete))
        .route("/v1/Services/{service}/ChannelSenders", web::get().to(services::pool))
        .route("/v1/Services/{service}/ChannelSenders", web::post().to(services::add_sender))
        .route("/v1/Services/{service}/ChannelSenders/{sender}", web::get().to(services::fetch_sender))
        .route("/v1/Services/{service}/ChannelSenders/{sender}", web::delete().to(services::remove_sender))
        .route("/v2/Indicators/Typing.json", web::post().to(typing::by_form))
        .route("/v3/Indicators/Typing.json", web::post().to(typing::by_json));
}

/// `content.twilio.com`.
fn content_routes(config: &mut web::ServiceConfig) {
    config
        .route("/v1/ContentAndApprovals", web::get().to(content_listing::list_with_approvals))
        .route("/v2/ContentAndApprovals", web::get().to(content_listing::search_with_approvals))
        .route("/v1/LegacyContent", web::get().to(content_listing::legacy))
        .route("/v1/Content", web::get().to(content_listing::list))
        .route("/v2/Content", web::get().to(content_listing::search))
        .route("/v1/Content", web::post().to(contents::create))
        .route("/v1/Content/{content}", web::get().to(contents::fetch))
        .route("/v1/Content/{content}", web::put().to(contents::update))
        .route("/v1/Content/{content}", web::delete().to(contents::delete))
        .route("/v1/Content/{content}/ApprovalRequests", web::get().to(approvals::fetch))
        .route("/v1/Content/{content}/ApprovalRequests/whatsapp", web::post().to(approvals::submit));
}

/// `events.twilio.com`.
fn event_routes(config: &mut web::ServiceConfig) {
    config
        .route("/v1/Sinks", web::get().to(event_streams::list_sinks))
        .route("/v1/Sinks", web::post().to(event_streams::create_sink))
        .route("/v1/Sinks/{sink}", web::get().to(event_streams::fetch_sink))
        .route("/v1/Sinks/{sink}", web::delete().to(event_streams::delete_sink))
        .route("/v1/Sinks/{sink}/Test", web::post().to(event_streams::test_sink))
        .route("/v1/Sinks/{sink}/Validate", web::post().to(event_streams::validate_sink))
        .route("/v1/Subscriptions", web::get().to(event_streams::list_subscriptions))
        .route("/v1/Subscriptions", web::post().to(event_streams::create_subscription))
        .route("/v1/Subscriptions/{subscription}", web::get().to(event_streams::fetch_subscription))
        .route("/v1/Subscriptions/{subscription}", web::delete().to(event_streams::delete_subscription))
        .route("/v1/Types", web::get().to(event_streams::types));
}

async fn not_found(request: HttpRequest) -> HttpResponse {
    TwilioError::not_found(request.path()).response()
}

fn ok(outcome: Twilio<Value>) -> HttpResponse {
    match outcome {
        Ok(body) => HttpResponse::Ok().insert_header(("twilio-request-id", request_id())).json(body),
        Err(error) => error.response(),
    }
}

fn created(body: Value) -> HttpResponse {
    HttpResponse::Created().insert_header(("twilio-request-id", request_id())).json(body)
}
