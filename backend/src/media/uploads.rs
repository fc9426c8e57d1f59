//! Bringing media to a provider that keeps them: once for each channel, however many messages name them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use moka::sync::Cache;
use tokio::sync::Semaphore;

use crate::channels::LoadedChannel;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{ChannelId, MediaId};
use crate::providers::{MediaFile, SendError, Verdict};
use crate::storage::media::MediaRecord;
use crate::storage::media_uploads::{self, Upload};

use super::{Media, MediaError, sniff};

/// Uploads of this node at once, and of one channel: one sender's slow files leave room for the others'.
const AT_ONCE: usize = 8;
const AT_ONCE_OF_CHANNEL: usize = 2;
/// How long a failure waits for the message that it concerns, and how many do; a message comes back within seconds.
const REMEMBERED: Duration = Duration::from_secs(600);
const MOST_REMEMBERED: u64 = 10_000;
/// How long a channel has to bring nothing until its slots are forgotten.
const IDLE: Duration = Duration::from_secs(600);
/// An upload is renewed so long before the provider forgets it: a message may be tried for hours after it was built.
pub(super) const RENEWED_BEFORE: Duration = Duration::from_secs(86_400);

/// How an upload ended: the provider's id, or why there is none.
type Outcome = Result<String, SendError>;
type Running = Shared<BoxFuture<'static, Outcome>>;
type Key = (MediaId, ChannelId);

/// The uploads of this node. Cheap to clone.
#[derive(Clone)]
pub(super) struct Uploads(Arc<Inner>);

struct Inner {
    media: Media,
    running: Mutex<HashMap<Key, Running>>,
    /// Failures of media that nobody was there to hear of. The next message to ask is told, instead of trying again for ever.
    unheard: Cache<Key, SendError>,
    slots: Semaphore,
    of_channels: Cache<ChannelId, Arc<Semaphore>>,
}

impl Uploads {
    pub fn new(media: Media) -> Self {
        Self(Arc::new(Inner {
            media,
            running: Mutex::default(),
            unheard: Cache::builder().max_capacity(MOST_REMEMBERED).time_to_live(REMEMBERED).build(),
            slots: Semaphore::new(AT_ONCE),
            of_channels: Cache::builder().time_to_idle(IDLE).build(),
        }))
    }

    /// Brings a medium to a channel's provider, or waits for whoever does. It goes on when nobody waits any more; if the
    /// medium failed then, the next caller hears how.
    pub async fn bring(&self, channel: &LoadedChannel, record: &MediaRecord) -> Outcome {
        let key = (record.id, channel.id);
        if let Some(error) = self.0.unheard.remove(&key) {
            return Err(error);
        }
        let outcome = self.begin(key, channel, record).await;
        if outcome.is_err() {
            self.0.unheard.invalidate(&key);
        }
        outcome
    }

    fn begin(&self, key: Key, channel: &LoadedChannel, record: &MediaRecord) -> Running {
        let mut running = self.running();
        if let Some(known) = running.get(&key) {
            return known.clone();
        }
        let (uploads, channel, record) = (self.clone(), channel.clone(), record.clone());
        let task = tokio::spawn(async move {
            let outcome = uploads.upload(&channel, &record).await;
            if let Err(error) = &outcome
                && concerns_the_medium(error)
            {
                uploads.0.unheard.insert(key, error.clone());
            }
            uploads.running().remove(&key);
            outcome
        });
        let begun = task.map(|ended| ended.unwrap_or_else(|gone| Err(not_done(&gone)))).boxed().shared();
        running.insert(key, begun.clone());
        begun
    }

    fn running(&self) -> MutexGuard<'_, HashMap<Key, Running>> {
        self.0.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn upload(&self, channel: &LoadedChannel, record: &MediaRecord) -> Outcome {
        let media = &self.0.media;
        let of_channel = self.0.of_channels.get_with(channel.id, || Arc::new(Semaphore::new(AT_ONCE_OF_CHANNEL)));
        let _turn = of_channel.acquire().await;
        let _slot = self.0.slots.acquire().await;
        // One that ended between the caller's look and this must not be followed by another.
        if let Some(known) = media.uploaded(channel, &[record.id]).await.map_err(|error| not_done(&error))?.pop() {
            return Ok(known.1);
        }
        let path = media.path(record).map_err(|error| not_done(&error))?;
        let file = MediaFile {
            path,
            size: record.size(),
            mime_type: record.mime_type.clone(),
            filename: format!("{}.{}", record.id, sniff::ending_of(&record.mime_type)),
        };
        let uploaded = channel.service.upload_media(&file).await?;
        metrics::counter!("duplex_media_uploads_total").increment(1);
        let now = media.0.clock.now();
        let (workspace, id) = (channel.workspace, uploaded.provider_media_id);
        let upload = Upload {
            media: record.id,
            channel: channel.id,
            provider_media_id: id.clone(),
            uploaded_at: now,
            expires_at: now.plus(uploaded.valid_for),
        };
        if let Err(error) = media.0.db.write(move |conn| media_uploads::keep(conn, workspace, &upload)).await {
            // It is there; the next message brings it once more.
            tracing::warn!(media = %record.id, %error, "the id of an upload was not kept");
        }
        Ok(id)
    }
}

impl Media {
    /// Under which ids a channel's provider knows these media, as far as they are good for a while yet.
    pub(super) async fn uploaded(
        &self,
        channel: &LoadedChannel,
        ids: &[MediaId],
    ) -> Result<Vec<(MediaId, String)>, MediaError> {
        let (workspace, channel, ids) = (channel.workspace, channel.id, ids.to_vec());
        let good_until = self.0.clock.now().plus(RENEWED_BEFORE);
        Ok(self.0.db.read(move |conn| media_uploads::known(conn, workspace, channel, &ids, good_until)).await?)
    }
}

/// Whether a failure still means something to a message that asks later. What the provider said of the channel or of its pace
/// may be over by then, and would hold or slow down a channel of which nothing was asked.
const fn concerns_the_medium(error: &SendError) -> bool {
    matches!(error.verdict, Verdict::Rejected | Verdict::Retry { .. })
}

/// A failure of our own: nothing was sent.
pub(super) fn not_done(error: &dyn std::error::Error) -> SendError {
    tracing::warn!(%error, "a medium could not be brought to its provider");
    let detail = "The medium could not be read here. Nothing was sent; it is tried again.";
    SendError::new(Verdict::Retry { after: None }, FailureCode::MediaUnusable, None, detail)
}
