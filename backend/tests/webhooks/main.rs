//! Webhooks to integrators: signed so that the library of the specification takes them, once each, for a day, with a log and
//! replay.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "../support/mod.rs"]
mod support;

mod endpoints;
mod outages;
mod replays;
mod signed;
mod stage;
