//! The sandbox workspace, its virtual phone, and a program that sends there by one provider.

use std::sync::Arc;

use duplex::clock::SystemClock;
use duplex::domain::provider::ProviderKind;
use duplex::providers::Capabilities;
use duplex_simulator::{AccountView, AdminClient, Inbound, ThreadMessage};
use reqwest::Client;
use serde_json::{Value, json};

use crate::support::api::{Answer, Caller};
use crate::support::app::TestApp;
use crate::support::{Database, watch};

pub const ADA: &str = "+447700900123";

pub struct Stage {
    pub app: TestApp,
    pub program: Caller,
    pub simulator: AdminClient,
    pub provider: ProviderKind,
    /// As the simulator knows it.
    pub sender: String,
}

impl Stage {
    pub async fn on(database: Database, provider: ProviderKind) -> Self {
        let app = TestApp::start_with(database, &[], Arc::new(SystemClock)).await;
        let scopes = ["messages:read", "messages:write", "channels:read", "events:read", "workspace:write"];
        let program = app.key(&scopes).await;
        let simulator = app.simulator().unwrap();
        program.patch("/api/v1/workspace", json!({ "whatsapp_provider": provider })).await.expect(200);
        let channels = program.get("/api/v1/channels").await.expect(200);
        let channel =
            channels["data"].as_array().unwrap().iter().find(|one| one["provider"] == json!(provider)).unwrap();
        let sender = match provider {
            ProviderKind::Twilio => &channel["account_sid"],
            ProviderKind::Direct => &channel["whatsapp_business_phone_id"],
        };
        let sender = sender.as_str().unwrap().to_owned();
        Self { app, program, simulator, provider, sender }
    }

    pub fn can(&self) -> &'static Capabilities {
        Capabilities::of(self.provider)
    }

    /// What the API tells of the provider's capabilities.
    pub async fn told(&self) -> Value {
        let path = format!("/api/v1/providers/{}", self.provider);
        self.program.get(&path).await.expect(200)["capabilities"].clone()
    }

    pub async fn post(&self, message: Value) -> Answer {
        self.program.post("/api/v1/messages", message).await
    }

    /// Sends a message that must be taken, and waits until its person has it.
    pub async fn delivered(&self, message: Value) -> Value {
        let id = id_of(&self.post(message).await.expect(202));
        self.reached(&id, "delivered_at").await
    }

    /// Waits until a message has this time, and gives its story.
    pub async fn reached(&self, id: &str, time: &str) -> Value {
        let path = format!("/api/v1/messages/{id}");
        // A receipt that another one overtook moves nothing but its time, and the feed does not grow by it.
        let story = watch::until(&format!("{time} of {path}"), async || {
            let story = self.program.get(&path).await.expect(200);
            (story[time].is_string() || story["state"] == "failed").then_some(story)
        })
        .await;
        assert!(story[time].is_string(), "{story:#}");
        story
    }

    /// What the person's phone shows of a message.
    pub async fn on_phone(&self, person: &str, provider_message_id: &Value) -> ThreadMessage {
        let thread = self.simulator.conversation(&self.sender, person).await.unwrap().expect("a conversation");
        let shown = thread.messages.into_iter().find(|one| json!(one.id) == *provider_message_id);
        shown.unwrap_or_else(|| panic!("{person} has no {provider_message_id}"))
    }

    /// The person does something on the phone; its provider's id.
    pub async fn does(&self, inbound: Inbound) -> String {
        let inbound = Inbound { sender: self.sender.clone(), ..inbound };
        self.simulator.inbound(&inbound).await.unwrap_or_else(|error| panic!("{inbound:?}: {error}")).message_id
    }

    /// The message that came in under this id of the provider's.
    pub async fn received(&self, provider_message_id: &str) -> Value {
        let path = "/api/v1/messages?direction=inbound&limit=200";
        let is = |one: &&Value| one["provider_message_id"] == provider_message_id;
        let list = self
            .app
            .until(&self.program, path, |list| list["data"].as_array().unwrap().iter().any(|one| is(&one)))
            .await;
        list["data"].as_array().unwrap().iter().find(is).unwrap().clone()
    }

    /// A customer says hello; the API's id of that message.
    pub async fn hello_from(&self, person: &str) -> String {
        let hello = Inbound { from: Some(person.to_owned()), text: "Hello".into(), ..Inbound::default() };
        let provider_message_id = self.does(hello).await;
        id_of(&self.received(&provider_message_id).await)
    }

    /// How many messages the simulator has taken.
    pub async fn accepted(&self) -> u64 {
        self.simulator.counts(&self.sender).await.unwrap().accepted
    }

    /// The SID of a sample template at the simulated Twilio, as its own Content API tells it.
    pub async fn content_sid(&self, name: &str) -> String {
        let accounts = self.simulator.accounts().await.unwrap();
        let token = accounts.into_iter().find_map(|view| match view {
            AccountView::Twilio(one) if one.account_sid == self.sender => Some(one.auth_token),
            _ => None,
        });
        let url = format!("{}/v1/Content", self.app.app().simulator_url().unwrap());
        let http = Client::builder().no_proxy().build().unwrap();
        let answer = http.get(url).basic_auth(&self.sender, token).send().await.unwrap();
        let list: Value = answer.json().await.unwrap();
        let all = list["contents"].as_array().unwrap();
        all.iter().find(|one| one["friendly_name"] == name).unwrap()["sid"].as_str().unwrap().to_owned()
    }
}

pub fn id_of(created: &Value) -> String {
    created["id"].as_str().unwrap().to_owned()
}

/// Whether everything that is expected is there; more may be.
#[track_caller]
pub fn assert_holds(found: &Value, expected: &Value) {
    assert!(holds(found, expected), "{found:#} does not hold {expected:#}");
}

fn holds(found: &Value, expected: &Value) -> bool {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            expected.iter().all(|(name, value)| found.get(name).is_some_and(|found| holds(found, value)))
        }
        (Value::Array(found), Value::Array(expected)) => {
            found.len() == expected.len() && found.iter().zip(expected).all(|(found, expected)| holds(found, expected))
        }
        (Value::Number(found), Value::Number(expected)) => found.as_f64() == expected.as_f64(),
        (found, expected) => found == expected,
    }
}
