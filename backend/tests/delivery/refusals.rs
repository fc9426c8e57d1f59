use duplex_simulator::{Fault, FaultKind};
use rstest::rstest;
use serde_json::json;

use crate::stage::{ADA, Stage, kinds};
use crate::support::Database;

const NOT_ON_WHATSAPP: &str = "+15005550001";
const WINDOW_CLOSED: &str = "+15005550002";
const THROTTLED_ONCE: &str = "+15005550003";
const INVALID: &str = "+15005550004";
const ANSWER_LOST: &str = "+15005550005";
const UNCODED_503: &str = "+15005550006";
const DISORDER: &str = "+15005550010";

#[rstest]
#[case::not_on_whatsapp(NOT_ON_WHATSAPP, "recipient_unreachable")]
#[case::window_closed(WINDOW_CLOSED, "window_closed")]
#[tokio::test]
async fn a_late_refusal_fails_the_message_with_its_reason(
    #[case] to: &str,
    #[case] code: &str,
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let id = stage.send(to, "x").await;
    let story = stage.story(&id, "failed").await;
    assert_eq!(story["failure"]["code"], code, "{story:#}");
    assert!(story["failure"]["provider_code"].is_string() && story["failure"]["detail"].is_string());
    assert!(story["tries"][0]["provider_message_id"].is_string(), "it was accepted first: {story:#}");
    assert_eq!(kinds(&story).last(), Some(&"message.failed"));
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_refusal_at_once_is_final(#[values("twilio", "direct")] provider: &'static str) {
    let stage = Stage::on(Database::Sqlite, provider).await;
    let id = stage.send(INVALID, "x").await;
    let story = stage.story(&id, "failed").await;
    assert_eq!(story["tries"].as_array().unwrap().len(), 1);
    assert_eq!(stage.ledger().await.totals.accepted, 0);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_throttled_message_waits_and_goes(#[values("twilio", "direct")] provider: &'static str) {
    let stage = Stage::on(Database::Sqlite, provider).await;
    let id = stage.send(THROTTLED_ONCE, "x").await;
    let story = stage.story(&id, "read").await;
    assert_eq!(story["tries"].as_array().unwrap().len(), 2);
    assert!(kinds(&story).contains(&"message.requeued"));
    assert_eq!(stage.ledger().await.totals.accepted, 1);
    stage.app.stop().await;
}

#[rstest]
#[case::answer_lost(ANSWER_LOST, 1)]
#[case::uncoded_error(UNCODED_503, 0)]
#[tokio::test]
async fn what_may_have_been_sent_is_not_sent_again(
    #[case] to: &str,
    #[case] accepted: u64,
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    stage.misbehave(&[Fault::always(FaultKind::DropWebhooks)]).await;
    let id = stage.send(to, "x").await;
    let story = stage.story(&id, "unknown").await;
    assert_eq!(story["tries"][0]["state"], "unknown");
    // Everything that is due has been done by the time a later message has gone the whole way.
    stage.misbehave(&[]).await;
    let later = stage.send(ADA, "y").await;
    stage.story(&later, "read").await;
    assert_eq!(stage.ledger().await.totals.accepted, accepted + 1);
    assert_eq!(stage.program.get(&format!("/api/v1/messages/{id}")).await.expect(200)["state"], "unknown");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_webhook_settles_what_a_lost_answer_left_open(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let id = stage.send(ANSWER_LOST, "x").await;
    let story = stage.story(&id, "read").await;
    assert_eq!(story["tries"].as_array().unwrap().len(), 1);
    assert!(story["provider_message_id"].is_string());
    assert_eq!(stage.ledger().await.totals.accepted, 1);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn doubled_and_disordered_receipts_change_nothing(#[values("twilio", "direct")] provider: &'static str) {
    let stage = Stage::on(Database::Sqlite, provider).await;
    let id = stage.send(DISORDER, "x").await;
    let story = stage.story(&id, "read").await;
    let mut seen = kinds(&story);
    let all = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), all, "each once: {story:#}");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_dead_token_holds_the_queue_until_the_check_is_green(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let channel = stage.channel().await["id"].as_str().unwrap().to_owned();
    stage.misbehave(&[Fault::always(FaultKind::BadToken)]).await;
    let first = stage.send(ADA, "one").await;
    let held =
        stage.app.until(&stage.program, &format!("/api/v1/channels/{channel}"), |one| one["state"] == "held").await;
    assert_eq!(
        held["held"]["failure"]["code"].as_str().or(held["held_failure"]["code"].as_str()),
        Some("credentials_invalid"),
        "{held:#}"
    );
    let second = stage.send(ADA, "two").await;
    let waiting = stage.program.get(&format!("/api/v1/messages/{second}")).await.expect(200);
    assert_eq!((waiting["state"].as_str(), waiting["hold_reason"].as_str()), (Some("queued"), Some("channel_down")));

    stage.misbehave(&[]).await;
    stage.program.post(&format!("/api/v1/channels/{channel}/check"), json!({})).await.expect(200);
    stage.story(&first, "read").await;
    stage.story(&second, "read").await;
    assert_eq!(stage.ledger().await.totals.accepted, 2);
    stage.app.stop().await;
}
