//! Faults and magic numbers, the ledger as the judge, and the admin API's guard.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use std::time::Duration;

use duplex_simulator::{
    AdminClient, AdminError, ConversationQuery, DirectCredentials, Event, Fault, FaultKind, MAGIC_NUMBERS,
    NewDirectAccount, NewTwilioAccount, Simulator, SimulatorConfig, SimulatorError, Status,
};
use serde_json::{Value, json};
use support::{Receiver, http, simulator};

fn post(simulator: &Simulator, account: &DirectCredentials, to: &str) -> reqwest::RequestBuilder {
    let url = format!("{}/v25.0/{}/messages", simulator.base_url(), account.phone_number_id);
    let body = json!({ "messaging_product": "whatsapp", "to": to, "type": "text", "biz_opaque_callback_data": to, "text": { "body": "x" } });
    http().post(url).bearer_auth(&account.access_token).json(&body)
}

async fn account(admin: &AdminClient, receiver: &Receiver) -> DirectCredentials {
    let wanted = NewDirectAccount { callback_url: Some(receiver.url.clone()), ..NewDirectAccount::default() };
    admin.create_direct(&wanted).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_accepted_and_a_lost_request_is_not() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = account(&admin, &receiver).await;
    admin.set_faults(&[Fault::times(FaultKind::LostAnswer, 1), Fault::times(FaultKind::LostRequest, 1)]).await.unwrap();
    let first = post(&simulator, &account, "+15551230001").send().await.unwrap_err();
    let second = post(&simulator, &account, "+15551230002").send().await.unwrap_err();
    assert!(!first.is_connect() && !second.is_connect());
    assert_eq!(post(&simulator, &account, "+15551230003").send().await.unwrap().status(), 200);
    receiver.statuses(6).await;
    let accepted = admin.detailed_summary().await.unwrap().by_correlation.unwrap();
    assert_eq!(accepted.keys().collect::<Vec<_>>(), ["+15551230002", "+15551230003"]);
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn magic_numbers_lose_answers_fail_uncoded_and_never_deliver() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = account(&admin, &receiver).await;
    assert!(post(&simulator, &account, "+15005550005").send().await.is_err());
    receiver.statuses(3).await;
    let down = post(&simulator, &account, "+15005550006").send().await.unwrap();
    assert_eq!(down.status(), 503);
    assert!(down.text().await.unwrap().starts_with("<html>"));
    post(&simulator, &account, "+15005550001").send().await.unwrap();
    assert_eq!(receiver.statuses(1).await[0]["errors"][0]["code"], 131_026);
    post(&simulator, &account, "+15005550007").send().await.unwrap();
    assert_eq!(receiver.statuses(1).await[0]["status"], "sent");
    post(&simulator, &account, "+15005550010").send().await.unwrap();
    assert_eq!(receiver.statuses(6).await.len(), 6);
    let table = admin.magic_numbers().await.unwrap();
    assert_eq!(table, MAGIC_NUMBERS);
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_hangs_is_let_go_when_the_faults_are_cleared() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = account(&admin, &receiver).await;
    admin.set_faults(&[Fault::always(FaultKind::Hang)]).await.unwrap();
    let hanging = tokio::spawn(post(&simulator, &account, "+15551230001").send());
    receiver.statuses(3).await;
    assert!(!hanging.is_finished());
    admin.clear_faults().await.unwrap();
    assert!(hanging.await.unwrap().is_err());
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_refuse_throttle_and_spoil_webhooks_as_told() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = account(&admin, &receiver).await;
    let code = async |to: &str| -> (u16, Value) {
        let answer = post(&simulator, &account, to).send().await.unwrap();
        (answer.status().as_u16(), answer.json::<Value>().await.unwrap()["error"]["code"].clone())
    };
    admin
        .set_faults(&[
            Fault::times(FaultKind::Throttle { code: None }, 1),
            Fault::times(FaultKind::Refuse { code: 131_056 }, 1),
        ])
        .await
        .unwrap();
    assert_eq!(code("+15551230001").await, (400, json!(130_429)));
    assert_eq!(code("+15551230001").await, (400, json!(131_056)));
    admin.set_faults(&[Fault::times(FaultKind::BadToken, 1)]).await.unwrap();
    assert_eq!(code("+15551230001").await, (401, json!(190)));
    assert_eq!(admin.faults().await.unwrap()[0].times, Some(0));
    admin.set_faults(&[Fault::times(FaultKind::LateRefusal { code: 131_049 }, 1)]).await.unwrap();
    assert_eq!(code("+15551230001").await.0, 200);
    assert_eq!(receiver.statuses(1).await[0]["errors"][0]["code"], 131_049);
    admin
        .set_faults(&[Fault::times(FaultKind::DuplicateWebhooks, 1), Fault::always(FaultKind::QualityDrop)])
        .await
        .unwrap();
    assert_eq!(code("+15551230001").await.0, 200);
    assert_eq!(receiver.statuses(4).await.iter().filter(|status| status["status"] == "sent").count(), 2);
    let url = format!("{}/v25.0/{}", simulator.base_url(), account.phone_number_id);
    let number: Value = http().get(url).bearer_auth(&account.access_token).send().await.unwrap().json().await.unwrap();
    assert_eq!(number["quality_rating"], "RED");
    admin.set_faults(&[Fault::times(FaultKind::DropWebhooks, 3)]).await.unwrap();
    assert_eq!(code("+15551230002").await.0, 200);
    assert_eq!(code("+15551230003").await.0, 200);
    assert!(receiver.statuses(3).await.iter().all(|status| status["biz_opaque_callback_data"] == "+15551230003"));
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rate_of_a_sender_is_kept() {
    let (simulator, admin) = simulator().await;
    let wanted = NewTwilioAccount { rate_per_second: Some(2), ..NewTwilioAccount::default() };
    let account = admin.create_twilio(&wanted).await.unwrap();
    let url = format!("{}/2010-04-01/Accounts/{}/Messages.json", simulator.base_url(), account.account_sid);
    let client = http();
    let sends = (0..12).map(|i| {
        let to = format!("whatsapp:+1555123{i:04}");
        let form = [("From", account.sender_number.clone()), ("To", to), ("Body", "x".to_owned())];
        client.post(&url).basic_auth(&account.account_sid, Some(&account.auth_token)).form(&form).send()
    });
    let answers = futures_util::future::join_all(sends).await;
    let throttled = answers.into_iter().filter(|answer| answer.as_ref().unwrap().status() == 429).count() as u64;
    assert!(throttled > 0);
    assert_eq!(admin.summary().await.unwrap().totals.refused, throttled);
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_tells_who_sent_the_same_thing_twice() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = account(&admin, &receiver).await;
    for to in ["+15551230001", "+15551230001", "+15551230002"] {
        post(&simulator, &account, to).send().await.unwrap();
    }
    receiver.statuses(9).await;
    let summary = admin.summary().await.unwrap();
    assert_eq!((summary.correlations, summary.repeated["+15551230001"], summary.repeated.len()), (2, 2, 1));
    let entries = admin.ledger(0, 10_000).await.unwrap();
    assert!(entries.windows(2).all(|pair| pair[0].seq + 1 == pair[1].seq));
    let delivered =
        entries.iter().filter(|entry| matches!(entry.event, Event::Status { status: Status::Delivered, .. })).count();
    assert_eq!(delivered, 3);
    let rest = admin.ledger(entries[1].seq, 2).await.unwrap();
    assert_eq!((rest.len(), rest[0].seq), (2, entries[2].seq));
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_api_needs_its_token_and_names_problems() {
    let (simulator, admin) = simulator().await;
    let stranger = AdminClient::new(simulator.base_url(), "wrong").unwrap();
    let refused = |outcome: Result<_, AdminError>| match outcome {
        Err(AdminError::Refused { status, .. }) => status.as_u16(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(stranger.summary().await), 401);
    let unknown = ConversationQuery { sender: Some("+15550000000".to_owned()), ..ConversationQuery::default() };
    assert!(matches!(admin.conversations(&unknown).await, Err(AdminError::Refused { status, .. }) if status == 404));
    assert!(matches!(admin.counts("+15550000000").await, Err(AdminError::Refused { status, .. }) if status == 404));
    let wanted = NewDirectAccount { phone_number_id: Some("1".to_owned()), ..NewDirectAccount::default() };
    admin.create_direct(&wanted).await.unwrap();
    assert!(matches!(admin.create_direct(&wanted).await, Err(AdminError::Refused { status, .. }) if status == 409));
    simulator.stop().await;
    let open = SimulatorConfig { listen: "0.0.0.0:0".parse().unwrap(), ..SimulatorConfig::default() };
    assert!(matches!(duplex_simulator::start(open).await, Err(SimulatorError::NotLoopback(_))));
}

#[actix_web::test]
async fn it_runs_in_a_runtime_of_actix_too() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let account = account(&admin, &receiver).await;
    admin.set_faults(&[Fault::always(FaultKind::Latency { ms: 1 })]).await.unwrap();
    assert_eq!(post(&simulator, &account, "+15551230001").send().await.unwrap().status(), 200);
    receiver.statuses(3).await;
    tokio::time::timeout(Duration::from_secs(30), simulator.stop()).await.unwrap();
}
