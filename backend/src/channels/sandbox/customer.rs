//! What a virtual customer does: every kind of message that the providers hand on, and what surrounds it.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::provider::word;

/// A customer's message to one of our senders.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CustomerNote {
    /// E.164 with plus, or a business-scoped user id.
    pub from: String,
    /// As the customer calls themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The business sees a user id only, although `from` is a number.
    pub hide_number: bool,
    pub content: CustomerContent,
    /// The provider's id of the message that is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    pub forwarded: Forwarded,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<CustomerReferral>,
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

/// The ad or post whose button opened the chat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CustomerReferral {
    #[schema(examples("https://fb.me/EXAMPLE"))]
    pub source_url: String,
    #[schema(examples("120000000000001"))]
    pub source_id: String,
    /// `ad` or `post`.
    #[schema(examples("ad"))]
    pub source_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// `image` or `video`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ctwa_clid: Option<String>,
}

/// A file of the customer: a small one of its kind that the simulator has at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct CustomerFile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    /// Recorded with WhatsApp; audio only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub voice: bool,
    /// Stickers only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub animated: bool,
}

/// What a virtual customer sends, told apart by `kind`. Answers to buttons, lists and flows need `reply_to` beside them: the
/// message must have what is pressed. Twilio is not known to hand on reactions, orders, edits, withdrawals, welcomes and changes
/// of number or identity (twilio.md §3.1): there they are refused.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum CustomerContent {
    Text {
        /// 1 to 4,096 characters.
        text: String,
    },
    Image(CustomerFile),
    Video(CustomerFile),
    Audio(CustomerFile),
    Document(CustomerFile),
    Sticker(CustomerFile),
    Location {
        /// Degrees north, -90 to 90.
        latitude: f64,
        /// Degrees east, -180 to 180.
        longitude: f64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    Contacts {
        /// At least one card, in Meta's shape.
        #[schema(value_type = Vec<Object>)]
        contacts: Vec<Value>,
    },
    Reaction {
        /// The provider's id of the message it is put on.
        message_id: String,
        /// Left out, the reaction is taken away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        emoji: Option<String>,
    },
    /// Taps the quick reply of a template with this label.
    Button {
        text: String,
        /// Which of several with the same label.
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
        /// What was filled in. The flow's token is put in if it is missing.
        #[schema(value_type = Object)]
        response_json: Value,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    Order {
        catalog_id: String,
        #[serde(default)]
        text: String,
        /// At least one, in Meta's shape.
        #[schema(value_type = Vec<Object>)]
        product_items: Vec<Value>,
    },
    /// The customer has another number from here on.
    NumberChange {
        new_number: String,
    },
    /// The customer's WhatsApp was installed anew.
    IdentityChange {},
    /// The customer opens the chat for the first time.
    RequestWelcome {},
    /// Something that WhatsApp does not hand on.
    Unsupported {
        /// Meta's word for it, such as `poll_creation`.
        r#type: String,
    },
    /// A message of a type that nobody knows.
    Unknown {
        r#type: String,
        /// The member of that name.
        #[schema(value_type = Object)]
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
