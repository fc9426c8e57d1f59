//! Completing a message from what is known of its template, so that callers need neither Twilio's SID nor its numbers, nor
//! repeat what the template says already.

use std::collections::BTreeMap;

use crate::channels::LoadedChannel;
use crate::domain::content::media::HeaderMedia;
use crate::domain::provider::ProviderKind;
use crate::domain::template::{
    ButtonAction, ButtonValue, HeaderValue, OneTimeCode, TemplateUse, TextValue, TwilioContent,
};
use crate::domain::template_definition::placeholders::names;
use crate::domain::template_definition::variables::{TemplatePart, VariablePlace};
use crate::domain::template_definition::{
    ParameterFormat, TemplateButton, TemplateDefinition, TemplateHeader, TemplateText,
};
use crate::providers::templates::Slot;
use crate::providers::violation::{Violation, ViolationCode as V};

/// What stands at the account.
pub(super) struct Standing {
    pub reference: String,
    pub definition: TemplateDefinition,
    pub slots: Vec<Slot>,
}

/// Fills in what the template itself says. The values have been checked.
pub(super) fn complete(channel: &LoadedChannel, standing: &Standing, used: &mut TemplateUse) -> Vec<Violation> {
    let definition = &standing.definition;
    if definition.is_authentication() {
        give_code_twice(definition, used);
    }
    match channel.provider {
        ProviderKind::Direct => {
            give_fixed_header(definition, used);
            give_payloads(definition, used);
            Vec::new()
        }
        ProviderKind::Twilio => give_variables(channel, standing, used),
    }
}

/// The stored Content of a one-time code, with the code in its one variable.
pub(super) fn complete_code(standing: &Standing, code: &mut OneTimeCode) {
    code.twilio = Some(stored_code(standing, &code.code));
}

/// Twilio keeps an authentication template's text to itself, and with it the place of the code (twilio.md §2.5).
fn stored_code(standing: &Standing, code: &str) -> TwilioContent {
    let number = standing.slots.first().map_or_else(|| "1".to_owned(), |slot| slot.number.clone());
    let variables = BTreeMap::from([(number, code.to_owned())]);
    TwilioContent { content_sid: standing.reference.clone(), variables: Some(variables) }
}

/// Meta wants the code in the button too (direct.md §2.5).
fn give_code_twice(definition: &TemplateDefinition, used: &mut TemplateUse) {
    let place = definition.otp().and_then(|(place, _)| u8::try_from(place).ok());
    if let (Some(index), Some(code), true) = (place, used.body.first(), used.buttons.is_empty()) {
        used.buttons.push(ButtonValue { index, action: ButtonAction::Url { text: code.text.clone() } });
    }
}

fn give_fixed_header(definition: &TemplateDefinition, used: &mut TemplateUse) {
    let Some(sample) = definition.header.as_ref().and_then(TemplateHeader::media).filter(|sample| sample.fixed) else {
        return;
    };
    if used.header.is_some() {
        return;
    }
    let media = HeaderMedia { media_id: sample.media_id, link: sample.link.clone(), filename: None };
    used.header = match definition.header {
        Some(TemplateHeader::Image(_)) => Some(HeaderValue::Image(media)),
        Some(TemplateHeader::Video(_)) => Some(HeaderValue::Video(media)),
        Some(TemplateHeader::Document(_)) => Some(HeaderValue::Document(media)),
        _ => None,
    };
}

/// What the template's replies bring back, where the message does not say otherwise.
fn give_payloads(definition: &TemplateDefinition, used: &mut TemplateUse) {
    for (n, button) in definition.buttons.iter().enumerate() {
        let Ok(index) = u8::try_from(n) else { continue };
        if let TemplateButton::QuickReply { payload: Some(payload), .. } = button
            && !used.buttons.iter().any(|value| value.index == index)
        {
            used.buttons.push(ButtonValue { index, action: ButtonAction::QuickReply { payload: payload.clone() } });
        }
    }
}

fn give_variables(channel: &LoadedChannel, standing: &Standing, used: &mut TemplateUse) -> Vec<Violation> {
    if let Some(given) = used.twilio.as_ref().and_then(|stored| stored.variables.as_ref()) {
        return check_given(standing, given);
    }
    if let (true, Some(code)) = (standing.definition.is_authentication(), used.body.first()) {
        used.twilio = Some(stored_code(standing, &code.text));
        return Vec::new();
    }
    let mut filler = Filler { channel, standing, used, variables: BTreeMap::new(), found: Vec::new() };
    for slot in &standing.slots {
        filler.fill(slot);
    }
    filler.check_fixed();
    let Filler { variables, found, .. } = filler;
    used.twilio = Some(TwilioContent { content_sid: standing.reference.clone(), variables: Some(variables) });
    found
}

/// A caller who numbers the variables numbers all of them.
fn check_given(standing: &Standing, given: &BTreeMap<String, String>) -> Vec<Violation> {
    let mut found = Vec::new();
    for slot in &standing.slots {
        if given.get(&slot.number).is_none_or(String::is_empty) {
            let message = format!("the value for {} ({}) is missing", slot.number, slot.place.field());
            found.push(Violation::new(format!("content.twilio.variables.{}", slot.number), V::Required, message));
        }
    }
    for number in given.keys().filter(|number| !standing.slots.iter().any(|slot| slot.number == **number)) {
        let field = format!("content.twilio.variables.{number}");
        found.push(Violation::new(field, V::NotFound, "the Content has no such variable"));
    }
    found
}

