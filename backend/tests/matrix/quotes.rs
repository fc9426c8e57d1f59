//! Answers that quote a message, and reactions: which messages they may name.

use duplex::domain::ids::MessageId;
use duplex::domain::provider::ProviderKind;
use duplex_simulator::{Fault, FaultKind};
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{ADA, Stage, id_of};
use crate::support::Database;

const BOB: &str = "+447700900456";

fn text(body: &str) -> Value {
    json!({"type": "text", "body": body})
}

fn reaction(id: &str) -> Value {
    json!({"type": "reaction", "message_id": id, "emoji": "👍"})
}

#[rstest]
#[tokio::test]
async fn an_answer_shows_what_it_answers(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, ProviderKind::Direct).await;
    let hello = stage.hello_from(ADA).await;
    let first = stage.delivered(json!({"to": ADA, "content": text("one"), "reply_to_id": hello})).await;
    assert_eq!(first["reply_to_id"], json!(hello));
    let quoted = stage.program.get(&format!("/api/v1/messages/{hello}")).await.expect(200);
    assert_eq!(first["reply_to"], quoted["provider_message_id"]);
    let phone = stage.on_phone(ADA, &first["provider_message_id"]).await;
    assert_eq!(json!(phone.reply_to), quoted["provider_message_id"]);
    // Our own message can be answered too, and by its channel although the workspace has another provider since.
    stage.program.patch("/api/v1/workspace", json!({"whatsapp_provider": "twilio"})).await.expect(200);
    let second = stage.delivered(json!({"to": ADA, "content": text("two"), "reply_to_id": first["id"]})).await;
    assert_eq!((&second["channel_id"], &second["reply_to_id"]), (&first["channel_id"], &first["id"]));
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn only_messages_of_the_conversation_can_be_named(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, ProviderKind::Direct).await;
    let (hers, his) = (stage.hello_from(ADA).await, stage.hello_from(BOB).await);
    let reacted = stage.post(json!({"to": ADA, "content": reaction(&hers)})).await.expect(202);
    let reacted = stage.reached(&id_of(&reacted), "sent_at").await;
    let nobody = MessageId::new().to_string();
    let channels = stage.program.get("/api/v1/channels").await.expect(200);
    let other = channels["data"].as_array().unwrap().iter().find(|one| one["provider"] == "twilio").unwrap();
    for (message, field, code) in [
        (json!({"to": ADA, "content": text("x"), "reply_to_id": nobody}), "reply_to_id", "invalid_value"),
        (json!({"to": ADA, "content": text("x"), "reply_to_id": "first"}), "reply_to_id", "invalid_value"),
        (json!({"to": ADA, "content": text("x"), "reply_to_id": his}), "reply_to_id", "invalid_value"),
        (json!({"to": ADA, "content": reaction(&nobody)}), "content.message_id", "invalid_value"),
        (json!({"to": ADA, "content": reaction(&his)}), "content.message_id", "invalid_value"),
        (json!({"to": ADA, "content": reaction(&id_of(&reacted))}), "content.message_id", "invalid_value"),
        (json!({"to": ADA, "content": reaction(&hers), "reply_to_id": hers}), "reply_to_id", "conflict"),
        (
            json!({"to": ADA, "content": text("x"), "reply_to_id": hers, "channel_id": other["id"], "degrade": false}),
            "reply_to_id",
            "unsupported",
        ),
    ] {
        let refused = stage.post(message.clone()).await;
        assert_eq!(refused.complaints().first(), Some(&(field.to_owned(), code.to_owned())), "{message}");
        assert_eq!(refused.status, 422);
    }
    stage.app.stop().await;
}

#[tokio::test]
async fn what_the_provider_does_not_know_yet_can_not_be_named() {
    let stage = Stage::on(Database::Sqlite, ProviderKind::Direct).await;
    stage.hello_from(ADA).await;
    stage.simulator.set_faults(&[Fault::always(FaultKind::LostRequest)]).await.unwrap();
    let unknown = stage.post(json!({"to": ADA, "content": text("one")})).await.expect(202);
    let answer = stage.post(json!({"to": ADA, "content": text("two"), "reply_to_id": unknown["id"]})).await;
    assert_eq!(answer.complaints(), [("reply_to_id".to_owned(), "invalid_value".to_owned())]);
    answer.problem(422, "validation_failed");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn twilio_quotes_nothing(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, ProviderKind::Twilio).await;
    let hello = stage.hello_from(ADA).await;
    let message = json!({"to": ADA, "content": text("one"), "reply_to_id": hello});
    let refused = stage.post(message.clone()).await;
    assert_eq!(refused.complaints(), [("reply_to_id".to_owned(), "unsupported".to_owned())]);
    refused.problem(422, "content_unsupported");
    let mut agreed = message;
    agreed["degrade"] = json!(true);
    let story = stage.delivered(agreed).await;
    assert!(story.get("reply_to").is_none() && story.get("reply_to_id").is_none(), "{story:#}");
    let why = story["timeline"][0]["data"]["degraded"]["why"].as_str().unwrap();
    assert!(why.contains("without the quote"), "{why}");
    stage.app.stop().await;
}
