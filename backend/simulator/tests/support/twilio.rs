//! One Twilio account at a simulator, and a receiver for all its callbacks.

use duplex_simulator::{
    AccountPatch, AdminClient, Conversation, DEFAULT_CUSTOMER, Inbound, NewTwilioAccount, Simulator, SimulatorConfig,
    TwilioCredentials, WindowPolicy,
};
use reqwest::Method;
use serde_json::{Map, Value};

use super::{Hook, Receiver, http};

/// The default customer as `To`.
pub const CUSTOMER: &str = "whatsapp:+447700900123";

pub struct Stage {
    pub simulator: Simulator,
    pub admin: AdminClient,
    pub receiver: Receiver,
    pub account: TwilioCredentials,
}

impl Stage {
    /// Everything happens at once; inbound messages and statuses go to the receiver.
    pub async fn start() -> Self {
        Self::with(NewTwilioAccount::default()).await
    }

    /// As [`Stage::start`], with windows as on the real network.
    pub async fn strict() -> Self {
        Self::with(NewTwilioAccount { windows: WindowPolicy::Strict, greet: false, ..NewTwilioAccount::default() })
            .await
    }

    async fn with(wanted: NewTwilioAccount) -> Self {
        let pace = duplex_simulator::Pace::IMMEDIATE;
        let (simulator, admin) = super::start(SimulatorConfig { pace, ..SimulatorConfig::default() }).await;
        let receiver = Receiver::start().await;
        let account = admin
            .create_twilio(&NewTwilioAccount {
                inbound_url: Some(format!("{}/inbound", receiver.url)),
                status_callback_url: Some(format!("{}/status", receiver.url)),
                ..wanted
            })
            .await
            .unwrap();
        Self { simulator, admin, receiver, account }
    }

    /// A call with the auth token; the body as it is and its type.
    pub async fn call(&self, method: Method, path: &str, body: Option<(&str, String)>) -> (u16, Value) {
        let url = format!("{}{path}", self.simulator.base_url());
        let mut request =
            http().request(method, url).basic_auth(&self.account.account_sid, Some(&self.account.auth_token));
        if let Some((mime, body)) = body {
            request = request.header("content-type", mime).body(body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        (status, answer.json().await.unwrap_or_default())
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.call(Method::GET, path, None).await
    }

    pub async fn delete(&self, path: &str) -> u16 {
        self.call(Method::DELETE, path, None).await.0
    }

    pub async fn post_json(&self, path: &str, body: &Value) -> (u16, Value) {
        self.call(Method::POST, path, Some(("application/json", body.to_string()))).await
    }

    pub async fn put_json(&self, path: &str, body: &Value) -> (u16, Value) {
        self.call(Method::PUT, path, Some(("application/json", body.to_string()))).await
    }

    pub async fn post_form(&self, path: &str, form: &[(&str, &str)]) -> (u16, Value) {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.call(Method::POST, path, Some(("application/x-www-form-urlencoded", body))).await
    }

    /// The path of the account's resources of 2010.
    pub fn path(&self, rest: &str) -> String {
        format!("/2010-04-01/Accounts/{}{rest}", self.account.account_sid)
    }

    /// Sends to the default customer.
    pub async fn send(&self, more: &[(&str, &str)]) -> (u16, Value) {
        let mut form = vec![("From", &*self.account.sender_number), ("To", CUSTOMER)];
        form.extend(more);
        self.post_form(&self.path("/Messages.json"), &form).await
    }

    /// Sends, and waits until the customer has read it.
    pub async fn send_read(&mut self, more: &[(&str, &str)]) -> String {
        let (status, answer) = self.send(more).await;
        assert_eq!(status, 201, "{answer}");
        for _ in 0..3 {
            let hook = self.receiver.next().await;
            assert_eq!(hook.field("ErrorCode"), None, "{hook:?}");
        }
        answer["sid"].as_str().unwrap().to_owned()
    }

    /// Sends, and gives the code with which it fails later.
    pub async fn send_failing(&mut self, more: &[(&str, &str)]) -> String {
        let (status, answer) = self.send(more).await;
        assert_eq!(status, 201, "{answer}");
        let hook = self.receiver.next().await;
        hook.field("ErrorCode").unwrap_or_else(|| panic!("{hook:?}"))
    }

    /// The customer sends, and the webhook comes.
    pub async fn write(&mut self, note: Inbound) -> Hook {
        let note = Inbound { sender: self.account.account_sid.clone(), ..note };
        let result = self.admin.inbound(&note).await.unwrap();
        assert!(result.delivered, "{result:?}");
        self.receiver.next().await
    }

    /// Stores a content and gives its SID.
    pub async fn content(&self, types: Value, variables: Value) -> String {
        let body =
            serde_json::json!({ "friendly_name": "x", "language": "en", "variables": variables, "types": types });
        let (status, made) = self.post_json("/v1/Content", &body).await;
        assert_eq!(status, 201, "{made}");
        made["sid"].as_str().unwrap().to_owned()
    }

    pub async fn patch(&self, state: Value) {
        let Value::Object(state) = state else { panic!("an object") };
        self.patch_account(AccountPatch { state: Some(state), ..AccountPatch::default() }).await;
    }

    pub async fn patch_account(&self, patch: AccountPatch) {
        self.admin.patch_account(&self.account.account_sid, &patch).await.unwrap();
    }

    pub async fn phone(&self) -> Conversation {
        self.admin.conversation(&self.account.account_sid, DEFAULT_CUSTOMER).await.unwrap().unwrap()
    }

    /// The content of the newest message on the phone.
    pub async fn newest(&self) -> Value {
        serde_json::to_value(&self.phone().await.messages.last().unwrap().content).unwrap()
    }

    pub async fn stop(self) {
        self.simulator.stop().await;
        self.receiver.stop().await;
    }
}

/// An empty object, where a content has no variables.
pub fn none() -> Value {
    Value::Object(Map::new())
}
