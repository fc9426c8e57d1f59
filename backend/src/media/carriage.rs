//! Which provider carries which file as what, and what stands in the way (direct.md §2.6, twilio.md §5).

use crate::domain::content::media::MediaKind;
use crate::domain::media::{FileKind, MediaProperties};
use crate::domain::provider::ProviderKind;
use crate::providers::{Capabilities, ViolationCode};

use super::sniff;

/// Side of a sticker, in points (direct.md §2.6).
const STICKER_SIDE: u32 = 512;
/// Largest sticker that does not move, in bytes (direct.md §2.6).
const STILL_STICKER: u64 = 100 * KB;
const KB: u64 = 1024;

/// A file, as far as providers' rules concern it.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// As its bytes say.
    pub mime_type: &'a str,
    /// In bytes.
    pub size: u64,
    pub properties: MediaProperties,
}

/// Why a provider does not carry a file as a kind: a word of [`ViolationCode`] and a sentence that says what to do instead.
pub type Obstacle = (ViolationCode, String);

impl File<'_> {
    /// What each provider makes of it: the kind it is carried as, and what stands in the way.
    pub fn carried_by(self) -> Vec<(ProviderKind, FileKind, Option<Obstacle>)> {
        let kind = sniff::kind_of(self.mime_type);
        let obstacle_at = |provider| match kind.as_media() {
            Some(media) => obstacle(provider, media, self),
            None => Some((ViolationCode::Unsupported, format!("{provider} carries no {}", self.mime_type))),
        };
        ProviderKind::ALL.iter().map(|provider| (*provider, kind, obstacle_at(*provider))).collect()
    }
}

/// What stands in the way of sending a file as a kind; `None` when nothing does.
pub fn obstacle(provider: ProviderKind, kind: MediaKind, file: File<'_>) -> Option<Obstacle> {
    let Some(can) = Capabilities::of(provider).media.iter().find(|can| can.kind == kind) else {
        return Some((ViolationCode::Unsupported, format!("{provider} carries no {kind}")));
    };
    if !can.mime_types.contains(&file.mime_type) {
        return Some((ViolationCode::Unsupported, wrong_type(provider, kind, file.mime_type, can.mime_types)));
    }
    let most = can.max_bytes.value;
    if file.size > most {
        let message =
            format!("{provider} carries {kind} files up to {}, and this one has {}", sized(most), sized(file.size));
        return Some((ViolationCode::TooLarge, message));
    }
    match (kind, provider) {
        (MediaKind::Sticker, _) => sticker(file),
        (MediaKind::Image, ProviderKind::Direct) if file.properties.plain_colours == Some(false) => Some((
            ViolationCode::Unsupported,
            "Meta carries PNGs with 8 bits for each of red, green and blue only; save it as such, or as a JPEG"
                .to_owned(),
        )),
        (MediaKind::Audio, ProviderKind::Direct) => opus(file),
        _ => None,
    }
}

/// What else stands in the way of a voice note: only an Ogg with Opus in one channel has a waveform (direct.md §2.3).
pub fn voice_obstacle(file: File<'_>) -> Option<Obstacle> {
    let is_voice = file.mime_type == "audio/ogg" && file.properties.opus_channels == Some(1);
    (!is_voice).then(|| {
        let message =
            "a voice note is an Ogg file with Opus in one channel (mono); convert it, or send it without `voice`";
        (ViolationCode::Unsupported, message.to_owned())
    })
}

fn opus(file: File<'_>) -> Option<Obstacle> {
    let is_carried = file.mime_type != "audio/ogg" || file.properties.opus_channels == Some(1);
    (!is_carried).then(|| {
        let message = "Meta carries Ogg files with Opus in one channel (mono) only; convert it";
        (ViolationCode::Unsupported, message.to_owned())
    })
}

fn sticker(file: File<'_>) -> Option<Obstacle> {
    let MediaProperties { width, height, animated, .. } = file.properties;
    if (width, height) != (Some(STICKER_SIDE), Some(STICKER_SIDE)) {
        let message = format!("a sticker has {STICKER_SIDE} by {STICKER_SIDE} points; resize it");
        return Some((ViolationCode::Malformed, message));
    }
    (!animated && file.size > STILL_STICKER).then(|| {
        let message = format!(
            "a sticker that does not move has at most {}, and this one has {}",
            sized(STILL_STICKER),
            sized(file.size)
        );
        (ViolationCode::TooLarge, message)
    })
}

