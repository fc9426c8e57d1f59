//! The hour's calls about an account: what happens when they are used up, and what goes on.

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{Patient, Stage};
use crate::support::{Database, watch};

const MINUTE: Duration = Duration::from_secs(60);

/// The channel's allowance as the limits show it.
async fn allowance(stage: &Stage, patient: &Patient) -> Value {
    let limits = stage.program().get("/api/v1/channel-limits").await.expect(200);
    let all = limits["data"].as_array().unwrap();
    all.iter().find(|one| one["channel_id"] == patient.id.as_str()).unwrap()["management"].clone()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn calls_beyond_the_allowance_wait_here_until_meta_takes_them_again(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let (patient, _) = stage.direct(json!({})).await;
    stage.check(&patient).await;
    let shown = allowance(&stage, &patient).await;
    assert_eq!((&shown["limit_per_hour"], &shown["kept_per_hour"]), (&json!(5_000), &json!(4_500)), "{shown:#}");
    assert_eq!((&shown["state"], &shown["reported_percent"]), (&json!("open"), &json!(0)), "{shown:#}");
    assert!(shown["used_last_hour"].as_u64().unwrap() >= 5, "{shown:#}");

    // Somebody else has used them up, as Meta tells the next caller: this check, or the list of templates after the first.
    stage.seed(&patient, json!({ "management_calls_per_hour": 1 })).await;
    stage.program().post(&format!("{}/check", patient.path), json!({})).await;
    let report = stage.channel(&patient).await["check"].clone();
    assert_eq!(report["healthy"], true, "nothing is wrong with the channel: {report:#}");
    let shown = allowance(&stage, &patient).await;
    let told = (shown["state"].as_str(), shown["reason"].as_str(), shown["provider_code"].as_str());
    assert_eq!(told, (Some("closed"), Some("refused"), Some("80007")), "{shown:#}");
    assert!(shown["until"].is_string() && shown["kept_per_hour"] == 2_250, "{shown:#}");

    // Meta would take them, but has said when to come back: that is told at once.
    stage.seed(&patient, json!({ "management_calls_per_hour": 5_000 })).await;
    for step in ["check", "repair"] {
        let refused = stage.program().post(&format!("{}/{step}", patient.path), json!({})).await;
        let seconds: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((3_500..=3_600).contains(&seconds), "{step}: {seconds}");
        refused.problem(502, "provider_unavailable");
    }
    let body = json!({ "channel_id": patient.id });
    let synced = stage.program().post("/api/v1/templates/syncs", body).await.expect(200);
    let synced = &synced["data"][0];
    assert_eq!(synced["error"]["kind"], "throttled", "{synced:#}");
    let account = synced["account"].as_str().unwrap().to_owned();

    // Messages are not among them.
    stage.write(&patient, "Hello").await;
    let message = stage.send(&patient).await;
    stage.app.message_in(stage.program(), &message, "read").await;

    // Afterwards the list that was put off is read by itself, and looks are taken with pauses until the allowance is whole.
    stage.pass(61 * MINUTE);
    watch::until("the list that was put off", async || {
        let syncs = stage.program().get("/api/v1/templates/syncs").await.expect(200);
        let own = syncs["data"].as_array()?.iter().find(|one| one["account"] == account.as_str())?;
        own["error"].is_null().then_some(())
    })
    .await;
    let shown = allowance(&stage, &patient).await;
    assert_eq!((shown["state"].as_str(), shown["reason"].as_str()), (Some("slowed"), Some("refused")), "{shown:#}");
    stage.pass(60 * MINUTE);
    let shown = allowance(&stage, &patient).await;
    assert_eq!((shown["state"].as_str(), &shown["kept_per_hour"]), (Some("open"), &json!(4_500)), "{shown:#}");
    stage.check(&patient).await;
    stage.strike().await;
}
