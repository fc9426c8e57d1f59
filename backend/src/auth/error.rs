//! Why a credential was not taken.

use crate::error::{ApiError, Code, FieldError};
use crate::storage::StorageError;
use crate::vault::VaultError;

#[derive(Debug, thiserror::Error)]
pub enum AuthError {
    /// No such key, token or session; also a forged one.
    #[error("no valid credential")]
    Unknown,
    /// An API key that was good once.
    #[error("the key was {0}")]
    KeyEnded(&'static str),
    /// An access token that ran out, or a session that is over.
    #[error("the session is over or its access has run out")]
    SessionOver,
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    #[error("the setup code is wrong")]
    SetupCodeWrong,
    #[error("this installation is set up already")]
    SetupDone,
    #[error("some fields are not valid")]
    Fields(Vec<FieldError>),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error("internal: {0}")]
    Internal(String),
}

impl From<AuthError> for ApiError {
    fn from(error: AuthError) -> Self {
        match error {
            AuthError::Unknown => Self::new(Code::Unauthenticated),
            AuthError::KeyEnded(how) => Self::with_detail(Code::Unauthenticated, format!("the API key was {how}")),
            AuthError::SessionOver => Self::new(Code::SessionExpired),
            AuthError::WrongCredentials => Self::new(Code::WrongCredentials),
            AuthError::SetupCodeWrong => Self::new(Code::SetupCodeWrong),
            AuthError::SetupDone => Self::new(Code::SetupDone),
            AuthError::Fields(errors) => Self::fields(errors),
            AuthError::Storage(error) => error.into(),
            AuthError::Vault(error) => Self::internal(error),
            AuthError::Internal(cause) => Self::internal(cause),
        }
    }
}
