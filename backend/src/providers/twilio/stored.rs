//! Which stored Content carries a message that Twilio can't take inline (twilio.md §2.5, §2.6). Pure.
//!
//! A word becomes a variable where the reference documents that it may be one: bodies, the ids, titles and descriptions of
//! quick replies and lists, the end of a URL, a flow's token. The titles of URL and flow buttons, the host of a URL and what
//! names a flow stand in the shape.

use serde_json::{Map, Value, json};
use url::Url;

use crate::domain::content::Content;
use crate::domain::content::interactive::{
    CtaUrlContent, FlowAction, FlowContent, ListContent, ListRow, ReplyButtonsContent,
};
use crate::providers::SendError;
use crate::providers::stored::{StoredForm, StoredShape};

use super::not_carried;

/// The language of what is stored. A Content must have one; without approval it has no effect.
const LANGUAGE: &str = "en";

/// More blanks in a row than this make Twilio refuse a variable's value (twilio.md §6.3, 63013).
const BLANKS: &str = "     ";

/// The stored Content for this content; `None` when it goes without one.
///
/// # Errors
/// A part that Twilio can't carry, refused before the message was queued.
pub fn form(content: &Content) -> Result<Option<StoredForm>, SendError> {
    match content {
        Content::ReplyButtons(buttons) => reply_buttons(buttons).map(Some),
        Content::List(list) => self::list(list).map(Some),
        Content::CtaUrl(button) => cta_url(button).map(Some),
        Content::Flow(flow) => self::flow(flow).map(Some),
        Content::Text(_)
        | Content::Image(_)
        | Content::Video(_)
        | Content::Audio(_)
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
        | Content::OneTimeCode(_) => Ok(None),
    }
}

fn reply_buttons(content: &ReplyButtonsContent) -> Result<StoredForm, SendError> {
    not_carried::unless(content.header.is_none(), "a header over reply buttons")?;
    not_carried::unless(content.footer.is_none(), "a footer under reply buttons")?;
    Ok(filled("twilio/quick-reply", |words| {
        let body = words.put("body", &content.body);
        let actions: Vec<Value> = content
            .buttons
            .iter()
            .map(|button| json!({ "type": "QUICK_REPLY", "title": words.put("title", &button.title), "id": words.put("id", &button.id) }))
            .collect();
        json!({ "body": body, "actions": actions })
    }))
}

/// Twilio's lists are flat: one section, whose title is not shown.
fn list(content: &ListContent) -> Result<StoredForm, SendError> {
    not_carried::unless(content.header.is_none(), "a header over a list")?;
    not_carried::unless(content.footer.is_none(), "a footer under a list")?;
    let [section] = content.sections.as_slice() else {
        return Err(not_carried::part("a list in sections"));
    };
    Ok(filled("twilio/list-picker", |words| {
        let (body, button) = (words.put("body", &content.body), words.put("button", &content.button));
        let items: Vec<Value> = section.rows.iter().map(|row| item(words, row)).collect();
        json!({ "body": body, "button": button, "items": items })
    }))
}

fn item(words: &mut Words, row: &ListRow) -> Value {
    let mut item = Map::new();
    item.insert("id".to_owned(), words.put("id", &row.id));
    item.insert("item".to_owned(), words.put("item", &row.title));
    if let Some(description) = given(row.description.as_deref()) {
        item.insert("description".to_owned(), words.put("description", description));
    }
    Value::Object(item)
}

fn cta_url(content: &CtaUrlContent) -> Result<StoredForm, SendError> {
    not_carried::unless(content.header.is_none(), "a header over a URL button")?;
    not_carried::unless(content.footer.is_none(), "a footer under a URL button")?;
    let (host, end) = split(&content.url);
    Ok(filled("twilio/call-to-action", |words| {
        let body = words.put("body", &content.body);
        let url = match given(Some(&end)) {
            Some(end) => joined(&host, &words.put("url_end", end)),
            None => host.clone(),
        };
        json!({ "body": body, "actions": [{ "type": "URL", "title": words.fixed(&content.button), "url": url }] })
    }))
}

