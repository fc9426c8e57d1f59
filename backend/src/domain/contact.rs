//! People: a contact's key is ours; phone and business-scoped user ids are identities of it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::phone::{Phone, PhoneError};
use super::provider::word;

/// A business-scoped user id such as `GB.11112222333344445555`: opaque, case-sensitive, different for every business portfolio.
/// Form: `^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$` (direct.md §3.4).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Bsuid(String);

impl Bsuid {
    pub fn parse(text: &str) -> Option<Self> {
        let (country, rest) = text.split_once('.')?;
        let id = rest.strip_prefix("ENT.").unwrap_or(rest);
        let well_formed = country.len() == 2
            && country.bytes().all(|b| b.is_ascii_uppercase())
            && (1..=128).contains(&id.len())
            && id.bytes().all(|b| b.is_ascii_alphanumeric());
        well_formed.then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Bsuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whom a message goes to or came from: a phone number, or a person known only by a business-scoped user id.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Recipient {
    Phone(Phone),
    Bsuid(Bsuid),
}

impl Recipient {
    pub fn phone(&self) -> Option<&Phone> {
        match self {
            Self::Phone(phone) => Some(phone),
            Self::Bsuid(_) => None,
        }
    }

    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.as_str(),
            Self::Bsuid(id) => id.as_str(),
        }
    }

    pub fn identity(&self) -> Identity {
        match self {
            Self::Phone(phone) => Identity::phone(phone),
            Self::Bsuid(id) => Identity::bsuid(id),
        }
    }
}

impl PartialSchema for Recipient {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("A phone number in E.164, or a business-scoped user id."))
            .examples(["+447700900123", "GB.11112222333344445555"])
            .into()
    }
}

impl ToSchema for Recipient {}

impl FromStr for Recipient {
    type Err = PhoneError;
    fn from_str(text: &str) -> Result<Self, PhoneError> {
        match Bsuid::parse(text) {
            Some(id) => Ok(Self::Bsuid(id)),
            None => Phone::parse(text).map(Self::Phone),
        }
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

word! {
    /// What an identity of a contact is.
    pub enum IdentityKind {
        Phone = "phone",
        Bsuid = "bsuid",
    }
}

/// One name under which a provider knows a person.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, ToSchema)]
pub struct Identity {
    pub kind: IdentityKind,
    pub value: String,
}

impl Identity {
    pub fn phone(phone: &Phone) -> Self {
        Self { kind: IdentityKind::Phone, value: phone.as_str().to_owned() }
    }

    pub fn bsuid(id: &Bsuid) -> Self {
        Self { kind: IdentityKind::Bsuid, value: id.as_str().to_owned() }
    }

    /// The name in all its forms, this one first.
    pub fn forms(&self) -> impl Iterator<Item = Self> + use<> {
        std::iter::once(self.clone()).chain(self.other_form())
    }

    /// The other form of the same name, where there is one; see [`Phone::other_form`].
    pub fn other_form(&self) -> Option<Self> {
        match self.kind {
            // Numbers are read by the million, and only a few countries' have another form.
            IdentityKind::Phone if Phone::may_have_other_form(&self.value) => {
                Phone::parse(&self.value).ok()?.other_form().map(|phone| Self::phone(&phone))
            }
            IdentityKind::Phone | IdentityKind::Bsuid => None,
        }
    }
}

/// A person as a webhook describes them; at least one identity is present.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    pub phone: Option<Phone>,
    pub bsuid: Option<Bsuid>,
    /// Other names of the same person: another form of the number, the user id of a linked portfolio, or a former one.
    pub further: Vec<Identity>,
    /// As the person calls themselves.
    pub name: Option<String>,
    /// The person's name on WhatsApp, which stands in for a number (direct.md §3.4).
    pub username: Option<String>,
}

impl Person {
    /// How to write back: by number when there is one.
    pub fn recipient(&self) -> Option<Recipient> {
        self.phone.clone().map(Recipient::Phone).or_else(|| self.bsuid.clone().map(Recipient::Bsuid))
    }

    /// All identities, the number first: in the order of trust.
    pub fn identities(&self) -> Vec<Identity> {
        let mut all: Vec<Identity> = self.phone.iter().map(Identity::phone).collect();
        all.extend(self.bsuid.iter().map(Identity::bsuid));
        for further in &self.further {
            if !all.contains(further) {
                all.push(further.clone());
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bsuid_never_passes_through_the_phone_parser() {
        assert!(matches!("GB.11112222333344445555".parse(), Ok(Recipient::Bsuid(_))));
        assert!(matches!("GB.ENT.abc".parse(), Ok(Recipient::Bsuid(_))));
        assert!(matches!("+447700900123".parse(), Ok(Recipient::Phone(_))));
        assert!("gb.1111".parse::<Recipient>().is_err());
        assert!("GB.".parse::<Recipient>().is_err());
    }
}
