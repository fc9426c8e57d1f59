//! The two sides of every case: one channel per provider, and what its wire says.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use duplex::client::{ClientConfig, HttpClient};
use duplex::clock::SystemClock;
use duplex::domain::content::Content;
use duplex::domain::content::plain::TextContent;
use duplex::domain::ids::{AttemptId, MessageId};
use duplex::domain::phone::Phone;
use duplex::domain::provider::ProviderKind;
use duplex::providers::account::{BaseAddresses, ChannelAccount, Credentials, DirectCredentials, TwilioCredentials};
use duplex::providers::{Outbound, Prepared, WhatsAppService, WhatsAppServiceFactory};
use url::Url;

pub const ATTEMPT: &str = "0199f2a0-0000-7000-8000-000000000001";
pub const CHANNEL: &str = "0199f2a0-0000-7000-8000-0000000000c1";
pub const PUBLIC_BASE: &str = "https://gw.example.com";
pub const ACCOUNT_SID: &str = "AC0123456789abcdef0123456789abcdef";
pub const AUTH_TOKEN: &str = "5f1d7a84db34e9b2c6a0f3e85e9d1c47";
pub const APP_SECRET: &str = "gateway-test-secret";
pub const ACCESS_TOKEN: &str = "EAAGtesttoken";
pub const PNID: &str = "200000000000001";
pub const WABA: &str = "300000000000001";
pub const APP_ID: &str = "100000000000001";

pub const BOTH: [ProviderKind; 2] = [ProviderKind::Twilio, ProviderKind::Direct];

pub fn credentials(kind: ProviderKind) -> Credentials {
    match kind {
        ProviderKind::Twilio => Credentials::Twilio(TwilioCredentials {
            account_sid: ACCOUNT_SID.into(),
            auth_token: AUTH_TOKEN.into(),
            auth_token_secondary: None,
            api_key: None,
            sender_number: Phone::parse("+15559870000").unwrap(),
            messaging_service_sid: None,
        }),
        ProviderKind::Direct => Credentials::Direct(DirectCredentials {
            whatsapp_business_phone_id: PNID.into(),
            waba_id: WABA.into(),
            whatsapp_app_id: APP_ID.into(),
            app_secret: APP_SECRET.into(),
            app_secret_secondary: None,
            whatsapp_access_token: ACCESS_TOKEN.into(),
            verify_token: "verify-me-please".into(),
            graph_version: "v25.0".into(),
        }),
    }
}

/// A service whose provider is at `base`.
pub fn service_at(kind: ProviderKind, base: &str) -> Arc<dyn WhatsAppService> {
    service_with(credentials(kind), base, Duration::from_secs(30))
}

pub fn service_with(credentials: Credentials, base: &str, timeout: Duration) -> Arc<dyn WhatsAppService> {
    let base: Url = base.parse().unwrap();
    let client =
        HttpClient::new(ClientConfig { timeout, trusted: vec![base.clone()], ..ClientConfig::default() }).unwrap();
    make(client, credentials, base)
}

/// A service that never reaches the network.
pub fn offline(credentials: Credentials) -> Arc<dyn WhatsAppService> {
    static CLIENT: LazyLock<HttpClient> = LazyLock::new(|| HttpClient::new(ClientConfig::default()).unwrap());
    make(CLIENT.clone(), credentials, "http://127.0.0.1:1".parse().unwrap())
}

fn make(client: HttpClient, credentials: Credentials, base: Url) -> Arc<dyn WhatsAppService> {
    let account = ChannelAccount {
        channel: CHANNEL.parse().unwrap(),
        credentials,
        bases: BaseAddresses {
            direct_graph: base.clone(),
            twilio_api: base.clone(),
            twilio_messaging: base.clone(),
            twilio_content: base,
        },
        public_base: PUBLIC_BASE.parse().unwrap(),
    };
    WhatsAppServiceFactory::new(client, Arc::new(SystemClock)).make(&account)
}

pub fn text(body: &str) -> Outbound {
    Outbound {
        attempt: ATTEMPT.parse().unwrap(),
        message: MessageId::new(),
        to: "+447700900123".parse().unwrap(),
        content: Content::Text(TextContent { body: body.into(), preview_url: false }),
        reply_to: None,
        validity: None,
        prepared: Prepared::default(),
    }
}

pub fn another(attempt: AttemptId) -> Outbound {
    Outbound { attempt, ..text("Hello") }
}

/// The answer that means "taken".
pub fn accepted(kind: ProviderKind) -> (u16, &'static str, &'static str) {
    match kind {
        ProviderKind::Twilio => (
            201,
            r#"{"sid":"SM6c1f0a8e2b7d4f3391a5c0de12345678","status":"queued","to":"whatsapp:+447700900123"}"#,
            "SM6c1f0a8e2b7d4f3391a5c0de12345678",
        ),
        ProviderKind::Direct => (
            200,
            r#"{"messaging_product":"whatsapp","contacts":[{"input":"+447700900123","wa_id":"447700900123"}],"messages":[{"id":"wamid.GWEXAMPLE0001"}]}"#,
            "wamid.GWEXAMPLE0001",
        ),
    }
}

/// An error body with a code, in the provider's envelope.
pub fn coded(kind: ProviderKind, code: u32) -> String {
    match kind {
        ProviderKind::Twilio => format!(r#"{{"code":{code},"message":"m","more_info":"i","status":400}}"#),
        ProviderKind::Direct => {
            format!(r#"{{"error":{{"message":"(#{code}) m","type":"OAuthException","code":{code},"fbtrace_id":"A"}}}}"#)
        }
    }
}
