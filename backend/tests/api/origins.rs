//! Pages of other origins: those that are named may act for whoever looks at them, others may not.

use std::sync::Arc;

use duplex::clock::SystemClock;
use reqwest::Method;
use rstest::rstest;
use serde_json::json;

use crate::support::Database;
use crate::support::api::Answer;
use crate::support::app::{OWNER_EMAIL, OWNER_PASSWORD, TestApp};

const CONSOLE: &str = "https://console.example";
const EVIL: &str = "https://evil.example";
const SESSION: &str = "/api/v1/session";

async fn start(public_url: &str, origins: &str) -> TestApp {
    let settings = ["--public-url", public_url, "--allowed-origins", origins];
    TestApp::start_with(Database::Sqlite, &settings, Arc::new(SystemClock)).await
}

/// What a browser asks before it sends what a plain form could not.
async fn preflight(app: &TestApp, origin: &str, method: &str, path: &str, headers: &str) -> Answer {
    let request = app.nobody.request(Method::OPTIONS, path).header("origin", origin);
    let request = request.header("access-control-request-method", method);
    app.nobody.send(request.header("access-control-request-headers", headers)).await
}

fn allowed(answer: &Answer) -> Option<&str> {
    answer.header("access-control-allow-origin")
}

#[tokio::test]
async fn a_named_origin_may_use_the_session() {
    let app = start("https://gateway.example", CONSOLE).await;
    for (method, path, headers) in [
        ("POST", SESSION, "content-type,duplex-console"),
        ("POST", "/api/v1/session/refresh", "duplex-console"),
        ("PUT", "/api/v1/session/password", "content-type,duplex-console"),
        ("POST", "/api/v1/messages", "content-type,duplex-console,duplex-workspace,idempotency-key"),
        ("POST", "/api/v1/messages", "authorization,content-type"),
        ("DELETE", SESSION, "duplex-console"),
        ("PATCH", "/api/v1/workspace", "content-type,duplex-console,duplex-workspace"),
        ("GET", "/api/v1/events", "duplex-workspace"),
        ("GET", "/api/v1/events/stream", "last-event-id"),
    ] {
        let named = preflight(&app, CONSOLE, method, path, headers).await;
        assert_eq!((named.status, allowed(&named)), (200, Some(CONSOLE)), "{method} {path}");
        assert_eq!(named.header("access-control-allow-credentials"), Some("true"));
    }
    let shown = app.owner.send(app.owner.request(Method::GET, SESSION).header("origin", CONSOLE)).await;
    assert_eq!((allowed(&shown), shown.header("access-control-allow-credentials")), (Some(CONSOLE), Some("true")));
    assert!(shown.header("vary").unwrap().contains("Origin"));
    assert!(shown.header("access-control-expose-headers").unwrap().contains("x-request-id"));
    assert_eq!(shown.expect(200)["user"]["email"], OWNER_EMAIL);
    // A page must be able to read what went wrong, too.
    let refused = app.nobody.send(app.nobody.request(Method::GET, SESSION).header("origin", CONSOLE)).await;
    assert_eq!(allowed(&refused), Some(CONSOLE));
    refused.problem(401, "unauthenticated");
    app.stop().await;
}

#[tokio::test]
async fn a_named_origin_may_follow_the_feed() {
    let app = start("https://gateway.example", CONSOLE).await;
    let path = format!("/api/v1/events/stream?workspace={}", app.live);
    let open = async |origin: &str| {
        let cookie = format!("duplex_access={}", app.owner.cookie("duplex_access").unwrap());
        app.nobody.request(Method::GET, &path).header("cookie", cookie).header("origin", origin).send().await.unwrap()
    };
    let mut stream = open(CONSOLE).await;
    assert_eq!(stream.status(), 200);
    assert_eq!(stream.headers()["access-control-allow-origin"], CONSOLE);
    assert_eq!(stream.headers()["access-control-allow-credentials"], "true");
    assert!(stream.chunk().await.unwrap().unwrap().starts_with(b"retry:"));
    assert_eq!(open(EVIL).await.headers().get("access-control-allow-origin"), None);
    drop(stream);
    app.stop().await;
}

