//! Numbers, accounts, tokens, subscriptions and webhooks of every field of the direct provider, healthy and not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use duplex_simulator::{AccountPatch, DEFAULT_CUSTOMER, Inbound, NewNotice};
use reqwest::Method;
use serde_json::{Value, json};
use support::VERIFY_TOKEN;
use support::graph::{Graph, answer};

const TEXT: &str = "text";

async fn health(graph: &Graph) -> Value {
    graph.get(&format!("{}?fields=health_status", graph.number())).await.ok()["health_status"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_tells_what_it_is_good_for() {
    let graph = Graph::start().await;
    let path = format!("debug_token?input_token={}", graph.account.access_token);
    let debug =
        || async { answer(graph.request_as(&graph.app_token(), Method::GET, &path)).await.ok()["data"].clone() };
    let data = debug().await;
    assert_eq!(
        (&data["is_valid"], &data["type"], &data["expires_at"]),
        (&json!(true), &json!("SYSTEM_USER"), &json!(0))
    );
    assert_eq!(data["granular_scopes"][0]["target_ids"], json!([graph.account.waba_id]));
    assert_eq!(graph.get(&path).await.ok()["data"]["is_valid"], true);

    for (state, subcode) in [
        (json!({ "token_state": "expired" }), 463),
        (json!({ "token_state": "revoked" }), 460),
        (json!({ "token_state": "valid", "token_expires_at": 1_763_000_001 }), 463),
    ] {
        graph.set_state(state).await;
        let data = debug().await;
        assert_eq!((&data["is_valid"], &data["error"]["subcode"]), (&json!(false), &json!(subcode)));
        assert_eq!(graph.send(TEXT, json!({ "body": "x" })).await.refusal(), (401, 190, subcode));
        assert_eq!(graph.get(graph.number()).await.refusal(), (401, 190, subcode));
    }
    graph.set_state(json!({ "token_expires_at": 4_000_000_000_i64, "token_type": "USER", "scopes": ["whatsapp_business_management"] })).await;
    let data = debug().await;
    assert_eq!((&data["expires_at"], &data["type"]), (&json!(4_000_000_000_i64), &json!("USER")));
    assert_eq!(data["scopes"], json!(["whatsapp_business_management"]));
    assert_eq!(graph.send(TEXT, json!({ "body": "x" })).await.refusal(), (403, 10, 0));
    graph.get(graph.number()).await.ok();
    graph.set_state(json!({ "scopes": ["whatsapp_business_messaging"] })).await;
    graph.send(TEXT, json!({ "body": "x" })).await.ok();
    assert_eq!(graph.get(graph.waba()).await.refusal(), (403, 10, 0));

    graph.set_state(json!({ "scopes": null, "granular_targets": ["300000000000009"] })).await;
    assert_eq!(graph.get(graph.waba()).await.refusal(), (403, 200, 0));
    assert_eq!(graph.send(TEXT, json!({ "body": "x" })).await.refusal(), (403, 200, 0));
    assert_eq!(debug().await["granular_scopes"][0]["target_ids"], json!(["300000000000009"]));
    graph.set_state(json!({ "granular_targets": [] })).await;
    assert_eq!(debug().await["granular_scopes"][0].get("target_ids"), None);
    graph.get(graph.waba()).await.ok();

    let other = graph.admin.create_direct(&Default::default()).await.unwrap();
    let app_token = format!("{}|{}", other.app_id, other.app_secret);
    assert_eq!(answer(graph.request_as(&app_token, Method::GET, &path)).await.refusal(), (400, 100, 0));
    let wrong = format!("{}|wrong", graph.account.app_id);
    assert_eq!(answer(graph.request_as(&wrong, Method::GET, &path)).await.refusal().1, 190);
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_an_account_shows_and_stops_its_sends() {
    let graph = Graph::start().await;
    assert_eq!(health(&graph).await["can_send_message"], "AVAILABLE");
    for (state, code) in [
        (json!({ "number_status": "BANNED" }), 131_031),
        (json!({ "number_status": "DISCONNECTED" }), 133_010),
        (json!({ "number_status": "RESTRICTED" }), 131_048),
        (json!({ "number_status": "RATE_LIMITED" }), 130_429),
        (json!({ "registered": false }), 133_010),
        (json!({ "name_status": "DECLINED" }), 131_037),
        (json!({ "payment_missing": true }), 131_042),
        (json!({ "waba_status": "BANNED" }), 131_031),
        (json!({ "health": { "BUSINESS": { "can_send_message": "BLOCKED" } } }), 131_031),
    ] {
        let reset: serde_json::Map<_, _> =
            state.as_object().unwrap().keys().map(|name| (name.clone(), Value::Null)).collect();
        graph.set_state(state.clone()).await;
        assert_eq!(graph.send(TEXT, json!({ "body": "x" })).await.refusal().1, code, "{state}");
        graph.set_state(Value::Object(reset)).await;
        graph.send(TEXT, json!({ "body": "x" })).await.ok();
    }
    graph.set_state(json!({
        "number_status": "FLAGGED", "quality_rating": "RED", "name_status": "PENDING_REVIEW", "account_mode": "SANDBOX",
        "throughput": "HIGH", "messaging_limit": "TIER_UNLIMITED", "code_verification_status": "EXPIRED",
        "payment_missing": true, "business_verified": false,
        "health": { "APP": { "can_send_message": "LIMITED", "errors": [
            { "error_code": 141_002, "error_description": "The app is limited.", "possible_solution": "Finish its review." }
        ] } },
    })).await;
    let number = graph.get(graph.number()).await.ok();
    for (field, value) in [
        ("status", json!("FLAGGED")),
        ("quality_rating", json!("RED")),
        ("name_status", json!("PENDING_REVIEW")),
        ("account_mode", json!("SANDBOX")),
        ("throughput", json!({ "level": "HIGH" })),
        ("whatsapp_business_manager_messaging_limit", json!("TIER_UNLIMITED")),
        ("code_verification_status", json!("EXPIRED")),
    ] {
        assert_eq!(number[field], value, "{field}");
    }
    let health = &number["health_status"];
    assert_eq!(health["can_send_message"], "BLOCKED");
    let words: Vec<&Value> =
        health["entities"].as_array().unwrap().iter().map(|entity| &entity["can_send_message"]).collect();
    assert_eq!(words, ["LIMITED", "BLOCKED", "LIMITED", "LIMITED"]);
    assert_eq!(health["entities"][1]["errors"][0]["error_code"], 141_006);
    assert_eq!(health["entities"][3]["errors"][0]["error_code"], 141_002);

    let bad =
        AccountPatch { state: json!({ "number_status": "ASLEEP" }).as_object().cloned(), ..AccountPatch::default() };
    assert!(graph.admin.patch_account(graph.number(), &bad).await.unwrap_err().to_string().contains("ASLEEP"));
    let bad = AccountPatch { state: json!({ "colour": 1 }).as_object().cloned(), ..AccountPatch::default() };
    assert!(graph.admin.patch_account(graph.number(), &bad).await.unwrap_err().to_string().contains("colour"));
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_stay_away_when_the_app_is_wired_wrongly() {
    let mut graph = Graph::start().await;
    let hello = Inbound { sender: graph.number().to_owned(), text: "Hi".to_owned(), ..Inbound::default() };
    for state in [
        json!({ "app_mode": "development" }),
        json!({ "subscribed": false }),
        json!({ "fields": ["account_update"] }),
        json!({ "callback_url": null }),
    ] {
        let undo =
            json!({ "app_mode": null, "subscribed": true, "fields": ["messages"], "callback_url": graph.receiver.url });
        graph.set_state(state.clone()).await;
        assert_eq!(graph.admin.inbound(&hello).await.unwrap().url, None, "{state}");
        graph.set_state(undo).await;
        assert!(graph.admin.inbound(&hello).await.unwrap().delivered);
        graph.receiver.next().await;
    }
    let apps = format!("{}/subscribed_apps", graph.waba());
    graph.set_state(json!({ "subscribed": false, "other_apps": [{ "id": "1", "name": "Another" }] })).await;
    let listed = graph.get(&apps).await.ok();
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);
    assert_eq!(listed["data"][0]["whatsapp_business_api_data"]["name"], "Another");
    graph.set_state(json!({ "subscribed": true, "app_secret": "another-secret" })).await;
    graph.admin.inbound(&hello).await.unwrap();
    let hook = graph.receiver.next().await;
    assert!(!hook.is_signed_by_meta(&graph.account.app_secret) && hook.is_signed_by_meta("another-secret"));
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn overrides_lead_messages_elsewhere_and_nothing_else() {
    let mut graph = Graph::start().await;
    let mut elsewhere = support::Receiver::start().await;
    let apps = format!("{}/subscribed_apps", graph.waba());
    let wanted = json!({ "override_callback_uri": elsewhere.url, "verify_token": VERIFY_TOKEN });
    graph.post(&apps, &json!({ "override_callback_uri": elsewhere.url, "verify_token": "wrong" })).await;
    assert_eq!(graph.get(&apps).await.ok()["data"][0].get("override_callback_uri"), None);
    graph.post(&apps, &wanted).await.ok();
    assert_eq!(graph.get(&apps).await.ok()["data"][0]["override_callback_uri"], elsewhere.url.as_str());
    let hello = Inbound { sender: graph.number().to_owned(), text: "Hi".to_owned(), ..Inbound::default() };
    assert!(graph.admin.inbound(&hello).await.unwrap().delivered);
    assert!(elsewhere.next().await.body.contains("Hi"));

    let review = NewNotice {
        account: graph.number().to_owned(),
        field: "account_review_update".to_owned(),
        value: json!({ "decision": "APPROVED" }),
    };
    let result = graph.admin.notify(&review).await.unwrap();
    assert_eq!((result.delivered, result.url.as_deref()), (true, Some(graph.receiver.url.as_str())));
    assert_eq!(graph.change("account_review_update").await, json!({ "decision": "APPROVED" }));
    let unknown = NewNotice { field: "calls".to_owned(), ..review.clone() };
    assert_eq!(graph.admin.notify(&unknown).await.unwrap().url, None);

    let webhook = json!({ "webhook_configuration": { "override_callback_uri": graph.receiver.url, "verify_token": VERIFY_TOKEN } });
    graph.post(graph.number(), &webhook).await.ok();
    assert!(graph.admin.inbound(&hello).await.unwrap().delivered);
    assert!(graph.receiver.next().await.body.contains("Hi"));
    let shown = graph.get(&format!("{}?fields=webhook_configuration", graph.number())).await.ok();
    assert_eq!(shown["webhook_configuration"]["whatsapp_business_account"], elsewhere.url.as_str());
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn subscriptions_need_the_app_token_known_fields_and_the_handshake() {
    let graph = Graph::start().await;
    let path = format!("{}/subscriptions", graph.account.app_id);
    let subscribe = |token: String, verify: &'static str, fields: &'static str| {
        let form = [
            ("object", "whatsapp_business_account"),
            ("callback_url", &*graph.receiver.url),
            ("verify_token", verify),
            ("fields", fields),
        ];
        answer(graph.request_as(&token, Method::POST, &path).form(&form))
    };
    assert_eq!(subscribe(graph.app_token(), "wrong", "messages").await.refusal(), (400, 2_200, 0));
    assert_eq!(subscribe(graph.app_token(), VERIFY_TOKEN, "messages,colours").await.refusal(), (400, 100, 0));
    assert_eq!(subscribe(graph.account.access_token.clone(), VERIFY_TOKEN, "messages").await.refusal(), (401, 190, 0));
    subscribe(graph.app_token(), VERIFY_TOKEN, "messages,security").await.ok();
    let listed = answer(graph.request_as(&graph.app_token(), Method::GET, &path)).await.ok();
    assert_eq!(listed["data"][0]["fields"][1]["name"], "security");
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_registered_with_their_pin() {
    let mut graph = Graph::start().await;
    let number = graph.number().to_owned();
    let register = |pin: &str| json!({ "messaging_product": "whatsapp", "pin": pin });
    let path = format!("{number}/register");
    assert_eq!(graph.post(&path, &register("12")).await.refusal(), (400, 100, 0));
    graph.post(&path, &register("123456")).await.ok();
    assert_eq!(graph.post(&path, &register("654321")).await.refusal(), (400, 133_005, 0));
    graph.post(&number, &json!({ "pin": "654321" })).await.ok();
    assert_eq!(graph.change("security").await["event"], "PIN_CHANGED");

    let leave = format!("{number}/deregister");
    graph.post(&leave, &json!({})).await.ok();
    assert_eq!(graph.send(TEXT, json!({ "body": "x" })).await.refusal(), (400, 133_010, 0));
    assert_eq!(graph.post(&leave, &json!({})).await.refusal(), (400, 133_010, 0));
    for _ in 0..7 {
        graph.post(&path, &register("654321")).await.ok();
    }
    assert_eq!(graph.post(&path, &register("654321")).await.refusal(), (400, 133_016, 0));

    graph.set_state(json!({ "code_verification_status": "NOT_VERIFIED" })).await;
    assert_eq!(graph.post(&path, &register("654321")).await.refusal(), (400, 133_006, 0));
    let ask = json!({ "code_method": "SMS", "language": "en_US" });
    graph.post(&format!("{number}/request_code"), &ask).await.ok();
    assert_eq!(graph.post(&format!("{number}/verify_code"), &json!({ "code": "000000" })).await.refusal().1, 136_024);
    graph.post(&format!("{number}/verify_code"), &json!({ "code": "123830" })).await.ok();
    assert_eq!(graph.post(&format!("{number}/request_code"), &ask).await.refusal().1, 136_024);
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_and_the_profile_are_kept() {
    let mut graph = Graph::start().await;
    let number = graph.number().to_owned();
    let settings = format!("{number}/settings");
    graph.post(&settings, &json!({ "user_identity_change": { "enable_identity_key_check": true } })).await.ok();
    graph.post(&settings, &json!({ "storage_configuration": { "enabled": true, "region": "DE" } })).await.ok();
    let shown = graph.get(&settings).await.ok();
    assert_eq!(shown["user_identity_change"]["enable_identity_key_check"], true);
    assert_eq!(shown["storage_configuration"]["data_localization_region"], "DE");
    assert_eq!(graph.post(&settings, &json!({})).await.refusal().1, 100);

    let changed: Inbound =
        serde_json::from_value(json!({ "sender": number, "content": { "kind": "identity_change" } })).unwrap();
    graph.admin.inbound(&changed).await.unwrap();
    let hash = graph.change("messages").await["messages"][0]["system"]["identity"].clone();
    assert!(hash.is_string());
    let message = |hash: &Value| {
        json!({ "messaging_product": "whatsapp", "to": DEFAULT_CUSTOMER, "type": "text",
            "text": { "body": "x" }, "recipient_identity_key_hash": hash })
    };
    let path = format!("{number}/messages");
    graph.post(&path, &message(&json!("old"))).await.ok();
    assert_eq!(graph.late_code().await, 137_000);
    graph.post(&path, &message(&hash)).await.ok();
    graph.receiver.statuses(3).await;

    let profile = format!("{number}/whatsapp_business_profile");
    let set = |more: Value| {
        let mut wanted = json!({ "messaging_product": "whatsapp" });
        wanted.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        wanted
    };
    graph
        .post(
            &profile,
            &set(json!({ "about": "Tea since 1871", "websites": ["https://acme.example"], "vertical": "RETAIL" })),
        )
        .await
        .ok();
    graph.post(&profile, &set(json!({ "email": "hello@acme.example" }))).await.ok();
    let shown = graph.get(&format!("{profile}?fields=about,email,websites")).await.ok();
    assert_eq!(
        shown["data"][0],
        json!({ "messaging_product": "whatsapp", "about": "Tea since 1871",
        "email": "hello@acme.example", "websites": ["https://acme.example"] })
    );
    for wrong in [
        json!({ "about": "x".repeat(140) }),
        json!({ "email": "nobody" }),
        json!({ "vertical": "TEA" }),
        json!({ "websites": ["a", "b", "c"] }),
        json!({ "profile_picture_handle": "4::unknown" }),
    ] {
        assert_eq!(graph.post(&profile, &set(wrong.clone())).await.refusal().1, 100, "{wrong}");
    }
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn management_calls_are_counted_and_end() {
    let graph = Graph::start().await;
    graph.set_state(json!({ "management_calls_per_hour": 4 })).await;
    let first = graph.get(graph.number()).await;
    let header = |answer: &support::graph::Answer, name: &str| -> Value {
        serde_json::from_str(answer.headers[name].to_str().unwrap()).unwrap()
    };
    assert_eq!(header(&first, "x-app-usage")["call_count"], 25);
    assert_eq!(header(&first, "x-business-use-case-usage")[graph.waba()][0]["call_count"], 25);
    for _ in 0..3 {
        graph.get(graph.number()).await.ok();
    }
    let beyond = graph.get(graph.number()).await;
    assert_eq!(beyond.refusal(), (400, 80_007, 0));
    assert_eq!(header(&beyond, "x-business-use-case-usage")[graph.waba()][0]["estimated_time_to_regain_access"], 60);
    graph.send(TEXT, json!({ "body": "x" })).await.ok();
    graph.simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_ids_and_fields_are_told_in_the_envelope() {
    let graph = Graph::start().await;
    assert_eq!(graph.get("1/colours").await.refusal(), (400, 100, 0));
    assert_eq!(graph.get("999").await.refusal(), (400, 100, 33));
    assert_eq!(graph.get(&format!("{}?fields=colour", graph.number())).await.refusal(), (400, 100, 0));
    let answer = graph.get("1/colours").await;
    assert!(answer.body["error"]["fbtrace_id"].is_string());
    assert_eq!(answer.headers["facebook-api-version"], "v25.0");
    let account = graph
        .get(&format!(
            "{}?fields=currency,timezone_id,analytics.start(1).end(2).country_codes([\"GB\",\"DE\"])",
            graph.waba()
        ))
        .await
        .ok();
    assert_eq!(account, json!({ "id": graph.account.waba_id, "currency": "USD", "timezone_id": "1" }));
    graph.simulator.stop().await;
}
