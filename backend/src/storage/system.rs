//! The few functions that no workspace scopes: for workers, log-in and webhooks, never for what a caller names.

pub mod account_news;
pub mod channels;
pub mod content_removals;
pub mod credentials;
pub mod media;
pub mod sealed;
pub mod templates;
pub mod webhooks;
