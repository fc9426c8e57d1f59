//! Getting to know senders before their messages are claimed: how fast they may go, and whom they wrote to lately.

use std::time::Duration;

use super::super::sending::{PairLimit, SenderTerms};
use super::{Dispatcher, locked};
use crate::channels::LoadedChannel;
use crate::domain::ids::{AttemptId, ChannelId};
use crate::storage::delivery::DueLane;
use crate::storage::{StorageResult, limits};

/// Debts of pairs are read this much further back than they last: for what was on its way when its sender was killed.
const SPARE: Duration = Duration::from_secs(30);

impl Dispatcher {
    /// Tells the memory of the senders of these lanes what it must know of them. Those that are new to this node go on with the
    /// rate and the debts that a former holder left.
    pub(super) async fn get_to_know(&self, lanes: &[DueLane]) -> StorageResult<()> {
        let mut senders: Vec<(ChannelId, &str)> =
            lanes.iter().map(|lane| (lane.id, lane.limit_group.as_str())).collect();
        senders.dedup();
        let unknown: Vec<ChannelId> = {
            let motion = locked(&self.0.motion);
            senders.iter().map(|(channel, _)| *channel).filter(|channel| !motion.knows(*channel)).collect()
        };
        let lowered = match unknown.is_empty() {
            true => Default::default(),
            false => {
                let unknown = unknown.clone();
                self.0.db.read(move |conn| limits::lowered(conn, &unknown)).await?
            }
        };
        let mut indebted = Vec::new();
        for (channel, group) in senders {
            let loaded = self.channel(channel).await.ok();
            // A channel that can't be loaded sends nothing; its messages are told so one by one.
            let ceiling = loaded.as_ref().map_or(1, |loaded| loaded.ceiling.messages_per_second);
            let pair = loaded.as_deref().and_then(pair_limit);
            if pair.is_some() && unknown.contains(&channel) {
                indebted.push(channel);
            }
            let terms = SenderTerms { group: group.to_owned(), ceiling, pair };
            let share = lowered.get(&channel).copied();
            locked(&self.0.motion).meet(channel, terms, share);
        }
        self.recall(indebted).await
    }

    async fn recall(&self, channels: Vec<ChannelId>) -> StorageResult<()> {
        let Some(first) = channels.first().copied() else { return Ok(()) };
        let limit = self.channel(first).await.ok().as_deref().and_then(pair_limit);
        let Some(memory) = limit.map(PairLimit::memory) else { return Ok(()) };
        let since = AttemptId::made_since(memory + SPARE);
        let sent = self.0.db.read(move |conn| limits::sent_since(conn, &channels, since)).await?;
        let mut motion = locked(&self.0.motion);
        for (channel, sent) in sent {
            motion.recall(channel, sent);
        }
        Ok(())
    }
}

/// One less than the provider allows: who got a single message before this node took over is not remembered.
fn pair_limit(channel: &LoadedChannel) -> Option<PairLimit> {
    let rate = channel.service.capabilities().throughput.pair?;
    let burst = u32::try_from(rate.burst.value).unwrap_or(u32::MAX).saturating_sub(1).max(1);
    Some(PairLimit { interval: Duration::from_secs(rate.seconds_per_message.value), burst })
}
