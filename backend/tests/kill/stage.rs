//! One gateway, one provider, one database, and the deaths between.

use std::collections::BTreeMap;

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use duplex::storage::DatabaseUrl;
use duplex_simulator::{AccountPatch, AdminClient, NewDirectAccount, NewTwilioAccount, Simulator, SimulatorConfig};
use regex::Regex;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::relay::Relay;
use super::support::api::Caller;
use super::support::process::{Program, text};
use super::support::{Database, TestDb, fresh_database, watch};

/// The provider that a message goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    Twilio,
    Direct,
}

impl Provider {
    fn word(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Direct => "direct",
        }
    }
}

const OWNER: (&str, &str) = ("owner@example.com", "correct horse battery");
const SETUP_CODE: &str = "a-code-for-tests";

pub struct Stage {
    provider: Provider,
    folder: TempDir,
    database: TestDb,
    simulator: Simulator,
    relay: Relay,
    secret_key: String,
    /// Where webhooks to integrators may go.
    pub webhook_origin: Option<String>,
    /// Once the first start has made it.
    api_key: Option<String>,
    /// In the live workspace, by the first gateway.
    owner: Option<Caller>,
}

impl Stage {
    pub async fn set(database: Database, provider: Provider) -> Self {
        let simulator = duplex_simulator::start(SimulatorConfig::default()).await.expect("the simulator starts");
        Self {
            provider,
            folder: tempfile::tempdir().expect("a temporary folder"),
            database: fresh_database(database),
            simulator,
            relay: Relay::start(),
            secret_key: hex::encode(rand::random::<[u8; 32]>()),
            webhook_origin: None,
            api_key: None,
            owner: None,
        }
    }

    /// Starts the gateway, to die at a point if one is named.
    pub async fn start(&self, crash_at: Option<&str>) -> (Program, Caller) {
        let simulator = self.simulator.base_url();
        let mut env = BTreeMap::from([
            ("DUPLEX_LISTEN", "127.0.0.1:0".to_owned()),
            ("DUPLEX_DATA_DIR", text(self.folder.path())),
            ("DATABASE_URL", self.database.address()),
            ("DUPLEX_PUBLIC_URL", self.relay.address().to_owned()),
            ("DUPLEX_SECRET_KEY", self.secret_key.clone()),
            ("DUPLEX_SETUP_CODE", SETUP_CODE.to_owned()),
            ("DUPLEX_SANDBOX", "off".to_owned()),
            ("DUPLEX_HTTP_WORKERS", "1".to_owned()),
            ("DUPLEX_DATABASE_CONNECTIONS", "4".to_owned()),
            ("DUPLEX_DIRECT_GRAPH_URL", simulator.clone()),
            ("DUPLEX_TWILIO_API_URL", simulator.clone()),
            ("DUPLEX_TWILIO_MESSAGING_URL", simulator.clone()),
            ("DUPLEX_TWILIO_CONTENT_URL", simulator),
        ]);
        if let Some(origin) = &self.webhook_origin {
            env.insert("DUPLEX_WEBHOOK_ORIGINS", origin.clone());
        }
        if let Some(point) = crash_at {
            env.insert("DUPLEX_CRASH_AT", point.to_owned());
        }
        let mut program = Program::start(&["serve"], &env, self.folder.path());
        let listens = Regex::new(r"(?m)^Duplex .* listens on (http\S+?)/?$").expect("a pattern");
        let nobody = Caller::nobody(&program.prints(&listens).await);
        let caller = match &self.api_key {
            Some(key) => nobody.with_key(key),
            None => nobody,
        };
        (program, caller)
    }

    /// Makes the owner, the live channel at this provider, and the API key.
    pub async fn set_up(&mut self, gateway: &Caller) -> Caller {
        let owner = gateway.with_cookies();
        let (email, password) = OWNER;
        let setup = json!({ "code": SETUP_CODE, "name": "Owner", "email": email, "password": password });
        let session = owner.post("/api/v1/setup", setup).await.expect(201);
        let live = session["workspaces"]
            .as_array()
            .and_then(|all| all.iter().find(|one| one["workspace"]["environment"] == "live"))
            .and_then(|one| one["workspace"]["id"].as_str())
            .expect("setup makes a live workspace");
        let owner = owner.in_workspace(live);
        self.owner = Some(owner.clone());
        self.connect().await;
        owner.patch("/api/v1/workspace", json!({ "whatsapp_provider": self.provider.word() })).await.expect(200);
        let scopes = json!(["messages:read", "messages:write", "events:read", "webhooks:read", "webhooks:write"]);
        let key = owner.post("/api/v1/api-keys", json!({ "name": "test", "scopes": scopes })).await.expect(201);
        let key = key["secret"].as_str().expect("the key is shown once").to_owned();
        let caller = gateway.with_key(&key);
        self.api_key = Some(key);
        caller
    }

