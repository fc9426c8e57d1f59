//! Parameters of template messages: texts for variables, and what buttons need (direct.md §2.5).

use serde_json::Value;

use super::errors::{Graph, GraphError};
use super::library::{component, variables};
use super::template_message::is_filled;

/// Longest payload of a quick reply in characters.
const PAYLOAD_LIMIT: usize = 256;
/// Longest coupon code in characters.
const COUPON_LIMIT: usize = 20;

/// The first component of this type, in either case.
pub(super) fn of_type<'a>(given: &'a [Value], kind: &str) -> Option<&'a Value> {
    given.iter().find(|component| {
        component.get("type").and_then(Value::as_str).is_some_and(|found| found.eq_ignore_ascii_case(kind))
    })
}

/// The parameters of a component.
pub(super) fn of(component: Option<&Value>) -> &[Value] {
    let parameters = component.and_then(|component| component.get("parameters")).and_then(Value::as_array);
    parameters.map(Vec::as_slice).unwrap_or_default()
}

/// More or fewer parameters than the template has room for.
pub(super) fn mismatch(place: &str, given: usize, wanted: usize) -> GraphError {
    let details = format!(
        "{place}: number of localizable_params ({given}) does not match the expected number of params ({wanted})"
    );
    GraphError::new(132_000, details)
}

/// A text with its variables filled in, by name or by number.
pub(super) fn filled(named: bool, place: &str, pattern: &str, parameters: &[Value]) -> Graph<String> {
    let mut wanted = variables(pattern);
    if wanted.len() != parameters.len() {
        return Err(mismatch(place, parameters.len(), wanted.len()));
    }
    // The first parameter is for the variable 1, wherever it stands in the text.
    wanted.sort_by_key(|name| name.parse::<usize>().unwrap_or_default());
    let mut values = Vec::with_capacity(wanted.len());
    for (i, variable) in wanted.iter().enumerate() {
        let name_of = |parameter: &Value| parameter.get("parameter_name").and_then(Value::as_str).map(str::to_owned);
        let parameter = if named {
            parameters.iter().find(|parameter| name_of(parameter).as_deref() == Some(variable))
        } else {
            parameters.get(i).filter(|parameter| name_of(parameter).is_none())
        };
        let parameter = parameter
            .ok_or_else(|| GraphError::new(132_012, format!("{place}: no parameter for {{{{{variable}}}}}")))?;
        values.push((*variable, value_of(place, parameter)?));
    }
    Ok(replaced(pattern, &values))
}

/// The pattern with values instead of variables. Values are not searched again: they may look like variables.
fn replaced(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut pieces = pattern.split("{{");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let found = piece.split_once("}}").and_then(|(name, rest)| {
            values.iter().find(|(known, _)| *known == name.trim()).map(|(_, value)| (*value, rest))
        });
        match found {
            Some((value, rest)) => text.extend([value, rest]),
            None => text.extend(["{{", piece]),
        }
    }
    text
}

fn value_of<'a>(place: &str, parameter: &'a Value) -> Graph<&'a str> {
    let pointer = match parameter.get("type").and_then(Value::as_str) {
        Some("text") | None => "/text",
        Some("currency") => "/currency/fallback_value",
        Some("date_time") => "/date_time/fallback_value",
        Some(other) => {
            return Err(GraphError::new(132_012, format!("{place}: a parameter of type {other} does not belong here")));
        }
    };
    let value = parameter.pointer(pointer).and_then(Value::as_str).filter(|value| !value.is_empty());
    let value =
        value.ok_or_else(|| GraphError::missing(&format!("{place}.parameters{}", pointer.replace('/', "."))))?;
    if value.contains(['\n', '\r', '\t']) || value.contains("     ") {
        return Err(GraphError::new(132_018, format!("{place}: no new lines, tabs or more than four spaces in a row")));
    }
    Ok(value)
}

