//! One run from an empty database to the judge.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use duplex_simulator::{
    AccountPatch, AdminClient, DirectCredentials, Fault, FaultKind, NewDirectAccount, NewTwilioAccount, Simulator,
    SimulatorConfig, TwilioCredentials,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;

use super::database;
use super::driver::{Asked, Driver};
use super::fleet::Fleet;
use super::judge::{Case, Finding};
use super::ledger::Ledger;
use super::messages::Messages;
use super::plan::{Plan, chance, person};
use super::proxy::Proxy;
use super::relay::Relay;
use super::report;
use super::support::api::Caller;
use super::support::watch::until_within;
use super::support::{Database, fresh_database};

const OWNER: (&str, &str) = ("owner@example.com", "correct horse battery");
const SETUP_CODE: &str = "a-code-for-tests";
/// The gateway's limit for a request to a provider. Well above what a loaded machine needs.
const PROVIDER_TIMEOUT: Duration = Duration::from_secs(8);

/// What the gateways of a run stand on.
#[derive(Clone, Copy, Debug)]
pub struct SetUp {
    pub name: &'static str,
    pub database: Database,
    pub nodes: usize,
    /// Whether unknown messages are sent again blindly, which must not be.
    pub retries_unknown: bool,
}

struct Stage {
    plan: Plan,
    simulator: Simulator,
    admin: AdminClient,
    direct: DirectCredentials,
    twilio: TwilioCredentials,
    proxy: Proxy,
    relay: Relay,
    fleet: Fleet,
    living: watch::Receiver<Vec<Caller>>,
    ledger: Ledger,
    _folder: TempDir,
}

/// Sends everything through deaths and faults, and gives what the judge finds wrong.
pub async fn run(set_up: SetUp, plan: Plan) -> Vec<Finding> {
    println!("{}: {plan:?}", set_up.name);
    let begun = Instant::now();
    let mut stage = Stage::set(set_up, plan).await;
    stage.set_up().await;
    let asked = stage.storm().await;
    let stormed = begun.elapsed();
    stage.come_to_rest().await;
    let case = stage.end(&asked).await;
    let findings = case.findings();
    report::print(set_up.name, &case, &asked, [stormed, begun.elapsed()], &findings);
    findings
}

impl Stage {
    async fn set(set_up: SetUp, plan: Plan) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let simulator = duplex_simulator::start(SimulatorConfig {
            data_dir: Some(folder.path().to_owned()),
            pace: plan.pace,
            retained_messages: plan.messages * 2,
            fault_seed: Some(plan.seed),
            ..SimulatorConfig::default()
        })
        .await
        .expect("the simulator starts");
        let admin = simulator.admin().expect("an admin client");
        let at = simulator.base_url().trim_start_matches("http://").parse().expect("an address");
        let proxy = Proxy::start(at, PROVIDER_TIMEOUT + Duration::from_secs(1), plan.dice("proxy"));
        let (tell, living) = watch::channel(Vec::new());
        let relay = Relay::start(living.clone(), plan.dice("relay"));
        let env = environment(set_up, &proxy.url(), relay.address());
        let fleet = Fleet::of(set_up.nodes, fresh_database(set_up.database), env, tell);
        Self {
            plan,
            direct: admin.create_direct(&NewDirectAccount::default()).await.expect("an account"),
            twilio: admin.create_twilio(&NewTwilioAccount::default()).await.expect("an account"),
            simulator,
            admin,
            proxy,
            relay,
            fleet,
            living,
            ledger: Ledger::default(),
            _folder: folder,
        }
    }

    /// Makes the owner, a live channel at each provider, and the API key.
    async fn set_up(&mut self) {
        self.fleet.start_all().await;
        let owner = self.fleet.caller().with_cookies();
        let (email, password) = OWNER;
        let setup = json!({ "code": SETUP_CODE, "name": "Owner", "email": email, "password": password });
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
            "messages_per_second": self.plan.rate,
            "whatsapp_business_phone_id": self.direct.phone_number_id,
            "waba_id": self.direct.waba_id,
            "whatsapp_app_id": self.direct.app_id,
            "app_secret": self.direct.app_secret,
            "whatsapp_access_token": self.direct.access_token,
            "verify_token": self.direct.verify_token,
        });
        let twilio = json!({
            "provider": "twilio",
            "name": "Twilio",
            "messages_per_second": self.plan.rate,
            "account_sid": self.twilio.account_sid,
            "auth_token": self.twilio.auth_token,
            "sender_number": self.twilio.sender_number.trim_start_matches("whatsapp:"),
        });
        for (form, account) in [(direct, &self.direct.phone_number_id), (twilio, &self.twilio.account_sid)] {
            let channel = owner.post("/api/v1/channels", form).await.expect(201);
            let url = channel["webhook"]["callback_url"].as_str().expect("a channel says where its webhooks go");
            let patch = AccountPatch { callback_url: Some(url.to_owned()), ..AccountPatch::default() };
            self.admin.patch_account(account, &patch).await.expect("the account changes");
        }
        let scopes = json!(["messages:read", "messages:write", "events:read"]);
        let key = owner.post("/api/v1/api-keys", json!({ "name": "test", "scopes": scopes })).await.expect(201);
        self.fleet.use_key(key["secret"].as_str().expect("the key is shown once"));
    }

    /// Sends everything while all kinds of things go wrong, and ends when every message was taken and nobody dies any more.
    async fn storm(&mut self) -> Asked {
        let faults = faults(&self.direct.phone_number_id, &self.twilio.account_sid, self.plan.throttles);
        self.admin.set_faults(&faults).await.expect("the faults are set");
        self.proxy.be_calm(false);
        let driver = Driver::new(&self.plan, self.living.clone(), self.proxy.seen());
        let driving = tokio::spawn(driver.drive());
        self.fleet.reap(&self.plan, self.proxy.seen(), &self.relay, self.plan.dice("deaths")).await;
        let asked = driving.await.expect("every message is taken");
        self.proxy.be_calm(true);
        self.admin.clear_faults().await.expect("the faults are cleared");
        asked
    }

    /// Waits until no message is on its way and nobody has anything more to tell.
    async fn come_to_rest(&mut self) {
        self.fleet.start_all().await;
        let gateway = self.fleet.caller();
        let mut head = Value::Null;
        until_within(self.plan.patience, "everything to come to rest", async || {
            let before = std::mem::replace(&mut head, head_of(&gateway).await);
            self.relay.deliver().await;
            self.ledger.read_on(&self.admin).await;
            if !self.ledger.is_settled() || !self.relay.is_idle() {
                return Err("a provider has something to tell".to_owned());
            }
            if !database::journal_is_done(&self.fleet.database) {
                return Err("a webhook has not had its effect".to_owned());
            }
            if let Some(moving) = a_moving(&gateway).await {
                return Err(format!("this is on its way: {moving}"));
            }
            if head == before { Ok(()) } else { Err("the feed has just grown".to_owned()) }
        })
        .await;
    }

    async fn end(mut self, asked: &Asked) -> Case {
        let messages = Messages::read(&self.fleet.caller(), self.plan.dice("sample")).await;
        self.ledger.read_on(&self.admin).await;
        let summary = self.admin.summary().await.expect("the ledger");
        let (database, kills) = self.fleet.stop().await;
        let dead = database::dead_webhooks(&database);
        assert!(dead.is_empty(), "webhooks that could not be processed: {dead:?}");
        let case = Case {
            asked: asked.ids.iter().enumerate().map(|(number, id)| (person(number), id.clone())).collect(),
            messages,
            ledger: self.ledger,
            summary,
            wire: self.proxy.stop(),
            webhooks: self.relay.stop().await,
            kills,
        };
        self.simulator.stop().await;
        case
    }
}

