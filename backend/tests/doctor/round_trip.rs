//! The last rung: proven, forgotten after a day, and proven again.

use std::time::Duration;

use rstest::rstest;
use serde_json::json;

use crate::stage::{ADA, Stage, rung};
use crate::support::Database;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_proves_the_way(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let (patient, _) = stage.direct(json!({})).await;
    let path = format!("{}/round-trip", patient.path);

    // Nobody has written: free text would not be delivered.
    let refused = stage.program().post(&path, json!({ "to": ADA })).await;
    assert_eq!(refused.complaints(), [("to".to_owned(), "window_closed".to_owned())]);
    refused.problem(422, "validation_failed");
    let wrong = stage.program().post(&path, json!({ "to": "nobody" })).await;
    assert_eq!(wrong.complaints()[0].0, "to");

    stage.write(&patient, "Hello").await;
    let channel = stage.channel_until(&patient, |channel| channel["facts"]["round_trip_at"].is_string()).await;
    assert!(channel["check"].is_null(), "never checked: {channel:#}");
    stage.check(&patient).await;
    stage.pass(Duration::from_secs(3_600));

    let started = stage.program().post(&path, json!({ "to": ADA })).await.expect(202);
    let message = started["message_id"].as_str().unwrap();
    stage.app.message_in(stage.program(), message, "read").await;
    let at = stage.now().to_string();
    let channel = stage.channel_until(&patient, |channel| channel["facts"]["round_trip_at"] == at).await;
    assert_eq!(rung(&channel["check"], "round_trip")["result"], "pass", "{channel:#}");
    assert_eq!(channel["facts"]["round_trip_started_at"], at);

    // A day later nothing speaks against it, and nothing shows it.
    stage.pass(Duration::from_secs(25 * 3_600));
    let stale = stage.channel(&patient).await;
    let last = rung(&stale["check"], "round_trip");
    assert_eq!((last["result"].as_str(), last["code"].as_str()), (Some("unproven"), Some("proof_stale")), "{stale:#}");
    assert_eq!(stale["check"]["healthy"], true);

    stage.write(&patient, "Hello again").await;
    stage.channel_until(&patient, |channel| rung(&channel["check"], "round_trip")["result"] == "pass").await;
    let proven = stage.kinds().await.into_iter().filter(|kind| kind == "channel.proven").count();
    assert_eq!(proven, 2, "told when it was not known, not each time");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_goes_to_who_has_not_written() {
    let stage = Stage::set(Database::Sqlite).await;
    let (patient, _) = stage.direct(json!({})).await;
    stage.knows_templates(&patient).await;
    let template = json!({ "name": "hello_world", "language": "en_US" });
    let path = format!("{}/round-trip", patient.path);
    let started = stage.program().post(&path, json!({ "to": ADA, "template": template })).await.expect(202);
    let message = started["message_id"].as_str().unwrap();
    let story = stage.app.message_in(stage.program(), message, "read").await;
    assert_eq!(story["content"]["type"], "template");
    stage.channel_until(&patient, |channel| channel["facts"]["round_trip_at"].is_string()).await;
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_message_is_checked_like_any_other() {
    let stage = Stage::set(Database::Sqlite).await;
    let (patient, _) = stage.direct(json!({})).await;
    let path = format!("{}/round-trip", patient.path);
    let unknown = json!({ "to": ADA, "template": { "name": "never_heard_of", "language": "en_GB" } });
    let refused = stage.program().post(&path, unknown).await;
    assert_eq!(refused.complaints()[0].0, "template.name", "{:#}", refused.json);

    // Setting up channels is not writing to people.
    let narrow = stage.app.key(&["channels:read", "channels:write"]).await;
    narrow.post(&path, json!({ "to": ADA })).await.problem(403, "forbidden");

    // The window is the conversation's, also when it was opened by hand.
    let window = |open: bool| json!({ "channel_id": patient.id, "customer": ADA, "open": open });
    stage.program().post("/api/v1/sandbox/windows", window(true)).await.expect(204);
    stage.program().post(&path, json!({ "to": ADA })).await.expect(202);
    stage.program().post("/api/v1/sandbox/windows", window(false)).await.expect(204);
    let refused = stage.program().post(&path, json!({ "to": ADA })).await;
    assert_eq!(refused.complaints(), [("to".to_owned(), "window_closed".to_owned())]);
    stage.strike().await;
}

/// On SQLite alone: there the one node always has the lease, whatever name it gives.
#[tokio::test(flavor = "multi_thread")]
async fn channels_are_looked_at_by_themselves() {
    let stage = Stage::set(Database::Sqlite).await;
    let (patient, _) = stage.direct(json!({})).await;
    let channels = &stage.app.app().context.channels;
    channels.go_round("test").await.unwrap();
    let first = stage.channel(&patient).await;
    assert_eq!((first["check"]["healthy"].as_bool(), first["facts"]["quality"].as_str()), (Some(true), Some("green")));

    // Soon after, nothing is asked; after a quarter of an hour, the standing is.
    stage.seed(&patient, json!({ "quality_rating": "RED", "messaging_limit": "TIER_10K" })).await;
    stage.pass(Duration::from_secs(60));
    channels.go_round("test").await.unwrap();
    assert_eq!(stage.channel(&patient).await["facts"]["quality"], "green");
    stage.pass(Duration::from_secs(15 * 60));
    channels.go_round("test").await.unwrap();
    let later = stage.channel(&patient).await;
    assert_eq!(
        (later["facts"]["quality"].as_str(), later["facts"]["messaging_limit"].as_str()),
        (Some("red"), Some("10000"))
    );
    assert_eq!(rung(&later["check"], "standing")["code"], "quality_red", "{later:#}");
    assert_eq!(rung(&later["check"], "callback")["result"], "pass", "what was not looked at stays");
    assert_eq!(later["check"]["checked_at"], first["check"]["checked_at"], "the whole ladder was not climbed");
    assert_eq!(stage.open_alerts(&patient).await, ["quality_red"]);
    let kinds = stage.kinds().await;
    for kind in ["account.quality_changed", "account.limit_changed", "alert.raised"] {
        assert!(kinds.iter().any(|known| known == kind), "{kind}: {kinds:?}");
    }

    // After a day the whole ladder.
    stage.seed(&patient, json!({ "quality_rating": "GREEN", "callback_url": "https://other.example/" })).await;
    stage.pass(Duration::from_secs(24 * 3_600));
    channels.go_round("test").await.unwrap();
    let daily = stage.channel(&patient).await;
    assert_eq!(rung(&daily["check"], "callback")["code"], "callback_elsewhere", "{daily:#}");
    assert_ne!(daily["check"]["checked_at"], first["check"]["checked_at"]);
    assert_eq!(stage.open_alerts(&patient).await, Vec::<String>::new());
    stage.strike().await;
}
