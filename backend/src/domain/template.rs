//! The use of a template: which one, and the values that fill it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A template by name and language with its values. Only parts that have variables or media are given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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
    /// Which stored Content carries this template at Twilio. Needed on a Twilio channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub twilio: Option<TwilioContent>,
}

/// One text value, by position or by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TextValue {
    #[schema(min_length = 1, examples("Ada"))]
    pub text: String,
    /// The variable's name in a template with named variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The value of a template's header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum HeaderValue {
    Text(TextValue),
    Image(MediaLink),
    Video(MediaLink),
    Document(MediaLink),
}

/// A medium by a public https address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MediaLink {
    #[schema(examples("https://acme.example/d/inv-77.pdf"))]
    pub link: String,
    /// Shown for documents at direct.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filename: Option<String>,
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
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ButtonAction {
    /// The variable end of a URL.
    Url { text: String },
    /// What comes back when the person taps it.
    QuickReply { payload: String },
    /// The code that a tap copies.
    CopyCode { code: String },
}

impl ButtonAction {
    pub fn value(&self) -> &str {
        match self {
            Self::Url { text } => text,
            Self::QuickReply { payload } => payload,
            Self::CopyCode { code } => code,
        }
    }
}

/// A template's stored Content at Twilio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TwilioContent {
    /// `HX` and 32 hex digits.
    #[schema(pattern = "^HX[0-9a-fA-F]{32}$")]
    pub content_sid: String,
    /// Twilio's flat variables. When absent they are numbered from the values above: header, body, then buttons (twilio.md §8.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<BTreeMap<String, String>>,
}

impl TemplateUse {
    /// Twilio's one flat map over header, body and buttons, numbered from 1 (twilio.md §8.4).
    pub fn flat_variables(&self) -> BTreeMap<String, String> {
        if let Some(given) = self.twilio.as_ref().and_then(|t| t.variables.clone()) {
            return given;
        }
        let header = self.header.iter().map(|header| match header {
            HeaderValue::Text(value) => value.text.as_str(),
            HeaderValue::Image(media) | HeaderValue::Video(media) | HeaderValue::Document(media) => media.link.as_str(),
        });
        let body = self.body.iter().map(|value| value.text.as_str());
        let mut buttons: Vec<_> = self.buttons.iter().collect();
        buttons.sort_by_key(|button| button.index);
        let buttons = buttons.into_iter().map(|button| button.action.value());
        (1..).map(|n: u32| n.to_string()).zip(header.chain(body).chain(buttons).map(str::to_owned)).collect()
    }
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
}
