//! When nothing is heard: of which sender, and what is no silence.

use std::time::Duration;

use duplex_simulator::FaultKind;
use rstest::rstest;
use serde_json::json;

use crate::direct::post;
use crate::stage::{ADA, Stage, rung};
use crate::support::Database;
use crate::support::signed::hub_signature;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_sender_is_silent_though_its_siblings_are_heard(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let (quiet, app) = stage.direct(json!({})).await;
    // A second number whose channel names the app of the first, so that one secret verifies both.
    let (_, loud) = stage.direct(json!({ "whatsapp_app_id": app.app_id, "app_secret": app.app_secret })).await;
    stage.fault(&quiet, FaultKind::DropWebhooks).await;
    let message = stage.send(&quiet).await;
    stage.app.message_in(stage.program(), &message, "accepted").await;
    stage.pass(Duration::from_secs(31 * 60));
    let value = json!({ "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "447700900001", "phone_number_id": loud.phone_number_id },
        "contacts": [{ "profile": { "name": "Ada" }, "wa_id": "447700900123" }],
        "messages": [{ "from": "447700900123", "id": "wamid.LOUD1", "timestamp": "1795342799", "type": "text",
            "text": { "body": "Hello" } }] });
    let entry =
        json!({ "id": loud.waba_id, "time": 1_795_342_800, "changes": [{ "field": "messages", "value": value }] });
    let body = json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string();
    assert_eq!(post(&stage, &app.app_id, Some(hub_signature(&app.app_secret, &body)), &body).await, 200);
    stage.channel_until(&quiet, |channel| channel["last_webhook_at"].is_string()).await;
    let report = stage.check(&quiet).await;
    assert_eq!(rung(&report, "round_trip")["code"], "webhooks_silent", "{report:#}");
    assert!(stage.open_alerts(&quiet).await.contains(&"webhooks_silent".to_owned()));
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_template_may_be_held_for_a_while(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let (patient, _) = stage.direct(json!({})).await;
    stage.knows_templates(&patient).await;
    stage.fault(&patient, FaultKind::DropWebhooks).await;
    let content = json!({ "type": "template", "name": "hello_world", "language": "en_US" });
    let body = json!({ "to": ADA, "channel_id": patient.id, "content": content });
    let sent = stage.program().post("/api/v1/messages", body).await.expect(202);
    stage.app.message_in(stage.program(), sent["id"].as_str().unwrap(), "accepted").await;
    stage.pass(Duration::from_secs(61 * 60));
    let early = stage.check(&patient).await;
    assert_eq!(rung(&early, "round_trip")["code"], "never_proven", "{early:#}");
    stage.pass(Duration::from_secs(60 * 60));
    let late = stage.check(&patient).await;
    assert_eq!(rung(&late, "round_trip")["result"], "fail", "{late:#}");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receipt_that_came_before_the_answer_is_no_silence() {
    let stage = Stage::set(Database::Sqlite).await;
    let (patient, _) = stage.direct(json!({})).await;
    stage.write(&patient, "Hello").await;
    stage.channel_until(&patient, |channel| channel["facts"]["round_trip_at"].is_string()).await;
    // Accepted a moment after the last that was heard, and the phone is off.
    stage.fault(&patient, FaultKind::DropWebhooks).await;
    stage.pass(Duration::from_secs(1));
    let message = stage.send(&patient).await;
    stage.app.message_in(stage.program(), &message, "accepted").await;
    stage.pass(Duration::from_secs(31 * 60));
    let report = stage.check(&patient).await;
    assert_eq!(rung(&report, "round_trip")["result"], "pass", "{report:#}");
    stage.strike().await;
}
