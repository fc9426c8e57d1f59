use duplex_simulator::{AccountPatch, FaultKind};
use rstest::rstest;
use serde_json::json;

use crate::stage::{Stage, kinds, person, template};
use crate::support::Database;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn failures_in_a_row_open_the_circuit_and_a_trial_closes_it(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let lost = stage.open_circuit().await;
    let opened = stage.told("channel.circuit_opened").await;
    assert_eq!(opened["channel_id"], stage.direct.as_str());
    assert_eq!(opened["data"]["failure"]["code"], "provider_error", "{opened:#}");
    let alerts = stage.program.get("/api/v1/alerts?state=open").await.expect(200);
    assert!(alerts["data"].as_array().unwrap().iter().any(|alert| alert["kind"] == "circuit_open"), "{alerts:#}");

    // Nothing more is sent; the message says why it waits.
    let waits = stage.send(&person(10), json!({ "type": "text", "body": "Hello" })).await;
    let also = stage.send(&person(11), json!({ "type": "text", "body": "Hello" })).await;
    let story = stage.show(&waits).await;
    assert_eq!((&story["state"], &story["hold_reason"]), (&json!("queued"), &json!("circuit_open")), "{story:#}");

    stage.works_again().await;
    stage.cooled_down().await;
    for id in [&waits, &also] {
        let story = stage.in_state(id, "read").await;
        assert_eq!(story["tries"].as_array().unwrap().len(), 1);
    }
    stage.told("channel.circuit_closed").await;
    let alerts = stage.program.get("/api/v1/alerts?state=open").await.expect(200);
    assert!(alerts["data"].as_array().unwrap().iter().all(|alert| alert["kind"] != "circuit_open"), "{alerts:#}");
    for id in &lost {
        assert_eq!(stage.show(id).await["state"], "unknown", "nobody guesses");
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn while_no_look_is_possible_the_trial_alone_shows_whether_messages_go(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    stage.open_circuit().await;
    stage.works_again().await;
    // The hour's calls about the account are used up; messages are not among them.
    let few = json!({ "management_calls_per_hour": 1 }).as_object().cloned();
    let patch = AccountPatch { state: few, ..AccountPatch::default() };
    stage.simulator.patch_account(&stage.account("direct").await, &patch).await.unwrap();
    stage.program.post(&format!("/api/v1/channels/{}/check", stage.direct), json!({})).await;
    let limits = stage.program.get("/api/v1/channel-limits").await.expect(200);
    let closed = limits["data"].as_array().unwrap().iter().any(|one| one["management"]["state"] == "closed");
    assert!(closed, "{limits:#}");
    let waits = stage.send(&person(10), json!({ "type": "text", "body": "Hello" })).await;
    stage.cooled_down().await;
    stage.in_state(&waits, "read").await;
    stage.told("channel.circuit_closed").await;
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_trial_that_fails_opens_it_again_for_longer() {
    let stage = Stage::set(Database::Sqlite).await;
    stage.open_circuit().await;
    let first = stage.told("channel.circuit_opened").await;
    let waits = stage.send(&person(10), json!({ "type": "text", "body": "Hello" })).await;
    // The look is green, since only sending fails.
    stage.cooled_down().await;
    stage.in_state(&waits, "unknown").await;
    let twice = |feed: &serde_json::Value| feed["data"].as_array().unwrap().len() == 2;
    let path = "/api/v1/events?type=channel.circuit_opened&limit=1000";
    let feed = stage.app.until(&stage.program, path, twice).await;
    let at = |event: &serde_json::Value, field: &str| {
        chrono::DateTime::parse_from_rfc3339(event.pointer(field).unwrap().as_str().unwrap()).unwrap()
    };
    let wait = |event: &serde_json::Value| at(event, "/data/probe_at") - at(event, "/at");
    assert!(wait(&feed["data"][1]) > wait(&first), "{feed:#}");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn refusals_that_come_late_open_it_too(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    // Meta is down or overloaded, by webhook: each is worth another try, and speaks against the provider.
    stage.fails("direct", FaultKind::LateRefusal { code: 131_016 }).await;
    let mut ids = Vec::new();
    for n in 0..5 {
        ids.push(stage.send(&person(n), template("order_shipped_direct")).await);
    }
    stage.told("channel.circuit_opened").await;
    for id in &ids {
        let story = stage.in_state(id, "queued").await;
        assert!(kinds(&story).contains(&"message.requeued"), "{story:#}");
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_lies_with_the_message_speaks_against_nobody() {
    let stage = Stage::set(Database::Sqlite).await;
    stage.fails("direct", FaultKind::Refuse { code: 131_009 }).await;
    for n in 0..8 {
        let id = stage.send(&person(n), template("order_shipped_direct")).await;
        stage.in_state(&id, "failed").await;
    }
    stage.works_again().await;
    let id = stage.send(&person(9), template("order_shipped_direct")).await;
    stage.in_state(&id, "read").await;
    let feed = stage.program.get("/api/v1/events?type=channel.circuit_opened").await.expect(200);
    assert_eq!(feed["data"], json!([]));
    stage.app.stop().await;
}
