use serde_json::{Value, json};

use super::*;

/// The fields and codes of the rules that a definition breaks, with `change` merged over a sound one.
fn broken(change: Value) -> Vec<(String, V)> {
    let mut definition = json!({
        "name": "order_shipped", "language": "en_GB", "category": "utility",
        "body": { "text": "Hello {{1}}, order {{2}} has left our warehouse.", "samples": [{ "text": "Ada" }, { "text": "77" }] },
    });
    for (name, value) in change.as_object().unwrap() {
        definition[name] = value.clone();
    }
    let definition: TemplateDefinition = serde_json::from_value(definition).unwrap();
    violations(&definition).into_iter().map(|one| (one.field, one.code)).collect()
}

fn body(text: &str, samples: &[&str]) -> Value {
    let samples: Vec<Value> = samples.iter().map(|text| json!({ "text": text })).collect();
    json!({ "body": { "text": text, "samples": samples } })
}

fn buttons(buttons: Value) -> Value {
    json!({ "buttons": buttons })
}

#[test]
fn a_sound_definition_breaks_nothing() {
    assert_eq!(broken(json!({})), []);
}

#[test]
fn each_rule_names_its_field() {
    let long = "x".repeat(2_001);
    let many: Vec<Value> = (0..11).map(|n| json!({ "type": "quick_reply", "text": n.to_string() })).collect();
    let url = |url: &str| buttons(json!([{ "type": "url", "text": "Go", "url": url, "sample": "x" }]));
    let card = |text: &str| {
        json!({ "header": { "type": "image", "link": "https://acme.example/a.jpg" }, "body": { "text": text },
            "buttons": [{ "type": "quick_reply", "text": "Yes" }] })
    };
    let cases: Vec<(Value, &str, V)> = vec![
        (json!({ "name": "Order" }), "name", V::Malformed),
        (json!({ "language": "english" }), "language", V::Malformed),
        (json!({ "message_send_ttl_seconds": 10 }), "message_send_ttl_seconds", V::Malformed),
        (body("{{1}} is here at last", &["Ada"]), "body.text", V::Malformed),
        (body("Here at last is our {{1}}", &["Ada"]), "body.text", V::Malformed),
        (body("Dear friend {{1}} {{2}} has come to see you", &["a", "b"]), "body.text", V::Malformed),
        (body("Dear {{2}}, it has come", &["Ada"]), "body.text", V::Malformed),
        (body("Hi {{1}} ok", &["Ada"]), "body.text", V::TooShort),
        (body("Dear {{1}}, it has come", &[]), "body.samples", V::Required),
        (body("It has come", &["Ada"]), "body.samples[0]", V::TooMany),
        (body(&long, &[]), "body.text", V::TooLong),
        (body("  ", &[]), "body.text", V::Empty),
        (json!({ "body": null }), "body", V::Required),
        (json!({ "parameter_format": "named" }), "body.text", V::Malformed),
        (json!({ "header": { "type": "text", "text": "a {{1}} {{2}}" } }), "header.text", V::TooMany),
        (json!({ "header": { "type": "image" } }), "header.link", V::Required),
        (json!({ "header": { "type": "image", "link": "ftp://x/y" } }), "header.link", V::Malformed),
        (
            json!({ "header": { "type": "image", "link": "https://a.example/b.jpg", "handle": "4::x" } }),
            "header.link",
            V::Conflict,
        ),
        (json!({ "footer": "for {{1}}" }), "footer", V::Malformed),
        (json!({ "footer": "x".repeat(61) }), "footer", V::TooLong),
        (json!({ "limited_time_offer": { "text": "Ends soon" } }), "limited_time_offer", V::Conflict),
        (json!({ "cards": [card("a")] }), "cards", V::Conflict),
        (json!({ "category": "marketing", "cards": [card("a")] }), "cards", V::TooShort),
        (json!({ "category": "marketing", "footer": "x", "cards": [card("a"), card("b")] }), "footer", V::Conflict),
        (
            json!({ "category": "marketing", "cards": [card("a"), { "header": { "type": "product" }, "buttons": [{ "type": "spm", "text": "View" }] }] }),
            "cards[1]",
            V::Conflict,
        ),
        (
            json!({ "category": "marketing", "cards": [card("a"), card(&"x".repeat(161))] }),
            "cards[1].body.text",
            V::TooLong,
        ),
        (json!({ "category": "authentication" }), "authentication", V::Required),
        (json!({ "category": "authentication", "authentication": {} }), "body", V::Conflict),
        (
            json!({ "category": "authentication", "authentication": { "code_expiration_minutes": 91 } }),
            "authentication.code_expiration_minutes",
            V::Malformed,
        ),
        (json!({ "authentication": {} }), "authentication", V::Conflict),
        (buttons(json!(many)), "buttons", V::TooMany),
        (buttons(json!([{ "type": "quick_reply", "text": "x".repeat(26) }])), "buttons[0].text", V::TooLong),
        (url("https://acme.example/{{1}}/x"), "buttons[0].url", V::Malformed),
        (url("https://acme.example/x"), "buttons[0].sample", V::Conflict),
        (url("{{1}}"), "buttons[0].url", V::Malformed),
        (url(&format!("https://acme.example/{long}")), "buttons[0].url", V::TooLong),
        (
            buttons(json!([{ "type": "url", "text": "Go", "url": "https://a.example/{{1}}" }])),
            "buttons[0].sample",
            V::Required,
        ),
        (
            buttons(json!([{ "type": "phone_number", "text": "Call", "phone_number": "0x1" }])),
            "buttons[0].phone_number",
            V::Malformed,
        ),
        (buttons(json!([{ "type": "copy_code", "sample": "x".repeat(21) }])), "buttons[0].sample", V::TooLong),
        (buttons(json!([{ "type": "flow", "text": "Book" }])), "buttons[0].flow_id", V::Required),
        (
            buttons(json!([{ "type": "flow", "text": "Book", "flow_id": "1", "flow_name": "a" }])),
            "buttons[0].flow_id",
            V::Conflict,
        ),
        (buttons(json!([{ "type": "otp" }])), "buttons[0]", V::Conflict),
        (buttons(json!([{ "type": "spm", "text": "View" }])), "header", V::Required),
        (
            buttons(json!([{ "type": "catalog", "text": "a" }, { "type": "catalog", "text": "b" }])),
            "buttons[1]",
            V::TooMany,
        ),
        (
            buttons(json!([
                { "type": "quick_reply", "text": "a" },
                { "type": "phone_number", "text": "Call", "phone_number": "+447700900001" },
                { "type": "quick_reply", "text": "b" },
            ])),
            "buttons",
            V::Malformed,
        ),
        (json!({ "footer": "a\u{0}b" }), "footer", V::Malformed),
    ];
    for (change, field, code) in cases {
        let found = broken(change.clone());
        assert!(found.contains(&(field.to_owned(), code)), "{change}: {found:?}");
    }
}

