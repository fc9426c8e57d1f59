//! Keeping in step with what stands at the providers.

use duplex_simulator::{Fault, FaultKind};
use reqwest::Client;
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{Stage, newest, order};
use crate::support::{Database, watch};

async fn syncs(stage: &Stage, provider: &str) -> Value {
    let shown = stage.program.get("/api/v1/templates/syncs").await.expect(200);
    shown["data"].as_array().unwrap().iter().find(|one| one["provider"] == provider).cloned().unwrap_or_default()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_stands_at_the_providers_is_known_without_asking(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    // Found by the comparison, each with its provider's own text.
    let shown = stage.named("order_shipped", "en_GB").await;
    assert_eq!(newest(&shown, "direct")["status"], "approved", "{shown:#}");
    assert_eq!(newest(&shown, "twilio")["status"], "approved", "{shown:#}");
    let definition = |provider: &str| {
        let one = newest(&shown, provider);
        if one["current"] == true { shown["definition"].clone() } else { one["definition"].clone() }
    };
    assert_eq!(definition("direct")["header"]["type"], "document");
    assert_eq!(definition("twilio")["header"], Value::Null);
    assert_eq!(definition("twilio")["buttons"][1]["payload"], "help");
    let login = stage.named("login_code", "en_US").await;
    assert_eq!(login["category"], "authentication");
    assert_eq!(login["variables"][0]["kind"], "one_time_code");
    let reminder = stage.named("appointment_reminder", "en").await;
    assert_eq!(reminder["parameter_format"], "named");
    let variables: Vec<(&str, &str)> = reminder["variables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["field"].as_str().unwrap(), one["name"].as_str().unwrap()))
        .collect();
    assert_eq!(variables, [("content.header", "city"), ("content.body[0]", "first_name"), ("content.body[1]", "when")]);
    for provider in ["direct", "twilio"] {
        let synced = syncs(&stage, provider).await;
        assert_eq!((&synced["failures"], &synced["unreadable"]), (&json!(0), &json!([])), "{synced:#}");
        assert!(synced["counts"]["found"].as_u64().unwrap() >= 4, "{synced:#}");
        assert_eq!(synced["channel_ids"], json!([stage.channel(provider)]));
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_schedule_looks_by_itself(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = crate::support::app::TestApp::start(database).await;
    let program = app.key(&["templates:read"]).await;
    watch::until("both accounts are compared", async || {
        let shown = program.get("/api/v1/templates/syncs").await.expect(200);
        let done = shown["data"].as_array().unwrap().iter().filter(|one| one["succeeded_at"].is_string()).count();
        (done == 2).then_some(())
    })
    .await;
    let known = program.get("/api/v1/templates?status=approved&provider=twilio").await.expect(200);
    assert!(!known["data"].as_array().unwrap().is_empty());
    app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_outage_is_shown_and_over_when_it_is_over(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("direct", "twilio")] provider: &'static str,
) {
    let stage = Stage::set(database).await;
    let before = syncs(&stage, provider).await;
    let body = json!({ "channel_id": stage.channel(provider) });
    stage.simulator.set_faults(&[Fault::always(FaultKind::BadToken)]).await.unwrap();
    let failed = stage.program.post("/api/v1/templates/syncs", body.clone()).await.expect(200);
    let failed = &failed["data"][0];
    assert_eq!(
        (failed["error"]["kind"].as_str(), failed["failures"].as_i64()),
        (Some("denied"), Some(1)),
        "{failed:#}"
    );
    assert!(!failed["error"]["message"].as_str().unwrap().is_empty());
    assert_eq!(failed["succeeded_at"], before["succeeded_at"], "what was known stays");
    assert_eq!(failed["counts"], before["counts"]);
    assert_eq!(newest(&stage.named("login_code", "en_US").await, provider)["status"], "approved");

    stage.simulator.clear_faults().await.unwrap();
    let mended = stage.program.post("/api/v1/templates/syncs", body).await.expect(200);
    assert_eq!(mended["data"].as_array().unwrap().len(), 1, "only the account that was named");
    let mended = &mended["data"][0];
    assert_eq!((&mended["error"], mended["failures"].as_i64()), (&Value::Null, Some(0)), "{mended:#}");
    stage.app.stop().await;
}

/// The simulated Graph API, as somebody else with access to the account uses it.
async fn delete_at_meta(stage: &Stage, name: &str) {
    let accounts = stage.simulator.accounts().await.unwrap();
    let account = accounts
        .into_iter()
        .find_map(|view| match view {
            duplex_simulator::AccountView::Direct(one) => Some(one),
            duplex_simulator::AccountView::Twilio(_) => None,
        })
        .unwrap();
    let url =
        format!("{}/v25.0/{}/message_templates?name={name}", stage.app.app().simulator_url().unwrap(), account.waba_id);
    let client = Client::builder().no_proxy().build().unwrap();
    let answer = client.delete(url).bearer_auth(account.access_token).send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.text().await.unwrap());
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_at_a_provider_is_marked(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let id = stage.approved(order("parcel_away"), &["direct"]).await;
    delete_at_meta(&stage, "parcel_away").await;
    let synced = stage.program.post("/api/v1/templates/syncs", json!({ "channel_id": stage.direct })).await.expect(200);
    assert_eq!(synced["data"][0]["error"], Value::Null);
    let shown = stage.program.get(&format!("/api/v1/templates/{id}")).await.expect(200);
    let status = newest(&shown, "direct")["status"].as_str().unwrap().to_owned();
    assert!(["deleted", "pending_deletion"].contains(&&*status), "{status}");
    let refused = stage.send("direct", crate::stage::use_of_order("parcel_away")).await;
    assert_eq!(refused.complaints(), [("content.name".to_owned(), "not_ready".to_owned())]);
    stage.program.delete(&format!("/api/v1/templates/{id}")).await.expect(204);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_refused_submission_is_kept_in_the_providers_words(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let id = stage.create(order("parcel_denied")).await;
    stage.simulator.set_faults(&[Fault::always(FaultKind::BadToken)]).await.unwrap();
    let refused = stage.submit(&id, "direct").await;
    let word = refused.complaints()[0].1.clone();
    refused.problem(422, "template_refused");
    stage.simulator.clear_faults().await.unwrap();
    let shown = stage.program.get(&format!("/api/v1/templates/{id}")).await.expect(200);
    let one = newest(&shown, "direct");
    assert_eq!((&one["status"], &one["sendable"]), (&json!("unsubmitted"), &json!(false)), "{one:#}");
    assert_eq!(
        (&one["problem"]["kind"], &one["problem"]["provider_code"]),
        (&json!("denied"), &json!(word)),
        "{one:#}"
    );
    assert_eq!(stage.news("template.submitted", "parcel_denied").await.len(), 1);
    stage.submit(&id, "direct").await.expect(200);
    let approved = stage.until_status(&id, "direct", "approved").await;
    assert_eq!(approved["problem"], Value::Null);
    stage.app.stop().await;
}
