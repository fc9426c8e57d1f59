//! What a message says, kind by kind. What lacks the member that its type names, or has it malformed, is kept raw.

use serde_json::Value;

use crate::domain::contact::Bsuid;
use crate::domain::content::plain::{
    ContactAddress, ContactCard, ContactEmail, ContactName, ContactOrganisation, ContactPhone, ContactUrl,
    LocationContent,
};
use crate::domain::inbound::{
    AddressReply, ButtonReply, FlowReply, InboundContacts, InboundContent, InboundLocation, InboundReaction,
    InboundText, ListReply, Order, OrderItem, OtherContent, SystemEvent, SystemNote, Unsupported,
};
use crate::domain::media::InboundMediaSource;
use crate::domain::phone::Phone;
use crate::providers::webhook::body::read_json;

use super::media;
use super::members::{list, number, object, owned, text, text_or_number};

/// One of a currency in millionths.
const MICROS: f64 = 1_000_000.0;

/// The content of a message of this kind, and where the bytes of its medium are.
pub(super) fn read(kind: &str, message: &Value) -> (InboundContent, Option<InboundMediaSource>) {
    let member = message.get(kind).filter(|member| !member.is_null());
    let medium = |make: fn(_) -> InboundContent| {
        let (medium, reference) = media::read(member.filter(|member| member.is_object())?);
        Some((make(medium), reference))
    };
    let read = match kind {
        "image" => medium(InboundContent::Image),
        "video" => medium(InboundContent::Video),
        "audio" => medium(InboundContent::Audio),
        "document" => medium(InboundContent::Document),
        "sticker" => medium(InboundContent::Sticker),
        _ => without_media(kind, member, message).map(|content| (content, None)),
    };
    read.unwrap_or_else(|| (raw(kind, message), None))
}

fn without_media(kind: &str, member: Option<&Value>, message: &Value) -> Option<InboundContent> {
    match kind {
        "text" => Some(InboundContent::Text(InboundText { body: member?.get("body")?.as_str()?.to_owned() })),
        "location" => location(member?).map(InboundContent::Location),
        "contacts" => contacts(list(message, "contacts")).map(InboundContent::Contacts),
        "reaction" => reaction(member?).map(InboundContent::Reaction),
        "button" => quick_reply(member?).map(InboundContent::ButtonReply),
        "interactive" => interactive(member?),
        "order" => order(member?).map(InboundContent::Order),
        "system" => system(member?).map(InboundContent::System),
        "request_welcome" => Some(InboundContent::RequestWelcome),
        "unsupported" => Some(InboundContent::Unsupported(unsupported(message))),
        _ => None,
    }
}

/// As it came. An interactive kind has a name of its own.
fn raw(kind: &str, message: &Value) -> InboundContent {
    let inner = object(message, kind).filter(|_| kind == "interactive").and_then(|inner| text(inner, "type"));
    InboundContent::Other(OtherContent { kind: inner.unwrap_or(kind).to_owned(), raw: message.clone() })
}

fn location(place: &Value) -> Option<InboundLocation> {
    Some(InboundLocation {
        place: LocationContent {
            latitude: number(place, "latitude").filter(|degrees| degrees.abs() <= 90.0)?,
            longitude: number(place, "longitude").filter(|degrees| degrees.abs() <= 180.0)?,
            name: owned(place, "name"),
            address: owned(place, "address"),
        },
        url: owned(place, "url"),
    })
}

fn reaction(reaction: &Value) -> Option<InboundReaction> {
    Some(InboundReaction {
        message_id: None,
        provider_message_id: owned(reaction, "message_id")?,
        emoji: owned(reaction, "emoji"),
    })
}

fn quick_reply(button: &Value) -> Option<ButtonReply> {
    let id = owned(button, "payload");
    let title = owned(button, "text").or_else(|| id.clone())?;
    Some(ButtonReply { id, title, template: true })
}

fn interactive(answer: &Value) -> Option<InboundContent> {
    match text(answer, "type")? {
        "button_reply" => {
            let reply = object(answer, "button_reply")?;
            let id = owned(reply, "id");
            let title = owned(reply, "title").or_else(|| id.clone())?;
            Some(InboundContent::ButtonReply(ButtonReply { id, title, template: false }))
        }
        "list_reply" => {
            let reply = object(answer, "list_reply")?;
            let id = owned(reply, "id")?;
            let title = owned(reply, "title").unwrap_or_else(|| id.clone());
            Some(InboundContent::ListReply(ListReply { id, title, description: owned(reply, "description") }))
        }
        "nfm_reply" => Some(form(object(answer, "nfm_reply")?)),
        _ => None,
    }
}

