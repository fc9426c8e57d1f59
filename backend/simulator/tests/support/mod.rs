//! A simulator, and a receiver for its webhooks that checks nothing and remembers everything.

pub mod graph;

pub mod files;
pub mod twilio;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use duplex_simulator::{AdminClient, Pace, Simulator, SimulatorConfig};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::Value;
use tokio::sync::mpsc;

/// Long enough for a busy machine; a test that fails ends instead of hanging.
const PATIENCE: Duration = Duration::from_secs(30);

/// A webhook as it came.
#[derive(Debug, Clone)]
pub struct Hook {
    /// The URL that the simulator called.
    pub url: String,
    pub signature: String,
    pub body: String,
}

impl Hook {
    /// The body of the direct provider.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a webhook of the direct provider is JSON")
    }

    /// The parameters of Twilio.
    pub fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect()
    }

    /// One parameter of Twilio.
    pub fn field(&self, name: &str) -> Option<String> {
        self.form().into_iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    pub fn is_signed_by_meta(&self, app_secret: &str) -> bool {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(app_secret.as_bytes()).expect("any key does");
        mac.update(self.body.as_bytes());
        self.signature == format!("sha256={}", hex::encode(mac.finalize().into_bytes())) && self.body.is_ascii()
    }

    pub fn is_signed_by_twilio(&self, auth_token: &str) -> bool {
        let mut form = self.form();
        form.sort();
        let text = form.iter().fold(self.url.clone(), |text, (name, value)| text + name + value);
        let mut mac = Hmac::<sha1::Sha1>::new_from_slice(auth_token.as_bytes()).expect("any key does");
        mac.update(text.as_bytes());
        self.signature == STANDARD.encode(mac.finalize().into_bytes())
    }
}

#[derive(Clone)]
struct Inbox {
    hooks: mpsc::UnboundedSender<Hook>,
    /// Statuses to answer with, before 200 becomes the rule.
    answers: Arc<Mutex<VecDeque<u16>>>,
    port: u16,
}

/// The gateway's side of the webhooks.
pub struct Receiver {
    pub url: String,
    hooks: mpsc::UnboundedReceiver<Hook>,
    answers: Arc<Mutex<VecDeque<u16>>>,
    server: ServerHandle,
}

/// What the receiver echoes challenges for.
pub const VERIFY_TOKEN: &str = "verify-me";

impl Receiver {
    pub async fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let (sender, hooks) = mpsc::unbounded_channel();
        let answers = Arc::new(Mutex::new(VecDeque::new()));
        let inbox = Inbox { hooks: sender, answers: Arc::clone(&answers), port };
        let server =
            HttpServer::new(move || App::new().app_data(web::Data::new(inbox.clone())).default_service(web::to(take)))
                .workers(1)
                .disable_signals()
                .listen(listener)
                .expect("listening")
                .run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { url: format!("http://127.0.0.1:{port}/hooks"), hooks, answers, server: handle }
    }

    /// Answers the next webhooks with these statuses.
    pub fn answer_with(&self, statuses: &[u16]) {
        self.answers.lock().expect("unpoisoned").extend(statuses);
    }

    pub async fn next(&mut self) -> Hook {
        let next = tokio::time::timeout(PATIENCE, self.hooks.recv()).await;
        next.expect("a webhook in time").expect("the receiver is running")
    }

    /// Status objects of the direct provider, one by one, until `wanted` have come.
    pub async fn statuses(&mut self, wanted: usize) -> Vec<Value> {
        let mut found = Vec::new();
        while found.len() < wanted {
            let hook = self.next().await.json();
            let changes = hook.pointer("/entry/0/changes").and_then(Value::as_array).cloned().unwrap_or_default();
            found.extend(changes.iter().filter_map(|change| change.pointer("/value/statuses/0").cloned()));
        }
        found
    }

    pub async fn stop(self) {
        self.server.stop(false).await;
    }
}

async fn take(inbox: web::Data<Inbox>, request: HttpRequest, body: web::Bytes) -> HttpResponse {
    if request.method() == actix_web::http::Method::GET {
        let query: std::collections::HashMap<String, String> =
            url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
        return match query.get("hub.challenge") {
            Some(challenge) if query.get("hub.verify_token").is_some_and(|token| token == VERIFY_TOKEN) => {
                HttpResponse::Ok().content_type("text/plain").body(challenge.clone())
            }
            _ => HttpResponse::Forbidden().finish(),
        };
    }
    let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let signature = header("x-hub-signature-256").or_else(|| header("x-twilio-signature")).unwrap_or_default();
    let url = format!("http://127.0.0.1:{}{}", inbox.port, request.uri());
    let body = String::from_utf8(body.to_vec()).expect("webhooks are UTF-8");
    let status = inbox.answers.lock().expect("unpoisoned").pop_front().unwrap_or(200);
    let _ = inbox.hooks.send(Hook { url, signature, body });
    HttpResponse::build(actix_web::http::StatusCode::from_u16(status).expect("a status")).finish()
}

/// A simulator in which everything happens at once.
pub async fn simulator() -> (Simulator, AdminClient) {
    start(SimulatorConfig { pace: Pace::IMMEDIATE, ..SimulatorConfig::default() }).await
}

pub async fn start(config: SimulatorConfig) -> (Simulator, AdminClient) {
    let simulator = duplex_simulator::start(config).await.expect("a simulator");
    let admin = simulator.admin().expect("an admin client");
    (simulator, admin)
}

/// A client without a proxy that keeps no connection: a lost answer must not hit the next request.
pub fn http() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build().expect("a client")
}
