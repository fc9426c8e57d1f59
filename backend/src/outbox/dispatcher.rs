//! From the queue to the wire: lease, claim, grant, make durable, send, settle.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use rand::RngExt;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::channels::{Channels, LoadedChannel, RegistryError, health};
use crate::clock::SharedClock;
use crate::crash;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{AttemptId, ChannelId, MessageId};
use crate::domain::provider::Environment;
use crate::domain::time::Ts;
use crate::live::Live;
use crate::providers::failure::ThrottleScope;
use crate::providers::{Accepted, Outbound, SendError, Verdict};
use crate::queue::Wake;
use crate::storage::delivery::{self, Begun, Claimant, Claimed, Fence};
use crate::storage::{Db, StorageResult, events, leases, track};

use super::outcome::{Fact, FollowUp, Present, What};
use super::sending::{HeldLease, Motion, Pair, pair_of};
use super::settle;

/// Lease of a limit group on the database's clock, how often it is renewed, and how long before its end nothing is begun.
const LEASE: Duration = Duration::from_secs(10);
const RENEW: Duration = Duration::from_secs(3);
const MARGIN: Duration = Duration::from_secs(3);
/// How long a claimed message may wait in memory for its token.
const CLAIM_LEASE: Duration = Duration::from_secs(60);
/// What a `sending` lease has on top of the provider's time limit.
const SENDING_MARGIN: Duration = Duration::from_secs(15);
/// Outcomes settled in one transaction.
const SETTLE_BATCH: usize = 200;
/// Ceiling of a sandbox sender in messages a second: the simulator's upgraded level (direct.md §4.7).
const SANDBOX_CEILING: u32 = 1_000;
const POLL: Duration = Duration::from_secs(1);
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
}

/// One message's way over the wire, as its task reports it.
struct Done {
    attempt: AttemptId,
    pair: Pair,
    result: Result<Accepted, SendError>,
    at: Ts,
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
    wake: Wake,
    motion: Mutex<Motion>,
    /// Limit groups that have work but perhaps no lease yet.
    wanted: Mutex<BTreeSet<String>>,
    renewed: Mutex<Option<Instant>>,
    done: mpsc::UnboundedSender<Done>,
    finished: tokio::sync::Mutex<mpsc::UnboundedReceiver<Done>>,
    tasks: TaskTracker,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Dispatcher {
    pub fn new(db: Db, channels: Channels, live: Live, clock: SharedClock, settings: DispatchSettings) -> Self {
        let (done, finished) = mpsc::unbounded_channel();
        Self(Arc::new(Inner {
            db,
            channels,
            live,
            clock,
            settings,
            wake: Wake::default(),
            motion: Mutex::default(),
            wanted: Mutex::default(),
            renewed: Mutex::default(),
            done,
            finished: tokio::sync::Mutex::new(finished),
            tasks: TaskTracker::new(),
        }))
    }

    /// There is something to send in this limit group.
    pub fn wake_for(&self, group: &str) {
        if !locked(&self.0.motion).leases.contains_key(group) {
            locked(&self.0.wanted).insert(group.to_owned());
        }
        self.0.wake.wake();
    }

    /// Something has changed that may let messages go.
    pub fn wake(&self) {
        self.0.wake.wake();
    }

    /// Whether sending is switched off on this installation.
    pub fn is_held(&self) -> bool {
        self.0.settings.hold
    }

    /// Dispatches and settles until cancelled; then gives back what is not on the wire and waits up to `grace` for what is.
    pub async fn run(self, stop: CancellationToken, grace: Duration) {
        let settler = tokio::spawn(self.clone().settle_until_closed(stop.clone()));
        while !stop.is_cancelled() {
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
            }
        }
        // It ends by the same signal; a batch that it has begun is finished first.
        let _ = settler.await;
        if let Err(error) = self.wind_down(grace).await {
            tracing::error!(%error, "what was claimed comes back when its lease is over");
        }
    }

    /// Dispatches, sends and settles until nothing is due: for callers that want to see the end of it.
    ///
    /// # Errors
    /// The database failed.
    pub async fn drain(&self) -> StorageResult<()> {
        loop {
            self.round().await?;
            if locked(&self.0.motion).on_wire() == 0 && self.nothing_finished().await {
                return Ok(());
            }
            self.settle(self.finished().await).await?;
        }
    }

    async fn nothing_finished(&self) -> bool {
        self.0.finished.lock().await.is_empty()
    }

    /// One round up to the wire. Returns when the next token falls due, if a message waits for one.
    ///
    /// # Errors
    /// The database failed; what was claimed comes back when its lease is over.
    pub async fn round(&self) -> StorageResult<Option<Duration>> {
        if self.0.settings.hold {
            return Ok(None);
        }
        self.renew_leases().await?;
        self.claim().await?;
        self.send_granted().await
    }

