use serde_json::{Value, json};

use super::*;

const NOW: Ts = Ts(1_795_342_800_000_000);

fn broken(definition: &Value, used: Value) -> Vec<(String, V)> {
    let mut whole = json!({ "name": "a", "language": "en", "category": "utility" });
    for (name, value) in definition.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let definition: TemplateDefinition = serde_json::from_value(whole).unwrap();
    let mut content = json!({ "name": "a", "language": "en" });
    for (name, value) in used.as_object().unwrap() {
        content[name] = value.clone();
    }
    let used: TemplateUse = serde_json::from_value(content).unwrap();
    violations(&definition, &used, NOW).into_iter().map(|one| (one.field, one.code)).collect()
}

fn of<const N: usize>(expected: [(&str, V); N]) -> Vec<(String, V)> {
    expected.into_iter().map(|(field, code)| (field.to_owned(), code)).collect()
}

#[test]
fn every_variable_of_the_body_is_given_once() {
    let body = json!({ "body": { "text": "Hello {{1}}, order {{2}} has left." } });
    let text = |text: &str| json!({ "text": text });
    assert_eq!(broken(&body, json!({ "body": [text("Ada"), text("77")] })), []);
    assert_eq!(broken(&body, json!({ "body": [text("Ada")] })), of([("content.body[1]", V::Required)]));
    assert_eq!(broken(&body, json!({})), of([("content.body[0]", V::Required), ("content.body[1]", V::Required)]));
    assert_eq!(
        broken(&body, json!({ "body": [text("a"), text("b"), text("c")] })),
        of([("content.body[2]", V::TooMany)])
    );
    assert_eq!(
        broken(&body, json!({ "body": [{ "text": "a", "name": "x" }, text("b")] })),
        of([("content.body[0].name", V::Conflict)])
    );
    let long = text(&"x".repeat(1_000));
    assert_eq!(broken(&body, json!({ "body": [long, text(&"y".repeat(10))] })), of([("content.body", V::TooLong)]));
}

#[test]
fn named_variables_go_by_their_names() {
    let named = json!({
        "parameter_format": "named",
        "header": { "type": "text", "text": "Visit in {{city}}" },
        "body": { "text": "Dear {{first_name}}, see you {{when}} there." },
    });
    let given = |name: &str| json!({ "text": "x", "name": name });
    let header = json!({ "type": "text", "text": "London", "name": "city" });
    assert_eq!(broken(&named, json!({ "header": header, "body": [given("when"), given("first_name")] })), []);
    assert_eq!(
        broken(&named, json!({ "header": header, "body": [given("when"), given("nickname")] })),
        of([("content.body[1].name", V::NotFound), ("content.body", V::Required)])
    );
    assert_eq!(
        broken(
            &named,
            json!({ "header": { "type": "text", "text": "x" }, "body": [given("when"), given("first_name")] })
        ),
        of([("content.header.name", V::Required)])
    );
}

#[test]
fn headers_have_a_kind() {
    let document = json!({ "header": { "type": "document", "link": "https://a.example/b.pdf" }, "body": { "text": "Here it is." } });
    let link = |kind: &str| json!({ "header": { "type": kind, "link": "https://a.example/c.pdf" } });
    assert_eq!(broken(&document, link("document")), []);
    assert_eq!(broken(&document, json!({})), of([("content.header", V::Required)]));
    assert_eq!(broken(&document, link("image")), of([("content.header.type", V::Conflict)]));
    let fixed = json!({ "header": { "type": "image", "link": "https://a.example/b.png", "fixed": true }, "body": { "text": "Here it is." } });
    assert_eq!(broken(&fixed, json!({})), []);
    let none = json!({ "body": { "text": "Here it is." } });
    assert_eq!(broken(&none, link("image")), of([("content.header", V::Conflict)]));
    let plain = json!({ "header": { "type": "text", "text": "Acme" }, "body": { "text": "Here it is." } });
    assert_eq!(broken(&plain, json!({})), []);
    assert_eq!(
        broken(&plain, json!({ "header": { "type": "text", "text": "x" } })),
        of([("content.header", V::Conflict)])
    );
    let location = json!({ "header": { "type": "location" }, "body": { "text": "Here it is." } });
    assert_eq!(broken(&location, json!({})), of([("content.header", V::Required)]));
}

