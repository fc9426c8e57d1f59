//! The words of the trade as types: pure, without database, network or clock.

pub mod access;
pub mod alert;
pub mod contact;
pub mod content;
pub mod conversation;
pub mod event;
pub mod failure;
pub mod ids;
pub mod inbound;
pub mod media;
pub mod message;
pub mod page;
pub mod phone;
pub mod provider;
pub mod receipt;
pub mod retry;
pub mod scope;
pub mod standing;
pub mod state;
pub mod template;
pub mod template_definition;
pub mod template_state;
pub mod time;
pub mod webhook;
