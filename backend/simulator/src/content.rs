//! What a phone shows of a message, in the same words for both providers and both directions.

mod parts;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use parts::{Button, ButtonType, Header, Media, Offer, Place, ProductSection, Row, Section, Sheet, Template};

/// The content of a message, told apart by `kind`. What a template or a stored content says is filled in already.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Content {
    Text {
        text: String,
        /// Whether the first link is drawn with a preview.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        preview_url: bool,
    },
    Image(Media),
    Video(Media),
    Audio(Media),
    Document(Media),
    Sticker(Media),
    Location(Place),
    Contacts {
        /// Cards in Meta's shape (direct.md §2.3).
        contacts: Vec<Value>,
    },
    Reaction {
        /// The message that is reacted to.
        message_id: String,
        /// `None` takes the reaction away.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        emoji: Option<String>,
    },
    /// Reply buttons of a conversation.
    Buttons(Sheet),
    List {
        #[serde(flatten)]
        sheet: Sheet,
        /// Label of the button that opens the list.
        button: String,
        sections: Vec<Section>,
    },
    /// A link, a telephone number or a code behind a button.
    CtaUrl(Sheet),
    Flow(Sheet),
    LocationRequest(Sheet),
    Address {
        #[serde(flatten)]
        sheet: Sheet,
        /// Country, known values and whatever else was given (direct.md §2.4).
        parameters: Value,
    },
    Product {
        #[serde(flatten)]
        sheet: Sheet,
        catalog_id: String,
        product_retailer_id: String,
    },
    ProductList {
        #[serde(flatten)]
        sheet: Sheet,
        catalog_id: String,
        sections: Vec<ProductSection>,
    },
    Catalog {
        #[serde(flatten)]
        sheet: Sheet,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        thumbnail_product_retailer_id: Option<String>,
    },
    Carousel {
        body: String,
        cards: Vec<Sheet>,
    },
    Template(Template),
    /// A message of the business whose drawing the simulator does not know.
    Interactive {
        r#type: String,
        #[serde(flatten)]
        sheet: Sheet,
    },
    /// The quick reply of a template was tapped.
    Button {
        text: String,
        payload: String,
    },
    /// A reply button was tapped.
    ButtonReply {
        id: String,
        title: String,
    },
    /// A row of a list was picked.
    ListReply {
        id: String,
        title: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
    },
    /// A flow or a form for an address was sent off.
    FlowReply {
        /// `flow` or `address_message`.
        name: String,
        body: String,
        /// What was filled in: JSON as a text.
        response_json: String,
    },
    Order {
        catalog_id: String,
        text: String,
        /// In Meta's shape (direct.md §3.6).
        product_items: Vec<Value>,
    },
    /// The customer has another number from here on.
    NumberChange {
        /// E.164 with plus.
        new_number: String,
        body: String,
    },
    /// The customer's WhatsApp was installed anew.
    IdentityChange {
        body: String,
        hash: String,
    },
    /// The customer opened the chat for the first time.
    RequestWelcome {},
    /// A message that the provider does not hand on.
    Unsupported {
        /// Meta's word for it, such as `poll_creation`.
        r#type: String,
    },
    /// A message of a type that nobody knows.
    Unknown {
        r#type: String,
        value: Value,
    },
    /// The customer wrote something else instead.
    Edit {
        message_id: String,
        text: String,
    },
    /// The customer took a message back.
    Revoke {
        message_id: String,
    },
}

