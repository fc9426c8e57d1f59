//! A small, valid file of each kind, for a virtual customer who has none of their own at hand.

use crate::content::Content;

/// A file that comes with the simulator.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) bytes: &'static [u8],
    pub(crate) mime: &'static str,
    pub(crate) filename: &'static str,
}

/// A picture of 32 by 32 pixels.
const PHOTO: Sample =
    Sample { bytes: include_bytes!("../samples/photo.jpg"), mime: "image/jpeg", filename: "photo.jpg" };
/// One second, H.264, without sound.
const CLIP: Sample = Sample { bytes: include_bytes!("../samples/clip.mp4"), mime: "video/mp4", filename: "clip.mp4" };
/// A tone of a fifth of a second, Opus, mono.
const VOICE: Sample =
    Sample { bytes: include_bytes!("../samples/voice.ogg"), mime: "audio/ogg; codecs=opus", filename: "voice.ogg" };
/// One page.
const DOCUMENT: Sample =
    Sample { bytes: include_bytes!("../samples/document.pdf"), mime: "application/pdf", filename: "document.pdf" };
/// 512 by 512 pixels, as WhatsApp wants stickers.
const STICKER: Sample =
    Sample { bytes: include_bytes!("../samples/sticker.webp"), mime: "image/webp", filename: "sticker.webp" };

/// The sample for a content that is a file.
pub(crate) const fn of(content: &Content) -> Option<Sample> {
    match content {
        Content::Image(_) => Some(PHOTO),
        Content::Video(_) => Some(CLIP),
        Content::Audio(_) => Some(VOICE),
        Content::Document(_) => Some(DOCUMENT),
        Content::Sticker(_) => Some(STICKER),
        _ => None,
    }
}
