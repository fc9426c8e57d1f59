//! A channel's credentials, unsealed, as the services need them.

use secrecy::SecretString;
use url::Url;

use crate::domain::ids::ChannelId;
use crate::domain::phone::Phone;
use crate::domain::provider::ProviderKind;

/// Everything a service needs to speak for one channel.
#[derive(Clone, Debug)]
pub struct ChannelAccount {
    pub channel: ChannelId,
    pub credentials: Credentials,
    /// Base addresses of the provider's products, by the workspace's environment.
    pub bases: BaseAddresses,
    /// The base under which the provider reaches our webhooks, path prefix included, without a trailing slash.
    pub public_base: Url,
}

#[derive(Clone, Debug)]
pub enum Credentials {
    Twilio(TwilioCredentials),
    Direct(DirectCredentials),
}

impl Credentials {
    pub const fn provider(&self) -> ProviderKind {
        match self {
            Self::Twilio(_) => ProviderKind::Twilio,
            Self::Direct(_) => ProviderKind::Direct,
        }
    }
}

/// Twilio's (twilio.md §1.2).
#[derive(Clone, Debug)]
pub struct TwilioCredentials {
    /// `AC` and 32 hex digits.
    pub account_sid: String,
    /// Signs webhooks; authenticates calls when no API key is set.
    pub auth_token: SecretString,
    /// A second token during rotation; either verifies a webhook.
    pub auth_token_secondary: Option<SecretString>,
    pub api_key: Option<TwilioApiKey>,
    /// Always sent as `From`.
    pub sender_number: Phone,
    /// May stand beside `From`.
    pub messaging_service_sid: Option<String>,
}

#[derive(Clone, Debug)]
pub struct TwilioApiKey {
    /// `SK` and 32 hex digits.
    pub sid: String,
    pub secret: SecretString,
}

/// Meta's (direct.md §1.2).
#[derive(Clone, Debug)]
pub struct DirectCredentials {
    pub whatsapp_business_phone_id: String,
    pub waba_id: String,
    pub whatsapp_app_id: String,
    pub app_secret: SecretString,
    /// A second secret during rotation; either verifies a webhook.
    pub app_secret_secondary: Option<SecretString>,
    pub whatsapp_access_token: SecretString,
    pub verify_token: SecretString,
    /// `v25.0` and the like.
    pub graph_version: String,
}

/// Where the providers' products are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseAddresses {
    /// Default `https://graph.facebook.com`.
    pub direct_graph: Url,
    /// Default `https://api.twilio.com`.
    pub twilio_api: Url,
    /// Default `https://messaging.twilio.com`.
    pub twilio_messaging: Url,
    /// Default `https://content.twilio.com`.
    pub twilio_content: Url,
}
