//! What a virtual customer can send or do.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::inbound::Referral;
use crate::domain::provider::word;

/// What a virtual customer sends, told apart by `kind`. Answers to buttons, lists and flows need `reply_to` beside them: that
/// message must have what is pressed. What Twilio is not known to hand on is refused for its senders.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CustomerContent {
    Text {
        #[schema(min_length = 1, max_length = 4096)]
        text: String,
    },
    Image(CustomerFile),
    Video(CustomerFile),
    Audio(CustomerFile),
    Document(CustomerFile),
    Sticker(CustomerFile),
    Location {
        latitude: f64,
        longitude: f64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
    },
    Contacts {
        /// At least one, in Meta's shape.
        #[schema(value_type = Vec<HashMap<String, Value>>)]
        contacts: Vec<Value>,
    },
    Reaction {
        /// The provider's id of a message of this conversation.
        message_id: String,
        /// Left out, the reaction is taken away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        emoji: Option<String>,
    },
    /// Taps the quick reply of a template with this label.
    Button {
        text: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        payload: Option<String>,
    },
    /// Taps the reply button with this id.
    ButtonReply {
        id: String,
    },
    /// Picks the row with this id.
    ListReply {
        id: String,
    },
    /// Sends off a flow, or the form for an address.
    FlowReply {
        #[schema(value_type = HashMap<String, Value>)]
        response_json: Value,
    },
    Order {
        catalog_id: String,
        #[serde(default)]
        text: String,
        /// At least one, in Meta's shape.
        #[schema(value_type = Vec<HashMap<String, Value>>)]
        product_items: Vec<Value>,
    },
    NumberChange {
        new_number: String,
    },
    IdentityChange {},
    RequestWelcome {},
    Unsupported {
        /// Meta's word for it, such as `poll_creation`.
        r#type: String,
    },
    /// A message of a type that no gateway has heard of.
    Unknown {
        r#type: String,
        #[schema(value_type = HashMap<String, Value>)]
        value: Value,
    },
    /// Puts another text in the place of one of the customer's own.
    Edit {
        message_id: String,
        text: String,
    },
    /// Takes back one of the customer's own.
    Revoke {
        message_id: String,
    },
}

/// A file of the customer: a small sample of its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CustomerFile {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// A voice note; audio only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voice: bool,
}

word! {
    /// How far a message was handed on before it came.
    #[derive(Default)]
    pub enum Forwarded {
        #[default]
        No = "no",
        Yes = "yes",
        /// More than five times.
        Frequently = "frequently",
    }
}

/// What a virtual customer does.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomerNote {
    /// E.164 with plus, or a business-scoped user id.
    pub from: String,
    /// Profile name; the one known when absent.
    pub name: Option<String>,
    /// The customer's name on WhatsApp.
    pub username: Option<String>,
    /// The business sees the user id only, although `from` is a number.
    pub hide_number: bool,
    pub content: CustomerContent,
    /// The provider's id of the message that is answered.
    pub reply_to: Option<String>,
    pub forwarded: Forwarded,
    /// The ad or post that the customer came from.
    pub referral: Option<Referral>,
}
