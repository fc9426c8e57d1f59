//! Times in the two forms of Twilio (twilio.md §1.3).

use chrono::{DateTime, SecondsFormat, Utc};

/// The form of the API of 2010.
pub(super) fn rfc2822(ms: i64) -> String {
    let at: DateTime<Utc> = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    at.format("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

/// The form of all others.
pub(super) fn iso(ms: i64) -> String {
    let at: DateTime<Utc> = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}
