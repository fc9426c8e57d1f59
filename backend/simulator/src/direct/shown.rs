//! What a phone draws of a message that was sent by the direct provider. Reads messages that are known to be in order.

use serde_json::{Map, Value};

use super::library::Template;
use super::shown_template;
use crate::accounts::DirectAccount;
use crate::content::{
    Button, ButtonType, Content, Header, Media, Place, ProductSection, Row, Section, Sheet, Template as Shown,
};
use crate::state::World;

/// The content of a send request (direct.md §2.3 to §2.5).
pub(super) fn content(world: &World, account: &DirectAccount, kind: &str, frame: &Map<String, Value>) -> Content {
    let given = frame.get(kind).unwrap_or(&Value::Null);
    match kind {
        "text" => Content::Text {
            text: text(given, "/body").unwrap_or_default(),
            preview_url: given.get("preview_url").and_then(Value::as_bool).unwrap_or_default(),
        },
        "image" => Content::Image(media(world, given)),
        "video" => Content::Video(media(world, given)),
        "audio" => Content::Audio(media(world, given)),
        "document" => Content::Document(media(world, given)),
        "sticker" => Content::Sticker(media(world, given)),
        "location" => Content::Location(place(given)),
        "contacts" => Content::Contacts { contacts: list(given, "").to_vec() },
        "reaction" => Content::Reaction {
            message_id: text(given, "/message_id").unwrap_or_default(),
            emoji: text(given, "/emoji").filter(|emoji| !emoji.is_empty()),
        },
        "template" => Content::Template(template(world, account, given)),
        _ => interactive(world, given),
    }
}

fn template(world: &World, account: &DirectAccount, given: &Value) -> Shown {
    let (name, language) =
        (text(given, "/name").unwrap_or_default(), text(given, "/language/code").unwrap_or_default());
    let found = world.templates.find(&account.waba_id, &name, &language);
    let found: Option<&Template> = found.as_deref();
    found.map_or_else(
        || Shown { name: name.clone(), language: language.clone(), ..Shown::default() },
        |template| shown_template::filled(world, template, list(given, "/components")),
    )
}

