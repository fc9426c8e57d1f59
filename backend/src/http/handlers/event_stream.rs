//! The events feed as it grows, as server-sent events.

use std::collections::VecDeque;
use std::time::Duration;

use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, ContentEncoding};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::stream::{self, Stream};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::{Semaphore, SemaphorePermit, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::task::task_tracker::TaskTrackerToken;
use utoipa::IntoParams;
use uuid::Uuid;

use super::events::Standing;
use crate::auth::AuthError;
use crate::domain::event::Event;
use crate::domain::ids::WorkspaceId;
use crate::error::{ApiError, Problem};
use crate::http::cookies;
use crate::http::{ApiResult, Context, Granted, Query, can};
use crate::storage::{StorageResult, events};

/// Streams open at a time in this process.
static SLOTS: Semaphore = Semaphore::const_new(1_000);
/// Entries in one piece of the stream.
const PIECE: u16 = 200;
/// A comment goes out when nothing else did for so long, so that proxies keep the connection.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How often the credential is looked at again: a logout or a revocation ends the stream.
const RECHECK: Duration = Duration::from_secs(5);
/// On PostgreSQL other nodes write to the feed too, and this node is not told.
const POLL: Duration = Duration::from_secs(1);
/// What a browser waits before it connects again, in milliseconds.
const RETRY_MS: u32 = 3_000;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct StreamQuery {
    /// Entries after this place; only new ones when absent. The header `Last-Event-ID` goes before it.
    #[param(example = 41)]
    after: Option<i64>,
    /// The workspace, for sessions: `EventSource` can't set the header `Duplex-Workspace`.
    #[expect(dead_code, reason = "read where the caller is identified")]
    workspace: Option<Uuid>,
}

/// The workspace's feed, live.
///
/// Each entry is one event without a name: its `id` is the entry's place, its `data` the entry as in `GET /api/v1/events`.
/// Two events have names. `reset` (`{"head": n}`) says that the place asked for is not in the feed: read your data anew; what
/// follows comes after `head`. `end` (`{"reason": …}`) says that the server ends the stream, because it stops (`shutdown`) or
/// because the credential is no longer good (`credential`). A comment comes at least every 15 seconds.
#[utoipa::path(
    get,
    path = "/api/v1/events/stream",
    operation_id = "stream_events",
    tag = "Events",
    security(("api_key" = ["events:read"]), ("session" = ["events:read"])),
    params(
        StreamQuery,
        ("Last-Event-ID" = Option<String>, Header, description = "The place of the last entry seen; browsers send it when they connect again"),
    ),
    responses(
        (status = 200, description = "Server-sent events until either side ends them", body = String, content_type = "text/event-stream",
            example = "retry: 3000\n\nid: 42\ndata: {\"seq\":42,\"type\":\"channel.held\"}\n\n"),
        (status = 503, description = "`busy`: too many streams are open", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn stream(
    caller: Granted<can::EventsRead>,
    ctx: web::Data<Context>,
    request: HttpRequest,
    Query(query): Query<StreamQuery>,
) -> ApiResult<HttpResponse> {
    let slot = SLOTS.try_acquire().map_err(|_| ApiError::busy(HEARTBEAT))?;
    let workspace = caller.workspace;
    // Heard before the feed is read, so that nothing falls between.
    let news = ctx.live.subscribe(workspace);
    let standing = ctx.db.read(move |conn| Standing::read(conn, workspace)).await?;
    let mut ready = VecDeque::from([format!("retry: {RETRY_MS}\n\n")]);
    let place = match asked(&request, query.after) {
        Asked::Nothing => standing.head,
        Asked::After(place) if standing.has(place) => place,
        Asked::After(_) | Asked::Unknown => {
            ready.push_back(reset(standing.head));
            standing.head
        }
    };
    let credential = Credential::of(&request);
    let follower = Follower::new(ctx, slot, workspace, place, news, credential, ready);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        // Compression would hold entries back until a block is full.
        .insert_header(ContentEncoding::Identity)
        .streaming(follower.into_stream()))
}

enum Asked {
    Nothing,
    After(i64),
    Unknown,
}

fn asked(request: &HttpRequest, after: Option<i64>) -> Asked {
    match request.headers().get("Last-Event-ID") {
        Some(id) => id.to_str().ok().and_then(|id| id.trim().parse().ok()).map_or(Asked::Unknown, Asked::After),
        None => after.map_or(Asked::Nothing, Asked::After),
    }
}

fn reset(head: i64) -> String {
    format!("id: {head}\nevent: reset\ndata: {}\n\n", json!({ "head": head }))
}

fn end(reason: &str) -> String {
    format!("event: end\ndata: {}\n\n", json!({ "reason": reason }))
}

fn entries(entries: &[Event]) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    for entry in entries {
        text.push_str(&format!("id: {}\ndata: {}\n\n", entry.seq, serde_json::to_string(entry)?));
    }
    Ok(text)
}

/// What the caller showed, to be looked at again while the stream runs.
enum Credential {
    Key(secrecy::SecretString),
    Session(secrecy::SecretString),
    None,
}

impl Credential {
    fn of(request: &HttpRequest) -> Self {
        if let Some(header) = request.headers().get(AUTHORIZATION) {
            let secret = header.to_str().ok().and_then(|text| text.strip_prefix("Bearer ")).unwrap_or_default();
            return Self::Key(secret.trim().into());
        }
        request.cookie(cookies::ACCESS).map_or(Self::None, |access| Self::Session(access.value().into()))
    }

    async fn is_good(&self, ctx: &Context, workspace: WorkspaceId) -> bool {
        use secrecy::ExposeSecret;
        let checked = match self {
            Self::Key(secret) => ctx.auth.api_key(secret.expose_secret()).await.map(|key| key.workspace == workspace),
            Self::Session(access) => {
                let session = ctx.auth.session(access.expose_secret()).await;
                session.map(|session| session.membership(workspace).is_some())
            }
            Self::None => return false,
        };
        match checked {
            Ok(good) => good,
            // The database being away says nothing about the credential.
            Err(AuthError::Storage(_)) => true,
            Err(_) => false,
        }
    }
}

/// One open stream and where it stands.
struct Follower {
    ctx: web::Data<Context>,
    workspace: WorkspaceId,
    place: i64,
    news: watch::Receiver<u64>,
    credential: Credential,
    /// What goes out next.
    ready: VecDeque<String>,
    over: bool,
    recheck_at: Instant,
    heartbeat_at: Instant,
    _slot: SemaphorePermit<'static>,
    /// Lets the program's stop wait until the stream has said its last word.
    _open: TaskTrackerToken,
}

/// What ended a wait.
enum Woken {
    Look,
    Heartbeat,
}

impl Follower {
    fn new(
        ctx: web::Data<Context>,
        slot: SemaphorePermit<'static>,
        workspace: WorkspaceId,
        place: i64,
        news: watch::Receiver<u64>,
        credential: Credential,
        ready: VecDeque<String>,
    ) -> Self {
        let now = Instant::now();
        let open = ctx.requests.token();
        Self {
            ctx,
            workspace,
            place,
            news,
            credential,
            ready,
            over: false,
            recheck_at: now + RECHECK,
            heartbeat_at: now + HEARTBEAT,
            _slot: slot,
            _open: open,
        }
    }

    fn into_stream(self) -> impl Stream<Item = Result<web::Bytes, ApiError>> {
        stream::try_unfold(self, |mut follower| async move {
            let piece = follower.next().await?;
            Ok(piece.map(|piece| (web::Bytes::from(piece), follower)))
        })
    }

    /// The next piece of text; `None` after the end.
    async fn next(&mut self) -> Result<Option<String>, ApiError> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                self.heartbeat_at = Instant::now() + HEARTBEAT;
                return Ok(Some(piece));
            }
            if self.over {
                return Ok(None);
            }
            // Before any look: a stream that always has something to send must end like one that waits.
            if self.must_end().await {
                continue;
            }
            self.news.borrow_and_update();
            if self.look().await? {
                continue;
            }
            match self.wait().await {
                Woken::Look => {}
                Woken::Heartbeat => self.ready.push_back(":\n\n".to_owned()),
            }
        }
    }

    async fn must_end(&mut self) -> bool {
        if self.ctx.stopping.is_cancelled() {
            self.finish("shutdown");
        } else if Instant::now() >= self.recheck_at {
            self.recheck_at = Instant::now() + RECHECK;
            if !self.credential.is_good(&self.ctx, self.workspace).await {
                self.finish("credential");
            }
        }
        self.over
    }

    fn finish(&mut self, reason: &str) {
        self.ready.push_back(end(reason));
        self.over = true;
    }

    /// Reads what has come since; whether there is something to send.
    async fn look(&mut self) -> Result<bool, ApiError> {
        let (workspace, place) = (self.workspace, self.place);
        let read = move |conn: &mut _| -> StorageResult<_> {
            let found = events::after(conn, workspace, place, PIECE)?;
            // Places have no gaps: a hole before the first means that retention was faster than this client.
            let lost = found.first().is_some_and(|first| first.seq != place + 1);
            Ok((found, if lost { Some(events::head(conn, workspace)?) } else { None }))
        };
        let (found, lost) = self.ctx.db.read(read).await?;
        if let Some(head) = lost {
            self.place = head;
            self.ready.push_back(reset(head));
        } else if let Some(last) = found.last() {
            self.place = last.seq;
            self.ready.push_back(entries(&found).map_err(ApiError::internal)?);
        }
        Ok(!self.ready.is_empty())
    }

    async fn wait(&mut self) -> Woken {
        let poll = if self.ctx.db.is_postgres() { POLL } else { HEARTBEAT };
        let changed = tokio::select! {
            biased;
            () = self.ctx.stopping.cancelled() => return Woken::Look,
            changed = self.news.changed() => changed,
            () = sleep_until(self.recheck_at) => return Woken::Look,
            () = sleep_until(self.heartbeat_at) => return Woken::Heartbeat,
            () = tokio::time::sleep(poll) => return Woken::Look,
        };
        if changed.is_err() {
            // The topic was given up for others; a new one takes its place.
            self.news = self.ctx.live.subscribe(self.workspace);
        }
        Woken::Look
    }
}
