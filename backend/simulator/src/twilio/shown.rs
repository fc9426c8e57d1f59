//! What a phone draws of a stored content (twilio.md §2.5, §8.4).

use serde_json::{Map, Value};

use super::content_types::list;
use super::library::{Approval, Content as Stored};
use super::mime::{Kind, kind_of_url};
use super::variables::filled;
use crate::content::{
    Button, ButtonType, Content, Header, Media, Place, ProductSection, Row, Section, Sheet, Template,
};

/// One of a content's types with values in the place of variables; as a template where it is sent as one.
pub(super) fn content(
    stored: &Stored,
    (kind, definition): (&str, &Value),
    values: &Map<String, Value>,
    template: Option<&Approval>,
    now: i64,
) -> Content {
    let definition = filled(definition, values);
    let Some(approval) = template else { return in_session(kind, &definition) };
    let mut sheet = sheet(kind, &definition);
    for button in &mut sheet.buttons {
        quick(button);
    }
    if kind == "whatsapp/authentication" {
        sheet = one_time_code(&definition, values);
    }
    let mut cards: Vec<Sheet> = list(&definition, "cards").iter().map(card).collect();
    cards.iter_mut().flat_map(|card| &mut card.buttons).for_each(quick);
    Content::Template(Template {
        name: approval.external_name(&stored.sid),
        language: stored.language.clone(),
        category: approval.category(now).to_lowercase(),
        sheet,
        cards,
        offer: None,
    })
}

/// Without approval each type has a shape of its own.
fn in_session(kind: &str, definition: &Value) -> Content {
    let sheet = sheet(kind, definition);
    match kind {
        "twilio/media" => {
            let url = media(definition);
            let file = Media { url: url.clone(), caption: text(definition, "body"), ..Media::default() };
            file_of(kind_of_url(url.as_deref().unwrap_or_default()), file)
        }
        "twilio/location" => {
            let degrees = |name: &str| definition.get(name).and_then(Value::as_f64).unwrap_or_default();
            Content::Location(Place {
                latitude: degrees("latitude"),
                longitude: degrees("longitude"),
                name: text(definition, "label"),
                address: text(definition, "address"),
                url: None,
            })
        }
        "twilio/quick-reply" => Content::Buttons(sheet),
        "twilio/call-to-action" => Content::CtaUrl(sheet),
        "twilio/list-picker" => {
            let row = |item: &Value| Row {
                id: text(item, "id").unwrap_or_default(),
                title: text(item, "item").unwrap_or_default(),
                description: text(item, "description"),
            };
            let rows = list(definition, "items").iter().map(row).collect();
            let button = text(definition, "button").unwrap_or_default();
            Content::List { sheet, button, sections: vec![Section { title: None, rows }] }
        }
        "twilio/carousel" => {
            Content::Carousel { body: sheet.body, cards: list(definition, "cards").iter().map(card).collect() }
        }
        "twilio/catalog" => catalog(definition, sheet),
        "whatsapp/flows" | "twilio/flows" => Content::Flow(sheet),
        "twilio/text" => Content::text(sheet.body),
        _ => Content::Interactive { r#type: kind.to_owned(), sheet },
    }
}

/// A file as the message that is nothing but it.
pub(super) fn file_of(kind: Kind, file: Media) -> Content {
    match kind {
        Kind::Image => Content::Image(file),
        Kind::Video => Content::Video(file),
        Kind::Audio => Content::Audio(Media { caption: None, ..file }),
        Kind::Sticker => Content::Sticker(Media { caption: None, ..file }),
        // Documents have no caption at Twilio (twilio.md §5).
        Kind::Document | Kind::Card => Content::Document(Media { caption: None, ..file }),
    }
}

fn sheet(kind: &str, definition: &Value) -> Sheet {
    let body = text(definition, "body").or_else(|| text(definition, "title")).unwrap_or_default();
    let mut buttons: Vec<Button> = list(definition, "actions").iter().filter_map(button).collect();
    if matches!(kind, "whatsapp/flows" | "twilio/flows") {
        buttons.push(Button {
            r#type: ButtonType::Flow,
            text: text(definition, "button_text").unwrap_or_default(),
            flow_id: text(definition, "flow_id"),
            flow_token: text(definition, "flow_token"),
            ..Button::default()
        });
    }
    let heading = text(definition, "header_text").map(|text| Header::Text { text });
    let footer = text(definition, "footer").or_else(|| text(definition, "subtitle"));
    Sheet { header: heading.or_else(|| media(definition).map(|url| header(&url))), body, footer, buttons }
}

fn card(definition: &Value) -> Sheet {
    let body = [text(definition, "title"), text(definition, "body")].into_iter().flatten().collect::<Vec<_>>();
    Sheet {
        header: text(definition, "media").map(|url| header(&url)),
        body: body.join("\n"),
        footer: None,
        buttons: list(definition, "actions").iter().filter_map(button).collect(),
    }
}

fn header(url: &str) -> Header {
    let file = Media { url: Some(url.to_owned()), ..Media::default() };
    match kind_of_url(url) {
        Kind::Image | Kind::Sticker => Header::Image(file),
        Kind::Video => Header::Video(file),
        Kind::Audio | Kind::Document | Kind::Card => Header::Document(file),
    }
}

fn button(action: &Value) -> Option<Button> {
    let label = text(action, "title").unwrap_or_default();
    let plain = |r#type| Button { r#type, text: label.clone(), ..Button::default() };
    Some(match action.get("type").and_then(Value::as_str).unwrap_or("QUICK_REPLY") {
        // Without an id the label comes back.
        "QUICK_REPLY" => Button { id: text(action, "id").or_else(|| Some(label.clone())), ..plain(ButtonType::Reply) },
        "URL" => Button { url: text(action, "url"), ..plain(ButtonType::Url) },
        "PHONE_NUMBER" => Button { phone_number: text(action, "phone"), ..plain(ButtonType::PhoneNumber) },
        "COPY_CODE" => Button { code: text(action, "code"), ..plain(ButtonType::CopyCode) },
        "VOICE_CALL" | "VOICE_CALL_REQUEST" => plain(ButtonType::VoiceCall),
        "REQUEST_CONTACT_INFO" => plain(ButtonType::RequestContactInfo),
        _ => return None,
    })
}

/// In templates replies are quick replies, and the id is what comes back (twilio.md §8.4).
fn quick(button: &mut Button) {
    if button.r#type == ButtonType::Reply {
        button.r#type = ButtonType::QuickReply;
        button.payload = button.id.take();
    }
}

