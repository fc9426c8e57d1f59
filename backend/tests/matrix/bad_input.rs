//! Wrong bodies for every kind: each is answered with 422 and the field.

use duplex::domain::content::Kind;
use duplex::domain::provider::ProviderKind;
use serde_json::{Value, json};

use crate::stage::{ADA, Stage};
use crate::support::Database;

const LINK: &str = "https://acme.example/a.jpg";
const ID: &str = "0199f2a0-0000-7000-8000-0000000000aa";

/// Contents of a kind that are wrong, each with the field that must be named. `type` is put in.
fn wrong(kind: Kind) -> Vec<(Value, &'static str)> {
    let media = |more: Value, field: &'static str| {
        vec![
            (json!({}), "content.link"),
            (json!({"link": "http://acme.example/a.jpg"}), "content.link"),
            (json!({"link": LINK, "media_id": ID}), "content.link"),
            (json!({"media_id": "front"}), "content.media_id"),
            (json!({"link": LINK, "url": LINK}), "content.url"),
            (more, field),
        ]
    };
    let row = |id: &str| json!({"id": id, "title": "t"});
    let button = |id: &str| json!({"id": id, "title": format!("title {id}")});
    let card = |n: usize| json!({"type": "url", "header": {"type": "image", "link": LINK}, "button": "Buy", "url": format!("https://acme.example/{n}")});
    match kind {
        Kind::Text => vec![
            (json!({}), "content.body"),
            (json!({"body": 7}), "content.body"),
            (json!({"body": ""}), "content.body"),
            (json!({"body": "x".repeat(4097)}), "content.body"),
            (json!({"body": "a\u{0}"}), "content.body"),
            (json!({"body": "x", "preview": true}), "content.preview"),
        ],
        Kind::Image => media(json!({"link": LINK, "caption": "x".repeat(1025)}), "content.caption"),
        Kind::Video => media(json!({"link": LINK, "caption": ""}), "content.caption"),
        Kind::Audio => media(json!({"link": LINK, "voice": "yes"}), "content.voice"),
        Kind::Document => media(json!({"link": LINK, "filename": "a/b.pdf"}), "content.filename"),
        Kind::Sticker => media(json!({"link": LINK, "caption": "x"}), "content.caption"),
        Kind::Location => vec![
            (json!({"longitude": 1}), "content.latitude"),
            (json!({"latitude": "x", "longitude": 1}), "content.latitude"),
            (json!({"latitude": 91, "longitude": 1}), "content.latitude"),
            (json!({"latitude": 1, "longitude": 181}), "content.longitude"),
        ],
        Kind::Contacts => vec![
            (json!({"contacts": []}), "content.contacts"),
            (json!({"contacts": [{}]}), "content.contacts[0].name"),
            (json!({"contacts": [{"name": {"formatted_name": "Ada"}}]}), "content.contacts[0].name.first_name"),
            (
                json!({"contacts": [{"name": {"formatted_name": "Ada", "first_name": "Ada"}, "birthday": "10 May"}]}),
                "content.contacts[0].birthday",
            ),
        ],
        Kind::Reaction => vec![
            (json!({"emoji": "👍"}), "content.message_id"),
            (json!({"message_id": "wamid.1", "emoji": "👍"}), "content.message_id"),
            (json!({"message_id": ID, "emoji": "👍"}), "content.message_id"),
            (json!({"message_id": ID}), "content.emoji"),
        ],
        Kind::ReplyButtons => vec![
            (json!({"body": "b", "buttons": []}), "content.buttons"),
            (json!({"body": "b", "buttons": [button("1"), button("2"), button("3"), button("4")]}), "content.buttons"),
            (json!({"body": "b", "buttons": [button("1"), button("1")]}), "content.buttons[1].id"),
            (json!({"body": "b", "buttons": [{"id": "1", "title": "x".repeat(21)}]}), "content.buttons[0].title"),
            (json!({"body": "b", "buttons": [button("1")], "header": {"type": "gif"}}), "content.header.type"),
            (json!({"body": "b", "buttons": [button("1")], "header": {"type": "image"}}), "content.header.link"),
        ],
        Kind::List => vec![
            (json!({"body": "b", "button": "B", "sections": []}), "content.sections"),
            (
                json!({"body": "b", "button": "B", "sections": [{"rows": [row("1")]}, {"title": "t", "rows": [row("2")]}]}),
                "content.sections[0].title",
            ),
            (
                json!({"body": "b", "button": "B", "sections": [{"rows": [{"id": "1", "title": "x".repeat(25)}]}]}),
                "content.sections[0].rows[0].title",
            ),
            (
                json!({"body": "b", "button": "B", "sections": [{"rows": [{"title": "t"}]}]}),
                "content.sections[0].rows[0].id",
            ),
            (json!({"body": "b", "button": "x".repeat(21), "sections": [{"rows": [row("1")]}]}), "content.button"),
        ],
        Kind::CtaUrl => vec![
            (json!({"body": "b", "button": "B"}), "content.url"),
            (json!({"body": "b", "button": "B", "url": "acme.example"}), "content.url"),
            (json!({"body": "b", "button": "x".repeat(21), "url": LINK}), "content.button"),
        ],
        Kind::Flow => vec![
            (json!({"body": "b", "button": "B"}), "content.flow_id"),
            (json!({"body": "b", "button": "B", "flow_id": "1", "flow_name": "n"}), "content.flow_name"),
            (json!({"body": "b", "button": "B", "flow_id": "1", "action": "open"}), "content.action"),
            (json!({"body": "b", "button": "B", "flow_id": "1", "data": {"a": 1}}), "content.screen"),
            (json!({"body": "b", "button": "B", "flow_id": "1", "data": [1]}), "content.data"),
        ],
        Kind::LocationRequest => vec![
            (json!({}), "content.body"),
            (json!({"body": " "}), "content.body"),
            (json!({"body": "x".repeat(1025)}), "content.body"),
            (json!({"body": "b", "footer": "f"}), "content.footer"),
        ],
        Kind::AddressRequest => vec![
            (json!({"body": "b"}), "content.country"),
            (json!({"body": "b", "country": "GB"}), "content.country"),
            (json!({"body": "", "country": "IN"}), "content.body"),
            (json!({"body": "b", "country": "IN", "values": []}), "content.values"),
        ],
        Kind::Product => vec![
            (json!({"catalog_id": "9"}), "content.product_id"),
            (json!({"catalog_id": "", "product_id": "p"}), "content.catalog_id"),
            (json!({"catalog_id": "9", "product_id": "p", "header": "h"}), "content.header"),
        ],
        Kind::ProductList => vec![
            (json!({"header": "h", "body": "b", "catalog_id": "9", "sections": []}), "content.sections"),
            (json!({"body": "b", "catalog_id": "9", "sections": []}), "content.header"),
            (
                json!({"header": "h", "body": "b", "catalog_id": "9", "sections": [{"title": "t", "product_ids": vec!["p"; 31]}]}),
                "content.sections",
            ),
            (
                json!({"header": "h", "body": "b", "catalog_id": "9", "sections": [{"product_ids": ["p"]}]}),
                "content.sections[0].title",
            ),
        ],
        Kind::Catalog => vec![
            (json!({}), "content.body"),
            (json!({"body": "b", "thumbnail_product_id": ""}), "content.thumbnail_product_id"),
            (json!({"body": "b", "footer": "x".repeat(61)}), "content.footer"),
        ],
        Kind::Carousel => vec![
            (json!({"body": "b", "cards": [card(1)]}), "content.cards"),
            (
                json!({"body": "b", "cards": [card(1), {"type": "product", "catalog_id": "9", "product_id": "p"}]}),
                "content.cards[1]",
            ),
            (
                json!({"body": "b", "cards": [card(1), {"type": "url", "header": {"type": "image", "link": LINK}, "button": "B"}]}),
                "content.cards[1].url",
            ),
            (json!({"body": "b", "cards": [card(1), {"type": "film"}]}), "content.cards[1].type"),
        ],
        Kind::Template => vec![
            (json!({"language": "en"}), "content.name"),
            (json!({"name": "Order Shipped", "language": "en"}), "content.name"),
            (json!({"name": "t", "language": "english"}), "content.language"),
            (json!({"name": "t", "language": "en", "body": [{"text": ""}]}), "content.body[0].text"),
            (json!({"name": "t", "language": "en", "header": {"type": "image"}}), "content.header.link"),
            (
                json!({"name": "t", "language": "en", "buttons": [{"type": "url", "text": "x"}]}),
                "content.buttons[0].index",
            ),
            (
                json!({"name": "t", "language": "en", "offer_expires_at": "2001-01-01T00:00:00Z"}),
                "content.offer_expires_at",
            ),
        ],
        Kind::OneTimeCode => vec![
            (json!({"name": "login_code", "language": "en_US"}), "content.code"),
            (json!({"name": "login_code", "language": "en_US", "code": "1234567890123456"}), "content.code"),
            (json!({"name": "login_code", "language": "en_US", "code": 493_817}), "content.code"),
            (json!({"name": "login_code", "language": "English", "code": "493817"}), "content.language"),
        ],
    }
}

