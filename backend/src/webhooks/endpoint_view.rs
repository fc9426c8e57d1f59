//! Endpoints, deliveries and tries as clients see them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, WebhookDeliveryId, WebhookEndpointId};
use crate::domain::time::Ts;
use crate::domain::webhook::{WebhookDeliveryState, WebhookDisabledReason, WebhookEndpointState};
use crate::storage::StorageResult;
use crate::storage::webhook_deliveries::{WebhookDeliveryRecord, WebhookTryRecord};
use crate::storage::webhook_endpoints::WebhookEndpointRecord;

use super::post::Posted;

/// Whom a workspace's events are told.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WebhookEndpointView {
    pub id: WebhookEndpointId,
    #[schema(examples("https://shop.example/hooks/duplex"))]
    pub url: String,
    /// What it is for; empty when nobody has said.
    #[schema(examples("order service"))]
    pub description: String,
    /// The types of events that it is told of; all when empty.
    #[schema(examples(json!(["message.received", "message.failed"])))]
    pub event_types: Vec<EventKind>,
    pub state: WebhookEndpointState,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_reason: Option<WebhookDisabledReason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled_at: Option<Ts>,
    /// The last four characters of the secret, to tell which one is in use.
    #[schema(examples("9f2="))]
    pub secret_ends_with: String,
    /// Until then requests are signed with the secret before the last rotation too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous_secret_until: Option<Ts>,
    /// The first failure after which nothing has been taken. After three days the endpoint is disabled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_delivered_at: Option<Ts>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_failed_at: Option<Ts>,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl WebhookEndpointView {
    /// # Errors
    /// A stored value can't be read.
    pub fn of(record: &WebhookEndpointRecord, now: Ts) -> StorageResult<Self> {
        Ok(Self {
            id: record.id,
            url: record.url.clone(),
            description: record.description.clone(),
            event_types: record.wanted()?.iter().filter_map(|word| word.parse().ok()).collect(),
            state: record.state,
            disabled_reason: record.disabled_reason,
            disabled_at: record.disabled_at,
            secret_ends_with: record.secret_ends_with.clone(),
            previous_secret_until: record.previous_secret_until.filter(|until| *until > now),
            failing_since: record.failing_since,
            last_delivered_at: record.last_delivered_at,
            last_failed_at: record.last_failed_at,
            created_at: record.created_at,
            updated_at: record.updated_at,
        })
    }
}

/// An endpoint with a secret that was just made.
#[derive(Serialize, ToSchema)]
pub struct CreatedWebhookEndpoint {
    #[serde(flatten)]
    pub endpoint: WebhookEndpointView,
    /// Signs what is sent there (Standard Webhooks). Shown this once.
    #[schema(examples("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))]
    pub secret: String,
}

/// How a test went.
#[derive(Serialize, ToSchema)]
pub struct WebhookTest {
    /// The endpoint has taken it.
    pub delivered: bool,
    /// HTTP status of the answer; absent when none came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(204))]
    pub status: Option<u16>,
    /// Why it was not taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("the endpoint answered with status 500"))]
    pub error: Option<String>,
    /// Milliseconds until the answer, or until it was given up.
    #[schema(examples(84))]
    pub duration_ms: i32,
    /// The beginning of the answer's body, at most 1 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

impl From<Posted> for WebhookTest {
    fn from(posted: Posted) -> Self {
        Self {
            delivered: posted.error.is_none(),
            status: posted.status,
            duration_ms: posted.millis(),
            error: posted.error,
            answer: posted.answer,
        }
    }
}

/// One event for one endpoint.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WebhookDeliveryView {
    pub id: WebhookDeliveryId,
    pub endpoint_id: WebhookEndpointId,
    pub event_id: EventId,
    /// The event's place in the workspace's feed.
    #[schema(examples(42))]
    pub event_seq: i64,
    pub event_type: EventKind,
    pub state: WebhookDeliveryState,
    /// Tries since it was made or last sent anew.
    #[schema(examples(1))]
    pub tries: i32,
    /// When it is tried next; only while it waits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_try_at: Option<Ts>,
    /// HTTP status of the last answer; absent when none came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(204))]
    pub last_status: Option<i32>,
    /// Why the last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_error: Option<String>,
    pub created_at: Ts,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Ts>,
}

impl From<WebhookDeliveryRecord> for WebhookDeliveryView {
    fn from(record: WebhookDeliveryRecord) -> Self {
        Self {
            id: record.id,
            endpoint_id: record.endpoint_id,
            event_id: record.event_id,
            event_seq: record.event_seq,
            event_type: record.event_type,
            state: record.state,
            tries: record.tries,
            next_try_at: (record.state == WebhookDeliveryState::Pending).then_some(record.run_at),
            last_status: record.last_status,
            last_error: record.last_error,
            created_at: record.created_at,
            delivered_at: record.delivered_at,
        }
    }
}

/// One request.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WebhookTryView {
    pub at: Ts,
    /// HTTP status of the answer; absent when none came.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(503))]
    pub status: Option<i32>,
    /// Why it was not taken; absent when it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("the endpoint answered with status 503"))]
    pub error: Option<String>,
    /// Milliseconds until the answer, or until it was given up.
    #[schema(examples(84))]
    pub duration_ms: i32,
    /// The beginning of the answer's body, at most 1 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
}

impl From<WebhookTryRecord> for WebhookTryView {
    fn from(record: WebhookTryRecord) -> Self {
        Self {
            at: record.at,
            status: record.status,
            error: record.error,
            duration_ms: record.duration_ms,
            answer: record.answer,
        }
    }
}

/// A delivery with what was sent and how each try went.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WebhookDeliveryDetail {
    #[serde(flatten)]
    pub delivery: WebhookDeliveryView,
    /// The header `webhook-id` of every try: the receiver knows a repetition by it.
    pub header_webhook_id: String,
    /// The body, byte for byte: the same for every try, unless a person has changed or taken back since what they wrote, which
    /// is then no longer in it. Absent when the feed no longer has the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("{\"type\":\"message.delivered\",\"timestamp\":\"2026-11-22T10:00:00.000000Z\",\"data\":{}}"))]
    pub body: Option<String>,
    /// The tries, oldest first; of more than a hundred the newest hundred.
    pub log: Vec<WebhookTryView>,
}
