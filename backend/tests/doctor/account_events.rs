//! What Meta says of a number or an account, and what follows from it.

use std::time::Duration;

use duplex_simulator::NewNotice;
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{ADA, Patient, Stage};
use crate::support::Database;

impl Stage {
    /// Meta posts a change of a field.
    async fn says(&self, patient: &Patient, field: &str, value: Value) {
        let notice = NewNotice { account: patient.key.clone(), field: field.to_owned(), value };
        let result = self.simulator.notify(&notice).await.unwrap();
        assert!(result.delivered, "{result:?}");
    }

    /// The entry of the feed of this kind, once it is there.
    async fn told(&self, kind: &str) -> Value {
        let path = format!("/api/v1/events?type={kind}&limit=200");
        let feed = self.app.until(self.program(), &path, |feed| feed["data"][0].is_object()).await;
        feed["data"].as_array().unwrap().last().unwrap()["data"].clone()
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn numbers_and_limits_change_what_is_known(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let (patient, made) = stage.direct(json!({})).await;
    stage.check(&patient).await;
    let number = made.display_phone_number.trim_start_matches('+');

    let upgrade = json!({ "display_phone_number": number, "event": "THROUGHPUT_UPGRADE", "max_daily_conversations_per_business": "TIER_UNLIMITED" });
    stage.says(&patient, "phone_number_quality_update", upgrade).await;
    assert_eq!(stage.told("account.quality_changed").await["event"], "THROUGHPUT_UPGRADE");
    let facts = stage.channel(&patient).await["facts"].clone();
    assert_eq!((facts["throughput"].as_str(), facts["messaging_limit"].as_str()), (Some("HIGH"), Some("unlimited")));

    stage
        .says(&patient, "business_capability_update", json!({ "max_daily_conversations_per_business": "TIER_10K" }))
        .await;
    let limit = stage.told("account.limit_changed").await;
    assert_eq!((limit["before"].as_str(), limit["messaging_limit"].as_str()), (Some("unlimited"), Some("10000")));

    let name = json!({ "display_phone_number": number, "decision": "REJECTED", "requested_verified_name": "Best Tea Ever", "rejection_reason": "NAME_NOT_CONSISTENT" });
    stage.says(&patient, "phone_number_name_update", name).await;
    assert_eq!(stage.told("account.name_reviewed").await["reason"], "NAME_NOT_CONSISTENT");
    assert_eq!(stage.channel(&patient).await["facts"]["name_status"], "REJECTED");

    stage
        .says(&patient, "phone_number_quality_update", json!({ "display_phone_number": number, "event": "FLAGGED" }))
        .await;
    stage.told("alert.raised").await;
    assert_eq!(stage.open_alerts(&patient).await, ["quality_red"]);
    // Another number of the account: this channel has no part in it.
    let other = json!({ "display_phone_number": "447700900999", "event": "UNFLAGGED" });
    stage.says(&patient, "phone_number_quality_update", other).await;
    stage.says(&patient, "account_review_update", json!({ "decision": "APPROVED" })).await;
    assert_eq!(stage.told("account.reviewed").await["decision"], "APPROVED");
    assert_eq!(stage.channel(&patient).await["facts"]["quality"], "red");

    stage.says(&patient, "account_update", json!({ "event": "VERIFIED_ACCOUNT" })).await;
    assert_eq!(stage.told("account.updated").await["event"], "VERIFIED_ACCOUNT");
    // What the gateway has no word for stays a notice.
    stage.seed(&patient, json!({ "fields": ["payment_configuration_update"] })).await;
    stage.says(&patient, "payment_configuration_update", json!({ "x": 1 })).await;
    assert_eq!(stage.told("provider.notice").await["field"], "payment_configuration_update");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_account_is_held_until_it_is_back(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let (patient, _) = stage.direct(json!({})).await;
    let banned = |state: &str| json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": state, "waba_ban_date": "November 30, 2026" } });
    stage.says(&patient, "account_update", banned("SCHEDULE_FOR_DISABLE")).await;
    assert_eq!(stage.told("account.disabled").await["state"], "scheduled");
    assert_eq!(stage.channel(&patient).await["state"], "active", "not yet");

    stage.says(&patient, "account_update", banned("DISABLE")).await;
    let held = stage.channel_until(&patient, |channel| channel["state"] == "held").await;
    assert_eq!(held["held"]["failure"]["code"], "account_suspended");
    let mut open = stage.open_alerts(&patient).await;
    open.sort_unstable();
    assert_eq!(open, ["account_disabled", "channel_held"]);

    stage.says(&patient, "account_update", banned("REINSTATE")).await;
    stage.channel_until(&patient, |channel| channel["state"] == "active").await;
    assert_eq!(stage.open_alerts(&patient).await, Vec::<String>::new());

    stage.says(&patient, "account_update", json!({ "event": "PARTNER_REMOVED" })).await;
    let gone = stage.channel_until(&patient, |channel| channel["state"] == "held").await;
    assert_eq!(gone["held"]["failure"]["code"], "sender_misconfigured");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_restriction_lets_replies_go_and_templates_wait(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let (patient, _) = stage.direct(json!({})).await;
    let until = stage.now().plus(Duration::from_secs(2 * 86_400)).micros() / 1_000_000;
    let value = json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": [
        { "restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": until }] });
    stage.says(&patient, "account_update", value).await;
    let told = stage.told("account.restricted").await;
    assert_eq!(told["restrictions"][0]["kind"], "business_initiated");
    assert_eq!(stage.channel(&patient).await["state"], "active");
    assert_eq!(stage.open_alerts(&patient).await, ["account_restricted"]);
    let report = stage.check(&patient).await;
    crate::stage::warns("standing", "account_restricted", None).holds_in("restricted", &report);

    let reply = stage.send(&patient).await;
    stage.app.message_in(stage.program(), &reply, "read").await;
    let template = json!({ "to": "+447700900124", "channel_id": patient.id,
        "content": { "type": "template", "name": "hello_world", "language": "en_US" } });
    let waiting = stage.program().post("/api/v1/messages", template).await.expect(202);
    let path = format!("/api/v1/messages/{}", waiting["id"].as_str().unwrap());
    let shown = stage.app.until(stage.program(), &path, |message| message["failure"].is_object()).await;
    assert_eq!(
        (shown["state"].as_str(), shown["failure"]["code"].as_str()),
        (Some("queued"), Some("account_restricted"))
    );
    let run_at = duplex::domain::time::Ts::parse(shown["run_at"].as_str().unwrap()).unwrap();
    assert!(run_at >= stage.now().plus(Duration::from_secs(86_400)), "looked at again in a day: {shown:#}");
    let template = json!({ "to": crate::stage::ADA, "channel_id": patient.id,
        "content": { "type": "template", "name": "hello_world", "language": "en_US" } });
    let before = stage.program().post("/api/v1/messages", template).await.expect(202);
    let path = format!("/api/v1/messages/{}", before["id"].as_str().unwrap());
    stage.app.until(stage.program(), &path, |message| message["failure"].is_object()).await;
    let reply = stage.send(&patient).await;
    stage.app.message_in(stage.program(), &reply, "read").await;

    // When it is over, so is the alert.
    stage.pass(Duration::from_secs(2 * 86_400 + 60));
    stage.check(&patient).await;
    assert_eq!(stage.open_alerts(&patient).await, Vec::<String>::new());
    stage.app.message_in(stage.program(), waiting["id"].as_str().unwrap(), "read").await;
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn people_stop_and_resume_marketing(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let (patient, made) = stage.direct(json!({})).await;
    let digits = ADA.trim_start_matches('+');
    let preference = |value: &str, at: i64| {
        json!({ "messaging_product": "whatsapp",
            "metadata": { "display_phone_number": made.display_phone_number, "phone_number_id": made.phone_number_id },
            "contacts": [{ "profile": { "name": "Ada" }, "wa_id": digits }],
            "user_preferences": [{ "wa_id": digits, "category": "marketing_messages", "value": value, "timestamp": at }] })
    };
    stage.says(&patient, "user_preferences", preference("stop", 1_795_342_800)).await;
    let told = stage.told("contact.suppressed").await;
    let path = format!("/api/v1/contacts/{}", told["contact_id"].as_str().unwrap());
    let contact = stage.program().get(&path).await.expect(200);
    let stopped = json!({ "scope": "marketing", "source": "provider", "channel_id": patient.id,
        "changed_at": "2026-11-22T10:20:00.000000Z" });
    assert_eq!(contact["suppressions"], json!([stopped]));

    stage.says(&patient, "user_preferences", preference("resume", 1_795_342_900)).await;
    stage.told("contact.unsuppressed").await;
    assert_eq!(stage.program().get(&path).await.expect(200)["suppressions"], json!([]));
    // A late word of before has no effect, and a repetition is no news.
    stage.says(&patient, "user_preferences", preference("stop", 1_795_342_850)).await;
    stage.says(&patient, "user_preferences", preference("resume", 1_795_342_900)).await;
    stage.says(&patient, "account_review_update", json!({ "decision": "APPROVED" })).await;
    stage.told("account.reviewed").await;
    assert_eq!(stage.program().get(&path).await.expect(200)["suppressions"], json!([]));
    let kinds = stage.kinds().await;
    assert_eq!(kinds.iter().filter(|kind| kind.ends_with("suppressed")).count(), 2, "{kinds:?}");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn security_and_critical_matters_raise_alerts(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let (patient, made) = stage.direct(json!({})).await;
    let number = made.display_phone_number.trim_start_matches('+');
    let pin = json!({ "display_phone_number": number, "event": "PIN_CHANGED", "requester": "500000000000001" });
    stage.says(&patient, "security", pin.clone()).await;
    assert_eq!(stage.told("account.security").await["event"], "PIN_CHANGED");
    stage.says(&patient, "security", pin).await;
    assert_eq!(stage.open_alerts(&patient).await, ["security"], "one is enough");

    let alert = |status: &str| {
        json!({ "entity_type": "BUSINESS", "entity_id": made.business_id, "alert_info": {
        "alert_severity": "CRITICAL", "alert_status": status, "alert_type": "OBA_REJECTED", "alert_description": "It was rejected." } })
    };
    stage.says(&patient, "account_alerts", alert("ACTIVE")).await;
    stage.told("account.alert").await;
    let mut open = stage.open_alerts(&patient).await;
    open.sort_unstable();
    assert_eq!(open, ["account_alert", "security"]);
    stage.says(&patient, "account_alerts", alert("RESOLVED")).await;
    stage.told("alert.cleared").await;
    assert_eq!(stage.open_alerts(&patient).await, ["security"]);

    // A check can't end what only a person can judge.
    stage.check(&patient).await;
    let list = stage.program().get("/api/v1/alerts?state=open").await.expect(200);
    let id = list["data"][0]["id"].as_str().unwrap();
    let cleared = stage.program().post(&format!("/api/v1/alerts/{id}/clear"), json!({})).await.expect(200);
    assert_eq!((cleared["state"].as_str(), cleared["delivery"].as_str()), (Some("cleared"), Some("none")));
    assert_eq!(stage.open_alerts(&patient).await, Vec::<String>::new());
    stage.program().post(&format!("/api/v1/alerts/{}/clear", patient.id), json!({})).await.problem(404, "not_found");
    stage.strike().await;
}
