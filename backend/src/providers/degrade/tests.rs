use serde_json::{Value, json};

use super::super::capabilities::{DIRECT, TWILIO};
use super::*;

fn content(value: Value) -> Content {
    serde_json::from_value(value).unwrap()
}

fn at_twilio(value: Value) -> Degraded {
    degrade(&TWILIO, content(value), false)
}

/// The text that goes out at Twilio instead.
fn text_for(value: Value) -> String {
    let asked = content(value.clone()).kind();
    let degraded = at_twilio(value);
    let story = degraded.degradation.unwrap();
    assert_eq!((story.from, story.to), (asked, Kind::Text));
    assert!(story.why.ends_with("it goes out as a text"), "{}", story.why);
    match degraded.content {
        Content::Text(text) => text.body,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_carried_stays_as_it_is() {
    let samples = [
        json!({"type": "text", "body": "x"}),
        json!({"type": "reply_buttons", "header": {"type": "text", "text": "h"}, "body": "b", "footer": "f", "buttons": [{"id": "1", "title": "A"}]}),
        json!({"type": "list", "header": "h", "body": "b", "button": "B", "sections": [{"title": "s", "rows": [{"id": "1", "title": "t"}]}]}),
        json!({"type": "location_request", "body": "b"}),
        json!({"type": "audio", "link": "https://acme.example/a.ogg", "voice": true}),
    ];
    for sample in samples {
        let same = degrade(&DIRECT, content(sample.clone()), true);
        assert_eq!(same, Degraded { content: content(sample), quotes: true, degradation: None });
    }
}

#[test]
fn headers_and_footers_become_paragraphs() {
    let buttons = json!([{"id": "1", "title": "Keep"}]);
    let degraded = at_twilio(
        json!({"type": "reply_buttons", "header": {"type": "text", "text": "Friday"}, "body": "Keep 10:00?", "footer": "Acme", "buttons": buttons}),
    );
    let expected = json!({"type": "reply_buttons", "body": "Friday\n\nKeep 10:00?\n\nAcme", "buttons": buttons});
    assert_eq!(degraded.content, content(expected));
    let story = degraded.degradation.unwrap();
    assert_eq!((story.from, story.to), (Kind::ReplyButtons, Kind::ReplyButtons));
    assert!(story.why.contains("no header") && story.why.contains("no footer"), "{}", story.why);
    assert!(TWILIO.check(&degraded.content).is_ok());
}

#[test]
fn a_list_loses_its_sections_but_no_row() {
    let row = |id: &str| json!({"id": id, "title": format!("row {id}")});
    let degraded =
        at_twilio(json!({"type": "list", "header": "Visits", "body": "Choose", "button": "Slots", "sections": [
        {"title": "Friday", "rows": [row("1"), row("2")]}, {"title": "Monday", "rows": [row("3")]}]}));
    let expected = json!({"type": "list", "body": "Visits\n\nChoose", "button": "Slots", "sections": [{"rows": [row("1"), row("2"), row("3")]}]});
    assert_eq!(degraded.content, content(expected));
    assert!(TWILIO.check(&degraded.content).is_ok());
    let flat = json!({"type": "list", "body": "Choose", "button": "Slots", "sections": [{"rows": [row("1")]}]});
    assert_eq!(at_twilio(flat).degradation, None);
}

#[test]
fn a_list_whose_body_does_not_fit_becomes_a_numbered_text() {
    let list = |body: &str, title: &str| {
        json!({"type": "list", "header": "Visits", "body": body, "button": "Slots", "footer": "Acme", "sections": [
            {"title": "Friday", "rows": [{"id": "1", "title": title, "description": "Dr Lovelace"}]},
            {"title": "Monday", "rows": [{"id": "2", "title": "11:30"}]}]})
    };
    let long = "x".repeat(1_100);
    let expected = format!("Visits\n\n{long}\n\nFriday\n1. 10:00: Dr Lovelace\n\nMonday\n2. 11:30\n\nAcme");
    assert_eq!(text_for(list(&long, "10:00")), expected);
    // What would not fit as a text either stays, and is refused.
    let endless = at_twilio(list(&"x".repeat(1_600), "10:00"));
    assert_eq!(endless.content.kind(), Kind::List);
    assert!(TWILIO.check(&endless.content).is_err());
    // No text hides another fault.
    let faulty = at_twilio(list(&long, ""));
    assert_eq!(faulty.content.kind(), Kind::List);
}

#[test]
fn an_address_behind_a_button_is_written_out_where_the_button_does_not_fit() {
    let long = "x".repeat(1_100);
    let button = json!({"type": "cta_url", "header": {"type": "text", "text": "h"}, "body": long, "button": "Track", "url": "https://acme.example/t/9"});
    assert_eq!(text_for(button), format!("h\n\n{long}\n\nTrack: https://acme.example/t/9"));
    let short = at_twilio(
        json!({"type": "cta_url", "body": "b", "footer": "f", "button": "Track", "url": "https://acme.example/t/9"}),
    );
    assert_eq!(short.content.kind(), Kind::CtaUrl);
    assert!(TWILIO.check(&short.content).is_ok());
}

#[test]
fn questions_and_products_become_texts() {
    assert_eq!(text_for(json!({"type": "location_request", "body": "Where?"})), "Where?");
    assert_eq!(text_for(json!({"type": "address_request", "body": "Where to?", "country": "IN"})), "Where to?");
    assert_eq!(
        text_for(
            json!({"type": "product", "body": "As you asked", "catalog_id": "9", "product_id": "sku-1", "footer": "Acme"})
        ),
        "As you asked\n\nsku-1\n\nAcme"
    );
    assert_eq!(
        text_for(json!({"type": "product_list", "header": "Teas", "body": "Our picks", "catalog_id": "9",
            "sections": [{"title": "Green", "product_ids": ["sku-1", "sku-2"]}]})),
        "Teas\n\nOur picks\n\nGreen\nsku-1\nsku-2"
    );
    assert_eq!(text_for(json!({"type": "catalog", "body": "Browse", "footer": "Acme"})), "Browse\n\nAcme");
}

#[test]
fn what_has_no_fallback_stays_and_is_refused() {
    let picture = json!({"type": "image", "link": "https://acme.example/a.jpg"});
    for value in [
        json!({"type": "reaction", "message_id": "0199f2a0-0000-7000-8000-000000000001", "emoji": "👍"}),
        json!({"type": "document", "link": "https://acme.example/a.pdf", "caption": "c"}),
        json!({"type": "reply_buttons", "header": picture, "body": "b", "buttons": [{"id": "1", "title": "A"}]}),
        json!({"type": "cta_url", "header": picture, "body": "b", "button": "B", "url": "https://acme.example"}),
        json!({"type": "text", "body": "x".repeat(1_601)}),
        json!({"type": "flow", "body": "b", "button": "B", "flow_name": "visits"}),
        json!({"type": "carousel", "body": "b", "cards": []}),
    ] {
        let degraded = at_twilio(value.clone());
        assert_eq!((degraded.content.clone(), degraded.degradation), (content(value), None));
        assert!(TWILIO.check(&degraded.content).is_err());
    }
}

#[test]
fn voice_notes_and_quotes_are_left_out() {
    let voice = json!({"type": "audio", "link": "https://acme.example/a.ogg", "voice": true});
    let degraded = degrade(&TWILIO, content(voice), true);
    assert_eq!(degraded.content, content(json!({"type": "audio", "link": "https://acme.example/a.ogg"})));
    assert!(!degraded.quotes);
    let why = degraded.degradation.unwrap().why;
    assert!(why.contains("quote") && why.contains("voice notes"), "{why}");
}
