//! The events feed, read in pages from either end.

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::event::{Event, EventKind};
use crate::domain::ids::WorkspaceId;
use crate::error::{ApiError, Code};
use crate::http::{ApiResult, Context, Granted, Query, can};
use crate::storage::conn::Conn;
use crate::storage::events::Order;
use crate::storage::{StorageResult, events};

/// Entries on a page unless asked otherwise, and at most.
const DEFAULT_LIMIT: u16 = 100;
const MAX_LIMIT: u16 = 1_000;
/// Places that one call looks at, so that a filter that fits nothing costs no more than one that fits everything.
const LOOKED_AT: i64 = 5_000;

/// From which end the feed is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeedOrder {
    /// Oldest first, going forward with `after`.
    #[default]
    Oldest,
    /// Newest first, going back with `before`.
    Newest,
}

/// Which part of the feed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FeedQuery {
    /// Entries after this place; from the oldest kept when absent. Only with `order=oldest`.
    #[param(minimum = 0, example = 41)]
    pub after: Option<i64>,
    /// Entries before this place; from the newest when absent. Only with `order=newest`.
    #[param(minimum = 1, example = 42)]
    pub before: Option<i64>,
    /// `oldest` goes forward, `newest` goes back; `oldest` when absent.
    #[param(inline)]
    pub order: Option<FeedOrder>,
    /// Only entries of these types, separated by commas or given several times; all when absent.
    #[serde(rename = "type")]
    #[param(example = json!(["message.failed", "channel.held"]))]
    pub types: Option<Vec<EventKind>>,
    /// Entries on a page, 1 to 1000; 100 when absent.
    #[param(minimum = 1, maximum = 1000, default = 100)]
    pub limit: Option<u16>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[expect(dead_code, reason = "read where the caller is identified")]
    workspace: Option<Uuid>,
}

/// A page of the feed, in the order that was asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct Feed {
    pub data: Vec<Event>,
    /// With `order=oldest`: pass as `after` for the next page. With `order=newest`: `head`, after which to follow the feed.
    #[schema(examples(42))]
    pub next_after: i64,
    /// With `order=newest`: pass as `before` for the next page; absent when nothing older is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples(41))]
    pub next_before: Option<i64>,
    /// The place of the newest entry at the time of the answer.
    #[schema(examples(42))]
    pub head: i64,
    /// `after` is not in the feed: older than what is kept, or beyond the newest entry. Read your data anew, then go on from
    /// `head`.
    pub reset: bool,
}

/// Entries of the workspace's feed.
///
/// The places grow without gaps in the order of the commits, so a client that always passes the last `next_after` misses
/// nothing and sees nothing twice. `order=newest` starts at the newest entry and goes back with `next_before`.
///
/// A call looks at no more than 5000 places. With `type`, a page can therefore be short or empty though there is more: go on
/// until `next_after` is `head`, or until `next_before` is absent.
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
    let part = query.part()?;
    let workspace = caller.workspace;
    let feed = ctx.db.read(move |conn| part.read(conn, workspace)).await?;
    Ok(web::Json(feed))
}

fn wrong(field: &str, message: String) -> ApiError {
    ApiError::field(field, "invalid_value", message).with_code(Code::InvalidParameter)
}

impl FeedQuery {
    fn part(self) -> ApiResult<Part> {
        let start = match (self.order.unwrap_or_default(), self.after, self.before) {
            (_, Some(..0), _) => return Err(wrong("after", "0 or more".to_owned())),
            (_, _, Some(..1)) => return Err(wrong("before", "1 or more".to_owned())),
            (FeedOrder::Oldest, after, None) => Start::After(after),
            (FeedOrder::Newest, None, before) => Start::Before(before),
            (FeedOrder::Oldest, _, Some(_)) => return Err(wrong("before", "only with order=newest".to_owned())),
            (FeedOrder::Newest, Some(_), _) => return Err(wrong("after", "only with order=oldest".to_owned())),
        };
        match self.limit.unwrap_or(DEFAULT_LIMIT) {
            limit @ 1..=MAX_LIMIT => Ok(Part { start, kinds: self.types.unwrap_or_default(), limit }),
            _ => Err(wrong("limit", format!("from 1 to {MAX_LIMIT}"))),
        }
    }
}

/// Where a page starts, and so which way it goes; `None` is the end of the feed on that side.
enum Start {
    After(Option<i64>),
    Before(Option<i64>),
}

/// What a call asks for.
struct Part {
    start: Start,
    /// None is all.
    kinds: Vec<EventKind>,
    limit: u16,
}

impl Part {
    fn read(&self, conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Feed> {
        let standing = Standing::read(conn, workspace)?;
        match self.start {
            Start::After(after) => self.forward(conn, workspace, standing, after.unwrap_or_else(|| standing.start())),
            Start::Before(before) => self.back(conn, workspace, standing, before.unwrap_or(i64::MAX)),
        }
    }

    fn forward(&self, conn: &mut Conn, workspace: WorkspaceId, standing: Standing, after: i64) -> StorageResult<Feed> {
        let head = standing.head;
        if !standing.has(after) {
            return Ok(Feed { data: Vec::new(), next_after: head, next_before: None, head, reset: true });
        }
        let first = after + 1;
        let places = first..first + LOOKED_AT;
        let data = events::within(conn, workspace, places.clone(), &self.kinds, Order::OldestFirst, self.limit)?;
        let last = data.last().map_or(after, |last| last.seq);
        // A page that is not full has seen all its places, as far as there are any.
        let next_after = if self.is_full(&data) { last } else { last.max(head.min(places.end - 1)) };
        Ok(Feed { data, next_after, next_before: None, head: head.max(next_after), reset: false })
    }

    fn back(&self, conn: &mut Conn, workspace: WorkspaceId, standing: Standing, before: i64) -> StorageResult<Feed> {
        let (oldest, head) = (standing.start() + 1, standing.head);
        let end = before.min(head + 1);
        let places = oldest.max(end - LOOKED_AT)..end;
        let data = events::within(conn, workspace, places.clone(), &self.kinds, Order::NewestFirst, self.limit)?;
        let reached = data.last().filter(|_| self.is_full(&data)).map_or(places.start, |last| last.seq);
        let next_before = (reached > oldest).then_some(reached);
        Ok(Feed { data, next_after: head, next_before, head, reset: false })
    }

    fn is_full(&self, data: &[Event]) -> bool {
        data.len() >= usize::from(self.limit)
    }
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
