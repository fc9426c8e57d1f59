//! The types of stored contents: which WhatsApp takes in a conversation and which as a template, and what each must look like
//! (twilio.md §2.4, §2.5).

mod table;

use serde_json::{Map, Value};

use super::errors::{Twilio, TwilioError};
pub(super) use table::ContentType;
use table::{Field, Kind, TYPES};

/// The richest of a content's types that fits, with its definition.
pub(super) fn richest(
    types: &Map<String, Value>,
    fits: impl Fn(&ContentType) -> bool,
) -> Option<(&'static ContentType, &Value)> {
    TYPES.iter().rev().filter(|known| fits(known)).find_map(|known| Some((known, types.get(known.name)?)))
}

/// Checks the `types` of a content (92001, 92008, 20422).
pub(super) fn check(types: &Map<String, Value>) -> Twilio<()> {
    for (name, definition) in types {
        if name == "twilio/button" {
            return Err(TwilioError::new(92_008, "The type twilio/button is no longer supported"));
        }
        let known = TYPES.iter().find(|known| known.name == name);
        let known = known.ok_or_else(|| TwilioError::invalid(&format!("types.{name}"), "unknown type"))?;
        let path = format!("types.{name}");
        let Value::Object(members) = definition else {
            return Err(TwilioError::invalid(&path, "not an object"));
        };
        object(&path, members, known.fields)?;
        particular(&path, name, members)?;
    }
    Ok(())
}

fn object(path: &str, members: &Map<String, Value>, fields: &[Field]) -> Twilio<()> {
    if let Some(name) = members.keys().find(|name| !fields.iter().any(|field| field.name == name.as_str())) {
        return Err(TwilioError::invalid(&format!("{path}.{name}"), "unknown property"));
    }
    for field in fields {
        let path = format!("{path}.{}", field.name);
        match members.get(field.name) {
            None | Some(Value::Null) if field.required => return Err(TwilioError::invalid(&path, "it is required")),
            None | Some(Value::Null) => {}
            Some(value) => single(&path, value, field)?,
        }
    }
    Ok(())
}

fn single(path: &str, value: &Value, field: &Field) -> Twilio<()> {
    let wrong = |why: &str| Err(TwilioError::invalid(path, why));
    match (field.kind, value) {
        (Kind::Text(_), Value::String(text)) if field.required && text.is_empty() => wrong("it is empty"),
        (Kind::Text(limit), Value::String(text)) if text.chars().count() > limit => {
            wrong(&format!("longer than {limit} characters"))
        }
        (Kind::Word(words), Value::String(text)) if !words.contains(&text.as_str()) => wrong("unknown word"),
        (Kind::Text(_) | Kind::Word(_) | Kind::Price, Value::String(_))
        | (Kind::Number | Kind::Price, Value::Number(_))
        | (Kind::Flag, Value::Bool(_)) => Ok(()),
        (Kind::Texts, Value::Array(items)) if items.iter().all(Value::is_string) => Ok(()),
        (Kind::List(fields, least, most), Value::Array(items)) => {
            if !(least..=most).contains(&items.len()) {
                return wrong(&format!("between {least} and {most} are allowed"));
            }
            items.iter().enumerate().try_for_each(|(index, item)| match item {
                Value::Object(members) => object(&format!("{path}[{index}]"), members, fields),
                _ => Err(TwilioError::invalid(&format!("{path}[{index}]"), "not an object")),
            })
        }
        _ => wrong("of the wrong kind"),
    }
}

/// Rules that concern several properties.
fn particular(path: &str, name: &str, members: &Map<String, Value>) -> Twilio<()> {
    let has = |name: &str| match members.get(name) {
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        found => found.is_some_and(|value| !value.is_null()),
    };
    let wrong = |why: &str| Err(TwilioError::invalid(path, why));
    match name {
        "twilio/media" if !has("media") => return wrong("one medium is required"),
        "twilio/card" if has("title") == has("body") => return wrong("either title or body is required"),
        "twilio/card" if !["subtitle", "media", "actions"].into_iter().any(has) => {
            return wrong("one of subtitle, media and actions is required");
        }
        "whatsapp/card" if has("header_text") && has("media") => return wrong("header_text excludes media"),
        "whatsapp/authentication" => {
            let minutes = members.get("code_expiration_minutes").and_then(Value::as_f64);
            if minutes.is_some_and(|minutes| !(1.0..=90.0).contains(&minutes)) {
                return wrong("code_expiration_minutes is 1 to 90");
            }
        }
        "twilio/location" => {
            let within = |name: &str, limit: f64| {
                members.get(name).and_then(Value::as_f64).is_some_and(|degrees| degrees.abs() <= limit)
            };
            if !within("latitude", 90.0) || !within("longitude", 180.0) {
                return wrong("not a place on earth");
            }
        }
        "twilio/carousel" => {
            let shape = |card: &Value| {
                let kinds = list(card, "actions").iter().map(|action| action.get("type").cloned());
                (card.get("title").is_some(), kinds.collect::<Vec<_>>())
            };
            let cards = members.get("cards").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            if cards.windows(2).any(|pair| matches!(pair, [one, next] if shape(one) != shape(next))) {
                return wrong("every card has the same shape");
            }
            cards.iter().enumerate().try_for_each(|(index, card)| actions(&format!("{path}.cards[{index}]"), card))?;
        }
        _ => {}
    }
    let whole = Value::Object(members.clone());
    actions(path, &whole)
}

