//! The virtual phone's conversations and the counts of a sender.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, dead_code)]

mod support;

use std::path::Path;

use duplex_simulator::{
    AdminClient, Conversation, ConversationQuery, DirectCredentials, Inbound, NewDirectAccount, NewTwilioAccount, Pace,
    SenderCounts, Simulator, SimulatorConfig,
};
use serde_json::{Value, json};
use support::{Receiver, http, simulator, start};

async fn send(simulator: &Simulator, account: &DirectCredentials, to: &str) {
    let url = format!("{}/v25.0/{}/messages", simulator.base_url(), account.phone_number_id);
    let body = json!({ "messaging_product": "whatsapp", "to": to, "type": "text", "text": { "body": "x" } });
    http().post(url).bearer_auth(&account.access_token).json(&body).send().await.unwrap();
}

async fn write(admin: &AdminClient, sender: &str, from: &str, text: &str) {
    let note =
        Inbound { sender: sender.to_owned(), from: Some(from.to_owned()), text: text.to_owned(), ..Inbound::default() };
    admin.inbound(&note).await.unwrap();
}

fn people(conversations: &[Conversation]) -> Vec<(&str, &str)> {
    conversations.iter().map(|one| (one.account.as_str(), one.person.as_str())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn conversations_come_in_pages_across_senders() {
    let (simulator, admin) = simulator().await;
    let direct = admin.create_direct(&NewDirectAccount::default()).await.unwrap().phone_number_id;
    let twilio = admin.create_twilio(&NewTwilioAccount::default()).await.unwrap().account_sid;
    for (sender, person) in
        [(&direct, "+15551230001"), (&twilio, "+15551230001"), (&direct, "+15551230002"), (&direct, "+15551230001")]
    {
        write(&admin, sender, person, "Hi").await;
    }
    let order = [(&*direct, "+15551230001"), (&*direct, "+15551230002"), (&*twilio, "+15551230001")];
    let all = admin.conversations(&ConversationQuery::default()).await.unwrap();
    assert_eq!(people(&all), order);
    let first = ConversationQuery { limit: Some(2), ..ConversationQuery::default() };
    assert_eq!(admin.conversations(&first).await.unwrap(), all[..2]);
    let rest = ConversationQuery { before: Some(all[1].position), ..first };
    assert_eq!(admin.conversations(&rest).await.unwrap(), all[2..]);
    let of_one = ConversationQuery {
        sender: Some(direct.clone()),
        person: Some("+1 (555) 123-0001".to_owned()),
        ..ConversationQuery::default()
    };
    assert_eq!(admin.conversations(&of_one).await.unwrap(), all[..1]);
    let later = ConversationQuery { before: Some(all[0].position), ..of_one };
    assert_eq!(admin.conversations(&later).await.unwrap(), []);
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_conversation_shows_its_newest_hundred_messages() {
    let (simulator, admin) = simulator().await;
    let sender = admin.create_direct(&NewDirectAccount::default()).await.unwrap().phone_number_id;
    for n in 0..100 {
        write(&admin, &sender, "+15551230001", &n.to_string()).await;
    }
    assert!(!admin.conversation(&sender, "+15551230001").await.unwrap().unwrap().has_earlier);
    write(&admin, &sender, "+15551230001", "100").await;
    let shown = admin.conversation(&sender, "+15551230001").await.unwrap().unwrap();
    assert!(shown.has_earlier);
    let texts: Vec<_> = shown.messages.iter().map(|message| message.text.clone()).collect();
    assert_eq!(texts, (1..=100).map(|n| n.to_string()).collect::<Vec<_>>());
    simulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_id_names_the_same_phone_as_its_number() {
    let (simulator, admin) = simulator().await;
    let mut receiver = Receiver::start().await;
    let wanted = NewDirectAccount { callback_url: Some(receiver.url.clone()), ..NewDirectAccount::default() };
    let sender = admin.create_direct(&wanted).await.unwrap().phone_number_id;
    write(&admin, &sender, "+15551230001", "Hi").await;
    let hook: Value = receiver.next().await.json();
    let id = hook.pointer("/entry/0/changes/0/value/contacts/0/user_id").and_then(Value::as_str).unwrap();
    let shown = admin.conversation(&sender, id).await.unwrap().unwrap();
    assert_eq!(shown.person, "+15551230001");
    simulator.stop().await;
    receiver.stop().await;
}

fn kept_in(folder: &Path) -> SimulatorConfig {
    SimulatorConfig {
        data_dir: Some(folder.to_owned()),
        pace: Pace::IMMEDIATE,
        retained_messages: 5,
        ..SimulatorConfig::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_follow_the_messages_that_are_remembered_also_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::start().await;
    let (first, admin) = start(kept_in(folder.path())).await;
    let wanted = NewDirectAccount { callback_url: Some(receiver.url.clone()), ..NewDirectAccount::default() };
    let account = admin.create_direct(&wanted).await.unwrap();
    let sender = account.phone_number_id.clone();
    assert_eq!(admin.counts(&sender).await.unwrap(), SenderCounts::default());

    write(&admin, &sender, "+15551230001", "Hi").await;
    receiver.next().await;
    // Failed late, never delivered, read.
    for (to, receipts) in [("+15005550001", 1), ("+15005550007", 1), ("+15551230002", 3)] {
        send(&first, &account, to).await;
        receiver.statuses(receipts).await;
    }
    let counts = SenderCounts { accepted: 3, sent: 1, delivered: 0, read: 1, failed: 1, inbound: 1 };
    assert_eq!(admin.counts(&sender).await.unwrap(), counts);

    for to in ["+15551230003", "+15551230004"] {
        send(&first, &account, to).await;
        receiver.statuses(3).await;
    }
    let counts = SenderCounts { accepted: 5, read: 3, inbound: 0, ..counts };
    assert_eq!(admin.counts(&sender).await.unwrap(), counts, "the customer's message was the oldest of six");
    let shown = admin.conversations(&ConversationQuery::default()).await.unwrap();
    let order = ["+15551230004", "+15551230003", "+15551230002", "+15005550007", "+15005550001"];
    assert_eq!(shown.iter().map(|one| &*one.person).collect::<Vec<_>>(), order);
    first.stop().await;

    let (second, admin) = start(kept_in(folder.path())).await;
    assert_eq!(admin.counts(&sender).await.unwrap(), counts);
    let again = admin.conversations(&ConversationQuery::default()).await.unwrap();
    assert_eq!(people(&again), people(&shown));
    let rest = ConversationQuery { before: Some(shown[2].position), ..ConversationQuery::default() };
    assert_eq!(people(&admin.conversations(&rest).await.unwrap()), people(&shown[3..]), "positions hold");
    second.stop().await;
    receiver.stop().await;
}
