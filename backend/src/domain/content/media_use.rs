//! Which media of the gateway's a content names, and where.

use super::Content;
use super::interactive::{Card, CardMedia, Header};
use super::media::{HeaderMedia, MediaKind};
use crate::domain::ids::MediaId;
use crate::domain::template::HeaderValue;

/// One medium of the gateway's that a content names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaUse {
    /// Path of the field that names it, such as `content.cards[1].header.media_id`.
    pub field: String,
    pub media_id: MediaId,
    /// What it is sent as.
    pub kind: MediaKind,
    /// It is sent as a voice note.
    pub voice: bool,
    /// The name that it is to be shown under, if another than its own.
    pub filename: Option<String>,
}

impl Content {
    /// Every medium of the gateway's that the content names, in the order of its fields. Media given by `link` are not among
    /// them.
    pub fn media_uses(&self) -> Vec<MediaUse> {
        let mut found = Uses(Vec::new());
        match self {
            Self::Image(image) => found.add("content", image.media_id, MediaKind::Image),
            Self::Video(video) => found.add("content", video.media_id, MediaKind::Video),
            Self::Audio(audio) => {
                found.add("content", audio.media_id, MediaKind::Audio);
                found.0.iter_mut().for_each(|used| used.voice = audio.voice);
            }
            Self::Document(document) => {
                found.add("content", document.media_id, MediaKind::Document);
                found.name(document.filename.as_deref());
            }
            Self::Sticker(sticker) => found.add("content", sticker.media_id, MediaKind::Sticker),
            Self::ReplyButtons(buttons) => found.header(buttons.header.as_ref()),
            Self::CtaUrl(button) => found.header(button.header.as_ref()),
            Self::Flow(flow) => found.header(flow.header.as_ref()),
            Self::Carousel(carousel) => {
                for (n, card) in carousel.cards.iter().enumerate() {
                    found.card(n, card);
                }
            }
            Self::Template(template) => {
                found.value("content.header", template.header.as_ref());
                for (n, card) in template.cards.iter().enumerate() {
                    found.value(&format!("content.cards[{n}].header"), Some(&card.header));
                }
            }
            Self::Text(_)
            | Self::Location(_)
            | Self::Contacts(_)
            | Self::Reaction(_)
            | Self::List(_)
            | Self::LocationRequest(_)
            | Self::AddressRequest(_)
            | Self::Product(_)
            | Self::ProductList(_)
            | Self::Catalog(_)
            | Self::OneTimeCode(_) => {}
        }
        found.0
    }
}

struct Uses(Vec<MediaUse>);

impl Uses {
    fn add(&mut self, place: &str, media: Option<MediaId>, kind: MediaKind) {
        if let Some(media_id) = media {
            self.0.push(MediaUse { field: format!("{place}.media_id"), media_id, kind, voice: false, filename: None });
        }
    }

    fn medium(&mut self, place: &str, media: &HeaderMedia, kind: MediaKind) {
        self.add(place, media.media_id, kind);
        if media.media_id.is_some() {
            self.name(media.filename.as_deref());
        }
    }

    /// Of the medium that was found last.
    fn name(&mut self, filename: Option<&str>) {
        if let Some(last) = self.0.last_mut() {
            last.filename = filename.map(str::to_owned);
        }
    }

    fn header(&mut self, header: Option<&Header>) {
        match header {
            Some(Header::Image(media)) => self.medium("content.header", media, MediaKind::Image),
            Some(Header::Video(media)) => self.medium("content.header", media, MediaKind::Video),
            Some(Header::Document(media)) => self.medium("content.header", media, MediaKind::Document),
            Some(Header::Text { .. }) | None => {}
        }
    }

    fn card(&mut self, n: usize, card: &Card) {
        let place = format!("content.cards[{n}].header");
        match card {
            Card::Url { header, .. } | Card::ReplyButtons { header, .. } => match header {
                CardMedia::Image(media) => self.medium(&place, media, MediaKind::Image),
                CardMedia::Video(media) => self.medium(&place, media, MediaKind::Video),
            },
            Card::Product { .. } => {}
        }
    }

    fn value(&mut self, place: &str, value: Option<&HeaderValue>) {
        match value {
            Some(HeaderValue::Image(media)) => self.medium(place, media, MediaKind::Image),
            Some(HeaderValue::Video(media)) => self.medium(place, media, MediaKind::Video),
            Some(HeaderValue::Document(media)) => self.medium(place, media, MediaKind::Document),
            Some(HeaderValue::Text(_) | HeaderValue::Location(_) | HeaderValue::Product { .. }) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ID: &str = "0199f2a0-0000-7000-8000-000000000001";

    fn uses(content: Value) -> Vec<(String, MediaKind, bool)> {
        let content: Content = serde_json::from_value(content).unwrap();
        content.media_uses().into_iter().map(|used| (used.field, used.kind, used.voice)).collect()
    }

    fn one(field: &str, kind: MediaKind) -> Vec<(String, MediaKind, bool)> {
        vec![(field.to_owned(), kind, false)]
    }

    #[test]
    fn media_are_found_wherever_they_stand() {
        assert_eq!(uses(json!({"type": "image", "media_id": ID})), one("content.media_id", MediaKind::Image));
        assert_eq!(uses(json!({"type": "image", "link": "https://acme.example/a.jpg"})), []);
        assert_eq!(
            uses(json!({"type": "audio", "media_id": ID, "voice": true})),
            [("content.media_id".to_owned(), MediaKind::Audio, true)]
        );
        let buttons = json!({"type": "reply_buttons", "body": "b", "buttons": [{"id": "a", "title": "A"}],
            "header": {"type": "document", "media_id": ID}});
        assert_eq!(uses(buttons), one("content.header.media_id", MediaKind::Document));
        let url = json!({"type": "url", "header": {"type": "image", "link": "https://acme.example/a.jpg"}, "button": "b",
            "url": "https://acme.example"});
        let film = json!({"type": "url", "header": {"type": "video", "media_id": ID}, "button": "b",
            "url": "https://acme.example"});
        assert_eq!(
            uses(json!({"type": "carousel", "body": "b", "cards": [url, film]})),
            one("content.cards[1].header.media_id", MediaKind::Video)
        );
        let template = json!({"type": "template", "name": "n", "language": "en",
            "header": {"type": "video", "media_id": ID},
            "cards": [{"header": {"type": "image", "media_id": ID}}]});
        assert_eq!(
            uses(template),
            [
                ("content.header.media_id".to_owned(), MediaKind::Video, false),
                ("content.cards[0].header.media_id".to_owned(), MediaKind::Image, false)
            ]
        );
        assert_eq!(uses(json!({"type": "text", "body": "b"})), []);
    }
}
