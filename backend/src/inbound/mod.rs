//! Webhooks in: verify, store, answer; then process.

mod account_events;
pub mod ingest;
pub mod process;
mod proof;
mod reading;
mod refusals;
