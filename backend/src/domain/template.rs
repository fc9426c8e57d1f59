//! The use of a template: which one, and the values that fill it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::content::interactive::ProductSection;
use super::content::media::HeaderMedia;
use super::content::plain::LocationContent;
use super::time::Ts;

/// A template by name and language with its values. Only parts that have variables or media are given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateUse {
    /// Lower case letters, digits and underscores, as registered.
    #[schema(min_length = 1, max_length = 512, examples("order_shipped"))]
    pub name: String,
    /// Meta's language code; must equal the template's exactly.
    #[schema(examples("en_GB"))]
    pub language: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<HeaderValue>,
    /// Values of the body in order, or named; wholly one or the other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<TextValue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<ButtonValue>,
    /// When a limited-time offer ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer_expires_at: Option<Ts>,
    /// The values of the cards of a carousel, one for each card in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<CardValue>,
    /// Which stored Content carries this template at Twilio. Not needed when the gateway knows the template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twilio: Option<TwilioContent>,
}

/// A one-time code in an authentication template, whose text is Meta's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OneTimeCode {
    /// The authentication template's name.
    #[schema(min_length = 1, max_length = 512, examples("login_code"))]
    pub name: String,
    #[schema(examples("en_US"))]
    pub language: String,
    #[schema(min_length = 1, max_length = 15, examples("493817"))]
    pub code: String,
    /// As in a template.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twilio: Option<TwilioContent>,
}

/// One text value, by position or by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TextValue {
    #[schema(min_length = 1, examples("Ada"))]
    pub text: String,
    /// The variable's name in a template with named variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The value of a template's header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum HeaderValue {
    Text(TextValue),
    Image(HeaderMedia),
    Video(HeaderMedia),
    Document(HeaderMedia),
    Location(LocationContent),
    Product { catalog_id: String, product_id: String },
}

/// The value of one button, by its place among all buttons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ButtonValue {
    /// 0-based over all buttons of the template.
    #[schema(maximum = 9)]
    pub index: u8,
    #[serde(flatten)]
    pub action: ButtonAction,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum ButtonAction {
    /// The variable end of a URL.
    Url { text: String },
    /// What comes back when the person taps it.
    QuickReply { payload: String },
    /// The code that a tap copies.
    CopyCode { code: String },
    /// What a flow is started with.
    Flow {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        flow_token: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[schema(value_type = Option<Object>)]
        data: Option<Map<String, Value>>,
    },
    /// The product whose picture stands for the catalogue.
    Catalog { thumbnail_product_id: String },
    /// The products of a multi-product template.
    Products {
        thumbnail_product_id: String,
        #[schema(min_items = 1, max_items = 10)]
        sections: Vec<ProductSection>,
    },
}

impl ButtonAction {
    /// The text that fills a variable; absent for what is no text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Url { text } => Some(text),
            Self::QuickReply { payload } => Some(payload),
            Self::CopyCode { code } => Some(code),
            Self::Flow { .. } | Self::Catalog { .. } | Self::Products { .. } => None,
        }
    }
}

/// The values of one card of a template's carousel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardValue {
    pub header: HeaderValue,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub body: Vec<TextValue>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<ButtonValue>,
}

/// A template's stored Content at Twilio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TwilioContent {
    /// `HX` and 32 hex digits.
    #[schema(pattern = "^HX[0-9a-fA-F]{32}$")]
    pub content_sid: String,
    /// Twilio's flat variables. When absent they are numbered from the values above: header, body, then buttons (twilio.md §8.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<BTreeMap<String, String>>,
}

impl TemplateUse {
    /// Twilio's one flat map over header, body, buttons and cards, numbered from 1 (twilio.md §8.4). A medium without a link
    /// takes its number all the same.
    pub fn flat_variables(&self) -> BTreeMap<String, String> {
        if let Some(given) = self.twilio.as_ref().and_then(|t| t.variables.clone()) {
            return given;
        }
        let header = self.header.iter().filter_map(HeaderValue::flat);
        let cards = self
            .cards
            .iter()
            .flat_map(|card| card.header.flat().into_iter().chain(texts(&card.body)).chain(actions(&card.buttons)));
        let values = header.chain(texts(&self.body)).chain(actions(&self.buttons)).chain(cards);
        (1..).map(|n: u32| n.to_string()).zip(values.map(str::to_owned)).collect()
    }
}

impl OneTimeCode {
    /// As [`TemplateUse::flat_variables`]: the code is the only variable, button included (twilio.md §2.5).
    pub fn flat_variables(&self) -> BTreeMap<String, String> {
        let given = self.twilio.as_ref().and_then(|t| t.variables.clone());
        given.unwrap_or_else(|| BTreeMap::from([("1".to_owned(), self.code.clone())]))
    }
}

impl HeaderValue {
    /// What fills a variable of Twilio's; absent for what Twilio's templates do not have.
    fn flat(&self) -> Option<&str> {
        match self {
            Self::Text(value) => Some(&value.text),
            Self::Image(media) | Self::Video(media) | Self::Document(media) => {
                Some(media.link.as_deref().unwrap_or_default())
            }
            Self::Location(_) | Self::Product { .. } => None,
        }
    }
}

fn texts(values: &[TextValue]) -> impl Iterator<Item = &str> {
    values.iter().map(|value| value.text.as_str())
}

/// In the order of the buttons, not of the request.
fn actions(buttons: &[ButtonValue]) -> impl Iterator<Item = &str> {
    let mut sorted: Vec<_> = buttons.iter().collect();
    sorted.sort_by_key(|button| button.index);
    sorted.into_iter().filter_map(|button| button.action.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_numbered_over_header_body_and_buttons() {
        let used: TemplateUse = serde_json::from_value(serde_json::json!({
            "name": "order_shipped", "language": "en",
            "header": {"type": "text", "text": "London"},
            "body": [{"text": "Ada"}, {"text": "77"}],
            "buttons": [{"index": 1, "type": "quick_reply", "payload": "help"}, {"index": 0, "type": "url", "text": "t/9"}],
        }))
        .unwrap();
        let flat: Vec<_> = used.flat_variables().into_values().collect();
        assert_eq!(flat, ["London", "Ada", "77", "t/9", "help"]);
    }

    #[test]
    fn cards_come_last_each_with_its_medium_body_and_buttons() {
        let used: TemplateUse = serde_json::from_value(serde_json::json!({
            "name": "spring", "language": "en", "body": [{"text": "Ada"}],
            "cards": [
                {"header": {"type": "image", "link": "https://acme.example/a.jpg"}, "body": [{"text": "Mug"}],
                 "buttons": [{"index": 0, "type": "quick_reply", "payload": "mug"}]},
                {"header": {"type": "image", "media_id": "0199f2a0-0000-7000-8000-000000000001"}, "body": [{"text": "Cap"}]},
            ],
        }))
        .unwrap();
        let flat = used.flat_variables();
        let expected =
            [("1", "Ada"), ("2", "https://acme.example/a.jpg"), ("3", "Mug"), ("4", "mug"), ("5", ""), ("6", "Cap")];
        assert_eq!(flat, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    }
}
