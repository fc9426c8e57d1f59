//! What a person types to make or change a channel.
//!
//! The bodies are closed: one variant per provider with the fields of its descriptor. From there on both providers and both
//! verbs go one way: a list of named values, checked against the descriptor.

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::union::told_apart;
use crate::domain::provider::ProviderKind;

/// The provider of a body with Twilio's fields.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum TwilioWord {
    Twilio,
}

/// The provider of a body with Meta's fields.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum DirectWord {
    Direct,
}

/// A new channel, told apart by `provider`.
#[derive(Debug)]
pub enum CreateChannel {
    Twilio(CreateTwilioChannel),
    Direct(CreateDirectChannel),
}
told_apart!(CreateChannel: CreateTwilioChannel, CreateDirectChannel);

impl CreateChannel {
    /// Whether the webhooks are to be set at the provider.
    pub fn auto_connect(&self) -> bool {
        match self {
            Self::Twilio(body) => body.auto_connect,
            Self::Direct(body) => body.auto_connect,
        }
    }
}

/// A new sender at Twilio.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateTwilioChannel {
    pub provider: TwilioWord,
    /// How people here call it.
    #[schema(min_length = 1, max_length = 80, examples("Support"))]
    pub name: String,
    #[schema(examples("AC0123456789abcdef0123456789abcdef"))]
    pub account_sid: String,
    /// Signs the webhooks, and authenticates calls while no API key is set.
    #[schema(value_type = String, write_only)]
    pub auth_token: SecretString,
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only)]
    pub auth_token_secondary: Option<SecretString>,
    /// Together with `api_key_secret`.
    #[serde(default)]
    #[schema(examples("SK0123456789abcdef0123456789abcdef"))]
    pub api_key_sid: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only)]
    pub api_key_secret: Option<SecretString>,
    #[schema(examples("+447700900001"))]
    pub sender_number: String,
    #[serde(default)]
    #[schema(examples("MG0123456789abcdef0123456789abcdef"))]
    pub messaging_service_sid: Option<String>,
    /// What the number may send, in messages a second, 1 to 1,000; the provider's default when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    pub messages_per_second: Option<u32>,
    /// Set the webhooks at the provider and check them, in place of what may be set there.
    #[serde(default)]
    pub auto_connect: bool,
}

/// A new number at Meta's Cloud API.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateDirectChannel {
    pub provider: DirectWord,
    /// How people here call it.
    #[schema(min_length = 1, max_length = 80, examples("Support"))]
    pub name: String,
    #[schema(examples("200000000000001"))]
    pub whatsapp_business_phone_id: String,
    #[schema(examples("300000000000001"))]
    pub waba_id: String,
    #[schema(examples("100000000000001"))]
    pub whatsapp_app_id: String,
    /// Signs the webhooks.
    #[schema(value_type = String, write_only)]
    pub app_secret: SecretString,
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only)]
    pub app_secret_secondary: Option<SecretString>,
    #[schema(value_type = String, write_only)]
    pub whatsapp_access_token: SecretString,
    /// Made here when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only)]
    pub verify_token: Option<SecretString>,
    /// The newest one known here when absent.
    #[serde(default)]
    #[schema(examples("v25.0"))]
    pub graph_version: Option<String>,
    /// What the number may send, in messages a second, 1 to 1,000; the provider's default when absent.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1000)]
    pub messages_per_second: Option<u32>,
    /// Set the webhooks at the provider and check them, in place of what may be set there.
    #[serde(default)]
    pub auto_connect: bool,
}

/// A change of a channel, told apart by `provider`, which must be the channel's own. What is absent stays; `null` clears.
#[derive(Debug)]
pub enum UpdateChannel {
    Twilio(UpdateTwilioChannel),
    Direct(UpdateDirectChannel),
}
told_apart!(UpdateChannel: UpdateTwilioChannel, UpdateDirectChannel);

/// Changes of a sender at Twilio.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateTwilioChannel {
    pub provider: TwilioWord,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 80, examples("Support"))]
    pub name: Option<String>,
    /// `true` makes it its provider's default; the present default gives way.
    #[serde(default)]
    pub is_default: Option<bool>,
    #[serde(default)]
    pub account_sid: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only)]
    pub auth_token: Option<SecretString>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, write_only)]
    pub auth_token_secondary: Option<Option<SecretString>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub api_key_sid: Option<Option<String>>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, write_only)]
    pub api_key_secret: Option<Option<SecretString>>,
    #[serde(default)]
    pub sender_number: Option<String>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    pub messaging_service_sid: Option<Option<String>>,
    /// What the number may send, in messages a second, 1 to 1,000; the provider's default again when null.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    pub messages_per_second: Option<Option<u32>>,
}

