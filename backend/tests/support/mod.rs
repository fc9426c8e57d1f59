//! What the tests stand on: a fresh database on either server, and the whole program behind a real socket.
#![allow(dead_code, unused_imports, reason = "every test program uses a part of it")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

pub mod api;
pub mod app;
pub mod cluster;
mod database;
pub mod files;
pub mod process;
pub mod signed;
pub mod watch;

pub use database::{Database, TestDb, fresh_database};
