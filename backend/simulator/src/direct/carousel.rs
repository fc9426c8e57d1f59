//! Checks of the cards of an interactive carousel (direct.md §2.4).

use std::collections::HashSet;

use serde_json::Value;

use super::errors::{Graph, GraphError};
use super::inspection::Inspection;
use super::interactive::{picture_or_text, url_button};
use super::validate::{optional_text, required_text};

const TEXT_LIMIT: usize = 160;
const LINE_BREAKS: usize = 2;

/// What a card's buttons are: all cards have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Buttons<'a> {
    Url,
    Replies(usize),
    /// Of this catalogue.
    Product(&'a str),
}

/// Checks the cards and says what stands on their buttons.
pub(super) fn cards(inspection: &mut Inspection<'_>, action: &Value) -> Graph<Vec<String>> {
    let cards = action.get("cards").and_then(Value::as_array);
    let cards = cards.ok_or_else(|| GraphError::missing("interactive.action.cards"))?;
    if !(2..=10).contains(&cards.len()) {
        return Err(GraphError::invalid("interactive.action.cards", "between 2 and 10 cards are allowed"));
    }
    let (mut shown, mut first) = (Vec::new(), None);
    let mut indexes = HashSet::new();
    for card in cards {
        let index = card.get("card_index").and_then(Value::as_u64);
        let index = index.ok_or_else(|| GraphError::missing("interactive.action.cards.card_index"))?;
        if index >= cards.len() as u64 || !indexes.insert(index) {
            return Err(GraphError::invalid("interactive.action.cards.card_index", "must count from 0"));
        }
        let buttons = match required_text(card, "/type", 16)? {
            "cta_url" => media_card(inspection, card, &mut shown)?,
            "product" => {
                shown.push(required_text(card, "/action/product_retailer_id", 256)?.to_owned());
                Buttons::Product(required_text(card, "/action/catalog_id", 64)?)
            }
            _ => return Err(GraphError::invalid("interactive.action.cards.type", "must be cta_url or product")),
        };
        if *first.get_or_insert(buttons) != buttons {
            return Err(GraphError::invalid("interactive.action.cards", "all cards must have the same buttons"));
        }
    }
    Ok(shown)
}

fn media_card<'a>(inspection: &mut Inspection<'_>, card: &'a Value, shown: &mut Vec<String>) -> Graph<Buttons<'a>> {
    let header = card.get("header").ok_or_else(|| GraphError::missing("interactive.action.cards.header"))?;
    let format = required_text(header, "/type", 16)?;
    if !matches!(format, "image" | "video") {
        return Err(GraphError::invalid("interactive.action.cards.header.type", "must be image or video"));
    }
    picture_or_text(inspection, header, format)?;
    let text = optional_text(card, "/body/text", TEXT_LIMIT)?;
    if text.is_some_and(|text| text.matches('\n').count() > LINE_BREAKS) {
        return Err(GraphError::invalid("interactive.action.cards.body.text", "at most 2 line breaks are allowed"));
    }
    let action = card.get("action").ok_or_else(|| GraphError::missing("interactive.action.cards.action"))?;
    let Some(replies) = action.get("buttons") else {
        shown.push(url_button(action)?);
        return Ok(Buttons::Url);
    };
    let replies = replies.as_array().filter(|replies| !replies.is_empty());
    let replies = replies.ok_or_else(|| GraphError::missing("interactive.action.cards.action.buttons"))?;
    for reply in replies {
        if required_text(reply, "/type", 16)? != "quick_reply" {
            return Err(GraphError::invalid("interactive.action.cards.action.buttons.type", "must be quick_reply"));
        }
        required_text(reply, "/quick_reply/id", 20)?;
        shown.push(required_text(reply, "/quick_reply/title", 20)?.to_owned());
    }
    Ok(Buttons::Replies(replies.len()))
}
