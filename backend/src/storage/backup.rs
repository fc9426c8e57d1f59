//! A copy of a running SQLite database.

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
    if to.exists() {
        return Err(StorageError::Other(format!("{}: is there already", to.display())));
    }
    let mut conn = sqlite_writer_connection(database)?;
    diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(to.to_string_lossy().into_owned()).execute(&mut conn)?;
    Ok(())
}
