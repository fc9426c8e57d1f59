//! The rules for content at each provider, checked before a message is queued.

use std::collections::BTreeSet;

use url::Url;

use crate::domain::content::Content;
use crate::domain::content::media::HeaderMedia;
use crate::domain::content::plain::TextContent;
use crate::domain::provider::ProviderKind;
use crate::domain::template::{ButtonAction, HeaderValue, TemplateUse, TextValue};

use super::capabilities::{Capabilities, TemplateAddressing};
use super::violation::{Violation, ViolationCode as V};

const NUL: char = '\0';

pub(super) fn violations(can: &Capabilities, content: &Content) -> Vec<Violation> {
    let mut found = Found(Vec::new());
    if !can.kinds.contains(&content.kind()) {
        let kinds: Vec<_> = can.kinds.iter().map(|kind| kind.as_str()).collect();
        let message = format!("{} does not carry {}; use {}", can.provider, content.kind(), kinds.join(" or "));
        found.add("content.type", V::Unsupported, message);
        return found.0;
    }
    match content {
        Content::Text(text) => check_text(can, text, &mut found),
        Content::Template(template) => check_template(can, template, &mut found),
        _ => {}
    }
    found.0
}

struct Found(Vec<Violation>);

impl Found {
    fn add(&mut self, field: impl Into<String>, code: V, message: impl Into<String>) {
        self.0.push(Violation::new(field, code, message));
    }
}

fn check_text(can: &Capabilities, text: &TextContent, found: &mut Found) {
    let limit = can.text.max_chars.value;
    if text.body.trim().is_empty() {
        found.add("content.body", V::Empty, "the text is empty; write at least one character");
    } else if length(&text.body) > limit {
        let instead = match can.provider {
            ProviderKind::Twilio => "split it, or send it on a direct channel (4,096)",
            ProviderKind::Direct => "split it",
        };
        found.add("content.body", V::TooLong, format!("the text has more than {limit} characters; {instead}"));
    }
    if text.body.contains(NUL) {
        found.add("content.body", V::Malformed, "the text holds the character U+0000; remove it");
    }
}

fn check_template(can: &Capabilities, template: &TemplateUse, found: &mut Found) {
    if !is_name(&template.name, can.templates.max_name_chars.value) {
        let message = "a template's name has 1 to 512 lower-case letters, digits and underscores";
        found.add("content.name", V::Malformed, message);
    }
    if !is_language(&template.language) {
        found.add("content.language", V::Malformed, "the language is one of Meta's codes, such as en, en_GB or pt_BR");
    }
    if let Some(header) = &template.header {
        check_header(can, header, found);
    }
    for (n, value) in template.body.iter().enumerate() {
        check_value(can, &format!("content.body[{n}].text"), &value.text, found);
    }
    check_names(template, found);
    check_buttons(can, template, found);
    match can.templates.addressing {
        TemplateAddressing::Name => check_body_length(can, &template.body, found),
        TemplateAddressing::ContentSid => check_twilio(can, template, found),
    }
}

fn check_header(can: &Capabilities, header: &HeaderValue, found: &mut Found) {
    match header {
        HeaderValue::Text(value) => check_value(can, "content.header.text", &value.text, found),
        HeaderValue::Image(media) | HeaderValue::Video(media) | HeaderValue::Document(media) => {
            check_link(media, found)
        }
        HeaderValue::Location(_) | HeaderValue::Product { .. } => {}
    }
}

fn check_link(media: &HeaderMedia, found: &mut Found) {
    let sound = Url::parse(media.link.as_deref().unwrap_or_default())
        .is_ok_and(|url| url.scheme() == "https" && url.has_host());
    if !sound {
        found.add("content.header.link", V::Malformed, "the medium needs a public https address");
    }
    if media.filename.as_deref().is_some_and(|name| name.is_empty() || name.contains(NUL)) {
        found.add("content.header.filename", V::Empty, "the file name is empty; leave it out instead");
    }
}

fn check_value(can: &Capabilities, field: &str, text: &str, found: &mut Found) {
    let (limit, blanks) = (can.templates.max_value_chars.value, can.templates.max_blanks_in_a_row.value);
    if text.is_empty() {
        found.add(field, V::Empty, "no value of a template may be empty; use a dash or another word");
    } else if length(text) > limit {
        found.add(field, V::TooLong, format!("the value has more than {limit} characters; shorten it"));
    }
    if text.contains(['\n', '\r', '\t', NUL]) {
        found.add(field, V::Malformed, "a value may hold no line break and no tab; put them into the template");
    }
    if longest_run_of_blanks(text) > blanks {
        found.add(field, V::Malformed, format!("a value may hold at most {blanks} blanks in a row"));
    }
}

