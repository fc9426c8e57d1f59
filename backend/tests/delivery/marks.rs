//! Marking what people sent as read, and the sign that an answer is being written.

use std::sync::Arc;
use std::time::Duration;

use duplex::clock::{Clock as _, ManualClock, SystemClock};
use duplex_simulator::{Fault, FaultKind};
use rstest::rstest;
use serde_json::json;

use crate::stage::{ADA, Stage, id_of};
use crate::support::Database;

#[rstest]
#[tokio::test]
async fn a_person_sees_that_they_are_read_and_answered(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let first = stage.receives(json!({ "text": "Hello?" })).await;
    let message = stage.receives(json!({ "text": "Is anybody there?" })).await;
    let path = format!("/api/v1/messages/{}/read", id_of(&message));
    let plain = stage.program.post(&path, json!({})).await;
    if provider == "direct" {
        assert_eq!(plain.expect(200), json!({ "read": true, "typing": false }));
    } else {
        assert_eq!(plain.complaints(), [("typing".to_owned(), "unsupported".to_owned())]);
        plain.problem(422, "validation_failed");
    }
    for _ in 0..2 {
        let answer = stage.program.post(&path, json!({ "typing": true })).await.expect(200);
        assert_eq!(answer, json!({ "read": true, "typing": true }));
    }
    let story = stage.program.get(&format!("/api/v1/messages/{}", id_of(&message))).await.expect(200);
    assert!(story["read_at"].is_string(), "{story:#}");
    let marked: Vec<_> =
        story["timeline"].as_array().unwrap().iter().filter(|event| event["type"] == "message.marked_read").collect();
    assert_eq!(marked.len(), 1, "once, however often it is asked for");
    let earlier = stage.program.get(&format!("/api/v1/messages/{}", id_of(&first))).await.expect(200);
    assert_eq!(earlier["read_at"].is_string(), provider == "direct", "Meta marks what came before as well");

    let phone = stage.program.get("/api/v1/sandbox/conversations").await.expect(200);
    let talk = phone["data"].as_array().unwrap().iter().find(|one| one["provider"] == provider).unwrap();
    assert_eq!((&talk["typing"], &talk["messages"][1]["status"]), (&json!(true), &json!("read")), "{talk:#}");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn what_can_not_be_marked_is_refused(#[values("twilio", "direct")] provider: &'static str) {
    let clock = ManualClock::at(SystemClock.now());
    let stage = Stage::at(Database::Sqlite, provider, &[], Arc::clone(&clock) as _).await;
    let message = stage.receives(json!({ "text": "Hi" })).await;
    let typing = json!({ "typing": true });
    let ours = stage.story(&stage.send(ADA, "Hello").await, "read").await;
    stage
        .program
        .post(&format!("/api/v1/messages/{}/read", id_of(&ours)), typing.clone())
        .await
        .problem(409, "conflict");
    let nobodys = "/api/v1/messages/0199f2a0-0000-7000-8000-000000000001/read";
    stage.program.post(nobodys, typing.clone()).await.problem(404, "not_found");
    let path = format!("/api/v1/messages/{}/read", id_of(&message));
    let unknown = stage.program.post(&path, json!({ "typing": "yes" })).await;
    assert_eq!(unknown.complaints()[0].0, "typing");

    stage.misbehave(&[Fault::always(FaultKind::BadToken)]).await;
    stage.program.post(&path, typing.clone()).await.problem(502, "provider_refused");
    stage.misbehave(&[]).await;
    let story = stage.program.get(&format!("/api/v1/messages/{}", id_of(&message))).await.expect(200);
    assert_eq!(story["read_at"], json!(null), "nothing is noted that was not done");

    clock.advance(Duration::from_secs(31 * 24 * 3_600));
    stage.program.post(&path, typing).await.problem(409, "conflict");
    stage.app.stop().await;
}
