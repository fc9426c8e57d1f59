//! What an installation tells about itself.

use std::sync::Arc;

use duplex::clock::SystemClock;
use rstest::rstest;
use serde_json::json;

use crate::support::Database;
use crate::support::app::TestApp;

const INSTALLATION: &str = "/api/v1/installation";

#[rstest]
#[case(Database::Sqlite, "sqlite")]
#[case(Database::Postgres, "postgres")]
#[tokio::test]
async fn it_tells_what_it_is_set_to(#[case] database: Database, #[case] kind: &str) {
    let app = TestApp::start(database).await;
    let shown = app.owner.get(INSTALLATION).await.expect(200);
    assert_eq!(
        shown,
        json!({
            "version": env!("CARGO_PKG_VERSION"),
            "public_url": app.app().url(""),
            "database": kind,
            "sandbox": true,
            "sending_held": false,
            "retention": { "webhooks_days": 30, "messages_days": null, "events_days": 90 },
        })
    );
    let key = app.key(&["messages:read"]).await;
    assert_eq!(key.get(INSTALLATION).await.expect(200), shown, "any good credential will do");
    app.nobody.get(INSTALLATION).await.problem(401, "unauthenticated");
    app.stop().await;
}

#[tokio::test]
async fn it_tells_what_was_changed() {
    let mut settings = vec!["--hold", "--sandbox", "off", "--public-url", "https://example.com/whatsapp/"];
    settings.extend(["--retention-events", "0", "--retention-messages", "365"]);
    let app = TestApp::start_with(Database::Sqlite, &settings, Arc::new(SystemClock)).await;
    let shown = app.owner.get(INSTALLATION).await.expect(200);
    assert_eq!(shown["public_url"], "https://example.com/whatsapp");
    assert_eq!((&shown["sandbox"], &shown["sending_held"]), (&json!(false), &json!(true)));
    assert_eq!(shown["retention"], json!({ "webhooks_days": 30, "messages_days": 365, "events_days": null }));
    app.stop().await;
}