/// The filled body is at most 1,024 characters, so its values alone can't be longer.
fn check_body_length(can: &Capabilities, body: &[TextValue], found: &mut Found) {
    let limit = can.templates.max_value_chars.value;
    let all_fit = body.iter().all(|value| length(&value.text) <= limit);
    let total: u64 = body.iter().map(|value| length(&value.text)).sum();
    if all_fit && total > limit {
        found.add(
            "content.body",
            V::TooLong,
            format!("the values together have more than {limit} characters; shorten them"),
        );
    }
    if body.len() as u64 > can.templates.max_variables.value {
        found.add("content.body", V::TooMany, "a template has no more than 100 variables");
    }
}

/// A template is wholly named or wholly positional, header included.
fn check_names(template: &TemplateUse, found: &mut Found) {
    let header = template.header.iter().filter_map(|header| match header {
        HeaderValue::Text(value) => Some(value),
        _ => None,
    });
    let values: Vec<&TextValue> = header.chain(&template.body).collect();
    let named = values.iter().filter(|value| value.name.is_some()).count();
    if named != 0 && named != values.len() {
        found.add("content.body", V::Conflict, "either all values have names or none has");
    }
    let mut seen = BTreeSet::new();
    for (n, name) in template.body.iter().enumerate().filter_map(|(n, value)| Some((n, value.name.as_deref()?))) {
        if name.is_empty() {
            found.add(format!("content.body[{n}].name"), V::Empty, "the name is empty; leave it out instead");
        } else if !seen.insert(name) {
            found.add(format!("content.body[{n}].name"), V::Duplicate, "each name is given once");
        }
    }
}

fn check_buttons(can: &Capabilities, template: &TemplateUse, found: &mut Found) {
    let limit = can.templates.max_buttons.value;
    let mut seen = BTreeSet::new();
    for (n, button) in template.buttons.iter().enumerate() {
        if u64::from(button.index) >= limit {
            found.add(
                format!("content.buttons[{n}].index"),
                V::TooMany,
                format!("buttons count from 0 to {}", limit - 1),
            );
        } else if !seen.insert(button.index) {
            found.add(format!("content.buttons[{n}].index"), V::Duplicate, "each button is given once");
        }
        let name = match &button.action {
            ButtonAction::Url { .. } => "text",
            ButtonAction::QuickReply { .. } => "payload",
            ButtonAction::CopyCode { .. } => "code",
            _ => "data",
        };
        if button.action.text().is_some_and(str::is_empty) {
            let message = "a button's value may not be empty; leave the button out when it has no variable";
            found.add(format!("content.buttons[{n}].{name}"), V::Empty, message);
        }
    }
}

fn check_twilio(can: &Capabilities, template: &TemplateUse, found: &mut Found) {
    let Some(stored) = &template.twilio else {
        let message =
            "Twilio sends templates by the SID of a stored Content; give content_sid, or send on a direct channel";
        return found.add("content.twilio.content_sid", V::Required, message);
    };
    let digits = stored.content_sid.strip_prefix("HX");
    if !digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit())) {
        found.add("content.twilio.content_sid", V::Malformed, "a content SID is HX and 32 hex digits");
    }
    let limit = can.templates.max_variables.value;
    if template.flat_variables().len() as u64 > limit {
        found.add("content.twilio.variables", V::TooMany, format!("a Content has at most {limit} variables"));
    }
    for (name, value) in stored.variables.iter().flatten() {
        let field = format!("content.twilio.variables.{name}");
        if name.is_empty() {
            found.add("content.twilio.variables", V::Empty, "a variable has no name; number them from 1");
        }
        check_value(can, &field, value, found);
    }
}

fn is_name(name: &str, limit: u64) -> bool {
    let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    !name.is_empty() && name.len() as u64 <= limit && name.bytes().all(sound)
}

/// Two or three letters, then perhaps a country or script.
fn is_language(code: &str) -> bool {
    let (language, region) = code.split_once('_').map_or((code, None), |(language, region)| (language, Some(region)));
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && region.is_none_or(|r| (2..=4).contains(&r.len()) && r.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Characters as people count them here: Unicode scalar values.
fn length(text: &str) -> u64 {
    text.chars().count() as u64
}

fn longest_run_of_blanks(text: &str) -> u64 {
    let runs = text.split(|c| c != ' ').map(|run| run.len() as u64);
    runs.max().unwrap_or(0)
}

#[cfg(test)]
mod tests;
