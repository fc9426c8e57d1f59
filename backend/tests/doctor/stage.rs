//! A program with a clock of its own, and fresh senders at the simulator with channels for them.

use std::sync::Arc;
use std::time::Duration;

use duplex::clock::{Clock, ManualClock, SystemClock};
use duplex::domain::time::Ts;
use duplex_simulator::{
    AccountPatch, AdminClient, DirectCredentials, Fault, FaultKind, Inbound, NewDirectAccount, NewTwilioAccount,
    TwilioCredentials,
};
use serde_json::{Value, json};

use crate::support::api::Caller;
use crate::support::app::TestApp;
use crate::support::{Database, watch};

pub const ADA: &str = "+447700900123";
const EVERYTHING: &[&str] = &[
    "messages:read",
    "messages:write",
    "channels:read",
    "channels:write",
    "events:read",
    "workspace:read",
    "workspace:write",
    "templates:read",
    "templates:write",
    "sandbox:write",
];

pub struct Stage {
    pub app: TestApp,
    pub simulator: AdminClient,
    clock: Arc<ManualClock>,
    /// With a key: sessions end while the clock is moved.
    program: Caller,
}

/// A channel in the sandbox and its sender at the simulator.
pub struct Patient {
    /// The simulator's name for the sender.
    pub key: String,
    pub path: String,
    pub id: String,
}

impl Stage {
    pub async fn set(database: Database) -> Self {
        Self::with(database, &[]).await
    }

    pub async fn with(database: Database, settings: &[&str]) -> Self {
        let clock = ManualClock::at(SystemClock.now());
        let app = TestApp::start_with(database, settings, clock.clone()).await;
        let simulator = app.simulator().unwrap();
        let program = app.key(EVERYTHING).await;
        Self { app, simulator, clock, program }
    }

    /// A program that may do everything in the sandbox workspace.
    pub fn program(&self) -> &Caller {
        &self.program
    }

    pub fn now(&self) -> Ts {
        self.clock.now()
    }

    /// Time passes for the program, but not for the test.
    pub fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// A number at Meta with an app of its own, and a channel for it. `change` alters the form.
    pub async fn direct(&self, change: Value) -> (Patient, DirectCredentials) {
        let made = self.simulator.create_direct(&NewDirectAccount::default()).await.unwrap();
        let form = json!({
            "provider": "direct", "name": "Meta", "whatsapp_business_phone_id": made.phone_number_id,
            "waba_id": made.waba_id, "whatsapp_app_id": made.app_id, "app_secret": made.app_secret,
            "whatsapp_access_token": made.access_token, "verify_token": made.verify_token,
        });
        (self.patient(&made.phone_number_id, form, change).await, made)
    }

    /// A sender at Twilio and a channel for it, without an API key. `change` alters the form.
    pub async fn twilio(&self, change: Value) -> (Patient, TwilioCredentials) {
        let made = self.simulator.create_twilio(&NewTwilioAccount::default()).await.unwrap();
        let form = json!({
            "provider": "twilio", "name": "Twilio", "account_sid": made.account_sid, "auth_token": made.auth_token,
            "sender_number": made.sender_number.trim_start_matches("whatsapp:"),
        });
        (self.patient(&made.account_sid, form, change).await, made)
    }

    async fn patient(&self, key: &str, mut form: Value, change: Value) -> Patient {
        for (name, value) in change.as_object().into_iter().flatten() {
            form[name] = value.clone();
        }
        let channel = self.program().post("/api/v1/channels", form).await.expect(201);
        let id = channel["id"].as_str().unwrap().to_owned();
        Patient { key: key.to_owned(), path: format!("/api/v1/channels/{id}"), id }
    }

    /// Makes something wrong, or right again, at the provider.
    pub async fn seed(&self, patient: &Patient, state: Value) {
        let Value::Object(state) = state else { panic!("a state has members") };
        let patch = AccountPatch { state: Some(state), ..AccountPatch::default() };
        self.simulator.patch_account(&patient.key, &patch).await.unwrap();
    }

    pub async fn fault(&self, patient: &Patient, kind: FaultKind) {
        let fault = Fault { kind, account: Some(patient.key.clone()), to: None, times: None, probability: None };
        self.simulator.set_faults(&[fault]).await.unwrap();
    }

    /// Changes the channel's form.
    pub async fn retype(&self, patient: &Patient, provider: &str, field: &str, value: &str) {
        let form = json!({ "provider": provider, field: value });
        self.program().patch(&patient.path, form).await.expect(200);
    }

    pub async fn check(&self, patient: &Patient) -> Value {
        self.program().post(&format!("{}/check", patient.path), json!({})).await.expect(200)["report"].clone()
    }

