//! Channels as clients see them: everything but the secrets.

use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::failure::Failure;
use crate::domain::ids::ChannelId;
use crate::domain::provider::{Environment, ProviderKind};
use crate::domain::state::ChannelState;
use crate::domain::time::Ts;
use crate::providers::CheckReport;
use crate::storage::channels::ChannelRecord;
use crate::storage::facts::ChannelFacts;
use crate::vault::{Vault, VaultError};

use super::credentials::{self, SecretColumn};
use super::facts_view::ChannelFactsView;
use super::registry::Addresses;
use super::round_trip;

/// A channel, told apart by `provider`.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(tag = "provider", rename_all = "snake_case")]
pub enum ChannelView {
    Twilio(TwilioChannel),
    Direct(DirectChannel),
}

impl ChannelView {
    pub fn id(&self) -> ChannelId {
        match self {
            Self::Twilio(channel) => channel.common.id,
            Self::Direct(channel) => channel.common.id,
        }
    }
}

/// A sender at Twilio.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TwilioChannel {
    #[serde(flatten)]
    pub common: ChannelCommon,
    #[schema(examples("AC0123456789abcdef0123456789abcdef"))]
    pub account_sid: String,
    pub auth_token: SecretView,
    /// A second token that is valid too, during rotation.
    pub auth_token_secondary: SecretView,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("SK0123456789abcdef0123456789abcdef"))]
    pub api_key_sid: Option<String>,
    pub api_key_secret: SecretView,
    #[schema(examples("+447700900001"))]
    pub sender_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("MG0123456789abcdef0123456789abcdef"))]
    pub messaging_service_sid: Option<String>,
}

/// A number at Meta's Cloud API.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DirectChannel {
    #[serde(flatten)]
    pub common: ChannelCommon,
    #[schema(examples("200000000000001"))]
    pub whatsapp_business_phone_id: String,
    #[schema(examples("300000000000001"))]
    pub waba_id: String,
    #[schema(examples("100000000000001"))]
    pub whatsapp_app_id: String,
    pub app_secret: SecretView,
    /// A second secret that is valid too, during rotation.
    pub app_secret_secondary: SecretView,
    pub whatsapp_access_token: SecretView,
    pub verify_token: SecretView,
    #[schema(examples("v25.0"))]
    pub graph_version: String,
}

/// What channels of both providers have.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChannelCommon {
    pub id: ChannelId,
    #[schema(examples("Support"))]
    pub name: String,
    pub state: ChannelState,
    /// Used for messages that name no channel, when its provider is the workspace's.
    pub is_default: bool,
    /// What the number may send, in messages a second, when it is not the provider's default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub messages_per_second: Option<i32>,
    /// Only while the state is `held`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub held: Option<Held>,
    /// The last connection check; none before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckReport>,
    /// What the provider says of the sender, and what has come back from it.
    pub facts: ChannelFactsView,
    /// What the provider must know about us.
    pub webhook: WebhookSetup,
    /// When the provider last called us with a valid signature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_webhook_at: Option<Ts>,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// Why a channel's queue waits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Held {
    pub since: Ts,
    /// What its provider said; none when a person holds it, and then no probe ends the hold.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
}

/// Values to copy into the provider's console.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WebhookSetup {
    /// None while the sandbox that the channel belongs to is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("https://duplex.example/hooks/direct/100000000000001"))]
    pub callback_url: Option<String>,
    /// What the provider's subscription handshake must show. Only for those who may change channels, on a single channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verify_token: Option<String>,
}

/// A secret that can be set and replaced but not read.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct SecretView {
    pub set: bool,
    /// The last four characters of one that is 16 characters long or more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("9f2a"))]
    pub ends_with: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set_at: Option<Ts>,
}

/// What it takes to show channels.
pub struct Viewer<'a> {
    pub vault: &'a Vault,
    pub addresses: &'a Addresses,
    pub environment: Environment,
    /// Whether the verify token is shown, which has to be copied into Meta's console.
    pub shows_verify_token: bool,
    pub now: Ts,
}

