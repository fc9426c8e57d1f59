//! Interactive messages (direct.md §2.4).

use serde::Serialize;
use serde_json::{Map, Value};

use super::Unwritable;
use super::carousel::Card;
use super::media::Medium;
use crate::domain::content::interactive as say;
use crate::providers::Prepared;

#[derive(Serialize)]
pub(super) struct Interactive<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<Header<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    footer: Option<Text<'a>>,
    action: Action<'a>,
}

#[derive(Serialize)]
pub(super) struct Text<'a> {
    pub text: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Header<'a> {
    Text { text: &'a str },
    Image { image: Medium<'a> },
    Video { video: Medium<'a> },
    Document { document: Medium<'a> },
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Action<'a> {
    Buttons {
        buttons: Vec<Button<'a>>,
    },
    List {
        button: &'a str,
        sections: Vec<Section<'a>>,
    },
    Named {
        name: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        parameters: Option<Parameters<'a>>,
    },
    Product {
        catalog_id: &'a str,
        product_retailer_id: &'a str,
    },
    Products {
        catalog_id: &'a str,
        sections: Vec<Section<'a>>,
    },
    Cards {
        cards: Vec<Card<'a>>,
    },
}

/// A button that answers; cards call it by another name.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Button<'a> {
    Reply { reply: Reply<'a> },
    QuickReply { quick_reply: Reply<'a> },
}

#[derive(Serialize)]
pub(super) struct Reply<'a> {
    id: &'a str,
    title: &'a str,
}

impl<'a> Reply<'a> {
    pub fn of(button: &'a say::ReplyButton) -> Self {
        Self { id: &button.id, title: &button.title }
    }
}

/// Rows or products under a title.
#[derive(Serialize)]
pub(super) struct Section<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(flatten)]
    items: Items<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Items<'a> {
    Rows(Vec<Row<'a>>),
    ProductItems(Vec<Product<'a>>),
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

#[derive(Serialize)]
struct Product<'a> {
    product_retailer_id: &'a str,
}

#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Parameters<'a> {
    CtaUrl { display_text: &'a str, url: &'a str },
    Flow(Flow<'a>),
    Address(Address<'a>),
    Catalog { thumbnail_product_retailer_id: &'a str },
}

#[derive(Serialize)]
pub(super) struct Flow<'a> {
    flow_message_version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_token: Option<&'a str>,
    flow_cta: &'a str,
    flow_action: say::FlowAction,
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_action_payload: Option<FirstScreen<'a>>,
}

#[derive(Serialize)]
struct FirstScreen<'a> {
    screen: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a Map<String, Value>>,
}

#[derive(Serialize)]
pub(super) struct Address<'a> {
    country: &'a str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    values: &'a Map<String, Value>,
}

/// Products of a catalogue under titles: of a message, or of a template's button.
pub(super) fn product_sections(sections: &[say::ProductSection]) -> Vec<Section<'_>> {
    sections.iter().map(|section| Section { title: Some(&section.title), items: products(section) }).collect()
}

fn products(section: &say::ProductSection) -> Items<'_> {
    Items::ProductItems(section.product_ids.iter().map(|id| Product { product_retailer_id: id }).collect())
}

fn rows(section: &say::ListSection) -> Items<'_> {
    let rows = section.rows.iter();
    Items::Rows(
        rows.map(|row| Row { id: &row.id, title: &row.title, description: row.description.as_deref() }).collect(),
    )
}

fn header<'a>(header: Option<&'a say::Header>, prepared: &'a Prepared) -> Result<Option<Header<'a>>, Unwritable> {
    Ok(match header {
        None => None,
        Some(say::Header::Text { text }) => Some(Header::Text { text }),
        Some(say::Header::Image(image)) => Some(Header::Image { image: Medium::of(image.source(), prepared)? }),
        Some(say::Header::Video(video)) => Some(Header::Video { video: Medium::of(video.source(), prepared)? }),
        Some(say::Header::Document(document)) => {
            Some(Header::Document { document: Medium::document(document, prepared)? })
        }
    })
}

fn text(text: Option<&String>) -> Option<Text<'_>> {
    text.map(|text| Text { text })
}

