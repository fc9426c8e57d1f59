//! media
pub mod sniff;
