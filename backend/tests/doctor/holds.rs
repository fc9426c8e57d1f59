//! Channels that a failure holds come back, also when their standing can't be looked at.

use std::time::Duration;

use duplex::domain::failure::{Failure, FailureCode};
use rstest::rstest;
use serde_json::json;

use crate::stage::{Patient, Stage, rung};
use crate::support::Database;

/// A failure holds the channel, as after a send that was refused.
async fn hold(stage: &Stage, patient: &Patient) {
    let failure = Failure {
        code: FailureCode::AccountSuspended,
        provider_code: Some("131042".to_owned()),
        detail: "The account can't be billed.".to_owned(),
    };
    let id = |text: &str| json!(text);
    let channels = &stage.app.app().context.channels;
    let workspace = serde_json::from_value(id(&stage.app.sandbox)).unwrap();
    assert!(channels.hold_for(workspace, serde_json::from_value(id(&patient.id)).unwrap(), failure).await.unwrap());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_standing_that_nobody_can_see_is_tried_after_a_while(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let (patient, _) = stage.direct(json!({})).await;
    stage.seed(&patient, json!({ "scopes": ["whatsapp_business_messaging"] })).await;
    hold(&stage, &patient).await;
    let channels = &stage.app.app().context.channels;

    stage.pass(Duration::from_secs(2 * 60));
    channels.probe_held().await.unwrap();
    let held = stage.channel_until(&patient, |channel| channel["check"].is_object()).await;
    assert_eq!(held["state"], "held", "each try costs a message its time: {held:#}");
    let standing = rung(&held["check"], "standing");
    assert_eq!(
        (standing["result"].as_str(), standing["code"].as_str()),
        (Some("unproven"), Some("management_scope_missing")),
        "{held:#}"
    );

    stage.pass(Duration::from_secs(15 * 60));
    channels.probe_held().await.unwrap();
    stage.channel_until(&patient, |channel| channel["state"] == "active").await;
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_for_a_check_need_not_wait() {
    let stage = Stage::set(Database::Sqlite).await;
    let (patient, _) = stage.twilio(json!({})).await;
    // Twilio's shared sender, which no account lists.
    stage.retype(&patient, "twilio", "sender_number", "+14155238886").await;
    hold(&stage, &patient).await;
    let path = format!("{}/check", patient.path);
    let outcome = stage.program().post(&path, json!({})).await.expect(200);
    assert_eq!(outcome["resumed"], true, "{outcome:#}");
    assert_eq!(rung(&outcome["report"], "standing")["result"], "unproven", "{outcome:#}");
    stage.strike().await;
}
