//! The whole program in the test's own process: on a free port, with a fresh database and the simulator beside it.

use std::sync::Arc;
use std::time::Duration;

use duplex::app::{self, App};
use duplex::clock::{SharedClock, SystemClock};
use duplex::config::Config;
use duplex_simulator::{AdminClient, Pace};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::api::Caller;
use super::{Database, TestDb, fresh_database, watch};

pub const OWNER_EMAIL: &str = "owner@example.com";
pub const OWNER_PASSWORD: &str = "correct horse battery";
const SETUP_CODE: &str = "a-code-for-tests";
const ADMIN_TOKEN: &str = "a-token-for-tests";
const SECRET_KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

/// A running program that is set up: an owner, a sandbox workspace and a live one.
pub struct TestApp {
    app: App,
    /// A caller without credentials.
    pub nobody: Caller,
    /// The owner's session, looking at the sandbox workspace.
    pub owner: Caller,
    /// Ids of the two workspaces.
    pub sandbox: String,
    pub live: String,
    // Dropped last: the program above uses them.
    _database: TestDb,
    _folder: TempDir,
}

impl TestApp {
    pub async fn start(database: Database) -> Self {
        Self::start_with(database, &[], Arc::new(SystemClock)).await
    }

    /// With settings of one's own (as on the command line), and a clock that the test moves.
    pub async fn start_with(database: Database, settings: &[&str], clock: SharedClock) -> Self {
        let (database, folder) = (fresh_database(database), tempfile::tempdir().expect("a temporary folder"));
        let (address, data) = (database.address(), folder.path().to_string_lossy().into_owned());
        let mut args = vec!["--listen", "127.0.0.1:0", "--http-workers", "1", "--database-connections", "4"];
        args.extend(["--data-dir", &data, "--database-url", &address, "--secret-key", SECRET_KEY]);
        args.extend(["--setup-code", SETUP_CODE, "--simulator-admin-token", ADMIN_TOKEN]);
        args.extend(["--shutdown-grace", "5", "--rate-limit-session", "100000", "--rate-limit-address", "100000"]);
        args.extend(settings);
        let config = Config::from_args(args).expect("the settings are right");
        let app = app::build_with(config, clock).await.expect("the program starts");

        let nobody = Caller::nobody(&app.url(""));
        let owner = nobody.with_cookies();
        let setup = json!({ "code": SETUP_CODE, "name": "Owner", "email": OWNER_EMAIL, "password": OWNER_PASSWORD });
        let session = owner.post("/api/v1/setup", setup).await.expect(201);
        let (sandbox, live) = (workspace(&session, "sandbox"), workspace(&session, "live"));
        let started = Self {
            app,
            nobody,
            owner: owner.in_workspace(&sandbox),
            sandbox,
            live,
            _database: database,
            _folder: folder,
        };
        if let Some(simulator) = started.simulator() {
            simulator.set_pace(&Pace::IMMEDIATE).await.expect("the simulator's pace can be set");
        }
        started
    }

    /// The program itself.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// The simulator's own API, unless the sandbox is off.
    pub fn simulator(&self) -> Option<AdminClient> {
        self.app.simulator_url().map(|url| AdminClient::new(url, ADMIN_TOKEN).expect("a client"))
    }

    /// A program with a key of the sandbox workspace that may do this.
    pub async fn key(&self, scopes: &[&str]) -> Caller {
        self.key_in(&self.sandbox, scopes).await
    }

    /// A program with a key of a workspace.
    pub async fn key_in(&self, workspace: &str, scopes: &[&str]) -> Caller {
        let owner = self.owner.in_workspace(workspace);
        let made = owner.post("/api/v1/api-keys", json!({ "name": "test", "scopes": scopes })).await.expect(201);
        self.nobody.with_key(made["secret"].as_str().expect("a new key is shown once"))
    }

    /// Waits until a GET shows what is wanted. It looks again whenever the workspace's feed has grown, so it neither
    /// sleeps nor misses anything.
    pub async fn until(&self, caller: &Caller, path: &str, mut wanted: impl FnMut(&Value) -> bool) -> Value {
        let mut feeds = [&self.sandbox, &self.live].map(|id| {
            let id = serde_json::from_value(json!(id)).expect("an id");
            self.app.context.live.subscribe(id)
        });
        let [sandbox, live] = &mut feeds;
        let looking = async {
            loop {
                sandbox.mark_unchanged();
                live.mark_unchanged();
                let shown = caller.get(path).await.expect(200);
                if wanted(&shown) {
                    return shown;
                }
                // A feed that is no longer there can't grow: look again at once.
                let _ = tokio::select! {
                    grown = sandbox.changed() => grown,
                    grown = live.changed() => grown,
                };
            }
        };
        match tokio::time::timeout(watch::DEADLINE, looking).await {
            Ok(shown) => shown,
            Err(_) => panic!("{path} never showed it: {:#}", caller.get(path).await.json),
        }
    }

    /// Waits until a message is in a state, and gives its story.
    pub async fn message_in(&self, caller: &Caller, id: &str, state: &str) -> Value {
        self.until(caller, &format!("/api/v1/messages/{id}"), |message| message["state"] == state).await
    }

    /// Stops the program as an operator does.
    pub async fn stop(self) {
        tokio::time::timeout(Duration::from_secs(30), self.app.stop()).await.expect("it stops in time");
    }
}

fn workspace(session: &Value, environment: &str) -> String {
    session["workspaces"]
        .as_array()
        .and_then(|all| all.iter().find(|one| one["workspace"]["environment"] == environment))
        .and_then(|one| one["workspace"]["id"].as_str())
        .unwrap_or_else(|| panic!("setup makes a {environment} workspace: {session:#}"))
        .to_owned()
}
