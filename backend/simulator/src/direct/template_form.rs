//! Whether the components of a template are as Meta wants them (direct.md §2.8). Types are read in either case and kept in capitals.

use serde_json::Value;

use super::errors::{Graph, GraphError};
use super::library::{component, variables};
use super::template_buttons;
use super::uploads::is_handle;

/// Subcodes of the form errors (direct.md §5).
pub(super) const CONTENT: u32 = 2_388_039;
const TOO_LONG: u32 = 2_388_040;
const MISSING_EXAMPLE: u32 = 2_388_043;
const HEADER: u32 = 2_388_047;
const BODY: u32 = 2_388_072;
const FOOTER: u32 = 2_388_073;
const TOO_MANY_VARIABLES: u32 = 2_388_293;
const VARIABLE_AT_EDGE: u32 = 2_388_299;

const HEADER_LIMIT: usize = 60;
const BODY_LIMIT: usize = 1_024;
/// With a limited-time offer.
const OFFER_BODY_LIMIT: usize = 600;
const FOOTER_LIMIT: usize = 60;
const OFFER_LIMIT: usize = 16;
const CARD_BODY_LIMIT: usize = 160;

/// What the components belong to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form<'a> {
    /// `UTILITY`, `MARKETING` or `AUTHENTICATION`.
    pub(super) category: &'a str,
    pub(super) named: bool,
}

/// The components with their types in capitals.
pub(super) fn capitals(components: &Value) -> Value {
    let mut components = components.clone();
    for component in components.as_array_mut().into_iter().flatten() {
        for member in ["type", "format"] {
            raise(component, member);
        }
        for button in list_mut(component, "buttons") {
            raise(button, "type");
            raise(button, "otp_type");
        }
        for card in list_mut(component, "cards") {
            if let Some(inner) = card.get_mut("components") {
                *inner = capitals(inner);
            }
        }
    }
    components
}

fn raise(object: &mut Value, member: &str) {
    if let Some(Value::String(text)) = object.get_mut(member) {
        *text = text.to_uppercase();
    }
}

fn list_mut<'a>(object: &'a mut Value, member: &str) -> impl Iterator<Item = &'a mut Value> {
    object.get_mut(member).and_then(Value::as_array_mut).into_iter().flatten()
}

/// Checks all components of a template that is not an authentication template.
pub(super) fn check(form: Form<'_>, components: &Value) -> Graph<()> {
    let list = components.as_array().filter(|list| !list.is_empty());
    let list = list.ok_or_else(|| GraphError::new(100, "The parameter components is required."))?;
    let offer = component(components, "LIMITED_TIME_OFFER");
    let carousel = component(components, "CAROUSEL");
    let mut seen = Vec::new();
    for part in list {
        let kind = part.get("type").and_then(Value::as_str).unwrap_or_default();
        if seen.contains(&kind) {
            return Err(content(format!("There is more than one component of the type {kind}.")));
        }
        seen.push(kind);
        match kind {
            "HEADER" => header(form, part)?,
            "BODY" => body(form, part, if offer.is_some() { OFFER_BODY_LIMIT } else { BODY_LIMIT })?,
            "FOOTER" => footer(part, offer.is_some())?,
            "BUTTONS" => template_buttons::check(part)?,
            "LIMITED_TIME_OFFER" => limited_offer(form, part)?,
            "CAROUSEL" => cards(form, part)?,
            "CALL_PERMISSION_REQUEST" => {}
            _ => return Err(GraphError::new(100, format!("Param components has the unknown type {kind}."))),
        }
    }
    if !seen.contains(&"BODY") {
        return Err(GraphError::template(BODY, "Message body is missing", "A message template needs a body."));
    }
    if carousel.is_some() && seen.iter().any(|kind| !matches!(*kind, "BODY" | "CAROUSEL")) {
        return Err(content("A carousel stands next to a body only."));
    }
    let product =
        component(components, "HEADER").and_then(|header| header.get("format")) == Some(&Value::from("PRODUCT"));
    if template_buttons::has(components, "SPM") && !product {
        return Err(content("A button of the type SPM needs a header of the format PRODUCT."));
    }
    Ok(())
}

fn header(form: Form<'_>, part: &Value) -> Graph<()> {
    let format = part.get("format").and_then(Value::as_str).unwrap_or_default();
    match format {
        "TEXT" => {
            let text = text_of(part, HEADER_LIMIT, "Header")?;
            if text.contains(['\n', '*', '~', '`']) {
                let message = "The header text can't have new lines or formatting characters.";
                return Err(GraphError::template(HEADER, "Message header format is incorrect", message));
            }
            let variables = checked_variables(form, text, HEADER)?;
            if variables.len() > 1 {
                let message = "The header text may have one variable.";
                return Err(GraphError::template(HEADER, "Message header format is incorrect", message));
            }
            examples(form, part, "header_text", &variables)
        }
        "IMAGE" | "VIDEO" | "DOCUMENT" => handle(part),
        "GIF" if form.category == "MARKETING" => handle(part),
        "LOCATION" | "PRODUCT" => Ok(()),
        _ => Err(GraphError::template(
            HEADER,
            "Message header format is incorrect",
            format!("The header format {format} cannot be used here."),
        )),
    }
}

