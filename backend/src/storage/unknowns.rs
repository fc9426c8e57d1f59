//! Messages of which nobody knows whether the provider took them: those whose time for a look has come, what else may explain
//! what a look finds, and the tray in which a person sees them.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::BigInt;

use super::attempts::AttemptRecord;
use super::conn::Conn;
use super::error::{StorageError, StorageResult};
use super::messages::MessageRecord;
use super::schema::{attempts, channels, messages, template_registrations, templates};
use super::types::{DbTime, DbUuid, Json};
use crate::domain::class::MessageClass;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::ids::{AttemptId, ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::message::Direction;
use crate::domain::page::Page;
use crate::domain::provider::ProviderKind;
use crate::domain::state::{AttemptState, MessageState};
use crate::domain::time::Ts;

/// How long before its first byte an attempt can have been made, while what it needs was brought to the provider.
const PREPARING_AT_MOST: Duration = Duration::from_secs(15 * 60);

/// An unknown message that is looked for.
#[derive(Clone, Debug)]
pub struct UnknownMessage {
    pub id: MessageId,
    pub workspace: WorkspaceId,
    pub channel: ChannelId,
    pub contact: ContactId,
    pub recipient: Recipient,
    pub content: Content,
    pub class: Option<MessageClass>,
    pub expires_at: Option<Ts>,
    pub attempt: AttemptId,
    /// When its first byte may have left.
    pub left: Ts,
    /// How long the provider was told that it may wait there.
    pub validity: Option<Duration>,
    /// How often it was looked for.
    pub asked: u32,
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = DbUuid)]
    id: MessageId,
}

/// Whether any message of the installation is to be looked for: a look that costs no write.
pub fn is_any_due(conn: &mut Conn, now: Ts) -> StorageResult<bool> {
    let due = messages::table.filter(messages::state.eq(MessageState::Unknown).and(messages::run_at.le(now)));
    Ok(due.select(messages::id).first::<MessageId>(conn).optional()?.is_some())
}

/// Takes up to `limit` unknown messages whose time has come, of all workspaces. Until `until` nobody else takes them; if nothing
/// is noted by then, they are looked for again, which does no harm.
pub fn claim(conn: &mut Conn, now: Ts, until: Ts, limit: u32) -> StorageResult<Vec<UnknownMessage>> {
    let sql = conn.pick(include_str!("sql/sqlite/claim_unknowns.sql"), include_str!("sql/postgres/claim_unknowns.sql"));
    let rows: Vec<IdRow> = sql_query(sql)
        .bind::<DbTime, _>(until)
        .bind::<DbTime, _>(now)
        .bind::<BigInt, _>(i64::from(limit))
        .load(conn)?;
    let ids: Vec<MessageId> = rows.into_iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let readable = |(message, attempt): (MessageRecord, AttemptRecord)| {
        // One that a newer version wrote must not keep the others waiting.
        UnknownMessage::of(&message, &attempt)
            .inspect_err(|error| tracing::error!(message = %message.id, %error, "an unknown message can't be read"))
            .ok()
    };
    Ok(with_attempts(conn, &ids)?.into_iter().filter_map(readable).collect())
}

impl UnknownMessage {
    fn of(message: &MessageRecord, attempt: &AttemptRecord) -> StorageResult<Self> {
        let recipient = message.recipient.parse().map_err(|_| StorageError::Corrupt("a recipient".to_owned()))?;
        Ok(Self {
            id: message.id,
            workspace: message.workspace_id,
            channel: message.channel_id,
            contact: message.contact_id,
            recipient,
            content: message.outbound_content()?,
            class: message.class,
            expires_at: message.expires_at,
            attempt: attempt.id,
            left: attempt.left(),
            validity: attempt.validity(),
            asked: attempt.inquiry()?.map_or(0, |inquiry| inquiry.asked),
        })
    }
}

/// Messages with the attempt that each stands on.
fn with_attempts(conn: &mut Conn, ids: &[MessageId]) -> StorageResult<Vec<(MessageRecord, AttemptRecord)>> {
    let records: Vec<MessageRecord> =
        messages::table.filter(messages::id.eq_any(ids)).select(MessageRecord::as_select()).load(conn)?;
    let current: Vec<AttemptId> = records.iter().filter_map(|message| message.attempt_id).collect();
    let tries: Vec<AttemptRecord> =
        attempts::table.filter(attempts::id.eq_any(current)).select(AttemptRecord::as_select()).load(conn)?;
    let mut tries: HashMap<AttemptId, AttemptRecord> = tries.into_iter().map(|one| (one.id, one)).collect();
    Ok(records
        .into_iter()
        .filter_map(|message| {
            let attempt = tries.remove(&message.attempt_id?)?;
            Some((message, attempt))
        })
        .collect())
}

/// Those of a provider's ids that belong to another attempt or to an incoming message, on any channel that shares the account.
pub fn bound_elsewhere(
    conn: &mut Conn,
    channel: ChannelId,
    attempt: AttemptId,
    ids: &BTreeSet<String>,
) -> StorageResult<HashSet<String>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let group: String = channels::table.find(channel).select(channels::limit_group).first(conn)?;
    let sharing: Vec<ChannelId> =
        channels::table.filter(channels::limit_group.eq(group)).select(channels::id).load(conn)?;
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let ours: Vec<Option<String>> = attempts::table
        .filter(attempts::channel_id.eq_any(&sharing).and(attempts::provider_message_id.eq_any(&ids)))
        .filter(attempts::id.ne(attempt))
        .select(attempts::provider_message_id)
        .load(conn)?;
    let theirs: Vec<Option<String>> = messages::table
        .filter(messages::channel_id.eq_any(&sharing).and(messages::provider_message_id.eq_any(&ids)))
        .filter(messages::direction.eq(Direction::Inbound))
        .select(messages::provider_message_id)
        .load(conn)?;
    Ok(ours.into_iter().chain(theirs).flatten().collect())
}

