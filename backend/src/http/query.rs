//! The query's parameters. One that is a list takes its words separated by commas, or comes several times, or both.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};

use super::extract::field_problem;
use crate::error::{ApiError, Code};

/// The parameters as a type, which denies unknown ones.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

/// # Errors
/// [`Code::InvalidParameter`], naming the parameter.
pub fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    let mut named: BTreeMap<Cow<'_, str>, Values<'_>> = BTreeMap::new();
    for (name, value) in url::form_urlencoded::parse(text.as_bytes()) {
        named.entry(name).or_default().0.push(value);
    }
    let pairs = MapDeserializer::<_, Error>::new(named.into_iter());
    serde_path_to_error::deserialize(pairs).map_err(|error| {
        let path = error.path().to_string();
        field_problem(&path, &error.into_inner().to_string()).with_code(Code::InvalidParameter)
    })
}

/// Everything that came under one name.
#[derive(Default)]
struct Values<'a>(Vec<Cow<'a, str>>);

impl<'a> Values<'a> {
    /// The value of a parameter that is no list.
    fn one(mut self) -> Result<Cow<'a, str>, Error> {
        match (self.0.pop(), self.0.len()) {
            (Some(only), 0) => Ok(only),
            (_, others) => Err(Error::custom(format!("comes {} times; give it once", others + 1))),
        }
    }
}

/// Numbers and switches, read from their text.
macro_rules! parsed {
    ($($method:ident $visit:ident),+ $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.$visit(self.one()?.parse().map_err(Error::custom)?)
        }
    )+};
}

impl<'de> Deserializer<'de> for Values<'_> {
    type Error = Error;

    parsed! {
        deserialize_bool visit_bool,
        deserialize_i8 visit_i8,
        deserialize_i16 visit_i16,
        deserialize_i32 visit_i32,
        deserialize_i64 visit_i64,
        deserialize_u8 visit_u8,
        deserialize_u16 visit_u16,
        deserialize_u32 visit_u32,
        deserialize_u64 visit_u64,
        deserialize_f64 visit_f64,
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_string(self.one()?.into_owned())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.one()?.into_owned().into_deserializer().deserialize_enum(name, variants, visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let words = self.0.iter().flat_map(|value| value.split(',')).map(|word| Values(vec![Cow::Borrowed(word)]));
        SeqDeserializer::new(words).deserialize_seq(visitor)
    }

    forward_to_deserialize_any! {
        i128 u128 f32 char str string bytes byte_buf unit unit_struct tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de> for Values<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::domain::provider::ProviderKind;
    use crate::http::extract::Paging;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Wanted {
        limit: Option<u16>,
        name: Option<String>,
        provider: Option<Vec<ProviderKind>>,
    }

    fn complaint<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> (Code, String, String) {
        let error = parse::<T>(text).unwrap_err();
        (error.code, error.errors[0].field.clone(), error.errors[0].code.to_string())
    }

    #[test]
    fn a_wrong_parameter_is_named() {
        let of = |field: &str, code: &str| (Code::InvalidParameter, field.to_owned(), code.to_owned());
        assert_eq!(complaint::<Paging>("limit=many"), of("limit", "invalid_value"));
        assert_eq!(complaint::<Paging>("sort=up"), of("sort", "unknown_field"));
        assert_eq!(complaint::<Wanted>("limit=1&limit=2"), of("limit", "invalid_value"));
        assert_eq!(complaint::<Wanted>("name=a&name=b"), of("name", "invalid_value"));
        assert_eq!(complaint::<Wanted>("provider=twilio,pigeon"), of("provider[1]", "invalid_value"));
        assert_eq!(complaint::<Wanted>("provider="), of("provider[0]", "invalid_value"));
    }

    #[test]
    fn a_list_takes_commas_and_repetition() {
        let all = Some(vec![ProviderKind::Twilio, ProviderKind::Direct]);
        for text in ["provider=twilio,direct", "provider=twilio&provider=direct", "provider=twilio%2Cdirect"] {
            assert_eq!(parse::<Wanted>(text).unwrap().provider, all, "{text}");
        }
        let other = parse::<Wanted>("name=a,b%20c&limit=7").unwrap();
        assert_eq!((other.name.as_deref(), other.limit, other.provider), (Some("a,b c"), Some(7), None));
    }
}
