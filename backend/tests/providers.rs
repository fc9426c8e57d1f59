//! Both providers behind the one interface, against their wire.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

#[path = "providers/codes.rs"]
mod codes;
#[path = "providers/conformance.rs"]
mod conformance;
#[path = "providers/connection.rs"]
mod connection;
#[path = "providers/sides.rs"]
mod sides;
#[path = "providers/signatures.rs"]
mod signatures;
