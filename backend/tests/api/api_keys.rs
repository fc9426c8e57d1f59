//! API keys: their workspace, scopes, end and secrecy.

use std::time::Duration;

use duplex::clock::{Clock, ManualClock, SystemClock};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::Database;
use crate::support::app::TestApp;

const KEYS: &str = "/api/v1/api-keys";

fn path(key: &Value) -> String {
    format!("{KEYS}/{}", key["id"].as_str().unwrap())
}

#[rstest]
#[tokio::test]
async fn a_secret_is_shown_once(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let made = app.owner.post(KEYS, json!({ "name": "shop", "scopes": ["messages:read"] })).await.expect(201);
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with(made["prefix"].as_str().unwrap()) && secret.len() == 47, "{secret}");
    let shown = app.owner.get(&path(&made)).await.expect(200);
    assert_eq!((&shown["name"], &shown["scopes"]), (&json!("shop"), &json!(["messages:read"])));
    let list = app.owner.get(KEYS).await.expect(200);
    assert!(!shown.to_string().contains(secret) && !list.to_string().contains(secret));
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_revoked_key_ends_at_once(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let made = app.owner.post(KEYS, json!({ "name": "a", "scopes": ["workspace:read"] })).await.expect(201);
    let program = app.nobody.with_key(made["secret"].as_str().unwrap());
    assert_eq!(program.get("/api/v1/workspace").await.expect(200)["id"], app.sandbox);
    let revoked = app.owner.delete(&path(&made)).await.expect(200);
    assert!(revoked["revoked_at"].is_string());
    let refused = program.get("/api/v1/workspace").await;
    assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
    assert_eq!(refused.problem(401, "unauthenticated")["detail"], "the API key was revoked");
    assert_eq!(app.owner.delete(&path(&made)).await.expect(200), revoked, "revoking again changes nothing");
    app.stop().await;
}

#[tokio::test]
async fn a_key_ends_at_its_time() {
    let clock = ManualClock::at(SystemClock.now());
    let app = TestApp::start_with(Database::Sqlite, &[], clock.clone()).await;
    let ends = clock.now().plus(Duration::from_secs(60)).to_string();
    let made = app
        .owner
        .post(KEYS, json!({ "name": "a", "scopes": ["workspace:read"], "expires_at": ends }))
        .await
        .expect(201);
    let program = app.nobody.with_key(made["secret"].as_str().unwrap());
    program.get("/api/v1/workspace").await.expect(200);
    clock.advance(Duration::from_secs(60));
    program.get("/api/v1/workspace").await.problem(401, "unauthenticated");
    app.stop().await;
}

#[tokio::test]
async fn scopes_are_demanded_and_cannot_be_widened() {
    let app = TestApp::start(Database::Sqlite).await;
    let reader = app.key(&["workspace:read"]).await;
    reader.get("/api/v1/workspace").await.expect(200);
    let refused = reader.patch("/api/v1/workspace", json!({ "name": "New" })).await.problem(403, "forbidden");
    assert_eq!(refused["detail"], "needs the scope workspace:write");

    let maker = app.key(&["api_keys:write", "messages:read"]).await;
    let wide = maker.post(KEYS, json!({ "name": "a", "scopes": ["messages:read", "messages:write"] })).await;
    assert_eq!(wide.complaints(), [("scopes[1]".to_owned(), "not_yours".to_owned())]);
    wide.problem(422, "validation_failed");
    maker.post(KEYS, json!({ "name": "a", "scopes": ["messages:read"] })).await.expect(201);
    maker.get("/api/v1/session").await.problem(403, "forbidden");
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn keys_of_another_workspace_are_not_there(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let made = app.owner.post(KEYS, json!({ "name": "a", "scopes": ["messages:read"] })).await.expect(201);
    let stranger = app.key_in(&app.live, &["api_keys:read", "api_keys:write", "workspace:read"]).await;
    stranger.get(&path(&made)).await.problem(404, "not_found");
    stranger.delete(&path(&made)).await.problem(404, "not_found");
    let others = stranger.get(KEYS).await.expect(200);
    assert!(others["data"].as_array().unwrap().iter().all(|key| key["id"] != made["id"]));
    // A key has one workspace; naming another is a mistake.
    let elsewhere = stranger.request(Method::GET, "/api/v1/workspace").header("Duplex-Workspace", &app.sandbox);
    stranger.send(elsewhere).await.problem(404, "not_found");
    assert!(app.owner.get(&path(&made)).await.expect(200).get("revoked_at").is_none());
    app.stop().await;
}

#[tokio::test]
async fn credentials_that_are_none_are_refused_alike() {
    let app = TestApp::start(Database::Sqlite).await;
    for key in ["dpx_", "dpx_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "something else"] {
        app.nobody.with_key(key).get("/api/v1/workspace").await.problem(401, "unauthenticated");
    }
    let basic = app.nobody.request(Method::GET, "/api/v1/workspace").basic_auth("a", Some("b"));
    app.nobody.send(basic).await.problem(401, "unauthenticated");
    app.nobody.get("/api/v1/workspace").await.problem(401, "unauthenticated");
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_repeated_request_makes_one_key(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let count = async || app.owner.get(KEYS).await.expect(200)["data"].as_array().unwrap().len();
    let ask = async |key: &str, name: &str| {
        let body = json!({ "name": name, "scopes": ["messages:read"] });
        app.owner.send(app.owner.request(Method::POST, KEYS).header("Idempotency-Key", key).json(&body)).await
    };
    let before = count().await;
    ask("k1", "").await.problem(422, "validation_failed");
    ask("k1", "a").await.expect(201);
    ask("k1", "a").await.problem(409, "idempotency_secret_gone");
    ask("k1", "b").await.problem(422, "idempotency_key_reused");
    ask("k2", "a").await.expect(201);
    ask("two words", "a").await.problem(400, "invalid_header");
    assert_eq!(count().await, before + 2);
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn lists_are_pages(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    for name in ["a", "b", "c"] {
        app.owner.post(KEYS, json!({ "name": name, "scopes": ["messages:read"] })).await.expect(201);
    }
    let names = |page: &Value| -> Vec<String> {
        page["data"].as_array().unwrap().iter().map(|key| key["name"].as_str().unwrap().to_owned()).collect()
    };
    let first = app.owner.get(&format!("{KEYS}?limit=2")).await.expect(200);
    assert_eq!(names(&first), ["c", "b"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = app.owner.get(&format!("{KEYS}?limit=2&cursor={cursor}")).await.expect(200);
    assert_eq!(names(&second), ["a"]);
    assert!(second.get("next_cursor").is_none());
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn the_last_use_is_remembered(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let made = app.owner.post(KEYS, json!({ "name": "a", "scopes": ["workspace:read"] })).await.expect(201);
    let program = app.nobody.with_key(made["secret"].as_str().unwrap());
    for _ in 0..3 {
        program.get("/api/v1/workspace").await.expect(200);
    }
    app.app().context.auth.write_key_uses().await.unwrap();
    assert!(app.owner.get(&path(&made)).await.expect(200)["last_used_at"].is_string());
    app.stop().await;
}
