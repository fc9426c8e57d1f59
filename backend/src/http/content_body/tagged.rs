//! The enums that stand inside contents: what is wrong in one of them, member by member.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{below, members, unknown_tag, untag};
use crate::domain::content::Kind;
use crate::domain::content::interactive::{CardMedia, ProductSection, ReplyButton};
use crate::domain::content::media::HeaderMedia;
use crate::domain::content::plain::LocationContent;
use crate::domain::template::TextValue;
use crate::error::FieldError;

/// What is wrong with the enum at a place of a kind; `None` where no enum stands, or none is found to be wrong.
pub(super) fn fault(kind: Kind, place: &str, value: &Value) -> Option<FieldError> {
    let checked = match (kind, place) {
        (Kind::ReplyButtons | Kind::CtaUrl | Kind::Flow, "header") => header(value),
        (Kind::Carousel, "cards[]") => card(value),
        (Kind::Template, "header" | "cards[].header") => header_value(value),
        (Kind::Template, "buttons[]" | "cards[].buttons[]") => button(value),
        _ => Ok(()),
    };
    checked.err()
}

/// One enum: its tag, and for each tag the members that belong to it.
fn one_of(value: &Value, tags: &'static [(&'static str, Members)]) -> Result<(), FieldError> {
    let (tag, rest) = untag(value, || tags.iter().map(|(tag, _)| *tag).collect())?;
    match tags.iter().find(|(known, _)| *known == tag) {
        Some((_, check)) => check(&rest).map_err(|(wrong, _)| wrong),
        None => Err(unknown_tag(&tags.iter().map(|(tag, _)| *tag).collect::<Vec<_>>())),
    }
}

/// Reads the members of one variant; says where it went wrong, and the shape of that place.
type Members = fn(&Value) -> Result<(), (FieldError, String)>;

fn header(value: &Value) -> Result<(), FieldError> {
    one_of(
        value,
        &[
            ("text", members::<Text>),
            ("image", members::<HeaderMedia>),
            ("video", members::<HeaderMedia>),
            ("document", members::<HeaderMedia>),
        ],
    )
}

fn header_value(value: &Value) -> Result<(), FieldError> {
    one_of(
        value,
        &[
            ("text", members::<TextValue>),
            ("image", members::<HeaderMedia>),
            ("video", members::<HeaderMedia>),
            ("document", members::<HeaderMedia>),
            ("location", members::<LocationContent>),
            ("product", members::<Product>),
        ],
    )
}

fn card(value: &Value) -> Result<(), FieldError> {
    one_of(
        value,
        &[("url", pictured::<UrlCard>), ("reply_buttons", pictured::<ReplyCard>), ("product", members::<Product>)],
    )
}

/// A card, whose picture is an enum of its own.
fn pictured<T: serde::de::DeserializeOwned>(value: &Value) -> Result<(), (FieldError, String)> {
    members::<T>(value).map_err(|(wrong, place)| match (place.as_str(), value.get("header").map(card_media)) {
        ("header", Some(Err(inner))) => (below("header", inner), place),
        _ => (wrong, place),
    })
}

fn card_media(value: &Value) -> Result<(), FieldError> {
    one_of(value, &[("image", members::<HeaderMedia>), ("video", members::<HeaderMedia>)])
}

fn button(value: &Value) -> Result<(), FieldError> {
    one_of(
        value,
        &[
            ("url", members::<UrlButton>),
            ("quick_reply", members::<QuickReplyButton>),
            ("copy_code", members::<CopyCodeButton>),
            ("flow", members::<FlowButton>),
            ("catalog", members::<CatalogButton>),
            ("products", members::<ProductsButton>),
        ],
    )
}

/// Members of variants that have no type of their own. Only read, to find what is wrong.
macro_rules! shapes {
    ($($name:ident { $($member:ident: $type:ty),+ $(,)? })+) => {$(
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "read for its faults alone")]
        struct $name { $($member: $type),+ }
    )+};
}

shapes! {
    Text { text: String }
    Product { catalog_id: String, product_id: String }
    UrlCard { header: CardMedia, body: Option<String>, button: String, url: String }
    ReplyCard { header: CardMedia, body: Option<String>, buttons: Vec<ReplyButton> }
    UrlButton { index: u8, text: String }
    QuickReplyButton { index: u8, payload: String }
    CopyCodeButton { index: u8, code: String }
    FlowButton { index: u8, flow_token: Option<String>, data: Option<Map<String, Value>> }
    CatalogButton { index: u8, thumbnail_product_id: String }
    ProductsButton { index: u8, thumbnail_product_id: String, sections: Vec<ProductSection> }
}
