//! What a client sees of a medium.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::ids::{ChannelId, MediaId, MessageId};
use crate::domain::media::{FileKind, MediaState};
use crate::domain::message::Direction;
use crate::domain::provider::ProviderKind;
use crate::domain::time::Ts;
use crate::http::{API, PublicUrl};
use crate::media::carriage::File;
use crate::storage::StorageResult;
use crate::storage::media::MediaRecord;

/// What a provider makes of a medium.
#[derive(Debug, Serialize, ToSchema)]
pub struct Carriage {
    pub provider: ProviderKind,
    /// What it is sent as.
    pub kind: FileKind,
    /// Why the provider does not carry it, and what to do instead; absent when it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("twilio carries document files up to 16 MB, and this one has 40 MB"))]
    pub problem: Option<String>,
}

/// A picture, film, sound or file that the gateway keeps.
#[derive(Debug, Serialize, ToSchema)]
pub struct MediaView {
    pub id: MediaId,
    /// Uploaded to be sent, or sent by a person.
    pub direction: Direction,
    pub kind: FileKind,
    /// By its bytes; while it is pending, as the provider names it.
    #[schema(examples("image/jpeg"))]
    pub mime_type: String,
    /// Absent until its bytes are here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(204_812))]
    pub size_bytes: Option<u64>,
    /// In hexadecimal digits; absent while its bytes are not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0bfd2f1a1c4a1e0f5e7c11"))]
    pub sha256: Option<String>,
    /// As it was named by whoever sent it: show it, never trust it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("invoice-77.pdf"))]
    pub filename: Option<String>,
    pub state: MediaState,
    /// Why it could not be fetched, or not yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// One entry per provider; empty while its bytes are not here.
    pub carried_by: Vec<Carriage>,
    /// The channel by which a person sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<ChannelId>,
    /// The message with which a person sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<MessageId>,
    pub created_at: Ts,
    /// When its bytes are deleted; absent when they stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Ts>,
    /// Where its bytes are, for whoever may see it here.
    #[schema(examples("https://gateway.example.com/api/v1/media/0199f2a0-0000-7000-8000-000000000001/content"))]
    pub content_url: String,
    /// Only in the answer to an upload: the uploader called it something that it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("It was sent as image/png; by its bytes it is image/jpeg."))]
    pub notice: Option<String>,
}

impl MediaView {
    /// # Errors
    /// The row can't be read.
    pub fn of(record: &MediaRecord, expires_at: Option<Ts>, public_url: &PublicUrl) -> StorageResult<Self> {
        let is_here = record.state == MediaState::Ready;
        let file = File { mime_type: &record.mime_type, size: record.size(), properties: record.properties()? };
        let carried_by = if is_here { file.carried_by() } else { Vec::new() };
        Ok(Self {
            id: record.id,
            direction: record.direction,
            kind: record.kind,
            mime_type: record.mime_type.clone(),
            size_bytes: record.size_bytes.map(|_| record.size()),
            sha256: record.sha256()?.map(hex::encode),
            filename: record.filename.clone(),
            state: record.state,
            failure: record.failure.clone(),
            carried_by: carried_by
                .into_iter()
                .map(|(provider, kind, obstacle)| Carriage {
                    provider,
                    kind,
                    problem: obstacle.map(|(_, message)| message),
                })
                .collect(),
            channel_id: record.channel_id,
            message_id: record.message_id,
            created_at: record.created_at,
            expires_at: expires_at.filter(|_| record.state != MediaState::Gone),
            content_url: public_url.join(&format!("{API}/media/{}/content", record.id)),
            notice: None,
        })
    }
}
