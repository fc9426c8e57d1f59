//! What can go wrong in storage, sorted by what the caller can do.

use diesel::result::{DatabaseErrorKind, Error as Diesel};

#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// No such row in this workspace.
    #[error("no such row")]
    NotFound,
    /// A unique constraint was hit; `0` names it (`table.column` on SQLite, the index on PostgreSQL).
    #[error("already there: {0}")]
    Conflict(String),
    /// The database would not take it for what it is, such as U+0000 in a text.
    #[error("the database refuses the value: {0}")]
    Refused(String),
    /// The write queue is full, or the database can't be reached: try again soon.
    #[error("the database is busy or away: {0}")]
    Busy(String),
    /// A row can't be read back as what it should be.
    #[error("a stored value can't be read: {0}")]
    Corrupt(String),
    #[error("database: {0}")]
    Other(String),
}

impl From<Diesel> for StorageError {
    fn from(error: Diesel) -> Self {
        match error {
            Diesel::NotFound => Self::NotFound,
            Diesel::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
                Self::Conflict(info.constraint_name().unwrap_or_else(|| info.message()).to_owned())
            }
            Diesel::DatabaseError(
                DatabaseErrorKind::CheckViolation
                | DatabaseErrorKind::NotNullViolation
                | DatabaseErrorKind::ForeignKeyViolation,
                info,
            ) => Self::Refused(info.message().to_owned()),
            Diesel::DatabaseError(
                DatabaseErrorKind::UnableToSendCommand
                | DatabaseErrorKind::ClosedConnection
                | DatabaseErrorKind::SerializationFailure,
                info,
            ) => Self::Busy(info.message().to_owned()),
            Diesel::DatabaseError(_, info)
                if info.message().contains("invalid byte sequence") || info.message().contains("\\u0000") =>
            {
                Self::Refused(info.message().to_owned())
            }
            Diesel::DatabaseError(_, info) if is_passing(info.message()) => Self::Busy(info.message().to_owned()),
            Diesel::DeserializationError(cause) => Self::Corrupt(cause.to_string()),
            Diesel::SerializationError(cause) => Self::Refused(cause.to_string()),
            other => Self::Other(other.to_string()),
        }
    }
}

/// What another try may well not meet again: waits that were cut off, and knots that the database cut.
fn is_passing(message: &str) -> bool {
    ["is locked", "lock timeout", "statement timeout", "deadlock detected", "terminating connection"]
        .iter()
        .any(|known| message.contains(known))
}

impl From<serde_json::Error> for StorageError {
    fn from(error: serde_json::Error) -> Self {
        Self::Corrupt(error.to_string())
    }
}

pub type StorageResult<T> = Result<T, StorageError>;