fn flow(content: &FlowContent) -> Result<StoredForm, SendError> {
    not_carried::unless(content.header.is_none(), "a header over a flow")?;
    not_carried::unless(content.footer.is_none(), "a footer under a flow")?;
    not_carried::unless(content.data.is_none(), "data for a flow's first screen")?;
    not_carried::unless(!content.draft, "a flow that is not published")?;
    let Some(flow_id) = &content.flow_id else {
        return Err(not_carried::part("a flow by its name"));
    };
    Ok(filled("whatsapp/flows", |words| {
        let mut flow = Map::new();
        flow.insert("body".to_owned(), words.put("body", &content.body));
        flow.insert("button_text".to_owned(), words.fixed(&content.button));
        flow.insert("flow_id".to_owned(), Value::from(flow_id.as_str()));
        if let Some(token) = given(content.flow_token.as_deref()) {
            flow.insert("flow_token".to_owned(), words.put("flow_token", token));
        }
        if let Some(screen) = given(content.screen.as_deref()) {
            flow.insert("flow_first_page_id".to_owned(), Value::from(screen));
        }
        if content.action == FlowAction::DataExchange {
            flow.insert("is_flow_first_page_endpoint".to_owned(), Value::from(true));
        }
        Value::Object(flow)
    }))
}

/// A definition with its words as variables; with the words themselves when one of them can't be a variable.
fn filled(content_type: &'static str, define: impl Fn(&mut Words) -> Value) -> StoredForm {
    let mut words = Words::default();
    let mut definition = define(&mut words);
    let one_off = words.misread || !words.values.iter().all(|(_, text)| can_be_variable(text));
    if one_off {
        words = Words { literal: true, ..Words::default() };
        definition = define(&mut words);
    }
    let numbered = || (1..).map(|n: u32| n.to_string());
    let samples = numbered().zip(words.values.iter().map(|(part, _)| (*part).to_owned())).collect();
    let variables = numbered().zip(words.values.into_iter().map(|(_, text)| text)).collect();
    StoredForm { shape: StoredShape { content_type, language: LANGUAGE, definition, samples }, variables, one_off }
}

/// The words of a message on their way into a definition.
#[derive(Default)]
struct Words {
    literal: bool,
    /// A text that stands in the shape would be read as a variable.
    misread: bool,
    /// Each with the part it stands in.
    values: Vec<(&'static str, String)>,
}

impl Words {
    /// What stands in the definition for this text.
    fn put(&mut self, part: &'static str, text: &str) -> Value {
        Value::from(if self.literal { self.written_out(text) } else { self.variable(part, text) })
    }

    /// A text that stands in the shape.
    fn fixed(&mut self, text: &str) -> Value {
        self.misread |= text.contains("{{");
        Value::from(if self.literal { self.written_out(text) } else { text.to_owned() })
    }

    fn variable(&mut self, part: &'static str, text: &str) -> String {
        self.values.push((part, text.to_owned()));
        format!("{{{{{}}}}}", self.values.len())
    }

    /// The text itself. Only what would begin a variable in a definition is put together out of two.
    fn written_out(&mut self, text: &str) -> String {
        let mut pieces = text.split("{{");
        let mut whole = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let braces = [self.variable("{", "{"), self.variable("{", "{")];
            whole.extend([braces.concat().as_str(), piece]);
        }
        whole
    }
}

/// Twilio refuses an empty value (21656) and reads `{{` as another variable.
fn can_be_variable(text: &str) -> bool {
    !text.is_empty() && !text.contains("{{") && !text.contains(BLANKS)
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// A URL's fixed beginning up to the path's first slash, and the rest, which may be a variable (twilio.md §2.4).
fn split(url: &str) -> (String, String) {
    let Ok(parsed) = Url::parse(url) else { return (url.to_owned(), String::new()) };
    let text = parsed.as_str();
    let authority = text.find("://").map_or(0, |at| at + 3);
    let slash = text.get(authority..).and_then(|rest| rest.find('/')).map_or(text.len(), |at| authority + at + 1);
    let (host, end) = text.split_at(slash);
    (host.to_owned(), end.to_owned())
}

fn joined(host: &str, end: &Value) -> String {
    format!("{host}{}", end.as_str().unwrap_or_default())
}

#[cfg(test)]
mod tests;
