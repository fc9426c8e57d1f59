//! The worker that looks for evidence of messages whose answer was lost, and ends the search by the workspace's policy.

mod candidates;
mod death;
pub mod decisions;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use rand::RngExt;

use crate::channels::{Channels, LoadedChannel, RegistryError, health};
use crate::clock::SharedClock;
use crate::domain::class::MessageClass;
use crate::domain::time::Ts;
use crate::domain::unknown::{Decision, LookOutcome, UnknownDecision, UnknownPolicy, UnknownSettings, pause_after};
use crate::live::Live;
use crate::providers::{Found, LookUp};
use crate::queue::Work;
use crate::storage::conn::Conn;
use crate::storage::unknowns::{self, UnknownMessage};
use crate::storage::{Db, StorageError, StorageResult, events};

use super::dispatcher::Dispatcher;
use super::outcome::{Fact, Present, Sighted, What};
use super::settle::{self, Settled};
use candidates::Sight;
use death::Death;

/// Messages looked for in one round, and how many of them at once.
const BATCH: u32 = 50;
const AT_ONCE: usize = 8;
/// How long a round may take before another node looks for the same messages.
const ROUND: Duration = Duration::from_secs(120);
/// The provider's clock may be behind, and a request may take its time on its way there.
const BEFORE: Duration = Duration::from_secs(60);
const AFTER: Duration = Duration::from_secs(300);
/// A list that can't be read at the deadline is asked for again this often, for this long.
const ONCE_MORE: Duration = Duration::from_secs(300);
const ONCE_MORE_AT_MOST: Duration = Duration::from_secs(3_600);
/// The name under which the workspace's settings decide.
const POLICY: &str = "policy";

/// Runs on every node; a message is looked for by one of them at a time.
pub struct Unknowns {
    db: Db,
    channels: Channels,
    dispatcher: Dispatcher,
    live: Live,
    clock: SharedClock,
    /// Time limit of one request to a provider.
    provider_timeout: Duration,
}

/// What a look at the provider brought, before anybody has compared it with what is known here.
struct Seen {
    message: UnknownMessage,
    wanted: LookUp,
    /// `None` where the provider has no list; else what it lists, or why that can't be read.
    list: Option<Result<Vec<Found>, String>>,
    settings: UnknownSettings,
    death: Death,
}

impl Unknowns {
    pub fn new(
        db: Db,
        channels: Channels,
        dispatcher: Dispatcher,
        live: Live,
        clock: SharedClock,
        provider_timeout: Duration,
    ) -> Self {
        Self { db, channels, dispatcher, live, clock, provider_timeout }
    }

    async fn round(&self) -> StorageResult<usize> {
        let now = self.clock.now();
        if !self.db.read(move |conn| unknowns::is_any_due(conn, now)).await? {
            return Ok(0);
        }
        let due = self.db.write(move |conn| unknowns::claim(conn, now, now.plus(ROUND), BATCH)).await?;
        let looks = stream::iter(due.into_iter().map(|message| self.look(message))).buffer_unordered(AT_ONCE);
        let seen: Vec<Seen> = looks.filter_map(std::future::ready).collect().await;
        let count = seen.len();
        self.settle(seen).await?;
        Ok(count)
    }

    /// Asks the provider. `None` when the database can't say who that is; another round follows.
    async fn look(&self, message: UnknownMessage) -> Option<Seen> {
        let settings = match self.channels.registry().route(message.workspace).await {
            Ok(route) => route.delivery.unknown.clone(),
            Err(error) => {
                tracing::warn!(message = %message.id, %error, "an unknown message is looked for later");
                return None;
            }
        };
        let wanted = LookUp {
            to: message.recipient.clone(),
            sent_after: message.left.minus(BEFORE),
            sent_before: message.left.plus(self.provider_timeout + AFTER),
        };
        let channel = self.channels.registry().by_id(message.channel).await;
        let list = match &channel {
            Ok(channel) => match channel.service.look_up(&wanted).await {
                Ok(list) => list.map(Ok),
                Err(error) => Some(Err(error.failure.detail)),
            },
            Err(RegistryError::Missing) => None,
            Err(error) => Some(Err(format!("The channel can't be used: {error}."))),
        };
        let death = match &channel {
            Ok(channel) => self.death(channel, &message, &settings).await,
            Err(_) => Death::NotKnown("Its channel can't be used any more.".to_owned()),
        };
        Some(Seen { message, wanted, list, settings, death })
    }

