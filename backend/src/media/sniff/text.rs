//! Plain text and contact cards: UTF-8 without control characters, from the first byte to the last.

use std::io::{self, Read, Seek, SeekFrom};

use super::{Sniffed, UNKNOWN};

const CHUNK: usize = 64 * 1024;
const CARD: &[u8] = b"BEGIN:VCARD";

/// An empty file is no text: nobody could read it.
pub(super) fn of(file: &mut (impl Read + Seek)) -> io::Result<Sniffed> {
    file.seek(SeekFrom::Start(0))?;
    let mut pending: Vec<u8> = Vec::with_capacity(CHUNK + 4);
    let (mut read, mut is_card) = (0, false);
    loop {
        let before = pending.len();
        let got = file.by_ref().take(CHUNK as u64).read_to_end(&mut pending)?;
        if read == 0 {
            is_card = without_mark(&pending).get(..CARD.len()).is_some_and(|start| start.eq_ignore_ascii_case(CARD));
        }
        read += got;
        let Some(rest) = check(&pending) else { return Ok(Sniffed::plain(UNKNOWN)) };
        if got == 0 {
            // What is left over at the end is the torn beginning of a character.
            let is_text = read > 0 && before == 0;
            return Ok(Sniffed::plain(match (is_text, is_card) {
                (true, true) => "text/vcard",
                (true, false) => "text/plain",
                (false, _) => UNKNOWN,
            }));
        }
        pending.drain(..pending.len() - rest);
    }
}

/// The number of bytes at the end that may begin a character; `None` when it is no text.
fn check(bytes: &[u8]) -> Option<usize> {
    let (text, rest) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, 0),
        Err(error) if error.error_len().is_none() => {
            let sound = bytes.get(..error.valid_up_to())?;
            (std::str::from_utf8(sound).ok()?, bytes.len() - sound.len())
        }
        Err(_) => return None,
    };
    let forbidden = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}');
    (!text.contains(forbidden)).then_some(rest)
}

/// Some editors begin a text with the byte order mark.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}
