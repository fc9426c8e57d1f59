//! When a provider fails: its channel's circuit, and going by the other provider.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "../support/mod.rs"]
mod support;

mod circuits;
mod moving;
mod rates;
mod readiness;
mod stage;
