//! Checks of interactive messages (direct.md §2.4).

use std::collections::HashSet;

use serde_json::Value;

use super::carousel;
use super::errors::{Graph, GraphError};
use super::inspection::Inspection;
use super::media_kind::MediaKind;
use super::validate::{optional_text, required_text};

const BODY_LIMIT: usize = 1_024;
/// Lists may say more.
const LIST_BODY_LIMIT: usize = 4_096;
const HEADER_LIMIT: usize = 60;
const FOOTER_LIMIT: usize = 60;
const URL_LIMIT: usize = 2_000;
/// Products in one message.
const PRODUCT_LIMIT: usize = 30;

/// Checks the `interactive` object and says what the person sees. `to` is the person.
pub(super) fn check(inspection: &mut Inspection<'_>, content: &Value, to: &str) -> Graph<String> {
    let kind = required_text(content, "/type", 64)?;
    let action = content
        .get("action")
        .filter(|action| action.is_object())
        .ok_or_else(|| GraphError::missing("interactive.action"))?;
    let body_limit = if kind == "list" { LIST_BODY_LIMIT } else { BODY_LIMIT };
    let body = if kind == "product" || kind == "call_permission_request" {
        optional_text(content, "/body/text", body_limit)?.unwrap_or_default()
    } else {
        required_text(content, "/body/text", body_limit)?
    };
    header(inspection, kind, content)?;
    footer(kind, content)?;
    let choices = match kind {
        "button" => buttons(action)?,
        "list" => list(action)?,
        "cta_url" => vec![url_button(action)?],
        "flow" => vec![flow(action)?],
        "location_request_message" => {
            named(action, "send_location")?;
            vec!["Send location".to_owned()]
        }
        "address_message" => address(action, to)?,
        "product" => product(action)?,
        "product_list" => products(action)?,
        "catalog_message" => {
            named(action, "catalog_message")?;
            optional_text(action, "/parameters/thumbnail_product_retailer_id", 256)?;
            vec!["View catalogue".to_owned()]
        }
        "carousel" => carousel::cards(inspection, action)?,
        "call_permission_request" => {
            named(action, "call_permission_request")?;
            vec!["Choose preference".to_owned()]
        }
        "voice_call" => vec![voice_call(action)?],
        _ => return Err(GraphError::invalid("interactive.type", "unknown")),
    };
    let shown = choices.iter().fold(body.to_owned(), |text, choice| format!("{text}\n[{choice}]"));
    Ok(shown)
}

fn header(inspection: &mut Inspection<'_>, kind: &str, content: &Value) -> Graph<()> {
    let Some(header) = content.get("header").filter(|header| !header.is_null()) else {
        if kind == "product_list" {
            return Err(GraphError::missing("interactive.header"));
        }
        return Ok(());
    };
    if matches!(kind, "product" | "location_request_message" | "carousel") {
        return Err(GraphError::invalid("interactive.header", "this type has no header"));
    }
    let format = required_text(header, "/type", 16)?;
    if format != "text" && matches!(kind, "list" | "product_list" | "catalog_message") {
        return Err(GraphError::invalid("interactive.header", "this type has text headers only"));
    }
    picture_or_text(inspection, header, format)
}

/// Checks what a header holds: a text, a picture, a film or a document.
pub(super) fn picture_or_text(inspection: &mut Inspection<'_>, header: &Value, format: &str) -> Graph<()> {
    match format {
        "text" => required_text(header, "/text", HEADER_LIMIT).map(drop),
        "image" | "video" | "document" => {
            let medium = header.get(format).ok_or_else(|| GraphError::missing(&format!("header.{format}")))?;
            let kind = MediaKind::named(format).unwrap_or(MediaKind::Document);
            inspection.medium(kind, medium, &format!("header.{format}")).map(drop)
        }
        _ => Err(GraphError::invalid("interactive.header.type", "must be text, image, video or document")),
    }
}

fn footer(kind: &str, content: &Value) -> Graph<()> {
    let footer = optional_text(content, "/footer/text", FOOTER_LIMIT)?;
    if footer.is_some() && matches!(kind, "location_request_message" | "carousel") {
        return Err(GraphError::invalid("interactive.footer", "this type has no footer"));
    }
    Ok(())
}

/// The `name` of an action, which is fixed for each type.
pub(super) fn named(action: &Value, name: &str) -> Graph<()> {
    if required_text(action, "/name", 64)? == name {
        return Ok(());
    }
    Err(GraphError::invalid("interactive.action.name", &format!("must be {name}")))
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
        if required_text(button, "/type", 16)? != "reply" {
            return Err(GraphError::invalid("interactive.action.buttons.type", "must be reply"));
        }
        let title = required_text(button, "/reply/title", 20)?;
        if !ids.insert(required_text(button, "/reply/id", 256)?) || !titles.insert(title) {
            return Err(GraphError::invalid("interactive.action.buttons", "ids and titles must be unique"));
        }
        shown.push(title.to_owned());
    }
    Ok(shown)
}

fn sections(action: &Value) -> Graph<&Vec<Value>> {
    let sections = action
        .get("sections")
        .and_then(Value::as_array)
        .ok_or_else(|| GraphError::missing("interactive.action.sections"))?;
    if !(1..=10).contains(&sections.len()) {
        return Err(GraphError::invalid("interactive.action.sections", "between 1 and 10 sections are allowed"));
    }
    for section in sections {
        if optional_text(section, "/title", 24)?.is_none() && sections.len() > 1 {
            return Err(GraphError::missing("interactive.action.sections.title"));
        }
    }
    Ok(sections)
}

