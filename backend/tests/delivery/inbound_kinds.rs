//! Everything a person can send, through the webhooks of both providers.

use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{Stage, id_of};
use crate::support::Database;

/// What the customer does, and what the API shows of it; what a provider does not hand on is refused by its simulator.
fn both() -> Vec<(Value, Value)> {
    vec![
        (json!({ "kind": "text", "text": "Grüße, Zoë 👋" }), json!({ "type": "text", "body": "Grüße, Zoë 👋" })),
        (json!({ "kind": "image", "caption": "Like this" }), json!({ "type": "image", "caption": "Like this" })),
        (json!({ "kind": "video" }), json!({ "type": "video", "mime_type": "video/mp4" })),
        (json!({ "kind": "audio", "voice": true }), json!({ "type": "audio", "voice": true })),
        (json!({ "kind": "document" }), json!({ "type": "document", "mime_type": "application/pdf" })),
        (json!({ "kind": "sticker" }), json!({ "type": "sticker", "mime_type": "image/webp" })),
        (
            json!({ "kind": "location", "latitude": 51.5034, "longitude": -0.1276, "name": "Acme shop", "address": "1 Example Street" }),
            json!({ "type": "location", "latitude": 51.5034, "longitude": -0.1276, "name": "Acme shop", "address": "1 Example Street" }),
        ),
    ]
}

fn only_direct() -> Vec<(Value, Value)> {
    let card = json!({ "name": { "formatted_name": "Bob", "first_name": "Bob" }, "phones": [{ "phone": "+44 7700 900456", "wa_id": "447700900456", "type": "CELL" }] });
    let item = json!({ "product_retailer_id": "sku-1", "quantity": 2, "item_price": 4.5, "currency": "GBP" });
    vec![
        (json!({ "kind": "contacts", "contacts": [card] }), json!({ "type": "contacts", "contacts": [card] })),
        (
            json!({ "kind": "order", "catalog_id": "9", "product_items": [item] }),
            json!({ "type": "order", "catalog_id": "9",
                "items": [{ "product_id": "sku-1", "quantity": 2, "price_micros": 4_500_000, "currency": "GBP" }] }),
        ),
        (
            json!({ "kind": "unsupported", "type": "poll_creation" }),
            json!({ "type": "unsupported", "kind": "poll_creation" }),
        ),
        (json!({ "kind": "request_welcome" }), json!({ "type": "request_welcome" })),
        (
            json!({ "kind": "unknown", "type": "hologram", "value": { "depth": 3 } }),
            json!({ "type": "other", "kind": "hologram" }),
        ),
        (json!({ "kind": "identity_change" }), json!({ "type": "system", "event": "customer_identity_changed" })),
    ]
}

/// Every member that is expected is there; others may be.
#[track_caller]
fn holds(content: &Value, expected: &Value) {
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&content[name], value, "{name} of {content:#}");
    }
}

#[rstest]
#[tokio::test]
async fn every_kind_arrives(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let mut kinds = both();
    if provider == "direct" {
        kinds.extend(only_direct());
    }
    for (content, expected) in kinds {
        let message = stage.receives(json!({ "content": content })).await;
        holds(&message["content"], &expected);
        let is_medium =
            ["image", "video", "audio", "document", "sticker"].contains(&expected["type"].as_str().unwrap());
        assert_eq!(message["content"]["media_id"].is_string(), is_medium, "{message:#}");
        let story = stage.program.get(&format!("/api/v1/messages/{}", id_of(&message))).await.expect(200);
        assert_eq!(story["webhooks"].as_array().unwrap().len(), 1, "the raw webhook is kept: {story:#}");
        assert_eq!(story["timeline"][0]["data"]["content"], message["content"]);
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn what_twilio_does_not_hand_on_is_said() {
    let stage = Stage::on(Database::Sqlite, "twilio").await;
    for content in [
        json!({ "kind": "reaction", "message_id": "SM1", "emoji": "👍" }),
        json!({ "kind": "order", "catalog_id": "9", "product_items": [{}] }),
        json!({ "kind": "request_welcome" }),
        json!({ "kind": "revoke", "message_id": "SM1" }),
    ] {
        let answer = stage.program.post("/api/v1/sandbox/replies", json!({ "content": content })).await;
        answer.problem(422, "validation_failed");
    }
    for (body, field) in [
        (json!({}), "content"),
        (json!({ "text": "" }), "text"),
        (json!({ "content": { "kind": "text", "text": "" } }), "content.text"),
        (json!({ "text": "Hi", "content": { "kind": "image" } }), "text"),
    ] {
        let answer = stage.program.post("/api/v1/sandbox/replies", body).await;
        assert_eq!(answer.complaints()[0].0, field, "{:#}", answer.json);
        answer.problem(422, "validation_failed");
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn what_surrounds_a_message_arrives(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let forwarded = stage.receives(json!({ "text": "Look", "forwarded": "frequently" })).await;
    assert_eq!(forwarded["context"]["frequently_forwarded"], true, "{forwarded:#}");
    let referral = json!({ "source_url": "https://fb.me/EXAMPLE", "source_id": "120000000000001", "source_type": "ad",
        "headline": "Spring teas", "ctwa_clid": "AbC123" });
    let clicked = stage.receives(json!({ "text": "I saw your ad", "referral": referral })).await;
    holds(&clicked["context"]["referral"], &referral);

    let quoted = stage.receives(json!({ "text": "And this?", "reply_to": clicked["provider_message_id"] })).await;
    assert_eq!(quoted["reply_to_id"], clicked["id"], "an answer to the person's own message");
    let ours = stage.story(&stage.send(crate::stage::ADA, "Yes").await, "read").await;
    let answered = stage.receives(json!({ "text": "Thanks", "reply_to": ours["provider_message_id"] })).await;
    assert_eq!(answered["reply_to_id"], ours["id"], "an answer to ours");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_reaction_stands_in_the_story_of_its_message(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "direct").await;
    let ours = stage.story(&stage.send(crate::stage::ADA, "Your parcel has come").await, "read").await;
    let id = ours["provider_message_id"].clone();
    let thumb = stage.receives(json!({ "content": { "kind": "reaction", "message_id": id, "emoji": "👍" } })).await;
    assert_eq!((&thumb["content"]["message_id"], &thumb["content"]["emoji"]), (&ours["id"], &json!("👍")));
    stage.receives(json!({ "content": { "kind": "reaction", "message_id": id } })).await;
    let story = stage.program.get(&format!("/api/v1/messages/{}", ours["id"].as_str().unwrap())).await.expect(200);
    let reactions: Vec<&Value> =
        story["timeline"].as_array().unwrap().iter().filter(|event| event["type"] == "message.reacted").collect();
    assert_eq!(reactions.len(), 2, "{story:#}");
    assert_eq!((&reactions[0]["data"]["emoji"], &reactions[0]["data"]["reaction_id"]), (&json!("👍"), &thumb["id"]));
    assert_eq!(reactions[1]["data"]["emoji"], Value::Null);
    stage.app.stop().await;
}
