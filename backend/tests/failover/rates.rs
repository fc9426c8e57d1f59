use std::time::Duration;

use duplex_simulator::FaultKind;
use rstest::rstest;
use serde_json::json;

use crate::stage::{SHIPPED, Stage, person, template};
use crate::support::Database;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_throttle_lowers_the_rate_and_says_why(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let first = stage.send(&person(1), json!({ "type": "text", "body": "Hello" })).await;
    stage.in_state(&first, "read").await;
    stage.fails("direct", FaultKind::Throttle { code: Some(130_429) }).await;
    stage.send(&person(2), json!({ "type": "text", "body": "Hello" })).await;
    let told = stage.told("channel.rate_changed").await;
    assert_eq!(told["channel_id"], stage.direct.as_str());
    assert_eq!(told["data"]["failure"]["provider_code"], "130429", "{told:#}");
    let lowered = |limits: &serde_json::Value| {
        let all = limits["data"].as_array().unwrap();
        all.iter().any(|one| one["channel_id"] == stage.direct.as_str() && one["rate"]["lowered_at"].is_string())
    };
    let limits = stage.app.until(&stage.program, "/api/v1/channel-limits", lowered).await;
    let mine =
        limits["data"].as_array().unwrap().iter().find(|one| one["channel_id"] == stage.direct.as_str()).unwrap();
    assert_eq!(mine["ceiling"], json!({ "messages_per_second": 1000, "source": "provider" }), "{mine:#}");
    assert_eq!(mine["rate"]["messages_per_second"], 450.0);
    assert_eq!(mine["rate"]["failure"]["code"], "throttled_sender");
    assert_eq!(mine["circuit"]["state"], "closed");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_messaging_limit_new_people_wait_for_the_next_day(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let path = format!("/api/v1/channel-limits/{}", stage.direct);
    stage.program.patch(&path, json!({ "people_per_day": 4 })).await.expect(204);
    // 95 % of the limit are used: three people.
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(stage.send(&person(n), template(SHIPPED)).await);
    }
    for id in &ids[..3] {
        stage.in_state(id, "read").await;
    }
    for id in &ids[3..] {
        let path = format!("/api/v1/messages/{id}");
        let story = stage.app.until(&stage.program, &path, |story| story["hold_reason"] == "daily_limit").await;
        assert_eq!(story["state"], "queued", "it only waits: {story:#}");
    }
    // Those who count already, and those who have written, go on.
    let again = stage.send(&person(0), template(SHIPPED)).await;
    stage.in_state(&again, "read").await;
    let reply = stage.send(&person(9), json!({ "type": "text", "body": "Hello" })).await;
    stage.in_state(&reply, "read").await;
    let limits = stage.program.get("/api/v1/channel-limits").await.expect(200);
    let mine =
        limits["data"].as_array().unwrap().iter().find(|one| one["channel_id"] == stage.direct.as_str()).unwrap();
    assert_eq!(mine["people"], json!({ "people": 4, "source": "set", "reached": 3 }), "{mine:#}");

    stage.clock.advance(Duration::from_secs(25 * 3_600));
    for id in &ids[3..] {
        stage.in_state(id, "read").await;
    }
    let refused = stage.program.patch(&path, json!({ "people_per_day": 0 })).await;
    assert_eq!((refused.status, refused.complaints()[0].0.as_str()), (422, "people_per_day"));
    stage.app.stop().await;
}
