//! Checks a template message against the template and fills it in (direct.md §2.5).

use serde_json::Value;

use super::errors::{Graph, GraphError};
use super::inspection::Inspection;
use super::library::{Template, TemplateStatus, component, variables};
use super::media_kind::MediaKind;
use super::template_parameters::{self as parameters, mismatch};
use super::validate::{self, required_text};

/// Longest body once filled, in characters.
const FILLED_LIMIT: usize = 1_024;
/// Longest one-time code in characters.
const CODE_LIMIT: usize = 15;

/// A template message that is in order.
pub(super) struct Filled {
    /// What the person reads.
    pub(super) text: String,
    /// Category in lower case, as prices name it.
    pub(super) category: String,
}

pub(super) fn fill(inspection: &mut Inspection<'_>, content: &Value) -> Graph<Filled> {
    let name = required_text(content, "/name", 512)?;
    let language = required_text(content, "/language/code", 16)?;
    let policy = content.pointer("/language/policy").and_then(Value::as_str);
    if policy.is_some_and(|policy| policy != "deterministic") {
        return Err(GraphError::invalid("template.language.policy", "must be deterministic"));
    }
    let template = inspection.world.templates.find(&inspection.account.waba_id, name, language);
    let missing = || GraphError::new(132_001, format!("template name ({name}) does not exist in {language}"));
    let template = template.ok_or_else(missing)?;
    match template.status {
        TemplateStatus::Approved => {}
        TemplateStatus::Paused => return Err(GraphError::new(132_015, format!("template ({name}) is paused"))),
        TemplateStatus::Disabled => return Err(GraphError::new(132_016, format!("template ({name}) is disabled"))),
        _ => return Err(missing()),
    }
    let given = match content.get("components") {
        None | Some(Value::Null) => &[],
        Some(given) => given
            .as_array()
            .ok_or_else(|| GraphError::new(100, "Param template.components must be an array."))?
            .as_slice(),
    };
    known_types(given)?;
    let header = header(inspection, &template, &template.components, given)?;
    let body = body(&template, &template.components, given)?;
    offer(&template, given)?;
    carousel(inspection, &template, given)?;
    parameters::buttons(&template.components, given)?;
    if template.category == "AUTHENTICATION" {
        one_time_code(given)?;
    }
    let shown = [header, body, static_text(&template.components, "FOOTER")];
    let text = shown.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    Ok(Filled { text, category: template.category.to_lowercase() })
}

fn known_types(given: &[Value]) -> Graph<()> {
    for component in given {
        let kind = required_text(component, "/type", 64)?.to_ascii_lowercase();
        let known = ["header", "body", "button", "limited_time_offer", "carousel", "tap_target_configuration"];
        if !known.contains(&kind.as_str()) {
            return Err(GraphError::invalid("template.components.type", "unknown"));
        }
    }
    Ok(())
}

