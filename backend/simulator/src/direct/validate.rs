//! Checks of free-form messages (direct.md §2.3, §2.4), and the text that the virtual phone shows for them.

use serde_json::Value;

use super::errors::{Graph, GraphError};
use super::interactive;

const BODY_LIMIT: usize = 4_096;
const CAPTION_LIMIT: usize = 1_024;
const CARDS_LIMIT: usize = 257;

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
pub(super) fn free_form(kind: &str, content: &Value) -> Graph<String> {
    match kind {
        "text" => text(content),
        "image" | "video" | "document" | "audio" | "sticker" => media(kind, content),
        "location" => location(content),
        "contacts" => contacts(content),
        "reaction" => reaction(content),
        "interactive" => interactive::check(content),
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

fn text(content: &Value) -> Graph<String> {
    required_text(content, "/body", BODY_LIMIT).map(str::to_owned)
}

/// A medium names exactly one of `id` and `link`.
pub(super) fn one_source(content: &Value, name: &str) -> Graph<()> {
    let id = content.get("id").and_then(Value::as_str).is_some_and(|id| !id.is_empty());
    let link = content.get("link").and_then(Value::as_str);
    match (id, link) {
        (true, None) => Ok(()),
        (false, Some(link)) if url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) => {
            Ok(())
        }
        (false, Some(_)) => Err(GraphError::invalid(&format!("{name}.link"), "not an http or https URL")),
        (true, Some(_)) => Err(GraphError::invalid(name, "give either id or link")),
        (false, None) => Err(GraphError::missing(&format!("{name}.id"))),
    }
}

fn media(kind: &str, content: &Value) -> Graph<String> {
    one_source(content, kind)?;
    let caption = optional_text(content, "/caption", CAPTION_LIMIT)?;
    if caption.is_some() && matches!(kind, "audio" | "sticker") {
        return Err(GraphError::new(100, format!("Param caption is not allowed for {kind}.")));
    }
    Ok(caption.map_or_else(|| format!("[{kind}]"), |caption| format!("[{kind}] {caption}")))
}

fn location(content: &Value) -> Graph<String> {
    for (name, limit) in [("latitude", 90.0), ("longitude", 180.0)] {
        let value = content.get(name).ok_or_else(|| GraphError::missing(&format!("location.{name}")))?;
        let degrees = value.as_f64().or_else(|| value.as_str().and_then(|text| text.parse().ok()));
        if degrees.is_none_or(|degrees: f64| degrees.abs() > limit) {
            return Err(GraphError::invalid(&format!("location.{name}"), "not a number of degrees"));
        }
    }
    let name = content.get("name").and_then(Value::as_str);
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
    }
    Ok(format!("[contacts] {}", names.join(", ")))
}

fn reaction(content: &Value) -> Graph<String> {
    required_text(content, "/message_id", BODY_LIMIT)?;
    let emoji = optional_text(content, "/emoji", 32)?.unwrap_or_default();
    Ok(emoji.to_owned())
}
