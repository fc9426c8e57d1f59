//! Messages for later, and hours at which nobody is disturbed.

use std::sync::Arc;
use std::time::Duration;

use duplex::clock::{Clock as _, ManualClock, SystemClock};
use duplex::domain::time::Ts;
use rstest::rstest;
use serde_json::{Value, json};

use crate::offers::{self, offer};
use crate::stage::{ADA, Stage, id_of, kinds};
use crate::support::Database;

const HOUR: Duration = Duration::from_secs(3_600);
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// Their clocks show UTC all year, and ten hours less.
const REYKJAVIK: &str = "+3546105550";
const HONOLULU: &str = "+18085550123";

async fn post(stage: &Stage, message: &Value) -> Value {
    stage.program.post("/api/v1/messages", message.clone()).await.expect(202)
}

async fn shown(stage: &Stage, id: &str) -> Value {
    stage.program.get(&format!("/api/v1/messages/{id}")).await.expect(200)
}

fn with(mut message: Value, member: &str, value: Value) -> Value {
    message[member] = value;
    message
}

/// At ten in the evening of the next day, by UTC; with templates, which providers have approved before.
async fn tomorrow_at_ten(database: Database, provider: &'static str) -> (Stage, Arc<ManualClock>, Ts) {
    let now = SystemClock.now();
    let clock = ManualClock::at(now);
    let stage = Stage::at(database, provider, &[], Arc::clone(&clock) as _).await;
    offers::approve_as_time_passes(&stage, || clock.advance(HOUR)).await;
    let midnight = Ts::from_micros(now.micros() / 86_400_000_000 * 86_400_000_000);
    let evening = midnight.plus(DAY + 22 * HOUR);
    clock.advance(evening.since(clock.now()));
    (stage, clock, evening)
}

