//! From a Content back to a definition: each part's variables count from 1 again, and the slots remember Twilio's numbers.

use serde_json::{Map, Value};

use crate::domain::template::TextValue;
use crate::domain::template_definition::placeholders::{Piece, before_last, names, pieces};
use crate::domain::template_definition::variables::VariablePlace;
use crate::domain::template_definition::{
    AuthenticationText, MediaSample, OtpButton, OtpType, ParameterFormat, TemplateButton, TemplateCard,
    TemplateCategory, TemplateDefinition, TemplateFlowAction, TemplateHeader, TemplateText,
};
use crate::providers::templates::error::text;
use crate::providers::templates::{Imported, Losses, LostFeature, Slot, Unreadable};

/// The types that can be templates, the richest first: Twilio sends the first that the channel supports (twilio.md §2.4).
const TYPES: &[&str] = &[
    "whatsapp/authentication",
    "whatsapp/flows",
    "whatsapp/card",
    "twilio/carousel",
    "twilio/catalog",
    "twilio/card",
    "twilio/call-to-action",
    "twilio/quick-reply",
    "twilio/media",
    "twilio/text",
];

/// Reads a Content with the name and category of its approval.
///
/// # Errors
/// None of its types can be a WhatsApp template, or it lacks name or language.
pub fn import(content: &Value, name: &str, category: TemplateCategory) -> Result<Imported, Unreadable> {
    let unreadable = |why: String| Unreadable { name: name.to_owned(), why };
    if name.is_empty() {
        return Err(unreadable("it has no name".to_owned()));
    }
    let language = text(content, "language").ok_or_else(|| unreadable("it has no language".to_owned()))?;
    let no_types = Map::new();
    let types = content.get("types").and_then(Value::as_object).unwrap_or(&no_types);
    let kind = TYPES.iter().find(|kind| types.contains_key(**kind)).ok_or_else(|| {
        let found: Vec<&str> = types.keys().map(String::as_str).collect();
        unreadable(format!("none of its types can be a WhatsApp template: {}", found.join(", ")))
    })?;
    let samples = content.get("variables").and_then(Value::as_object).unwrap_or(&no_types);
    let mut reader = Reader { samples, slots: Vec::new(), losses: Losses::default() };
    let mut definition = TemplateDefinition {
        name: name.to_owned(),
        language: language.replace('-', "_"),
        category,
        parameter_format: ParameterFormat::Positional,
        header: None,
        body: None,
        footer: None,
        buttons: Vec::new(),
        limited_time_offer: None,
        cards: Vec::new(),
        authentication: None,
        message_send_ttl_seconds: None,
    };
    reader.read(kind, types.get(*kind).unwrap_or(&Value::Null), &mut definition);
    if types.len() > 1 {
        let others: Vec<&str> = types.keys().map(String::as_str).filter(|other| other != kind).collect();
        let why = format!("The Content also holds {}, which WhatsApp does not use.", others.join(", "));
        reader.losses.note(LostFeature::FurtherTypes, "types", why);
    }
    Ok(Imported { definition, slots: reader.slots, lost: reader.losses.into_vec() })
}

struct Reader<'a> {
    samples: &'a Map<String, Value>,
    slots: Vec<Slot>,
    losses: Losses,
}

