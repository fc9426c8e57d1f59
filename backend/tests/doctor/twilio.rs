//! Misconfigurations of a sender at Twilio, each named with its cure.

use std::time::Duration;

use duplex_simulator::{AccountPatch, FaultKind, TwilioCredentials};
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{Expected, Patient, Stage, fails, rung, warns};
use crate::support::Database;

const TOKEN: Option<&str> = Some("auth_token");
const SERVICE: Option<&str> = Some("messaging_service_sid");

fn with_key(made: &TwilioCredentials) -> Value {
    json!({ "provider": "twilio", "api_key_sid": made.api_key_sid, "api_key_secret": made.api_key_secret })
}

fn with_service(made: &TwilioCredentials) -> Value {
    json!({ "provider": "twilio", "messaging_service_sid": made.messaging_service_sid })
}

/// What is wrong at Twilio, for which kind of channel, and what must be said of it.
fn seeds() -> Vec<(&'static str, Kind, Value, Expected)> {
    use Kind::{Key, Plain, Service};
    let offline = json!({ "sender_status": "OFFLINE", "offline_reasons": [{ "code": "63020", "message": "Billing" }] });
    let few = json!({ "api_key": "restricted", "api_key_grants": ["messages"] });
    let discards = json!({ "use_inbound_webhook_on_number": false, "service_inbound_request_url": "" });
    let own =
        json!({ "use_inbound_webhook_on_number": false, "service_inbound_request_url": "https://other.example/in" });
    vec![
        ("suspended", Plain, json!({ "account_status": "suspended" }), fails("credentials", "account_suspended", None)),
        (
            "key revoked",
            Key,
            json!({ "api_key": "revoked" }),
            fails("credentials", "api_key_refused", Some("api_key_secret")),
        ),
        ("key restricted", Key, few, fails("permissions", "api_key_restricted", Some("api_key_sid"))),
        (
            "sender absent",
            Plain,
            json!({ "sender_absent": true }),
            fails("sender", "sender_not_found", Some("sender_number")),
        ),
        ("sender offline", Plain, offline, fails("sender", "sender_offline", None)),
        ("sender moved", Plain, json!({ "sender_moved": true }), fails("sender", "sender_offline", None)),
        ("low quality", Plain, json!({ "quality_rating": "LOW" }), warns("standing", "quality_red", None)),
        ("service discards", Service, discards, fails("subscribed", "service_disables_inbound", SERVICE)),
        ("service elsewhere", Service, own, fails("callback", "callback_elsewhere", None)),
    ]
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Plain,
    Key,
    Service,
}

async fn patient(stage: &Stage, kind: Kind) -> (Patient, TwilioCredentials) {
    let (patient, made) = stage.twilio(json!({})).await;
    let form = match kind {
        Kind::Plain => return (patient, made),
        Kind::Key => with_key(&made),
        Kind::Service => with_service(&made),
    };
    stage.program().patch(&patient.path, form).await.expect(200);
    (patient, made)
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_at_twilio_is_named(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    for (seed, kind, state, expected) in seeds() {
        let (patient, _) = patient(&stage, kind).await;
        stage.seed(&patient, state).await;
        expected.holds_in(seed, &stage.check(&patient).await);
    }
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_wrong_is_named_with_its_field() {
    let stage = Stage::set(Database::Sqlite).await;
    let other = "00000000000000000000000000000000";
    let (plain, _) = patient(&stage, Kind::Plain).await;
    stage.retype(&plain, "twilio", "auth_token", other).await;
    fails("credentials", "auth_token_refused", TOKEN).holds_in("wrong token", &stage.check(&plain).await);

    // The key sends; the token alone verifies webhooks.
    let (keyed, _) = patient(&stage, Kind::Key).await;
    stage.retype(&keyed, "twilio", "auth_token", other).await;
    fails("credentials", "auth_token_refused", TOKEN).holds_in("wrong token beside a key", &stage.check(&keyed).await);

    let (served, _) = patient(&stage, Kind::Plain).await;
    stage.retype(&served, "twilio", "messaging_service_sid", &format!("MG{other}")).await;
    fails("sender", "service_not_found", SERVICE).holds_in("unknown service", &stage.check(&served).await);
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_that_is_missing_or_elsewhere_is_named() {
    let stage = Stage::set(Database::Sqlite).await;
    let (patient, _) = patient(&stage, Kind::Plain).await;
    for (url, code) in [("https://other.example/in#rc=3", "callback_elsewhere"), ("", "callback_missing")] {
        let patch = AccountPatch { callback_url: Some(url.to_owned()), ..AccountPatch::default() };
        stage.simulator.patch_account(&patient.key, &patch).await.unwrap();
        fails("callback", code, None).holds_in(code, &stage.check(&patient).await);
    }
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_right_once_was_rotated(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let (patient, made) = patient(&stage, Kind::Plain).await;
    stage.pass(Duration::from_secs(1));
    stage.write(&patient, "Hello").await;
    stage.channel_until(&patient, |channel| channel["last_webhook_at"].is_string()).await;
    let rotated = "ffffffffffffffffffffffffffffffff".to_owned();
    let patch = AccountPatch { auth_token: Some(rotated.clone()), ..AccountPatch::default() };
    stage.simulator.patch_account(&patient.key, &patch).await.unwrap();
    fails("credentials", "auth_token_rotated", TOKEN).holds_in("rotated", &stage.check(&patient).await);

    // The new one as the second: sending uses the first, so it fails still; in its place, all is well.
    stage.retype(&patient, "twilio", "auth_token_secondary", &rotated).await;
    fails("credentials", "auth_token_rotated", TOKEN).holds_in("second holds", &stage.check(&patient).await);
    let keyed = with_key(&made);
    stage.program().patch(&patient.path, keyed).await.expect(200);
    warns("credentials", "auth_token_rotated", TOKEN)
        .holds_in("second holds beside a key", &stage.check(&patient).await);
    stage.retype(&patient, "twilio", "auth_token", &rotated).await;
    assert_eq!(rung(&stage.check(&patient).await, "credentials")["result"], "pass");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_changes_the_address_is_found_out(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let (patient, _) = patient(&stage, Kind::Plain).await;
    let host = stage.app.app().addr.to_string();
    stage.seed(&patient, json!({ "sign_as_url_host": format!("https://{host}") })).await;
    stage.write(&patient, "Hello").await;
    let report = stage.check(&patient).await;
    fails("callback", "host_rewritten", None).holds_in("host rewritten", &report);
    let finding = rung(&report, "callback")["finding"].as_str().unwrap().to_owned();
    assert!(finding.contains(&format!("https://{host}/hooks/twilio/")), "{finding}");
    let inbox = stage.program().get("/api/v1/messages?direction=inbound").await.expect(200);
    assert_eq!(inbox["data"], json!([]), "what explains a refusal is still refused");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_is_told_once() {
    let stage = Stage::set(Database::Sqlite).await;
    let (patient, _) = patient(&stage, Kind::Plain).await;
    stage.fault(&patient, FaultKind::DropWebhooks).await;
    let message = stage.send(&patient).await;
    stage.app.message_in(stage.program(), &message, "accepted").await;
    stage.pass(Duration::from_secs(31 * 60));
    for _ in 0..2 {
        fails("round_trip", "webhooks_silent", None).holds_in("silence", &stage.check(&patient).await);
        assert_eq!(stage.open_alerts(&patient).await, ["webhooks_silent"]);
    }
    let raised = stage.kinds().await.into_iter().filter(|kind| kind == "alert.raised").count();
    assert_eq!(raised, 1, "once per change");
    stage.strike().await;
}
