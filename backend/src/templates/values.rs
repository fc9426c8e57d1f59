//! Whether a message gives every value that its template needs: Twilio would fill in the samples without a word.

use std::collections::BTreeSet;

use crate::domain::template::{ButtonAction, ButtonValue, CardValue, HeaderValue, TemplateUse, TextValue};
use crate::domain::template_definition::placeholders::{names, replaced};
use crate::domain::template_definition::{
    ParameterFormat, TemplateButton, TemplateDefinition, TemplateHeader, TemplateText,
};
use crate::domain::time::Ts;
use crate::providers::templates::rules::BODY_CHARS;
use crate::providers::violation::{Violation, ViolationCode as V};

/// Every value that is missing, too much, or of another kind. Fields are paths of the message.
pub fn violations(definition: &TemplateDefinition, used: &TemplateUse, now: Ts) -> Vec<Violation> {
    let mut check = Check { format: definition.parameter_format, found: Vec::new() };
    if definition.is_authentication() {
        check.authentication(definition, used);
        return check.found;
    }
    check.header("content.header", definition.header.as_ref(), used.header.as_ref());
    check.body("content.body", definition.body.as_ref(), &used.body);
    check.buttons("content.buttons", &definition.buttons, &used.buttons);
    check.offer(definition, used, now);
    check.cards(definition, &used.cards);
    check.found
}

struct Check {
    format: ParameterFormat,
    found: Vec<Violation>,
}

impl Check {
    fn add(&mut self, field: impl Into<String>, code: V, message: impl Into<String>) {
        self.found.push(Violation::new(field, code, message));
    }

    fn header(&mut self, field: &str, wanted: Option<&TemplateHeader>, given: Option<&HeaderValue>) {
        let Some(wanted) = wanted else {
            if given.is_some() {
                self.add(field, V::Conflict, "the template has no header; leave it out");
            }
            return;
        };
        if let TemplateHeader::Text(text) = wanted {
            return self.text_header(field, text, given);
        }
        let fixed = wanted.media().is_some_and(|sample| sample.fixed);
        match given {
            None if fixed => {}
            None => {
                let message = format!("the template's header is of the type {}; give it", wanted.kind());
                self.add(field, V::Required, message);
            }
            Some(given) if kind_of(given) != wanted.kind() => {
                let message = format!("the template's header is of the type {}, not {}", wanted.kind(), kind_of(given));
                self.add(format!("{field}.type"), V::Conflict, message);
            }
            Some(_) => {}
        }
    }

    fn text_header(&mut self, field: &str, text: &TemplateText, given: Option<&HeaderValue>) {
        let variables = names(&text.text);
        match (variables.first(), given) {
            (None, None) => {}
            (None, Some(_)) => self.add(field, V::Conflict, "the template's header has no variable; leave it out"),
            (Some(name), None) => {
                self.add(field, V::Required, format!("the template's header needs a text for {{{{{name}}}}}"));
            }
            (Some(name), Some(HeaderValue::Text(value))) => self.named(field, name, value),
            (Some(_), Some(other)) => {
                let message = format!("the template's header is of the type text, not {}", kind_of(other));
                self.add(format!("{field}.type"), V::Conflict, message);
            }
        }
    }

    /// A value's name fits, where values have names.
    fn named(&mut self, field: &str, wanted: &str, value: &TextValue) {
        match (self.format, &value.name) {
            (ParameterFormat::Named, Some(name)) if name == wanted => {}
            (ParameterFormat::Named, Some(_)) => {
                self.add(format!("{field}.name"), V::NotFound, format!("the template's variable is {wanted}"));
            }
            (ParameterFormat::Named, None) => {
                self.add(format!("{field}.name"), V::Required, format!("the template's variable is {wanted}"));
            }
            (ParameterFormat::Positional, Some(_)) => {
                let message = "the template's variables are numbered; leave the name out";
                self.add(format!("{field}.name"), V::Conflict, message);
            }
            (ParameterFormat::Positional, None) => {}
        }
    }

    fn body(&mut self, field: &str, wanted: Option<&TemplateText>, given: &[TextValue]) {
        let text = wanted.map(|body| body.text.as_str()).unwrap_or_default();
        let variables = names(text);
        match self.format {
            ParameterFormat::Positional => self.numbered_body(field, variables.len(), given),
            ParameterFormat::Named => self.named_body(field, &variables, given),
        }
        if self.found.is_empty() {
            let value = |name: &str| {
                let place = variables.iter().position(|known| *known == name);
                let by_name = given.iter().find(|value| value.name.as_deref() == Some(name));
                let by_place = place.and_then(|place| given.get(place));
                let value = if self.format == ParameterFormat::Named { by_name } else { by_place };
                value.map(|value| value.text.clone()).unwrap_or_default()
            };
            if replaced(text, value).chars().count() > BODY_CHARS {
                self.add(field, V::TooLong, format!("filled, the body has more than {BODY_CHARS} characters"));
            }
        }
    }

    fn numbered_body(&mut self, field: &str, wanted: usize, given: &[TextValue]) {
        for (n, value) in given.iter().enumerate() {
            if n >= wanted {
                let message = format!("the template's body has {wanted} variables, and this is one more");
                self.add(format!("{field}[{n}]"), V::TooMany, message);
            } else if value.name.is_some() {
                let message = "the template's variables are numbered; leave the name out";
                self.add(format!("{field}[{n}].name"), V::Conflict, message);
            }
        }
        for n in given.len()..wanted {
            let message =
                format!("the template's body needs {wanted} values; the one for {{{{{}}}}} is missing", n + 1);
            self.add(format!("{field}[{n}]"), V::Required, message);
        }
    }