#[rstest]
#[tokio::test]
async fn a_scheduled_message_goes_out_at_its_time(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let clock = ManualClock::at(SystemClock.now());
    let stage = Stage::at(database, provider, &[], Arc::clone(&clock) as _).await;
    let at = clock.now().plus(2 * HOUR);
    let later = json!({ "to": ADA, "content": { "type": "text", "body": "later" }, "send_at": at });
    let queued = post(&stage, &later).await;
    assert_eq!((&queued["run_at"], &queued["terms"]["send_at"]), (&json!(at), &json!(at)), "{queued:#}");
    // Neither does it hold up what is to go now, nor does it go with it.
    stage.story(&stage.send(ADA, "now").await, "read").await;
    clock.advance(HOUR);
    stage.story(&stage.send(ADA, "an hour later").await, "read").await;
    let id = id_of(&queued);
    assert_eq!(shown(&stage, &id).await["state"], "queued");
    clock.advance(HOUR);
    let story = stage.story(&id, "read").await;
    assert_eq!(story["attempts"], 1, "{story:#}");

    let now = clock.now();
    for (change, field) in [
        (json!({ "send_at": now }), "send_at"),
        (json!({ "send_at": now.plus(366 * DAY + HOUR) }), "send_at"),
        (json!({ "send_at": now.plus(HOUR), "expires_at": now.plus(HOUR) }), "send_at"),
    ] {
        let mut message = json!({ "to": ADA, "content": { "type": "text", "body": "odd" } });
        for (member, value) in change.as_object().unwrap() {
            message[member] = value.clone();
        }
        let refused = stage.program.post("/api/v1/messages", message).await;
        assert_eq!(refused.complaints(), [(field.to_owned(), "invalid_value".to_owned())], "{:#}", refused.json);
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn marketing_waits_for_the_persons_morning(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let (stage, clock, evening) = tomorrow_at_ten(database, provider).await;
    let settings = stage.program.patch("/api/v1/delivery-settings", json!({ "quiet_hours": {} })).await.expect(200);
    let night = json!({ "from": "21:00", "until": "08:00", "classes": ["marketing"] });
    assert_eq!((&settings["quiet_hours"], &settings["time_zone"]), (&night, &json!("UTC")));

    let waits = id_of(&post(&stage, &offer(REYKJAVIK)).await);
    let told = stage.told("message.held", |event| event["message_id"] == waits.as_str()).await;
    let morning = evening.plus(10 * HOUR);
    assert_eq!((&told["data"]["hold_reason"], &told["data"]["run_at"]), (&json!("quiet_hours"), &json!(morning)));
    let held = shown(&stage, &waits).await;
    assert_eq!(
        (&held["state"], &held["hold_reason"], &held["run_at"]),
        (&json!("queued"), &json!("quiet_hours"), &json!(morning))
    );

    // Replies go at once, also to somebody for whom something waits; so does what is said to be urgent.
    stage.story(&stage.send(REYKJAVIK, "a reply").await, "read").await;
    let urgent = with(offer(REYKJAVIK), "ignore_quiet_hours", json!(true));
    stage.story(&id_of(&post(&stage, &urgent).await), "read").await;
    // It is noon in Honolulu.
    stage.story(&id_of(&post(&stage, &offer(HONOLULU)).await), "read").await;

    let soon = with(offer(REYKJAVIK), "expires_at", json!(evening.plus(HOUR)));
    let late = stage.story(&id_of(&post(&stage, &soon).await), "expired").await;
    assert_eq!((&late["failure"]["code"], &late["attempts"]), (&json!("expired"), &json!(0)), "{late:#}");
    assert!(late["failure"]["detail"].as_str().unwrap().contains("quiet hour"), "{late:#}");

    clock.advance(10 * HOUR);
    let story = stage.story(&waits, "read").await;
    assert_eq!(kinds(&story)[..2], ["message.queued", "message.held"]);
    assert!(story["hold_reason"].is_null(), "{story:#}");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_person_has_the_time_of_their_number_unless_it_is_set(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let (stage, _clock, evening) = tomorrow_at_ten(database, "direct").await;
    let wishes = json!({ "quiet_hours": { "until": "09:30" }, "time_zone": "Asia/Tokyo" });
    stage.program.patch("/api/v1/delivery-settings", wishes).await.expect(200);
    // Seven in the morning in Tokyo: of a mobile number of Australia nothing is known but that.
    let australian = "+61412345678";
    let waits = id_of(&post(&stage, &offer(australian)).await);
    let held = stage.told("message.held", |event| event["message_id"] == waits.as_str()).await;
    assert_eq!(held["data"]["run_at"], json!(evening.plus(2 * HOUR + HOUR / 2)));
    let contact = shown(&stage, &waits).await["contact_id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/contacts/{contact}");
    let before = stage.program.get(&path).await.expect(200);
    assert_eq!((&before["time_zone"], &before["time_zone_source"]), (&json!("Asia/Tokyo"), &json!("workspace")));

    let change = json!({ "time_zone": "Pacific/Honolulu", "name": "Bruce" });
    let set = stage.program.patch(&path, change).await.expect(200);
    assert_eq!((&set["time_zone_source"], &set["name"]), (&json!("set"), &json!("Bruce")), "{set:#}");
    stage.told("contact.updated", |event| event["data"]["contact_id"] == contact.as_str()).await;
    stage.story(&id_of(&post(&stage, &offer(australian)).await), "read").await;
    let back = stage.program.patch(&path, json!({ "time_zone": null })).await.expect(200);
    assert_eq!((&back["time_zone_source"], &back["name"]), (&json!("workspace"), &json!("Bruce")));

    let told = stage.story(&stage.send(REYKJAVIK, "a reply").await, "read").await;
    let path = format!("/api/v1/contacts/{}", told["contact_id"].as_str().unwrap());
    let icelander = stage.program.get(&path).await.expect(200);
    assert_eq!(
        (&icelander["time_zone"], &icelander["time_zone_source"]),
        (&json!("Atlantic/Reykjavik"), &json!("number"))
    );
    for (odd, field) in [(json!({ "time_zone": "Mars/Olympus" }), "time_zone"), (json!({ "name": " " }), "name")] {
        assert_eq!(stage.program.patch(&path, odd).await.complaints()[0].0, field);
    }
    stage.app.stop().await;
}
