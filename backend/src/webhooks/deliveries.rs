//! Telling integrators' endpoints of events: at once, then again and again for a day.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rand::RngExt as _;
use secrecy::SecretString;
use serde_json::Value;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

use crate::clock::SharedClock;
use crate::crash;
use crate::domain::alert::{AlertKind, Concern};
use crate::domain::ids::{WebhookEndpointId, WebhookTryId, WorkspaceId};
use crate::domain::time::Ts;
use crate::domain::webhook::{WebhookDeliveryState, WebhookDisabledReason};
use crate::live::Live;
use crate::queue::{self, Wake, Work};
use crate::storage::conn::Conn;
use crate::storage::system::webhooks::{self, ClaimLimits, ClaimedDelivery, SettledDelivery};
use crate::storage::webhook_deliveries::WebhookTryRecord;
use crate::storage::webhook_endpoints::{self, WebhookEndpointRecord};
use crate::storage::{Db, StorageResult, alerts, events};
use crate::vault::Vault;

use super::endpoints::{body_of, header_id, open};
use super::post::{Posted, Poster};
use super::schedule;

/// Requests under way at once on this node.
const AT_ONCE: u16 = 128;
/// Requests under way at once to one endpoint. To one whose last try failed it is one, so that those that hang leave room.
const PER_ENDPOINT: i64 = 8;
/// Longer than an endpoint may take to answer and the answer to be written.
const LEASE_MICROS: i64 = 60_000_000;
/// An endpoint that has taken nothing for so long is disabled.
const FAILING: Duration = Duration::from_secs(3 * 86_400);
/// How long requests that are under way get to end when the program stops.
const FINISH: Duration = Duration::from_secs(3);

/// What the worker is made of.
pub struct WebhookDeliveriesParts {
    pub db: Db,
    pub vault: Arc<Vault>,
    pub clock: SharedClock,
    pub poster: Poster,
    pub live: Live,
    /// This node's name.
    pub holder: String,
    /// Wakes this worker.
    pub due: Wake,
}

/// The worker that tells integrators. Each request is a task of its own: an endpoint that hangs holds up nobody but itself.
pub struct WebhookDeliveries(Arc<Inner>);

struct Inner {
    parts: WebhookDeliveriesParts,
    slots: Arc<Semaphore>,
    tasks: TaskTracker,
    halt: CancellationToken,
    /// Tries that have ended and are not written yet.
    ended: Mutex<Vec<Tried>>,
}

/// A delivery with all it takes to send it.
struct Ready {
    claimed: ClaimedDelivery,
    /// Where to, and what signs it; or why it can't be called.
    target: Result<Arc<(Url, Vec<SecretString>)>, String>,
    /// `None` when the feed no longer has the event.
    body: Option<Value>,
}

/// A try that has ended.
struct Tried {
    claimed: ClaimedDelivery,
    posted: Posted,
    /// There is nothing to send any more.
    gone: bool,
    // Kept until it is written, so that no more is claimed than can be written.
    _slot: OwnedSemaphorePermit,
}

impl WebhookDeliveries {
    pub fn new(parts: WebhookDeliveriesParts) -> Self {
        Self(Arc::new(Inner {
            parts,
            slots: Arc::new(Semaphore::new(AT_ONCE.into())),
            tasks: TaskTracker::new(),
            halt: CancellationToken::new(),
            ended: Mutex::default(),
        }))
    }

    /// At start: a lone process (SQLite) knows that nobody else is at work, and need not wait for any lease to end.
    ///
    /// # Errors
    /// The database failed.
    pub async fn recover(&self) -> StorageResult<()> {
        let db = &self.0.parts.db;
        if db.is_postgres() { Ok(()) } else { db.write(|conn| webhooks::give_back(conn, None)).await }
    }

    /// Sends until cancelled. What is under way then may end within a few seconds; what does not is given back.
    pub async fn run(self, stop: CancellationToken) {
        let (inner, due) = (Arc::clone(&self.0), self.0.parts.due.clone());
        queue::run(Arc::new(self), due, stop).await;
        inner.tasks.close();
        if tokio::time::timeout(FINISH, inner.tasks.wait()).await.is_err() {
            inner.halt.cancel();
            inner.tasks.wait().await;
        }
        let holder = inner.parts.holder.clone();
        let left = async {
            inner.settle().await?;
            inner.parts.db.write(move |conn| webhooks::give_back(conn, Some(&holder))).await
        };
        if let Err(error) = left.await {
            tracing::warn!(%error, "webhooks that were being sent are sent again when their lease is over");
        }
    }
}

#[async_trait]
impl Work for WebhookDeliveries {
    fn name(&self) -> &'static str {
        "webhook-deliveries"
    }

    async fn run_once(&self) -> StorageResult<usize> {
        let settled = self.0.settle().await?;
        let sent = Inner::send_due(&self.0).await?;
        Ok(settled + sent)
    }
}

