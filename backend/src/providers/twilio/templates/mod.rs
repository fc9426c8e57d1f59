//! Message templates at Twilio: stored Contents and their approval (twilio.md §2.4, §2.5, §2.7).

pub mod calls;
pub mod compile;
pub mod import;
