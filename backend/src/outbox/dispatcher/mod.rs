//! From the queue to the wire: lease, claim, grant, make durable, send, settle.

mod circuits;
mod claim;
mod last_look;
mod people_limit;
mod preparing;
mod quiet_hours;
mod rates;
mod senders;
mod settle;
mod wire;

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::channels::preparation::Preparation;
use crate::channels::{Channels, LoadedChannel, RegistryError};
use crate::clock::SharedClock;
use crate::domain::ids::ChannelId;
use crate::live::Live;
use crate::queue::signals::{Signal, Signals};
use crate::queue::{Pace, Wake};
use crate::storage::delivery::{self, Claimant, Returned};
use crate::storage::{Db, StorageResult, leases};

use super::sending::Motion;
use circuits::Watch;
use people_limit::Reached;
use rates::Rates;
use settle::Done;

const POLL: Duration = Duration::from_secs(1);
/// Rounds begin at most this often, so that what comes together leaves by one commit.
const GATHER: Duration = Duration::from_millis(10);
const AFTER_FAILURE: Duration = Duration::from_millis(500);

/// What the dispatcher needs to know of its surroundings.
#[derive(Clone, Debug)]
pub struct DispatchSettings {
    /// This node's name; unique among the nodes of an installation.
    pub holder: String,
    /// Time limit of one request to a provider.
    pub provider_timeout: Duration,
    /// Sending is switched off.
    pub hold: bool,
    /// Tells other nodes of messages that this one does not send.
    pub signals: Signals,
}

/// Sends for the limit groups that this node holds. Cheap to clone.
#[derive(Clone)]
pub struct Dispatcher(Arc<Inner>);

