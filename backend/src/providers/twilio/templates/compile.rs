//! From a definition to a Content (twilio.md §2.5, §8.4): one row of variables over header, body, buttons and cards.

use serde_json::{Map, Value, json};

use crate::domain::template_definition::placeholders::{names, replaced};
use crate::domain::template_definition::variables::VariablePlace;
use crate::domain::template_definition::{
    AuthenticationText, MediaSample, OtpType, ParameterFormat, TemplateButton, TemplateCard, TemplateDefinition,
    TemplateFlowAction, TemplateHeader, TemplateText,
};
use crate::providers::templates::{Compiled, Losses, LostFeature, SampleAddresses, Slot};

/// The sample of the variable that carries a one-time code.
const CODE: &str = "493817";
/// The sample of a flow's token.
const FLOW_TOKEN: &str = "flow-token";
/// The labels of buttons whose text is WhatsApp's own.
const COPY_LABEL: &str = "Copy code";

/// The body of `POST /v1/Content`.
pub fn compile(definition: &TemplateDefinition, samples: &SampleAddresses) -> Compiled {
    let mut writer = Writer { definition, samples, slots: Vec::new(), losses: Losses::default() };
    let (kind, content) = writer.content();
    writer.settings();
    let variables: Map<String, Value> =
        writer.slots.iter().map(|slot| (slot.number.clone(), slot.sample.clone().into())).collect();
    let request = json!({
        "friendly_name": definition.name,
        "language": definition.language,
        "variables": variables,
        "types": { kind: content },
    });
    Compiled { request, slots: writer.slots, lost: writer.losses.into_vec() }
}

struct Writer<'a> {
    definition: &'a TemplateDefinition,
    samples: &'a SampleAddresses,
    slots: Vec<Slot>,
    losses: Losses,
}

