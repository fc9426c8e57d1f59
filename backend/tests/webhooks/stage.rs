//! A program with a clock of its own, and receivers that do what a test wants.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use duplex::clock::{Clock, ManualClock, SystemClock};
use duplex::domain::time::Ts;
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, Request, Respond, ResponseTemplate};

use crate::support::api::Caller;
use crate::support::app::TestApp;
use crate::support::{Database, watch};

pub const ADA: &str = "+447700900123";
pub const ENDPOINTS: &str = "/api/v1/webhook-endpoints";
const SCOPES: &[&str] = &[
    "messages:read",
    "messages:write",
    "channels:read",
    "channels:write",
    "events:read",
    "webhooks:read",
    "webhooks:write",
];

/// What a receiver answers.
#[derive(Clone, Default)]
struct Mood {
    /// The next answers, then the usual one.
    next: VecDeque<ResponseTemplate>,
    usual: Option<ResponseTemplate>,
}

#[derive(Clone, Default)]
struct Desk(Arc<Mutex<Mood>>);

impl Respond for Desk {
    fn respond(&self, _: &Request) -> ResponseTemplate {
        let mut mood = self.0.lock().unwrap();
        let usual = mood.usual.clone();
        mood.next.pop_front().or(usual).unwrap_or_else(|| ResponseTemplate::new(204))
    }
}

/// An integrator's system.
pub struct Receiver {
    server: MockServer,
    desk: Desk,
}

impl Receiver {
    pub async fn start() -> Self {
        let (server, desk) = (MockServer::start().await, Desk::default());
        Mock::given(method("POST")).respond_with(desk.clone()).mount(&server).await;
        Self { server, desk }
    }

    pub fn url(&self) -> String {
        format!("{}/hook", self.server.uri())
    }

    pub fn answers(&self, usual: ResponseTemplate) {
        self.desk.0.lock().unwrap().usual = Some(usual);
    }

    pub fn answers_next(&self, next: ResponseTemplate) {
        self.desk.0.lock().unwrap().next.push_back(next);
    }

    pub async fn requests(&self) -> Vec<Request> {
        self.server.received_requests().await.unwrap()
    }
}

pub fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    request.headers.get(name).unwrap().to_str().unwrap()
}

pub fn body(request: &Request) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

/// Whether one of the signatures is this secret's, as the library signs. Unlike its check, at whatever time.
pub fn signed_with(request: &Request, secret: &str) -> bool {
    let (id, at) = (header(request, "webhook-id"), header(request, "webhook-timestamp").parse().unwrap());
    let expected = Webhook::new(secret).unwrap().sign(id, at, &request.body).unwrap();
    header(request, "webhook-signature").split(' ').any(|signature| signature == expected)
}

pub struct Stage {
    pub app: TestApp,
    clock: Arc<ManualClock>,
    /// With a key: sessions end while the clock is moved.
    program: Caller,
}

/// An endpoint and its secret.
pub struct Endpoint {
    pub id: String,
    pub path: String,
    pub secret: String,
    /// The place in the feed after which it is told.
    pub after: i64,
}

impl Stage {
    /// A program that may call these receivers.
    pub async fn set(database: Database, receivers: &[&Receiver]) -> Self {
        let clock = ManualClock::at(SystemClock.now());
        let origins: Vec<String> = receivers.iter().map(|receiver| receiver.server.uri()).collect();
        let origins = origins.join(",");
        let settings: &[&str] = if origins.is_empty() { &[] } else { &["--webhook-origins", &origins] };
        let app = TestApp::start_with(database, settings, clock.clone()).await;
        let program = app.key(SCOPES).await;
        // What the start itself brings is over: what comes later comes from the test.
        let synced = |page: &Value| {
            let events = page["data"].as_array().unwrap();
            events.iter().filter(|event| event["type"] == "template.synced").count() >= 2
        };
        app.until(&program, "/api/v1/events?limit=1000", synced).await;
        Self { app, clock, program }
    }

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

