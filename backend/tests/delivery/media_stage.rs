//! A live workspace whose providers are a server of the test's own, a clock that it moves, and a channel of one provider.

use std::sync::Arc;
use std::time::Duration;

use duplex::channels::LoadedChannel;
use duplex::channels::preparation::Preparation;
use duplex::clock::{Clock, ManualClock, SystemClock};
use duplex::domain::ids::{AttemptId, MediaId, MessageId};
use duplex::media::{Media, MediaPreparation};
use duplex::providers::{Outbound, Prepared, SendError};
use serde_json::{Value, json};
use wiremock::MockServer;

use crate::support::Database;
use crate::support::api::Caller;
use crate::support::app::TestApp;

pub const PNID: &str = "200000000000001";
pub const TOKEN: &str = "EAAGtesttokentesttokentesttoken";
pub const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub const AUTH_TOKEN: &str = "5f1d7a84db34e9b2c6a0f3e85e9d1c47";

pub struct MediaStage {
    pub app: TestApp,
    pub clock: Arc<ManualClock>,
    /// What the providers are.
    pub server: MockServer,
    /// A program of the live workspace; unlike a session's access, its key outlives whatever time passes.
    pub program: Caller,
    pub channel: Arc<LoadedChannel>,
    pub preparation: MediaPreparation,
}

impl MediaStage {
    pub async fn set(database: Database, provider: &str) -> Self {
        Self::with(database, provider, &[]).await
    }

    pub async fn with(database: Database, provider: &str, settings: &[&str]) -> Self {
        let (server, clock) = (MockServer::start().await, ManualClock::at(SystemClock.now()));
        let uri = server.uri();
        let mut args = vec!["--direct-graph-url", uri.as_str(), "--twilio-api-url", uri.as_str()];
        args.extend(settings);
        let app = TestApp::start_with(database, &args, clock.clone()).await;
        let owner = app.owner.in_workspace(&app.live);
        let made = owner.post("/api/v1/channels", form_of(provider)).await.expect(201);
        let program =
            app.key_in(&app.live, &["messages:read", "messages:write", "events:read", "templates:write"]).await;
        let id = made["id"].as_str().unwrap().parse().unwrap();
        let context = &app.app().context;
        let channel = context.channels.registry().by_id(id).await.unwrap();
        let preparation = MediaPreparation::new(context.media.clone());
        Self { app, clock, server, program, channel, preparation }
    }

    pub fn media(&self) -> &Media {
        &self.app.app().context.media
    }

    pub fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    /// Messages with one picture, as the dispatcher prepares them.
    pub async fn prepare(&self, media: &str, count: usize) -> (Vec<Outbound>, Vec<(AttemptId, SendError)>) {
        self.prepare_on(&self.channel, (0..count).map(|_| message(media)).collect()).await
    }

    pub async fn prepare_on(
        &self,
        channel: &LoadedChannel,
        mut batch: Vec<Outbound>,
    ) -> (Vec<Outbound>, Vec<(AttemptId, SendError)>) {
        let refused = self.preparation.prepare(channel, &mut batch).await;
        (batch, refused)
    }

    /// Another channel of the same workspace. `change` alters the form.
    pub async fn another(&self, provider: &str, change: Value) -> Arc<LoadedChannel> {
        let mut form = form_of(provider);
        for (field, value) in change.as_object().unwrap() {
            form[field] = value.clone();
        }
        let owner = self.app.owner.in_workspace(&self.app.live);
        let made = owner.post("/api/v1/channels", form).await.expect(201);
        let registry = self.app.app().context.channels.registry();
        registry.by_id(made["id"].as_str().unwrap().parse().unwrap()).await.unwrap()
    }

    pub async fn strike(self) {
        self.app.stop().await;
    }
}

pub fn message(media: &str) -> Outbound {
    message_of(json!({ "type": "image", "media_id": media }))
}

pub fn message_of(content: Value) -> Outbound {
    Outbound {
        attempt: AttemptId::new(),
        message: MessageId::new(),
        to: "+447700900123".parse().unwrap(),
        content: serde_json::from_value(content).unwrap(),
        reply_to: None,
        prepared: Prepared::default(),
    }
}

pub fn id_of(medium: &Value) -> MediaId {
    medium["id"].as_str().unwrap().parse().unwrap()
}

fn form_of(provider: &str) -> Value {
    match provider {
        "direct" => json!({
            "provider": "direct", "name": "Orders", "whatsapp_business_phone_id": PNID, "waba_id": "300000000000001",
            "whatsapp_app_id": "100000000000001", "app_secret": "0123456789abcdef0123456789abcdef",
            "whatsapp_access_token": TOKEN,
        }),
        _ => json!({
            "provider": "twilio", "name": "Support", "account_sid": ACCOUNT, "auth_token": AUTH_TOKEN,
            "sender_number": "+15559870000",
        }),
    }
}
