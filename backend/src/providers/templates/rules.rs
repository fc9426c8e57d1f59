//! Whether a definition may be submitted: WhatsApp's own rules, which hold at both providers (direct.md §2.8). Fields are
//! paths inside the definition.

use serde_json::Value;
use url::Url;

use crate::domain::template_definition::placeholders::{before_last, names};
use crate::domain::template_definition::{
    MediaSample, OtpButton, OtpType, ParameterFormat, TemplateButton, TemplateCard, TemplateCategory,
    TemplateDefinition, TemplateHeader,
};
use crate::providers::violation::{Violation, ViolationCode as V};

use super::size::oversize;
use super::text_rules::TextRule;

/// Characters of a name (direct.md §2.8).
pub const NAME_CHARS: usize = 512;
/// Characters of a header of text (direct.md §2.8).
pub const HEADER_CHARS: usize = 60;
/// Characters of a body (direct.md §2.8).
pub const BODY_CHARS: usize = 1_024;
/// Characters of a body beside a limited-time offer (direct.md §2.8).
pub const BODY_BESIDE_OFFER_CHARS: usize = 600;
/// Characters of a card's body (direct.md §2.8).
pub const CARD_BODY_CHARS: usize = 160;
/// Characters of a footer (direct.md §2.8).
pub const FOOTER_CHARS: usize = 60;
/// Characters of an offer's text (direct.md §2.8).
pub const OFFER_CHARS: usize = 16;
/// Buttons of one template (direct.md §2.8).
pub const BUTTONS: usize = 10;
/// Characters on a button (direct.md §2.8).
pub const BUTTON_CHARS: usize = 25;
/// Characters of a button's address (direct.md §2.8).
pub const URL_CHARS: usize = 2_000;
/// Digits of a button's phone number (direct.md §2.8).
pub const PHONE_DIGITS: usize = 20;
/// Characters of a coupon code (direct.md §2.8).
pub const CODE_CHARS: usize = 20;
/// Variables of a body: Twilio's bound for a Content (twilio.md §2.4); Meta names none.
pub const VARIABLES: usize = 100;
/// Cards of a carousel, at least and at most (direct.md §2.8).
pub const CARDS: (usize, usize) = (2, 10);
/// Buttons of one card (direct.md §2.8, twilio.md §2.5).
pub const CARD_BUTTONS: usize = 2;
/// Apps of one one-time-code button (direct.md §2.8).
pub const APPS: usize = 5;
/// Characters of an app's signature hash (direct.md §2.8).
pub const HASH_CHARS: usize = 11;
/// Minutes until a code expires, at least and at most (twilio.md §2.5).
pub const CODE_MINUTES: (u8, u8) = (1, 90);

/// The shortest and longest time to live of a category in seconds; -1, which is 30 days, is allowed beside them (direct.md §2.8).
pub const fn ttl_bounds(category: TemplateCategory) -> (i64, i64) {
    match category {
        TemplateCategory::Authentication => (30, 900),
        TemplateCategory::Utility => (30, 43_200),
        TemplateCategory::Marketing => (43_200, 2_592_000),
    }
}

/// How many buttons of a kind one template may have (direct.md §2.8).
fn most_of(kind: &str) -> usize {
    match kind {
        "quick_reply" => 10,
        "url" => 2,
        _ => 1,
    }
}

/// Every rule that the definition breaks.
pub fn violations(definition: &TemplateDefinition) -> Vec<Violation> {
    if let Some(size) = oversize(definition) {
        return vec![size];
    }
    let mut found = Found(Vec::new());
    check_name(definition, &mut found);
    check_category(definition, &mut found);
    if definition.is_authentication() {
        check_authentication(definition, &mut found);
    } else {
        check_texts(definition, &mut found);
        check_offer(definition, &mut found);
        check_carousel(definition, &mut found);
    }
    check_buttons(definition, &mut found);
    if let Ok(document) = serde_json::to_value(definition) {
        check_characters(&document, String::new(), &mut found);
    }
    found.0
}

/// The rules broken so far.
pub(super) struct Found(pub(super) Vec<Violation>);

impl Found {
    pub(super) fn add(&mut self, field: impl Into<String>, code: V, message: impl Into<String>) {
        self.0.push(Violation::new(field, code, message));
    }

    fn at_most(&mut self, field: &str, text: &str, chars: usize) {
        if text.trim().is_empty() {
            self.add(field, V::Empty, "write something, or leave it out");
        } else if text.chars().count() > chars {
            self.add(field, V::TooLong, format!("at most {chars} characters; shorten it"));
        }
    }
}

