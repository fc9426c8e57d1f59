//! People: one contact under all the names that the providers know them by.

use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{ADA, Stage};
use crate::support::Database;

async fn contact(stage: &Stage, id: &Value) -> Value {
    stage.program.get(&format!("/api/v1/contacts/{}", id.as_str().unwrap())).await.expect(200)
}

fn names(contact: &Value) -> Vec<(String, bool)> {
    let identities = contact["identities"].as_array().unwrap();
    identities.iter().map(|one| (one["value"].as_str().unwrap().to_owned(), one["retired_at"].is_string())).collect()
}

#[rstest]
#[case::brazil("+5511987654321", "+551187654321")]
#[case::mexico("+525512345678", "+5215512345678")]
#[case::argentina("+541123456789", "+5491123456789")]
#[tokio::test]
async fn both_forms_of_a_number_are_one_person(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
    #[case] written: &str,
    #[case] known: &str,
) {
    let stage = Stage::on(database, provider).await;
    let ours = stage.story(&stage.send(written, "Hello").await, "read").await;
    let theirs = stage.receives(json!({ "from": known, "text": "Hi" })).await;
    assert_eq!(ours["contact_id"], theirs["contact_id"]);
    let found = contact(&stage, &ours["contact_id"]).await;
    let values: Vec<String> = names(&found).into_iter().map(|(value, _)| value).collect();
    assert!(values.contains(&written.to_owned()) && values.contains(&known.to_owned()), "{found:#}");
    // The window that the one form opened holds for the other.
    let person = written.replace('+', "%2B");
    let window = stage.program.get(&format!("/api/v1/conversations/window?person={person}")).await.expect(200);
    assert_eq!(window["window"]["state"], "open");
    stage.app.stop().await;
}

