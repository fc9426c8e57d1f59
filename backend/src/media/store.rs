//! Bytes on disk, under the hash of their content: the same content stands there once, however many media have it.
//!
//! A file is written beside its place, made durable and renamed into it, so that what stands in a place is always whole.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use crate::storage::media::ContentHash;

use super::error::MediaError;
use super::sniff::{self, Sniffed};

/// Where files are written before they have a place.
const INCOMING: &str = "incoming";
/// What is older and has no medium was left by a process that ended.
const LEFT_BEHIND: Duration = Duration::from_secs(86_400);

/// The folder with the bytes of all media. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// Makes the folder when it is missing, for the owner of the process only.
    ///
    /// # Errors
    /// It can't be made.
    pub fn open(folder: &Path) -> io::Result<Self> {
        make_folder(&folder.join(INCOMING))?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// Where the bytes of a hash are, if they are here: `ab/cd…` in hexadecimal digits.
    pub fn path_of(&self, hash: &ContentHash) -> PathBuf {
        let name = hex::encode(hash);
        let (first, rest) = name.split_at(2);
        self.folder.join(first).join(rest)
    }

    /// Begins to take in bytes, at most `limit` of them.
    ///
    /// # Errors
    /// The disk's.
    pub async fn receive(&self, limit: u64) -> Result<Incoming, MediaError> {
        let path = Passing(self.folder.join(INCOMING).join(Uuid::now_v7().to_string()));
        let file = File::options().write(true).create_new(true).mode(0o600).open(&path.0).await?;
        Ok(Incoming { file, path, hasher: Sha256::new(), size: 0, limit })
    }

    /// Puts received bytes in their place. Blocks; call it under [`crate::storage::system::media::lock_bytes`], before the
    /// commit that makes a medium of them.
    ///
    /// # Errors
    /// The disk's.
    pub fn place(&self, received: &Received) -> io::Result<()> {
        let place = self.path_of(&received.sha256);
        let folder = place.parent().ok_or(io::ErrorKind::NotFound)?;
        make_folder(folder)?;
        fs::rename(&received.path.0, &place)?;
        // The name is durable when the folder is.
        fs::File::open(folder)?.sync_all()
    }

    /// Removes the bytes of a hash; fine when they are not here. Blocks; call it under
    /// [`crate::storage::system::media::lock_bytes`] when no medium has them.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(&self, hash: &ContentHash) -> io::Result<()> {
        match fs::remove_file(self.path_of(hash)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Hashes of files that have stood here for a day, and removes what was never finished. Blocks.
    ///
    /// # Errors
    /// The disk's.
    pub fn old(&self) -> io::Result<Vec<ContentHash>> {
        let mut found = Vec::new();
        for folder in fs::read_dir(&self.folder)? {
            let folder = folder?;
            let first = folder.file_name().to_string_lossy().into_owned();
            for file in fs::read_dir(folder.path())? {
                let file = file?;
                if !is_old(&file)? {
                    continue;
                }
                if first == INCOMING {
                    fs::remove_file(file.path())?;
                } else if let Some(hash) = named(&first, &file.file_name().to_string_lossy()) {
                    found.push(hash);
                }
            }
        }
        Ok(found)
    }
}

fn is_old(file: &fs::DirEntry) -> io::Result<bool> {
    let changed = file.metadata()?.modified()?;
    Ok(SystemTime::now().duration_since(changed).is_ok_and(|age| age > LEFT_BEHIND))
}

fn named(first: &str, rest: &str) -> Option<ContentHash> {
    hex::decode(format!("{first}{rest}")).ok()?.try_into().ok()
}

fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// A file that has no place yet; dropping it removes it.
#[derive(Debug)]
struct Passing(PathBuf);

impl Drop for Passing {
    fn drop(&mut self) {
        // Usually it is in its place by then.
        let _ = fs::remove_file(&self.0);
    }
}

/// Bytes on their way in.
#[derive(Debug)]
pub struct Incoming {
    file: File,
    path: Passing,
    hasher: Sha256,
    size: u64,
    limit: u64,
}

impl Incoming {
    /// # Errors
    /// [`MediaError::TooLarge`], or the disk's.
    pub async fn write(&mut self, chunk: &[u8]) -> Result<(), MediaError> {
        self.size += chunk.len() as u64;
        if self.size > self.limit {
            return Err(MediaError::TooLarge(self.limit));
        }
        self.hasher.update(chunk);
        Ok(self.file.write_all(chunk).await?)
    }

    /// Makes what was written durable, and says what it is.
    ///
    /// # Errors
    /// The disk's.
    pub async fn finish(mut self) -> Result<Received, MediaError> {
        self.file.flush().await?;
        self.file.sync_all().await?;
        let path = self.path.0.clone();
        let sniffed = tokio::task::spawn_blocking(move || {
            let mut file = OpenOptions::new().read(true).open(path)?;
            sniff::sniff(&mut file)
        });
        let sniffed = sniffed.await.map_err(io::Error::other)??;
        Ok(Received { path: self.path, size: self.size, sha256: self.hasher.finalize().into(), sniffed })
    }
}

/// Bytes that are here and have no place yet.
#[derive(Debug)]
pub struct Received {
    path: Passing,
    /// In bytes.
    pub size: u64,
    pub sha256: ContentHash,
    pub sniffed: Sniffed,
}
