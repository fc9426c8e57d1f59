//! Messages whose answer was lost: settled by evidence, by a person, or by the workspace's policy; never by a guess.

use std::sync::Arc;
use std::time::Duration;

use duplex::clock::{Clock as _, ManualClock, SystemClock};
use duplex_simulator::{AccountView, Fault, FaultKind};
use rstest::rstest;
use serde_json::{Value, json};

use crate::replays::account;
use crate::stage::{ADA, Stage, id_of, kinds};
use crate::support::{Database, watch};

/// The provider takes it, and the answer is lost.
const ANSWER_LOST: &str = "+15005550005";
const FIRST_LOOK: Duration = Duration::from_secs(16);
const MINUTE: Duration = Duration::from_secs(60);

async fn stage_at(database: Database, provider: &'static str, clock: &Arc<ManualClock>) -> Stage {
    let stage = Stage::at(database, provider, &[], Arc::clone(clock) as _).await;
    stage.misbehave(&[Fault::always(FaultKind::DropWebhooks)]).await;
    stage
}

/// The story once evidence was looked for this often.
async fn looked(stage: &Stage, id: &str, times: u64) -> Value {
    let path = format!("/api/v1/messages/{id}");
    watch::until(&format!("message {id} to be looked for {times} times"), async || {
        let story = stage.program.get(&path).await.expect(200);
        let asked = story["tries"].as_array()?.last()?["inquiry"]["asked"].as_u64();
        (asked >= Some(times)).then_some(story)
    })
    .await
}

fn last_look(story: &Value) -> &Value {
    story["tries"][0]["inquiry"]["looks"].as_array().unwrap().last().unwrap()
}

/// Somebody else sends from the same number, past the gateway.
async fn sent_elsewhere(stage: &Stage, to: &str, body: &str) {
    let AccountView::Twilio(account) = account(stage).await else { panic!("only Twilio has a list") };
    let (sid, base) = (&account.account_sid, stage.app.app().simulator_url().unwrap());
    let form = format!(
        "From={}&To={}&Body={body}",
        account.sender_number.replace('+', "%2B"),
        format!("whatsapp:{to}").replace('+', "%2B")
    );
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    // The number itself loses the answer.
    let _ = client
        .post(format!("{base}/2010-04-01/Accounts/{sid}/Messages.json"))
        .basic_auth(sid, Some(&account.auth_token))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await;
}

#[rstest]
#[tokio::test]
async fn twilios_list_settles_a_lost_answer(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let clock = ManualClock::at(SystemClock.now());
    let stage = stage_at(database, "twilio", &clock).await;
    let id = stage.send(ANSWER_LOST, "x").await;
    stage.story(&id, "unknown").await;
    sent_elsewhere(&stage, ANSWER_LOST, "something+else").await;
    clock.advance(FIRST_LOOK);
    let story = looked(&stage, &id, 1).await;
    assert_eq!(last_look(&story)["outcome"], "found", "{story:#}");
    assert_eq!((last_look(&story)["listed"].as_u64(), &story["tries"][0]["evidence"]), (Some(2), &json!("look_up")));
    assert_ne!(story["state"], "unknown");
    assert_eq!(story["provider_message_id"], last_look(&story)["candidates"][0]);
    assert!(story["failure"].is_null(), "{story:#}");
    assert_eq!(stage.program.get("/api/v1/unknowns").await.expect(200)["total"], 0);
    stage.app.stop().await;
}

