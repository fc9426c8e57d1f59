//! What a mistake looks like: one shape, a stable code, and the field.

use reqwest::Method;
use serde_json::json;

use crate::support::Database;
use crate::support::api::Answer;
use crate::support::app::TestApp;

async fn post_raw(app: &TestApp, content_type: &str, body: &str) -> Answer {
    let request = app.owner.request(Method::POST, "/api/v1/api-keys").header("content-type", content_type);
    app.owner.send(request.body(body.to_owned())).await
}

#[tokio::test]
async fn bodies_name_what_is_wrong_with_them() {
    let app = TestApp::start(Database::Sqlite).await;
    post_raw(&app, "application/json", "{").await.problem(400, "invalid_json");
    post_raw(&app, "application/json", "").await.problem(400, "invalid_json");
    post_raw(&app, "text/plain", "{}").await.problem(415, "unsupported_media_type");
    for (body, field, code) in [
        (json!({ "scopes": [] }), "name", "required"),
        (json!({ "name": 7, "scopes": [] }), "name", "invalid_type"),
        (json!({ "name": "a", "scopes": ["everything"] }), "scopes[0]", "invalid_value"),
        (json!({ "name": "a", "scopes": [], "admin": true }), "admin", "unknown_field"),
        (json!({ "name": "a", "scopes": ["messages:read"], "expires_at": "soon" }), "expires_at", "invalid_value"),
        (json!([]), "(body)", "invalid_type"),
    ] {
        let refused = post_raw(&app, "application/json; charset=utf-8", &body.to_string()).await;
        assert_eq!(refused.complaints(), [(field.to_owned(), code.to_owned())], "{body}");
        refused.problem(422, "validation_failed");
    }
    app.stop().await;
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused() {
    let app =
        TestApp::start_with(Database::Sqlite, &["--body-limit", "1"], std::sync::Arc::new(duplex::clock::SystemClock))
            .await;
    post_raw(&app, "application/json", &format!("\"{}\"", "x".repeat(2_000))).await.problem(413, "payload_too_large");
    app.stop().await;
}

#[tokio::test]
async fn parameters_are_named_too() {
    let app = TestApp::start(Database::Sqlite).await;
    for (path, field) in [
        ("/api/v1/api-keys?limit=many", "limit"),
        ("/api/v1/api-keys?limit=0", "limit"),
        ("/api/v1/api-keys?cursor=x", "cursor"),
        ("/api/v1/api-keys?sort=up", "sort"),
        ("/api/v1/api-keys/nonsense", "api_key_id"),
    ] {
        let refused = app.owner.get(path).await;
        assert_eq!(refused.complaints().first().map(|(field, _)| field.as_str()), Some(field), "{path}");
        refused.problem(400, "invalid_parameter");
    }
    app.stop().await;
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let app = TestApp::start(Database::Sqlite).await;
    app.nobody.get("/api/v1/nothing").await.problem(404, "not_found");
    app.nobody.get("/api/v2/setup").await.problem(404, "not_found");
    let refused = app.nobody.put("/api/v1/setup", json!({})).await;
    assert_eq!(refused.header("allow"), Some("GET, POST"));
    refused.problem(405, "method_not_allowed");
    app.stop().await;
}

#[tokio::test]
async fn a_request_has_one_id_everywhere() {
    let app = TestApp::start(Database::Sqlite).await;
    let given = app.nobody.request(Method::GET, "/api/v1/nothing").header("x-request-id", "from-the-caller.1");
    let answer = app.nobody.send(given).await;
    assert_eq!(answer.header("x-request-id"), Some("from-the-caller.1"));
    assert_eq!(answer.json["request_id"], "from-the-caller.1");
    let forged = app.nobody.request(Method::GET, "/api/v1/nothing").header("x-request-id", "a b");
    let answer = app.nobody.send(forged).await;
    assert_eq!(answer.header("x-request-id"), answer.json["request_id"].as_str());
    assert_ne!(answer.json["request_id"], "a b");
    app.stop().await;
}

#[tokio::test]
async fn who_is_refused_is_not_told_about_the_body() {
    let app = TestApp::start(Database::Sqlite).await;
    let request = app.nobody.request(Method::POST, "/api/v1/api-keys").header("content-type", "application/json");
    app.nobody.send(request.body("{")).await.problem(401, "unauthenticated");
    app.stop().await;
}
