//! Whether the values of a form may stand: the provider's own rules, and those that channels of both have.

use secrecy::{ExposeSecret, SecretString};

use crate::domain::phone::Phone;
use crate::domain::provider::ProviderKind;
use crate::error::FieldError;
use crate::providers::form::{Form as Stage, Values, validate};

use super::form::Entry;

/// Longest name of a channel, in characters.
const LONGEST_NAME: usize = 80;

/// Every rule that the entries break; never repeats a value.
pub fn check(provider: ProviderKind, stage: Stage, entries: &[Entry]) -> Vec<FieldError> {
    let mut values = Values::new();
    let mut errors = Vec::new();
    for (field, value) in entries {
        let text = value.as_ref().map(ExposeSecret::expose_secret).unwrap_or_default();
        if *field == "name" {
            errors.extend(check_name(text));
        } else {
            values.insert((*field).to_owned(), text.to_owned());
        }
    }
    let broken = validate(provider, stage, &values);
    errors.extend(broken.into_iter().map(|rule| FieldError::new(rule.field, rule.code.as_str(), rule.message)));
    errors
}

/// The form in which a checked value is kept; an empty one is none.
pub fn kept(field: &str, value: Option<SecretString>) -> Option<SecretString> {
    let value = value.filter(|value| !value.expose_secret().is_empty())?;
    if field == "sender_number"
        && let Ok(phone) = Phone::parse(value.expose_secret())
    {
        return Some(phone.to_string().into());
    }
    Some(value)
}

fn check_name(text: &str) -> Option<FieldError> {
    match text.chars().count() {
        0 => Some(FieldError::new("name", "required", "give the channel a name")),
        1..=LONGEST_NAME if text.chars().any(char::is_control) => {
            Some(FieldError::new("name", "malformed", "a name has no control characters"))
        }
        1..=LONGEST_NAME => None,
        _ => Some(FieldError::new("name", "too_long", format!("at most {LONGEST_NAME} characters"))),
    }
}
