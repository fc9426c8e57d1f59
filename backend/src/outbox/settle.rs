//! Facts in, rows out: every answer, receipt and late refusal is applied here, many in one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::crash;
use crate::domain::conversation::FREE_ENTRY_ANSWER;
use crate::domain::event::NewEvent;
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::{AttemptId, ChannelId, ContactId, FaultId, WorkspaceId};
use crate::domain::state::{AttemptState, MessageState};
use crate::domain::suppression::{OptChange, SuppressionSource};
use crate::domain::time::Ts;
use crate::providers::SendError;
use crate::providers::webhook::StatusOutcome;
use crate::storage::circuits::Fault;
use crate::storage::conn::Conn;
use crate::storage::{StorageResult, circuits, conversations, media_uploads, suppressions, track};

use super::failover::aside::ByThemselves;
use super::outcome::{self, Fact, FollowUp, Present, What};

/// What a batch of facts led to.
#[derive(Debug, Default)]
pub struct Settled {
    /// To be appended to the feeds last in the transaction.
    pub events: Vec<(WorkspaceId, NewEvent)>,
    pub follow_ups: Vec<FollowUp>,
    /// Attempts whose message is to be sent again, and when.
    pub requeued: HashMap<AttemptId, Ts>,
    /// Facts about attempts that do not exist.
    pub unmatched: Vec<AttemptId>,
    /// Channels that were held because of this batch.
    pub held: Vec<(WorkspaceId, ChannelId)>,
    /// Whose message each attempt is.
    pub contacts: HashMap<AttemptId, ContactId>,
    /// The workspaces whose feeds grew.
    pub workspaces: BTreeSet<WorkspaceId>,
    owners: HashMap<ChannelId, WorkspaceId>,
}

/// Holds a channel within a transaction: the channels room's part of it.
pub type Hold = fn(&mut Conn, WorkspaceId, ChannelId, &Failure, Ts) -> StorageResult<Vec<NewEvent>>;

impl Settled {
    /// Holds the channels that can't send, in the same transaction as the refusals that say so.
    ///
    /// # Errors
    /// The database failed.
    pub fn hold_channels(&mut self, conn: &mut Conn, now: Ts, hold: Hold) -> StorageResult<()> {
        for follow_up in &self.follow_ups {
            let FollowUp::HoldChannel(channel, failure) = follow_up else { continue };
            let Some(workspace) = self.owners.get(channel).copied() else { continue };
            let news = hold(conn, workspace, *channel, failure, now)?;
            if !news.is_empty() {
                self.held.push((workspace, *channel));
                self.workspaces.insert(workspace);
                self.events.extend(news.into_iter().map(|event| (workspace, event)));
            }
        }
        Ok(())
    }
}

