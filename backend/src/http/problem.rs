//! How an [`ApiError`] becomes an answer.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpRequest, HttpResponse, ResponseError};

use super::{API, ROUTES, request_id};
use crate::error::{ApiError, Code};

/// What a handler gives back.
pub type ApiResult<T> = Result<T, ApiError>;

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let request_id = request_id::current();
        log(self, &request_id);
        let mut response = HttpResponse::build(self.status_code());
        if self.status_code() == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer"));
        }
        if let Some(after) = self.retry_after {
            response.insert_header((RETRY_AFTER, after.as_secs_f64().ceil().max(1.0).to_string()));
        }
        let mut response = response.json(self.problem(request_id));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}

fn log(error: &ApiError, request_id: &str) {
    let cause = error.cause().unwrap_or_default();
    if error.code.status() >= 500 {
        tracing::error!(request_id, code = error.code.as_str(), cause, "request failed");
    } else if !cause.is_empty() {
        tracing::debug!(request_id, code = error.code.as_str(), cause, "request refused");
    }
}

/// The answer to a path that nobody serves.
pub async fn unknown_path(request: HttpRequest) -> ApiResult<HttpResponse> {
    Err(ApiError::with_detail(Code::NotFound, format!("nothing is served at {}", request.path())))
}

/// The answer to a method that a path does not have; it names those that it has.
pub async fn unknown_method(request: HttpRequest) -> HttpResponse {
    let error = ApiError::with_detail(
        Code::MethodNotAllowed,
        format!("{} is not among the methods of {}", request.method(), request.path()),
    );
    let pattern = request.match_pattern().unwrap_or_default();
    let path = pattern.strip_prefix(API).unwrap_or(&pattern);
    let methods: Vec<String> =
        ROUTES.iter().filter(|(_, known)| *known == path).map(|(method, _)| method.to_uppercase()).collect();
    let mut response = error.error_response();
    if let Ok(value) = HeaderValue::from_str(&methods.join(", ")) {
        response.headers_mut().insert(ALLOW, value);
    }
    response
}
