//! Checks a template message against the template and fills it in (direct.md §2.5).

use serde_json::Value;

use super::errors::{Graph, GraphError};
use super::library::{Template, variables};
use super::validate::{one_source, required_text};
use crate::accounts::DirectAccount;
use crate::ids::now_ms;
use crate::state::World;

/// Longest body once filled, in characters (direct.md §2.5).
const FILLED_LIMIT: usize = 1_024;

/// A template message that is in order.
pub(super) struct Filled {
    /// What the person reads.
    pub(super) text: String,
    /// Category in lower case, as prices name it.
    pub(super) category: String,
}

pub(super) fn fill(world: &World, account: &DirectAccount, content: &Value) -> Graph<Filled> {
    let name = required_text(content, "/name", 512)?;
    let language = required_text(content, "/language/code", 16)?;
    let template = world.templates.find(&account.waba_id, name, language);
    let template = template
        .filter(|template| template.status(now_ms()) == "APPROVED")
        .ok_or_else(|| GraphError::new(132_001, format!("template name ({name}) does not exist in {language}")))?;
    let given = content.get("components").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let header = header(&template, given)?;
    let body = body(&template, given)?;
    buttons(&template, given)?;
    let shown = [header, body, static_text(&template, "FOOTER")];
    let text = shown.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    Ok(Filled { text, category: template.category.to_lowercase() })
}

fn of_type<'a>(given: &'a [Value], kind: &str) -> Option<&'a Value> {
    given.iter().find(|component| {
        component.get("type").and_then(Value::as_str).is_some_and(|found| found.eq_ignore_ascii_case(kind))
    })
}

fn parameters(component: Option<&Value>) -> &[Value] {
    component
        .and_then(|component| component.get("parameters"))
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}

fn static_text(template: &Template, kind: &str) -> String {
    let component = template.component(kind);
    component.and_then(|component| component.get("text")).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn header(template: &Template, given: &[Value]) -> Graph<String> {
    let parameters = parameters(of_type(given, "header"));
    let Some(format) = template.component("HEADER").and_then(|header| header.get("format")).and_then(Value::as_str)
    else {
        return if parameters.is_empty() { Ok(String::new()) } else { Err(mismatch("header", parameters.len(), 0)) };
    };
    if format == "TEXT" {
        return filled_text(template, "header", &static_text(template, "HEADER"), parameters);
    }
    let kind = format.to_lowercase();
    let [parameter] = parameters else { return Err(mismatch("header", parameters.len(), 1)) };
    let medium = parameter.get(&kind).filter(|_| parameter.get("type").and_then(Value::as_str) == Some(&*kind));
    let medium =
        medium.ok_or_else(|| GraphError::new(132_012, format!("header: Format mismatch, expected {format}")))?;
    if kind != "location" {
        one_source(medium, &kind)?;
    }
    Ok(format!("[{kind}]"))
}

fn body(template: &Template, given: &[Value]) -> Graph<String> {
    let text = filled_text(template, "body", &static_text(template, "BODY"), parameters(of_type(given, "body")))?;
    if text.chars().count() > FILLED_LIMIT {
        return Err(GraphError::new(132_005, "body: the text is too long once filled"));
    }
    Ok(text)
}

fn filled_text(template: &Template, place: &str, pattern: &str, parameters: &[Value]) -> Graph<String> {
    let wanted = variables(pattern);
    if wanted.len() != parameters.len() {
        return Err(mismatch(place, parameters.len(), wanted.len()));
    }
    let mut text = pattern.to_owned();
    for (i, variable) in wanted.iter().enumerate() {
        let parameter = if template.named {
            parameters
                .iter()
                .find(|parameter| parameter.get("parameter_name").and_then(Value::as_str) == Some(variable))
        } else {
            parameters.get(i).filter(|parameter| parameter.get("parameter_name").is_none())
        };
        let parameter = parameter
            .ok_or_else(|| GraphError::new(132_012, format!("{place}: no parameter for {{{{{variable}}}}}")))?;
        let value = value_of(place, parameter)?;
        text = text.replace(&format!("{{{{{variable}}}}}"), value);
    }
    Ok(text)
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
    let value = value.ok_or_else(|| GraphError::missing(&format!("{place}.parameters{pointer}")))?;
    if value.contains(['\n', '\r', '\t']) || value.contains("     ") {
        return Err(GraphError::new(132_018, format!("{place}: no new lines, tabs or more than four spaces in a row")));
    }
    Ok(value)
}

fn buttons(template: &Template, given: &[Value]) -> Graph<()> {
    let buttons =
        template.component("BUTTONS").and_then(|component| component.get("buttons")).and_then(Value::as_array);
    for (index, button) in buttons.into_iter().flatten().enumerate() {
        let wanted = match button.get("type").and_then(Value::as_str) {
            Some("URL") if button.get("url").and_then(Value::as_str).is_some_and(|url| !variables(url).is_empty()) => {
                ("url", "/text")
            }
            Some("COPY_CODE") => ("copy_code", "/coupon_code"),
            _ => continue,
        };
        let (sub_type, pointer) = wanted;
        let found = given.iter().find(|component| is_button(component, sub_type, index));
        let value = parameters(found).first().and_then(|parameter| parameter.pointer(pointer)).and_then(Value::as_str);
        if value.is_none_or(str::is_empty) {
            return Err(GraphError::missing(&format!("template.components: button {index} of type {sub_type}")));
        }
    }
    Ok(())
}

fn is_button(component: &Value, sub_type: &str, index: usize) -> bool {
    let text = |name: &str| component.get(name).and_then(Value::as_str);
    let found = component.get("index").and_then(Value::as_u64).map(|index| index.to_string());
    let found = found.or_else(|| text("index").map(str::to_owned));
    text("type").is_some_and(|kind| kind.eq_ignore_ascii_case("button"))
        && text("sub_type").is_some_and(|kind| kind.eq_ignore_ascii_case(sub_type))
        && found == Some(index.to_string())
}

fn mismatch(place: &str, given: usize, wanted: usize) -> GraphError {
    GraphError::new(
        132_000,
        format!(
            "{place}: number of localizable_params ({given}) does not match the expected number of params ({wanted})"
        ),
    )
}
