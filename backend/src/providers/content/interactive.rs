//! Buttons, lists, addresses behind buttons, flows, and what asks for a location or an address.

use crate::domain::content::interactive::{
    AddressRequestContent, CtaUrlContent, FlowAction, FlowContent, ListContent, ReplyButton, ReplyButtonsContent,
};

use super::super::capabilities::Limit;
use super::super::capabilities::limits::ListLimits;
use super::super::capabilities::matrix::Part;
use super::super::violation::ViolationCode as V;
use super::media;
use super::rules::Found;

pub(super) fn body(text: &str, found: &mut Found<'_>) {
    found.text("content.body", "the body", text, found.can.interactive.max_body_chars);
}

pub(super) fn footer(footer: Option<&str>, part: Option<Part>, found: &mut Found<'_>) {
    if let (Some(part), true) = (part, footer.is_some()) {
        found.part("content.footer", part, true);
    }
    found.optional("content.footer", "the footer", footer, found.can.interactive.max_footer_chars);
}

pub(super) fn reply_buttons(content: &ReplyButtonsContent, found: &mut Found<'_>) {
    let Some(limits) = found.can.reply_buttons else { return };
    media::header(content.header.as_ref(), Part::ReplyButtonsHeader, found);
    body(&content.body, found);
    footer(content.footer.as_deref(), Some(Part::ReplyButtonsFooter), found);
    found.count("content.buttons", "buttons", content.buttons.len(), 1, limits.max_buttons);
    buttons("content", &content.buttons, limits.max_id_chars, limits.max_title_chars, found);
}

/// Buttons that answer, below `at`: of a message or of a card.
pub(super) fn buttons(at: &str, buttons: &[ReplyButton], id: Limit, title: Limit, found: &mut Found<'_>) {
    for (n, button) in buttons.iter().enumerate() {
        found.text(&format!("{at}.buttons[{n}].id"), "the id", &button.id, id);
        found.text(&format!("{at}.buttons[{n}].title"), "the title", &button.title, title);
    }
    let of = |member: &str, n: usize| format!("{at}.buttons[{n}].{member}");
    found.unique("this id", buttons.iter().enumerate().map(|(n, button)| (of("id", n), button.id.as_str())));
    found.unique("this title", buttons.iter().enumerate().map(|(n, button)| (of("title", n), button.title.as_str())));
}

pub(super) fn list(content: &ListContent, found: &mut Found<'_>) {
    let Some(limits) = found.can.list else { return };
    if content.header.is_some() {
        found.part("content.header", Part::ListHeader, true);
    }
    found.optional("content.header", "the header", content.header.as_deref(), found.can.interactive.max_header_chars);
    found.text("content.body", "the body", &content.body, limits.max_body_chars);
    footer(content.footer.as_deref(), Some(Part::ListFooter), found);
    found.text("content.button", "the label", &content.button, limits.max_button_chars);
    sections(content, &limits, found);
    rows(content, &limits, found);
}

fn sections(content: &ListContent, limits: &ListLimits, found: &mut Found<'_>) {
    let several = content.sections.len() > 1;
    found.count("content.sections", "sections", content.sections.len(), 1, limits.max_sections);
    if several {
        found.part("content.sections", Part::ListSections, true);
    }
    for (n, section) in content.sections.iter().enumerate() {
        let title = format!("content.sections[{n}].title");
        match &section.title {
            None if several => {
                found.add(title, V::Required, "with several sections each needs a title; add one, or use one section");
            }
            None => {}
            Some(text) => {
                if !several {
                    found.part(title.clone(), Part::ListSections, true);
                }
                found.optional(&title, "the title", Some(text), limits.max_section_title_chars);
            }
        }
        if section.rows.is_empty() {
            let message = "the section has no rows; add one, or leave the section out";
            found.add(format!("content.sections[{n}].rows"), V::Empty, message);
        }
    }
}

