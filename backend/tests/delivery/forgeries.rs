//! Webhooks of every wrong kind, and right ones, at the endpoints of channels whose secrets the test knows.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};
use sha1::Sha1;

use crate::stage::{ADA, EVERYTHING, Stage};
use crate::support::Database;
use crate::support::api::{Answer, Caller};
use crate::support::signed::hub_signature;

const APP: &str = "100000000000001";
const SECRET: &str = "gateway-test-secret-of-the-first";
const OTHER_SECRET: &str = "gateway-test-secret-of-the-other";

fn sha1(secret: &str, text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

async fn direct_channel(program: &Caller, phone: &str, waba: &str, secret: &str) -> Value {
    let body = json!({
        "provider": "direct", "name": "Meta", "whatsapp_business_phone_id": phone, "waba_id": waba,
        "whatsapp_app_id": APP, "app_secret": secret, "whatsapp_access_token": "EAAGtesttokentesttokentesttoken",
        "verify_token": "a-verify-token-for-tests",
    });
    program.post("/api/v1/channels", body).await.expect(201)
}

pub fn message(waba: &str, phone: &str, id: &str) -> String {
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": waba, "changes": [{ "field": "messages", "value": {
        "messaging_product": "whatsapp", "metadata": { "display_phone_number": "447700900001", "phone_number_id": phone },
        "contacts": [{ "profile": { "name": "Ada" }, "wa_id": "447700900123" }],
        "messages": [{ "from": "447700900123", "id": id, "timestamp": "1795342799", "type": "text", "text": { "body": "Hello" } }],
    } }] }] })
    .to_string()
}

struct Hook<'a> {
    nobody: &'a Caller,
    path: String,
}

impl Hook<'_> {
    async fn post(&self, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = self.nobody.request(Method::POST, &self.path).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.nobody.send(request).await
    }

    async fn meta(&self, signature: &str, body: &str) -> Answer {
        self.post(&[("X-Hub-Signature-256", signature), ("Content-Type", "application/json")], body).await
    }
}

