//! AAC, AMR, MP3 and Ogg; sounds in MP4 are in [`super::iso`].

use super::Sniffed;
use crate::domain::media::MediaProperties;

pub(super) fn of(head: &[u8]) -> Option<Sniffed> {
    if head.starts_with(b"#!AMR\n") || head.starts_with(b"#!AMR-WB\n") {
        Some(Sniffed::plain("audio/amr"))
    } else if head.starts_with(b"OggS") {
        Some(ogg(head))
    } else if head.starts_with(b"ID3") || is_mp3(head) {
        Some(Sniffed::plain("audio/mpeg"))
    } else if is_adts(head) {
        Some(Sniffed::plain("audio/aac"))
    } else {
        None
    }
}

/// The first packet names the codec; Opus says there how many channels it has (RFC 7845 §5.1).
fn ogg(head: &[u8]) -> Sniffed {
    let segments = head.get(26).map_or(0, |count| usize::from(*count));
    let packet = head.get(27 + segments..).unwrap_or_default();
    if packet.starts_with(b"\x80theora") {
        return Sniffed::plain("video/ogg");
    }
    let channels = packet.starts_with(b"OpusHead").then(|| packet.get(9).copied()).flatten();
    let properties = MediaProperties { opus_channels: channels, ..MediaProperties::default() };
    Sniffed { mime_type: "audio/ogg", properties }
}

/// A frame of MPEG audio: eleven set bits, then a version, a layer, a bit rate and a sampling rate that exist. Two frames would
/// be surer, but the first may be longer than what is read here.
fn is_mp3(head: &[u8]) -> bool {
    let [0xff, second, third, ..] = head else { return false };
    let (version, layer) = ((second >> 3) & 0b11, (second >> 1) & 0b11);
    second & 0xe0 == 0xe0
        && version != 0b01
        && layer != 0
        && third >> 4 != 0xf
        && third >> 4 != 0
        && third & 0x0c != 0x0c
}

/// A frame of AAC (ADTS): twelve set bits, layer 0, a sampling rate that exists.
fn is_adts(head: &[u8]) -> bool {
    let [0xff, second, third, ..] = head else { return false };
    second & 0xf6 == 0xf0 && (third >> 2) & 0x0f < 13
}
