//! The admin API under `/_admin`: accounts, the virtual phone, faults and the books. For the machine's owner only.

mod accounts;
mod books;
mod client;
mod compose;
mod contents;
mod inbound;
mod notices;
mod phone;
mod press;
mod state;
mod templates;
mod thread;
mod types;

use std::sync::Arc;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::AUTHORIZATION;
use actix_web::middleware::{Next, from_fn};
use actix_web::{HttpResponse, ResponseError, web};

use crate::accounts::{Account, AccountError};
use crate::state::World;

pub use client::{AdminClient, AdminError};
pub use contents::ContentChange;
pub use inbound::{Inbound, InboundContent, InboundFile, InboundResult, StoredFile};
pub use notices::{NewNotice, NoticeResult};
pub use templates::TemplateChange;
pub use thread::{Conversation, ConversationQuery, ThreadMessage};
pub use types::{
    AccountPatch, AccountView, AdminProblem, DirectCredentials, NewDirectAccount, NewTwilioAccount, TwilioCredentials,
    WindowChange,
};

/// The token that the admin API asks for.
#[derive(Clone)]
pub(crate) struct AdminToken(pub(crate) Arc<str>);

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::scope("/_admin")
            .wrap(from_fn(guard))
            .app_data(web::JsonConfig::default().error_handler(|error, _| Refusal::invalid(error.to_string()).into()))
            .app_data(web::QueryConfig::default().error_handler(|error, _| Refusal::invalid(error.to_string()).into()))
            .route("/accounts", web::get().to(accounts::list))
            .route("/accounts/direct", web::post().to(accounts::create_direct))
            .route("/accounts/twilio", web::post().to(accounts::create_twilio))
            .route("/accounts/{id}", web::patch().to(accounts::patch))
            .route("/notices", web::post().to(notices::post))
            .route("/templates/{account}/{name}/{language}", web::post().to(templates::change))
            .route("/contents/{account}/{content}", web::post().to(contents::change))
            .route("/inbound", web::post().to(phone::inbound))
            .service(
                web::resource("/media")
                    .app_data(web::PayloadConfig::new(phone::FILE_LIMIT))
                    .route(web::post().to(phone::keep_file)),
            )
            .route("/conversations", web::get().to(phone::conversations))
            .route("/counts/{sender}", web::get().to(phone::counts))
            .route("/windows", web::post().to(phone::set_window))
            .route("/ledger", web::get().to(books::ledger))
            .route("/ledger/summary", web::get().to(books::summary))
            .route("/faults", web::get().to(books::faults))
            .route("/faults", web::put().to(books::set_faults))
            .route("/faults", web::delete().to(books::clear_faults))
            .route("/magic-numbers", web::get().to(books::magic_numbers))
            .route("/pace", web::get().to(books::pace))
            .route("/pace", web::put().to(books::set_pace))
            .route("/webhooks", web::get().to(books::webhooks)),
    );
}

async fn guard(
    token: web::Data<AdminToken>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = header.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    if !crate::signing::same(given, &token.0) {
        return Ok(request.into_response(
            Refusal::new(StatusCode::UNAUTHORIZED, "the admin token is missing or wrong").error_response(),
        ));
    }
    next.call(request).await.map(ServiceResponse::map_into_boxed_body)
}

/// A refusal of the admin API.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Refusal {
    status: StatusCode,
    message: String,
}

impl Refusal {
    fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }
}

impl ResponseError for Refusal {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status).json(AdminProblem { error: self.message.clone() })
    }
}

impl From<AccountError> for Refusal {
    fn from(error: AccountError) -> Self {
        let status = match error {
            AccountError::Exists => StatusCode::CONFLICT,
            AccountError::Unknown => StatusCode::NOT_FOUND,
            AccountError::Write(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, error.to_string())
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, format!("the ledger cannot be used: {error}"))
    }
}

/// The account that a caller named in one of the ways it may.
fn resolve(world: &World, sender: &str) -> Result<Account, Refusal> {
    world.accounts.resolve(sender).ok_or_else(|| AccountError::Unknown.into())
}
