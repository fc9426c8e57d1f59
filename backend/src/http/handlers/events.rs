//! The events feed, read in pages.

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::event::Event;
use crate::domain::ids::WorkspaceId;
use crate::error::{ApiError, Code};
use crate::http::extract::Query;
use crate::http::{ApiResult, Context, Granted, can};
use crate::storage::conn::Conn;
use crate::storage::{StorageResult, events};

/// Entries on a page unless asked otherwise, and at most.
const DEFAULT_LIMIT: u16 = 100;
const MAX_LIMIT: u16 = 1_000;

/// Which part of the feed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FeedQuery {
    /// Entries after this place; from the oldest kept when absent.
    #[param(minimum = 0, example = 41)]
    pub after: Option<i64>,
    /// Entries on a page, 1 to 1000; 100 when absent.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub limit: Option<u16>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[expect(dead_code, reason = "read where the caller is identified")]
    workspace: Option<Uuid>,
}

/// A page of the feed, oldest first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Feed {
    pub data: Vec<Event>,
    /// Pass as `after` for the next page.
    #[schema(examples(42))]
    pub next_after: i64,
    /// The place of the newest entry at the time of the answer.
    #[schema(examples(42))]
    pub head: i64,
    /// `after` is not in the feed: older than what is kept, or beyond the newest entry. Read your data anew, then go on from
    /// `head`.
    pub reset: bool,
}

/// Entries of the workspace's feed, oldest first.
///
/// The places grow without gaps in the order of the commits, so a client that always passes the last `next_after` misses
/// nothing and sees nothing twice.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    operation_id = "list_events",
    tag = "Events",
    security(("api_key" = ["events:read"]), ("session" = ["events:read"])),
    params(FeedQuery),
    responses(
        (status = 200, description = "A page of the feed; empty at its end", body = Feed),
    ),
)]
pub async fn list(
    caller: Granted<can::EventsRead>,
    ctx: web::Data<Context>,
    Query(query): Query<FeedQuery>,
) -> ApiResult<web::Json<Feed>> {
    let limit = match query.limit.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_LIMIT => limit,
        _ => return Err(wrong("limit", format!("from 1 to {MAX_LIMIT}"))),
    };
    if query.after.is_some_and(|after| after < 0) {
        return Err(wrong("after", "0 or more".to_owned()));
    }
    let (workspace, after) = (caller.workspace, query.after);
    let feed = ctx.db.read(move |conn| read(conn, workspace, after, limit)).await?;
    Ok(web::Json(feed))
}

fn wrong(field: &str, message: String) -> ApiError {
    let mut error = ApiError::field(field.to_owned(), "invalid_value", message);
    error.code = Code::InvalidParameter;
    error
}

fn read(conn: &mut Conn, workspace: WorkspaceId, after: Option<i64>, limit: u16) -> StorageResult<Feed> {
    let standing = Standing::read(conn, workspace)?;
    let after = after.unwrap_or_else(|| standing.start());
    if !standing.has(after) {
        return Ok(Feed { data: Vec::new(), next_after: standing.head, head: standing.head, reset: true });
    }
    let data = events::after(conn, workspace, after, limit)?;
    let next_after = data.last().map_or(after, |last| last.seq);
    Ok(Feed { data, next_after, head: standing.head.max(next_after), reset: false })
}

/// The part of a feed that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Place of the oldest entry kept.
    pub oldest: Option<i64>,
    /// Place of the newest entry ever.
    pub head: i64,
}

impl Standing {
    /// # Errors
    /// The database's.
    pub fn read(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Self> {
        // The oldest first: what is added in between makes the feed longer, never shorter.
        let oldest = events::oldest(conn, workspace)?;
        Ok(Self { oldest, head: events::head(conn, workspace)? })
    }

    /// The place before the oldest entry kept.
    pub fn start(self) -> i64 {
        self.oldest.map_or(self.head, |oldest| oldest - 1)
    }

    /// Whether everything after this place is still there.
    pub fn has(self, after: i64) -> bool {
        (self.start()..=self.head).contains(&after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_outside_the_feed_are_told_apart() {
        let kept = Standing { oldest: Some(11), head: 20 };
        assert!(kept.has(10) && kept.has(20));
        assert!(!kept.has(9) && !kept.has(21));
        let empty = Standing { oldest: None, head: 0 };
        assert!(empty.has(0) && !empty.has(1));
        let all_gone = Standing { oldest: None, head: 20 };
        assert!(all_gone.has(20) && !all_gone.has(19));
    }
}
