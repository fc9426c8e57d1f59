use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn sniffed(bytes: &[u8]) -> Sniffed {
    sniff(&mut Cursor::new(bytes)).unwrap()
}

fn mime(bytes: &[u8]) -> &'static str {
    sniffed(bytes).mime_type
}

fn png(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([depth, colour, 0, 0, 0]);
    bytes
}

fn webp(form: &[u8; 4], rest: &[u8]) -> Vec<u8> {
    [b"RIFF\0\0\0\0WEBP".as_slice(), form, &[0; 4], rest].concat()
}

fn boxed(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap();
    [size.to_be_bytes().as_slice(), name, content].concat()
}

/// A container of this brand with one track of each kind; the tracks stand behind the pictures, as cameras write them.
fn film(brand: &[u8; 4], tracks: &[&[u8; 4]]) -> Vec<u8> {
    let track = |kind: &&[u8; 4]| {
        let handler = boxed(b"hdlr", &[&[0; 8], kind.as_slice(), &[0; 12]].concat());
        boxed(b"trak", &[boxed(b"tkhd", &[0; 80]), boxed(b"mdia", &handler)].concat())
    };
    let tracks: Vec<u8> = tracks.iter().flat_map(track).collect();
    [boxed(b"ftyp", brand), boxed(b"mdat", &[7; 900]), boxed(b"moov", &tracks)].concat()
}