    async fn renew_leases(&self) -> StorageResult<()> {
        let wanted = std::mem::take(&mut *locked(&self.0.wanted));
        let fresh = locked(&self.0.renewed).is_some_and(|at| at.elapsed() < RENEW);
        if fresh && wanted.is_empty() {
            return Ok(());
        }
        let asked = Instant::now();
        let holder = self.0.settings.holder.clone();
        let now = self.0.clock.now();
        let known: Vec<String> = locked(&self.0.motion).leases.keys().cloned().collect();
        let held = self
            .0
            .db
            .write(move |conn| {
                let mut groups = leases::limit_groups(conn)?;
                groups.extend(wanted);
                let alone = !conn.is_postgres();
                let held = leases::take(conn, &groups, &holder, micros(LEASE), alone)?;
                for lease in held.iter().filter(|lease| !known.contains(&lease.name)) {
                    track::requeue_of_former_holder(conn, &lease.name, &holder, now)?;
                }
                Ok(held)
            })
            .await?;
        *locked(&self.0.renewed) = Some(asked);
        let lost = self.replace_leases(held, asked + LEASE - MARGIN);
        self.release(lost).await
    }

    /// Keeps what is held now; gives back what was claimed under leases that are gone.
    fn replace_leases(&self, held: Vec<leases::Held>, until: Instant) -> Vec<(MessageId, Ts)> {
        let mut motion = locked(&self.0.motion);
        motion.leases = held.into_iter().map(|lease| (lease.name, HeldLease { epoch: lease.epoch, until })).collect();
        let names: BTreeSet<String> = motion.leases.keys().cloned().collect();
        motion.give_back(|_, group| !names.contains(group))
    }

    async fn claim(&self) -> StorageResult<()> {
        let groups: Vec<(String, usize)> = {
            let motion = locked(&self.0.motion);
            let now = Instant::now();
            motion
                .leases
                .iter()
                .filter(|(_, lease)| lease.until > now)
                .map(|(group, _)| (group.clone(), motion.room(group)))
                .filter(|(_, room)| *room > super::sending::BACKLOG / 2)
                .collect()
        };
        if groups.is_empty() {
            return Ok(());
        }
        let now = self.0.clock.now();
        let claimant = self.claimant(CLAIM_LEASE);
        let asked: Vec<(String, u32)> =
            groups.into_iter().map(|(group, room)| (group, u32::try_from(room).unwrap_or(u32::MAX))).collect();
        let idle = {
            let asked = asked.clone();
            self.0
                .db
                .read(move |conn| delivery::any_due(conn, asked.iter().map(|(group, _)| group.as_str()), now))
                .await?
        };
        if !idle {
            return Ok(());
        }
        let claimed = self
            .0
            .db
            .write(move |conn| {
                asked
                    .into_iter()
                    .map(|(group, room)| Ok((delivery::claim(conn, &group, &claimant, now, room)?, group)))
                    .collect::<StorageResult<Vec<_>>>()
            })
            .await?;
        for (messages, group) in claimed {
            if !messages.is_empty() {
                crash::point("claimed");
            }
            self.admit(&group, messages, now).await?;
        }
        Ok(())
    }

    async fn admit(&self, group: &str, messages: Vec<Claimed>, now: Ts) -> StorageResult<()> {
        let (expired, live): (Vec<_>, Vec<_>) =
            messages.into_iter().partition(|message| message.expires_at.is_some_and(|expires| expires <= now));
        let mut ceilings: HashMap<ChannelId, u32> = HashMap::new();
        let mut back = Vec::new();
        for message in live {
            let ceiling = match ceilings.get(&message.channel) {
                Some(known) => *known,
                None => {
                    let ceiling = self.channel(message.channel).await.map_or(1, |channel| ceiling_of(&channel));
                    ceilings.insert(message.channel, ceiling);
                    ceiling
                }
            };
            if let Err(later) = locked(&self.0.motion).admit(group, ceiling, message, now) {
                back.push(later);
            }
        }
        self.release(back).await?;
        self.expire(expired, now).await
    }

    async fn expire(&self, expired: Vec<Claimed>, now: Ts) -> StorageResult<()> {
        if expired.is_empty() {
            return Ok(());
        }
        let holder = self.0.settings.holder.clone();
        let told = self
            .0
            .db
            .write(move |conn| {
                let news = delivery::expire(conn, &holder, &expired, now)?;
                let workspaces = settle::workspaces(&news);
                events::append(conn, news)?;
                Ok(workspaces)
            })
            .await?;
        told.into_iter().for_each(|workspace| self.0.live.notify(workspace));
        Ok(())
    }

