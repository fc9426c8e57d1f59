//! From a definition to Meta's components (direct.md §2.8).

use serde_json::{Map, Value, json};

use crate::domain::template_definition::placeholders::{names, replaced};
use crate::domain::template_definition::{
    AuthenticationText, MediaSample, OtpButton, OtpType, ParameterFormat, TemplateButton, TemplateCard,
    TemplateDefinition, TemplateFlowAction, TemplateHeader, TemplateText,
};
use crate::providers::templates::{Compiled, Losses, LostFeature, SampleAddresses};

/// The body of `POST /{WABA}/message_templates`.
pub fn compile(definition: &TemplateDefinition, samples: &SampleAddresses) -> Compiled {
    let mut writer = Writer { format: definition.parameter_format, samples, losses: Losses::default() };
    let components = match &definition.authentication {
        Some(chosen) => writer.authentication(chosen, &definition.buttons),
        None => writer.components(definition),
    };
    let mut request = Map::new();
    request.insert("name".to_owned(), definition.name.clone().into());
    request.insert("language".to_owned(), definition.language.clone().into());
    request.insert("category".to_owned(), definition.category.on_the_wire().into());
    if !definition.is_authentication() {
        let format = match definition.parameter_format {
            ParameterFormat::Named => "NAMED",
            ParameterFormat::Positional => "POSITIONAL",
        };
        request.insert("parameter_format".to_owned(), format.into());
    }
    if let Some(seconds) = definition.message_send_ttl_seconds {
        request.insert("message_send_ttl_seconds".to_owned(), seconds.into());
    }
    request.insert("components".to_owned(), Value::Array(components));
    Compiled { request: Value::Object(request), slots: Vec::new(), lost: writer.losses.into_vec() }
}

struct Writer<'a> {
    format: ParameterFormat,
    samples: &'a SampleAddresses,
    losses: Losses,
}