/// A header with a file needs a sample.
fn handle(part: &Value) -> Graph<()> {
    let handle = part.pointer("/example/header_handle/0").and_then(Value::as_str).unwrap_or_default();
    if handle.is_empty() {
        return Err(missing_example("HEADER"));
    }
    if !is_handle(handle) && !handle.starts_with("https://") {
        let message = "The sample of the header is not a handle of an uploaded file.";
        return Err(GraphError::template(HEADER, "Message header format is incorrect", message));
    }
    Ok(())
}

fn body(form: Form<'_>, part: &Value, limit: usize) -> Graph<()> {
    let text = text_of(part, limit, "Body")?;
    let variables = checked_variables(form, text, BODY)?;
    if variables.is_empty() {
        return Ok(());
    }
    let trimmed = text.trim();
    if trimmed.starts_with("{{") || trimmed.ends_with("}}") {
        let message = "Variables can't be at the start or end of the template.";
        return Err(GraphError::template(VARIABLE_AT_EDGE, "Leading or trailing params", message));
    }
    let words = plain(text).split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
    if words < variables.len() {
        let message = "This template has too many variables for its length. Reduce the variables or lengthen the text.";
        return Err(GraphError::template(TOO_MANY_VARIABLES, "Too many variables", message));
    }
    examples(form, part, "body_text", &variables)
}

fn footer(part: &Value, offer: bool) -> Graph<()> {
    let text = text_of(part, FOOTER_LIMIT, "Footer")?;
    if offer {
        return Err(content("A limited-time offer has no footer."));
    }
    if text.contains("{{") || text.contains('\n') {
        let message = "The footer can't have variables or new lines.";
        return Err(GraphError::template(FOOTER, "Message footer format is incorrect", message));
    }
    Ok(())
}

fn limited_offer(form: Form<'_>, part: &Value) -> Graph<()> {
    if form.category != "MARKETING" {
        return Err(content("Limited-time offers are for marketing templates only."));
    }
    let offer = part.get("limited_time_offer").ok_or_else(|| content("The offer is missing."))?;
    text_of(offer, OFFER_LIMIT, "Offer").map(drop)
}

/// All cards have components of the same types with the same buttons.
fn cards(form: Form<'_>, part: &Value) -> Graph<()> {
    if form.category != "MARKETING" {
        return Err(content("Carousels are for marketing templates only."));
    }
    let cards = part.get("cards").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    if !(2..=10).contains(&cards.len()) {
        return Err(content("A carousel has 2 to 10 cards."));
    }
    let mut shapes = Vec::with_capacity(cards.len());
    for card in cards {
        let components = card.get("components").unwrap_or(&Value::Null);
        let mut shape = Vec::new();
        for part in components.as_array().into_iter().flatten() {
            let kind = part.get("type").and_then(Value::as_str).unwrap_or_default();
            match kind {
                "HEADER" => {
                    let format = part.get("format").and_then(Value::as_str).unwrap_or_default();
                    if !matches!(format, "IMAGE" | "VIDEO" | "PRODUCT") {
                        return Err(content("The header of a card is an image, a video or a product."));
                    }
                    header(form, part)?;
                    shape.push(format);
                }
                "BODY" => body(form, part, CARD_BODY_LIMIT)?,
                "BUTTONS" => {
                    template_buttons::check(part)?;
                    shape.extend(template_buttons::types(part));
                }
                _ => return Err(content(format!("A card cannot have a component of the type {kind}."))),
            }
            shape.push(kind);
        }
        if component(components, "HEADER").is_none() {
            return Err(content("Every card needs a header."));
        }
        shapes.push(shape);
    }
    if shapes.windows(2).any(|pair| matches!(pair, [one, other] if one != other)) {
        return Err(content("All cards must have the same components and buttons."));
    }
    Ok(())
}

fn text_of<'a>(part: &'a Value, limit: usize, what: &str) -> Graph<&'a str> {
    let text = part.get("text").and_then(Value::as_str).unwrap_or_default();
    if text.is_empty() {
        return Err(content(format!("{what} text is missing.")));
    }
    if text.chars().count() > limit {
        return Err(too_long(what, limit));
    }
    Ok(text)
}

