//! What people change or take back (numbers shared with the Business app, at direct only).

use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{Stage, id_of};
use crate::support::Database;

async fn shown(stage: &Stage, id: &str, wanted: impl Fn(&Value) -> bool) -> Value {
    stage.app.until(&stage.program, &format!("/api/v1/messages/{id}"), |story| wanted(story)).await
}

#[rstest]
#[tokio::test]
async fn an_edit_replaces_the_text_and_a_withdrawal_removes_it(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "direct").await;
    let message = stage.receives(json!({ "text": "Thursday at ten" })).await;
    let id = id_of(&message);
    let edit =
        json!({ "content": { "kind": "edit", "message_id": message["provider_message_id"], "text": "Friday at ten" } });
    stage.program.post("/api/v1/sandbox/replies", edit).await.expect(201);
    let edited = shown(&stage, &id, |story| story["context"]["edited_at"].is_string()).await;
    assert_eq!(edited["content"], json!({ "type": "text", "body": "Friday at ten" }));
    let told = stage.told("message.edited", |event| event["message_id"] == message["id"]).await;
    assert_eq!(told["data"]["content"]["body"], "Friday at ten");
    let feed = stage.program.get("/api/v1/events?limit=1000").await.expect(200);
    assert!(!feed.to_string().contains("Thursday"), "what it said before is in the raw webhook only");
    assert!(edited["webhooks"][0]["body"].as_str().unwrap().contains("Thursday"), "{edited:#}");

    let revoke = json!({ "content": { "kind": "revoke", "message_id": message["provider_message_id"] } });
    stage.program.post("/api/v1/sandbox/replies", revoke).await.expect(201);
    let deleted = shown(&stage, &id, |story| story["context"]["deleted_at"].is_string()).await;
    assert_eq!(deleted["content"], json!({ "type": "deleted" }));
    stage.told("message.deleted", |event| event["message_id"] == message["id"]).await;
    let feed = stage.program.get("/api/v1/events?limit=1000").await.expect(200);
    assert!(!feed.to_string().contains("Friday"), "{feed:#}");
    let inbox = stage.program.get("/api/v1/messages?direction=inbound").await.expect(200);
    assert_eq!(inbox["data"].as_array().unwrap().len(), 1, "a change is no message of its own");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_taken_back_is_gone(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "direct").await;
    let message = stage.receives(json!({ "content": { "kind": "image", "caption": "Not for you" } })).await;
    let medium = message["content"]["media_id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/media/{medium}");
    stage.app.until(&stage.program, &path, |shown| shown["state"] == "ready").await;
    stage.program.get(&format!("{path}/content")).await.expect(200);
    let revoke = json!({ "content": { "kind": "revoke", "message_id": message["provider_message_id"] } });
    stage.program.post("/api/v1/sandbox/replies", revoke).await.expect(201);
    shown(&stage, &id_of(&message), |story| story["context"]["deleted_at"].is_string()).await;
    assert_eq!(stage.program.get(&path).await.expect(200)["state"], "gone");
    stage.program.get(&format!("{path}/content")).await.problem(410, "gone");
    stage.app.stop().await;
}
