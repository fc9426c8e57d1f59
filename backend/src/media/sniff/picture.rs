//! JPEG, PNG, WebP and GIF.

use super::{Sniffed, be32, le16, le32};
use crate::domain::media::MediaProperties;

/// PNG's colour types with red, green and blue, without and with transparency.
const RGB: u8 = 2;
const RGBA: u8 = 6;
/// The bit of `VP8X` that says that the picture moves.
const ANIMATION: u8 = 0b10;

pub(super) fn of(head: &[u8]) -> Option<Sniffed> {
    if head.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(Sniffed::plain("image/jpeg"))
    } else if head.starts_with(b"\x89PNG\r\n\x1a\n") && head.get(12..16) == Some(b"IHDR") {
        Some(png(head))
    } else if head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
        Some(webp(head))
    } else if head.starts_with(b"GIF87a") || head.starts_with(b"GIF89a") {
        Some(Sniffed::plain("image/gif"))
    } else {
        None
    }
}

fn png(head: &[u8]) -> Sniffed {
    let plain = head.get(24).zip(head.get(25)).map(|(depth, colour)| *depth == 8 && matches!(*colour, RGB | RGBA));
    let properties = MediaProperties {
        width: be32(head, 16),
        height: be32(head, 20),
        plain_colours: plain,
        ..MediaProperties::default()
    };
    Sniffed { mime_type: "image/png", properties }
}

/// The size stands in another place in each of WebP's three forms.
fn webp(head: &[u8]) -> Sniffed {
    let less_one = |at: usize| {
        let low = le16(head, at).map(u32::from);
        low.zip(head.get(at + 2)).map(|(low, high)| (low | (u32::from(*high) << 16)) + 1)
    };
    let (width, height, animated) = match head.get(12..16) {
        Some(b"VP8X") => (less_one(24), less_one(27), head.get(20).is_some_and(|flags| flags & ANIMATION != 0)),
        Some(b"VP8 ") => {
            let side = |at| le16(head, at).map(|value| u32::from(value & 0x3fff));
            (side(26), side(28), false)
        }
        Some(b"VP8L") => {
            let sides = le32(head, 21);
            (sides.map(|bits| (bits & 0x3fff) + 1), sides.map(|bits| ((bits >> 14) & 0x3fff) + 1), false)
        }
        _ => (None, None, false),
    };
    let properties = MediaProperties { width, height, animated, ..MediaProperties::default() };
    Sniffed { mime_type: "image/webp", properties }
}