impl Reader<'_> {
    fn read(&mut self, kind: &str, content: &Value, into: &mut TemplateDefinition) {
        let own = |name: &str| text(content, name).map(str::to_owned);
        match kind {
            "whatsapp/authentication" => self.authentication(content, into),
            "whatsapp/flows" => self.flow(content, into),
            "twilio/carousel" => {
                into.body = Some(self.text(content, "body", None));
                let cards = list(content, "cards").iter().enumerate();
                into.cards = cards.map(|(n, card)| self.card(n, card)).collect();
            }
            "twilio/catalog" => {
                into.body = Some(self.text(content, "body", None));
                into.footer = own("subtitle");
                into.buttons = vec![TemplateButton::Catalog { text: "View catalog".to_owned() }];
            }
            "twilio/card" => {
                self.header(content, into);
                let body = if own("body").is_some() { "body" } else { "title" };
                into.body = Some(self.text(content, body, None));
                into.footer = own("subtitle");
                into.buttons = self.actions(content, "buttons", None);
            }
            _ => {
                self.header(content, into);
                into.body = Some(self.text(content, "body", None));
                into.footer = own("footer");
                into.buttons = self.actions(content, "buttons", None);
            }
        }
    }

    fn sample(&self, number: &str) -> String {
        self.samples.get(number).and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    fn slot(&mut self, number: &str, place: VariablePlace, prefix: Option<&str>) -> String {
        let sample = self.sample(number);
        self.slots.push(Slot {
            number: number.to_owned(),
            place,
            prefix: prefix.map(str::to_owned),
            sample: sample.clone(),
        });
        sample
    }

    fn header(&mut self, content: &Value, into: &mut TemplateDefinition) {
        let first = list(content, "media").first().and_then(Value::as_str);
        if let Some(address) = first.filter(|address| !address.is_empty()) {
            into.header = Some(self.media(address, VariablePlace::HEADER));
        } else if let Some(header) = text(content, "header_text") {
            let read = self.numbered(header, |_| VariablePlace::HEADER);
            into.header = Some(TemplateHeader::Text(read));
        }
    }

    /// A medium's kind is told by the ending of its address.
    fn media(&mut self, address: &str, place: VariablePlace) -> TemplateHeader {
        let sample = match (before_last(address), names(address).first()) {
            (Some(prefix), Some(number)) => {
                let end = self.slot(number, place, Some(prefix));
                MediaSample { link: Some(format!("{prefix}{end}")), ..MediaSample::default() }
            }
            _ => MediaSample { link: Some(address.to_owned()), fixed: true, ..MediaSample::default() },
        };
        let link = sample.link.clone().unwrap_or_default();
        let path = link.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        let ends = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
        if ends(&[".mp4", ".3gp", ".3gpp"]) {
            TemplateHeader::Video(sample)
        } else if ends(&[".jpg", ".jpeg", ".png", ".webp"]) {
            TemplateHeader::Image(sample)
        } else {
            TemplateHeader::Document(sample)
        }
    }

    fn text(&mut self, content: &Value, member: &str, card: Option<usize>) -> TemplateText {
        let written = text(content, member).unwrap_or_default().to_owned();
        self.numbered(&written, |n| VariablePlace::body(n).on_card(card))
    }

    /// A text whose variables count from 1, in the order of their first use.
    fn numbered(&mut self, written: &str, place: impl Fn(usize) -> VariablePlace) -> TemplateText {
        let order: Vec<String> = names(written).into_iter().map(str::to_owned).collect();
        let mut samples = Vec::with_capacity(order.len());
        for (n, number) in order.iter().enumerate() {
            samples.push(TextValue { text: self.slot(number, place(n), None), name: None });
        }
        let text = pieces(written)
            .into_iter()
            .map(|piece| match piece {
                Piece::Fixed(fixed) => fixed.to_owned(),
                Piece::Variable(name) => {
                    let at = order.iter().position(|known| known == name).unwrap_or_default();
                    format!("{{{{{}}}}}", at + 1)
                }
            })
            .collect();
        TemplateText { text, samples }
    }

    fn actions(&mut self, content: &Value, place: &str, card: Option<usize>) -> Vec<TemplateButton> {
        let actions = list(content, "actions").iter().enumerate();
        actions
            .filter_map(|(n, action)| {
                self.action(action, &format!("{place}[{n}]"), VariablePlace::button(n).on_card(card))
            })
            .collect()
    }

    fn action(&mut self, action: &Value, place: &str, at: VariablePlace) -> Option<TemplateButton> {
        let own = |name: &str| text(action, name).unwrap_or_default().to_owned();
        let title = own("title");
        Some(match own("type").to_ascii_uppercase().as_str() {
            "QUICK_REPLY" => {
                let id = self.value(&own("id"), at);
                let payload = Some(id).filter(|id| !id.is_empty() && *id != title);
                TemplateButton::QuickReply { text: title, payload }
            }
            "URL" => {
                let url = own("url");
                let Some(number) = names(&url).first().map(|number| (*number).to_owned()) else {
                    return Some(TemplateButton::Url { text: title, url, sample: None });
                };
                let sample = Some(self.slot(&number, at, None));
                let url = url.replace(&format!("{{{{{number}}}}}"), "{{1}}");
                TemplateButton::Url { text: title, url, sample }
            }
            "PHONE_NUMBER" => TemplateButton::PhoneNumber { text: title, phone_number: own("phone") },
            "COPY_CODE" => TemplateButton::CopyCode { sample: self.value(&own("code"), at) },
            "VOICE_CALL" => TemplateButton::VoiceCall { text: title, ttl_minutes: None },
            "REQUEST_CONTACT_INFO" => TemplateButton::RequestContactInfo {},
            other => {
                let why = format!("Twilio shows a button of the type {other}, which this version does not know.");
                self.losses.block(LostFeature::UnknownPart, place, why);
                return None;
            }
        })
    }

    /// A member that is a variable as a whole, or fixed.
    fn value(&mut self, written: &str, at: VariablePlace) -> String {
        match pieces(written).as_slice() {
            [Piece::Variable(number)] => self.slot(number, at, None),
            _ => written.to_owned(),
        }
    }

    fn authentication(&mut self, content: &Value, into: &mut TemplateDefinition) {
        self.slot("1", VariablePlace::body(0), None);
        into.authentication = Some(AuthenticationText {
            add_security_recommendation: content
                .get("add_security_recommendation")
                .and_then(Value::as_bool)
                // Twilio's default.
                .unwrap_or(true),
            code_expiration_minutes: content
                .get("code_expiration_minutes")
                .and_then(Value::as_u64)
                .and_then(|minutes| u8::try_from(minutes).ok()),
        });
        let label = list(content, "actions").first().and_then(|action| text(action, "copy_code_text"));
        into.buttons = vec![TemplateButton::Otp(OtpButton {
            otp_type: OtpType::CopyCode,
            text: label.map(str::to_owned),
            ..OtpButton::default()
        })];
    }

    fn flow(&mut self, content: &Value, into: &mut TemplateDefinition) {
        let own = |name: &str| text(content, name).map(str::to_owned);
        if let Some(address) = own("media_url") {
            into.header = match self.media(&address, VariablePlace::HEADER) {
                TemplateHeader::Video(sample) | TemplateHeader::Document(sample) => Some(TemplateHeader::Image(sample)),
                header => Some(header),
            };
        }
        into.body = Some(self.text(content, "body", None));
        into.footer = own("subtitle");
        let token = own("flow_token").unwrap_or_default();
        self.value(&token, VariablePlace::button(0));
        let endpoint = content.get("is_flow_first_page_endpoint").and_then(Value::as_bool).unwrap_or(false);
        into.buttons = vec![TemplateButton::Flow {
            text: own("button_text").unwrap_or_default(),
            flow_id: own("flow_id"),
            flow_name: None,
            flow_action: if endpoint { TemplateFlowAction::DataExchange } else { TemplateFlowAction::Navigate },
            navigate_screen: own("flow_first_page_id"),
        }];
    }

    fn card(&mut self, n: usize, card: &Value) -> TemplateCard {
        let address = text(card, "media").or_else(|| list(card, "media").first().and_then(Value::as_str));
        let header = self.media(address.unwrap_or_default(), VariablePlace::HEADER.on_card(Some(n)));
        let body = if text(card, "body").is_some() { "body" } else { "title" };
        TemplateCard {
            header: match header {
                TemplateHeader::Document(sample) => TemplateHeader::Image(sample),
                header => header,
            },
            body: text(card, body).is_some().then(|| self.text(card, body, Some(n))),
            buttons: self.actions(card, &format!("cards[{n}].buttons"), Some(n)),
        }
    }
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}
