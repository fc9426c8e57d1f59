//! One id per request: taken from the caller or made here, sent back, and in every log line and problem.

use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use uuid::Uuid;

pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id taken from a caller, in bytes.
const LONGEST: usize = 64;

tokio::task_local! {
    static CURRENT: RequestId;
}

/// The id of a request.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// The id of the request that this task works for; empty outside of one.
pub fn current() -> String {
    CURRENT.try_with(|id| id.0.clone()).unwrap_or_default()
}

/// Gives the request its id. Must be the outermost middleware, so that the others' errors carry it too.
///
/// # Errors
/// Those of the services within.
pub async fn assign(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let id = RequestId(given(&request).unwrap_or_else(|| Uuid::now_v7().to_string()));
    request.extensions_mut().insert(id.clone());
    let value = HeaderValue::from_str(&id.0);
    let mut response = CURRENT.scope(id, next.call(request)).await?;
    if let Ok(value) = value {
        response.headers_mut().insert(HEADER, value);
    }
    Ok(response)
}

/// The caller's own id, when it is one that can stand in a log line.
fn given(request: &ServiceRequest) -> Option<String> {
    let text = request.headers().get(HEADER)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (!text.is_empty() && text.len() <= LONGEST && text.bytes().all(plain)).then(|| text.to_owned())
}
