//! The virtual phone: what customers write and see, and their windows.

use std::sync::Arc;

use actix_web::{HttpResponse, web};

use super::types::{Conversation, ConversationQuery, Inbound, InboundResult, ThreadMessage, WindowChange};
use super::{Refusal, resolve};
use crate::accounts::Account;
use crate::ids;
use crate::ledger::{Direction, Event, Fate, Provider, Record, Status};
use crate::messages::{Message, Talk, Wanted};
use crate::people::{DEFAULT_CUSTOMER, is_bsuid, parse_phone};
use crate::state::World;

/// Longest text of a customer in characters.
const TEXT_LIMIT: usize = 4_096;
/// Conversations in one answer.
const CONVERSATION_LIMIT: usize = 200;
/// Messages of a conversation that are shown.
const THREAD_LIMIT: usize = 100;

pub(super) async fn inbound(world: web::Data<World>, wanted: web::Json<Inbound>) -> Result<HttpResponse, Refusal> {
    let wanted = wanted.into_inner();
    let account = resolve(&world, &wanted.sender)?;
    let from = person(wanted.from.as_deref().unwrap_or(DEFAULT_CUSTOMER))?;
    let from = world.people.known_as(account.key(), from);
    if !(1..=TEXT_LIMIT).contains(&wanted.text.chars().count()) {
        return Err(Refusal::invalid("the text must have 1 to 4,096 characters"));
    }
    let id = match account.provider() {
        Provider::Direct => ids::wamid(&from),
        Provider::Twilio => ids::sid("SM"),
    };
    let record = Arc::new(Record {
        id: Arc::from(id),
        provider: account.provider(),
        account: Arc::clone(account.key()),
        person: Arc::from(from),
        direction: Direction::Inbound,
        kind: if wanted.tap { "button" } else { "text" }.into(),
        text: wanted.text.into(),
        content: None,
        correlation: None,
        callback: None,
        service: false,
        pricing: None,
        reply_to: wanted.reply_to.map(Box::from),
        fate: Fate::Read,
        noisy: false,
        name: wanted.name.map(Box::from),
        extras: None,
        send_at: None,
        at: ids::now_ms(),
    });
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
        found.extend(talks.iter().map(|talk| conversation(&world, account, talk)));
    }
    found.sort_by_key(|conversation: &Conversation| std::cmp::Reverse(conversation.position));
    found.truncate(limit);
    Ok(HttpResponse::Ok().json(found))
}

fn conversation(world: &World, account: &Account, talk: &Talk) -> Conversation {
    let person = &*talk.person;
    Conversation {
        provider: account.provider(),
        account: account.key().to_string(),
        sender: account.number().to_owned(),
        person: person.to_owned(),
        name: world.people.name(account.key(), person),
        window_open: world.people.is_open(account.key(), person, account.rules().windows, ids::now_ms()),
        messages: talk.messages.iter().map(bubble).collect(),
        has_earlier: talk.has_earlier,
        position: talk.position,
    }
}

pub(super) async fn counts(world: web::Data<World>, sender: web::Path<String>) -> Result<HttpResponse, Refusal> {
    let account = resolve(&world, &sender)?;
    Ok(HttpResponse::Ok().json(world.messages.counts(account.key())))
}

fn bubble(message: &Message) -> ThreadMessage {
    let record = &message.record;
    ThreadMessage {
        id: record.id.to_string(),
        direction: record.direction,
        kind: record.kind.to_string(),
        text: record.text.to_string(),
        status: message.status,
        reply_to: record.reply_to.as_deref().map(str::to_owned),
        at: record.at,
        sent_at: message.time(Status::Sent),
        delivered_at: message.time(Status::Delivered),
        read_at: message.time(Status::Read),
        failed_at: message.time(Status::Failed),
        error_code: message.code,
    }
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

/// A person as callers write one: a phone number in any form, or a business-scoped user id.
fn person(text: &str) -> Result<String, Refusal> {
    let text = text.strip_prefix("whatsapp:").unwrap_or(text);
    if is_bsuid(text) {
        return Ok(text.to_owned());
    }
    parse_phone(text).ok_or_else(|| Refusal::invalid("a person is a phone number or a business-scoped user id"))
}