async fn inbox(program: &Caller) -> usize {
    program.get("/api/v1/messages?direction=inbound").await.expect(200)["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn meta_webhooks_are_taken_only_with_the_right_signature() {
    let stage = Stage::on(Database::Sqlite, "direct").await;
    let owner = stage.app.key_in(&stage.app.live, EVERYTHING).await;
    direct_channel(&owner, "200000000000001", "300000000000001", SECRET).await;
    let hook = Hook { nobody: &stage.app.nobody, path: format!("/hooks/direct/{APP}") };

    let body = message("300000000000001", "200000000000001", "wamid.1");
    let right = hub_signature(SECRET, &body);
    for wrong in [
        hub_signature(OTHER_SECRET, &body),
        right.replace("sha256=", ""),
        "sha256=".into(),
        "sha256=zz".into(),
        right.to_uppercase(),
    ] {
        hook.meta(&wrong, &body).await.problem(401, "signature_invalid");
    }
    hook.post(&[], &body).await.problem(401, "signature_invalid");
    let old = format!("sha1={}", hex::encode(sha1(SECRET, &body)));
    hook.post(&[("X-Hub-Signature", &old)], &body).await.problem(401, "signature_invalid");
    hook.meta(&old, &body).await.problem(401, "signature_invalid");
    hook.meta(&right, &body.replace("Hello", "Hullo")).await.problem(401, "signature_invalid");
    assert_eq!(inbox(&owner).await, 0);

    let nowhere = Hook { nobody: &stage.app.nobody, path: "/hooks/direct/1".into() };
    nowhere.meta(&right, &body).await.problem(404, "not_found");

    for _ in 0..2 {
        assert_eq!(hook.meta(&right, &body).await.status, 200);
    }
    stage
        .app
        .until(&owner, "/api/v1/messages?direction=inbound", |list| list["data"].as_array().unwrap().len() == 1)
        .await;
    stage.app.stop().await;
}

#[tokio::test]
async fn a_webhook_with_faults_harms_nothing_beside_them() {
    let stage = Stage::on(Database::Sqlite, "direct").await;
    let owner = stage.app.key_in(&stage.app.live, EVERYTHING).await;
    direct_channel(&owner, "200000000000001", "300000000000001", SECRET).await;
    let hook = Hook { nobody: &stage.app.nobody, path: format!("/hooks/direct/{APP}") };
    for bad in ["", "{", "[]", "null", "\u{0}", "{\"entry\":5}", "{\"entry\":[{\"changes\":[{\"value\":7}]}]}"] {
        assert_eq!(hook.meta(&hub_signature(SECRET, bad), bad).await.status, 200, "{bad:?}");
    }
    let mut good: Value = serde_json::from_str(&message("300000000000001", "200000000000001", "wamid.2")).unwrap();
    let value = &mut good["entry"][0]["changes"][0]["value"];
    value["news"] = json!({ "of": "tomorrow" });
    value["messages"].as_array_mut().unwrap().insert(0, json!({ "id": 7 }));
    value["statuses"] = json!([{ "id": "wamid.none", "status": "levitated" }, 3]);
    good["entry"][0]["changes"].as_array_mut().unwrap().insert(0, json!({ "field": "never_heard_of", "value": [] }));
    let body = good.to_string();
    assert_eq!(hook.meta(&hub_signature(SECRET, &body), &body).await.status, 200);
    stage
        .app
        .until(&owner, "/api/v1/messages?direction=inbound", |list| list["data"].as_array().unwrap().len() == 1)
        .await;
    let large = format!("{{\"x\":\"{}\"}}", "a".repeat(5 * 1024 * 1024));
    assert_eq!(hook.meta(&hub_signature(SECRET, &large), &large).await.status, 413);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_bad_character_costs_nobody_a_message(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "direct").await;
    let owner = stage.app.key_in(&stage.app.live, EVERYTHING).await;
    direct_channel(&owner, "200000000000001", "300000000000001", SECRET).await;
    let hook = Hook { nobody: &stage.app.nobody, path: format!("/hooks/direct/{APP}") };
    let plain = message("300000000000001", "200000000000001", "wamid.1");
    let odd = [
        (plain.replace("Hello", "a\\u0000b"), "ab"),
        (plain.replace("wamid.1", "wamid.2").replace("Hello", "a\\ud83d"), "a\u{fffd}"),
        (plain.replace("wamid.1", "wamid.3").replace("\"text\":{", "\"odd\":1e999,\"text\":{"), "Hello"),
        (plain.replace("wamid.1", "wamid.4").replace("\"Ada\"", "\"A\\u0000da\""), "Hello"),
    ];
    for (body, _) in &odd {
        assert_eq!(hook.meta(&hub_signature(SECRET, body), body).await.status, 200);
    }
    let path = "/api/v1/messages?direction=inbound";
    let list = stage.app.until(&owner, path, |list| list["data"].as_array().unwrap().len() == odd.len()).await;
    let mut texts: Vec<&str> =
        list["data"].as_array().unwrap().iter().map(|one| one["content"]["body"].as_str().unwrap()).collect();
    texts.sort_unstable();
    let mut wanted = odd.each_ref().map(|(_, text)| *text);
    wanted.sort_unstable();
    assert_eq!(texts, wanted);

    // What can't be read at all is told of, and kept.
    assert_eq!(hook.meta(&hub_signature(SECRET, "{"), "{").await.status, 200);
    let unreadable = |feed: &Value| {
        let all = feed["data"].as_array().unwrap();
        all.iter().find(|event| event["data"]["field"] == "unreadable").cloned()
    };
    let feed = stage.app.until(&owner, "/api/v1/events?limit=1000", |feed| unreadable(feed).is_some()).await;
    let told = unreadable(&feed).unwrap();
    assert_eq!(told["type"], "provider.notice");
    let kept = owner.get(&format!("/api/v1/webhook-events/{}", told["webhook_id"].as_str().unwrap())).await.expect(200);
    assert_eq!((&kept["body"], kept["error"].is_string()), (&json!("{"), true), "{kept:#}");
    stage.app.stop().await;
}

/// Another workspace registers the same Meta app with a secret of its own, and signs with it.
#[tokio::test]
async fn a_tenant_cannot_speak_for_another() {
    let stage = Stage::on(Database::Sqlite, "direct").await;
    let (victim, attacker) = (stage.app.key_in(&stage.app.live, EVERYTHING).await, stage.program.clone());
    direct_channel(&victim, "200000000000001", "300000000000001", SECRET).await;
    direct_channel(&attacker, "200000000000002", "300000000000002", OTHER_SECRET).await;
    let id = stage.send("+15005550007", "stays sent").await;
    let story = stage.story(&id, "sent").await;
    let hook = Hook { nobody: &stage.app.nobody, path: format!("/hooks/direct/{APP}") };

    let forged = message("300000000000001", "200000000000001", "wamid.forged");
    assert_eq!(
        hook.meta(&hub_signature(OTHER_SECRET, &forged), &forged).await.status,
        200,
        "it may be told so, but to no effect"
    );
    let status = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "300000000000001", "changes": [{ "field": "messages", "value": {
        "messaging_product": "whatsapp", "metadata": { "display_phone_number": "1", "phone_number_id": "200000000000001" },
        "statuses": [{ "id": story["provider_message_id"], "status": "read", "timestamp": "1795342799", "recipient_id": "15005550007",
            "biz_opaque_callback_data": story["tries"][0]["id"] }],
    } }] }] })
    .to_string();
    assert_eq!(hook.meta(&hub_signature(SECRET, &status), &status).await.status, 200);

    let genuine = message("300000000000001", "200000000000001", "wamid.genuine");
    assert_eq!(hook.meta(&hub_signature(SECRET, &genuine), &genuine).await.status, 200);
    let list = stage
        .app
        .until(&victim, "/api/v1/messages?direction=inbound", |list| !list["data"].as_array().unwrap().is_empty())
        .await;
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
    assert_eq!(list["data"][0]["provider_message_id"], "wamid.genuine");
    assert_eq!(inbox(&attacker).await, 0);
    let after = stage.program.get(&format!("/api/v1/messages/{id}")).await.expect(200);
    assert_eq!(after["state"], "sent", "an attempt of another channel is not moved");
    stage.app.stop().await;
}

