//! One process per SQLite file.

use std::fs::{File, OpenOptions};
use std::path::Path;

use fs4::fs_std::FileExt;

use super::error::{StorageError, StorageResult};

/// Held as long as the database is open; the operating system drops it with the process, however it ends.
pub struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// # Errors
    /// Another process holds it, or the file beside the database can't be written.
    pub fn take(database: &Path) -> StorageResult<Self> {
        let path = database.with_extension("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| StorageError::Other(format!("{}: {error}", path.display())))?;
        match file.try_lock_exclusive() {
            Ok(true) => Ok(Self { _file: file }),
            Ok(false) => Err(StorageError::Busy(format!("another duplex process uses {}", database.display()))),
            Err(error) => Err(StorageError::Other(format!("{}: {error}", path.display()))),
        }
    }
}
