//! What survives the end of the process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use std::io::Write as _;
use std::path::Path;

use duplex_simulator::{
    AccountPatch, AccountView, Content, DEFAULT_CUSTOMER, DirectCredentials, Inbound, InboundContent, InboundFile,
    NewDirectAccount, NewTwilioAccount, Pace, Simulator, SimulatorConfig, SimulatorError, Status,
};
use serde_json::{Value, json};
use support::{Receiver, http, start};

fn config(folder: &Path) -> SimulatorConfig {
    SimulatorConfig { data_dir: Some(folder.to_owned()), pace: Pace::IMMEDIATE, ..SimulatorConfig::default() }
}

async fn send(simulator: &Simulator, account: &DirectCredentials, correlation: &str) -> Value {
    let url = format!("{}/v25.0/{}/messages", simulator.base_url(), account.phone_number_id);
    let body = json!({ "messaging_product": "whatsapp", "to": DEFAULT_CUSTOMER, "type": "text", "biz_opaque_callback_data": correlation, "text": { "body": "x" } });
    http().post(url).bearer_auth(&account.access_token).json(&body).send().await.unwrap().json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_accepted_message_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    // Nothing happens before the restart.
    let slow = Pace { sent_ms: 3_600_000, delivered_ms: 3_600_000, read_ms: None };
    let (first, admin) = start(SimulatorConfig { pace: slow, ..config(folder.path()) }).await;
    let account = admin
        .create_direct(&NewDirectAccount {
            callback_url: Some("http://127.0.0.1:9/".to_owned()),
            ..NewDirectAccount::default()
        })
        .await
        .unwrap();
    let id = send(&first, &account, "gw:1").await["messages"][0]["id"].clone();
    // The file has the message although nothing was closed: a killed process leaves the same.
    let ledger = std::fs::read_to_string(folder.path().join("ledger.jsonl")).unwrap();
    assert!(ledger.contains("gw:1"));
    first.stop().await;
    std::fs::OpenOptions::new()
        .append(true)
        .open(folder.path().join("ledger.jsonl"))
        .unwrap()
        .write_all(b"{\"seq\":99,\"at\"")
        .unwrap();

    let mut receiver = Receiver::start().await;
    let (second, admin) = start(SimulatorConfig { pace: slow, ..config(folder.path()) }).await;
    let patch = AccountPatch { callback_url: Some(receiver.url.clone()), ..AccountPatch::default() };
    admin.patch_account(&account.phone_number_id, &patch).await.unwrap();
    second.stop().await;

    let (third, admin) = start(config(folder.path())).await;
    let statuses = receiver.statuses(3).await;
    assert!(statuses.iter().all(|status| status["id"] == id));
    assert_eq!(send(&third, &account, "gw:1").await["messages"].as_array().unwrap().len(), 1);
    receiver.statuses(3).await;
    assert_eq!(admin.summary().await.unwrap().repeated["gw:1"], 2);
    third.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_that_were_not_taken_go_out_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start().await;
    let (first, admin) = start(config(folder.path())).await;
    let account = admin
        .create_direct(&NewDirectAccount { callback_url: Some(receiver.url.clone()), ..NewDirectAccount::default() })
        .await
        .unwrap();
    receiver.answer_with(&[500; 3]);
    send(&first, &account, "gw:1").await;
    receiver.next().await;
    first.stop().await;
    let (second, admin) = start(config(folder.path())).await;
    let mut words = Vec::new();
    while !["sent", "delivered", "read"].iter().all(|word| words.contains(&word.to_string())) {
        words.extend(receiver.statuses(1).await.iter().map(|status| status["status"].as_str().unwrap().to_owned()));
    }
    let conversation = admin.conversation(&account.phone_number_id, DEFAULT_CUSTOMER).await.unwrap().unwrap();
    assert_eq!(conversation.messages[0].status, Status::Read);
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_ledger_is_compacted_and_the_counts_stay() {
    let folder = tempfile::tempdir().unwrap();
    let small = SimulatorConfig { retained_messages: 4, ..config(folder.path()) };
    let (first, admin) = start(small.clone()).await;
    let account =
        admin.create_direct(&NewDirectAccount { callback_url: None, ..NewDirectAccount::default() }).await.unwrap();
    for i in 0..6 {
        send(&first, &account, &format!("gw:{i}")).await;
    }
    first.stop().await;
    let path = folder.path().join("ledger.jsonl");
    let line = |seq: u64| {
        format!(
            "{{\"seq\":{seq},\"at\":0,\"event\":{{\"type\":\"refused\",\"account\":\"1\",\"person\":\"+15551230001\",\"code\":1}}}}\n"
        )
    };
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all((1_000..13_000).map(line).collect::<String>().as_bytes()).unwrap();

    let (second, admin) = start(small).await;
    assert!(std::fs::read_to_string(&path).unwrap().lines().count() < 50);
    let totals = admin.summary().await.unwrap().totals;
    assert_eq!((totals.accepted, totals.refused), (6, 12_000));
    let entries = admin.ledger(0, 10_000).await.unwrap();
    assert!(entries[0].seq > 12_999 && entries.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    send(&second, &account, "gw:7").await;
    assert_eq!(admin.summary().await.unwrap().totals.accepted, 7);
    second.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_twilio_keeps_and_what_was_marked_outlives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start().await;
    let (first, admin) = start(config(folder.path())).await;
    let inbound_url = Some(receiver.url.clone());
    let account = admin.create_twilio(&NewTwilioAccount { inbound_url, ..NewTwilioAccount::default() }).await.unwrap();
    let sid = account.account_sid.clone();
    let call = |simulator: &Simulator, path: String, form: Vec<(&'static str, String)>| {
        let url = format!("{}{path}", simulator.base_url());
        let request = http().post(url).basic_auth(&account.account_sid, Some(&account.auth_token)).form(&form);
        async move { request.send().await.unwrap().json::<Value>().await.unwrap() }
    };
    let messages = format!("/2010-04-01/Accounts/{sid}/Messages");
    let at = (chrono::Utc::now() + chrono::Duration::hours(1)).to_rfc3339();
    let form = vec![
        ("From", account.sender_number.clone()),
        ("To", "whatsapp:+447700900123".to_owned()),
        ("Body", "later".to_owned()),
        ("MessagingServiceSid", account.messaging_service_sid.clone()),
        ("ScheduleType", "fixed".to_owned()),
        ("SendAt", at),
    ];
    let scheduled = call(&first, format!("{messages}.json"), form).await["sid"].as_str().unwrap().to_owned();
    let file = InboundFile { caption: Some("Like this".to_owned()), ..InboundFile::default() };
    let content = Some(InboundContent::Image(file));
    let image = admin.inbound(&Inbound { sender: sid.clone(), content, ..Inbound::default() }).await.unwrap();
    receiver.next().await;
    let typing = vec![("channel", "whatsapp".to_owned()), ("messageId", image.message_id.clone())];
    call(&first, "/v2/Indicators/Typing.json".to_owned(), typing).await;
    let hooked = vec![("FriendlyName", "kept".to_owned())];
    let service = call(&first, "/v1/Services".to_owned(), hooked).await["sid"].as_str().unwrap().to_owned();
    call(&first, format!("{messages}/{scheduled}.json"), vec![("Status", "canceled".to_owned())]).await;
    call(&first, format!("{messages}/{}.json", image.message_id), vec![("Body", String::new())]).await;
    let state = serde_json::Map::from_iter([("quality_rating".to_owned(), json!("MEDIUM"))]);
    admin.patch_account(&sid, &AccountPatch { state: Some(state), ..AccountPatch::default() }).await.unwrap();
    first.stop().await;

    let (second, admin) = start(config(folder.path())).await;
    let shown = admin.conversation(&sid, DEFAULT_CUSTOMER).await.unwrap().unwrap().messages;
    assert_eq!((shown[0].status, shown[1].status), (Status::Canceled, Status::Read));
    let Content::Image(file) = &shown[1].content else { panic!("{shown:?}") };
    assert_eq!(http().get(file.url.as_deref().unwrap()).send().await.unwrap().status(), 200);
    let AccountView::Twilio(kept) = admin.accounts().await.unwrap().remove(0) else { panic!("an account of Twilio") };
    assert_eq!(kept.state.quality_rating, "MEDIUM");
    let renamed = call(&second, format!("/v1/Services/{service}"), vec![("Usecase", "x".to_owned())]).await;
    assert_eq!(renamed["friendly_name"], "kept");
    let path = format!("{}{messages}/{}.json", second.base_url(), image.message_id);
    let fetched = http().get(path).basic_auth(&account.account_sid, Some(&account.auth_token)).send().await.unwrap();
    assert_eq!(fetched.json::<Value>().await.unwrap()["body"], "", "redacted");
    second.stop().await;
    receiver.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_ledger_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ledger.jsonl"), "{\"seq\":1}\n").unwrap();
    assert!(matches!(
        duplex_simulator::start(config(folder.path())).await,
        Err(SimulatorError::Damaged { offset: 0, .. })
    ));
}
