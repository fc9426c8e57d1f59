//! The whole program over HTTP, on both databases.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

#[path = "../support/mod.rs"]
mod support;

mod account;
mod admin;
mod api_keys;
mod channel_registry;
mod channels;
mod channels_health;
mod console;
mod events;
mod feed;
mod installation;
mod limits;
mod media;
mod media_content;
mod operations;
mod origins;
mod problems;
mod providers;
mod sandbox;
mod sessions;
mod setup;
mod stage;
mod tenancy;
mod workspaces;
