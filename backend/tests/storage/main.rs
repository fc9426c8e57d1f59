//! The send queue, the journal and the feed on both databases, through the functions that the rooms call.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "../support/mod.rs"]
mod support;

mod account_news;
mod feed;
mod journal;
mod leases;
mod queue;
mod stage;
mod stored_contents;
