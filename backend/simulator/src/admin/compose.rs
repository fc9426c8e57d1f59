//! Makes a customer's message out of what was asked for, and checks that a phone could send it.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use serde_json::Value;

use super::Refusal;
use super::inbound::{Inbound, InboundContent, InboundFile};
use super::press::{self, Conversation};
use crate::accounts::Account;
use crate::content::{Content, Media, Place};
use crate::ids;
use crate::ledger::{Direction, Extras, Fate, Provider, Record};
use crate::media::Origin;
use crate::people::{DEFAULT_CUSTOMER, bsuid, is_bsuid, parse_phone};
use crate::state::World;
use crate::{direct, samples, twilio};

/// Longest text of a customer in characters.
const TEXT_LIMIT: usize = 4_096;
/// Longest caption in characters.
const CAPTION_LIMIT: usize = 1_024;

type Composed<T> = Result<T, Refusal>;

/// The message as it is booked.
pub(super) fn record(world: &World, account: &Account, wanted: Inbound) -> Composed<Record> {
    let from = sender(world, account, &wanted)?;
    let conversation = Conversation { world, account, person: &from };
    let content = content(&conversation, &wanted)?;
    let kind = match account.provider() {
        Provider::Direct => direct::inbound::kind(&content),
        Provider::Twilio => twilio::inbound::kind(&content).ok_or_else(|| not_forwarded(&content))?,
    };
    let id = match account.provider() {
        Provider::Direct => ids::wamid(&from),
        // Messages with media or rich content get the other prefix (twilio.md §1.5).
        Provider::Twilio => ids::sid(if content.media().is_some() { "MM" } else { "SM" }),
    };
    let extras = Extras { forwarded: wanted.forwarded, referral: wanted.referral, username: wanted.username };
    let text = content.stand_in();
    let plain = matches!(content, Content::Text { .. });
    Ok(Record {
        id: Arc::from(id),
        provider: account.provider(),
        account: Arc::clone(account.key()),
        person: Arc::from(from),
        direction: Direction::Inbound,
        kind: kind.into(),
        text: text.into(),
        content: (!plain).then(|| Box::new(content)),
        correlation: None,
        callback: None,
        service_sid: None,
        pricing: None,
        reply_to: wanted.reply_to.map(Box::from),
        fate: Fate::Read,
        noisy: false,
        name: wanted.name.map(Box::from),
        extras: (extras != Extras::default()).then(|| Box::new(extras)),
        send_at: None,
        at: ids::now_ms(),
    })
}

/// A person as callers write one: a phone number in any form, or a business-scoped user id.
pub(super) fn person(text: &str) -> Composed<String> {
    let text = text.strip_prefix("whatsapp:").unwrap_or(text);
    if is_bsuid(text) {
        return Ok(text.to_owned());
    }
    parse_phone(text).ok_or_else(|| Refusal::invalid("a person is a phone number or a business-scoped user id"))
}

fn sender(world: &World, account: &Account, wanted: &Inbound) -> Composed<String> {
    let from = person(wanted.from.as_deref().unwrap_or(DEFAULT_CUSTOMER))?;
    if wanted.hide_number {
        return Ok(bsuid(account.portfolio(), &from));
    }
    Ok(world.people.known_as(account.key(), from))
}

fn not_forwarded(content: &Content) -> Refusal {
    let what = match content {
        Content::Reaction { .. } => "reactions",
        Content::Order { .. } => "orders",
        Content::Edit { .. } => "edits",
        Content::Revoke { .. } => "revocations",
        Content::NumberChange { .. } => "changes of a number",
        Content::IdentityChange { .. } => "changes of an identity",
        _ => "this kind of message",
    };
    let message = format!("Twilio does not forward {what}");
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, message)
}

