//! Which files Twilio takes for WhatsApp, by type, ending and first bytes (twilio.md §5, media).

/// What a file becomes in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Image,
    Video,
    Audio,
    Document,
    Sticker,
    /// A vCard, which becomes contacts.
    Card,
}

/// Endings, types, kinds.
const FILES: [(&str, &str, Kind); 19] = [
    ("jpg", "image/jpeg", Kind::Image),
    ("jpeg", "image/jpeg", Kind::Image),
    ("jpg", "image/jpg", Kind::Image),
    ("png", "image/png", Kind::Image),
    ("webp", "image/webp", Kind::Sticker),
    ("ogg", "audio/ogg", Kind::Audio),
    ("amr", "audio/amr", Kind::Audio),
    ("3gp", "audio/3gpp", Kind::Audio),
    ("aac", "audio/aac", Kind::Audio),
    ("mp3", "audio/mpeg", Kind::Audio),
    ("m4a", "audio/mp4", Kind::Audio),
    ("mp4", "video/mp4", Kind::Video),
    ("pdf", "application/pdf", Kind::Document),
    ("doc", "application/msword", Kind::Document),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Kind::Document),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", Kind::Document),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Kind::Document),
    ("vcf", "text/vcard", Kind::Card),
    ("vcf", "text/x-vcard", Kind::Card),
];

/// What a type becomes; `None` when Twilio does not take it. `mime` may have parameters.
pub(super) fn kind_of(mime: &str) -> Option<Kind> {
    let plain = mime.split(';').next().unwrap_or(mime).trim().to_ascii_lowercase();
    FILES.iter().find(|(_, known, _)| *known == plain).map(|(_, _, kind)| *kind)
}

/// The type that the ending of a URL promises.
pub(super) fn mime_of_url(link: &str) -> Option<&'static str> {
    let parsed = url::Url::parse(link).ok()?;
    let (_, ending) = parsed.path().rsplit_once('.')?;
    let ending = ending.to_ascii_lowercase();
    FILES.iter().find(|(known, _, _)| *known == ending).map(|(_, mime, _)| *mime)
}

/// What the file behind a URL most likely is.
pub(super) fn kind_of_url(link: &str) -> Kind {
    mime_of_url(link).and_then(kind_of).unwrap_or(Kind::Document)
}

/// The last part of a URL's path.
pub(super) fn name_of_url(link: &str) -> Option<String> {
    let parsed = url::Url::parse(link).ok()?;
    let name = parsed.path_segments()?.next_back()?.to_owned();
    Some(name).filter(|name| name.contains('.'))
}

/// Whether the first bytes contradict the type. Of files without a signature nothing is known.
pub(super) fn contradicts(mime: &str, bytes: &[u8]) -> bool {
    let at = |offset: usize, wanted: &[u8]| bytes.get(offset..offset + wanted.len()) == Some(wanted);
    let signatures: [(&str, bool); 6] = [
        ("image/jp", at(0, b"\xff\xd8\xff")),
        ("image/png", at(0, b"\x89PNG\r\n\x1a\n")),
        ("image/webp", at(0, b"RIFF") && at(8, b"WEBP")),
        ("application/pdf", at(0, b"%PDF-")),
        ("audio/ogg", at(0, b"OggS")),
        ("video/mp4", at(4, b"ftyp")),
    ];
    let plain = mime.trim().to_ascii_lowercase();
    signatures.iter().any(|(kind, found)| plain.starts_with(kind) && !found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_follow_types_and_endings() {
        assert_eq!(kind_of("Image/JPEG; charset=binary"), Some(Kind::Image));
        assert_eq!(kind_of("image/webp"), Some(Kind::Sticker));
        assert_eq!(kind_of("image/heic"), None);
        assert_eq!(mime_of_url("https://cdn.example.com/a/b.PDF?x=1"), Some("application/pdf"));
        assert_eq!(name_of_url("https://cdn.example.com/a/b.pdf?x=1").as_deref(), Some("b.pdf"));
        assert_eq!(kind_of_url("https://cdn.example.com/a"), Kind::Document);
    }

    #[test]
    fn the_bytes_must_be_what_the_type_says() {
        assert!(!contradicts("image/jpeg", b"\xff\xd8\xff\xe0"));
        assert!(contradicts("image/jpeg", b"<html>"));
        assert!(!contradicts("audio/mpeg", b"ID3"));
    }
}
