//! Identifiers and secrets in the forms the providers use.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A Graph id: 15 digits that start with the given one.
pub(crate) fn graph_id(first: u8) -> String {
    format!("{first}{:014}", rand::random::<u64>() % 100_000_000_000_000)
}

/// A message id of the direct provider: `wamid.` and base64 over the person's digits and a random part.
pub(crate) fn wamid(person: &str) -> String {
    let digits = person.trim_start_matches('+');
    format!("wamid.{}", STANDARD.encode(format!("\u{1d}\u{18}{digits}\u{15}{}", hex_string::<10>().to_uppercase())))
}

/// A Twilio SID: two letters and 32 hex digits (twilio.md §1.5).
pub(crate) fn sid(prefix: &str) -> String {
    format!("{prefix}{}", hex_string::<16>())
}

/// `N` random bytes in lower-case hex.
pub(crate) fn hex_string<const N: usize>() -> String {
    hex::encode(rand::random::<[u8; N]>())
}

/// An access token in the shape of Meta's.
pub(crate) fn access_token() -> String {
    format!("EAAG{}", hex_string::<48>())
}

/// A number for a sandbox sender of the direct provider, from a range that Ofcom keeps free for drama; the virtual customers
/// have theirs from another one.
pub(crate) fn drama_number() -> String {
    format!("+442079460{:03}", rand::random::<u32>() % 1_000)
}

/// A number for a sandbox sender at Twilio, in an area code that does not exist.
pub(crate) fn unassigned_number() -> String {
    format!("+1555{:07}", 2_000_000 + rand::random::<u32>() % 8_000_000)
}

/// Milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    chrono::Utc::now().timestamp_millis()
}
