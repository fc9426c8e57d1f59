//! Bodies, paths and pages, with problems that name the field.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::error::{JsonPayloadError, PayloadError};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{FromRequest, HttpRequest, web};
use futures_util::FutureExt;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::domain::page::{List, Page};
use crate::error::{ApiError, Code, FieldError};
use crate::storage::idempotency::IdempotencyScope;

/// A JSON body. Types for it deny unknown fields.
pub struct JsonBody<T> {
    pub value: T,
    /// As it came.
    pub raw: web::Bytes,
}

impl<T> JsonBody<T> {
    /// SHA-256 of the bytes as they came.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(&self.raw).into()
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for JsonBody<T> {
    type Error = ApiError;
    type Future = LocalBoxFuture<'static, Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = is_json(request);
        let bytes = web::Bytes::from_request(request, payload);
        Box::pin(async move {
            if !is_json {
                return Err(Code::UnsupportedMediaType.into());
            }
            let raw = bytes.await.map_err(|error| unreadable(&error))?;
            Ok(Self { value: parse_json(&raw)?, raw })
        })
    }
}

/// Tells a field that is absent from one that is null.
///
/// # Errors
/// The value is of another type.
pub fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}

fn is_json(request: &HttpRequest) -> bool {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

fn unreadable(error: &actix_web::Error) -> ApiError {
    let overflow = error.as_error::<PayloadError>().is_some_and(|error| matches!(error, PayloadError::Overflow))
        || error.as_response_error().status_code() == actix_web::http::StatusCode::PAYLOAD_TOO_LARGE
        || error.as_error::<JsonPayloadError>().is_some();
    let code = if overflow { Code::PayloadTooLarge } else { Code::InvalidJson };
    ApiError::new(code).caused_by(error)
}

/// Reads a document, and says which field is wrong.
///
/// # Errors
/// [`Code::InvalidJson`] when it is none, [`Code::ValidationFailed`] when a field is unknown, missing or of another type.
pub fn parse_json<T: DeserializeOwned>(raw: &[u8]) -> Result<T, ApiError> {
    let mut reader = serde_json::Deserializer::from_slice(raw);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let cause = error.into_inner();
        if cause.is_data() { field_problem(&path, &cause.to_string()) } else { not_json(&cause) }
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    // serde would also fill a type from an array, by position.
    match raw.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'[') => Err(ApiError::field("(body)", "invalid_type", "expected an object")),
        _ => Ok(value),
    }
}

fn not_json(error: &serde_json::Error) -> ApiError {
    ApiError::with_detail(
        Code::InvalidJson,
        format!("no valid JSON at line {}, column {}", error.line(), error.column()),
    )
}

/// Makes a stable word and a full path of what serde says.
pub(super) fn field_problem(path: &str, message: &str) -> ApiError {
    // serde_json adds the place; a path says more.
    let message = message.split(" at line ").next().unwrap_or(message);
    let quoted = message.split('`').nth(1).unwrap_or_default();
    let (field, code, text) = if message.starts_with("invalid length") {
        (joined(path, ""), "invalid_type", expected(message))
    } else if message.starts_with("missing field") {
        (joined(path, quoted), "required", "is required".to_owned())
    } else if message.starts_with("unknown field") {
        (joined(path, quoted), "unknown_field", "is not a field of this request".to_owned())
    } else if message.starts_with("invalid type") {
        (joined(path, ""), "invalid_type", expected(message))
    } else if message.starts_with("unknown variant") {
        (joined(path, ""), "invalid_value", message.split_once(", ").map_or(message, |(_, rest)| rest).to_owned())
    } else {
        (joined(path, ""), "invalid_value", message.to_owned())
    };
    ApiError::field(field, code, text)
}

/// `invalid type: string "…", expected u16` without the value, which may be a secret.
fn expected(message: &str) -> String {
    message
        .rsplit_once(", expected ")
        .map_or_else(|| "is of another type".to_owned(), |(_, kind)| format!("expected {kind}"))
}

fn joined(path: &str, name: &str) -> String {
    match (path, name) {
        ("." | "", "") => "(body)".to_owned(),
        ("." | "", name) => name.to_owned(),
        (path, "") => path.to_owned(),
        (path, name) if path == name || path.ends_with(&format!(".{name}")) => path.to_owned(),
        (path, name) => format!("{path}.{name}"),
    }
}

/// The path's parameters.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let parsed = web::Path::<T>::from_request(request, payload).now_or_never().and_then(Result::ok);
        ready(parsed.map(|path| Self(path.into_inner())).ok_or_else(|| wrong_path(request)))
    }
}

fn wrong_path(request: &HttpRequest) -> ApiError {
    let errors: Vec<_> = request
        .match_info()
        .iter()
        .map(|(name, _)| FieldError::new(name, "invalid_value", "is not a valid id"))
        .collect();
    ApiError::fields(errors).with_code(Code::InvalidParameter)
}

/// The part of a list that is asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Paging {
    /// `next_cursor` of the page before; absent for the first page.
    pub cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    pub limit: Option<u16>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    pub workspace: Option<Uuid>,
}

impl Paging {
    /// # Errors
    /// The cursor is none of ours, or the limit is out of its range.
    pub fn page(&self) -> Result<Page, ApiError> {
        page(self.cursor.as_deref(), self.limit)
    }
}

