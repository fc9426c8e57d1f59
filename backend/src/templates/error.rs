//! What can go wrong with templates, and what a client is told of it.

use std::borrow::Cow;

use crate::channels::{ChannelError, RegistryError};
use crate::domain::time::Ts;
use crate::error::{ApiError, Code, FieldError};
use crate::providers::violation::{Violation, ViolationCode};
use crate::providers::{TemplateError, TemplateErrorKind};
use crate::storage::StorageError;

#[derive(Debug, thiserror::Error)]
pub enum TemplatesError {
    /// Some parts of the definition are not valid, or the provider lacks them.
    #[error("{} parts are not valid", .0.len())]
    Invalid(Vec<Violation>),
    /// The name exists in this language.
    #[error("the template exists")]
    Exists,
    /// The template's state does not allow it.
    #[error("{0}")]
    State(Cow<'static, str>),
    /// WhatsApp allows no further edit before this.
    #[error("no edit before {0}")]
    EditedTooOften(Ts),
    /// The provider's refusal.
    #[error(transparent)]
    Provider(#[from] TemplateError),
    #[error(transparent)]
    Channel(#[from] ChannelError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl TemplatesError {
    pub(super) fn state(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::State(detail.into())
    }

    pub(super) fn violation(field: &str, code: ViolationCode, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Violation::new(field, code, message)])
    }
}

impl From<RegistryError> for TemplatesError {
    fn from(error: RegistryError) -> Self {
        Self::Channel(error.into())
    }
}

impl From<serde_json::Error> for TemplatesError {
    fn from(error: serde_json::Error) -> Self {
        Self::Storage(error.into())
    }
}

impl From<TemplatesError> for ApiError {
    fn from(error: TemplatesError) -> Self {
        match error {
            TemplatesError::Invalid(violations) => Self::fields(
                violations.into_iter().map(|one| FieldError::new(one.field, one.code.as_str(), one.message)).collect(),
            ),
            TemplatesError::Exists => {
                let mut conflict =
                    Self::with_detail(Code::Conflict, "a template with this name exists in this language");
                conflict.errors.push(FieldError::new("name", "duplicate", "change that one, or take another name"));
                conflict
            }
            TemplatesError::State(detail) => Self::with_detail(Code::Conflict, detail),
            TemplatesError::EditedTooOften(until) => Self::with_detail(
                Code::Conflict,
                format!(
                    "WhatsApp takes one edit of an approved template in 24 hours and ten in 30 days; the next one from {until}"
                ),
            ),
            TemplatesError::Provider(error) => refused(&error),
            TemplatesError::Channel(error) => error.into(),
            TemplatesError::Storage(error) => error.into(),
        }
    }
}

/// The provider's own words reach the client, with its code.
fn refused(error: &TemplateError) -> ApiError {
    let code = match error.kind {
        TemplateErrorKind::Unavailable | TemplateErrorKind::Throttled => Code::ProviderUnavailable,
        _ => Code::TemplateRefused,
    };
    let mut problem = ApiError::with_detail(code, error.sentence().to_owned());
    problem.retry_after = error.retry_after;
    let word = error.provider_code.clone().unwrap_or_else(|| error.kind.to_string());
    let field = error.field.clone().unwrap_or_else(|| "(provider)".to_owned());
    problem.errors.push(FieldError::new(field, word, error.message.clone()));
    problem
}
