//! What is wrong with something given to us, tied to the place where it stands.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::provider::word;

word! {
    /// The rule that is broken.
    pub enum ViolationCode {
        Required = "required",
        Empty = "empty",
        TooShort = "too_short",
        TooLong = "too_long",
        TooMany = "too_many",
        Malformed = "malformed",
        Duplicate = "duplicate",
        /// The provider can't carry it; the message says what to use instead.
        Unsupported = "unsupported",
        UnknownField = "unknown_field",
        /// Two fields don't go together, or one needs the other.
        Conflict = "conflict",
        /// What it names does not exist.
        NotFound = "not_found",
        /// What it names can't be used yet, or not any more.
        NotReady = "not_ready",
        /// A file with more bytes than the provider carries.
        TooLarge = "too_large",
    }
}

/// One broken rule. Never repeats the value: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Violation {
    /// A JSON path such as `content.body[0].text`, or the name of a form's field.
    pub field: String,
    pub code: ViolationCode,
    /// For a person: what is wrong and what to use instead.
    pub message: String,
}

impl Violation {
    pub fn new(field: impl Into<String>, code: ViolationCode, message: impl Into<String>) -> Self {
        Self { field: field.into(), code, message: message.into() }
    }
}
