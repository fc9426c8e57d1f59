//! When and how a message is to go: schedule, validity, retention (twilio.md §2.1).

use chrono::DateTime;

use super::errors::{Twilio, TwilioError};
use super::form::Form;
use crate::accounts::TwilioAccount;
use crate::ids::now_ms;
use crate::state::World;

/// A scheduled message goes 15 minutes to 35 days ahead.
const SOONEST_MS: i64 = 15 * 60 * 1_000;
const LATEST_MS: i64 = 35 * 24 * 60 * 60 * 1_000;
/// Longest stay in the queue in seconds, also where nothing is said.
const VALIDITY: u32 = 36_000;

const INTENTS: [&str; 11] = [
    "otp",
    "notifications",
    "marketing",
    "fraud",
    "security",
    "customercare",
    "delivery",
    "education",
    "polling",
    "announcements",
    "events",
];

/// What the options decide.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// Milliseconds since 1970.
    pub(super) send_at: Option<i64>,
    /// The code with which the message fails later.
    pub(super) late: Option<u32>,
}

pub(super) fn read(world: &World, account: &TwilioAccount, form: &Form) -> Twilio<Options> {
    word(form, "MessageIntent", &INTENTS)?;
    word(form, "ContentRetention", &["retain", "discard"])?;
    word(form, "AddressRetention", &["retain", "obfuscate"])?;
    // Both need a feature that the sandbox's accounts do not have.
    if form.get("ContentRetention") == Some("discard") {
        return Err(TwilioError::new(30_029, "Invalid ContentRetention"));
    }
    if form.get("AddressRetention") == Some("obfuscate") {
        return Err(TwilioError::new(30_030, "Invalid AddressRetention"));
    }
    if form.get("ApplicationSid").is_some_and(|sid| !sid.starts_with("AP") || sid.len() != 34) {
        return Err(TwilioError::invalid("ApplicationSid", "not a SID of an application"));
    }
    let service = form.get("MessagingServiceSid").and_then(|sid| account.service(sid));
    let validity = match form.get("ValidityPeriod") {
        Some(text) => text
            .parse()
            .ok()
            .filter(|seconds| (1..=VALIDITY).contains(seconds))
            .ok_or_else(|| TwilioError::new(21_624, "Validity Period is out of range (1 to 36000)"))?,
        None => service.map_or(VALIDITY, |service| service.validity_period),
    };
    // The pace stands for the queue: what waits longer than its validity is given up there.
    let expires = world.pace().sent_ms > u64::from(validity) * 1_000;
    Ok(Options { send_at: schedule(form)?, late: expires.then_some(30_036) })
}

fn word(form: &Form, name: &str, known: &[&str]) -> Twilio<()> {
    if form.get(name).is_some_and(|found| !known.contains(&found)) {
        return Err(TwilioError::invalid(name, "unknown value"));
    }
    Ok(())
}

fn schedule(form: &Form) -> Twilio<Option<i64>> {
    let (kind, at) = (form.get("ScheduleType"), form.get("SendAt"));
    if kind.is_none() && at.is_none() {
        return Ok(None);
    }
    if kind != Some("fixed") {
        return Err(TwilioError::new(35_126, "ScheduleType must be 'fixed'"));
    }
    let at = at.ok_or_else(|| TwilioError::new(35_111, "SendAt timestamp is missing"))?;
    if form.get("MessagingServiceSid").is_none() {
        return Err(TwilioError::new(35_118, "MessagingServiceSid is required to schedule a message"));
    }
    let at = DateTime::parse_from_rfc3339(at).map(|at| at.timestamp_millis()).ok();
    let ahead = at.map(|at| at - now_ms()).filter(|ahead| (SOONEST_MS..=LATEST_MS).contains(ahead));
    if ahead.is_none() {
        return Err(TwilioError::new(35_114, "SendAt time must be between 900 seconds and 35 days in the future"));
    }
    Ok(at)
}