    async fn release(&self, back: Vec<(MessageId, Ts)>) -> StorageResult<()> {
        if back.is_empty() {
            return Ok(());
        }
        let holder = self.0.settings.holder.clone();
        self.0.db.write(move |conn| delivery::release(conn, &holder, &back)).await
    }

    /// Makes attempts durable for what has a token, one commit for each limit group, and only then puts it on the wire.
    async fn send_granted(&self) -> StorageResult<Option<Duration>> {
        let granted = locked(&self.0.motion).grant();
        let mut by_group: HashMap<String, Vec<Claimed>> = HashMap::new();
        for message in granted.messages {
            let group = locked(&self.0.motion).group_of(message.channel).map(str::to_owned).unwrap_or_default();
            by_group.entry(group).or_default().push(message);
        }
        for (group, messages) in by_group {
            let begun = self.begin(&group, &messages).await?;
            self.put_on_wire(messages, &begun).await;
        }
        Ok(granted.next)
    }

    async fn begin(&self, group: &str, messages: &[Claimed]) -> StorageResult<Vec<Begun>> {
        let lease = locked(&self.0.motion).leases.get(group).copied().filter(|lease| lease.until > Instant::now());
        let Some(lease) = lease else {
            return Ok(Vec::new());
        };
        let fence = Fence { group: group.to_owned(), epoch: lease.epoch };
        let claimant = self.claimant(self.0.settings.provider_timeout + SENDING_MARGIN);
        let wanted: Vec<Begun> =
            messages.iter().map(|message| Begun { message: message.id, attempt: AttemptId::new() }).collect();
        let now = self.0.clock.now();
        let begun = self.0.db.write(move |conn| delivery::begin(conn, &fence, &claimant, &wanted, now)).await;
        match begun {
            Ok(begun) => {
                crash::point("attempt_durable");
                Ok(begun)
            }
            Err(error) => {
                // Whether the commit took effect is not known: the sweeper finds them when their lease is over.
                for message in messages {
                    locked(&self.0.motion).finish(&pair_of(message), None);
                }
                Err(error)
            }
        }
    }

    async fn put_on_wire(&self, messages: Vec<Claimed>, begun: &[Begun]) {
        let attempts: HashMap<_, _> = begun.iter().map(|begun| (begun.message, begun.attempt)).collect();
        let mut by_channel: HashMap<ChannelId, Vec<(Outbound, Pair)>> = HashMap::new();
        for message in messages {
            let pair = pair_of(&message);
            match attempts.get(&message.id) {
                None => {
                    locked(&self.0.motion).finish(&pair, None);
                }
                Some(attempt) => by_channel.entry(message.channel).or_default().push((
                    Outbound {
                        attempt: *attempt,
                        message: message.id,
                        to: message.recipient,
                        content: message.content,
                    },
                    pair,
                )),
            }
        }
        for (channel, batch) in by_channel {
            let dispatcher = self.clone();
            self.0.tasks.spawn(async move { dispatcher.send(channel, batch).await });
        }
    }

    async fn send(self, channel: ChannelId, batch: Vec<(Outbound, Pair)>) {
        let (outbounds, pairs): (Vec<Outbound>, Vec<Pair>) = batch.into_iter().unzip();
        let mut pairs: HashMap<AttemptId, Pair> =
            outbounds.iter().map(|outbound| outbound.attempt).zip(pairs).collect();
        let mut report = |attempt: AttemptId, result: Result<Accepted, SendError>| {
            crash::point("sent_unanswered");
            if let Some(pair) = pairs.remove(&attempt) {
                // The receiver lives as long as the dispatcher.
                let _ = self.0.done.send(Done { attempt, pair, result, at: self.0.clock.now() });
            }
        };
        match self.channel(channel).await {
            Err(error) => {
                for outbound in &outbounds {
                    report(outbound.attempt, Err(not_loaded(&error)));
                }
            }
            Ok(loaded) => {
                let mut outcomes = loaded.service.send_broadcast(&outbounds, outbounds.len().max(1));
                while let Some((attempt, result)) = outcomes.next().await {
                    report(attempt, result);
                }
            }
        }
    }

    async fn channel(&self, id: ChannelId) -> Result<Arc<LoadedChannel>, RegistryError> {
        self.0.channels.registry().by_id(id).await
    }

    fn claimant(&self, lease: Duration) -> Claimant {
        Claimant { holder: self.0.settings.holder.clone(), lease_micros: micros(lease) }
    }

    async fn settle_until_closed(self, stop: CancellationToken) {
        loop {
            let done = tokio::select! {
                () = stop.cancelled() => return,
                done = self.finished() => done,
            };
            if let Err(error) = self.settle(done).await {
                tracing::error!(%error, "outcomes could not be settled; their messages become unknown when their lease is over");
            }
        }
    }

