//! Bodies that are told apart by `provider`, which stands in each variant as a field.
//!
//! The derives would keep the word out of the variants' schemas, and a closed schema then refuses what the server accepts.

use std::fmt;

use serde::de::{DeserializeOwned, Error};
use serde_json::{Map, Value};
use utoipa::openapi::schema::{Discriminator, OneOfBuilder, Schema};
use utoipa::openapi::{Ref, RefOr};

use crate::domain::provider::ProviderKind;

const TAG: &str = "provider";

/// Reads an enum with the variants `Twilio` and `Direct`, and describes it.
macro_rules! told_apart {
    ($name:ident: $twilio:ident, $direct:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let body = serde::Deserialize::deserialize(deserializer)?;
                match $crate::channels::union::provider_of(&body)? {
                    $crate::domain::provider::ProviderKind::Twilio => {
                        $crate::channels::union::read(body).map(Self::Twilio)
                    }
                    $crate::domain::provider::ProviderKind::Direct => {
                        $crate::channels::union::read(body).map(Self::Direct)
                    }
                }
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                $crate::channels::union::schema(stringify!($twilio), stringify!($direct))
            }
        }

        impl utoipa::ToSchema for $name {
            fn schemas(schemas: &mut Vec<(String, utoipa::openapi::RefOr<utoipa::openapi::schema::Schema>)>) {
                schemas.push((stringify!($twilio).to_owned(), <$twilio as utoipa::PartialSchema>::schema()));
                schemas.push((stringify!($direct).to_owned(), <$direct as utoipa::PartialSchema>::schema()));
                <$twilio as utoipa::ToSchema>::schemas(schemas);
                <$direct as utoipa::ToSchema>::schemas(schemas);
            }
        }
    };
}
pub(super) use told_apart;

pub(super) fn provider_of<E: Error>(body: &Map<String, Value>) -> Result<ProviderKind, E> {
    let word = body.get(TAG).ok_or_else(|| E::missing_field(TAG))?;
    let word = word.as_str().ok_or_else(|| E::custom("invalid type: provider, expected a string"))?;
    word.parse().map_err(|_| E::unknown_variant(word, &["twilio", "direct"]))
}

pub(super) fn read<T: DeserializeOwned, E: Error>(body: Map<String, Value>) -> Result<T, E> {
    serde_json::from_value(Value::Object(body)).map_err(|error| E::custom::<&dyn fmt::Display>(&error))
}

pub(super) fn schema(twilio: &str, direct: &str) -> RefOr<Schema> {
    let mapping = [(ProviderKind::Twilio, twilio), (ProviderKind::Direct, direct)]
        .map(|(provider, name)| (provider.as_str(), format!("#/components/schemas/{name}")));
    let one_of = OneOfBuilder::new()
        .item(Ref::from_schema_name(twilio))
        .item(Ref::from_schema_name(direct))
        .description(Some("Told apart by `provider`."))
        .discriminator(Some(Discriminator::with_mapping(TAG, mapping)));
    RefOr::T(Schema::from(one_of))
}
