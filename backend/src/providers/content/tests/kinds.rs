//! Every rule of every kind at direct, which carries them all.

use super::*;

/// A good content, and what breaks it: the change (a JSON merge), the field, the rule.
fn rules(good: Value, broken_by: &[(Value, &str, V)]) {
    assert_eq!(broken(&DIRECT, good.clone()), [], "{good}");
    for (change, field, code) in broken_by {
        let mut bad = good.clone();
        merge(&mut bad, change);
        assert_eq!(broken(&DIRECT, bad), one(field, *code), "{change}");
    }
}

/// As RFC 7396: null removes a member, other values replace it, objects are merged.
fn merge(into: &mut Value, change: &Value) {
    match (into, change) {
        (Value::Object(members), Value::Object(changes)) => {
            for (name, change) in changes {
                if change.is_null() {
                    members.remove(name);
                } else {
                    merge(members.entry(name).or_insert(Value::Null), change);
                }
            }
        }
        (into, change) => *into = change.clone(),
    }
}

const LINK: &str = "https://acme.example/a.jpg";
const ID: &str = "0199f2a0-0000-7000-8000-0000000000aa";

#[test]
fn media() {
    for kind in ["image", "video", "audio", "document", "sticker"] {
        rules(
            json!({"type": kind, "link": LINK}),
            &[
                (json!({"link": null}), "content.link", V::Required),
                (json!({"media_id": ID}), "content.link", V::Conflict),
                (json!({"link": "http://acme.example/a.jpg"}), "content.link", V::Malformed),
                (json!({"link": "https://user:secret@acme.example/a.jpg"}), "content.link", V::Malformed),
                (json!({"link": format!("{LINK}?{}", "x".repeat(2000))}), "content.link", V::TooLong),
            ],
        );
        assert_eq!(broken(&DIRECT, json!({"type": kind, "media_id": ID})), []);
    }
    for kind in ["image", "video", "document"] {
        rules(
            json!({"type": kind, "link": LINK, "caption": "x".repeat(1024)}),
            &[
                (json!({"caption": "x".repeat(1025)}), "content.caption", V::TooLong),
                (json!({"caption": " "}), "content.caption", V::Empty),
                (json!({"caption": "a\u{0}"}), "content.caption", V::Malformed),
            ],
        );
    }
    rules(
        json!({"type": "document", "link": LINK, "filename": "invoice 77.pdf"}),
        &[
            (json!({"filename": "../77.pdf"}), "content.filename", V::Malformed),
            (json!({"filename": "a\nb.pdf"}), "content.filename", V::Malformed),
            (json!({"filename": ""}), "content.filename", V::Empty),
            (json!({"filename": "x".repeat(241)}), "content.filename", V::TooLong),
        ],
    );
}

