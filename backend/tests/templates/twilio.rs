//! What only Twilio has: reviews that are asked about, and Event Streams.

use duplex_simulator::ContentChange;
use reqwest::Client;
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{Stage, newest, order};
use crate::support::{Database, watch};

async fn credentials(stage: &Stage) -> (String, String) {
    let accounts = stage.simulator.accounts().await.unwrap();
    accounts
        .into_iter()
        .find_map(|view| match view {
            duplex_simulator::AccountView::Twilio(one) => Some((one.account_sid, one.auth_token)),
            duplex_simulator::AccountView::Direct(_) => None,
        })
        .unwrap()
}

/// A call to the simulated Twilio, as its console makes it.
async fn call(stage: &Stage, path: &str, form: &[(&str, &str)]) -> Value {
    let (account, token) = credentials(stage).await;
    let url = format!("{}{path}", stage.app.app().simulator_url().unwrap());
    let client = Client::builder().no_proxy().build().unwrap();
    let answer = client.post(url).basic_auth(account, Some(token)).form(form).send().await.unwrap();
    let (status, text) = (answer.status(), answer.text().await.unwrap());
    assert!(status.is_success(), "{path}: {status} {text}");
    serde_json::from_str(&text).unwrap_or_default()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn approvals_come_by_event_streams_too(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let destination = stage.program.get(&format!("/api/v1/channels/{}", stage.twilio)).await.expect(200);
    let destination = destination["webhook"]["callback_url"].as_str().unwrap().to_owned();
    let configuration = json!({ "destination": destination, "method": "POST", "batch_events": false }).to_string();
    let sink = call(
        &stage,
        "/v1/Sinks",
        &[("Description", "gw"), ("SinkType", "webhook"), ("SinkConfiguration", &configuration)],
    )
    .await;
    let sink = sink["sid"].as_str().unwrap().to_owned();
    let test = watch::until("the sink's test event", async || {
        let list = stage.program.get("/api/v1/webhook-events").await.expect(200);
        for one in list["data"].as_array().unwrap() {
            let path = format!("/api/v1/webhook-events/{}", one["id"].as_str().unwrap());
            let body = stage.program.get(&path).await.expect(200)["body"].as_str().unwrap_or_default().to_owned();
            let events: Value = serde_json::from_str(&body).unwrap_or_default();
            let event = if events.is_array() { events[0].clone() } else { events };
            if let Some(test) = event.pointer("/data/test_id").and_then(Value::as_str) {
                return Some(test.to_owned());
            }
        }
        None
    })
    .await;
    call(&stage, &format!("/v1/Sinks/{sink}/Validate"), &[("TestId", &test)]).await;
    let types = json!({ "type": "com.twilio.messaging.template.approval.updated" }).to_string();
    call(&stage, "/v1/Subscriptions", &[("Description", "gw"), ("SinkSid", &sink), ("Types", &types)]).await;

    let id = stage.approved(order("parcel_stream"), &["twilio"]).await;
    let shown = stage.program.get(&format!("/api/v1/templates/{id}")).await.expect(200);
    let reference = newest(&shown, "twilio")["provider_ref"].as_str().unwrap().to_owned();
    // Nobody asks about an approved one, so that only the stream can tell.
    let paused = ContentChange { status: Some("paused".to_owned()), ..ContentChange::default() };
    stage.simulator.change_content(&credentials(&stage).await.0, &reference, &paused).await.unwrap();
    stage.until_status(&id, "twilio", "paused").await;
    let news = stage.news("template.status_changed", "parcel_stream").await;
    let last = news.last().unwrap();
    assert_eq!((last["before"].as_str(), last["after"].as_str()), (Some("approved"), Some("paused")), "{last:#}");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_content_that_could_not_be_handed_in_is_not_stored_twice(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let id = stage.approved(order("parcel_twice"), &["twilio"]).await;
    let mut changed = order("parcel_twice");
    changed["footer"] = json!("Acme Coffee");
    stage.program.put(&format!("/api/v1/templates/{id}"), changed).await.expect(200);
    stage.submit(&id, "twilio").await.expect(200);
    stage.until_status(&id, "twilio", "approved").await;
    let shown = stage.program.get(&format!("/api/v1/templates/{id}")).await.expect(200);
    let registrations: Vec<&Value> =
        shown["registrations"].as_array().unwrap().iter().filter(|one| one["provider"] == "twilio").collect();
    assert_eq!(registrations.len(), 2, "{shown:#}");
    assert_eq!((&registrations[0]["current"], &registrations[1]["current"]), (&json!(false), &json!(true)));
    // Messages go with the newer one.
    let said = stage.delivered("twilio", crate::stage::use_of_order("parcel_twice")).await;
    assert!(said.contains("Acme Coffee"), "{said}");
    stage.app.stop().await;
}
