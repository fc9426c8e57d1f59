//! Why an exchange did not come to an answer. No text here ever holds an address or a header: both may carry secrets.

use std::error::Error;

/// An exchange without an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// Nothing of the request left: it could not be built, or no connection came about.
    #[error("not sent: {0}")]
    NotSent(String),
    /// The request may have left: timeout, reset, or a broken answer. The server may have acted on it.
    #[error("no usable answer: {0}")]
    Lost(String),
}

impl TransportError {
    pub(super) fn from_reqwest(error: &reqwest::Error) -> Self {
        let text = describe(error);
        // A reset of a reused connection is no connect error, so it lands in `Lost` although the request may well
        // not have been read.
        if error.is_builder() || error.is_connect() { Self::NotSent(text) } else { Self::Lost(text) }
    }
}

/// The client could not be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the HTTP client can't be made: {0}")]
pub struct ClientError(String);

impl ClientError {
    pub(super) fn from_reqwest(error: reqwest::Error) -> Self {
        Self(describe(&error))
    }
}

/// The innermost cause in words. The outer layers are skipped: reqwest's own text carries the whole address.
fn describe(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return if error.is_connect() { "connecting took too long" } else { "the answer took too long" }.to_owned();
    }
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    let mut innermost = None;
    while let Some(inner) = cause {
        innermost = Some(inner);
        cause = inner.source();
    }
    match innermost {
        Some(cause) => cause.to_string(),
        None if error.is_builder() => "the request could not be built".to_owned(),
        None => "the exchange broke off".to_owned(),
    }
}