impl Content {
    /// A plain text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text { text: text.into(), preview_url: false }
    }

    /// The sheets that carry buttons: the message's own, then those of its cards.
    fn sheets(&self) -> Vec<&Sheet> {
        match self {
            Self::Buttons(sheet) | Self::CtaUrl(sheet) | Self::Flow(sheet) | Self::LocationRequest(sheet) => {
                vec![sheet]
            }
            Self::List { sheet, .. }
            | Self::Address { sheet, .. }
            | Self::Product { sheet, .. }
            | Self::ProductList { sheet, .. }
            | Self::Catalog { sheet, .. }
            | Self::Interactive { sheet, .. } => vec![sheet],
            Self::Carousel { cards, .. } => cards.iter().collect(),
            Self::Template(template) => std::iter::once(&template.sheet).chain(&template.cards).collect(),
            _ => Vec::new(),
        }
    }

    /// All buttons, those of cards included.
    pub fn buttons(&self) -> impl Iterator<Item = &Button> {
        self.sheets().into_iter().flat_map(|sheet| &sheet.buttons)
    }

    /// All rows of a list.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        let sections = match self {
            Self::List { sections, .. } => sections.as_slice(),
            _ => &[],
        };
        sections.iter().flat_map(|section| &section.rows)
    }

    /// The file of a message that is nothing but a file.
    #[must_use]
    pub fn media(&self) -> Option<&Media> {
        match self {
            Self::Image(media)
            | Self::Video(media)
            | Self::Audio(media)
            | Self::Document(media)
            | Self::Sticker(media) => Some(media),
            _ => None,
        }
    }

    /// A text for those who look at texts only.
    pub(crate) fn stand_in(&self) -> String {
        let file = |kind: &str, media: &Media| match &media.caption {
            Some(caption) => format!("[{kind}] {caption}"),
            None => format!("[{kind}]"),
        };
        match self {
            Self::Text { text, .. } | Self::Button { text, .. } | Self::Edit { text, .. } => text.clone(),
            Self::ButtonReply { title, .. } | Self::ListReply { title, .. } => title.clone(),
            Self::Image(media) => file("image", media),
            Self::Video(media) => file("video", media),
            Self::Audio(media) => file("audio", media),
            Self::Document(media) => file("document", media),
            Self::Sticker(media) => file("sticker", media),
            Self::Location(place) => {
                format!("[location] {}", place.name.as_deref().unwrap_or_default()).trim().to_owned()
            }
            Self::Contacts { contacts } => {
                let names = contacts.iter().filter_map(|card| card.pointer("/name/formatted_name")?.as_str());
                format!("[contacts] {}", names.collect::<Vec<_>>().join(", "))
            }
            Self::Reaction { emoji, .. } => emoji.clone().unwrap_or_default(),
            Self::FlowReply { body, .. } | Self::NumberChange { body, .. } | Self::IdentityChange { body, .. } => {
                body.clone()
            }
            Self::Order { product_items, .. } => format!("[order] {} products", product_items.len()),
            Self::Unsupported { r#type } | Self::Unknown { r#type, .. } => format!("[{type}]"),
            _ => self.sheets().first().map(|sheet| sheet.body.clone()).unwrap_or_default(),
        }
    }

    /// Every file in the message.
    pub(crate) fn media_mut(&mut self) -> Vec<&mut Media> {
        let sheets: Vec<&mut Sheet> = match self {
            Self::Image(media)
            | Self::Video(media)
            | Self::Audio(media)
            | Self::Document(media)
            | Self::Sticker(media) => return vec![media],
            Self::Buttons(sheet) | Self::CtaUrl(sheet) | Self::Flow(sheet) | Self::LocationRequest(sheet) => {
                vec![sheet]
            }
            Self::List { sheet, .. }
            | Self::Address { sheet, .. }
            | Self::Product { sheet, .. }
            | Self::ProductList { sheet, .. }
            | Self::Catalog { sheet, .. }
            | Self::Interactive { sheet, .. } => vec![sheet],
            Self::Carousel { cards, .. } => cards.iter_mut().collect(),
            Self::Template(template) => std::iter::once(&mut template.sheet).chain(&mut template.cards).collect(),
            _ => Vec::new(),
        };
        sheets
            .into_iter()
            .filter_map(|sheet| match &mut sheet.header {
                Some(Header::Image(media) | Header::Video(media) | Header::Document(media)) => Some(media),
                _ => None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_content_is_flat_and_comes_back() -> Result<(), serde_json::Error> {
        let sheet = Sheet {
            body: "Choose a slot".to_owned(),
            header: Some(Header::Text { text: "Friday".to_owned() }),
            ..Sheet::default()
        };
        let row = Row { id: "slot:1".to_owned(), title: "10:00".to_owned(), description: None };
        let list = Content::List {
            sheet,
            button: "Slots".to_owned(),
            sections: vec![Section { title: None, rows: vec![row] }],
        };
        let wire = serde_json::to_value(&list)?;
        assert_eq!(
            wire,
            json!({
                "kind": "list", "header": { "type": "text", "text": "Friday" }, "body": "Choose a slot",
                "button": "Slots", "sections": [{ "rows": [{ "id": "slot:1", "title": "10:00" }] }],
            })
        );
        assert_eq!(serde_json::from_value::<Content>(wire)?, list);
        assert_eq!(list.rows().count(), 1);
        Ok(())
    }
}
