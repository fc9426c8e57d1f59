//! Less instead of nothing: what the provider lacks is replaced by its stated fallback, when the caller agreed to that. What has
//! no fallback stays as it is, and is refused by the checks that follow.

mod text;

use crate::domain::content::degradation::Degradation;
use crate::domain::content::interactive::{Header, ListContent, ListSection};
use crate::domain::content::{Content, Kind};

use super::Capabilities;
use super::capabilities::matrix::Part;
use super::violation::ViolationCode;

/// What is to be sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Degraded {
    pub content: Content,
    /// Whether it is still shown as an answer.
    pub quotes: bool,
    /// What was lost; absent when nothing was.
    pub degradation: Option<Degradation>,
}

/// Makes of a message what the provider carries. `quotes` tells whether it answers an earlier one.
pub fn degrade(can: &Capabilities, content: Content, quotes: bool) -> Degraded {
    let from = content.kind();
    let mut reasons = Vec::new();
    let keeps_quote = can.carries_part(Part::ReplyTo).verdict.is_offered();
    if quotes && !keeps_quote {
        reasons.push(lost(can, Part::ReplyTo));
    }
    let content = degraded(can, content, &mut reasons);
    let degradation = (!reasons.is_empty()).then(|| Degradation { from, to: content.kind(), why: reasons.join("; ") });
    Degraded { content, quotes: quotes && keeps_quote, degradation }
}

fn degraded(can: &Capabilities, content: Content, reasons: &mut Vec<String>) -> Content {
    let cell = can.carries(content.kind());
    let as_text = || cell.degrade_to.filter(|kind| *kind == Kind::Text).and_then(|_| text::of(&content));
    if !cell.verdict.is_offered() {
        return match as_text() {
            Some(text) => {
                reasons.push(format!("{}: it goes out as a text", cell.note));
                text
            }
            None => content,
        };
    }
    let mut lost_parts = Vec::new();
    let folded = without_parts(can, content.clone(), &mut lost_parts);
    if let Some(text) = as_text().filter(|text| only_too_long(can, &folded) && can.check(text).is_ok()) {
        reasons.push(format!("the body is too long for {} here: it goes out as a text", content.kind()));
        return text;
    }
    reasons.extend(lost_parts.into_iter().map(|part| lost(can, part)));
    folded
}

fn lost(can: &Capabilities, part: Part) -> String {
    let cell = can.carries_part(part);
    format!("{}: {}", cell.note, cell.degraded.unwrap_or("it is left out"))
}

/// Whether a body that no longer fits is all that is wrong: other faults are the caller's, and no text may hide them.
fn only_too_long(can: &Capabilities, content: &Content) -> bool {
    can.check(content).is_err_and(|violations| {
        violations.iter().all(|one| one.field == "content.body" && one.code == ViolationCode::TooLong)
    })
}

/// Folds what the provider lacks of a kind into what it has.
fn without_parts(can: &Capabilities, mut content: Content, lost: &mut Vec<Part>) -> Content {
    let mut lacks = |part: Part, given: bool| {
        let gone = given && !can.carries_part(part).verdict.is_offered();
        if gone {
            lost.push(part);
        }
        gone
    };
    match &mut content {
        Content::Audio(audio) => audio.voice &= !lacks(Part::Voice, audio.voice),
        Content::ReplyButtons(buttons) => {
            fold_header(&mut buttons.header, &mut buttons.body, |given| lacks(Part::ReplyButtonsHeader, given));
            fold_footer(&mut buttons.footer, &mut buttons.body, |given| lacks(Part::ReplyButtonsFooter, given));
        }
        Content::List(list) => {
            if lacks(Part::ListHeader, list.header.is_some()) {
                above(list.header.take(), &mut list.body);
            }
            fold_footer(&mut list.footer, &mut list.body, |given| lacks(Part::ListFooter, given));
            if lacks(Part::ListSections, has_sections(list)) {
                let rows = list.sections.drain(..).flat_map(|section| section.rows).collect();
                list.sections = vec![ListSection { title: None, rows }];
            }
        }
        Content::CtaUrl(button) => {
            fold_header(&mut button.header, &mut button.body, |given| lacks(Part::CtaUrlHeader, given));
            fold_footer(&mut button.footer, &mut button.body, |given| lacks(Part::CtaUrlFooter, given));
        }
        Content::Flow(flow) => {
            fold_header(&mut flow.header, &mut flow.body, |given| lacks(Part::FlowHeader, given));
            fold_footer(&mut flow.footer, &mut flow.body, |given| lacks(Part::FlowFooter, given));
        }
        Content::Text(_)
        | Content::Image(_)
        | Content::Video(_)
        | Content::Document(_)
        | Content::Sticker(_)
        | Content::Location(_)
        | Content::Contacts(_)
        | Content::Reaction(_)
        | Content::LocationRequest(_)
        | Content::AddressRequest(_)
        | Content::Product(_)
        | Content::ProductList(_)
        | Content::Catalog(_)
        | Content::Carousel(_)
        | Content::Template(_)
        | Content::OneTimeCode(_) => {}
    }
    content
}

/// More than one section, or a title over the only one.
fn has_sections(list: &ListContent) -> bool {
    list.sections.len() > 1 || list.sections.iter().any(|section| section.title.is_some())
}

/// Only a text can be folded; a picture, film or document stays, and is refused.
fn fold_header(header: &mut Option<Header>, body: &mut String, lacks: impl FnOnce(bool) -> bool) {
    if let Some(Header::Text { text }) = header
        && lacks(true)
    {
        let text = std::mem::take(text);
        *header = None;
        above(Some(text), body);
    }
}

fn fold_footer(footer: &mut Option<String>, body: &mut String, lacks: impl FnOnce(bool) -> bool) {
    if lacks(footer.is_some())
        && let Some(footer) = footer.take()
    {
        *body = format!("{body}\n\n{footer}");
    }
}

fn above(text: Option<String>, body: &mut String) {
    if let Some(text) = text {
        *body = format!("{text}\n\n{body}");
    }
}

#[cfg(test)]
mod tests;
