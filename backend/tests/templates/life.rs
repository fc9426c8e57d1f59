//! A template from its author to the virtual phone, and away again.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{PROVIDERS, Stage, newest, order, use_of_order};
use crate::support::Database;

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn authored_once_approved_on_both_sides_and_sent(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let id = stage.create(order("parcel_left")).await;
    for provider in PROVIDERS {
        let submitted = stage.submit(&id, provider).await.expect(200);
        let one = newest(&submitted, provider);
        assert!(["pending", "received", "approved"].contains(&one["status"].as_str().unwrap()), "{one:#}");
        assert!(one["provider_ref"].is_string() && one["submitted_at"].is_string(), "{one:#}");
        let approved = stage.until_status(&id, provider, "approved").await;
        assert_eq!((&approved["sendable"], &approved["current"]), (&json!(true), &json!(true)), "{approved:#}");
        assert_eq!(approved["channel_ids"], json!([stage.channel(provider)]));
        let shown = stage.delivered(provider, use_of_order("parcel_left")).await;
        assert!(shown.contains("Hello Zoë, order 4711 has left our warehouse."), "{provider}: {shown}");
        let refused = stage.submit(&id, provider).await;
        refused.problem(409, "conflict");
    }
    let submitted = stage.news("template.submitted", "parcel_left").await;
    assert_eq!(submitted.len(), 2, "{submitted:#?}");
    let changed = stage.news("template.status_changed", "parcel_left").await;
    for provider in PROVIDERS {
        let last = changed.iter().rfind(|one| one["provider"] == provider).unwrap();
        assert_eq!((last["after"].as_str(), last["template_id"].as_str()), (Some("approved"), Some(&*id)), "{last:#}");
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_rejection_is_told_in_full_and_can_be_mended(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let verdict = json!({ "approved": false, "reason": "INVALID_FORMAT", "explanation": "Two variables stand side by side.",
        "recommendation": "Put words between them." });
    stage.set_reviews(json!({ "parcel_lost": verdict })).await;
    let id = stage.create(order("parcel_lost")).await;
    for provider in PROVIDERS {
        stage.submit(&id, provider).await.expect(200);
        let rejected = stage.until_status(&id, provider, "rejected").await;
        assert_eq!(rejected["sendable"], false);
        assert!(rejected["rejection_reason"].as_str().unwrap().starts_with("INVALID_FORMAT"), "{rejected:#}");
        let refused = stage.send(provider, use_of_order("parcel_lost")).await;
        assert_eq!(refused.complaints(), [("content.name".to_owned(), "not_ready".to_owned())]);
        let problem = refused.problem(422, "validation_failed");
        let said = problem["errors"][0]["message"].as_str().unwrap();
        assert!(said.contains("rejected") && said.contains("INVALID_FORMAT"), "{said}");
    }
    // The verdict may be faster than the answer to the submission, and the list tells less than the webhook.
    let in_full = |shown: &Value| {
        newest(shown, "direct")["rejection_detail"] == "Two variables stand side by side. Put words between them."
    };
    stage.app.until(&stage.program, &format!("/api/v1/templates/{id}"), in_full).await;

    stage.set_reviews(json!({})).await;
    let mut mended = order("parcel_lost");
    mended["footer"] = json!("Acme Tea and Coffee");
    let shown = stage.program.put(&format!("/api/v1/templates/{id}"), mended).await.expect(200);
    assert_eq!(newest(&shown, "direct")["current"], false, "what stands there is the older one");
    for provider in PROVIDERS {
        stage.submit(&id, provider).await.expect(200);
        let approved = stage.until_status(&id, provider, "approved").await;
        assert_eq!((&approved["current"], &approved["rejection_reason"]), (&json!(true), &Value::Null), "{approved:#}");
    }
    // Meta's is edited; at Twilio another Content has taken its place.
    let all = stage.named("parcel_lost", "en_GB").await;
    let count = |provider: &str| {
        all["registrations"].as_array().unwrap().iter().filter(|one| one["provider"] == provider).count()
    };
    assert_eq!((count("direct"), count("twilio")), (1, 2));
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_approved_template_is_edited_once_a_day(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let id = stage.approved(order("parcel_here"), &["direct"]).await;
    let path = format!("/api/v1/templates/{id}");
    let change = async |footer: &str| {
        let mut changed = order("parcel_here");
        changed["footer"] = json!(footer);
        stage.program.put(&path, changed).await.expect(200);
    };
    change("first").await;
    let other = json!({ "name": "other", "language": "en_GB", "category": "utility", "body": { "text": "Our shop is closed." } });
    let refused = stage.program.put(&path, other).await;
    assert_eq!(refused.complaints(), [("name".to_owned(), "conflict".to_owned())]);
    stage.submit(&id, "direct").await.expect(200);
    stage.until_status(&id, "direct", "approved").await;
    change("second").await;
    let refused = stage.submit(&id, "direct").await.problem(409, "conflict");
    assert!(refused["detail"].as_str().unwrap().contains("24 hours"), "{refused:#}");
    let mut moved = order("parcel_here");
    moved["category"] = json!("marketing");
    stage.program.put(&path, moved).await.expect(200);
    stage.submit(&id, "direct").await.problem(409, "conflict");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn what_stands_at_a_provider_is_deleted_everywhere_or_not_at_all(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let id = stage.approved(order("parcel_gone"), &PROVIDERS).await;
    let path = format!("/api/v1/templates/{id}");
    let refused = stage.program.delete(&path).await.problem(409, "conflict");
    assert!(refused["detail"].as_str().unwrap().contains("everywhere"), "{refused:#}");
    stage.program.delete(&format!("{path}?everywhere=true")).await.expect(204);
    stage.program.get(&path).await.problem(404, "not_found");
    stage.program.post("/api/v1/templates/syncs", json!({})).await.expect(200);
    assert_eq!(stage.named("parcel_gone", "en_GB").await, Value::Null, "the comparison does not bring it back");
    assert_eq!(stage.news("template.deleted", "parcel_gone").await.len(), 1);

    let draft = stage.create(order("parcel_draft")).await;
    stage.program.delete(&format!("/api/v1/templates/{draft}")).await.expect(204);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn languages_are_templates_of_their_own(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let mut german = order("parcel_said");
    german["language"] = json!("de");
    german["body"]["text"] = json!("Hallo {{1}}, die Bestellung {{2}} hat unser Lager verlassen.");
    let english = stage.create(order("parcel_said")).await;
    let german = stage.create(german).await;
    let again = stage.program.post("/api/v1/templates", order("parcel_said")).await;
    assert_eq!(again.complaints(), [("name".to_owned(), "duplicate".to_owned())]);
    again.problem(409, "conflict");
    let list = stage.program.get("/api/v1/templates?name=parcel_said").await.expect(200);
    let ids: Vec<&str> = list["data"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [&*german, &*english]);
    let drafts = stage.program.get("/api/v1/templates?status=approved&name=parcel_said").await.expect(200);
    assert_eq!(drafts["data"], json!([]));
    let page = stage.program.get("/api/v1/templates?limit=1&name=parcel_said").await.expect(200);
    let next = page["next_cursor"].as_str().unwrap();
    let rest =
        stage.program.get(&format!("/api/v1/templates?limit=1&name=parcel_said&cursor={next}")).await.expect(200);
    assert_eq!((&rest["data"][0]["id"], &rest["next_cursor"]), (&json!(english), &Value::Null));
    let unknown = stage.send("direct", json!({ "type": "template", "name": "parcel_said", "language": "fr" })).await;
    assert_eq!(unknown.complaints(), [("content.name".to_owned(), "not_found".to_owned())]);
    stage.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_definitions_are_refused_with_their_fields() {
    let stage = Stage::set(Database::Sqlite).await;
    for (change, field) in [
        (json!({ "name": "Parcel" }), "name"),
        (json!({ "language": "english" }), "language"),
        (json!({ "category": "gossip" }), "category"),
        (json!({ "body": { "text": "{{1}} is here", "samples": [{ "text": "x" }] } }), "body.text"),
        (json!({ "body": { "text": "Here is {{1}} for you, my dear friend" } }), "body.samples"),
        (json!({ "buttons": [{ "type": "url", "text": "Go", "url": "nowhere" }] }), "buttons[0].url"),
        (json!({ "buttons": [{ "type": "teleport" }] }), "buttons[0]"),
        (json!({ "header": { "type": "image", "link": "https://a.example/b.png", "nonsense": 1 } }), "header"),
        (
            json!({ "header": { "type": "image", "media_id": "0199f2a0-0000-7000-8000-000000000001" } }),
            "header.media_id",
        ),
        (json!({ "nonsense": 1 }), "nonsense"),
    ] {
        let mut definition = order("parcel_bad");
        for (name, value) in change.as_object().unwrap() {
            definition[name] = value.clone();
        }
        let refused = stage.program.post("/api/v1/templates", definition).await;
        let complaints = refused.complaints();
        refused.problem(422, "validation_failed");
        assert!(complaints[0].0.starts_with(field), "{change}: {complaints:?}");
    }
    stage.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_provider_lacks_is_said_before_anything_is_submitted() {
    let stage = Stage::set(Database::Sqlite).await;
    let mut place = order("parcel_place");
    place["header"] = json!({ "type": "location" });
    let id = stage.create(place.clone()).await;
    let refused = stage.submit(&id, "twilio").await;
    assert_eq!(refused.complaints(), [("header".to_owned(), "unsupported".to_owned())]);
    stage.submit(&id, "direct").await.expect(200);
    let preview = stage.program.post("/api/v1/templates/preview", place).await.expect(200);
    assert_eq!((&preview["direct"]["whole"], &preview["twilio"]["whole"]), (&json!(true), &json!(false)));
    assert_eq!(preview["twilio"]["lost"][0]["feature"], "location_header");
    assert_eq!(preview["twilio"]["lost"][0]["where"], "header");
    assert_eq!(preview["direct"]["request"]["components"][0], json!({ "type": "HEADER", "format": "LOCATION" }));
    assert!(preview["twilio"]["request"]["types"]["whatsapp/card"].is_object(), "{preview:#}");
    assert_eq!(preview["bubble"]["body"], "Hello Ada, order 77 has left our warehouse.");
    assert_eq!(preview["bubble"]["buttons"][0]["url"], "https://acme.example/t/9");
    assert_eq!(preview["violations"], json!([]));
    let mut bad = order("parcel_place");
    bad["footer"] = json!("x".repeat(61));
    let preview = stage.program.post("/api/v1/templates/preview", bad).await.expect(200);
    assert_eq!(preview["violations"][0]["field"], "footer");
    // What is larger than any template is not looked at.
    let mut endless = order("parcel_place");
    endless["body"]["text"] = json!((0..40_000).map(|n| format!("{{{{{n}}}}} x ")).collect::<String>());
    let refused = stage.program.post("/api/v1/templates/preview", endless).await;
    assert_eq!(refused.complaints(), [("(body)".to_owned(), "too_long".to_owned())]);
    stage.app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_makes_one_template_and_each_scope_counts() {
    let stage = Stage::set(Database::Sqlite).await;
    let request = || {
        let request = stage.program.request(Method::POST, "/api/v1/templates");
        request.header("Idempotency-Key", "parcel").json(&order("parcel_once"))
    };
    let first = stage.program.send(request()).await.expect(201);
    assert_eq!(stage.program.send(request()).await.expect(201)["id"], first["id"]);
    let path = format!("/api/v1/templates/{}", first["id"].as_str().unwrap());

    let reader = stage.app.key(&["templates:read"]).await;
    reader.get(&path).await.expect(200);
    reader.delete(&path).await.problem(403, "forbidden");
    let nobody = stage.app.key(&["messages:read"]).await;
    nobody.get("/api/v1/templates").await.problem(403, "forbidden");
    let stranger = stage.app.key_in(&stage.app.live, &["templates:read", "templates:write"]).await;
    stranger.get(&path).await.problem(404, "not_found");
    stranger.delete(&format!("{path}?everywhere=true")).await.problem(404, "not_found");
    stranger
        .post(&format!("{path}/submissions"), json!({ "channel_id": stage.direct }))
        .await
        .problem(404, "not_found");
    stage.app.stop().await;
}
