//! Media both ways between the API and the virtual phone, at both providers.

use duplex_simulator::{ConversationQuery, Inbound, InboundContent, InboundFile};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::stage::{ADA, Stage, id_of};
use crate::support::files::{jpeg, opus, pdf, upload};
use crate::support::{Database, watch};

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// Opens the service window, as a person does.
async fn open_window(stage: &Stage) {
    let sender = stage.loaded().await.address.account.clone();
    let from = match stage.provider {
        "direct" => stage.loaded().await.address.sender.clone(),
        _ => sender,
    };
    let hello = Inbound { sender: from, from: Some(ADA.into()), text: "Hi".into(), ..Inbound::default() };
    assert!(stage.simulator.inbound(&hello).await.unwrap().delivered);
    let heard = "/api/v1/messages?direction=inbound";
    stage.app.until(&stage.program, heard, |list| list["data"].as_array().is_some_and(|all| !all.is_empty())).await;
}

/// What the phone shows of our messages, newest last.
async fn shown(stage: &Stage) -> Vec<Value> {
    let threads = stage.simulator.conversations(&ConversationQuery::default()).await.unwrap();
    let messages = threads.iter().flat_map(|thread| &thread.messages);
    let ours = messages.map(|message| serde_json::to_value(message).unwrap());
    ours.filter(|message| message["direction"] == "outbound").collect()
}

/// The first member of this name in a document.
fn member(document: &Value, name: &str) -> Option<String> {
    match document {
        Value::Object(members) => members
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .or_else(|| members.values().find_map(|value| member(value, name))),
        Value::Array(values) => values.iter().find_map(|value| member(value, name)),
        _ => None,
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn ten_messages_with_one_picture_reach_the_phone(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    open_window(&stage).await;
    let bytes = jpeg("a picture of a mug");
    let medium = upload(&stage.app.owner, "mug.jpg", "image/jpeg", &bytes).await;
    let mut sent = Vec::new();
    for _ in 0..10 {
        let content = json!({ "type": "image", "media_id": medium["id"], "caption": "A mug" });
        let message = json!({ "to": ADA, "content": content });
        sent.push(id_of(&stage.program.post("/api/v1/messages", message).await.expect(202)));
    }
    for id in &sent {
        stage.story(id, "read").await;
    }
    let bubbles = shown(&stage).await;
    assert_eq!(bubbles.len(), 10);
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for bubble in &bubbles {
        let url = member(&bubble["content"], "url").unwrap_or_else(|| panic!("{bubble:#}"));
        let on_phone = http.get(url).send().await.unwrap().bytes().await.unwrap();
        assert_eq!(hash(&on_phone), medium["sha256"], "{bubble:#}");
    }
    if provider == "direct" {
        let ids: std::collections::BTreeSet<_> =
            bubbles.iter().map(|bubble| member(&bubble["content"], "media_id").unwrap()).collect();
        assert_eq!(ids.len(), 1, "one upload for ten messages");
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_the_person_sends_is_fetched_and_served(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let address = stage.loaded().await.address.clone();
    let sender = if provider == "direct" { address.sender } else { address.account };
    for (bytes, mime_type, name, kind) in [
        (jpeg("from Ada"), "image/jpeg", "a.jpg", "image"),
        (opus(1), "audio/ogg", "a.ogg", "audio"),
        (pdf(), "application/pdf", "cv.pdf", "document"),
    ] {
        let file = stage.simulator.keep_file(&sender, mime_type, Some(name), bytes.clone()).await.unwrap();
        let file = InboundFile { media_id: Some(file.media_id), ..InboundFile::default() };
        let content = match kind {
            "image" => InboundContent::Image(file),
            "audio" => InboundContent::Audio(file),
            _ => InboundContent::Document(file),
        };
        let note =
            Inbound { sender: sender.clone(), from: Some(ADA.into()), content: Some(content), ..Inbound::default() };
        assert!(stage.simulator.inbound(&note).await.unwrap().delivered);
        let path = format!("/api/v1/media?direction=inbound&kind={kind}");
        let is_there = |list: &Value| list["data"][0]["state"] == "ready";
        let medium = stage.app.until(&stage.program, &path, is_there).await["data"][0].clone();
        assert_eq!((&medium["mime_type"], &medium["sha256"]), (&json!(mime_type), &json!(hash(&bytes))));
        let story = format!("/api/v1/messages/{}", medium["message_id"].as_str().unwrap());
        let message = stage.program.get(&story).await.expect(200);
        assert_eq!((&message["content"]["type"], &message["content"]["media_id"]), (&json!(kind), &medium["id"]));
        let content = format!("/api/v1/media/{}/content", medium["id"].as_str().unwrap());
        let served = stage.program.request(Method::GET, &content).send().await.unwrap();
        assert_eq!(served.bytes().await.unwrap(), bytes);
    }
    let received = stage.program.get("/api/v1/events?limit=1000").await.expect(200);
    let ready = received["data"].as_array().unwrap().iter().filter(|event| event["type"] == "message.media_ready");
    assert_eq!(ready.count(), 3);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_sent_can_be_sent_on(#[values("twilio", "direct")] provider: &'static str) {
    let stage = Stage::on(Database::Sqlite, provider).await;
    let address = stage.loaded().await.address.clone();
    let sender = if provider == "direct" { address.sender } else { address.account };
    let bytes = jpeg("pass it on");
    let file = stage.simulator.keep_file(&sender, "image/jpeg", None, bytes.clone()).await.unwrap();
    let content = InboundContent::Image(InboundFile { media_id: Some(file.media_id), ..InboundFile::default() });
    let note = Inbound { sender, from: Some(ADA.into()), content: Some(content), ..Inbound::default() };
    stage.simulator.inbound(&note).await.unwrap();
    let is_there = |list: &Value| list["data"][0]["state"] == "ready";
    let medium = stage.app.until(&stage.program, "/api/v1/media?direction=inbound", is_there).await["data"][0].clone();
    let message = json!({ "to": ADA, "content": { "type": "image", "media_id": medium["id"] } });
    let sent = stage.program.post("/api/v1/messages", message).await.expect(202);
    stage.story(&id_of(&sent), "read").await;
    let bubble = watch::until("the phone to show it", async || shown(&stage).await.pop()).await;
    let url = member(&bubble["content"], "url").unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    assert_eq!(http.get(url).send().await.unwrap().bytes().await.unwrap(), bytes);
    stage.app.stop().await;
}