/// The fixed words of a one-time code (twilio.md §2.5).
fn one_time_code(definition: &Value, values: &Map<String, Value>) -> Sheet {
    let code = values.get("1").and_then(Value::as_str).unwrap_or_default();
    let warned = definition.get("add_security_recommendation").and_then(Value::as_bool).unwrap_or(true);
    let warning = if warned { " For your security, do not share this code." } else { "" };
    let minutes = definition.get("code_expiration_minutes").and_then(Value::as_u64);
    let copy = Button {
        r#type: ButtonType::CopyCode,
        text: list(definition, "actions").first().and_then(|one| text(one, "copy_code_text")).unwrap_or_default(),
        code: Some(code.to_owned()),
        ..Button::default()
    };
    Sheet {
        header: None,
        body: format!("{code} is your verification code.{warning}"),
        footer: minutes.map(|minutes| format!("This code expires in {minutes} minutes.")),
        buttons: vec![copy],
    }
}

fn catalog(definition: &Value, sheet: Sheet) -> Content {
    let items = list(definition, "items");
    let Some(catalog_id) = text(definition, "id").filter(|_| !items.is_empty()) else {
        return Content::Catalog { sheet, thumbnail_product_retailer_id: None };
    };
    let mut sections: Vec<ProductSection> = Vec::new();
    for item in items {
        let (title, id) = (text(item, "section_title"), text(item, "id").unwrap_or_default());
        match sections.iter_mut().find(|section| section.title == title) {
            Some(section) => section.product_retailer_ids.push(id),
            None => sections.push(ProductSection { title, product_retailer_ids: vec![id] }),
        }
    }
    Content::ProductList { sheet, catalog_id, sections }
}

fn media(definition: &Value) -> Option<String> {
    list(definition, "media").first().and_then(Value::as_str).map(str::to_owned)
}

fn text(parent: &Value, name: &str) -> Option<String> {
    parent.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned)
}
