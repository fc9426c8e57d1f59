//! What has to be given when a template is sent.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::placeholders::names;
use super::{ParameterFormat, TemplateButton, TemplateDefinition, TemplateHeader, TemplateText};
use crate::domain::provider::word;

word! {
    /// The part of a template.
    pub enum TemplatePart {
        Header = "header",
        Body = "body",
        Button = "button",
        LimitedTimeOffer = "limited_time_offer",
    }
}

/// Where in a template a value belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct VariablePlace {
    pub part: TemplatePart,
    /// The card of a carousel, 0-based.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<u8>,
    /// 0-based: which variable of the body, which of all buttons.
    pub index: u8,
}

impl VariablePlace {
    pub const HEADER: Self = Self { part: TemplatePart::Header, card: None, index: 0 };

    pub fn body(index: usize) -> Self {
        Self { part: TemplatePart::Body, card: None, index: small(index) }
    }

    pub fn button(index: usize) -> Self {
        Self { part: TemplatePart::Button, card: None, index: small(index) }
    }

    #[must_use]
    pub fn on_card(self, card: Option<usize>) -> Self {
        Self { card: card.map(small), ..self }
    }

    /// The field of a message's content that holds the value, such as `content.cards[1].buttons`.
    pub fn field(self) -> String {
        let whole = match self.part {
            TemplatePart::LimitedTimeOffer => return "content.offer_expires_at".to_owned(),
            TemplatePart::Header => "header".to_owned(),
            TemplatePart::Body => format!("body[{}]", self.index),
            TemplatePart::Button => "buttons".to_owned(),
        };
        match self.card {
            Some(card) => format!("content.cards[{card}].{whole}"),
            None => format!("content.{whole}"),
        }
    }
}

/// Parts are far fewer than 255 in every template that a provider takes.
fn small(n: usize) -> u8 {
    u8::try_from(n).unwrap_or(u8::MAX)
}

word! {
    /// What a value is.
    pub enum VariableKind {
        Text = "text",
        Image = "image",
        Video = "video",
        Document = "document",
        Location = "location",
        Product = "product",
        /// The end of a button's address.
        UrlEnd = "url_end",
        Payload = "payload",
        Code = "code",
        Flow = "flow",
        Products = "products",
        Catalog = "catalog",
        Time = "time",
        OneTimeCode = "one_time_code",
    }
}

/// One value that a message gives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TemplateVariable {
    #[serde(flatten)]
    pub place: VariablePlace,
    pub kind: VariableKind,
    /// The variable's name in a template with named variables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Without it the message is refused; what may be absent has a default.
    pub required: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("Ada"))]
    pub sample: Option<String>,
    /// Where it stands in the body of `POST /api/v1/messages`.
    #[schema(examples("content.body[0]"))]
    pub field: String,
}

impl TemplateDefinition {
    /// Everything that a message with this template gives, in the order of header, body, buttons, offer and cards.
    pub fn variables(&self) -> Vec<TemplateVariable> {
        let mut list = Collector { format: self.parameter_format, found: Vec::new() };
        if self.is_authentication() {
            list.add(VariablePlace::body(0), VariableKind::OneTimeCode, None, true, Some("493817"));
            return list.found;
        }
        list.part(self.header.as_ref(), self.body.as_ref(), &self.buttons, None);
        if self.limited_time_offer.as_ref().is_some_and(|offer| offer.has_expiration) {
            let place = VariablePlace { part: TemplatePart::LimitedTimeOffer, card: None, index: 0 };
            list.add(place, VariableKind::Time, None, true, None);
        }
        for (n, card) in self.cards.iter().enumerate() {
            list.part(Some(&card.header), card.body.as_ref(), &card.buttons, Some(n));
        }
        list.found
    }
}

struct Collector {
    format: ParameterFormat,
    found: Vec<TemplateVariable>,
}

impl Collector {
    fn add(
        &mut self,
        place: VariablePlace,
        kind: VariableKind,
        name: Option<&str>,
        required: bool,
        sample: Option<&str>,
    ) {
        self.found.push(TemplateVariable {
            place,
            kind,
            name: name.filter(|_| self.format == ParameterFormat::Named).map(str::to_owned),
            required,
            sample: sample.map(str::to_owned),
            field: place.field(),
        });
    }

