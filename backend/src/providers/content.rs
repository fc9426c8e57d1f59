//! The rules for content at each provider, checked before a message is queued: one file for each family of kinds.

mod carousel;
mod contacts;
mod emoji;
mod interactive;
mod media;
mod plain;
mod products;
mod rules;
mod template;

use serde_json::Value;

use crate::domain::contact::Recipient;
use crate::domain::content::Content;

use super::capabilities::Capabilities;
use super::capabilities::matrix::Part;
use super::violation::{Violation, ViolationCode as V};
use rules::Found;

pub(super) fn violations(can: &Capabilities, content: &Content) -> Vec<Violation> {
    let mut found = Found::new(can);
    if !found.carries(content.kind()) {
        return found.into_violations();
    }
    match content {
        Content::Text(text) => plain::text(text, &mut found),
        Content::Image(image) => media::captioned("content", image.source(), image.caption.as_deref(), &mut found),
        Content::Video(video) => media::captioned("content", video.source(), video.caption.as_deref(), &mut found),
        Content::Audio(audio) => media::audio(audio, &mut found),
        Content::Document(document) => media::document(document, &mut found),
        Content::Sticker(sticker) => media::source("content", sticker.source(), &mut found),
        Content::Location(location) => plain::location("content", location, &mut found),
        Content::Contacts(contacts) => contacts::contacts(contacts, &mut found),
        Content::Reaction(reaction) => plain::reaction(reaction, &mut found),
        Content::ReplyButtons(buttons) => interactive::reply_buttons(buttons, &mut found),
        Content::List(list) => interactive::list(list, &mut found),
        Content::CtaUrl(button) => interactive::cta_url(button, &mut found),
        Content::Flow(flow) => interactive::flow(flow, &mut found),
        Content::LocationRequest(request) => interactive::body(&request.body, &mut found),
        Content::AddressRequest(request) => interactive::address_request(request, &mut found),
        Content::Product(product) => products::product(product, &mut found),
        Content::ProductList(list) => products::product_list(list, &mut found),
        Content::Catalog(catalog) => products::catalog(catalog, &mut found),
        Content::Carousel(carousel) => carousel::carousel(carousel, &mut found),
        Content::Template(template) => template::template(template, &mut found),
        Content::OneTimeCode(code) => template::one_time_code(code, &mut found),
    }
    no_nul(content, &mut found);
    found.into_violations()
}

/// Whether a message can be shown as an answer.
pub(super) fn quote(can: &Capabilities) -> Result<(), Violation> {
    let mut found = Found::new(can);
    found.part("reply_to_id", Part::ReplyTo, true);
    found.into_violations().into_iter().next().map_or(Ok(()), Err)
}

/// Whether the kind can go to this person.
pub(super) fn recipient(can: &Capabilities, to: &Recipient, content: &Content) -> Result<(), Violation> {
    let refused = |message: String| Err(Violation::new("to", V::Unsupported, message));
    match content {
        // direct.md §2.2, twilio.md §3.3
        Content::OneTimeCode(_) if matches!(to, Recipient::Bsuid(_)) => {
            refused("WhatsApp sends one-time codes to phone numbers only; give the person's number".to_owned())
        }
        Content::AddressRequest(_) => match can.address_request {
            Some(limits) if !limits.calling_codes.iter().any(|code| lives_under(code, limits.countries, to)) => {
                let countries = limits.countries.join(", ");
                refused(format!("only people of {countries} can be asked for an address; ask the others in a text"))
            }
            _ => Ok(()),
        },
        _ => Ok(()),
    }
}

/// By the calling code of the number, or the country that a user id begins with (direct.md §3.4).
fn lives_under(calling_code: &str, countries: &[&str], to: &Recipient) -> bool {
    match to {
        Recipient::Phone(phone) => phone.as_str().starts_with(calling_code),
        Recipient::Bsuid(id) => countries.iter().any(|country| id.as_str().split('.').next() == Some(country)),
    }
}

/// PostgreSQL stores no U+0000, wherever it stands.
fn no_nul(content: &Content, found: &mut Found<'_>) {
    // Any value of these types can be written as JSON.
    if let Ok(value) = serde_json::to_value(content) {
        no_nul_in("content", &value, found);
    }
}

fn no_nul_in(field: &str, value: &Value, found: &mut Found<'_>) {
    const NUL: char = '\0';
    match value {
        Value::String(text) if text.contains(NUL) => {
            found.add(field, V::Malformed, "the text holds the character U+0000; remove it");
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                no_nul_in(&format!("{field}[{n}]"), item, found);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                if name.contains(NUL) {
                    found.add(field, V::Malformed, "a member's name holds the character U+0000; remove it");
                }
                no_nul_in(&format!("{field}.{name}"), member, found);
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests;
