//! Webhooks in: verify, store, answer; then process.

pub mod ingest;
pub mod process;
mod reading;
mod template_events;