/// Applies facts inside the caller's transaction: locks, decides, saves.
///
/// # Errors
/// The database failed; nothing is applied.
pub fn apply(conn: &mut Conn, facts: &[Fact], present: Present) -> StorageResult<Settled> {
    let mut settled = Settled::default();
    if facts.is_empty() {
        return Ok(settled);
    }
    let ids: Vec<AttemptId> = facts.iter().map(|fact| fact.attempt).collect::<BTreeSet<_>>().into_iter().collect();
    let mut tracked = track::lock(conn, &ids)?;
    let before_messages = tracked.messages.clone();
    let before_attempts = tracked.attempts.clone();
    let by_themselves = ByThemselves::of(conn, facts, tracked.messages.values())?;
    let mut free_entries = BTreeMap::new();
    let mut doubted: Vec<AttemptId> = Vec::new();
    let mut opted_out = Vec::new();
    for fact in facts {
        let Some(attempt) = tracked.attempts.get_mut(&fact.attempt) else {
            settled.unmatched.push(fact.attempt);
            continue;
        };
        if fact.channel.is_some_and(|channel| channel != attempt.channel_id) {
            metrics::counter!("duplex_webhook_foreign_events_total").increment(1);
            tracing::warn!(attempt = %attempt.id, "a webhook names an attempt of another channel; it has no effect");
            continue;
        }
        let Some(message) = tracked.messages.get_mut(&attempt.message_id) else {
            settled.unmatched.push(fact.attempt);
            continue;
        };
        let workspace = message.workspace_id;
        settled.owners.insert(message.channel_id, workspace);
        settled.contacts.insert(fact.attempt, message.contact_id);
        if let What::Reported { free_entry_until: Some(until), .. } = fact.what {
            let known = free_entries.entry((message.channel_id, message.contact_id)).or_insert(until);
            *known = (*known).max(until);
        }
        let (state, was) = (attempt.state, message.state);
        let mut consequences = outcome::apply(message, attempt, fact, present);
        by_themselves.set_aside(message, fact, was, &mut consequences.events);
        if crash::retries_unknown() && message.state == MessageState::Unknown {
            outcome::send_anew(message, present.now);
        }
        // A refusal that changes nothing is an old one: what it speaks of was noted when it came first.
        if attempt.state == AttemptState::Refused && state != attempt.state {
            if casts_doubt_on_media(&fact.what) {
                doubted.push(attempt.id);
            }
            let change = refusal(&fact.what).and_then(|error| opt_out(error, fact, message.channel_id));
            opted_out.extend(change.map(|change| (workspace, message.contact_id, change)));
        }
        tracing::debug!(message = %message.id, attempt = %fact.attempt, state = %message.state, "attempt settled or moved");
        if message.state == MessageState::Queued && message.attempt_id == Some(fact.attempt) {
            settled.requeued.insert(fact.attempt, message.run_at);
        }
        settled.events.extend(consequences.events.into_iter().map(|event| (workspace, event)));
        settled.follow_ups.extend(consequences.follow_ups);
    }
    let changed_people = suppressions::apply(conn, &opted_out, present.now)?;
    settled.events.extend(changed_people.iter().filter_map(|changed| changed.event(present.now)));
    settled.workspaces = workspaces(&settled.events);
    let faults: Vec<Fault> = settled.follow_ups.iter().filter_map(|one| fault(one, present.now)).collect();
    circuits::note(conn, &faults)?;
    track::save(conn, changed(&tracked.messages, &before_messages), changed(&tracked.attempts, &before_attempts))?;
    if !doubted.is_empty() {
        // In the transaction that lets the message be tried again, so that the next try can't use what is forgotten.
        media_uploads::forget_used_by(conn, &doubted)?;
    }
    if conversations::awaits_reply(conn, present.now.minus(FREE_ENTRY_ANSWER))? {
        let accepted = changed(&tracked.messages, &before_messages).filter(|message| message.accepted_at.is_some());
        conversations::open_free_entries(
            conn,
            &accepted.map(|message| (message.channel_id, message.contact_id)).collect(),
        )?;
    }
    conversations::extend_free_entries(conn, &free_entries)?;
    Ok(settled)
}

/// What the node has to know that looks after the channel's circuit, which may be another one.
fn fault(follow_up: &FollowUp, at: Ts) -> Option<Fault> {
    match follow_up {
        FollowUp::Fault(channel, failure) => {
            Some(Fault { id: FaultId::new(), channel: *channel, at, failure: failure.clone() })
        }
        FollowUp::HoldChannel(..) | FollowUp::SlowDown(..) => None,
    }
}

/// Whether a refusal may mean that the provider no longer takes an id under which it keeps a medium. Meta says so in several
/// ways, at once and later (direct.md §2.6, §5); to bring a file there once too often does no harm.
fn casts_doubt_on_media(what: &What) -> bool {
    let code = refusal(what).map(|error| error.failure.code);
    matches!(code, Some(FailureCode::MediaUnusable | FailureCode::ContentInvalid))
}

const fn refusal(what: &What) -> Option<&SendError> {
    match what {
        What::Answered(Err(error)) | What::Reported { outcome: StatusOutcome::Refused(error), .. } => Some(error),
        _ => None,
    }
}

/// What a refusal tells of the person's wish.
fn opt_out(error: &SendError, fact: &Fact, channel: ChannelId) -> Option<OptChange> {
    Some(OptChange {
        scope: error.opted_out_of()?,
        stops: true,
        source: SuppressionSource::Provider,
        detail: error.failure.provider_code.clone(),
        channel: Some(channel),
        at: fact.at,
    })
}

fn changed<'a, K: Eq + std::hash::Hash, V: PartialEq>(
    after: &'a HashMap<K, V>,
    before: &'a HashMap<K, V>,
) -> impl Iterator<Item = &'a V> {
    after.iter().filter(|(key, value)| before.get(*key) != Some(*value)).map(|(_, value)| value)
}

/// The workspaces whose feeds grow by these events.
pub fn workspaces(events: &[(WorkspaceId, NewEvent)]) -> BTreeSet<WorkspaceId> {
    events.iter().map(|(workspace, _)| *workspace).collect()
}
