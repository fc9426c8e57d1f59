//! The worker that fetches what people sent, before the providers forget it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rand::RngExt as _;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::channels::{Registry, RegistryError};
use crate::client::Arriving;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::retry;
use crate::domain::time::Ts;
use crate::providers::FetchError;
use crate::queue::{self, Work};
use crate::storage::system::media::{Fetch, Fetched};
use crate::storage::{StorageResult, events, system};

use super::keep::disk;
use super::store::Received;
use super::{Media, MediaError};

/// Media fetched at once on this node.
const AT_ONCE: u32 = 8;
/// Longer than the bytes of one medium may travel, twice: an address may have to be asked for anew.
const LEASE_MICROS: i64 = 600_000_000;
/// After this Meta has forgotten the id (direct.md §2.6).
const GIVEN_UP_AFTER: Duration = Duration::from_secs(7 * 86_400);
/// Tries for what the provider says it does not have, or whose bytes are not those that were announced: a copy may lag.
const FEW_TRIES: i32 = 4;

/// Fetches media. The dispatcher of what comes in.
pub struct Fetcher(Arc<Inner>);

struct Inner {
    media: Media,
    registry: Registry,
    /// This node's name.
    holder: String,
    slots: Arc<Semaphore>,
    tasks: TaskTracker,
    halt: CancellationToken,
}

/// Why a try did not bring the bytes here.
enum Trouble {
    /// Try again, not before the wait that was asked for.
    Passing(String, Option<Duration>),
    /// Try a few times more.
    Doubtful(String),
    Final(String),
}

impl Fetcher {
    pub fn new(media: Media, registry: Registry, holder: String) -> Self {
        Self(Arc::new(Inner {
            media,
            registry,
            holder,
            slots: Arc::new(Semaphore::new(AT_ONCE as usize)),
            tasks: TaskTracker::new(),
            halt: CancellationToken::new(),
        }))
    }

    /// At start: a lone process (SQLite) knows that nobody else is at work, and need not wait for any lease to end.
    ///
    /// # Errors
    /// The database failed.
    pub async fn recover(&self) -> StorageResult<()> {
        let db = &self.0.media.0.db;
        if db.is_postgres() { Ok(()) } else { db.write(system::media::release_all).await }
    }

    /// Fetches until cancelled; what is under way then is given back.
    pub async fn run(self, stop: CancellationToken) {
        let (inner, wake) = (Arc::clone(&self.0), self.0.media.0.arrived.clone());
        queue::run(Arc::new(self), wake, stop).await;
        inner.halt.cancel();
        inner.tasks.close();
        inner.tasks.wait().await;
        let holder = inner.holder.clone();
        if let Err(error) = inner.media.0.db.write(move |conn| system::media::release(conn, &holder)).await {
            tracing::warn!(%error, "media that were being fetched come back when their lease is over");
        }
    }
}

#[async_trait]
impl Work for Fetcher {
    fn name(&self) -> &'static str {
        "media"
    }

    async fn run_once(&self) -> StorageResult<usize> {
        let inner = &self.0;
        let free = u32::try_from(inner.slots.available_permits()).unwrap_or(AT_ONCE);
        if free == 0 {
            return Ok(0);
        }
        let (holder, now) = (inner.holder.clone(), inner.media.0.clock.now());
        let claimed = inner
            .media
            .0
            .db
            .write_bulk(move |conn| system::media::claim(conn, &holder, LEASE_MICROS, now, free))
            .await?;
        let count = claimed.len();
        for fetch in claimed {
            let inner = Arc::clone(inner);
            let slot = Arc::clone(&inner.slots).acquire_owned().await;
            inner.tasks.clone().spawn(async move {
                let halted = inner.halt.clone();
                tokio::select! {
                    () = halted.cancelled() => {}
                    () = inner.fetch(fetch) => {}
                }
                drop(slot);
                inner.media.arrived();
            });
        }
        Ok(count)
    }
}

impl Inner {
    async fn fetch(&self, fetch: Fetch) {
        let settled = match self.bytes_of(&fetch).await {
            Ok(received) => self.take(&fetch, received).await,
            Err(trouble) => self.postpone(&fetch, trouble).await,
        };
        if let Err(error) = settled {
            tracing::warn!(media = %fetch.id, %error, "a fetched medium was not settled and is fetched again");
        }
    }

    async fn bytes_of(&self, fetch: &Fetch) -> Result<Received, Trouble> {
        let channel = self.registry.by_id(fetch.channel).await.map_err(no_channel)?;
        let mut answer = channel.service.fetch_media(&fetch.source).await?;
        let received = self.receive(&mut answer).await?;
        match fetch.source.sha256 {
            Some(announced) if announced != received.sha256 => {
                Err(Trouble::Doubtful("The bytes are not those that the provider announced.".to_owned()))
            }
            _ => Ok(received),
        }
    }

