//! While Meta lets a business only reply, its templates wait (direct.md §3.7, `ACCOUNT_RESTRICTION`).

use std::time::Duration;

use async_trait::async_trait;
use moka::sync::Cache;

use crate::clock::SharedClock;
use crate::domain::content::Content;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{AttemptId, ChannelId};
use crate::domain::time::Ts;
use crate::providers::failure::ThrottleScope;
use crate::providers::{Outbound, SendError, Verdict};
use crate::storage::{Db, StorageResult, facts};

use super::LoadedChannel;
use super::preparation::{Need, Preparation};

/// How long what is known of a channel is used before the database is asked again.
const FRESH: Duration = Duration::from_secs(5);
/// Channels remembered.
const KEPT: u64 = 10_000;

/// Lets messages that begin a conversation wait for the end of a restriction.
pub struct Restrictions {
    db: Db,
    clock: SharedClock,
    known: Cache<ChannelId, Option<Ts>>,
}

impl Restrictions {
    pub fn new(db: Db, clock: SharedClock) -> Self {
        Self { db, clock, known: Cache::builder().max_capacity(KEPT).time_to_live(FRESH).build() }
    }

    async fn until(&self, channel: &LoadedChannel) -> StorageResult<Option<Ts>> {
        let (workspace, id, now) = (channel.workspace, channel.id, self.clock.now());
        let until = match self.known.get(&id) {
            Some(known) => known,
            None => {
                let facts = self.db.read(move |conn| facts::get(conn, workspace, id, now)).await?;
                self.known.insert(id, facts.business_restricted_until);
                facts.business_restricted_until
            }
        };
        Ok(until.filter(|until| *until > now))
    }
}

#[async_trait]
impl Preparation for Restrictions {
    fn need(&self, _channel: &LoadedChannel, content: &Content) -> Need {
        if begins_conversation(content) { Need::Look } else { Need::Nothing }
    }

    async fn prepare(&self, channel: &LoadedChannel, batch: &mut [Outbound]) -> Vec<(AttemptId, SendError)> {
        let until = match self.until(channel).await {
            Ok(Some(until)) => until,
            Ok(None) => return Vec::new(),
            Err(error) => {
                // The provider refuses what it restricts; sending is no worse than not knowing.
                tracing::warn!(channel = %channel.id, %error, "restrictions not read");
                return Vec::new();
            }
        };
        let wait = until.since(self.clock.now());
        batch
            .iter()
            .filter(|message| begins_conversation(&message.content))
            .map(|message| (message.attempt, waits(until, wait)))
            .collect()
    }
}

fn begins_conversation(content: &Content) -> bool {
    matches!(content, Content::Template(_) | Content::OneTimeCode(_))
}

fn waits(until: Ts, wait: Duration) -> SendError {
    let detail = format!(
        "Meta has restricted messages that the business begins until {}. Nothing was sent; it goes out after that.",
        until.to_the_minute()
    );
    // Costs no try: a restriction may last longer than the longest wait, and is then looked at again each day.
    let verdict = Verdict::Throttled { after: Some(wait), scope: ThrottleScope::Pair };
    SendError::new(verdict, FailureCode::AccountRestricted, None, detail)
}
