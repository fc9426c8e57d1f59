//! The cards of a carousel that needs no approval (direct.md §2.4).

use serde::Serialize;

use super::Unwritable;
use super::interactive::{Action, Button, Header, Parameters, Reply, Text};
use super::media::Medium;
use crate::domain::content::interactive as say;
use crate::providers::Prepared;

#[derive(Serialize)]
pub(super) struct Card<'a> {
    card_index: usize,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<Header<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Text<'a>>,
    action: Box<Action<'a>>,
}

impl<'a> Card<'a> {
    pub fn of(card_index: usize, card: &'a say::Card, prepared: &'a Prepared) -> Result<Self, Unwritable> {
        Ok(match card {
            say::Card::Url { header, body, button, url } => Self {
                card_index,
                kind: "cta_url",
                header: Some(picture(header, prepared)?),
                body: body.as_deref().map(|text| Text { text }),
                action: Box::new(Action::Named {
                    name: "cta_url",
                    parameters: Some(Parameters::CtaUrl { display_text: button, url }),
                }),
            },
            say::Card::ReplyButtons { header, body, buttons } => Self {
                card_index,
                // Meta's own example keeps this type although the buttons answer.
                kind: "cta_url",
                header: Some(picture(header, prepared)?),
                body: body.as_deref().map(|text| Text { text }),
                action: Box::new(Action::Buttons {
                    buttons: buttons
                        .iter()
                        .map(|button| Button::QuickReply { quick_reply: Reply::of(button) })
                        .collect(),
                }),
            },
            say::Card::Product { catalog_id, product_id } => Self {
                card_index,
                kind: "product",
                header: None,
                body: None,
                action: Box::new(Action::Product { catalog_id, product_retailer_id: product_id }),
            },
        })
    }
}

fn picture<'a>(media: &'a say::CardMedia, prepared: &'a Prepared) -> Result<Header<'a>, Unwritable> {
    Ok(match media {
        say::CardMedia::Image(image) => Header::Image { image: Medium::of(image.source(), prepared)? },
        say::CardMedia::Video(video) => Header::Video { video: Medium::of(video.source(), prepared)? },
    })
}
