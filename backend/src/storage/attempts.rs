//! Tries to put messages on the wire.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::{StorageError, StorageResult};
use super::schema::attempts;
use super::types::Json;
use crate::domain::failure::Failure;
use crate::domain::ids::{AttemptId, ChannelId, MessageId, WorkspaceId};
use crate::domain::state::{AttemptState, Evidence};
use crate::domain::time::Ts;

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
}

impl AttemptRecord {
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
