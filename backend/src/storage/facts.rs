//! What is known of each channel's sender beside its settings: what the provider told, and what has come back from it.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::channel_facts;
use crate::domain::ids::{ChannelId, MessageId, WorkspaceId};
use crate::domain::standing::{Quality, SenderFacts, TokenLife, WebhookRefusal};
use crate::domain::time::Ts;

/// A busy channel is told of and proves itself with every webhook; it is noted this often at most.
const NOTING_PAUSE: Duration = Duration::from_secs(60);

/// A row of `channel_facts`.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = channel_facts, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct ChannelFacts {
    pub channel_id: ChannelId,
    pub workspace_id: WorkspaceId,
    pub display_number: Option<String>,
    pub verified_name: Option<String>,
    pub name_status: Option<String>,
    pub quality: Option<Quality>,
    pub messaging_limit: Option<String>,
    pub throughput: Option<String>,
    pub sender_status: Option<String>,
    pub account_status: Option<String>,
    /// Until then the business may not begin conversations: templates wait.
    pub business_restricted_until: Option<Ts>,
    /// Until then not even replies go out.
    pub replies_restricted_until: Option<Ts>,
    pub token_expires_at: Option<Ts>,
    /// When the provider was last asked.
    pub observed_at: Option<Ts>,
    /// When something that a person wrote to this sender first reached the gateway.
    pub heard_since: Option<Ts>,
    /// When evidence last came the whole way back: a receipt of a message of ours, or a message from a person.
    pub round_trip_at: Option<Ts>,
    /// The last test message, and when it was queued.
    pub round_trip_message_id: Option<MessageId>,
    pub round_trip_started_at: Option<Ts>,
    /// When Meta's handshake last came and knew the verify token, and when it did not.
    pub handshake_at: Option<Ts>,
    pub handshake_refused_at: Option<Ts>,
    /// Webhooks that were not taken, since the channel was made.
    pub webhooks_refused: i64,
    pub webhook_refused_at: Option<Ts>,
    pub webhook_refusal: Option<WebhookRefusal>,
    /// The address that was signed, when it was another one than ours.
    pub webhook_refused_url: Option<String>,
    /// When a webhook last told of this sender's messages, known here or not. Written once a minute at most.
    pub last_told_of_at: Option<Ts>,
    pub updated_at: Ts,
}

impl ChannelFacts {
    /// Of a channel of which nothing is known.
    pub fn unknown(workspace: WorkspaceId, channel: ChannelId, now: Ts) -> Self {
        Self {
            channel_id: channel,
            workspace_id: workspace,
            display_number: None,
            verified_name: None,
            name_status: None,
            quality: None,
            messaging_limit: None,
            throughput: None,
            sender_status: None,
            account_status: None,
            business_restricted_until: None,
            replies_restricted_until: None,
            token_expires_at: None,
            observed_at: None,
            heard_since: None,
            round_trip_at: None,
            round_trip_message_id: None,
            round_trip_started_at: None,
            handshake_at: None,
            handshake_refused_at: None,
            webhooks_refused: 0,
            webhook_refused_at: None,
            webhook_refusal: None,
            webhook_refused_url: None,
            last_told_of_at: None,
            updated_at: now,
        }
    }

    /// The channel has another number: what is left is of the account, the app and its token.
    pub fn forget_sender(&mut self) {
        *self = Self {
            account_status: self.account_status.take(),
            business_restricted_until: self.business_restricted_until,
            replies_restricted_until: self.replies_restricted_until,
            token_expires_at: self.token_expires_at,
            handshake_at: self.handshake_at,
            handshake_refused_at: self.handshake_refused_at,
            webhooks_refused: self.webhooks_refused,
            webhook_refused_at: self.webhook_refused_at,
            webhook_refusal: self.webhook_refusal,
            webhook_refused_url: self.webhook_refused_url.take(),
            ..Self::unknown(self.workspace_id, self.channel_id, self.updated_at)
        };
    }

    /// The number is in another account.
    pub fn forget_account(&mut self) {
        self.account_status = None;
        self.business_restricted_until = None;
        self.replies_restricted_until = None;
        self.observed_at = None;
    }

    /// Takes over what the provider said; what it did not say stays.
    pub fn take(&mut self, said: SenderFacts, now: Ts) {
        let put = |place: &mut Option<String>, value: Option<String>| {
            if value.is_some() {
                *place = value;
            }
        };
        put(&mut self.display_number, said.display_number);
        put(&mut self.verified_name, said.verified_name);
        put(&mut self.name_status, said.name_status);
        put(&mut self.messaging_limit, said.messaging_limit);
        put(&mut self.throughput, said.throughput);
        put(&mut self.sender_status, said.sender_status);
        put(&mut self.account_status, said.account_status);
        self.quality = said.quality.or(self.quality);
        match said.token {
            Some(TokenLife::Forever) => self.token_expires_at = None,
            Some(TokenLife::Until(at)) => self.token_expires_at = Some(at),
            None => {}
        }
        self.observed_at = Some(now);
    }
}

/// What is known of one channel; an empty record when nothing is.
///
/// # Errors
/// The database's.
pub fn get(conn: &mut Conn, workspace: WorkspaceId, channel: ChannelId, now: Ts) -> StorageResult<ChannelFacts> {
    let found = channel_facts::table
        .filter(channel_facts::channel_id.eq(channel).and(channel_facts::workspace_id.eq(workspace)))
        .select(ChannelFacts::as_select())
        .first(conn)
        .optional()?;
    Ok(found.unwrap_or_else(|| ChannelFacts::unknown(workspace, channel, now)))
}

