//! What webhooks did not tell, asked for: Twilio sends most of them once, and none of them when the gateway is away (twilio.md
//! §3.6). Receipts of messages that stand still, and what people sent, are written into the journal as a webhook would have told
//! of them, and take the same way from there; what is known already leads to nothing.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt, stream};

use crate::channels::{Channels, LoadedChannel, RegistryError};
use crate::clock::SharedClock;
use crate::domain::ids::JournalId;
use crate::domain::receipt::rank;
use crate::domain::state::{JournalOrigin, MessageState};
use crate::domain::time::Ts;
use crate::providers::kept::KeptMessage;
use crate::providers::webhook::StatusOutcome;
use crate::providers::{SendError, Verdict};
use crate::queue::{Wake, Work};
use crate::storage::journal::{self, NewEntry};
use crate::storage::reconciliations::{self, OpenMessage, Reconciled, Reconciliation};
use crate::storage::{Db, StorageError, StorageResult, inbound};

/// How often a channel is compared, and one at which nothing was heard for a day.
const OFTEN: Duration = Duration::from_secs(300);
const SELDOM: Duration = Duration::from_secs(3_600);
const QUIET: Duration = Duration::from_secs(86_400);
/// Channels compared in one round, and requests of one channel at once.
const ROUND: u32 = 8;
const AT_ONCE: usize = 4;
const LEASE_MICROS: i64 = 300_000_000;
/// A webhook, with its repetitions, has had this long to come: it tells more than the provider keeps.
const GRACE: Duration = Duration::from_secs(300);
/// What the provider made this long before the newest known message may have been shown later than it.
const OVERLAP: Duration = Duration::from_secs(600);
/// No outage is made up for beyond this.
const FURTHEST: Duration = Duration::from_secs(7 * 86_400);
/// Rows of the journal in one INSERT.
const BATCH: usize = 500;
/// Open messages asked for in one comparison.
const OPEN_AT_MOST: usize = 500;
/// So often an open message is asked for: at the age of five minutes, ten, twenty … and last at a month.
const AGES: u32 = 14;

/// Compares channels with what their providers keep. Several nodes may run it; a channel is leased to one.
pub struct Reconciler {
    db: Db,
    channels: Channels,
    clock: SharedClock,
    holder: String,
    /// Wakes the worker that reads the journal.
    arrived: Wake,
    /// How long the installation keeps messages: what it has deleted is not fetched again.
    keeps_messages: Option<Duration>,
}

/// What a provider told that is not known here.
struct Missed {
    webhooks: Vec<KeptMessage>,
    /// Whether the provider keeps anything at all.
    has_list: bool,
    messages_until: Ts,
}

impl Reconciler {
    pub fn new(
        db: Db,
        channels: Channels,
        clock: SharedClock,
        holder: String,
        arrived: Wake,
        keeps_messages: Option<Duration>,
    ) -> Self {
        Self { db, channels, clock, holder, arrived, keeps_messages }
    }

    async fn round(&self) -> StorageResult<usize> {
        let now = self.clock.now();
        if !self.db.read(move |conn| reconciliations::is_any_due(conn, now)).await? {
            return Ok(0);
        }
        let holder = self.holder.clone();
        let times = (now, OFTEN);
        let due =
            self.db.write_bulk(move |conn| reconciliations::claim(conn, &holder, LEASE_MICROS, times, ROUND)).await?;
        let count = due.len();
        for one in due {
            self.compare(one, now).await?;
        }
        Ok(count)
    }