struct Filler<'a> {
    channel: &'a LoadedChannel,
    standing: &'a Standing,
    used: &'a TemplateUse,
    variables: BTreeMap<String, String>,
    found: Vec<Violation>,
}

impl Filler<'_> {
    fn fill(&mut self, slot: &Slot) {
        let Some(value) = self.value(slot) else { return };
        match self.variables.get(&slot.number) {
            Some(before) if *before != value => {
                let message = "this Content has one variable for several places; give the same value in each";
                self.found.push(Violation::new(slot.place.field(), V::Conflict, message));
            }
            _ => {
                self.variables.insert(slot.number.clone(), value);
            }
        }
    }

    /// The value of a slot; none for a medium of the gateway's own, whose address is known when the message goes out.
    fn value(&mut self, slot: &Slot) -> Option<String> {
        let VariablePlace { part, card, index } = slot.place;
        let (header, body, buttons) = match card {
            Some(card) => {
                let card = self.used.cards.get(usize::from(card))?;
                (Some(&card.header), &card.body, &card.buttons)
            }
            None => (self.used.header.as_ref(), &self.used.body, &self.used.buttons),
        };
        match part {
            TemplatePart::Header => self.header_value(slot, header),
            TemplatePart::Body => {
                let text = self.body_text(card)?;
                body_value(self.standing.definition.parameter_format, text, body, index).map(|value| value.text.clone())
            }
            TemplatePart::Button => {
                let given = buttons.iter().find(|value| value.index == index).map(|value| &value.action);
                self.button_value(slot, given)
            }
            TemplatePart::LimitedTimeOffer => None,
        }
    }

    fn body_text(&self, card: Option<u8>) -> Option<&TemplateText> {
        let definition = &self.standing.definition;
        match card {
            Some(card) => definition.cards.get(usize::from(card))?.body.as_ref(),
            None => definition.body.as_ref(),
        }
    }

    fn header_value(&mut self, slot: &Slot, given: Option<&HeaderValue>) -> Option<String> {
        let media = match given? {
            HeaderValue::Text(value) => return Some(value.text.clone()),
            HeaderValue::Image(media) | HeaderValue::Video(media) | HeaderValue::Document(media) => media,
            HeaderValue::Location(_) | HeaderValue::Product { .. } => return None,
        };
        let prefix = slot.prefix.as_deref().unwrap_or_default();
        let field = slot.place.field();
        if media.media_id.is_some() {
            if !self.channel.public_base.as_str().starts_with(prefix) {
                let message = format!("this Content takes media from {prefix} only; give a link there");
                self.found.push(Violation::new(format!("{field}.media_id"), V::Unsupported, message));
            }
            return None;
        }
        let end = media.link.as_deref().and_then(|link| link.strip_prefix(prefix));
        match end.filter(|end| !end.is_empty()) {
            Some(end) => Some(end.to_owned()),
            None => {
                let message = format!("at Twilio this template's medium is at an address that begins with {prefix}");
                self.found.push(Violation::new(format!("{field}.link"), V::Unsupported, message));
                None
            }
        }
    }

    fn button_value(&mut self, slot: &Slot, given: Option<&ButtonAction>) -> Option<String> {
        match given {
            Some(ButtonAction::Flow { flow_token, data }) => {
                if data.is_some() {
                    let message = "Twilio starts flows without data; send it on a direct channel";
                    self.found.push(Violation::new(slot.place.field(), V::Unsupported, message));
                }
                if flow_token.is_none() {
                    let message = "Twilio needs the flow's token; give flow_token";
                    self.found.push(Violation::new(slot.place.field(), V::Required, message));
                }
                flow_token.clone()
            }
            Some(action) => action.text().map(str::to_owned),
            // Only a reply has a default; what else is missing was refused before.
            None => Some(slot.sample.clone()).filter(|sample| !sample.is_empty()),
        }
    }

    /// What the Content says itself can't be said otherwise.
    fn check_fixed(&mut self) {
        let definition = &self.standing.definition;
        let has_slot = |place: VariablePlace| self.standing.slots.iter().any(|slot| slot.place == place);
        let mut found = Vec::new();
        for (n, value) in self.used.buttons.iter().enumerate() {
            let button = definition.buttons.get(usize::from(value.index));
            if let (Some(TemplateButton::QuickReply { text, payload }), ButtonAction::QuickReply { payload: given }) =
                (button, &value.action)
                && !has_slot(VariablePlace::button(usize::from(value.index)))
                && given != payload.as_ref().unwrap_or(text)
            {
                let message = "this Content always gives back the same payload; leave it out";
                found.push(Violation::new(format!("content.buttons[{n}].payload"), V::Unsupported, message));
            }
        }
        if self.used.header.is_some()
            && definition.header.as_ref().and_then(TemplateHeader::media).is_some_and(|sample| sample.fixed)
        {
            let message = "this Content always shows the same medium; leave it out";
            found.push(Violation::new("content.header", V::Unsupported, message));
        }
        self.found.extend(found);
    }
}

/// The value of the body's variable at a place.
fn body_value<'a>(
    format: ParameterFormat,
    text: &TemplateText,
    given: &'a [TextValue],
    index: u8,
) -> Option<&'a TextValue> {
    let place = usize::from(index);
    match format {
        ParameterFormat::Positional => given.get(place),
        ParameterFormat::Named => {
            let variables = names(&text.text);
            let name = variables.get(place)?;
            given.iter().find(|value| value.name.as_deref() == Some(name))
        }
    }
}