impl Writer<'_> {
    fn components(&mut self, definition: &TemplateDefinition) -> Vec<Value> {
        let mut components = Vec::new();
        if let Some(header) = &definition.header {
            components.push(self.header(header, "header"));
        }
        if let Some(offer) = &definition.limited_time_offer {
            let offer = json!({ "text": offer.text, "has_expiration": offer.has_expiration });
            components.push(json!({ "type": "LIMITED_TIME_OFFER", "limited_time_offer": offer }));
        }
        if let Some(body) = &definition.body {
            components.push(self.text("BODY", "body_text", body));
        }
        if let Some(footer) = &definition.footer {
            components.push(json!({ "type": "FOOTER", "text": footer }));
        }
        components.extend(self.buttons(&definition.buttons, "buttons"));
        if !definition.cards.is_empty() {
            let cards: Vec<Value> = definition.cards.iter().enumerate().map(|(n, card)| self.card(n, card)).collect();
            components.push(json!({ "type": "CAROUSEL", "cards": cards }));
        }
        components
    }

    /// Meta supplies the text; nothing else may be added.
    fn authentication(&mut self, chosen: &AuthenticationText, buttons: &[TemplateButton]) -> Vec<Value> {
        let mut components =
            vec![json!({ "type": "BODY", "add_security_recommendation": chosen.add_security_recommendation })];
        if let Some(minutes) = chosen.code_expiration_minutes {
            components.push(json!({ "type": "FOOTER", "code_expiration_minutes": minutes }));
        }
        components.extend(self.buttons(buttons, "buttons"));
        components
    }

    fn header(&mut self, header: &TemplateHeader, place: &str) -> Value {
        match header {
            TemplateHeader::Text(text) => {
                let mut component = self.text("HEADER", "header_text", text);
                if let Value::Object(members) = &mut component {
                    members.insert("format".to_owned(), "TEXT".into());
                }
                component
            }
            TemplateHeader::Image(sample) | TemplateHeader::Video(sample) | TemplateHeader::Document(sample) => {
                json!({ "type": "HEADER", "format": header.kind().to_uppercase(),
                    "example": { "header_handle": [self.handle(sample, place)] } })
            }
            TemplateHeader::Location {} | TemplateHeader::Product {} => {
                json!({ "type": "HEADER", "format": header.kind().to_uppercase() })
            }
        }
    }

    fn handle(&mut self, sample: &MediaSample, place: &str) -> String {
        if sample.fixed {
            let why = "Meta keeps no medium with a template; the gateway gives the sample with each message.";
            self.losses.note(LostFeature::FixedMedia, format!("{place}.fixed"), why);
        }
        let known = self.samples.get(place).map(String::as_str).or(sample.shown());
        known.unwrap_or_default().to_owned()
    }

    /// A text component with its examples under `header_text` or `body_text`, or their named forms.
    fn text(&self, kind: &str, examples: &str, text: &TemplateText) -> Value {
        let mut component = json!({ "type": kind, "text": text.text });
        let variables = names(&text.text);
        if variables.is_empty() {
            return component;
        }
        let sample = |n: usize, name: &str| text.sample(self.format, n, name).unwrap_or_default().to_owned();
        let (member, given) = match self.format {
            ParameterFormat::Named => {
                let given = variables.iter().enumerate();
                let given = given.map(|(n, name)| json!({ "param_name": name, "example": sample(n, name) }));
                (format!("{examples}_named_params"), Value::Array(given.collect()))
            }
            ParameterFormat::Positional => {
                let given: Vec<String> = variables.iter().enumerate().map(|(n, name)| sample(n, name)).collect();
                // A header has one row of examples, a body a list of rows.
                (examples.to_owned(), if kind == "HEADER" { json!(given) } else { json!([given]) })
            }
        };
        if let Value::Object(members) = &mut component {
            members.insert("example".to_owned(), json!({ member: given }));
        }
        component
    }

    fn buttons(&mut self, buttons: &[TemplateButton], place: &str) -> Option<Value> {
        if buttons.is_empty() {
            return None;
        }
        let written: Vec<Value> =
            buttons.iter().enumerate().map(|(n, button)| self.button(button, &format!("{place}[{n}]"))).collect();
        Some(json!({ "type": "BUTTONS", "buttons": written }))
    }

    fn button(&mut self, button: &TemplateButton, place: &str) -> Value {
        match button {
            TemplateButton::QuickReply { text, payload } => {
                if payload.is_some() {
                    let why = "Meta keeps no payload with a template; the gateway gives it with each message.";
                    self.losses.note(LostFeature::QuickReplyPayload, format!("{place}.payload"), why);
                }
                json!({ "type": "QUICK_REPLY", "text": text })
            }
            TemplateButton::Url { text, url, sample } if !names(url).is_empty() => {
                let example = replaced(url, |_| sample.clone().unwrap_or_default());
                json!({ "type": "URL", "text": text, "url": url, "example": [example] })
            }
            TemplateButton::Url { text, url, .. } => json!({ "type": "URL", "text": text, "url": url }),
            TemplateButton::PhoneNumber { text, phone_number } => {
                json!({ "type": "PHONE_NUMBER", "text": text, "phone_number": phone_number })
            }
            TemplateButton::CopyCode { sample } => json!({ "type": "COPY_CODE", "example": sample }),
            TemplateButton::Flow { text, flow_id, flow_name, flow_action, navigate_screen } => {
                flow(text, flow_id.as_deref(), flow_name.as_deref(), *flow_action, navigate_screen.as_deref())
            }
            TemplateButton::Catalog { text } => json!({ "type": "CATALOG", "text": text }),
            TemplateButton::Mpm { text } => json!({ "type": "MPM", "text": text }),
            TemplateButton::Spm { text } => json!({ "type": "SPM", "text": text }),
            TemplateButton::Otp(otp) => otp_button(otp),
            TemplateButton::VoiceCall { text, ttl_minutes } => {
                let mut button = json!({ "type": "VOICE_CALL", "text": text });
                put(&mut button, "ttl_minutes", ttl_minutes.map(Value::from));
                button
            }
            TemplateButton::RequestContactInfo {} => json!({ "type": "REQUEST_CONTACT_INFO" }),
        }
    }

    fn card(&mut self, n: usize, card: &TemplateCard) -> Value {
        let mut components = vec![self.header(&card.header, &format!("cards[{n}].header"))];
        components.extend(card.body.as_ref().map(|body| self.text("BODY", "body_text", body)));
        components.extend(self.buttons(&card.buttons, &format!("cards[{n}].buttons")));
        json!({ "components": components })
    }
}

fn flow(
    text: &str,
    flow_id: Option<&str>,
    flow_name: Option<&str>,
    action: TemplateFlowAction,
    screen: Option<&str>,
) -> Value {
    let mut button = json!({ "type": "FLOW", "text": text, "flow_action": action });
    put(&mut button, "flow_id", flow_id.map(Value::from));
    put(&mut button, "flow_name", flow_name.map(Value::from));
    put(&mut button, "navigate_screen", screen.map(Value::from));
    button
}

fn otp_button(otp: &OtpButton) -> Value {
    let mut button = json!({ "type": "OTP", "otp_type": otp.otp_type.as_str().to_uppercase() });
    put(&mut button, "text", otp.text.clone().map(Value::from));
    put(&mut button, "autofill_text", otp.autofill_text.clone().map(Value::from));
    if !otp.supported_apps.is_empty() {
        put(&mut button, "supported_apps", Some(json!(otp.supported_apps)));
    }
    if otp.otp_type == OtpType::ZeroTap {
        put(&mut button, "zero_tap_terms_accepted", Some(otp.zero_tap_terms_accepted.into()));
    }
    button
}

fn put(target: &mut Value, name: &str, value: Option<Value>) {
    if let (Value::Object(members), Some(value)) = (target, value) {
        members.insert(name.to_owned(), value);
    }
}
