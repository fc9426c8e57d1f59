//! What providers tell of templates later: states, quality, categories, texts.

use duplex_simulator::{NewNotice, TemplateChange};
use rstest::rstest;
use serde_json::{Value, json};

use crate::stage::{Stage, newest, order, use_of_order};
use crate::support::Database;

async fn change(stage: &Stage, name: &str, wanted: Value) {
    let wanted: TemplateChange = serde_json::from_value(wanted).unwrap();
    stage.simulator.change_template(&stage.account("direct").await, name, "en_GB", &wanted).await.unwrap();
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_category_is_announced_and_then_changed(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    let id = stage.approved(order("parcel_sale"), &["direct"]).await;
    change(&stage, "parcel_sale", json!({ "correct_category": "MARKETING" })).await;
    let path = format!("/api/v1/templates/{id}");
    let announced = stage
        .app
        .until(&stage.program, &path, |shown| newest(shown, "direct")["correct_category"] == "marketing")
        .await;
    assert_eq!(newest(&announced, "direct")["category"], "utility", "not yet");
    change(&stage, "parcel_sale", json!({ "category": "MARKETING" })).await;
    let moved =
        stage.app.until(&stage.program, &path, |shown| newest(shown, "direct")["category"] == "marketing").await;
    assert_eq!(newest(&moved, "direct")["correct_category"], Value::Null);
    let news = stage.news("template.category_changed", "parcel_sale").await;
    let told: Vec<(&str, &str, bool)> = news
        .iter()
        .map(|one| {
            (one["before"].as_str().unwrap(), one["after"].as_str().unwrap(), one["announced"].as_bool().unwrap())
        })
        .collect();
    assert_eq!(told, [("utility", "marketing", true), ("utility", "marketing", false)]);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn the_review_may_choose_another_category(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let stage = Stage::set(database).await;
    stage.set_reviews(json!({ "parcel_offer": { "approved": true, "category": "MARKETING" } })).await;
    let id = stage.create(order("parcel_offer")).await;
    for provider in crate::stage::PROVIDERS {
        stage.submit(&id, provider).await.expect(200);
        stage.until_status(&id, provider, "approved").await;
        let path = format!("/api/v1/templates/{id}");
        stage.app.until(&stage.program, &path, |shown| newest(shown, provider)["category"] == "marketing").await;
    }
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn poor_quality_is_told_and_a_pause_stops_messages(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let id = stage.approved(order("parcel_poor"), &["direct"]).await;
    change(&stage, "parcel_poor", json!({ "quality": "YELLOW" })).await;
    let path = format!("/api/v1/templates/{id}");
    stage.app.until(&stage.program, &path, |shown| newest(shown, "direct")["quality"] == "yellow").await;
    let news = stage.news("template.quality_changed", "parcel_poor").await;
    assert_eq!((news.len(), &news[0]["after"]), (1, &json!("yellow")), "{news:#?}");

    change(&stage, "parcel_poor", json!({ "status": "PAUSED" })).await;
    stage.until_status(&id, "direct", "paused").await;
    let refused = stage.send("direct", use_of_order("parcel_poor")).await;
    assert_eq!(refused.complaints(), [("content.name".to_owned(), "not_ready".to_owned())]);
    change(&stage, "parcel_poor", json!({ "status": "APPROVED" })).await;
    stage.until_status(&id, "direct", "approved").await;
    stage.send("direct", use_of_order("parcel_poor")).await.expect(202);
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn a_text_changed_at_the_provider_counts_for_messages(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let id = stage.approved(order("parcel_text"), &["direct"]).await;
    let components = json!([{ "type": "BODY", "text": "Hello {{1}}, it has left our warehouse.", "example": { "body_text": [["Ada"]] } }]);
    change(&stage, "parcel_text", json!({ "components": components })).await;
    let path = format!("/api/v1/templates/{id}");
    let changed = stage.app.until(&stage.program, &path, |shown| newest(shown, "direct")["current"] == false).await;
    let stands = &newest(&changed, "direct")["definition"];
    assert_eq!(stands["body"]["text"], "Hello {{1}}, it has left our warehouse.");
    assert_eq!(changed["definition"]["buttons"].as_array().unwrap().len(), 2, "ours stays what it is");
    let refused = stage.send("direct", use_of_order("parcel_text")).await;
    let fields: Vec<String> = refused.complaints().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["content.body[1]", "content.buttons[0].index"]);
    let short = json!({ "type": "template", "name": "parcel_text", "language": "en_GB", "body": [{ "text": "Zoë" }] });
    assert_eq!(stage.delivered("direct", short).await, "Hello Zoë, it has left our warehouse.");
    stage.app.stop().await;
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn news_of_an_unknown_template_has_the_account_looked_at(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let stage = Stage::set(database).await;
    let before = stage.program.get("/api/v1/templates/syncs").await.expect(200);
    let value = json!({ "event": "APPROVED", "message_template_id": 499_999_999_999_999_u64,
        "message_template_name": "who_knows", "message_template_language": "en" });
    let notice = NewNotice {
        account: stage.account("direct").await,
        field: "message_template_status_update".to_owned(),
        value: value.clone(),
    };
    assert!(stage.simulator.notify(&notice).await.unwrap().delivered);
    let feed = stage
        .app
        .until(&stage.program, "/api/v1/events?type=provider.notice", |feed| {
            feed["data"].as_array().unwrap().iter().any(|one| one["data"]["value"] == value)
        })
        .await;
    assert_eq!(feed["data"][0]["data"]["field"], "message_template_status_update");
    let at = |shown: &Value| {
        let all = shown["data"].as_array().unwrap();
        all.iter().find(|one| one["provider"] == "direct").unwrap()["attempted_at"].as_str().unwrap().to_owned()
    };
    let before = at(&before);
    crate::support::watch::until("the account is looked at again", async || {
        let shown = stage.program.get("/api/v1/templates/syncs").await.expect(200);
        (at(&shown) > before).then_some(())
    })
    .await;
    stage.app.stop().await;
}
