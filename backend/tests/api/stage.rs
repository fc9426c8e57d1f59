//! One program, set up, with a caller for each of its two workspaces.

use std::sync::Arc;
use std::time::Duration;

use duplex::app::{self, App};
use duplex::clock::{Clock, ManualClock, SystemClock};
use duplex::config::Config;
use duplex::domain::time::Ts;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::api::Caller;
use super::support::{Database, TestDb, fresh_database};

const SETUP_CODE: &str = "abcdefghijklmnopqrst";

pub struct Stage {
    pub app: App,
    /// Moves only when told.
    pub clock: Arc<ManualClock>,
    /// The owner, looking at the sandbox workspace.
    pub sandbox: Caller,
    pub sandbox_id: String,
    /// The owner, looking at the live workspace.
    pub live: Caller,
    pub live_id: String,
    _folder: TempDir,
    _database: TestDb,
}

impl Stage {
    pub async fn set(database: Database) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = fresh_database(database);
        let clock = ManualClock::at(SystemClock.now());
        let config = config(&folder, &database);
        let app = app::build_with(config, clock.clone()).await.expect("the program starts");
        let nobody = Caller::nobody(app.url("").trim_end_matches('/'));
        let owner = nobody.with_cookies();
        let setup = json!({
            "code": SETUP_CODE, "email": "owner@example.com", "name": "Owner", "password": "correct horse battery",
        });
        let made = owner.post("/api/v1/setup", setup).await.expect(201);
        let [sandbox_id, live_id] = ["sandbox", "live"].map(|environment| workspace_in(&made, environment));
        Self {
            sandbox: owner.in_workspace(&sandbox_id),
            live: owner.in_workspace(&live_id),
            app,
            clock,
            sandbox_id,
            live_id,
            _folder: folder,
            _database: database,
        }
    }

    pub fn clock_now(&self) -> Ts {
        self.clock.now()
    }

    /// Time passes for the program, but not for the test.
    pub fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// The sandbox's channel of a provider.
    pub async fn channel(&self, provider: &str) -> Value {
        let found = self.sandbox.get(&format!("/api/v1/channels?provider={provider}")).await.expect(200);
        found["data"][0].clone()
    }

    pub async fn strike(self) {
        self.app.stop().await;
    }
}

fn config(folder: &TempDir, database: &TestDb) -> Config {
    let args = [
        "--listen=127.0.0.1:0".to_owned(),
        format!("--data-dir={}", folder.path().display()),
        format!("--database-url={}", database.address()),
        format!("--setup-code={SETUP_CODE}"),
        format!("--secret-key={}", hex::encode(rand::random::<[u8; 32]>())),
        "--database-connections=4".to_owned(),
        "--http-workers=1".to_owned(),
        "--shutdown-grace=5".to_owned(),
        "--rate-limit-session=1000".to_owned(),
        "--rate-limit-address=1000".to_owned(),
    ];
    Config::from_args(args).expect("the settings are good")
}

fn workspace_in(setup: &Value, environment: &str) -> String {
    let memberships = setup["workspaces"].as_array().expect("a list of workspaces");
    let found = memberships.iter().find(|membership| membership["workspace"]["environment"] == environment);
    found.expect("a workspace of each environment")["workspace"]["id"].as_str().expect("an id").to_owned()
}

/// The path of a channel.
pub fn path_of(channel: &Value) -> String {
    format!("/api/v1/channels/{}", channel["id"].as_str().expect("a channel has an id"))
}

/// A form for a sender at Twilio; `n` makes it another one.
pub fn twilio(n: u8) -> Value {
    json!({
        "provider": "twilio",
        "name": format!("Twilio {n}"),
        "account_sid": format!("AC{n:032x}"),
        "auth_token": format!("5f1d7a84db34e9b2c6a0f3e85e9d{n:04x}"),
        "sender_number": format!("+1555123{:04}", 1000 + u16::from(n)),
    })
}

/// A form for a number at Meta; `n` makes it another one.
pub fn direct(n: u8) -> Value {
    json!({
        "provider": "direct",
        "name": format!("Meta {n}"),
        "whatsapp_business_phone_id": format!("2000000000{n:05}"),
        "waba_id": "300000000000001",
        "whatsapp_app_id": "100000000000001",
        "app_secret": format!("a0b1c2d3e4f5a6b7c8d9e0f1a2b3{n:04x}"),
        "whatsapp_access_token": format!("EAAGtesttokentesttokentesttoken{n:04}"),
    })
}
