//! The first start: a one-time code makes the owner and two workspaces.

use duplex::app;
use duplex::config::Config;
use rstest::rstest;
use serde_json::json;

use crate::support::api::Caller;
use crate::support::app::{OWNER_EMAIL, TestApp};
use crate::support::{Database, fresh_database};

const CODE: &str = "the-one-time-code";

fn config(database: &str, folder: &str) -> Config {
    let key = "00".repeat(32);
    let args = ["--listen", "127.0.0.1:0", "--http-workers", "1", "--sandbox", "off", "--setup-code", CODE];
    Config::from_args(args.into_iter().chain(["--database-url", database, "--data-dir", folder, "--secret-key", &key]))
        .unwrap()
}

#[rstest]
#[tokio::test]
async fn the_owner_is_made_once(#[values(Database::Sqlite, Database::Postgres)] database: Database) {
    let (db, folder) = (fresh_database(database), tempfile::tempdir().unwrap());
    let app = app::build(config(&db.address(), &folder.path().to_string_lossy())).await.unwrap();
    let nobody = Caller::nobody(&app.url(""));
    assert_eq!(nobody.get("/api/v1/setup").await.expect(200)["done"], false);

    let owner = |code: &str| json!({ "code": code, "email": "Me@Example.com", "name": " Me ", "password": "correct horse battery" });
    nobody.post("/api/v1/setup", owner("some-other-code")).await.problem(403, "setup_code_wrong");
    let weak = json!({ "code": CODE, "email": "me", "name": "", "password": "short" });
    let refused = nobody.post("/api/v1/setup", weak).await;
    let complaints: Vec<_> = refused.complaints().into_iter().map(|(field, _)| field).collect();
    assert_eq!(complaints, ["email", "password", "name"]);
    refused.problem(422, "validation_failed");

    let session = nobody.with_cookies();
    let made = session.post("/api/v1/setup", owner(CODE)).await.expect(201);
    assert_eq!((&made["user"]["email"], &made["user"]["name"]), (&json!("me@example.com"), &json!("Me")));
    let kinds: Vec<_> = made["workspaces"].as_array().unwrap().iter().map(|w| &w["workspace"]["environment"]).collect();
    assert_eq!(kinds, ["sandbox", "live"]);
    assert_eq!(session.get("/api/v1/session").await.expect(200)["user"], made["user"]);

    nobody.post("/api/v1/setup", owner(CODE)).await.problem(409, "setup_done");
    assert_eq!(nobody.get("/api/v1/setup").await.expect(200)["done"], true);
    app.stop().await;
}

#[tokio::test]
async fn of_two_callers_at_the_same_time_one_becomes_the_owner() {
    let (db, folder) = (fresh_database(Database::Sqlite), tempfile::tempdir().unwrap());
    let app = app::build(config(&db.address(), &folder.path().to_string_lossy())).await.unwrap();
    let nobody = Caller::nobody(&app.url(""));
    let owner = |name: &str| json!({ "code": CODE, "email": format!("{name}@example.com"), "name": name, "password": "correct horse battery" });
    let (a, b) = tokio::join!(nobody.post("/api/v1/setup", owner("a")), nobody.post("/api/v1/setup", owner("b")));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
    app.stop().await;
}

#[tokio::test]
async fn an_installation_survives_a_restart_and_asks_for_no_code_again() {
    let (db, folder) = (fresh_database(Database::Sqlite), tempfile::tempdir().unwrap());
    let (address, data) = (db.address(), folder.path().to_string_lossy().into_owned());
    let app = app::build(config(&address, &data)).await.unwrap();
    assert!(app.setup_code.is_some());
    let owner = json!({ "code": CODE, "email": OWNER_EMAIL, "name": "Me", "password": "correct horse battery" });
    Caller::nobody(&app.url("")).post("/api/v1/setup", owner).await.expect(201);
    app.stop().await;

    let again = app::build(config(&address, &data)).await.unwrap();
    assert!(again.setup_code.is_none());
    let sign_in = json!({ "email": OWNER_EMAIL, "password": "correct horse battery" });
    Caller::nobody(&again.url("")).with_cookies().post("/api/v1/session", sign_in).await.expect(200);
    again.stop().await;
}

#[tokio::test]
async fn another_key_than_the_first_stops_the_start() {
    let (db, folder) = (fresh_database(Database::Sqlite), tempfile::tempdir().unwrap());
    let (address, data) = (db.address(), folder.path().to_string_lossy().into_owned());
    app::build(config(&address, &data)).await.unwrap().stop().await;
    let other = "11".repeat(32);
    let args = ["--listen", "127.0.0.1:0", "--database-url", &address, "--data-dir", &data, "--secret-key", &other];
    let error = app::build(Config::from_args(args).unwrap()).await.err().expect("a wrong key is noticed");
    let line = error.to_string();
    assert!(line.starts_with("--secret-key (DUPLEX_SECRET_KEY): ") && !line.contains('\n'), "{line}");
}

#[tokio::test]
async fn a_sandbox_workspace_starts_with_a_channel_of_each_provider() {
    let app = TestApp::start(Database::Sqlite).await;
    let channels = app.owner.get("/api/v1/channels").await.expect(200);
    let mut providers: Vec<_> =
        channels["data"].as_array().unwrap().iter().map(|channel| channel["provider"].as_str().unwrap()).collect();
    providers.sort_unstable();
    assert_eq!(providers, ["direct", "twilio"]);
    let live = app.owner.in_workspace(&app.live).get("/api/v1/channels").await.expect(200);
    assert_eq!(live["data"], json!([]));
    app.stop().await;
}
