//! What operators and browsers meet: health, figures, documentation, careful headers.

use std::sync::Arc;

use duplex::clock::SystemClock;

use crate::support::Database;
use crate::support::api::Caller;
use crate::support::app::TestApp;

#[tokio::test]
async fn health_and_readiness() {
    let app = TestApp::start(Database::Sqlite).await;
    app.nobody.get("/healthz").await.expect(200);
    assert_eq!(app.nobody.get("/readyz").await.expect(200)["status"], "ok");
    let guard = app.app().context.liveness.enter("a worker");
    app.nobody.get("/readyz").await.expect(200);
    drop(guard);
    assert_eq!(app.nobody.get("/readyz").await.expect(503)["failing"][0], "a worker");
    app.stop().await;
}

#[tokio::test]
async fn figures_are_on_their_own_listener() {
    let settings = ["--metrics-listen", "127.0.0.1:0"];
    let app = TestApp::start_with(Database::Sqlite, &settings, Arc::new(SystemClock)).await;
    app.owner.get("/api/v1/api-keys/019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b").await.problem(404, "not_found");
    let figures = Caller::nobody(&format!("http://{}", app.app().metrics_addr.unwrap()));
    let text = figures.get("/metrics").await.expect(200).as_str().unwrap().to_owned();
    let line = "duplex_http_requests_total{method=\"GET\",route=\"/api/v1/api-keys/{api_key_id}\",status=\"404\"}";
    assert!(text.contains(line), "{text}");
    assert!(text.contains("duplex_http_request_seconds_bucket"), "{text}");
    app.nobody.get("/metrics").await.problem(404, "not_found");
    app.stop().await;
}

#[tokio::test]
async fn answers_tell_browsers_to_be_careful() {
    let app = TestApp::start(Database::Sqlite).await;
    let answer = app.nobody.get("/api/v1/setup").await;
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'self'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    app.stop().await;
}

#[tokio::test]
async fn the_description_and_its_pages_are_served() {
    let app = TestApp::start(Database::Sqlite).await;
    let api = app.nobody.get("/api/v1/openapi.json").await.expect(200);
    assert_eq!(api["openapi"], "3.1.0");
    let page = app.nobody.get("/docs/").await;
    assert!(page.header("content-security-policy").unwrap().contains("style-src 'self' 'unsafe-inline'"));
    let page = page.expect(200).as_str().unwrap().to_owned();
    assert!(page.contains("swagger-ui") && !page.contains("http://") && !page.contains("https://"), "{page}");
    let start = app.nobody.get("/docs/swagger-initializer.js").await.expect(200);
    assert!(start.as_str().unwrap().contains("../api/v1/openapi.json"));
    app.nobody.get("/docs/swagger-ui-bundle.js").await.expect(200);
    app.stop().await;
}
