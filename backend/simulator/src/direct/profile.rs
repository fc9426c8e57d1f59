//! What a number tells of itself and whom it blocks (direct.md §2.10), as an account keeps it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// The business profile of a number.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Profile {
    pub(super) about: String,
    pub(super) address: String,
    pub(super) description: String,
    pub(super) email: String,
    pub(super) websites: Vec<String>,
    pub(super) vertical: String,
    /// The file that was uploaded for the picture.
    pub(super) picture: Option<String>,
}

/// People a number does not want to hear of: numbers in E.164 with plus, or business-scoped user ids.
pub(crate) type Blocked = BTreeSet<String>;
