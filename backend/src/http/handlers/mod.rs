//! One file per resource. A handler extracts, parses, calls one function and maps what it gives.

pub mod account;
pub mod api_keys;
pub mod channels;
pub mod contacts;
pub mod event_stream;
pub mod events;
pub mod hooks;
pub mod installation;
pub mod message_view;
pub mod messages;
pub mod providers;
pub mod sandbox;
pub mod session;
pub mod setup;
pub mod templates;
pub mod webhook_events;
pub mod workspaces;