#[tokio::test]
async fn a_foreign_origin_gets_no_leave() {
    let app = start("https://gateway.example", CONSOLE).await;
    for (method, path) in [("POST", SESSION), ("POST", "/api/v1/setup"), ("PATCH", "/api/v1/workspace")] {
        for headers in ["content-type", "duplex-console", "content-type,duplex-console"] {
            assert_eq!(allowed(&preflight(&app, EVIL, method, path, headers).await), None, "{path}");
        }
    }
    let request = app.owner.request(Method::GET, SESSION).header("origin", EVIL);
    assert_eq!(allowed(&app.owner.send(request).await), None, "its page can't read the answer");
    app.stop().await;
}

/// What a page may send anywhere without asking: a form's content types, and no header of ours.
#[rstest]
#[tokio::test]
async fn a_form_on_another_site_neither_signs_in_nor_changes(
    #[values("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain; application/json")]
    kind: &str,
) {
    let app = start("https://gateway.example", CONSOLE).await;
    let cookies = ["duplex_access", "duplex_refresh"].map(|name| format!("{name}={}", app.owner.cookie(name).unwrap()));
    let send = async |method: Method, path: &str, body: String| {
        let request = app.nobody.request(method, path).header("origin", EVIL).header("content-type", kind);
        app.nobody.send(request.header("cookie", cookies.join("; ")).body(body)).await
    };
    let credentials = json!({ "email": OWNER_EMAIL, "password": OWNER_PASSWORD }).to_string();
    for path in [SESSION, "/api/v1/setup"] {
        let answer = send(Method::POST, path, credentials.clone()).await;
        assert_eq!(answer.header("set-cookie"), None);
        answer.problem(415, "unsupported_media_type");
    }
    let refreshed = send(Method::POST, "/api/v1/session/refresh", String::new()).await;
    assert_eq!(refreshed.header("set-cookie"), None);
    refreshed.problem(403, "csrf_header_missing");
    let path = format!("/api/v1/messages?workspace={}", app.sandbox);
    send(Method::POST, &path, "{}".to_owned()).await.problem(403, "csrf_header_missing");
    app.stop().await;
}

#[rstest]
#[case::another_site("https://gateway.example/wa", CONSOLE, "; Path=/wa", "; HttpOnly; SameSite=None; Secure; ", true)]
#[case::a_port(
    "https://gateway.example",
    "https://gateway.example:8443",
    "; Path=/",
    "; HttpOnly; SameSite=Strict; Secure; ",
    false
)]
#[case::one_of_two(
    "https://gateway.example",
    "https://gateway.example:8443,https://console.example",
    "; Path=/",
    "; SameSite=None; Secure; ",
    true
)]
#[case::no_tls("http://gateway.example", CONSOLE, "; Path=/", "; HttpOnly; SameSite=Strict; ", false)]
#[tokio::test]
async fn cookies_cross_sites_only_where_they_must(
    #[case] public_url: &str,
    #[case] origins: &str,
    #[case] path: &str,
    #[case] attributes: &str,
    #[case] partitioned: bool,
) {
    let app = start(public_url, origins).await;
    let credentials = json!({ "email": OWNER_EMAIL, "password": OWNER_PASSWORD });
    let opened = app.nobody.post(SESSION, credentials).await;
    let closed = app.owner.delete(SESSION).await;
    assert_eq!((opened.status, closed.status), (200, 204));
    for answer in [opened, closed] {
        let cookies: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
        assert_eq!(cookies.len(), 2);
        for cookie in cookies {
            assert!(cookie.contains(path) && format!("{cookie}; ").contains(attributes), "{cookie}");
            assert_eq!(cookie.ends_with("; Partitioned"), partitioned, "{cookie}");
        }
    }
    app.stop().await;
}

#[tokio::test]
async fn without_a_named_origin_there_is_none() {
    let app = TestApp::start(Database::Sqlite).await;
    let asked = preflight(&app, CONSOLE, "POST", SESSION, "content-type").await;
    assert_eq!((allowed(&asked), asked.header("access-control-allow-credentials")), (None, None));
    app.stop().await;
}
