//! Checks what was filled into a channel's form.

use std::collections::BTreeMap;

use regex::Regex;
use url::Url;

use crate::domain::phone::Phone;
use crate::domain::provider::ProviderKind;

use super::descriptor::{FieldDescriptor, SelectField, TextRule, fields};
use super::violation::{Violation, ViolationCode as V};

const SENDER_NUMBER: &str = super::twilio::form::SENDER_NUMBER.name;

/// Values by the fields' names. Blanks at their ends do not count; an empty value is none.
pub type Values = BTreeMap<String, String>;

/// What is being filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A new channel: every required field must be there.
    New,
    /// A change: only what is given is checked.
    Change,
}

/// Every rule that the values break, in the order of the form.
pub fn validate(provider: ProviderKind, form: Form, values: &Values) -> Vec<Violation> {
    let known = descriptors(provider);
    let mut found: Vec<Violation> = known.iter().filter_map(|field| check(field, form, values)).collect();
    let is_known = |name: &str| known.iter().any(|f| f.name() == name && !matches!(f, FieldDescriptor::Copy(_)));
    for name in values.keys().filter(|name| !is_known(name)) {
        found.push(Violation::new(name.as_str(), V::UnknownField, "the form has no such field"));
    }
    if provider == ProviderKind::Twilio {
        if form == Form::New {
            found.extend(half_api_key(values));
        }
        if found.iter().all(|violation| violation.field != SENDER_NUMBER) {
            found.extend(no_country(values));
        }
    }
    found
}

fn given<'a>(values: &'a Values, name: &str) -> Option<&'a str> {
    values.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// The address in a copy field does not matter for checking.
fn descriptors(provider: ProviderKind) -> Vec<FieldDescriptor> {
    Url::parse("https://gateway.invalid").map(|base| fields(provider, &base)).unwrap_or_default()
}

fn check(field: &FieldDescriptor, form: Form, values: &Values) -> Option<Violation> {
    let name = field.name();
    let Some(value) = given(values, name) else {
        // A change may clear what is optional; a required field that is named must keep a value.
        let missing = field.required() && (form == Form::New || values.contains_key(name));
        return missing.then(|| Violation::new(name, V::Required, "this field is needed"));
    };
    match field {
        FieldDescriptor::Text(text) => check_rule(name, &text.rule, value),
        FieldDescriptor::Secret(secret) => check_rule(name, &secret.rule, value),
        FieldDescriptor::Select(select) => check_option(name, select, value),
        FieldDescriptor::Switch(_) => (!matches!(value, "true" | "false"))
            .then(|| Violation::new(name, V::Malformed, "this is either true or false")),
        FieldDescriptor::Copy(_) => None,
    }
}

fn check_rule(name: &str, rule: &TextRule, value: &str) -> Option<Violation> {
    let length = value.chars().count();
    if length < rule.min_length as usize {
        return Some(Violation::new(name, V::TooShort, format!("too short; it has {}", rule.expected)));
    }
    if length > rule.max_length as usize {
        return Some(Violation::new(name, V::TooLong, format!("too long; it has {}", rule.expected)));
    }
    // A pattern that does not compile would let everything pass; a test compiles each.
    let matches = Regex::new(rule.pattern).is_ok_and(|pattern| pattern.is_match(value));
    (!matches).then(|| Violation::new(name, V::Malformed, format!("it has {}", rule.expected)))
}

fn check_option(name: &str, select: &SelectField, value: &str) -> Option<Violation> {
    let known = select.options.iter().any(|option| option.value == value);
    (!known).then(|| Violation::new(name, V::Malformed, "this is none of the choices"))
}

/// The pattern can't tell whether a country has the calling code.
fn no_country(values: &Values) -> Option<Violation> {
    let error = Phone::parse(given(values, SENDER_NUMBER)?).err()?;
    Some(Violation::new(SENDER_NUMBER, V::Malformed, error.to_string()))
}

