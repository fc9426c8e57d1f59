//! Twilio, driven over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use duplex_simulator::{DEFAULT_CUSTOMER, Inbound, NewTwilioAccount, Simulator, TwilioCredentials, WindowPolicy};
use serde_json::{Value, json};
use support::{Hook, Receiver, http, simulator};

const CUSTOMER: &str = "whatsapp:+447700900123";

async fn send(simulator: &Simulator, account: &TwilioCredentials, form: &[(&str, &str)]) -> (u16, Value) {
    let url = format!("{}/2010-04-01/Accounts/{}/Messages.json", simulator.base_url(), account.account_sid);
    let answer =
        http().post(url).basic_auth(&account.account_sid, Some(&account.auth_token)).form(form).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn get(simulator: &Simulator, account: &TwilioCredentials, path: &str) -> (u16, Value) {
    let url = format!("{}{path}", simulator.base_url());
    let answer = http().get(url).basic_auth(&account.api_key_sid, Some(&account.api_key_secret)).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn hooks(receiver: &mut Receiver, wanted: usize) -> Vec<Hook> {
    let mut found = Vec::new();
    while found.len() < wanted {
        found.push(receiver.next().await);
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_is_queued_and_its_callbacks_are_signed() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = admin.create_twilio(&NewTwilioAccount::default()).await.unwrap();
    let callback = format!("{}/status?attempt=01J9Z#rc=3&rp=5xx,ct,rt", receiver.url);
    let form =
        [("From", &*account.sender_number), ("To", CUSTOMER), ("Body", "Grüße 😀"), ("StatusCallback", &callback)];
    let (status, message) = send(&simulator, &account, &form).await;
    assert_eq!((status, &message["status"], &message["direction"]), (201, &json!("queued"), &json!("outbound-api")));
    let sid = message["sid"].as_str().unwrap();
    assert!(sid.starts_with("SM") && sid.len() == 34);

    let calls = hooks(&mut receiver, 3).await;
    let mut words: Vec<String> = calls.iter().map(|call| call.field("MessageStatus").unwrap()).collect();
    words.sort();
    assert_eq!(words, ["delivered", "read", "sent"]);
    for call in &calls {
        assert!(call.is_signed_by_twilio(&account.auth_token), "{call:?}");
        assert!(call.url.ends_with("/status?attempt=01J9Z"), "{}", call.url);
        assert_eq!(call.field("MessageSid").as_deref(), Some(sid));
        assert_eq!(call.field("To").as_deref(), Some(CUSTOMER));
        assert_eq!(call.field("ChannelToAddress").as_deref(), Some("+44770090XXXX"));
    }
    let (status, fetched) =
        get(&simulator, &account, &format!("/2010-04-01/Accounts/{}/Messages/{sid}.json", account.account_sid)).await;
    assert_eq!((status, &fetched["status"], &fetched["body"]), (200, &json!("read"), &json!("Grüße 😀")));
    let summary = admin.detailed_summary().await.unwrap();
    assert_eq!(summary.by_correlation.unwrap()["01J9Z"].delivered, 1);
    simulator.stop().await;
    receiver.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_in_order_is_refused_with_the_code_of_the_reference() {
    let (simulator, admin) = simulator().await;
    let account = admin.create_twilio(&NewTwilioAccount::default()).await.unwrap();
    let from = ("From", &*account.sender_number);
    let to = ("To", CUSTOMER);
    let body = ("Body", "x");
    let long = "x".repeat(1_601);
    let hx = format!("HX{}", "0".repeat(32));
    type Case<'a> = (Vec<(&'a str, &'a str)>, (u16, u64));
    let cases: Vec<Case> = vec![
        (vec![from, body], (400, 21_604)),
        (vec![to, body], (400, 21_603)),
        (vec![from, to], (400, 21_619)),
        (vec![from, to, ("Body", &long)], (400, 21_617)),
        (vec![from, ("To", "+447700900123"), body], (400, 21_910)),
        (vec![from, ("To", "whatsapp:+44"), body], (400, 21_211)),
        (vec![("From", "whatsapp:+15550000000"), to, body], (400, 63_007)),
        (vec![from, ("To", &account.sender_number), body], (400, 63_031)),
        (vec![from, to, ("ContentSid", &hx)], (400, 21_655)),
        (vec![from, to, ("ContentSid", &hx), ("ContentVariables", r#"{"1":""}"#)], (400, 21_656)),
        (vec![from, to, body, ("ContentVariables", "{}")], (400, 21_654)),
        (vec![from, to, body, ("StatusCallback", "http://under_score/")], (400, 21_609)),
        (vec![from, ("To", "whatsapp:+15005550003"), body], (429, 20_429)),
        (vec![from, ("To", "whatsapp:+15005550004"), body], (400, 21_211)),
        (vec![from, ("To", "whatsapp:+15005550008"), body], (401, 20_003)),
        (vec![from, ("To", "whatsapp:+15005550009"), body], (400, 21_610)),
    ];
    let count = cases.len() as u64;
    for (form, expected) in cases {
        let (status, answer) = send(&simulator, &account, &form).await;
        assert_eq!((status, answer["code"].as_u64().unwrap()), expected, "{form:?} → {answer}");
        assert_eq!(answer["status"].as_u64().unwrap(), u64::from(expected.0));
        assert!(answer["more_info"].as_str().unwrap().ends_with(&expected.1.to_string()));
    }
    assert_eq!(admin.summary().await.unwrap().totals.refused, count);
    let again = send(&simulator, &account, &[from, ("To", "whatsapp:+15005550008"), body]).await;
    assert_eq!(again.0, 201, "what was refused for dead credentials passes when it is tried again: {}", again.1);
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_are_checked() {
    let (simulator, admin) = simulator().await;
    let wanted = NewTwilioAccount { secondary_auth_token: Some("second".to_owned()), ..NewTwilioAccount::default() };
    let account = admin.create_twilio(&wanted).await.unwrap();
    let other = admin.create_twilio(&NewTwilioAccount::default()).await.unwrap();
    let (own, foreign) = (
        format!("/2010-04-01/Accounts/{}", account.account_sid),
        format!("/2010-04-01/Accounts/{}", other.account_sid),
    );
    let cases = [
        (&*account.account_sid, &*account.auth_token, format!("{own}.json"), 200),
        (&account.account_sid, "second", format!("{own}/Messages.json?PageSize=1"), 200),
        (&account.account_sid, "wrong", format!("{own}.json"), 401),
        (&account.api_key_sid, &account.api_key_secret, format!("{own}/Messages.json"), 200),
        (&account.api_key_sid, &account.api_key_secret, format!("{own}.json"), 401),
        (&account.account_sid, &account.auth_token, format!("{foreign}/Messages.json"), 404),
        (&account.account_sid, &account.auth_token, format!("{own}/Messages/SM1.json"), 404),
        (&account.account_sid, &account.auth_token, format!("{own}/Messages.json?PageSize=1001"), 400),
    ];
    for (user, password, path, expected) in cases {
        let answer = http()
            .get(format!("{}{path}", simulator.base_url()))
            .basic_auth(user, Some(password))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), expected, "{user} {path}");
    }
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_are_found_by_person_and_day_and_paged() {
    let (simulator, admin) = simulator().await;
    let account = admin.create_twilio(&NewTwilioAccount::default()).await.unwrap();
    for i in 0..5 {
        let text = i.to_string();
        send(&simulator, &account, &[("From", &account.sender_number), ("To", CUSTOMER), ("Body", &text)]).await;
    }
    send(&simulator, &account, &[("From", &account.sender_number), ("To", "whatsapp:+15551230001"), ("Body", "other")])
        .await;
    let list = format!("/2010-04-01/Accounts/{}/Messages.json", account.account_sid);
    let query = format!(
        "{list}?To=whatsapp%3A%2B447700900123&From={}&DateSent%3E=2026-01-01&PageSize=2",
        account.sender_number.replace('+', "%2B")
    );
    let (mut next, mut bodies) = (Some(query), Vec::new());
    while let Some(path) = next {
        let (status, page) = get(&simulator, &account, &path).await;
        assert_eq!(status, 200, "{page}");
        bodies.extend(
            page["messages"].as_array().unwrap().iter().map(|message| message["body"].as_str().unwrap().to_owned()),
        );
        next = page["next_page_uri"].as_str().map(str::to_owned);
    }
    assert_eq!(bodies, ["4", "3", "2", "1", "0"]);
    let (_, none) = get(&simulator, &account, &format!("{list}?DateSent%3C=2020-01-01")).await;
    assert_eq!(none["messages"], json!([]));
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_writes_to_the_sender_that_was_configured_by_api() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = admin.create_twilio(&NewTwilioAccount::default()).await.unwrap();
    let (_, senders) = get(&simulator, &account, "/v2/Channels/Senders?Channel=whatsapp").await;
    assert_eq!(
        (&senders["senders"][0]["status"], &senders["senders"][0]["sid"]),
        (&json!("ONLINE"), &json!(account.sender_sid))
    );
    let url = format!("{}/v2/Channels/Senders/{}", simulator.base_url(), account.sender_sid);
    let webhook = json!({ "webhook": { "callback_url": format!("{}?channel=7#rc=2&rp=5xx", receiver.url) } });
    let updated = http()
        .post(url)
        .basic_auth(&account.account_sid, Some(&account.auth_token))
        .json(&webhook)
        .send()
        .await
        .unwrap();
    assert_eq!(updated.status(), 202);

    receiver.answer_with(&[503]);
    let hello =
        Inbound { sender: account.sender_number.clone(), text: "Is my order ready?".to_owned(), ..Inbound::default() };
    let result = admin.inbound(&hello).await.unwrap();
    assert_eq!((result.delivered, result.status), (false, Some(503)));
    for call in hooks(&mut receiver, 2).await {
        assert!(call.is_signed_by_twilio(&account.auth_token));
        assert!(call.url.ends_with("?channel=7"));
        assert_eq!(call.field("MessageSid"), Some(result.message_id.clone()));
        assert_eq!(call.field("WaId").as_deref(), Some("447700900123"));
        assert_eq!(call.field("Body").as_deref(), Some("Is my order ready?"));
    }
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_window_fails_free_form_late_and_lets_approved_contents_through() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let wanted = NewTwilioAccount {
        windows: WindowPolicy::Strict,
        greet: false,
        status_callback_url: Some(receiver.url.clone()),
        ..NewTwilioAccount::default()
    };
    let account = admin.create_twilio(&wanted).await.unwrap();
    let (from, to) = (("From", &*account.sender_number), ("To", CUSTOMER));
    assert_eq!(send(&simulator, &account, &[from, to, ("Body", "x")]).await.0, 201);
    let failed = receiver.next().await;
    assert_eq!(
        (failed.field("MessageStatus").as_deref(), failed.field("ErrorCode").as_deref()),
        (Some("failed"), Some("63016"))
    );

    let (_, contents) = get(&simulator, &account, "/v1/ContentAndApprovals?PageSize=100").await;
    let content = contents["contents"]
        .as_array()
        .unwrap()
        .iter()
        .find(|content| content["friendly_name"] == "order_shipped")
        .unwrap();
    assert_eq!(content["approval_requests"]["status"], "approved");
    let sid = content["sid"].as_str().unwrap();
    let (status, message) =
        send(&simulator, &account, &[from, to, ("ContentSid", sid), ("ContentVariables", r#"{"1":"Ada","2":"78"}"#)])
            .await;
    assert_eq!(status, 201, "{message}");
    assert!(message["sid"].as_str().unwrap().starts_with("MM"));
    hooks(&mut receiver, 3).await;
    let conversation = admin.conversation(&account.account_sid, DEFAULT_CUSTOMER).await.unwrap().unwrap();
    assert!(conversation.messages[1].text.starts_with("Hello Ada, order 78 has left our warehouse."));

    let url = format!("{}/v1/Content", simulator.base_url());
    let quick = json!({ "friendly_name": "q", "language": "en", "variables": { "1": "a" }, "types": { "twilio/quick-reply": { "body": "{{1}}", "actions": [{ "title": "Yes" }] } } });
    let created =
        http().post(url).basic_auth(&account.account_sid, Some(&account.auth_token)).json(&quick).send().await.unwrap();
    assert_eq!(created.status(), 201);
    let sid = created.json::<Value>().await.unwrap()["sid"].as_str().unwrap().to_owned();
    send(&simulator, &account, &[from, to, ("ContentSid", &sid), ("ContentVariables", r#"{"1":"Keep Friday?"}"#)])
        .await;
    assert_eq!(receiver.next().await.field("ErrorCode").as_deref(), Some("63016"));
    simulator.stop().await;
}
