//! Misconfigurations of a number at Meta, each named with its cure.

use std::time::Duration;

use duplex_simulator::FaultKind;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{Expected, Patient, Stage, fails, rung, warns};
use crate::support::Database;
use crate::support::signed::hub_signature;

const TOKEN: Option<&str> = Some("whatsapp_access_token");
const PHONE_ID: Option<&str> = Some("whatsapp_business_phone_id");

/// What is wrong at Meta, and what must be said of it.
fn seeds(now_seconds: i64) -> Vec<(&'static str, Value, Expected)> {
    let soon = now_seconds + 5 * 86_400;
    let send = "whatsapp_business_messaging";
    let manage = "whatsapp_business_management";
    let other = json!([{ "id": "999", "name": "Another app" }]);
    let restricted = json!({ "BUSINESS": { "can_send_message": "BLOCKED", "additional_info": [], "errors": [
        { "error_code": 141010, "error_description": "The business broke a rule.", "possible_solution": "Appeal." }] } });
    let unverified = json!({ "business_verified": false });
    vec![
        ("expired token", json!({ "token_state": "expired" }), fails("credentials", "token_expired", TOKEN)),
        ("revoked token", json!({ "token_state": "revoked" }), fails("credentials", "token_revoked", TOKEN)),
        ("token that ends", json!({ "token_expires_at": soon }), warns("credentials", "token_ends_soon", TOKEN)),
        ("no scope to send", json!({ "scopes": [manage] }), fails("permissions", "scope_missing", TOKEN)),
        ("no scope to manage", json!({ "scopes": [send] }), warns("permissions", "management_scope_missing", TOKEN)),
        (
            "asset of others",
            json!({ "granular_targets": ["1"] }),
            fails("permissions", "asset_not_assigned", Some("waba_id")),
        ),
        ("not registered", json!({ "registered": false }), fails("sender", "number_unregistered", None)),
        ("disconnected", json!({ "number_status": "DISCONNECTED" }), fails("sender", "number_unregistered", None)),
        ("banned", json!({ "number_status": "BANNED" }), fails("sender", "number_banned", None)),
        ("restricted", json!({ "number_status": "RESTRICTED" }), fails("standing", "account_restricted", None)),
        ("low quality", json!({ "quality_rating": "RED" }), warns("standing", "quality_red", None)),
        ("no payment", json!({ "payment_missing": true }), fails("standing", "payment_missing", None)),
        ("disabled account", json!({ "waba_status": "DISABLED" }), fails("standing", "account_disabled", None)),
        ("declined name", json!({ "name_status": "DECLINED" }), fails("standing", "name_not_approved", None)),
        ("blocked business", json!({ "health": restricted }), fails("standing", "sending_blocked", None)),
        ("unverified business", unverified, warns("standing", "sending_limited", None)),
        ("test number", json!({ "account_mode": "SANDBOX" }), warns("standing", "trial_account", None)),
        (
            "not subscribed",
            json!({ "subscribed": false }),
            fails("subscribed", "app_not_subscribed", Some("whatsapp_app_id")),
        ),
        (
            "another app subscribed",
            json!({ "subscribed": false, "other_apps": other }),
            fails("subscribed", "other_app_subscribed", Some("whatsapp_app_id")),
        ),
        ("no message field", json!({ "fields": ["security"] }), fails("subscribed", "fields_missing", None)),
        ("few fields", json!({ "fields": ["messages"] }), warns("subscribed", "fields_missing", None)),
        (
            "callback elsewhere",
            json!({ "callback_url": "https://other.example/hook?key=s3cret" }),
            fails("callback", "callback_elsewhere", None),
        ),
        ("no callback", json!({ "callback_url": "" }), fails("callback", "callback_missing", None)),
    ]
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_at_meta_is_named(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    for (seed, state, expected) in seeds(stage.now().micros() / 1_000_000) {
        let (patient, _) = stage.direct(json!({})).await;
        stage.seed(&patient, state).await;
        let report = stage.check(&patient).await;
        expected.holds_in(seed, &report);
        assert!(!report.to_string().contains("s3cret"), "{seed}: {report:#}");
        assert_eq!(stage.channel(&patient).await["check"], report, "{seed}: the report is kept");
    }
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_wrong_is_named_with_its_field() {
    let stage = Stage::set(Database::Sqlite).await;
    // Ids in each other's fields.
    let (patient, made) = stage.direct(json!({})).await;
    let swapped =
        json!({ "provider": "direct", "whatsapp_business_phone_id": made.waba_id, "waba_id": made.phone_number_id });
    stage.program().patch(&patient.path, swapped).await.expect(200);
    fails("sender", "ids_swapped", PHONE_ID).holds_in("ids swapped", &stage.check(&patient).await);

    // The number in the place of its id; the cure names the id.
    let (patient, made) = stage.direct(json!({})).await;
    let digits = made.display_phone_number.trim_start_matches('+');
    stage.retype(&patient, "direct", "whatsapp_business_phone_id", digits).await;
    let report = stage.check(&patient).await;
    fails("sender", "number_instead_of_id", PHONE_ID).holds_in("number instead of id", &report);
    assert!(rung(&report, "sender")["cure"].as_str().unwrap().contains(&made.phone_number_id), "{report:#}");

    let (patient, _) = stage.direct(json!({})).await;
    stage.retype(&patient, "direct", "whatsapp_business_phone_id", "299999999999999").await;
    fails("sender", "number_not_found", PHONE_ID).holds_in("unknown number", &stage.check(&patient).await);

    // Another account of somebody else, with a token that reaches everything.
    let (patient, made) = stage.direct(json!({})).await;
    stage.retype(&patient, "direct", "waba_id", "399999999999999").await;
    stage.seed(&patient, json!({ "granular_targets": [] })).await;
    let report = stage.check(&patient).await;
    fails("sender", "waba_and_phone_mismatch", Some("waba_id")).holds_in("other account", &report);
    assert!(rung(&report, "sender")["cure"].as_str().unwrap().contains(&made.waba_id), "{report:#}");

    let (patient, _) = stage.direct(json!({})).await;
    stage.retype(&patient, "direct", "app_secret", "00000000000000000000000000000000").await;
    let report = stage.check(&patient).await;
    fails("credentials", "wrong_app_secret", Some("app_secret")).holds_in("wrong app secret", &report);

    let (patient, _) = stage.direct(json!({})).await;
    stage.retype(&patient, "direct", "whatsapp_app_id", "199999999999999").await;
    let report = stage.check(&patient).await;
    fails("credentials", "other_app", Some("whatsapp_app_id")).holds_in("other app", &report);

    let (patient, _) = stage.direct(json!({})).await;
    stage.retype(&patient, "direct", "whatsapp_access_token", "EAAGwrongwrongwrongwrongwrongwrongw").await;
    let report = stage.check(&patient).await;
    fails("credentials", "token_invalid", TOKEN).holds_in("unknown token", &report);
    assert!(!report.to_string().contains("EAAGwrong"), "{report:#}");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_fails_is_not_taken_for_wrong_credentials() {
    let stage = Stage::set(Database::Sqlite).await;
    let (patient, _) = stage.direct(json!({})).await;
    stage.fault(&patient, FaultKind::BadToken).await;
    let report = stage.check(&patient).await;
    assert_eq!(rung(&report, "credentials")["result"], "fail", "{report:#}");
    assert_eq!(stage.open_alerts(&patient).await, ["token_dead"]);
    stage.simulator.clear_faults().await.unwrap();
    assert_eq!(stage.check(&patient).await["healthy"], true);
    assert_eq!(stage.open_alerts(&patient).await, Vec::<String>::new(), "it is over");
    stage.strike().await;
}

/// Posts to the app's endpoint as an outsider would.
pub async fn post(stage: &Stage, app: &str, signature: Option<String>, body: &str) -> u16 {
    let mut request = stage.app.nobody.request(Method::POST, &format!("/hooks/direct/{app}")).body(body.to_owned());
    if let Some(signature) = signature {
        request = request.header("X-Hub-Signature-256", signature);
    }
    stage.app.nobody.send(request).await.status
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn refused_webhooks_explain_themselves(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let body = r#"{"object":"whatsapp_business_account","entry":[]}"#;
    let (patient, made) = stage.direct(json!({})).await;
    assert_eq!(post(&stage, &made.app_id, Some(hub_signature("another-secret", body)), body).await, 401);
    let report = stage.check(&patient).await;
    warns("callback", "other_secret", Some("app_secret")).holds_in("other secret", &report);
    let facts = stage.channel(&patient).await["facts"].clone();
    assert_eq!(
        (facts["webhooks_refused"].as_i64(), facts["webhook_refusal"].as_str()),
        (Some(1), Some("wrong_secret"))
    );

    // A good one afterwards, and it is history.
    stage.pass(Duration::from_secs(1));
    stage.write(&patient, "Hello").await;
    stage.channel_until(&patient, |channel| channel["last_webhook_at"].is_string()).await;
    let report = stage.check(&patient).await;
    assert_eq!(rung(&report, "callback")["result"], "pass", "{report:#}");

    let (patient, made) = stage.direct(json!({})).await;
    assert_eq!(post(&stage, &made.app_id, None, body).await, 401);
    let report = stage.check(&patient).await;
    warns("callback", "signature_missing", None).holds_in("no signature", &report);
    stage.strike().await;
}

async fn handshake(stage: &Stage, app: &str, token: &str) -> u16 {
    let query = format!("hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token={token}");
    stage.app.nobody.get(&format!("/hooks/direct/{app}?{query}")).await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handshake_with_another_token_is_why_the_callback_is_not_ours() {
    let stage = Stage::set(Database::Sqlite).await;
    let (patient, made) = stage.direct(json!({})).await;
    stage.seed(&patient, json!({ "callback_url": "" })).await;
    assert_eq!(handshake(&stage, &made.app_id, "not-the-token").await, 403);
    let report = stage.check(&patient).await;
    fails("callback", "verify_token_mismatch", Some("verify_token")).holds_in("verify token", &report);
    assert_eq!(rung(&report, "callback")["also"][0]["code"], "callback_missing", "{report:#}");

    // The right one, and the callback is what is left.
    stage.pass(Duration::from_secs(1));
    assert_eq!(handshake(&stage, &made.app_id, &made.verify_token).await, 200);
    let report = stage.check(&patient).await;
    fails("callback", "callback_missing", None).holds_in("callback missing", &report);
    stage.strike().await;
}

/// Half an hour after a message was accepted of which nothing is heard.
async fn silence(stage: &Stage, patient: &Patient) -> Value {
    let message = stage.send(patient).await;
    stage.app.message_in(stage.program(), &message, "accepted").await;
    let early = stage.check(patient).await;
    assert_eq!(rung(&early, "round_trip")["code"], "never_proven", "{early:#}");
    stage.pass(Duration::from_secs(31 * 60));
    stage.check(patient).await
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_app_in_development_is_known_by_its_silence(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let (patient, _) = stage.direct(json!({})).await;
    stage.seed(&patient, json!({ "app_mode": "development" })).await;
    let report = silence(&stage, &patient).await;
    fails("round_trip", "app_in_development", None).holds_in("app in development", &report);
    assert_eq!(stage.open_alerts(&patient).await, ["webhooks_silent"]);

    // The app goes live, somebody writes, and it is over.
    stage.seed(&patient, json!({ "app_mode": "live" })).await;
    stage.pass(Duration::from_secs(1));
    stage.write(&patient, "Hello").await;
    let channel = stage.channel_until(&patient, |channel| channel["facts"]["round_trip_at"].is_string()).await;
    assert_eq!(rung(&channel["check"], "round_trip")["result"], "pass", "{channel:#}");
    assert_eq!(rung(&stage.check(&patient).await, "round_trip")["result"], "pass");
    assert_eq!(stage.open_alerts(&patient).await, Vec::<String>::new());
    stage.strike().await;
}