/// What every node is told; each has a folder of its own besides.
fn environment(set_up: SetUp, provider: &str, public: &str) -> BTreeMap<&'static str, String> {
    let mut env = BTreeMap::from([
        ("DUPLEX_LISTEN", "127.0.0.1:0".to_owned()),
        ("DUPLEX_PUBLIC_URL", public.to_owned()),
        ("DUPLEX_SECRET_KEY", hex::encode(rand::random::<[u8; 32]>())),
        ("DUPLEX_SETUP_CODE", SETUP_CODE.to_owned()),
        ("DUPLEX_SANDBOX", "off".to_owned()),
        ("DUPLEX_LOG", "warn".to_owned()),
        ("DUPLEX_HTTP_WORKERS", "1".to_owned()),
        ("DUPLEX_DATABASE_CONNECTIONS", "4".to_owned()),
        ("DUPLEX_RATE_LIMIT_KEY", "1000000".to_owned()),
        ("DUPLEX_PROVIDER_TIMEOUT", PROVIDER_TIMEOUT.as_secs().to_string()),
        ("DUPLEX_DIRECT_GRAPH_URL", provider.to_owned()),
        ("DUPLEX_TWILIO_API_URL", provider.to_owned()),
        ("DUPLEX_TWILIO_MESSAGING_URL", provider.to_owned()),
        ("DUPLEX_TWILIO_CONTENT_URL", provider.to_owned()),
    ]);
    if set_up.retries_unknown {
        env.insert("DUPLEX_RETRY_UNKNOWN", "1".to_owned());
    }
    env
}

/// What the providers do wrong, beside what the way to them does (codes: direct.md §5, twilio.md §6).
fn faults(direct: &str, twilio: &str, throttles: u32) -> Vec<Fault> {
    let by_chance = |kind, chance| Fault { probability: Some(chance), ..Fault::always(kind) };
    let of = |account: &str, kind, chance| Fault { account: Some(account.to_owned()), ..by_chance(kind, chance) };
    let (refuse, refuse_late) = (|code| FaultKind::Refuse { code }, |code| FaultKind::LateRefusal { code });
    vec![
        by_chance(FaultKind::Http5xx { status: None }, chance::SERVER_ERROR),
        Fault { times: Some(throttles), ..of(direct, FaultKind::Throttle { code: None }, chance::THROTTLED) },
        Fault { times: Some(throttles), ..of(twilio, FaultKind::Throttle { code: None }, chance::THROTTLED) },
        of(direct, refuse(131_026), chance::REFUSED),
        of(twilio, refuse(21_211), chance::REFUSED),
        of(direct, refuse_late(131_016), chance::REFUSED_LATE),
        of(twilio, refuse_late(63_009), chance::REFUSED_LATE),
        of(direct, refuse_late(131_026), chance::REFUSED_LATE_FOR_GOOD),
        of(twilio, refuse_late(63_024), chance::REFUSED_LATE_FOR_GOOD),
        by_chance(FaultKind::DuplicateWebhooks, chance::WEBHOOK),
        by_chance(FaultKind::ReorderWebhooks, chance::WEBHOOK),
        by_chance(FaultKind::DropWebhooks, chance::WEBHOOK),
    ]
}

/// A message that is still on its way.
async fn a_moving(gateway: &Caller) -> Option<Value> {
    for state in ["queued", "claimed", "sending"] {
        let found = gateway.get(&format!("/api/v1/messages?limit=1&state={state}")).await.expect(200);
        if let Some(message) = found["data"].get(0) {
            return Some(message.clone());
        }
    }
    None
}

/// The last place in the feed.
async fn head_of(gateway: &Caller) -> Value {
    gateway.get("/api/v1/events?order=newest&limit=1").await.expect(200)["head"].clone()
}
