//! Many enqueue requests in one transaction: idempotency keys, contacts, messages, feed.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde_json::json;

use super::conn::{Conn, each};
use super::contacts;
use super::contacts::resolve::{self, Sighting};
use super::error::StorageResult;
use super::events;
use super::idempotency::IdempotencyScope;
use super::messages::{self, NewMessage};
use super::schema::{channels, idempotency_keys};
use super::suppressions;
use super::types::Json;
use crate::domain::class::MessageClass;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::content::degradation::Degradation;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::inbound::MessageContext;
use crate::domain::message::Direction;
use crate::domain::state::MessageState;
use crate::domain::suppression::Suppression;
use crate::domain::terms::Terms;
use crate::domain::time::Ts;

/// HTTP status that a replayed enqueue answers with: accepted for sending.
pub const ENQUEUED_STATUS: i32 = 202;

/// A message to be queued.
#[derive(Clone, Debug)]
pub struct Enqueue {
    pub id: MessageId,
    pub workspace: WorkspaceId,
    pub channel: ChannelId,
    pub limit_group: String,
    pub to: Recipient,
    pub content: Content,
    /// The message that this one answers, or that a reaction is put on.
    pub reply_to: Option<RepliedTo>,
    pub context: MessageContext,
    /// What was lost on the way from what was asked for.
    pub degradation: Option<Degradation>,
    pub client_reference: Option<String>,
    pub class: MessageClass,
    pub terms: Terms,
    pub expires_at: Option<Ts>,
    pub at: Ts,
    /// With the body of the answer, which a repetition gets again.
    pub key: Option<(IdempotencyScope, String)>,
}

/// A message of the same conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RepliedTo {
    pub id: MessageId,
    /// Under which the provider knows it.
    pub provider_message_id: String,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enqueued {
    Fresh,
    /// The same request came before: its answer, and nothing was queued.
    Replayed {
        status: i32,
        response: String,
    },
    /// The key came before with another body.
    KeyReused,
    /// The first request with this key has no answer yet.
    KeyRunning,
    /// The channel was deleted meanwhile.
    ChannelGone,
    /// The person has given up the name that it was to go to. With the name that they have now, where one is known.
    NameRetired(Option<String>),
    /// The person wants no messages of this class.
    Suppressed(Suppression),
}

#[derive(Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
struct NewKey {
    principal: String,
    route: String,
    key: String,
    body_hash: Vec<u8>,
    status: i32,
    response: String,
    created_at: Ts,
}

type KeyName = (String, String, String);

/// Queues a batch; the outcomes are in the order of the requests.
pub fn enqueue(conn: &mut Conn, requests: &[Enqueue]) -> StorageResult<Vec<Enqueued>> {
    let obstacles = obstacles(conn, requests)?;
    let outcomes = win_keys(conn, requests, &obstacles)?;
    let fresh: Vec<&Enqueue> = requests
        .iter()
        .zip(&outcomes)
        .filter(|(_, outcome)| **outcome == Enqueued::Fresh)
        .map(|(request, _)| request)
        .collect();
    if fresh.is_empty() {
        return Ok(outcomes);
    }
    let people: Vec<Sighting> =
        fresh.iter().map(|request| Sighting::addressed(request.workspace, request.to.identity())).collect();
    let now = fresh.iter().map(|request| request.at).max().unwrap_or(Ts::from_micros(0));
    let resolved = resolve::resolve(conn, &people, now)?;
    let rows = fresh
        .iter()
        .zip(&resolved.contacts)
        .map(|(request, contact)| new_message(request, *contact))
        .collect::<StorageResult<Vec<_>>>()?;
    messages::insert(conn, &rows)?;
    let merged = resolved.merged.iter().map(|merged| merged.event(now));
    let queued = fresh.iter().map(|request| (request.workspace, queued_event(request)));
    events::append(conn, merged.chain(queued).collect())?;
    Ok(outcomes)
}

/// What keeps each request from being queued, in their order.
fn obstacles(conn: &mut Conn, requests: &[Enqueue]) -> StorageResult<Vec<Option<Enqueued>>> {
    let there = keep_channels(conn, requests)?;
    let names = requests.iter().map(|request| (request.workspace, request.to.identity())).collect();
    let retired = contacts::retired(conn, &names)?;
    let suppressed = suppressions::of_names(conn, &names)?;
    let obstacle = |request: &Enqueue| {
        if !there.contains(&request.channel) {
            return Some(Enqueued::ChannelGone);
        }
        let to = request.to.identity();
        if let Some(said) = suppressed.of(request.workspace, &to, request.class) {
            return Some(Enqueued::Suppressed(said.clone()));
        }
        retired.get(&(request.workspace, to)).cloned().map(Enqueued::NameRetired)
    };
    Ok(requests.iter().map(obstacle).collect())
}

