//! The direct provider, driven over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use duplex_simulator::{
    AccountPatch, DEFAULT_CUSTOMER, DirectCredentials, Inbound, NewDirectAccount, Simulator, Status, WindowChange,
    WindowPolicy,
};
use serde_json::{Value, json};
use support::{Receiver, VERIFY_TOKEN, http, simulator};

fn account_at(receiver: &Receiver) -> NewDirectAccount {
    NewDirectAccount {
        callback_url: Some(receiver.url.clone()),
        app_secret: Some("gateway-test-secret".to_owned()),
        ..NewDirectAccount::default()
    }
}

async fn post(simulator: &Simulator, account: &DirectCredentials, body: Value) -> (u16, Value) {
    let url = format!("{}/v25.0/{}/messages", simulator.base_url(), account.phone_number_id);
    let answer = http().post(url).bearer_auth(&account.access_token).json(&body).send().await.unwrap();
    assert!(answer.headers().contains_key("x-fb-trace-id"));
    assert_eq!(answer.headers()["facebook-api-version"], "v25.0");
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn get(simulator: &Simulator, token: &str, path: &str) -> (u16, Value) {
    let answer = http().get(format!("{}/v25.0/{path}", simulator.base_url())).bearer_auth(token).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

fn text_to(to: &str, body: &str) -> Value {
    json!({ "messaging_product": "whatsapp", "to": to, "type": "text", "biz_opaque_callback_data": "gw:1", "text": { "body": body } })
}

fn code(answer: &(u16, Value)) -> (u16, u64) {
    (answer.0, answer.1["error"]["code"].as_u64().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_accepted_sent_delivered_and_read() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = admin.create_direct(&account_at(&receiver)).await.unwrap();

    let (status, answer) = post(&simulator, &account, text_to(DEFAULT_CUSTOMER, "Grüße 😀")).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["contacts"][0]["wa_id"], "447700900123");
    let id = answer["messages"][0]["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("wamid."));

    let statuses = receiver.statuses(3).await;
    let mut words: Vec<&str> = statuses.iter().map(|status| status["status"].as_str().unwrap()).collect();
    words.sort_unstable();
    assert_eq!(words, ["delivered", "read", "sent"]);
    for status in &statuses {
        assert_eq!(status["id"], id.as_str());
        assert_eq!(status["biz_opaque_callback_data"], "gw:1");
        assert_eq!(status["recipient_id"], "447700900123");
        assert!(status["recipient_user_id"].as_str().unwrap().starts_with("GB."));
        assert!(status["timestamp"].is_string());
    }
    let sent = statuses.iter().find(|status| status["status"] == "sent").unwrap();
    assert_eq!(
        sent["pricing"],
        json!({ "billable": false, "pricing_model": "PMP", "type": "free_customer_service", "category": "service" })
    );

    let conversation = admin.conversation(&account.phone_number_id, DEFAULT_CUSTOMER).await.unwrap().unwrap();
    assert_eq!(conversation.messages[0].text, "Grüße 😀");
    assert_eq!(conversation.messages[0].status, Status::Read);
    let summary = admin.detailed_summary().await.unwrap();
    assert_eq!((summary.totals.accepted, summary.totals.delivered, summary.totals.read), (1, 1, 1));
    assert_eq!(summary.by_correlation.unwrap()["gw:1"].accepted, 1);
    assert!(summary.repeated.is_empty());
    simulator.stop().await;
    receiver.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_writes_and_the_webhook_is_signed() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = admin.create_direct(&account_at(&receiver)).await.unwrap();
    let message = Inbound {
        sender: account.display_phone_number.clone(),
        name: Some("Virtual Customer 李".to_owned()),
        text: "Is it ready?".to_owned(),
        reply_to: Some("wamid.X".to_owned()),
        ..Inbound::default()
    };
    let result = admin.inbound(&message).await.unwrap();
    assert_eq!((result.delivered, result.status), (true, Some(200)));
    let hook = receiver.next().await;
    assert!(hook.is_signed_by_meta("gateway-test-secret"));
    assert!(hook.body.contains(r"\u674e"));
    let body = hook.json();
    assert_eq!(body["entry"][0]["id"], account.waba_id.as_str());
    let value = &body["entry"][0]["changes"][0]["value"];
    assert_eq!(value["metadata"]["phone_number_id"], account.phone_number_id.as_str());
    assert_eq!(value["contacts"][0]["profile"]["name"], "Virtual Customer 李");
    assert_eq!(value["messages"][0]["id"], result.message_id.as_str());
    assert_eq!(value["messages"][0]["text"]["body"], "Is it ready?");
    assert_eq!(value["messages"][0]["context"]["id"], "wamid.X");

    let read = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": result.message_id, "typing_indicator": { "type": "text" } });
    assert_eq!(post(&simulator, &account, read).await, (200, json!({ "success": true })));
    let conversation = admin.conversation(&account.phone_number_id, DEFAULT_CUSTOMER).await.unwrap().unwrap();
    assert_eq!(conversation.messages[0].status, Status::Read);

    let user_id = value["messages"][0]["from_user_id"].as_str().unwrap();
    let to_id =
        json!({ "messaging_product": "whatsapp", "recipient": user_id, "type": "text", "text": { "body": "Yes" } });
    let (status, answer) = post(&simulator, &account, to_id).await;
    assert_eq!((status, &answer["contacts"][0]["user_id"]), (200, &json!(user_id)));
    let conversation = admin.conversation(&account.phone_number_id, DEFAULT_CUSTOMER).await.unwrap().unwrap();
    assert_eq!(conversation.messages.len(), 2);
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_window_refuses_free_form_late_and_lets_templates_through() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let wanted = NewDirectAccount { windows: WindowPolicy::Strict, greet: false, ..account_at(&receiver) };
    let account = admin.create_direct(&wanted).await.unwrap();
    assert_eq!(post(&simulator, &account, text_to("+447700900456", "Hello")).await.0, 200);
    let failed = receiver.statuses(1).await.remove(0);
    assert_eq!((&failed["status"], &failed["errors"][0]["code"]), (&json!("failed"), &json!(131_047)));

    let template = json!({ "messaging_product": "whatsapp", "to": "+447700900456", "type": "template", "template": {
        "name": "login_code", "language": { "code": "en_US" }, "components": [
            { "type": "body", "parameters": [{ "type": "text", "text": "493817" }] },
            { "type": "button", "sub_type": "url", "index": "0", "parameters": [{ "type": "text", "text": "493817" }] }
        ] } });
    let (status, answer) = post(&simulator, &account, template).await;
    assert_eq!((status, &answer["messages"][0]["message_status"]), (200, &json!("accepted")));
    let statuses = receiver.statuses(3).await;
    let sent = statuses.iter().find(|status| status["status"] == "sent").unwrap();
    assert_eq!(sent["pricing"]["category"], "authentication");
    assert_eq!(sent["pricing"]["type"], "regular");

    let open = WindowChange { sender: account.phone_number_id.clone(), person: "+447700900456".to_owned(), open: true };
    admin.set_window(&open).await.unwrap();
    post(&simulator, &account, text_to("+447700900456", "Hello")).await;
    assert!(receiver.statuses(3).await.iter().any(|status| status["status"] == "read"));
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_in_order_is_refused_with_the_code_of_the_reference() {
    let (simulator, admin) = simulator().await;
    let account = admin.create_direct(&NewDirectAccount::default()).await.unwrap();
    let template = |name: &str, components: Value| {
        json!({ "messaging_product": "whatsapp", "to": DEFAULT_CUSTOMER, "type": "template",
        "template": { "name": name, "language": { "code": "en_US" }, "components": components } })
    };
    let cases = [
        (json!({ "to": DEFAULT_CUSTOMER, "type": "text", "text": { "body": "x" } }), (400, 100)),
        (json!({ "messaging_product": "whatsapp", "type": "text", "text": { "body": "x" } }), (400, 131_008)),
        (text_to("nobody", "x"), (400, 131_009)),
        (text_to(&account.display_phone_number, "x"), (400, 131_021)),
        (text_to(DEFAULT_CUSTOMER, ""), (400, 131_008)),
        (text_to(DEFAULT_CUSTOMER, &"x".repeat(4_097)), (400, 100)),
        (json!({ "messaging_product": "whatsapp", "to": DEFAULT_CUSTOMER, "type": "hologram" }), (400, 131_051)),
        (
            json!({ "messaging_product": "whatsapp", "to": DEFAULT_CUSTOMER, "type": "image", "image": {} }),
            (400, 131_008),
        ),
        (template("no_such_template", json!([])), (404, 132_001)),
        (template("login_code", json!([])), (400, 132_000)),
        (text_to("+15005550004", "x"), (400, 131_009)),
        (text_to("+15005550008", "x"), (401, 190)),
    ];
    for (body, expected) in cases {
        let answer = post(&simulator, &account, body.clone()).await;
        assert_eq!(code(&answer), expected, "{body} → {}", answer.1);
    }
    assert_eq!(code(&post(&simulator, &account, text_to("+15005550003", "x")).await), (400, 130_429));
    assert_eq!(post(&simulator, &account, text_to("+15005550003", "x")).await.0, 200);
    // The credentials are dead for every second message only: the first may be tried again.
    assert_eq!(post(&simulator, &account, text_to("+15005550008", "x")).await.0, 200);
    assert_eq!(code(&post(&simulator, &account, text_to("+15005550008", "x")).await), (401, 190));
    let summary = admin.summary().await.unwrap();
    assert_eq!((summary.totals.accepted, summary.totals.refused), (2, 13));
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_and_proofs_are_checked() {
    let (simulator, admin) = simulator().await;
    let wanted = NewDirectAccount {
        app_secret: Some("gateway-test-secret".to_owned()),
        access_token: Some("EAAGtesttoken".to_owned()),
        require_proof: true,
        ..NewDirectAccount::default()
    };
    let account = admin.create_direct(&wanted).await.unwrap();
    let other = admin.create_direct(&NewDirectAccount::default()).await.unwrap();
    let number = &account.phone_number_id;
    assert_eq!(code(&get(&simulator, "wrong", number).await), (401, 190));
    assert_eq!(code(&get(&simulator, &other.access_token, number).await), (403, 200));
    let unknown = get(&simulator, &other.access_token, "999").await;
    assert_eq!((code(&unknown), &unknown.1["error"]["error_subcode"]), ((400, 100), &json!(33)));
    assert_eq!(code(&get(&simulator, "EAAGtesttoken", number).await), (400, 100));
    let proof = "c903198a0aefb39f95752f7ab2fa64c725ada58efc936bddfa87df237f7f69dc";
    let (status, info) =
        get(&simulator, "EAAGtesttoken", &format!("{number}?fields=status,health_status&appsecret_proof={proof}"))
            .await;
    assert_eq!((status, &info["status"], &info["verified_name"]), (200, &json!("CONNECTED"), &Value::Null));
    assert_eq!(info["health_status"]["can_send_message"], "AVAILABLE");

    let app_token = format!("{}|gateway-test-secret", account.app_id);
    let (_, token) = get(&simulator, &app_token, "debug_token?input_token=EAAGtesttoken").await;
    assert_eq!((&token["data"]["is_valid"], &token["data"]["app_id"]), (&json!(true), &json!(account.app_id)));
    let (status, dead) = get(&simulator, &app_token, "debug_token?input_token=gone").await;
    assert_eq!((status, &dead["data"]["is_valid"]), (200, &json!(false)));
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_callback_is_saved_only_after_the_handshake() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = admin.create_direct(&NewDirectAccount::default()).await.unwrap();
    let url = format!("{}/v25.0/{}/subscriptions", simulator.base_url(), account.app_id);
    let app_token = format!("{}|{}", account.app_id, account.app_secret);
    let subscribe = |token: &'static str| {
        let form = [
            ("object", "whatsapp_business_account"),
            ("callback_url", &*receiver.url),
            ("verify_token", token),
            ("fields", "messages,account_update"),
        ];
        http().post(&url).bearer_auth(&app_token).form(&form).send()
    };
    assert_eq!(subscribe("wrong").await.unwrap().status(), 400);
    assert_eq!(subscribe(VERIFY_TOKEN).await.unwrap().status(), 200);
    let listed: Value = http().get(&url).bearer_auth(&app_token).send().await.unwrap().json().await.unwrap();
    assert_eq!(listed["data"][0]["fields"][1]["name"], "account_update");

    let apps = format!("{}/v25.0/{}/subscribed_apps", simulator.base_url(), account.waba_id);
    let subscribed = http().post(&apps).bearer_auth(&account.access_token).send().await.unwrap();
    assert_eq!(subscribed.json::<Value>().await.unwrap(), json!({ "success": true }));
    let hello = Inbound { sender: account.phone_number_id.clone(), text: "Hi".to_owned(), ..Inbound::default() };
    assert!(admin.inbound(&hello).await.unwrap().delivered);
    assert!(receiver.next().await.is_signed_by_meta(&account.app_secret));

    http().delete(&apps).bearer_auth(&account.access_token).send().await.unwrap();
    assert_eq!(admin.inbound(&hello).await.unwrap().url, None);
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn templates_are_listed_created_and_reviewed() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = admin.create_direct(&account_at(&receiver)).await.unwrap();
    let path = format!("{}/message_templates", account.waba_id);
    let (_, listed) = get(&simulator, &account.access_token, &format!("{path}?name=order_shipped")).await;
    assert_eq!((&listed["data"][0]["status"], &listed["data"][0]["language"]), (&json!("APPROVED"), &json!("en_GB")));
    let (_, first) = get(&simulator, &account.access_token, &format!("{path}?limit=2")).await;
    let after = first["paging"]["cursors"]["after"].as_str().unwrap();
    let (_, second) = get(&simulator, &account.access_token, &format!("{path}?limit=2&after={after}")).await;
    assert_ne!(first["data"][0]["name"], second["data"][0]["name"]);

    let new = json!({ "name": "new_teas", "language": "en", "category": "MARKETING", "components": [{ "type": "BODY", "text": "Hello {{1}}, new teas are in.", "example": { "body_text": [["Ada"]] } }] });
    let url = format!("{}/v25.0/{path}", simulator.base_url());
    let created = http().post(url).bearer_auth(&account.access_token).json(&new).send().await.unwrap();
    assert_eq!(created.json::<Value>().await.unwrap()["status"], "PENDING");
    let reviewed = receiver.next().await.json();
    let value = &reviewed["entry"][0]["changes"][0]["value"];
    assert_eq!((&value["event"], &value["message_template_name"]), (&json!("APPROVED"), &json!("new_teas")));
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_is_not_answered_with_200_comes_again() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = admin.create_direct(&NewDirectAccount::default()).await.unwrap();
    let patch = AccountPatch { callback_url: Some(receiver.url.clone()), ..AccountPatch::default() };
    admin.patch_account(&account.phone_number_id, &patch).await.unwrap();
    receiver.answer_with(&[500, 204]);
    let hello = Inbound { sender: account.phone_number_id.clone(), text: "Hi".to_owned(), ..Inbound::default() };
    let result = admin.inbound(&hello).await.unwrap();
    assert_eq!((result.delivered, result.status), (false, Some(500)));
    let first = receiver.next().await.json();
    receiver.next().await;
    let third = receiver.next().await.json();
    assert_eq!(first["entry"][0]["changes"], third["entry"][0]["changes"]);
    simulator.stop().await;
}