impl Inner {
    async fn send_due(self: &Arc<Self>) -> StorageResult<usize> {
        let (parts, now) = (&self.parts, self.parts.clock.now());
        let free = self.slots.available_permits();
        if free == 0 || !parts.db.read(move |conn| webhooks::any_due(conn, now)).await? {
            return Ok(0);
        }
        let holder = parts.holder.clone();
        let limits = ClaimLimits { all: i64::try_from(free).unwrap_or(AT_ONCE.into()), per_endpoint: PER_ENDPOINT };
        let claimed =
            parts.db.write_bulk(move |conn| webhooks::claim(conn, &holder, LEASE_MICROS, now, limits)).await?;
        let count = claimed.len();
        crash::point("webhook_claimed");
        for ready in self.prepare(claimed, now).await? {
            // There are as many as were free, and nobody else takes any.
            let Ok(slot) = Arc::clone(&self.slots).acquire_owned().await else { break };
            let inner = Arc::clone(self);
            self.tasks.spawn(async move {
                tokio::select! {
                    () = inner.halt.cancelled() => {}
                    tried = inner.send(ready, slot) => {
                        inner.ended.lock().await.push(tried);
                        inner.parts.due.wake();
                    }
                }
            });
        }
        Ok(count)
    }

    async fn prepare(&self, claimed: Vec<ClaimedDelivery>, now: Ts) -> StorageResult<Vec<Ready>> {
        let deliveries: Vec<_> = claimed.iter().map(|one| one.id).collect();
        let mut ids: Vec<WebhookEndpointId> = claimed.iter().map(|one| one.endpoint_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let read = move |conn: &mut Conn| Ok((webhooks::endpoints(conn, &ids)?, events::told_by(conn, &deliveries)?));
        let (endpoints, told) = self.parts.db.read(read).await?;
        let opened = |record: &WebhookEndpointRecord| open(&self.parts.vault, &self.parts.poster, record, now);
        let targets: HashMap<WebhookEndpointId, _> =
            endpoints.iter().map(|record| (record.id, opened(record).map(Arc::new))).collect();
        let mut bodies: HashMap<_, _> = told.into_iter().map(|(id, event)| (id, body_of(&event))).collect();
        let ready = |claimed: ClaimedDelivery| Ready {
            target: targets
                .get(&claimed.endpoint_id)
                .cloned()
                .unwrap_or_else(|| Err("the endpoint was deleted".to_owned())),
            body: bodies.remove(&claimed.id),
            claimed,
        };
        Ok(claimed.into_iter().map(ready).collect())
    }

    async fn send(&self, ready: Ready, slot: OwnedSemaphorePermit) -> Tried {
        let Ready { claimed, target, body } = ready;
        let gone = body.is_none();
        let posted = match (&target, &body) {
            (_, None) => Posted::never(
                self.parts.clock.now(),
                "the feed no longer has the event: it is older than this installation keeps",
            ),
            (Err(why), Some(_)) => Posted::never(self.parts.clock.now(), why),
            (Ok(target), Some(body)) => {
                let (url, secrets) = &**target;
                let id = header_id(claimed.event_id, claimed.endpoint_id);
                let posted = self.parts.poster.post(url, secrets, &id, body).await;
                crash::point("webhook_answered");
                posted
            }
        };
        Tried { claimed, posted, gone, _slot: slot }
    }

    /// Writes how tries have ended. Those that can't be written are kept for the next time.
    async fn settle(&self) -> StorageResult<usize> {
        let tried = std::mem::take(&mut *self.ended.lock().await);
        if tried.is_empty() {
            return Ok(0);
        }
        let (holder, now, count) = (self.parts.holder.clone(), self.parts.clock.now(), tried.len());
        let outcomes: Vec<SettledDelivery> = tried.iter().map(|one| settled(one, now, rand::rng().random())).collect();
        let verdict = Verdict::of(&tried);
        let written = self.parts.db.write_bulk(move |conn| {
            webhooks::settle(conn, &holder, &outcomes)?;
            verdict.write(conn, now)
        });
        match written.await {
            Ok(alarmed) => {
                for workspace in alarmed {
                    self.parts.live.notify(workspace);
                }
                Ok(count)
            }
            Err(error) => {
                self.ended.lock().await.extend(tried);
                Err(error)
            }
        }
    }
}

/// What becomes of a delivery after a try.
fn settled(tried: &Tried, now: Ts, random: f64) -> SettledDelivery {
    let (claimed, posted) = (&tried.claimed, &tried.posted);
    let tries = claimed.tries.saturating_add(1);
    let wait = schedule::wait(tries, posted.retry_after, random).filter(|_| !tried.gone && !posted.is_gone());
    let (state, run_at) = match (&posted.error, wait) {
        (None, _) => (WebhookDeliveryState::Delivered, now),
        (Some(_), Some(wait)) => (WebhookDeliveryState::Pending, now.plus(wait)),
        (Some(_), None) => (WebhookDeliveryState::Failed, now),
    };
    SettledDelivery {
        id: claimed.id,
        state,
        tries,
        run_at,
        delivered_at: posted.error.is_none().then_some(now),
        tried: WebhookTryRecord {
            id: WebhookTryId::new(),
            delivery_id: claimed.id,
            at: posted.at,
            status: posted.status.map(i32::from),
            error: posted.error.clone(),
            duration_ms: posted.millis(),
            answer: posted.answer.clone(),
        },
    }
}

/// What a batch of tries says of the endpoints.
struct Verdict {
    took: Vec<WebhookEndpointId>,
    failed: Vec<WebhookEndpointId>,
    /// They ask to be told nothing any more.
    gone: Vec<WebhookEndpointId>,
}

impl Verdict {
    fn of(tried: &[Tried]) -> Self {
        let those = |is: &dyn Fn(&Tried) -> bool| {
            let mut ids: Vec<_> = tried.iter().filter(|one| is(one)).map(|one| one.claimed.endpoint_id).collect();
            ids.sort_unstable();
            ids.dedup();
            ids
        };
        Self {
            took: those(&|one| one.posted.error.is_none()),
            failed: those(&|one| one.posted.error.is_some() && !one.gone),
            gone: those(&|one| one.posted.is_gone()),
        }
    }

