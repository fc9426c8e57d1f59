//! How much one caller may ask, and how it is told.

use reqwest::Method;
use serde_json::json;

use crate::support::Database;
use crate::support::api::{Answer, Caller};
use crate::support::app::{OWNER_EMAIL, OWNER_PASSWORD, TestApp};
use std::sync::Arc;

use duplex::clock::SystemClock;

async fn start(settings: &[&str]) -> TestApp {
    TestApp::start_with(Database::Sqlite, settings, Arc::new(SystemClock)).await
}

/// Asks until it is too much. The first answer says how many are allowed at once.
async fn exhaust(caller: &Caller, path: &str) -> Answer {
    for _ in 0..10_000 {
        let answer = caller.get(path).await;
        if answer.status == 429 {
            return answer;
        }
    }
    panic!("{path} has no limit");
}

fn seconds(answer: &Answer, name: &str) -> u64 {
    answer.header(name).unwrap().parse().unwrap()
}

#[tokio::test]
async fn one_key_has_its_limit_and_the_next_its_own() {
    let app = start(&["--rate-limit-key", "2"]).await;
    let (busy, calm) = (app.key(&["workspace:read"]).await, app.key(&["workspace:read"]).await);
    let first = busy.get("/api/v1/workspace").await;
    assert_eq!(first.header("ratelimit-policy"), Some("\"key\";q=2;w=1"));
    assert_eq!(first.header("ratelimit"), Some("\"key\";r=1;t=1"));
    let refused = exhaust(&busy, "/api/v1/workspace").await;
    assert!(refused.header("ratelimit").unwrap().starts_with("\"key\";r=0;t="));
    assert_eq!(seconds(&refused, "retry-after"), 1);
    refused.problem(429, "rate_limited");
    calm.get("/api/v1/workspace").await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn who_tries_passwords_does_not_lock_the_owner_out() {
    let app = start(&["--rate-limit-sign-in", "3", "--trusted-proxies", "127.0.0.1"]).await;
    let try_from = async |address: &str, password: &str| {
        let body = json!({ "email": OWNER_EMAIL, "password": password });
        let request = app.nobody.request(Method::POST, "/api/v1/session").header("x-forwarded-for", address);
        app.nobody.send(request.json(&body)).await
    };
    for _ in 0..3 {
        try_from("203.0.113.9", "a wrong password").await.problem(401, "wrong_credentials");
    }
    let refused = try_from("203.0.113.9", OWNER_PASSWORD).await;
    assert!((2..=60).contains(&seconds(&refused, "retry-after")));
    refused.problem(429, "rate_limited");
    try_from("203.0.113.10", OWNER_PASSWORD).await.expect(200);
    app.stop().await;
}

#[tokio::test]
async fn a_stranger_cannot_choose_an_address() {
    let app = start(&["--rate-limit-sign-in", "1"]).await;
    let mut statuses = Vec::new();
    for address in ["203.0.113.1", "203.0.113.2"] {
        let body = json!({ "email": OWNER_EMAIL, "password": "a wrong password" });
        let request = app.nobody.request(Method::POST, "/api/v1/session").header("x-forwarded-for", address);
        statuses.push(app.nobody.send(request.json(&body)).await.status);
    }
    assert_eq!(statuses, [401, 429]);
    app.stop().await;
}

#[tokio::test]
async fn bad_credentials_count_against_the_address() {
    let app = start(&["--rate-limit-address", "5"]).await;
    let guesser = app.nobody.with_key("dpx_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    exhaust(&guesser, "/api/v1/workspace").await.problem(429, "rate_limited");
    app.owner.get("/api/v1/workspace").await.expect(200);
    app.stop().await;
}
