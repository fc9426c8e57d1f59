//! Message templates at Meta (direct.md §2.7, §2.8).

pub mod calls;
pub mod compile;
pub mod import;
pub mod upload;