#[rstest]
#[case::brazil("+5511987654321", "+551187654321")]
#[case::mexico("+525512345678", "+5215512345678")]
#[case::argentina("+541123456789", "+5491123456789")]
#[tokio::test]
async fn an_answer_quotes_what_the_other_form_wrote(#[case] written: &str, #[case] known: &str) {
    let stage = Stage::on(Database::Sqlite, "direct").await;
    let theirs = stage.receives(json!({ "from": known, "text": "Hi" })).await;
    for content in [
        json!({ "type": "text", "body": "Hello" }),
        json!({ "type": "reaction", "message_id": theirs["id"], "emoji": "👍" }),
    ] {
        let mut answer = json!({ "to": written, "content": content });
        if content["type"] == "text" {
            answer["reply_to_id"] = theirs["id"].clone();
        }
        let sent = stage.program.post("/api/v1/messages", answer).await.expect(202);
        let path = format!("/api/v1/messages/{}", sent["id"].as_str().unwrap());
        let story = stage.app.until(&stage.program, &path, |story| story["accepted_at"].is_string()).await;
        assert_eq!(story["contact_id"], theirs["contact_id"]);
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_person_without_a_number_can_write_and_be_answered(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let id = "GB.77778888999900001111";
    let note = json!({ "from": id, "name": "Ada", "username": "ada.byron", "text": "Hi" });
    let message = stage.receives(note).await;
    let person = message["person"].as_str().unwrap().to_owned();
    assert!(person.starts_with("GB."), "{message:#}");
    let found = contact(&stage, &message["contact_id"]).await;
    assert_eq!(found["name"], "Ada");
    if provider == "direct" {
        assert_eq!(found["username"], "ada.byron", "Twilio hands on none");
    }
    assert!(found["identities"].as_array().unwrap().iter().all(|one| one["kind"] == "bsuid"), "{found:#}");
    let answer = stage.story(&stage.send(&person, "Hello").await, "read").await;
    assert_eq!(answer["contact_id"], message["contact_id"]);
    stage.app.stop().await;
}

/// First met by number only and by user id only, then by both: two contacts turn out to be one.
#[rstest]
#[tokio::test]
async fn two_contacts_that_are_one_person_become_one(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let hold = format!("/api/v1/channels/{}", stage.channel().await["id"].as_str().unwrap());
    stage.program.post(&format!("{hold}/hold"), json!({})).await.expect(200);
    let waiting = stage.send(ADA, "waits").await;
    let by_number = stage.program.get(&format!("/api/v1/messages/{waiting}")).await.expect(200)["contact_id"].clone();
    let hidden = stage.receives(json!({ "from": ADA, "hide_number": true, "text": "by user id" })).await;
    assert_ne!(hidden["contact_id"], by_number);
    let both = stage.receives(json!({ "from": ADA, "text": "by both" })).await;
    assert_eq!(both["contact_id"], by_number, "the older one stays");
    let merged = stage.told("contact.merged", |_| true).await;
    assert_eq!(merged["data"], json!({ "contact_id": by_number, "merged_contact_id": hidden["contact_id"] }));

    for id in [&by_number, &hidden["contact_id"]] {
        assert_eq!(contact(&stage, id).await["id"], by_number, "either id leads to the person");
        let path = format!("/api/v1/messages?contact_id={}", id.as_str().unwrap());
        let messages = stage.program.get(&path).await.expect(200)["data"].as_array().unwrap().clone();
        assert_eq!(messages.len(), 3, "none is lost");
        assert!(messages.iter().all(|message| message["contact_id"] == by_number), "{messages:#?}");
    }
    assert_eq!(stage.program.get("/api/v1/contacts").await.expect(200)["data"].as_array().unwrap().len(), 1);
    let talks = stage.program.get("/api/v1/conversations").await.expect(200);
    assert_eq!(talks["data"].as_array().unwrap().len(), 1, "{talks:#}");
    assert_eq!((&talks["data"][0]["person"], &talks["data"][0]["window"]["state"]), (&json!(ADA), &json!("open")));
    stage.program.post(&format!("{hold}/resume"), json!({})).await.expect(200);
    stage.story(&waiting, "read").await;
    stage.app.stop().await;
}

/// Who is only written to is known by user id as well, once a receipt has named them.
#[rstest]
#[tokio::test]
async fn receipts_teach_the_names_of_those_we_write_to(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("twilio", "direct")] provider: &'static str,
) {
    let stage = Stage::on(database, provider).await;
    let ours = stage.story(&stage.send(ADA, "Hello").await, "read").await;
    let path = format!("/api/v1/contacts/{}", ours["contact_id"].as_str().unwrap());
    let known = |contact: &Value| contact["identities"].as_array().unwrap().iter().any(|one| one["kind"] == "bsuid");
    stage.app.until(&stage.program, &path, known).await;
    let hidden = stage.receives(json!({ "from": ADA, "hide_number": true, "text": "by user id" })).await;
    assert_eq!(hidden["contact_id"], ours["contact_id"]);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_changed_number_links_the_old_and_the_new(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::on(database, "direct").await;
    let new = "+447700900999";
    let before = stage.receives(json!({ "text": "Hi" })).await;
    let note = stage.receives(json!({ "content": { "kind": "number_change", "new_number": new } })).await;
    assert_eq!((&note["content"]["event"], &note["content"]["phone"]), (&json!("user_changed_number"), &json!(new)));
    assert_eq!(note["contact_id"], before["contact_id"]);
    let told = stage.told("contact.updated", |_| true).await;
    assert_eq!(told["data"]["contact_id"], before["contact_id"]);
    let values = |list: &Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one["value"].as_str().unwrap().to_owned()).collect()
    };
    assert!(values(&told["data"]["retired"]).contains(&ADA.to_owned()), "{told:#}");
    assert!(values(&told["data"]["current"]).contains(&new.to_owned()), "{told:#}");

    let found = contact(&stage, &before["contact_id"]).await;
    let known = names(&found);
    assert!(known.contains(&(ADA.to_owned(), true)) && known.contains(&(new.to_owned(), false)), "{found:#}");
    assert_eq!(known.iter().filter(|(_, retired)| *retired).count(), 2, "the number and the user id: {found:#}");
    assert_eq!(found["conversations"][0]["person"], new, "what is no longer theirs is not written to");
    let after = stage.receives(json!({ "from": new, "text": "It is me" })).await;
    assert_eq!(after["contact_id"], before["contact_id"]);
    let to_nobody = json!({ "to": ADA, "content": { "type": "text", "body": "Your code is 4711" } });
    let refused = stage.program.post("/api/v1/messages", to_nobody).await;
    assert_eq!(refused.complaints(), [("to".to_owned(), "invalid_value".to_owned())]);
    let told = refused.problem(422, "validation_failed");
    assert!(told["errors"][0]["message"].as_str().unwrap().ends_with(&format!("write to {new}")), "{told:#}");

    // Somebody else gets the old number: another person.
    let stranger = stage.receives(json!({ "from": ADA, "name": "Bob", "text": "Who is this?" })).await;
    assert_ne!(stranger["contact_id"], before["contact_id"]);
    assert_eq!(contact(&stage, &stranger["contact_id"]).await["name"], "Bob");
    stage.story(&stage.send(ADA, "Hello Bob").await, "read").await;
    stage.app.stop().await;
}

