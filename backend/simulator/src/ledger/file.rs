//! The append-only file: grouped writes, reading by sequence number, replay.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Entry, Event};
use crate::error::SimulatorError;
use crate::ids::now_ms;
use crate::json_file::private;

/// Every how many entries the position in the file is remembered.
const INDEX_EVERY: u64 = 1_024;
/// In memory, the older half of the lines is forgotten at this size in bytes.
const MEMORY_LIMIT: usize = 64 << 20;
/// Failed writes that are remembered for callers who still wait for theirs.
const FAILURES_KEPT: usize = 64;

/// Lines that wait for the next write.
#[derive(Debug, Default)]
struct Pending {
    lines: Vec<u8>,
    last: u64,
    /// (sequence number, position in `lines`) of the lines to index.
    marks: Vec<(u64, usize)>,
}

#[derive(Debug)]
enum Medium {
    File { file: File, path: PathBuf },
    Memory { lines: Vec<u8>, forgotten: u64 },
}

#[derive(Debug)]
struct Store {
    medium: Medium,
    length: u64,
    written: u64,
    failed: Vec<RangeInclusive<u64>>,
    index: Vec<(u64, u64)>,
}

/// The ledger, open for appending. Many threads may append; whoever writes first writes for all that wait.
#[derive(Debug)]
pub(crate) struct Ledger {
    pending: Mutex<Pending>,
    store: Mutex<Store>,
}

impl Ledger {
    /// An empty ledger that dies with the process.
    pub(crate) fn in_memory() -> Self {
        Self::with(Medium::Memory { lines: Vec::new(), forgotten: 0 }, 0, 0, Vec::new())
    }

