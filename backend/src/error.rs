//! The one table of stable error codes, and the shape in which they reach a client (RFC 9457).
//!
//! A room has its own error type and says how it becomes an [`ApiError`]; `?` does the rest. What a client may see is in
//! `detail` and `errors`; what only an operator may see is the cause, which is logged once and never sent.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

use crate::storage::StorageError;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:tt, $status:literal, $title:literal;)+) => {
        /// A stable code: clients switch on it. Texts beside it may change, codes don't.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
        pub enum Code { $($(#[$doc])* #[serde(rename = $text)] $variant),+ }

        impl Code {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The HTTP status it is sent with.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// One short sentence, the same each time.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }
    };
}

codes! {
    InvalidJson = "invalid_json", 400, "The body is not JSON";
    InvalidParameter = "invalid_parameter", 400, "A parameter of the path or the query is not valid";
    WorkspaceHeaderMissing = "workspace_header_missing", 400, "A session must name its workspace";
    InvalidHeader = "invalid_header", 400, "A header is not valid";
    Unauthenticated = "unauthenticated", 401, "No valid credential";
    SignatureInvalid = "signature_invalid", 401, "The webhook's signature does not hold";
    SessionExpired = "session_expired", 401, "The session is over or its access has run out";
    WrongCredentials = "wrong_credentials", 401, "The e-mail address or the password is wrong";
    Forbidden = "forbidden", 403, "The credential does not allow this";
    CsrfHeaderMissing = "csrf_header_missing", 403, "A change by cookie needs the header Duplex-Console";
    SetupCodeWrong = "setup_code_wrong", 403, "The setup code is wrong";
    NotFound = "not_found", 404, "There is no such thing here";
    MethodNotAllowed = "method_not_allowed", 405, "The path is right, the method is not";
    Conflict = "conflict", 409, "It collides with what is there";
    IdempotencyKeyRunning = "idempotency_key_running", 409, "A request with this Idempotency-Key is still running";
    IdempotencySecretGone = "idempotency_secret_gone", 409, "Done before, and its answer held a secret that is not kept";
    SetupDone = "setup_done", 409, "This installation is set up already";
    SetupRequired = "setup_required", 409, "This installation is not set up yet";
    NotSandbox = "not_sandbox", 409, "Only a sandbox workspace can do this";
    FailoverNotReady = "failover_not_ready", 409, "The message can't go by the other provider";
    MessageUnderWay = "message_under_way", 409, "The message is on its way or has ended, and can't be taken back";
    MediaNotReady = "media_not_ready", 409, "The medium's bytes are not here";
    SandboxOff = "sandbox_off", 409, "The sandbox is switched off on this installation";
    MessageUnknown = "message_unknown", 409, "Nobody knows whether the message was sent";
    MessageNotUnknown = "message_not_unknown", 409, "The message is settled";
    MessageNotFailed = "message_not_failed", 409, "The message neither failed nor expired";
    Gone = "gone", 410, "It was here, and is not any more";
    PayloadTooLarge = "payload_too_large", 413, "The body is too large";
    UnsupportedMediaType = "unsupported_media_type", 415, "The body must be application/json";
    ValidationFailed = "validation_failed", 422, "Some fields are not valid";
    IdempotencyKeyReused = "idempotency_key_reused", 422, "This Idempotency-Key came with another body before";
    ChannelMissing = "channel_missing", 422, "The workspace has no channel for this provider";
    ContentUnsupported = "content_unsupported", 422, "The provider can't send this content";
    TemplateRefused = "template_refused", 422, "The provider refused the template";
    RateLimited = "rate_limited", 429, "Too many requests";
    ProviderRefused = "provider_refused", 502, "The provider did not do it";
    Internal = "internal", 500, "Something went wrong here";
    ProviderUnavailable = "provider_unavailable", 502, "The provider can't be reached or takes no more for now";
    Busy = "busy", 503, "Busy or starting; try again soon";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is wrong with one field of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Path of the field, such as `content.text.body` or `recipients[3]`.
    #[schema(examples("name"))]
    pub field: String,
    /// A stable word: `required`, `unknown_field`, `invalid_type`, `invalid_value`, `too_short`, `too_long`, or one of the endpoint's own.
    #[schema(value_type = String, examples("too_long"))]
    pub code: Cow<'static, str>,
    /// A sentence for a person.
    #[schema(examples("at most 80 characters"))]
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { field: field.into(), code: code.into(), message: message.into() }
    }
}

/// The body of every error answer, as `application/problem+json`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Names the kind of problem; the last segment is the code.
    #[serde(rename = "type")]
    #[schema(examples("/problems/validation_failed"))]
    pub kind: String,
    #[schema(examples("Some fields are not valid"))]
    pub title: &'static str,
    #[schema(examples(422))]
    pub status: u16,
    /// What happened this time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, examples("name: at most 80 characters"))]
    pub detail: Option<Cow<'static, str>>,
    pub code: Code,
    /// Quote it when asking for help: the log lines of the request carry it.
    #[schema(examples("019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b"))]
    pub request_id: String,
    /// One entry per field that is not valid; empty for other problems.
    pub errors: Vec<FieldError>,
}

/// An error on its way to a client.
#[derive(Debug)]
pub struct ApiError {
    pub code: Code,
    pub detail: Option<Cow<'static, str>>,
    pub errors: Vec<FieldError>,
    /// Rounded up to whole seconds in the header `Retry-After`.
    pub retry_after: Option<Duration>,
    /// For the log only.
    cause: Option<String>,
}

/// What a caller is told to wait when the database can't take more.
const BUSY_RETRY: Duration = Duration::from_secs(1);

impl ApiError {
    pub const fn new(code: Code) -> Self {
        Self { code, detail: None, errors: Vec::new(), retry_after: None, cause: None }
    }

    /// With a sentence that the client may read. Never put a secret or a cause from below in it.
    pub fn with_detail(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: Some(detail.into()), ..Self::new(code) }
    }

    /// 422 for one field.
    pub fn field(field: impl Into<String>, code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::fields(vec![FieldError::new(field, code, message)])
    }

    /// 422 for several fields.
    pub fn fields(errors: Vec<FieldError>) -> Self {
        let detail = errors.first().map(|first| Cow::Owned(format!("{}: {}", first.field, first.message)));
        Self { detail, errors, ..Self::new(Code::ValidationFailed) }
    }

    pub const fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// 503 with a time after which another try makes sense.
    pub fn busy(after: Duration) -> Self {
        Self { retry_after: Some(after), ..Self::new(Code::Busy) }
    }

    pub fn rate_limited(after: Duration) -> Self {
        Self { retry_after: Some(after), ..Self::new(Code::RateLimited) }
    }

    /// 500; the cause is logged with the request's id and stays here.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self { cause: Some(cause.to_string()), ..Self::new(Code::Internal) }
    }

    /// The same under another code.
    #[must_use]
    pub const fn with_code(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    /// Keeps what happened below for the log, whatever the code.
    #[must_use]
    pub fn caused_by(mut self, cause: impl fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }

    /// For the log.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The body for a client.
    pub fn problem(&self, request_id: String) -> Problem {
        Problem {
            kind: format!("/problems/{}", self.code),
            title: self.code.title(),
            status: self.code.status(),
            detail: self.detail.clone(),
            code: self.code,
            request_id,
            errors: self.errors.clone(),
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.detail.as_deref().unwrap_or(self.code.title()))
    }
}

impl std::error::Error for ApiError {}

impl From<Code> for ApiError {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::NotFound => Self::not_found(),
            StorageError::Conflict(_) => Self::new(Code::Conflict).caused_by(error),
            StorageError::Refused(_) => {
                Self::with_detail(Code::ValidationFailed, "the database can't store one of the values").caused_by(error)
            }
            StorageError::Busy(_) => Self::busy(BUSY_RETRY).caused_by(error),
            StorageError::Corrupt(_) | StorageError::Other(_) => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_are_distinct_and_snake_case() {
        let words: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        for code in Code::ALL {
            assert!(code.as_str().chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{code}");
            assert!((400..600).contains(&code.status()), "{code}");
            assert_eq!(serde_json::to_value(code).unwrap(), code.as_str());
        }
    }

    #[test]
    fn causes_stay_here() {
        let error = ApiError::from(StorageError::Other("password=hunter2".into()));
        let body = serde_json::to_string(&error.problem("r".into())).unwrap();
        assert!(!body.contains("hunter2"));
        assert_eq!(error.cause(), Some("database: password=hunter2"));
    }
}
