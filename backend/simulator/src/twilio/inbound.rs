//! Messages of virtual customers in Twilio's words (twilio.md §3.1, §3.3).

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::API_VERSION;
use super::fields::{Fields, Form};
use super::opt_out;
use super::vcard::vcard;
use crate::accounts::TwilioAccount;
use crate::content::Content;
use crate::ledger::{Direction, Extras, Forwarded, Record, Referral};
use crate::people::{bsuid, is_bsuid};
use crate::state::World;

/// `MessageType` of a content; `None` for what Twilio is not known to hand on.
pub(crate) fn kind(content: &Content) -> Option<String> {
    let kind = match content {
        Content::Text { .. } => "text",
        Content::Image(_) => "image",
        Content::Video(_) => "video",
        Content::Audio(_) => "audio",
        Content::Document(_) => "document",
        Content::Sticker(_) => "sticker",
        Content::Location(_) => "location",
        Content::Contacts { .. } => "contacts",
        Content::Button { .. } => "button",
        Content::ButtonReply { .. } | Content::ListReply { .. } | Content::FlowReply { .. } => "interactive",
        Content::Unsupported { .. } => "unsupported",
        Content::Unknown { r#type, .. } => r#type,
        _ => return None,
    };
    Some(kind.to_owned())
}

/// SID of the one file of a message, the same whenever it is asked for.
pub(super) fn media_sid(message: &str) -> String {
    let hex: String = hex::encode(Sha256::digest(message)).chars().take(32).collect();
    format!("ME{hex}")
}

/// `Body` of a customer's message: text, caption, or the label that was pressed.
pub(super) fn body(content: &Content) -> String {
    match content {
        Content::Text { text, .. } | Content::Button { text, .. } => text.clone(),
        Content::ButtonReply { title, .. } | Content::ListReply { title, .. } => title.clone(),
        Content::FlowReply { body, .. } => body.clone(),
        _ => content.media().and_then(|media| media.caption.clone()).unwrap_or_default(),
    }
}

/// The form of the webhook. `service` is the messaging service that it is routed by.
pub(crate) fn form(world: &World, account: &TwilioAccount, record: &Record, service: Option<&str>) -> Form {
    let content = record.content();
    let extras = record.extras.as_deref().cloned().unwrap_or_default();
    let name = world.people.name(&account.account_sid, &record.person).unwrap_or_default();
    let wa_id = if is_bsuid(&record.person) { "" } else { record.person.trim_start_matches('+') };
    let mut form = Fields::default();
    form.put("MessageSid", &record.id).put("SmsSid", &record.id).put("SmsMessageSid", &record.id);
    form.put("AccountSid", &account.account_sid).put("ApiVersion", API_VERSION).put("SmsStatus", "received");
    if let Some(service) = service {
        form.put("MessagingServiceSid", service);
    }
    form.put("From", &format!("whatsapp:{}", record.person)).put("To", &format!("whatsapp:{}", account.sender_number));
    form.put("Body", &body(&content)).put("NumSegments", "1");
    form.put("MessageType", &record.kind).put("ProfileName", &name).put("WaId", wa_id);
    form.put("ExternalUserId", &format!("whatsapp:{}", bsuid(&account.waba_id, &record.person)));
    let frequently = extras.forwarded == Forwarded::Frequently;
    let forwarded = frequently || extras.forwarded == Forwarded::Yes;
    form.put("Forwarded", word(forwarded)).put("FrequentlyForwarded", word(frequently));
    particulars(world, account, record, &content, &mut form);
    refer(&extras, &mut form);
    if let Some(kind) = opt_out::kind(account, record) {
        form.put("OptOutType", kind);
    }
    if let Some(quoted) = &record.reply_to {
        quote(world, account, quoted, &mut form);
    }
    let context = json!({
        "ProfileName": name, "WaId": wa_id, "Forwarded": word(forwarded), "FrequentlyForwarded": word(frequently),
    });
    form.put("ChannelMetadata", &json!({ "type": "whatsapp", "data": { "context": context } }).to_string());
    form.0
}

const fn word(truth: bool) -> &'static str {
    if truth { "true" } else { "false" }
}

