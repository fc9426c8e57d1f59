//! Checks of interactive messages (direct.md §2.4).

use std::collections::HashSet;

use serde_json::Value;

use super::errors::{Graph, GraphError};
use super::validate::{optional_text, required_text};

/// Types whose shape needs catalogues, calling or regional features: only their frame is checked.
const FRAME_ONLY: [&str; 9] = [
    "flow",
    "location_request_message",
    "address_message",
    "product",
    "product_list",
    "catalog_message",
    "carousel",
    "call_permission_request",
    "voice_call",
];

/// Checks the `interactive` object and says what the person sees.
pub(super) fn check(content: &Value) -> Graph<String> {
    let kind = required_text(content, "/type", 64)?;
    let action = content
        .get("action")
        .filter(|action| action.is_object())
        .ok_or_else(|| GraphError::missing("interactive.action"))?;
    let body_limit = if kind == "list" { 4_096 } else { 1_024 };
    let body = if kind == "product" {
        optional_text(content, "/body/text", body_limit)?.unwrap_or_default()
    } else {
        required_text(content, "/body/text", body_limit)?
    };
    optional_text(content, "/header/text", 60)?;
    optional_text(content, "/footer/text", 60)?;
    let choices = match kind {
        "button" => buttons(action)?,
        "list" => list(content, action)?,
        "cta_url" => {
            let label = required_text(action, "/parameters/display_text", 20)?;
            required_text(action, "/parameters/url", 2_000)?;
            vec![label.to_owned()]
        }
        _ if FRAME_ONLY.contains(&kind) => Vec::new(),
        _ => return Err(GraphError::invalid("interactive.type", "unknown")),
    };
    let shown = choices.iter().fold(body.to_owned(), |text, choice| format!("{text}\n[{choice}]"));
    Ok(shown)
}

fn buttons(action: &Value) -> Graph<Vec<String>> {
    let buttons = action
        .get("buttons")
        .and_then(Value::as_array)
        .ok_or_else(|| GraphError::missing("interactive.action.buttons"))?;
    if !(1..=3).contains(&buttons.len()) {
        return Err(GraphError::invalid("interactive.action.buttons", "between 1 and 3 buttons are allowed"));
    }
    let (mut ids, mut titles) = (HashSet::new(), HashSet::new());
    let mut shown = Vec::with_capacity(buttons.len());
    for button in buttons {
        let title = required_text(button, "/reply/title", 20)?;
        if !ids.insert(required_text(button, "/reply/id", 256)?) || !titles.insert(title) {
            return Err(GraphError::invalid("interactive.action.buttons", "ids and titles must be unique"));
        }
        shown.push(title.to_owned());
    }
    Ok(shown)
}

fn list(content: &Value, action: &Value) -> Graph<Vec<String>> {
    if content.pointer("/header/type").and_then(Value::as_str).is_some_and(|kind| kind != "text") {
        return Err(GraphError::invalid("interactive.header", "lists have text headers only"));
    }
    let label = required_text(action, "/button", 20)?;
    let sections = action
        .get("sections")
        .and_then(Value::as_array)
        .ok_or_else(|| GraphError::missing("interactive.action.sections"))?;
    if !(1..=10).contains(&sections.len()) {
        return Err(GraphError::invalid("interactive.action.sections", "between 1 and 10 sections are allowed"));
    }
    let mut ids = HashSet::new();
    let mut shown = vec![label.to_owned()];
    for section in sections {
        let title = optional_text(section, "/title", 24)?;
        if sections.len() > 1 && title.is_none() {
            return Err(GraphError::missing("interactive.action.sections.title"));
        }
        for row in section.get("rows").and_then(Value::as_array).into_iter().flatten() {
            optional_text(row, "/description", 72)?;
            if !ids.insert(required_text(row, "/id", 200)?) {
                return Err(GraphError::invalid("interactive.action.sections.rows", "ids must be unique"));
            }
            shown.push(required_text(row, "/title", 24)?.to_owned());
        }
    }
    if !(1..=10).contains(&ids.len()) {
        return Err(GraphError::invalid(
            "interactive.action.sections.rows",
            "between 1 and 10 rows are allowed in all",
        ));
    }
    Ok(shown)
}
