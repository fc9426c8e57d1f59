//! What Twilio's webhooks did not tell is asked for, and has one effect however often it is told.

use std::sync::Arc;
use std::time::Duration;

use duplex::clock::{Clock as _, ManualClock, SystemClock};
use duplex_simulator::{AccountView, Fault, FaultKind};
use rstest::rstest;
use serde_json::{Value, json};

use crate::replays::{account, deliver};
use crate::stage::{ADA, Stage, kinds};
use crate::support::{Database, watch};

/// A new channel is first compared after five minutes, and what is younger than five minutes is left to its webhook.
const LATER: Duration = Duration::from_secs(11 * 60);

async fn silent_stage(database: Database, clock: &Arc<ManualClock>) -> Stage {
    let stage = Stage::at(database, "twilio", &[], Arc::clone(clock) as _).await;
    stage.misbehave(&[Fault::always(FaultKind::DropWebhooks)]).await;
    stage
}

async fn by_origin(stage: &Stage, origin: &str) -> usize {
    let all = stage.program.get("/api/v1/webhook-events").await.expect(200);
    all["data"].as_array().unwrap().iter().filter(|one| one["origin"] == origin).count()
}

#[rstest]
#[tokio::test]
async fn a_receipt_that_no_webhook_brought_is_asked_for(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let clock = ManualClock::at(SystemClock.now());
    let stage = silent_stage(database, &clock).await;
    let id = stage.send(ADA, "x").await;
    let story = stage.story(&id, "accepted").await;
    let sid = story["provider_message_id"].as_str().unwrap().to_owned();
    clock.advance(LATER);
    let story = stage.story(&id, "read").await;
    assert!(story["read_at"].as_str().unwrap() < clock.now().to_string().as_str(), "the provider's time: {story:#}");
    assert_eq!((by_origin(&stage, "poll").await, by_origin(&stage, "webhook").await), (1, 0));
    let channel = stage.channel().await;
    assert!(channel["last_webhook_at"].is_null(), "nothing came by itself: {channel:#}");

    // The same by webhook, late.
    let AccountView::Twilio(account) = account(&stage).await else { panic!("Twilio's") };
    let form = format!(
        "MessageSid={sid}&MessageStatus=read&AccountSid={}&From={}&To=whatsapp%3A%2B447700900123",
        account.account_sid,
        account.sender_number.replace('+', "%2B")
    );
    deliver(&stage, &form).await;
    watch::until("the webhook to be applied", async || {
        let all = stage.program.get("/api/v1/webhook-events?state=done").await.expect(200);
        (all["data"].as_array().unwrap().len() == 2).then_some(())
    })
    .await;
    let story = stage.program.get(&format!("/api/v1/messages/{id}")).await.expect(200);
    let read = kinds(&story).into_iter().filter(|kind| *kind == "message.read").count();
    assert_eq!((read, story["tries"].as_array().unwrap().len()), (1, 1), "{story:#}");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn what_a_person_wrote_during_an_outage_appears_once(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let clock = ManualClock::at(SystemClock.now());
    let stage = silent_stage(database, &clock).await;
    let wrote = stage.program.post("/api/v1/sandbox/replies", json!({ "text": "Are you there?" })).await.expect(201);
    let written_at = SystemClock.now();
    let sid = wrote["provider_message_id"].as_str().unwrap().to_owned();
    clock.advance(LATER);
    let inbox = |list: &Value| !list["data"].as_array().unwrap().is_empty();
    let path = "/api/v1/messages?direction=inbound";
    let list = stage.app.until(&stage.program, path, inbox).await;
    let received = &list["data"][0];
    assert_eq!(
        (&received["content"]["body"], &received["provider_message_id"]),
        (&json!("Are you there?"), &json!(sid))
    );
    assert!(
        received["created_at"].as_str().unwrap() <= written_at.to_string().as_str(),
        "when it was written, not when it was found: {received:#}"
    );

    let AccountView::Twilio(account) = account(&stage).await else { panic!("Twilio's") };
    let form = format!(
        "MessageSid={sid}&SmsStatus=received&AccountSid={}&To={}&From=whatsapp%3A%2B447700900123&Body=Are+you+there%3F",
        account.account_sid,
        account.sender_number.replace('+', "%2B")
    );
    deliver(&stage, &form).await;
    watch::until("the webhook to be applied", async || {
        let all = stage.program.get("/api/v1/webhook-events?state=done").await.expect(200);
        (all["data"].as_array().unwrap().len() == 2).then_some(())
    })
    .await;
    let list = stage.program.get(path).await.expect(200);
    assert_eq!(list["data"].as_array().unwrap().len(), 1, "{list:#}");
    let feed = stage.program.get("/api/v1/events?type=message.received").await.expect(200);
    assert_eq!(feed["data"].as_array().unwrap().len(), 1);

    // It opened the window, for as long as it does when it comes in time.
    stage.misbehave(&[]).await;
    let answer = stage.send(ADA, "Yes").await;
    stage.story(&answer, "read").await;
    stage.app.stop().await;
}

#[tokio::test]
async fn a_picture_that_came_during_an_outage_is_fetched() {
    let clock = ManualClock::at(SystemClock.now());
    let stage = silent_stage(Database::Sqlite, &clock).await;
    stage
        .program
        .post("/api/v1/sandbox/replies", json!({ "content": { "kind": "image", "caption": "Like this" } }))
        .await
        .expect(201);
    clock.advance(LATER);
    let told = stage.told("message.media_ready", |_| true).await;
    let id = told["message_id"].as_str().unwrap();
    let story = stage.program.get(&format!("/api/v1/messages/{id}")).await.expect(200);
    assert_eq!(story["content"]["type"], "image", "{story:#}");
    stage.app.stop().await;
}