/// Changes of a number at Meta's Cloud API.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateDirectChannel {
    pub provider: DirectWord,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 80, examples("Support"))]
    pub name: Option<String>,
    /// `true` makes it its provider's default; the present default gives way.
    #[serde(default)]
    pub is_default: Option<bool>,
    #[serde(default)]
    pub whatsapp_business_phone_id: Option<String>,
    #[serde(default)]
    pub waba_id: Option<String>,
    #[serde(default)]
    pub whatsapp_app_id: Option<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only)]
    pub app_secret: Option<SecretString>,
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>, write_only)]
    pub app_secret_secondary: Option<Option<SecretString>>,
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only)]
    pub whatsapp_access_token: Option<SecretString>,
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only)]
    pub verify_token: Option<SecretString>,
    #[serde(default)]
    pub graph_version: Option<String>,
    /// What the number may send, in messages a second, 1 to 1,000; the provider's default again when null.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1000)]
    pub messages_per_second: Option<Option<u32>>,
}

/// A value for a field; `None` clears it.
pub type Entry = (&'static str, Option<SecretString>);

/// A filled-in form: only the fields that were given. Values are kept as secrets whichever field they are for.
#[derive(Debug)]
pub struct Form {
    pub provider: ProviderKind,
    pub is_default: Option<bool>,
    /// The sender's ceiling: absent stays, `None` is the provider's default.
    pub messages_per_second: Option<Option<u32>>,
    pub entries: Vec<Entry>,
}

impl From<CreateChannel> for Form {
    fn from(body: CreateChannel) -> Self {
        match body {
            CreateChannel::Twilio(body) => Self {
                provider: ProviderKind::Twilio,
                is_default: None,
                messages_per_second: body.messages_per_second.map(Some),
                entries: [
                    plain("name", Some(body.name)),
                    plain("account_sid", Some(body.account_sid)),
                    secret("auth_token", Some(body.auth_token)),
                    secret("auth_token_secondary", body.auth_token_secondary),
                    plain("api_key_sid", body.api_key_sid),
                    secret("api_key_secret", body.api_key_secret),
                    plain("sender_number", Some(body.sender_number)),
                    plain("messaging_service_sid", body.messaging_service_sid),
                ]
                .into_iter()
                .flatten()
                .collect(),
            },
            CreateChannel::Direct(body) => Self {
                provider: ProviderKind::Direct,
                is_default: None,
                messages_per_second: body.messages_per_second.map(Some),
                entries: [
                    plain("name", Some(body.name)),
                    plain("whatsapp_business_phone_id", Some(body.whatsapp_business_phone_id)),
                    plain("waba_id", Some(body.waba_id)),
                    plain("whatsapp_app_id", Some(body.whatsapp_app_id)),
                    secret("app_secret", Some(body.app_secret)),
                    secret("app_secret_secondary", body.app_secret_secondary),
                    secret("whatsapp_access_token", Some(body.whatsapp_access_token)),
                    secret("verify_token", body.verify_token),
                    plain("graph_version", body.graph_version),
                ]
                .into_iter()
                .flatten()
                .collect(),
            },
        }
    }
}

impl From<UpdateChannel> for Form {
    fn from(body: UpdateChannel) -> Self {
        match body {
            UpdateChannel::Twilio(body) => Self {
                provider: ProviderKind::Twilio,
                is_default: body.is_default,
                messages_per_second: body.messages_per_second,
                entries: [
                    plain("name", body.name),
                    plain("account_sid", body.account_sid),
                    secret("auth_token", body.auth_token),
                    clearable("auth_token_secondary", body.auth_token_secondary),
                    clearable("api_key_sid", body.api_key_sid.map(|sid| sid.map(SecretString::from))),
                    clearable("api_key_secret", body.api_key_secret),
                    plain("sender_number", body.sender_number),
                    clearable(
                        "messaging_service_sid",
                        body.messaging_service_sid.map(|sid| sid.map(SecretString::from)),
                    ),
                ]
                .into_iter()
                .flatten()
                .collect(),
            },
            UpdateChannel::Direct(body) => Self {
                provider: ProviderKind::Direct,
                is_default: body.is_default,
                messages_per_second: body.messages_per_second,
                entries: [
                    plain("name", body.name),
                    plain("whatsapp_business_phone_id", body.whatsapp_business_phone_id),
                    plain("waba_id", body.waba_id),
                    plain("whatsapp_app_id", body.whatsapp_app_id),
                    secret("app_secret", body.app_secret),
                    clearable("app_secret_secondary", body.app_secret_secondary),
                    secret("whatsapp_access_token", body.whatsapp_access_token),
                    secret("verify_token", body.verify_token),
                    plain("graph_version", body.graph_version),
                ]
                .into_iter()
                .flatten()
                .collect(),
            },
        }
    }
}

fn plain(field: &'static str, value: Option<String>) -> Option<Entry> {
    secret(field, value.map(SecretString::from))
}

fn secret(field: &'static str, value: Option<SecretString>) -> Option<Entry> {
    value.map(|value| (field, Some(trimmed(&value))))
}

/// An optional field: null clears it.
fn clearable(field: &'static str, value: Option<Option<SecretString>>) -> Option<Entry> {
    value.map(|value| (field, value.map(|value| trimmed(&value))))
}

/// Without the blanks that pasting brings along.
fn trimmed(value: &SecretString) -> SecretString {
    value.expose_secret().trim().into()
}

/// Tells a field that is absent from one that is null.
fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Some)
}
