//! Duplex: one REST API and one console for WhatsApp over two providers.
//!
//! `backend/README.md` is the map of the rooms and of who may use whom.

pub mod client;
pub mod clock;
pub mod domain;
pub mod live;
pub mod providers;
pub mod storage;
