//! What Meta says of an account is said again, late and in any order.

use duplex_simulator::DirectCredentials;
use rstest::rstest;
use serde_json::{Value, json};

use crate::direct::post;
use crate::stage::{Patient, Stage};
use crate::support::Database;
use crate::support::signed::hub_signature;

impl Stage {
    /// Meta says something of an account as of a time, in seconds.
    async fn tells(&self, made: &DirectCredentials, time: i64, field: &str, value: &Value) {
        let change = json!({ "field": field, "value": value });
        let entry = json!({ "id": made.waba_id, "time": time, "changes": [change] });
        let body = json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string();
        let signature = hub_signature(&made.app_secret, &body);
        assert_eq!(post(self, &made.app_id, Some(signature), &body).await, 200);
    }

    /// All that was told is applied when this has come: webhooks are applied in the order of their arrival.
    async fn heard(&self, made: &DirectCredentials, marker: &str) {
        let value = json!({ "event": marker });
        self.tells(made, self.seconds(), "account_update", &value).await;
        let path = "/api/v1/events?type=account.updated&limit=200";
        let has = |feed: &Value| feed["data"].as_array().unwrap().iter().any(|event| event["data"]["event"] == marker);
        self.app.until(self.program(), path, has).await;
    }

    fn seconds(&self) -> i64 {
        self.now().micros() / 1_000_000
    }

    async fn count(&self, kind: &str) -> usize {
        self.kinds().await.into_iter().filter(|known| known == kind).count()
    }

    async fn state(&self, patient: &Patient) -> String {
        self.channel(patient).await["state"].as_str().unwrap().to_owned()
    }
}

fn ban(state: &str) -> Value {
    json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": state, "waba_ban_date": "November 30, 2026" } })
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_or_belated_word_changes_nothing(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let (patient, made) = stage.direct(json!({})).await;
    let now = stage.seconds();
    stage.tells(&made, now - 100, "account_update", &ban("DISABLE")).await;
    stage.tells(&made, now - 50, "account_update", &ban("REINSTATE")).await;
    stage.heard(&made, "FIRST").await;
    assert_eq!(stage.state(&patient).await, "active");

    // The same delivery once more, and one that was overtaken.
    stage.tells(&made, now - 100, "account_update", &ban("DISABLE")).await;
    stage.tells(&made, now - 60, "account_update", &ban("DISABLE")).await;
    stage.heard(&made, "SECOND").await;
    assert_eq!(stage.state(&patient).await, "active");
    assert_eq!(stage.open_alerts(&patient).await, Vec::<String>::new());
    assert_eq!(stage.count("account.disabled").await, 1);

    // Later than all of it: that counts.
    stage.tells(&made, now - 10, "account_update", &ban("DISABLE")).await;
    stage.heard(&made, "THIRD").await;
    assert_eq!(stage.state(&patient).await, "held");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restriction_that_is_over_holds_nothing() {
    let stage = Stage::set(Database::Sqlite).await;
    let (patient, made) = stage.direct(json!({})).await;
    let now = stage.seconds();
    let restricted = |kind: &str, expiration: i64| {
        json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": [
            { "restriction_type": kind, "expiration": expiration }] })
    };
    let past = restricted("RESTRICTED_CUSTOMER_INITIATED_MESSAGING", now - 3_600);
    stage.tells(&made, now - 86_400, "account_update", &past).await;
    stage.heard(&made, "FIRST").await;
    assert_eq!(stage.state(&patient).await, "active");
    assert_eq!(stage.open_alerts(&patient).await, Vec::<String>::new());
    assert_eq!(stage.count("account.restricted").await, 1, "it is told all the same");

    // The lesser first, then the graver: that one is told as well.
    let lesser = restricted("RESTRICTED_BIZ_INITIATED_MESSAGING", now + 86_400);
    stage.tells(&made, now - 20, "account_update", &lesser).await;
    let graver = restricted("RESTRICTED_CUSTOMER_INITIATED_MESSAGING", now + 86_400);
    stage.tells(&made, now - 10, "account_update", &graver).await;
    stage.heard(&made, "SECOND").await;
    assert_eq!(stage.state(&patient).await, "held");
    let open = stage.program().get("/api/v1/alerts?state=open").await.expect(200);
    let details: Vec<_> = open["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|alert| alert["kind"] == "account_restricted")
        .map(|alert| alert["detail"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(details.len(), 1, "{open:#}");
    assert!(details[0].contains("send nothing"), "{details:?}");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn each_matter_is_told_and_ends_by_itself(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let (patient, made) = stage.direct(json!({})).await;
    let now = stage.seconds();
    for event in ["PIN_CHANGED", "PIN_REQUEST_SUCCESS"] {
        stage.tells(&made, now - 90, "security", &json!({ "event": event })).await;
    }
    let alert = |kind: &str, status: &str| {
        json!({ "entity_type": "BUSINESS", "entity_id": "6", "alert_info": { "alert_severity": "CRITICAL",
            "alert_status": status, "alert_type": kind, "alert_description": "Something." } })
    };
    stage.tells(&made, now - 80, "account_alerts", &alert("OBA_REJECTED", "ACTIVE")).await;
    stage.tells(&made, now - 70, "account_alerts", &alert("PROFILE_PICTURE_LOST", "ACTIVE")).await;
    let violation = json!({ "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": "SCAM" } });
    stage.tells(&made, now - 60, "account_update", &violation).await;
    stage.tells(&made, now - 50, "account_update", &ban("SCHEDULE_FOR_DISABLE")).await;
    stage.heard(&made, "FIRST").await;
    let mut open = stage.open_alerts(&patient).await;
    open.sort_unstable();
    let everything = ["account_alert", "account_alert", "account_alert", "account_disabled", "security", "security"];
    assert_eq!(open, everything);

    // The account looks sound until the day comes, and one warning that is over says nothing of the others.
    stage.check(&patient).await;
    stage.tells(&made, now - 40, "account_alerts", &alert("OBA_REJECTED", "RESOLVED")).await;
    stage.heard(&made, "SECOND").await;
    let mut open = stage.open_alerts(&patient).await;
    open.sort_unstable();
    assert_eq!(open, everything[1..]);

    stage.tells(&made, now - 30, "account_update", &ban("DISABLE")).await;
    stage.heard(&made, "THIRD").await;
    let list = stage.program().get("/api/v1/alerts?state=open").await.expect(200);
    let told: Vec<_> = list["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|alert| alert["kind"] == "account_disabled")
        .map(|alert| alert["detail"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["Meta has disabled the WhatsApp account."], "the announcement is over");
    stage.strike().await;
}