impl<'a> Interactive<'a> {
    /// With a body alone.
    fn bare(kind: &'static str, body: &'a str, action: Action<'a>) -> Self {
        Self { kind, header: None, body: Some(Text { text: body }), footer: None, action }
    }

    pub fn reply_buttons(content: &'a say::ReplyButtonsContent, prepared: &'a Prepared) -> Result<Self, Unwritable> {
        let buttons = content.buttons.iter().map(|button| Button::Reply { reply: Reply::of(button) }).collect();
        Ok(Self {
            header: header(content.header.as_ref(), prepared)?,
            footer: text(content.footer.as_ref()),
            ..Self::bare("button", &content.body, Action::Buttons { buttons })
        })
    }

    pub fn list(content: &'a say::ListContent) -> Self {
        let sections = content
            .sections
            .iter()
            .map(|section| Section { title: section.title.as_deref(), items: rows(section) })
            .collect();
        Self {
            header: content.header.as_ref().map(|text| Header::Text { text }),
            footer: text(content.footer.as_ref()),
            ..Self::bare("list", &content.body, Action::List { button: &content.button, sections })
        }
    }

    pub fn cta_url(content: &'a say::CtaUrlContent, prepared: &'a Prepared) -> Result<Self, Unwritable> {
        let parameters = Some(Parameters::CtaUrl { display_text: &content.button, url: &content.url });
        Ok(Self {
            header: header(content.header.as_ref(), prepared)?,
            footer: text(content.footer.as_ref()),
            ..Self::bare("cta_url", &content.body, Action::Named { name: "cta_url", parameters })
        })
    }

    pub fn flow(content: &'a say::FlowContent, prepared: &'a Prepared) -> Result<Self, Unwritable> {
        let parameters = Parameters::Flow(Flow {
            flow_message_version: "3",
            flow_id: content.flow_id.as_deref(),
            flow_name: content.flow_name.as_deref(),
            mode: content.draft.then_some("draft"),
            flow_token: content.flow_token.as_deref(),
            flow_cta: &content.button,
            flow_action: content.action,
            flow_action_payload: content
                .screen
                .as_deref()
                .map(|screen| FirstScreen { screen, data: content.data.as_ref() }),
        });
        Ok(Self {
            header: header(content.header.as_ref(), prepared)?,
            footer: text(content.footer.as_ref()),
            ..Self::bare("flow", &content.body, Action::Named { name: "flow", parameters: Some(parameters) })
        })
    }

    pub fn location_request(content: &'a say::LocationRequestContent) -> Self {
        let action = Action::Named { name: "send_location", parameters: None };
        Self::bare("location_request_message", &content.body, action)
    }

    pub fn address_request(content: &'a say::AddressRequestContent) -> Self {
        let parameters = Parameters::Address(Address { country: &content.country, values: &content.values });
        let action = Action::Named { name: "address_message", parameters: Some(parameters) };
        Self::bare("address_message", &content.body, action)
    }

    pub fn product(content: &'a say::ProductContent) -> Self {
        Self {
            kind: "product",
            header: None,
            body: text(content.body.as_ref()),
            footer: text(content.footer.as_ref()),
            action: Action::Product { catalog_id: &content.catalog_id, product_retailer_id: &content.product_id },
        }
    }

    pub fn product_list(content: &'a say::ProductListContent) -> Self {
        let sections = product_sections(&content.sections);
        Self {
            header: Some(Header::Text { text: &content.header }),
            footer: text(content.footer.as_ref()),
            ..Self::bare("product_list", &content.body, Action::Products { catalog_id: &content.catalog_id, sections })
        }
    }

    pub fn catalog(content: &'a say::CatalogContent) -> Self {
        let parameters =
            content.thumbnail_product_id.as_deref().map(|id| Parameters::Catalog { thumbnail_product_retailer_id: id });
        Self {
            footer: text(content.footer.as_ref()),
            ..Self::bare("catalog_message", &content.body, Action::Named { name: "catalog_message", parameters })
        }
    }

    pub fn carousel(content: &'a say::CarouselContent, prepared: &'a Prepared) -> Result<Self, Unwritable> {
        let cards = content.cards.iter().enumerate();
        let cards = cards.map(|(n, card)| Card::of(n, card, prepared)).collect::<Result<_, _>>()?;
        Ok(Self::bare("carousel", &content.body, Action::Cards { cards }))
    }
}
