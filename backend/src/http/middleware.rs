//! What surrounds every request: its span, its figures, and the headers that keep browsers careful.

use std::time::Instant;

use actix_cors::Cors;
use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    AUTHORIZATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use actix_web::middleware::{Condition, Next};
use actix_web::web;
use tracing::Span;
use tracing::field::Empty;
use tracing_actix_web::RootSpanBuilder;

use super::context::Context;
use super::request_id::RequestId;

/// Nothing but our own origin: no inline script or style, no frames, no foreign form targets.
const POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data: blob:";
/// The same for the console, whose page names the address that its links start from.
pub const CONSOLE_POLICY: &str = "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; img-src 'self' data: blob:";
/// Swagger UI sets styles inline.
const DOCS_POLICY: &str = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    object-src 'none'; img-src 'self' data:; style-src 'self' 'unsafe-inline'";
/// How long a browser may keep the answer to a preflight, in seconds.
const PREFLIGHT: usize = 600;

/// # Errors
/// Those of the services within.
pub async fn security_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    for (name, value) in [
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        (REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ] {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    Ok(response)
}

/// # Errors
/// Those of the services within.
pub async fn docs_policy(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let mut response = next.call(request).await?;
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(DOCS_POLICY));
    Ok(response)
}

/// Counts requests and their time by route (never by path, which has no bounds), and those that are being answered.
///
/// # Errors
/// Those of the services within.
pub async fn measure(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let method = method_label(request.method());
    let _open = request.app_data::<web::Data<Context>>().map(|ctx| ctx.requests.token());
    let response = next.call(request).await?;
    let route = response.request().match_pattern().unwrap_or_else(|| "none".to_owned());
    let status = response.status().as_u16().to_string();
    metrics::counter!("duplex_http_requests_total", "method" => method, "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("duplex_http_request_seconds", "method" => method, "route" => route)
        .record(started.elapsed().as_secs_f64());
    Ok(response)
}

/// A caller may invent methods; the figures must not grow with them.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// Lets pages of the named origins call the API, with a key or with the session of whoever looks at them. The header that
/// every change by session needs makes browsers ask here first, and for other origins the answer is no.
pub fn cors(origins: &[String]) -> Condition<Cors> {
    let allowed = origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    let cors = allowed
        .allowed_methods([Method::GET, Method::POST, Method::PATCH, Method::PUT, Method::DELETE])
        .allowed_headers([AUTHORIZATION, CONTENT_TYPE])
        .allowed_headers(["duplex-console", "duplex-workspace", "idempotency-key", "last-event-id", "x-request-id"])
        .expose_headers(["location", "ratelimit", "ratelimit-policy", "retry-after", "x-request-id"])
        .supports_credentials()
        .max_age(PREFLIGHT);
    Condition::new(!origins.is_empty(), cors)
}

/// The span of a request: method, route, status and id. No query (webhooks carry tokens there), no body, no header.
pub struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        let extensions = request.extensions();
        let request_id = extensions.get::<RequestId>().map_or("", |id| id.0.as_str());
        let route = request.match_pattern();
        tracing::info_span!(
            "request",
            request_id,
            method = %request.method(),
            route = route.as_deref().unwrap_or("none"),
            status = Empty,
        )
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        span.record("status", status.as_u16());
        span.in_scope(|| tracing::debug!(target: "duplex::http", "answered"));
    }
}
