//! Who wants no messages gets none, whoever said so and by whatever way a message goes.

use std::sync::Arc;

use duplex::clock::{Clock as _, ManualClock, SystemClock};
use duplex_simulator::AccountPatch;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::offers::{self, offer};
use crate::stage::{ADA, Stage, id_of, kinds};
use crate::support::Database;

const SUPPRESSIONS: &str = "/api/v1/suppressions";
const LIFT: &str = "/api/v1/suppressions/lift";

fn text(to: &str) -> Value {
    json!({ "to": to, "content": { "type": "text", "body": "Hello" } })
}

async fn refused(stage: &Stage, message: Value) -> String {
    let answer = stage.program.post("/api/v1/messages", message).await;
    assert_eq!(answer.complaints(), [("to".to_owned(), "recipient_opted_out".to_owned())], "{:#}", answer.json);
    answer.problem(422, "validation_failed")["errors"][0]["message"].as_str().unwrap().to_owned()
}

async fn hold(stage: &Stage) -> String {
    let path = format!("/api/v1/channels/{}", stage.channel().await["id"].as_str().unwrap());
    stage.program.post(&format!("{path}/hold"), json!({})).await.expect(200);
    path
}

async fn list(stage: &Stage, query: &str) -> Vec<Value> {
    let shown = stage.program.get(&format!("{SUPPRESSIONS}{query}")).await.expect(200);
    shown["data"].as_array().unwrap().clone()
}

#[rstest]
#[tokio::test]
async fn a_word_stops_what_waits_and_what_comes_and_another_one_ends_that(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let heard = stage.receives(json!({ "text": "Hi" })).await;
    let channel = hold(&stage).await;
    let waits = stage.send(ADA, "waits").await;
    stage.receives(json!({ "text": " Saír! " })).await;
    let told = stage.told("contact.suppressed", |_| true).await;
    assert_eq!((&told["data"]["contact_id"], &told["data"]["scope"]), (&heard["contact_id"], &json!("all")));
    let reason = refused(&stage, text(ADA)).await;
    assert!(reason.contains("opted out of messages") && reason.contains("Saír!"), "{reason}");

    stage.program.post(&format!("{channel}/resume"), json!({})).await.expect(200);
    let story = stage.story(&waits, "failed").await;
    assert_eq!(
        (&story["failure"]["code"], &story["attempts"]),
        (&json!("recipient_opted_out"), &json!(0)),
        "{story:#}"
    );
    assert!(story["failure"]["detail"].as_str().unwrap().contains("Saír!"), "{story:#}");
    assert_eq!(kinds(&story), ["message.queued", "message.failed"]);
    assert_eq!(stage.ledger().await.totals.accepted, 0);

    let contact = stage.program.get(&format!("/api/v1/contacts/{}", heard["contact_id"].as_str().unwrap())).await;
    let stands = &contact.expect(200)["suppressions"][0];
    assert_eq!((&stands["source"], &stands["detail"]), (&json!("word"), &json!("Saír!")));
    let listed = list(&stage, "").await;
    assert_eq!((listed.len(), &listed[0]["person"]), (1, &json!(ADA)), "{listed:#?}");

    stage.receives(json!({ "text": "start" })).await;
    stage.told("contact.unsuppressed", |event| event["data"]["scope"] == "all").await;
    stage.story(&stage.send(ADA, "again").await, "read").await;
    assert_eq!(list(&stage, "").await.len(), 0);
    assert!(list(&stage, "?include_lifted=true").await.iter().all(|one| one["lifted_at"].is_string()));
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn words_are_the_workspaces_own_and_may_end_marketing_alone(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "direct").await;
    offers::approve(&stage).await;
    let words = json!({ "words": ["No more offers"], "opt_in_words": ["offers please"], "scope": "marketing" });
    let changed = stage.program.patch("/api/v1/delivery-settings", json!({ "opt_out": words })).await.expect(200);
    assert_eq!(changed["opt_out"], words);
    stage.receives(json!({ "text": "STOP" })).await;
    stage.story(&stage.send(ADA, "not one of ours").await, "read").await;
    stage.receives(json!({ "text": "no more offers." })).await;
    stage.told("contact.suppressed", |event| event["data"]["scope"] == "marketing").await;
    refused(&stage, offer(ADA)).await;
    stage.story(&stage.send(ADA, "a reply").await, "read").await;
    stage.receives(json!({ "text": "Offers, please" })).await;
    stage.receives(json!({ "text": "Offers please" })).await;
    stage.told("contact.unsuppressed", |event| event["data"]["scope"] == "marketing").await;
    stage.story(&id_of(&stage.program.post("/api/v1/messages", offer(ADA)).await.expect(202)), "read").await;

    for (bad, field) in [
        (json!({ "opt_out": { "words": [" "] } }), "opt_out.words[0]"),
        (json!({ "quiet_hours": { "from": "08:00", "until": "08:00" } }), "quiet_hours.until"),
        (json!({ "quiet_hours": { "classes": ["reply"] } }), "quiet_hours.classes"),
        (json!({ "time_zone": "Mars/Olympus" }), "time_zone"),
    ] {
        let answer = stage.program.patch("/api/v1/delivery-settings", bad).await;
        assert_eq!((answer.status, answer.complaints()[0].0.as_str()), (422, field), "{:#}", answer.json);
    }
    stage.app.stop().await;
}

