//! Pictures, films, sounds, documents and stickers: uploaded here, or at a public address. Exactly one of `media_id` and `link`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ids::MediaId;
use crate::domain::provider::word;

word! {
    /// What a medium is to WhatsApp.
    pub enum MediaKind {
        Image = "image",
        Video = "video",
        Audio = "audio",
        Document = "document",
        Sticker = "sticker",
    }
}

/// Where the bytes of a medium are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MediaSource<'a> {
    /// Uploaded to the gateway.
    pub media_id: Option<MediaId>,
    /// A public https address.
    pub link: Option<&'a str>,
}

macro_rules! sourced {
    ($($content:ident),+) => {
        $(impl $content {
            pub fn source(&self) -> MediaSource<'_> {
                MediaSource { media_id: self.media_id, link: self.link.as_deref() }
            }
        })+
    };
}

sourced!(ImageContent, VideoContent, AudioContent, DocumentContent, StickerContent, HeaderMedia);

/// A picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImageContent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("https://acme.example/a.jpg"))]
    pub link: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1024)]
    pub caption: Option<String>,
}

/// A film.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VideoContent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1024)]
    pub caption: Option<String>,
}

/// A sound.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AudioContent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Shown as a voice note with its waveform; Ogg with Opus, mono, only.
    #[serde(default)]
    pub voice: bool,
}

/// A file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentContent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The name shown; its ending decides the icon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("invoice-77.pdf"))]
    pub filename: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1024)]
    pub caption: Option<String>,
}

/// A sticker: WebP of 512 by 512 points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StickerContent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// A medium in a header: of a template, of an interactive message, of a card.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeaderMedia {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_id: Option<MediaId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("https://acme.example/d/inv-77.pdf"))]
    pub link: Option<String>,
    /// Shown for documents at direct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
}
