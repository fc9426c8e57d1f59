//! Webhooks in: verify, store, answer; then process.

mod account_events;
mod amendments;
pub mod ingest;
mod known;
pub mod marks;
mod messages;
mod opt_outs;
mod people;
pub mod process;
mod proof;
mod reading;
pub mod reconcile;
mod refusals;
mod template_events;
