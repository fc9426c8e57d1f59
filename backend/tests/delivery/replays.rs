//! Webhooks that come again, late, and in another order than things happened.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use duplex::clock::{Clock as _, ManualClock, SystemClock};
use duplex_simulator::AccountView;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};
use sha1::Sha1;

use crate::stage::{ADA, Stage, id_of};
use crate::support::signed::hub_signature;
use crate::support::{Database, watch};

/// The sandbox's account of the provider in use: its secret signs what the test makes up.
pub async fn account(stage: &Stage) -> AccountView {
    let accounts = stage.simulator.accounts().await.unwrap();
    let is_ours = |one: &AccountView| matches!(one, AccountView::Direct(_)) == (stage.provider == "direct");
    accounts.into_iter().find(is_ours).unwrap()
}

/// Delivers a webhook as the provider would.
pub async fn deliver(stage: &Stage, body: &str) {
    let request = match account(stage).await {
        AccountView::Direct(account) => {
            let signature = hub_signature(&account.app_secret, body);
            stage
                .app
                .nobody
                .request(Method::POST, &format!("/hooks/direct/{}", account.app_id))
                .header("X-Hub-Signature-256", signature)
        }
        AccountView::Twilio(account) => {
            let channel = stage.channel().await;
            let url = channel["webhook"]["callback_url"].as_str().unwrap();
            let mut pairs: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
            pairs.sort();
            let signed =
                url.to_owned() + &pairs.iter().map(|(name, value)| format!("{name}{value}")).collect::<String>();
            let mut mac = Hmac::<Sha1>::new_from_slice(account.auth_token.as_bytes()).unwrap();
            mac.update(signed.as_bytes());
            let path = url.strip_prefix(stage.app.nobody.base()).unwrap();
            stage
                .app
                .nobody
                .request(Method::POST, path)
                .header("X-Twilio-Signature", STANDARD.encode(mac.finalize().into_bytes()))
                .header("Content-Type", "application/x-www-form-urlencoded")
        }
    };
    let answer = stage.app.nobody.send(request.body(body.to_owned())).await;
    assert!(matches!(answer.status, 200 | 204), "{answer:?}");
}