    async fn compare(&self, due: Reconciliation, now: Ts) -> StorageResult<()> {
        let unchanged = Reconciled {
            channel: due.channel_id,
            run_at: now.plus(OFTEN),
            receipts_until: due.receipts_until,
            messages_until: due.messages_until,
            problem: None,
        };
        let channel = match self.channels.registry().by_id(due.channel_id).await {
            Ok(channel) => channel,
            Err(RegistryError::Storage(error)) => return Err(error),
            Err(RegistryError::Missing) => {
                return self.settle(Vec::new(), Reconciled { run_at: Ts::NEVER, ..unchanged }).await;
            }
            Err(error) => {
                let done = Reconciled { run_at: now.plus(SELDOM), problem: Some(error.to_string()), ..unchanged };
                return self.settle(Vec::new(), done).await;
            }
        };
        match self.missed(&channel, &due, now).await? {
            Ok(missed) if !missed.has_list => {
                self.settle(Vec::new(), Reconciled { run_at: Ts::NEVER, ..unchanged }).await
            }
            Ok(missed) => {
                let pause = self.pause(&due, now).await?;
                let done = Reconciled {
                    run_at: now.plus(pause),
                    receipts_until: now,
                    messages_until: missed.messages_until,
                    ..unchanged
                };
                let entry = |kept: KeptMessage| NewEntry {
                    id: JournalId::new(),
                    provider: channel.provider,
                    channels: vec![channel.id],
                    url: kept.webhook.url,
                    body: kept.webhook.body,
                    at: now,
                    origin: JournalOrigin::Poll,
                };
                self.settle(missed.webhooks.into_iter().map(entry).collect(), done).await
            }
            Err(error) => {
                tracing::warn!(channel = %channel.id, error = %error.failure.detail, "what webhooks missed could not be asked for");
                let asked = match error.verdict {
                    Verdict::Retry { after } | Verdict::Throttled { after, .. } => after.unwrap_or(OFTEN),
                    Verdict::Rejected | Verdict::ChannelDown | Verdict::Unknown => SELDOM,
                };
                let problem = Some(error.failure.detail);
                self.settle(Vec::new(), Reconciled { run_at: now.plus(asked.max(OFTEN)), problem, ..unchanged }).await
            }
        }
    }

    async fn missed(
        &self,
        channel: &LoadedChannel,
        due: &Reconciliation,
        now: Ts,
    ) -> StorageResult<Result<Missed, SendError>> {
        let since = self.since(channel, due, now);
        let received = match channel.service.messages_received(since).await {
            Ok(Some(received)) => received,
            Ok(None) => {
                return Ok(Ok(Missed { webhooks: Vec::new(), has_list: false, messages_until: due.messages_until }));
            }
            Err(error) => return Ok(Err(error)),
        };
        if !received.complete {
            tracing::warn!(channel = %channel.id, "the provider's list is too long; only its newest messages are looked at");
        }
        let ripe: Vec<KeptMessage> =
            received.messages.into_iter().filter(|kept| kept.at.is_some_and(|at| at <= now.minus(GRACE))).collect();
        let messages_until = ripe.iter().filter_map(|kept| kept.at).max().max(Some(due.messages_until));
        let mut webhooks = Vec::new();
        for kept in self.unknown_here(channel, ripe).await? {
            let whole = if kept.files > 0 { channel.service.with_files(kept).await } else { Ok(kept) };
            match whole {
                Ok(kept) => webhooks.push(kept),
                Err(error) => return Ok(Err(error)),
            }
        }
        // Oldest first, as they would have come.
        webhooks.reverse();
        match self.receipts(channel, due, now).await? {
            Ok(receipts) => webhooks.extend(receipts),
            Err(error) => return Ok(Err(error)),
        }
        let messages_until = messages_until.unwrap_or(due.messages_until);
        Ok(Ok(Missed { webhooks, has_list: true, messages_until }))
    }

    /// From when on what people sent is looked at.
    fn since(&self, channel: &LoadedChannel, due: &Reconciliation, now: Ts) -> Ts {
        let furthest = now.minus(self.keeps_messages.map_or(FURTHEST, |kept| kept.min(FURTHEST)));
        due.messages_until.minus(OVERLAP).max(furthest).max(channel.created_at)
    }

    async fn unknown_here(&self, channel: &LoadedChannel, kept: Vec<KeptMessage>) -> StorageResult<Vec<KeptMessage>> {
        if kept.is_empty() {
            return Ok(kept);
        }
        let id = channel.id;
        let ids: Vec<String> = kept.iter().map(|one| one.provider_message_id.clone()).collect();
        let known = self
            .db
            .read(move |conn| {
                let wanted: BTreeSet<_> = ids.iter().map(|message| (id, message.as_str())).collect();
                inbound::by_provider_ids(conn, &wanted)
            })
            .await?;
        Ok(kept.into_iter().filter(|one| !known.contains_key(&(id, one.provider_message_id.clone()))).collect())
    }

