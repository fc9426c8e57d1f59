//! Authentication templates, whose text is Meta's own (direct.md §2.8).

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Map, Value, json};

use super::errors::{Graph, GraphError};
use super::library::component;
use super::template_form::{capitals, content, too_long};
use super::{auth, reply};
use crate::state::World;

const BODY: &str = "*{{1}}* is your verification code.";
const SECURITY: &str = " For your security, do not share this code.";
const TEXT_LIMIT: usize = 25;
const APPS: usize = 5;

/// Checks what was asked for and makes the template's components of it, as they are read back.
pub(super) fn components(given: &Value) -> Graph<Value> {
    let given = capitals(given);
    let list = given.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut made = Vec::new();
    for part in list {
        let kind = part.get("type").and_then(Value::as_str).unwrap_or_default();
        match kind {
            "BODY" => made.push(body(part)?),
            "FOOTER" => made.push(footer(part)?),
            "BUTTONS" => made.push(json!({ "type": "BUTTONS", "buttons": [button(part)?] })),
            _ => return Err(content("Authentication templates have a body, a footer and one button only.")),
        }
    }
    let made = Value::from(made);
    if component(&made, "BODY").is_none() || component(&made, "BUTTONS").is_none() {
        return Err(content("Authentication templates need a body and a button of the type OTP."));
    }
    Ok(made)
}

fn body(part: &Value) -> Graph<Value> {
    if part.get("text").is_some() {
        return Err(content("The text of authentication templates is fixed."));
    }
    let advice = part.get("add_security_recommendation").and_then(Value::as_bool).unwrap_or_default();
    let text = if advice { format!("{BODY}{SECURITY}") } else { BODY.to_owned() };
    Ok(json!({
        "type": "BODY",
        "text": text,
        "add_security_recommendation": advice,
        "example": { "body_text": [["123456"]] },
    }))
}

fn footer(part: &Value) -> Graph<Value> {
    let minutes = part.get("code_expiration_minutes").and_then(Value::as_u64);
    let minutes = minutes.filter(|minutes| (1..=90).contains(minutes));
    let minutes = minutes.ok_or_else(|| content("code_expiration_minutes must be 1 to 90."))?;
    let text = format!("This code expires in {minutes} minutes.");
    Ok(json!({ "type": "FOOTER", "text": text, "code_expiration_minutes": minutes }))
}

/// The OTP button, which shows as one of the type URL.
fn button(part: &Value) -> Graph<Value> {
    let buttons = part.get("buttons").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let [button] = buttons else { return Err(content("Authentication templates have one button.")) };
    let text = |member: &str| button.get(member).and_then(Value::as_str).unwrap_or_default();
    if text("type") != "OTP" {
        return Err(content("The button of an authentication template is of the type OTP."));
    }
    let kind = text("otp_type");
    let apps = button.get("supported_apps").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    match kind {
        "COPY_CODE" => {}
        "ONE_TAP" | "ZERO_TAP" => {
            if !(1..=APPS).contains(&apps.len()) {
                return Err(content("supported_apps must name 1 to 5 apps."));
            }
            let named = |app: &Value, member: &str| {
                app.get(member).and_then(Value::as_str).is_some_and(|text| !text.is_empty())
            };
            if !apps.iter().all(|app| named(app, "package_name") && named(app, "signature_hash")) {
                return Err(content("Every supported app needs a package_name and a signature_hash."));
            }
        }
        _ => return Err(content("otp_type must be COPY_CODE, ONE_TAP or ZERO_TAP.")),
    }
    if kind == "ZERO_TAP" && button.get("zero_tap_terms_accepted").and_then(Value::as_bool) != Some(true) {
        return Err(content("zero_tap_terms_accepted must be true."));
    }
    for member in ["text", "autofill_text"] {
        if text(member).chars().count() > TEXT_LIMIT {
            return Err(too_long("Button", TEXT_LIMIT));
        }
    }
    let label = if text("text").is_empty() { "Copy code" } else { text("text") };
    let url = format!("https://www.whatsapp.com/otp/code/?otp_type={kind}&code=otp{{{{1}}}}");
    Ok(json!({
        "type": "URL",
        "text": label,
        "url": url,
        "example": [url.replace("{{1}}", "123456")],
    }))
}

/// `GET /{waba}/message_template_previews`: the text in each language.
pub(super) async fn previews(
    world: web::Data<World>,
    request: HttpRequest,
    path: web::Path<(String, String)>,
) -> HttpResponse {
    let (version, waba) = path.into_inner();
    let outcome = auth::for_waba(&world, &request, &waba).and_then(|_| {
        let query = auth::query(&request);
        let is = |name: &str, wanted: &str| query.get(name).is_some_and(|given| given.eq_ignore_ascii_case(wanted));
        if !is("category", "AUTHENTICATION") {
            return Err(GraphError::new(100, "Param category must be AUTHENTICATION."));
        }
        let languages = query.get("languages").map(String::as_str).unwrap_or("en_US");
        let data: Vec<Value> = languages
            .split(',')
            .map(|language| {
                let mut preview = Map::new();
                let advice = is("add_security_recommendation", "true");
                preview.insert("language".to_owned(), json!(language.trim()));
                let body = if advice { format!("{BODY}{SECURITY}") } else { BODY.to_owned() };
                preview.insert("body".to_owned(), json!(body));
                if let Some(minutes) = query.get("code_expiration_minutes") {
                    preview.insert("footer".to_owned(), json!(format!("This code expires in {minutes} minutes.")));
                }
                preview.insert("buttons".to_owned(), json!([{ "text": "Copy code", "autofill_text": "Autofill" }]));
                Value::Object(preview)
            })
            .collect();
        Ok(json!({ "data": data }))
    });
    reply(&version, outcome)
}
