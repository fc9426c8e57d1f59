//! Duplex: one REST API and one console for WhatsApp over two providers.
//!
//! `backend/README.md` is the map of the rooms and of who may use whom.

pub mod app;
pub mod auth;
pub mod channels;
pub mod client;
pub mod clock;
pub mod config;
pub mod crash;
pub mod domain;
pub mod error;
pub mod http;
pub mod inbound;
pub mod live;
pub mod media;
pub mod outbox;
pub mod providers;
pub mod queue;
pub mod storage;
pub mod telemetry;
pub mod templates;
pub mod vault;
pub mod webhooks;
