//! Seek pagination: newest first, by id.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where a page of a list starts and how long it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Rows before (older than) this id.
    pub before: Option<Uuid>,
    /// 1 to 200.
    pub limit: u16,
}

impl Page {
    pub const MAX: u16 = 200;
    pub const DEFAULT: u16 = 50;
}

/// One page of a list, newest first.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct List<T> {
    pub data: Vec<T>,
    /// Pass as `cursor` for the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
}