    async fn receive(&self, answer: &mut Arriving) -> Result<Received, Trouble> {
        let limit = self.media.limit();
        if answer.announced_length().is_some_and(|length| length > limit) {
            return Err(MediaError::TooLarge(limit).into());
        }
        let mut incoming = self.media.receive().await?;
        while let Some(chunk) = answer.chunk().await.map_err(FetchError::from)? {
            incoming.write(&chunk).await?;
        }
        Ok(incoming.finish().await?)
    }

    async fn take(&self, fetch: &Fetch, received: Received) -> StorageResult<()> {
        let (store, holder, id) = (self.media.0.store.clone(), self.holder.clone(), fetch.id);
        let sniffed = received.sniffed;
        let ready = Fetched::Ready {
            mime_type: sniffed.mime_type.to_owned(),
            size: received.size,
            sha256: received.sha256,
            properties: sniffed.properties,
        };
        let data = json!({
            "media_id": id, "kind": fetch.kind, "mime_type": sniffed.mime_type, "size_bytes": received.size,
        });
        let event = self.event(EventKind::MessageMediaReady, fetch, data);
        let workspace = fetch.workspace;
        let taken = self.media.0.db.write_bulk(move |conn| {
            system::media::lock_bytes(conn, &received.sha256)?;
            let mine = system::media::settle(conn, &holder, id, &ready)?;
            if mine {
                store.place(&received).map_err(disk)?;
                events::append(conn, vec![(workspace, event)])?;
            }
            Ok(mine)
        });
        if taken.await? {
            metrics::counter!("duplex_media_fetched_total").increment(1);
            self.media.tell(workspace);
        }
        Ok(())
    }

    async fn postpone(&self, fetch: &Fetch, trouble: Trouble) -> StorageResult<()> {
        let now = self.media.0.clock.now();
        let tries = fetch.tries.saturating_add(1);
        let is_over = |at: Ts| at.since(fetch.created_at) > GIVEN_UP_AFTER;
        let (failure, wait) = match trouble {
            Trouble::Final(failure) => (failure, None),
            Trouble::Doubtful(failure) if tries >= FEW_TRIES => (failure, None),
            Trouble::Doubtful(failure) => (failure, Some(retry::backoff(tries, rand::rng().random()))),
            Trouble::Passing(failure, after) => {
                let wait = retry::backoff(tries, rand::rng().random());
                (failure, Some(after.map_or(wait, |asked| asked.max(wait))))
            }
        };
        let again = wait.map(|wait| now.plus(wait)).filter(|at| !is_over(*at));
        let (holder, id, workspace) = (self.holder.clone(), fetch.id, fetch.workspace);
        let event = again.is_none().then(|| {
            tracing::warn!(media = %id, tries, failure, "an incoming medium could not be fetched");
            let data = json!({ "media_id": id, "kind": fetch.kind, "failure": failure });
            self.event(EventKind::MessageMediaFailed, fetch, data)
        });
        let fetched = match again {
            Some(run_at) => Fetched::Again { run_at, tries, failure },
            None => Fetched::Failed { tries, failure },
        };
        let told = event.is_some();
        self.media
            .0
            .db
            .write_bulk(move |conn| {
                if system::media::settle(conn, &holder, id, &fetched)? {
                    events::append(conn, event.into_iter().map(|event| (workspace, event)).collect())?;
                }
                Ok(())
            })
            .await?;
        if told {
            metrics::counter!("duplex_media_lost_total").increment(1);
            self.media.tell(workspace);
        }
        Ok(())
    }

    fn event(&self, kind: EventKind, fetch: &Fetch, data: serde_json::Value) -> NewEvent {
        NewEvent {
            message: Some(fetch.message),
            channel: Some(fetch.channel),
            data,
            ..NewEvent::new(kind, self.media.0.clock.now())
        }
    }
}

impl From<FetchError> for Trouble {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::Passing { reason, after } => Self::Passing(reason, after),
            FetchError::Missing(reason) => Self::Doubtful(reason),
            FetchError::Final(reason) => Self::Final(reason),
        }
    }
}

impl From<MediaError> for Trouble {
    fn from(error: MediaError) -> Self {
        const MB: u64 = 1024 * 1024;
        match error {
            MediaError::TooLarge(limit) => {
                Self::Final(format!("It is larger than the {} MB that this installation takes in.", limit / MB))
            }
            error => {
                tracing::error!(%error, "an incoming medium could not be written");
                Self::Passing("It could not be written to the gateway's disk.".to_owned(), None)
            }
        }
    }
}

/// A channel may be repaired within the days that the provider keeps the medium; a deleted one never comes back.
fn no_channel(error: RegistryError) -> Trouble {
    match error {
        RegistryError::Missing => Trouble::Final("Its channel was deleted before it could be fetched.".to_owned()),
        RegistryError::SandboxOff => Trouble::Passing("The sandbox is switched off.".to_owned(), None),
        error => {
            tracing::warn!(%error, "the channel of an incoming medium can't be used");
            Trouble::Passing("Its channel's credentials can't be read.".to_owned(), None)
        }
    }
}