fn interactive(world: &World, given: &Value) -> Content {
    let kind = text(given, "/type").unwrap_or_default();
    let mut sheet = sheet(world, given);
    let action = given.get("action").unwrap_or(&Value::Null);
    let parameter = |name: &str| text(action, &format!("/parameters/{name}"));
    match kind.as_str() {
        "button" => {
            sheet.buttons = replies(action);
            Content::Buttons(sheet)
        }
        "list" => Content::List {
            sheet,
            button: text(action, "/button").unwrap_or_default(),
            sections: list(action, "/sections").iter().map(section).collect(),
        },
        "cta_url" => {
            sheet.buttons = vec![link(action)];
            Content::CtaUrl(sheet)
        }
        "flow" => {
            sheet.buttons = vec![Button {
                r#type: ButtonType::Flow,
                text: parameter("flow_cta").unwrap_or_default(),
                flow_id: parameter("flow_id").or_else(|| parameter("flow_name")),
                flow_token: parameter("flow_token"),
                ..Button::default()
            }];
            Content::Flow(sheet)
        }
        "location_request_message" => {
            sheet.buttons = vec![Button { r#type: ButtonType::Location, ..Button::default() }];
            Content::LocationRequest(sheet)
        }
        "address_message" => {
            let parameters = action.get("parameters").cloned().unwrap_or_default();
            Content::Address { sheet, parameters }
        }
        "product" => Content::Product {
            sheet,
            catalog_id: text(action, "/catalog_id").unwrap_or_default(),
            product_retailer_id: text(action, "/product_retailer_id").unwrap_or_default(),
        },
        "product_list" => Content::ProductList {
            sheet,
            catalog_id: text(action, "/catalog_id").unwrap_or_default(),
            sections: list(action, "/sections").iter().map(products).collect(),
        },
        "catalog_message" => {
            Content::Catalog { sheet, thumbnail_product_retailer_id: parameter("thumbnail_product_retailer_id") }
        }
        "carousel" => Content::Carousel {
            body: sheet.body,
            cards: list(action, "/cards").iter().map(|given| card(world, given)).collect(),
        },
        _ => Content::Interactive { r#type: kind, sheet },
    }
}

fn sheet(world: &World, given: &Value) -> Sheet {
    Sheet {
        header: given.get("header").and_then(|given| header(world, given)),
        body: text(given, "/body/text").unwrap_or_default(),
        footer: text(given, "/footer/text"),
        buttons: Vec::new(),
    }
}

/// A header in the shape of messages: `type` and the member of that name.
pub(super) fn header(world: &World, given: &Value) -> Option<Header> {
    let kind = given.get("type").and_then(Value::as_str)?;
    let inner = given.get(kind)?;
    match kind {
        "text" => inner.as_str().map(|text| Header::Text { text: text.to_owned() }),
        "image" => Some(Header::Image(media(world, inner))),
        "video" | "gif" => Some(Header::Video(media(world, inner))),
        "document" => Some(Header::Document(media(world, inner))),
        "location" => Some(Header::Location(place(inner))),
        "product" => Some(Header::Product {
            catalog_id: text(inner, "/catalog_id").unwrap_or_default(),
            product_retailer_id: text(inner, "/product_retailer_id").unwrap_or_default(),
        }),
        _ => None,
    }
}

/// A card of a carousel: with a link, with quick replies, or a product.
fn card(world: &World, given: &Value) -> Sheet {
    let action = given.get("action").unwrap_or(&Value::Null);
    let mut card = sheet(world, given);
    card.buttons = replies(action);
    if card.buttons.is_empty() && action.pointer("/parameters/url").is_some() {
        card.buttons.push(link(action));
    }
    if let Some(product_retailer_id) = text(action, "/product_retailer_id") {
        let catalog_id = text(action, "/catalog_id").unwrap_or_default();
        card.header = Some(Header::Product { catalog_id, product_retailer_id });
    }
    card
}

/// Buttons that answer; a carousel calls them quick replies (direct.md §2.4).
fn replies(action: &Value) -> Vec<Button> {
    let read = |given: &Value| {
        let reply = given.get("reply").or_else(|| given.get("quick_reply"))?;
        Some(Button { text: text(reply, "/title")?, id: text(reply, "/id"), ..Button::default() })
    };
    list(action, "/buttons").iter().filter_map(read).collect()
}

fn link(action: &Value) -> Button {
    Button {
        r#type: ButtonType::Url,
        text: text(action, "/parameters/display_text").unwrap_or_default(),
        url: text(action, "/parameters/url"),
        ..Button::default()
    }
}

fn section(given: &Value) -> Section {
    let row = |given: &Value| Row {
        id: text(given, "/id").unwrap_or_default(),
        title: text(given, "/title").unwrap_or_default(),
        description: text(given, "/description"),
    };
    Section { title: text(given, "/title"), rows: list(given, "/rows").iter().map(row).collect() }
}

fn products(given: &Value) -> ProductSection {
    let ids = list(given, "/product_items").iter().filter_map(|item| text(item, "/product_retailer_id"));
    ProductSection { title: text(given, "/title"), product_retailer_ids: ids.collect() }
}

/// A medium by id or link. Of an id that the store has, type and name are known.
pub(super) fn media(world: &World, given: &Value) -> Media {
    let stored = text(given, "/id").and_then(|id| world.media.get(&id)).map(|(_, medium)| medium);
    Media {
        id: stored.as_ref().map(|medium| medium.id.clone()),
        url: text(given, "/link"),
        mime_type: stored.as_ref().map(|medium| medium.mime.clone()),
        filename: text(given, "/filename").or_else(|| stored.and_then(|medium| medium.filename.clone())),
        caption: text(given, "/caption"),
        voice: given.get("voice").and_then(Value::as_bool).unwrap_or_default(),
        animated: false,
    }
}

/// Degrees may be numbers or texts.
fn place(given: &Value) -> Place {
    let degrees = |name: &str| {
        let value = given.get(name);
        let number = value.and_then(Value::as_f64);
        number.or_else(|| value.and_then(Value::as_str)?.parse().ok()).unwrap_or_default()
    };
    Place {
        latitude: degrees("latitude"),
        longitude: degrees("longitude"),
        name: text(given, "/name"),
        address: text(given, "/address"),
        url: text(given, "/url"),
    }
}

pub(super) fn text(given: &Value, pointer: &str) -> Option<String> {
    given.pointer(pointer).and_then(Value::as_str).map(str::to_owned)
}

pub(super) fn list<'a>(given: &'a Value, pointer: &str) -> &'a [Value] {
    given.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
