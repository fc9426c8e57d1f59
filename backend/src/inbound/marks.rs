//! Showing people that their messages were read, and that an answer is being written.

use std::time::Duration;

use serde_json::json;

use crate::channels::{Channels, RegistryError};
use crate::clock::SharedClock;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{MessageId, WorkspaceId};
use crate::domain::message::Direction;
use crate::domain::time::Ts;
use crate::error::{ApiError, Code};
use crate::live::Live;
use crate::providers::{Capabilities, SendError};
use crate::storage::messages::MessageRecord;
use crate::storage::{Db, StorageError, events, inbound, messages};

const DAY: Duration = Duration::from_secs(24 * 3_600);

#[derive(Debug, thiserror::Error)]
pub enum MarkError {
    #[error("only what a person sent can be marked as read")]
    NotIncoming,
    /// Holds the most days that the provider allows.
    #[error("older than {0} days")]
    TooOld(u64),
    #[error("the provider has no mark without the sign of typing")]
    NeedsTyping,
    #[error(transparent)]
    Refused(#[from] SendError),
    #[error(transparent)]
    Registry(#[from] RegistryError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl From<MarkError> for ApiError {
    fn from(error: MarkError) -> Self {
        match error {
            MarkError::NotIncoming => {
                Self::with_detail(Code::Conflict, "only an incoming message can be marked as read")
            }
            MarkError::TooOld(days) => Self::with_detail(
                Code::Conflict,
                format!("the message is older than {days} days; WhatsApp marks none of that age"),
            ),
            MarkError::NeedsTyping => Self::field(
                "typing",
                "unsupported",
                "Twilio marks a message as read only together with the sign that an answer is being written; ask for typing: true",
            ),
            MarkError::Refused(refusal) => Self::with_detail(Code::ProviderRefused, refusal.failure.detail),
            MarkError::Registry(error) => error.into(),
            MarkError::Storage(error) => error.into(),
        }
    }
}

/// Marks messages. Cheap to make.
#[derive(Clone)]
pub struct Marks {
    pub db: Db,
    pub channels: Channels,
    pub live: Live,
    pub clock: SharedClock,
}

impl Marks {
    /// Shows the person that a message was read and, with `typing`, that an answer is being written. Once marked, it is not
    /// marked again; the sign of typing is shown each time.
    ///
    /// # Errors
    /// See [`MarkError`]; nothing is noted when the provider refused.
    pub async fn read(&self, workspace: WorkspaceId, id: MessageId, typing: bool) -> Result<(), MarkError> {
        let message = self.db.read(move |conn| messages::get(conn, workspace, id)).await?;
        let channel = self.channels.registry().by_id(message.channel_id).await?;
        let now = self.clock.now();
        let days = check(&message, channel.service.capabilities(), typing)?;
        if now.since(message.created_at) > DAY.saturating_mul(u32::try_from(days).unwrap_or(u32::MAX)) {
            return Err(MarkError::TooOld(days));
        }
        if message.read_at.is_some() && !typing {
            return Ok(());
        }
        let Some(provider_id) = &message.provider_message_id else { return Err(MarkError::NotIncoming) };
        channel.service.mark_read(provider_id, typing).await?;
        let earlier_too = channel.service.capabilities().marks.read_marks_earlier.supported;
        let news = self
            .db
            .write(move |conn| {
                let news = inbound::mark_read(conn, workspace, id, earlier_too, now)?;
                if news {
                    events::append(conn, vec![(workspace, marked(&message, typing, now))])?;
                }
                Ok(news)
            })
            .await?;
        if news {
            self.live.notify(workspace);
        }
        Ok(())
    }
}

/// The most days after which such a message may be marked.
fn check(message: &MessageRecord, capabilities: &Capabilities, typing: bool) -> Result<u64, MarkError> {
    if message.direction != Direction::Inbound {
        return Err(MarkError::NotIncoming);
    }
    if !typing && !capabilities.marks.read_without_typing.supported {
        return Err(MarkError::NeedsTyping);
    }
    Ok(capabilities.marks.max_age_days.value)
}

fn marked(message: &MessageRecord, typing: bool, now: Ts) -> NewEvent {
    NewEvent {
        message: Some(message.id),
        channel: Some(message.channel_id),
        data: json!({ "contact_id": message.contact_id, "typing": typing }),
        ..NewEvent::new(EventKind::MessageMarkedRead, now)
    }
}
