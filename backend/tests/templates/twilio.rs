//! What only Twilio has: reviews that are asked about, and Event Streams.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use duplex::clock::SystemClock;
use duplex_simulator::ContentChange;
use reqwest::Client;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::stage::{Stage, newest, order};
use crate::support::app::TestApp;
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
async fn a_changed_template_is_another_content(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
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

/// The Content is stored, its review is refused once, and the same text is submitted again; then another text is.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_content_that_could_not_be_handed_in_is_not_stored_twice(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let (server, sids) = (MockServer::start().await, AtomicUsize::new(0));
    let stored = move |_: &Request| {
        let sid = format!("HX{:032x}", sids.fetch_add(1, Ordering::Relaxed));
        ResponseTemplate::new(201).set_body_json(json!({ "sid": sid }))
    };
    let review = "^/v1/Content/HX[0-9a-f]{32}/ApprovalRequests/whatsapp$";
    let broken = ResponseTemplate::new(500).set_body_json(json!({ "code": 20_500, "message": "Internal error" }));
    let received = json!({ "name": "parcel_stored", "category": "UTILITY", "status": "received" });
    Mock::given(method("POST")).and(path("/v1/Content")).respond_with(stored).mount(&server).await;
    Mock::given(method("DELETE")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    Mock::given(method("POST")).and(path_regex(review)).respond_with(broken).up_to_n_times(2).mount(&server).await;
    Mock::given(method("POST"))
        .and(path_regex(review))
        .respond_with(ResponseTemplate::new(201).set_body_json(received))
        .mount(&server)
        .await;
    let urls = ["--twilio-api-url", &server.uri(), "--twilio-content-url", &server.uri()];
    let app = TestApp::start_with(database, &urls, Arc::new(SystemClock)).await;
    let program = app.key_in(&app.live, &["channels:write", "templates:read", "templates:write"]).await;
    let channel = json!({ "provider": "twilio", "name": "Support", "account_sid": "AC00000000000000000000000000000001",
        "auth_token": "00000000000000000000000000000002", "sender_number": "+15559870000" });
    let channel = program.post("/api/v1/channels", channel).await.expect(201)["id"].clone();
    let written = |text: &str| json!({ "name": "parcel_stored", "language": "en_GB", "category": "utility", "body": { "text": text } });
    let id = program.post("/api/v1/templates", written("It has left.")).await.expect(201)["id"].clone();
    let template = format!("/api/v1/templates/{}", id.as_str().unwrap());
    let submit = async || program.post(&format!("{template}/submissions"), json!({ "channel_id": channel })).await;
    let asked = async |verb: &str| {
        let all = server.received_requests().await.unwrap();
        let of = |one: &&Request| one.method.as_str() == verb && !one.url.path().ends_with("/whatsapp");
        all.iter().filter(of).map(|one| one.url.path().to_owned()).collect::<Vec<_>>()
    };

    submit().await.expect(502);
    let shown = program.get(&template).await.expect(200);
    let first = shown["registrations"][0]["provider_ref"].clone();
    assert_eq!((&shown["registrations"][0]["status"], first.is_string()), (&json!("unsubmitted"), true), "{shown:#}");
    submit().await.expect(502);
    assert_eq!(asked("POST").await, ["/v1/Content"], "stored once");

    // Another text is another Content, and the one that nobody judged goes.
    program.put(&template, written("It has left our warehouse.")).await.expect(200);
    let shown = submit().await.expect(200);
    assert_eq!(asked("POST").await, ["/v1/Content", "/v1/Content"]);
    assert_eq!(asked("DELETE").await, [format!("/v1/Content/{}", first.as_str().unwrap())]);
    let registrations = shown["registrations"].as_array().unwrap();
    assert_eq!(registrations.len(), 1, "{shown:#}");
    assert_eq!(registrations[0]["status"], "received", "{shown:#}");
    assert_ne!(registrations[0]["provider_ref"], first);
    app.stop().await;
}
