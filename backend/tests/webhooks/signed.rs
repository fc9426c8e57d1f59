//! What arrives, and that the specification's library takes it.

use std::time::Duration;

use rstest::rstest;
use serde_json::{Value, json};
use standardwebhooks::{Webhook, WebhookError};
use wiremock::ResponseTemplate;

use crate::stage::{Receiver, Stage, body, header, signed_with};
use crate::support::Database;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn events_arrive_signed(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let receiver = Receiver::start().await;
    receiver.answers(ResponseTemplate::new(200).set_body_string("thank\0you ".repeat(200)));
    let stage = Stage::set(database, &[&receiver]).await;
    let before = stage.message().await;
    stage.app.message_in(stage.program(), &before, "read").await;
    let endpoint = stage.endpoint(&receiver, &["message.delivered", "channel.updated"]).await;
    let head = endpoint.after;

    let message = stage.message().await;
    let channels = stage.program().get("/api/v1/channels").await.expect(200);
    let channel = &channels["data"][0];
    let form = json!({ "provider": channel["provider"], "name": "Renamed" });
    let path = format!("/api/v1/channels/{}", channel["id"].as_str().unwrap());
    stage.program().patch(&path, form).await.expect(200);
    stage.app.message_in(stage.program(), &message, "read").await;
    stage
        .log_until(&endpoint, "both events", |log| log.len() >= 2 && log.iter().all(|one| one["state"] == "delivered"))
        .await;

    let wanted = |event: &Value| ["message.delivered", "channel.updated"].contains(&event["type"].as_str().unwrap());
    let told: Vec<Value> = stage.events(head).await.into_iter().filter(wanted).collect();
    let log = stage.ended(&endpoint, told.len(), "delivered").await;
    let of_message = told.iter().find(|event| event["type"] == "message.delivered").unwrap();
    assert_eq!(of_message["message_id"], message);

    let (ours, theirs) =
        (Webhook::new(&endpoint.secret).unwrap(), Webhook::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap());
    let requests = receiver.requests().await;
    assert_eq!(requests.len(), told.len(), "each once, and none that happened before or is of another type");
    for request in &requests {
        ours.verify(&request.body, &request.headers).unwrap();
        assert!(matches!(theirs.verify(&request.body, &request.headers), Err(WebhookError::InvalidSignature)));
        let mut forged = request.body.clone();
        forged[10] ^= 1;
        assert!(ours.verify(&forged, &request.headers).is_err());
        assert_eq!(header(request, "content-type"), "application/json");
        let (body, told) = (body(request), &told);
        let event = told.iter().find(|event| event["id"] == body["data"]["id"]).unwrap();
        assert_eq!(body, json!({ "type": event["type"], "timestamp": event["at"], "data": event }));
    }

    let detail = stage.delivery(log.iter().find(|one| one["event_type"] == "message.delivered").unwrap()).await;
    let request = requests.iter().find(|request| body(request)["type"] == "message.delivered").unwrap();
    assert_eq!(detail["body"].as_str().unwrap().as_bytes(), request.body);
    assert_eq!(detail["header_webhook_id"], header(request, "webhook-id"));
    let tries = detail["log"].as_array().unwrap();
    assert_eq!((tries.len(), &tries[0]["status"], &tries[0]["error"]), (1, &json!(200), &Value::Null));
    let answer = tries[0]["answer"].as_str().unwrap();
    assert!(answer.starts_with("thank\u{fffd}you ") && answer.chars().count() == 1_024, "{answer}");
    assert_eq!(detail["endpoint_id"], endpoint.id);
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn both_secrets_hold_for_a_day(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let receiver = Receiver::start().await;
    let stage = Stage::set(database, &[&receiver]).await;
    let endpoint = stage.endpoint(&receiver, &["message.queued"]).await;
    let rotated = stage.program().post(&format!("{}/rotate-secret", endpoint.path), json!({})).await.expect(200);
    let new = rotated["secret"].as_str().unwrap();
    assert!(new != endpoint.secret && new.ends_with(rotated["secret_ends_with"].as_str().unwrap()));
    let shown = stage.shown(&endpoint).await;
    assert!(shown["secret"].is_null(), "shown once");
    assert!(shown["previous_secret_until"].is_string());

    stage.message().await;
    stage.ended(&endpoint, 1, "delivered").await;
    let request = receiver.requests().await.pop().unwrap();
    for secret in [new, &endpoint.secret] {
        Webhook::new(secret).unwrap().verify(&request.body, &request.headers).unwrap();
    }
    stage.pass(Duration::from_secs(86_400));
    stage.message().await;
    stage.ended(&endpoint, 2, "delivered").await;
    let request = receiver.requests().await.pop().unwrap();
    assert!(signed_with(&request, new) && !signed_with(&request, &endpoint.secret));
    assert!(stage.shown(&endpoint).await["previous_secret_until"].is_null());
    stage.strike().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_test_says_what_happened(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let receiver = Receiver::start().await;
    let stage = Stage::set(database, &[&receiver]).await;
    let endpoint = stage.endpoint(&receiver, &[]).await;
    let path = format!("{}/test", endpoint.path);
    receiver.answers_next(
        ResponseTemplate::new(302).insert_header("location", "http://elsewhere.example").set_body_string("over there"),
    );
    let failed = stage.program().post(&path, json!({})).await.expect(200);
    assert_eq!(
        (&failed["delivered"], &failed["status"], &failed["answer"]),
        (&json!(false), &json!(302), &json!("over there"))
    );
    assert_eq!(failed["error"], "the endpoint answered with status 302");
    let taken = stage.program().post(&path, json!({})).await.expect(200);
    assert_eq!((&taken["delivered"], &taken["status"]), (&json!(true), &json!(204)));
    let request = receiver.requests().await.pop().unwrap();
    Webhook::new(&endpoint.secret).unwrap().verify(&request.body, &request.headers).unwrap();
    assert_eq!(body(&request)["type"], "webhook.test");
    assert!(stage.shown(&endpoint).await["last_delivered_at"].is_string());
    assert_eq!(stage.log(&endpoint).await, Vec::<Value>::new());

    // A name that leads into this machine is found out when it is called.
    let form = json!({ "url": "https://localhost/hook" });
    stage.program().patch(&endpoint.path, form).await.expect(200);
    let refused = stage.program().post(&path, json!({})).await.expect(200);
    assert_eq!((&refused["delivered"], &refused["error"]), (&json!(false), &json!("the address is not public")));
    assert!(refused["status"].is_null());
    stage.strike().await;
}
