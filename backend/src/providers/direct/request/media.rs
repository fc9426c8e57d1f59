//! Media as Meta takes them: by the id of an upload, or by a public address (direct.md §2.3).

use serde::Serialize;

use super::Unwritable;
use crate::domain::content::media::{HeaderMedia, MediaSource};
use crate::providers::{MediaAddress, Prepared};

#[derive(Default, Serialize)]
pub(super) struct Medium<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    filename: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    voice: bool,
}

impl<'a> Medium<'a> {
    pub fn of(source: MediaSource<'a>, prepared: &'a Prepared) -> Result<Self, Unwritable> {
        let found = match (source.media_id, source.link) {
            (Some(id), _) => match prepared.media.get(&id).ok_or(Unwritable::Medium)? {
                MediaAddress::Id(id) => Self { id: Some(id), ..Self::default() },
                MediaAddress::Link(url) => Self { link: Some(url.as_str()), ..Self::default() },
            },
            (None, Some(link)) => Self { link: Some(link), ..Self::default() },
            (None, None) => return Err(Unwritable::Medium),
        };
        Ok(found)
    }

    /// A document of a header; a picture or film shows no name.
    pub fn document(media: &'a HeaderMedia, prepared: &'a Prepared) -> Result<Self, Unwritable> {
        Ok(Self::of(media.source(), prepared)?.named(media.filename.as_deref()))
    }

    pub fn captioned(mut self, caption: Option<&'a str>) -> Self {
        self.caption = caption;
        self
    }

    pub fn named(mut self, filename: Option<&'a str>) -> Self {
        self.filename = filename;
        self
    }

    pub fn voice_note(mut self, voice: bool) -> Self {
        self.voice = voice;
        self
    }
}
