//! What can be said: one neutral model for both providers.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::provider::word;
use super::template::TemplateUse;

word! {
    pub enum Direction {
        Outbound = "outbound",
        Inbound = "inbound",
    }
}

/// The content of an outgoing message, told apart by `type`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Content {
    /// Free text; only inside an open service window.
    Text(TextContent),
    /// An approved template with its values; also outside the window.
    Template(TemplateUse),
}

/// Free text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TextContent {
    /// 1 to 4,096 characters at direct, 1 to 1,600 at Twilio.
    #[schema(min_length = 1, max_length = 4096, examples("Your parcel is on its way"))]
    pub body: String,
    /// Show a preview of the first link. Only direct has the switch; at Twilio it has no effect.
    #[serde(default)]
    pub preview_url: bool,
}

impl Content {
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Text(_) => Kind::Text,
            Self::Template(_) => Kind::Template,
        }
    }
}

word! {
    /// Kinds of outgoing content.
    pub enum Kind {
        Text = "text",
        Template = "template",
    }
}

/// The content of an incoming message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum InboundContent {
    Text(InboundText),
    /// A kind this version does not read yet: kept as it came and shown raw.
    Other(OtherContent),
}

/// Text as a person wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InboundText {
    pub body: String,
}

/// An incoming message as the provider described it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct OtherContent {
    /// The provider's name of the kind, such as `image` or `reaction`.
    pub kind: String,
    /// The provider's own object.
    #[schema(value_type = Object)]
    pub raw: Value,
}

impl InboundContent {
    pub fn kind(&self) -> &str {
        match self {
            Self::Text(_) => "text",
            Self::Other(other) => &other.kind,
        }
    }
}
