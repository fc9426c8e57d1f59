//! The endpoint that is told of alerts: signed, again and again, and never into a private network.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rstest::rstest;
use serde_json::{Value, json};
use sha2::Sha256;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::stage::{Patient, Stage};
use crate::support::{Database, watch};

const ENDPOINT: &str = "/api/v1/alert-endpoint";

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.get(name).unwrap().to_str().unwrap()
}

/// The body of a request whose signature holds.
fn verified(request: &Request, secret: &str) -> Value {
    let key = STANDARD.decode(secret.strip_prefix("whsec_").unwrap()).unwrap();
    let signed = format!("{}.{}.", header(request, "webhook-id"), header(request, "webhook-timestamp"));
    let mac = Hmac::<Sha256>::new_from_slice(&key).unwrap().chain_update(signed).chain_update(&request.body);
    let expected = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!(header(request, "webhook-signature"), expected);
    serde_json::from_slice(&request.body).unwrap()
}

async fn kill_token(stage: &Stage, patient: &Patient, state: &str) {
    stage.seed(patient, json!({ "token_state": state })).await;
    stage.check(patient).await;
}

/// The newest alert once it was delivered, or failed.
async fn settled(stage: &Stage, delivery: &str) -> Value {
    watch::until("the delivery of an alert", async || {
        let list = stage.program().get("/api/v1/alerts").await.expect(200);
        Some(list["data"][0].clone()).filter(|alert| alert["delivery"] == delivery)
    })
    .await
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn alerts_are_told_when_they_begin_and_end(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let server = MockServer::start().await;
    let down = ResponseTemplate::new(503);
    Mock::given(method("POST")).respond_with(down).up_to_n_times(1).with_priority(1).mount(&server).await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let stage = Stage::with(database, &["--alert-origins", &server.uri()]).await;
    let set = stage.program().put(ENDPOINT, json!({ "url": format!("{}/alerts", server.uri()) })).await.expect(200);
    let secret = set["secret"].as_str().unwrap().to_owned();
    assert!(stage.program().get(ENDPOINT).await.expect(200)["secret"].is_null(), "shown once");
    let again = stage.program().put(ENDPOINT, json!({ "url": set["url"] })).await.expect(200);
    assert!(again["secret"].is_null(), "the same address keeps its secret");

    let (patient, _) = stage.direct(json!({})).await;
    kill_token(&stage, &patient, "revoked").await;
    let failed = watch::until("the first try", async || {
        let list = stage.program().get("/api/v1/alerts").await.expect(200);
        Some(list["data"][0].clone()).filter(|alert| alert["delivery_tries"] == 1)
    })
    .await;
    assert_eq!(failed["delivery_error"], "the endpoint answered with status 503");
    stage.pass(Duration::from_secs(6));
    let told = settled(&stage, "delivered").await;
    assert_eq!((told["kind"].as_str(), told["severity"].as_str()), (Some("token_dead"), Some("critical")));

    kill_token(&stage, &patient, "valid").await;
    let over = settled(&stage, "delivered").await;
    assert_eq!(over["state"], "cleared", "{over:#}");
    let requests = server.received_requests().await.unwrap();
    let bodies: Vec<Value> = requests.iter().map(|request| verified(request, &secret)).collect();
    let kinds: Vec<_> = bodies.iter().map(|body| body["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["alert.raised", "alert.raised", "alert.cleared"]);
    assert_eq!(
        header(&requests[0], "webhook-id"),
        header(&requests[1], "webhook-id"),
        "a repetition is known by its id"
    );
    assert_ne!(header(&requests[1], "webhook-id"), header(&requests[2], "webhook-id"));
    assert_eq!(bodies[0]["data"]["channel_id"], patient.id);

    let tested = stage.program().post(&format!("{ENDPOINT}/test"), json!({})).await.expect(200);
    assert_eq!(tested["delivered"], true);
    let last = server.received_requests().await.unwrap().pop().unwrap();
    assert_eq!(verified(&last, &secret)["type"], "alert.test");
    assert!(stage.program().get(ENDPOINT).await.expect(200)["last_delivered_at"].is_string());
    stage.program().delete(ENDPOINT).await.expect(204);
    stage.program().get(ENDPOINT).await.problem(404, "not_found");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_new_endpoint_is_told_of_what_is_open(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let server = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&server).await;
    let stage = Stage::with(database, &["--alert-origins", &server.uri()]).await;
    let (dead, _) = stage.direct(json!({})).await;
    kill_token(&stage, &dead, "revoked").await;
    let (poor, _) = stage.direct(json!({})).await;
    stage.seed(&poor, json!({ "payment_missing": true })).await;
    stage.check(&poor).await;
    stage.program().put(ENDPOINT, json!({ "url": format!("{}/alerts", server.uri()) })).await.expect(200);
    watch::until("both alerts told", async || {
        let list = stage.program().get("/api/v1/alerts?state=open").await.expect(200);
        let told = list["data"].as_array()?.iter().filter(|alert| alert["delivery"] == "delivered").count();
        (told == 2).then_some(())
    })
    .await;
    assert_eq!(server.received_requests().await.unwrap().len(), 2, "each once");
    stage.strike().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn endpoints_are_public_and_https() {
    let stage = Stage::set(Database::Sqlite).await;
    for url in [
        "http://ops.example/hook",
        "https://127.0.0.1/hook",
        "https://[::1]/hook",
        "https://10.0.0.1/hook",
        "https://user:secret@ops.example/hook",
        "ops.example",
        "",
    ] {
        let refused = stage.program().put(ENDPOINT, json!({ "url": url })).await;
        assert_eq!(refused.complaints(), [("url".to_owned(), "invalid_value".to_owned())], "{url}");
        refused.problem(422, "validation_failed");
    }
    // A name that leads into this machine is found out when it is called.
    stage.program().put(ENDPOINT, json!({ "url": "https://localhost/hook" })).await.expect(200);
    let tested = stage.program().post(&format!("{ENDPOINT}/test"), json!({})).await.expect(200);
    assert_eq!(
        (tested["delivered"].as_bool(), tested["error"].as_str()),
        (Some(false), Some("the address is not public"))
    );
    let reader = stage.app.key(&["workspace:read", "channels:read"]).await;
    reader.get(ENDPOINT).await.expect(200);
    reader.put(ENDPOINT, json!({ "url": "https://ops.example" })).await.problem(403, "forbidden");
    reader.delete(ENDPOINT).await.problem(403, "forbidden");
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn alerts_of_a_deleted_channel_end(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let (patient, _) = stage.direct(json!({})).await;
    kill_token(&stage, &patient, "expired").await;
    assert_eq!(stage.open_alerts(&patient).await, ["token_dead"]);
    let other = stage.app.key_in(&stage.app.live, &["channels:read"]).await;
    assert_eq!(other.get("/api/v1/alerts").await.expect(200)["data"], json!([]), "of this workspace only");
    stage.program().delete(&patient.path).await.expect(204);
    assert_eq!(stage.open_alerts(&patient).await, Vec::<String>::new());
    let cleared = stage.program().get("/api/v1/alerts?state=cleared").await.expect(200);
    assert!(cleared["data"][0]["cleared_at"].is_string(), "{cleared:#}");
    stage.strike().await;
}
