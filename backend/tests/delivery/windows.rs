//! Service windows and free entry points: kept from what people send, looked at when a message is about to go.

use std::sync::Arc;
use std::time::Duration;

use duplex::clock::{Clock as _, ManualClock, SystemClock};
use duplex_simulator::{Fault, FaultKind};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, ResponseTemplate};

use crate::forgeries::message;
use crate::media_stage::{MediaStage, PNID};
use crate::stage::{ADA, Stage, id_of, kinds};
use crate::support::Database;
use crate::support::signed::hub_signature;

const HOUR: Duration = Duration::from_secs(3_600);

async fn clocked(database: Database, provider: &'static str) -> (Stage, Arc<ManualClock>) {
    let clock = ManualClock::at(SystemClock.now());
    (Stage::at(database, provider, &[], Arc::clone(&clock) as _).await, clock)
}

async fn window(stage: &Stage, person: &str) -> Value {
    let person = person.replace('+', "%2B");
    stage.program.get(&format!("/api/v1/conversations/window?person={person}")).await.expect(200)
}

#[rstest]
#[tokio::test]
async fn a_window_that_closes_while_a_message_waits_stops_it(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let (stage, clock) = clocked(database, provider).await;
    assert_eq!(window(&stage, ADA).await["window"], json!({ "state": "unknown" }));
    let heard = stage.receives(json!({ "text": "Hi" })).await;
    let open = window(&stage, ADA).await;
    assert_eq!((&open["window"]["state"], &open["contact_id"]), (&json!("open"), &heard["contact_id"]), "{open:#}");
    stage.story(&stage.send(ADA, "goes").await, "read").await;

    let channel = stage.channel().await;
    let path = format!("/api/v1/channels/{}", channel["id"].as_str().unwrap());
    stage.program.post(&format!("{path}/hold"), json!({})).await.expect(200);
    let waits = stage.send(ADA, "waits").await;
    let behind = stage.send(ADA, "waits behind it").await;
    clock.advance(24 * HOUR);
    stage.program.post(&format!("{path}/resume"), json!({})).await.expect(200);
    for id in [waits, behind] {
        let story = stage.story(&id, "failed").await;
        assert_eq!(story["failure"]["code"], "window_closed", "{story:#}");
        assert_eq!(story["failure"]["provider_code"], Value::Null, "no provider was asked");
        assert!(story["failure"]["detail"].as_str().unwrap().contains("Send a template"), "{story:#}");
        assert_eq!((&story["tries"], &story["attempts"]), (&json!([]), &json!(0)));
        assert_eq!(kinds(&story), ["message.queued", "message.failed"]);
        assert!(story["failed_at"].is_string());
    }
    assert_eq!(window(&stage, ADA).await["window"]["state"], "closed");
    assert_eq!(stage.ledger().await.totals.accepted, 1);

    // Another person's window has nothing to do with it, and a new message opens this one again.
    stage.story(&stage.send("+447700900777", "unknown here").await, "read").await;
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_template_needs_no_window(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "direct").await;
    stage.receives(json!({ "text": "Hi" })).await;
    assert_eq!(stage.program.post("/api/v1/sandbox/windows", json!({ "open": false })).await.status, 204);
    assert_eq!(window(&stage, ADA).await["window"]["state"], "closed");
    let text = stage.story(&stage.send(ADA, "too late").await, "failed").await;
    assert_eq!(text["failure"]["code"], "window_closed");
    let template = json!({ "to": ADA, "content": { "type": "template", "name": "hello_world", "language": "en_US" } });
    let sent = stage.program.post("/api/v1/messages", template).await.expect(202);
    stage.story(&id_of(&sent), "read").await;
    assert_eq!(stage.program.post("/api/v1/sandbox/windows", json!({ "open": true })).await.status, 204);
    stage.story(&stage.send(ADA, "in time").await, "read").await;
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn closing_a_window_of_somebody_who_never_wrote_works(#[values("twilio", "direct")] provider: &'static str) {
    let stage = Stage::on(Database::Sqlite, provider).await;
    let somebody = "+447700900555";
    let close = json!({ "customer": somebody, "open": false });
    assert_eq!(stage.program.post("/api/v1/sandbox/windows", close).await.status, 204);
    let story = stage.story(&stage.send(somebody, "too late").await, "failed").await;
    assert!(story["failure"]["detail"].as_str().unwrap().starts_with("The window was closed at"), "{story:#}");
    // What the person sends opens it again, whatever was said before.
    stage.receives(json!({ "from": somebody, "text": "Hi" })).await;
    stage.story(&stage.send(somebody, "in time").await, "read").await;
    let odd = stage.program.post("/api/v1/sandbox/windows", json!({ "customer": "0", "open": true })).await;
    assert_eq!(odd.complaints()[0].0, "customer");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn conversations_are_listed_by_who_wrote_last(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let people = ["+447700900123", "+447700900456", "+447700900789"];
    for (person, name) in people.iter().zip(["Ada", "Bob", "Cleo"]) {
        stage.receives(json!({ "from": person, "name": name, "text": "Hi" })).await;
    }
    let again = stage.receives(json!({ "from": people[0], "text": "And another thing" })).await;
    let list = stage.program.get("/api/v1/conversations").await.expect(200);
    let of = |list: &Value| -> Vec<String> {
        list["data"].as_array().unwrap().iter().map(|one| one["person"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of(&list), [people[0], people[2], people[1]], "{list:#}");
    let first = &list["data"][0];
    assert_eq!((&first["name"], &first["provider"]), (&json!("Ada"), &json!(provider)));
    assert_eq!((&first["last_inbound_at"], &first["window"]["state"]), (&again["created_at"], &json!("open")));

    let page = stage.program.get("/api/v1/conversations?limit=2").await.expect(200);
    let rest = format!("/api/v1/conversations?limit=2&cursor={}", page["next_cursor"].as_str().unwrap());
    let rest = stage.program.get(&rest).await.expect(200);
    assert_eq!((of(&page), of(&rest)), (vec![people[0].into(), people[2].into()], vec![people[1].to_owned()]));
    assert_eq!(rest["next_cursor"], Value::Null);

    let contact = again["contact_id"].as_str().unwrap();
    for path in [format!("contact_id={contact}"), "person=%2B447700900123".to_owned()] {
        let found = stage.program.get(&format!("/api/v1/conversations?{path}")).await.expect(200);
        assert_eq!(of(&found), [people[0]], "{path}");
    }
    assert!(of(&stage.program.get("/api/v1/conversations?person=%2B447700900000").await.expect(200)).is_empty());
    let other = stage.app.owner.in_workspace(&stage.app.live);
    assert_eq!(other.get("/api/v1/conversations").await.expect(200)["data"], json!([]), "of another workspace");
    let shown = stage.program.get(&format!("/api/v1/contacts/{contact}")).await.expect(200);
    assert_eq!(shown["conversations"][0]["window"], first["window"]);

    let ours = stage.story(&stage.send(people[1], "Hello").await, "read").await;
    let list = stage.program.get("/api/v1/conversations?person=%2B447700900456").await.expect(200);
    assert_eq!(list["data"][0]["last_message_at"], ours["created_at"], "either side's");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn an_answer_to_a_click_on_an_ad_opens_three_free_days(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let (stage, clock) = clocked(database, provider).await;
    let referral =
        json!({ "source_url": "https://fb.me/EXAMPLE", "source_id": "1", "source_type": "ad", "ctwa_clid": "A" });
    stage.receives(json!({ "text": "I saw your ad", "referral": referral })).await;
    assert_eq!(window(&stage, ADA).await["free_entry_until"], Value::Null, "nobody has answered yet");
    clock.advance(2 * HOUR);
    let answer = stage.story(&stage.send(ADA, "How can we help?").await, "read").await;
    let until = window(&stage, ADA).await["free_entry_until"].clone();
    let at = |value: &Value| duplex::domain::time::Ts::parse(value.as_str().unwrap()).unwrap();
    assert_eq!(at(&until), at(&answer["accepted_at"]).plus(72 * HOUR));
    clock.advance(HOUR);
    stage.story(&stage.send(ADA, "Still there?").await, "read").await;
    assert_eq!(window(&stage, ADA).await["free_entry_until"], until, "only the first answer counts");

    if provider == "direct" {
        // An answer after a day opens nothing; only a template can still go.
        let late = "+447700900456";
        stage.receives(json!({ "from": late, "text": "I saw your ad", "referral": referral })).await;
        clock.advance(24 * HOUR);
        // The simulator's time has not passed: a receipt that overtook the answer would put the acceptance a day back.
        stage.misbehave(&[Fault::always(FaultKind::DropWebhooks)]).await;
        let template =
            json!({ "to": late, "content": { "type": "template", "name": "hello_world", "language": "en_US" } });
        let sent = stage.program.post("/api/v1/messages", template).await.expect(202);
        stage.story(&id_of(&sent), "accepted").await;
        assert_eq!(window(&stage, late).await["free_entry_until"], Value::Null);
    }
    stage.app.stop().await;
}

/// Silence says something only when it is known that people are heard; and who wrote to a former number wrote to another.
#[rstest]
#[tokio::test]
async fn a_sender_that_never_heard_anybody_leaves_the_window_to_the_provider(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = MediaStage::set(database, "direct").await;
    let operator = stage.app.key_in(&stage.app.live, &["channels:read", "channels:write"]).await;
    let accepted = json!({ "messaging_product": "whatsapp", "messages": [{ "id": "wamid.ours" }] });
    Mock::given(method("POST"))
        .and(path(format!("/v25.0/{PNID}/messages")))
        .respond_with(ResponseTemplate::new(200).set_body_json(accepted))
        .mount(&stage.server)
        .await;
    let bob = "+447700900456";
    let send = async || {
        let text = json!({ "to": bob, "channel_id": stage.channel.id, "content": { "type": "text", "body": "Hello" } });
        id_of(&stage.program.post("/api/v1/messages", text).await.expect(202))
    };
    let state = async |person: &str| {
        let person = person.replace('+', "%2B");
        let path = format!("/api/v1/conversations/window?person={person}&channel_id={}", stage.channel.id);
        stage.program.get(&path).await.expect(200)["window"]["state"].as_str().unwrap().to_owned()
    };
    stage.clock.advance(48 * HOUR);
    assert_eq!(state(bob).await, "unknown");
    stage.app.message_in(&stage.program, &send().await, "accepted").await;

    let body = message("300000000000001", PNID, "wamid.hers");
    let hook = stage.app.nobody.request(Method::POST, "/hooks/direct/100000000000001").body(body.clone());
    let signature = hub_signature("0123456789abcdef0123456789abcdef", &body);
    assert_eq!(stage.app.nobody.send(hook.header("X-Hub-Signature-256", signature)).await.status, 200);
    let inbox = "/api/v1/messages?direction=inbound";
    stage.app.until(&stage.program, inbox, |list| list["data"][0].is_object()).await;
    assert_eq!(state(bob).await, "unknown", "he may have written before");
    stage.clock.advance(24 * HOUR);
    assert_eq!(state(bob).await, "closed");
    let story = stage.app.message_in(&stage.program, &send().await, "failed").await;
    assert_eq!(story["failure"]["code"], "window_closed", "{story:#}");
    assert!(story["failure"]["detail"].as_str().unwrap().contains("has not written to this number since"), "{story:#}");

    let channel = format!("/api/v1/channels/{}", stage.channel.id);
    assert!(operator.get(&channel).await.expect(200)["facts"]["round_trip_at"].is_string());
    let moved = json!({ "provider": "direct", "whatsapp_business_phone_id": "200000000000002" });
    operator.patch(&channel, moved).await.expect(200);
    for person in [ADA, bob] {
        assert_eq!(state(person).await, "unknown", "of another number");
    }
    assert_eq!(stage.program.get("/api/v1/conversations").await.expect(200)["data"], json!([]));
    let facts = operator.get(&channel).await.expect(200)["facts"].clone();
    assert_eq!(facts["round_trip_at"], Value::Null, "nothing has come back from this one: {facts:#}");
    stage.strike().await;
}
