//! Applying stored webhooks: receipts and late refusals to their attempts, what people send and take back, notices to the feed.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use rand::RngExt;
use serde_json::json;

use crate::channels::{Channels, LoadedChannel, health};
use crate::clock::SharedClock;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{AttemptId, ChannelId, JournalId, WorkspaceId};
use crate::domain::state::JournalState;
use crate::domain::time::Ts;
use crate::live::Live;
use crate::media::Media;
use crate::outbox::dispatcher::Dispatcher;
use crate::outbox::outcome::{Fact, FollowUp, Present, What};
use crate::outbox::settle;
use crate::providers::webhook::StatusEvent;
use crate::queue::Work;
use crate::storage::conn::Conn;
use crate::storage::journal::{self, Processed};
use crate::storage::media::ContentHash;
use crate::storage::{Db, StorageError, StorageResult, conversations, events, facts, media, system, track};

use super::reading::{self, Reading};
use super::{account_events, amendments, known, messages, people, proof, template_events};

/// Webhooks applied in one transaction.
const BATCH: u32 = 200;
const LEASE_MICROS: i64 = 60_000_000;
/// Tries before a webhook is put aside for a person.
const MAX_TRIES: i32 = 5;
/// A status whose send is not known yet is looked at again this much later, for this long (direct.md §3.9).
const PARK: Duration = Duration::from_secs(10);
const PARK_AT_MOST: Duration = Duration::from_secs(300);
const PARKED: &str = "waits for what it is about";
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// The worker that reads the journal.
pub struct Processor {
    db: Db,
    channels: Channels,
    dispatcher: Dispatcher,
    media: Media,
    live: Live,
    clock: SharedClock,
    holder: String,
}

/// What a batch led to, for after the commit.
#[derive(Default)]
struct Applied {
    told: BTreeSet<WorkspaceId>,
    held: Vec<(WorkspaceId, ChannelId)>,
    follow_ups: Vec<FollowUp>,
    requeued: bool,
    /// People sent media, which are to be fetched.
    media_arrived: bool,
    /// How many messages people sent to each sender.
    heard: HashMap<ChannelId, u32>,
    /// Bytes of media that people took back.
    withdrawn: Vec<ContentHash>,
}

impl Processor {
    pub fn new(
        db: Db,
        channels: Channels,
        dispatcher: Dispatcher,
        media: Media,
        live: Live,
        clock: SharedClock,
        holder: String,
    ) -> Self {
        Self { db, channels, dispatcher, media, live, clock, holder }
    }

    async fn round(&self) -> StorageResult<usize> {
        let now = self.clock.now();
        let holder = self.holder.clone();
        let claimed = self.db.write_bulk(move |conn| journal::claim(conn, &holder, LEASE_MICROS, now, BATCH)).await?;
        let count = claimed.len();
        if count == 0 {
            return Ok(0);
        }
        let mut readings = Vec::with_capacity(count);
        for entry in claimed {
            readings.push(reading::read(self.channels.registry(), entry).await?);
        }
        let readings = Arc::new(readings);
        if let Err(error) = self.apply_range(&readings, 0, count).await {
            // One of them fails the whole: each in a transaction of its own, so that the others go through.
            tracing::warn!(%error, "a batch of webhooks failed and is applied one by one");
            for index in 0..count {
                self.apply_alone(&readings, index).await?;
            }
        }
        Ok(count)
    }

    async fn apply_alone(&self, readings: &Arc<Vec<Reading>>, index: usize) -> StorageResult<()> {
        let Err(error) = self.apply_range(readings, index, 1).await else { return Ok(()) };
        if matches!(error, StorageError::Busy(_)) {
            return Err(error);
        }
        let Some(reading) = readings.get(index) else { return Ok(()) };
        let tries = reading.entry.tries + 1;
        let dead = tries >= MAX_TRIES;
        let now = self.clock.now();
        tracing::error!(webhook = %reading.entry.id, %error, tries, dead, "a webhook could not be applied");
        let outcome = Processed {
            id: reading.entry.id,
            state: if dead { JournalState::Dead } else { JournalState::Pending },
            tries,
            run_at: now.plus(AFTER_FAILURE.saturating_mul(tries.unsigned_abs())),
            error: Some(error.to_string()),
            foreign_events: reading.foreign,
            processed_at: None,
            applied_at: None,
            first: false,
        };
        let holder = self.holder.clone();
        self.db.write_bulk(move |conn| journal::settle(conn, &holder, &[outcome])).await
    }