/// Twilio blocks the pair itself: we hear of it from the keyword, or from the refusal when we missed that.
#[rstest]
#[tokio::test]
async fn twilios_own_list_is_followed(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(true, false)] keyword_is_heard: bool,
) {
    let stage = Stage::on(database, "twilio").await;
    stage.receives(json!({ "text": "Hi" })).await;
    if !keyword_is_heard {
        // Nobody listens for this word here, and Twilio does not say that it does.
        let none = json!({ "words": ["not this"], "opt_in_words": ["nor this"] });
        stage.program.patch("/api/v1/delivery-settings", json!({ "opt_out": none })).await.expect(200);
        stage.receives(json!({ "text": "REVOKE" })).await;
    }
    let account = stage.simulator.accounts().await.unwrap();
    let sid =
        account.iter().find_map(|one| serde_json::to_value(one).unwrap()["account_sid"].as_str().map(str::to_owned));
    let patch: AccountPatch = serde_json::from_value(json!({ "state": { "advanced_opt_out": true } })).unwrap();
    stage.simulator.patch_account(&sid.unwrap(), &patch).await.unwrap();
    if keyword_is_heard {
        stage.receives(json!({ "text": "REVOKE" })).await;
    } else {
        let story = stage.story(&stage.send(ADA, "refused there").await, "failed").await;
        assert_eq!((&story["failure"]["provider_code"], &story["attempts"]), (&json!("21610"), &json!(1)));
    }
    let told = stage.told("contact.suppressed", |_| true).await;
    assert_eq!((&told["data"]["scope"], &told["data"]["source"]), (&json!("all"), &json!("provider")), "{told:#}");
    refused(&stage, text(ADA)).await;

    // By hand it can be lifted here; the answer says what stays.
    let lifted = stage.program.post(LIFT, json!({ "person": ADA })).await.expect(200);
    assert!(lifted["advice"].as_str().unwrap().contains("START"), "{lifted:#}");
    let story = stage.story(&stage.send(ADA, "still blocked").await, "failed").await;
    assert_eq!(story["failure"]["provider_code"], "21610");
    refused(&stage, text(ADA)).await;
    stage.receives(json!({ "text": "START" })).await;
    let back = |event: &Value| event["data"]["source"] != "api" && event["data"]["scope"] == "all";
    stage.told("contact.unsuppressed", back).await;
    stage.story(&stage.send(ADA, "welcome back").await, "read").await;
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn the_list_is_kept_by_hand(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "direct").await;
    offers::approve(&stage).await;
    let (stranger, mobile) = ("+447700900555", "+5511987654321");
    let made = json!({ "person": stranger, "scope": "marketing", "detail": "asked by phone" });
    let made = stage.program.post(SUPPRESSIONS, made).await.expect(200);
    assert_eq!(
        (&made["source"], &made["detail"], &made["person"]),
        (&json!("api"), &json!("asked by phone"), &json!(stranger))
    );
    let console = stage.app.owner.post(SUPPRESSIONS, json!({ "person": mobile })).await.expect(200);
    assert_eq!((&console["source"], &console["scope"]), (&json!("console"), &json!("all")));

    // Either form of a number is the same person; other classes and other people are reached.
    refused(&stage, text("+551187654321")).await;
    refused(&stage, offer(stranger)).await;
    stage.story(&stage.send(stranger, "a reply").await, "read").await;

    assert_eq!(list(&stage, "").await.len(), 2);
    assert_eq!(list(&stage, "?scope=marketing").await[0]["person"], stranger);
    assert_eq!(list(&stage, "?source=console").await[0]["person"], mobile);
    assert_eq!(list(&stage, "?person=%2B551187654321").await[0]["id"], console["id"]);
    assert_eq!(list(&stage, "?person=%2B447700900000").await.len(), 0);
    let first = stage.program.get(&format!("{SUPPRESSIONS}?limit=1")).await.expect(200);
    let rest = list(&stage, &format!("?limit=1&cursor={}", first["next_cursor"].as_str().unwrap())).await;
    assert_eq!((&first["data"][0]["id"], &rest[0]["id"]), (&console["id"], &made["id"]));

    stage.program.post(LIFT, json!({ "person": stranger })).await.problem(404, "not_found");
    let lifted = stage.program.post(LIFT, json!({ "person": stranger, "scope": "marketing" })).await.expect(200);
    assert!(lifted["lifted_at"].is_string() && lifted["advice"].is_null(), "{lifted:#}");
    stage.story(&id_of(&stage.program.post("/api/v1/messages", offer(stranger)).await.expect(202)), "read").await;
    let odd = stage.program.post(SUPPRESSIONS, json!({ "person": "0" })).await;
    assert_eq!(odd.complaints()[0].0, "person");
    stage.app.stop().await;
}

