//! What can go wrong with integrators' endpoints, and what a client is told of it.

use crate::error::{ApiError, Code, FieldError};
use crate::storage::StorageError;
use crate::vault::VaultError;

use super::endpoints::MOST;

#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// Some values are not valid.
    #[error("{} fields are not valid", .0.len())]
    Fields(Vec<FieldError>),
    /// The workspace has as many endpoints as it may have.
    #[error("the workspace has {MOST} webhook endpoints")]
    TooMany,
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<WebhookError> for ApiError {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::Fields(errors) => Self::fields(errors),
            WebhookError::TooMany => Self::with_detail(
                Code::Conflict,
                format!("a workspace has at most {MOST} webhook endpoints; delete one first"),
            ),
            WebhookError::Storage(error) => error.into(),
            WebhookError::Vault(error) => Self::internal(error),
        }
    }
}
