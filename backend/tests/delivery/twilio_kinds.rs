//! Every kind that Twilio carries goes out through the whole program, and what it lacks ends with a reason.

use duplex_simulator::ConversationQuery;
use rstest::rstest;
use serde_json::{Value, json};

use crate::sending::content_sid;
use crate::stage::{ADA, Stage};
use crate::support::Database;

/// A kind, and what the phone draws of it: those members at least.
#[rstest]
#[case::image(
    json!({ "type": "image", "link": "https://acme.example/a.jpg", "caption": "A mug" }),
    json!({ "kind": "image", "url": "https://acme.example/a.jpg", "caption": "A mug" })
)]
#[case::video(
    json!({ "type": "video", "link": "https://acme.example/a.mp4" }),
    json!({ "kind": "video", "url": "https://acme.example/a.mp4" })
)]
#[case::audio(
    json!({ "type": "audio", "link": "https://acme.example/a.ogg" }),
    json!({ "kind": "audio", "url": "https://acme.example/a.ogg" })
)]
#[case::document(
    json!({ "type": "document", "link": "https://acme.example/a.pdf", "filename": "invoice-77.pdf" }),
    json!({ "kind": "document", "url": "https://acme.example/a.pdf" })
)]
#[case::sticker(
    json!({ "type": "sticker", "link": "https://acme.example/a.webp" }),
    json!({ "kind": "sticker", "url": "https://acme.example/a.webp" })
)]
#[case::location(
    json!({ "type": "location", "latitude": 51.5034, "longitude": -0.1276, "name": "Acme", "address": "1 High St" }),
    json!({ "kind": "location", "latitude": 51.5034, "longitude": -0.1276, "name": "Acme", "address": "1 High St" })
)]
#[case::reply_buttons(
    json!({ "type": "reply_buttons", "body": "Deliver?", "buttons": [{ "id": "y", "title": "Yes" }] }),
    json!({ "kind": "buttons", "body": "Deliver?", "buttons": [{ "type": "reply", "text": "Yes", "id": "y" }] })
)]
#[case::list(
    json!({ "type": "list", "body": "When?", "button": "Slots",
        "sections": [{ "rows": [{ "id": "1", "title": "10:00", "description": "Morning" }] }] }),
    json!({ "kind": "list", "body": "When?", "button": "Slots",
        "sections": [{ "rows": [{ "id": "1", "title": "10:00", "description": "Morning" }] }] })
)]
#[case::cta_url(
    json!({ "type": "cta_url", "body": "Your parcel", "button": "Track", "url": "https://acme.example/t/9?x=1" }),
    json!({ "kind": "cta_url", "body": "Your parcel",
        "buttons": [{ "type": "url", "text": "Track", "url": "https://acme.example/t/9?x=1" }] })
)]
#[case::flow(
    json!({ "type": "flow", "body": "Book a visit", "button": "Book", "flow_id": "1197715005513101", "flow_token": "t-77" }),
    json!({ "kind": "flow", "body": "Book a visit",
        "buttons": [{ "type": "flow", "text": "Book", "flow_id": "1197715005513101", "flow_token": "t-77" }] })
)]
#[tokio::test]
async fn a_kind_arrives(#[case] content: Value, #[case] drawn: Value) {
    let stage = Stage::on(Database::Sqlite, "twilio").await;
    let id = stage.queue(ADA, content).await;
    let story = stage.story(&id, "read").await;
    assert_eq!(story["tries"].as_array().unwrap().len(), 1, "{story:#}");
    let threads = stage.simulator.conversations(&ConversationQuery::default()).await.unwrap();
    let shown: Vec<Value> = threads
        .iter()
        .flat_map(|thread| &thread.messages)
        .filter(|one| Some(one.id.as_str()) == story["provider_message_id"].as_str())
        .map(|one| json!(one.content))
        .collect();
    assert_eq!(shown.len(), 1);
    for (name, value) in drawn.as_object().unwrap() {
        assert_eq!(&shown[0][name], value, "{name}: {:#}", shown[0]);
    }
    stage.app.stop().await;
}

#[tokio::test]
async fn a_one_time_code_fills_its_template() {
    let stage = Stage::on(Database::Sqlite, "twilio").await;
    let sid = content_sid(&stage, &stage.loaded().await.address.account, "login_code").await;
    let code = json!({ "type": "one_time_code", "name": "login_code", "language": "en_US", "code": "493818",
        "twilio": { "content_sid": sid } });
    let id = stage.queue(ADA, code).await;
    stage.story(&id, "read").await;
    let threads = stage.simulator.conversations(&ConversationQuery::default()).await.unwrap();
    assert!(threads.iter().flat_map(|thread| &thread.messages).any(|one| one.text.starts_with("493818 is your")));
    stage.app.stop().await;
}

#[rstest]
#[case::reaction(json!({ "type": "reaction", "message_id": "0199f2a0-0000-7000-8000-000000000001", "emoji": "👍" }))]
#[case::location_request(json!({ "type": "location_request", "body": "Where?" }))]
#[case::caption(json!({ "type": "document", "link": "https://acme.example/a.pdf", "caption": "Bill" }))]
#[case::footer(json!({ "type": "reply_buttons", "body": "b", "footer": "f", "buttons": [{ "id": "y", "title": "Yes" }] }))]
#[tokio::test]
async fn what_twilio_lacks_fails_without_a_request(#[case] content: Value) {
    let stage = Stage::on(Database::Sqlite, "twilio").await;
    let id = stage.queue(ADA, content).await;
    let story = stage.story(&id, "failed").await;
    assert_eq!(story["failure"]["code"], "content_unsupported", "{story:#}");
    assert_eq!(stage.ledger().await.totals.accepted, 0);
    stage.app.stop().await;
}
