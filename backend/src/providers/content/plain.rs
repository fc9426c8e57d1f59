//! Text, places and reactions.

use crate::domain::content::plain::{LocationContent, ReactionContent, TextContent};
use crate::domain::provider::ProviderKind;

use super::super::capabilities::DIRECT;
use super::super::violation::ViolationCode as V;
use super::emoji::is_one_emoji;
use super::rules::{Found, length};

pub(super) fn text(text: &TextContent, found: &mut Found<'_>) {
    let limit = found.can.text.max_chars.value;
    if text.body.trim().is_empty() {
        found.add("content.body", V::Empty, "the text is empty; write at least one character");
    } else if length(&text.body) > limit {
        let instead = match found.can.provider {
            ProviderKind::Twilio => {
                format!("split it, or send it on a direct channel ({})", DIRECT.text.max_chars.value)
            }
            ProviderKind::Direct => "split it".to_owned(),
        };
        found.add("content.body", V::TooLong, format!("the text has more than {limit} characters; {instead}"));
    }
}

/// `at` is where the place stands: `content`, or a template's header.
pub(super) fn location(at: &str, place: &LocationContent, found: &mut Found<'_>) {
    let Some(limits) = found.can.location else { return };
    degrees(&format!("{at}.latitude"), "the latitude", place.latitude, limits.max_latitude.value, found);
    degrees(&format!("{at}.longitude"), "the longitude", place.longitude, limits.max_longitude.value, found);
    found.optional(&format!("{at}.name"), "the name", place.name.as_deref(), limits.max_name_chars);
    found.optional(&format!("{at}.address"), "the address", place.address.as_deref(), limits.max_address_chars);
}

fn degrees(field: &str, what: &str, value: f64, most: u64, found: &mut Found<'_>) {
    let bound = u32::try_from(most).map_or(f64::INFINITY, f64::from);
    if !(-bound..=bound).contains(&value) {
        found.add(field, V::Malformed, format!("{what} is from -{most} to {most} degrees"));
    }
}

pub(super) fn reaction(reaction: &ReactionContent, found: &mut Found<'_>) {
    if !reaction.emoji.is_empty() && !is_one_emoji(&reaction.emoji) {
        found.add("content.emoji", V::Malformed, "give exactly one emoji, or an empty text to remove the reaction");
    }
}
