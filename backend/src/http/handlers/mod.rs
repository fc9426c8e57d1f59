//! One file per resource. A handler extracts, parses, calls one function and maps what it gives.

pub mod account;
pub mod alerts;
pub mod api_keys;
pub mod channels;
pub mod connection;
pub mod contacts;
pub mod conversations;
pub mod error_codes;
pub mod event_stream;
pub mod events;
mod fitness;
pub mod hooks;
pub mod installation;
pub mod marks;
pub mod media;
pub mod media_links;
pub mod media_view;
pub mod message_view;
pub mod messages;
pub mod providers;
mod quoting;
pub mod sandbox;
pub mod session;
pub mod setup;
pub mod templates;
pub mod webhook_events;
pub mod workspaces;