/// What is known of several channels of a workspace.
///
/// # Errors
/// The database's.
pub fn of(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channels: &[ChannelId],
) -> StorageResult<HashMap<ChannelId, ChannelFacts>> {
    let rows: Vec<ChannelFacts> = channel_facts::table
        .filter(channel_facts::channel_id.eq_any(channels.to_vec()).and(channel_facts::workspace_id.eq(workspace)))
        .select(ChannelFacts::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|facts| (facts.channel_id, facts)).collect())
}

/// Until the end of the transaction nobody else changes what is known of these channels. Whoever changes several locks all of
/// them first: in one order, so that two workers never wait for each other crosswise.
///
/// # Errors
/// The database's.
pub fn lock(conn: &mut Conn, channels: &BTreeSet<(ChannelId, WorkspaceId)>, now: Ts) -> StorageResult<()> {
    if channels.is_empty() {
        return Ok(());
    }
    let empty: Vec<ChannelFacts> =
        channels.iter().map(|(channel, workspace)| ChannelFacts::unknown(*workspace, *channel, now)).collect();
    each!(conn, c => diesel::insert_into(channel_facts::table).values(&empty).on_conflict_do_nothing().execute(c))?;
    if let Conn::Postgres(c) = conn {
        // SQLite's one writer needs no lock.
        channel_facts::table
            .filter(channel_facts::channel_id.eq_any(channels.iter().map(|(channel, _)| *channel).collect::<Vec<_>>()))
            .order(channel_facts::channel_id)
            .select(channel_facts::channel_id)
            .for_no_key_update()
            .load::<ChannelId>(c)?;
    }
    Ok(())
}

/// Changes what is known of one channel; until the end of the transaction nobody else does. Returns what is known then.
///
/// # Errors
/// The database's.
pub fn change(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    now: Ts,
    change: impl FnOnce(&mut ChannelFacts),
) -> StorageResult<ChannelFacts> {
    lock(conn, &BTreeSet::from([(channel, workspace)]), now)?;
    let before = get(conn, workspace, channel, now)?;
    let mut after = before.clone();
    change(&mut after);
    if after != before {
        after.updated_at = now;
        diesel::update(
            channel_facts::table
                .filter(channel_facts::channel_id.eq(channel).and(channel_facts::workspace_id.eq(workspace))),
        )
        .set(after.clone())
        .execute(conn)?;
    }
    Ok(after)
}

/// Since when the gateway hears of what people write to these senders; those of which it never has are not there.
///
/// # Errors
/// The database's.
pub fn heard_since(conn: &mut Conn, channels: &[ChannelId]) -> StorageResult<HashMap<ChannelId, Ts>> {
    let rows: Vec<(ChannelId, Option<Ts>)> = channel_facts::table
        .filter(channel_facts::channel_id.eq_any(channels.to_vec()).and(channel_facts::heard_since.is_not_null()))
        .select((channel_facts::channel_id, channel_facts::heard_since))
        .load(conn)?;
    Ok(rows.into_iter().filter_map(|(channel, since)| Some((channel, since?))).collect())
}

/// What came back for a channel, and when last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub workspace: WorkspaceId,
    pub channel: ChannelId,
    /// A webhook was about the sender's messages, known here or not.
    pub told: Ts,
    /// It went the whole way: a receipt of a message of ours, or a person's message.
    pub proven: Option<Ts>,
    /// A person wrote.
    pub heard: Option<Ts>,
}

/// Of what came back, that which is worth a write.
///
/// # Errors
/// The database's.
pub fn worth_noting(conn: &mut Conn, evidence: Vec<Evidence>) -> StorageResult<Vec<Evidence>> {
    type Known = (Option<Ts>, Option<Ts>, Option<Ts>);
    if evidence.is_empty() {
        return Ok(evidence);
    }
    let ids: Vec<ChannelId> = evidence.iter().map(|one| one.channel).collect();
    let known: HashMap<ChannelId, Known> = channel_facts::table
        .filter(channel_facts::channel_id.eq_any(ids))
        .select((
            channel_facts::channel_id,
            (channel_facts::last_told_of_at, channel_facts::round_trip_at, channel_facts::heard_since),
        ))
        .load::<(ChannelId, Known)>(conn)?
        .into_iter()
        .collect();
    let is_late = |last: Option<Ts>, at: Ts| last.is_none_or(|last| at >= last.plus(NOTING_PAUSE));
    let is_worth_it = |one: &Evidence| {
        let (told, proven, heard) = known.get(&one.channel).copied().unwrap_or_default();
        is_late(told, one.told)
            || one.proven.is_some_and(|at| is_late(proven, at))
            || (one.heard.is_some() && heard.is_none())
    };
    Ok(evidence.into_iter().filter(is_worth_it).collect())
}

/// Notes what came back. Returns the channels that had not proven themselves for `stale` before, and when they did.
///
/// # Errors
/// The database's.
pub fn note(
    conn: &mut Conn,
    evidence: &[Evidence],
    stale: Duration,
    now: Ts,
) -> StorageResult<Vec<(WorkspaceId, ChannelId, Ts)>> {
    let mut fresh = Vec::new();
    for Evidence { workspace, channel, told, proven, heard } in evidence.iter().copied() {
        change(conn, workspace, channel, now, |facts| {
            facts.last_told_of_at = facts.last_told_of_at.max(Some(told));
            facts.heard_since = facts.heard_since.or(heard);
            let Some(at) = proven else { return };
            if facts.round_trip_at.is_none_or(|last| at.since(last) >= stale) {
                fresh.push((workspace, channel, at));
            }
            facts.round_trip_at = facts.round_trip_at.max(Some(at));
        })?;
    }
    Ok(fresh)
}
