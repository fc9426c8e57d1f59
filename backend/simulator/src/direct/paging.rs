//! Pages of a list, with cursors (direct.md §1.5).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::auth::Query;
use super::errors::{Graph, GraphError};

/// Rows of a page when none are asked for.
const DEFAULT_LIMIT: usize = 25;

/// Which rows of a list are wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    start: usize,
    end: usize,
    total: usize,
    limit: usize,
}

impl Page {
    /// Reads `limit`, `after` and `before` for a list of `total` rows.
    ///
    /// # Errors
    /// 131059 for a cursor that is none, 100 for a limit that is none.
    pub(super) fn of(query: &Query, total: usize, most: usize) -> Graph<Self> {
        let limit = match query.get("limit") {
            None => DEFAULT_LIMIT,
            Some(limit) => limit.parse().map_err(|_| GraphError::new(100, "Param limit must be an integer."))?,
        }
        .clamp(1, most);
        let at = |name: &str| match query.get(name) {
            None => Ok(None),
            Some(cursor) => {
                position(cursor).map(Some).ok_or_else(|| GraphError::new(131_059, "The cursor is not valid."))
            }
        };
        let start = match (at("after")?, at("before")?) {
            (Some(after), _) => after,
            (None, Some(before)) => before.saturating_sub(limit),
            (None, None) => 0,
        }
        .min(total);
        Ok(Self { start, end: (start + limit).min(total), total, limit })
    }

    /// The rows of the page.
    pub(super) fn cut<T>(&self, rows: Vec<T>) -> Vec<T> {
        rows.into_iter().take(self.end).skip(self.start).collect()
    }

    /// The `paging` member; `edge` is the list's path.
    pub(super) fn paging(&self, edge: &str) -> Value {
        let (before, after) = (cursor(self.start), cursor(self.end));
        let url = |name: &str, cursor: &str| {
            Value::from(format!("https://graph.facebook.com/{edge}?limit={}&{name}={cursor}", self.limit))
        };
        let mut paging = serde_json::Map::new();
        paging.insert("cursors".to_owned(), json!({ "before": before, "after": after }));
        if self.end < self.total {
            paging.insert("next".to_owned(), url("after", &after));
        }
        if self.start > 0 {
            paging.insert("previous".to_owned(), url("before", &before));
        }
        Value::Object(paging)
    }
}

fn cursor(position: usize) -> String {
    URL_SAFE_NO_PAD.encode(format!("at:{position}"))
}

fn position(cursor: &str) -> Option<usize> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    std::str::from_utf8(&bytes).ok()?.strip_prefix("at:")?.parse().ok()
}
