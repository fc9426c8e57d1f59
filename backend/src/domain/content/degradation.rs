//! What became of a message whose provider lacks what was asked for.

use serde::{Deserialize, Serialize};

use super::Kind;

/// A message was made into less, with its caller's consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Degradation {
    /// The kind that was asked for.
    pub from: Kind,
    /// The kind that is sent; the same when only a part of it was lost.
    pub to: Kind,
    /// For a person: what the provider lacks and what was done about it.
    pub why: String,
}
