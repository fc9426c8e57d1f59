//! The matrix of kinds, providers and directions, taken from the capabilities at run time: each cell goes through the whole
//! program and the simulator, so that a capability can't be changed without a test that passes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod degraded;
mod inbound;
mod inbound_samples;
mod outbound;
mod quotes;
mod samples;
mod stage;