    /// Returns the workspaces that have a new alert.
    fn write(&self, conn: &mut Conn, now: Ts) -> StorageResult<Vec<WorkspaceId>> {
        webhooks::note_failed(conn, &self.failed, now)?;
        webhook_endpoints::note_delivered(conn, &self.took, now)?;
        let mut disabled = webhooks::disable(conn, &self.gone, WebhookDisabledReason::Gone, None, now)?;
        let since = Some(now.minus(FAILING));
        disabled.extend(webhooks::disable(conn, &self.failed, WebhookDisabledReason::Failing, since, now)?);
        let mut news = Vec::new();
        for endpoint in &disabled {
            let (workspace, concern) = (endpoint.workspace_id, concern(endpoint));
            let raised = alerts::raise_about_endpoint(conn, workspace, endpoint.id, &concern, now)?;
            news.extend(raised.map(|alert| (workspace, alert.event(now))));
            tracing::warn!(endpoint = %endpoint.id, detail = concern.detail, "webhook endpoint disabled");
        }
        events::append(conn, news)?;
        Ok(disabled.into_iter().map(|endpoint| endpoint.workspace_id).collect())
    }
}

/// The address itself may hold a secret: only its host is named.
fn concern(endpoint: &WebhookEndpointRecord) -> Concern {
    let host = Url::parse(&endpoint.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let why = match endpoint.disabled_reason {
        Some(WebhookDisabledReason::Gone) => "answered that nobody is there any more (410)",
        _ => "has taken nothing for three days",
    };
    Concern {
        kind: AlertKind::WebhookEndpointDisabled,
        matter: None,
        detail: format!("The webhook endpoint at {host} {why} and is told of nothing any more."),
        cure: Some(
            "Mend the receiver and activate the endpoint again: it is then told of what it has missed.".to_owned(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::ids::{EventId, WebhookDeliveryId};

    async fn tried(tries: i32, posted: Posted, gone: bool) -> Tried {
        let claimed = ClaimedDelivery {
            id: WebhookDeliveryId::new(),
            endpoint_id: WebhookEndpointId::new(),
            event_id: EventId::new(),
            tries,
        };
        let slot = Arc::new(Semaphore::new(1)).acquire_owned().await.unwrap();
        Tried { claimed, posted, gone, _slot: slot }
    }

    #[tokio::test]
    async fn a_try_is_taken_repeated_or_the_last() {
        let now = Ts::from_micros(0);
        let refused = |status| Posted { status: Some(status), ..Posted::never(now, "no") };
        let state = |tried: &Tried| settled(tried, now, 0.5).state;
        let taken = Posted { status: Some(200), error: None, ..refused(200) };
        assert_eq!(state(&tried(10, taken, false).await), WebhookDeliveryState::Delivered);
        let again = tried(0, refused(503), false).await;
        assert_eq!((state(&again), settled(&again, now, 0.5).tries), (WebhookDeliveryState::Pending, 1));
        assert_eq!(state(&tried(0, refused(410), false).await), WebhookDeliveryState::Failed);
        assert_eq!(state(&tried(0, Posted::never(now, "no"), true).await), WebhookDeliveryState::Failed);
        assert_eq!(state(&tried(11, refused(503), false).await), WebhookDeliveryState::Failed);
        let patient = Posted { retry_after: Some(Duration::from_secs(3_600)), ..refused(429) };
        assert_eq!(settled(&tried(0, patient, false).await, now, 0.5).run_at, now.plus(Duration::from_secs(3_600)));
    }
}
