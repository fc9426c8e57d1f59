//! The connection doctor: what it names when something is wrong, that it is quiet when nothing is, what it repairs, and what
//! follows from what providers say of an account.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "../support/mod.rs"]
mod support;

mod account_events;
mod alerts;
mod allowance;
mod atlas;
mod direct;
mod healthy;
mod holds;
mod late_news;
mod repair;
mod round_trip;
mod silence;
mod stage;
mod twilio;
