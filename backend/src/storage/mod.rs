//! The only user of diesel: both databases from one code base.

pub mod api_keys;
pub mod attempts;
pub mod backup;
pub mod channels;
pub mod conn;
pub mod contacts;
pub mod db;
pub mod delivery;
pub mod enqueue;
pub mod error;
pub mod events;
pub mod group_commit;
pub mod idempotency;
pub mod installation;
pub mod journal;
pub mod journal_view;
pub mod leases;
mod lock;
pub mod media;
pub mod media_uploads;
pub mod messages;
mod migrate;
mod pool;
pub mod retention;
pub mod schema;
pub mod sessions;
mod set;
mod sqlite_writer;
pub mod system;
pub mod track;
pub mod types;
pub mod users;
pub mod workspaces;

pub use db::{DatabaseUrl, Db};
pub use error::{StorageError, StorageResult};
