//! What belongs to one workspace is not there for another: every route with an id, tried with somebody else's.

use std::collections::BTreeMap;

use duplex::auth::setup::make_workspace;
use duplex::domain::provider::Environment;
use duplex::http::{API, ROUTES};
use duplex::storage::workspaces;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::Database;
use crate::support::api::Caller;
use crate::support::app::TestApp;

/// Path parameters that name no row of a workspace.
const PUBLIC: &[&str] = &["provider"];

/// A body that the route would take from its owner.
fn body(method: &str, path: &str) -> Option<Value> {
    match (method, path) {
        ("patch", "/channels/{channel_id}") => Some(json!({ "provider": "twilio", "name": "Mine now" })),
        ("post" | "put" | "patch", _) => Some(json!({})),
        _ => None,
    }
}

/// Another sandbox workspace of the same owner: it has every scope, and still not the other's rows.
async fn other_workspace(app: &TestApp) -> Caller {
    let ctx = &app.app().context;
    let now = ctx.clock.now();
    let made = ctx
        .db
        .write(move |conn| {
            let owners = workspaces::owners(conn)?;
            make_workspace(conn, "Other", Environment::Sandbox, &owners, now)
        })
        .await
        .unwrap();
    ctx.auth.forget_sessions();
    app.owner.in_workspace(&made.id.to_string())
}

fn first_id(list: &Value) -> String {
    list["data"][0]["id"].as_str().unwrap_or_else(|| panic!("no row in {list:#}")).to_owned()
}

/// One row of each kind in the sandbox workspace, by the name of its parameter.
async fn rows(app: &TestApp) -> BTreeMap<&'static str, String> {
    app.key(&["messages:read"]).await;
    let message = json!({ "to": "+447700900123", "content": { "type": "text", "body": "Hi" } });
    app.owner.post("/api/v1/messages", message).await.expect(202);
    let mut found = BTreeMap::new();
    for (name, path) in [
        ("api_key_id", "/api/v1/api-keys"),
        ("channel_id", "/api/v1/channels"),
        ("message_id", "/api/v1/messages"),
        ("contact_id", "/api/v1/contacts"),
        ("webhook_event_id", "/api/v1/webhook-events"),
    ] {
        let list = app.until(&app.owner, path, |list| !list["data"].as_array().unwrap().is_empty()).await;
        found.insert(name, first_id(&list));
    }
    found
}

#[rstest]
#[tokio::test]
async fn no_route_shows_or_changes_what_is_anothers(
    #[values(Database::Sqlite, Database::Postgres)] database: Database,
) {
    let app = TestApp::start(database).await;
    let (rows, stranger) = (rows(&app).await, other_workspace(&app).await);
    let mut tried = 0;
    for (method, pattern) in ROUTES {
        let Some(name) = pattern.split_once('{').and_then(|(_, rest)| rest.split('}').next()) else { continue };
        if PUBLIC.contains(&name) {
            continue;
        }
        let id = rows.get(name).unwrap_or_else(|| panic!("no row for {{{name}}}: add one to `rows`"));
        let path = format!("{API}{}", pattern.replace(&format!("{{{name}}}"), id));
        let verb: Method = method.to_uppercase().parse().unwrap();
        let request = stranger.request(verb.clone(), &path);
        let request = match body(method, pattern) {
            Some(body) => request.json(&body),
            None => request,
        };
        stranger.send(request).await.problem(404, "not_found");
        if verb == Method::GET {
            app.owner.get(&path).await.expect(200);
        }
        tried += 1;
    }
    assert!(tried >= 10, "only {tried} routes were tried");
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn lists_hold_only_ones_own(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let (rows, stranger) = (rows(&app).await, other_workspace(&app).await);
    for (method, pattern) in ROUTES {
        let path = format!("{API}{pattern}");
        if *method != "get" || pattern.contains('{') || pattern.ends_with("/stream") {
            continue;
        }
        let theirs = stranger.get(&path).await.expect(200).to_string();
        for (name, id) in &rows {
            assert!(!theirs.contains(id.as_str()), "{path} shows a {name} of another workspace");
        }
    }
    app.stop().await;
}
