//! Making a medium of bytes that were taken in, and giving and deleting media.

use std::path::PathBuf;

use crate::domain::ids::{MediaId, WorkspaceId};
use crate::domain::media::MediaState;
use crate::domain::message::Direction;
use crate::domain::page::Page;
use crate::domain::provider::ProviderKind;
use crate::error::FieldError;
use crate::storage::idempotency::{self, Claim, IdempotencyScope};
use crate::storage::media::{self, MediaFilter, MediaRecord, NewMedia};
use crate::storage::{StorageError, StorageResult, system};

use super::carriage::{File, obstacle};
use super::store::{Incoming, Received};
use super::{Media, MediaError};

/// HTTP status of the answer that an idempotency key keeps.
const CREATED: u16 = 201;

/// What an uploader says of a file. None of it decides anything.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// Shown to people, never used as a name on disk.
    pub filename: Option<String>,
    /// The type that the uploader declared.
    pub declared: Option<String>,
}

/// What became of an upload.
#[derive(Debug)]
pub enum Kept {
    /// The answer for the client, as it is kept for those who ask again.
    Medium(MediaId, String),
    /// The request's idempotency key was used before.
    Taken(Claim),
}

impl Media {
    /// Largest medium that is taken in, in bytes.
    pub fn limit(&self) -> u64 {
        self.0.settings.limit
    }

    /// Begins to take in a medium.
    ///
    /// # Errors
    /// The disk's.
    pub async fn receive(&self) -> Result<Incoming, MediaError> {
        self.0.store.receive(self.limit()).await
    }

    /// Makes a medium of what was uploaded, if a provider carries it. `answer` writes what the client is told; with a key, a
    /// request that comes again makes no second medium.
    ///
    /// # Errors
    /// [`MediaError::Useless`] when no provider carries it, and the disk's and the database's.
    pub async fn keep<F>(
        &self,
        workspace: WorkspaceId,
        received: Received,
        named: Named,
        key: Option<IdempotencyScope>,
        answer: F,
    ) -> Result<Kept, MediaError>
    where
        F: FnOnce(&MediaRecord) -> StorageResult<String> + Send + 'static,
    {
        useful(&received, &named)?;
        let now = self.0.clock.now();
        let new = NewMedia {
            id: MediaId::new(),
            direction: Direction::Outbound,
            kind: received.sniffed.kind(),
            mime_type: received.sniffed.mime_type.to_owned(),
            size: received.size,
            sha256: received.sha256,
            filename: named.filename,
            properties: received.sniffed.properties,
            at: now,
            expires_at: None,
        };
        let store = self.0.store.clone();
        let kept = self.0.db.write(move |conn| {
            if let Some(key) = &key {
                match idempotency::claim(conn, key, now)? {
                    Claim::New => {}
                    taken => return Ok(Kept::Taken(taken)),
                }
            }
            system::media::lock_bytes(conn, &new.sha256)?;
            store.place(&received).map_err(disk)?;
            let answer = answer(&media::insert(conn, workspace, &new)?)?;
            if let Some(key) = &key {
                idempotency::settle(conn, key, CREATED, Some(&answer))?;
            }
            Ok(Kept::Medium(new.id, answer))
        });
        Ok(kept.await?)
    }

    /// # Errors
    /// No such medium in this workspace.
    pub async fn get(&self, workspace: WorkspaceId, id: MediaId) -> Result<MediaRecord, MediaError> {
        Ok(self.0.db.read(move |conn| media::get(conn, workspace, id)).await?)
    }

    /// A page, newest first; one more when there is a next page.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(
        &self,
        workspace: WorkspaceId,
        filter: MediaFilter,
        page: Page,
    ) -> Result<Vec<MediaRecord>, MediaError> {
        Ok(self.0.db.read(move |conn| media::list(conn, workspace, filter, page)).await?)
    }

    /// Deletes a medium's bytes; its row stays for the messages that name it.
    ///
    /// # Errors
    /// No such medium in this workspace.
    pub async fn delete(&self, workspace: WorkspaceId, id: MediaId) -> Result<(), MediaError> {
        let hash = self.0.db.write(move |conn| media::forget(conn, workspace, id)).await?;
        if let Some(hash) = hash {
            self.let_go(hash).await?;
        }
        Ok(())
    }

    /// Where a medium's bytes are.
    ///
    /// # Errors
    /// They are not here: not yet, not any more, or never.
    pub fn path(&self, record: &MediaRecord) -> Result<PathBuf, MediaError> {
        match record.state {
            MediaState::Ready => {
                let hash = record.sha256()?.ok_or_else(|| StorageError::Corrupt("media.sha256 is missing".into()))?;
                Ok(self.0.store.path_of(&hash))
            }
            MediaState::Pending => Err(MediaError::NotReady("it is still being fetched from the provider".to_owned())),
            MediaState::Failed => {
                let why = record.failure.clone().unwrap_or_default();
                Err(MediaError::NotReady(format!("it could not be fetched from the provider: {why}")))
            }
            MediaState::Gone => Err(MediaError::Gone),
        }
    }
}

/// Refuses what nothing carries, and says so where the uploader has called it something else.
fn useful(received: &Received, named: &Named) -> Result<(), MediaError> {
    let sniffed = received.sniffed;
    let file = File { mime_type: sniffed.mime_type, size: received.size, properties: sniffed.properties };
    let errors = match sniffed.kind().as_media() {
        None => vec![FieldError::new("file", "unsupported", unknown_type(sniffed.mime_type, named))],
        Some(kind) => {
            let obstacles: Vec<_> =
                ProviderKind::ALL.iter().filter_map(|provider| obstacle(*provider, kind, file)).collect();
            if obstacles.len() < ProviderKind::ALL.len() {
                return Ok(());
            }
            obstacles.into_iter().map(|(code, message)| FieldError::new("file", code.as_str(), message)).collect()
        }
    };
    Err(MediaError::Useless(errors))
}

fn unknown_type(mime_type: &str, named: &Named) -> String {
    let declared = named.declared.as_deref().filter(|declared| is_type(declared) && *declared != mime_type);
    let although = declared.map(|declared| format!(", although it was sent as {declared}")).unwrap_or_default();
    let instead = match mime_type {
        "text/vcard" => "; send people as a message of type contacts",
        "image/gif" | "image/heic" | "image/avif" => "; save it as JPEG or PNG",
        "video/quicktime" | "video/ogg" => "; save it as MP4 with H.264 and AAC",
        _ => "",
    };
    format!("by its bytes the file is {mime_type}{although}; no provider carries that{instead}")
}

/// What is short and plain enough to be repeated.
fn is_type(text: &str) -> bool {
    text.len() <= 127 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.+-_".contains(&b))
}

/// A failure of the disk inside a transaction.
pub(super) fn disk(error: std::io::Error) -> StorageError {
    StorageError::Other(format!("the media folder: {error}"))
}
