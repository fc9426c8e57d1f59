//! What a file is, by its bytes alone. Neither its name nor what its sender calls it counts (direct.md §2.6).
//!
//! It knows the types that a provider carries and the common ones that people send; everything else is
//! `application/octet-stream`. A file that could be read as two types is what its first bytes say, and it is served as that and
//! as nothing else.

mod container;
mod iso;
mod ole;
mod picture;
mod sound;
mod text;

use std::io::{self, Read, Seek, SeekFrom};

use crate::domain::media::{FileKind, MediaProperties};

/// The type of what nothing else is known of.
pub const UNKNOWN: &str = "application/octet-stream";

/// Bytes at the start that are looked at by every rule.
const HEAD: usize = 4 * 1024;

/// What the bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sniffed {
    pub mime_type: &'static str,
    pub properties: MediaProperties,
}

impl Sniffed {
    const fn plain(mime_type: &'static str) -> Self {
        Self {
            mime_type,
            properties: MediaProperties {
                width: None,
                height: None,
                animated: false,
                plain_colours: None,
                opus_channels: None,
            },
        }
    }

    /// As what WhatsApp carries it.
    pub fn kind(&self) -> FileKind {
        kind_of(self.mime_type)
    }
}

/// As what WhatsApp carries a type; for a WebP a sticker, for what it does not carry [`FileKind::Other`].
pub fn kind_of(mime_type: &str) -> FileKind {
    match mime_type {
        "image/jpeg" | "image/png" => FileKind::Image,
        "image/webp" => FileKind::Sticker,
        "video/mp4" | "video/3gpp" => FileKind::Video,
        "audio/aac" | "audio/amr" | "audio/mpeg" | "audio/mp4" | "audio/ogg" | "audio/3gpp" => FileKind::Audio,
        "application/pdf"
        | "text/plain"
        | "application/msword"
        | "application/vnd.ms-excel"
        | "application/vnd.ms-powerpoint"
        | container::DOCX
        | container::XLSX
        | container::PPTX => FileKind::Document,
        _ => FileKind::Other,
    }
}

/// The ending of a file name that belongs to a type.
pub fn ending_of(mime_type: &str) -> &'static str {
    match mime_type {
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/webp" => "webp",
        "image/gif" => "gif",
        "video/mp4" => "mp4",
        "video/3gpp" | "audio/3gpp" => "3gp",
        "audio/aac" => "aac",
        "audio/amr" => "amr",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "audio/ogg" => "ogg",
        "application/pdf" => "pdf",
        "text/plain" => "txt",
        "text/vcard" => "vcf",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.ms-powerpoint" => "ppt",
        container::DOCX => "docx",
        container::XLSX => "xlsx",
        container::PPTX => "pptx",
        "application/zip" => "zip",
        _ => "bin",
    }
}

/// Whether a word is the ending that belongs to one of the types known here.
pub fn is_ending(word: &str) -> bool {
    [
        "jpg", "jpeg", "png", "webp", "gif", "mp4", "3gp", "aac", "amr", "mp3", "m4a", "ogg", "pdf", "txt", "vcf",
        "doc", "xls", "ppt", "docx", "xlsx", "pptx", "zip",
    ]
    .contains(&word)
}

/// Whether a browser shows this type without running anything in it.
pub fn is_shown_inline(mime_type: &str) -> bool {
    mime_type == "image/gif"
        || matches!(kind_of(mime_type), FileKind::Image | FileKind::Video | FileKind::Audio | FileKind::Sticker)
}

/// Says what a file is.
///
/// # Errors
/// It can't be read. A damaged file is no error: it is what its first bytes say, or unknown.
pub fn sniff(file: &mut (impl Read + Seek)) -> io::Result<Sniffed> {
    let mut head = Vec::with_capacity(HEAD);
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    if let Some(found) = picture::of(&head).or_else(|| sound::of(&head)) {
        return Ok(found);
    }
    if head.starts_with(b"%PDF-") {
        return Ok(Sniffed::plain("application/pdf"));
    }
    if iso::is(&head) {
        return iso::of(file, &head);
    }
    if head.starts_with(b"PK\x03\x04") {
        return container::of(file);
    }
    if head.starts_with(&ole::MAGIC) {
        return ole::of(file, &head);
    }
    text::of(file)
}

/// A big-endian number of four bytes at a place.
fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A little-endian number of four bytes at a place.
fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// A little-endian number of two bytes at a place.
fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Reads exactly `length` bytes at a place; `None` when the file ends before.
fn read_at(file: &mut (impl Read + Seek), at: u64, length: usize) -> io::Result<Option<Vec<u8>>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    file.by_ref().take(length as u64).read_to_end(&mut bytes)?;
    Ok((bytes.len() == length).then_some(bytes))
}

#[cfg(test)]
mod tests;
