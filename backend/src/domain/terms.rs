//! On which terms a message is delivered, where they differ from the workspace's.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::failover::Fallback;

/// A message's own terms; empty for most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Terms {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
}

impl Terms {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
