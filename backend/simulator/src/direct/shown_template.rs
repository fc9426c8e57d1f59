//! A template of the direct provider with its parameters filled in, as a phone draws it (direct.md §2.5, §2.8).

use serde_json::Value;

use super::library::{Template, variables};
use super::shown::{header, list, text};
use crate::content::{Button, ButtonType, Header, Offer, Sheet, Template as Shown};
use crate::state::World;

/// The template with the components of a message.
pub(super) fn filled(world: &World, template: &Template, given: &[Value]) -> Shown {
    let defined = template.components.as_array().map(Vec::as_slice).unwrap_or_default();
    let offer = component(defined, "LIMITED_TIME_OFFER").map(|offer| Offer {
        text: text(offer, "/limited_time_offer/text").unwrap_or_default(),
        expires_at: component(given, "limited_time_offer")
            .and_then(|given| given.pointer("/parameters/0/limited_time_offer/expiration_time_ms"))
            .and_then(Value::as_i64),
    });
    let cards = component(defined, "CAROUSEL").map_or(&[][..], |carousel| list(carousel, "/cards"));
    let given_cards = component(given, "carousel").map_or(&[][..], |carousel| list(carousel, "/cards"));
    let card = |(index, card): (usize, &Value)| {
        let wanted = |given: &&Value| given.get("card_index").and_then(Value::as_u64) == Some(index as u64);
        let own = given_cards.iter().find(wanted).map_or(&[][..], |given| list(given, "/components"));
        sheet(world, list(card, "/components"), own)
    };
    let mut whole = sheet(world, defined, given);
    if template.category == "AUTHENTICATION" && whole.body.is_empty() {
        let code = component(given, "body").and_then(|given| text(given, "/parameters/0/text")).unwrap_or_default();
        whole.body = format!("*{code}* is your verification code.");
    }
    Shown {
        name: template.name.clone(),
        language: template.language.clone(),
        category: template.category.to_lowercase(),
        sheet: whole,
        cards: cards.iter().enumerate().map(card).collect(),
        offer,
    }
}

fn sheet(world: &World, defined: &[Value], given: &[Value]) -> Sheet {
    let parameters = |kind: &str| component(given, kind).map_or(&[][..], |given| list(given, "/parameters"));
    let words = |kind: &str| component(defined, kind).and_then(|part| text(part, "/text"));
    let head = component(defined, "HEADER").and_then(|part| match part.get("format").and_then(Value::as_str) {
        Some("TEXT") | None => words("HEADER").map(|text| Header::Text { text: fill(&text, parameters("header")) }),
        Some(_) => parameters("header").first().and_then(|parameter| header(world, parameter)),
    });
    let buttons = component(defined, "BUTTONS").map_or(&[][..], |part| list(part, "/buttons"));
    Sheet {
        header: head,
        body: fill(&words("BODY").unwrap_or_default(), parameters("body")),
        footer: words("FOOTER"),
        buttons: buttons.iter().enumerate().map(|(index, defined)| button(defined, index, given)).collect(),
    }
}

fn component<'a>(all: &'a [Value], kind: &str) -> Option<&'a Value> {
    let fits =
        |part: &&Value| part.get("type").and_then(Value::as_str).is_some_and(|found| found.eq_ignore_ascii_case(kind));
    all.iter().find(fits)
}

/// Puts parameters in the place of variables, by name where they have one.
fn fill(pattern: &str, parameters: &[Value]) -> String {
    let mut filled = pattern.to_owned();
    for (index, variable) in variables(pattern).into_iter().enumerate() {
        let named = |given: &&Value| given.get("parameter_name").and_then(Value::as_str) == Some(variable);
        let parameter = parameters.iter().find(named).or_else(|| parameters.get(index));
        let value = parameter.and_then(|given| {
            ["/text", "/currency/fallback_value", "/date_time/fallback_value"].iter().find_map(|at| text(given, at))
        });
        if let Some(value) = value {
            filled = filled.replace(&format!("{{{{{variable}}}}}"), &value);
        }
    }
    filled
}

fn button(defined: &Value, index: usize, given: &[Value]) -> Button {
    let own = given.iter().find(|given| is_button(given, index)).map_or(&[][..], |given| list(given, "/parameters"));
    let parameter = |at: &str| own.first().and_then(|given| text(given, at));
    let label = text(defined, "/text").unwrap_or_default();
    let plain = |r#type| Button { r#type, text: label.clone(), ..Button::default() };
    match defined.get("type").and_then(Value::as_str).unwrap_or_default() {
        "URL" => {
            let url = text(defined, "/url").map(|url| match variables(&url).first() {
                Some(variable) => url.replace(&format!("{{{{{variable}}}}}"), &parameter("/text").unwrap_or_default()),
                None => url.clone(),
            });
            // The button of a one-time code is defined as a link (direct.md §2.8).
            if url.as_deref().is_some_and(|url| url.contains("otp_type=")) {
                return Button { code: parameter("/text"), ..plain(ButtonType::CopyCode) };
            }
            Button { url, ..plain(ButtonType::Url) }
        }
        "PHONE_NUMBER" => Button { phone_number: text(defined, "/phone_number"), ..plain(ButtonType::PhoneNumber) },
        "COPY_CODE" => Button { code: parameter("/coupon_code"), ..plain(ButtonType::CopyCode) },
        "OTP" => Button { code: parameter("/text"), ..plain(ButtonType::CopyCode) },
        "FLOW" => Button {
            flow_id: text(defined, "/flow_id"),
            flow_token: parameter("/action/flow_token"),
            ..plain(ButtonType::Flow)
        },
        "CATALOG" => plain(ButtonType::Catalog),
        "MPM" => plain(ButtonType::Mpm),
        "VOICE_CALL" => plain(ButtonType::VoiceCall),
        "REQUEST_CONTACT_INFO" => plain(ButtonType::RequestContactInfo),
        // Without a payload of its own a quick reply answers with its label.
        _ => Button { payload: parameter("/payload").or_else(|| Some(label.clone())), ..plain(ButtonType::QuickReply) },
    }
}

fn is_button(given: &Value, index: usize) -> bool {
    let found = given.get("index");
    let number = found.and_then(Value::as_u64).or_else(|| found.and_then(Value::as_str)?.parse().ok());
    given.get("type").and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("button"))
        && number == Some(index as u64)
}
