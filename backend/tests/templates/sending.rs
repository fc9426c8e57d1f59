//! Every value is given, or the message is refused with the field; what the gateway knows it fills in.

use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{PROVIDERS, Stage, order, use_of_order};
use crate::support::{Database, files};

/// The fields of what is wrong with [`use_of_order`] after a change; `null` takes a member away.
async fn complaints(stage: &Stage, provider: &str, name: &str, change: Value) -> Vec<String> {
    let mut content = use_of_order(name);
    for (member, value) in change.as_object().unwrap() {
        content[member] = value.clone();
    }
    if let Some(members) = content.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    let refused = stage.send(provider, content).await;
    assert_eq!(refused.status, 422, "{provider} {change}: {:#}", refused.json);
    refused.complaints().into_iter().map(|(field, _)| field).collect()
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn missing_values_are_refused_at_both_providers(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    stage.approved(order("parcel_full"), &PROVIDERS).await;
    for provider in PROVIDERS {
        for (change, fields) in [
            (json!({ "body": [{ "text": "Zoë" }] }), vec!["content.body[1]"]),
            (json!({ "body": null }), vec!["content.body[0]", "content.body[1]"]),
            (json!({ "body": [{ "text": "a" }, { "text": "b" }, { "text": "c" }] }), vec!["content.body[2]"]),
            (json!({ "buttons": null }), vec!["content.buttons"]),
            (json!({ "buttons": [{ "index": 0, "type": "copy_code", "code": "x" }] }), vec!["content.buttons[0].type"]),
            (
                json!({ "buttons": [{ "index": 0, "type": "url", "text": "a" }, { "index": 7, "type": "url", "text": "b" }] }),
                vec!["content.buttons[1].index"],
            ),
            (json!({ "header": { "type": "image", "link": "https://acme.example/a.jpg" } }), vec!["content.header"]),
            (json!({ "offer_expires_at": "2099-01-01T00:00:00Z" }), vec!["content.offer_expires_at"]),
            (json!({ "language": "fr" }), vec!["content.name"]),
            (json!({ "name": "never_heard_of" }), vec!["content.name"]),
        ] {
            let found = complaints(&stage, provider, "parcel_full", change.clone()).await;
            let wanted: Vec<String> = fields.into_iter().map(str::to_owned).collect();
            assert!(wanted.iter().all(|field| found.contains(field)), "{provider} {change}: {found:?}");
        }
        let unknown = stage.send(provider, use_of_order("never_heard_of")).await;
        let said = unknown.json["errors"][0]["message"].as_str().unwrap();
        assert!(said.contains("known: ") && said.contains(" in en"), "{said}");
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn named_variables_go_by_name_at_both_providers(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let samples = json!([{ "name": "first_name", "text": "Ada" }, { "name": "when", "text": "Friday" }]);
    let definition = json!({
        "name": "visit", "language": "en", "category": "utility", "parameter_format": "named",
        "header": { "type": "text", "text": "Visit in {{city}}", "samples": [{ "name": "city", "text": "London" }] },
        "body": { "text": "Dear {{first_name}}, see you {{when}} at our office.", "samples": samples },
    });
    stage.approved(definition, &PROVIDERS).await;
    let content = json!({
        "type": "template", "name": "visit", "language": "en",
        "header": { "type": "text", "text": "Leeds", "name": "city" },
        "body": [{ "name": "when", "text": "Monday" }, { "name": "first_name", "text": "Zoë" }],
    });
    for provider in PROVIDERS {
        let shown = stage.delivered(provider, content.clone()).await;
        assert!(shown.contains("Visit in Leeds"), "{provider}: {shown}");
        assert!(shown.contains("Dear Zoë, see you Monday at our office."), "{provider}: {shown}");
        let mut wrong = content.clone();
        wrong["body"][0]["name"] = json!("where");
        let refused = stage.send(provider, wrong).await;
        let fields: Vec<String> = refused.complaints().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["content.body[0].name", "content.body"], "{provider}");
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_code_needs_neither_sid_nor_button(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values("direct", "twilio")] provider: &'static str,
) {
    let stage = Stage::set(database).await;
    let code = json!({ "type": "one_time_code", "name": "login_code", "language": "en_US", "code": "112358" });
    assert!(stage.delivered(provider, code).await.contains("112358"));
    let template =
        json!({ "type": "template", "name": "login_code", "language": "en_US", "body": [{ "text": "314159" }] });
    assert!(stage.delivered(provider, template).await.contains("314159"));
    let wrong = json!({ "type": "one_time_code", "name": "hello_world", "language": "en_US", "code": "112358" });
    let refused = stage.send(provider, wrong).await;
    assert_eq!(refused.complaints(), [("content.name".to_owned(), "conflict".to_owned())]);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn media_of_the_gateway_are_samples_and_headers(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let picture = upload(&stage, "tea.png").await;
    let mut definition = order("parcel_seen");
    definition["header"] = json!({ "type": "image", "media_id": picture });
    let id = stage.create(definition.clone()).await;
    for provider in PROVIDERS {
        stage.submit(&id, provider).await.expect(200);
        stage.until_status(&id, provider, "approved").await;
        let mut content = use_of_order("parcel_seen");
        content["header"] = json!({ "type": "image", "media_id": upload(&stage, "other.png").await });
        let shown = stage.delivered(provider, content.clone()).await;
        assert!(shown.contains("Hello Zoë, order 4711"), "{provider}: {shown}");
        content["header"] = json!({ "type": "document", "link": "https://acme.example/a.pdf" });
        let refused = stage.send(provider, content).await;
        assert_eq!(refused.complaints()[0].0, "content.header.type", "{provider}");
    }
    let mut elsewhere = use_of_order("parcel_seen");
    elsewhere["header"] = json!({ "type": "image", "link": "https://acme.example/a.png" });
    let refused = stage.send("twilio", elsewhere.clone()).await;
    assert_eq!(refused.complaints(), [("content.header.link".to_owned(), "unsupported".to_owned())]);
    stage.send("direct", elsewhere).await.expect(202);
    stage.app.stop().await;
}

/// A picture of one point.
const PNG: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00, 0x0d, 0x49,
    0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x60, 0x60, 0x60, 0xf8, 0x0f, 0x00, 0x01, 0x04, 0x01, 0x00, 0x5f, 0xe5, 0xc3,
    0x4b, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

async fn upload(stage: &Stage, name: &str) -> String {
    let kept = files::upload(&stage.app.owner, name, "image/png", PNG).await;
    kept["id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sid_that_nobody_knows_is_the_callers_own_affair() {
    let stage = Stage::set(Database::Sqlite).await;
    let sid = "HX0123456789abcdef0123456789abcdef";
    let mut content = use_of_order("own_affair");
    content["twilio"] = json!({ "content_sid": sid, "variables": { "1": "x" } });
    stage.send("twilio", content.clone()).await.expect(202);
    // A SID that is known is checked like a name.
    let known = crate::stage::newest(&stage.named("order_shipped", "en_GB").await, "twilio");
    content["twilio"] = json!({ "content_sid": known["provider_ref"], "variables": { "1": "x", "2": "y", "9": "z" } });
    let refused = stage.send("twilio", content).await;
    let fields: Vec<String> = refused.complaints().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["content.twilio.variables.3", "content.twilio.variables.9"]);
    stage.app.stop().await;
}