/// What an action does decides what it needs.
fn actions(path: &str, parent: &Value) -> Twilio<()> {
    for (index, action) in list(parent, "actions").iter().enumerate() {
        let needed = match action.get("type").and_then(Value::as_str) {
            Some("URL") => "url",
            Some("PHONE_NUMBER") => "phone",
            Some("COPY_CODE") if action.get("copy_code_text").is_none() => "code",
            _ => continue,
        };
        if action.get(needed).and_then(Value::as_str).is_none_or(str::is_empty) {
            return Err(TwilioError::invalid(&format!("{path}.actions[{index}].{needed}"), "it is required"));
        }
    }
    Ok(())
}

pub(super) fn list<'a>(parent: &'a Value, name: &str) -> &'a [Value] {
    parent.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn verdict(types: Value) -> Option<u32> {
        match types {
            Value::Object(types) => check(&types).err().map(|error| error.code),
            _ => None,
        }
    }

    #[test]
    fn the_minimal_bodies_of_the_reference_pass() {
        let bodies = [
            json!({ "twilio/quick-reply": { "body": "Deliver today?", "actions": [{ "type": "QUICK_REPLY", "title": "Yes", "id": "y" }] } }),
            json!({ "twilio/list-picker": { "body": "Pick a slot", "button": "Slots", "items": [{ "id": "s1", "item": "09:00" }] } }),
            json!({ "twilio/call-to-action": { "body": "Your invoice", "actions": [{ "type": "URL", "title": "Open", "url": "https://pay.example.com/{{1}}" }] } }),
            json!({ "twilio/media": { "body": "Ticket for {{1}}", "media": ["https://cdn.example.com/{{2}}"] } }),
            json!({ "whatsapp/authentication": { "code_expiration_minutes": 10, "actions": [{ "type": "COPY_CODE", "copy_code_text": "Copy code" }] } }),
            json!({ "whatsapp/flows": { "body": "Book a visit", "button_text": "Book", "flow_id": "1197715005513101", "flow_token": "{{1}}" } }),
            json!({ "twilio/location": { "latitude": 51.5, "longitude": -0.1, "label": "Acme shop" } }),
        ];
        for body in bodies {
            assert_eq!(verdict(body.clone()), None, "{body}");
        }
    }

    #[test]
    fn what_is_missing_unknown_or_too_much_is_refused() {
        let action = json!({ "type": "QUICK_REPLY", "title": "Yes", "id": "y" });
        let card = |kind: &str| json!({ "media": "https://cdn.example.com/a.jpg", "body": "Mug", "actions": [{ "type": kind, "title": "Go", "url": "https://x.example/" }] });
        let bodies = [
            json!({ "twilio/text": { "body": "x", "footer": "y" } }),
            json!({ "twilio/text": {} }),
            json!({ "twilio/hologram": {} }),
            json!({ "twilio/quick-reply": { "body": "x", "actions": [] } }),
            json!({ "twilio/quick-reply": { "body": "x", "actions": vec![action; 11] } }),
            json!({ "twilio/list-picker": { "body": "x", "button": "b", "items": [{ "id": "1", "item": "x".repeat(25) }] } }),
            json!({ "twilio/call-to-action": { "body": "x", "actions": [{ "type": "URL", "title": "Open" }] } }),
            json!({ "twilio/card": { "title": "x" } }),
            json!({ "whatsapp/card": { "body": "x", "header_text": "h", "media": ["https://cdn.example.com/a.jpg"] } }),
            json!({ "twilio/carousel": { "body": "x", "cards": [card("URL")] } }),
            json!({ "twilio/carousel": { "body": "x", "cards": [card("URL"), card("QUICK_REPLY")] } }),
            json!({ "whatsapp/authentication": { "code_expiration_minutes": 91, "actions": [{ "type": "COPY_CODE", "copy_code_text": "Copy" }] } }),
            json!({ "twilio/location": { "latitude": 91.0, "longitude": 0.0 } }),
        ];
        for body in bodies {
            assert_eq!(verdict(body.clone()), Some(20_422), "{body}");
        }
        assert_eq!(verdict(json!({ "twilio/button": {} })), Some(92_008));
    }
}
