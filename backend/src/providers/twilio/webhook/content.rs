//! What a message says, kind by kind. Old accounts send no `MessageType`: then the fields tell.

use serde_json::Value;
use url::Url;

use crate::domain::content::plain::LocationContent;
use crate::domain::inbound::{
    ButtonReply, FlowReply, InboundContent, InboundLocation, InboundMedia, InboundText, ListReply, OtherContent,
    Unsupported,
};
use crate::domain::media::InboundMediaSource;
use crate::providers::webhook::body::read_json;

use super::form::Form;

/// The content, and where the bytes of its medium are.
pub(super) fn read(form: &Form<'_>) -> (InboundContent, Option<InboundMediaSource>) {
    let named = form.text("MessageType");
    if let Some((content, reference)) = medium(form, named) {
        return (content, Some(reference));
    }
    let content = match named {
        Some("text") => text(form),
        Some("location") => location(form),
        Some("button" | "interactive") => answer(form, named),
        Some("unsupported") => Some(InboundContent::Unsupported(Unsupported { kind: None, reason: None })),
        // A medium without its address, or a kind of tomorrow.
        Some(_) => None,
        None => location(form).or_else(|| answer(form, None)).or_else(|| text(form)),
    };
    (content.unwrap_or_else(|| raw(form)), None)
}

fn raw(form: &Form<'_>) -> InboundContent {
    InboundContent::Other(OtherContent {
        kind: form.text("MessageType").unwrap_or("unknown").to_owned(),
        raw: form.raw(),
    })
}

fn text(form: &Form<'_>) -> Option<InboundContent> {
    Some(InboundContent::Text(InboundText { body: form.owned("Body")? }))
}

fn location(form: &Form<'_>) -> Option<InboundContent> {
    let place = LocationContent {
        latitude: form.degrees("Latitude", 90.0)?,
        longitude: form.degrees("Longitude", 180.0)?,
        name: form.owned("Label"),
        address: form.owned("Address"),
    };
    Some(InboundContent::Location(InboundLocation { place, url: None }))
}

/// A medium: WhatsApp has one in a message. Contact cards come as a file too, whose content only its bytes tell.
fn medium(form: &Form<'_>, named: Option<&str>) -> Option<(InboundContent, InboundMediaSource)> {
    let url = form.owned("MediaUrl0")?;
    let mime_type = form.owned("MediaContentType0").unwrap_or_else(|| "application/octet-stream".to_owned());
    let medium = InboundMedia {
        mime_type: mime_type.clone(),
        caption: form.owned("Body"),
        // What is recorded with WhatsApp comes as Ogg.
        voice: mime_type.starts_with("audio/ogg"),
        ..InboundMedia::default()
    };
    let content = match (named, mime_type.split('/').next().unwrap_or_default()) {
        (Some("sticker"), _) => InboundContent::Sticker(medium),
        (Some("document" | "contacts"), _) => InboundContent::Document(medium),
        (None, "image") if mime_type.starts_with("image/webp") => InboundContent::Sticker(medium),
        (_, "image") => InboundContent::Image(medium),
        (_, "video") => InboundContent::Video(medium),
        (_, "audio") => InboundContent::Audio(medium),
        _ => InboundContent::Document(medium),
    };
    Some((content, InboundMediaSource { provider_media_id: media_sid(&url), url: Some(url), sha256: None }))
}

/// The last segment of the address, when it is a medium's SID.
fn media_sid(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let last = url.path_segments()?.next_back()?;
    last.starts_with("ME").then(|| last.to_owned())
}

/// A button, a row or a form. Which fields carry it is confirmed for buttons only, so each is looked for.
fn answer(form: &Form<'_>, named: Option<&str>) -> Option<InboundContent> {
    let data = form.json("InteractiveData");
    let inner =
        |name: &str| data.as_ref().and_then(|data| data.get(name).or_else(|| data.get("interactive")?.get(name)));
    list_reply(form, inner("list_reply"))
        .or_else(|| button_reply(form, inner("button_reply"), named))
        .or_else(|| flow_reply(form, inner("nfm_reply")))
}

fn button_reply(form: &Form<'_>, inner: Option<&Value>, named: Option<&str>) -> Option<InboundContent> {
    let id = form.owned("ButtonPayload").or_else(|| member(inner, "id"));
    let title = form.owned("ButtonText").or_else(|| member(inner, "title"));
    if id.is_none() && title.is_none() {
        return None;
    }
    let title = title.or_else(|| form.owned("Body")).or_else(|| id.clone())?;
    Some(InboundContent::ButtonReply(ButtonReply { id, title, template: named == Some("button") }))
}

fn list_reply(form: &Form<'_>, inner: Option<&Value>) -> Option<InboundContent> {
    let id = form.owned("ListId").or_else(|| member(inner, "id"))?;
    let title = form.owned("ListTitle").or_else(|| member(inner, "title")).or_else(|| form.owned("Body"));
    Some(InboundContent::ListReply(ListReply {
        title: title.unwrap_or_else(|| id.clone()),
        description: form.owned("ListDescription").or_else(|| member(inner, "description")),
        id,
    }))
}

fn flow_reply(form: &Form<'_>, inner: Option<&Value>) -> Option<InboundContent> {
    let filled_in = member(inner, "response_json").and_then(|text| read_json(text.as_bytes()).ok());
    let response: Value = form.json("FlowData").or(filled_in)?;
    let body = form.owned("Body").or_else(|| member(inner, "body"));
    let flow_token = response.get("flow_token").and_then(Value::as_str).map(str::to_owned);
    Some(InboundContent::FlowReply(FlowReply { body, flow_token, response }))
}

fn member(inner: Option<&Value>, name: &str) -> Option<String> {
    inner?.get(name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
