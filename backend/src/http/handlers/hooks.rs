//! Where the providers call: verify, store, answer. No credential of ours; the signature is the credential.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use crate::domain::ids::ChannelId;
use crate::error::{ApiError, Code};
use crate::http::Context;
use crate::inbound::ingest::{IngestError, Received};
use crate::providers::Handshake;

/// Largest webhook: Meta sends up to 3 MB (direct.md §3.3).
const LARGEST: usize = 4 * 1024 * 1024;
/// Longest handshake challenge that is echoed, in bytes (direct.md §3.1).
const LONGEST_CHALLENGE: usize = 256;

/// The hooks' routes; uncompressed bodies only, so that the signed bytes are the ones received.
pub fn configure(config: &mut web::ServiceConfig) {
    config
        .app_data(web::PayloadConfig::new(LARGEST))
        .service(web::resource("/direct/{app}").route(web::get().to(handshake)).route(web::post().to(direct)))
        .service(web::resource("/twilio/{channel}").route(web::post().to(twilio)).route(web::get().to(twilio)))
        .service(web::resource("/twilio/{channel}/status").route(web::post().to(twilio)).route(web::get().to(twilio)));
}

#[derive(Deserialize)]
struct HandshakeQuery {
    #[serde(rename = "hub.mode", default)]
    mode: String,
    #[serde(rename = "hub.verify_token", default)]
    verify_token: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
}

async fn handshake(
    ctx: web::Data<Context>,
    app: web::Path<String>,
    query: web::Query<HandshakeQuery>,
) -> Result<HttpResponse, ApiError> {
    let query = query.into_inner();
    if query.challenge.len() > LONGEST_CHALLENGE {
        return Err(Code::InvalidParameter.into());
    }
    let request = Handshake { mode: query.mode, verify_token: query.verify_token, challenge: query.challenge };
    match ctx.ingest.handshake(&app, &request).await? {
        Some(challenge) => Ok(HttpResponse::Ok().content_type("text/plain").body(challenge)),
        None => Err(Code::Forbidden.into()),
    }
}

/// Meta wants 200 with an empty body (direct.md §3.8).
async fn direct(
    ctx: web::Data<Context>,
    request: HttpRequest,
    app: web::Path<String>,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    ctx.ingest.direct(&app, received(&request, "X-Hub-Signature-256", body)).await?;
    Ok(HttpResponse::Ok().finish())
}

/// By POST or by GET, as the account has it (twilio.md §3). Twilio takes 204 as "nothing to send back" (twilio.md §3.2).
async fn twilio(
    ctx: web::Data<Context>,
    request: HttpRequest,
    channel: web::Path<ChannelId>,
    body: web::Bytes,
) -> Result<HttpResponse, ApiError> {
    ctx.ingest.twilio(*channel, received(&request, "X-Twilio-Signature", body)).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn received(request: &HttpRequest, header: &str, body: web::Bytes) -> Received {
    Received {
        target: request.uri().path_and_query().map_or_else(|| request.path().to_owned(), |target| target.to_string()),
        signature: request.headers().get(header).and_then(|value| value.to_str().ok()).map(str::to_owned),
        body: body.to_vec(),
        heard: heard(request),
    }
}

/// Headers in which a request names the host that was called.
const HOST_HEADERS: [&str; 2] = ["Host", "X-Forwarded-Host"];

fn heard(request: &HttpRequest) -> Vec<String> {
    let values = HOST_HEADERS.iter().filter_map(|name| request.headers().get(*name)?.to_str().ok());
    let mut hosts: Vec<String> = values.flat_map(|value| value.split(',')).map(|host| host.trim().to_owned()).collect();
    hosts.retain(|host| !host.is_empty());
    hosts.dedup();
    hosts.truncate(HOST_HEADERS.len());
    hosts
}

impl From<IngestError> for ApiError {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::UnknownEndpoint => Self::not_found(),
            IngestError::BadSignature(reason) => Self::with_detail(Code::SignatureInvalid, reason.to_string()),
            IngestError::Storage(error) => error.into(),
        }
    }
}