#[test]
fn places_reactions_and_cards_of_people() {
    rules(
        json!({"type": "location", "latitude": -90, "longitude": 180, "name": "Acme"}),
        &[
            (json!({"latitude": 90.1}), "content.latitude", V::Malformed),
            (json!({"longitude": -181}), "content.longitude", V::Malformed),
            (json!({"name": ""}), "content.name", V::Empty),
            (json!({"address": "x".repeat(1001)}), "content.address", V::TooLong),
        ],
    );
    rules(
        json!({"type": "reaction", "message_id": ID, "emoji": "👍🏽"}),
        &[
            (json!({"emoji": "👍👍"}), "content.emoji", V::Malformed),
            (json!({"emoji": "ok"}), "content.emoji", V::Malformed),
        ],
    );
    assert_eq!(broken(&DIRECT, json!({"type": "reaction", "message_id": ID, "emoji": ""})), []);
    let card = |card: Value| json!({"type": "contacts", "contacts": [card]});
    let ada = |more: Value| {
        let mut ada = json!({"name": {"formatted_name": "Ada Byron", "first_name": "Ada"}});
        merge(&mut ada, &more);
        card(ada)
    };
    assert_eq!(broken(&DIRECT, ada(json!({"phones": [{"phone": "+447700900456", "wa_id": "447700900456"}]}))), []);
    for (bad, field, code) in [
        (json!({"name": {"first_name": null}}), "name.first_name", V::Required),
        (json!({"name": {"formatted_name": ""}}), "name.formatted_name", V::Empty),
        (json!({"name": {"suffix": ""}}), "name.suffix", V::Empty),
        (json!({"phones": [{"phone": ""}]}), "phones[0].phone", V::Empty),
        (json!({"phones": [{"phone": "1", "wa_id": "+447700900456"}]}), "phones[0].wa_id", V::Malformed),
        (json!({"emails": [{"email": "ada"}]}), "emails[0].email", V::Malformed),
        (json!({"urls": [{"url": ""}]}), "urls[0].url", V::Empty),
        (json!({"addresses": [{"country_code": "GBR"}]}), "addresses[0].country_code", V::Malformed),
        (json!({"org": {"company": ""}}), "org.company", V::Empty),
        (json!({"birthday": "1990-02-30"}), "birthday", V::Malformed),
        (json!({"birthday": "1990-2-3"}), "birthday", V::Malformed),
        (json!({"urls": vec![json!({"url": "u"}); 21]}), "urls", V::TooMany),
    ] {
        assert_eq!(broken(&DIRECT, ada(bad.clone())), one(&format!("content.contacts[0].{field}"), code), "{bad}");
    }
    assert_eq!(broken(&DIRECT, json!({"type": "contacts", "contacts": []})), one("content.contacts", V::Empty));
    let many = vec![json!({"name": {"formatted_name": "A", "first_name": "A"}}); 258];
    assert_eq!(broken(&DIRECT, json!({"type": "contacts", "contacts": many})), one("content.contacts", V::TooMany));
}

#[test]
fn reply_buttons() {
    let button = |id: &str, title: &str| json!({"id": id, "title": title});
    rules(
        json!({"type": "reply_buttons", "body": "Keep?", "buttons": [button("1", "Yes"), button("2", "No")]}),
        &[
            (json!({"body": ""}), "content.body", V::Empty),
            (json!({"body": "x".repeat(1025)}), "content.body", V::TooLong),
            (json!({"footer": "x".repeat(61)}), "content.footer", V::TooLong),
            (json!({"buttons": []}), "content.buttons", V::Empty),
            (
                json!({"buttons": [button("1", "a"), button("2", "b"), button("3", "c"), button("4", "d")]}),
                "content.buttons",
                V::TooMany,
            ),
            (json!({"buttons": [button("1", "a"), button("1", "b")]}), "content.buttons[1].id", V::Duplicate),
            (json!({"buttons": [button("1", "a"), button("2", "a")]}), "content.buttons[1].title", V::Duplicate),
            (json!({"buttons": [button("", "a")]}), "content.buttons[0].id", V::Empty),
            (json!({"buttons": [button(&"x".repeat(257), "a")]}), "content.buttons[0].id", V::TooLong),
            (json!({"buttons": [button("1", &"x".repeat(21))]}), "content.buttons[0].title", V::TooLong),
            (json!({"header": {"type": "text", "text": ""}}), "content.header.text", V::Empty),
            (json!({"header": {"type": "text", "text": "x".repeat(61)}}), "content.header.text", V::TooLong),
            (json!({"header": {"type": "image"}}), "content.header.link", V::Required),
            (
                json!({"header": {"type": "image", "link": LINK, "filename": "a.jpg"}}),
                "content.header.filename",
                V::Conflict,
            ),
            (
                json!({"header": {"type": "document", "link": LINK, "filename": "a/b"}}),
                "content.header.filename",
                V::Malformed,
            ),
        ],
    );
}