/// The channels that are there, and stay until the commit: deleting one waits, and then sees what was queued.
fn keep_channels(conn: &mut Conn, requests: &[Enqueue]) -> StorageResult<HashSet<ChannelId>> {
    let mut wanted: Vec<ChannelId> = requests.iter().map(|request| request.channel).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let rows =
        channels::table.filter(channels::id.eq_any(wanted).and(channels::deleted_at.is_null())).order(channels::id);
    let there: Vec<ChannelId> = match conn {
        Conn::Postgres(pg) => rows.select(channels::id).for_key_share().load(pg)?,
        Conn::Sqlite(sqlite) => rows.select(channels::id).load(sqlite)?,
    };
    Ok(there.into_iter().collect())
}

fn new_message(request: &Enqueue, contact_id: ContactId) -> StorageResult<NewMessage> {
    Ok(NewMessage {
        id: request.id,
        workspace_id: request.workspace,
        channel_id: request.channel,
        contact_id,
        direction: Direction::Outbound,
        kind: request.content.kind().as_str().to_owned(),
        recipient: request.to.as_str().to_owned(),
        content: Json::of(&request.content)?,
        state: MessageState::Queued,
        run_at: request.terms.send_at.unwrap_or(request.at),
        attempt: 0,
        tries: 0,
        provider_message_id: None,
        reply_to: request.reply_to.as_ref().map(|message| message.provider_message_id.clone()),
        reply_to_id: request.reply_to.as_ref().map(|message| message.id),
        context: (!request.context.is_empty()).then(|| Json::of(&request.context)).transpose()?,
        client_reference: request.client_reference.clone(),
        expires_at: request.expires_at,
        created_at: request.at,
        updated_at: request.at,
        class: Some(request.class),
        terms: (!request.terms.is_empty()).then(|| Json::of(&request.terms)).transpose()?,
    })
}

fn queued_event(request: &Enqueue) -> NewEvent {
    let mut data = json!({ "kind": request.content.kind(), "to": request.to });
    if let (Some(degradation), Some(data)) = (&request.degradation, data.as_object_mut()) {
        data.insert("degraded".to_owned(), json!(degradation));
    }
    NewEvent {
        message: Some(request.id),
        channel: Some(request.channel),
        data,
        ..NewEvent::new(EventKind::MessageQueued, request.at)
    }
}

/// Decides which requests are the first with their key: one INSERT for all keys, sorted and without doubles; the losers read
/// what the winners left.
fn win_keys(conn: &mut Conn, requests: &[Enqueue], obstacles: &[Option<Enqueued>]) -> StorageResult<Vec<Enqueued>> {
    let mut first: HashMap<KeyName, usize> = HashMap::new();
    let mut new: Vec<NewKey> = Vec::new();
    for (index, (request, obstacle)) in requests.iter().zip(obstacles).enumerate() {
        let Some((scope, response)) = request.key.as_ref().filter(|_| obstacle.is_none()) else { continue };
        first.entry(key_name(scope)).or_insert_with(|| {
            new.push(NewKey {
                principal: scope.principal.clone(),
                route: scope.route.clone(),
                key: scope.key.clone(),
                body_hash: scope.body_hash.to_vec(),
                status: ENQUEUED_STATUS,
                response: response.clone(),
                created_at: request.at,
            });
            index
        });
    }
    if new.is_empty() {
        return Ok(obstacles.iter().map(fresh_unless).collect());
    }
    new.sort_by(|a, b| (&a.principal, &a.route, &a.key).cmp(&(&b.principal, &b.route, &b.key)));
    let won: Vec<KeyName> = each!(conn, c => diesel::insert_into(idempotency_keys::table)
        .values(&new)
        .on_conflict_do_nothing()
        .returning((idempotency_keys::principal, idempotency_keys::route, idempotency_keys::key))
        .load(c))?;
    let won: HashSet<KeyName> = won.into_iter().collect();
    requests
        .iter()
        .zip(obstacles)
        .enumerate()
        .map(|(index, (request, obstacle))| match request.key.as_ref().filter(|_| obstacle.is_none()) {
            None => Ok(fresh_unless(obstacle)),
            Some((scope, _)) => {
                let name = key_name(scope);
                if won.contains(&name) && first.get(&name) == Some(&index) {
                    return Ok(Enqueued::Fresh);
                }
                replay(conn, scope)
            }
        })
        .collect()
}

fn fresh_unless(obstacle: &Option<Enqueued>) -> Enqueued {
    obstacle.clone().unwrap_or(Enqueued::Fresh)
}

fn key_name(scope: &IdempotencyScope) -> KeyName {
    (scope.principal.clone(), scope.route.clone(), scope.key.clone())
}

fn replay(conn: &mut Conn, scope: &IdempotencyScope) -> StorageResult<Enqueued> {
    let (body_hash, status, response): (Vec<u8>, Option<i32>, Option<String>) = idempotency_keys::table
        .find((&scope.principal, &scope.route, &scope.key))
        .select((idempotency_keys::body_hash, idempotency_keys::status, idempotency_keys::response))
        .first(conn)?;
    if body_hash != scope.body_hash.as_slice() {
        return Ok(Enqueued::KeyReused);
    }
    Ok(match (status, response) {
        (Some(status), Some(response)) => Enqueued::Replayed { status, response },
        _ => Enqueued::KeyRunning,
    })
}