    async fn apply_range(&self, readings: &Arc<Vec<Reading>>, start: usize, len: usize) -> StorageResult<()> {
        let readings = Arc::clone(readings);
        let present = Present { now: self.clock.now(), random: rand::rng().random() };
        let holder = self.holder.clone();
        let applied = self
            .db
            .write_bulk(move |conn| {
                let part: Vec<&Reading> = readings.iter().skip(start).take(len).collect();
                apply(conn, &part, present, &holder)
            })
            .await?;
        if let Err(error) = self.dispatcher.follow_up(&applied.follow_ups).await {
            // Applied is applied; what must wait comes back when its lease is over.
            tracing::warn!(%error, "claimed messages of a slowed sender were not given back");
        }
        self.dispatcher.heard(applied.heard);
        if applied.requeued {
            self.dispatcher.wake();
        }
        if applied.media_arrived {
            self.media.arrived();
        }
        if let Err(error) = self.media.let_all_go(applied.withdrawn).await {
            tracing::warn!(%error, "bytes of media that were taken back are swept later");
        }
        for (workspace, channel) in applied.held {
            self.channels.announce(workspace, channel);
        }
        applied.told.into_iter().for_each(|workspace| self.live.notify(workspace));
        Ok(())
    }
}

#[async_trait]
impl Work for Processor {
    fn name(&self) -> &'static str {
        "inbound"
    }

    async fn run_once(&self) -> StorageResult<usize> {
        let done = self.round().await;
        if done.is_err() {
            // What this round has claimed and not settled must not wait for its lease to end.
            let holder = self.holder.clone();
            if let Err(error) = self.db.write_bulk(move |conn| journal::give_back(conn, &holder)).await {
                tracing::warn!(%error, "claimed webhooks come back when their lease is over");
            }
        }
        done
    }
}

fn apply(conn: &mut Conn, readings: &[&Reading], present: Present, holder: &str) -> StorageResult<Applied> {
    let mut applied = Applied::default();
    let (reported, mut unmatched) = reports(conn, readings)?;
    let mut settled = settle::apply(conn, &reported, present)?;
    settled.hold_channels(conn, present.now, health::hold_within)?;
    for attempt in &settled.unmatched {
        unmatched.extend(reported.iter().filter(|fact| fact.attempt == *attempt).filter_map(|fact| fact.journal));
    }
    let mut news = std::mem::take(&mut settled.events);
    let known = known::messages(conn, readings)?;
    let met = people::meet(conn, readings, &known, &settled.contacts, present.now)?;
    news.extend(met.merged.iter().map(|merged| merged.event(present.now)));
    let stored = messages::store(conn, &known, &met, present.now)?;
    news.extend(stored.news);
    let mut amended = amendments::apply(conn, readings, &known, present.now)?;
    news.append(&mut amended.news);
    let templates = template_events::apply(conn, readings, present.now)?;
    news.extend(templates.news);
    let waiting = |reading: &Reading| {
        let early =
            [&unmatched, &amended.unmatched, &templates.early].iter().any(|some| some.contains(&reading.entry.id));
        early && present.now.since(reading.entry.received_at) < PARK_AT_MOST
    };
    news.extend(notices(readings));
    news.extend(readings.iter().filter(|reading| !waiting(reading)).flat_map(|reading| amended.lost(reading.entry.id)));
    let mut media = stored.media;
    media.append(&mut amended.media);
    media::intake(conn, &media)?;
    applied.withdrawn = amended.withdrawn;
    applied.media_arrived = !media.is_empty();
    conversations::hear(conn, &stored.heard)?;
    for heard in &stored.heard {
        *applied.heard.entry(heard.channel).or_default() += 1;
    }
    let referred = stored.heard.iter().filter(|heard| heard.referred).map(|heard| (heard.channel, heard.contact));
    conversations::open_free_entries(conn, &referred.collect())?;
    let evidence = facts::worth_noting(conn, proof::gather(readings, &unmatched))?;
    let proven = evidence.iter().map(|one| (one.channel, one.workspace));
    facts::lock(conn, &proven.chain(account_events::concerned(readings)).collect(), present.now)?;
    let effects = account_events::apply(conn, readings, present.now)?;
    news.extend(effects.news);
    news.extend(proof::note(conn, &evidence, present.now)?);
    touch(conn, readings)?;
    let outcomes: Vec<Processed> =
        readings.iter().map(|reading| outcome(reading, waiting(reading), present.now)).collect();
    journal::settle(conn, holder, &outcomes)?;
    applied.told = settle::workspaces(&news);
    applied.held = settled.held;
    // A channel that was resumed is read anew like one that was held, and its queue is looked at.
    applied.requeued = !settled.requeued.is_empty() || !effects.turned.is_empty();
    applied.held.extend(effects.turned);
    applied.follow_ups = settled.follow_ups;
    events::append(conn, news)?;
    Ok(applied)
}

