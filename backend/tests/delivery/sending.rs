use std::sync::Arc;
use std::time::Duration;

use duplex::clock::{Clock as _, ManualClock, SystemClock};
use duplex_simulator::{ConversationQuery, Direction};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{ADA, Stage, id_of, kinds};
use crate::support::{Database, watch};

#[rstest]
#[tokio::test]
async fn a_message_goes_there_and_an_answer_comes_back(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let id = stage.send(ADA, "Your parcel is on its way").await;
    // Receipts may overtake each other and the answer; each of them comes, and one that comes late moves nothing but its time.
    let times = ["accepted_at", "sent_at", "delivered_at", "read_at"];
    let path = format!("/api/v1/messages/{id}");
    let story = watch::until("all times of the message", async || {
        let story = stage.program.get(&path).await.expect(200);
        times.iter().all(|time| story[time].is_string()).then_some(story)
    })
    .await;
    assert_eq!((story["provider"].as_str(), story["state"].as_str()), (Some(provider), Some("read")));
    assert_eq!(kinds(&story).first(), Some(&"message.queued"));
    assert!(kinds(&story).contains(&"message.read"));
    assert_eq!(story["tries"].as_array().unwrap().len(), 1);
    assert!(times.iter().all(|time| story["tries"][0][time].is_string()), "{story:#}");
    assert!(!story["webhooks"].as_array().unwrap().is_empty(), "{story:#}");

    let reply = json!({ "text": "Thank you, Zoë", "reply_to": story["provider_message_id"] });
    stage.program.post("/api/v1/sandbox/replies", reply).await.expect(201);
    let inbox = stage
        .app
        .until(&stage.program, "/api/v1/messages?direction=inbound", |list| {
            !list["data"].as_array().unwrap().is_empty()
        })
        .await;
    let received = &inbox["data"][0];
    assert_eq!(received["content"], json!({ "type": "text", "body": "Thank you, Zoë" }));
    assert_eq!((received["person"].as_str(), received["state"].as_str()), (Some(ADA), Some("received")));
    assert_eq!(received["reply_to"], story["provider_message_id"]);
    assert_eq!(received["contact_id"], story["contact_id"], "one person, whichever way they are met");

    let feed = stage.program.get("/api/v1/events").await.expect(200);
    let of_message: Vec<&Value> =
        feed["data"].as_array().unwrap().iter().filter(|event| event["type"] == "message.received").collect();
    assert_eq!(of_message.len(), 1);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn the_other_provider_takes_over_when_it_is_chosen(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "twilio").await;
    let first = stage.send(ADA, "one").await;
    stage.program.patch("/api/v1/workspace", json!({ "whatsapp_provider": "direct" })).await.expect(200);
    let second = stage.send(ADA, "two").await;
    assert_eq!(stage.story(&first, "read").await["provider"], "twilio");
    assert_eq!(stage.story(&second, "read").await["provider"], "direct");
    let named = json!({ "to": ADA, "provider": "twilio", "content": { "type": "text", "body": "three" } });
    let third = id_of(&stage.program.post("/api/v1/messages", named).await.expect(202));
    assert_eq!(stage.story(&third, "read").await["provider"], "twilio");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_template_goes_by_both_providers(#[values("twilio", "direct")] provider: &'static str) {
    let stage = Stage::on(Database::Sqlite, provider).await;
    let template = json!({
        "type": "template", "name": "login_code", "language": "en_US",
        "body": [{ "text": "493817" }],
        "buttons": [{ "index": 0, "type": "url", "text": "493817" }],
    });
    let mut contents = vec![template.clone()];
    if provider == "twilio" {
        // By its name, or by the SID of its Content.
        let account = stage.channel().await["account_sid"].as_str().unwrap().to_owned();
        let sid = content_sid(&stage, &account, "login_code").await;
        let mut content = template;
        content["twilio"] = json!({ "content_sid": sid, "variables": { "1": "493817" } });
        contents.push(content);
    }
    for content in contents {
        let body = json!({ "to": ADA, "content": content });
        let id = id_of(&stage.program.post("/api/v1/messages", body).await.expect(202));
        let story = stage.story(&id, "read").await;
        assert_eq!(story["content"]["name"], "login_code");
    }
    stage.app.stop().await;
}

/// The SID of a sample template at the simulated Twilio, as its own Content API tells it.
pub async fn content_sid(stage: &Stage, account: &str, name: &str) -> String {
    let accounts = stage.simulator.accounts().await.unwrap();
    let token = accounts
        .into_iter()
        .find_map(|view| match view {
            duplex_simulator::AccountView::Twilio(one) if one.account_sid == account => Some(one.auth_token),
            _ => None,
        })
        .unwrap();
    let url = format!("{}/v1/Content", stage.app.app().simulator_url().unwrap());
    let list: Value = reqwest::Client::builder()
        .no_proxy()
        .build()
        .unwrap()
        .get(url)
        .basic_auth(account, Some(token))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let all = list["contents"].as_array().unwrap();
    all.iter().find(|one| one["friendly_name"] == name).unwrap()["sid"].as_str().unwrap().to_owned()
}

#[rstest]
#[tokio::test]
async fn a_repeated_request_sends_once(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "direct").await;
    let body = json!({ "to": ADA, "content": { "type": "text", "body": "once" } });
    let with_key = |body: &Value| {
        stage.program.request(Method::POST, "/api/v1/messages").header("Idempotency-Key", "order-77").json(body)
    };
    let answers = futures_util::future::join_all((0..8).map(|_| stage.program.send(with_key(&body)))).await;
    let ids: std::collections::HashSet<String> = answers.into_iter().map(|answer| id_of(&answer.expect(202))).collect();
    assert_eq!(ids.len(), 1);
    let other = json!({ "to": ADA, "content": { "type": "text", "body": "twice" } });
    stage.program.send(with_key(&other)).await.problem(422, "idempotency_key_reused");
    stage.story(ids.iter().next().unwrap(), "read").await;
    assert_eq!(stage.ledger().await.totals.accepted, 1);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn messages_to_one_person_keep_their_order(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let texts: Vec<String> = (0..20).map(|n| n.to_string()).collect();
    let mut last = String::new();
    for text in &texts {
        last = stage.send(ADA, text).await;
    }
    stage.story(&last, "read").await;
    let threads = stage.simulator.conversations(&ConversationQuery::default()).await.unwrap();
    let thread = threads.iter().find(|thread| !thread.messages.is_empty()).unwrap();
    let arrived: Vec<&String> =
        thread.messages.iter().filter(|one| one.direction == Direction::Outbound).map(|one| &one.text).collect();
    assert_eq!(arrived, texts.iter().collect::<Vec<_>>());
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn what_a_provider_cannot_carry_is_refused_with_the_field(
    #[values(("twilio", 1_600), ("direct", 4_096))] limit: (&'static str, usize),
) {
    let stage = Stage::on(Database::Sqlite, limit.0).await;
    let text = |length: usize| json!({ "to": ADA, "content": { "type": "text", "body": "ä".repeat(length) } });
    stage.program.post("/api/v1/messages", text(limit.1)).await.expect(202);
    let refused = stage.program.post("/api/v1/messages", text(limit.1 + 1)).await;
    assert_eq!(refused.complaints(), [("content.body".to_owned(), "too_long".to_owned())]);
    refused.problem(422, "validation_failed");
    for (body, field) in [
        (json!({ "content": { "type": "text", "body": "x" } }), "to"),
        (json!({ "to": "07700900123", "content": { "type": "text", "body": "x" } }), "to"),
        (json!({ "to": ADA, "content": { "type": "text" } }), "content"),
        (json!({ "to": ADA, "content": { "type": "text", "body": "" } }), "content.body"),
        (json!({ "to": ADA, "content": { "type": "smoke", "body": "x" } }), "content"),
        (
            json!({ "to": ADA, "content": { "type": "text", "body": "x" }, "expires_at": "2001-01-01T00:00:00Z" }),
            "expires_at",
        ),
        (json!({ "to": ADA, "content": { "type": "text", "body": "x" }, "nonsense": 1 }), "nonsense"),
    ] {
        let refused = stage.program.post("/api/v1/messages", body.clone()).await;
        let complaints = refused.complaints();
        refused.problem(422, "validation_failed");
        assert!(complaints[0].0.starts_with(field), "{body}: {complaints:?}");
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn nothing_is_sent_while_sending_is_held(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::with(database, "direct", &["--hold"]).await;
    let id = stage.send(ADA, "wait").await;
    let story = stage.program.get(&format!("/api/v1/messages/{id}")).await.expect(200);
    assert_eq!((story["state"].as_str(), story["hold_reason"].as_str()), (Some("queued"), Some("installation")));
    assert_eq!(stage.ledger().await.totals.accepted, 0);
    stage.app.stop().await;
}

#[tokio::test]
async fn a_list_is_paged_and_filtered() {
    let stage = Stage::with(Database::Sqlite, "direct", &["--hold"]).await;
    let mut sent = Vec::new();
    for n in 0..5 {
        sent.push(stage.send(ADA, &n.to_string()).await);
    }
    sent.reverse();
    let mut seen = Vec::new();
    let mut path = "/api/v1/messages?limit=2".to_owned();
    loop {
        let page = stage.program.get(&path).await.expect(200);
        seen.extend(page["data"].as_array().unwrap().iter().map(id_of));
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/api/v1/messages?limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(seen, sent);
    let none = stage.program.get("/api/v1/messages?state=read").await.expect(200);
    assert!(none["data"].as_array().unwrap().is_empty());
    stage.program.get("/api/v1/messages?state=lost").await.problem(400, "invalid_parameter");
    stage.app.stop().await;
}

/// What was accepted once stays accepted, whatever has become of its message's conditions since.
#[tokio::test]
async fn a_repeated_request_gets_its_answer_when_it_would_no_longer_be_taken() {
    let clock = ManualClock::at(SystemClock.now());
    let stage = Stage::at(Database::Sqlite, "direct", &[], Arc::clone(&clock) as _).await;
    let hour = Duration::from_secs(3_600);
    let body =
        json!({ "to": ADA, "content": { "type": "text", "body": "once" }, "expires_at": clock.now().plus(hour) });
    let send = |body: &Value| {
        let request = stage.program.request(Method::POST, "/api/v1/messages").header("Idempotency-Key", "order-78");
        stage.program.send(request.json(body))
    };
    let first = send(&body).await.expect(202);
    clock.advance(2 * hour);
    assert_eq!(send(&body).await.expect(202), first);
    stage.program.post("/api/v1/messages", body.clone()).await.problem(422, "validation_failed");
    let other = json!({ "to": ADA, "content": { "type": "text", "body": "twice" }, "expires_at": body["expires_at"] });
    send(&other).await.problem(422, "idempotency_key_reused");
    stage.app.stop().await;
}
