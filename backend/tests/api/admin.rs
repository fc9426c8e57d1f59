//! The command line's tasks, on a stopped program.

use duplex::app::{self, admin};
use duplex::config::Config;
use duplex::domain::provider::Environment;
use duplex::vault::MasterKey;
use secrecy::SecretString;
use serde_json::json;
use tempfile::TempDir;

use crate::support::api::Caller;

const EMAIL: &str = "owner@example.com";
const PASSWORD: &str = "correct horse battery";

/// An installation on SQLite that keeps its own key, set up and stopped.
async fn installation() -> (TempDir, Config) {
    let folder = tempfile::tempdir().unwrap();
    let config = config(&folder, &[]);
    let app = app::build(config.clone()).await.unwrap();
    let owner = json!({ "code": "a-code-for-tests", "email": EMAIL, "name": "Owner", "password": PASSWORD });
    Caller::nobody(&app.url("")).post("/api/v1/setup", owner).await.expect(201);
    app.stop().await;
    (folder, config)
}

fn config(folder: &TempDir, more: &[&str]) -> Config {
    let data = folder.path().to_string_lossy().into_owned();
    let mut args = vec!["--listen", "127.0.0.1:0", "--http-workers", "1", "--setup-code", "a-code-for-tests"];
    args.extend(["--data-dir", &data, "--rate-limit-address", "1000"]);
    args.extend(more);
    Config::from_args(args).unwrap()
}

async fn sign_in(base: &str, password: &str) -> u16 {
    Caller::nobody(base).post("/api/v1/session", json!({ "email": EMAIL, "password": password })).await.status
}

#[tokio::test]
async fn a_password_is_reset_and_sessions_end() {
    let (_folder, config) = installation().await;
    assert!(admin::reset_password(&config, "nobody@example.com", None).await.is_err());
    assert!(admin::reset_password(&config, EMAIL, Some("short".to_owned().into())).await.is_err());
    let given = admin::reset_password(&config, EMAIL, Some("another horse battery".to_owned().into())).await.unwrap();
    assert!(given.is_none());
    let app = app::build(config).await.unwrap();
    assert_eq!(sign_in(&app.url(""), PASSWORD).await, 401);
    assert_eq!(sign_in(&app.url(""), "another horse battery").await, 200);
    app.stop().await;
}

#[tokio::test]
async fn a_workspace_is_made_and_owned() {
    let (_folder, config) = installation().await;
    let made = admin::create_workspace(&config, "Second", Environment::Live).await.unwrap();
    let names: Vec<_> = admin::list_workspaces(&config).await.unwrap().into_iter().map(|one| one.name).collect();
    assert_eq!(names, ["Main", "Main", "Second"]);
    let app = app::build(config).await.unwrap();
    let owner = Caller::nobody(&app.url("")).with_cookies();
    owner.post("/api/v1/session", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(200);
    let shown = owner.in_workspace(&made.id.to_string()).get("/api/v1/workspace").await.expect(200);
    assert_eq!(shown["name"], "Second");
    app.stop().await;
}

#[tokio::test]
async fn a_new_master_key_opens_everything_and_the_old_one_nothing() {
    let (folder, config) = installation().await;
    let key_file = folder.path().join("secret.key");
    let old = std::fs::read_to_string(&key_file).unwrap();
    let app = app::build(config.clone()).await.unwrap();
    let owner = Caller::nobody(&app.url("")).with_cookies();
    let session = owner.post("/api/v1/session", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(200);
    let owner = owner.in_workspace(session["workspaces"][0]["workspace"]["id"].as_str().unwrap());
    let form = json!({ "url": "https://localhost/hook" });
    let endpoint = owner.post("/api/v1/webhook-endpoints", form).await.expect(201);
    let endpoint = format!("/api/v1/webhook-endpoints/{}", endpoint["id"].as_str().unwrap());
    owner.post(&format!("{endpoint}/rotate-secret"), json!({})).await.expect(200);
    app.stop().await;
    let done = admin::rekey(&config, None).await.unwrap();
    assert!(done.kept && done.values > 0);
    let new = std::fs::read_to_string(&key_file).unwrap();
    assert_ne!(old, new);

    let app = app::build(config.clone()).await.unwrap();
    let owner = Caller::nobody(&app.url("")).with_cookies();
    let session = owner.post("/api/v1/session", json!({ "email": EMAIL, "password": PASSWORD })).await.expect(200);
    let sandbox = session["workspaces"][0]["workspace"]["id"].as_str().unwrap();
    let channels = owner.in_workspace(sandbox).get("/api/v1/channels").await.expect(200);
    assert_eq!(channels["data"].as_array().unwrap().len(), 2);
    for channel in channels["data"].as_array().unwrap() {
        let path = format!("/api/v1/channels/{}/check", channel["id"].as_str().unwrap());
        owner.in_workspace(sandbox).post(&path, json!({})).await.expect(200);
    }
    // Both secrets open, or it would not come to the address.
    let tested = owner.in_workspace(sandbox).post(&format!("{endpoint}/test"), json!({})).await.expect(200);
    assert_eq!(tested["error"], "the address is not public");
    app.stop().await;

    let with_old = crate::admin::config(&folder, &["--secret-key", old.trim()]);
    assert!(app::build(with_old).await.is_err());
    let given: SecretString = "ab".repeat(32).into();
    let done = admin::rekey(&config, Some(MasterKey::parse(&given).unwrap())).await.unwrap();
    assert!(done.kept, "a key that the folder keeps stays there");
    app::build(config).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_backup_is_taken_from_a_running_program() {
    let (folder, config) = installation().await;
    let app = app::build(config.clone()).await.unwrap();
    let copy = folder.path().join("copy.db");
    admin::back_up(&config, &copy).await.unwrap();
    assert!(admin::back_up(&config, &copy).await.is_err(), "nothing is written over");
    app.stop().await;

    let address = format!("sqlite:{}", copy.display());
    let restored = crate::admin::config(&folder, &["--database-url", &address, "--hold"]);
    let app = app::build(restored).await.unwrap();
    assert_eq!(sign_in(&app.url(""), PASSWORD).await, 200);
    app.stop().await;

    let postgres = crate::admin::config(&folder, &["--database-url", "postgres://localhost/duplex"]);
    let line = admin::back_up(&postgres, &copy).await.unwrap_err().to_string();
    assert!(line.contains("pg_dump"), "{line}");
}
