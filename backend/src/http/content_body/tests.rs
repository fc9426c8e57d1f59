use serde_json::json;

use super::*;

fn wrong(content: Value) -> (String, String) {
    let body: ContentBody = serde_json::from_value(content).unwrap();
    let error = body.read().unwrap_err().errors.remove(0);
    (error.field, error.code.into_owned())
}

#[test]
fn what_is_wrong_names_its_field() {
    for (content, field, code) in [
        (json!("hello"), "content", "invalid_type"),
        (json!(null), "content", "invalid_type"),
        (json!({"body": "x"}), "content.type", "required"),
        (json!({"type": 7}), "content.type", "invalid_type"),
        (json!({"type": "smoke"}), "content.type", "invalid_value"),
        (json!({"type": "text"}), "content.body", "required"),
        (json!({"type": "text", "body": 7}), "content.body", "invalid_type"),
        (json!({"type": "text", "body": "x", "foo": 1}), "content.foo", "unknown_field"),
        (json!({"type": "location", "latitude": "x", "longitude": 1}), "content.latitude", "invalid_type"),
        (json!({"type": "image", "media_id": "none"}), "content.media_id", "invalid_value"),
        (
            json!({"type": "list", "body": "b", "button": "B", "sections": [{"rows": [{"id": "1"}]}]}),
            "content.sections[0].rows[0].title",
            "required",
        ),
        (
            json!({"type": "contacts", "contacts": [{"name": {"formatted_name": "A"}, "phones": [{"number": "1"}]}]}),
            "content.contacts[0].phones[0].number",
            "unknown_field",
        ),
        (
            json!({"type": "flow", "body": "b", "button": "B", "flow_id": "1", "action": "open"}),
            "content.action",
            "invalid_value",
        ),
    ] {
        assert_eq!(wrong(content.clone()), (field.to_owned(), code.to_owned()), "{content}");
    }
}

#[test]
fn enums_inside_are_read_member_by_member() {
    let buttons = |header: Value| json!({"type": "reply_buttons", "body": "b", "buttons": [], "header": header});
    let card = |card: Value| json!({"type": "carousel", "body": "b", "cards": [card]});
    let template = |more: Value| {
        let mut content = json!({"type": "template", "name": "t", "language": "en"});
        content.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        content
    };
    for (content, field, code) in [
        (buttons(json!("Hello")), "content.header", "invalid_type"),
        (buttons(json!({"text": "Hello"})), "content.header.type", "required"),
        (buttons(json!({"type": "gif"})), "content.header.type", "invalid_value"),
        (buttons(json!({"type": "text", "text": 7})), "content.header.text", "invalid_type"),
        (buttons(json!({"type": "text", "text": "x", "bold": true})), "content.header.bold", "unknown_field"),
        (buttons(json!({"type": "image", "href": "x"})), "content.header.href", "unknown_field"),
        (buttons(json!({"type": "image", "link": 7})), "content.header.link", "invalid_type"),
        (card(json!({"type": "url", "header": {"type": "image"}, "button": "B"})), "content.cards[0].url", "required"),
        (
            card(json!({"type": "url", "header": {"type": "audio"}, "button": "B", "url": "u"})),
            "content.cards[0].header.type",
            "invalid_value",
        ),
        (
            card(json!({"type": "reply_buttons", "header": {"type": "image", "link": []}, "buttons": []})),
            "content.cards[0].header.link",
            "invalid_type",
        ),
        (
            card(json!({"type": "reply_buttons", "header": {"type": "image"}, "buttons": [{"id": "1"}]})),
            "content.cards[0].buttons[0].title",
            "required",
        ),
        (template(json!({"header": {"type": "text"}})), "content.header.text", "required"),
        (
            template(json!({"header": {"type": "location", "latitude": 1, "longitude": "e"}})),
            "content.header.longitude",
            "invalid_type",
        ),
        (template(json!({"body": ["Ada"]})), "content.body[0]", "invalid_type"),
        (template(json!({"buttons": [{"type": "url", "text": "x"}]})), "content.buttons[0].index", "required"),
        (template(json!({"buttons": [{"index": 0, "type": "url"}]})), "content.buttons[0].text", "required"),
        (
            template(json!({"buttons": [{"index": 300, "type": "url", "text": "x"}]})),
            "content.buttons[0].index",
            "invalid_value",
        ),
        (
            template(json!({"buttons": [{"index": 0, "type": "url", "text": "x", "y": 1}]})),
            "content.buttons[0].y",
            "unknown_field",
        ),
        (
            template(json!({"cards": [{"header": {"type": "image"}, "buttons": [{"index": 0, "type": "fly"}]}]})),
            "content.cards[0].buttons[0].type",
            "invalid_value",
        ),
        (
            template(json!({"cards": [{"header": {"type": "product", "catalog_id": "1"}}]})),
            "content.cards[0].header.product_id",
            "required",
        ),
    ] {
        assert_eq!(wrong(content.clone()), (field.to_owned(), code.to_owned()), "{content}");
    }
}

#[test]
fn an_unknown_type_is_answered_with_the_known_ones() {
    let body: ContentBody = serde_json::from_value(json!({"type": "smoke"})).unwrap();
    let error = body.read().unwrap_err();
    assert!(Kind::ALL.iter().all(|kind| error.errors[0].message.contains(kind.as_str())));
}

#[test]
fn whatever_is_right_is_read_as_the_domain_reads_it() {
    let content = json!({"type": "template", "name": "t", "language": "en",
        "header": {"type": "image", "link": "https://acme.example/a.jpg"},
        "buttons": [{"index": 0, "type": "flow", "flow_token": "t", "data": {"a": 1}}]});
    let body: ContentBody = serde_json::from_value(content.clone()).unwrap();
    assert_eq!(body.read().unwrap(), serde_json::from_value(content).unwrap());
}