    pub async fn endpoint(&self, receiver: &Receiver, event_types: &[&str]) -> Endpoint {
        let form = json!({ "url": receiver.url(), "event_types": event_types });
        loop {
            let after = self.head().await;
            let made = self.program.post(ENDPOINTS, form.clone()).await.expect(201);
            let id = made["id"].as_str().unwrap().to_owned();
            let path = format!("{ENDPOINTS}/{id}");
            // Where it starts is known only when nothing happened meanwhile.
            if self.head().await == after {
                return Endpoint { path, id, secret: made["secret"].as_str().unwrap().to_owned(), after };
            }
            self.program.delete(&path).await.expect(204);
        }
    }

    pub async fn shown(&self, endpoint: &Endpoint) -> Value {
        self.program.get(&endpoint.path).await.expect(200)
    }

    /// Something happens: one event of the type `message.queued`, and what follows it.
    pub async fn message(&self) -> String {
        let form = json!({ "to": ADA, "content": { "type": "text", "body": "Your parcel is on its way" } });
        let message = self.program.post("/api/v1/messages", form).await.expect(202);
        message["id"].as_str().unwrap().to_owned()
    }

    /// The feed after a place.
    pub async fn events(&self, after: i64) -> Vec<Value> {
        let feed = self.program.get(&format!("/api/v1/events?after={after}&limit=1000")).await.expect(200);
        feed["data"].as_array().unwrap().clone()
    }

    pub async fn head(&self) -> i64 {
        self.program.get("/api/v1/events?order=newest&limit=1").await.expect(200)["head"].as_i64().unwrap()
    }

    /// What the log holds of an endpoint, oldest first.
    pub async fn log(&self, endpoint: &Endpoint) -> Vec<Value> {
        let list = self.program.get(&format!("{}/deliveries?limit=200", endpoint.path)).await.expect(200);
        let mut deliveries = list["data"].as_array().unwrap().clone();
        deliveries.reverse();
        deliveries
    }

    /// Waits until the log is as wanted.
    pub async fn log_until(&self, endpoint: &Endpoint, what: &str, wanted: impl Fn(&[Value]) -> bool) -> Vec<Value> {
        watch::until(what, async || Some(self.log(endpoint).await).filter(|log| wanted(log))).await
    }

    /// Waits until so many deliveries are there and all have ended so.
    pub async fn ended(&self, endpoint: &Endpoint, count: usize, state: &str) -> Vec<Value> {
        let wanted = |log: &[Value]| log.len() == count && log.iter().all(|one| one["state"] == state);
        self.log_until(endpoint, &format!("{count} {state} deliveries"), wanted).await
    }

    /// Waits until an endpoint that wants everything has its deliveries of the feed after a place, and none of them is due.
    pub async fn at_rest(&self, endpoint: &Endpoint, after: i64) -> Vec<Value> {
        let events = self.events(after).await.len();
        let now = self.now().to_string();
        let rests = |one: &Value| match one["state"].as_str().unwrap() {
            "pending" => one["next_try_at"].as_str().unwrap() > now.as_str(),
            state => state != "sending",
        };
        self.log_until(endpoint, "nothing to be due", |log| log.len() >= events && log.iter().all(rests)).await
    }

    pub async fn delivery(&self, delivery: &Value) -> Value {
        let path = format!("/api/v1/webhook-deliveries/{}", delivery["id"].as_str().unwrap());
        self.program.get(&path).await.expect(200)
    }

    /// Kinds of the open alerts.
    pub async fn open_alerts(&self) -> Vec<String> {
        let list = self.program.get("/api/v1/alerts?state=open").await.expect(200);
        list["data"].as_array().unwrap().iter().map(|alert| alert["kind"].as_str().unwrap().to_owned()).collect()
    }

    pub async fn strike(self) {
        self.app.stop().await;
    }
}
