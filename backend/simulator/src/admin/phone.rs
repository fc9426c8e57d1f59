//! The virtual phone: what customers send and see, and their windows.

use std::sync::Arc;

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::compose::{self, person};
use super::inbound::{Inbound, InboundResult, StoredFile};
use super::thread::{self, Conversation, ConversationQuery};
use super::types::WindowChange;
use super::{Refusal, resolve};
use crate::ids;
use crate::ledger::Event;
use crate::media::Origin;
use crate::messages::{Message, Wanted};
use crate::state::World;

/// Conversations in one answer.
const CONVERSATION_LIMIT: usize = 200;
/// Messages of a conversation that are shown.
const THREAD_LIMIT: usize = 100;
/// Largest file of a customer in bytes: what WhatsApp takes at most (direct.md §2.6).
pub(super) const FILE_LIMIT: usize = 100 << 20;

pub(super) async fn inbound(world: web::Data<World>, wanted: web::Json<Inbound>) -> Result<HttpResponse, Refusal> {
    let wanted = wanted.into_inner();
    let account = resolve(&world, &wanted.sender)?;
    let record = Arc::new(compose::record(&world, &account, wanted)?);
    world.receive(&account, Arc::clone(&record))?;
    let message_id = record.id.to_string();
    let result = match world.announce_and_wait(&Message::new(record)).await {
        Ok(outcome) => InboundResult {
            message_id,
            delivered: outcome.taken(),
            url: Some(outcome.url),
            status: outcome.status,
            error: outcome.error,
        },
        Err(kept) => {
            InboundResult { message_id, delivered: false, url: None, status: None, error: Some(kept.to_owned()) }
        }
    };
    Ok(HttpResponse::Created().json(result))
}

#[derive(Debug, Deserialize)]
pub(super) struct FileQuery {
    /// The sender that it is for, as in [`Inbound`].
    sender: String,
    filename: Option<String>,
}

/// Keeps the body as a file that a virtual customer can send. `Content-Type` says what it is.
pub(super) async fn keep_file(
    world: web::Data<World>,
    request: HttpRequest,
    query: web::Query<FileQuery>,
    bytes: web::Bytes,
) -> Result<HttpResponse, Refusal> {
    let account = resolve(&world, &query.sender)?;
    let mime = request.headers().get(CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).map(str::to_owned);
    let mime = mime.ok_or_else(|| Refusal::invalid("Content-Type says what kind of file it is"))?;
    if bytes.is_empty() {
        return Err(Refusal::invalid("the file is empty"));
    }
    let medium = world.media.put(account.key(), Origin::Received, &mime, query.filename.as_deref(), bytes)?;
    let url = world.media_url(&medium, ids::now_ms() / 1_000 + thread::URL_SECONDS);
    let kept = StoredFile { media_id: medium.id.clone(), mime_type: medium.mime.clone(), size: medium.size, url };
    Ok(HttpResponse::Created().json(kept))
}

pub(super) async fn conversations(
    world: web::Data<World>,
    query: web::Query<ConversationQuery>,
) -> Result<HttpResponse, Refusal> {
    let accounts = match &query.sender {
        Some(sender) => vec![resolve(&world, sender)?],
        None => world.accounts.all(),
    };
    let wanted = query.person.as_deref().map(person).transpose()?;
    let limit = query.limit.unwrap_or(50).clamp(1, CONVERSATION_LIMIT);
    let mut found = Vec::new();
    for account in &accounts {
        let person = wanted.clone().map(|wanted| world.people.known_as(account.key(), wanted));
        let page = Wanted { person: person.as_deref(), before: query.before, limit, messages: THREAD_LIMIT };
        let talks = world.messages.conversations(account.key(), page);
        found.extend(talks.iter().map(|talk| thread::conversation(&world, account, talk)));
    }
    found.sort_by_key(|conversation: &Conversation| std::cmp::Reverse(conversation.position));
    found.truncate(limit);
    Ok(HttpResponse::Ok().json(found))
}

pub(super) async fn counts(world: web::Data<World>, sender: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let account = resolve(&world, &sender)?;
    Ok(HttpResponse::Ok().json(world.messages.counts(account.key())))
}

pub(super) async fn set_window(
    world: web::Data<World>,
    wanted: web::Json<WindowChange>,
) -> Result<HttpResponse, Refusal> {
    let account = resolve(&world, &wanted.sender)?;
    let person = person(&wanted.person)?;
    let key = Arc::clone(account.key());
    world.book(&Event::Window { account: Arc::clone(&key), person: person.as_str().into(), open: wanted.open })?;
    world.people.force(&key, &person, wanted.open);
    Ok(HttpResponse::NoContent().finish())
}