/// The variables of a text: numbered from 1 without a gap, or names in lower case.
fn checked_variables<'a>(form: Form<'_>, text: &'a str, subcode: u32) -> Graph<Vec<&'a str>> {
    let found = variables(text);
    let is_name = |name: &&str| {
        !name.is_empty()
            && !name.starts_with(|c: char| c.is_ascii_digit())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let mut numbers: Vec<usize> = found.iter().filter_map(|name| name.parse().ok()).collect();
    numbers.sort_unstable();
    let in_order = numbers.len() == found.len() && numbers.iter().zip(1..).all(|(number, place)| *number == place);
    let right = if form.named { found.iter().all(is_name) } else { in_order };
    if right && text.matches("{{").count() == text.matches("}}").count() {
        return Ok(found);
    }
    let message = if form.named {
        "Variables of named templates have names of lower-case letters, digits and underscores."
    } else {
        "Variables must be whole numbers in double braces that count from 1."
    };
    Err(GraphError::template(subcode, "Invalid variables", message))
}

/// Every variable needs an example.
fn examples(form: Form<'_>, part: &Value, member: &str, variables: &[&str]) -> Graph<()> {
    if variables.is_empty() {
        return Ok(());
    }
    let kind = part.get("type").and_then(Value::as_str).unwrap_or_default();
    let example = part.get("example").ok_or_else(|| missing_example(kind))?;
    let complete = if form.named {
        let given = example.get(format!("{member}_named_params")).and_then(Value::as_array);
        let given: Vec<&str> =
            given.into_iter().flatten().filter_map(|one| one.get("param_name").and_then(Value::as_str)).collect();
        given.len() == variables.len() && variables.iter().all(|name| given.contains(name))
    } else {
        let given = example.get(member).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        // The body's examples are a list of lists; its only list may stand by itself.
        let given = match given {
            [Value::Array(inner), ..] => inner.as_slice(),
            plain => plain,
        };
        given.len() == variables.len() && given.iter().all(|one| one.as_str().is_some_and(|one| !one.is_empty()))
    };
    if complete { Ok(()) } else { Err(missing_example(kind)) }
}

fn missing_example(kind: &str) -> GraphError {
    let message = format!("Component of type {kind} is missing expected field(s) (example).");
    GraphError::template(MISSING_EXAMPLE, "Message template components param is missing expected fields", message)
}

pub(super) fn content(message: impl Into<String>) -> GraphError {
    GraphError::template(CONTENT, "Message template content is not allowed", message)
}

pub(super) fn too_long(what: &str, limit: usize) -> GraphError {
    let message = format!("{what} text may have {limit} characters.");
    GraphError::template(TOO_LONG, "Message template text is too long", message)
}

/// The text without its variables.
fn plain(text: &str) -> String {
    let mut pieces = text.split("{{");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |plain, piece| plain + " " + piece.split_once("}}").map_or(piece, |(_, rest)| rest))
}

/// Whether two variables stand side by side, which the review refuses.
pub(super) fn standing_together(text: &str) -> bool {
    text.split("}}").skip(1).any(|piece| piece.trim_start().starts_with("{{"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const MARKETING: Form<'_> = Form { category: "MARKETING", named: false };

    fn subcode(components: Value) -> Option<u32> {
        check(MARKETING, &capitals(&components)).err().and_then(|error| error.subcode)
    }

    #[test]
    fn forms_are_refused_with_their_subcodes() {
        let body = |text: &str, example: Value| json!([{ "type": "body", "text": text, "example": example }]);
        assert_eq!(subcode(body("Hello {{1}}, welcome.", json!({ "body_text": [["Ada"]] }))), None);
        assert_eq!(subcode(body("Hello {{1}}, welcome.", json!({}))), Some(MISSING_EXAMPLE));
        assert_eq!(subcode(body("{{1}} hello", json!({ "body_text": [["Ada"]] }))), Some(VARIABLE_AT_EDGE));
        assert_eq!(subcode(body("Hello {{2}}, welcome.", json!({ "body_text": [["Ada"]] }))), Some(BODY));
        assert_eq!(subcode(body("a {{1}}, {{2}}.", json!({ "body_text": [["b", "c"]] }))), Some(TOO_MANY_VARIABLES));
        assert_eq!(subcode(body(&"x".repeat(1_025), json!({}))), Some(TOO_LONG));
        assert_eq!(subcode(json!([{ "type": "FOOTER", "text": "x" }])), Some(BODY));
    }

    #[test]
    fn variables_side_by_side_are_seen() {
        assert!(standing_together("Hello {{1}} {{2}}, there"));
        assert!(standing_together("Hello {{1}}{{2}}"));
        assert!(!standing_together("Hello {{1}} and {{2}}"));
    }
}