#[test]
fn lists() {
    let row = |id: &str| json!({"id": id, "title": "t"});
    let rows = |count: usize| (0..count).map(|n| row(&n.to_string())).collect::<Vec<_>>();
    rules(
        json!({"type": "list", "body": "Choose", "button": "Slots", "sections": [{"rows": rows(10)}]}),
        &[
            (json!({"body": "x".repeat(4097)}), "content.body", V::TooLong),
            (json!({"header": "x".repeat(61)}), "content.header", V::TooLong),
            (json!({"footer": ""}), "content.footer", V::Empty),
            (json!({"button": "x".repeat(21)}), "content.button", V::TooLong),
            (json!({"sections": []}), "content.sections", V::Empty),
            (json!({"sections": [{"rows": rows(11)}]}), "content.sections", V::TooMany),
            (json!({"sections": [{"rows": []}]}), "content.sections[0].rows", V::Empty),
            (
                json!({"sections": [{"title": "a", "rows": [row("1")]}, {"rows": [row("2")]}]}),
                "content.sections[1].title",
                V::Required,
            ),
            (
                json!({"sections": [{"title": "a", "rows": [row("1")]}, {"title": "b", "rows": [row("1")]}]}),
                "content.sections[1].rows[0].id",
                V::Duplicate,
            ),
            (
                json!({"sections": [{"title": "x".repeat(25), "rows": [row("1")]}]}),
                "content.sections[0].title",
                V::TooLong,
            ),
            (json!({"sections": [{"rows": [row("")]}]}), "content.sections[0].rows[0].id", V::Empty),
            (json!({"sections": [{"rows": [row(&"x".repeat(201))]}]}), "content.sections[0].rows[0].id", V::TooLong),
            (
                json!({"sections": [{"rows": [{"id": "1", "title": "x".repeat(25)}]}]}),
                "content.sections[0].rows[0].title",
                V::TooLong,
            ),
            (
                json!({"sections": [{"rows": [{"id": "1", "title": "t", "description": "x".repeat(73)}]}]}),
                "content.sections[0].rows[0].description",
                V::TooLong,
            ),
        ],
    );
}

#[test]
fn addresses_flows_and_questions() {
    rules(
        json!({"type": "cta_url", "body": "Track", "button": "Track", "url": "https://acme.example/t/9"}),
        &[
            (json!({"body": " "}), "content.body", V::Empty),
            (json!({"button": "x".repeat(21)}), "content.button", V::TooLong),
            (json!({"url": "acme.example"}), "content.url", V::Malformed),
            (json!({"url": "tel:+447700900123"}), "content.url", V::Malformed),
        ],
    );
    rules(
        json!({"type": "flow", "body": "Book", "button": "Book now", "flow_id": "800000000000001", "screen": "FIRST", "data": {"a": 1}}),
        &[
            (json!({"flow_id": null}), "content.flow_id", V::Required),
            (json!({"flow_name": "visits"}), "content.flow_name", V::Conflict),
            (json!({"screen": null}), "content.screen", V::Required),
            (json!({"action": "data_exchange", "data": null}), "content.screen", V::Conflict),
            (json!({"action": "data_exchange", "screen": null}), "content.data", V::Conflict),
            (json!({"button": "x".repeat(31)}), "content.button", V::TooLong),
            (json!({"flow_token": ""}), "content.flow_token", V::Empty),
            (json!({"data": {"a": {"b": ["\u{0}"]}}}), "content.data.a.b[0]", V::Malformed),
        ],
    );
    assert_eq!(broken(&DIRECT, json!({"type": "flow", "body": "b", "button": "B", "flow_name": "visits"})), []);
    rules(
        json!({"type": "location_request", "body": "Where?"}),
        &[
            (json!({"body": ""}), "content.body", V::Empty),
            (json!({"body": "x".repeat(1025)}), "content.body", V::TooLong),
        ],
    );
    rules(
        json!({"type": "address_request", "body": "Where to?", "country": "IN", "values": {"name": "Ada"}}),
        &[(json!({"country": "GB"}), "content.country", V::Malformed), (json!({"body": ""}), "content.body", V::Empty)],
    );
}