    /// Waits until the templates of the sender's account are known.
    pub async fn knows_templates(&self, patient: &Patient) {
        let own = |sync: &Value| sync["channel_ids"].as_array().is_some_and(|ids| ids.contains(&json!(patient.id)));
        watch::until("the templates of an account", async || {
            let shown = self.program().get("/api/v1/templates/syncs").await.expect(200);
            let all = shown["data"].as_array()?;
            all.iter().any(|sync| own(sync) && sync["succeeded_at"].is_string()).then_some(())
        })
        .await;
    }

    /// A person writes to the sender.
    pub async fn write(&self, patient: &Patient, text: &str) {
        let message = Inbound { sender: patient.key.clone(), text: text.to_owned(), ..Inbound::default() };
        self.simulator.inbound(&message).await.unwrap();
    }

    /// The channel writes to a person, and the provider accepts it.
    pub async fn send(&self, patient: &Patient) -> String {
        let body = json!({ "to": ADA, "channel_id": patient.id, "content": { "type": "text", "body": "Hello" } });
        let message = self.program().post("/api/v1/messages", body).await.expect(202);
        message["id"].as_str().unwrap().to_owned()
    }

    pub async fn channel(&self, patient: &Patient) -> Value {
        self.program().get(&patient.path).await.expect(200)
    }

    /// Waits until the channel shows what is wanted.
    pub async fn channel_until(&self, patient: &Patient, wanted: impl Fn(&Value) -> bool) -> Value {
        // Not everything that is noted of a channel stands in the feed.
        watch::until(&format!("what is wanted of {}", patient.path), async || {
            Some(self.program().get(&patient.path).await.expect(200)).filter(&wanted)
        })
        .await
    }

    /// The kinds of the feed, in order.
    pub async fn kinds(&self) -> Vec<String> {
        let feed = self.program().get("/api/v1/events?limit=200").await.expect(200);
        let kinds = feed["data"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap().to_owned());
        kinds.collect()
    }

    /// Kinds of the open alerts about a channel.
    pub async fn open_alerts(&self, patient: &Patient) -> Vec<String> {
        let list = self.program().get("/api/v1/alerts?state=open").await.expect(200);
        let own = list["data"].as_array().unwrap().iter().filter(|alert| alert["channel_id"] == patient.id);
        own.map(|alert| alert["kind"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn strike(self) {
        self.app.stop().await;
    }
}

/// One rung of a report.
pub fn rung<'a>(report: &'a Value, name: &str) -> &'a Value {
    let checks = report["checks"].as_array().unwrap_or_else(|| panic!("no report: {report:#}"));
    checks.iter().find(|check| check["name"] == name).unwrap_or_else(|| panic!("no {name}: {report:#}"))
}

/// What a rung must say.
pub struct Expected {
    pub rung: &'static str,
    pub result: &'static str,
    pub code: &'static str,
    pub field: Option<&'static str>,
}

pub const fn fails(rung: &'static str, code: &'static str, field: Option<&'static str>) -> Expected {
    Expected { rung, result: "fail", code, field }
}

pub const fn warns(rung: &'static str, code: &'static str, field: Option<&'static str>) -> Expected {
    Expected { rung, result: "warn", code, field }
}

impl Expected {
    /// The rung says this, with a cure, and everything below it holds.
    #[track_caller]
    pub fn holds_in(&self, seed: &str, report: &Value) {
        let found = rung(report, self.rung);
        let said = (found["result"].as_str(), found["code"].as_str(), found["field"].as_str());
        assert_eq!(said, (Some(self.result), Some(self.code), self.field), "{seed}: {report:#}");
        for sentence in ["finding", "cure"] {
            assert!(found[sentence].as_str().is_some_and(|text| text.ends_with('.')), "{seed}: {found:#}");
        }
        let checks = report["checks"].as_array().unwrap();
        let below = checks.iter().take_while(|check| check["name"] != self.rung);
        for check in below {
            assert!(matches!(check["result"].as_str(), Some("pass" | "warn")), "{seed}: {report:#}");
        }
        assert_eq!(report["healthy"], self.result != "fail", "{seed}: {report:#}");
    }
}

/// Nothing is complained of: only the proof may still be missing.
#[track_caller]
pub fn is_quiet(name: &str, report: &Value) {
    assert_eq!(report["healthy"], true, "{name}: {report:#}");
    for check in report["checks"].as_array().unwrap() {
        let wanted = if check["name"] == "round_trip" { "unproven" } else { "pass" };
        assert!(check["result"] == wanted || check["result"] == "pass", "{name}: {check:#}");
    }
}