fn list(action: &Value) -> Graph<Vec<String>> {
    let mut shown = vec![required_text(action, "/button", 20)?.to_owned()];
    let mut ids = HashSet::new();
    for section in sections(action)? {
        let rows = section.get("rows").and_then(Value::as_array).filter(|rows| !rows.is_empty());
        for row in rows.ok_or_else(|| GraphError::missing("interactive.action.sections.rows"))? {
            optional_text(row, "/description", 72)?;
            if !ids.insert(required_text(row, "/id", 200)?) {
                return Err(GraphError::invalid("interactive.action.sections.rows", "ids must be unique"));
            }
            shown.push(required_text(row, "/title", 24)?.to_owned());
        }
    }
    if ids.len() > 10 {
        return Err(GraphError::invalid("interactive.action.sections.rows", "at most 10 rows are allowed in all"));
    }
    Ok(shown)
}

/// The one URL button of `cta_url`, in a message or on a card.
pub(super) fn url_button(action: &Value) -> Graph<String> {
    named(action, "cta_url")?;
    let label = required_text(action, "/parameters/display_text", 20)?;
    let url = required_text(action, "/parameters/url", URL_LIMIT)?;
    if !url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Err(GraphError::invalid("interactive.action.parameters.url", "not an http or https URL"));
    }
    Ok(label.to_owned())
}

fn flow(action: &Value) -> Graph<String> {
    named(action, "flow")?;
    if required_text(action, "/parameters/flow_message_version", 8)? != "3" {
        return Err(GraphError::invalid("interactive.action.parameters.flow_message_version", "must be 3"));
    }
    let id = optional_text(action, "/parameters/flow_id", 64)?;
    let name = optional_text(action, "/parameters/flow_name", 200)?;
    if id.is_some() == name.is_some() {
        return Err(GraphError::invalid("interactive.action.parameters", "give either flow_id or flow_name"));
    }
    let mode = optional_text(action, "/parameters/mode", 16)?;
    if mode.is_some_and(|mode| !matches!(mode, "draft" | "published")) {
        return Err(GraphError::invalid("interactive.action.parameters.mode", "must be draft or published"));
    }
    optional_text(action, "/parameters/flow_token", 200)?;
    match optional_text(action, "/parameters/flow_action", 32)?.unwrap_or("navigate") {
        "navigate" => {
            let payload = action.pointer("/parameters/flow_action_payload");
            if payload.is_some_and(|payload| payload.get("screen").and_then(Value::as_str).is_none()) {
                return Err(GraphError::missing("interactive.action.parameters.flow_action_payload.screen"));
            }
        }
        "data_exchange" => {}
        _ => {
            let why = "must be navigate or data_exchange";
            return Err(GraphError::invalid("interactive.action.parameters.flow_action", why));
        }
    }
    required_text(action, "/parameters/flow_cta", 30).map(str::to_owned)
}

/// Addresses can be asked of people in India only.
fn address(action: &Value, to: &str) -> Graph<Vec<String>> {
    named(action, "address_message")?;
    if required_text(action, "/parameters/country", 2)? != "IN" {
        return Err(GraphError::invalid("interactive.action.parameters.country", "must be IN"));
    }
    if !to.starts_with("+91") && !to.starts_with("IN.") {
        return Err(GraphError::invalid("to", "address messages reach numbers of India only"));
    }
    for (name, fits) in [("values", Value::is_object as fn(&Value) -> bool), ("saved_addresses", Value::is_array)] {
        if action.pointer("/parameters").and_then(|given| given.get(name)).is_some_and(|value| !fits(value)) {
            return Err(GraphError::invalid(&format!("interactive.action.parameters.{name}"), "of another type"));
        }
    }
    Ok(vec!["Provide address".to_owned()])
}

fn product(action: &Value) -> Graph<Vec<String>> {
    required_text(action, "/catalog_id", 64)?;
    Ok(vec![required_text(action, "/product_retailer_id", 256)?.to_owned()])
}

fn products(action: &Value) -> Graph<Vec<String>> {
    required_text(action, "/catalog_id", 64)?;
    let mut shown = Vec::new();
    for section in sections(action)? {
        let items = section.get("product_items").and_then(Value::as_array).filter(|items| !items.is_empty());
        for item in items.ok_or_else(|| GraphError::missing("interactive.action.sections.product_items"))? {
            shown.push(required_text(item, "/product_retailer_id", 256)?.to_owned());
        }
    }
    if shown.len() > PRODUCT_LIMIT {
        return Err(GraphError::invalid(
            "interactive.action.sections.product_items",
            "at most 30 products are allowed",
        ));
    }
    Ok(shown)
}

fn voice_call(action: &Value) -> Graph<String> {
    named(action, "voice_call")?;
    let minutes = action.pointer("/parameters/ttl_minutes");
    if minutes.is_some_and(|minutes| !minutes.as_i64().is_some_and(|minutes| (1..=43_200).contains(&minutes))) {
        return Err(GraphError::invalid("interactive.action.parameters.ttl_minutes", "must be 1 to 43200"));
    }
    optional_text(action, "/parameters/payload", 512)?;
    Ok(optional_text(action, "/parameters/display_text", 20)?.unwrap_or("Call").to_owned())
}
