//! Checks of free-form messages (direct.md §2.3), and the text that stands for them in the ledger.

use serde_json::Value;

use super::errors::{Graph, GraphError};
use super::inspection::Inspection;
use super::media_kind::MediaKind;
use super::{interactive, media_kind};
use crate::ids::now_ms;

const BODY_LIMIT: usize = 4_096;
const CAPTION_LIMIT: usize = 1_024;
const CARDS_LIMIT: usize = 257;
/// Age of a message in milliseconds up to which it takes reactions: 30 days.
const REACTION_MS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// The target of a reaction cannot take it; told after acceptance (direct.md §2.3).
const BAD_TARGET: u32 = 131_009;

const KINDS: [&str; 11] = [
    "text",
    "image",
    "video",
    "document",
    "audio",
    "sticker",
    "location",
    "contacts",
    "reaction",
    "interactive",
    "template",
];

/// Whether the direct provider has messages of this type.
pub(super) fn is_kind(kind: &str) -> bool {
    KINDS.contains(&kind)
}

/// Checks the object named by `type` and says what the person sees.
pub(super) fn free_form(inspection: &mut Inspection<'_>, kind: &str, content: &Value, to: &str) -> Graph<String> {
    match kind {
        "text" => text(content),
        "image" | "video" | "document" | "audio" | "sticker" => media(inspection, kind, content),
        "location" => location(content),
        "contacts" => contacts(content),
        "reaction" => reaction(inspection, content, to),
        "interactive" => interactive::check(inspection, content, to),
        _ => Err(GraphError::new(131_051, format!("Message type {kind} is not supported."))),
    }
}

/// A member that must be a text of 1 to `limit` characters.
pub(super) fn required_text<'a>(parent: &'a Value, pointer: &str, limit: usize) -> Graph<&'a str> {
    let text = parent.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| GraphError::missing(&dotted(pointer)))?;
    within(text, pointer, limit)
}

/// A member that may be missing, and otherwise is a text of at most `limit` characters.
pub(super) fn optional_text<'a>(parent: &'a Value, pointer: &str, limit: usize) -> Graph<Option<&'a str>> {
    match parent.pointer(pointer) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => within(text, pointer, limit).map(Some),
        Some(_) => Err(GraphError::new(100, format!("Param {} must be a string.", dotted(pointer)))),
    }
}

fn within<'a>(text: &'a str, pointer: &str, limit: usize) -> Graph<&'a str> {
    if text.chars().count() > limit {
        return Err(GraphError::too_long(&dotted(pointer), limit));
    }
    Ok(text)
}

fn dotted(pointer: &str) -> String {
    pointer.trim_start_matches('/').replace('/', ".")
}

fn optional_flag(content: &Value, name: &str) -> Graph<bool> {
    match content.get(name) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(_) => Err(GraphError::new(100, format!("Param {name} must be a boolean."))),
    }
}

fn text(content: &Value) -> Graph<String> {
    optional_flag(content, "preview_url")?;
    required_text(content, "/body", BODY_LIMIT).map(str::to_owned)
}

fn media(inspection: &mut Inspection<'_>, name: &str, content: &Value) -> Graph<String> {
    let kind = MediaKind::named(name).ok_or_else(|| GraphError::missing(name))?;
    let medium = inspection.medium(kind, content, name)?;
    let caption = optional_text(content, "/caption", CAPTION_LIMIT)?;
    if caption.is_some() && matches!(kind, MediaKind::Audio | MediaKind::Sticker) {
        return Err(GraphError::new(100, format!("Param caption is not allowed for {name}.")));
    }
    let filename = optional_text(content, "/filename", media_kind::FILENAME_LIMIT)?;
    if filename.is_some() && kind != MediaKind::Document {
        return Err(GraphError::new(100, format!("Param filename is not allowed for {name}.")));
    }
    // A voice note is Ogg with Opus only (direct.md §2.3).
    if optional_flag(content, "voice")? && medium.is_some_and(|medium| !medium.mime.starts_with("audio/ogg")) {
        inspection.late = Some(131_053);
    }
    Ok(caption.map_or_else(|| format!("[{name}]"), |caption| format!("[{name}] {caption}")))
}

pub(super) fn location(content: &Value) -> Graph<String> {
    for (name, limit) in [("latitude", 90.0), ("longitude", 180.0)] {
        let value = content.get(name).ok_or_else(|| GraphError::missing(&format!("location.{name}")))?;
        let degrees = value.as_f64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        if degrees.is_none_or(|degrees: f64| degrees.is_nan() || degrees.abs() > limit) {
            return Err(GraphError::invalid(&format!("location.{name}"), "not a number of degrees"));
        }
    }
    optional_text(content, "/address", CAPTION_LIMIT)?;
    let name = optional_text(content, "/name", CAPTION_LIMIT)?;
    Ok(name.map_or_else(|| "[location]".to_owned(), |name| format!("[location] {name}")))
}

fn contacts(content: &Value) -> Graph<String> {
    let cards = content.as_array().filter(|cards| !cards.is_empty()).ok_or_else(|| GraphError::missing("contacts"))?;
    if cards.len() > CARDS_LIMIT {
        return Err(GraphError::invalid("contacts", "too many cards"));
    }
    let mut names = Vec::with_capacity(cards.len());
    for card in cards {
        names.push(required_text(card, "/name/formatted_name", CAPTION_LIMIT)?);
        let parts = ["first_name", "last_name", "middle_name", "suffix", "prefix"];
        if !parts.iter().any(|part| card.pointer("/name").and_then(|name| name.get(part)).is_some()) {
            return Err(GraphError::missing("contacts.name.first_name"));
        }
        for list in ["phones", "emails", "addresses", "urls"] {
            if card.get(list).is_some_and(|entries| !entries.is_array()) {
                return Err(GraphError::new(100, format!("Param contacts.{list} must be an array.")));
            }
        }
        let birthday = optional_text(card, "/birthday", 10)?;
        if birthday.is_some_and(|day| chrono::NaiveDate::parse_from_str(day, "%Y-%m-%d").is_err()) {
            return Err(GraphError::invalid("contacts.birthday", "not a date of the form YYYY-MM-DD"));
        }
    }
    Ok(format!("[contacts] {}", names.join(", ")))
}

fn reaction(inspection: &mut Inspection<'_>, content: &Value, to: &str) -> Graph<String> {
    let target = required_text(content, "/message_id", BODY_LIMIT)?;
    let emoji = content.get("emoji").ok_or_else(|| GraphError::missing("reaction.emoji"))?;
    let emoji = emoji.as_str().ok_or_else(|| GraphError::new(100, "Param reaction.emoji must be a string."))?;
    // The longest emoji, families and flags of regions, have fewer than 16 code points.
    if emoji.chars().count() > 16 || emoji.chars().any(|c| c.is_ascii_alphabetic() || c.is_whitespace()) {
        return Err(GraphError::invalid("reaction.emoji", "not an emoji"));
    }
    let found = inspection.world.messages.get(target).filter(|message| {
        let record = &message.record;
        *record.account == *inspection.account.phone_number_id
            && *record.person == *to
            && &*record.kind != "reaction"
            && record.at > now_ms() - REACTION_MS
    });
    if found.is_none() {
        inspection.late = Some(BAD_TARGET);
    }
    Ok(emoji.to_owned())
}
