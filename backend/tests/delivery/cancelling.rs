//! Messages that are taken back before they are sent.

use futures_util::future::join_all;
use rstest::rstest;
use serde_json::{Value, json};

use crate::offers::{self, offer};
use crate::stage::{ADA, Stage, id_of, kinds};
use crate::support::Database;

const CANCEL: &str = "/api/v1/messages/cancel";
const BOB: &str = "+447700900456";

fn cancel(id: &str) -> String {
    format!("/api/v1/messages/{id}/cancel")
}

async fn hold(stage: &Stage) -> String {
    let path = format!("/api/v1/channels/{}", stage.channel().await["id"].as_str().unwrap());
    stage.program.post(&format!("{path}/hold"), json!({})).await.expect(200);
    path
}

#[rstest]
#[tokio::test]
async fn what_is_taken_back_in_time_is_never_sent(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let channel = hold(&stage).await;
    let (first, second) = (stage.send(ADA, "not this").await, stage.send(ADA, "but this").await);
    let gone = stage.program.post(&cancel(&first), json!({})).await.expect(200);
    assert_eq!((&gone["state"], &gone["hold_reason"]), (&json!("cancelled"), &Value::Null));
    stage.program.post(&cancel(&first), json!({})).await.expect(200);
    stage.program.post(&format!("{channel}/resume"), json!({})).await.expect(200);
    stage.story(&second, "read").await;
    let refused = stage.program.post(&cancel(&second), json!({})).await.problem(409, "message_under_way");
    assert!(refused["detail"].as_str().unwrap().contains("read"), "{refused:#}");
    assert_eq!(kinds(&stage.story(&first, "cancelled").await), ["message.queued", "message.cancelled"]);
    assert_eq!(stage.ledger().await.totals.accepted, 1);
    let theirs = stage.receives(json!({ "text": "Hi" })).await;
    stage.program.post(&cancel(theirs["id"].as_str().unwrap()), json!({})).await.problem(409, "message_under_way");
    let unknown = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b";
    stage.program.post(&cancel(unknown), json!({})).await.problem(404, "not_found");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn many_are_taken_back_by_what_they_have_in_common(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "direct").await;
    offers::approve(&stage).await;
    let channel = hold(&stage).await;
    let mut ids = Vec::new();
    for (to, reference) in [(ADA, "a"), (ADA, "b"), (BOB, "a"), (BOB, "b")] {
        let message = json!({ "to": to, "client_reference": reference, "content": { "type": "text", "body": "x" } });
        ids.push(id_of(&stage.program.post("/api/v1/messages", message).await.expect(202)));
    }
    let sale = id_of(&stage.program.post("/api/v1/messages", offer(BOB)).await.expect(202));
    let between = stage.program.get(&format!("/api/v1/messages/{}", ids[2])).await.expect(200)["created_at"].clone();
    let other = stage.app.key_in(&stage.app.live, &["messages:write"]).await;
    assert_eq!(other.post(CANCEL, json!({ "client_reference": "a" })).await.expect(200)["cancelled"], 0);

    for (filter, count) in [
        (json!({ "person": "+447700900000" }), 0),
        (json!({ "person": ADA, "client_reference": "a" }), 1),
        (json!({ "person": ADA, "client_reference": "a" }), 0),
        (json!({ "class": "marketing" }), 1),
        (json!({ "created_before": between }), 1),
        (json!({ "created_after": between, "client_reference": "a" }), 1),
    ] {
        let done = stage.program.post(CANCEL, filter.clone()).await.expect(200);
        assert_eq!(done["cancelled"], count, "{filter}");
    }
    stage.program.post(CANCEL, json!({})).await.problem(422, "validation_failed");
    stage.program.post(&format!("{channel}/resume"), json!({})).await.expect(200);
    stage.story(&ids[3], "read").await;
    for id in [&ids[0], &ids[1], &ids[2], &sale] {
        stage.story(id, "cancelled").await;
    }
    assert_eq!(stage.ledger().await.totals.accepted, 1);
    stage.app.stop().await;
}

/// More than one transaction takes.
#[rstest]
#[tokio::test]
async fn a_long_queue_is_taken_back_in_parts(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "direct").await;
    hold(&stage).await;
    let text = json!({ "type": "text", "body": "x" });
    let people: Vec<String> = (0..1_203).map(|number| format!("+44770{:07}", 1_000_000 + number)).collect();
    join_all(people.iter().map(|person| stage.queue(person, text.clone()))).await;
    let channel = stage.channel().await["id"].clone();
    let done = stage.program.post(CANCEL, json!({ "channel_id": channel })).await.expect(200);
    assert_eq!(done["cancelled"], 1_203);
    let left = stage.program.get("/api/v1/messages?state=queued").await.expect(200);
    assert_eq!(left["data"], json!([]));
    stage.app.stop().await;
}

/// Either it is taken back and nothing of it was sent, or it was too late and it arrives.
#[rstest]
#[tokio::test]
async fn a_race_with_the_wire_has_one_winner(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let one = async |number: usize| {
        let id = stage.send(&format!("+44770090{:04}", 1_000 + number), "race").await;
        let answer = stage.program.post(&cancel(&id), json!({})).await;
        assert!(matches!(answer.status, 200 | 409), "{:#}", answer.json);
        (id, answer.status == 200)
    };
    let ended = join_all((0..40).map(one)).await;
    for (id, taken_back) in &ended {
        let story = stage.story(id, if *taken_back { "cancelled" } else { "read" }).await;
        assert_eq!(story["attempts"], json!(i32::from(!*taken_back)), "{story:#}");
    }
    let sent = ended.iter().filter(|(_, taken_back)| !taken_back).count();
    assert_eq!(stage.ledger().await.totals.accepted, sent as u64);
    stage.app.stop().await;
}
