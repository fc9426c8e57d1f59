//! Telling once more: one, those that were given up, everything since; and what can't be told any more.

use std::time::Duration;

use duplex::storage::retention;
use duplex::storage::system::webhooks;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

use crate::stage::{Receiver, Stage, header};
use crate::support::Database;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn deliveries_are_sent_once_more(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let receiver = Receiver::start().await;
    let stage = Stage::set(database, &[&receiver]).await;
    let endpoint = stage.endpoint(&receiver, &["message.queued"]).await;
    stage.message().await;
    let log = stage.ended(&endpoint, 1, "delivered").await;
    let replay = format!("/api/v1/webhook-deliveries/{}/replay", log[0]["id"].as_str().unwrap());
    let again = stage.program().post(&replay, json!({})).await.expect(202);
    assert_eq!((&again["id"], &again["tries"]), (&log[0]["id"], &json!(0)));
    stage.ended(&endpoint, 1, "delivered").await;
    let requests = receiver.requests().await;
    assert_eq!(requests.len(), 2);
    assert_eq!(header(&requests[0], "webhook-id"), header(&requests[1], "webhook-id"), "the receiver knows it");
    assert_eq!(requests[0].body, requests[1].body);
    assert_eq!(stage.delivery(&log[0]).await["log"].as_array().unwrap().len(), 2);

    // Two are refused for good, one is taken.
    stage.pass(Duration::from_secs(60));
    let outage = stage.now();
    for count in 2..=3 {
        receiver.answers_next(ResponseTemplate::new(410));
        stage.message().await;
        let refused = |log: &[Value]| log.len() == count && log[count - 1]["state"] == "failed";
        stage.log_until(&endpoint, "the refusal", refused).await;
        stage.program().patch(&endpoint.path, json!({ "state": "active" })).await.expect(200);
    }
    stage.message().await;
    let log = stage.log_until(&endpoint, "the fourth", |log| log.len() == 4 && log[3]["state"] == "delivered").await;
    let path = format!("{}/replay", endpoint.path);
    let failed = json!({ "after": outage, "states": ["failed"] });
    assert_eq!(stage.program().post(&path, failed.clone()).await.expect(202), json!({ "replayed": 2 }));
    stage.ended(&endpoint, 4, "delivered").await;
    assert_eq!(receiver.requests().await.len(), 2 + 3 + 2);
    assert_eq!(stage.program().post(&path, failed).await.expect(202)["replayed"], 0, "nothing is given up any more");
    let since = json!({ "after": outage });
    assert_eq!(stage.program().post(&path, since).await.expect(202)["replayed"], 3, "everything of the outage");
    stage.log_until(&endpoint, "them to be sent", |log| log.iter().all(|one| one["state"] == "delivered")).await;
    let after = json!({ "after": log[2]["event_seq"], "states": ["delivered"] });
    assert_eq!(stage.program().post(&path, after).await.expect(202)["replayed"], 1);
    stage.ended(&endpoint, 4, "delivered").await;
    assert_eq!(receiver.requests().await.len(), 7 + 3 + 1);

    for (wrong, field) in [
        (json!({ "after": "yesterday" }), "after"),
        (json!({ "after": -1 }), "after"),
        (json!({}), "after"),
        (json!({ "after": 0, "states": ["failed", "pending"] }), "states[1]"),
    ] {
        let refused = stage.program().post(&path, wrong).await;
        assert_eq!(refused.complaints()[0].0, field);
        refused.problem(422, "validation_failed");
    }
    let path = format!("{}/deliveries", endpoint.path);
    let count = async |filter: &str| {
        let list = stage.program().get(&format!("{path}?{filter}")).await.expect(200);
        list["data"].as_array().unwrap().len()
    };
    assert_eq!((count("state=delivered&event_type=message.queued").await, count("state=failed").await), (4, 0));
    assert_eq!((count("event_type=message.read").await, count("limit=3").await), (0, 3));
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_kept_can_not_be_sent(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let receiver = Receiver::start().await;
    let stage = Stage::set(database, &[&receiver]).await;
    let endpoint = stage.endpoint(&receiver, &["message.queued"]).await;
    stage.message().await;
    let log = stage.ended(&endpoint, 1, "delivered").await;
    stage.pass(Duration::from_secs(86_400));
    let (db, now) = (stage.app.app().context.db.clone(), stage.now());
    let workspace = serde_json::from_value(json!(stage.app.sandbox)).unwrap();
    assert!(db.write(move |conn| retention::purge_events(conn, workspace, now)).await.unwrap() > 0);
    let replay = format!("/api/v1/webhook-deliveries/{}/replay", log[0]["id"].as_str().unwrap());
    stage.program().post(&replay, json!({})).await.expect(202);
    stage.ended(&endpoint, 1, "failed").await;
    let detail = stage.delivery(&log[0]).await;
    assert!(detail["body"].is_null());
    let why = "the feed no longer has the event: it is older than this installation keeps";
    assert_eq!(detail["log"][1]["error"], why);
    assert_eq!(receiver.requests().await.len(), 1);
    assert!(stage.shown(&endpoint).await["failing_since"].is_null(), "the endpoint is not to blame");

    assert_eq!(db.write(move |conn| webhooks::purge(conn, now, 10)).await.unwrap(), 1);
    assert!(stage.log(&endpoint).await.is_empty());
    stage.message().await;
    stage.log_until(&endpoint, "another one", |log| log.len() == 1 && log[0]["state"] == "delivered").await;
    stage.program().delete(&endpoint.path).await.expect(204);
    let purge = async || db.write(|conn| webhooks::purge_deleted(conn, 10)).await.unwrap();
    assert_eq!((purge().await, purge().await, purge().await), (1, 1, 0), "its log, itself, nothing");
    stage.strike().await;
}
