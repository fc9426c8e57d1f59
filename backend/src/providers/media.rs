//! Media on their way to a provider and from it.

use std::path::PathBuf;
use std::time::Duration;

use crate::client::TransportError;

/// A file of ours that a provider is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFile {
    pub path: PathBuf,
    /// In bytes.
    pub size: u64,
    pub mime_type: String,
    /// With the ending that belongs to the type.
    pub filename: String,
}

/// A file that a provider has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedMedia {
    pub provider_media_id: String,
    /// How long the provider keeps it.
    pub valid_for: Duration,
}

/// Why the bytes of an incoming medium could not be had. The sentences are for an operator and hold no address and no secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// It may go better later, not before the wait the provider asked for.
    #[error("{reason}")]
    Passing { reason: String, after: Option<Duration> },
    /// The provider does not have it, or not yet.
    #[error("{0}")]
    Missing(String),
    /// It will never go.
    #[error("{0}")]
    Final(String),
}

impl FetchError {
    pub(super) fn passing(reason: impl Into<String>) -> Self {
        Self::Passing { reason: reason.into(), after: None }
    }
}

impl From<TransportError> for FetchError {
    fn from(error: TransportError) -> Self {
        Self::passing(format!("The provider could not be reached ({error})."))
    }
}

/// Time for the bytes of one medium to travel: 100 MB at 1 MB/s, and some more.
pub(super) const TRAVEL: Duration = Duration::from_secs(180);
