//! What can go wrong with channels, and what a client is told of it.

use std::time::Duration;

use crate::domain::provider::ProviderKind;
use crate::domain::time::Ts;
use crate::error::{ApiError, Code, FieldError};
use crate::storage::StorageError;
use crate::vault::VaultError;

use super::registry::RegistryError;

#[derive(Debug, thiserror::Error)]
pub enum ChannelError {
    /// Some values of the form are not valid.
    #[error("{} fields are not valid", .0.len())]
    Fields(Vec<FieldError>),
    /// A number lives at one channel of an installation only. Holds the field that names the sender.
    #[error("the sender is taken")]
    SenderTaken(&'static str),
    /// The change would leave this many messages behind.
    #[error("{0} messages wait on the channel")]
    MessagesWait(i64),
    /// Nothing to hold, or nothing to resume.
    #[error("{0}")]
    State(&'static str),
    /// The provider takes no calls about the channel's account before this time, which is so far away.
    #[error("no calls before {until}")]
    Resting { until: Ts, wait: Duration },
    /// The workspace has no default channel of this provider.
    #[error("no channel for {0}")]
    NoChannel(ProviderKind),
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error(transparent)]
    Storage(#[from] StorageError),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl ChannelError {
    /// Tells a second channel for one sender from other collisions.
    pub(super) fn from_save(error: StorageError) -> Self {
        match &error {
            // SQLite names the columns, PostgreSQL the index.
            StorageError::Conflict(what) if what.contains("business_phone_id") || what.contains("direct_sender") => {
                Self::SenderTaken("whatsapp_business_phone_id")
            }
            StorageError::Conflict(what) if what.contains("sender_number") || what.contains("twilio_sender") => {
                Self::SenderTaken("sender_number")
            }
            _ => Self::Storage(error),
        }
    }
}

impl From<ChannelError> for ApiError {
    fn from(error: ChannelError) -> Self {
        match error {
            ChannelError::Fields(errors) => Self::fields(errors),
            ChannelError::SenderTaken(field) => {
                let mut conflict =
                    Self::with_detail(Code::Conflict, "this sender is a channel of this installation already");
                conflict.errors.push(FieldError::new(
                    field,
                    "sender_taken",
                    "belongs to another channel; delete that one first, or give another sender",
                ));
                conflict
            }
            ChannelError::MessagesWait(count) => Self::with_detail(
                Code::Conflict,
                format!(
                    "{count} messages still wait on this channel: cancel them, or let them be sent, then try again"
                ),
            ),
            ChannelError::State(detail) => Self::with_detail(Code::Conflict, detail),
            ChannelError::Resting { until, wait } => {
                let detail = format!(
                    "the calls that Meta takes for this account in an hour are used up; try again at {}. Messages go on.",
                    until.to_the_minute()
                );
                let mut problem = Self::with_detail(Code::ProviderUnavailable, detail);
                problem.retry_after = Some(wait);
                problem
            }
            ChannelError::NoChannel(provider) => Self::with_detail(
                Code::ChannelMissing,
                format!("make a channel for {provider}, or name a channel in the message"),
            ),
            ChannelError::Registry(error) => error.into(),
            ChannelError::Storage(error) => error.into(),
            ChannelError::Vault(error) => Self::internal(error),
        }
    }
}

impl From<RegistryError> for ApiError {
    fn from(error: RegistryError) -> Self {
        match error {
            RegistryError::Missing => Self::not_found(),
            RegistryError::SandboxOff => Code::SandboxOff.into(),
            RegistryError::Storage(error) => error.into(),
            RegistryError::Vault(_) | RegistryError::Incomplete(_) => Self::internal(error),
        }
    }
}
