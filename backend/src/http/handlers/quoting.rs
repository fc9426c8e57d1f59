//! The earlier message that a message answers or reacts to.

use std::time::Duration;

use crate::channels::LoadedChannel;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::ids::{MessageId, WorkspaceId};
use crate::domain::time::Ts;
use crate::error::{ApiError, FieldError};
use crate::http::{ApiResult, Context};
use crate::storage::enqueue::RepliedTo;
use crate::storage::quotes::{self, Quoted};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// An earlier message, and the field that names it.
#[derive(Debug)]
pub struct Target {
    field: &'static str,
    is_reaction: bool,
    pub message: Quoted,
}

impl Target {
    /// Looks up the message that is named, if one is.
    ///
    /// # Errors
    /// The workspace has no such message, or a reaction would quote another message beside its own.
    pub async fn find(
        ctx: &Context,
        workspace: WorkspaceId,
        to: &Recipient,
        content: &Content,
        reply_to: Option<MessageId>,
    ) -> ApiResult<Option<Self>> {
        let (field, id) = match (content, reply_to) {
            (Content::Reaction(_), Some(_)) => {
                let message = "a reaction names its message in content.message_id and quotes no other; leave this out";
                return Err(ApiError::field("reply_to_id", "conflict", message));
            }
            (Content::Reaction(reaction), None) => ("content.message_id", reaction.message_id),
            (_, Some(id)) => ("reply_to_id", id),
            (_, None) => return Ok(None),
        };
        let identity = to.identity();
        let found = ctx.db.read(move |conn| quotes::find(conn, workspace, id, &identity)).await?;
        let message = found
            .ok_or_else(|| ApiError::field(field, "invalid_value", "there is no such message in the workspace"))?;
        Ok(Some(Self { field, is_reaction: matches!(content, Content::Reaction(_)), message }))
    }

    /// What keeps the message from being answered or reacted to by this channel, if anything does.
    pub fn fault(&self, channel: &LoadedChannel, now: Ts) -> Option<FieldError> {
        let reactions = channel.service.capabilities().reaction.filter(|_| self.is_reaction);
        let oldest = reactions.map(|limits| (limits.max_age_days.value, now.minus(days(limits.max_age_days.value))));
        let message = if self.message.channel != channel.id {
            "the message belongs to another channel; name that channel, or none".to_owned()
        } else if !self.message.same_person {
            "the message belongs to the conversation with another person".to_owned()
        } else if self.message.provider_message_id.is_none() {
            "the provider does not know the message yet; wait until it is accepted".to_owned()
        } else if self.is_reaction && self.message.is_reaction {
            "the message is a reaction itself; name the message that it was put on".to_owned()
        } else if let Some((days, _)) = oldest.filter(|(_, oldest)| self.message.at < *oldest) {
            format!("the message is older than {days} days; send a text instead")
        } else {
            return None;
        };
        Some(FieldError::new(self.field, "invalid_value", message))
    }

    pub fn into_replied_to(self) -> Option<RepliedTo> {
        let provider_message_id = self.message.provider_message_id?;
        Some(RepliedTo { id: self.message.id, provider_message_id })
    }
}

fn days(days: u64) -> Duration {
    DAY.saturating_mul(u32::try_from(days).unwrap_or(u32::MAX))
}