    fn part(
        &mut self,
        header: Option<&TemplateHeader>,
        body: Option<&TemplateText>,
        buttons: &[TemplateButton],
        card: Option<usize>,
    ) {
        if let Some(header) = header {
            self.header(header, VariablePlace::HEADER.on_card(card));
        }
        if let Some(body) = body {
            for (n, name) in names(&body.text).into_iter().enumerate() {
                let sample = body.sample(self.format, n, name);
                self.add(VariablePlace::body(n).on_card(card), VariableKind::Text, Some(name), true, sample);
            }
        }
        for (n, button) in buttons.iter().enumerate() {
            self.button(button, VariablePlace::button(n).on_card(card));
        }
    }

    fn header(&mut self, header: &TemplateHeader, place: VariablePlace) {
        let kind = match header {
            TemplateHeader::Text(text) => {
                if let Some(name) = names(&text.text).first() {
                    self.add(place, VariableKind::Text, Some(name), true, text.sample(self.format, 0, name));
                }
                return;
            }
            TemplateHeader::Image(_) => VariableKind::Image,
            TemplateHeader::Video(_) => VariableKind::Video,
            TemplateHeader::Document(_) => VariableKind::Document,
            TemplateHeader::Location {} => VariableKind::Location,
            TemplateHeader::Product {} => VariableKind::Product,
        };
        let media = header.media();
        let required = !media.is_some_and(|sample| sample.fixed);
        self.add(place, kind, None, required, media.and_then(|sample| sample.link.as_deref()));
    }

    fn button(&mut self, button: &TemplateButton, place: VariablePlace) {
        match button {
            TemplateButton::Url { url, sample, .. } if !names(url).is_empty() => {
                self.add(place, VariableKind::UrlEnd, None, true, sample.as_deref());
            }
            TemplateButton::QuickReply { text, payload } => {
                self.add(place, VariableKind::Payload, None, false, Some(payload.as_ref().unwrap_or(text)));
            }
            TemplateButton::CopyCode { sample } => self.add(place, VariableKind::Code, None, true, Some(sample)),
            TemplateButton::Flow { .. } => {
                self.add(place, VariableKind::Flow, None, true, None);
            }
            TemplateButton::Catalog { .. } => self.add(place, VariableKind::Catalog, None, false, None),
            TemplateButton::Mpm { .. } => self.add(place, VariableKind::Products, None, true, None),
            TemplateButton::Url { .. }
            | TemplateButton::PhoneNumber { .. }
            | TemplateButton::Spm { .. }
            | TemplateButton::Otp(_)
            | TemplateButton::VoiceCall { .. }
            | TemplateButton::RequestContactInfo {} => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_message_gives_is_listed_with_its_field() {
        let definition: TemplateDefinition = serde_json::from_value(serde_json::json!({
            "name": "a", "language": "en", "category": "utility", "parameter_format": "named",
            "header": { "type": "document", "link": "https://acme.example/a.pdf" },
            "body": { "text": "Dear {{first_name}}, see you {{when}}.", "samples": [{ "name": "when", "text": "Friday" }, { "name": "first_name", "text": "Ada" }] },
            "buttons": [{ "type": "quick_reply", "text": "Help" }, { "type": "url", "text": "Track", "url": "https://acme.example/{{1}}", "sample": "t/9" }],
        })).unwrap();
        let shown: Vec<_> = definition
            .variables()
            .into_iter()
            .map(|one| (one.field, one.kind, one.name, one.required, one.sample.unwrap_or_default()))
            .collect();
        let named = |name: &str| Some(name.to_owned());
        assert_eq!(
            shown,
            [
                (
                    "content.header".to_owned(),
                    VariableKind::Document,
                    None,
                    true,
                    "https://acme.example/a.pdf".to_owned()
                ),
                ("content.body[0]".to_owned(), VariableKind::Text, named("first_name"), true, "Ada".to_owned()),
                ("content.body[1]".to_owned(), VariableKind::Text, named("when"), true, "Friday".to_owned()),
                ("content.buttons".to_owned(), VariableKind::Payload, None, false, "Help".to_owned()),
                ("content.buttons".to_owned(), VariableKind::UrlEnd, None, true, "t/9".to_owned()),
            ]
        );
    }
}