fn wrong_type(provider: ProviderKind, kind: MediaKind, mime_type: &str, carried: &[&str]) -> String {
    let is = if mime_type == sniff::UNKNOWN { "is of no known type".to_owned() } else { format!("is {mime_type}") };
    let short: Vec<&str> = carried.iter().filter(|known| !known.contains("officedocument")).copied().collect();
    let office = if short.len() < carried.len() { " and Office files" } else { "" };
    format!("by its bytes the file {is}; {provider} carries as {kind}: {}{office}", short.join(", "))
}

fn sized(bytes: u64) -> String {
    const MB: u64 = KB * KB;
    match bytes {
        // Rounded up, so that what is too large never seems to fit.
        MB.. => format!("{} MB", bytes.div_ceil(MB)),
        _ => format!("{} KB", bytes.div_ceil(KB)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::providers::ViolationCode as V;

    fn file(mime_type: &str, size: u64) -> File<'_> {
        File { mime_type, size, properties: MediaProperties::default() }
    }

    fn word(provider: ProviderKind, kind: MediaKind, file: File<'_>) -> Option<V> {
        obstacle(provider, kind, file).map(|(code, _)| code)
    }

    #[test]
    fn each_provider_has_its_limits() {
        use MediaKind::{Audio, Document, Image, Video};
        use ProviderKind::{Direct, Twilio};
        const MB: u64 = 1024 * 1024;
        for (provider, kind, of, expected) in [
            (Direct, Image, file("image/jpeg", 5 * MB), None),
            (Direct, Image, file("image/jpeg", 5 * MB + 1), Some(V::TooLarge)),
            (Twilio, Image, file("image/png", 5 * MB), None),
            (Direct, Image, file("image/webp", 1), Some(V::Unsupported)),
            (Direct, Document, file("application/pdf", 100 * MB), None),
            (Twilio, Document, file("application/pdf", 16 * MB), None),
            (Twilio, Document, file("application/pdf", 16 * MB + 1), Some(V::TooLarge)),
            (Twilio, Document, file("text/plain", 1), Some(V::Unsupported)),
            (Direct, Video, file("video/3gpp", 1), None),
            (Twilio, Video, file("video/3gpp", 1), Some(V::Unsupported)),
            (Twilio, Audio, file("audio/3gpp", 1), None),
            (Direct, Audio, file("audio/3gpp", 1), Some(V::Unsupported)),
            (Direct, Image, file("application/pdf", 1), Some(V::Unsupported)),
        ] {
            assert_eq!(word(provider, kind, of), expected, "{provider} {kind} {of:?}");
        }
    }

    #[test]
    fn a_sticker_has_its_size_and_its_weight() {
        let sticker = |side: u32, animated: bool, size: u64| File {
            mime_type: "image/webp",
            size,
            properties: MediaProperties {
                width: Some(side),
                height: Some(512),
                animated,
                ..MediaProperties::default()
            },
        };
        let word = |file| word(ProviderKind::Direct, MediaKind::Sticker, file);
        assert_eq!(word(sticker(512, false, 100 * KB)), None);
        assert_eq!(word(sticker(512, false, 100 * KB + 1)), Some(V::TooLarge));
        assert_eq!(word(sticker(512, true, 500 * KB)), None);
        assert_eq!(word(sticker(512, true, 500 * KB + 1)), Some(V::TooLarge));
        assert_eq!(word(sticker(511, false, 1)), Some(V::Malformed));
    }

    #[test]
    fn meta_hears_one_channel_only() {
        let ogg = |channels| File {
            mime_type: "audio/ogg",
            size: 1,
            properties: MediaProperties { opus_channels: channels, ..MediaProperties::default() },
        };
        for (channels, expected) in [(Some(1), None), (Some(2), Some(V::Unsupported)), (None, Some(V::Unsupported))] {
            assert_eq!(word(ProviderKind::Direct, MediaKind::Audio, ogg(channels)), expected);
            assert_eq!(voice_obstacle(ogg(channels)).map(|(code, _)| code), expected);
        }
        assert_eq!(word(ProviderKind::Twilio, MediaKind::Audio, ogg(Some(2))), None);
        assert!(voice_obstacle(file("audio/mpeg", 1)).is_some());
    }

    #[test]
    fn a_palette_is_no_picture_for_meta() {
        let palette = MediaProperties { plain_colours: Some(false), ..MediaProperties::default() };
        let file = File { mime_type: "image/png", size: 1, properties: palette };
        assert_eq!(word(ProviderKind::Direct, MediaKind::Image, file), Some(V::Unsupported));
        assert_eq!(word(ProviderKind::Twilio, MediaKind::Image, file), None);
    }
}
