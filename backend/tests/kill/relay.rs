//! The public address of the gateway: takes the providers' webhooks while it is dead, and hands them on when told.

use std::sync::{Arc, Mutex};

use actix_web::dev::ServerHandle;
use actix_web::http::header::HOST;
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
            let status = self.shared.hand_on(gateway, &webhook).await;
            assert!((200..300).contains(&status), "{}: {status}", webhook.target);
        }
    }

    pub async fn stop(self) {
        self.server.stop(false).await;
    }
}

impl Shared {
    async fn hand_on(&self, gateway: &str, webhook: &Webhook) -> u16 {
        let mut request = self.http.post(format!("{gateway}{}", webhook.target)).body(webhook.body.clone());
        for (name, value) in &webhook.headers {
            request = request.header(name, value.as_slice());
        }
        request.send().await.map_or(502, |answer| answer.status().as_u16())
    }
}

async fn take(request: HttpRequest, body: Bytes, shared: Data<Shared>) -> HttpResponse {
    let headers = request
        .headers()
        .iter()
        .filter(|(name, _)| **name != HOST)
        .map(|(name, value)| (name.to_string(), value.as_bytes().to_vec()))
        .collect();
    let webhook = Webhook { target: request.uri().to_string(), headers, body };
    let gateway = shared.gateway.lock().expect("no test panics in here").clone();
    match gateway {
        Some(gateway) => {
            let status = shared.hand_on(&gateway, &webhook).await;
            HttpResponse::build(status.try_into().expect("a status")).finish()
        }
        None => {
            shared.held.lock().expect("no test panics in here").push(webhook);
            HttpResponse::Ok().finish()
        }
    }
}