struct Inner {
    db: Db,
    channels: Channels,
    live: Live,
    clock: SharedClock,
    settings: DispatchSettings,
    preparations: Vec<Arc<dyn Preparation>>,
    wake: Wake,
    motion: Mutex<Motion>,
    circuits: Mutex<Watch>,
    rates: Mutex<Rates>,
    reached: Mutex<Reached>,
    /// Limit groups that have work but perhaps no lease yet.
    wanted: Mutex<BTreeSet<String>>,
    /// Those of them that another node holds: asked for again with the next renewal, not before.
    refused: Mutex<BTreeSet<String>>,
    /// Limit groups that other nodes are to have, as soon as nothing of them is on the wire here.
    leaving: Mutex<BTreeSet<String>>,
    renewed: Mutex<Option<Instant>>,
    done: mpsc::UnboundedSender<Done>,
    finished: tokio::sync::Mutex<mpsc::UnboundedReceiver<Done>>,
    tasks: TaskTracker,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Dispatcher {
    /// `preparations` run in this order before a batch is sent.
    pub fn new(
        db: Db,
        channels: Channels,
        live: Live,
        clock: SharedClock,
        settings: DispatchSettings,
        preparations: Vec<Arc<dyn Preparation>>,
    ) -> Self {
        let (done, finished) = mpsc::unbounded_channel();
        Self(Arc::new(Inner {
            db,
            channels,
            live,
            clock,
            settings,
            preparations,
            wake: Wake::default(),
            motion: Mutex::default(),
            circuits: Mutex::default(),
            rates: Mutex::default(),
            reached: Mutex::default(),
            wanted: Mutex::default(),
            refused: Mutex::default(),
            leaving: Mutex::default(),
            renewed: Mutex::default(),
            done,
            finished: tokio::sync::Mutex::new(finished),
            tasks: TaskTracker::new(),
        }))
    }

    /// There is something to send in this limit group.
    pub fn wake_for(&self, group: &str) {
        let held = locked(&self.0.motion).leases.contains_key(group);
        if !held {
            self.0.settings.signals.tell(Signal::Messages);
            if !locked(&self.0.refused).contains(group) {
                locked(&self.0.wanted).insert(group.to_owned());
            }
        }
        self.0.wake.wake();
    }

    /// Something has changed that may let messages go.
    pub fn wake(&self) {
        self.0.wake.wake();
    }

    /// So many messages have come from people: they count against the senders' ceilings too.
    pub fn heard(&self, counts: HashMap<ChannelId, u32>) {
        let mut motion = locked(&self.0.motion);
        counts.into_iter().for_each(|(channel, count)| motion.heard(channel, count));
    }

    /// Whether sending is switched off on this installation.
    pub fn is_held(&self) -> bool {
        self.0.settings.hold
    }

    /// Dispatches and settles until cancelled; then gives back what is not on the wire and waits up to `grace` for what is.
    pub async fn run(self, stop: CancellationToken, grace: Duration) {
        let mut settler = tokio::spawn(self.clone().settle_until_closed(stop.clone()));
        let mut pace = Pace::every(GATHER);
        while !stop.is_cancelled() {
            pace.begin().await;
            let pause = match self.round().await {
                Ok(next) => next.unwrap_or(POLL).min(POLL),
                Err(error) => {
                    metrics::counter!("duplex_worker_failures_total", "worker" => "dispatcher").increment(1);
                    tracing::error!(%error, "a round of dispatching failed and will be tried again");
                    AFTER_FAILURE
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = self.0.wake.wait(pause) => {}
                ended = &mut settler => {
                    if !stop.is_cancelled() {
                        // Nothing would be settled any more; ending makes the program unready, which somebody notices.
                        tracing::error!(?ended, "the settler ended before its time");
                        return;
                    }
                }
            }
        }
        // It ends by the same signal; a batch that it has begun is finished first.
        if !settler.is_finished() {
            let _ = settler.await;
        }
        self.wind_down(grace).await;
    }

    /// One round up to the wire. Returns when the next token falls due, if a message waits for one.
    ///
    /// # Errors
    /// The database failed; what was claimed comes back when its lease is over.
    async fn round(&self) -> StorageResult<Option<Duration>> {
        if self.0.settings.hold {
            return Ok(None);
        }
        self.renew_leases().await?;
        self.look_after_circuits().await?;
        self.claim().await?;
        let next = self.send_granted().await?;
        self.publish_rates().await?;
        Ok(next)
    }

    pub(super) async fn release(&self, back: Vec<Returned>) -> StorageResult<()> {
        if back.is_empty() {
            return Ok(());
        }
        let holder = self.0.settings.holder.clone();
        self.0.db.write(move |conn| delivery::release(conn, &holder, &back)).await
    }

    /// Gives back what is not on the wire, and settles what is as it comes, until all has or the grace is over.
    async fn wind_down(&self, grace: Duration) {
        let back = locked(&self.0.motion).give_back(|_, _| true);
        if let Err(error) = self.release(back).await {
            tracing::warn!(%error, "what was claimed comes back when its lease is over");
        }
        self.0.tasks.close();
        let over = tokio::time::sleep(grace);
        tokio::pin!(over);
        loop {
            tokio::select! {
                done = self.finished() => self.settle(done).await,
                () = self.0.tasks.wait(), if self.nothing_finished().await => break,
                () = &mut over => {
                    tracing::warn!("requests to providers did not end in time; their messages become unknown");
                    break;
                }
            }
        }
        while !self.nothing_finished().await {
            self.settle(self.finished().await).await;
        }
        let holder = self.0.settings.holder.clone();
        if let Err(error) = self.0.db.write(move |conn| leases::give_up(conn, &holder)).await {
            tracing::warn!(%error, "the leases end by themselves");
        }
    }

    pub(super) async fn channel(&self, id: ChannelId) -> Result<Arc<LoadedChannel>, RegistryError> {
        self.0.channels.registry().by_id(id).await
    }

    pub(super) fn claimant(&self, lease: Duration) -> Claimant {
        Claimant { holder: self.0.settings.holder.clone(), lease_micros: micros(lease) }
    }

    /// Refreshes the gauges that operators watch.
    pub fn observe(&self) {
        let motion = locked(&self.0.motion);
        metrics::gauge!("duplex_messages_on_wire").set(u32::try_from(motion.on_wire()).unwrap_or(u32::MAX));
        metrics::gauge!("duplex_messages_claimed").set(u32::try_from(motion.waiting()).unwrap_or(u32::MAX));
        drop(motion);
        locked(&self.0.motion).forget_old(self.0.clock.now());
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