    fn named_body(&mut self, field: &str, variables: &[&str], given: &[TextValue]) {
        let mut seen = BTreeSet::new();
        for (n, value) in given.iter().enumerate() {
            match &value.name {
                None => {
                    let message = format!("the template's variables have names: {}", variables.join(", "));
                    self.add(format!("{field}[{n}].name"), V::Required, message);
                }
                Some(name) if !variables.contains(&name.as_str()) => {
                    let message = format!("the template's variables are {}", variables.join(", "));
                    self.add(format!("{field}[{n}].name"), V::NotFound, message);
                }
                Some(name) => {
                    seen.insert(name.as_str());
                }
            }
        }
        for missing in variables.iter().filter(|name| !seen.contains(**name)) {
            self.add(field, V::Required, format!("the value for {{{{{missing}}}}} is missing"));
        }
    }

    fn buttons(&mut self, field: &str, wanted: &[TemplateButton], given: &[ButtonValue]) {
        for (n, value) in given.iter().enumerate() {
            let place = format!("{field}[{n}]");
            match wanted.get(usize::from(value.index)) {
                None => {
                    let message = format!("the template has {} buttons, counted from 0", wanted.len());
                    self.add(format!("{place}.index"), V::NotFound, message);
                }
                Some(button) => self.button(&place, button, &value.action),
            }
        }
        for (n, button) in wanted.iter().enumerate() {
            let is_given = given.iter().any(|value| usize::from(value.index) == n);
            if let Some(what) = needed(button).filter(|_| !is_given) {
                let message = format!("button {n} ({}) needs {what}", button.kind());
                self.add(field, V::Required, message);
            }
        }
    }

    fn button(&mut self, field: &str, button: &TemplateButton, action: &ButtonAction) {
        let fits = match (button, action) {
            (TemplateButton::Url { url, .. }, ButtonAction::Url { .. }) => {
                if names(url).is_empty() {
                    self.add(field, V::Conflict, "the button's address has no variable; leave it out");
                }
                true
            }
            (TemplateButton::QuickReply { .. }, ButtonAction::QuickReply { .. })
            | (TemplateButton::CopyCode { .. }, ButtonAction::CopyCode { .. })
            | (TemplateButton::Flow { .. }, ButtonAction::Flow { .. })
            | (TemplateButton::Catalog { .. }, ButtonAction::Catalog { .. })
            | (TemplateButton::Mpm { .. }, ButtonAction::Products { .. }) => true,
            _ => false,
        };
        if !fits {
            self.add(format!("{field}.type"), V::Conflict, format!("the template's button is a {}", button.kind()));
        }
    }

    fn offer(&mut self, definition: &TemplateDefinition, used: &TemplateUse, now: Ts) {
        let field = "content.offer_expires_at";
        let ends = definition.limited_time_offer.as_ref().is_some_and(|offer| offer.has_expiration);
        match (ends, used.offer_expires_at) {
            (true, None) => self.add(field, V::Required, "the template's offer needs the time when it ends"),
            (true, Some(at)) if at <= now => self.add(field, V::Malformed, "the offer has ended already"),
            (false, Some(_)) => self.add(field, V::Conflict, "the template has no offer that ends; leave it out"),
            _ => {}
        }
    }

    fn cards(&mut self, definition: &TemplateDefinition, given: &[CardValue]) {
        let wanted = &definition.cards;
        if given.len() != wanted.len() {
            let code = if given.len() < wanted.len() { V::Required } else { V::TooMany };
            let message = format!("the template has {} cards; give the values of each", wanted.len());
            self.add("content.cards", code, message);
        }
        for (n, (card, value)) in wanted.iter().zip(given).enumerate() {
            let place = format!("content.cards[{n}]");
            self.header(&format!("{place}.header"), Some(&card.header), Some(&value.header));
            self.body(&format!("{place}.body"), card.body.as_ref(), &value.body);
            self.buttons(&format!("{place}.buttons"), &card.buttons, &value.buttons);
        }
    }

    /// The code, and nothing else; the button is filled with it.
    fn authentication(&mut self, definition: &TemplateDefinition, used: &TemplateUse) {
        if used.header.is_some() {
            self.add("content.header", V::Conflict, "an authentication template has no header; leave it out");
        }
        self.numbered_body("content.body", 1, &used.body);
        let code = used.body.first().map(|value| value.text.as_str());
        let place = definition.otp().map_or(0, |(place, _)| place);
        for (n, value) in used.buttons.iter().enumerate() {
            if usize::from(value.index) != place {
                let message = "an authentication template has one button";
                self.add(format!("content.buttons[{n}].index"), V::NotFound, message);
            } else if value.action.text() != code {
                self.add(format!("content.buttons[{n}]"), V::Conflict, "the button carries the same code as the body");
            }
        }
    }
}

/// What a message must give for a button.
fn needed(button: &TemplateButton) -> Option<&'static str> {
    match button {
        TemplateButton::Url { url, .. } if !names(url).is_empty() => Some("the end of its address"),
        TemplateButton::CopyCode { .. } => Some("the code that it copies"),
        TemplateButton::Flow { .. } => Some("what its flow is started with"),
        TemplateButton::Mpm { .. } => Some("the products that it shows"),
        _ => None,
    }
}

const fn kind_of(header: &HeaderValue) -> &'static str {
    match header {
        HeaderValue::Text(_) => "text",
        HeaderValue::Image(_) => "image",
        HeaderValue::Video(_) => "video",
        HeaderValue::Document(_) => "document",
        HeaderValue::Location(_) => "location",
        HeaderValue::Product { .. } => "product",
    }
}

#[cfg(test)]
mod tests;