/// What is known of two contacts that turn out to be one: the later word.
#[rstest]
#[tokio::test]
async fn a_union_keeps_the_later_word(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(true, false)] the_younger_left: bool,
) {
    let clock = ManualClock::at(SystemClock.now());
    let stage = Stage::at(database, "direct", &[], Arc::clone(&clock) as _).await;
    stage.program.post(SUPPRESSIONS, json!({ "person": ADA })).await.expect(200);
    let hidden = stage.receives(json!({ "from": ADA, "hide_number": true, "text": "by user id" })).await;
    let id = hidden["person"].as_str().unwrap();
    clock.advance(std::time::Duration::from_secs(1));
    if the_younger_left {
        stage.program.post(LIFT, json!({ "person": ADA })).await.expect(200);
        clock.advance(std::time::Duration::from_secs(1));
        stage.program.post(SUPPRESSIONS, json!({ "person": id })).await.expect(200);
    }
    clock.advance(std::time::Duration::from_secs(5));
    stage.receives(json!({ "from": ADA, "text": "by both" })).await;
    stage.told("contact.merged", |_| true).await;
    for name in [ADA, id] {
        refused(&stage, text(name)).await;
    }
    assert_eq!(list(&stage, "").await.len(), 1);
    stage.app.stop().await;
}

/// Somebody else has the number by now, and wants nothing.
#[rstest]
#[tokio::test]
async fn whoever_has_the_number_now_is_asked(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "direct").await;
    let ada = stage.receives(json!({ "text": "Hi" })).await;
    let channel = hold(&stage).await;
    let waits = stage.send(ADA, "for Ada").await;
    stage.receives(json!({ "content": { "kind": "number_change", "new_number": "+447700900999" } })).await;
    stage.told("contact.updated", |_| true).await;
    let bob = stage.receives(json!({ "from": ADA, "name": "Bob", "text": "STOP" })).await;
    assert_ne!(bob["contact_id"], ada["contact_id"]);
    stage.told("contact.suppressed", |event| event["data"]["contact_id"] == bob["contact_id"]).await;
    stage.program.post(&format!("{channel}/resume"), json!({})).await.expect(200);
    let story = stage.story(&waits, "failed").await;
    assert_eq!(
        (&story["failure"]["code"], &story["attempts"]),
        (&json!("recipient_opted_out"), &json!(0)),
        "{story:#}"
    );
    stage.story(&stage.send("+447700900999", "Ada is reached").await, "read").await;
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn changes_need_their_scope(#[values(Database::Sqlite)] database: Database) {
    let stage = Stage::on(database, "direct").await;
    let reader = stage.app.key(&["messages:read"]).await;
    for path in [SUPPRESSIONS, LIFT, "/api/v1/messages/cancel"] {
        let request = reader.request(Method::POST, path).json(&json!({ "person": ADA }));
        reader.send(request).await.problem(403, "forbidden");
    }
    reader.get(SUPPRESSIONS).await.expect(200);
    stage.app.stop().await;
}
