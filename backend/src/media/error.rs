//! What can go wrong with media, and what a client is told of it.

use crate::error::{ApiError, Code, FieldError};
use crate::storage::StorageError;

#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// More bytes than are taken in; the limit in bytes.
    #[error("more than {0} bytes")]
    TooLarge(u64),
    /// Nothing that a provider carries.
    #[error("no provider carries it")]
    Useless(Vec<FieldError>),
    /// Its bytes are not here yet, or could not be had.
    #[error("{0}")]
    NotReady(String),
    /// Its bytes were deleted.
    #[error("the medium is gone")]
    Gone,
    #[error("the media folder: {0}")]
    Disk(#[from] std::io::Error),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

const MB: u64 = 1024 * 1024;

impl From<MediaError> for ApiError {
    fn from(error: MediaError) -> Self {
        match error {
            MediaError::TooLarge(limit) => {
                Self::with_detail(Code::PayloadTooLarge, format!("a medium has at most {} MB here", limit / MB))
            }
            MediaError::Useless(errors) => Self::fields(errors),
            MediaError::NotReady(why) => Self::with_detail(Code::MediaNotReady, why),
            MediaError::Gone => Self::with_detail(Code::Gone, "the bytes of this medium were deleted"),
            MediaError::Disk(error) => Self::internal(format!("the media folder: {error}")),
            MediaError::Storage(error) => error.into(),
        }
    }
}
