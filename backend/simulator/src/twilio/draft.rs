//! Reads and checks the form of a new message (twilio.md §2.1). The order of the checks decides which code a message with several
//! faults gets.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::addresses;
use super::content_types;
use super::errors::{Twilio, TwilioError};
use super::form::{Form, is_web_url};
use super::options;
use super::shown;
use super::variables::names_within;
use crate::accounts::{Account, TwilioAccount};
use crate::content::{ButtonType, Content, Media, Place};
use crate::ids::now_ms;
use crate::people::is_bsuid;
use crate::sending::Draft;
use crate::state::World;

/// Longest `Body` in characters.
const BODY_LIMIT: usize = 1_600;
/// Longest `StatusCallback` in characters.
const CALLBACK_LIMIT: usize = 4_000;
/// Longest body of a template once filled in, in characters.
const FILLED_LIMIT: usize = 1_024;
/// Most buttons, and longest label in characters, without approval (twilio.md §2.5).
const SESSION_BUTTONS: usize = 3;
const SESSION_LABEL: usize = 20;

/// Late codes (twilio.md §6.3).
const NOT_TAKEN: u32 = 63_021;
const CLOSED: u32 = 63_016;

/// What a message consists of.
struct Matter {
    kind: &'static str,
    text: String,
    content: Content,
    category: Option<String>,
    late: Option<u32>,
}

pub(super) fn read(world: &World, account: &Arc<TwilioAccount>, form: &Form) -> Twilio<Draft> {
    let person = addresses::read(world, account, form)?;
    let (body, content) = (form.get("Body"), form.get("ContentSid"));
    let (media, place) = (form.all("MediaUrl"), form.get("PersistentAction"));
    if body.is_none() && media.is_empty() && content.is_none() && place.is_none() {
        return Err(TwilioError::new(21_619, "A text message body or media urls must be specified."));
    }
    if body.is_some_and(|body| body.chars().count() > BODY_LIMIT) {
        return Err(TwilioError::new(21_617, "The concatenated message body exceeds the 1600 character limit"));
    }
    check_media(&media)?;
    if form.get("ContentVariables").is_some() && content.is_none() {
        return Err(TwilioError::new(21_654, "ContentSid Required"));
    }
    let options = options::read(world, account, form)?;
    let callback = form.get("StatusCallback").map(check_callback).transpose()?;
    let person: Arc<str> = Arc::from(world.people.known_as(&account.account_sid, person));
    let matter = match (content, place) {
        (Some(sid), _) => stored(world, account, &person, sid, form)?,
        (None, Some(place)) => location(place, body)?,
        (None, None) if !media.is_empty() => file(&media, body),
        (None, None) => {
            let text = body.unwrap_or_default().to_owned();
            Matter { kind: "text", content: Content::text(text.as_str()), text, category: None, late: None }
        }
    };
    Ok(Draft {
        account: Account::Twilio(Arc::clone(account)),
        person,
        kind: matter.kind.into(),
        text: matter.text.into(),
        content: matter.content,
        category: matter.category,
        correlation: callback.and_then(attempt_of).map(Box::from),
        callback: callback.map(Box::from),
        service_sid: form.get("MessagingServiceSid").map(Box::from),
        reply_to: None,
        late: matter.late.or(options.late),
        send_at: options.send_at,
    })
}

fn check_media(urls: &[&str]) -> Twilio<()> {
    if urls.len() > 10 {
        return Err(TwilioError::new(21_623, "Number of media files exceeds allowed limit."));
    }
    if urls.iter().any(|url| !is_web_url(url)) {
        return Err(TwilioError::new(21_620, "Invalid media URL(s)"));
    }
    Ok(())
}

fn check_callback(callback: &str) -> Twilio<&str> {
    let host_is_fine =
        url::Url::parse(callback).is_ok_and(|url| url.host_str().is_some_and(|host| !host.contains('_')));
    if !is_web_url(callback) || !host_is_fine || callback.chars().count() > CALLBACK_LIMIT {
        return Err(TwilioError::new(21_609, format!("The 'StatusCallback' URL {callback} is not a valid URL.")));
    }
    Ok(callback)
}

/// A file by link. WhatsApp takes one (twilio.md §2.1); with more the message is not formatted for it.
fn file(links: &[&str], body: Option<&str>) -> Matter {
    let link = links.first().copied().unwrap_or_default().to_owned();
    let media = Media { url: Some(link), caption: body.map(str::to_owned), ..Media::default() };
    Matter {
        kind: "media",
        text: body.unwrap_or_default().to_owned(),
        content: Content::Document(media),
        category: None,
        late: (links.len() > 1).then_some(63_006),
    }
}

/// `geo:{latitude},{longitude}|{label}`; the body becomes the name.
fn location(action: &str, body: Option<&str>) -> Twilio<Matter> {
    let invalid = || TwilioError::invalid("PersistentAction", "geo:{latitude},{longitude}|{label}");
    let (place, label) = action
        .strip_prefix("geo:")
        .ok_or_else(invalid)?
        .split_once('|')
        .unwrap_or((action.strip_prefix("geo:").unwrap_or_default(), ""));
    let (latitude, longitude) = place.split_once(',').ok_or_else(invalid)?;
    let degrees = |text: &str, limit: f64| text.trim().parse::<f64>().ok().filter(|found| found.abs() <= limit);
    let (latitude, longitude) =
        (degrees(latitude, 90.0).ok_or_else(invalid)?, degrees(longitude, 180.0).ok_or_else(invalid)?);
    let label = Some(label.to_owned()).filter(|label| !label.is_empty());
    let name = body.map(str::to_owned);
    let content = Content::Location(Place { latitude, longitude, name, address: label, url: None });
    Ok(Matter { kind: "location", text: body.unwrap_or_default().to_owned(), content, category: None, late: None })
}

