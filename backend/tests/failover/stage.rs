//! The sandbox workspace with a channel of each provider, a template that both have approved, and a clock that the test moves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use duplex::clock::{Clock, SystemClock};
use duplex::domain::time::Ts;
use duplex_simulator::{AccountPatch, AccountView, AdminClient, Fault, FaultKind};
use serde_json::{Value, json};

use crate::support::Database;
use crate::support::api::{Answer, Caller};
use crate::support::app::TestApp;

const SCOPES: &[&str] = &[
    "messages:read",
    "messages:write",
    "channels:read",
    "channels:write",
    "templates:read",
    "templates:write",
    "events:read",
    "workspace:read",
    "workspace:write",
    "sandbox:write",
];
pub const PROVIDERS: [&str; 2] = ["direct", "twilio"];
/// The machine's time, and what the test adds to it.
#[derive(Default)]
pub struct ShiftedClock(AtomicI64);

impl ShiftedClock {
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for ShiftedClock {
    fn now(&self) -> Ts {
        Ts::from_micros(SystemClock.now().micros() + self.0.load(Ordering::SeqCst))
    }
}

/// Approved at both providers.
pub const SHIPPED: &str = "order_shipped_everywhere";
/// Approved at Meta only.
pub const ALONE: &str = "order_shipped_direct";

pub struct Stage {
    pub app: TestApp,
    pub program: Caller,
    pub simulator: AdminClient,
    pub clock: Arc<ShiftedClock>,
    pub direct: String,
    pub twilio: String,
}

impl Stage {
    /// Messages that name no channel go by Meta.
    pub async fn set(database: Database) -> Self {
        let clock = Arc::new(ShiftedClock::default());
        let app = TestApp::start_with(database, &["--provider-timeout", "5"], Arc::clone(&clock) as _).await;
        let program = app.key(SCOPES).await;
        let simulator = app.simulator().unwrap();
        let channels = program.get("/api/v1/channels").await.expect(200);
        let channel = |provider: &str| {
            let all = channels["data"].as_array().unwrap();
            all.iter().find(|one| one["provider"] == provider).unwrap()["id"].as_str().unwrap().to_owned()
        };
        let (direct, twilio) = (channel("direct"), channel("twilio"));
        let stage = Self { app, program, simulator, clock, direct, twilio };
        stage.program.patch("/api/v1/workspace", json!({ "whatsapp_provider": "direct" })).await.expect(200);
        for provider in PROVIDERS {
            let patch = AccountPatch { template_review_ms: Some(0), ..AccountPatch::default() };
            stage.simulator.patch_account(&stage.account(provider).await, &patch).await.unwrap();
        }
        stage.approved(SHIPPED, &PROVIDERS).await;
        stage.approved(ALONE, &["direct"]).await;
        stage
    }

    pub fn channel(&self, provider: &str) -> &str {
        if provider == "direct" { &self.direct } else { &self.twilio }
    }

    /// The simulated account behind the sandbox's channel.
    pub async fn account(&self, provider: &str) -> String {
        let accounts = self.simulator.accounts().await.unwrap();
        let found = accounts.into_iter().find_map(|view| match view {
            AccountView::Direct(one) if provider == "direct" => Some(one.phone_number_id),
            AccountView::Twilio(one) if provider == "twilio" => Some(one.account_sid),
            _ => None,
        });
        found.unwrap()
    }

    async fn approved(&self, name: &str, providers: &[&str]) {
        let definition = json!({
            "name": name, "language": "en_GB", "category": "utility",
            "body": { "text": "Hello {{1}}, order {{2}} has left our warehouse.", "samples": [{ "text": "Ada" }, { "text": "77" }] },
        });
        let made = self.program.post("/api/v1/templates", definition).await.expect(201);
        let path = format!("/api/v1/templates/{}", made["id"].as_str().unwrap());
        for provider in providers {
            let body = json!({ "channel_id": self.channel(provider) });
            self.program.post(&format!("{path}/submissions"), body).await.expect(200);
            let approved = |shown: &Value| {
                let all = shown["registrations"].as_array().unwrap();
                all.iter().any(|one| one["provider"] == *provider && one["status"] == "approved")
            };
            self.app.until(&self.program, &path, approved).await;
        }
    }

    pub async fn failover(&self, mode: &str) {
        self.program.patch("/api/v1/delivery-settings", json!({ "failover": mode })).await.expect(200);
    }

    /// All requests of one provider fail like this.
    pub async fn fails(&self, provider: &str, kind: FaultKind) {
        let fault = Fault { account: Some(self.account(provider).await), ..Fault::always(kind) };
        self.simulator.set_faults(&[fault]).await.unwrap();
    }

    pub async fn works_again(&self) {
        self.simulator.clear_faults().await.unwrap();
    }

    pub async fn post(&self, message: Value) -> Answer {
        self.program.post("/api/v1/messages", message).await
    }

    pub async fn send(&self, to: &str, content: Value) -> String {
        id_of(&self.post(json!({ "to": to, "content": content })).await.expect(202))
    }

    pub async fn in_state(&self, id: &str, state: &str) -> Value {
        self.app.message_in(&self.program, id, state).await
    }

    pub async fn show(&self, id: &str) -> Value {
        self.program.get(&format!("/api/v1/messages/{id}")).await.expect(200)
    }

    /// Waits until the feed tells of something, and gives the entry.
    pub async fn told(&self, kind: &str) -> Value {
        let path = format!("/api/v1/events?type={kind}&limit=1000");
        let feed = self.app.until(&self.program, &path, |feed| !feed["data"].as_array().unwrap().is_empty()).await;
        feed["data"][0].clone()
    }

    /// Opens the circuit of Meta's channel: so many messages whose answer is an error without a code. Gives their ids.
    pub async fn open_circuit(&self) -> Vec<String> {
        self.fails("direct", FaultKind::Http5xx { status: Some(503) }).await;
        let mut lost = Vec::new();
        for n in 0..5 {
            lost.push(self.send(&person(n), template(ALONE)).await);
        }
        for id in &lost {
            self.in_state(id, "unknown").await;
        }
        self.told("channel.circuit_opened").await;
        lost
    }

    /// Time passes until the provider is looked at again, and the look is over.
    pub async fn cooled_down(&self) {
        self.clock.advance(Duration::from_secs(20));
        self.told("channel.circuit_half_opened").await;
    }

    /// How often each person got something, whatever became of it later.
    pub async fn copies(&self, person: &str) -> u32 {
        let ledger = self.simulator.detailed_summary().await.unwrap();
        assert_eq!(ledger.repeated, Default::default(), "an attempt was sent twice");
        ledger.by_recipient.unwrap().get(person).map_or(0, |count| count.accepted)
    }
}

pub fn person(n: usize) -> String {
    format!("+4477009{n:05}")
}

pub fn template(name: &str) -> Value {
    json!({ "type": "template", "name": name, "language": "en_GB", "body": [{ "text": "Zoë" }, { "text": "4711" }] })
}

pub fn id_of(created: &Value) -> String {
    created["id"].as_str().unwrap().to_owned()
}

/// The kinds of a story's timeline, in order.
pub fn kinds(story: &Value) -> Vec<&str> {
    story["timeline"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect()
}