    /// When the first copy can't arrive any more, as far as anybody will ask.
    async fn death(&self, channel: &LoadedChannel, message: &UnknownMessage, settings: &UnknownSettings) -> Death {
        let class = message.class.unwrap_or(MessageClass::Reply);
        if settings.policy(class) != UnknownPolicy::Resend {
            return Death::NotKnown("Only one-time codes are sent again, where the workspace wants that.".to_owned());
        }
        death::of(&self.db, channel.provider, message).await
    }

    async fn settle(&self, seen: Vec<Seen>) -> StorageResult<()> {
        if seen.is_empty() {
            return Ok(());
        }
        let seen = Arc::new(seen);
        let present = Present { now: self.clock.now(), random: rand::rng().random() };
        let settled = self
            .db
            .write(move |conn| {
                let mut facts = Vec::new();
                for one in seen.iter() {
                    facts.extend(one.facts(conn, present.now)?);
                }
                let mut settled = settle::apply(conn, &facts, present)?;
                settled.hold_channels(conn, present.now, health::hold_within)?;
                events::append(conn, std::mem::take(&mut settled.events))?;
                Ok::<_, StorageError>(settled)
            })
            .await?;
        self.follow(settled).await;
        Ok(())
    }

    async fn follow(&self, settled: Settled) {
        if let Err(error) = self.dispatcher.follow_up(&settled.follow_ups).await {
            tracing::warn!(%error, "claimed messages of a slowed sender were not given back");
        }
        if !settled.requeued.is_empty() {
            self.dispatcher.wake();
        }
        for (workspace, channel) in settled.held {
            self.channels.announce(workspace, channel);
        }
        settled.workspaces.into_iter().for_each(|workspace| self.live.notify(workspace));
    }
}

impl Seen {
    /// What follows from a look, and from the deadline if it is over.
    fn facts(&self, conn: &mut Conn, now: Ts) -> StorageResult<Vec<Fact>> {
        let Sight { look, found } = candidates::compare(conn, &self.message, &self.wanted, self.list.as_ref(), now)?;
        let outcome = look.outcome;
        let settled = found.as_ref().is_some_and(Sighted::settles);
        let deadline = self.settings.deadline(self.message.left);
        let next = match outcome {
            LookOutcome::NoList => deadline,
            _ => now.plus(pause_after(self.message.asked.saturating_add(1))).min(deadline),
        };
        let again = outcome == LookOutcome::Unreadable
            && self.policy() == UnknownPolicy::Resend
            && now < deadline.plus(ONCE_MORE_AT_MOST);
        let next = if now >= deadline { now.plus(ONCE_MORE) } else { next };
        let mut facts = vec![self.fact(What::Looked { look, found, next }, now)];
        if !settled && now >= deadline && !again {
            facts.push(self.fact(self.end(outcome, now), now));
        }
        Ok(facts)
    }

    fn policy(&self) -> UnknownPolicy {
        self.settings.policy(self.message.class.unwrap_or(MessageClass::Reply))
    }

    /// What becomes of a message that nothing has settled in time.
    fn end(&self, outcome: LookOutcome, now: Ts) -> What {
        match self.obstacle(outcome, now) {
            Some(reason) => What::GivenUp { reason },
            None => What::Decided(Decision {
                decision: UnknownDecision::Resend,
                by: POLICY.to_owned(),
                at: now,
                reason: Some(
                    "Nothing had settled it by the deadline, and the first copy can't arrive any more.".into(),
                ),
            }),
        }
    }

    /// Why it must not be sent again.
    fn obstacle(&self, outcome: LookOutcome, now: Ts) -> Option<String> {
        let minutes = self.settings.deadline_minutes;
        if self.policy() != UnknownPolicy::Resend {
            return Some(format!(
                "No evidence came within {minutes} minutes. It may have been sent, so it is not sent again by itself."
            ));
        }
        match outcome {
            LookOutcome::Found | LookOutcome::Several | LookOutcome::Rivals => {
                return Some(
                    "The provider has messages to this person that may be it, so it is not sent again.".to_owned(),
                );
            }
            LookOutcome::Unreadable => {
                return Some(
                    "The provider's list could not be read at the deadline, so it is not sent again.".to_owned(),
                );
            }
            LookOutcome::NoneFound | LookOutcome::NoList => {}
        }
        if self.message.expires_at.is_some_and(|expires| expires <= now) {
            return Some("The message's own time is over, so it is not sent again.".to_owned());
        }
        self.death.obstacle(self.settings.deadline(self.message.left), now)
    }

    fn fact(&self, what: What, now: Ts) -> Fact {
        Fact { attempt: self.message.attempt, what, at: now, journal: None, channel: None }
    }
}

#[async_trait]
impl Work for Unknowns {
    fn name(&self) -> &'static str {
        "unknowns"
    }

    async fn run_once(&self) -> StorageResult<usize> {
        self.round().await
    }
}
