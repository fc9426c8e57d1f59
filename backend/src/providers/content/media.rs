//! Pictures, films, sounds, documents and stickers; also where they stand as headers.

use crate::domain::content::interactive::Header;
use crate::domain::content::media::{AudioContent, DocumentContent, HeaderMedia, MediaSource};

use super::super::capabilities::matrix::Part;
use super::super::violation::ViolationCode as V;
use super::rules::Found;

/// Exactly one of `media_id` and `link`, below `at`.
pub(super) fn source(at: &str, source: MediaSource<'_>, found: &mut Found<'_>) {
    let field = format!("{at}.link");
    match (source.media_id, source.link) {
        (None, None) => {
            found.add(field, V::Required, "give media_id (uploaded here) or link (a public https address)");
        }
        (Some(_), Some(_)) => found.add(field, V::Conflict, "give media_id or link, not both"),
        (Some(_), None) => {}
        (None, Some(link)) => found.https(&field, link),
    }
}

pub(super) fn captioned(at: &str, medium: MediaSource<'_>, caption: Option<&str>, found: &mut Found<'_>) {
    source(at, medium, found);
    let limit = found.can.media_text.max_caption_chars;
    found.optional(&format!("{at}.caption"), "the caption", caption, limit);
}

pub(super) fn audio(audio: &AudioContent, found: &mut Found<'_>) {
    source("content", audio.source(), found);
    if audio.voice {
        found.part("content.voice", Part::Voice, true);
    }
}

pub(super) fn document(document: &DocumentContent, found: &mut Found<'_>) {
    captioned("content", document.source(), document.caption.as_deref(), found);
    if document.caption.is_some() {
        found.part("content.caption", Part::DocumentCaption, false);
    }
    filename("content", document.filename.as_deref(), found);
}

fn filename(at: &str, name: Option<&str>, found: &mut Found<'_>) {
    let field = format!("{at}.filename");
    found.optional(&field, "the file name", name, found.can.media_text.max_filename_chars);
    if name.is_some_and(|name| name.contains(['/', '\\']) || name.chars().any(char::is_control)) {
        found.add(field, V::Malformed, "a file name holds no slash and no control character; give the bare name");
    }
}

/// A picture or film of a header or card: it shows no file name.
pub(super) fn picture(at: &str, media: &HeaderMedia, found: &mut Found<'_>) {
    source(at, media.source(), found);
    if media.filename.is_some() {
        found.add(format!("{at}.filename"), V::Conflict, "only documents have a file name; leave it out");
    }
}

/// A document of a header.
pub(super) fn header_document(at: &str, media: &HeaderMedia, found: &mut Found<'_>) {
    source(at, media.source(), found);
    filename(at, media.filename.as_deref(), found);
}

/// A header over an interactive message, which the provider may lack.
pub(super) fn header(header: Option<&Header>, part: Part, found: &mut Found<'_>) {
    let Some(header) = header else { return };
    found.part("content.header", part, matches!(header, Header::Text { .. }));
    match header {
        Header::Text { text } => {
            found.text("content.header.text", "the header", text, found.can.interactive.max_header_chars);
        }
        Header::Image(media) | Header::Video(media) => picture("content.header", media, found),
        Header::Document(media) => header_document("content.header", media, found),
    }
}