    /// Connects a channel with an account of its own at the provider; gives its id. For as long as the first gateway runs.
    pub async fn connect(&self) -> String {
        let owner = self.owner.as_ref().expect("there is an owner");
        let channel = owner.post("/api/v1/channels", self.credentials().await).await.expect(201);
        self.tell_callback(&channel).await;
        channel["id"].as_str().expect("a channel has an id").to_owned()
    }

    pub fn database(&self) -> &TestDb {
        &self.database
    }

    pub fn admin(&self) -> AdminClient {
        self.simulator.admin().expect("an admin client")
    }

    /// Lets the providers' webhooks through to this gateway.
    pub async fn open_webhooks(&self, gateway: &Caller) {
        self.relay.open_to(gateway.base()).await;
    }

    /// Everything that a dead process held runs out, as if an hour had gone by. To be called while no gateway runs.
    pub fn an_hour_passes(&self) {
        match self.database.url() {
            DatabaseUrl::Sqlite(path) => SqliteConnection::establish(&path.to_string_lossy())
                .expect("the database opens")
                .batch_execute(
                    "UPDATE messages SET claimed_until = claimed_until - 3600000000;
                     UPDATE journal SET claimed_until = claimed_until - 3600000000;
                     UPDATE webhook_deliveries SET claimed_until = claimed_until - 3600000000;
                     UPDATE leases SET expires_at = expires_at - 3600000000;",
                )
                .expect("time passes"),
            DatabaseUrl::Postgres(url) => PgConnection::establish(url)
                .expect("the database opens")
                .batch_execute(
                    "UPDATE messages SET claimed_until = claimed_until - interval '1 hour';
                     UPDATE journal SET claimed_until = claimed_until - interval '1 hour';
                     UPDATE webhook_deliveries SET claimed_until = claimed_until - interval '1 hour';
                     UPDATE leases SET expires_at = expires_at - interval '1 hour';",
                )
                .expect("time passes"),
        }
    }

    /// Waits until the message is in one of these states, and gives it.
    pub async fn message_in(&self, gateway: &Caller, id: &str, states: &[&str]) -> Value {
        let path = format!("/api/v1/messages/{id}");
        watch::until(&format!("message {id} to be {states:?}"), async || {
            let message = gateway.get(&path).await.expect(200);
            states.iter().any(|state| message["state"] == *state).then_some(message)
        })
        .await
    }

    pub async fn strike(self) {
        self.relay.stop().await;
        self.simulator.stop().await;
    }

    async fn credentials(&self) -> Value {
        match self.provider {
            Provider::Direct => {
                let account = self.admin().create_direct(&NewDirectAccount::default()).await.expect("an account");
                json!({
                    "provider": "direct",
                    "name": "Main",
                    "whatsapp_business_phone_id": account.phone_number_id,
                    "waba_id": account.waba_id,
                    "whatsapp_app_id": account.app_id,
                    "app_secret": account.app_secret,
                    "whatsapp_access_token": account.access_token,
                    "verify_token": account.verify_token,
                })
            }
            Provider::Twilio => {
                let account = self.admin().create_twilio(&NewTwilioAccount::default()).await.expect("an account");
                json!({
                    "provider": "twilio",
                    "name": "Main",
                    "account_sid": account.account_sid,
                    "auth_token": account.auth_token,
                    "sender_number": account.sender_number.trim_start_matches("whatsapp:"),
                })
            }
        }
    }

    /// Enters the channel's webhook address at the provider, as its owner does in the provider's console.
    async fn tell_callback(&self, channel: &Value) {
        let url = channel["webhook"]["callback_url"].as_str().expect("a channel says where its webhooks go");
        let account = match self.provider {
            Provider::Twilio => &channel["account_sid"],
            Provider::Direct => &channel["whatsapp_business_phone_id"],
        };
        let patch = AccountPatch { callback_url: Some(url.to_owned()), ..AccountPatch::default() };
        self.admin().patch_account(account.as_str().expect("its account"), &patch).await.expect("the account changes");
    }
}
