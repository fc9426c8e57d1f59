mod kinds;
mod parts;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::capabilities::{DIRECT, TWILIO};
use super::*;

fn broken(can: &Capabilities, content: Value) -> Vec<(String, V)> {
    let content: Content = serde_json::from_value(content).unwrap();
    violations(can, &content).into_iter().map(|violation| (violation.field, violation.code)).collect()
}

fn one(field: &str, code: V) -> Vec<(String, V)> {
    vec![(field.to_owned(), code)]
}

fn template(extra: Value) -> Value {
    let mut content = json!({"type": "template", "name": "order_shipped", "language": "en_GB"});
    content.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    content
}

const SID: &str = "HX0123456789abcdef0123456789abcdef";

#[test]
fn text_has_each_providers_length() {
    let text = |n: usize| json!({"type": "text", "body": "ü".repeat(n)});
    assert!(broken(&DIRECT, text(4096)).is_empty());
    assert_eq!(broken(&DIRECT, text(4097)), one("content.body", V::TooLong));
    assert!(broken(&TWILIO, text(1600)).is_empty());
    assert_eq!(broken(&TWILIO, text(1601)), one("content.body", V::TooLong));
    assert_eq!(broken(&DIRECT, json!({"type": "text", "body": " \n"})), one("content.body", V::Empty));
    assert_eq!(broken(&DIRECT, json!({"type": "text", "body": "a\u{0}"})), one("content.body", V::Malformed));
}

#[test]
fn the_message_says_what_to_use_instead() {
    let content = serde_json::from_value(json!({"type": "text", "body": "x".repeat(1601)})).unwrap();
    let found = TWILIO.check(&content).unwrap_err();
    assert!(found[0].message.contains("direct channel (4096)"), "{found:?}");
}

#[test]
fn twilio_needs_a_stored_content() {
    assert_eq!(broken(&TWILIO, template(json!({}))), one("content.twilio.content_sid", V::Required));
    assert!(broken(&DIRECT, template(json!({}))).is_empty());
    assert_eq!(
        broken(&TWILIO, template(json!({"twilio": {"content_sid": "HX12"}}))),
        one("content.twilio.content_sid", V::Malformed)
    );
    assert!(broken(&TWILIO, template(json!({"twilio": {"content_sid": SID}}))).is_empty());
    let variables = json!({"twilio": {"content_sid": SID, "variables": {"1": "", "2": "a     b", "3": "ok"}}});
    assert_eq!(
        broken(&TWILIO, template(variables)),
        [("content.twilio.variables.1".to_owned(), V::Empty), ("content.twilio.variables.2".to_owned(), V::Malformed)]
    );
}

#[test]
fn names_and_languages() {
    assert_eq!(broken(&DIRECT, template(json!({"name": "Order Shipped"}))), one("content.name", V::Malformed));
    assert_eq!(broken(&DIRECT, template(json!({"name": ""}))), one("content.name", V::Malformed));
    for language in ["en", "fil", "pt_BR", "zh_CN"] {
        assert!(broken(&DIRECT, template(json!({"language": language}))).is_empty(), "{language}");
    }
    for language in ["", "EN", "en-GB", "english", "en_", "en_GB_x"] {
        assert_eq!(
            broken(&DIRECT, template(json!({"language": language}))),
            one("content.language", V::Malformed),
            "{language}"
        );
    }
}

#[test]
fn values_are_checked_where_they_stand() {
    let body = json!({"body": [{"text": "ok    ok"}, {"text": ""}, {"text": "a\nb"}, {"text": "a     b"}]});
    assert_eq!(
        broken(&DIRECT, template(body)),
        [
            ("content.body[1].text".to_owned(), V::Empty),
            ("content.body[2].text".to_owned(), V::Malformed),
            ("content.body[3].text".to_owned(), V::Malformed)
        ]
    );
    let long = json!({"body": [{"text": "x".repeat(600)}, {"text": "x".repeat(600)}]});
    assert_eq!(broken(&DIRECT, template(long)), one("content.body", V::TooLong));
    let header = json!({"header": {"type": "text", "text": ""}});
    assert_eq!(broken(&DIRECT, template(header)), one("content.header.text", V::Empty));
    for link in ["http://acme.example/a.jpg", "/a.jpg", "ftp://a.example/x", "data:,x"] {
        let header = json!({"header": {"type": "image", "link": link}});
        assert_eq!(broken(&DIRECT, template(header)), one("content.header.link", V::Malformed), "{link}");
    }
}

#[test]
fn a_template_is_wholly_named_or_wholly_positional() {
    let mixed = json!({"body": [{"text": "a", "name": "x"}, {"text": "b"}]});
    assert_eq!(broken(&DIRECT, template(mixed)), one("content.body", V::Conflict));
    let mixed = json!({"header": {"type": "text", "text": "h"}, "body": [{"text": "a", "name": "x"}]});
    assert_eq!(broken(&DIRECT, template(mixed)), one("content.body", V::Conflict));
    let twice = json!({"body": [{"text": "a", "name": "x"}, {"text": "b", "name": "x"}]});
    assert_eq!(broken(&DIRECT, template(twice)), one("content.body[1].name", V::Duplicate));
}

#[test]
fn buttons_are_given_once_and_filled() {
    let buttons = json!({"buttons": [
        {"index": 0, "type": "url", "text": ""}, {"index": 0, "type": "quick_reply", "payload": "p"},
        {"index": 10, "type": "copy_code", "code": "c"}]});
    assert_eq!(
        broken(&DIRECT, template(buttons)),
        [
            ("content.buttons[0].text".to_owned(), V::Empty),
            ("content.buttons[1].index".to_owned(), V::Duplicate),
            ("content.buttons[2].index".to_owned(), V::TooMany)
        ]
    );
}

proptest! {
    #[test]
    fn text_passes_exactly_up_to_the_limit(extra in 0usize..4, under in 0usize..4) {
        let text = |n: usize| json!({"type": "text", "body": "😀".repeat(n)});
        prop_assert!(broken(&TWILIO, text(1600 - under)).is_empty());
        prop_assert_eq!(broken(&TWILIO, text(1600 + extra)).is_empty(), extra == 0);
    }
}