/// For lists with parameters of their own beside `cursor` and `limit`.
///
/// # Errors
/// The cursor is none of ours, or the limit is out of its range.
pub fn page(cursor: Option<&str>, limit: Option<u16>) -> Result<Page, ApiError> {
    page_of_at_most(Page::MAX, cursor, limit)
}

/// For lists of which a page holds fewer than usual.
///
/// # Errors
/// As [`page`].
pub fn page_of_at_most(most: u16, cursor: Option<&str>, limit: Option<u16>) -> Result<Page, ApiError> {
    let wrong = |field: &str, message: String| {
        ApiError::field(field, "invalid_value", message).with_code(Code::InvalidParameter)
    };
    let before = cursor
        .map(|text| text.parse::<Uuid>().map_err(|_| wrong("cursor", "is not a cursor of this list".to_owned())))
        .transpose()?;
    let limit = limit.unwrap_or(Page::DEFAULT);
    if !(1..=most).contains(&limit) {
        return Err(wrong("limit", format!("from 1 to {most}")));
    }
    Ok(Page { before, limit })
}

/// A page of what storage gave: it gives one row more than asked for when there is a next page.
pub fn listed<T>(mut rows: Vec<T>, page: Page, id: impl Fn(&T) -> Uuid) -> List<T> {
    let more = rows.len() > usize::from(page.limit);
    rows.truncate(usize::from(page.limit));
    let next_cursor = if more { rows.last().map(|row| id(row).to_string()) } else { None };
    List { data: rows, next_cursor }
}

/// The header `Idempotency-Key`, when it came.
#[derive(Clone, Debug)]
pub struct IdempotencyKey(Option<String>);

const IDEMPOTENCY_HEADER: &str = "Idempotency-Key";
/// Longest key, in bytes.
const LONGEST_KEY: usize = 255;

impl IdempotencyKey {
    /// The place under which the answer is kept; `None` when the caller sent no key. `route` is `METHOD /path/pattern`.
    pub fn scope(self, principal: String, route: &str, body_hash: [u8; 32]) -> Option<IdempotencyScope> {
        self.0.map(|key| IdempotencyScope { principal, route: route.to_owned(), key, body_hash })
    }

    fn of(request: &HttpRequest) -> Result<Self, ApiError> {
        let Some(value) = request.headers().get(IDEMPOTENCY_HEADER) else { return Ok(Self(None)) };
        let text = value.to_str().unwrap_or_default();
        if text.is_empty() || text.len() > LONGEST_KEY || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ApiError::with_detail(
                Code::InvalidHeader,
                format!("{IDEMPOTENCY_HEADER} is 1 to {LONGEST_KEY} visible ASCII characters"),
            ));
        }
        Ok(Self(Some(text.to_owned())))
    }
}

impl FromRequest for IdempotencyKey {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code)]
        count: u16,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        #[expect(dead_code)]
        name: String,
        #[expect(dead_code)]
        inner: Vec<Inner>,
    }

    fn problem(text: &str) -> (Code, String, String) {
        let error = parse_json::<Outer>(text.as_bytes()).unwrap_err();
        let first = error.errors.first().cloned().unwrap_or_else(|| FieldError::new("", "", ""));
        (error.code, first.field, first.code.into_owned())
    }

    #[test]
    fn problems_name_the_field() {
        let of = |field: &str, code: &str| (Code::ValidationFailed, field.to_owned(), code.to_owned());
        assert_eq!(problem(r#"{"name":1,"inner":[]}"#), of("name", "invalid_type"));
        assert_eq!(problem(r#"{"inner":[]}"#), of("name", "required"));
        assert_eq!(problem(r#"{"name":"a","inner":[],"x":1}"#), of("x", "unknown_field"));
        assert_eq!(
            problem(r#"{"name":"a","inner":[{"count":1},{"count":"1"}]}"#),
            of("inner[1].count", "invalid_type")
        );
        assert_eq!(problem(r#"{"name":"a","inner":[{"count":1,"y":2}]}"#), of("inner[0].y", "unknown_field"));
        assert_eq!(problem(r#"{"name":"a","inner":[{"count":70000}]}"#).0, Code::ValidationFailed);
        assert_eq!(problem("[]"), of("(body)", "invalid_type"));
        assert_eq!(problem(r#"["a", []]"#), of("(body)", "invalid_type"));
    }

    #[test]
    fn what_is_not_json_says_where() {
        assert_eq!(problem("{").0, Code::InvalidJson);
        assert_eq!(problem("").0, Code::InvalidJson);
        assert_eq!(problem(r#"{"name":"a","inner":[]} x"#).0, Code::InvalidJson);
    }

    #[test]
    fn values_are_not_repeated() {
        let error = parse_json::<Outer>(br#"{"name":"a","inner":"hunter2"}"#).unwrap_err();
        assert!(!serde_json::to_string(&error.problem(String::new())).unwrap().contains("hunter2"));
    }

    #[test]
    fn pages_have_bounds() {
        assert!(page(None, Some(0)).is_err());
        assert!(page(None, Some(201)).is_err());
        assert!(page(Some("x"), None).is_err());
        assert!(page_of_at_most(100, None, Some(101)).is_err());
        assert_eq!(page(None, None).unwrap(), Page { before: None, limit: 50 });
        let list = listed(vec![3, 2, 1], Page { before: None, limit: 2 }, |n| Uuid::from_u128(*n));
        assert_eq!(list.data, vec![3, 2]);
        assert_eq!(list.next_cursor, Some(Uuid::from_u128(2).to_string()));
    }
}
