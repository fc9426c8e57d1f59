//! The sender: whether the account has it, whether it is online, and how it stands (twilio.md §2.8).

use serde_json::Value;

use crate::domain::standing::{Quality, SenderFacts, messaging_limit};
use crate::providers::account::TwilioCredentials;
use crate::providers::check::{Check, CheckName, Finding};
use crate::providers::check_codes::CheckCode;

use super::super::ask::{Refused, Twilio};
use super::super::errors::TABLE;
use super::super::request::{self, Page};
use crate::providers::codes::find as find_code;

/// Twilio's shared sandbox sender, which no account lists as its own.
const SHARED: &str = "+14155238886";
/// An account has at most 50 senders; pages beyond that are not ours.
const MOST_PAGES: usize = 5;

/// Reads the account's senders until the channel's is among them.
pub(in crate::providers::twilio) async fn find(twilio: Twilio<'_>) -> Result<Option<Value>, Refused> {
    let wanted = format!("whatsapp:{}", twilio.credentials.sender_number.as_str());
    let mut page = None;
    for _ in 0..MOST_PAGES {
        let list = request::senders(&twilio.bases.twilio_messaging, twilio.credentials, page.as_ref());
        let body = twilio.ask(list).await?;
        let mut listed = body.get("senders").and_then(Value::as_array).into_iter().flatten();
        if let Some(ours) = listed.find(|sender| sender.get("sender_id").and_then(Value::as_str) == Some(&wanted)) {
            return Ok(Some(ours.clone()));
        }
        page = body.pointer("/meta/next_page_url").and_then(Value::as_str).and_then(Page::of_link);
        if page.is_none() {
            break;
        }
    }
    Ok(None)
}

pub(super) fn state(found: Option<&Value>, credentials: &TwilioCredentials) -> Check {
    let name = CheckName::Sender;
    let number = credentials.sender_number.as_str();
    let Some(found) = found else {
        if number == SHARED {
            let finding = "This is Twilio's shared sandbox sender, whose settings only the Twilio console shows.";
            let cure =
                "Each person must join the sandbox first, every three days. Use a sender of your own for real work.";
            return Check::of(name, Finding::warn(CheckCode::SharedSender, finding, cure));
        }
        let finding = "The account has no WhatsApp sender with this number.";
        let cure = "Check the number, or register it as a WhatsApp sender in the Twilio console. A subaccount has senders of its own.";
        return Check::of(name, Finding::fail(CheckCode::SenderNotFound, finding, cure).at("sender_number"));
    };
    let state = text(found, "/status").unwrap_or("unknown");
    if state.starts_with("ONLINE") {
        return Check::of(name, Finding::pass(format!("{number} is a sender of the account, and it is online.")));
    }
    let code = text(found, "/offline_reasons/0/code");
    let known = code.and_then(|code| code.parse().ok()).and_then(|code| find_code(TABLE, code));
    let why = text(found, "/offline_reasons/0/message").map(|why| format!(": {}", why.trim_end_matches('.')));
    let shown = code.map(|code| format!(" (code {code})")).unwrap_or_default();
    let finding = format!("The sender is {state}, not ONLINE{}{shown}.", why.unwrap_or_default());
    let cure = known.map_or("Finish the sender's registration in the Twilio console.", |row| row.advice);
    Check::of(name, Finding::fail(CheckCode::SenderOffline, finding, cure))
}

pub(super) fn standing(found: &Value) -> Check {
    let quality = text(found, "/properties/quality_rating").unwrap_or("unknown");
    let sound = Finding::pass(format!("WhatsApp lets the sender send; its quality is {quality}."));
    let mut findings = Vec::new();
    if Quality::read(quality) == Quality::Red {
        let cure = "Write only to people who expect it; many have blocked or reported the number.";
        let finding = format!("The sender's quality is low ({quality}).");
        findings.push(Finding::warn(CheckCode::QualityRed, finding, cure));
    }
    if text(found, "/profile/display_name_status").or_else(|| text(found, "/display_name_status")) == Some("DECLINED") {
        let cure = "Choose another display name in the Twilio console.";
        findings.push(Finding::warn(CheckCode::NameNotApproved, "The sender's display name was declined.", cure));
    }
    Check::gravest(CheckName::Standing, findings, sound)
}

/// What the sender's own answer tells.
pub(super) fn facts(found: &Value, facts: &mut SenderFacts) {
    let owned = |path| text(found, path).map(str::to_owned);
    facts.display_number = owned("/sender_id").map(|id| request::bare(&id).to_owned());
    facts.verified_name = owned("/profile/name");
    facts.name_status = owned("/profile/display_name_status").or_else(|| owned("/display_name_status"));
    facts.quality = text(found, "/properties/quality_rating").map(Quality::read);
    facts.messaging_limit = text(found, "/properties/messaging_limit").and_then(messaging_limit);
    facts.sender_status = owned("/status");
}

/// A text that is there and not empty.
pub(in crate::providers::twilio) fn text<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    value.pointer(path).and_then(Value::as_str).filter(|text| !text.is_empty())
}
