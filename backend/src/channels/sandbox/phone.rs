//! What a virtual phone draws of a message, in the same words for both providers and both directions.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::domain::provider::word;

/// The content of a message on the phone, told apart by `kind`. What a template or a stored Content says is filled in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PhoneContent {
    Text(PhoneText),
    Image(PhoneFile),
    Video(PhoneFile),
    Audio(PhoneFile),
    Document(PhoneFile),
    Sticker(PhoneFile),
    Location(PhonePlace),
    Contacts {
        /// Cards in Meta's shape.
        #[schema(value_type = Vec<HashMap<String, Value>>)]
        contacts: Vec<Value>,
    },
    Reaction {
        /// The provider's id of the message that is reacted to.
        message_id: String,
        /// Absent when the reaction was taken away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        emoji: Option<String>,
    },
    Buttons(PhoneSheet),
    List(PhoneList),
    CtaUrl(PhoneSheet),
    Flow(PhoneSheet),
    LocationRequest(PhoneSheet),
    Address(PhoneSheet),
    Product(PhoneProduct),
    ProductList(PhoneProductList),
    Catalog(PhoneSheet),
    Carousel(PhoneCarousel),
    Template(PhoneTemplate),
    /// An interactive message that the simulator can't draw.
    Interactive(PhoneSheet),
    /// The quick reply of a template was tapped.
    Button {
        text: String,
        payload: String,
    },
    ButtonReply {
        id: String,
        title: String,
    },
    ListReply {
        id: String,
        title: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    FlowReply {
        /// `flow` or `address_message`.
        name: String,
        body: String,
        /// What was filled in, as JSON.
        response_json: String,
    },
    Order {
        catalog_id: String,
        text: String,
        /// In Meta's shape.
        #[schema(value_type = Vec<HashMap<String, Value>>)]
        product_items: Vec<Value>,
    },
    NumberChange {
        /// E.164 with plus.
        new_number: String,
        body: String,
    },
    IdentityChange {
        body: String,
    },
    RequestWelcome {},
    Unsupported {
        /// Meta's word for it, such as `poll_creation`.
        r#type: String,
    },
    Unknown {
        r#type: String,
        #[schema(value_type = HashMap<String, Value>)]
        value: Value,
    },
    Edit {
        message_id: String,
        text: String,
    },
    Revoke {
        message_id: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PhoneText {
    pub text: String,
    /// The first link is drawn with a preview.
    #[serde(default)]
    pub preview_url: bool,
}

/// A file in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PhoneFile {
    /// Where its bytes are, below the gateway's address, for an hour; or the link that the business gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<String>,
    /// A voice note.
    #[serde(default)]
    pub voice: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PhonePlace {
    pub latitude: f64,
    pub longitude: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// The parts that nearly every rich message has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PhoneSheet {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<PhoneHeader>,
    #[serde(default)]
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub footer: Option<String>,
    #[serde(default)]
    pub buttons: Vec<PhoneButton>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum PhoneHeader {
    Text { text: String },
    Image(PhoneFile),
    Video(PhoneFile),
    Document(PhoneFile),
    Location(PhonePlace),
    Product { catalog_id: String, product_retailer_id: String },
}

word! {
    /// What a button on the phone does.
    pub enum PhoneButtonType {
        /// Answers with its id.
        Reply = "reply",
        /// Answers with its payload; only in templates.
        QuickReply = "quick_reply",
        Url = "url",
        PhoneNumber = "phone_number",
        CopyCode = "copy_code",
        Flow = "flow",
        Catalog = "catalog",
        Mpm = "mpm",
        VoiceCall = "voice_call",
        RequestContactInfo = "request_contact_info",
        Location = "location",
    }
}

/// One button. Which members it has depends on its type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PhoneButton {
    #[serde(rename = "type")]
    pub kind: PhoneButtonType,
    #[serde(default)]
    pub text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// What is copied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_token: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PhoneList {
    #[serde(flatten)]
    pub sheet: PhoneSheet,
    /// The label that opens the list.
    pub button: String,
    pub sections: Vec<PhoneSection>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PhoneSection {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub rows: Vec<PhoneRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PhoneRow {
    pub id: String,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PhoneProduct {
    #[serde(flatten)]
    pub sheet: PhoneSheet,
    pub product_retailer_id: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PhoneProductList {
    #[serde(flatten)]
    pub sheet: PhoneSheet,
    pub sections: Vec<PhoneProductSection>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PhoneProductSection {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    pub product_retailer_ids: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PhoneCarousel {
    pub body: String,
    pub cards: Vec<PhoneSheet>,
}

/// A template as it arrives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PhoneTemplate {
    pub name: String,
    pub language: String,
    #[serde(flatten)]
    pub sheet: PhoneSheet,
    #[serde(default)]
    pub cards: Vec<PhoneSheet>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<PhoneOffer>,
}

/// An offer that ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PhoneOffer {
    pub text: String,
    /// Milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<i64>,
}
