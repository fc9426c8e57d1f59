//! What belongs to one workspace is not there for another: every route with an id, tried with somebody else's.

use std::collections::BTreeMap;

use duplex::auth::setup::make_workspace;
use duplex::domain::failure::{Failure, FailureCode};
use duplex::domain::provider::Environment;
use duplex::http::{API, ROUTES};
use duplex::storage::workspaces;
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::Database;
use crate::support::api::Caller;
use crate::support::app::TestApp;
use crate::support::files::{jpeg, upload};

const ADA: &str = "+447700900123";

/// Path parameters that name no row of a workspace.
const PUBLIC: &[&str] = &["provider"];

/// What both have, each their own.
const ALERT_ENDPOINTS: [&str; 2] = ["https://ops.example/hooks/one", "https://ops.example/hooks/other"];

fn template(body: &str) -> Value {
    json!({ "name": "parcel_left", "language": "en", "category": "utility", "body": { "text": body } })
}

/// A body that the route would take from its owner; `channel` is the caller's own.
fn body(method: &str, path: &str, channel: &str) -> Option<Value> {
    match (method, path) {
        ("patch", "/channels/{channel_id}") => Some(json!({ "provider": "twilio", "name": "Mine now" })),
        ("post", "/channels/{channel_id}/round-trip") => Some(json!({ "to": ADA })),
        ("put", "/templates/{template_id}") => Some(template("Mine now")),
        ("post", "/templates/{template_id}/submissions") => Some(json!({ "channel_id": channel })),
        ("post", "/messages/{message_id}/settle-unknown") => Some(json!({ "decision": "accepted" })),
        ("post", "/webhook-endpoints/{webhook_endpoint_id}/replay") => Some(json!({ "after": 0 })),
        ("post" | "put" | "patch", _) => Some(json!({})),
        _ => None,
    }
}

/// What a list must be asked with.
fn query(path: &str) -> String {
    match path {
        "/conversations/window" => format!("?person={}", ADA.replace('+', "%2B")),
        _ => String::new(),
    }
}

/// Another sandbox workspace of the same owner, with a channel: it has every scope, and still not the other's rows.
async fn other_workspace(app: &TestApp) -> (Caller, String) {
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
    let stranger = app.owner.in_workspace(&made.id.to_string());
    stranger.put("/api/v1/alert-endpoint", json!({ "url": ALERT_ENDPOINTS[1] })).await.expect(200);
    let channel = stranger.post("/api/v1/channels", super::stage::twilio(7)).await.expect(201);
    (stranger, channel["id"].as_str().unwrap().to_owned())
}

fn first_id(list: &Value) -> String {
    list["data"][0]["id"].as_str().unwrap_or_else(|| panic!("no row in {list:#}")).to_owned()
}

/// Where the gateway gives the picture on the customer's phone: the end of its address.
async fn file_on_phone(app: &TestApp) -> String {
    app.owner.post("/api/v1/sandbox/replies", json!({ "text": "Hi" })).await.expect(201);
    app.until(&app.owner, "/api/v1/messages?direction=inbound", |list| !list["data"].as_array().unwrap().is_empty())
        .await;
    let medium = upload(&app.owner, "mug.jpg", "image/jpeg", &jpeg("a mug")).await;
    let picture = json!({ "to": ADA, "content": { "type": "image", "media_id": medium["id"] } });
    app.owner.post("/api/v1/messages", picture).await.expect(202);
    let address = |threads: &Value| {
        let threads = threads["data"].as_array().unwrap().iter();
        let mut messages = threads.flat_map(|thread| thread["messages"].as_array().unwrap());
        messages.find_map(|message| message["content"]["url"].as_str()).map(ToOwned::to_owned)
    };
    let path = "/api/v1/sandbox/conversations";
    let threads = app.until(&app.owner, path, |threads| address(threads).is_some()).await;
    address(&threads).unwrap().strip_prefix("/api/v1/sandbox/files/").unwrap().to_owned()
}

/// A failure holds a channel, of which an alert tells.
async fn raise_alert(app: &TestApp, channel: &str) {
    let failure = Failure { code: FailureCode::CredentialsInvalid, provider_code: None, detail: "Dead.".to_owned() };
    let channels = &app.app().context.channels;
    assert!(channels.hold_for(app.sandbox.parse().unwrap(), channel.parse().unwrap(), failure).await.unwrap());
}

/// An endpoint that nobody answers at, and the first event that it was to be told.
async fn delivery_to_an_endpoint(app: &TestApp) -> String {
    let endpoint = json!({ "url": "https://integrator.example/duplex" });
    let made = app.owner.post("/api/v1/webhook-endpoints", endpoint).await.expect(201);
    let message = json!({ "to": ADA, "content": { "type": "text", "body": "Hi again" } });
    app.owner.post("/api/v1/messages", message).await.expect(202);
    let log = format!("/api/v1/webhook-endpoints/{}/deliveries", made["id"].as_str().unwrap());
    let list = app.until(&app.owner, &log, |list| !list["data"].as_array().unwrap().is_empty()).await;
    first_id(&list)
}

/// One row of each kind in the sandbox workspace, by the name of its parameter; and what else is only its own.
async fn rows(app: &TestApp) -> BTreeMap<&'static str, String> {
    app.key(&["messages:read"]).await;
    let message = json!({ "to": ADA, "content": { "type": "text", "body": "Hi" } });
    app.owner.post("/api/v1/messages", message).await.expect(202);
    let file = file_on_phone(app).await;
    app.owner.post("/api/v1/templates", template("Your parcel has left.")).await.expect(201);
    app.owner.put("/api/v1/alert-endpoint", json!({ "url": ALERT_ENDPOINTS[0] })).await.expect(200);
    let delivery = delivery_to_an_endpoint(app).await;
    let channels = app.owner.get("/api/v1/channels").await.expect(200);
    raise_alert(app, &first_id(&channels)).await;
    let mut found = BTreeMap::from([
        ("file_id", file),
        ("webhook_delivery_id", delivery),
        ("alert_endpoint", ALERT_ENDPOINTS[0].to_owned()),
    ]);
    for (name, path) in [
        ("alert_id", "/api/v1/alerts"),
        ("api_key_id", "/api/v1/api-keys"),
        ("channel_id", "/api/v1/channels"),
        ("message_id", "/api/v1/messages"),
        ("media_id", "/api/v1/media"),
        ("contact_id", "/api/v1/contacts"),
        ("template_id", "/api/v1/templates"),
        ("webhook_endpoint_id", "/api/v1/webhook-endpoints"),
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
    let rows = rows(&app).await;
    let (stranger, channel) = other_workspace(&app).await;
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
        let request = match body(method, pattern, &channel) {
            Some(body) => request.json(&body),
            None => request,
        };
        stranger.send(request).await.problem(404, "not_found");
        if verb == Method::GET {
            app.owner.get(&path).await.expect(200);
        }
        tried += 1;
    }
    assert!(tried >= 20, "only {tried} routes were tried");
    app.stop().await;
}

#[rstest]
#[tokio::test]
async fn lists_hold_only_ones_own(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let app = TestApp::start(database).await;
    let rows = rows(&app).await;
    let (stranger, _) = other_workspace(&app).await;
    for (method, pattern) in ROUTES {
        let path = format!("{API}{pattern}{}", query(pattern));
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