#[test]
fn buttons_that_need_a_value_get_one() {
    let buttons = json!({ "body": { "text": "Here." }, "buttons": [
        { "type": "quick_reply", "text": "Help" },
        { "type": "url", "text": "Track", "url": "https://a.example/{{1}}" },
        { "type": "url", "text": "Shop", "url": "https://a.example/" },
        { "type": "copy_code", "sample": "A" },
        { "type": "flow", "text": "Book", "flow_id": "1" },
        { "type": "mpm", "text": "View" },
    ] });
    let url = json!({ "index": 1, "type": "url", "text": "t/9" });
    let code = json!({ "index": 3, "type": "copy_code", "code": "SPRING" });
    let flow = json!({ "index": 4, "type": "flow", "flow_token": "x" });
    let products = json!({ "index": 5, "type": "products", "thumbnail_product_id": "a", "sections": [] });
    assert_eq!(broken(&buttons, json!({ "buttons": [url, code, flow, products] })), []);
    assert_eq!(broken(&buttons, json!({})).len(), 4);
    assert_eq!(broken(&buttons, json!({ "buttons": [code, flow, products] })), of([("content.buttons", V::Required)]));
    let wrong = json!({ "index": 1, "type": "copy_code", "code": "x" });
    assert_eq!(
        broken(&buttons, json!({ "buttons": [wrong, code, flow, products] })),
        of([("content.buttons[0].type", V::Conflict)])
    );
    let beyond = json!({ "index": 9, "type": "url", "text": "x" });
    assert_eq!(
        broken(&buttons, json!({ "buttons": [url, code, flow, products, beyond] })),
        of([("content.buttons[4].index", V::NotFound)])
    );
    let fixed = json!({ "index": 2, "type": "url", "text": "x" });
    assert_eq!(
        broken(&buttons, json!({ "buttons": [url, code, flow, products, fixed] })),
        of([("content.buttons[4]", V::Conflict)])
    );
}

#[test]
fn offers_end_and_cards_are_all_given() {
    let offer = json!({ "category": "marketing", "body": { "text": "Here." }, "limited_time_offer": { "text": "Soon", "has_expiration": true } });
    assert_eq!(broken(&offer, json!({})), of([("content.offer_expires_at", V::Required)]));
    assert_eq!(broken(&offer, json!({ "offer_expires_at": "2027-01-01T00:00:00Z" })), []);
    let past = json!({ "offer_expires_at": "2020-01-01T00:00:00Z" });
    assert_eq!(broken(&offer, past.clone()), of([("content.offer_expires_at", V::Malformed)]));
    assert_eq!(broken(&json!({ "body": { "text": "Here." } }), past), of([("content.offer_expires_at", V::Conflict)]));

    let card = json!({ "header": { "type": "image", "link": "https://a.example/b.png" }, "body": { "text": "Only {{1}} today" } });
    let cards = json!({ "category": "marketing", "body": { "text": "Here." }, "cards": [card, card] });
    let value = json!({ "header": { "type": "image", "link": "https://a.example/c.png" }, "body": [{ "text": "9" }] });
    assert_eq!(broken(&cards, json!({ "cards": [value, value] })), []);
    assert_eq!(broken(&cards, json!({ "cards": [value] })), of([("content.cards", V::Required)]));
    let bare = json!({ "header": { "type": "video", "link": "https://a.example/c.mp4" } });
    assert_eq!(
        broken(&cards, json!({ "cards": [value, bare] })),
        of([("content.cards[1].header.type", V::Conflict), ("content.cards[1].body[0]", V::Required)])
    );
}

#[test]
fn a_code_is_given_once_or_twice_alike() {
    let login = json!({ "category": "authentication", "authentication": {}, "buttons": [{ "type": "otp" }] });
    let button = |text: &str| json!([{ "index": 0, "type": "url", "text": text }]);
    let code = json!([{ "text": "493817" }]);
    assert_eq!(broken(&login, json!({ "body": code })), []);
    assert_eq!(broken(&login, json!({ "body": code, "buttons": button("493817") })), []);
    assert_eq!(
        broken(&login, json!({ "body": code, "buttons": button("1") })),
        of([("content.buttons[0]", V::Conflict)])
    );
    assert_eq!(broken(&login, json!({})), of([("content.body[0]", V::Required)]));
}
