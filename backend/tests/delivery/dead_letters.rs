//! What did not arrive: by its reason, and sent again when somebody asks for it. What is unknown is never among it.

use duplex_simulator::{Fault, FaultKind};
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{ADA, Stage, kinds};
use crate::support::Database;

const NOT_ON_WHATSAPP: &str = "+15005550001";
const INVALID: &str = "+15005550004";
const ANSWER_LOST: &str = "+15005550005";

fn group<'a>(groups: &'a Value, code: &str) -> &'a Value {
    groups["data"].as_array().unwrap().iter().find(|one| one["failure_code"] == code).unwrap()
}

#[rstest]
#[tokio::test]
async fn failures_are_grouped_and_a_group_can_be_opened(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let mut failed = Vec::new();
    for to in [NOT_ON_WHATSAPP, NOT_ON_WHATSAPP, INVALID] {
        let id = stage.send(to, "x").await;
        stage.story(&id, "failed").await;
        failed.push(id);
    }
    let reason = stage.story(&failed[2], "failed").await["failure"]["code"].as_str().unwrap().to_owned();
    let groups = stage.program.get("/api/v1/dead-letters").await.expect(200);
    assert_eq!(groups["total"], 3, "{groups:#}");
    let unreachable = group(&groups, "recipient_unreachable");
    assert_eq!((unreachable["count"].as_u64(), &unreachable["actor"]), (Some(2), &json!("recipient")));
    assert_eq!((&unreachable["retry_helps"], unreachable["provider"].as_str()), (&json!(false), Some(provider)));
    assert!(unreachable["provider_code"].is_string() && !unreachable["detail"].as_str().unwrap().is_empty());
    assert!(unreachable["oldest_at"].as_str() <= unreachable["newest_at"].as_str());
    assert_eq!(group(&groups, &reason)["count"], 1);

    let path = format!(
        "/api/v1/messages?state=failed&failure_code=recipient_unreachable&provider_code={}",
        unreachable["provider_code"].as_str().unwrap()
    );
    let open = stage.program.get(&path).await.expect(200);
    assert_eq!(open["data"].as_array().unwrap().len(), 2);
    assert_eq!(stage.program.get("/api/v1/dead-letters?since=2999-01-01T00:00:00Z").await.expect(200)["total"], 0);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn what_failed_is_sent_again_and_what_is_unknown_never_is(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let code = if provider == "twilio" { 63_024 } else { 131_026 };
    stage.misbehave(&[Fault::times(FaultKind::LateRefusal { code }, 3)]).await;
    let mut failed = Vec::new();
    for text in ["one", "two", "three"] {
        let id = stage.send(ADA, text).await;
        stage.story(&id, "failed").await;
        failed.push(id);
    }
    stage.misbehave(&[Fault::always(FaultKind::DropWebhooks)]).await;
    let unknown = stage.send(ANSWER_LOST, "x").await;
    stage.story(&unknown, "unknown").await;
    stage.misbehave(&[]).await;
    let accepted = stage.ledger().await.totals.accepted;

    let retry = |id: &str| {
        let (program, path) = (stage.program.clone(), format!("/api/v1/messages/{id}/retry"));
        async move { program.post(&path, json!({})).await }
    };
    retry(&unknown).await.problem(409, "message_unknown");
    retry(&stage.app.live).await.problem(404, "not_found");
    let again = retry(&failed[0]).await.expect(200);
    assert_eq!((&again["state"], again["failure"].is_null()), (&json!("queued"), true));
    assert!(again["expires_at"].is_string(), "its time begins anew: {again:#}");
    let story = stage.story(&failed[0], "read").await;
    assert_eq!(story["tries"].as_array().unwrap().len(), 2);
    let told = story["timeline"].as_array().unwrap().iter().find(|event| event["type"] == "message.requeued").unwrap();
    assert_eq!((&told["data"]["by"], &told["data"]["why"]), (&json!("test"), &json!("retry")));
    retry(&failed[0]).await.problem(409, "message_not_failed");

    let many = json!({ "ids": [unknown, failed[0], failed[1]] });
    let told = stage.program.post("/api/v1/messages/retry", many).await.expect(200);
    assert_eq!(told["requeued"], 1);
    let left = told["left_out"].as_array().unwrap();
    assert!(left.contains(&json!({ "reason": "message_unknown", "count": 1 })), "{told:#}");
    assert!(left.contains(&json!({ "reason": "message_not_failed", "count": 1 })), "{told:#}");
    stage.story(&failed[1], "read").await;

    let reason = json!({ "failure_code": "recipient_unreachable", "since": "2020-01-01T00:00:00Z" });
    let told = stage.program.post("/api/v1/messages/retry", reason).await.expect(200);
    assert_eq!(told, json!({ "requeued": 1, "left_out": [] }));
    stage.story(&failed[2], "read").await;
    for filter in [json!({ "failure_code": "answer_lost" }), json!({ "since": "2020-01-01T00:00:00Z" })] {
        let told = stage.program.post("/api/v1/messages/retry", filter).await.expect(200);
        assert_eq!(told["requeued"], 0, "{told:#}");
    }
    stage.program.post("/api/v1/messages/retry", json!({})).await.problem(422, "validation_failed");
    let story = stage.program.get(&format!("/api/v1/messages/{unknown}")).await.expect(200);
    assert_eq!((&story["state"], story["tries"].as_array().unwrap().len()), (&json!("unknown"), 1));
    assert!(!kinds(&story).contains(&"message.requeued"));
    assert_eq!(stage.ledger().await.totals.accepted, accepted + 3);
    stage.app.stop().await;
}
