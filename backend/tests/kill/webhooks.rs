//! The gateway dies while integrators are told: each event still has one delivery, and each delivery reaches them.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::stage::{Provider, Stage};
use super::support::api::Caller;
use super::support::{Database, watch};
use super::{FIRST, SECOND, send};

async fn all(caller: &Caller, path: &str) -> Vec<Value> {
    caller.get(path).await.expect(200)["data"].as_array().expect("a list").clone()
}

async fn head(caller: &Caller) -> i64 {
    caller.get("/api/v1/events?order=newest&limit=1").await.expect(200)["head"].as_i64().expect("a place")
}

fn ids(list: &[Value], field: &str) -> Vec<String> {
    let mut ids: Vec<String> = list.iter().map(|one| one[field].as_str().expect("an id").to_owned()).collect();
    ids.sort();
    ids
}

#[rstest]
#[case::fanned_out("fanned_out")]
#[case::claimed("webhook_claimed")]
#[case::answered_and_unsettled("webhook_answered")]
#[tokio::test]
async fn killed_while_telling(#[case] point: &str, #[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let receiver = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&receiver).await;
    let mut stage = Stage::set(database, Provider::Direct).await;
    stage.webhook_origin = Some(receiver.uri());
    let (mut gateway, caller) = stage.start(Some(point)).await;
    let caller = stage.set_up(&caller).await;
    let before = head(&caller).await;
    let made = caller.post("/api/v1/webhook-endpoints", json!({ "url": receiver.uri() })).await.expect(201);
    let endpoint = format!("/api/v1/webhook-endpoints/{}", made["id"].as_str().expect("an id"));
    send(&caller, FIRST).await;
    gateway.died().await;
    stage.an_hour_passes();

    let (gateway, caller) = stage.start(None).await;
    stage.open_webhooks(&caller).await;
    let second = send(&caller, SECOND).await.expect("it answers");
    stage.message_in(&caller, &second, &["read"]).await;
    // Events still come; both lists are looked at until they are of one moment.
    let (events, deliveries) = watch::until("every event to have its delivery", async || {
        let events = all(&caller, &format!("/api/v1/events?after={before}")).await;
        let deliveries = all(&caller, &format!("{endpoint}/deliveries?limit=200")).await;
        // It was made after the first few of them, if any came just then.
        let first = deliveries.last()?["event_seq"].as_i64()?;
        let events: Vec<Value> = events.into_iter().filter(|event| event["seq"].as_i64() >= Some(first)).collect();
        let done = deliveries.iter().all(|one| one["state"] == "delivered");
        (done && deliveries.len() == events.len()).then_some((events, deliveries))
    })
    .await;
    assert_eq!(ids(&deliveries, "event_id"), ids(&events, "id"), "one delivery for each event");
    assert!(events.iter().any(|event| event["type"] == "message.queued"), "{events:#?}");
    let requests = receiver.received_requests().await.expect("they are kept");
    let told: Vec<Value> = requests.iter().map(|request| request.body_json().expect("JSON")).collect();
    let told: BTreeSet<&str> = told.iter().map(|body| body["data"]["id"].as_str().expect("an event")).collect();
    assert!(ids(&events, "id").iter().all(|id| told.contains(id.as_str())), "each event has arrived");
    assert!(gateway.stop().await.success());
    stage.strike().await;
}