/// A stored content: as a template when it is approved, otherwise as what a conversation may hold.
fn stored(world: &World, account: &TwilioAccount, person: &str, sid: &str, form: &Form) -> Twilio<Matter> {
    let given = variables(form.get("ContentVariables"))?;
    let found = world.contents.find(&account.account_sid, sid);
    let found = found.ok_or_else(|| TwilioError::new(21_655, "The ContentSid is Invalid"))?;
    let (now, values) = (now_ms(), found.values(&given));
    let template = found.template(now);
    let chosen = match template {
        Some(approval) => content_types::richest(&found.types, |known| {
            known.as_template && (approval.content_type.is_empty() || approval.content_type == known.name)
        }),
        None => content_types::richest(&found.types, |known| known.in_session)
            .or_else(|| content_types::richest(&found.types, |_| true)),
    };
    let (known, definition) = chosen.ok_or_else(|| TwilioError::new(21_655, "The ContentSid is Invalid"))?;
    let content = shown::content(&found, (known.name, definition), &values, template, now);
    let open = world.people.is_open(&account.account_sid, person, account.rules.windows, now);
    let late = if form.get("MediaUrl").is_some() {
        // Stored contents bring their own media (twilio.md §5).
        Some(63_030)
    } else if names_within(definition).iter().any(|name| !values.contains_key(name)) {
        Some(63_028)
    } else if template.is_some() {
        template_fault(&content, &given, person)
    } else {
        session_fault(&content, known.in_session, found.status(now), open)
    };
    Ok(Matter {
        kind: "content",
        text: readable(&content),
        category: template.map(|approval| approval.category(now).to_lowercase()),
        content,
        late,
    })
}

/// Why Meta will refuse a template as it is filled in.
fn template_fault(content: &Content, given: &Map<String, Value>, person: &str) -> Option<u32> {
    let blank = |value: &str| value.contains(['\n', '\r', '\t']) || value.contains("     ");
    if given.values().filter_map(Value::as_str).any(blank) {
        return Some(63_013);
    }
    let Content::Template(template) = content else { return None };
    if template.category == "authentication" && is_bsuid(person) {
        return Some(63_024);
    }
    (template.sheet.body.chars().count() > FILLED_LIMIT).then_some(NOT_TAKEN)
}

/// Why an unapproved content will not arrive.
fn session_fault(content: &Content, in_session: bool, status: &str, open: bool) -> Option<u32> {
    if !in_session || !open {
        return Some(match status {
            "rejected" => 63_040,
            "paused" => 63_041,
            "disabled" => 63_042,
            _ if !open => CLOSED,
            _ => NOT_TAKEN,
        });
    }
    let long = content
        .buttons()
        .any(|button| button.text.chars().count() > SESSION_LABEL && button.r#type != ButtonType::RequestContactInfo);
    let rows = content.rows().any(|row| row.title.chars().count() > 24 || row.id.chars().count() > 200);
    (long || rows || content.buttons().count() > SESSION_BUTTONS).then_some(NOT_TAKEN)
}

/// The words of a stored content.
fn readable(content: &Content) -> String {
    let sheet = match content {
        Content::Template(template) => Some(&template.sheet),
        Content::Buttons(sheet) | Content::CtaUrl(sheet) | Content::Flow(sheet) => Some(sheet),
        Content::List { sheet, .. }
        | Content::Catalog { sheet, .. }
        | Content::ProductList { sheet, .. }
        | Content::Interactive { sheet, .. } => Some(sheet),
        _ => None,
    };
    if let Some(sheet) = sheet {
        let header = match &sheet.header {
            Some(crate::content::Header::Text { text }) => Some(text.as_str()),
            _ => None,
        };
        let parts = [header, Some(sheet.body.as_str()), sheet.footer.as_deref()];
        return parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    }
    match content {
        Content::Text { text, .. } => text.clone(),
        Content::Carousel { body, .. } => body.clone(),
        _ => content.media().and_then(|media| media.caption.clone()).unwrap_or_default(),
    }
}

/// A flat object of texts that are not empty (21656 otherwise).
fn variables(text: Option<&str>) -> Twilio<Map<String, Value>> {
    let invalid = || TwilioError::new(21_656, "The ContentVariables Parameter is invalid");
    let Some(text) = text else { return Ok(Map::new()) };
    let values: Map<String, Value> = serde_json::from_str(text).map_err(|_| invalid())?;
    let fine = values.values().all(|value| value.as_str().is_some_and(|value| !value.is_empty()));
    if fine { Ok(values) } else { Err(invalid()) }
}

/// The caller's own id, from the query of the status callback.
pub(super) fn attempt_of(callback: &str) -> Option<String> {
    let url = url::Url::parse(callback).ok()?;
    let found = url.query_pairs().find(|(name, _)| name == "attempt").map(|(_, value)| value.into_owned());
    found.filter(|value| !value.is_empty())
}