fn content(conversation: &Conversation<'_>, wanted: &Inbound) -> Composed<Content> {
    let Some(asked) = &wanted.content else {
        let text = bounded("the text", &wanted.text, TEXT_LIMIT)?;
        let quoted = wanted.reply_to.as_deref();
        return Ok(if wanted.tap { press::labelled(conversation, quoted, text) } else { Content::text(text) });
    };
    let quoted = wanted.reply_to.as_deref();
    Ok(match asked {
        InboundContent::Text { text } => Content::text(bounded("the text", text, TEXT_LIMIT)?),
        InboundContent::Image(file) => media(conversation, file, Content::Image)?,
        InboundContent::Video(file) => media(conversation, file, Content::Video)?,
        InboundContent::Audio(file) => media(conversation, file, Content::Audio)?,
        InboundContent::Document(file) => media(conversation, file, Content::Document)?,
        InboundContent::Sticker(file) => media(conversation, file, Content::Sticker)?,
        InboundContent::Location { latitude, longitude, name, address, url } => {
            if latitude.abs() > 90.0 || longitude.abs() > 180.0 {
                return Err(Refusal::invalid("the latitude is -90 to 90 degrees, the longitude -180 to 180"));
            }
            Content::Location(Place {
                latitude: *latitude,
                longitude: *longitude,
                name: name.clone(),
                address: address.clone(),
                url: url.clone(),
            })
        }
        InboundContent::Contacts { contacts } => cards(contacts)?,
        InboundContent::Reaction { message_id, emoji } => {
            press::target(conversation, message_id)?;
            let emoji = emoji.clone().filter(|emoji| !emoji.is_empty());
            Content::Reaction { message_id: message_id.clone(), emoji }
        }
        InboundContent::Button { text, payload } => press::button(conversation, quoted, text, payload.as_deref())?,
        InboundContent::ButtonReply { id } => press::button_reply(conversation, quoted, id)?,
        InboundContent::ListReply { id } => press::list_reply(conversation, quoted, id)?,
        InboundContent::FlowReply { response_json, body } => {
            press::flow_reply(conversation, quoted, response_json, body.as_deref())?
        }
        InboundContent::Order { catalog_id, text, product_items } => {
            if product_items.is_empty() {
                return Err(Refusal::invalid("an order has at least one of product_items"));
            }
            Content::Order { catalog_id: catalog_id.clone(), text: text.clone(), product_items: product_items.clone() }
        }
        InboundContent::NumberChange { new_number } => {
            let new_number = parse_phone(new_number).ok_or_else(|| Refusal::invalid("new_number is not a number"))?;
            let (old, new) = (conversation.person.trim_start_matches('+'), new_number.trim_start_matches('+'));
            let body = format!("User {} changed from {old} to {new}", conversation.name(wanted));
            Content::NumberChange { new_number, body }
        }
        InboundContent::IdentityChange {} => Content::IdentityChange {
            body: format!("User {} changed identity", conversation.name(wanted)),
            hash: ids::hex_string::<16>(),
        },
        InboundContent::RequestWelcome {} => Content::RequestWelcome {},
        InboundContent::Unsupported { r#type } => {
            Content::Unsupported { r#type: bounded("the type", r#type, 64)?.to_owned() }
        }
        InboundContent::Unknown { r#type, value } => {
            Content::Unknown { r#type: bounded("the type", r#type, 64)?.to_owned(), value: value.clone() }
        }
        InboundContent::Edit { message_id, text } => {
            press::own(conversation, message_id)?;
            Content::Edit { message_id: message_id.clone(), text: bounded("the text", text, TEXT_LIMIT)?.to_owned() }
        }
        InboundContent::Revoke { message_id } => {
            press::own(conversation, message_id)?;
            Content::Revoke { message_id: message_id.clone() }
        }
    })
}

fn bounded<'a>(name: &str, text: &'a str, limit: usize) -> Composed<&'a str> {
    if (1..=limit).contains(&text.chars().count()) {
        return Ok(text);
    }
    Err(Refusal::invalid(format!("{name} must have 1 to {limit} characters")))
}

/// A file of the store, or a sample of the kind.
fn media(conversation: &Conversation<'_>, file: &InboundFile, make: fn(Media) -> Content) -> Composed<Content> {
    let (world, account) = (conversation.world, conversation.account);
    let sample = samples::of(&make(Media::default()));
    let medium = match (&file.media_id, sample) {
        (Some(id), _) => {
            let found = world.media.get(id).filter(|(owner, _)| owner == account.key());
            found
                .map(|(_, medium)| medium)
                .ok_or_else(|| Refusal::invalid("the sender's account has no such media_id"))?
        }
        (None, Some(sample)) => {
            let name = file.filename.as_deref().unwrap_or(sample.filename);
            let bytes = Bytes::from_static(sample.bytes);
            world.media.put(account.key(), Origin::Received, sample.mime, Some(name), bytes)?
        }
        (None, None) => return Err(Refusal::invalid("a file is needed")),
    };
    let mut shown = Media {
        id: Some(medium.id.clone()),
        mime_type: Some(medium.mime.clone()),
        filename: file.filename.clone().or_else(|| medium.filename.clone()),
        animated: file.animated,
        voice: file.voice,
        ..Media::default()
    };
    if let Some(caption) = &file.caption {
        shown.caption = Some(bounded("the caption", caption, CAPTION_LIMIT)?.to_owned());
    }
    let content = make(shown);
    if file.caption.is_some() && matches!(content, Content::Audio(_) | Content::Sticker(_)) {
        return Err(Refusal::invalid("audio and stickers have no caption"));
    }
    Ok(content)
}

fn cards(contacts: &[Value]) -> Composed<Content> {
    let named = |card: &Value| card.pointer("/name/formatted_name").and_then(Value::as_str).is_some();
    if contacts.is_empty() || !contacts.iter().all(named) {
        return Err(Refusal::invalid("contacts has at least one card, and each a name.formatted_name"));
    }
    Ok(Content::Contacts { contacts: contacts.to_vec() })
}