#[test]
fn products_and_catalogues() {
    rules(
        json!({"type": "product", "catalog_id": "9", "product_id": "sku-1"}),
        &[
            (json!({"catalog_id": ""}), "content.catalog_id", V::Empty),
            (json!({"product_id": "x".repeat(201)}), "content.product_id", V::TooLong),
            (json!({"body": ""}), "content.body", V::Empty),
        ],
    );
    let ids = |count: usize| (0..count).map(|n| format!("sku-{n}")).collect::<Vec<_>>();
    rules(
        json!({"type": "product_list", "header": "Teas", "body": "b", "catalog_id": "9",
            "sections": [{"title": "a", "product_ids": ids(15)}, {"title": "b", "product_ids": ids(15)}]}),
        &[
            (json!({"header": ""}), "content.header", V::Empty),
            (json!({"sections": []}), "content.sections", V::Empty),
            (
                json!({"sections": [{"title": "a", "product_ids": ids(16)}, {"title": "b", "product_ids": ids(15)}]}),
                "content.sections",
                V::TooMany,
            ),
            (json!({"sections": [{"title": "", "product_ids": ["1"]}]}), "content.sections[0].title", V::Empty),
            (json!({"sections": [{"title": "a", "product_ids": []}]}), "content.sections[0].product_ids", V::Empty),
            (
                json!({"sections": [{"title": "a", "product_ids": [""]}]}),
                "content.sections[0].product_ids[0]",
                V::Empty,
            ),
        ],
    );
    rules(
        json!({"type": "catalog", "body": "Browse"}),
        &[
            (json!({"thumbnail_product_id": ""}), "content.thumbnail_product_id", V::Empty),
            (json!({"footer": "x".repeat(61)}), "content.footer", V::TooLong),
        ],
    );
}

#[test]
fn cards_have_one_shape() {
    let url = |n: usize| json!({"type": "url", "header": {"type": "image", "link": LINK}, "body": "t", "button": "Buy", "url": format!("https://acme.example/{n}")});
    let changed = |change: Value| {
        let mut card = url(1);
        merge(&mut card, &change);
        json!({"cards": [url(0), card]})
    };
    let product = |catalog: &str| json!({"type": "product", "catalog_id": catalog, "product_id": "sku-1"});
    rules(
        json!({"type": "carousel", "body": "New in", "cards": [url(0), url(1)]}),
        &[
            (json!({"cards": [url(0)]}), "content.cards", V::TooShort),
            (json!({"cards": vec![url(0); 11]}), "content.cards", V::TooMany),
            (changed(json!({"body": "x".repeat(161)})), "content.cards[1].body", V::TooLong),
            (changed(json!({"body": "a\nb\nc\nd"})), "content.cards[1].body", V::TooMany),
            (changed(json!({"button": ""})), "content.cards[1].button", V::Empty),
            (changed(json!({"url": "x"})), "content.cards[1].url", V::Malformed),
            (changed(json!({"header": {"link": null}})), "content.cards[1].header.link", V::Required),
            (changed(json!({"header": {"type": "video"}})), "content.cards[1]", V::Conflict),
            (json!({"cards": [url(0), product("9")]}), "content.cards[1]", V::Conflict),
            (json!({"cards": [product("9"), product("8")]}), "content.cards[1]", V::Conflict),
        ],
    );
    let replies = |titles: &[&str]| {
        let buttons: Vec<Value> = titles.iter().map(|title| json!({"id": title, "title": title})).collect();
        json!({"type": "reply_buttons", "header": {"type": "image", "link": LINK}, "buttons": buttons})
    };
    rules(
        json!({"type": "carousel", "body": "b", "cards": [replies(&["a"]), replies(&["b"])]}),
        &[(json!({"cards": [replies(&["a"]), replies(&["b", "c"])]}), "content.cards[1]", V::Conflict)],
    );
    let without = json!({"type": "carousel", "body": "b", "cards": [replies(&[]), replies(&[])]});
    let empty = |n: usize| (format!("content.cards[{n}].buttons"), V::Empty);
    assert_eq!(broken(&DIRECT, without), [empty(0), empty(1)]);
}