fn check_name(definition: &TemplateDefinition, found: &mut Found) {
    let sound = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    let name = &definition.name;
    if name.is_empty() || name.len() > NAME_CHARS || !name.bytes().all(sound) {
        found.add("name", V::Malformed, "1 to 512 lower-case letters, digits and underscores");
    }
    if !is_language(&definition.language) {
        found.add("language", V::Malformed, "one of Meta's codes, such as en, en_GB or pt_BR");
    }
    if let Some(seconds) = definition.message_send_ttl_seconds {
        let (least, most) = ttl_bounds(definition.category);
        if seconds != -1 && !(least..=most).contains(&seconds) {
            let category = definition.category;
            let message = format!("{category} templates live {least} to {most} seconds, or -1 for 30 days");
            found.add("message_send_ttl_seconds", V::Malformed, message);
        }
    }
}

/// Two or three letters, then perhaps a country or script.
pub fn is_language(code: &str) -> bool {
    let (language, region) = code.split_once('_').map_or((code, None), |(language, region)| (language, Some(region)));
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_lowercase())
        && region.is_none_or(|r| (2..=4).contains(&r.len()) && r.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn check_category(definition: &TemplateDefinition, found: &mut Found) {
    let is_authentication = definition.category == TemplateCategory::Authentication;
    match (is_authentication, definition.is_authentication()) {
        (true, false) => {
            let message = "authentication templates say here what Meta's text holds; {} is enough";
            found.add("authentication", V::Required, message);
        }
        (false, true) => {
            found.add("authentication", V::Conflict, "only with the category authentication; leave it out");
        }
        _ => {}
    }
    let is_marketing = definition.category == TemplateCategory::Marketing;
    if definition.limited_time_offer.is_some() && !is_marketing {
        found.add("limited_time_offer", V::Conflict, "only with the category marketing");
    }
    if !definition.cards.is_empty() && !is_marketing {
        found.add("cards", V::Conflict, "carousels have the category marketing");
    }
}

fn check_texts(definition: &TemplateDefinition, found: &mut Found) {
    let format = definition.parameter_format;
    match &definition.header {
        Some(TemplateHeader::Text(text)) => {
            let rule =
                TextRule { place: "header", format, max_chars: HEADER_CHARS, max_variables: 1, among_words: false };
            rule.check(text, found);
        }
        Some(header) => check_media(header, "header", found),
        None => {}
    }
    let max_chars = if definition.limited_time_offer.is_some() { BODY_BESIDE_OFFER_CHARS } else { BODY_CHARS };
    match &definition.body {
        Some(body) => {
            let rule = TextRule { place: "body", format, max_chars, max_variables: VARIABLES, among_words: true };
            rule.check(body, found);
        }
        None => found.add("body", V::Required, "every template but those for authentication has a body"),
    }
    if let Some(footer) = &definition.footer {
        found.at_most("footer", footer, FOOTER_CHARS);
        if !names(footer).is_empty() {
            found.add("footer", V::Malformed, "a footer has no variables");
        }
    }
}

fn check_media(header: &TemplateHeader, place: &str, found: &mut Found) {
    let Some(sample) = header.media() else { return };
    let MediaSample { link, media_id, handle, fixed } = sample;
    let given = usize::from(link.is_some()) + usize::from(media_id.is_some()) + usize::from(handle.is_some());
    if given != 1 {
        let code = if given == 0 { V::Required } else { V::Conflict };
        found.add(format!("{place}.link"), code, "give exactly one of link, media_id and handle");
    }
    if let Some(link) = link
        && !Url::parse(link).is_ok_and(|url| url.scheme() == "https" && url.has_host() && !url.path().is_empty())
    {
        found.add(format!("{place}.link"), V::Malformed, "the sample needs a public https address");
    }
    if *fixed && link.is_none() && media_id.is_none() {
        found.add(format!("{place}.fixed"), V::Conflict, "only a sample with a link or a media_id can go out itself");
    }
}

fn check_offer(definition: &TemplateDefinition, found: &mut Found) {
    let Some(offer) = &definition.limited_time_offer else { return };
    found.at_most("limited_time_offer.text", &offer.text, OFFER_CHARS);
    if definition.footer.is_some() {
        found.add("footer", V::Conflict, "not together with a limited-time offer");
    }
}

fn check_carousel(definition: &TemplateDefinition, found: &mut Found) {
    let cards = &definition.cards;
    let Some(first) = cards.first() else { return };
    let (least, most) = CARDS;
    if cards.len() < least {
        found.add("cards", V::TooShort, format!("a carousel has {least} to {most} cards"));
    } else if cards.len() > most {
        found.add("cards", V::TooMany, format!("a carousel has {least} to {most} cards"));
    }
    for (field, given) in [
        ("header", definition.header.is_some()),
        ("footer", definition.footer.is_some()),
        ("buttons", !definition.buttons.is_empty()),
        ("limited_time_offer", definition.limited_time_offer.is_some()),
    ] {
        if given {
            found.add(field, V::Conflict, "a carousel has a body and cards only");
        }
    }
    for (n, card) in cards.iter().enumerate() {
        check_card(definition.parameter_format, n, card, first, found);
    }
}

fn check_card(format: ParameterFormat, n: usize, card: &TemplateCard, first: &TemplateCard, found: &mut Found) {
    let place = format!("cards[{n}]");
    if !matches!(card.header, TemplateHeader::Image(_) | TemplateHeader::Video(_) | TemplateHeader::Product {}) {
        found.add(format!("{place}.header"), V::Malformed, "a card's header is a picture, a film or a product");
    }
    check_media(&card.header, &format!("{place}.header"), found);
    if let Some(body) = &card.body {
        let rule = TextRule {
            place: &format!("{place}.body"),
            format,
            max_chars: CARD_BODY_CHARS,
            max_variables: VARIABLES,
            among_words: true,
        };
        rule.check(body, found);
    }
    if card.buttons.is_empty() || card.buttons.len() > CARD_BUTTONS {
        let code = if card.buttons.is_empty() { V::Required } else { V::TooMany };
        found.add(format!("{place}.buttons"), code, format!("a card has 1 to {CARD_BUTTONS} buttons"));
    }
    for (b, button) in card.buttons.iter().enumerate() {
        let field = format!("{place}.buttons[{b}]");
        let fits = matches!(
            button,
            TemplateButton::QuickReply { .. }
                | TemplateButton::Url { .. }
                | TemplateButton::PhoneNumber { .. }
                | TemplateButton::Spm { .. }
        );
        if !fits {
            found.add(
                field.clone(),
                V::Malformed,
                "a card's buttons are replies, addresses, phone numbers or products",
            );
        }
        check_button(button, &field, found);
    }
    let shape = |card: &TemplateCard| {
        let kinds: Vec<&str> = card.buttons.iter().map(TemplateButton::kind).collect();
        (card.header.kind(), card.body.is_some(), kinds)
    };
    if shape(card) != shape(first) {
        found.add(place, V::Conflict, "all cards have the same components as the first");
    }
}

/// Meta supplies the text of these; nothing else may be added (direct.md §2.8).
fn check_authentication(definition: &TemplateDefinition, found: &mut Found) {
    for (field, given) in [
        ("header", definition.header.is_some()),
        ("body", definition.body.is_some()),
        ("footer", definition.footer.is_some()),
        ("cards", !definition.cards.is_empty()),
        ("limited_time_offer", definition.limited_time_offer.is_some()),
    ] {
        if given {
            found.add(field, V::Conflict, "an authentication template's text is Meta's; leave it out");
        }
    }
    let minutes = definition.authentication.as_ref().and_then(|chosen| chosen.code_expiration_minutes);
    let (least, most) = CODE_MINUTES;
    if minutes.is_some_and(|minutes| !(least..=most).contains(&minutes)) {
        let message = format!("{least} to {most} minutes");
        found.add("authentication.code_expiration_minutes", V::Malformed, message);
    }
    if definition.buttons.len() != 1 || definition.otp().is_none() {
        found.add("buttons", V::Required, "an authentication template has exactly one button, of the type otp");
    }
}

fn check_buttons(definition: &TemplateDefinition, found: &mut Found) {
    let buttons = &definition.buttons;
    if buttons.len() > BUTTONS {
        found.add("buttons", V::TooMany, format!("at most {BUTTONS} buttons"));
    }
    for (n, button) in buttons.iter().enumerate() {
        let field = format!("buttons[{n}]");
        let same = buttons.iter().take(n + 1).filter(|other| other.kind() == button.kind()).count();
        let most = most_of(button.kind());
        if same > most {
            found.add(field.clone(), V::TooMany, format!("at most {most} of the type {}", button.kind()));
        }
        if matches!(button, TemplateButton::Otp(_)) && !definition.is_authentication() {
            found.add(field.clone(), V::Conflict, "one-time codes stand in authentication templates only");
        }
        if matches!(button, TemplateButton::Spm { .. })
            && !matches!(definition.header, Some(TemplateHeader::Product {}))
        {
            found.add("header", V::Required, "a button to a product needs a header of the type product");
        }
        check_button(button, &field, found);
    }
    let replies: Vec<bool> = buttons.iter().map(|button| matches!(button, TemplateButton::QuickReply { .. })).collect();
    let changes = replies.windows(2).filter(|pair| matches!(pair, [a, b] if a != b)).count();
    if changes > 1 {
        found.add("buttons", V::Malformed, "quick replies must stand together, before or behind the other buttons");
    }
}

fn check_button(button: &TemplateButton, place: &str, found: &mut Found) {
    if let Some(text) = button.text() {
        found.at_most(&format!("{place}.text"), text, BUTTON_CHARS);
        if !names(text).is_empty() {
            found.add(format!("{place}.text"), V::Malformed, "a button's text has no variables");
        }
    }
    match button {
        TemplateButton::Url { url, sample, .. } => check_url(url, sample.as_deref(), place, found),
        TemplateButton::PhoneNumber { phone_number, .. } => {
            let digits = phone_number.strip_prefix('+').unwrap_or(phone_number);
            if digits.is_empty() || digits.len() > PHONE_DIGITS || !digits.bytes().all(|b| b.is_ascii_digit()) {
                let message = "a plus sign and at most 20 digits, such as +447700900001";
                found.add(format!("{place}.phone_number"), V::Malformed, message);
            }
        }
        TemplateButton::CopyCode { sample } => found.at_most(&format!("{place}.sample"), sample, CODE_CHARS),
        TemplateButton::Flow { flow_id, flow_name, .. } if flow_id.is_some() == flow_name.is_some() => {
            let code = if flow_id.is_some() { V::Conflict } else { V::Required };
            found.add(format!("{place}.flow_id"), code, "give exactly one of flow_id and flow_name");
        }
        TemplateButton::Otp(otp) => check_otp(otp, place, found),
        TemplateButton::QuickReply { payload: Some(payload), .. } if payload.is_empty() => {
            found.add(format!("{place}.payload"), V::Empty, "leave it out to use the text");
        }
        _ => {}
    }
}

fn check_url(url: &str, sample: Option<&str>, place: &str, found: &mut Found) {
    let field = format!("{place}.url");
    if url.chars().count() > URL_CHARS {
        found.add(field.clone(), V::TooLong, format!("at most {URL_CHARS} characters"));
    }
    let variables = names(url);
    let fixed = before_last(url).unwrap_or(url);
    if !Url::parse(fixed).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
        found.add(field.clone(), V::Malformed, "an address that begins with https:// and a fixed host");
    }
    if variables.is_empty() {
        if sample.is_some() {
            found.add(format!("{place}.sample"), V::Conflict, "the address has no variable; leave the sample out");
        }
        return;
    }
    if variables != ["1"] || before_last(url).is_none() {
        found.add(field, V::Malformed, "an address has at most one variable, {{1}}, at its very end");
    }
    if sample.is_none_or(|sample| sample.trim().is_empty()) {
        found.add(format!("{place}.sample"), V::Required, "the reviewer needs a sample of what stands for {{1}}");
    }
}

