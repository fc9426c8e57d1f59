//! The real program on a fresh database, with live channels of both providers whose bases are a simulator beside it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use duplex::storage::DatabaseUrl;
use duplex::storage::conn::Conn;
use duplex_simulator::{
    AccountPatch, AdminClient, DirectCredentials, Fault, FaultKind, NewDirectAccount, NewTwilioAccount, Pace,
    Simulator, SimulatorConfig, TwilioCredentials,
};
use regex::Regex;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support::api::Caller;
use super::support::process::{Program, text};
use super::support::{Database, TestDb, fresh_database};

const SETUP_CODE: &str = "a-code-for-benches";
const NO_LIMIT: &str = "1000000";
/// Accounts at each provider; each is a limit group of its own.
const ACCOUNTS: usize = 2;
/// Messages a second that each of the senders may send: what Meta lifts a busy number to (direct.md §4.7).
pub const RAISED_LIMIT: u32 = 1_000;
/// How long the providers take to answer a message.
pub const ANSWER: Duration = Duration::from_millis(150);

pub struct Stage {
    pub database: TestDb,
    pub simulator: Simulator,
    pub direct: Vec<DirectCredentials>,
    pub twilio: Vec<TwilioCredentials>,
    /// The channels as the program shows them: one of each provider in turn.
    pub channels: Vec<Value>,
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
            retained_messages: 1_000,
            ..SimulatorConfig::default()
        })
        .await
        .expect("the simulator starts");
        let admin: AdminClient = simulator.admin().expect("an admin client");
        let (mut direct, mut twilio) = (Vec::new(), Vec::new());
        for _ in 0..ACCOUNTS {
            direct.push(admin.create_direct(&NewDirectAccount::default()).await.expect("an account"));
            twilio.push(admin.create_twilio(&NewTwilioAccount::default()).await.expect("an account"));
        }
        let mut stage = Self {
            direct,
            twilio,
            simulator,
            database: fresh_database(database),
            channels: Vec::new(),
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
        self.program = Some(self.node(self.address, self.folder.path(), held).await);
        self.address
    }

    /// Starts one more node at this address, in a folder of its own.
    pub async fn node(&self, address: SocketAddr, folder: &Path, held: bool) -> Program {
        let bases = self.simulator.base_url();
        let env = BTreeMap::from([
            ("DUPLEX_LISTEN", address.to_string()),
            ("DUPLEX_PUBLIC_URL", format!("http://{}", self.address)),
            ("DUPLEX_DATA_DIR", text(folder)),
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
        let mut program = Program::start(&["serve"], &env, folder);
        program.prints(&Regex::new(r"(?m)^Duplex .* (listens) on ").expect("a pattern")).await;
        program
    }

    pub async fn stop(&mut self) {
        if let Some(program) = self.program.take() {
            assert!(program.stop().await.success(), "it ends well");
        }
    }

    /// A connection of one's own, as durable as the program's. To write by it the program must not run.
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
        let admin = self.simulator.admin().expect("an admin client");
        for number in 0..ACCOUNTS {
            let (direct, twilio) = (&self.direct[number], &self.twilio[number]);
            for (form, account) in
                [(direct_form(direct), &direct.phone_number_id), (twilio_form(twilio), &twilio.account_sid)]
            {
                let channel = owner.post("/api/v1/channels", form).await.expect(201);
                let url = channel["webhook"]["callback_url"].as_str().expect("an address").to_owned();
                let patch = AccountPatch { callback_url: Some(url), ..AccountPatch::default() };
                admin.patch_account(account, &patch).await.expect("the account changes");
                self.channels.push(channel);
            }
        }
        let scopes = ["messages:read", "messages:write", "events:read"];
        let key = owner.post("/api/v1/api-keys", json!({ "name": "bench", "scopes": scopes })).await.expect(201);
        self.key = key["secret"].as_str().expect("a new key is shown once").to_owned();
        self.stop().await;
    }

    /// The providers take their time over each message from now on.
    pub async fn answer_late(&self) {
        let ms = u64::try_from(ANSWER.as_millis()).expect("a short time");
        let slow = Fault::always(FaultKind::Latency { ms });
        self.simulator.admin().expect("an admin client").set_faults(&[slow]).await.expect("the fault is set");
    }

    /// The process that is measured.
    pub fn process_id(&self) -> u32 {
        self.program.as_ref().and_then(Program::id).expect("the program runs")
    }

    /// A channel for each message in turn.
    pub fn channel_of(&self, number: usize) -> &str {
        self.channels[number % self.channels.len()]["id"].as_str().expect("a channel has an id")
    }
}

fn direct_form(account: &DirectCredentials) -> Value {
    json!({
        "provider": "direct",
        "name": format!("Direct {}", account.phone_number_id),
        "messages_per_second": RAISED_LIMIT,
        "whatsapp_business_phone_id": account.phone_number_id,
        "waba_id": account.waba_id,
        "whatsapp_app_id": account.app_id,
        "app_secret": account.app_secret,
        "whatsapp_access_token": account.access_token,
    })
}

fn twilio_form(account: &TwilioCredentials) -> Value {
    json!({
        "provider": "twilio",
        "name": format!("Twilio {}", account.account_sid),
        "messages_per_second": RAISED_LIMIT,
        "account_sid": account.account_sid,
        "auth_token": account.auth_token,
        "sender_number": account.sender_number.trim_start_matches("whatsapp:"),
    })
}

/// An address that nobody listens at.
pub fn free_address() -> SocketAddr {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    taken.local_addr().expect("its address")
}

/// A valid number for each of many people.
pub fn person(number: usize) -> String {
    format!("+49151{:08}", 10_000_000 + number)
}