/// WhatsApp names the form that it has; the business may have written the other.
#[rstest]
#[tokio::test]
async fn a_number_that_was_given_up_is_gone_in_both_forms(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(true, false)] written_before: bool,
) {
    let stage = Stage::on(database, "direct").await;
    let (written, known, new) = ("+5511987654321", "+551187654321", "+5511976543210");
    let before = stage.receives(json!({ "from": known, "text": "Hi" })).await;
    let hold = format!("/api/v1/channels/{}", stage.channel().await["id"].as_str().unwrap());
    stage.program.post(&format!("{hold}/hold"), json!({})).await.expect(200);
    let waiting = if written_before { Some(stage.send(written, "Your code is 4711").await) } else { None };
    stage.receives(json!({ "from": known, "content": { "kind": "number_change", "new_number": new } })).await;
    stage.told("contact.updated", |_| true).await;

    let to_nobody = json!({ "to": written, "content": { "type": "text", "body": "Your code is 4711" } });
    let refused = stage.program.post("/api/v1/messages", to_nobody).await;
    assert_eq!(refused.complaints(), [("to".to_owned(), "invalid_value".to_owned())]);
    stage.program.post(&format!("{hold}/resume"), json!({})).await.expect(200);
    if let Some(waiting) = waiting {
        let story = stage.story(&waiting, "failed").await;
        assert_eq!(story["failure"]["code"], "recipient_unreachable", "{story:#}");
        assert!(story["failure"]["detail"].as_str().unwrap().ends_with(&format!("Write to {new}.")), "{story:#}");
        assert_eq!(story["attempts"], 0, "{story:#}");
    }

    // Somebody else gets the number: whichever form is written reaches that person.
    let stranger = stage.receives(json!({ "from": known, "name": "Bob", "text": "Who is this?" })).await;
    assert_ne!(stranger["contact_id"], before["contact_id"]);
    let hello = stage.story(&stage.send(written, "Hello Bob").await, "read").await;
    assert_eq!(hello["contact_id"], stranger["contact_id"]);
    let found = contact(&stage, &before["contact_id"]).await;
    assert!(names(&found).contains(&(new.to_owned(), false)), "the first one is still who they were: {found:#}");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_changed_identity_is_told(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::on(database, "direct").await;
    let note = stage.receives(json!({ "content": { "kind": "identity_change" } })).await;
    let told = stage.told("contact.identity_changed", |_| true).await;
    assert_eq!((&told["data"]["contact_id"], &told["message_id"]), (&note["contact_id"], &note["id"]));
    let window = stage.program.get("/api/v1/conversations/window?person=%2B447700900123").await.expect(200);
    assert_eq!(window["window"]["state"], "unknown", "WhatsApp's own notes open no window");
    stage.app.stop().await;
}
