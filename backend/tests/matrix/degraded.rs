//! What goes out when the caller agrees to less, for every kind that has a fallback.

use duplex::domain::content::Kind;
use duplex::domain::provider::ProviderKind;
use rstest::rstest;
use serde_json::{Value, json};

use crate::samples;
use crate::stage::{ADA, Stage, id_of};
use crate::support::Database;

#[rstest]
#[tokio::test]
async fn what_is_not_carried_goes_out_as_its_fallback(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, ProviderKind::Twilio).await;
    let target = stage.hello_from(ADA).await;
    for cell in stage.can().outbound.iter().filter(|cell| !cell.verdict.is_offered()) {
        let sample = samples::of(cell.kind, &stage, (&target, "")).await;
        let message = json!({"to": sample.to, "content": sample.content, "degrade": true});
        let Some(fallback) = cell.degrade_to else {
            stage.post(message).await.problem(422, "content_unsupported");
            continue;
        };
        let story = stage.delivered(message).await;
        assert_eq!(story["content"]["type"], json!(fallback));
        assert_eq!(story["context"], json!({"degraded_from": cell.kind}));
        let degraded = &story["timeline"][0]["data"]["degraded"];
        assert_eq!((&degraded["from"], &degraded["to"]), (&json!(cell.kind), &json!(fallback)));
        assert!(degraded["why"].as_str().unwrap().starts_with(cell.note), "{degraded}");
        let phone = stage.on_phone(sample.to, &story["provider_message_id"]).await;
        let body = story["content"]["body"].as_str().unwrap();
        assert_eq!(phone.text, body);
        assert!(body.contains(sample.content["body"].as_str().unwrap()), "{body}");
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn agreeing_to_less_changes_nothing_that_is_carried(
    #[values(ProviderKind::Twilio, ProviderKind::Direct)] provider: ProviderKind,
) {
    let stage = Stage::on(Database::Sqlite, provider).await;
    let sample = samples::of(Kind::Text, &stage, ("", "")).await;
    let story = stage.delivered(json!({"to": ADA, "content": sample.content, "degrade": true})).await;
    assert!(story.get("context").is_none() && story["timeline"][0]["data"].get("degraded").is_none(), "{story:#}");
    stage.app.stop().await;
}

/// A message to Twilio with a part that it lacks: the field that is refused, and what is left of the message by consent.
async fn folds(stage: &Stage, content: Value, field: &str, left: Value) {
    let mut message = json!({"to": ADA, "content": content});
    let refused = stage.post(message.clone()).await;
    assert_eq!(refused.complaints(), [(field.to_owned(), "unsupported".to_owned())], "{content}");
    refused.problem(422, "content_unsupported");
    message["degrade"] = json!(true);
    let queued = stage.post(message).await.expect(202);
    assert_eq!(queued["content"], left);
    assert_eq!(queued["context"]["degraded_from"], content["type"]);
    let story = stage.program.get(&format!("/api/v1/messages/{}", id_of(&queued))).await.expect(200);
    assert!(story["timeline"][0]["data"]["degraded"]["why"].is_string(), "{story:#}");
}

#[tokio::test]
async fn parts_that_are_not_carried_are_folded_by_consent() {
    let stage = Stage::on(Database::Sqlite, ProviderKind::Twilio).await;
    let buttons = json!([{"id": "1", "title": "Keep"}]);
    folds(
        &stage,
        json!({"type": "reply_buttons", "header": {"type": "text", "text": "Friday"}, "body": "Keep?", "buttons": buttons}),
        "content.header",
        json!({"type": "reply_buttons", "body": "Friday\n\nKeep?", "buttons": buttons}),
    )
    .await;
    let row = |id: &str| json!({"id": id, "title": "t"});
    folds(
        &stage,
        json!({"type": "list", "body": "Choose", "button": "Slots",
            "sections": [{"title": "a", "rows": [row("1")]}, {"title": "b", "rows": [row("2")]}]}),
        "content.sections",
        json!({"type": "list", "body": "Choose", "button": "Slots", "sections": [{"rows": [row("1"), row("2")]}]}),
    )
    .await;
    let long = "x".repeat(1_100);
    let too_long = json!({"type": "list", "body": long, "button": "Slots", "sections": [{"rows": [row("1")]}]});
    let refused = stage.post(json!({"to": ADA, "content": too_long})).await;
    assert_eq!(refused.complaints(), [("content.body".to_owned(), "too_long".to_owned())]);
    refused.problem(422, "validation_failed");
    let story = stage.delivered(json!({"to": ADA, "content": too_long, "degrade": true})).await;
    assert_eq!(story["content"], json!({"type": "text", "body": format!("{long}\n\n1. t"), "preview_url": false}));
    assert_eq!(story["context"]["degraded_from"], "list");
    stage.app.stop().await;
}
