//! The main job: a message travels there and back, by each provider, on each database.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may fail loudly"
)]

mod support;

use rstest::rstest;
use serde_json::{Value, json};
use support::Database;
use support::app::TestApp;

#[rstest]
#[tokio::test]
async fn a_message_travels_there_and_back(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &str,
) {
    let app = TestApp::start(database).await;
    let scopes = ["messages:read", "messages:write", "events:read", "workspace:write", "sandbox:write"];
    let program = app.key(&scopes).await;
    program.patch("/api/v1/workspace", json!({ "whatsapp_provider": provider })).await.expect(200);

    let text = json!({ "to": "+447700900123", "content": { "type": "text", "body": "Your parcel is on its way" } });
    let queued = program.post("/api/v1/messages", text).await.expect(202);
    let story = app.message_in(&program, queued["id"].as_str().unwrap(), "read").await;
    assert_eq!(story["provider"], provider);
    assert_eq!(kinds(&story["timeline"]), ["queued", "accepted", "sent", "delivered", "read"]);
    assert_eq!(story["tries"].as_array().unwrap().len(), 1);

    program.post("/api/v1/sandbox/replies", json!({ "text": "Thank you!" })).await.expect(201);
    let feed =
        app.until(&program, "/api/v1/events", |feed| kinds(&feed["data"]).contains(&"received".to_owned())).await;
    let received = feed["data"].as_array().unwrap().iter().find(|event| event["type"] == "message.received").unwrap();
    let answer =
        program.get(&format!("/api/v1/messages/{}", received["message_id"].as_str().unwrap())).await.expect(200);
    assert_eq!(answer["content"], json!({ "type": "text", "body": "Thank you!" }));
    assert_eq!(answer["person"], "+447700900123");

    let seqs: Vec<i64> = feed["data"].as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "the feed has no gaps: {seqs:?}");
    app.stop().await;
}

/// The kinds of events about messages, without their prefix.
fn kinds(events: &Value) -> Vec<String> {
    let all = events.as_array().expect("a list of events").iter();
    all.filter_map(|event| event["type"].as_str()?.strip_prefix("message.").map(str::to_owned)).collect()
}