/// The fields that only this kind of message has.
fn particulars(world: &World, account: &TwilioAccount, record: &Record, content: &Content, form: &mut Fields) {
    let mut files = 0;
    match content {
        Content::Contacts { .. } => files = 1,
        Content::Location(place) => {
            form.put("Latitude", &place.latitude.to_string()).put("Longitude", &place.longitude.to_string());
            if let Some(address) = &place.address {
                form.put("Address", address);
            }
            if let Some(label) = &place.name {
                form.put("Label", label);
            }
        }
        Content::Button { text, payload } => {
            form.put("ButtonText", text).put("ButtonPayload", payload).put("ButtonType", "REPLY");
        }
        Content::ButtonReply { id, title } => {
            form.put("ButtonText", title).put("ButtonPayload", id).put("ButtonType", "REPLY");
        }
        Content::ListReply { id, title, description } => {
            form.put("ListId", id).put("ListTitle", title);
            form.put("ListDescription", description.as_deref().unwrap_or_default());
        }
        Content::FlowReply { response_json, .. } => {
            form.put("InteractiveData", response_json).put("FlowData", response_json);
        }
        Content::Unknown { value: Value::Object(members), .. } => {
            for (name, value) in members {
                form.put(name, &value.as_str().map_or_else(|| value.to_string(), str::to_owned));
            }
        }
        _ => files = u8::from(content.media().is_some()),
    }
    form.put("NumMedia", &files.to_string());
    if files > 0 {
        form.put("MediaUrl0", &media_url(world, account, &record.id));
        form.put("MediaContentType0", &content_type(content));
    }
}

/// The address of the bytes: at `api.twilio.com` in reality, at the simulator here, so that it can be fetched.
fn media_url(world: &World, account: &TwilioAccount, message: &str) -> String {
    let (base, sid) = (&world.base_url, media_sid(message));
    format!("{base}/{API_VERSION}/Accounts/{}/Messages/{message}/Media/{sid}", account.account_sid)
}

/// What kind of file a message holds. Twilio leaves the parameters of types out, and turns cards into vCards.
pub(super) fn content_type(content: &Content) -> String {
    if matches!(content, Content::Contacts { .. }) {
        return "text/vcard".to_owned();
    }
    let mime = content.media().and_then(|media| media.mime_type.as_deref()).unwrap_or("application/octet-stream");
    mime.split(';').next().unwrap_or(mime).trim().to_owned()
}

/// The cards of a message as one file.
pub(super) fn cards(content: &Content) -> Option<String> {
    match content {
        Content::Contacts { contacts } => Some(contacts.iter().map(vcard).collect()),
        _ => None,
    }
}

/// The ad or post. `ReferralNumMedia` is sent always (twilio.md §3.1).
fn refer(extras: &Extras, form: &mut Fields) {
    let Some(Referral {
        source_url,
        source_id,
        source_type,
        headline,
        body,
        media_type,
        image_url,
        video_url,
        ctwa_clid,
        ..
    }) = &extras.referral
    else {
        form.put("ReferralNumMedia", "0");
        return;
    };
    let media = image_url.as_ref().or(video_url.as_ref());
    form.put("ReferralNumMedia", if media.is_some() { "1" } else { "0" });
    form.put("ReferralSourceUrl", source_url).put("ReferralSourceId", source_id);
    form.put("ReferralSourceType", source_type);
    form.put("ReferralHeadline", headline.as_deref().unwrap_or_default());
    form.put("ReferralBody", body.as_deref().unwrap_or_default());
    form.put("ReferralCtwaClid", ctwa_clid.as_deref().unwrap_or_default());
    if let Some(url) = media {
        form.put("ReferralMediaUrl", url);
        let video = media_type.as_deref() == Some("video");
        form.put("ReferralMediaContentType", if video { "video/mp4" } else { "image/jpeg" });
    }
}

/// The quoted message and who had sent it.
fn quote(world: &World, account: &TwilioAccount, quoted: &str, form: &mut Fields) {
    let customer = world.messages.get(quoted).filter(|message| message.record.direction == Direction::Inbound);
    let sender = customer.map_or_else(|| account.sender_number.clone(), |message| message.record.person.to_string());
    form.put("OriginalRepliedMessageSid", quoted);
    form.put("OriginalRepliedMessageSender", &format!("whatsapp:{sender}"));
}
