//! Twilio's API for WhatsApp as in `twilio.md`. All its hosts speak here: their paths do not clash.

mod auth;
mod contents;
mod draft;
mod errors;
mod fields;
pub(crate) mod inbound;
pub(crate) mod library;
mod listing;
mod messages;
pub(crate) mod overrides;
mod senders;
mod vcard;
pub(crate) mod webhooks;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::Value;

use errors::{Twilio, TwilioError, request_id};

const API_VERSION: &str = "2010-04-01";

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/2010-04-01/Accounts/{account}/Messages.json", web::post().to(messages::create))
        .route("/2010-04-01/Accounts/{account}/Messages.json", web::get().to(messages::list))
        .route("/2010-04-01/Accounts/{account}/Messages/{id}.json", web::get().to(messages::fetch))
        .route("/2010-04-01/Accounts/{account}.json", web::get().to(senders::account))
        .route("/2010-04-01/Accounts/{account}/Balance.json", web::get().to(senders::balance))
        .route("/v2/Channels/Senders", web::get().to(senders::list))
        .route("/v2/Channels/Senders/{sender}", web::get().to(senders::fetch))
        .route("/v2/Channels/Senders/{sender}", web::post().to(senders::update))
        .route("/v1/Services/{service}", web::get().to(senders::service))
        .route("/v2/Indicators/Typing.json", web::post().to(senders::typing))
        .route("/v3/Indicators/Typing.json", web::post().to(senders::typing))
        .route("/{version:v[12]}/ContentAndApprovals", web::get().to(contents::list_with_approvals))
        .route("/{version:v[12]}/Content", web::get().to(contents::list))
        .route("/v1/Content", web::post().to(contents::create))
        .route("/v1/Content/{content}", web::get().to(contents::fetch))
        .route("/v1/Content/{content}", web::delete().to(contents::delete))
        .route("/v1/Content/{content}/ApprovalRequests", web::get().to(contents::approval))
        .route("/v1/Content/{content}/ApprovalRequests/whatsapp", web::post().to(contents::submit))
        .route("/2010-04-01/{tail:.*}", web::route().to(not_found))
        .route("/{version:v[123]}/{tail:.*}", web::route().to(not_found));
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
