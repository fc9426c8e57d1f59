//! Looking at channels by themselves: the number's standing every quarter of an hour, the whole ladder every day.

use std::time::Duration;

use futures_util::{StreamExt, stream};

use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::providers::Depth;
use crate::storage::{StorageResult, leases, system};

use super::Channels;

/// How often a channel's standing is asked for. Management calls are counted by the hour (direct.md §4.9).
const STANDING: Duration = Duration::from_secs(15 * 60);
/// How often the whole ladder is climbed.
const LADDER: Duration = Duration::from_secs(24 * 3_600);
/// Channels looked at in one round, and how many of them at once.
const ROUND: u16 = 64;
const AT_ONCE: usize = 8;
/// One node of an installation does it.
const LEASE: &str = "connection-rounds";
const LEASE_MICROS: i64 = 150_000_000;

impl Channels {
    /// Climbs the ladder of channels that were not checked for a day, then looks at the standing of those not looked at for a
    /// quarter of an hour; held channels have probes of their own. `holder` names this node. Returns how many were looked at.
    ///
    /// # Errors
    /// The lists of channels can't be read; single channels that can't be looked at are logged.
    pub async fn go_round(&self, holder: &str) -> StorageResult<usize> {
        let name = holder.to_owned();
        let held = self
            .db
            .write(move |conn| {
                let alone = !conn.is_postgres();
                leases::take(conn, &[LEASE.to_owned()], &name, LEASE_MICROS, alone)
            })
            .await?;
        if held.is_empty() {
            return Ok(0);
        }
        let now = self.clock.now();
        let (ladder, standing) = (now.minus(LADDER), now.minus(STANDING));
        let resting = self.resting();
        let due = self.db.read(move |conn| system::channels::unchecked_since(conn, ladder, &resting, ROUND)).await?;
        let checked = self.look_at(due, Depth::Provoking).await;
        let resting = self.resting();
        let due = self.db.read(move |conn| system::channels::unobserved_since(conn, standing, &resting, ROUND)).await?;
        Ok(checked + self.look_at(due, Depth::Standing).await)
    }

    async fn look_at(&self, due: Vec<(WorkspaceId, ChannelId)>, depth: Depth) -> usize {
        let looks = due.into_iter().map(|(workspace, id)| async move {
            if !self.may_look(id).await {
                return 0;
            }
            match self.check(workspace, id, depth).await {
                Ok(_) => 1,
                Err(error) => {
                    tracing::warn!(channel = %id, %error, "channel not checked");
                    0
                }
            }
        });
        stream::iter(looks).buffer_unordered(AT_ONCE).fold(0, async |sum, looked| sum + looked).await
    }
}