    /// Waits for outcomes: what has come, at most one batch.
    async fn finished(&self) -> Vec<Done> {
        let mut done = Vec::new();
        self.0.finished.lock().await.recv_many(&mut done, SETTLE_BATCH).await;
        done
    }

    async fn settle(&self, done: Vec<Done>) -> StorageResult<()> {
        crash::point("answered_unsettled");
        let facts: Vec<Fact> = done
            .iter()
            .map(|done| Fact {
                attempt: done.attempt,
                what: What::Answered(done.result.clone()),
                at: done.at,
                journal: None,
                channel: None,
            })
            .collect();
        count(&done);
        let present = Present { now: self.0.clock.now(), random: rand::rng().random() };
        let now = present.now;
        let settled = self
            .0
            .db
            .write(move |conn| {
                let mut settled = settle::apply(conn, &facts, present)?;
                settled.hold_channels(conn, now, health::hold_within)?;
                events::append(conn, std::mem::take(&mut settled.events))?;
                Ok(settled)
            })
            .await;
        let due: HashMap<AttemptId, Ts> = settled.as_ref().map(|settled| settled.requeued.clone()).unwrap_or_default();
        let mut back = Vec::new();
        for done in done {
            back.extend(locked(&self.0.motion).finish(&done.pair, due.get(&done.attempt).copied()));
        }
        self.0.wake.wake();
        let settled = settled?;
        self.follow_up(&settled.follow_ups).await?;
        self.release(back).await?;
        for (workspace, channel) in settled.held {
            self.0.channels.announce(workspace, channel);
        }
        settled.workspaces.into_iter().for_each(|workspace| self.0.live.notify(workspace));
        Ok(())
    }

    /// Slows down or stops senders as the outcomes ask.
    pub async fn follow_up(&self, follow_ups: &[FollowUp]) -> StorageResult<()> {
        let mut back = Vec::new();
        for follow_up in follow_ups {
            let mut motion = locked(&self.0.motion);
            match follow_up {
                FollowUp::SlowDown(_, ThrottleScope::Pair, _) => {}
                FollowUp::SlowDown(channel, scope, pause) => {
                    motion.slow_down(*channel, *scope == ThrottleScope::Account, *pause);
                }
                FollowUp::HoldChannel(channel, _) => back.extend(motion.give_back(|id, _| id == *channel)),
            }
        }
        self.release(back).await
    }

    async fn wind_down(&self, grace: Duration) -> StorageResult<()> {
        let back = locked(&self.0.motion).give_back(|_, _| true);
        self.release(back).await?;
        self.0.tasks.close();
        if tokio::time::timeout(grace, self.0.tasks.wait()).await.is_err() {
            tracing::warn!("requests to providers did not end in time; their messages become unknown");
        }
        while !self.nothing_finished().await {
            self.settle(self.finished().await).await?;
        }
        let holder = self.0.settings.holder.clone();
        self.0.db.write(move |conn| leases::give_up(conn, &holder)).await
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

fn ceiling_of(channel: &LoadedChannel) -> u32 {
    if let Some(set) = channel.messages_per_second {
        return set;
    }
    match channel.environment {
        Environment::Sandbox => SANDBOX_CEILING,
        Environment::Live => {
            u32::try_from(channel.service.capabilities().throughput.per_second.value).unwrap_or(u32::MAX)
        }
    }
}

/// Nothing was sent: the channel could not even be read.
fn not_loaded(error: &RegistryError) -> SendError {
    let (verdict, detail) = match error {
        RegistryError::Missing => (Verdict::Rejected, "The channel was deleted before the message could be sent."),
        RegistryError::SandboxOff => {
            (Verdict::ChannelDown, "The sandbox is switched off. Start with the sandbox on to send.")
        }
        RegistryError::Incomplete(_) | RegistryError::Vault(_) => {
            (Verdict::ChannelDown, "The channel's credentials can't be read. Enter them again.")
        }
        RegistryError::Storage(_) => {
            (Verdict::Retry { after: None }, "The channel could not be read; it is tried again.")
        }
    };
    SendError::new(verdict, FailureCode::SenderMisconfigured, None, detail)
}

fn count(done: &[Done]) {
    for done in done {
        let outcome = match &done.result {
            Ok(_) => "accepted",
            Err(error) => match error.verdict {
                Verdict::Retry { .. } => "retry",
                Verdict::Throttled { .. } => "throttled",
                Verdict::Rejected => "rejected",
                Verdict::ChannelDown => "channel_down",
                Verdict::Unknown => "unknown",
            },
        };
        metrics::counter!("duplex_attempts_total", "outcome" => outcome).increment(1);
    }
}
