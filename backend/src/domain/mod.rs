//! The words of the trade as types: pure, without database, network or clock.

pub mod access;
pub mod contact;
pub mod content;
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
pub mod state;
pub mod template;
pub mod time;
