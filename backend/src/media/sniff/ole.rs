//! The older documents of Word, Excel and PowerPoint: a small file system in a file ([MS-CFB]).

use std::io::{self, Read, Seek};

use super::{Sniffed, UNKNOWN, le16, le32, read_at};

pub(super) const MAGIC: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// One entry of the directory.
const ENTRY: usize = 128;
/// Sectors of the directory that are followed; a document's main stream is among the first entries.
const MOST_SECTORS: usize = 64;
/// Where the header lists the sectors of the allocation table.
const TABLE_LIST: usize = 76;

pub(super) fn of(file: &mut (impl Read + Seek), head: &[u8]) -> io::Result<Sniffed> {
    for name in names(file, head)? {
        match name.as_str() {
            "WordDocument" => return Ok(Sniffed::plain("application/msword")),
            "Workbook" | "Book" => return Ok(Sniffed::plain("application/vnd.ms-excel")),
            "PowerPoint Document" => return Ok(Sniffed::plain("application/vnd.ms-powerpoint")),
            _ => {}
        }
    }
    Ok(Sniffed::plain(UNKNOWN))
}

fn names(file: &mut (impl Read + Seek), head: &[u8]) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    // 512 or 4,096 bytes; anything else is damaged.
    let size: usize = match le16(head, 30) {
        Some(9) => 512,
        Some(12) => 4_096,
        _ => return Ok(found),
    };
    let place = |sector: u32| (u64::from(sector) + 1) * size as u64;
    let mut next = le32(head, 48);
    for _ in 0..MOST_SECTORS {
        let Some(sector) = next else { break };
        let Some(entries) = read_at(file, place(sector), size)? else { break };
        found.extend(entries.chunks_exact(ENTRY).filter_map(name_of));
        // The table says which sector follows; its own sectors are listed in the header.
        let index = usize::try_from(sector).unwrap_or(usize::MAX);
        let per_sector = size / 4;
        let Some(table) = le32(head, (index / per_sector).saturating_mul(4).saturating_add(TABLE_LIST)) else { break };
        let Some(row) = read_at(file, place(table) + ((index % per_sector) * 4) as u64, 4)? else { break };
        next = le32(&row, 0);
    }
    Ok(found)
}

/// UTF-16 with its length in bytes, the closing zero included.
fn name_of(entry: &[u8]) -> Option<String> {
    let length = usize::from(le16(entry, 64)?).checked_sub(2)?;
    let units = entry.get(..length.min(64))?.chunks_exact(2).filter_map(|pair| le16(pair, 0));
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}