#[tokio::test]
async fn every_wrong_body_names_its_field() {
    let stage = Stage::on(Database::Sqlite, ProviderKind::Direct).await;
    for kind in Kind::ALL {
        let bodies = wrong(*kind);
        assert!(bodies.len() >= 3, "{kind}");
        for (mut content, field) in bodies {
            content["type"] = json!(kind);
            let to = if *kind == Kind::AddressRequest { "+919900000000" } else { ADA };
            let refused = stage.post(json!({"to": to, "content": content})).await;
            assert_eq!(refused.status, 422, "{content}: {:#}", refused.json);
            let complaints = refused.complaints();
            assert_eq!(complaints[0].0, field, "{content}: {complaints:?}");
            let sentence = refused.json["errors"][0]["message"].as_str().unwrap();
            assert!(!sentence.is_empty() && !sentence.contains("line"), "{sentence}");
        }
    }
    assert_eq!(stage.accepted().await, 0);
    stage.app.stop().await;
}

#[tokio::test]
async fn the_frame_is_checked_too() {
    let stage = Stage::on(Database::Sqlite, ProviderKind::Direct).await;
    let code = json!({"type": "one_time_code", "name": "login_code", "language": "en_US", "code": "493817"});
    let address = json!({"type": "address_request", "body": "b", "country": "IN"});
    let text = json!({"type": "text", "body": "x"});
    for (message, field, code) in [
        (json!({"to": "GB.11112222333344445555", "content": code}), "to", "unsupported"),
        (json!({"to": ADA, "content": address}), "to", "unsupported"),
        (json!({"to": ADA, "content": "hello"}), "content", "invalid_type"),
        (json!({"to": ADA, "content": null}), "content", "invalid_type"),
        (json!({"to": ADA}), "content", "required"),
        (json!({"to": ADA, "content": {"body": "x"}}), "content.type", "required"),
        (json!({"to": ADA, "content": {"type": "smoke"}}), "content.type", "invalid_value"),
        (json!({"to": ADA, "content": text, "degrade": "yes"}), "degrade", "invalid_type"),
    ] {
        let refused = stage.post(message.clone()).await;
        assert_eq!(refused.complaints(), [(field.to_owned(), code.to_owned())], "{message}");
        assert_eq!(refused.status, 422);
    }
    stage.app.stop().await;
}
