//! One file per resource. A handler extracts, parses, calls one function and maps what it gives.

pub mod api_keys;
pub mod contacts;
pub mod hooks;
pub mod message_view;
pub mod messages;
pub mod session;
pub mod setup;
pub mod workspaces;
