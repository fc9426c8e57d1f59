//! Templates with the values that fill them (direct.md §2.5).

use serde::Serialize;
use serde_json::{Map, Value};

use super::Unwritable;
use super::interactive::{Section, product_sections};
use super::media::Medium;
use crate::domain::content::plain::LocationContent;
use crate::domain::template::{ButtonAction, ButtonValue, CardValue, HeaderValue, OneTimeCode, TemplateUse, TextValue};
use crate::domain::time::Ts;
use crate::providers::Prepared;

#[derive(Serialize)]
pub(super) struct Template<'a> {
    name: &'a str,
    language: Language<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    components: Vec<Component<'a>>,
}

#[derive(Serialize)]
struct Language<'a> {
    code: &'a str,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Component<'a> {
    Header { parameters: [Parameter<'a>; 1] },
    Body { parameters: Vec<Parameter<'a>> },
    LimitedTimeOffer { parameters: [Parameter<'a>; 1] },
    Button { sub_type: &'static str, index: String, parameters: [Parameter<'a>; 1] },
    Carousel { cards: Vec<Card<'a>> },
}

#[derive(Serialize)]
struct Card<'a> {
    card_index: usize,
    components: Vec<Component<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Parameter<'a> {
    Text {
        #[serde(skip_serializing_if = "Option::is_none")]
        parameter_name: Option<&'a str>,
        text: &'a str,
    },
    Image {
        image: Medium<'a>,
    },
    Video {
        video: Medium<'a>,
    },
    Document {
        document: Medium<'a>,
    },
    Location {
        location: &'a LocationContent,
    },
    Product {
        product: Product<'a>,
    },
    Payload {
        payload: &'a str,
    },
    CouponCode {
        coupon_code: &'a str,
    },
    LimitedTimeOffer {
        limited_time_offer: Offer,
    },
    Action {
        action: Action<'a>,
    },
}

#[derive(Serialize)]
struct Product<'a> {
    catalog_id: &'a str,
    product_retailer_id: &'a str,
}

#[derive(Serialize)]
struct Offer {
    expiration_time_ms: i64,
}

#[derive(Default, Serialize)]
struct Action<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flow_action_data: Option<&'a Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_product_retailer_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sections: Vec<Section<'a>>,
}

impl<'a> Template<'a> {
    pub fn of(template: &'a TemplateUse, prepared: &'a Prepared) -> Result<Self, Unwritable> {
        let mut components = Vec::new();
        if let Some(value) = &template.header {
            components.push(header(value, prepared)?);
        }
        components.extend(body(&template.body));
        components.extend(template.offer_expires_at.map(offer));
        components.extend(template.buttons.iter().map(button));
        if !template.cards.is_empty() {
            let cards = template.cards.iter().enumerate();
            let cards = cards.map(|(n, value)| card(n, value, prepared)).collect::<Result<_, _>>()?;
            components.push(Component::Carousel { cards });
        }
        Ok(Self { name: &template.name, language: Language { code: &template.language }, components })
    }

    /// The code goes in twice, whatever the kind of the button.
    pub fn one_time_code(code: &'a OneTimeCode) -> Self {
        let text = || Parameter::Text { parameter_name: None, text: &code.code };
        Self {
            name: &code.name,
            language: Language { code: &code.language },
            components: vec![
                Component::Body { parameters: vec![text()] },
                Component::Button { sub_type: "url", index: "0".to_owned(), parameters: [text()] },
            ],
        }
    }
}

fn header<'a>(value: &'a HeaderValue, prepared: &'a Prepared) -> Result<Component<'a>, Unwritable> {
    let parameter = match value {
        HeaderValue::Text(value) => text(value),
        HeaderValue::Image(image) => Parameter::Image { image: Medium::of(image.source(), prepared)? },
        HeaderValue::Video(video) => Parameter::Video { video: Medium::of(video.source(), prepared)? },
        HeaderValue::Document(document) => Parameter::Document { document: Medium::document(document, prepared)? },
        HeaderValue::Location(location) => Parameter::Location { location },
        HeaderValue::Product { catalog_id, product_id } => {
            Parameter::Product { product: Product { catalog_id, product_retailer_id: product_id } }
        }
    };
    Ok(Component::Header { parameters: [parameter] })
}

fn body(values: &[TextValue]) -> Option<Component<'_>> {
    (!values.is_empty()).then(|| Component::Body { parameters: values.iter().map(text).collect() })
}

fn text(value: &TextValue) -> Parameter<'_> {
    Parameter::Text { parameter_name: value.name.as_deref(), text: &value.text }
}

fn offer<'a>(ends: Ts) -> Component<'a> {
    let limited_time_offer = Offer { expiration_time_ms: ends.micros() / 1_000 };
    Component::LimitedTimeOffer { parameters: [Parameter::LimitedTimeOffer { limited_time_offer }] }
}

fn button(value: &ButtonValue) -> Component<'_> {
    let (sub_type, parameter) = match &value.action {
        ButtonAction::Url { text } => ("url", Parameter::Text { parameter_name: None, text }),
        ButtonAction::QuickReply { payload } => ("quick_reply", Parameter::Payload { payload }),
        ButtonAction::CopyCode { code } => ("copy_code", Parameter::CouponCode { coupon_code: code }),
        ButtonAction::Flow { flow_token, data } => {
            let (flow_token, flow_action_data) = (flow_token.as_deref(), data.as_ref());
            ("flow", Parameter::Action { action: Action { flow_token, flow_action_data, ..Action::default() } })
        }
        ButtonAction::Catalog { thumbnail_product_id } => ("catalog", thumbnail(thumbnail_product_id, Vec::new())),
        ButtonAction::Products { thumbnail_product_id, sections } => {
            ("mpm", thumbnail(thumbnail_product_id, product_sections(sections)))
        }
    };
    Component::Button { sub_type, index: value.index.to_string(), parameters: [parameter] }
}

fn thumbnail<'a>(product: &'a str, sections: Vec<Section<'a>>) -> Parameter<'a> {
    Parameter::Action { action: Action { thumbnail_product_retailer_id: Some(product), sections, ..Action::default() } }
}

fn card<'a>(card_index: usize, value: &'a CardValue, prepared: &'a Prepared) -> Result<Card<'a>, Unwritable> {
    let mut components = vec![header(&value.header, prepared)?];
    components.extend(body(&value.body));
    components.extend(value.buttons.iter().map(button));
    Ok(Card { card_index, components })
}