fn static_text(components: &Value, kind: &str) -> String {
    let component = component(components, kind);
    component.and_then(|component| component.get("text")).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The header of the template or of one of its cards.
fn header(inspection: &mut Inspection<'_>, template: &Template, of: &Value, given: &[Value]) -> Graph<String> {
    let given = parameters::of(parameters::of_type(given, "header"));
    let format = component(of, "HEADER").and_then(|header| header.get("format")).and_then(Value::as_str);
    let Some(format) = format else {
        return if given.is_empty() { Ok(String::new()) } else { Err(mismatch("header", given.len(), 0)) };
    };
    if format == "TEXT" {
        return parameters::filled(template.named, "header", &static_text(of, "HEADER"), given);
    }
    let kind = format.to_lowercase();
    let [parameter] = given else { return Err(mismatch("header", given.len(), 1)) };
    let wrong = || GraphError::new(132_012, format!("header: Format mismatch, expected {format}"));
    let content = parameter.get(&kind).filter(|_| parameter.get("type").and_then(Value::as_str) == Some(&*kind));
    let content = content.ok_or_else(wrong)?;
    match MediaKind::named(&kind) {
        Some(media) => drop(inspection.medium(media, content, &format!("header.{kind}"))?),
        None if kind == "gif" => drop(inspection.medium(MediaKind::Video, content, "header.gif")?),
        None if kind == "location" => {
            for member in ["/name", "/address"] {
                required_text(content, member, FILLED_LIMIT)?;
            }
            validate::location(content)?;
        }
        None => drop(required_text(content, "/product_retailer_id", 256)?),
    }
    Ok(format!("[{kind}]"))
}

fn body(template: &Template, of: &Value, given: &[Value]) -> Graph<String> {
    let given = parameters::of(parameters::of_type(given, "body"));
    let text = parameters::filled(template.named, "body", &static_text(of, "BODY"), given)?;
    if text.chars().count() > FILLED_LIMIT {
        return Err(GraphError::new(132_005, "body: the text is too long once filled"));
    }
    Ok(text)
}

/// An offer that ends needs the time of its end, in milliseconds since 1970.
fn offer(template: &Template, given: &[Value]) -> Graph<()> {
    let given = parameters::of(parameters::of_type(given, "limited_time_offer"));
    let offer = component(&template.components, "LIMITED_TIME_OFFER");
    let ends = offer.and_then(|offer| offer.pointer("/limited_time_offer/has_expiration")).and_then(Value::as_bool);
    if ends != Some(true) {
        return if given.is_empty() { Ok(()) } else { Err(mismatch("limited_time_offer", given.len(), 0)) };
    }
    let [parameter] = given else { return Err(mismatch("limited_time_offer", given.len(), 1)) };
    let time = parameter.pointer("/limited_time_offer/expiration_time_ms");
    let time = time.ok_or_else(|| GraphError::missing("limited_time_offer.expiration_time_ms"))?;
    if time.as_i64().is_none_or(|time| time <= 0) {
        return Err(GraphError::new(132_012, "limited_time_offer: expiration_time_ms must be a time in milliseconds"));
    }
    Ok(())
}

fn carousel(inspection: &mut Inspection<'_>, template: &Template, given: &[Value]) -> Graph<()> {
    let given = parameters::of_type(given, "carousel");
    let given =
        given.and_then(|given| given.get("cards")).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let cards = component(&template.components, "CAROUSEL").and_then(|carousel| carousel.get("cards"));
    let cards = cards.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if cards.len() != given.len() {
        return Err(mismatch("carousel", given.len(), cards.len()));
    }
    for (index, card) in cards.iter().enumerate() {
        let found = given.iter().find(|one| one.get("card_index").and_then(Value::as_u64) == Some(index as u64));
        let found = found.ok_or_else(|| GraphError::missing(&format!("carousel.cards: card {index}")))?;
        let components = found.get("components").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        known_types(components)?;
        let of = card.get("components").unwrap_or(&Value::Null);
        header(inspection, template, of, components)?;
        body(template, of, components)?;
        parameters::buttons(of, components)?;
    }
    Ok(())
}

/// The code goes in twice, in the body and in the button.
fn one_time_code(given: &[Value]) -> Graph<()> {
    let text = |component: Option<&Value>| {
        let first = parameters::of(component).first();
        first.and_then(|parameter| parameter.get("text")).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let code = text(parameters::of_type(given, "body"));
    if code.chars().count() > CODE_LIMIT {
        return Err(GraphError::new(132_018, "body: a code has at most 15 characters"));
    }
    if text(parameters::of_type(given, "button")) != code {
        return Err(GraphError::new(132_018, "button: the code must be the same as in the body"));
    }
    Ok(())
}

/// Whether a text has variables.
pub(super) fn is_filled(text: Option<&Value>) -> bool {
    text.and_then(Value::as_str).is_some_and(|text| !variables(text).is_empty())
}