fn check_otp(otp: &OtpButton, place: &str, found: &mut Found) {
    if let Some(text) = &otp.autofill_text {
        found.at_most(&format!("{place}.autofill_text"), text, BUTTON_CHARS);
    }
    let apps = &otp.supported_apps;
    if apps.len() > APPS {
        found.add(format!("{place}.supported_apps"), V::TooMany, format!("at most {APPS} apps"));
    }
    if otp.otp_type == OtpType::CopyCode {
        if !apps.is_empty() {
            found.add(format!("{place}.supported_apps"), V::Conflict, "only with one_tap and zero_tap");
        }
    } else if apps.is_empty() {
        found.add(format!("{place}.supported_apps"), V::Required, "name the app that takes the code");
    }
    for (n, app) in apps.iter().enumerate() {
        let field = format!("{place}.supported_apps[{n}]");
        if !app.package_name.contains('.') {
            found.add(format!("{field}.package_name"), V::Malformed, "an Android package, such as example.acme.app");
        }
        if app.signature_hash.chars().count() != HASH_CHARS {
            let message = format!("the app's key hash has {HASH_CHARS} characters");
            found.add(format!("{field}.signature_hash"), V::Malformed, message);
        }
    }
    if otp.otp_type == OtpType::ZeroTap && !otp.zero_tap_terms_accepted {
        let message = "zero-tap needs true here: you have told people that codes are taken over by themselves";
        found.add(format!("{place}.zero_tap_terms_accepted"), V::Required, message);
    }
}

/// One U+0000 makes PostgreSQL refuse the whole document.
fn check_characters(value: &Value, path: String, found: &mut Found) {
    match value {
        Value::String(text) if text.contains('\0') => {
            found.add(path, V::Malformed, "holds the character U+0000; remove it");
        }
        Value::Array(items) => {
            for (n, item) in items.iter().enumerate() {
                check_characters(item, format!("{path}[{n}]"), found);
            }
        }
        Value::Object(members) => {
            for (name, item) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                check_characters(item, path, found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests;
