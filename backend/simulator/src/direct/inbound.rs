//! Messages of virtual customers in the words of the direct provider (direct.md §3.4, §3.6).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::media::attachment_url;
use super::webhooks::{contact, digits, frame, seconds};
use crate::accounts::DirectAccount;
use crate::content::{Content, Media};
use crate::ledger::{Extras, Forwarded, Record, Referral};
use crate::people::{bsuid, is_bsuid};
use crate::state::World;

/// Meta's word for the content: `type` of the message.
pub(crate) fn kind(content: &Content) -> String {
    let kind = match content {
        Content::Image(_) => "image",
        Content::Video(_) => "video",
        Content::Audio(_) => "audio",
        Content::Document(_) => "document",
        Content::Sticker(_) => "sticker",
        Content::Location(_) => "location",
        Content::Contacts { .. } => "contacts",
        Content::Reaction { .. } => "reaction",
        Content::Button { .. } => "button",
        Content::ButtonReply { .. } | Content::ListReply { .. } | Content::FlowReply { .. } => "interactive",
        Content::Order { .. } => "order",
        Content::NumberChange { .. } | Content::IdentityChange { .. } => "system",
        Content::RequestWelcome {} => "request_welcome",
        Content::Unsupported { .. } => "unsupported",
        Content::Unknown { r#type, .. } => r#type,
        Content::Edit { .. } => "edit",
        Content::Revoke { .. } => "revoke",
        _ => "text",
    };
    kind.to_owned()
}

/// A change with one message from the virtual customer.
pub(crate) fn change(world: &World, account: &DirectAccount, record: &Record) -> Value {
    let content = record.content();
    let extras = record.extras.as_deref().cloned().unwrap_or_default();
    let mut item = Map::new();
    if !is_bsuid(&record.person) {
        item.insert("from".to_owned(), Value::from(digits(&record.person)));
    }
    item.insert("from_user_id".to_owned(), Value::from(bsuid(&account.business_id, &record.person)));
    item.insert("id".to_owned(), json!(record.id));
    item.insert("timestamp".to_owned(), Value::from(seconds(record.at)));
    item.insert("type".to_owned(), json!(record.kind));
    if let Some(context) = context(account, record, &extras) {
        item.insert("context".to_owned(), context);
    }
    if let Some(referral) = &extras.referral {
        item.insert("referral".to_owned(), referred(referral));
    }
    if matches!(content, Content::Unsupported { .. }) {
        item.insert("errors".to_owned(), unsupported_errors());
    }
    item.insert(record.kind.to_string(), body(world, account, record, &content));
    let mut value = frame(account);
    // System messages name nobody (direct.md §3.6).
    if &*record.kind != "system" {
        value.insert("contacts".to_owned(), json!([named(contact(world, account, record), &extras)]));
    }
    value.insert("messages".to_owned(), json!([item]));
    json!({ "field": "messages", "value": value })
}

/// A contact with the user name, which stands beside the profile name (direct.md §3.4).
fn named(mut contact: Value, extras: &Extras) -> Value {
    if let (Some(username), Value::Object(members)) = (&extras.username, &mut contact) {
        let profile = members.entry("profile").or_insert_with(|| json!({}));
        if let Value::Object(profile) = profile {
            profile.insert("username".to_owned(), json!(username));
        }
    }
    contact
}

/// What is quoted, or how far the message was handed on.
fn context(account: &DirectAccount, record: &Record, extras: &Extras) -> Option<Value> {
    match (extras.forwarded, &record.reply_to) {
        (Forwarded::Yes, _) => Some(json!({ "forwarded": true })),
        (Forwarded::Frequently, _) => Some(json!({ "frequently_forwarded": true })),
        (Forwarded::No, Some(quoted)) => Some(json!({ "from": digits(&account.phone), "id": quoted })),
        (Forwarded::No, None) => None,
    }
}

fn referred(referral: &Referral) -> Value {
    let mut shown = json!(referral);
    if let (Some(text), Value::Object(members)) = (&referral.welcome_message, &mut shown) {
        members.insert("welcome_message".to_owned(), json!({ "text": text }));
    }
    shown
}

/// The member that `type` names.
fn body(world: &World, account: &DirectAccount, record: &Record, content: &Content) -> Value {
    match content {
        Content::Image(file)
        | Content::Video(file)
        | Content::Audio(file)
        | Content::Document(file)
        | Content::Sticker(file) => media(world, content, file),
        Content::Location(place) => json!(place),
        Content::Contacts { contacts } => json!(contacts),
        Content::Reaction { message_id, emoji } => match emoji {
            Some(emoji) => json!({ "message_id": message_id, "emoji": emoji }),
            None => json!({ "message_id": message_id }),
        },
        Content::Button { text, payload } => json!({ "payload": payload, "text": text }),
        Content::ButtonReply { id, title } => {
            json!({ "type": "button_reply", "button_reply": { "id": id, "title": title } })
        }
        Content::ListReply { id, title, description } => {
            let mut reply = json!({ "id": id, "title": title });
            if let (Some(description), Value::Object(members)) = (description, &mut reply) {
                members.insert("description".to_owned(), json!(description));
            }
            json!({ "type": "list_reply", "list_reply": reply })
        }
        Content::FlowReply { name, body, response_json } => json!({
            "type": "nfm_reply",
            "nfm_reply": { "name": name, "body": body, "response_json": response_json },
        }),
        Content::Order { catalog_id, text, product_items } => {
            json!({ "catalog_id": catalog_id, "text": text, "product_items": product_items })
        }
        Content::NumberChange { new_number, body } => json!({
            "type": "user_changed_number",
            "body": body,
            "wa_id": digits(new_number),
            "user_id": bsuid(&account.business_id, new_number),
            "previous_user_id": bsuid(&account.business_id, &record.person),
        }),
        Content::IdentityChange { body, hash } => json!({
            "type": "customer_identity_changed",
            "body": body,
            "identity": hash,
            "customer": digits(&record.person),
            "wa_id": digits(&record.person),
        }),
        Content::RequestWelcome {} => json!({}),
        Content::Unsupported { r#type } => json!({ "type": r#type }),
        Content::Unknown { value, .. } => value.clone(),
        Content::Edit { message_id, text } => json!({
            "original_message_id": message_id,
            "message": { "type": "text", "text": { "body": text } },
        }),
        Content::Revoke { message_id } => json!({ "original_message_id": message_id }),
        _ => json!({ "body": record.text }),
    }
}

fn media(world: &World, content: &Content, file: &Media) -> Value {
    let mut members = Map::new();
    let mut put = |name: &str, value: Value| members.insert(name.to_owned(), value);
    if let Some((_, medium)) = file.id.as_deref().and_then(|id| world.media.get(id)) {
        put("id", json!(medium.id));
        put("mime_type", json!(medium.mime));
        // Webhooks give the hash in base64, answers in hex (direct.md §2.6).
        put("sha256", json!(STANDARD.encode(medium.sha256)));
        put("url", json!(attachment_url(world, &medium, "webhook")));
    }
    match content {
        Content::Audio(_) => {
            put("voice", json!(file.voice));
        }
        Content::Sticker(_) => {
            put("animated", json!(file.animated));
        }
        Content::Document(_) => {
            if let Some(filename) = &file.filename {
                put("filename", json!(filename));
            }
        }
        _ => {}
    }
    if let Some(caption) = &file.caption {
        put("caption", json!(caption));
    }
    Value::Object(members)
}

fn unsupported_errors() -> Value {
    json!([{
        "code": 131_051,
        "title": "Message type unknown",
        "message": "Message type unknown",
        "error_data": { "details": "Message type is currently not supported." },
    }])
}
