//! One account of the direct provider and a client that holds its token.

use duplex_simulator::{AdminClient, DirectCredentials, NewDirectAccount, Simulator, SimulatorConfig};
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Receiver, http, simulator, start};

/// What a call was answered with.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// HTTP status, code and subcode of a refusal; zeros when it is none.
    pub fn refusal(&self) -> (u16, u64, u64) {
        let number = |name: &str| self.body["error"][name].as_u64().unwrap_or_default();
        (self.status, number("code"), number("error_subcode"))
    }

    /// The body of a call that went well.
    pub fn ok(self) -> Value {
        assert_eq!(self.status, 200, "{}", self.body);
        self.body
    }
}

pub struct Graph {
    pub simulator: Simulator,
    pub admin: AdminClient,
    pub receiver: Receiver,
    pub account: DirectCredentials,
}

impl Graph {
    /// A simulator in which everything happens at once, with an account whose webhooks are received.
    pub async fn start() -> Self {
        let (simulator, admin) = simulator().await;
        Self::with(simulator, admin).await
    }

    pub async fn start_with(config: SimulatorConfig) -> Self {
        let (simulator, admin) = start(config).await;
        Self::with(simulator, admin).await
    }

    async fn with(simulator: Simulator, admin: AdminClient) -> Self {
        let receiver = Receiver::start().await;
        let wanted = NewDirectAccount { callback_url: Some(receiver.url.clone()), ..NewDirectAccount::default() };
        let account = admin.create_direct(&wanted).await.unwrap();
        Self { simulator, admin, receiver, account }
    }

    pub fn number(&self) -> &str {
        &self.account.phone_number_id
    }

    pub fn waba(&self) -> &str {
        &self.account.waba_id
    }

    pub fn app_token(&self) -> String {
        format!("{}|{}", self.account.app_id, self.account.app_secret)
    }

    /// A request with the account's token.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.request_as(&self.account.access_token, method, path)
    }

    pub fn request_as(&self, token: &str, method: Method, path: &str) -> RequestBuilder {
        http().request(method, format!("{}/v25.0/{path}", self.simulator.base_url())).bearer_auth(token)
    }

    pub async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        answer(self.request(Method::POST, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        answer(self.request(Method::DELETE, path)).await
    }

    /// Sends a message of a type to the default customer.
    pub async fn send(&self, kind: &str, content: Value) -> Answer {
        self.send_to(duplex_simulator::DEFAULT_CUSTOMER, kind, content).await
    }

    pub async fn send_to(&self, to: &str, kind: &str, content: Value) -> Answer {
        let frame = json!({ "messaging_product": "whatsapp", "to": to, "type": kind, kind: content });
        self.post(&format!("{}/messages", self.number()), &frame).await
    }

    /// Uploads a file as `multipart/form-data`.
    pub async fn upload(&self, mime: &str, filename: &str, bytes: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in [("messaging_product", "whatsapp"), ("type", mime)] {
            let part = format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.as_bytes());
        }
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{filename}\"\r\nContent-Type: {mime}\r\n\r\n"
        );
        body.extend(head.as_bytes());
        body.extend(bytes);
        body.extend(b"\r\n--edge--\r\n");
        let request = self.request(Method::POST, &format!("{}/media", self.number()));
        answer(request.header("content-type", "multipart/form-data; boundary=edge").body(body)).await
    }

    /// The id of an uploaded file.
    pub async fn uploaded(&self, mime: &str, filename: &str, bytes: &[u8]) -> String {
        self.upload(mime, filename, bytes).await.ok()["id"].as_str().unwrap().to_owned()
    }

    /// Sets what is wrong with the account.
    pub async fn set_state(&self, state: Value) {
        let patch = duplex_simulator::AccountPatch {
            state: state.as_object().cloned(),
            ..duplex_simulator::AccountPatch::default()
        };
        self.admin.patch_account(self.number(), &patch).await.unwrap();
    }

    /// The next change of this field; others are passed over.
    pub async fn change(&mut self, field: &str) -> Value {
        loop {
            let hook = self.receiver.next().await;
            assert!(hook.is_signed_by_meta(&self.account.app_secret));
            let body = hook.json();
            assert_eq!(body["entry"][0]["id"], self.account.waba_id.as_str());
            let changes = body["entry"][0]["changes"].as_array().cloned().unwrap();
            if let Some(change) = changes.into_iter().find(|change| change["field"] == field) {
                return change["value"].clone();
            }
        }
    }

    /// The code with which a message that was accepted fails.
    pub async fn late_code(&mut self) -> u64 {
        loop {
            let status = self.receiver.statuses(1).await.remove(0);
            if status["status"] == "failed" {
                return status["errors"][0]["code"].as_u64().unwrap();
            }
        }
    }
}

pub async fn answer(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Answer { status, headers, body: answer.json().await.unwrap_or(Value::Null) }
}
