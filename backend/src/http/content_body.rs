//! The content of a message as it came, read in two steps: the tag, and then the members of that kind. So what is wrong names
//! its field, which an enum read at one go can't.

mod tagged;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};

use super::extract::field_problem;
use crate::domain::content::{Content, Kind};
use crate::error::{ApiError, FieldError};

/// Not read yet.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct ContentBody(Value);

impl ContentBody {
    /// # Errors
    /// [`crate::error::Code::ValidationFailed`] with the path of the field that is unknown, missing or of another type.
    pub fn read(&self) -> Result<Content, ApiError> {
        content(&self.0).map_err(|wrong| ApiError::fields(vec![below("content", wrong)]))
    }
}

fn content(value: &Value) -> Result<Content, FieldError> {
    let (tag, members) = untag(value, || Kind::ALL.iter().map(|kind| kind.as_str()).collect())?;
    let kind: Kind =
        tag.parse().map_err(|_| unknown_tag(&Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>()))?;
    Ok(match kind {
        Kind::Text => Content::Text(of_kind(kind, &members)?),
        Kind::Image => Content::Image(of_kind(kind, &members)?),
        Kind::Video => Content::Video(of_kind(kind, &members)?),
        Kind::Audio => Content::Audio(of_kind(kind, &members)?),
        Kind::Document => Content::Document(of_kind(kind, &members)?),
        Kind::Sticker => Content::Sticker(of_kind(kind, &members)?),
        Kind::Location => Content::Location(of_kind(kind, &members)?),
        Kind::Contacts => Content::Contacts(of_kind(kind, &members)?),
        Kind::Reaction => Content::Reaction(of_kind(kind, &members)?),
        Kind::ReplyButtons => Content::ReplyButtons(of_kind(kind, &members)?),
        Kind::List => Content::List(of_kind(kind, &members)?),
        Kind::CtaUrl => Content::CtaUrl(of_kind(kind, &members)?),
        Kind::Flow => Content::Flow(of_kind(kind, &members)?),
        Kind::LocationRequest => Content::LocationRequest(of_kind(kind, &members)?),
        Kind::AddressRequest => Content::AddressRequest(of_kind(kind, &members)?),
        Kind::Product => Content::Product(of_kind(kind, &members)?),
        Kind::ProductList => Content::ProductList(of_kind(kind, &members)?),
        Kind::Catalog => Content::Catalog(of_kind(kind, &members)?),
        Kind::Carousel => Content::Carousel(of_kind(kind, &members)?),
        Kind::Template => Content::Template(of_kind(kind, &members)?),
        Kind::OneTimeCode => Content::OneTimeCode(of_kind(kind, &members)?),
    })
}

/// The members of a kind. Where an enum stands among them, the error is looked for inside it.
fn of_kind<T: DeserializeOwned>(kind: Kind, members: &Value) -> Result<T, FieldError> {
    serde_path_to_error::deserialize(members).map_err(|error| {
        let deeper = value_at(members, error.path()).and_then(|value| tagged::fault(kind, &shape(error.path()), value));
        match deeper {
            Some(wrong) => below(&error.path().to_string(), wrong),
            None => named(&error),
        }
    })
}

/// A part that is read for its faults alone.
fn members<T: DeserializeOwned>(members: &Value) -> Result<(), (FieldError, String)> {
    match serde_path_to_error::deserialize::<_, T>(members) {
        Ok(_) => Ok(()),
        Err(error) => Err((named(&error), shape(error.path()))),
    }
}

fn named(error: &serde_path_to_error::Error<serde_json::Error>) -> FieldError {
    let problem = field_problem(&error.path().to_string(), &error.inner().to_string());
    problem.errors.into_iter().next().unwrap_or_else(|| FieldError::new("", "invalid_value", "is not valid"))
}

/// An object without its tag, and the tag.
fn untag(value: &Value, tags: impl FnOnce() -> Vec<&'static str>) -> Result<(&str, Value), FieldError> {
    let Value::Object(object) = value else {
        return Err(FieldError::new("", "invalid_type", "expected an object"));
    };
    match object.get("type") {
        Some(Value::String(tag)) => {
            let members: Map<String, Value> = object
                .iter()
                .filter(|(name, _)| *name != "type")
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            Ok((tag, Value::Object(members)))
        }
        Some(_) => Err(FieldError::new("type", "invalid_type", "expected a string")),
        None => Err(FieldError::new("type", "required", format!("is required: {}", one_of(&tags())))),
    }
}

fn unknown_tag(tags: &[&str]) -> FieldError {
    FieldError::new("type", "invalid_value", format!("expected {}", one_of(tags)))
}

fn one_of(tags: &[&str]) -> String {
    format!("one of `{}`", tags.join("`, `"))
}

/// The path without its numbers: `cards[].header`.
fn shape(path: &Path) -> String {
    let mut shape = String::new();
    for segment in path {
        match segment {
            Segment::Seq { .. } => shape.push_str("[]"),
            Segment::Map { key } => {
                if !shape.is_empty() {
                    shape.push('.');
                }
                shape.push_str(key);
            }
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    shape
}

fn value_at<'v>(value: &'v Value, path: &Path) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, segment| match segment {
        Segment::Seq { index } => value.get(index),
        Segment::Map { key } => value.get(key),
        Segment::Enum { .. } | Segment::Unknown => Some(value),
    })
}

/// The same complaint about a field that stands below another.
fn below(path: &str, wrong: FieldError) -> FieldError {
    let field = match wrong.field.as_str() {
        "" | "(body)" => path.to_owned(),
        name => format!("{path}.{name}"),
    };
    FieldError { field, ..wrong }
}

#[cfg(test)]
mod tests;