impl Writer<'_> {
    /// The one type that holds the template.
    fn content(&mut self) -> (&'static str, Value) {
        let definition = self.definition;
        if let Some(chosen) = &definition.authentication {
            return ("whatsapp/authentication", self.authentication(chosen));
        }
        if !definition.cards.is_empty() {
            return ("twilio/carousel", self.carousel());
        }
        if definition.limited_time_offer.is_some() {
            let why = "Twilio has no limited-time offers; submit it on a direct channel, or say in the body when the offer ends.";
            self.losses.block(LostFeature::LimitedTimeOffer, "limited_time_offer", why);
        }
        if definition.buttons.iter().any(|button| matches!(button, TemplateButton::Flow { .. })) {
            return ("whatsapp/flows", self.flow());
        }
        let header = self.header();
        let body = self.body(definition.body.as_ref(), None);
        let actions = self.actions(&definition.buttons, "buttons", None);
        let mut content = json!({ "body": body });
        let mut put = |name: &str, value: Value| {
            if let Value::Object(members) = &mut content {
                members.insert(name.to_owned(), value);
            }
        };
        let only =
            |fits: fn(&TemplateButton) -> bool| !definition.buttons.is_empty() && definition.buttons.iter().all(fits);
        let bare = header.is_none() && definition.footer.is_none();
        let is_media = matches!(header, Some(("media", _)));
        let kind = if bare && actions.is_empty() {
            "twilio/text"
        } else if is_media && definition.footer.is_none() && actions.is_empty() {
            "twilio/media"
        } else if bare && only(|button| matches!(button, TemplateButton::QuickReply { .. })) {
            "twilio/quick-reply"
        } else if bare && only(|button| !matches!(button, TemplateButton::QuickReply { .. })) {
            "twilio/call-to-action"
        } else {
            "whatsapp/card"
        };
        if kind == "whatsapp/card"
            && let Some(n) = position(&definition.buttons, |one| matches!(one, TemplateButton::RequestContactInfo {}))
        {
            let why = "Twilio's cards have no request for the phone number; use it without header, footer and replies.";
            self.losses.block(LostFeature::ContactRequestBesideOthers, format!("buttons[{n}]"), why);
        }
        if let Some((name, value)) = header {
            put(name, value);
        }
        if let Some(footer) = &definition.footer {
            put("footer", footer.clone().into());
        }
        if !actions.is_empty() {
            put("actions", actions.into());
        }
        (kind, content)
    }

    /// What no part of a Content holds.
    fn settings(&mut self) {
        if self.definition.message_send_ttl_seconds.is_some() {
            let why = "Twilio's templates have no time to live; WhatsApp's default counts.";
            self.losses.note(LostFeature::MessageSendTtl, "message_send_ttl_seconds", why);
        }
        let named = self.definition.parameter_format == ParameterFormat::Named;
        if named && !self.definition.variables().is_empty() {
            let why = "Twilio numbers its variables; the gateway translates the names when it sends.";
            self.losses.note(LostFeature::NamedVariables, "parameter_format", why);
        }
    }

    /// The next variable, with its braces.
    fn slot(&mut self, place: VariablePlace, prefix: Option<&str>, sample: &str) -> String {
        let number = (self.slots.len() + 1).to_string();
        let braced = format!("{{{{{number}}}}}");
        self.slots.push(Slot { number, place, prefix: prefix.map(str::to_owned), sample: sample.to_owned() });
        braced
    }

    fn header(&mut self) -> Option<(&'static str, Value)> {
        match self.definition.header.as_ref()? {
            TemplateHeader::Text(text) => {
                let place = VariablePlace::HEADER;
                let format = self.definition.parameter_format;
                let text = replaced(&text.text, |name| {
                    self.slot(place, None, text.sample(format, 0, name).unwrap_or_default())
                });
                Some(("header_text", text.into()))
            }
            TemplateHeader::Image(sample) | TemplateHeader::Video(sample) | TemplateHeader::Document(sample) => {
                let address = self.media(sample, "header", VariablePlace::HEADER);
                Some(("media", json!([address])))
            }
            TemplateHeader::Location {} => {
                let why = "Twilio has no header with a location; submit it on a direct channel, or put the address into the body.";
                self.losses.block(LostFeature::LocationHeader, "header", why);
                None
            }
            TemplateHeader::Product {} => {
                let why = "Twilio has no header with a product; submit it on a direct channel.";
                self.losses.block(LostFeature::ProductHeader, "header", why);
                None
            }
        }
    }

    /// A medium's address: its host is fixed, the rest is a variable unless the sample itself goes out.
    fn media(&mut self, sample: &MediaSample, place: &str, at: VariablePlace) -> String {
        let known = self.samples.get(place).map(String::as_str).or(sample.link.as_deref());
        let Some(link) = known else {
            let why = "Twilio fetches the sample from a public address; give the header a link.";
            self.losses.block(LostFeature::SampleAddress, place, why);
            return String::new();
        };
        if sample.fixed {
            return link.to_owned();
        }
        let host_ends = link.find("://").and_then(|scheme| {
            let host = link.get(scheme + 3..)?;
            host.find('/').map(|slash| scheme + 3 + slash + 1)
        });
        let Some((host, path)) = host_ends.and_then(|end| link.split_at_checked(end)) else {
            return link.to_owned();
        };
        let why = format!("At Twilio the address of each message's medium begins with {host}.");
        self.losses.note(LostFeature::MediaHost, format!("{place}.link"), why);
        format!("{host}{}", self.slot(at, Some(host), path))
    }

    fn body(&mut self, body: Option<&TemplateText>, card: Option<usize>) -> String {
        let Some(body) = body else { return String::new() };
        let order = names(&body.text);
        let format = self.definition.parameter_format;
        let mut numbers: Vec<String> = Vec::with_capacity(order.len());
        for (n, name) in order.iter().enumerate() {
            let sample = body.sample(format, n, name).unwrap_or_default();
            numbers.push(self.slot(VariablePlace::body(n).on_card(card), None, sample));
        }
        replaced(&body.text, |name| {
            let at = order.iter().position(|known| *known == name);
            at.and_then(|at| numbers.get(at)).cloned().unwrap_or_default()
        })
    }

    fn actions(&mut self, buttons: &[TemplateButton], place: &str, card: Option<usize>) -> Vec<Value> {
        let buttons = buttons.iter().enumerate();
        buttons
            .filter_map(|(n, button)| {
                self.action(button, &format!("{place}[{n}]"), VariablePlace::button(n).on_card(card))
            })
            .collect()
    }

    fn action(&mut self, button: &TemplateButton, place: &str, at: VariablePlace) -> Option<Value> {
        match button {
            TemplateButton::QuickReply { text, payload } => {
                let id = self.slot(at, None, payload.as_ref().unwrap_or(text));
                Some(json!({ "type": "QUICK_REPLY", "title": text, "id": id }))
            }
            TemplateButton::Url { text, url, sample } => {
                let url = replaced(url, |_| self.slot(at, None, sample.as_deref().unwrap_or_default()));
                Some(json!({ "type": "URL", "title": text, "url": url }))
            }
            TemplateButton::PhoneNumber { text, phone_number } => {
                Some(json!({ "type": "PHONE_NUMBER", "title": text, "phone": phone_number }))
            }
            TemplateButton::CopyCode { sample } => {
                let code = self.slot(at, None, sample);
                Some(json!({ "type": "COPY_CODE", "title": COPY_LABEL, "code": code }))
            }
            TemplateButton::VoiceCall { text, ttl_minutes } => {
                if ttl_minutes.is_some() {
                    let why = "Twilio does not say how long a call button works; WhatsApp's default counts.";
                    self.losses.note(LostFeature::VoiceCallTtl, format!("{place}.ttl_minutes"), why);
                }
                Some(json!({ "type": "VOICE_CALL", "title": text }))
            }
            TemplateButton::RequestContactInfo {} => Some(json!({ "type": "REQUEST_CONTACT_INFO" })),
            TemplateButton::Catalog { .. } => {
                self.lacking(LostFeature::CatalogButton, place, "a button to the catalogue")
            }
            TemplateButton::Mpm { .. } => self.lacking(LostFeature::MpmButton, place, "a button to several products"),
            TemplateButton::Spm { .. } => self.lacking(LostFeature::SpmButton, place, "a button to a product"),
            // Both stand alone in a type of their own.
            TemplateButton::Flow { .. } | TemplateButton::Otp(_) => None,
        }
    }

    fn lacking(&mut self, feature: LostFeature, place: &str, what: &str) -> Option<Value> {
        let why = format!("Twilio does not confirm {what} in templates; submit it on a direct channel.");
        self.losses.block(feature, place, why);
        None
    }

    fn flow(&mut self) -> Value {
        let definition = self.definition;
        let mut content = Map::new();
        match &definition.header {
            Some(TemplateHeader::Image(sample)) => {
                let address = self.media(sample, "header", VariablePlace::HEADER);
                content.insert("media_url".to_owned(), address.into());
            }
            Some(_) => {
                let why =
                    "Twilio's flows have no header but a picture; leave it out, or submit it on a direct channel.";
                self.losses.block(LostFeature::FlowBesideOthers, "header", why);
            }
            None => {}
        }
        content.insert("body".to_owned(), self.body(definition.body.as_ref(), None).into());
        if let Some(footer) = &definition.footer {
            content.insert("subtitle".to_owned(), footer.clone().into());
        }
        for (n, button) in definition.buttons.iter().enumerate() {
            let place = format!("buttons[{n}]");
            let TemplateButton::Flow { text, flow_id, flow_action, navigate_screen, .. } = button else {
                let why =
                    "At Twilio a flow stands alone; leave the other buttons out, or submit it on a direct channel.";
                self.losses.block(LostFeature::FlowBesideOthers, place, why);
                continue;
            };
            if flow_id.is_none() {
                let why = "Twilio knows flows by their id only; give flow_id.";
                self.losses.block(LostFeature::FlowName, format!("{place}.flow_name"), why);
            }
            content.insert("button_text".to_owned(), text.clone().into());
            content.insert("flow_id".to_owned(), flow_id.clone().unwrap_or_default().into());
            content.insert("flow_token".to_owned(), self.slot(VariablePlace::button(n), None, FLOW_TOKEN).into());
            if let Some(screen) = navigate_screen {
                content.insert("flow_first_page_id".to_owned(), screen.clone().into());
            }
            if *flow_action == TemplateFlowAction::DataExchange {
                content.insert("is_flow_first_page_endpoint".to_owned(), true.into());
            }
        }
        Value::Object(content)
    }

    fn authentication(&mut self, chosen: &AuthenticationText) -> Value {
        let otp = self.definition.otp();
        let place = otp.map_or_else(|| "buttons".to_owned(), |(n, _)| format!("buttons[{n}].otp_type"));
        match otp.map(|(_, otp)| otp.otp_type) {
            Some(OtpType::OneTap) => {
                let why = "Twilio has no one-tap codes; use copy_code, or submit it on a direct channel.";
                self.losses.block(LostFeature::OneTap, place, why);
            }
            Some(OtpType::ZeroTap) => {
                let why = "Twilio has no zero-tap codes; use copy_code, or submit it on a direct channel.";
                self.losses.block(LostFeature::ZeroTap, place, why);
            }
            Some(OtpType::CopyCode) | None => {}
        }
        self.slot(VariablePlace::body(0), None, CODE);
        let label = otp.and_then(|(_, otp)| otp.text.as_deref()).unwrap_or(COPY_LABEL);
        let mut content = json!({
            "add_security_recommendation": chosen.add_security_recommendation,
            "actions": [{ "type": "COPY_CODE", "copy_code_text": label }],
        });
        if let (Some(minutes), Value::Object(members)) = (chosen.code_expiration_minutes, &mut content) {
            members.insert("code_expiration_minutes".to_owned(), minutes.into());
        }
        content
    }

    fn carousel(&mut self) -> Value {
        let definition = self.definition;
        let body = self.body(definition.body.as_ref(), None);
        let cards: Vec<Value> = definition.cards.iter().enumerate().map(|(n, card)| self.card(n, card)).collect();
        json!({ "body": body, "cards": cards })
    }

    fn card(&mut self, n: usize, card: &TemplateCard) -> Value {
        let mut written = Map::new();
        let at = VariablePlace::HEADER.on_card(Some(n));
        let place = format!("cards[{n}].header");
        match &card.header {
            TemplateHeader::Image(sample) | TemplateHeader::Video(sample) | TemplateHeader::Document(sample) => {
                written.insert("media".to_owned(), self.media(sample, &place, at).into());
            }
            _ => {
                let why = "Twilio's carousels show pictures or films; submit one with products on a direct channel.";
                self.losses.block(LostFeature::ProductCarousel, place, why);
            }
        }
        match &card.body {
            Some(body) => {
                let body = self.body(Some(body), Some(n));
                written.insert("body".to_owned(), body.into());
            }
            None => {
                let why = "Twilio's cards need a text; give each card a body.";
                self.losses.block(LostFeature::CardBody, format!("cards[{n}].body"), why);
            }
        }
        let actions = self.actions(&card.buttons, &format!("cards[{n}].buttons"), Some(n));
        written.insert("actions".to_owned(), actions.into());
        Value::Object(written)
    }
}

fn position(buttons: &[TemplateButton], fits: impl Fn(&TemplateButton) -> bool) -> Option<usize> {
    buttons.iter().position(fits)
}
