//! The values that fill a template.

use std::collections::BTreeSet;

use crate::domain::template::{ButtonAction, ButtonValue, HeaderValue, TemplateUse, TextValue};

use super::super::super::capabilities::matrix::Part;
use super::super::super::violation::ViolationCode as V;
use super::super::products;
use super::super::rules::{Found, length};

/// The values of a body, below `at`: of the template, or of one of its cards.
pub(super) fn texts(at: &str, values: &[TextValue], found: &mut Found<'_>) {
    for (n, text) in values.iter().enumerate() {
        value(&format!("{at}.body[{n}].text"), &text.text, found);
    }
    let limit = found.can.templates.max_variables.value;
    if values.len() as u64 > limit {
        found.add(format!("{at}.body"), V::TooMany, format!("a template has no more than {limit} variables"));
    }
}

/// One value (direct.md §2.5).
pub(super) fn value(field: &str, text: &str, found: &mut Found<'_>) {
    let (limit, blanks) = (found.can.templates.max_value_chars.value, found.can.templates.max_blanks_in_a_row.value);
    if text.is_empty() {
        found.add(field, V::Empty, "no value of a template may be empty; use a dash or another word");
    } else if length(text) > limit {
        found.add(field, V::TooLong, format!("the value has more than {limit} characters; shorten it"));
    }
    if text.contains(['\n', '\r', '\t']) {
        found.add(field, V::Malformed, "a value may hold no line break and no tab; put them into the template");
    }
    if longest_run_of_blanks(text) > blanks {
        found.add(field, V::Malformed, format!("a value may hold at most {blanks} blanks in a row"));
    }
}

/// The filled body has a limit, so its values alone can't be longer.
pub(super) fn body_length(body: &[TextValue], found: &mut Found<'_>) {
    let limit = found.can.templates.max_value_chars.value;
    let all_fit = body.iter().all(|value| length(&value.text) <= limit);
    let total: u64 = body.iter().map(|value| length(&value.text)).sum();
    if all_fit && total > limit {
        let message = format!("the values together have more than {limit} characters; shorten them");
        found.add("content.body", V::TooLong, message);
    }
}

/// A template is wholly named or wholly positional, header and cards included.
pub(super) fn names(template: &TemplateUse, found: &mut Found<'_>) {
    let header = template.header.iter().filter_map(|header| match header {
        HeaderValue::Text(value) => Some(value),
        _ => None,
    });
    let cards = template.cards.iter().flat_map(|card| &card.body);
    let values: Vec<&TextValue> = header.chain(&template.body).chain(cards).collect();
    let named = values.iter().filter(|value| value.name.is_some()).count();
    if named != 0 && named != values.len() {
        found.add("content.body", V::Conflict, "either all values have names or none has");
    }
    names_of("content", &template.body, found);
    for (n, card) in template.cards.iter().enumerate() {
        names_of(&format!("content.cards[{n}]"), &card.body, found);
    }
}

fn names_of(at: &str, body: &[TextValue], found: &mut Found<'_>) {
    let mut seen = BTreeSet::new();
    for (n, name) in body.iter().enumerate().filter_map(|(n, value)| Some((n, value.name.as_deref()?))) {
        let field = format!("{at}.body[{n}].name");
        let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        if name.is_empty() {
            found.add(field, V::Empty, "the name is empty; leave it out instead");
        } else if !name.bytes().all(sound) {
            found.add(field, V::Malformed, "a variable's name has lower-case letters, digits and underscores");
        } else if !seen.insert(name) {
            found.add(field, V::Duplicate, "each name is given once");
        }
    }
}

/// The values of buttons, below `at`: of the template, or of one of its cards.
pub(super) fn buttons(at: &str, buttons: &[ButtonValue], found: &mut Found<'_>) {
    let limit = found.can.templates.max_buttons.value;
    let mut seen = BTreeSet::new();
    for (n, button) in buttons.iter().enumerate() {
        let at = format!("{at}.buttons[{n}]");
        if u64::from(button.index) >= limit {
            found.add(format!("{at}.index"), V::TooMany, format!("buttons count from 0 to {}", limit - 1));
        } else if !seen.insert(button.index) {
            found.add(format!("{at}.index"), V::Duplicate, "each button is given once");
        }
        action(&at, &button.action, found);
    }
}

fn action(at: &str, action: &ButtonAction, found: &mut Found<'_>) {
    match action {
        ButtonAction::Url { text } => {
            found.optional(&format!("{at}.text"), "the value", Some(text), found.can.interactive.max_url_chars);
        }
        ButtonAction::QuickReply { payload } => {
            let limit = found.can.templates.max_value_chars;
            found.optional(&format!("{at}.payload"), "the payload", Some(payload), limit);
        }
        ButtonAction::CopyCode { code } => {
            found.optional(&format!("{at}.code"), "the code", Some(code), found.can.templates.max_coupon_chars);
        }
        ButtonAction::Flow { flow_token, data } => {
            let limit = found.can.templates.max_value_chars;
            found.optional(&format!("{at}.flow_token"), "the token", flow_token.as_deref(), limit);
            if data.is_some() {
                found.part(format!("{at}.data"), Part::TemplateFlowData, false);
            }
        }
        ButtonAction::Catalog { thumbnail_product_id } => {
            found.part(format!("{at}.type"), Part::TemplateCatalog, false);
            products::id(&format!("{at}.thumbnail_product_id"), thumbnail_product_id, found);
        }
        ButtonAction::Products { thumbnail_product_id, sections } => {
            found.part(format!("{at}.type"), Part::TemplateProducts, false);
            products::id(&format!("{at}.thumbnail_product_id"), thumbnail_product_id, found);
            products::sections(at, sections, found);
        }
    }
}

fn longest_run_of_blanks(text: &str) -> u64 {
    let runs = text.split(|c| c != ' ').map(|run| run.len() as u64);
    runs.max().unwrap_or(0)
}
