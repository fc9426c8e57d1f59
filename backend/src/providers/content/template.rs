//! Templates: names, values and what stands at Twilio.

mod values;

use crate::domain::content::media::HeaderMedia;
use crate::domain::template::{HeaderValue, OneTimeCode, TemplateUse, TwilioContent};

use super::super::capabilities::TemplateAddressing;
use super::super::capabilities::matrix::Part;
use super::super::violation::ViolationCode as V;
use super::rules::Found;
use super::{media, plain, products};

pub(super) fn template(template: &TemplateUse, found: &mut Found<'_>) {
    identity(&template.name, &template.language, found);
    if let Some(header) = &template.header {
        header_at("content.header", header, found);
    }
    values::texts("content", &template.body, found);
    values::names(template, found);
    values::buttons("content", &template.buttons, found);
    if template.offer_expires_at.is_some() {
        found.part("content.offer_expires_at", Part::TemplateOffer, false);
    }
    cards(template, found);
    match found.can.templates.addressing {
        TemplateAddressing::Name => values::body_length(&template.body, found),
        TemplateAddressing::ContentSid => {
            stored(template.twilio.as_ref(), found);
            variables(template.flat_variables().len(), found);
        }
    }
}

pub(super) fn one_time_code(content: &OneTimeCode, found: &mut Found<'_>) {
    identity(&content.name, &content.language, found);
    found.text("content.code", "the code", &content.code, found.can.one_time_code.max_code_chars);
    if content.code.chars().any(|sign| sign.is_whitespace() || sign.is_control()) {
        found.add("content.code", V::Malformed, "a code holds no blank, tab or line break");
    }
    if found.can.templates.addressing == TemplateAddressing::ContentSid {
        stored(content.twilio.as_ref(), found);
    }
}

fn identity(name: &str, language: &str, found: &mut Found<'_>) {
    let limit = found.can.templates.max_name_chars.value;
    let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if name.is_empty() || name.len() as u64 > limit || !name.bytes().all(sound) {
        let message = format!("a template's name has 1 to {limit} lower-case letters, digits and underscores");
        found.add("content.name", V::Malformed, message);
    }
    if !is_language(language) {
        found.add("content.language", V::Malformed, "the language is one of Meta's codes, such as en, en_GB or pt_BR");
    }
}

/// Two or three letters, then perhaps a country or script.
fn is_language(code: &str) -> bool {
    let (language, region) = code.split_once('_').map_or((code, None), |(language, region)| (language, Some(region)));
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && region.is_none_or(|r| (2..=4).contains(&r.len()) && r.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn header_at(at: &str, header: &HeaderValue, found: &mut Found<'_>) {
    match header {
        HeaderValue::Text(value) => values::value(&format!("{at}.text"), &value.text, found),
        HeaderValue::Image(medium) | HeaderValue::Video(medium) => media::picture(at, medium, found),
        HeaderValue::Document(document) => media::header_document(at, document, found),
        HeaderValue::Location(place) => {
            found.part(at, Part::TemplateLocation, false);
            plain::location(at, place, found);
        }
        HeaderValue::Product { catalog_id, product_id } => {
            found.part(at, Part::TemplateProduct, false);
            products::id(&format!("{at}.catalog_id"), catalog_id, found);
            products::id(&format!("{at}.product_id"), product_id, found);
        }
    }
}

/// The cards of a carousel: all with values for the same places (direct.md §2.8).
fn cards(template: &TemplateUse, found: &mut Found<'_>) {
    if template.cards.is_empty() {
        return;
    }
    let (least, most) = (found.can.templates.min_cards.value, found.can.templates.max_cards);
    found.count("content.cards", "cards", template.cards.len(), least, most);
    let first = template.cards.first().map(|card| (card_header(&card.header), card.buttons.len()));
    for (n, card) in template.cards.iter().enumerate() {
        let at = format!("content.cards[{n}]");
        match &card.header {
            HeaderValue::Text(_) | HeaderValue::Document(_) | HeaderValue::Location(_) => {
                let message = "a card begins with an image, a video or a product";
                found.add(format!("{at}.header.type"), V::Malformed, message);
            }
            header => header_at(&format!("{at}.header"), header, found),
        }
        values::texts(&at, &card.body, found);
        values::buttons(&at, &card.buttons, found);
        if first != Some((card_header(&card.header), card.buttons.len())) {
            found.add(at, V::Conflict, "all cards have the same kind of header and as many buttons as the first");
        }
    }
}

fn card_header(header: &HeaderValue) -> &'static str {
    match header {
        HeaderValue::Text(_) => "text",
        HeaderValue::Image(HeaderMedia { .. }) => "image",
        HeaderValue::Video(_) => "video",
        HeaderValue::Document(_) => "document",
        HeaderValue::Location(_) => "location",
        HeaderValue::Product { .. } => "product",
    }
}

/// Where templates are addressed by a stored Content.
fn stored(stored: Option<&TwilioContent>, found: &mut Found<'_>) {
    let Some(stored) = stored else {
        let message =
            "Twilio sends templates by the SID of a stored Content; give content_sid, or send on a direct channel";
        return found.add("content.twilio.content_sid", V::Required, message);
    };
    let digits = stored.content_sid.strip_prefix("HX");
    if !digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())) {
        found.add("content.twilio.content_sid", V::Malformed, "a content SID is HX and 32 hex digits");
    }
    variables(stored.variables.as_ref().map_or(0, |given| given.len()), found);
    for (name, value) in stored.variables.iter().flatten() {
        if name.is_empty() {
            found.add("content.twilio.variables", V::Empty, "a variable has no name; number them from 1");
        }
        values::value(&format!("content.twilio.variables.{name}"), value, found);
    }
}

fn variables(count: usize, found: &mut Found<'_>) {
    let limit = found.can.templates.max_variables.value;
    if count as u64 > limit {
        let message = format!("a Content has at most {limit} variables");
        found.add("content.twilio.variables", V::TooMany, message);
    }
}
