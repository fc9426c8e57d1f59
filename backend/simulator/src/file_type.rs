//! Says from its bytes what a file is, as the networks do: names and declared types are not trusted.

/// What the first bytes of a file tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileType {
    Jpeg,
    Png,
    Gif,
    Webp(Webp),
    /// MP4 with this kind of content, by its major brand.
    Mp4 {
        audio: bool,
    },
    ThreeGp,
    Ogg {
        /// Channels of an Opus stream; `None` for another codec.
        opus_channels: Option<u8>,
    },
    Aac,
    Amr,
    Mp3,
    Pdf,
    /// The old Office formats.
    Ole,
    /// The new Office formats, which are archives.
    Zip,
    Text,
}

/// A WebP picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Webp {
    /// In pixels.
    pub(crate) width: u32,
    /// In pixels.
    pub(crate) height: u32,
    pub(crate) animated: bool,
}

/// What the file is; `None` when it is nothing that is known here.
pub(crate) fn of(bytes: &[u8]) -> Option<FileType> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    let found = if starts(&[0xff, 0xd8, 0xff]) {
        FileType::Jpeg
    } else if starts(b"\x89PNG\r\n\x1a\n") {
        FileType::Png
    } else if starts(b"GIF8") {
        FileType::Gif
    } else if starts(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        FileType::Webp(webp(bytes)?)
    } else if bytes.get(4..8) == Some(b"ftyp") {
        movie(bytes.get(8..12)?)
    } else if starts(b"OggS") {
        FileType::Ogg { opus_channels: opus_channels(bytes) }
    } else if starts(b"#!AMR") {
        FileType::Amr
    } else if starts(b"%PDF-") {
        FileType::Pdf
    } else if starts(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) {
        FileType::Ole
    } else if starts(b"PK\x03\x04") {
        FileType::Zip
    } else if starts(b"ID3") {
        FileType::Mp3
    } else if let [0xff, second, ..] = bytes
        && second & 0xe0 == 0xe0
    {
        // Layer bits of 00 belong to AAC in ADTS frames, all others to MPEG audio.
        if second & 0x06 == 0 { FileType::Aac } else { FileType::Mp3 }
    } else if !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok() {
        FileType::Text
    } else {
        return None;
    };
    Some(found)
}

/// Whether bytes of this type may be called by this MIME type.
pub(crate) fn is_called(file: FileType, mime: &str) -> bool {
    match file {
        FileType::Jpeg => matches!(mime, "image/jpeg" | "image/jpg"),
        FileType::Png => mime == "image/png",
        FileType::Gif => mime == "image/gif",
        FileType::Webp(_) => mime == "image/webp",
        FileType::Mp4 { audio } => mime == "audio/mp4" || (!audio && mime == "video/mp4"),
        FileType::ThreeGp => mime == "video/3gpp",
        FileType::Ogg { .. } => mime == "audio/ogg",
        FileType::Aac => mime == "audio/aac",
        FileType::Amr => mime == "audio/amr",
        FileType::Mp3 => mime == "audio/mpeg",
        FileType::Pdf => mime == "application/pdf",
        FileType::Ole => {
            matches!(mime, "application/msword" | "application/vnd.ms-excel" | "application/vnd.ms-powerpoint")
        }
        FileType::Zip => mime.starts_with("application/vnd.openxmlformats-officedocument."),
        FileType::Text => mime == "text/plain",
    }
}

fn movie(brand: &[u8]) -> FileType {
    match brand {
        b"M4A " | b"M4B " => FileType::Mp4 { audio: true },
        [b'3', b'g', ..] => FileType::ThreeGp,
        _ => FileType::Mp4 { audio: false },
    }
}

/// Reads the first Ogg page as far as the head of an Opus stream.
fn opus_channels(bytes: &[u8]) -> Option<u8> {
    let segments = usize::from(*bytes.get(26)?);
    let head = bytes.get(27 + segments..)?;
    head.starts_with(b"OpusHead").then(|| head.get(9).copied()).flatten()
}

fn webp(bytes: &[u8]) -> Option<Webp> {
    let byte = |at: usize| bytes.get(at).copied().map(u32::from);
    let kind = bytes.get(12..16)?;
    match kind {
        b"VP8X" => Some(Webp {
            width: 1 + (byte(24)? | byte(25)? << 8 | byte(26)? << 16),
            height: 1 + (byte(27)? | byte(28)? << 8 | byte(29)? << 16),
            animated: byte(20)? & 0x02 != 0,
        }),
        b"VP8L" => {
            let packed = byte(21)? | byte(22)? << 8 | byte(23)? << 16 | byte(24)? << 24;
            Some(Webp { width: 1 + (packed & 0x3fff), height: 1 + (packed >> 14 & 0x3fff), animated: false })
        }
        b"VP8 " => Some(Webp {
            width: (byte(26)? | byte(27)? << 8) & 0x3fff,
            height: (byte(28)? | byte(29)? << 8) & 0x3fff,
            animated: false,
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_by_their_first_bytes() {
        assert_eq!(of(b"\xff\xd8\xff\xe0 and more"), Some(FileType::Jpeg));
        assert_eq!(of(b"\x00\x00\x00\x18ftypM4A rest"), Some(FileType::Mp4 { audio: true }));
        assert_eq!(of(b"\x00\x00\x00\x18ftyp3gp4rest"), Some(FileType::ThreeGp));
        assert_eq!(of(&[0xff, 0xf1, 0x50]), Some(FileType::Aac));
        assert_eq!(of(&[0xff, 0xfb, 0x90]), Some(FileType::Mp3));
        assert_eq!(of("Grüße".as_bytes()), Some(FileType::Text));
        assert_eq!(of(&[0, 1, 2]), None);
        assert!(is_called(FileType::Mp4 { audio: false }, "audio/mp4"));
        assert!(!is_called(FileType::Mp4 { audio: true }, "video/mp4"));
    }

    #[test]
    fn an_opus_stream_tells_its_channels() {
        let mut page = b"OggS\0\x02".to_vec();
        page.resize(26, 0);
        page.extend([1, 19]);
        page.extend(b"OpusHead\x01\x02");
        assert_eq!(of(&page), Some(FileType::Ogg { opus_channels: Some(2) }));
        assert_eq!(of(b"OggS of another codec"), Some(FileType::Ogg { opus_channels: None }));
    }

    #[test]
    fn the_three_forms_of_webp_tell_their_size() {
        let mut extended = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0".to_vec();
        extended.extend([0xff, 0x01, 0, 0xff, 0x01, 0]);
        assert_eq!(of(&extended), Some(FileType::Webp(Webp { width: 512, height: 512, animated: true })));
        let mut lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f".to_vec();
        lossless.extend((511_u32 | 511 << 14).to_le_bytes());
        assert_eq!(of(&lossless), Some(FileType::Webp(Webp { width: 512, height: 512, animated: false })));
    }
}
