//! Webhooks and handshakes that were not taken: counted and explained, so that the connection check can say what is wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use moka::sync::Cache;

use crate::channels::LoadedChannel;
use crate::clock::SharedClock;
use crate::domain::ids::ChannelId;
use crate::providers::RawWebhook;
use crate::storage::{Db, facts};

/// Anybody may send webhooks that don't verify: one channel's are explained and written this often at most.
const PAUSE: Duration = Duration::from_secs(3);
/// Channels of which the count is kept between two writes.
const KEPT: u64 = 10_000;

/// Keeps count. Cheap to clone.
#[derive(Clone)]
pub(super) struct Refusals {
    db: Db,
    clock: SharedClock,
    /// Webhooks refused since the last write.
    waiting: Cache<ChannelId, Arc<AtomicI64>>,
    /// Channels written a moment ago.
    written: Cache<ChannelId, ()>,
}

impl Refusals {
    pub fn new(db: Db, clock: SharedClock) -> Self {
        Self {
            db,
            clock,
            waiting: Cache::new(KEPT),
            written: Cache::builder().max_capacity(KEPT).time_to_live(PAUSE).build(),
        }
    }

    /// Notes that a webhook was refused for all of these channels. A database that fails here is no reason to answer otherwise.
    pub async fn note(
        &self,
        channels: &[Arc<LoadedChannel>],
        raw: impl Fn(&LoadedChannel) -> RawWebhook,
        heard: &[String],
    ) {
        for channel in channels {
            let count = self.waiting.get_with(channel.id, Arc::default);
            count.fetch_add(1, Ordering::Relaxed);
            if !self.written.entry(channel.id).or_insert(()).is_fresh() {
                continue;
            }
            let told = channel.service.explain_refusal(&raw(channel), heard);
            let (more, now) = (count.swap(0, Ordering::Relaxed), self.clock.now());
            let (workspace, id) = (channel.workspace, channel.id);
            let noted = self.db.write(move |conn| {
                facts::change(conn, workspace, id, now, |facts| {
                    facts.webhooks_refused = facts.webhooks_refused.saturating_add(more);
                    facts.webhook_refused_at = Some(now);
                    facts.webhook_refusal = Some(told.refusal);
                    facts.webhook_refused_url = told.signed_url;
                })
            });
            if let Err(error) = noted.await {
                tracing::warn!(channel = %channel.id, %error, "a refused webhook was not noted");
            }
        }
    }

    /// Notes a handshake for channels of one app, and whether one of them knew its token.
    pub async fn handshake(&self, channels: &[Arc<LoadedChannel>], known: &[ChannelId]) {
        let now = self.clock.now();
        for channel in channels {
            let (workspace, id) = (channel.workspace, channel.id);
            let good = known.contains(&id);
            // Anybody may send wrong ones; one that another channel of the app knows is none.
            let told = good || (known.is_empty() && self.written.entry(id).or_insert(()).is_fresh());
            if !told {
                continue;
            }
            let noted = self.db.write(move |conn| {
                facts::change(conn, workspace, id, now, |facts| match good {
                    true => facts.handshake_at = Some(now),
                    false => facts.handshake_refused_at = Some(now),
                })
            });
            if let Err(error) = noted.await {
                tracing::warn!(channel = %id, %error, "a handshake was not noted");
            }
        }
    }
}
