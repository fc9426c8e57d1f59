//! Tries to put messages on the wire.

use std::time::Duration;

use diesel::prelude::*;

use super::conn::Conn;
use super::error::{StorageError, StorageResult};
use super::schema::attempts;
use super::types::Json;
use crate::domain::failure::Failure;
use crate::domain::ids::{AttemptId, ChannelId, MessageId, WorkspaceId};
use crate::domain::state::{AttemptState, Evidence};
use crate::domain::time::Ts;
use crate::domain::unknown::Inquiry;

/// One try as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = attempts)]
pub struct AttemptRecord {
    pub id: AttemptId,
    pub message_id: MessageId,
    pub channel_id: ChannelId,
    pub n: i32,
    pub state: AttemptState,
    pub provider_message_id: Option<String>,
    failure: Option<Json>,
    pub evidence: Option<Evidence>,
    pub created_at: Ts,
    pub answered_at: Option<Ts>,
    pub accepted_at: Option<Ts>,
    pub sent_at: Option<Ts>,
    pub delivered_at: Option<Ts>,
    pub read_at: Option<Ts>,
    pub failed_at: Option<Ts>,
    pricing: Option<Json>,
    left_at: Option<Ts>,
    inquiry: Option<Json>,
    valid_seconds: Option<i32>,
}

impl AttemptRecord {
    /// When its first byte may have left.
    pub fn left(&self) -> Ts {
        self.left_at.unwrap_or(self.created_at)
    }

    /// How long the provider was told that it may wait there.
    pub fn validity(&self) -> Option<Duration> {
        self.valid_seconds.and_then(|seconds| u64::try_from(seconds).ok()).map(Duration::from_secs)
    }

    /// What was done to find out what became of it.
    pub fn inquiry(&self) -> StorageResult<Option<Inquiry>> {
        self.inquiry.clone().map(|inquiry| inquiry.read().map_err(StorageError::from)).transpose()
    }

    pub fn failure(&self) -> StorageResult<Option<Failure>> {
        self.failure.clone().map(|failure| failure.read().map_err(StorageError::from)).transpose()
    }

    /// The provider's price information as it came.
    pub fn pricing(&self) -> Option<&serde_json::Value> {
        self.pricing.as_ref().map(|pricing| &pricing.0)
    }
}

/// All tries of one message, first to last.
pub fn of_message(conn: &mut Conn, workspace: WorkspaceId, message: MessageId) -> StorageResult<Vec<AttemptRecord>> {
    Ok(attempts::table
        .filter(attempts::message_id.eq(message).and(attempts::workspace_id.eq(workspace)))
        .order(attempts::n)
        .select(AttemptRecord::as_select())
        .load(conn)?)
}
