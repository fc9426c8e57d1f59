//! Whether the buttons of a template are as Meta wants them (direct.md §2.8).

use serde_json::Value;

use super::errors::Graph;
use super::library::{component, variables};
use super::template_form::{content, too_long};

const BUTTONS: usize = 10;
const TEXT_LIMIT: usize = 25;
const URL_LIMIT: usize = 2_000;
const PHONE_LIMIT: usize = 20;
const CODE_LIMIT: usize = 20;

/// Types of buttons, and how many of each a template may have.
const TYPES: [(&str, usize); 12] = [
    ("QUICK_REPLY", 10),
    ("URL", 2),
    ("PHONE_NUMBER", 1),
    ("COPY_CODE", 1),
    ("FLOW", 1),
    ("CATALOG", 1),
    ("MPM", 1),
    ("SPM", 1),
    ("VOICE_CALL", 1),
    ("REQUEST_CONTACT_INFO", 1),
    ("APP", 1),
    ("CALL_PERMISSION_REQUEST", 1),
];

/// The types of the buttons of a component, in their order.
pub(super) fn types(part: &Value) -> impl Iterator<Item = &str> {
    let buttons = part.get("buttons").and_then(Value::as_array).into_iter().flatten();
    buttons.map(|button| button.get("type").and_then(Value::as_str).unwrap_or_default())
}

/// Whether a template has a button of this type.
pub(super) fn has(components: &Value, kind: &str) -> bool {
    component(components, "BUTTONS").is_some_and(|part| types(part).any(|found| found == kind))
}

/// Checks a `BUTTONS` component, types in capitals.
pub(super) fn check(part: &Value) -> Graph<()> {
    let found: Vec<&str> = types(part).collect();
    if !(1..=BUTTONS).contains(&found.len()) {
        return Err(content("A template has 1 to 10 buttons."));
    }
    for (kind, limit) in TYPES {
        if found.iter().filter(|other| **other == kind).count() > limit {
            return Err(content(format!("A template may have {limit} button(s) of the type {kind}.")));
        }
    }
    let replies: Vec<usize> =
        found.iter().enumerate().filter(|(_, kind)| **kind == "QUICK_REPLY").map(|(place, _)| place).collect();
    if replies.windows(2).any(|pair| matches!(pair, [one, next] if next - one > 1)) {
        return Err(content("Quick replies must stand together."));
    }
    part.get("buttons").and_then(Value::as_array).into_iter().flatten().try_for_each(button)
}

fn button(button: &Value) -> Graph<()> {
    let text = |member: &str| button.get(member).and_then(Value::as_str).unwrap_or_default();
    let kind = text("type");
    if !TYPES.iter().any(|(known, _)| *known == kind) {
        return Err(content(format!("There is no button of the type {kind}.")));
    }
    // These two have labels of Meta's own.
    if !matches!(kind, "COPY_CODE" | "REQUEST_CONTACT_INFO") {
        within(text("text"), TEXT_LIMIT, "Button")?;
    }
    match kind {
        "URL" => url(button, text("url")),
        "PHONE_NUMBER" => {
            let number = text("phone_number");
            within(number, PHONE_LIMIT, "Phone number")?;
            if !number.chars().all(|c| c.is_ascii_digit() || "+ -()".contains(c)) {
                return Err(content("The phone number of a button has digits only."));
            }
            Ok(())
        }
        "COPY_CODE" => {
            let example = button.get("example");
            let example = example.and_then(|one| one.as_str().or_else(|| one.get(0).and_then(Value::as_str)));
            within(example.unwrap_or_default(), CODE_LIMIT, "Offer code")
        }
        "FLOW" => {
            let named = ["flow_id", "flow_name", "flow_json"].iter().filter(|member| button.get(**member).is_some());
            if named.count() != 1 {
                return Err(content("A flow button names its flow by one of flow_id, flow_name and flow_json."));
            }
            let action = text("flow_action");
            if !matches!(action, "" | "navigate" | "data_exchange" | "NAVIGATE" | "DATA_EXCHANGE") {
                return Err(content("flow_action must be navigate or data_exchange."));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// A URL may have one variable, at its end, and then needs an example.
fn url(button: &Value, url: &str) -> Graph<()> {
    within(url, URL_LIMIT, "URL")?;
    let found = variables(url);
    let plain = url.split("{{").next().unwrap_or_default();
    if !url::Url::parse(plain).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
        return Err(content("The URL of a button is not valid."));
    }
    if found.is_empty() {
        return Ok(());
    }
    if found.len() > 1 || !url.ends_with("}}") {
        return Err(content("The URL of a button may have one variable, at its end."));
    }
    let example = button.get("example");
    let given = example.and_then(|one| one.as_str().or_else(|| one.get(0).and_then(Value::as_str)));
    if given.is_none_or(str::is_empty) {
        return Err(content("The URL of a button has a variable and therefore needs an example."));
    }
    Ok(())
}

fn within(text: &str, limit: usize, what: &str) -> Graph<()> {
    match text.chars().count() {
        0 => Err(content(format!("{what} text is missing."))),
        count if count > limit => Err(too_long(what, limit)),
        _ => Ok(()),
    }
}
