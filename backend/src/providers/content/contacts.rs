//! Contact cards.

use chrono::NaiveDate;

use crate::domain::content::plain::{ContactCard, ContactName, ContactsContent};

use super::super::capabilities::limits::ContactLimits;
use super::super::violation::ViolationCode as V;
use super::rules::Found;

pub(super) fn contacts(contacts: &ContactsContent, found: &mut Found<'_>) {
    let Some(limits) = found.can.contacts else { return };
    found.count("content.contacts", "cards", contacts.contacts.len(), 1, limits.max_cards);
    for (n, card) in contacts.contacts.iter().enumerate() {
        card_at(&format!("content.contacts[{n}]"), card, &limits, found);
    }
}

fn card_at(at: &str, card: &ContactCard, limits: &ContactLimits, found: &mut Found<'_>) {
    name(&format!("{at}.name"), &card.name, limits, found);
    for (list, count) in [
        ("phones", card.phones.len()),
        ("emails", card.emails.len()),
        ("addresses", card.addresses.len()),
        ("urls", card.urls.len()),
    ] {
        found.count(&format!("{at}.{list}"), list, count, 0, limits.max_entries);
    }
    let limit = limits.max_text_chars;
    for (n, phone) in card.phones.iter().enumerate() {
        let at = format!("{at}.phones[{n}]");
        found.text(&format!("{at}.phone"), "the phone number", &phone.phone, limit);
        found.optional(&format!("{at}.type"), "the label", phone.label.as_deref(), limit);
        let is_wa_id = |id: &str| (5..=20).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_digit());
        if phone.wa_id.as_deref().is_some_and(|id| !is_wa_id(id)) {
            let message = "a wa_id is the number's digits with the country code and without the plus sign";
            found.add(format!("{at}.wa_id"), V::Malformed, message);
        }
    }
    for (n, email) in card.emails.iter().enumerate() {
        let at = format!("{at}.emails[{n}]");
        found.text(&format!("{at}.email"), "the e-mail address", &email.email, limit);
        found.optional(&format!("{at}.type"), "the label", email.label.as_deref(), limit);
        let is_address = email.email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
        if !email.email.trim().is_empty() && !is_address {
            found.add(format!("{at}.email"), V::Malformed, "an e-mail address has an @ with something on both sides");
        }
    }
    for (n, url) in card.urls.iter().enumerate() {
        let at = format!("{at}.urls[{n}]");
        found.text(&format!("{at}.url"), "the address", &url.url, limit);
        found.optional(&format!("{at}.type"), "the label", url.label.as_deref(), limit);
    }
    for (n, address) in card.addresses.iter().enumerate() {
        let at = format!("{at}.addresses[{n}]");
        for (member, text) in [
            ("street", &address.street),
            ("city", &address.city),
            ("state", &address.state),
            ("zip", &address.zip),
            ("country", &address.country),
            ("type", &address.label),
        ] {
            found.optional(&format!("{at}.{member}"), "it", text.as_deref(), limit);
        }
        let is_country = |code: &str| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_alphabetic());
        if address.country_code.as_deref().is_some_and(|code| !is_country(code)) {
            found.add(format!("{at}.country_code"), V::Malformed, "a country code is two letters, such as GB");
        }
    }
    if let Some(org) = &card.org {
        for (member, text) in [("company", &org.company), ("department", &org.department), ("title", &org.title)] {
            found.optional(&format!("{at}.org.{member}"), "it", text.as_deref(), limit);
        }
    }
    if card.birthday.as_deref().is_some_and(|day| !is_day(day)) {
        found.add(format!("{at}.birthday"), V::Malformed, "a birthday is a day such as 1990-12-10");
    }
}

/// The whole name and at least one part of it (direct.md §2.3).
fn name(at: &str, name: &ContactName, limits: &ContactLimits, found: &mut Found<'_>) {
    let limit = limits.max_text_chars;
    found.text(&format!("{at}.formatted_name"), "the whole name", &name.formatted_name, limit);
    let parts = [
        ("first_name", &name.first_name),
        ("last_name", &name.last_name),
        ("middle_name", &name.middle_name),
        ("prefix", &name.prefix),
        ("suffix", &name.suffix),
    ];
    for (member, text) in parts {
        found.optional(&format!("{at}.{member}"), "it", text.as_deref(), limit);
    }
    if parts.iter().all(|(_, text)| text.is_none()) {
        let message = "besides the whole name WhatsApp needs a part of it; give first_name, last_name or another";
        found.add(format!("{at}.first_name"), V::Required, message);
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}