type Unmatched = BTreeSet<JournalId>;

/// What the statuses say about which attempt: by our id where the provider echoes it, else by the provider's.
fn reports(conn: &mut Conn, readings: &[&Reading]) -> StorageResult<(Vec<Fact>, Unmatched)> {
    let unnamed: Vec<(ChannelId, String)> = statuses(readings)
        .filter(|(_, _, status)| status.attempt.is_none())
        .map(|(_, channel, status)| (channel.id, status.provider_message_id.clone()))
        .collect();
    let known: HashMap<(ChannelId, String), AttemptId> = track::by_provider_ids(conn, &unnamed)?;
    let mut facts = Vec::new();
    let mut unmatched = Unmatched::new();
    for (reading, channel, status) in statuses(readings) {
        let attempt = status.attempt.or_else(|| known.get(&(channel.id, status.provider_message_id.clone())).copied());
        match attempt {
            None => {
                unmatched.insert(reading.entry.id);
            }
            Some(attempt) => facts.push(Fact {
                attempt,
                what: What::Reported {
                    provider_message_id: status.provider_message_id.clone(),
                    outcome: status.outcome.clone(),
                    pricing: status.pricing.clone(),
                    free_entry_until: status.free_entry_until,
                    evidence: reading.evidence(),
                },
                at: precise(status.at, reading.entry.received_at),
                journal: Some(reading.entry.id),
                channel: Some(channel.id),
            }),
        }
    }
    Ok((facts, unmatched))
}

/// Meta tells whole seconds: within the second of its arrival an event has the time of its arrival, so that a story keeps
/// its order.
pub(super) fn precise(told: Option<Ts>, received: Ts) -> Ts {
    match told {
        Some(at) if received.since(at) >= Duration::from_secs(1) || at > received => at,
        _ => received,
    }
}

pub(super) fn statuses<'a>(
    readings: &'a [&'a Reading],
) -> impl Iterator<Item = (&'a Reading, &'a LoadedChannel, &'a StatusEvent)> {
    readings
        .iter()
        .flat_map(|reading| reading.statuses.iter().map(move |(channel, status)| (*reading, channel.as_ref(), status)))
}

/// Account, template and number matters, once each: not again for a webhook that only waits for its send.
fn notices(readings: &[&Reading]) -> Vec<(WorkspaceId, NewEvent)> {
    readings
        .iter()
        .filter(|reading| !reading.is_again())
        .flat_map(|reading| {
            reading.notices.iter().map(|(channel, notice)| {
                let event = NewEvent {
                    channel: Some(channel.id),
                    journal: Some(reading.entry.id),
                    data: json!({ "field": notice.field, "value": notice.value }),
                    ..NewEvent::new(EventKind::ProviderNotice, reading.entry.received_at)
                };
                (channel.workspace, event)
            })
        })
        .collect()
}

/// Notes for which channels the secret held that verified a webhook.
fn touch(conn: &mut Conn, readings: &[&Reading]) -> StorageResult<()> {
    let brought = || readings.iter().filter(|reading| reading.was_brought());
    let ids: BTreeSet<ChannelId> = brought().flat_map(|reading| reading.entry.channels.iter().copied()).collect();
    let at = brought().map(|reading| reading.entry.received_at).max().unwrap_or(Ts::from_micros(0));
    system::channels::touch_webhooks(conn, &ids.into_iter().collect::<Vec<_>>(), at)
}

fn outcome(reading: &Reading, parked: bool, now: Ts) -> Processed {
    let entry = &reading.entry;
    if reading.foreign > 0 {
        metrics::counter!("duplex_webhook_foreign_events_total").increment(u64::from(reading.foreign.unsigned_abs()));
    }
    Processed {
        id: entry.id,
        state: if parked { JournalState::Pending } else { JournalState::Done },
        tries: entry.tries,
        run_at: if parked { now.plus(PARK) } else { now },
        error: if parked { Some(PARKED.into()) } else { reading.unreadable.clone() },
        foreign_events: reading.foreign,
        processed_at: (!parked).then_some(now),
        applied_at: Some(now),
        first: entry.tries == 0 && !reading.is_again(),
    }
}
