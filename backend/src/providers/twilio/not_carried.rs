//! What Twilio has no way to send (twilio.md §8.1). The API refuses it before it is queued; this is for what got past, such as
//! messages queued before the rules changed.

use crate::domain::content::Kind;
use crate::domain::failure::FailureCode;
use crate::providers::SendError;
use crate::providers::codes::REJECTED;
use crate::providers::failure::Failover;

/// A whole kind.
pub(super) fn kind(kind: Kind) -> SendError {
    part(kind.as_str())
}

/// A part of a message.
pub(super) fn part(what: &str) -> SendError {
    let detail = format!("Twilio can't carry {what}. Nothing was sent; send it on a direct channel.");
    SendError::new(REJECTED, FailureCode::ContentUnsupported, None, detail).with_failover(Failover::Maybe)
}

/// # Errors
/// [`part`], unless it is as Twilio needs it.
pub(super) fn unless(carried: bool, what: &str) -> Result<(), SendError> {
    if carried { Ok(()) } else { Err(part(what)) }
}