/// Checks the button components against the buttons of a template or of one of its cards.
pub(super) fn buttons(components: &Value, given: &[Value]) -> Graph<()> {
    let buttons = component(components, "BUTTONS").and_then(|component| component.get("buttons"));
    let buttons = buttons.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for component in given.iter().filter(|component| of_type(std::slice::from_ref(component), "button").is_some()) {
        let index = index_of(component).ok_or_else(|| GraphError::missing("template.components.index"))?;
        let button = buttons.get(index);
        let button =
            button.ok_or_else(|| GraphError::new(132_012, format!("button: the template has no button {index}")))?;
        let (sub_type, _) = wanted(button);
        let named = component.get("sub_type").and_then(Value::as_str).unwrap_or_default();
        if !named.eq_ignore_ascii_case(sub_type) {
            let details = format!("button {index}: Format mismatch, expected sub_type {sub_type}, got {named}");
            return Err(GraphError::new(132_012, details));
        }
    }
    for (index, button) in buttons.iter().enumerate() {
        let is_this = |component: &&Value| {
            of_type(std::slice::from_ref(component), "button").is_some() && index_of(component) == Some(index)
        };
        let parameters = of(given.iter().find(is_this));
        let (sub_type, needed) = wanted(button);
        match parameters {
            [] if needed => {
                return Err(GraphError::missing(&format!("template.components: button {index} of type {sub_type}")));
            }
            [] => {}
            [parameter] => check(index, sub_type, needed, parameter)?,
            more => return Err(mismatch(&format!("button {index}"), more.len(), usize::from(needed))),
        }
    }
    Ok(())
}

/// A number, or a text with one.
fn index_of(component: &Value) -> Option<usize> {
    let index = component.get("index")?;
    index.as_u64().and_then(|index| usize::try_from(index).ok()).or_else(|| index.as_str()?.parse().ok())
}

/// The `sub_type` for a button of the template, and whether it needs a parameter.
fn wanted(button: &Value) -> (&'static str, bool) {
    match button.get("type").and_then(Value::as_str).unwrap_or_default() {
        "URL" => ("url", is_filled(button.get("url"))),
        "QUICK_REPLY" => ("quick_reply", false),
        "COPY_CODE" => ("copy_code", true),
        "FLOW" => ("flow", false),
        "CATALOG" => ("catalog", false),
        "MPM" => ("mpm", true),
        "SPM" => ("spm", false),
        "PHONE_NUMBER" => ("phone_number", false),
        "VOICE_CALL" => ("voice_call", false),
        "REQUEST_CONTACT_INFO" => ("request_contact_info", false),
        _ => ("", false),
    }
}

fn check(index: usize, sub_type: &str, needed: bool, parameter: &Value) -> Graph<()> {
    let place = format!("button {index}");
    let of_kind = |kind: &str| -> Graph<()> {
        if parameter.get("type").and_then(Value::as_str) == Some(kind) {
            return Ok(());
        }
        Err(GraphError::new(132_012, format!("{place}: Format mismatch, expected a parameter of type {kind}")))
    };
    let text = |pointer: &str, limit: usize| -> Graph<()> {
        let text = parameter.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| GraphError::missing(&format!("{place}{}", pointer.replace('/', "."))))?;
        if text.chars().count() > limit {
            return Err(GraphError::too_long(&format!("{place}{}", pointer.replace('/', ".")), limit));
        }
        Ok(())
    };
    match sub_type {
        "url" if needed => of_kind("text").and_then(|()| text("/text", 2_000)),
        "quick_reply" => of_kind("payload").and_then(|()| text("/payload", PAYLOAD_LIMIT)),
        "copy_code" => of_kind("coupon_code").and_then(|()| text("/coupon_code", COUPON_LIMIT)),
        "flow" | "catalog" | "spm" => of_kind("action"),
        "mpm" => {
            of_kind("action")?;
            let sections = parameter.pointer("/action/sections").and_then(Value::as_array);
            let products = sections.into_iter().flatten().filter_map(|section| section.get("product_items"));
            match products.filter_map(Value::as_array).map(Vec::len).sum::<usize>() {
                1..=30 => Ok(()),
                0 => Err(GraphError::missing(&format!("{place}.action.sections"))),
                _ => Err(GraphError::invalid(&format!("{place}.action.sections"), "at most 30 products are allowed")),
            }
        }
        "voice_call" => of_kind("ttl_minutes").or_else(|_| of_kind("payload")),
        _ => Err(mismatch(&place, 1, 0)),
    }
}
