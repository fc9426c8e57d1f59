//! What a virtual customer can send: the body of `POST /_admin/inbound`, and its answer.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ledger::{Forwarded, Referral};

/// Body of `POST /_admin/inbound`: the virtual customer writes, answers, or does something else that the business hears of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Inbound {
    /// Phone number id, account SID, sender SID or number in any form.
    pub sender: String,
    /// Phone number or business-scoped user id; the default customer when left out. An id that belongs to no known number is a person
    /// whose number the business never sees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Profile name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The customer's name on WhatsApp (direct.md §3.4).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The business sees the user id only, although `from` is a number.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hide_number: bool,
    /// What the customer writes, 1 to 4,096 characters, if there is no `content`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The text is the label of a button that was tapped, or of a row that was picked: of the message named by `reply_to`, or of a
    /// template that nobody remembers.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub tap: bool,
    /// What the customer sends, if it is not a plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<InboundContent>,
    /// Id of the message that is answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<String>,
    #[serde(skip_serializing_if = "Forwarded::is_no")]
    pub forwarded: Forwarded,
    /// The ad or post that the customer came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referral: Option<Referral>,
}

/// A file of the customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InboundFile {
    /// Id in the simulator's store, as `POST /_admin/media` gives it; a small sample when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_id: Option<String>,
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

/// What a virtual customer sends, told apart by `kind`. Answers to buttons, lists and flows need `reply_to` beside them: the message
/// must have what is pressed. What Twilio is not known to hand on (twilio.md §3.1) is refused for its senders: reactions, orders,
/// edits, revocations, welcomes and changes of number or identity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum InboundContent {
    Text {
        text: String,
    },
    Image(InboundFile),
    Video(InboundFile),
    Audio(InboundFile),
    Document(InboundFile),
    Sticker(InboundFile),
    Location {
        /// In degrees, -90 to 90.
        latitude: f64,
        /// In degrees, -180 to 180.
        longitude: f64,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
    },
    Contacts {
        /// At least one, in Meta's shape (direct.md §2.3).
        contacts: Vec<Value>,
    },
    Reaction {
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
        response_json: Value,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        body: Option<String>,
    },
    Order {
        catalog_id: String,
        #[serde(default)]
        text: String,
        /// At least one, in Meta's shape (direct.md §3.6).
        product_items: Vec<Value>,
    },
    NumberChange {
        /// The new number, in any form.
        new_number: String,
    },
    IdentityChange {},
    RequestWelcome {},
    Unsupported {
        /// Meta's word for it, such as `poll_creation`.
        r#type: String,
    },
    /// A message of a type that this gateway has never heard of.
    Unknown {
        r#type: String,
        /// The member of that name.
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

/// Answer to [`Inbound`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundResult {
    /// The provider's id of the customer's message.
    pub message_id: String,
    /// Whether the first try of the webhook was taken. Otherwise it is tried again by the provider's rules.
    pub delivered: bool,
    /// Where the webhook went; `None` when the account has no callback.
    pub url: Option<String>,
    /// HTTP status of the answer.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
}

/// Answer to `POST /_admin/media`: a file that a virtual customer can send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    pub media_id: String,
    pub mime_type: String,
    /// In bytes.
    pub size: u64,
    /// Where it can be read for an hour.
    pub url: String,
}
