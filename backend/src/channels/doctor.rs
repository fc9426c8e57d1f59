//! Connection checks: what is wrong with a channel, and what cures it.

use serde_json::json;

use crate::domain::event::EventKind;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::state::ChannelState;
use crate::providers::CheckReport;
use crate::storage::types::Json;
use crate::storage::{StorageResult, channels, events};

use super::Channels;
use super::error::ChannelError;

/// What a check found and did.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    pub report: CheckReport,
    /// The channel was held by a failure, and this check has ended that.
    pub resumed: bool,
}

impl Channels {
    /// Tries a channel's settings at its provider without sending anything, and keeps the report. A channel that a failure
    /// holds resumes when nothing failed; one that a person holds stays so.
    ///
    /// # Errors
    /// No such channel in this workspace, or it can't be loaded. A provider that can't be reached is a finding, no error.
    pub async fn check(&self, workspace: WorkspaceId, id: ChannelId) -> Result<Diagnosis, ChannelError> {
        let record = self.db.read(move |conn| channels::get(conn, workspace, id)).await?;
        // What is checked is what stands in the database, not what another node may have replaced.
        self.registry.forget(id);
        let loaded = self.registry.by_id(id).await?;
        let mut report = loaded.service.check_connection().await;
        let now = self.clock.now();
        report.checked_at = Some(now);

        let by_failure = record.state == ChannelState::Held && record.held_failure.is_some();
        let stored = Json::of(&report).map_err(crate::storage::StorageError::from)?;
        let resumed_event = (by_failure && report.healthy)
            .then(|| self.event(EventKind::ChannelResumed, id, json!({ "by": "check", "name": record.settings.name })));
        let resumed = self
            .db
            .write(move |conn| -> StorageResult<bool> {
                channels::save_check(conn, workspace, id, stored, now)?;
                let Some(event) = resumed_event else { return Ok(false) };
                let resumed = channels::resume(conn, workspace, id, now)?;
                if resumed {
                    events::append(conn, vec![(workspace, event)])?;
                }
                Ok(resumed)
            })
            .await?;
        if resumed {
            tracing::info!(channel = %id, "channel resumed: its check is green");
            self.announce(workspace, id);
        }
        Ok(Diagnosis { report, resumed })
    }
}