/// The answer is JSON in a string; should it be none, the string itself is what was answered.
fn form(reply: &Value) -> InboundContent {
    let body = owned(reply, "body");
    let response = match reply.get("response_json") {
        Some(Value::String(text)) => read_json(text.as_bytes()).unwrap_or_else(|_| Value::String(text.clone())),
        Some(other) => other.clone(),
        None => Value::Null,
    };
    if text(reply, "name") == Some("address_message") {
        return InboundContent::AddressReply(AddressReply { body, response });
    }
    InboundContent::FlowReply(FlowReply { body, flow_token: owned(&response, "flow_token"), response })
}

fn order(order: &Value) -> Option<Order> {
    let items: Vec<OrderItem> = list(order, "product_items").iter().filter_map(item).collect();
    // An order that would lose some of its items is shown as it came.
    (items.len() == list(order, "product_items").len() && !items.is_empty())
        .then(|| Some(Order { catalog_id: owned(order, "catalog_id")?, text: owned(order, "text"), items }))?
}

fn item(item: &Value) -> Option<OrderItem> {
    Some(OrderItem {
        product_id: item.get("product_retailer_id").and_then(text_or_number)?,
        quantity: number(item, "quantity").and_then(whole)?,
        price_micros: number(item, "item_price").and_then(micros),
        currency: owned(item, "currency"),
    })
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the bounds looked at before")]
fn whole(number: f64) -> Option<u32> {
    (number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number)).then_some(number as u32)
}

#[expect(clippy::cast_possible_truncation, reason = "within the bounds looked at before")]
fn micros(price: f64) -> Option<i64> {
    let micros = (price * MICROS).round();
    (0.0..=1e15).contains(&micros).then_some(micros as i64)
}

fn system(note: &Value) -> Option<SystemNote> {
    let event = match text(note, "type")? {
        "user_changed_number" => SystemEvent::UserChangedNumber,
        "user_changed_user_id" => SystemEvent::UserChangedUserId,
        "customer_identity_changed" => SystemEvent::CustomerIdentityChanged,
        _ => SystemEvent::Other,
    };
    let number = text(note, "new_wa_id").or_else(|| text(note, "wa_id"));
    Some(SystemNote {
        event,
        body: owned(note, "body"),
        phone: number.and_then(|digits| Phone::from_wa_id(digits).ok()).map(|phone| phone.to_string()),
        bsuid: text(note, "user_id").and_then(Bsuid::parse).map(|id| id.to_string()),
    })
}

fn unsupported(message: &Value) -> Unsupported {
    let error = list(message, "errors").first();
    let details = error.and_then(|error| object(error, "error_data")).and_then(|data| owned(data, "details"));
    Unsupported {
        kind: object(message, "unsupported").and_then(|what| owned(what, "type")),
        reason: details.or_else(|| error.and_then(|error| owned(error, "title"))),
    }
}

/// The cards that have something to show; one that is malformed does not take the others along.
fn contacts(cards: &[Value]) -> Option<InboundContacts> {
    let contacts: Vec<ContactCard> = cards.iter().filter_map(card).collect();
    (!contacts.is_empty()).then_some(InboundContacts { contacts })
}

fn card(card: &Value) -> Option<ContactCard> {
    let all = |name| list(card, name).iter();
    let phones: Vec<ContactPhone> = all("phones").filter_map(card_phone).collect();
    let parts = object(card, "name");
    let part = |name| parts.and_then(|parts| owned(parts, name));
    let shown = part("formatted_name").or_else(|| part("first_name")).or_else(|| part("last_name"));
    let formatted_name = shown.or_else(|| phones.first().map(|phone| phone.phone.clone()))?;
    Some(ContactCard {
        name: ContactName {
            formatted_name,
            first_name: part("first_name"),
            last_name: part("last_name"),
            middle_name: part("middle_name"),
            prefix: part("prefix"),
            suffix: part("suffix"),
        },
        phones,
        emails: all("emails")
            .filter_map(|email| Some(ContactEmail { email: owned(email, "email")?, label: owned(email, "type") }))
            .collect(),
        addresses: all("addresses").filter(|address| address.is_object()).map(card_address).collect(),
        urls: all("urls")
            .filter_map(|url| Some(ContactUrl { url: owned(url, "url")?, label: owned(url, "type") }))
            .collect(),
        org: object(card, "org").map(|org| ContactOrganisation {
            company: owned(org, "company"),
            department: owned(org, "department"),
            title: owned(org, "title"),
        }),
        birthday: owned(card, "birthday"),
    })
}

fn card_phone(phone: &Value) -> Option<ContactPhone> {
    let wa_id = owned(phone, "wa_id");
    let shown = owned(phone, "phone").or_else(|| wa_id.as_ref().map(|digits| format!("+{digits}")))?;
    Some(ContactPhone { phone: shown, label: owned(phone, "type"), wa_id })
}

fn card_address(address: &Value) -> ContactAddress {
    ContactAddress {
        street: owned(address, "street"),
        city: owned(address, "city"),
        state: owned(address, "state"),
        zip: owned(address, "zip"),
        country: owned(address, "country"),
        country_code: owned(address, "country_code"),
        label: owned(address, "type"),
    }
}
