//! Messages as the API shows them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::class::MessageClass;
use crate::domain::content::Content;
use crate::domain::event::Event;
use crate::domain::failure::Failure;
use crate::domain::ids::{AttemptId, ChannelId, ContactId, JournalId, MessageId};
use crate::domain::inbound::{InboundContent, MessageContext};
use crate::domain::message::Direction;
use crate::domain::provider::ProviderKind;
use crate::domain::state::{AttemptState, Evidence, HoldReason, MessageState};
use crate::domain::terms::Terms;
use crate::domain::time::Ts;
use crate::domain::unknown::Inquiry;
use crate::storage::StorageResult;
use crate::storage::attempts::AttemptRecord;
use crate::storage::enqueue::Enqueue;
use crate::storage::messages::MessageRecord;

/// What was sent, or what a person wrote.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub enum AnyContent {
    Outbound(Content),
    Inbound(InboundContent),
}

/// A message.
#[derive(Serialize, ToSchema)]
pub struct MessageView {
    pub id: MessageId,
    pub direction: Direction,
    pub channel_id: ChannelId,
    /// Absent for a moment after sending: the person is looked up while the message is stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_id: Option<ContactId>,
    /// The person: whom it goes to, or who wrote it.
    #[schema(examples("+447700900123"))]
    pub person: String,
    pub content: AnyContent,
    pub state: MessageState,
    /// Why it waits although its time has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold_reason: Option<HoldReason>,
    /// Why it failed, is unknown, or waits to be sent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// The provider's id of it: `wamid.…` or `SM…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_message_id: Option<String>,
    /// The provider's id of the message that this one answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    /// The message that this one answers, when the gateway knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to_id: Option<MessageId>,
    /// What stands around it: forwarded, an ad that led here, edited, deleted, sent as less than was asked for.
    #[serde(skip_serializing_if = "MessageContext::is_empty")]
    #[schema(required = false)]
    pub context: MessageContext,
    /// What it is sent for; absent of a person's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<MessageClass>,
    /// Where its delivery differs from the workspace's settings.
    #[serde(skip_serializing_if = "Terms::is_empty")]
    #[schema(required = false)]
    pub terms: Terms,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_reference: Option<String>,
    /// How often it was put on the wire.
    pub attempts: i32,
    /// When it is (or was) due to be sent. While it is unknown, when evidence is looked for next; the year 9999 when it is looked
    /// for no more.
    pub run_at: Ts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Ts>,
    pub created_at: Ts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Ts>,
}

impl MessageView {
    /// `hold` is why messages of its channel wait at the moment, if they do.
    ///
    /// # Errors
    /// The stored content is of a kind that this version does not know.
    pub fn of(record: MessageRecord, hold: Option<HoldReason>) -> StorageResult<Self> {
        let content = match record.direction {
            Direction::Outbound => AnyContent::Outbound(record.outbound_content()?),
            Direction::Inbound => AnyContent::Inbound(record.inbound_content()?),
        };
        let hold_reason = if record.state == MessageState::Queued { hold.or(record.hold_reason) } else { None };
        Ok(Self {
            id: record.id,
            direction: record.direction,
            channel_id: record.channel_id,
            contact_id: Some(record.contact_id),
            content,
            state: record.state,
            hold_reason,
            failure: record.failure()?,
            context: record.context()?,
            class: record.class,
            terms: record.terms()?,
            person: record.recipient,
            provider_message_id: record.provider_message_id,
            reply_to: record.reply_to,
            reply_to_id: record.reply_to_id,
            client_reference: record.client_reference,
            attempts: record.attempt,
            run_at: record.run_at,
            expires_at: record.expires_at,
            created_at: record.created_at,
            accepted_at: record.accepted_at,
            sent_at: record.sent_at,
            delivered_at: record.delivered_at,
            read_at: record.read_at,
            failed_at: record.failed_at,
        })
    }

    /// A message as it stands when it has just been queued.
    pub fn queued(request: &Enqueue) -> Self {
        Self {
            id: request.id,
            direction: Direction::Outbound,
            channel_id: request.channel,
            contact_id: None,
            person: request.to.to_string(),
            content: AnyContent::Outbound(request.content.clone()),
            state: MessageState::Queued,
            hold_reason: None,
            failure: None,
            provider_message_id: None,
            reply_to: request.reply_to.as_ref().map(|message| message.provider_message_id.clone()),
            reply_to_id: request.reply_to.as_ref().map(|message| message.id),
            context: request.context.clone(),
            class: Some(request.class),
            terms: request.terms.clone(),
            client_reference: request.client_reference.clone(),
            attempts: 0,
            run_at: request.terms.send_at.unwrap_or(request.at),
            expires_at: request.expires_at,
            created_at: request.at,
            accepted_at: None,
            sent_at: None,
            delivered_at: None,
            read_at: None,
            failed_at: None,
        }
    }
}

/// One try to put a message on the wire.
#[derive(Serialize, ToSchema)]
pub struct AttemptView {
    /// The correlation id on the wire.
    pub id: AttemptId,
    /// 1 for the first.
    pub n: i32,
    pub channel_id: ChannelId,
    pub state: AttemptState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_message_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    /// What settled it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// When it became durable, just before the first byte.
    pub created_at: Ts,
    /// When its first byte may have left.
    pub left_at: Ts,
    /// What was done to find out what became of it, when its answer was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inquiry: Option<Inquiry>,
    /// When the provider's answer was read, or found to be lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed_at: Option<Ts>,
    /// The provider's own words about the price.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub pricing: Option<serde_json::Value>,
}

impl AttemptView {
    pub fn of(record: &AttemptRecord) -> StorageResult<Self> {
        Ok(Self {
            id: record.id,
            n: record.n,
            channel_id: record.channel_id,
            state: record.state,
            provider_message_id: record.provider_message_id.clone(),
            failure: record.failure()?,
            evidence: record.evidence,
            created_at: record.created_at,
            left_at: record.left(),
            inquiry: record.inquiry()?,
            answered_at: record.answered_at,
            accepted_at: record.accepted_at,
            sent_at: record.sent_at,
            delivered_at: record.delivered_at,
            read_at: record.read_at,
            failed_at: record.failed_at,
            pricing: record.pricing().cloned(),
        })
    }
}

/// A raw webhook behind a message.
#[derive(Serialize, ToSchema)]
pub struct RawWebhookView {
    pub id: JournalId,
    pub received_at: Ts,
    /// The body as it came; bytes that are no UTF-8 are replaced.
    pub body: String,
}

/// A message with everything that happened to it.
#[derive(Serialize, ToSchema)]
pub struct MessageStory {
    #[serde(flatten)]
    pub message: MessageView,
    pub provider: ProviderKind,
    /// First to last.
    pub tries: Vec<AttemptView>,
    /// What the feed says of it, first to last.
    pub timeline: Vec<Event>,
    /// The webhooks that moved it, unless a shared endpoint received them for other workspaces too.
    pub webhooks: Vec<RawWebhookView>,
}
