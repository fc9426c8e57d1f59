//! The kinds of media, which MIME types each may have, and how large each may be (direct.md §2.6).

use super::errors::{Graph, GraphError};
use crate::file_type::{self, FileType};

const MEGABYTE: u64 = 1 << 20;
/// Width and height of a sticker in pixels.
const STICKER_SIDE: u32 = 512;
/// Longest name of a file in characters.
pub(super) const FILENAME_LIMIT: usize = 240;
const STATIC_STICKER: u64 = 100 << 10;
const ANIMATED_STICKER: u64 = 500 << 10;

/// A kind of medium, as messages name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MediaKind {
    Audio,
    Document,
    Image,
    Sticker,
    Video,
}

/// Every type that can be uploaded.
const TYPES: [(&str, MediaKind); 18] = [
    ("audio/aac", MediaKind::Audio),
    ("audio/amr", MediaKind::Audio),
    ("audio/mpeg", MediaKind::Audio),
    ("audio/mp4", MediaKind::Audio),
    ("audio/ogg", MediaKind::Audio),
    ("text/plain", MediaKind::Document),
    ("application/pdf", MediaKind::Document),
    ("application/msword", MediaKind::Document),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", MediaKind::Document),
    ("application/vnd.ms-excel", MediaKind::Document),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", MediaKind::Document),
    ("application/vnd.ms-powerpoint", MediaKind::Document),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", MediaKind::Document),
    ("image/jpeg", MediaKind::Image),
    ("image/png", MediaKind::Image),
    ("image/webp", MediaKind::Sticker),
    ("video/mp4", MediaKind::Video),
    ("video/3gpp", MediaKind::Video),
];

impl MediaKind {
    /// The kind a message type or header format names, in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "audio" => Some(Self::Audio),
            "document" => Some(Self::Document),
            "image" => Some(Self::Image),
            "sticker" => Some(Self::Sticker),
            "video" => Some(Self::Video),
            _ => None,
        }
    }

    /// The kind of a MIME type without parameters.
    pub(super) fn of(mime: &str) -> Option<Self> {
        TYPES.iter().find(|(known, _)| *known == mime).map(|(_, kind)| *kind)
    }

    /// Whether a file of this MIME type can be sent as this kind. Everything can be sent as a document.
    pub(super) fn takes(self, mime: &str) -> bool {
        Self::of(mime).is_some_and(|kind| self == kind || self == Self::Document)
    }

    /// Largest size in bytes.
    pub(super) const fn limit(self) -> u64 {
        match self {
            Self::Audio | Self::Video => 16 * MEGABYTE,
            Self::Document => 100 * MEGABYTE,
            Self::Image => 5 * MEGABYTE,
            Self::Sticker => ANIMATED_STICKER,
        }
    }
}

/// Checks a file against the type it is declared to have.
///
/// # Errors
/// 100 for a type that cannot be uploaded, 131053 when the bytes are of another type or too many.
pub(super) fn check(mime: &str, bytes: &[u8]) -> Graph<MediaKind> {
    let kind = MediaKind::of(mime).ok_or_else(|| {
        let known: Vec<&str> = TYPES.iter().map(|(known, _)| *known).collect();
        let known = known.join(", ");
        let details = format!(
            "Param file must be a file with one of the following types: {known}. Received file of type '{mime}'."
        );
        GraphError::new(100, details)
    })?;
    let found = file_type::of(bytes).filter(|found| file_type::is_called(*found, mime));
    let found = found.ok_or_else(|| unusable(format!("The bytes are not of the declared type {mime}.")))?;
    let limit = match found {
        FileType::Webp(picture) if (picture.width, picture.height) != (STICKER_SIDE, STICKER_SIDE) => {
            let (width, height) = (picture.width, picture.height);
            return Err(unusable(format!("A sticker has 512 by 512 pixels, this one has {width} by {height}.")));
        }
        FileType::Webp(picture) if !picture.animated => STATIC_STICKER,
        FileType::Ogg { opus_channels } if opus_channels != Some(1) => {
            return Err(unusable("Ogg audio must be of the Opus codec and mono.".to_owned()));
        }
        _ => kind.limit(),
    };
    if bytes.len() as u64 > limit {
        return Err(unusable(format!("The file has {} bytes, {limit} are allowed.", bytes.len())));
    }
    Ok(kind)
}

fn unusable(details: String) -> GraphError {
    GraphError::new(131_053, details)
}
