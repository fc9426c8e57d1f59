//! A copy of a running SQLite database.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::error::{StorageError, StorageResult};
use super::pool::sqlite_writer_connection;

/// Writes a consistent copy to a new file. It only reads, so a running program is not disturbed and need not be stopped.
///
/// # Errors
/// There is no such database, or the file is there already or can't be written.
pub fn copy_sqlite(database: &Path, to: &Path) -> StorageResult<()> {
    if !database.is_file() {
        return Err(StorageError::Other(format!("{}: no such database", database.display())));
    }
    // SQLite fills an empty file; made here, it is for its owner only.
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)
        .map_err(|error| StorageError::Other(format!("{}: {error}", to.display())))?;
    let mut conn = sqlite_writer_connection(database)?;
    diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(to.to_string_lossy().into_owned()).execute(&mut conn)?;
    Ok(())
}
