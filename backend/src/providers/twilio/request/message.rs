//! What a message says, as fields of the form (twilio.md §2.1, §8.1).

use std::collections::BTreeMap;

use serde_json::Value;

use crate::domain::content::Content;
use crate::domain::content::media::{HeaderMedia, MediaSource};
use crate::domain::content::plain::LocationContent;
use crate::domain::failure::FailureCode;
use crate::domain::template::{HeaderValue, OneTimeCode, TemplateUse, TwilioContent};
use crate::providers::codes::{REJECTED, unbuilt};
use crate::providers::failure::Failover;
use crate::providers::twilio::not_carried;
use crate::providers::{MediaAddress, Outbound, Prepared, SendError};

type Fields = Vec<(&'static str, String)>;

/// The fields beside addresses and callback.
///
/// # Errors
/// Twilio has nothing for the content, or what had to be prepared is not there. Nothing was sent.
pub(super) fn fields(message: &Outbound) -> Result<Fields, SendError> {
    let prepared = &message.prepared;
    match &message.content {
        Content::Text(text) => Ok(vec![("Body", text.body.clone())]),
        Content::Image(image) => medium(image.source(), image.caption.as_deref(), prepared),
        Content::Video(video) => medium(video.source(), video.caption.as_deref(), prepared),
        Content::Audio(audio) => medium(audio.source(), None, prepared),
        Content::Document(document) => {
            not_carried::unless(document.caption.is_none(), "a document's caption")?;
            medium(document.source(), None, prepared)
        }
        Content::Sticker(sticker) => medium(sticker.source(), None, prepared),
        Content::Location(place) => Ok(location(place)),
        Content::Contacts(_) => {
            let link = prepared.vcard.as_ref().ok_or_else(unbuilt)?;
            Ok(vec![("MediaUrl", link.to_string())])
        }
        Content::ReplyButtons(_) | Content::List(_) | Content::CtaUrl(_) | Content::Flow(_) => {
            let stored = prepared.stored.as_ref().ok_or_else(unbuilt)?;
            Ok(content(&stored.sid, &stored.variables))
        }
        Content::Template(template) => {
            if let Some(stored) = &prepared.stored {
                return Ok(content(&stored.sid, &stored.variables));
            }
            let stored = content_of(template.twilio.as_ref())?;
            Ok(content(&stored.content_sid, &linked(template, prepared)?.flat_variables()))
        }
        Content::OneTimeCode(code) => one_time_code(code),
        Content::Reaction(_)
        | Content::LocationRequest(_)
        | Content::AddressRequest(_)
        | Content::Product(_)
        | Content::ProductList(_)
        | Content::Catalog(_)
        | Content::Carousel(_) => Err(not_carried::kind(message.content.kind())),
    }
}

fn medium(source: MediaSource<'_>, caption: Option<&str>, prepared: &Prepared) -> Result<Fields, SendError> {
    let mut fields = vec![("MediaUrl", address(source, prepared)?)];
    fields.extend(caption.filter(|caption| !caption.is_empty()).map(|caption| ("Body", caption.to_owned())));
    Ok(fields)
}

/// Twilio fetches media; it keeps none under an id.
fn address(source: MediaSource<'_>, prepared: &Prepared) -> Result<String, SendError> {
    if let Some(link) = source.link {
        return Ok(link.to_owned());
    }
    match source.media_id.and_then(|id| prepared.media.get(&id)) {
        Some(MediaAddress::Link(url)) => Ok(url.to_string()),
        Some(MediaAddress::Id(_)) | None => Err(unbuilt()),
    }
}

/// `Body` is the name shown and may not be missing: the address or the position stands in for it.
fn location(place: &LocationContent) -> Fields {
    let (name, address) = (given(place.name.as_deref()), given(place.address.as_deref()));
    let position = format!("{},{}", place.latitude, place.longitude);
    let shown = name.or(address).unwrap_or(&position).to_owned();
    let action = match address {
        Some(address) => format!("geo:{position}|{address}"),
        None => format!("geo:{position}"),
    };
    vec![("Body", shown), ("PersistentAction", action)]
}

fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

/// The text of an authentication template is Meta's; the code is its one variable (twilio.md §2.5).
fn one_time_code(code: &OneTimeCode) -> Result<Fields, SendError> {
    let stored = content_of(code.twilio.as_ref())?;
    Ok(content(&stored.content_sid, &code.flat_variables()))
}

/// A stored Content stands in the place of text and media. Without variables the parameter is left out.
fn content(sid: &str, variables: &BTreeMap<String, String>) -> Fields {
    let mut fields = vec![("ContentSid", sid.to_owned())];
    if !variables.is_empty() {
        let object = variables.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect();
        fields.push(("ContentVariables", Value::Object(object).to_string()));
    }
    fields
}

fn content_of(twilio: Option<&TwilioContent>) -> Result<&TwilioContent, SendError> {
    twilio.ok_or_else(|| {
        let detail =
            "The gateway does not know the template's Content at Twilio. Sync the templates, or give its content SID.";
        SendError::new(REJECTED, FailureCode::TemplateMissing, None, detail).with_failover(Failover::Maybe)
    })
}

/// The template with a link in each medium that was uploaded here.
fn linked(template: &TemplateUse, prepared: &Prepared) -> Result<TemplateUse, SendError> {
    let mut template = template.clone();
    let cards = template.cards.iter_mut().map(|card| &mut card.header);
    for header in template.header.iter_mut().chain(cards) {
        if let HeaderValue::Image(media) | HeaderValue::Video(media) | HeaderValue::Document(media) = header {
            link(media, prepared)?;
        }
    }
    Ok(template)
}

fn link(media: &mut HeaderMedia, prepared: &Prepared) -> Result<(), SendError> {
    let address = address(media.source(), prepared)?;
    media.link = Some(address);
    Ok(())
}