#[test]
fn one_time_codes_have_rules_of_their_own() {
    let with = |otp: Value| {
        let definition: TemplateDefinition = serde_json::from_value(json!({
            "name": "login_code", "language": "en_US", "category": "authentication", "authentication": {}, "buttons": [otp],
        }))
        .unwrap();
        violations(&definition).into_iter().map(|one| (one.field, one.code)).collect::<Vec<_>>()
    };
    let app = json!({ "package_name": "example.acme.app", "signature_hash": "K8a/AINcGX7" });
    assert_eq!(with(json!({ "type": "otp" })), []);
    assert_eq!(with(json!({ "type": "otp", "otp_type": "one_tap", "supported_apps": [app] })), []);
    let at = |field: &str, code: V| vec![(format!("buttons[0].{field}"), code)];
    assert_eq!(with(json!({ "type": "otp", "otp_type": "one_tap" })), at("supported_apps", V::Required));
    assert_eq!(
        with(json!({ "type": "otp", "otp_type": "zero_tap", "supported_apps": [app] })),
        at("zero_tap_terms_accepted", V::Required)
    );
    assert_eq!(
        with(
            json!({ "type": "otp", "otp_type": "one_tap", "supported_apps": [{ "package_name": "a.b", "signature_hash": "x" }] })
        ),
        at("supported_apps[0].signature_hash", V::Malformed)
    );
    assert_eq!(with(json!({ "type": "quick_reply", "text": "a" })), [("buttons".to_owned(), V::Required)]);
}
