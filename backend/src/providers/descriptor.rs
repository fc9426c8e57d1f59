//! What a channel's form asks for, per provider: a closed union that the console renders and the server checks against.

use serde::Serialize;
use url::Url;
use utoipa::ToSchema;

use crate::domain::provider::{ProviderKind, word};

/// One field of a form, told apart by `kind`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FieldDescriptor {
    Text(TextField),
    Secret(SecretField),
    Select(SelectField),
    Switch(SwitchField),
    Copy(CopyField),
}

word! {
    /// Fields of a group stand together.
    pub enum FieldGroup {
        Account = "account",
        Sender = "sender",
        Webhooks = "webhooks",
        Advanced = "advanced",
    }
}

/// A line of text that is shown again later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextField {
    pub name: &'static str,
    pub label: &'static str,
    pub group: FieldGroup,
    pub required: bool,
    pub rule: TextRule,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<&'static str>,
    pub help: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub where_to_find: Option<Place>,
}

/// A line of text that is never shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SecretField {
    pub name: &'static str,
    pub label: &'static str,
    pub group: FieldGroup,
    pub required: bool,
    /// The server makes a value when none is given.
    pub generated: bool,
    pub rule: TextRule,
    pub help: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub where_to_find: Option<Place>,
}

/// One of several values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SelectField {
    pub name: &'static str,
    pub label: &'static str,
    pub group: FieldGroup,
    pub required: bool,
    pub options: &'static [SelectOption],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<&'static str>,
    pub help: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub where_to_find: Option<Place>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SelectOption {
    pub value: &'static str,
    pub label: &'static str,
}

/// On or off; its value is `true` or `false`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SwitchField {
    pub name: &'static str,
    pub label: &'static str,
    pub group: FieldGroup,
    pub default: bool,
    pub help: &'static str,
}

/// A value of ours to copy into the provider's console.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CopyField {
    pub name: &'static str,
    pub label: &'static str,
    pub group: FieldGroup,
    /// `{channel_id}` and the names of other fields in braces stand for values that are known later.
    #[schema(examples("https://gateway.example.com/hooks/twilio/{channel_id}"))]
    pub template: String,
    pub help: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub where_to_find: Option<Place>,
}

/// What a text must look like, after blanks at its ends are cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TextRule {
    /// Over the whole text; means the same in Rust and JavaScript.
    pub pattern: &'static str,
    /// In characters.
    pub min_length: u32,
    /// In characters.
    pub max_length: u32,
    /// What the pattern asks for, in words.
    pub expected: &'static str,
    pub samples: Samples,
}

/// Texts that keep the rule and texts that break it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Samples {
    pub valid: &'static [&'static str],
    pub invalid: &'static [&'static str],
}

/// Where a value is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Place {
    /// The way through the provider's console.
    pub path: &'static str,
    #[schema(format = "uri")]
    pub url: &'static str,
}

impl FieldDescriptor {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text(field) => field.name,
            Self::Secret(field) => field.name,
            Self::Select(field) => field.name,
            Self::Switch(field) => field.name,
            Self::Copy(field) => field.name,
        }
    }

    /// A value must be given for a new channel.
    pub const fn required(&self) -> bool {
        match self {
            Self::Text(field) => field.required && field.default.is_none(),
            Self::Secret(field) => field.required,
            Self::Select(field) => field.required && field.default.is_none(),
            Self::Switch(_) | Self::Copy(_) => false,
        }
    }

    pub const fn is_secret(&self) -> bool {
        matches!(self, Self::Secret(_))
    }
}

/// The fields of a provider's channel form, in order. `public_base` is where providers reach this gateway.
pub fn fields(provider: ProviderKind, public_base: &Url) -> Vec<FieldDescriptor> {
    match provider {
        ProviderKind::Twilio => twilio(public_base),
        ProviderKind::Direct => direct(public_base),
    }
}

/// The version of the Graph API when a channel names none (direct.md §1.1).
pub const DEFAULT_GRAPH_VERSION: &str = "v25.0";

fn twilio(public_base: &Url) -> Vec<FieldDescriptor> {
    use super::twilio::form::*;
    vec![
        FieldDescriptor::Text(ACCOUNT_SID),
        FieldDescriptor::Secret(AUTH_TOKEN),
        FieldDescriptor::Text(SENDER_NUMBER),
        FieldDescriptor::Text(MESSAGING_SERVICE_SID),
        FieldDescriptor::Copy(inbound_hook(public_base)),
        FieldDescriptor::Text(API_KEY_SID),
        FieldDescriptor::Secret(API_KEY_SECRET),
        FieldDescriptor::Secret(AUTH_TOKEN_SECONDARY),
    ]
}

fn direct(public_base: &Url) -> Vec<FieldDescriptor> {
    use super::direct::form::*;
    vec![
        FieldDescriptor::Text(APP_ID),
        FieldDescriptor::Secret(APP_SECRET),
        FieldDescriptor::Secret(ACCESS_TOKEN),
        FieldDescriptor::Text(WABA_ID),
        FieldDescriptor::Text(PHONE_ID),
        FieldDescriptor::Copy(callback(public_base)),
        FieldDescriptor::Secret(VERIFY_TOKEN),
        FieldDescriptor::Copy(verify_token_copy()),
        FieldDescriptor::Secret(APP_SECRET_SECONDARY),
        FieldDescriptor::Text(GRAPH_VERSION),
    ]
}

/// `{public_base}{path}`, the path with its placeholders left in.
pub(super) fn hook_template(public_base: &Url, path: &str) -> String {
    format!("{}{path}", public_base.as_str().trim_end_matches('/'))
}

/// Any text without blanks; secrets whose form no source fixes.
pub(super) const fn opaque(min_length: u32, max_length: u32, pattern: &'static str, samples: Samples) -> TextRule {
    TextRule { pattern, min_length, max_length, expected: "letters, digits and signs without blanks", samples }
}
