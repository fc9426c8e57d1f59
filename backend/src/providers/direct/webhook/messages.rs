//! What people send (direct.md §3.6): the frame around the content.

use serde_json::Value;

use crate::domain::contact::Person;
use crate::domain::inbound::{InboundContent, MessageContext, Referral, ReferredProduct};
use crate::domain::provider::SenderAddress;
use crate::providers::webhook::{Amendment, AmendmentEvent, InboundEvent, ProviderEvent};

use super::content;
use super::members::{is_true, object, owned, text, timestamp};
use super::people;

pub(super) fn read(sender: &SenderAddress, contacts: &[Value], message: &Value) -> Option<ProviderEvent> {
    // What is said in a group is no conversation with the person who said it.
    if message.get("group_id").is_some_and(|id| !id.is_null()) {
        return None;
    }
    let kind = text(message, "type")?;
    let person = person(contacts, message)?;
    if matches!(kind, "edit" | "revoke") {
        return amendment(sender, person, kind, message).map(ProviderEvent::Amendment);
    }
    let (content, media) = content::read(kind, message);
    Some(ProviderEvent::Inbound(InboundEvent {
        sender: sender.clone(),
        provider_message_id: owned(message, "id")?,
        person,
        content,
        at: message.get("timestamp").and_then(timestamp),
        reply_to: object(message, "context").and_then(|context| owned(context, "id")),
        context: context(message),
        media,
    }))
}

/// A change of number or user id names the person under what they had before.
fn person(contacts: &[Value], message: &Value) -> Option<Person> {
    let system = object(message, "system");
    let former = system.and_then(|system| text(system, "previous_user_id"));
    let user = former.or_else(|| text(message, "from_user_id"));
    let mut person = people::person(contacts, text(message, "from"), user)?;
    people::add(&mut person, text(message, "from_parent_user_id"));
    people::add(&mut person, system.and_then(|system| text(system, "previous_parent_user_id")));
    Some(person)
}

/// Only numbers that are shared with the Business app hear of these.
fn amendment(sender: &SenderAddress, person: Person, kind: &str, message: &Value) -> Option<AmendmentEvent> {
    let what = object(message, kind).unwrap_or(message);
    let original = owned(what, "original_message_id").or_else(|| owned(message, "original_message_id"))?;
    let change = if kind == "revoke" {
        Amendment::Deleted
    } else {
        let edited = object(what, "message").unwrap_or(what);
        let (content, media) = match text(edited, "type").filter(|kind| *kind != "edit") {
            Some(kind) => content::read(kind, edited),
            None => content::read("text", edited),
        };
        match content {
            // Without a text to put in its place the message stays as it is, and the feed shows what came.
            InboundContent::Other(_) => return None,
            content => Amendment::Edited(content, media),
        }
    };
    Some(AmendmentEvent {
        sender: sender.clone(),
        original_message_id: original,
        person,
        change,
        at: message.get("timestamp").and_then(timestamp),
        raw: message.clone(),
    })
}

fn context(message: &Value) -> MessageContext {
    let quoted = object(message, "context");
    let flag = |name| quoted.is_some_and(|context| is_true(context, name));
    let product = quoted.and_then(|context| object(context, "referred_product"));
    MessageContext {
        forwarded: flag("forwarded"),
        frequently_forwarded: flag("frequently_forwarded"),
        referral: object(message, "referral").map(referral),
        product: product.and_then(|product| {
            Some(ReferredProduct {
                catalog_id: owned(product, "catalog_id")?,
                product_id: owned(product, "product_retailer_id")?,
            })
        }),
        ..MessageContext::default()
    }
}

fn referral(referral: &Value) -> Referral {
    let first = |names: [&str; 3]| names.iter().find_map(|name| owned(referral, name));
    Referral {
        source_type: owned(referral, "source_type"),
        source_id: owned(referral, "source_id"),
        source_url: owned(referral, "source_url"),
        headline: owned(referral, "headline"),
        body: owned(referral, "body"),
        ctwa_clid: owned(referral, "ctwa_clid"),
        media_type: owned(referral, "media_type"),
        media_url: first(["image_url", "video_url", "thumbnail_url"]),
    }
}
