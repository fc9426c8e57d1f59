//! The house rules that the compiler does not check.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test may fail loudly"
)]

#[path = "../support/mod.rs"]
mod support;

mod api_description;
mod imports;
mod migrations;
mod readme;
mod schema;
mod sources;