impl Viewer<'_> {
    /// # Errors
    /// A secret can't be opened.
    pub fn view(&self, record: &ChannelRecord, facts: Option<&ChannelFacts>) -> Result<ChannelView, VaultError> {
        let common = self.common(record, facts)?;
        let settings = &record.settings;
        Ok(match record.provider {
            ProviderKind::Twilio => ChannelView::Twilio(TwilioChannel {
                common,
                account_sid: settings.account_sid.clone().unwrap_or_default(),
                auth_token: self.secret(record, "auth_token")?,
                auth_token_secondary: self.secret(record, "auth_token_secondary")?,
                api_key_sid: settings.api_key_sid.clone(),
                api_key_secret: self.secret(record, "api_key_secret")?,
                sender_number: settings.sender_number.clone().unwrap_or_default(),
                messaging_service_sid: settings.messaging_service_sid.clone(),
            }),
            ProviderKind::Direct => ChannelView::Direct(DirectChannel {
                common,
                whatsapp_business_phone_id: settings.whatsapp_business_phone_id.clone().unwrap_or_default(),
                waba_id: settings.waba_id.clone().unwrap_or_default(),
                whatsapp_app_id: settings.whatsapp_app_id.clone().unwrap_or_default(),
                app_secret: self.secret(record, "app_secret")?,
                app_secret_secondary: self.secret(record, "app_secret_secondary")?,
                whatsapp_access_token: self.secret(record, "whatsapp_access_token")?,
                verify_token: self.secret(record, "verify_token")?,
                graph_version: settings.graph_version.clone().unwrap_or_default(),
            }),
        })
    }

    fn common(&self, record: &ChannelRecord, facts: Option<&ChannelFacts>) -> Result<ChannelCommon, VaultError> {
        let verify_token = match self.shows_verify_token {
            true => {
                credentials::open(self.vault, record, "verify_token")?.map(|token| token.expose_secret().to_owned())
            }
            false => None,
        };
        Ok(ChannelCommon {
            id: record.id,
            name: record.settings.name.clone(),
            messages_per_second: record.settings.messages_per_second,
            state: record.state,
            is_default: record.is_default,
            held: record.held_at.map(|since| Held {
                since,
                failure: record.held_failure.clone().and_then(|failure| failure.read().ok()),
            }),
            check: self.report(record, facts),
            facts: facts.map(ChannelFactsView::from).unwrap_or_default(),
            webhook: WebhookSetup { callback_url: self.callback_url(record), verify_token },
            last_webhook_at: record.last_webhook_at,
            created_at: record.created_at,
            updated_at: record.updated_at,
        })
    }

    fn report(&self, record: &ChannelRecord, facts: Option<&ChannelFacts>) -> Option<CheckReport> {
        let mut report: CheckReport = record.check_report.clone()?.read().ok()?;
        if let Some(facts) = facts {
            round_trip::refresh(&mut report, facts, self.now);
        }
        Some(report)
    }

    fn callback_url(&self, record: &ChannelRecord) -> Option<String> {
        let side = self.addresses.of(self.environment)?;
        let app = record.settings.whatsapp_app_id.as_deref();
        Some(callback_url(&side.public_base, record.provider, record.id, app))
    }

    fn secret(&self, record: &ChannelRecord, field: &'static str) -> Result<SecretView, VaultError> {
        let Some(value) = credentials::open(self.vault, record, field)? else { return Ok(SecretView::default()) };
        let set_at = SecretColumn::named(field)
            .and_then(|column| record.settings.secrets_set_at.0.get(column.field))
            .and_then(|at| Ts::parse(at.as_str()?).ok());
        Ok(SecretView { set: true, ends_with: credentials::ending(&value), set_at })
    }
}

/// The address at which a provider calls us for a channel: one per Twilio channel, one per Meta app.
pub fn callback_url(base: &url::Url, provider: ProviderKind, channel: ChannelId, app: Option<&str>) -> String {
    let base = base.as_str().trim_end_matches('/');
    match provider {
        ProviderKind::Twilio => format!("{base}/hooks/twilio/{channel}"),
        ProviderKind::Direct => format!("{base}/hooks/direct/{}", app.unwrap_or_default()),
    }
}
