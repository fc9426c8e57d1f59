//! The public address of the gateway: takes the providers' webhooks while it is dead, and hands them on when told.
//! Meta's handshake waits for its answer, so it can't be held: it reaches the gateway at once or not at all.

use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::http::header::HOST;
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use reqwest::Client;

/// Something that stands between the providers and the gateway.
pub struct Relay {
    address: String,
    shared: Arc<Shared>,
    server: ServerHandle,
}

#[derive(Default)]
struct Shared {
    held: Mutex<Vec<Webhook>>,
    /// Where webhooks go; nobody yet means that they are held.
    gateway: Mutex<Option<String>>,
    http: Client,
}

struct Webhook {
    method: Method,
    target: String,
    headers: Vec<(String, Vec<u8>)>,
    body: Bytes,
}

impl Relay {
    pub fn start() -> Self {
        let shared = Arc::new(Shared::default());
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

    /// Hands on what was held, and everything from now on.
    pub async fn open_to(&self, gateway: &str) {
        *self.shared.gateway.lock().expect("no test panics in here") = Some(gateway.to_owned());
        let held = std::mem::take(&mut *self.shared.held.lock().expect("no test panics in here"));
        for webhook in held {
            let answer = self.shared.hand_on(gateway, &webhook).await;
            assert!(answer.status().is_success(), "{}: {}", webhook.target, answer.status());
        }
    }

    pub async fn stop(self) {
        self.server.stop(false).await;
    }
}

impl Shared {
    async fn hand_on(&self, gateway: &str, webhook: &Webhook) -> HttpResponse {
        let address = format!("{gateway}{}", webhook.target);
        let request = match webhook.method {
            Method::GET => self.http.get(address),
            _ => self.http.post(address).body(webhook.body.clone()),
        };
        let request =
            webhook.headers.iter().fold(request, |request, (name, value)| request.header(name, value.as_slice()));
        let Ok(answer) = request.send().await else { return HttpResponse::BadGateway().finish() };
        let status = StatusCode::from_u16(answer.status().as_u16()).expect("a status");
        match answer.bytes().await {
            Ok(body) => HttpResponse::build(status).body(body),
            Err(_) => HttpResponse::BadGateway().finish(),
        }
    }
}

async fn take(request: HttpRequest, body: Bytes, shared: Data<Shared>) -> HttpResponse {
    let headers = request
        .headers()
        .iter()
        .filter(|(name, _)| **name != HOST)
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    let method = request.method().clone();
    let webhook = Webhook { method, target: request.uri().to_string(), headers, body };
    let gateway = shared.gateway.lock().expect("no test panics in here").clone();
    match gateway {
        Some(gateway) => shared.hand_on(&gateway, &webhook).await,
        None if webhook.method == Method::GET => HttpResponse::ServiceUnavailable().finish(),
        None => {
            shared.held.lock().expect("no test panics in here").push(webhook);
            HttpResponse::Ok().finish()
        }
    }
}
