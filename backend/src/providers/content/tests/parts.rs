//! What Twilio lacks, of kinds and inside them.

use super::*;
use crate::providers::capabilities::matrix::Part;

const LINK: &str = "https://acme.example/a.jpg";

fn sentence(content: Value) -> String {
    let content: Content = serde_json::from_value(content).unwrap();
    let mut found = violations(&TWILIO, &content);
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0).message
}

#[test]
fn a_kind_that_is_not_carried_says_what_to_use() {
    let reaction = json!({"type": "reaction", "message_id": "0199f2a0-0000-7000-8000-0000000000aa", "emoji": "👍"});
    assert_eq!(broken(&TWILIO, reaction.clone()), one("content.type", V::Unsupported));
    assert_eq!(sentence(reaction), "Twilio has no reactions; send a text, or send on a direct channel");
    let question = json!({"type": "location_request", "body": "Where?"});
    assert_eq!(
        sentence(question),
        "Twilio can't ask for a location; ask in a text, or send on a direct channel, or set degrade to true to send it as text"
    );
    for content in [
        json!({"type": "address_request", "body": "b", "country": "IN"}),
        json!({"type": "product", "catalog_id": "9", "product_id": "p"}),
        json!({"type": "product_list", "header": "h", "body": "b", "catalog_id": "9", "sections": []}),
        json!({"type": "catalog", "body": "b"}),
        json!({"type": "carousel", "body": "b", "cards": []}),
    ] {
        assert_eq!(broken(&TWILIO, content), one("content.type", V::Unsupported));
    }
}

#[test]
fn a_part_that_is_not_carried_is_named() {
    let text = json!({"type": "text", "text": "h"});
    let picture = json!({"type": "image", "link": LINK});
    let buttons = json!([{"id": "1", "title": "A"}]);
    let rows = |id: &str| json!([{"id": id, "title": "t"}]);
    let section = |title: Value, id: &str| json!({"title": title, "rows": rows(id)});
    for (content, field) in [
        (json!({"type": "audio", "link": LINK, "voice": true}), "content.voice"),
        (json!({"type": "document", "link": LINK, "caption": "c"}), "content.caption"),
        (json!({"type": "reply_buttons", "header": text, "body": "b", "buttons": buttons}), "content.header"),
        (json!({"type": "reply_buttons", "header": picture, "body": "b", "buttons": buttons}), "content.header"),
        (json!({"type": "reply_buttons", "body": "b", "footer": "f", "buttons": buttons}), "content.footer"),
        (
            json!({"type": "list", "header": "h", "body": "b", "button": "B", "sections": [section(json!(null), "1")]}),
            "content.header",
        ),
        (
            json!({"type": "list", "body": "b", "footer": "f", "button": "B", "sections": [section(json!(null), "1")]}),
            "content.footer",
        ),
        (
            json!({"type": "list", "body": "b", "button": "B", "sections": [section(json!("s"), "1")]}),
            "content.sections[0].title",
        ),
        (
            json!({"type": "list", "body": "b", "button": "B", "sections": [section(json!("s"), "1"), section(json!("t"), "2")]}),
            "content.sections",
        ),
        (json!({"type": "cta_url", "header": text, "body": "b", "button": "B", "url": LINK}), "content.header"),
        (json!({"type": "cta_url", "body": "b", "footer": "f", "button": "B", "url": LINK}), "content.footer"),
        (json!({"type": "flow", "header": text, "body": "b", "button": "B", "flow_id": "1"}), "content.header"),
        (json!({"type": "flow", "body": "b", "footer": "f", "button": "B", "flow_id": "1"}), "content.footer"),
        (json!({"type": "flow", "body": "b", "button": "B", "flow_name": "n"}), "content.flow_name"),
        (
            json!({"type": "flow", "body": "b", "button": "B", "flow_id": "1", "screen": "S", "data": {}}),
            "content.data",
        ),
        (json!({"type": "flow", "body": "b", "button": "B", "flow_id": "1", "draft": true}), "content.draft"),
    ] {
        assert_eq!(broken(&TWILIO, content.clone()), one(field, V::Unsupported), "{content}");
        assert_eq!(broken(&DIRECT, content.clone()), [], "{content}");
    }
    let refused = TWILIO.check_quote().unwrap_err();
    assert_eq!((refused.field.as_str(), refused.code), ("reply_to_id", V::Unsupported));
    assert!(DIRECT.check_quote().is_ok());
}

#[test]
fn degrading_is_offered_where_it_helps() {
    let buttons = |header: Value| json!({"type": "reply_buttons", "header": header, "body": "b", "buttons": [{"id": "1", "title": "A"}]});
    assert!(sentence(buttons(json!({"type": "text", "text": "h"}))).contains("degrade"));
    assert!(!sentence(buttons(json!({"type": "image", "link": LINK}))).contains("degrade"));
    assert!(!sentence(json!({"type": "document", "link": LINK, "caption": "c"})).contains("degrade"));
}

#[test]
fn parts_of_templates() {
    let with = |more: Value| {
        let mut content = template(json!({"twilio": {"content_sid": SID}}));
        content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        content
    };
    for (more, field) in [
        (json!({"header": {"type": "location", "latitude": 1, "longitude": 1}}), "content.header"),
        (json!({"header": {"type": "product", "catalog_id": "9", "product_id": "p"}}), "content.header"),
        (json!({"offer_expires_at": "2030-01-01T00:00:00Z"}), "content.offer_expires_at"),
        (json!({"buttons": [{"index": 0, "type": "flow", "data": {"a": 1}}]}), "content.buttons[0].data"),
        (json!({"buttons": [{"index": 0, "type": "catalog", "thumbnail_product_id": "p"}]}), "content.buttons[0].type"),
        (
            json!({"buttons": [{"index": 0, "type": "products", "thumbnail_product_id": "p", "sections": []}]}),
            "content.buttons[0].type",
        ),
    ] {
        assert_eq!(broken(&TWILIO, with(more.clone())), one(field, V::Unsupported), "{more}");
    }
    let code = json!({"type": "one_time_code", "name": "login_code", "language": "en_US", "code": "493817"});
    assert_eq!(broken(&TWILIO, code), one("content.twilio.content_sid", V::Required));
}

#[test]
fn twilios_own_figures() {
    let list = |body: usize| json!({"type": "list", "body": "x".repeat(body), "button": "B", "sections": [{"rows": [{"id": "1", "title": "t"}]}]});
    assert_eq!(broken(&TWILIO, list(1024)), []);
    assert_eq!(broken(&TWILIO, list(1025)), one("content.body", V::TooLong));
    let flow = |label: usize| json!({"type": "flow", "body": "b", "button": "x".repeat(label), "flow_id": "1"});
    assert_eq!(broken(&TWILIO, flow(20)), []);
    assert_eq!(broken(&TWILIO, flow(21)), one("content.button", V::TooLong));
}

#[test]
fn every_part_belongs_to_the_wire_of_a_kind() {
    for part in Part::ALL {
        let kind = part.as_str().split('.').next().unwrap();
        assert!(kind == "reply_to" || kind.parse::<crate::domain::content::Kind>().is_ok(), "{part}");
    }
}
