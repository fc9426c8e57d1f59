//! The sandbox workspace and a program that may do everything there.

use std::sync::Arc;

use duplex::channels::LoadedChannel;
use duplex::clock::{SharedClock, SystemClock};
use duplex::domain::class::MessageClass;
use duplex::domain::ids::MessageId;
use duplex::domain::inbound::MessageContext;
use duplex::domain::terms::Terms;
use duplex::storage::enqueue::{Enqueue, Enqueued};
use duplex_simulator::{AdminClient, Fault, LedgerSummary};
use serde_json::{Value, json};

use crate::support::Database;
use crate::support::api::Caller;
use crate::support::app::TestApp;

pub const ADA: &str = "+447700900123";
pub const EVERYTHING: &[&str] = &[
    "messages:read",
    "messages:write",
    "channels:read",
    "channels:write",
    "events:read",
    "workspace:read",
    "workspace:write",
    "api_keys:read",
    "api_keys:write",
    "sandbox:write",
];

pub struct Stage {
    pub app: TestApp,
    pub program: Caller,
    pub simulator: AdminClient,
    pub provider: &'static str,
}

impl Stage {
    pub async fn on(database: Database, provider: &'static str) -> Self {
        Self::with(database, provider, &[]).await
    }

    pub async fn with(database: Database, provider: &'static str, settings: &[&str]) -> Self {
        Self::at(database, provider, settings, Arc::new(SystemClock)).await
    }

    /// With a clock that the test moves.
    pub async fn at(database: Database, provider: &'static str, settings: &[&str], clock: SharedClock) -> Self {
        let app = TestApp::start_with(database, settings, clock).await;
        let program = app.key(EVERYTHING).await;
        let simulator = app.simulator().unwrap();
        program.patch("/api/v1/workspace", json!({ "whatsapp_provider": provider })).await.expect(200);
        Self { app, program, simulator, provider }
    }

    pub async fn send(&self, to: &str, body: &str) -> String {
        let message = json!({ "to": to, "content": { "type": "text", "body": body } });
        id_of(&self.program.post("/api/v1/messages", message).await.expect(202))
    }

    /// The virtual customer does something; the message as the API shows it once it has come.
    pub async fn receives(&self, note: Value) -> Value {
        let written = self.program.post("/api/v1/sandbox/replies", note).await.expect(201);
        assert_eq!(written["delivered"], true, "{written:#}");
        let came = |list: &Value| {
            let all = list["data"].as_array().unwrap();
            all.iter().find(|one| one["provider_message_id"] == written["provider_message_id"]).cloned()
        };
        let path = "/api/v1/messages?direction=inbound&limit=200";
        let list = self.app.until(&self.program, path, |list| came(list).is_some()).await;
        came(&list).unwrap()
    }

    /// The first entry of this kind in the feed that is as wanted.
    pub async fn told(&self, kind: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let found = |feed: &Value| {
            let all = feed["data"].as_array().unwrap();
            all.iter().find(|event| event["type"] == kind && wanted(event)).cloned()
        };
        let feed = self.app.until(&self.program, "/api/v1/events?limit=1000", |feed| found(feed).is_some()).await;
        found(&feed).unwrap()
    }

    pub async fn story(&self, id: &str, state: &str) -> Value {
        self.app.message_in(&self.program, id, state).await
    }

    pub async fn ledger(&self) -> LedgerSummary {
        self.simulator.detailed_summary().await.unwrap()
    }

    pub async fn misbehave(&self, faults: &[Fault]) {
        self.simulator.set_faults(faults).await.unwrap();
    }

    /// The sandbox channel of the provider in use.
    pub async fn channel(&self) -> Value {
        let channels = self.program.get("/api/v1/channels").await.expect(200);
        channels["data"].as_array().unwrap().iter().find(|one| one["provider"] == self.provider).unwrap().clone()
    }

    /// That channel as the rooms use it.
    pub async fn loaded(&self) -> Arc<LoadedChannel> {
        let registry = self.app.app().context.channels.registry().clone();
        let (workspace, provider) = (self.app.sandbox.parse().unwrap(), self.provider.parse().unwrap());
        registry.default_for(workspace, provider).await.unwrap().unwrap()
    }

    /// Queues a message on that channel. What the API refuses beforehand has tests of its own.
    pub async fn queue(&self, to: &str, content: Value) -> String {
        let (context, channel) = (&self.app.app().context, self.loaded().await);
        let request = Enqueue {
            id: MessageId::new(),
            workspace: channel.workspace,
            channel: channel.id,
            limit_group: channel.limit_group.clone(),
            to: to.parse().unwrap(),
            content: serde_json::from_value(content).unwrap(),
            reply_to: None,
            context: MessageContext::default(),
            degradation: None,
            client_reference: None,
            class: MessageClass::Reply,
            terms: Terms::default(),
            expires_at: None,
            at: context.clock.now(),
            key: None,
        };
        let id = request.id.to_string();
        assert_eq!(context.outbox.enqueue(request).await.unwrap(), Enqueued::Fresh);
        id
    }
}

pub fn id_of(created: &Value) -> String {
    created["id"].as_str().unwrap().to_owned()
}

/// The kinds of a story's timeline, in order.
pub fn kinds(story: &Value) -> Vec<&str> {
    story["timeline"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect()
}