/// An API key is a pair.
fn half_api_key(values: &Values) -> Option<Violation> {
    let [sid, secret] = ["api_key_sid", "api_key_secret"].map(|name| (name, given(values, name)));
    let missing = match (sid, secret) {
        ((name, None), (_, Some(_))) | ((_, Some(_)), (name, None)) => name,
        _ => return None,
    };
    Some(Violation::new(missing, V::Conflict, "key SID and key secret are given together or not at all"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(provider: ProviderKind) -> impl Iterator<Item = (&'static str, TextRule)> {
        descriptors(provider).into_iter().filter_map(|field| match field {
            FieldDescriptor::Text(text) => Some((text.name, text.rule)),
            FieldDescriptor::Secret(secret) => Some((secret.name, secret.rule)),
            FieldDescriptor::Select(_) | FieldDescriptor::Switch(_) | FieldDescriptor::Copy(_) => None,
        })
    }

    fn filled(provider: ProviderKind) -> Values {
        samples(provider).map(|(name, rule)| (name.to_owned(), rule.samples.valid[0].to_owned())).collect()
    }

    #[test]
    fn samples_keep_or_break_their_rule() {
        for provider in ProviderKind::ALL {
            for (name, rule) in samples(*provider) {
                for valid in rule.samples.valid {
                    assert_eq!(check_rule(name, &rule, valid), None, "{name}: {valid}");
                }
                for invalid in rule.samples.invalid {
                    assert!(check_rule(name, &rule, invalid).is_some(), "{name}: {invalid}");
                }
                // No look-around, so that the pattern means the same in JavaScript.
                assert!(!rule.pattern.contains("(?"), "{name}");
                assert!(rule.pattern.starts_with('^') && rule.pattern.ends_with('$'), "{name}");
            }
        }
    }

    #[test]
    fn a_filled_form_stands_blanks_around_pasted_values_included() {
        for provider in ProviderKind::ALL {
            let mut values = filled(*provider);
            assert_eq!(validate(*provider, Form::New, &values), []);
            values.values_mut().for_each(|value| *value = format!("  {value}\n"));
            assert_eq!(validate(*provider, Form::New, &values), []);
        }
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let found = validate(ProviderKind::Direct, Form::New, &Values::new());
        let fields: Vec<_> = found.iter().map(|violation| violation.field.as_str()).collect();
        assert_eq!(
            fields,
            ["whatsapp_app_id", "app_secret", "whatsapp_access_token", "waba_id", "whatsapp_business_phone_id"]
        );
        assert!(validate(ProviderKind::Direct, Form::Change, &Values::new()).is_empty());

        let odd = Values::from([("auth_token".into(), "s3cret".into()), ("colour".into(), "red".into())]);
        let found = validate(ProviderKind::Twilio, Form::Change, &odd);
        assert_eq!(
            found.iter().map(|v| (v.field.as_str(), v.code)).collect::<Vec<_>>(),
            [("auth_token", V::TooShort), ("colour", V::UnknownField)]
        );
        assert!(!format!("{found:?}").contains("s3cret"));
    }

    #[test]
    fn a_sender_number_belongs_to_a_country() {
        let number = |text: &str| Values::from([("sender_number".to_owned(), text.to_owned())]);
        assert!(validate(ProviderKind::Twilio, Form::Change, &number("+447700900123")).is_empty());
        for odd in ["+9997700900123", "07700900123"] {
            let found = validate(ProviderKind::Twilio, Form::Change, &number(odd));
            assert_eq!(
                found.iter().map(|v| (v.field.as_str(), v.code)).collect::<Vec<_>>(),
                [("sender_number", V::Malformed)]
            );
        }
    }

    #[test]
    fn an_api_key_is_a_pair() {
        let mut values = filled(ProviderKind::Twilio);
        values.remove("api_key_secret");
        let found = validate(ProviderKind::Twilio, Form::New, &values);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].field.as_str(), found[0].code), ("api_key_secret", V::Conflict));
    }

    #[test]
    fn a_change_may_clear_only_what_is_optional() {
        let cleared = |name: &str| Values::from([(name.to_owned(), String::new())]);
        assert!(validate(ProviderKind::Twilio, Form::Change, &cleared("api_key_sid")).is_empty());
        assert_eq!(validate(ProviderKind::Twilio, Form::Change, &cleared("auth_token"))[0].code, V::Required);
    }

    #[test]
    fn values_to_copy_name_their_placeholders() {
        let base = Url::parse("https://gw.example.com/duplex").unwrap();
        let templates: Vec<String> = ProviderKind::ALL
            .iter()
            .flat_map(|provider| fields(*provider, &base))
            .filter_map(|field| match field {
                FieldDescriptor::Copy(copy) => Some(copy.template),
                _ => None,
            })
            .collect();
        assert_eq!(
            templates,
            [
                "https://gw.example.com/duplex/hooks/twilio/{channel_id}",
                "https://gw.example.com/duplex/hooks/direct/{whatsapp_app_id}",
                "{verify_token}",
            ]
        );
    }
}
