//! Templates: both providers' forms of a corpus of definitions, and the whole life of a template in the sandbox.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "../support/mod.rs"]
mod support;

mod corpus;
mod life;
mod news;
mod races;
mod sending;
mod stage;
mod sync;
mod twilio;
