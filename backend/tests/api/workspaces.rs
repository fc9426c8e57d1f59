//! Workspaces: what a session and a key see of them, and the change of provider.

use rstest::rstest;
use serde_json::json;

use crate::support::Database;
use crate::support::app::TestApp;

#[rstest]
#[tokio::test]
async fn the_provider_is_changed_and_the_feed_tells(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let app = TestApp::start(database).await;
    assert_eq!(app.owner.get("/api/v1/workspace").await.expect(200)["whatsapp_provider"], "twilio");
    let change = json!({ "whatsapp_provider": "direct", "name": "  Shop " });
    let changed = app.owner.patch("/api/v1/workspace", change).await.expect(200);
    assert_eq!((&changed["whatsapp_provider"], &changed["name"]), (&json!("direct"), &json!("Shop")));
    let list = app.owner.get("/api/v1/workspaces").await.expect(200);
    assert_eq!(list["data"][0]["workspace"], changed, "the session knows it at once");
    let feed = app.owner.get("/api/v1/events").await.expect(200);
    let told = feed["data"].as_array().unwrap().iter().find(|event| event["type"] == "workspace.updated");
    assert_eq!(told.unwrap()["data"]["whatsapp_provider"], "direct");
    app.stop().await;
}

#[tokio::test]
async fn a_session_names_a_workspace_that_is_its_own() {
    let app = TestApp::start(Database::Sqlite).await;
    let nowhere = app.nobody.with_cookies();
    let credentials =
        json!({ "email": crate::support::app::OWNER_EMAIL, "password": crate::support::app::OWNER_PASSWORD });
    nowhere.post("/api/v1/session", credentials).await.expect(200);
    nowhere.get("/api/v1/workspace").await.problem(400, "workspace_header_missing");
    nowhere.in_workspace("nonsense").get("/api/v1/workspace").await.problem(400, "invalid_header");
    let foreign = "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b";
    nowhere.in_workspace(foreign).get("/api/v1/workspace").await.problem(404, "not_found");
    let live = nowhere.get(&format!("/api/v1/workspace?workspace={}", app.live)).await.expect(200);
    assert_eq!(live["environment"], "live");
    // What changes something can't be addressed by the query: a link could carry it.
    let change = nowhere.patch(&format!("/api/v1/workspace?workspace={}", app.live), json!({ "name": "x" })).await;
    change.problem(400, "workspace_header_missing");
    app.stop().await;
}

#[tokio::test]
async fn names_have_bounds() {
    let app = TestApp::start(Database::Sqlite).await;
    for (name, code) in [("  ".to_owned(), "required"), ("x".repeat(81), "too_long")] {
        let refused = app.owner.patch("/api/v1/workspace", json!({ "name": name })).await;
        assert_eq!(refused.complaints(), [("name".to_owned(), code.to_owned())]);
    }
    let refused = app.owner.patch("/api/v1/workspace", json!({ "whatsapp_provider": "pigeon" })).await;
    assert_eq!(refused.complaints(), [("whatsapp_provider".to_owned(), "invalid_value".to_owned())]);
    app.stop().await;
}
