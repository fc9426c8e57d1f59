//! Phone numbers in E.164.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use utoipa::ToSchema;

/// An E.164 number: a plus sign, then 7 to 15 digits that begin with an assigned calling code.
///
/// Whether the number is in use can't be known here; reserved ranges (test numbers) are accepted.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, examples("+447700900123"))]
pub struct Phone(String);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    #[error("a number starts with + and its country's calling code, like +447700900123")]
    NoPlus,
    #[error("a number has 7 to 15 digits after the +")]
    Length,
    #[error("a number has only digits after the + (spaces, dots, dashes and brackets are ignored)")]
    NotDigits,
    #[error("no country has this calling code")]
    CallingCode,
}

impl Phone {
    /// Reads a number as people write it; blanks, dots, dashes and brackets are dropped.
    ///
    /// # Errors
    /// See [`PhoneError`]; a missing plus sign is never guessed.
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let mut kept = String::with_capacity(16);
        for c in text.trim().chars() {
            match c {
                '+' if kept.is_empty() => kept.push('+'),
                '0'..='9' if kept.is_empty() => return Err(PhoneError::NoPlus),
                '0'..='9' => kept.push(c),
                ' ' | '\u{a0}' | '.' | '-' | '(' | ')' | '/' => {}
                _ => return Err(PhoneError::NotDigits),
            }
        }
        if kept.is_empty() {
            return Err(PhoneError::NoPlus);
        }
        if !(8..=16).contains(&kept.len()) {
            return Err(PhoneError::Length);
        }
        if kept.starts_with("+0") || phonenumber::parse(None, &kept).is_err() {
            return Err(PhoneError::CallingCode);
        }
        Ok(Self(kept))
    }

    /// Reads the digits of a `wa_id` (no plus sign), as Meta and Twilio's `WaId` write them.
    ///
    /// # Errors
    /// See [`PhoneError`].
    pub fn from_wa_id(digits: &str) -> Result<Self, PhoneError> {
        Self::parse(&format!("+{digits}"))
    }

    /// Whether a number in E.164 is of a country whose numbers have another form: Mexico, Argentina, Brazil.
    pub fn may_have_other_form(number: &str) -> bool {
        ["+52", "+54", "+55"].iter().any(|country| number.starts_with(country))
    }

    /// The other form under which the same person may be known (direct.md §2.2): WhatsApp drops or adds a digit in the mobile
    /// numbers of three countries. Brazil has a 9 after the area code, Mexico a 1 and Argentina a 9 after the country's.
    pub fn other_form(&self) -> Option<Self> {
        let digits = self.digits();
        let other = if let Some(rest) = digits.strip_prefix("55") {
            // What begins with 2 to 5 without the 9 is a landline: a mobile number never had that form.
            match (rest.len(), rest.as_bytes().get(2..4)?) {
                (11, [b'9', b'6'..=b'9']) => Some(format!("{}{}", rest.get(..2)?, rest.get(3..)?)),
                (10, [b'6'..=b'9', _]) => Some(format!("{}9{}", rest.get(..2)?, rest.get(2..)?)),
                _ => None,
            }
            .map(|rest| format!("+55{rest}"))
        } else if let Some(rest) = digits.strip_prefix("52") {
            with_or_without(rest, '1').map(|rest| format!("+52{rest}"))
        } else if let Some(rest) = digits.strip_prefix("54") {
            with_or_without(rest, '9').map(|rest| format!("+54{rest}"))
        } else {
            None
        };
        other.map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The digits without the plus sign: WhatsApp's `wa_id` form.
    pub fn digits(&self) -> &str {
        self.0.trim_start_matches('+')
    }
}

/// Ten digits with a mobile mark before them, or the same without it.
fn with_or_without(rest: &str, mark: char) -> Option<String> {
    match rest.len() {
        11 => rest.strip_prefix(mark).map(str::to_owned),
        10 => Some(format!("{mark}{rest}")),
        _ => None,
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = self.0.len().saturating_sub(4);
        write!(f, "Phone(…{})", self.0.get(shown..).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Phone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Phone::parse(&text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accepts_written_forms() {
        for text in ["+447700900123", " +44 7700 900123 ", "+44 (7700) 900-123", "+1.500.555.0001"] {
            assert!(Phone::parse(text).is_ok(), "{text}");
        }
        assert_eq!(Phone::parse("+44 7700 900123").unwrap().digits(), "447700900123");
    }

    #[test]
    fn refuses_what_is_no_number() {
        assert_eq!(Phone::parse("07700900123"), Err(PhoneError::NoPlus));
        assert_eq!(Phone::parse(""), Err(PhoneError::NoPlus));
        assert_eq!(Phone::parse("+12"), Err(PhoneError::Length));
        assert_eq!(Phone::parse("+44770090012345678"), Err(PhoneError::Length));
        assert_eq!(Phone::parse("+44abc7700900"), Err(PhoneError::NotDigits));
        assert_eq!(Phone::parse("+0447700900123"), Err(PhoneError::CallingCode));
        assert_eq!(Phone::parse("+9997700900123"), Err(PhoneError::CallingCode));
    }

    #[test]
    fn some_mobile_numbers_have_two_forms() {
        let other = |text: &str| Phone::parse(text).unwrap().other_form().map(|phone| phone.to_string());
        for (long, short) in [
            ("+5511987654321", "+551187654321"),
            ("+5215512345678", "+525512345678"),
            ("+5491123456789", "+541123456789"),
        ] {
            assert_eq!(other(long).as_deref(), Some(short));
            assert_eq!(other(short).as_deref(), Some(long));
        }
        for only in ["+551132654321", "+5511932654321", "+447700900123", "+15551230001", "+5215512"] {
            assert_eq!(other(only), None, "{only}");
        }
    }

    proptest! {
        #[test]
        fn the_other_form_of_the_other_form_is_the_number(digits in "5[245][0-9]{6,12}") {
            let phone = Phone(format!("+{digits}"));
            if let Some(other) = phone.other_form() {
                prop_assert_eq!(other.other_form(), Some(phone));
            }
        }

        #[test]
        fn never_panics_and_is_stable(text in "\\PC{0,24}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.as_str()).unwrap(), phone);
            }
        }
    }
}
