//! Signing in, staying signed in with two tabs open, and signing out.

use std::time::Duration;

use duplex::clock::{Clock, ManualClock, SystemClock};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::Database;
use crate::support::api::{Answer, Caller};
use crate::support::app::{OWNER_EMAIL, OWNER_PASSWORD, TestApp};

const SESSION: &str = "/api/v1/session";
const REFRESH: &str = "/api/v1/session/refresh";
const REFRESH_COOKIE: &str = "duplex_refresh";

async fn sign_in(app: &TestApp) -> Caller {
    let caller = app.nobody.with_cookies();
    caller.post(SESSION, json!({ "email": OWNER_EMAIL, "password": OWNER_PASSWORD })).await.expect(200);
    caller
}

async fn refresh(caller: &Caller) -> Answer {
    caller.post(REFRESH, Value::Null).await
}

#[rstest]
#[tokio::test]
async fn a_password_opens_a_session(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let wrong = [
        json!({ "email": OWNER_EMAIL, "password": "wrong horse battery" }),
        json!({ "email": "nobody@example.com", "password": OWNER_PASSWORD }),
        json!({ "email": "nonsense", "password": OWNER_PASSWORD }),
    ];
    for credentials in wrong {
        app.nobody.post(SESSION, credentials).await.problem(401, "wrong_credentials");
    }
    let answer = app.nobody.post(SESSION, json!({ "email": " OWNER@example.com ", "password": OWNER_PASSWORD })).await;
    for cookie in answer.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
    }
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 2);
    answer.expect(200);
    app.nobody.get(SESSION).await.problem(401, "unauthenticated");
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn two_tabs_refresh_with_the_same_token(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let clock = ManualClock::at(SystemClock.now());
    let app = TestApp::start_with(database, &[], clock.clone()).await;
    let (one, other) = (sign_in(&app).await, app.nobody.with_cookies());
    let first = one.cookie(REFRESH_COOKIE).unwrap();
    other.set_cookie(REFRESH_COOKIE, &first);

    refresh(&one).await.expect(200);
    let successor = one.cookie(REFRESH_COOKIE).unwrap();
    assert_ne!(successor, first);
    clock.advance(Duration::from_secs(29));
    refresh(&other).await.expect(200);
    assert_eq!(other.cookie(REFRESH_COOKIE).unwrap(), successor, "both tabs hold the same token");
    refresh(&one).await.expect(200);
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn a_token_that_comes_late_ends_the_session(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
    #[values(1, 2)] rotations: usize,
) {
    let clock = ManualClock::at(SystemClock.now());
    let app = TestApp::start_with(database, &[], clock.clone()).await;
    let (owner, thief) = (sign_in(&app).await, app.nobody.with_cookies());
    thief.set_cookie(REFRESH_COOKIE, &owner.cookie(REFRESH_COOKIE).unwrap());
    for _ in 0..rotations {
        refresh(&owner).await.expect(200);
    }
    // The token before the last is never taken; the last one only for a moment.
    clock.advance(Duration::from_secs(if rotations == 1 { 31 } else { 0 }));
    refresh(&thief).await.problem(401, "session_expired");
    refresh(&owner).await.problem(401, "session_expired");
    owner.get(SESSION).await.problem(401, "session_expired");
    app.owner.get(SESSION).await.expect(200);
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn many_refreshes_at_once_agree(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let first = sign_in(&app).await.cookie(REFRESH_COOKIE).unwrap();
    let tabs: Vec<_> = (0..8)
        .map(|_| {
            let tab = app.nobody.with_cookies();
            tab.set_cookie(REFRESH_COOKIE, &first);
            tab
        })
        .collect();
    let all = futures_util::future::join_all(tabs.iter().map(async |tab| {
        refresh(tab).await.expect(200);
        tab.cookie(REFRESH_COOKIE).unwrap()
    }));
    let tokens: std::collections::HashSet<_> = all.await.into_iter().collect();
    assert_eq!(tokens.len(), 1, "one token has one successor");
    app.stop().await;
}

#[tokio::test]
async fn access_runs_out_and_a_refresh_brings_it_back() {
    let clock = ManualClock::at(SystemClock.now());
    let app = TestApp::start_with(Database::Sqlite, &[], clock.clone()).await;
    let owner = sign_in(&app).await;
    clock.advance(Duration::from_secs(601));
    owner.get(SESSION).await.problem(401, "session_expired");
    refresh(&owner).await.expect(200);
    owner.get(SESSION).await.expect(200);
    clock.advance(Duration::from_secs(15 * 86_400));
    refresh(&owner).await.problem(401, "session_expired");
    app.stop().await;
}

#[tokio::test]
async fn signing_out_ends_the_session_at_once() {
    let app = TestApp::start(Database::Sqlite).await;
    let owner = sign_in(&app).await;
    let copy = app.nobody.with_cookies();
    for name in ["duplex_access", REFRESH_COOKIE] {
        copy.set_cookie(name, &owner.cookie(name).unwrap());
    }
    copy.get(SESSION).await.expect(200);
    owner.delete(SESSION).await.expect(204);
    assert_eq!(owner.cookie(REFRESH_COOKIE), None);
    copy.get(SESSION).await.problem(401, "session_expired");
    refresh(&copy).await.problem(401, "session_expired");
    app.owner.get(SESSION).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn signing_out_works_when_access_has_run_out() {
    let clock = ManualClock::at(SystemClock.now());
    let app = TestApp::start_with(Database::Sqlite, &[], clock.clone()).await;
    let owner = sign_in(&app).await;
    let copy = app.nobody.with_cookies();
    copy.set_cookie(REFRESH_COOKIE, &owner.cookie(REFRESH_COOKIE).unwrap());
    clock.advance(Duration::from_secs(700));
    owner.delete(SESSION).await.expect(204);
    refresh(&copy).await.problem(401, "session_expired");
    app.stop().await;
}

#[tokio::test]
async fn a_change_by_cookie_needs_the_console_header() {
    let app = TestApp::start(Database::Sqlite).await;
    let owner = sign_in(&app).await;
    let cookies = ["duplex_access", REFRESH_COOKIE].map(|name| format!("{name}={}", owner.cookie(name).unwrap()));
    // As a form on another site would send it: with the cookies, without the header.
    let forged = async |method: Method, path: &str| {
        let request = app.nobody.request(method, path).header("cookie", cookies.join("; "));
        let request = request.header("duplex-workspace", &app.sandbox).header("content-type", "application/json");
        app.nobody.send(request.body("{}")).await
    };
    for (method, path) in [
        (Method::PATCH, "/api/v1/workspace"),
        (Method::POST, "/api/v1/api-keys"),
        (Method::POST, "/api/v1/messages"),
        (Method::POST, REFRESH),
        (Method::DELETE, SESSION),
    ] {
        forged(method, path).await.problem(403, "csrf_header_missing");
    }
    forged(Method::GET, SESSION).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn forged_tokens_are_nothing() {
    let app = TestApp::start(Database::Sqlite).await;
    let owner = sign_in(&app).await;
    let refresh_token = owner.cookie(REFRESH_COOKIE).unwrap();
    let access = owner.cookie("duplex_access").unwrap();
    let forger = app.nobody.with_cookies();
    for token in ["", "x", "x.y", "00000000000000000000000000000000.AAAA"] {
        forger.set_cookie(REFRESH_COOKIE, token);
        refresh(&forger).await.problem(401, "unauthenticated");
    }
    let (head, tail) = access.split_at(access.len() - 6);
    let changed: String = tail.chars().rev().collect();
    for token in ["", "a.b.c", &format!("{head}{changed}")] {
        forger.set_cookie("duplex_access", token);
        forger.get(SESSION).await.problem(401, "unauthenticated");
    }
    // Nothing of this harmed the session itself.
    assert_eq!(owner.cookie(REFRESH_COOKIE).unwrap(), refresh_token);
    refresh(&owner).await.expect(200);
    app.stop().await;
}