/// Receipts that overtake the answer are evidence by themselves; the answer then fills in what is missing.
#[rstest]
#[tokio::test]
async fn a_webhook_that_overtakes_the_answer_settles_it(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    stage.misbehave(&[Fault::times(FaultKind::Latency { ms: 1_500 }, 1)]).await;
    let id = stage.send(ADA, "x").await;
    let story = stage.story(&id, "read").await;
    assert!(story["tries"][0]["answered_at"].is_null(), "the answer is still on its way: {story:#}");
    assert_eq!(story["tries"][0]["evidence"], "webhook");
    let path = format!("/api/v1/messages/{id}");
    let story = watch::until("the answer", async || {
        let story = stage.program.get(&path).await.expect(200);
        story["tries"][0]["answered_at"].is_string().then_some(story)
    })
    .await;
    assert_eq!((&story["state"], story["tries"].as_array().unwrap().len()), (&json!("read"), 1));
    assert_eq!(stage.ledger().await.totals.accepted, 1);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn more_than_one_candidate_proves_nothing(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let clock = ManualClock::at(SystemClock.now());
    let stage = stage_at(database, "twilio", &clock).await;
    let id = stage.send(ANSWER_LOST, "x").await;
    stage.story(&id, "unknown").await;
    sent_elsewhere(&stage, ANSWER_LOST, "x").await;
    clock.advance(FIRST_LOOK);
    let story = looked(&stage, &id, 1).await;
    assert_eq!((&story["state"], &last_look(&story)["outcome"]), (&json!("unknown"), &json!("several")));
    assert_eq!(last_look(&story)["candidates"].as_array().unwrap().len(), 2);
    stage.app.stop().await;
}

#[tokio::test]
async fn two_open_messages_to_one_person_are_not_told_apart() {
    let clock = ManualClock::at(SystemClock.now());
    let stage = stage_at(Database::Sqlite, "twilio", &clock).await;
    // The second is never taken: the one that is there may be either's.
    let first = stage.send(ANSWER_LOST, "x").await;
    stage.story(&first, "unknown").await;
    stage.misbehave(&[Fault::always(FaultKind::DropWebhooks), Fault::times(FaultKind::LostRequest, 1)]).await;
    let second = stage.send(ANSWER_LOST, "x").await;
    stage.story(&second, "unknown").await;
    clock.advance(FIRST_LOOK);
    for id in [&first, &second] {
        let story = looked(&stage, id, 1).await;
        assert_eq!((&story["state"], &last_look(&story)["outcome"]), (&json!("unknown"), &json!("rivals")));
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn without_a_list_it_is_given_up_at_the_deadline_and_stays_unknown(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let clock = ManualClock::at(SystemClock.now());
    let stage = stage_at(database, "direct", &clock).await;
    let id = stage.send(ANSWER_LOST, "x").await;
    stage.story(&id, "unknown").await;
    clock.advance(FIRST_LOOK);
    let story = looked(&stage, &id, 1).await;
    assert_eq!((&story["state"], &last_look(&story)["outcome"]), (&json!("unknown"), &json!("no_list")));
    let tray = stage.program.get("/api/v1/unknowns?given_up=false").await.expect(200);
    let entry = &tray["data"][0];
    assert_eq!((tray["total"].as_u64(), &entry["message"]["id"]), (Some(1), &json!(id)));
    assert_eq!((&entry["message"]["failure"]["code"], &entry["policy"]), (&json!("answer_lost"), &json!("give_up")));
    assert_eq!(entry["next_look_at"], entry["deadline_at"]);
    clock.advance(60 * MINUTE);
    stage.told("message.unknown_given_up", |event| event["message_id"] == *id).await;
    let tray = stage.program.get("/api/v1/unknowns?given_up=true").await.expect(200);
    let entry = &tray["data"][0];
    assert_eq!((&entry["message"]["state"], entry["next_look_at"].is_null()), (&json!("unknown"), true));
    assert!(entry["attempt"]["inquiry"]["given_up"]["reason"].as_str().unwrap().contains("60 minutes"));
    clock.advance(24 * 60 * MINUTE);
    let later = stage.send(ADA, "y").await;
    stage.story(&later, "accepted").await;
    let story = stage.program.get(&format!("/api/v1/messages/{id}")).await.expect(200);
    assert_eq!((&story["state"], story["tries"].as_array().unwrap().len()), (&json!("unknown"), 1));
    stage.app.stop().await;
}

/// A second copy leaves only when the first one can't arrive any more, and only of a one-time code.
#[rstest]
#[case::long_enough(20, true)]
#[case::too_short(10, false)]
#[tokio::test]
async fn a_one_time_code_is_sent_again_when_its_first_copy_is_dead(
    #[case] minutes: u64,
    #[case] again: bool,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let clock = ManualClock::at(SystemClock.now());
    let stage = Stage::at(Database::Sqlite, provider, &[], Arc::clone(&clock) as _).await;
    let templates = stage.app.key(&["templates:read"]).await;
    watch::until("the sandbox's templates", async || {
        let list = templates.get("/api/v1/templates?name=login_code").await.expect(200);
        let all = list["data"][0]["registrations"].as_array()?;
        all.iter().any(|one| one["provider"] == provider).then_some(())
    })
    .await;
    let wanted = json!({ "unknown": { "deadline_minutes": minutes, "one_time_code": "resend" } });
    stage.program.patch("/api/v1/delivery-settings", wanted).await.expect(200);
    stage.misbehave(&[Fault::times(FaultKind::LostRequest, 2)]).await;
    let code = json!({ "type": "one_time_code", "name": "login_code", "language": "en_US", "code": "112358" });
    let sent = stage.program.post("/api/v1/messages", json!({ "to": ADA, "content": code })).await.expect(202);
    let other = stage.send("+447700900124", "not a code").await;
    let id = id_of(&sent);
    stage.story(&id, "unknown").await;
    stage.story(&other, "unknown").await;
    clock.advance(FIRST_LOOK);
    looked(&stage, &id, 1).await;
    clock.advance(Duration::from_secs(minutes * 60));
    if again {
        let story = stage.story(&id, "read").await;
        assert_eq!(story["tries"].as_array().unwrap().len(), 2);
        let told = stage.told("message.requeued", |event| event["message_id"] == *id).await;
        assert_eq!(told["data"]["decision"]["by"], "policy");
        assert_eq!(stage.ledger().await.totals.accepted, 1, "once to the person");
    } else {
        let told = stage.told("message.unknown_given_up", |event| event["message_id"] == *id).await;
        assert!(told["data"]["reason"].as_str().unwrap().contains("first copy"), "{told:#}");
    }
    stage.told("message.unknown_given_up", |event| event["message_id"] == *other).await;
    stage.app.stop().await;
}

#[tokio::test]
async fn the_deadline_has_bounds() {
    let stage = Stage::on(Database::Sqlite, "direct").await;
    for minutes in [4, 10_081] {
        let refused = stage
            .program
            .patch("/api/v1/delivery-settings", json!({ "unknown": { "deadline_minutes": minutes } }))
            .await;
        assert_eq!(refused.complaints(), [("unknown.deadline_minutes".to_owned(), "invalid_value".to_owned())]);
    }
    let kept = stage.program.patch("/api/v1/delivery-settings", json!({ "unknown": { "deadline_minutes": 5 } })).await;
    assert_eq!(kept.expect(200)["unknown"], json!({ "deadline_minutes": 5, "one_time_code": "give_up" }));
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_person_decides_and_the_story_tells_who(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    stage.misbehave(&[Fault::always(FaultKind::DropWebhooks)]).await;
    let mut ids = Vec::new();
    for text in ["one", "two", "three", "four"] {
        let id = stage.send(ANSWER_LOST, text).await;
        stage.story(&id, "unknown").await;
        ids.push(id);
    }
    let settle = |id: &str, body: Value| {
        let path = format!("/api/v1/messages/{id}/settle-unknown");
        let program = stage.program.clone();
        async move { program.post(&path, body).await }
    };
    let reason = "The customer says that it has come";
    settle(&ids[0], json!({ "decision": "accepted", "reason": reason })).await.expect(200);
    let story = stage.story(&ids[0], "accepted").await;
    assert_eq!(story["tries"][0]["evidence"], "person");
    let told = story["timeline"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&told["data"]["decision"]["by"], &told["data"]["decision"]["reason"]),
        (&json!("test"), &json!(reason))
    );
    settle(&ids[0], json!({ "decision": "resend" })).await.problem(409, "message_not_unknown");

    settle(&ids[1], json!({ "decision": "failed" })).await.expect(200);
    assert_eq!(stage.story(&ids[1], "failed").await["failure"]["code"], "answer_lost");

    // Two copies: that is what was asked for.
    let accepted = stage.ledger().await.totals.accepted;
    stage.misbehave(&[]).await;
    settle(&ids[2], json!({ "decision": "resend" })).await.expect(200);
    let story = stage.story(&ids[2], "read").await;
    assert_eq!((story["tries"].as_array().unwrap().len(), kinds(&story).contains(&"message.requeued")), (2, true));
    assert_eq!(stage.ledger().await.totals.accepted, accepted + 1);

    let reader = stage.app.key(&["messages:read"]).await;
    let all = json!({ "decision": "failed", "ids": [ids[3], ids[0], stage.app.live] });
    reader.post("/api/v1/unknowns/settle", all.clone()).await.problem(403, "forbidden");
    let told = stage.program.post("/api/v1/unknowns/settle", all).await.expect(200);
    assert_eq!(told["decided"], 1);
    let left: Vec<&Value> = told["left_out"].as_array().unwrap().iter().map(|one| &one["reason"]).collect();
    assert_eq!(left, [&json!("message_not_unknown"), &json!("not_found")]);
    stage
        .program
        .post("/api/v1/unknowns/settle", json!({ "decision": "failed" }))
        .await
        .problem(422, "validation_failed");
    assert_eq!(stage.program.get("/api/v1/unknowns").await.expect(200)["total"], 0);
    stage.app.stop().await;
}
