//! What signed-in users change about themselves.

use std::sync::Arc;

use duplex::clock::SystemClock;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::Database;
use crate::support::api::{Answer, Caller};
use crate::support::app::{OWNER_EMAIL, OWNER_PASSWORD, TestApp};

const SESSION: &str = "/api/v1/session";
const PASSWORD: &str = "/api/v1/session/password";
const NEW_PASSWORD: &str = "another staple entirely";

async fn sign_in(app: &TestApp, password: &str) -> (Caller, Answer) {
    let caller = app.nobody.with_cookies();
    let answer = caller.post(SESSION, json!({ "email": OWNER_EMAIL, "password": password })).await;
    (caller, answer)
}

async fn change(caller: &Caller, current: &str, new: &str) -> Answer {
    caller.put(PASSWORD, json!({ "current_password": current, "new_password": new })).await
}

#[rstest]
#[tokio::test]
async fn a_new_password_ends_the_other_sessions(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let (other, answer) = sign_in(&app, OWNER_PASSWORD).await;
    answer.expect(200);
    other.get(SESSION).await.expect(200);

    change(&app.owner, OWNER_PASSWORD, NEW_PASSWORD).await.expect(204);
    app.owner.get(SESSION).await.expect(200);
    app.owner.post("/api/v1/session/refresh", Value::Null).await.expect(200);
    other.get(SESSION).await.problem(401, "session_expired");
    other.post("/api/v1/session/refresh", Value::Null).await.problem(401, "session_expired");
    sign_in(&app, OWNER_PASSWORD).await.1.problem(401, "wrong_credentials");
    sign_in(&app, NEW_PASSWORD).await.1.expect(200);
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn what_is_wrong_with_a_change_is_named(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let (other, answer) = sign_in(&app, OWNER_PASSWORD).await;
    answer.expect(200);
    for (current, new, field, code) in [
        ("not the password", NEW_PASSWORD, "current_password", "wrong"),
        (OWNER_PASSWORD, "short", "new_password", "too_short"),
        (OWNER_PASSWORD, OWNER_EMAIL, "new_password", "too_weak"),
    ] {
        let refused = change(&app.owner, current, new).await;
        assert_eq!(refused.complaints(), [(field.to_owned(), code.to_owned())]);
        refused.problem(422, "validation_failed");
    }
    // Nothing has changed, for nobody.
    other.get(SESSION).await.expect(200);
    sign_in(&app, OWNER_PASSWORD).await.1.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn guesses_count_as_sign_ins() {
    let settings = ["--rate-limit-sign-in", "2"];
    let app = TestApp::start_with(Database::Sqlite, &settings, Arc::new(SystemClock)).await;
    change(&app.owner, "a wrong password", NEW_PASSWORD).await.problem(422, "validation_failed");
    sign_in(&app, "a wrong password").await.1.problem(401, "wrong_credentials");
    change(&app.owner, OWNER_PASSWORD, NEW_PASSWORD).await.problem(429, "rate_limited");
    app.stop().await;
}

#[tokio::test]
async fn only_a_session_with_the_console_header_may() {
    let app = TestApp::start(Database::Sqlite).await;
    let key = app.key(&["workspace:write"]).await;
    let cookie = format!("duplex_access={}", app.owner.cookie("duplex_access").unwrap());
    for (method, path, body) in [
        (Method::PUT, PASSWORD, json!({ "current_password": OWNER_PASSWORD, "new_password": NEW_PASSWORD })),
        (Method::PATCH, "/api/v1/session/user", json!({ "name": "Somebody" })),
    ] {
        let of = |caller: &Caller| caller.request(method.clone(), path).json(&body);
        app.nobody.send(of(&app.nobody).header("cookie", &cookie)).await.problem(403, "csrf_header_missing");
        key.send(of(&key)).await.problem(403, "forbidden");
        app.nobody.send(of(&app.nobody)).await.problem(401, "unauthenticated");
    }
    sign_in(&app, OWNER_PASSWORD).await.1.expect(200);
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_user_has_the_name_they_chose(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let named = app.owner.patch("/api/v1/session/user", json!({ "name": " Ada Lovelace " })).await.expect(200);
    assert_eq!((named["name"].as_str(), named["email"].as_str()), (Some("Ada Lovelace"), Some(OWNER_EMAIL)));
    assert_eq!(app.owner.get(SESSION).await.expect(200)["user"], named);
    assert_eq!(app.owner.patch("/api/v1/session/user", json!({})).await.expect(200), named);
    let refused = app.owner.patch("/api/v1/session/user", json!({ "name": " " })).await;
    assert_eq!(refused.complaints(), [("name".to_owned(), "required".to_owned())]);
    refused.problem(422, "validation_failed");
    app.stop().await;
}