    /// Opens the file, tells `each` every entry in order, and cuts off a last line that a crash left unfinished.
    pub(crate) fn open(path: &Path, mut each: impl FnMut(Entry)) -> Result<Self, SimulatorError> {
        let io_error = |source| SimulatorError::DataDir { path: path.to_owned(), source };
        let file = private(OpenOptions::new().create(true).append(true).read(true)).open(path).map_err(io_error)?;
        let mut reader = BufReader::new(&file);
        let (mut length, mut last, mut index) = (0_u64, 0_u64, Vec::new());
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = reader.read_until(b'\n', &mut line).map_err(io_error)?;
            if line.last() != Some(&b'\n') {
                break;
            }
            let entry: Entry = serde_json::from_slice(&line).map_err(|source| SimulatorError::Damaged {
                path: path.to_owned(),
                offset: length,
                source,
            })?;
            if index.is_empty() || entry.seq.is_multiple_of(INDEX_EVERY) {
                index.push((entry.seq, length));
            }
            last = last.max(entry.seq);
            length += read as u64;
            each(entry);
        }
        drop(reader);
        file.set_len(length).map_err(io_error)?;
        Ok(Self::with(Medium::File { file, path: path.to_owned() }, length, last, index))
    }

    fn with(medium: Medium, length: u64, last: u64, index: Vec<(u64, u64)>) -> Self {
        let store = Store { medium, length, written: last, failed: Vec::new(), index };
        Self { pending: Mutex::new(Pending { last, ..Pending::default() }), store: Mutex::new(store) }
    }

    /// Appends and returns only after the operating system has the line, so that the end of this process cannot lose it.
    ///
    /// # Errors
    /// When the line cannot be serialised or written; then nothing of it stays.
    pub(crate) fn append(&self, event: &Event) -> io::Result<()> {
        let seq = self.append_later(event)?;
        self.settle(seq)
    }

    /// Appends without waiting: the line goes out with the next one that is waited for. Returns its sequence number.
    pub(crate) fn append_later(&self, event: &Event) -> io::Result<u64> {
        let body = serde_json::to_vec(event)?;
        let mut pending = self.pending();
        pending.last += 1;
        let seq = pending.last;
        if seq.is_multiple_of(INDEX_EVERY) {
            let position = pending.lines.len();
            pending.marks.push((seq, position));
        }
        write!(pending.lines, "{{\"seq\":{seq},\"at\":{},\"event\":", now_ms())?;
        pending.lines.extend_from_slice(&body);
        pending.lines.extend_from_slice(b"}\n");
        Ok(seq)
    }

    /// Writes everything that waits.
    pub(crate) fn flush(&self) -> io::Result<()> {
        let last = self.pending().last;
        self.settle(last)
    }

    fn settle(&self, seq: u64) -> io::Result<()> {
        let mut store = self.store();
        if store.failed.iter().any(|range| range.contains(&seq)) {
            return Err(io::Error::other("the ledger could not be written"));
        }
        if store.written >= seq {
            return Ok(());
        }
        let (lines, marks, last) = {
            let mut pending = self.pending();
            (std::mem::take(&mut pending.lines), std::mem::take(&mut pending.marks), pending.last)
        };
        store.write(&lines, &marks, last)
    }

    /// The lines after a sequence number, at most `limit`, as they stand in the file.
    pub(crate) fn read(&self, after: u64, limit: usize) -> io::Result<Vec<String>> {
        self.flush()?;
        let mut reader = self.store().reader_at(after.saturating_add(1))?;
        let (mut found, mut line) = (Vec::new(), String::new());
        while found.len() < limit {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                break;
            }
            if sequence_of(&line) > after {
                found.push(line.trim_end().to_owned());
            }
        }
        Ok(found)
    }

    /// Tells `each` every entry there is.
    pub(crate) fn scan(&self, mut each: impl FnMut(Entry)) -> io::Result<()> {
        self.flush()?;
        let mut reader = self.store().reader_at(0)?;
        let mut line = String::new();
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            each(serde_json::from_str(&line)?);
        }
    }

    fn pending(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    fn write(&mut self, lines: &[u8], marks: &[(u64, usize)], last: u64) -> io::Result<()> {
        let first = self.written + 1;
        let outcome = match &mut self.medium {
            Medium::File { file, .. } => file.write_all(lines).inspect_err(|_| {
                // Half a line in the middle would spoil the replay; what cannot be cut off shows up as damage then.
                let _ = file.set_len(self.length);
            }),
            Medium::Memory { lines: kept, forgotten } => {
                kept.extend_from_slice(lines);
                forget_half(kept, forgotten);
                Ok(())
            }
        };
        self.written = last;
        if let Err(error) = outcome {
            self.failed.push(first..=last);
            let surplus = self.failed.len().saturating_sub(FAILURES_KEPT);
            self.failed.drain(..surplus);
            return Err(error);
        }
        self.index.extend(marks.iter().map(|(seq, position)| (*seq, self.length + *position as u64)));
        self.length += lines.len() as u64;
        Ok(())
    }

    /// A reader over the lines from shortly before `seq` up to what is written now.
    fn reader_at(&self, seq: u64) -> io::Result<Box<dyn io::BufRead>> {
        let at = self.index.partition_point(|(indexed, _)| *indexed <= seq).checked_sub(1);
        let offset = at.and_then(|i| self.index.get(i)).map_or(0, |(_, offset)| *offset);
        match &self.medium {
            Medium::File { path, .. } => {
                let mut file = File::open(path)?;
                file.seek(SeekFrom::Start(offset))?;
                Ok(Box::new(BufReader::new(file.take(self.length - offset))))
            }
            Medium::Memory { lines, forgotten } => {
                let start = usize::try_from(offset.saturating_sub(*forgotten)).unwrap_or(usize::MAX);
                Ok(Box::new(io::Cursor::new(lines.get(start..).unwrap_or_default().to_vec())))
            }
        }
    }
}

/// A ledger that is being written anew, to take the old one's place.
#[derive(Debug)]
pub(crate) struct Rewrite {
    file: io::BufWriter<File>,
    temporary: PathBuf,
    path: PathBuf,
}

impl Rewrite {
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        let temporary = path.with_extension("jsonl.new");
        let file = private(OpenOptions::new().create(true).write(true).truncate(true)).open(&temporary)?;
        Ok(Self { file: io::BufWriter::new(file), temporary, path: path.to_owned() })
    }

    pub(crate) fn push(&mut self, entry: &Entry) -> io::Result<()> {
        serde_json::to_writer(&mut self.file, entry)?;
        self.file.write_all(b"\n")
    }

    /// Puts the new file in the old one's place; until then a crash changes nothing.
    pub(crate) fn finish(self) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(self.temporary, self.path)
    }
}

fn sequence_of(line: &str) -> u64 {
    let digits = line.strip_prefix("{\"seq\":").and_then(|rest| rest.split_once(','));
    digits.and_then(|(number, _)| number.parse().ok()).unwrap_or(0)
}

fn forget_half(lines: &mut Vec<u8>, forgotten: &mut u64) {
    if lines.len() <= MEMORY_LIMIT {
        return;
    }
    let middle = lines.len() / 2;
    let end = lines.iter().skip(middle).position(|byte| *byte == b'\n').map_or(lines.len(), |found| middle + found + 1);
    lines.drain(..end);
    *forgotten += end as u64;
}