async fn direct_change(stage: &Stage, members: Value) {
    let AccountView::Direct(account) = account(stage).await else { panic!("Meta's webhooks are JSON") };
    let mut value = json!({ "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "1", "phone_number_id": account.phone_number_id } });
    value.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    let change = json!({ "field": "messages", "value": value });
    let body =
        json!({ "object": "whatsapp_business_account", "entry": [{ "id": account.waba_id, "changes": [change] }] });
    deliver(stage, &body.to_string()).await;
}

fn text(id: &str, seconds: i64, body: &str) -> Value {
    json!({ "from": ADA.trim_start_matches('+'), "id": id, "timestamp": seconds.to_string(), "type": "text", "text": { "body": body } })
}

/// How many incoming messages the feed tells of.
async fn received(stage: &Stage) -> usize {
    let feed = stage.program.get("/api/v1/events?limit=1000").await.expect(200);
    feed["data"].as_array().unwrap().iter().filter(|event| event["type"] == "message.received").count()
}

#[rstest]
#[tokio::test]
async fn a_webhook_that_comes_again_changes_nothing(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let message = stage.receives(json!({ "content": { "kind": "image", "caption": "Like this" } })).await;
    let path = format!("/api/v1/messages/{}", id_of(&message));
    let story = stage.program.get(&path).await.expect(200);
    let raw = story["webhooks"][0]["body"].as_str().unwrap().to_owned();
    for _ in 0..3 {
        deliver(&stage, &raw).await;
    }
    // What comes after them has been read after them.
    stage.receives(json!({ "text": "the next" })).await;
    assert_eq!(received(&stage).await, 2, "each message is told once");
    assert_eq!(stage.program.get(&path).await.expect(200)["content"], message["content"], "with the medium it had");
    assert_eq!(
        stage.program.get("/api/v1/messages?direction=inbound").await.expect(200)["data"].as_array().unwrap().len(),
        2
    );
    stage.app.stop().await;
}

/// A change of number that is delivered again after somebody else took the number must not make the two one person.
#[rstest]
#[tokio::test]
async fn an_old_change_of_number_does_not_join_strangers(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "direct").await;
    let ada = stage.receives(json!({ "text": "Hi" })).await;
    let note = stage.receives(json!({ "content": { "kind": "number_change", "new_number": "+447700900999" } })).await;
    let stranger = stage.receives(json!({ "from": ADA, "name": "Bob", "text": "Who is this?" })).await;
    let story = stage.program.get(&format!("/api/v1/messages/{}", id_of(&note))).await.expect(200);
    deliver(&stage, story["webhooks"][0]["body"].as_str().unwrap()).await;
    stage.receives(json!({ "from": "+447700900999", "text": "the next" })).await;
    for (message, count) in [(&ada, 3), (&stranger, 1)] {
        let path = format!("/api/v1/messages?contact_id={}", message["contact_id"].as_str().unwrap());
        assert_eq!(stage.program.get(&path).await.expect(200)["data"].as_array().unwrap().len(), count);
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn late_messages_open_no_window_and_close_none(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "direct").await;
    let now = SystemClock.now().micros() / 1_000_000;
    direct_change(&stage, json!({ "messages": [text("wamid.old", now - 2 * 86_400, "two days old")] })).await;
    let talks = "/api/v1/conversations";
    let list = stage.app.until(&stage.program, talks, |list| list["data"][0].is_object()).await;
    assert_eq!(list["data"][0]["window"]["state"], "closed", "{list:#}");
    let fresh = stage.receives(json!({ "text": "Hi" })).await;
    direct_change(&stage, json!({ "messages": [text("wamid.older", now - 3 * 86_400, "three days old")] })).await;
    stage
        .app
        .until(&stage.program, "/api/v1/messages?direction=inbound", |list| list["data"].as_array().unwrap().len() == 3)
        .await;
    let list = stage.program.get(talks).await.expect(200);
    assert_eq!(
        (&list["data"][0]["window"]["state"], &list["data"][0]["last_inbound_at"]),
        (&json!("open"), &fresh["created_at"])
    );
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_change_that_overtakes_its_message_waits_for_it(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let clock = ManualClock::at(SystemClock.now());
    let stage = Stage::at(database, "direct", &[], Arc::clone(&clock) as _).await;
    let now = SystemClock.now().micros() / 1_000_000;
    let edit = |id: &str, original: &str| {
        json!({ "from": "447700900123", "id": id, "timestamp": now.to_string(), "type": "edit",
            "edit": { "original_message_id": original, "message": { "type": "text", "text": { "body": "Friday" } } } })
    };
    direct_change(&stage, json!({ "messages": [edit("wamid.e1", "wamid.first"), edit("wamid.e2", "wamid.never")] }))
        .await;
    direct_change(&stage, json!({ "messages": [text("wamid.first", now - 5, "Thursday")] })).await;
    let path = "/api/v1/messages?direction=inbound";
    stage.app.until(&stage.program, path, |list| list["data"][0]["content"]["body"] == "Thursday").await;
    clock.advance(Duration::from_secs(11));
    stage.app.until(&stage.program, path, |list| list["data"][0]["content"]["body"] == "Friday").await;
    // The other one is given up in the end, and told of.
    clock.advance(Duration::from_secs(300));
    let lost = stage.told("provider.notice", |event| event["data"]["field"] == "message_without_original").await;
    assert_eq!(lost["data"]["value"]["id"], "wamid.e2");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn meta_tells_the_end_of_a_free_entry_point(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "direct").await;
    stage.receives(json!({ "text": "Hi" })).await;
    let ours = stage.story(&stage.send(ADA, "Hello").await, "read").await;
    let now = SystemClock.now().micros() / 1_000_000;
    let ends = now + 3 * 86_400;
    let status = |ends: i64, origin: &str| {
        json!({ "statuses": [{ "id": ours["provider_message_id"], "status": "delivered", "timestamp": now.to_string(),
            "recipient_id": "447700900123", "biz_opaque_callback_data": ours["tries"][0]["id"],
            "conversation": { "id": "c0ffee", "expiration_timestamp": ends.to_string(), "origin": { "type": origin } } }] })
    };
    let talk = "/api/v1/conversations/window?person=%2B447700900123";
    direct_change(&stage, status(ends + 9, "service")).await;
    direct_change(&stage, status(ends, "referral_conversion")).await;
    direct_change(&stage, status(ends - 60, "referral_conversion")).await;
    stage.receives(json!({ "text": "the next" })).await;
    let shown = stage.program.get(talk).await.expect(200);
    let until = duplex::domain::time::Ts::parse(shown["free_entry_until"].as_str().unwrap()).unwrap();
    assert_eq!(until, duplex::domain::time::Ts::from_secs(ends), "the latest that was told counts");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn what_is_edited_and_taken_back_at_once_is_told_nowhere(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "direct").await;
    let message = stage.receives(json!({ "text": "Thursday at ten" })).await;
    let original = &message["provider_message_id"];
    let now = SystemClock.now().micros() / 1_000_000;
    let change = |id: &str, kind: &str, what: Value| {
        let mut change = json!({ "from": "447700900123", "id": id, "timestamp": now.to_string(), "type": kind });
        change[kind] = what;
        change
    };
    let edited =
        json!({ "original_message_id": original, "message": { "type": "text", "text": { "body": "Friday" } } });
    let changes =
        [change("wamid.c1", "edit", edited), change("wamid.c2", "revoke", json!({ "original_message_id": original }))];
    direct_change(&stage, json!({ "messages": changes })).await;
    stage.told("message.deleted", |event| event["message_id"] == message["id"]).await;
    let feed = stage.program.get("/api/v1/events?limit=1000").await.expect(200);
    assert!(!feed.to_string().contains("Friday"), "{feed:#}");
    assert!(!feed.to_string().contains("Thursday"), "{feed:#}");
    stage.app.stop().await;
}

/// The other half of a webhook that waits for its send is not applied again and again.
#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_reason_to_wait_is_applied_once(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let clock = ManualClock::at(SystemClock.now());
    let stage = Stage::at(database, "direct", &[], Arc::clone(&clock) as _).await;
    let AccountView::Direct(account) = account(&stage).await else { panic!("Meta's webhooks are JSON") };
    let reader = stage.app.key(&["templates:read"]).await;
    let registration = async || {
        let list = reader.get("/api/v1/templates?name=hello_world&provider=direct").await.expect(200);
        let all = list["data"][0]["registrations"].as_array().cloned().unwrap_or_default();
        all.into_iter().find(|one| one["provider"] == "direct")
    };
    let known = watch::until("the sandbox's template", registration).await;
    let in_state = async |status: &str| {
        watch::until(&format!("the template to be {status}"), async || {
            registration().await.filter(|one| one["status"] == status)
        })
        .await
    };
    let envelope = |changes: Value| {
        json!({ "object": "whatsapp_business_account", "entry": [{ "id": account.waba_id, "changes": changes }] })
            .to_string()
    };
    let news = |event: &str| {
        json!({ "field": "message_template_status_update", "value": { "event": event, "message_template_id": known["provider_ref"],
            "message_template_name": "hello_world", "message_template_language": "en_US", "reason": "NONE" } })
    };
    let early = json!({ "field": "messages", "value": { "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "1", "phone_number_id": account.phone_number_id },
        "statuses": [{ "id": "wamid.unknown", "status": "sent", "timestamp": "1795342799", "recipient_id": "447700900123" }] } });
    deliver(&stage, &envelope(json!([early, news("PAUSED")]))).await;
    in_state("paused").await;
    let waiting = stage.program.get("/api/v1/webhook-events").await.expect(200);
    let path = format!("/api/v1/webhook-events/{}", waiting["data"][0]["id"].as_str().unwrap());
    deliver(&stage, &envelope(json!([news("APPROVED")]))).await;
    in_state("approved").await;

    clock.advance(Duration::from_secs(301));
    watch::until("the webhook to be given up", async || {
        let shown = stage.program.get(&path).await.expect(200);
        (shown["state"] == "done").then_some(())
    })
    .await;
    assert_eq!(registration().await.unwrap()["status"], "approved");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn another_user_id_leaves_the_number_as_it_is(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "direct").await;
    let ada = stage.receives(json!({ "text": "Hi" })).await;
    let now = SystemClock.now().micros() / 1_000_000;
    let note = json!({ "from": ADA.trim_start_matches('+'), "from_user_id": "GB.11112222333344445555", "id": "wamid.n1",
        "timestamp": now.to_string(), "type": "system",
        "system": { "type": "user_changed_user_id", "body": "…", "user_id": "GB.99998888777766665555" } });
    direct_change(&stage, json!({ "messages": [note] })).await;
    let told = stage.told("contact.updated", |_| true).await;
    let retired: Vec<&str> =
        told["data"]["retired"].as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap()).collect();
    assert!(!retired.contains(&ADA), "{told:#}");
    let contact =
        stage.program.get(&format!("/api/v1/contacts/{}", ada["contact_id"].as_str().unwrap())).await.expect(200);
    let number = contact["identities"].as_array().unwrap().iter().find(|one| one["value"] == ADA).unwrap();
    assert!(number["retired_at"].is_null(), "{contact:#}");
    stage.app.stop().await;
}
