//! A live workspace whose providers are a server of the test's own, a clock that it moves, and a channel of one provider.

use std::sync::Arc;
use std::time::Duration;

use duplex::channels::LoadedChannel;
use duplex::channels::preparation::Preparation;
use duplex::clock::{Clock, ManualClock, SystemClock};
use duplex::domain::ids::{AttemptId, MediaId, MessageId};
use duplex::media::{Media, MediaPreparation};
use duplex::providers::{Outbound, Prepared, SendError};
use reqwest::Method;
use serde_json::{Value, json};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::Database;
use crate::support::api::Caller;
use crate::support::app::TestApp;
use crate::support::signed::hub_signature;

pub const PNID: &str = "200000000000001";
const WABA: &str = "300000000000001";
const APP: &str = "100000000000001";
const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";
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

    /// Asks for a message on the channel; its id.
    pub async fn queue(&self, to: &str, content: Value) -> String {
        let message = json!({ "to": to, "channel_id": self.channel.id, "content": content });
        crate::stage::id_of(&self.program.post("/api/v1/messages", message).await.expect(202))
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

    /// Meta takes every message, and names each of them.
    pub async fn accepts_messages(&self) {
        let accepted = |_: &Request| {
            let id = format!("wamid.{}", MessageId::new().0.simple());
            ResponseTemplate::new(200).set_body_json(json!({ "messages": [{ "id": id }] }))
        };
        let at = format!("/v25.0/{PNID}/messages");
        Mock::given(method("POST")).and(path(at)).respond_with(accepted).mount(&self.server).await;
    }

    /// Meta's webhook that a message which it has accepted was refused all the same.
    pub async fn refuses_later(&self, provider_message_id: &str, code: i64) {
        let status = json!({ "id": provider_message_id, "status": "failed", "recipient_id": "447700900123",
            "timestamp": (self.clock.now().micros() / 1_000_000).to_string(), "errors": [{ "code": code, "title": "t" }] });
        let value = json!({ "messaging_product": "whatsapp", "statuses": [status],
            "metadata": { "display_phone_number": "1", "phone_number_id": PNID } });
        let change = json!({ "field": "messages", "value": value });
        let entry = json!({ "id": WABA, "changes": [change] });
        let body = json!({ "object": "whatsapp_business_account", "entry": [entry] }).to_string();
        let signature = hub_signature(APP_SECRET, &body);
        let hook = self.app.nobody.request(Method::POST, &format!("/hooks/direct/{APP}"));
        let answer = self.app.nobody.send(hook.header("X-Hub-Signature-256", signature).body(body)).await;
        assert_eq!(answer.status, 200, "{answer:?}");
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
        validity: None,
        prepared: Prepared::default(),
    }
}

pub fn id_of(medium: &Value) -> MediaId {
    medium["id"].as_str().unwrap().parse().unwrap()
}

fn form_of(provider: &str) -> Value {
    match provider {
        "direct" => json!({
            "provider": "direct", "name": "Orders", "whatsapp_business_phone_id": PNID, "waba_id": WABA,
            "whatsapp_app_id": APP, "app_secret": APP_SECRET,
            "whatsapp_access_token": TOKEN,
        }),
        _ => json!({
            "provider": "twilio", "name": "Support", "account_sid": ACCOUNT, "auth_token": AUTH_TOKEN,
            "sender_number": "+15559870000",
        }),
    }
}
