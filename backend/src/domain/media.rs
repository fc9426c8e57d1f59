//! Pictures, films, sounds and files that the gateway keeps, as they are stored.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::content::media::MediaKind;
use super::provider::word;

word! {
    /// What a kept file is to WhatsApp.
    pub enum FileKind {
        Image = "image",
        Video = "video",
        Audio = "audio",
        Document = "document",
        Sticker = "sticker",
        /// Nothing that can be sent as a medium, such as a contact card.
        Other = "other",
    }
}

impl FileKind {
    /// The kind under which a message carries it.
    pub const fn as_media(self) -> Option<MediaKind> {
        match self {
            Self::Image => Some(MediaKind::Image),
            Self::Video => Some(MediaKind::Video),
            Self::Audio => Some(MediaKind::Audio),
            Self::Document => Some(MediaKind::Document),
            Self::Sticker => Some(MediaKind::Sticker),
            Self::Other => None,
        }
    }
}

impl From<MediaKind> for FileKind {
    fn from(kind: MediaKind) -> Self {
        match kind {
            MediaKind::Image => Self::Image,
            MediaKind::Video => Self::Video,
            MediaKind::Audio => Self::Audio,
            MediaKind::Document => Self::Document,
            MediaKind::Sticker => Self::Sticker,
        }
    }
}

word! {
    /// Where a medium stands.
    pub enum MediaState {
        /// Still at the provider; it is being fetched.
        Pending = "pending",
        /// Its bytes are here.
        Ready = "ready",
        /// It could not be fetched.
        Failed = "failed",
        /// Its bytes were deleted: by hand, or because their time was over.
        Gone = "gone",
    }
}

/// What the bytes tell beside their type, as far as a provider's rules depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MediaProperties {
    /// In points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// In points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// A WebP that moves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub animated: bool,
    /// A PNG with 8 bits for each of red, green and blue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plain_colours: Option<bool>,
    /// Channels of an Ogg with Opus; absent for another codec.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opus_channels: Option<u8>,
}

/// Where a medium that a person sent can be had, as its webhook said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundMediaSource {
    /// Meta's id of it; works for 7 days (direct.md §2.6). Twilio gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_media_id: Option<String>,
    /// The address in the webhook: Meta's lives 5 minutes (direct.md §2.6), Twilio's `MediaUrlN` until it is deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// SHA-256 of the bytes, when the provider tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<[u8; 32]>,
}
