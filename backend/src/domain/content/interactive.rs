//! What a person can answer with a tap. Only inside an open service window; lengths are Meta's (direct.md §2.4).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::media::HeaderMedia;
use crate::domain::provider::word;

/// What stands above the body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Header {
    Text {
        #[schema(min_length = 1, max_length = 60)]
        text: String,
    },
    Image(HeaderMedia),
    Video(HeaderMedia),
    Document(HeaderMedia),
}

/// A button that answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyButton {
    /// Yours; comes back when it is tapped. Unique in the message.
    #[schema(min_length = 1, max_length = 256, examples("appt:77:keep"))]
    pub id: String,
    #[schema(min_length = 1, max_length = 20, examples("Keep"))]
    pub title: String,
}

/// One to three reply buttons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyButtonsContent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<Header>,
    #[schema(min_length = 1, max_length = 1024)]
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    #[schema(min_items = 1, max_items = 3)]
    pub buttons: Vec<ReplyButton>,
}

/// A list to pick one row from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListContent {
    /// Text only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub header: Option<String>,
    #[schema(min_length = 1, max_length = 4096)]
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    /// The label that opens the list.
    #[schema(min_length = 1, max_length = 20, examples("Slots"))]
    pub button: String,
    #[schema(min_items = 1, max_items = 10)]
    pub sections: Vec<ListSection>,
}

/// Rows under a title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSection {
    /// Needed when there are several sections.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 24)]
    pub title: Option<String>,
    /// At most 10 in all sections together.
    #[schema(min_items = 1, max_items = 10)]
    pub rows: Vec<ListRow>,
}

/// One row of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRow {
    /// Yours; comes back when it is picked. Unique in the message.
    #[schema(min_length = 1, max_length = 200, examples("slot:1"))]
    pub id: String,
    #[schema(min_length = 1, max_length = 24, examples("10:00"))]
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 72)]
    pub description: Option<String>,
}

/// A button that opens an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CtaUrlContent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<Header>,
    #[schema(min_length = 1, max_length = 1024)]
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    #[schema(min_length = 1, max_length = 20, examples("Track"))]
    pub button: String,
    #[schema(examples("https://acme.example/t/9"))]
    pub url: String,
}

word! {
    /// How a flow begins.
    #[derive(Default)]
    pub enum FlowAction {
        /// At a screen, with data given here.
        #[default]
        Navigate = "navigate",
        /// The flow's own endpoint decides.
        DataExchange = "data_exchange",
    }
}

/// A form inside WhatsApp. Exactly one of `flow_id` and `flow_name`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlowContent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<Header>,
    #[schema(min_length = 1, max_length = 1024)]
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    #[schema(min_length = 1, max_length = 30, examples("Book now"))]
    pub button: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_name: Option<String>,
    /// Yours; comes back in the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow_token: Option<String>,
    #[serde(default)]
    pub action: FlowAction,
    /// The first screen; needed to navigate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub screen: Option<String>,
    /// What the first screen is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub data: Option<Map<String, Value>>,
    /// Sends a flow that is not published; for tests.
    #[serde(default)]
    pub draft: bool,
}

/// Asks the person for their location.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LocationRequestContent {
    #[schema(min_length = 1, max_length = 1024)]
    pub body: String,
}

/// Asks the person for a postal address; India only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddressRequestContent {
    #[schema(min_length = 1, max_length = 1024)]
    pub body: String,
    /// ISO 3166; only `IN` is served.
    #[schema(examples("IN"))]
    pub country: String,
    /// What the form is filled with beforehand, by Meta's field names.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[schema(value_type = Object)]
    pub values: Map<String, Value>,
}

/// One product of the catalogue that is linked to the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductContent {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1024)]
    pub body: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    pub catalog_id: String,
    /// The seller's own id of the product (`product_retailer_id` at Meta).
    #[schema(examples("sku-1"))]
    pub product_id: String,
}

/// Up to 30 products of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductListContent {
    #[schema(min_length = 1, max_length = 60)]
    pub header: String,
    #[schema(min_length = 1, max_length = 1024)]
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    pub catalog_id: String,
    #[schema(min_items = 1, max_items = 10)]
    pub sections: Vec<ProductSection>,
}

/// Products under a title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductSection {
    #[schema(min_length = 1, max_length = 24)]
    pub title: String,
    #[schema(min_items = 1, max_items = 30)]
    pub product_ids: Vec<String>,
}

/// A whole catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CatalogContent {
    #[schema(min_length = 1, max_length = 1024)]
    pub body: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 60)]
    pub footer: Option<String>,
    /// The product whose picture is shown; the first one when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thumbnail_product_id: Option<String>,
}

/// Two to ten cards of one shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CarouselContent {
    #[schema(min_length = 1, max_length = 1024)]
    pub body: String,
    #[schema(min_items = 2, max_items = 10)]
    pub cards: Vec<Card>,
}

/// One card of a carousel; all have the same shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Card {
    /// A picture or film with a button that opens an address.
    Url {
        header: CardMedia,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 160)]
        body: Option<String>,
        #[schema(min_length = 1, max_length = 20)]
        button: String,
        url: String,
    },
    /// A picture or film with buttons that answer.
    ReplyButtons {
        header: CardMedia,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(max_length = 160)]
        body: Option<String>,
        #[schema(min_items = 1)]
        buttons: Vec<ReplyButton>,
    },
    /// A product of the catalogue; every card's is the same catalogue.
    Product { catalog_id: String, product_id: String },
}

/// The picture or film of a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum CardMedia {
    Image(HeaderMedia),
    Video(HeaderMedia),
}