#[tokio::test]
async fn meta_subscribes_with_the_verify_token() {
    let stage = Stage::on(Database::Sqlite, "direct").await;
    let owner = stage.app.key_in(&stage.app.live, EVERYTHING).await;
    direct_channel(&owner, "200000000000001", "300000000000001", SECRET).await;
    let ask = |token: &str, mode: &str| {
        let path = format!("/hooks/direct/{APP}?hub.mode={mode}&hub.challenge=1158201444&hub.verify_token={token}");
        let url = format!("{}{path}", stage.app.nobody.base());
        async move {
            let answer = reqwest::Client::builder().no_proxy().build().unwrap().get(url).send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        }
    };
    assert_eq!(ask("a-verify-token-for-tests", "subscribe").await, (200, "1158201444".into()));
    assert_eq!(ask("another-token", "subscribe").await.0, 403);
    assert_eq!(ask("", "subscribe").await.0, 403);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn twilio_webhooks_are_taken_only_with_the_right_signature(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "twilio").await;
    let owner = stage.app.key_in(&stage.app.live, EVERYTHING).await;
    let (account, token) = ("AC0123456789abcdef0123456789abcdef", "5f1d7a84db34e9b2c6a0f3e85e9d1c47");
    let body = json!({ "provider": "twilio", "name": "Twilio", "account_sid": account, "auth_token": token, "sender_number": "+15559870000" });
    let channel = owner.post("/api/v1/channels", body).await.expect(201);
    let url = channel["webhook"]["callback_url"].as_str().unwrap();
    let path = url.strip_prefix(stage.app.nobody.base()).unwrap().to_owned();
    let hook = Hook { nobody: &stage.app.nobody, path };
    let params = [
        ("AccountSid", account),
        ("Body", "Hello"),
        ("From", "whatsapp:+447700900123"),
        ("MessageSid", "SM00000000000000000000000000000001"),
        ("NumMedia", "0"),
        ("SmsStatus", "received"),
        ("To", "whatsapp:+15559870000"),
    ];
    let signed: String = url.to_owned() + &params.map(|(name, value)| format!("{name}{value}")).concat();
    let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    let signature = |token: &str| STANDARD.encode(sha1(token, &signed));
    let post = async |signature: &str, form: &str| {
        hook.post(&[("X-Twilio-Signature", signature), ("Content-Type", "application/x-www-form-urlencoded")], form)
            .await
    };
    post(&signature("00000000000000000000000000000000"), &form).await.problem(401, "signature_invalid");
    post("", &form).await.problem(401, "signature_invalid");
    post(&signature(token), &form.replace("Hello", "Hullo")).await.problem(401, "signature_invalid");
    assert_eq!(inbox(&owner).await, 0);
    for _ in 0..2 {
        assert_eq!(post(&signature(token), &form).await.status, 204);
    }
    let list = stage
        .app
        .until(&owner, "/api/v1/messages?direction=inbound", |list| list["data"].as_array().unwrap().len() == 1)
        .await;
    assert_eq!(list["data"][0]["person"], ADA);

    // The same by GET, with everything in the address.
    let params = params.map(|(name, value)| match name {
        "MessageSid" => (name, "SM00000000000000000000000000000002"),
        "Body" => (name, "By\0 GET"),
        _ => (name, value),
    });
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
    let get = async |signature: &str| {
        let request = stage.app.nobody.request(Method::GET, &format!("{}?{query}", hook.path));
        stage.app.nobody.send(request.header("X-Twilio-Signature", signature)).await
    };
    get(&signature(token)).await.problem(401, "signature_invalid");
    assert_eq!(get(&STANDARD.encode(sha1(token, &format!("{url}?{query}")))).await.status, 204);
    let list = stage
        .app
        .until(&owner, "/api/v1/messages?direction=inbound", |list| list["data"].as_array().unwrap().len() == 2)
        .await;
    assert_eq!(list["data"][0]["content"]["body"], "By GET");
    stage.app.stop().await;
}
