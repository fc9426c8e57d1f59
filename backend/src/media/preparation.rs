//! The step that puts media where a channel's provider finds them, before the messages that name them go out.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::join_all;
use tokio::time::{Instant, timeout_at};

use crate::channels::LoadedChannel;
use crate::channels::preparation::{Need, Preparation};
use crate::domain::content::Content;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{AttemptId, MediaId};
use crate::domain::media::MediaState;
use crate::providers::failure::ThrottleScope;
use crate::providers::{MediaAddress, Outbound, SendError, Verdict};
use crate::storage::media::{self, MediaRecord};

use super::uploads::{Uploads, not_done};
use super::{Media, MediaError};

/// How long a batch waits for its media. An upload goes on after it, and the messages come back for it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Where a provider has a medium.
#[derive(Clone, Debug)]
enum Place {
    /// It keeps it, under this id.
    Kept(String),
    /// It fetches it; each message gets an address of its own, with the name that it wants.
    Fetched(MediaRecord),
}

type Places = HashMap<MediaId, Result<Place, SendError>>;

/// Brings media to providers that keep them, and links them for those that fetch them.
pub struct MediaPreparation {
    media: Media,
    uploads: Uploads,
}

impl MediaPreparation {
    pub fn new(media: Media) -> Self {
        Self { uploads: Uploads::new(media.clone()), media }
    }

    /// Where the provider has each of these media, or why it can't.
    async fn places(&self, channel: &LoadedChannel, ids: &[MediaId]) -> Result<Places, MediaError> {
        let (workspace, asked) = (channel.workspace, ids.to_vec());
        let records = self.media.0.db.read(move |conn| media::of_ids(conn, workspace, &asked)).await?;
        let (ready, unusable): (Vec<MediaRecord>, Vec<MediaRecord>) =
            records.into_iter().partition(|record| record.state == MediaState::Ready);
        let mut places = if channel.service.keeps_media() {
            self.kept(channel, &ready).await?
        } else {
            self.media.keep_while_linked(&ready).await?;
            ready.into_iter().map(|record| (record.id, Ok(Place::Fetched(record)))).collect()
        };
        places.extend(unusable.into_iter().map(|record| (record.id, Err(unusable_error(record.state)))));
        Ok(places)
    }

    /// Brings to the provider what it does not have yet.
    async fn kept(&self, channel: &LoadedChannel, ready: &[MediaRecord]) -> Result<Places, MediaError> {
        let ids: Vec<MediaId> = ready.iter().map(|record| record.id).collect();
        let known: HashMap<MediaId, String> = self.media.uploaded(channel, &ids).await?.into_iter().collect();
        let deadline = Instant::now() + PATIENCE;
        let found = ready.iter().map(|record| async {
            let place = match known.get(&record.id) {
                Some(id) => Ok(Place::Kept(id.clone())),
                None => match timeout_at(deadline, self.uploads.bring(channel, record)).await {
                    Ok(brought) => brought.map(Place::Kept),
                    Err(_) => Err(under_way()),
                },
            };
            (record.id, place)
        });
        Ok(join_all(found).await.into_iter().collect())
    }

    /// Gives a message the addresses of its media.
    fn fill(&self, channel: &LoadedChannel, message: &mut Outbound, places: &Places) -> Result<(), SendError> {
        for used in message.content.media_uses() {
            let address = match places.get(&used.media_id).cloned().unwrap_or_else(|| Err(missing()))? {
                Place::Kept(id) => MediaAddress::Id(id),
                Place::Fetched(record) => {
                    MediaAddress::Link(self.media.link(channel, &record, used.filename.as_deref()))
                }
            };
            message.prepared.media.insert(used.media_id, address);
        }
        Ok(())
    }
}

#[async_trait]
impl Preparation for MediaPreparation {
    fn need(&self, channel: &LoadedChannel, content: &Content) -> Need {
        match content.media_uses().is_empty() {
            true => Need::Nothing,
            false if channel.service.keeps_media() => Need::Work,
            false => Need::Look,
        }
    }

    async fn prepare(&self, channel: &LoadedChannel, batch: &mut [Outbound]) -> Vec<(AttemptId, SendError)> {
        let ids = ids_of_all(batch);
        if ids.is_empty() {
            return Vec::new();
        }
        let places = match self.places(channel, &ids).await {
            Ok(places) => places,
            Err(error) => {
                let error = not_done(&error);
                ids.into_iter().map(|id| (id, Err(error.clone()))).collect()
            }
        };
        let mut refused = Vec::new();
        for message in batch {
            if let Err(error) = self.fill(channel, message, &places) {
                refused.push((message.attempt, error));
            }
        }
        refused
    }

    async fn waiting(&self, channel: &LoadedChannel, batch: &[Outbound]) -> Vec<AttemptId> {
        if !channel.service.keeps_media() {
            return Vec::new();
        }
        // Who prepares them looks again, and says so if it can't.
        let Ok(known) = self.media.uploaded(channel, &ids_of_all(batch)).await else { return Vec::new() };
        let known: HashSet<MediaId> = known.into_iter().map(|(id, _)| id).collect();
        let waits = |message: &&Outbound| !ids_of(&message.content).iter().all(|id| known.contains(id));
        batch.iter().filter(waits).map(|message| message.attempt).collect()
    }
}

fn ids_of_all(batch: &[Outbound]) -> Vec<MediaId> {
    let mut ids: Vec<MediaId> = batch.iter().flat_map(|message| ids_of(&message.content)).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn ids_of(content: &Content) -> Vec<MediaId> {
    content.media_uses().into_iter().map(|used| used.media_id).collect()
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
