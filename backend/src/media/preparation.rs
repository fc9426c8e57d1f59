//! The step that puts media where a channel's provider finds them, before the messages that name them go out.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use tokio::time::{Instant, timeout_at};

use crate::channels::LoadedChannel;
use crate::channels::preparation::Preparation;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{AttemptId, MediaId};
use crate::domain::media::MediaState;
use crate::providers::failure::ThrottleScope;
use crate::providers::{MediaAddress, Outbound, SendError, Verdict};
use crate::storage::media::{self, MediaRecord};
use crate::storage::media_uploads;

use super::uploads::{Uploads, not_done};
use super::{Media, MediaError};

/// How long a batch waits for its media. An upload goes on after it, and the messages come back for it.
const PATIENCE: Duration = Duration::from_secs(5);

type Addresses = HashMap<MediaId, Result<MediaAddress, SendError>>;

/// Brings media to providers that keep them, and links them for those that fetch them.
pub struct MediaPreparation {
    media: Media,
    uploads: Uploads,
}

impl MediaPreparation {
    pub fn new(media: Media) -> Self {
        Self { uploads: Uploads::new(media.clone()), media }
    }

    /// Where the provider finds each of these media, or why it can't.
    async fn addresses(&self, channel: &LoadedChannel, ids: &[MediaId]) -> Result<Addresses, MediaError> {
        let (workspace, asked) = (channel.workspace, ids.to_vec());
        let records = self.media.0.db.read(move |conn| media::of_ids(conn, workspace, &asked)).await?;
        let (ready, unusable): (Vec<MediaRecord>, Vec<MediaRecord>) =
            records.into_iter().partition(|record| record.state == MediaState::Ready);
        let known: BTreeMap<MediaId, String> = self.media.uploaded(channel, ids).await?.into_iter().collect();
        let deadline = Instant::now() + PATIENCE;
        let found = ready.iter().map(|record| async {
            let address = match known.get(&record.id) {
                Some(id) => Ok(MediaAddress::Id(id.clone())),
                None => match timeout_at(deadline, self.uploads.bring(channel, record)).await {
                    Ok(Ok(Some(id))) => Ok(MediaAddress::Id(id)),
                    Ok(Ok(None)) => Ok(MediaAddress::Link(self.media.link(channel, record))),
                    Ok(Err(error)) => Err(error),
                    Err(_) => Err(under_way()),
                },
            };
            (record.id, address)
        });
        let mut addresses: Addresses = join_all(found).await.into_iter().collect();
        addresses.extend(unusable.into_iter().map(|record| (record.id, Err(unusable_error(record.state)))));
        Ok(addresses)
    }
}

#[async_trait]
impl Preparation for MediaPreparation {
    async fn prepare(&self, channel: &LoadedChannel, batch: &mut [Outbound]) -> Vec<(AttemptId, SendError)> {
        let named: Vec<Vec<MediaId>> = batch.iter().map(ids_of).collect();
        let mut ids = named.concat();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() {
            return Vec::new();
        }
        let addresses = match self.addresses(channel, &ids).await {
            Ok(addresses) => addresses,
            Err(error) => {
                let error = not_done(&error);
                ids.into_iter().map(|id| (id, Err(error.clone()))).collect()
            }
        };
        let mut refused = Vec::new();
        for (message, ids) in batch.iter_mut().zip(named) {
            if let Err(error) = fill(message, &ids, &addresses) {
                refused.push((message.attempt, error));
            }
        }
        refused
    }

    /// A file that the provider can't use under the id it gave is brought there again with the next try.
    async fn refused(&self, channel: &LoadedChannel, message: &Outbound, error: &SendError) {
        if error.failure.code != FailureCode::MediaUnusable || message.prepared.media.is_empty() {
            return;
        }
        let ids: Vec<MediaId> = message.prepared.media.keys().copied().collect();
        let (workspace, channel) = (channel.workspace, channel.id);
        let forgotten = self.media.0.db.write(move |conn| media_uploads::forget(conn, workspace, channel, &ids));
        if let Err(error) = forgotten.await {
            tracing::warn!(message = %message.message, %error, "an upload that is of no use was not forgotten");
        }
    }
}

fn ids_of(message: &Outbound) -> Vec<MediaId> {
    message.content.media_uses().into_iter().map(|used| used.media_id).collect()
}

fn fill(message: &mut Outbound, ids: &[MediaId], addresses: &Addresses) -> Result<(), SendError> {
    for id in ids {
        let address = addresses.get(id).cloned().unwrap_or_else(|| Err(missing()))?;
        message.prepared.media.insert(*id, address);
    }
    Ok(())
}

fn missing() -> SendError {
    let detail = "The medium does not exist any more. Upload it again and send a new message.";
    SendError::new(Verdict::Rejected, FailureCode::MediaUnusable, None, detail)
}

fn unusable_error(state: MediaState) -> SendError {
    let detail = match state {
        MediaState::Pending => {
            "The medium is still being fetched from where it came. Send a new message when it is here."
        }
        MediaState::Failed => {
            "The medium could not be fetched from where it came. Send a new message with another one."
        }
        MediaState::Gone | MediaState::Ready => {
            "The medium's bytes were deleted. Upload it again and send a new message."
        }
    };
    SendError::new(Verdict::Rejected, FailureCode::MediaUnusable, None, detail)
}

/// Costs no try: a large file on a slow line takes as long as it takes.
fn under_way() -> SendError {
    let verdict = Verdict::Throttled { after: Some(PATIENCE), scope: ThrottleScope::Pair };
    let detail = "The medium is still being brought to the provider. The message goes out when it is there.";
    SendError::new(verdict, FailureCode::MediaPending, None, detail)
}
