//! Why a provider did not do what was asked about a template.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::client::TransportError;
use crate::domain::provider::word;

word! {
    /// What kind of refusal, for programs.
    pub enum TemplateErrorKind {
        /// The provider looked at it and said no; the message says why.
        Refused = "refused",
        /// The provider lacks something that the template needs.
        Unsupported = "unsupported",
        /// Nothing has this reference there.
        Missing = "missing",
        /// The credentials are not accepted or may not do this.
        Denied = "denied",
        /// Too many calls or templates for now.
        Throttled = "throttled",
        /// The provider can't be reached, or failed; a change may have been made all the same.
        Unavailable = "unavailable",
        /// The medium for the reviewer can't be used.
        Sample = "sample",
    }
}

/// A refusal with the provider's own words, which are for the operator and hold no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error, ToSchema)]
#[error("{message}")]
pub struct TemplateError {
    pub kind: TemplateErrorKind,
    /// Such as `2388299` or `92009`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("2388299"))]
    pub provider_code: Option<String>,
    /// The provider's message in full, or the gateway's where the provider said nothing.
    pub message: String,
    /// Meta's title for a person (`error_user_title`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_title: Option<String>,
    /// Meta's explanation for a person (`error_user_msg`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_message: Option<String>,
    /// Where in the definition, if one part is to blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// A Content that was stored before its review was refused.
    #[serde(skip)]
    pub stored: Option<String>,
    /// Not before this wait is over.
    #[serde(skip)]
    pub retry_after: Option<Duration>,
}

impl TemplateError {
    pub fn new(kind: TemplateErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            provider_code: None,
            message: message.into(),
            user_title: None,
            user_message: None,
            field: None,
            stored: None,
            retry_after: None,
        }
    }

    /// No usable answer came.
    pub fn no_answer(error: &TransportError) -> Self {
        Self::new(TemplateErrorKind::Unavailable, format!("The provider gave no answer: {error}."))
    }

    /// A success whose body can't be read.
    pub fn unreadable() -> Self {
        Self::new(TemplateErrorKind::Unavailable, "The provider's answer can't be read.")
    }

    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    #[must_use]
    pub fn with_stored(mut self, reference: &str) -> Self {
        self.stored = Some(reference.to_owned());
        self
    }

    /// The most telling sentence.
    pub fn sentence(&self) -> &str {
        self.user_message.as_deref().unwrap_or(&self.message)
    }
}

/// A text member of an answer that is not empty.
pub fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}
