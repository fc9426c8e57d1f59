//! MP4, 3GP and M4A: one container; the brand and the tracks tell them apart.

use std::io::{self, Read, Seek};

use super::{Sniffed, be32, read_at};

/// Boxes looked at in one file: a film has some dozens, a forged one may have endless ones inside endless ones.
const MOST_BOXES: usize = 4_096;

pub(super) fn is(head: &[u8]) -> bool {
    head.get(4..8) == Some(b"ftyp")
}

/// A film has a picture track; without one it is a sound. When the tracks can't be read, the brand decides.
pub(super) fn of(file: &mut (impl Read + Seek), head: &[u8]) -> io::Result<Sniffed> {
    let brand = head.get(8..12).unwrap_or_default();
    let is_3gp = brand.starts_with(b"3gp") || brand.starts_with(b"3gr") || brand.starts_with(b"3gs");
    let is_sound = match tracks(file)? {
        Some(tracks) => !tracks.picture && tracks.sound,
        None => brand == b"M4A " || brand == b"M4B ",
    };
    Ok(Sniffed::plain(match (brand, is_3gp, is_sound) {
        (b"qt  ", ..) => "video/quicktime",
        (b"heic" | b"heix" | b"mif1" | b"msf1" | b"hevc", ..) => "image/heic",
        (b"avif" | b"avis", ..) => "image/avif",
        (_, true, true) => "audio/3gpp",
        (_, true, false) => "video/3gpp",
        (_, false, true) => "audio/mp4",
        (_, false, false) => "video/mp4",
    }))
}

#[derive(Clone, Copy, Default)]
struct Tracks {
    picture: bool,
    sound: bool,
}

/// The kinds of tracks in `moov`, wherever in the file it stands; `None` when there is none.
fn tracks(file: &mut (impl Read + Seek)) -> io::Result<Option<Tracks>> {
    let end = file.seek(io::SeekFrom::End(0))?;
    let mut budget = MOST_BOXES;
    let left = &mut budget;
    let Some(moov) = boxes(file, 0, end, left, Some(b"moov"))?.into_iter().find(|one| &one.name == b"moov") else {
        return Ok(None);
    };
    let mut found = Tracks::default();
    for track in boxes(file, moov.start, moov.end, left, None)?.iter().filter(|one| &one.name == b"trak") {
        for media in boxes(file, track.start, track.end, left, None)?.iter().filter(|one| &one.name == b"mdia") {
            for handler in boxes(file, media.start, media.end, left, None)?.iter().filter(|one| &one.name == b"hdlr") {
                match read_at(file, handler.start + 8, 4)?.as_deref() {
                    Some(b"vide") => found.picture = true,
                    Some(b"soun") => found.sound = true,
                    _ => {}
                }
            }
        }
    }
    Ok((found.picture || found.sound).then_some(found))
}

struct Box {
    name: [u8; 4],
    /// Of its content.
    start: u64,
    end: u64,
}

/// The boxes between two places, up to the first of the name `last`; stops at the first that does not fit, and when no more may
/// be looked at: `left` counts down over the whole file.
fn boxes(
    file: &mut (impl Read + Seek),
    start: u64,
    end: u64,
    left: &mut usize,
    last: Option<&[u8; 4]>,
) -> io::Result<Vec<Box>> {
    let (mut found, mut at) = (Vec::new(), start);
    while *left > 0 && at.saturating_add(8) <= end {
        *left -= 1;
        let Some(header) = read_at(file, at, 8)? else { break };
        let (Some(short), Some(Ok(name))) = (be32(&header, 0), header.get(4..8).map(<[u8; 4]>::try_from)) else {
            break;
        };
        let (head, size) = match short {
            // To the end of the file.
            0 => (8, end - at),
            // The size follows in eight bytes.
            1 => match read_at(file, at + 8, 8)?.map(<[u8; 8]>::try_from) {
                Some(Ok(long)) => (16, u64::from_be_bytes(long)),
                _ => break,
            },
            short => (8, u64::from(short)),
        };
        let Some(next) = at.checked_add(size).filter(|next| size >= head && *next <= end) else { break };
        found.push(Box { name, start: at + head, end: next });
        if last == Some(&name) {
            break;
        }
        at = next;
    }
    Ok(found)
}