#[test]
fn templates_and_codes() {
    rules(
        template(json!({"body": [{"text": "Ada"}]})),
        &[
            (
                json!({"header": {"type": "location", "latitude": 91, "longitude": 0}}),
                "content.header.latitude",
                V::Malformed,
            ),
            (
                json!({"header": {"type": "product", "catalog_id": "", "product_id": "p"}}),
                "content.header.catalog_id",
                V::Empty,
            ),
            (
                json!({"buttons": [{"index": 0, "type": "copy_code", "code": "x".repeat(21)}]}),
                "content.buttons[0].code",
                V::TooLong,
            ),
            (
                json!({"buttons": [{"index": 0, "type": "flow", "flow_token": ""}]}),
                "content.buttons[0].flow_token",
                V::Empty,
            ),
            (
                json!({"buttons": [{"index": 0, "type": "catalog", "thumbnail_product_id": ""}]}),
                "content.buttons[0].thumbnail_product_id",
                V::Empty,
            ),
            (
                json!({"buttons": [{"index": 0, "type": "products", "thumbnail_product_id": "p", "sections": []}]}),
                "content.buttons[0].sections",
                V::Empty,
            ),
            (json!({"body": [{"text": "a", "name": "First Name"}]}), "content.body[0].name", V::Malformed),
        ],
    );
    let card = |kind: &str| json!({"header": {"type": kind, "link": LINK}, "body": [{"text": "a"}]});
    rules(
        template(json!({"cards": [card("image"), card("image")]})),
        &[
            (json!({"cards": [card("image")]}), "content.cards", V::TooShort),
            (json!({"cards": [card("image"), card("video")]}), "content.cards[1]", V::Conflict),
            (
                json!({"cards": [card("image"), {"header": {"type": "image", "link": LINK}, "body": [{"text": ""}]}]}),
                "content.cards[1].body[0].text",
                V::Empty,
            ),
        ],
    );
    let documents = template(json!({"cards": [card("document"), card("document")]}));
    let not_a_card = |n: usize| (format!("content.cards[{n}].header.type"), V::Malformed);
    assert_eq!(broken(&DIRECT, documents), [not_a_card(0), not_a_card(1)]);
    rules(
        json!({"type": "one_time_code", "name": "login_code", "language": "en_US", "code": "493817"}),
        &[
            (json!({"code": ""}), "content.code", V::Empty),
            (json!({"code": "1234567890123456"}), "content.code", V::TooLong),
            (json!({"code": "12 34"}), "content.code", V::Malformed),
            (json!({"name": "Login"}), "content.name", V::Malformed),
            (json!({"language": "english"}), "content.language", V::Malformed),
        ],
    );
}

#[test]
fn codes_go_to_phone_numbers() {
    let code: Content =
        serde_json::from_value(json!({"type": "one_time_code", "name": "c", "language": "en", "code": "1"})).unwrap();
    let text: Content = serde_json::from_value(json!({"type": "text", "body": "x"})).unwrap();
    let (phone, user) = ("+447700900123".parse().unwrap(), "GB.11112222333344445555".parse().unwrap());
    for can in [&DIRECT, &TWILIO] {
        let refused = can.check_recipient(&user, &code).unwrap_err();
        assert_eq!((refused.field.as_str(), refused.code), ("to", V::Unsupported));
        assert!(can.check_recipient(&phone, &code).is_ok() && can.check_recipient(&user, &text).is_ok());
    }
}

#[test]
fn addresses_are_asked_of_people_in_india() {
    let request: Content =
        serde_json::from_value(json!({"type": "address_request", "body": "b", "country": "IN"})).unwrap();
    let allowed = |to: &str| DIRECT.check_recipient(&to.parse().unwrap(), &request).is_ok();
    assert!(allowed("+919900000000") && allowed("IN.11112222333344445555"));
    assert!(!allowed("+447700900123") && !allowed("GB.11112222333344445555"));
}
