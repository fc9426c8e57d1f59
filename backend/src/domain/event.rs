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
        MessageFailed = "message.failed",
        MessageExpired = "message.expired",
        MessageCancelled = "message.cancelled",
        /// Refused, but not for good: it goes back to the queue.
        MessageRequeued = "message.requeued",
        /// Waits because its channel can't send.
        MessageHeld = "message.held",
        MessageReceived = "message.received",
        /// The medium of a received message is here and can be shown.
        MessageMediaReady = "message.media_ready",
        /// The medium of a received message can't be had.
        MessageMediaFailed = "message.media_failed",
        /// A superseded attempt was delivered too: the person may have got it twice.
        MessageDoubled = "message.doubled",
        /// The provider's word contradicts an earlier failure.
        MessageContradicted = "message.contradicted",
        ChannelCreated = "channel.created",
        ChannelUpdated = "channel.updated",
        ChannelDeleted = "channel.deleted",
        ChannelHeld = "channel.held",
        ChannelResumed = "channel.resumed",
        WorkspaceUpdated = "workspace.updated",
        /// A webhook that concerns the account rather than a message, as the provider sent it.
        ProviderNotice = "provider.notice",
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
