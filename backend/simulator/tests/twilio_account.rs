//! Twilio accounts that are set up wrong, senders, messaging services and usage, as the real endpoints show them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use duplex_simulator::{AccountPatch, Inbound, NewTwilioAccount, Status};
use serde_json::{Value, json};
use support::http;
use support::twilio::Stage;

async fn refusal(stage: &Stage) -> (u16, Option<u64>) {
    let (status, answer) = stage.send(&[("Body", "x")]).await;
    (status, answer["code"].as_u64())
}

fn text(text: &str) -> Inbound {
    Inbound { text: text.to_owned(), ..Inbound::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_the_account_refuses_its_messages() {
    let stage = Stage::start().await;
    let trial = json!({ "account_type": "Trial", "verified_numbers": ["+447700900456"] });
    let cases = [
        (json!({ "account_status": "suspended" }), (403, Some(20_005))),
        (json!({ "account_status": "closed" }), (401, Some(20_003))),
        (trial, (400, Some(21_608))),
        (json!({ "daily_message_limit": 0 }), (400, Some(63_038))),
        (json!({ "blocked_prefixes": ["+62", "+44"] }), (400, Some(21_408))),
        (json!({ "sender_status": "OFFLINE" }), (400, Some(63_007))),
        (json!({ "sender_absent": true }), (400, Some(63_007))),
        (json!({ "sender_moved": true }), (400, Some(63_059))),
    ];
    for (state, expected) in cases {
        stage.patch(state.clone()).await;
        assert_eq!(refusal(&stage).await, expected, "{state}");
        let Value::Object(members) = state else { unreachable!() };
        stage
            .patch(members.keys().map(|name| (name.clone(), Value::Null)).collect::<serde_json::Map<_, _>>().into())
            .await;
        assert_eq!(refusal(&stage).await.0, 201, "null puts the default back");
    }
    stage.patch(json!({ "account_status": "suspended" })).await;
    let (status, account) = stage.get(&stage.path(".json")).await;
    assert_eq!((status, &account["status"], &account["type"]), (200, &json!("suspended"), &json!("Full")));
    assert_eq!(stage.get("/v2/Channels/Senders?Channel=whatsapp").await.1["code"], 20_005);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_and_keys_go_bad() {
    let stage = Stage::start().await;
    let messages = stage.path("/Messages.json?PageSize=1");
    let by_key = |path: String| {
        let url = format!("{}{path}", stage.simulator.base_url());
        let request = http().get(url).basic_auth(&stage.account.api_key_sid, Some(&stage.account.api_key_secret));
        async move { request.send().await.unwrap().status().as_u16() }
    };
    let (account, contents) = (stage.path(".json"), "/v1/Content".to_owned());
    assert_eq!((by_key(messages.clone()).await, by_key(account.clone()).await), (200, 401));
    stage.patch(json!({ "api_key": "main" })).await;
    assert_eq!(by_key(account).await, 200);
    stage.patch(json!({ "api_key": "restricted", "api_key_grants": ["messages"] })).await;
    assert_eq!((by_key(messages.clone()).await, by_key(contents).await), (200, 403));
    stage.patch(json!({ "api_key": "revoked" })).await;
    assert_eq!(by_key(messages.clone()).await, 401);

    let rotated = AccountPatch { auth_token: Some("f".repeat(32)), ..AccountPatch::default() };
    stage.patch_account(rotated).await;
    assert_eq!(stage.get(&messages).await.0, 401);
    let mut stage = stage;
    let hook = stage.write(text("Hi")).await;
    assert!(!hook.is_signed_by_twilio(&stage.account.auth_token) && hook.is_signed_by_twilio(&"f".repeat(32)));
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sender_shows_why_it_is_offline_and_takes_changes() {
    let stage = Stage::start().await;
    let reasons = json!([{ "code": "63020", "message": "Business account problem" }]);
    stage.patch(json!({ "sender_status": "OFFLINE", "offline_reasons": reasons, "quality_rating": "LOW", "messaging_limit": "250 Customers/24hr" })).await;
    let path = format!("/v2/Channels/Senders/{}", stage.account.sender_sid);
    let (_, sender) = stage.get(&path).await;
    assert_eq!((&sender["status"], &sender["offline_reasons"][0]["code"]), (&json!("OFFLINE"), &json!("63020")));
    assert_eq!(sender["properties"], json!({ "quality_rating": "LOW", "messaging_limit": "250 Customers/24hr" }));
    let change = json!({ "webhook": { "callback_url": "https://gw.example.com/in#rc=3&rp=5xx,ct,rt", "fallback_url": "https://gw2.example.com/in" },
        "profile": { "about": "Tea", "vertical": "Restaurant" } });
    let (status, sender) = stage.post_json(&path, &change).await;
    assert_eq!((status, &sender["webhook"]["fallback_url"]), (202, &json!("https://gw2.example.com/in")));
    assert_eq!(
        (&sender["profile"]["about"], &sender["profile"]["vertical"], &sender["profile"]["name"]),
        (&json!("Tea"), &json!("Restaurant"), &json!("Acme Tea"))
    );
    for (body, code) in [
        (json!({ "webhook": { "callback_url": "nowhere" } }), 63_100),
        (json!({ "webhook": { "callback_method": "PUT" } }), 63_100),
        (json!({ "profile": { "colour": "red" } }), 63_100),
        (json!({ "configuration": { "waba_id": "1" } }), 63_101),
    ] {
        assert_eq!(stage.post_json(&path, &body).await.1["code"], code, "{body}");
    }
    stage.patch(json!({ "sender_absent": true })).await;
    assert_eq!(stage.get("/v2/Channels/Senders?Channel=whatsapp").await.1["senders"], json!([]));
    assert_eq!(stage.get(&path).await.0, 404);
    assert_eq!(stage.get("/v2/Channels/Senders").await.0, 400);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_comes_before_its_sender() {
    let mut stage = Stage::start().await;
    let first = stage.account.messaging_service_sid.clone();
    let hook = stage.write(text("to the sender")).await;
    assert_eq!((hook.field("MessagingServiceSid"), hook.url.ends_with("/inbound")), (None, true));
    stage.patch(json!({ "use_inbound_webhook_on_number": false })).await;
    let note = Inbound { sender: stage.account.account_sid.clone(), ..text("swallowed") };
    assert_eq!(stage.admin.inbound(&note).await.unwrap().url, None, "a service without a URL disables inbound");
    let service = format!("/v1/Services/{first}");
    let url = format!("{}/service", stage.receiver.url);
    let (status, changed) = stage.post_form(&service, &[("InboundRequestUrl", &url), ("StatusCallback", &url)]).await;
    assert_eq!(
        (status, &changed["inbound_request_url"], &changed["use_inbound_webhook_on_number"]),
        (200, &json!(url), &json!(false))
    );
    let hook = stage.write(text("to the service")).await;
    assert_eq!((hook.field("MessagingServiceSid"), hook.url.ends_with("/service")), (Some(first.clone()), true));
    stage.send(&[("Body", "x"), ("MessagingServiceSid", &first)]).await;
    for _ in 0..3 {
        let hook = stage.receiver.next().await;
        assert_eq!((hook.field("MessagingServiceSid"), hook.url.ends_with("/service")), (Some(first.clone()), true));
    }

    let (status, made) = stage.post_form("/v1/Services", &[("FriendlyName", "second"), ("ValidityPeriod", "60")]).await;
    assert_eq!(status, 201);
    let second = made["sid"].as_str().unwrap();
    assert_eq!(stage.send(&[("Body", "x"), ("MessagingServiceSid", second)]).await.1["code"], 21_704);
    let sender = stage.account.sender_sid.clone();
    let pool = format!("/v1/Services/{second}/ChannelSenders");
    assert_eq!(stage.post_form(&pool, &[("Sid", &sender)]).await.1["code"], 21_710);
    assert_eq!(stage.delete(&format!("{service}/ChannelSenders/{sender}")).await, 204);
    assert_eq!(stage.post_form(&pool, &[("Sid", &sender)]).await.1["messaging_service_sid"], second);
    assert_eq!(stage.get(&pool).await.1["senders"][0]["sender_type"], "WhatsApp");
    assert_eq!(stage.delete(&service).await, 204);
    assert_eq!(stage.get("/v1/Services").await.1["services"].as_array().unwrap().len(), 1);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failing_webhook_goes_to_the_fallback_and_a_proxy_spoils_signatures() {
    let mut stage = Stage::start().await;
    let fallback =
        AccountPatch { fallback_url: Some(format!("{}/fallback", stage.receiver.url)), ..AccountPatch::default() };
    stage.patch_account(fallback).await;
    stage.receiver.answer_with(&[500]);
    let note = Inbound { sender: stage.account.account_sid.clone(), ..text("Hi") };
    assert!(!stage.admin.inbound(&note).await.unwrap().delivered);
    let first = stage.receiver.next().await;
    let second = stage.receiver.next().await;
    assert!(second.url.ends_with("/fallback") && second.is_signed_by_twilio(&stage.account.auth_token));
    assert_eq!((second.field("ErrorCode").as_deref(), second.field("ErrorUrl")), (Some("11200"), Some(first.url)));

    stage.patch(json!({ "sign_as_url_host": "https://gw.example.com" })).await;
    let hook = stage.write(text("Hi")).await;
    assert!(!hook.is_signed_by_twilio(&stage.account.auth_token));
    let there = support::Hook { url: "https://gw.example.com/hooks/inbound".to_owned(), ..hook };
    assert!(there.is_signed_by_twilio(&stage.account.auth_token));
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parent_reaches_the_messages_of_its_sub_account_only() {
    let stage = Stage::start().await;
    let parent = stage.admin.create_twilio(&NewTwilioAccount::default()).await.unwrap();
    let own = stage.path("/Messages.json");
    let as_parent = |path: String| {
        let url = format!("{}{path}", stage.simulator.base_url());
        let request = http().get(url).basic_auth(&parent.account_sid, Some(&parent.auth_token));
        async move { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(as_parent(own.clone()).await, 404);
    stage.patch(json!({ "parent_account_sid": parent.account_sid })).await;
    assert_eq!(as_parent(own).await, 200);
    assert_eq!(as_parent(format!("/v2/Channels/Senders/{}", stage.account.sender_sid)).await, 404);
    let (_, account) = stage.get(&stage.path(".json")).await;
    assert_eq!(account["owner_account_sid"], parent.account_sid.as_str());
    assert_eq!(stage.get(&stage.path("/Balance.json")).await.0, 404);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn typing_marks_as_read_and_usage_counts() {
    let mut stage = Stage::start().await;
    let first = stage.write(text("Are you there?")).await.field("MessageSid").unwrap();
    let second = stage.write(text("Hello?")).await.field("MessageSid").unwrap();
    let by_form = "/v2/Indicators/Typing.json";
    assert_eq!(
        stage.post_form(by_form, &[("channel", "whatsapp"), ("messageId", &second)]).await,
        (200, json!({ "success": true }))
    );
    let phone = stage.phone().await;
    assert!(phone.typing && phone.messages[1].typing);
    assert!(phone.messages.iter().all(|message| message.status == Status::Read));
    let by_json = "/v3/Indicators/Typing.json";
    let asked = json!({ "channel": "WHATSAPP", "messageId": first });
    assert_eq!(stage.post_json(by_json, &asked).await.0, 200);
    for asked in [
        json!({ "channel": "whatsapp", "messageId": first }),
        json!({ "channel": "WHATSAPP" }),
        json!({ "channel": "WHATSAPP", "messageId": first, "x": 1 }),
    ] {
        assert_eq!(stage.post_json(by_json, &asked).await.0, 400, "{asked}");
    }
    assert_eq!(stage.post_form(by_form, &[("channel", "whatsapp"), ("messageId", "SM1")]).await.0, 404);
    let answer = stage.send_read(&[("Body", "Yes")]).await;
    assert!(!stage.phone().await.typing);
    assert_eq!(
        stage.post_form(by_form, &[("channel", "whatsapp"), ("messageId", &answer)]).await.0,
        404,
        "not the customer's"
    );

    let (_, usage) = stage.get(&stage.path("/Usage/Records/Today.json?Category=channels-whatsapp")).await;
    let record = &usage["usage_records"][0];
    assert_eq!((&record["count"], &record["price"]), (&json!("3"), &json!("0.015000")));
    assert_eq!(stage.get(&stage.path("/Usage/Records/Someday.json")).await.0, 404);
    stage.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keywords_are_obeyed_where_the_service_listens_for_them() {
    let mut stage = Stage::start().await;
    assert_eq!(stage.write(text("stop")).await.field("OptOutType"), None);
    stage.patch(json!({ "advanced_opt_out": true })).await;
    for (word, kind, expected) in [("Stop ", "STOP", 400), ("help", "HELP", 400), ("START", "START", 201)] {
        assert_eq!(stage.write(text(word)).await.field("OptOutType").as_deref(), Some(kind));
        let (status, answer) = stage.send(&[("Body", "x")]).await;
        assert_eq!(status, expected, "{word} → {answer}");
        assert!(status == 201 || answer["code"] == 21_610);
    }
    stage.stop().await;
}
