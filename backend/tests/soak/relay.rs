//! The public address of the gateway: hands the providers' webhooks on to a node that lives. What finds none is lost, or comes
//! later. Its book says which attempts the gateway has heard of.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::http::header::HOST;
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use rand::RngExt;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use reqwest::Client;
use tokio::sync::watch;
use uuid::Uuid;

use super::plan::chance;
use super::requests::reported;
use super::support::api::Caller;

/// Something that stands between the providers and the gateway.
pub struct Relay {
    address: String,
    shared: Arc<Shared>,
    server: ServerHandle,
}

struct Shared {
    living: watch::Receiver<Vec<Caller>>,
    dice: Mutex<StdRng>,
    held: Mutex<Vec<Webhook>>,
    under_way: AtomicUsize,
    book: Mutex<Book>,
    http: Client,
}

#[derive(Clone, Default)]
pub struct Book {
    /// Attempts with a webhook that the gateway took.
    pub heard_of: HashSet<Uuid>,
    pub taken: usize,
    pub lost: usize,
    /// Came after their time, once a node lived again.
    pub later: usize,
}

struct Webhook {
    method: Method,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Bytes,
}

impl Relay {
    pub fn start(living: watch::Receiver<Vec<Caller>>, dice: StdRng) -> Self {
        let shared = Arc::new(Shared {
            living,
            dice: Mutex::new(dice),
            held: Mutex::default(),
            under_way: AtomicUsize::new(0),
            book: Mutex::default(),
            http: Client::builder().no_proxy().build().expect("a client"),
        });
        let state = Arc::clone(&shared);
        let server =
            HttpServer::new(move || App::new().app_data(Data::from(Arc::clone(&state))).default_service(web::to(take)))
                .workers(1)
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .expect("a free port");
        let address = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { address, shared, server: handle }
    }

    /// The address that providers are told, and that Twilio signs.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Hands on what was held, as far as a node lives that takes it.
    pub async fn deliver(&self) {
        let held = std::mem::take(&mut *self.shared.held.lock().expect("no test panics in here"));
        for webhook in held {
            if self.shared.hand_on(&webhook).await.is_some_and(|(status, _)| status.is_success()) {
                self.shared.book.lock().expect("no test panics in here").later += 1;
            } else {
                self.shared.held.lock().expect("no test panics in here").push(webhook);
            }
        }
    }

    /// Whether nothing is on its way through here.
    pub fn is_idle(&self) -> bool {
        self.shared.under_way.load(Ordering::Acquire) == 0
            && self.shared.held.lock().expect("no test panics in here").is_empty()
    }

    /// Ends and gives the book.
    pub async fn stop(self) -> Book {
        self.server.stop(false).await;
        self.shared.book.lock().expect("no test panics in here").clone()
    }
}

impl Shared {
    /// What a living node answers; `None` when none does, or not with what a provider would call an answer.
    async fn hand_on(&self, webhook: &Webhook) -> Option<(StatusCode, Bytes)> {
        let living = self.living.borrow().clone();
        let node = living.choose(&mut *self.dice.lock().expect("no test panics in here"))?.clone();
        let address = format!("{}{}", node.base(), webhook.target);
        let request = match webhook.method {
            Method::GET => self.http.get(address),
            _ => self.http.post(address).body(webhook.body.clone()),
        };
        let request =
            webhook.headers.iter().fold(request, |request, (name, value)| request.header(name, value.as_slice()));
        let answer = request.send().await.ok()?;
        let status = StatusCode::from_u16(answer.status().as_u16()).expect("a status");
        if status.is_success() {
            let mut book = self.book.lock().expect("no test panics in here");
            book.taken += 1;
            book.heard_of.extend(reported(&webhook.target, &webhook.body));
        }
        let body = answer.bytes().await.unwrap_or_default();
        Some((status, body)).filter(|(status, _)| !status.is_server_error())
    }

    async fn take(&self, webhook: Webhook) -> (StatusCode, Bytes) {
        if let Some(answer) = self.hand_on(&webhook).await {
            return answer;
        }
        if webhook.method == Method::GET {
            return (StatusCode::SERVICE_UNAVAILABLE, Bytes::new());
        }
        if self.dice.lock().expect("no test panics in here").random_bool(chance::WEBHOOK_LOST) {
            self.book.lock().expect("no test panics in here").lost += 1;
        } else {
            self.held.lock().expect("no test panics in here").push(webhook);
        }
        (StatusCode::OK, Bytes::new())
    }
}

async fn take(request: HttpRequest, body: Bytes, shared: Data<Shared>) -> HttpResponse {
    let headers = request
        .headers()
        .iter()
        .filter(|(name, _)| **name != HOST)
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    let webhook = Webhook { method: request.method().clone(), target: request.uri().to_string(), headers, body };
    shared.under_way.fetch_add(1, Ordering::AcqRel);
    let (status, body) = shared.take(webhook).await;
    shared.under_way.fetch_sub(1, Ordering::AcqRel);
    HttpResponse::build(status).body(body)
}
