//! Whether the media that a content names can be sent, before the message is queued.

use std::collections::HashMap;

use crate::domain::content::Content;
use crate::domain::content::media_use::MediaUse;
use crate::domain::ids::{MediaId, WorkspaceId};
use crate::domain::media::MediaState;
use crate::domain::provider::ProviderKind;
use crate::providers::{Violation, ViolationCode as V};
use crate::storage::media::{self, MediaRecord};
use crate::storage::{StorageError, StorageResult};

use super::Media;
use super::carriage::{File, obstacle, voice_obstacle};

impl Media {
    /// Every rule that a medium of ours breaks where a content names it: it is there, its bytes are here, and the provider
    /// carries it as what it is sent as.
    ///
    /// # Errors
    /// The database's.
    pub async fn check_use(
        &self,
        workspace: WorkspaceId,
        provider: ProviderKind,
        content: &Content,
    ) -> StorageResult<Vec<Violation>> {
        let uses = content.media_uses();
        if uses.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<MediaId> = uses.iter().map(|used| used.media_id).collect();
        let records = self.0.db.read(move |conn| media::of_ids(conn, workspace, &ids)).await?;
        let records: HashMap<MediaId, MediaRecord> = records.into_iter().map(|record| (record.id, record)).collect();
        uses.into_iter().filter_map(|used| broken(provider, &used, records.get(&used.media_id)).transpose()).collect()
    }
}

fn broken(provider: ProviderKind, used: &MediaUse, record: Option<&MediaRecord>) -> StorageResult<Option<Violation>> {
    let violation = |code, message: String| Some(Violation::new(used.field.clone(), code, message));
    let Some(record) = record else {
        return Ok(violation(V::NotFound, "there is no such medium; upload it first".to_owned()));
    };
    let message = match record.state {
        MediaState::Ready => return unfit(provider, used, record),
        MediaState::Pending => "the medium is still being fetched; wait for message.media_ready",
        MediaState::Failed => "the medium could not be fetched from the provider; choose another one",
        MediaState::Gone => "the medium's bytes were deleted; upload it again",
    };
    Ok(violation(V::NotReady, message.to_owned()))
}

fn unfit(provider: ProviderKind, used: &MediaUse, record: &MediaRecord) -> Result<Option<Violation>, StorageError> {
    let file = File { mime_type: &record.mime_type, size: record.size(), properties: record.properties()? };
    let found = obstacle(provider, used.kind, file)
        // Twilio knows no voice notes; there it is a sound like any other.
        .or_else(|| (used.voice && provider == ProviderKind::Direct).then(|| voice_obstacle(file)).flatten());
    Ok(found.map(|(code, message)| Violation::new(used.field.clone(), code, message)))
}
