//! Cards to swipe through: all of one shape.

use crate::domain::content::interactive::{Card, CardMedia, CarouselContent};

use super::super::capabilities::limits::CarouselLimits;
use super::super::violation::ViolationCode as V;
use super::rules::Found;
use super::{interactive, media, products};

pub(super) fn carousel(content: &CarouselContent, found: &mut Found<'_>) {
    let Some(limits) = found.can.carousel else { return };
    interactive::body(&content.body, found);
    found.count("content.cards", "cards", content.cards.len(), limits.min_cards.value, limits.max_cards);
    for (n, card) in content.cards.iter().enumerate() {
        card_at(&format!("content.cards[{n}]"), card, &limits, found);
    }
    same_shape(&content.cards, found);
}

fn card_at(at: &str, card: &Card, limits: &CarouselLimits, found: &mut Found<'_>) {
    match card {
        Card::Url { header, body, button, url } => {
            picture(at, header, found);
            text(at, body.as_deref(), limits, found);
            found.text(&format!("{at}.button"), "the label", button, limits.max_button_chars);
            found.web(&format!("{at}.url"), url);
        }
        Card::ReplyButtons { header, body, buttons } => {
            picture(at, header, found);
            text(at, body.as_deref(), limits, found);
            found.count(&format!("{at}.buttons"), "buttons", buttons.len(), 1, limits.max_buttons);
            interactive::buttons(at, buttons, limits.max_button_id_chars, limits.max_button_chars, found);
        }
        Card::Product { catalog_id, product_id } => {
            products::id(&format!("{at}.catalog_id"), catalog_id, found);
            products::id(&format!("{at}.product_id"), product_id, found);
        }
    }
}

fn picture(at: &str, header: &CardMedia, found: &mut Found<'_>) {
    match header {
        CardMedia::Image(medium) | CardMedia::Video(medium) => media::picture(&format!("{at}.header"), medium, found),
    }
}

fn text(at: &str, body: Option<&str>, limits: &CarouselLimits, found: &mut Found<'_>) {
    let field = format!("{at}.body");
    found.optional(&field, "the card's text", body, limits.max_body_chars);
    let breaks = body.unwrap_or_default().matches('\n').count() as u64;
    if breaks > limits.max_line_breaks.value {
        let message =
            format!("a card's text has at most {} line breaks; join some lines", limits.max_line_breaks.value);
        found.add(field, V::TooMany, message);
    }
}

/// What must be the same on every card.
#[derive(PartialEq, Eq)]
enum Shape<'a> {
    Url { film: bool },
    ReplyButtons { film: bool, buttons: usize },
    Product { catalog_id: &'a str },
}

impl<'a> Shape<'a> {
    fn of(card: &'a Card) -> Self {
        let is_film = |header: &CardMedia| matches!(header, CardMedia::Video(_));
        match card {
            Card::Url { header, .. } => Self::Url { film: is_film(header) },
            Card::ReplyButtons { header, buttons, .. } => {
                Self::ReplyButtons { film: is_film(header), buttons: buttons.len() }
            }
            Card::Product { catalog_id, .. } => Self::Product { catalog_id },
        }
    }
}

fn same_shape(cards: &[Card], found: &mut Found<'_>) {
    let Some(first) = cards.first().map(Shape::of) else { return };
    for (n, card) in cards.iter().enumerate().skip(1) {
        if Shape::of(card) != first {
            let message = "all cards have the same shape: the same type, the same kind of picture, as many buttons, and the same catalogue as the first";
            found.add(format!("content.cards[{n}]"), V::Conflict, message);
        }
    }
}