fn zip(names: &[&str]) -> Vec<u8> {
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend([0; 60]);
    let at = u32::try_from(bytes.len()).unwrap();
    for name in names {
        let mut entry = [0; 46];
        entry[..4].copy_from_slice(b"PK\x01\x02");
        entry[28..30].copy_from_slice(&u16::try_from(name.len()).unwrap().to_le_bytes());
        bytes.extend(entry);
        bytes.extend(name.as_bytes());
    }
    let length = u32::try_from(bytes.len()).unwrap() - at;
    bytes.extend(b"PK\x05\x06\0\0\0\0\0\0\0\0");
    bytes.extend(length.to_le_bytes());
    bytes.extend(at.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// A header, the allocation table in sector 0, the directory in sector 1, and it goes on in sector 2.
fn office(stream: &str) -> Vec<u8> {
    let mut bytes = vec![0; 512 * 4];
    bytes[..8].copy_from_slice(&ole::MAGIC);
    bytes[30] = 9;
    bytes[48] = 1;
    bytes[512 + 4] = 2;
    bytes[512 + 8..512 + 12].copy_from_slice(&[0xfe, 0xff, 0xff, 0xff]);
    for (at, name) in [(1024, "Root Entry"), (1536, stream)] {
        let units: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes[at..at + units.len()].copy_from_slice(&units);
        bytes[at + 64] = u8::try_from(units.len() + 2).unwrap();
    }
    bytes
}

#[test]
fn every_type_is_known_by_its_bytes() {
    for (bytes, expected, kind) in [
        (b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "image/jpeg", FileKind::Image),
        (png(8, 9, 8, 6), "image/png", FileKind::Image),
        (webp(b"VP8X", &[0; 10]), "image/webp", FileKind::Sticker),
        (b"GIF89a".to_vec(), "image/gif", FileKind::Other),
        (film(b"isom", &[b"vide", b"soun"]), "video/mp4", FileKind::Video),
        (film(b"isom", &[b"soun"]), "audio/mp4", FileKind::Audio),
        (film(b"M4A ", &[b"soun"]), "audio/mp4", FileKind::Audio),
        (film(b"3gp5", &[b"vide"]), "video/3gpp", FileKind::Video),
        (film(b"3gp4", &[b"soun"]), "audio/3gpp", FileKind::Audio),
        (boxed(b"ftyp", b"mp42"), "video/mp4", FileKind::Video),
        (boxed(b"ftyp", b"M4A "), "audio/mp4", FileKind::Audio),
        (boxed(b"ftyp", b"qt  "), "video/quicktime", FileKind::Other),
        (boxed(b"ftyp", b"heic"), "image/heic", FileKind::Other),
        (b"ID3\x04".to_vec(), "audio/mpeg", FileKind::Audio),
        (vec![0xff, 0xfb, 0x90, 0x64], "audio/mpeg", FileKind::Audio),
        (vec![0xff, 0xf1, 0x50, 0x80], "audio/aac", FileKind::Audio),
        (b"#!AMR\n".to_vec(), "audio/amr", FileKind::Audio),
        (b"%PDF-1.7\n".to_vec(), "application/pdf", FileKind::Document),
        (zip(&["[Content_Types].xml", "word/document.xml"]), container::DOCX, FileKind::Document),
        (zip(&["[Content_Types].xml", "xl/workbook.xml"]), container::XLSX, FileKind::Document),
        (zip(&["[Content_Types].xml", "ppt/presentation.xml"]), container::PPTX, FileKind::Document),
        (zip(&["word/document.xml"]), "application/zip", FileKind::Other),
        (office("WordDocument"), "application/msword", FileKind::Document),
        (office("Workbook"), "application/vnd.ms-excel", FileKind::Document),
        (office("PowerPoint Document"), "application/vnd.ms-powerpoint", FileKind::Document),
        (office("Something"), UNKNOWN, FileKind::Other),
        ("Grüße,\r\n\tAda".into(), "text/plain", FileKind::Document),
        ("begin:vcard\r\nEND:VCARD".into(), "text/vcard", FileKind::Other),
        (Vec::new(), UNKNOWN, FileKind::Other),
        (b"text\0".to_vec(), UNKNOWN, FileKind::Other),
        (vec![b'a', 0xff], UNKNOWN, FileKind::Other),
        (vec![b'a', 0xc3], UNKNOWN, FileKind::Other),
        (b"MZ\x90\0".to_vec(), UNKNOWN, FileKind::Other),
    ] {
        let found = sniffed(&bytes);
        assert_eq!((found.mime_type, found.kind()), (expected, kind));
    }
}

#[test]
fn an_opus_voice_is_told_from_other_ogg() {
    let ogg = |packet: &[u8]| {
        let mut head = b"OggS".to_vec();
        head.extend([0; 22]);
        head.extend([1, 19]);
        head.extend(packet);
        head
    };
    assert_eq!(sniffed(&ogg(b"OpusHead\x01\x01")).properties.opus_channels, Some(1));
    assert_eq!(sniffed(&ogg(b"OpusHead\x01\x02")).properties.opus_channels, Some(2));
    let vorbis = sniffed(&ogg(b"\x01vorbis"));
    assert_eq!((vorbis.mime_type, vorbis.properties.opus_channels), ("audio/ogg", None));
    assert_eq!(mime(&ogg(b"\x80theora")), "video/ogg");
}

#[test]
fn pictures_have_sizes() {
    let properties = sniffed(&png(640, 480, 8, 2)).properties;
    assert_eq!((properties.width, properties.height, properties.plain_colours), (Some(640), Some(480), Some(true)));
    assert_eq!(sniffed(&png(1, 1, 16, 2)).properties.plain_colours, Some(false));
    assert_eq!(sniffed(&png(1, 1, 8, 3)).properties.plain_colours, Some(false));
    let size = |bytes: Vec<u8>| {
        let found = sniffed(&bytes).properties;
        (found.width, found.height, found.animated)
    };
    let still = webp(b"VP8X", &[0, 0, 0, 0, 0xff, 1, 0, 0xff, 1, 0]);
    assert_eq!(size(still), (Some(512), Some(512), false));
    let moving = webp(b"VP8X", &[2, 0, 0, 0, 0xff, 1, 0, 0x7f, 0, 0]);
    assert_eq!(size(moving), (Some(512), Some(128), true));
    let lossy = webp(b"VP8 ", &[0, 0, 0, 0x9d, 1, 0x2a, 0, 2, 0, 2]);
    assert_eq!(size(lossy), (Some(512), Some(512), false));
    let lossless = webp(b"VP8L", &[[0x2f].as_slice(), &(511_u32 | (511 << 14)).to_le_bytes()].concat());
    assert_eq!(size(lossless), (Some(512), Some(512), false));
}

#[test]
fn a_file_of_two_types_is_what_its_first_bytes_say() {
    let page = b"<script>alert(1)</script>";
    assert_eq!(mime(&[b"GIF89a/*".as_slice(), page, b"*/"].concat()), "image/gif");
    assert_eq!(mime(&[b"\xff\xd8\xff\xe0".as_slice(), page, &zip(&["[Content_Types].xml"])].concat()), "image/jpeg");
    assert_eq!(mime(&[page.as_slice(), b"%PDF-1.7"].concat()), "text/plain");
    assert_eq!(mime(b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "text/plain");
    for page in [mime(b"<!doctype html><script></script>"), mime(b"<svg/>"), UNKNOWN, "application/pdf"] {
        assert!(!is_shown_inline(page), "{page}");
    }
}

#[test]
fn a_character_may_be_torn_between_two_reads() {
    for shift in 0..4 {
        let text = format!("{}{}", "a".repeat(64 * 1024 - shift), "😀".repeat(50_000));
        assert_eq!(mime(text.as_bytes()), "text/plain", "{shift}");
    }
}

proptest! {
    #[test]
    fn nothing_makes_it_fail(start in prop::sample::select(vec![
        b"".to_vec(), boxed(b"ftyp", b"isom"), b"PK\x03\x04".to_vec(), ole::MAGIC.to_vec(), b"OggS".to_vec(),
        b"RIFF\0\0\0\0WEBPVP8X".to_vec(), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), office("Workbook"), zip(&["a"]),
    ]), rest in prop::collection::vec(any::<u8>(), 0..2_000)) {
        sniffed(&[start, rest].concat());
    }
}

/// Counts how often it is moved about in.
struct Watched<'a>(Cursor<&'a [u8]>, usize);

impl Read for Watched<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl Seek for Watched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.1 += 1;
        self.0.seek(to)
    }
}

#[test]
fn endless_boxes_inside_endless_boxes_are_soon_left_alone() {
    let media = boxed(b"mdia", &boxed(b"free", &[]).repeat(100));
    let forged = [boxed(b"ftyp", b"isom"), boxed(b"moov", &boxed(b"trak", &media.repeat(20)).repeat(100))].concat();
    let mut file = Watched(Cursor::new(&forged), 0);
    assert_eq!(sniff(&mut file).unwrap().mime_type, "video/mp4");
    assert!(file.1 < 10_000, "{}", file.1);

    // Many fragments, as streams are recorded, hide nothing of what stands before them.
    let fragments = boxed(b"moof", &[]).repeat(9_000);
    let sound = [film(b"isom", &[b"soun"]), fragments].concat();
    assert_eq!(mime(&sound), "audio/mp4");
}
