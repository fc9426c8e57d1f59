//! The only user of diesel: both databases from one code base.

pub mod conn;
pub mod db;
pub mod error;
pub mod events;
mod lock;
mod migrate;
mod pool;
pub mod schema;
mod sqlite_writer;
pub mod types;

pub use db::{DatabaseUrl, Db};
pub use error::{StorageError, StorageResult};
