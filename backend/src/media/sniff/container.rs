//! ZIP files, and among them the documents of Word, Excel and PowerPoint.

use std::io::{self, Read, Seek, SeekFrom};

use super::{Sniffed, le16, le32, read_at};

pub(super) const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
pub(super) const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

const ZIP: &str = "application/zip";
/// The directory's end stands in the last bytes: 22, and a comment of at most 65,535.
const TAIL: u64 = 22 + 65_535;
/// Bytes of the directory that are read: some ten thousand names.
const LONGEST_DIRECTORY: u32 = 1024 * 1024;

/// An office document holds the list of its parts' types and its main part; everything else is a ZIP.
pub(super) fn of(file: &mut (impl Read + Seek)) -> io::Result<Sniffed> {
    let names = names(file)?;
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let mime_type = if !has("[Content_Types].xml") {
        ZIP
    } else if has("word/document.xml") {
        DOCX
    } else if has("xl/workbook.xml") {
        XLSX
    } else if has("ppt/presentation.xml") {
        PPTX
    } else {
        ZIP
    };
    Ok(Sniffed::plain(mime_type))
}

/// The names in the directory at the file's end, as far as they can be read.
fn names(file: &mut (impl Read + Seek)) -> io::Result<Vec<String>> {
    let end = file.seek(SeekFrom::End(0))?;
    let start = end.saturating_sub(TAIL);
    let Some(tail) = read_at(file, start, usize::try_from(end - start).unwrap_or(0))? else { return Ok(Vec::new()) };
    let Some(record) = tail.windows(4).rposition(|four| four == b"PK\x05\x06") else { return Ok(Vec::new()) };
    let (Some(length), Some(at)) = (le32(&tail, record + 12), le32(&tail, record + 16)) else { return Ok(Vec::new()) };
    let length = usize::try_from(length.min(LONGEST_DIRECTORY)).unwrap_or(0);
    let Some(directory) = read_at(file, u64::from(at), length)? else { return Ok(Vec::new()) };
    Ok(entries(&directory))
}

fn entries(directory: &[u8]) -> Vec<String> {
    let (mut names, mut at) = (Vec::new(), 0);
    while directory.get(at..at + 4) == Some(b"PK\x01\x02") {
        let lengths = [28, 30, 32].map(|place| le16(directory, at + place).map_or(0, usize::from));
        let [name, extra, comment] = lengths;
        let Some(bytes) = directory.get(at + 46..at + 46 + name) else { break };
        names.push(String::from_utf8_lossy(bytes).into_owned());
        at += 46 + name + extra + comment;
    }
    names
}
