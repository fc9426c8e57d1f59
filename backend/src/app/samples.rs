//! Media as samples of templates: the two rooms know nothing of each other.

use std::time::Duration;

use async_trait::async_trait;
use url::Url;

use crate::domain::ids::{MediaId, WorkspaceId};
use crate::domain::media::MediaState;
use crate::media::naming::safe_name;
use crate::media::{Media, MediaError};
use crate::providers::templates::SampleFile;
use crate::storage::StorageError;
use crate::storage::media::MediaRecord;
use crate::templates::{SampleStore, TemplatesError};

/// How long a link to a sample holds: longer than any review takes.
const LINKED: Duration = Duration::from_secs(30 * 86_400);

/// The media of the gateway.
pub(super) struct MediaSamples {
    media: Media,
}

impl MediaSamples {
    pub fn new(media: Media) -> Self {
        Self { media }
    }

    async fn ready(&self, workspace: WorkspaceId, id: MediaId) -> Result<Option<MediaRecord>, TemplatesError> {
        match self.media.get(workspace, id).await {
            Ok(record) => Ok(Some(record).filter(|record| record.state == MediaState::Ready)),
            Err(MediaError::Storage(StorageError::NotFound)) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }
}

#[async_trait]
impl SampleStore for MediaSamples {
    async fn file(&self, workspace: WorkspaceId, id: MediaId) -> Result<Option<SampleFile>, TemplatesError> {
        let Some(record) = self.ready(workspace, id).await? else { return Ok(None) };
        let path = self.media.path(&record).map_err(|error| failed(&error))?;
        let bytes = tokio::fs::read(path).await.map_err(|error| failed(&error))?;
        let filename = safe_name(record.filename.as_deref(), &record.mime_type);
        Ok(Some(SampleFile { link: None, filename, mime_type: record.mime_type, bytes }))
    }

    async fn link(&self, workspace: WorkspaceId, id: MediaId, base: &Url) -> Result<Option<Url>, TemplatesError> {
        let Some(record) = self.ready(workspace, id).await? else { return Ok(None) };
        let link = self.media.link_for(base, &record, LINKED).await;
        link.map(Some).map_err(|error| failed(&error))
    }
}

fn failed(error: &dyn std::error::Error) -> TemplatesError {
    StorageError::Other(format!("a sample can't be read: {error}")).into()
}