/// Whether another attempt to the same person has no id of the provider's yet and may have left in this time: what is found
/// there may be its.
pub fn has_rival(conn: &mut Conn, message: &UnknownMessage, after: Ts, before: Ts) -> StorageResult<bool> {
    let rivals = attempts::table
        .inner_join(messages::table.on(messages::id.eq(attempts::message_id)))
        .filter(messages::contact_id.eq(message.contact).and(attempts::channel_id.eq(message.channel)))
        .filter(attempts::id.ne(message.attempt).and(attempts::provider_message_id.is_null()))
        .filter(attempts::state.ne(AttemptState::Refused))
        .filter(attempts::created_at.ge(after.minus(PREPARING_AT_MOST)).and(attempts::created_at.le(before)));
    Ok(rivals.select(attempts::id).first::<AttemptId>(conn).optional()?.is_some())
}

/// The definitions under which a template of this name and language stands at a provider.
pub fn template_definitions(
    conn: &mut Conn,
    workspace: WorkspaceId,
    provider: ProviderKind,
    (name, language): (&str, &str),
) -> StorageResult<Vec<Json>> {
    Ok(template_registrations::table
        .inner_join(templates::table.on(templates::id.eq(template_registrations::template_id)))
        .filter(
            templates::workspace_id.eq(workspace).and(templates::name.eq(name)).and(templates::language.eq(language)),
        )
        .filter(template_registrations::provider.eq(provider))
        .select(template_registrations::definition)
        .load(conn)?)
}

/// What the tray is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct UnknownFilter {
    pub channel: Option<ChannelId>,
    pub class: Option<MessageClass>,
    pub contacts: Option<Vec<ContactId>>,
    /// Those that are looked for no more, or those that still are.
    pub given_up: Option<bool>,
    /// Made before this time.
    pub before: Option<Ts>,
}

macro_rules! narrowed {
    ($query:expr, $workspace:expr, $filter:expr) => {{
        let filter: &UnknownFilter = $filter;
        let mut query =
            $query.filter(messages::workspace_id.eq($workspace).and(messages::state.eq(MessageState::Unknown)));
        if let Some(channel) = filter.channel {
            query = query.filter(messages::channel_id.eq(channel));
        }
        if let Some(class) = filter.class {
            query = query.filter(messages::class.eq(class));
        }
        if let Some(contacts) = &filter.contacts {
            query = query.filter(messages::contact_id.eq_any(contacts.clone()));
        }
        if let Some(before) = filter.before {
            query = query.filter(messages::created_at.lt(before));
        }
        match filter.given_up {
            Some(true) => query = query.filter(messages::run_at.eq(Ts::NEVER)),
            Some(false) => query = query.filter(messages::run_at.lt(Ts::NEVER)),
            None => {}
        }
        query
    }};
}

/// A page of a workspace's unknown messages, newest first, one more than the page holds when there is a next one.
pub fn list(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: &UnknownFilter,
    page: Page,
) -> StorageResult<Vec<(MessageRecord, AttemptRecord)>> {
    let mut query = narrowed!(messages::table.select(messages::id).into_boxed(), workspace, filter)
        .order(messages::id.desc())
        .limit(i64::from(page.limit) + 1);
    if let Some(before) = page.before {
        query = query.filter(messages::id.lt(MessageId(before)));
    }
    let ids: Vec<MessageId> = query.load(conn)?;
    let mut found = with_attempts(conn, &ids)?;
    found.sort_by_key(|(message, _)| std::cmp::Reverse(message.id));
    Ok(found)
}

/// How many there are.
pub fn count(conn: &mut Conn, workspace: WorkspaceId, filter: &UnknownFilter) -> StorageResult<i64> {
    Ok(narrowed!(messages::table.into_boxed(), workspace, filter).count().get_result(conn)?)
}

/// The attempts on which a workspace's unknown messages stand, oldest first, at most `limit` of those after `after`.
pub fn attempts_of(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: &UnknownFilter,
    after: Option<MessageId>,
    limit: u16,
) -> StorageResult<Vec<(MessageId, AttemptId)>> {
    let mut query =
        narrowed!(messages::table.select((messages::id, messages::attempt_id)).into_boxed(), workspace, filter)
            .order(messages::id.asc())
            .limit(i64::from(limit));
    if let Some(after) = after {
        query = query.filter(messages::id.gt(after));
    }
    let rows: Vec<(MessageId, Option<AttemptId>)> = query.load(conn)?;
    Ok(rows.into_iter().filter_map(|(message, attempt)| Some((message, attempt?))).collect())
}

/// Where each of these messages of a workspace stands, and on which attempt.
pub fn standing(
    conn: &mut Conn,
    workspace: WorkspaceId,
    ids: &[MessageId],
) -> StorageResult<HashMap<MessageId, (MessageState, Option<AttemptId>)>> {
    let rows: Vec<(MessageId, MessageState, Option<AttemptId>)> = messages::table
        .filter(messages::workspace_id.eq(workspace).and(messages::id.eq_any(ids)))
        .select((messages::id, messages::state, messages::attempt_id))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, state, attempt)| (id, (state, attempt))).collect())
}
