//! Whether a channel can carry a message to a person: the rules that every way of sending has in common.

use crate::channels::LoadedChannel;
use crate::domain::class::MessageClass;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::time::Ts;
use crate::media::Media;
use crate::providers::violation::{Violation, ViolationCode};
use crate::storage::StorageError;
use crate::templates::{Templates, TemplatesError};

/// Looks at messages before they are queued or moved. Cheap to clone.
#[derive(Clone)]
pub struct FitnessCheck {
    templates: Templates,
    media: Media,
}

/// What comes of looking at a message.
#[derive(Debug)]
pub struct Fitness {
    /// What the channel, its templates and the media have against it; fields are named from `content` and `to`.
    pub violations: Vec<Violation>,
    pub class: MessageClass,
}

/// A message could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum FitnessError {
    #[error(transparent)]
    Templates(#[from] TemplatesError),
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl FitnessCheck {
    pub fn new(templates: Templates, media: Media) -> Self {
        Self { templates, media }
    }

    /// Looks whether the channel can carry it when it is `due`, and fills in what the use of a template leaves to its definition.
    ///
    /// # Errors
    /// The database's, or the channel's templates can't be looked at.
    pub async fn of(
        &self,
        channel: &LoadedChannel,
        to: &Recipient,
        content: &mut Content,
        due: Ts,
    ) -> Result<Fitness, FitnessError> {
        let template = self.templates.check_use(channel, content).await?;
        let can = channel.service.capabilities();
        let mut violations = can.check(content).err().unwrap_or_default();
        if !template.violations.is_empty() {
            // The SID of a Content is filled in for a template that fits.
            violations.retain(|violation| violation.field != "content.twilio.content_sid");
            violations.extend(template.violations);
        }
        violations.extend(can.check_recipient(to, content).err());
        violations.extend(self.media.check_use(channel.workspace, channel.provider, content).await?);
        if content.offer_ended(due) {
            let message = "must be later than the message is sent".to_owned();
            violations.push(Violation::new("content.offer_expires_at", ViolationCode::Malformed, message));
        }
        Ok(Fitness { violations, class: MessageClass::of(content, template.category) })
    }
}
