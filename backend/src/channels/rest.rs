//! Looks that wait because the provider takes no more calls about the account for now (direct.md §1.4, §4.9).

use std::sync::PoisonError;

use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::providers::management::ManagementState;
use crate::storage::channels;

use super::Channels;
use super::error::ChannelError;

impl Channels {
    /// Whether the provider takes what a person asks about the channel.
    ///
    /// # Errors
    /// [`ChannelError::Resting`] names the time from which it does; no such channel in this workspace.
    pub async fn takes_calls(&self, workspace: WorkspaceId, id: ChannelId) -> Result<(), ChannelError> {
        self.db.read(move |conn| channels::get(conn, workspace, id)).await?;
        // Why a channel can't be loaded is said by the look itself.
        let Ok(loaded) = self.registry.by_id(id).await else { return Ok(()) };
        let standing = loaded.service.management().filter(|standing| standing.state == ManagementState::Closed);
        match standing.and_then(|standing| standing.until) {
            Some(until) => Err(ChannelError::Resting { until, wait: until.since(self.clock.now()) }),
            None => Ok(()),
        }
    }

    /// Whether the gateway may look at a channel by itself now. If not, the channel rests until it may.
    pub(super) async fn may_look(&self, id: ChannelId) -> bool {
        let Ok(loaded) = self.registry.by_id(id).await else { return true };
        let Err(until) = loaded.service.may_look() else { return true };
        tracing::debug!(channel = %id, until = %until.to_the_minute(), "a look is put off: the allowance of calls is nearly used up");
        self.resting.lock().unwrap_or_else(PoisonError::into_inner).insert(id, until);
        false
    }

    /// The channels that rest now, so that they don't stand in the way of others.
    pub(super) fn resting(&self) -> Vec<ChannelId> {
        let now = self.clock.now();
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        resting.retain(|_, until| *until > now);
        resting.keys().copied().collect()
    }
}