fn rows(content: &ListContent, limits: &ListLimits, found: &mut Found<'_>) {
    let rows = || {
        content.sections.iter().enumerate().flat_map(|(s, section)| {
            section.rows.iter().enumerate().map(move |(r, row)| (format!("content.sections[{s}].rows[{r}]"), row))
        })
    };
    let most = limits.max_rows.value;
    if rows().count() as u64 > most {
        let message = format!("there are more than {most} rows in all sections together; leave some out");
        found.add("content.sections", V::TooMany, message);
    }
    for (at, row) in rows() {
        found.text(&format!("{at}.id"), "the id", &row.id, limits.max_row_id_chars);
        found.text(&format!("{at}.title"), "the title", &row.title, limits.max_row_title_chars);
        let description = row.description.as_deref();
        found.optional(&format!("{at}.description"), "the description", description, limits.max_row_description_chars);
    }
    found.unique("this id", rows().map(|(at, row)| (format!("{at}.id"), row.id.as_str())));
}

pub(super) fn cta_url(content: &CtaUrlContent, found: &mut Found<'_>) {
    let Some(limits) = found.can.cta_url else { return };
    media::header(content.header.as_ref(), Part::CtaUrlHeader, found);
    body(&content.body, found);
    footer(content.footer.as_deref(), Some(Part::CtaUrlFooter), found);
    found.text("content.button", "the label", &content.button, limits.max_button_chars);
    found.web("content.url", &content.url);
}

pub(super) fn flow(content: &FlowContent, found: &mut Found<'_>) {
    let Some(limits) = found.can.flow else { return };
    media::header(content.header.as_ref(), Part::FlowHeader, found);
    body(&content.body, found);
    footer(content.footer.as_deref(), Some(Part::FlowFooter), found);
    found.text("content.button", "the label", &content.button, limits.max_button_chars);
    which_flow(content, found);
    for (member, text, limit) in [
        ("flow_id", &content.flow_id, limits.max_name_chars),
        ("flow_name", &content.flow_name, limits.max_name_chars),
        ("flow_token", &content.flow_token, limits.max_token_chars),
        ("screen", &content.screen, limits.max_name_chars),
    ] {
        found.optional(&format!("content.{member}"), "it", text.as_deref(), limit);
    }
    first_screen(content, found);
    if content.draft {
        found.part("content.draft", Part::FlowDraft, false);
    }
}

fn which_flow(content: &FlowContent, found: &mut Found<'_>) {
    match (&content.flow_id, &content.flow_name) {
        (None, None) => found.add("content.flow_id", V::Required, "give flow_id or flow_name"),
        (Some(_), Some(_)) => found.add("content.flow_name", V::Conflict, "give flow_id or flow_name, not both"),
        (None, Some(_)) => found.part("content.flow_name", Part::FlowName, false),
        (Some(_), None) => {}
    }
}

fn first_screen(content: &FlowContent, found: &mut Found<'_>) {
    match content.action {
        FlowAction::Navigate => {
            if content.data.is_some() && content.screen.is_none() {
                found.add("content.screen", V::Required, "data is for a screen; name the first one, or leave data out");
            }
        }
        FlowAction::DataExchange => {
            for (member, given) in [("screen", content.screen.is_some()), ("data", content.data.is_some())] {
                if given {
                    let message = "with data_exchange the flow's endpoint decides; leave it out, or use navigate";
                    found.add(format!("content.{member}"), V::Conflict, message);
                }
            }
        }
    }
    if content.data.is_some() {
        found.part("content.data", Part::FlowData, false);
    }
}

pub(super) fn address_request(content: &AddressRequestContent, found: &mut Found<'_>) {
    let Some(limits) = found.can.address_request else { return };
    body(&content.body, found);
    if !limits.countries.contains(&content.country.as_str()) {
        let message =
            format!("addresses can be asked for in {} only; ask in a text elsewhere", limits.countries.join(", "));
        found.add("content.country", V::Malformed, message);
    }
}
