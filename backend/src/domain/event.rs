//! Entries of the events feed: what live updates and outgoing webhooks carry.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::ids::{AttemptId, ChannelId, EventId, JournalId, MessageId};
use super::provider::word;
use super::time::Ts;

word! {
    /// What an entry tells.
    pub enum EventKind {
        MessageQueued = "message.queued",
        MessageAccepted = "message.accepted",
        MessageSent = "message.sent",
        MessageDelivered = "message.delivered",
        MessageRead = "message.read",
        MessageUnknown = "message.unknown",
        /// Its deadline is over without evidence; it stays unknown, and nothing is looked for any more.
        MessageUnknownGivenUp = "message.unknown_given_up",
        MessageFailed = "message.failed",
        MessageExpired = "message.expired",
        MessageCancelled = "message.cancelled",
        /// It goes back to the queue: refused, but not for good, or somebody wants it sent again.
        MessageRequeued = "message.requeued",
        /// Waits although its time has come: its channel can't send, or it is a quiet hour for the person.
        MessageHeld = "message.held",
        /// It goes by the other provider's channel from now on.
        MessageMoved = "message.moved",
        MessageReceived = "message.received",
        /// The medium of a received message is here and can be shown.
        MessageMediaReady = "message.media_ready",
        /// The medium of a received message can't be had.
        MessageMediaFailed = "message.media_failed",
        /// A person changed what they had written.
        MessageEdited = "message.edited",
        /// A person took back what they had written.
        MessageDeleted = "message.deleted",
        /// A person put an emoji on the message, or took it away.
        MessageReacted = "message.reacted",
        /// The person sees that the business has read their message.
        MessageMarkedRead = "message.marked_read",
        /// A contact is known under other names than before: a number or a user id has changed.
        ContactUpdated = "contact.updated",
        /// Two contacts were found to be one person.
        ContactMerged = "contact.merged",
        /// The encryption identity of a person has changed: another phone, or somebody else.
        ContactIdentityChanged = "contact.identity_changed",
        /// A superseded attempt was delivered too: the person may have got it twice.
        MessageDoubled = "message.doubled",
        /// The provider's word contradicts an earlier failure.
        MessageContradicted = "message.contradicted",
        ChannelCreated = "channel.created",
        ChannelUpdated = "channel.updated",
        ChannelDeleted = "channel.deleted",
        ChannelHeld = "channel.held",
        ChannelResumed = "channel.resumed",
        /// The provider fails of its own making: nothing is sent by the channel for a while.
        ChannelCircuitOpened = "channel.circuit_opened",
        /// The provider answers again: one message goes as a trial.
        ChannelCircuitHalfOpened = "channel.circuit_half_opened",
        /// Messages flow again.
        ChannelCircuitClosed = "channel.circuit_closed",
        /// What the sender may send in a second is another rate: lowered after a throttle, or risen again.
        ChannelRateChanged = "channel.rate_changed",
        /// A receipt or a reply came the whole way, for the first time or after a day without one.
        ChannelProven = "channel.proven",
        WorkspaceUpdated = "workspace.updated",
        /// A webhook that concerns the account rather than a message, as the provider sent it.
        ProviderNotice = "provider.notice",
        TemplateCreated = "template.created",
        TemplateUpdated = "template.updated",
        TemplateDeleted = "template.deleted",
        /// Handed to a provider's review, or refused there at once.
        TemplateSubmitted = "template.submitted",
        /// Its state at a provider is another one.
        TemplateStatusChanged = "template.status_changed",
        TemplateQualityChanged = "template.quality_changed",
        /// Its category at a provider is another one, or will be.
        TemplateCategoryChanged = "template.category_changed",
        /// What stands at an account was compared with what is known here, and something was new.
        TemplateSynced = "template.synced",
        /// The number's quality or throughput is another one.
        AccountQualityChanged = "account.quality_changed",
        /// The business may write to more or fewer people a day.
        AccountLimitChanged = "account.limit_changed",
        /// What the account may send is restricted for a time.
        AccountRestricted = "account.restricted",
        /// The account is disabled, will be, was deleted, or has left the app.
        AccountDisabled = "account.disabled",
        /// A disabled account works again.
        AccountReinstated = "account.reinstated",
        /// The number's display name was decided on.
        AccountNameReviewed = "account.name_reviewed",
        /// The account itself was decided on.
        AccountReviewed = "account.reviewed",
        /// The provider names a problem of the account, or the end of one.
        AccountAlert = "account.alert",
        /// The number's two-step verification was changed or asked to be.
        AccountSecurity = "account.security",
        /// Anything else that the provider says of the account.
        AccountUpdated = "account.updated",
        /// The person wants no messages, or no marketing.
        ContactSuppressed = "contact.suppressed",
        /// They want them again.
        ContactUnsuppressed = "contact.unsuppressed",
        AlertRaised = "alert.raised",
        AlertCleared = "alert.cleared",
    }
}

/// An entry before the feed has given it its place.
#[derive(Clone, Debug, PartialEq)]
pub struct NewEvent {
    pub id: EventId,
    pub kind: EventKind,
    pub at: Ts,
    pub message: Option<MessageId>,
    pub attempt: Option<AttemptId>,
    pub channel: Option<ChannelId>,
    /// The raw webhook that caused it.
    pub journal: Option<JournalId>,
    pub data: Value,
}

impl NewEvent {
    pub fn new(kind: EventKind, at: Ts) -> Self {
        Self {
            id: EventId::new(),
            kind,
            at,
            message: None,
            attempt: None,
            channel: None,
            journal: None,
            data: Value::Object(Map::new()),
        }
    }
}

/// One entry of a workspace's feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Event {
    /// Place in the workspace's feed: grows without gaps, in commit order. Pass the last one seen as `after`.
    pub seq: i64,
    pub id: EventId,
    #[serde(rename = "type")]
    pub kind: EventKind,
    pub at: Ts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt_id: Option<AttemptId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<ChannelId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_id: Option<JournalId>,
    #[schema(value_type = Object)]
    pub data: Value,
}
