//! Set-ups that are in order: no false alarm.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{Patient, Stage, is_quiet, rung};
use crate::support::Database;
use duplex_simulator::DirectCredentials;

/// Calls the simulated Graph API as the account's owner would in a shell.
async fn graph(stage: &Stage, made: &DirectCredentials, path: &str, body: Value) {
    let simulator = stage.app.app().simulator_url().unwrap();
    let caller = crate::support::api::Caller::nobody(&simulator);
    let request = caller.request(Method::POST, path).bearer_auth(&made.access_token).json(&body);
    caller.send(request).await.expect(200);
}

fn hook(stage: &Stage, made: &DirectCredentials) -> String {
    stage.app.app().url(&format!("/hooks/direct/{}", made.app_id))
}

/// The app's callback is somebody else's.
async fn lend_app(stage: &Stage, patient: &Patient) {
    stage.seed(patient, json!({ "callback_url": "https://other.example/hook" })).await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn direct_set_ups_raise_no_alarm(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let (standard, _) = stage.direct(json!({})).await;
    is_quiet("standard", &stage.check(&standard).await);

    let (account, made) = stage.direct(json!({})).await;
    let override_uri = json!({ "override_callback_uri": hook(&stage, &made), "verify_token": made.verify_token });
    graph(&stage, &made, &format!("/v25.0/{}/subscribed_apps", made.waba_id), override_uri.clone()).await;
    lend_app(&stage, &account).await;
    is_quiet("callback of the account", &stage.check(&account).await);

    let (number, made) = stage.direct(json!({})).await;
    let configuration = json!({ "webhook_configuration": { "override_callback_uri": hook(&stage, &made), "verify_token": made.verify_token } });
    graph(&stage, &made, &format!("/v25.0/{}", made.phone_number_id), configuration).await;
    lend_app(&stage, &number).await;
    is_quiet("callback of the number", &stage.check(&number).await);

    let (shared, _) = stage.direct(json!({})).await;
    stage.seed(&shared, json!({ "other_apps": [{ "id": "999", "name": "Another app" }] })).await;
    is_quiet("beside another app", &stage.check(&shared).await);

    // A token that reaches everything, and one that lives a year.
    let (wide, _) = stage.direct(json!({})).await;
    let year = stage.now().micros() / 1_000_000 + 365 * 86_400;
    stage.seed(&wide, json!({ "granular_targets": [], "token_expires_at": year })).await;
    is_quiet("wide token", &stage.check(&wide).await);
    let facts = stage.channel(&wide).await["facts"].clone();
    assert!(facts["token_expires_at"].is_string(), "{facts:#}");
    assert_eq!((facts["quality"].as_str(), facts["messaging_limit"].as_str()), (Some("green"), Some("2000")));
    for patient in [&standard, &account, &number, &shared, &wide] {
        assert_eq!(stage.open_alerts(patient).await, Vec::<String>::new());
    }
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn twilio_set_ups_raise_no_alarm(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let (plain, _) = stage.twilio(json!({})).await;
    is_quiet("plain sender", &stage.check(&plain).await);

    let (keyed, made) = stage.twilio(json!({})).await;
    let key = json!({ "provider": "twilio", "api_key_sid": made.api_key_sid, "api_key_secret": made.api_key_secret });
    stage.program().patch(&keyed.path, key).await.expect(200);
    is_quiet("API key", &stage.check(&keyed).await);

    let (served, made) = stage.twilio(json!({})).await;
    let service = json!({ "provider": "twilio", "messaging_service_sid": made.messaging_service_sid });
    stage.program().patch(&served.path, service).await.expect(200);
    is_quiet("messaging service", &stage.check(&served).await);

    // Proven by a person's message.
    stage.write(&plain, "Hello").await;
    stage.channel_until(&plain, |channel| channel["facts"]["round_trip_at"].is_string()).await;
    let report = stage.check(&plain).await;
    is_quiet("proven", &report);
    assert_eq!(rung(&report, "round_trip")["result"], "pass", "{report:#}");
    stage.strike().await;
}
