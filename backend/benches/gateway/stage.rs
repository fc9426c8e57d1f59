//! The real program on a fresh database, with one live channel per provider whose bases are a simulator beside it.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use duplex::storage::DatabaseUrl;
use duplex::storage::conn::Conn;
use duplex_simulator::{
    AccountPatch, AdminClient, DirectCredentials, NewDirectAccount, NewTwilioAccount, Pace, Simulator, SimulatorConfig,
    TwilioCredentials,
};
use regex::Regex;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::api::Caller;
use super::support::process::{Program, text};
use super::support::{Database, TestDb, fresh_database};

const SETUP_CODE: &str = "a-code-for-benches";
const NO_LIMIT: &str = "1000000";

pub struct Stage {
    pub database: TestDb,
    pub simulator: Simulator,
    pub direct: DirectCredentials,
    pub twilio: TwilioCredentials,
    /// Ids and addresses of the two channels, as the program says.
    pub channels: [Value; 2],
    pub key: String,
    folder: TempDir,
    secret_key: String,
    program: Option<Program>,
    address: SocketAddr,
}

impl Stage {
    /// Everything is set up and nothing runs yet but the simulator.
    pub async fn set(database: Database) -> Self {
        let simulator = duplex_simulator::start(SimulatorConfig {
            pace: Pace::IMMEDIATE,
            webhook_batch: 1,
            webhook_concurrency: 64,
            ..SimulatorConfig::default()
        })
        .await
        .expect("the simulator starts");
        let admin: AdminClient = simulator.admin().expect("an admin client");
        let mut stage = Self {
            direct: admin.create_direct(&NewDirectAccount::default()).await.expect("an account"),
            twilio: admin.create_twilio(&NewTwilioAccount::default()).await.expect("an account"),
            simulator,
            database: fresh_database(database),
            channels: [Value::Null, Value::Null],
            key: String::new(),
            folder: tempfile::tempdir().expect("a temporary folder"),
            secret_key: "00".repeat(32),
            program: None,
            // The program keeps its address from start to start: the providers know it.
            address: free_address(),
        };
        stage.set_up().await;
        stage
    }

    /// Starts the program; with `held` nothing is sent.
    pub async fn start(&mut self, held: bool) -> SocketAddr {
        let bases = self.simulator.base_url();
        let env = BTreeMap::from([
            ("DUPLEX_LISTEN", self.address.to_string()),
            ("DUPLEX_DATA_DIR", text(self.folder.path())),
            ("DATABASE_URL", self.database.address()),
            ("DUPLEX_SECRET_KEY", self.secret_key.clone()),
            ("DUPLEX_SETUP_CODE", SETUP_CODE.to_owned()),
            ("DUPLEX_SANDBOX", "off".to_owned()),
            ("DUPLEX_HOLD", held.to_string()),
            ("DUPLEX_LOG", "warn".to_owned()),
            ("DUPLEX_RATE_LIMIT_KEY", NO_LIMIT.to_owned()),
            ("DUPLEX_DIRECT_GRAPH_URL", bases.clone()),
            ("DUPLEX_TWILIO_API_URL", bases.clone()),
            ("DUPLEX_TWILIO_MESSAGING_URL", bases.clone()),
            ("DUPLEX_TWILIO_CONTENT_URL", bases),
        ]);
        let mut program = Program::start(&["serve"], &env, self.folder.path());
        program.prints(&Regex::new(r"(?m)^Duplex .* (listens) on ").expect("a pattern")).await;
        self.program = Some(program);
        self.address
    }

    pub async fn stop(&mut self) {
        if let Some(program) = self.program.take() {
            assert!(program.stop().await.success(), "it ends well");
        }
    }

    pub fn caller(&self) -> Caller {
        Caller::nobody(&format!("http://{}", self.address)).with_key(&self.key)
    }

    /// A connection of one's own, as durable as the program's. To be used while the program does not run.
    pub fn bare_connection(&self) -> Conn {
        match self.database.url() {
            DatabaseUrl::Sqlite(path) => {
                let mut conn = SqliteConnection::establish(&path.to_string_lossy()).expect("the database opens");
                conn.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON")
                    .expect("the settings are taken");
                Conn::Sqlite(conn)
            }
            DatabaseUrl::Postgres(url) => {
                let mut conn = PgConnection::establish(url).expect("the database opens");
                conn.batch_execute("SET synchronous_commit = on").expect("the settings are taken");
                Conn::Postgres(conn)
            }
        }
    }

    async fn set_up(&mut self) {
        let address = self.start(true).await;
        let owner = Caller::nobody(&format!("http://{address}")).with_cookies();
        let setup = json!({
            "code": SETUP_CODE, "name": "Owner", "email": "owner@example.com", "password": "correct horse battery",
        });
        let session = owner.post("/api/v1/setup", setup).await.expect(201);
        let live = session["workspaces"]
            .as_array()
            .and_then(|all| all.iter().find(|one| one["workspace"]["environment"] == "live"))
            .and_then(|one| one["workspace"]["id"].as_str())
            .expect("setup makes a live workspace");
        let owner = owner.in_workspace(live);
        let direct = json!({
            "provider": "direct",
            "name": "Direct",
            "whatsapp_business_phone_id": self.direct.phone_number_id,
            "waba_id": self.direct.waba_id,
            "whatsapp_app_id": self.direct.app_id,
            "app_secret": self.direct.app_secret,
            "whatsapp_access_token": self.direct.access_token,
        });
        let twilio = json!({
            "provider": "twilio",
            "name": "Twilio",
            "account_sid": self.twilio.account_sid,
            "auth_token": self.twilio.auth_token,
            "sender_number": self.twilio.sender_number.trim_start_matches("whatsapp:"),
        });
        let admin = self.simulator.admin().expect("an admin client");
        let accounts = [self.direct.phone_number_id.clone(), self.twilio.account_sid.clone()];
        for (at, (form, account)) in [direct, twilio].into_iter().zip(accounts).enumerate() {
            let channel = owner.post("/api/v1/channels", form).await.expect(201);
            let url = channel["webhook"]["callback_url"].as_str().expect("an address").to_owned();
            let patch = AccountPatch { callback_url: Some(url), ..AccountPatch::default() };
            admin.patch_account(&account, &patch).await.expect("the account changes");
            self.channels[at] = channel;
        }
        let scopes = ["messages:read", "messages:write", "events:read"];
        let key = owner.post("/api/v1/api-keys", json!({ "name": "bench", "scopes": scopes })).await.expect(201);
        self.key = key["secret"].as_str().expect("a new key is shown once").to_owned();
        self.stop().await;
        // A real sender's ceiling would be all that is measured.
        let unlimited = format!("UPDATE channels SET messages_per_second = {NO_LIMIT}");
        self.bare_connection().batch_execute(&unlimited).expect("the ceiling is lifted");
    }
}

fn free_address() -> SocketAddr {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    taken.local_addr().expect("its address")
}

/// A valid number for each of many people.
pub fn person(number: usize) -> String {
    format!("+49151{:08}", 10_000_000 + number)
}