    /// What the provider knows further of messages that stand still.
    async fn receipts(
        &self,
        channel: &LoadedChannel,
        due: &Reconciliation,
        now: Ts,
    ) -> StorageResult<Result<Vec<KeptMessage>, SendError>> {
        let (workspace, id, times) = (channel.workspace, channel.id, accepted_in(due.receipts_until, now));
        let open =
            self.db.read(move |conn| reconciliations::open_messages(conn, workspace, id, &times, OPEN_AT_MOST)).await?;
        let asked = open.into_iter().map(|message| async move {
            let kept = channel.service.message_kept(&message.provider_message_id).await?;
            Ok(kept.filter(|kept| is_news(kept, &message)))
        });
        let answers: Vec<Result<Option<KeptMessage>, SendError>> =
            stream::iter(asked).buffer_unordered(AT_ONCE).collect().await;
        Ok(answers.into_iter().filter_map(Result::transpose).collect())
    }

    /// A channel at which something happens is looked at more often.
    async fn pause(&self, due: &Reconciliation, now: Ts) -> StorageResult<Duration> {
        let (workspace, channel) = (due.workspace_id, due.channel_id);
        let busy =
            self.db.read(move |conn| reconciliations::is_busy(conn, workspace, channel, now.minus(QUIET))).await?;
        Ok(if busy { OFTEN } else { SELDOM })
    }

    async fn settle(&self, entries: Vec<NewEntry>, done: Reconciled) -> StorageResult<()> {
        let found = entries.len();
        let holder = self.holder.clone();
        self.db
            .write_bulk(move |conn| {
                for chunk in entries.chunks(BATCH) {
                    journal::insert(conn, chunk)?;
                }
                reconciliations::settle(conn, &holder, &done)?;
                Ok::<_, StorageError>(())
            })
            .await?;
        if found > 0 {
            metrics::counter!("duplex_webhooks_missed_total").increment(u64::try_from(found).unwrap_or(u64::MAX));
            self.arrived.wake();
        }
        Ok(())
    }
}

/// When a message was accepted that reached one of the ages since the last comparison, which may be hours ago.
fn accepted_in(last: Ts, now: Ts) -> Vec<Range<Ts>> {
    (0..AGES)
        .map(|doublings| {
            let age = OFTEN.saturating_mul(2_u32.saturating_pow(doublings));
            last.minus(age)..now.minus(age)
        })
        .collect()
}

/// Whether the provider is further than the message is here.
fn is_news(kept: &KeptMessage, message: &OpenMessage) -> bool {
    match &kept.outcome {
        Some(StatusOutcome::Receipt(receipt)) => rank(receipt.state()) > rank(message.state),
        Some(StatusOutcome::Refused(_)) => matches!(message.state, MessageState::Accepted | MessageState::Sent),
        Some(StatusOutcome::Accepted) | None => false,
    }
}

#[async_trait]
impl Work for Reconciler {
    fn name(&self) -> &'static str {
        "reconciler"
    }

    async fn run_once(&self) -> StorageResult<usize> {
        self.round().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However the comparisons fall, an open message is asked for at each age once, and never before the first.
        #[test]
        fn every_age_is_met_once(accepted in 0..10_000i64, pauses in prop::collection::vec(300..5_000i64, 1..60)) {
            let second = |seconds: i64| Ts(seconds * 1_000_000);
            let mut last = accepted;
            let mut met = 0;
            for pause in pauses {
                let now = last + pause;
                let times = accepted_in(second(last), second(now));
                met += times.iter().filter(|times| times.start < second(accepted) && second(accepted) <= times.end).count();
                last = now;
            }
            let age = last - accepted;
            let expected = (0..AGES).filter(|doublings| 300 * 2_i64.pow(*doublings) <= age).count();
            prop_assert_eq!(met, expected);
        }
    }
}
