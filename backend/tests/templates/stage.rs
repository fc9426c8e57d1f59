//! The sandbox workspace with a channel of each provider, and a program that may work with templates.

use std::sync::Arc;

use duplex::clock::{SharedClock, SystemClock};
use duplex_simulator::{AccountPatch, AccountView, AdminClient, ConversationQuery, TemplateVerdict};
use serde_json::{Value, json};

use crate::support::Database;
use crate::support::api::{Answer, Caller};
use crate::support::app::TestApp;

pub const ADA: &str = "+447700900123";
const SCOPES: &[&str] = &[
    "messages:read",
    "messages:write",
    "channels:read",
    "channels:write",
    "templates:read",
    "templates:write",
    "events:read",
    "workspace:read",
    "sandbox:write",
];
pub const PROVIDERS: [&str; 2] = ["direct", "twilio"];

pub struct Stage {
    pub app: TestApp,
    pub program: Caller,
    pub simulator: AdminClient,
    /// Ids of the channels.
    pub direct: String,
    pub twilio: String,
}

impl Stage {
    /// Reviews take no time, and the sandbox's own templates are known.
    pub async fn set(database: Database) -> Self {
        Self::with_clock(database, Arc::new(SystemClock)).await
    }

    pub async fn with_clock(database: Database, clock: SharedClock) -> Self {
        let app = TestApp::start_with(database, &[], clock).await;
        let program = app.key(SCOPES).await;
        let simulator = app.simulator().unwrap();
        let channels = program.get("/api/v1/channels").await.expect(200);
        let channel = |provider: &str| {
            let all = channels["data"].as_array().unwrap();
            all.iter().find(|one| one["provider"] == provider).unwrap()["id"].as_str().unwrap().to_owned()
        };
        let (direct, twilio) = (channel("direct"), channel("twilio"));
        let stage = Self { app, program, simulator, direct, twilio };
        stage.set_reviews(json!({})).await;
        stage.program.post("/api/v1/templates/syncs", json!({})).await.expect(200);
        stage
    }

    /// How reviews end, by the template's name; none takes any time.
    pub async fn set_reviews(&self, verdicts: Value) {
        let verdicts: std::collections::BTreeMap<String, TemplateVerdict> = serde_json::from_value(verdicts).unwrap();
        for provider in PROVIDERS {
            let patch = AccountPatch {
                template_review_ms: Some(0),
                template_verdicts: Some(verdicts.clone()),
                ..AccountPatch::default()
            };
            self.simulator.patch_account(&self.account(provider).await, &patch).await.unwrap();
        }
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

    pub async fn create(&self, definition: Value) -> String {
        let made = self.program.post("/api/v1/templates", definition).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    }

    pub async fn submit(&self, id: &str, provider: &str) -> Answer {
        let body = json!({ "channel_id": self.channel(provider) });
        self.program.post(&format!("/api/v1/templates/{id}/submissions"), body).await
    }

    /// Waits until a template has a status at a provider, and gives its newest registration there.
    pub async fn until_status(&self, id: &str, provider: &str, status: &str) -> Value {
        let path = format!("/api/v1/templates/{id}");
        let shown = self.app.until(&self.program, &path, |shown| newest(shown, provider)["status"] == status).await;
        newest(&shown, provider)
    }

    /// A template that is made, submitted and approved at these providers.
    pub async fn approved(&self, definition: Value, providers: &[&str]) -> String {
        let id = self.create(definition).await;
        for provider in providers {
            self.submit(&id, provider).await.expect(200);
            self.until_status(&id, provider, "approved").await;
        }
        id
    }

    pub async fn send(&self, provider: &str, content: Value) -> Answer {
        let message = json!({ "to": ADA, "channel_id": self.channel(provider), "content": content });
        self.program.post("/api/v1/messages", message).await
    }

    /// Sends and waits until it is delivered; gives what the virtual phone of that provider's conversation shows of it.
    pub async fn delivered(&self, provider: &str, content: Value) -> String {
        let id = self.send(provider, content).await.expect(202)["id"].as_str().unwrap().to_owned();
        self.app.message_in(&self.program, &id, "read").await;
        let wanted = ConversationQuery { sender: Some(self.account(provider).await), ..ConversationQuery::default() };
        let threads = self.simulator.conversations(&wanted).await.unwrap();
        threads[0].messages.last().unwrap().text.clone()
    }

    /// The newest template of this name in this language.
    pub async fn named(&self, name: &str, language: &str) -> Value {
        let list = self.program.get(&format!("/api/v1/templates?name={name}&language={language}")).await.expect(200);
        list["data"][0].clone()
    }

    /// Entries of the feed of these kinds about a template's name, oldest first.
    pub async fn news(&self, kind: &str, name: &str) -> Vec<Value> {
        let feed = self.program.get(&format!("/api/v1/events?type={kind}&limit=1000")).await.expect(200);
        let all = feed["data"].as_array().unwrap().clone();
        all.into_iter().map(|event| event["data"].clone()).filter(|data| data["name"] == name).collect()
    }
}

/// The newest registration with a provider; null when there is none.
pub fn newest(template: &Value, provider: &str) -> Value {
    let all = template["registrations"].as_array().unwrap();
    all.iter().rev().find(|one| one["provider"] == provider).cloned().unwrap_or_default()
}

/// A definition that both providers carry.
pub fn order(name: &str) -> Value {
    json!({
        "name": name, "language": "en_GB", "category": "utility",
        "body": { "text": "Hello {{1}}, order {{2}} has left our warehouse.", "samples": [{ "text": "Ada" }, { "text": "77" }] },
        "footer": "Acme Tea",
        "buttons": [
            { "type": "url", "text": "Track", "url": "https://acme.example/{{1}}", "sample": "t/9" },
            { "type": "quick_reply", "text": "I need help" },
        ],
    })
}

/// A message's use of [`order`].
pub fn use_of_order(name: &str) -> Value {
    json!({
        "type": "template", "name": name, "language": "en_GB",
        "body": [{ "text": "Zoë" }, { "text": "4711" }],
        "buttons": [{ "index": 0, "type": "url", "text": "t/4711" }],
    })
}
