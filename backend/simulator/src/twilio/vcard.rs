//! Contact cards as vCards: Twilio hands contacts on as files (twilio.md §3.1).

use serde_json::{Value, json};

/// One card in Meta's shape (direct.md §2.3) as vCard 3.0.
pub(super) fn vcard(card: &Value) -> String {
    let text = |pointer: &str| card.pointer(pointer).and_then(Value::as_str).map(escaped);
    let mut lines = vec!["BEGIN:VCARD".to_owned(), "VERSION:3.0".to_owned()];
    let name = |part: &str| text(&format!("/name/{part}")).unwrap_or_default();
    let (last, first, middle) = (name("last_name"), name("first_name"), name("middle_name"));
    lines.push(format!("N:{last};{first};{middle};{};{}", name("prefix"), name("suffix")));
    lines.push(format!("FN:{}", name("formatted_name")));
    for phone in list(card, "phones") {
        let number = phone.get("phone").and_then(Value::as_str).unwrap_or_default();
        let waid = phone.get("wa_id").and_then(Value::as_str).map(|id| format!(";waid={id}")).unwrap_or_default();
        lines.push(format!("TEL{}{waid}:{number}", kind(phone)));
    }
    for email in list(card, "emails") {
        let address = email.get("email").and_then(Value::as_str).map(escaped).unwrap_or_default();
        lines.push(format!("EMAIL{}:{address}", kind(email)));
    }
    for address in list(card, "addresses") {
        let part = |name: &str| address.get(name).and_then(Value::as_str).map(escaped).unwrap_or_default();
        let parts = ["street", "city", "state", "zip", "country"].map(part).join(";");
        lines.push(format!("ADR{}:;;{parts}", kind(address)));
    }
    for url in list(card, "urls") {
        let address = url.get("url").and_then(Value::as_str).unwrap_or_default();
        lines.push(format!("URL{}:{address}", kind(url)));
    }
    lines.extend(text("/org/company").map(|company| format!("ORG:{company}")));
    lines.extend(text("/org/title").map(|title| format!("TITLE:{title}")));
    lines.extend(text("/birthday").map(|day| format!("BDAY:{day}")));
    lines.push("END:VCARD\r\n".to_owned());
    lines.join("\r\n")
}

fn list<'a>(card: &'a Value, name: &str) -> &'a [Value] {
    card.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn kind(entry: &Value) -> String {
    entry.get("type").and_then(Value::as_str).map(|kind| format!(";TYPE={}", kind.to_uppercase())).unwrap_or_default()
}

/// Commas, semicolons, backslashes and line ends have a meaning in vCards.
fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;").replace('\n', "\\n")
}

/// The cards of a file in Meta's shape: names and numbers.
pub(super) fn cards(file: &str) -> Vec<Value> {
    let mut cards = Vec::new();
    for text in file.split("BEGIN:VCARD").skip(1) {
        let lines = text.lines().filter_map(|line| line.split_once(':'));
        let (mut name, mut phones) = (None, Vec::new());
        for (key, value) in lines {
            match key.split(';').next().unwrap_or(key).to_ascii_uppercase().as_str() {
                "FN" => name = Some(value.trim().replace("\\,", ",").replace("\\;", ";")),
                "TEL" => phones.push(json!({ "phone": value.trim() })),
                _ => {}
            }
        }
        if let Some(name) = name {
            cards.push(json!({ "name": { "formatted_name": name, "first_name": name }, "phones": phones }));
        }
    }
    cards
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_becomes_a_vcard() {
        let card = json!({
            "name": { "formatted_name": "Ada, Byron", "first_name": "Ada" },
            "phones": [{ "phone": "+44 7700 900456", "wa_id": "447700900456", "type": "CELL" }],
        });
        let expected = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:;Ada;;;\r\nFN:Ada\\, Byron\r\n\
                        TEL;TYPE=CELL;waid=447700900456:+44 7700 900456\r\nEND:VCARD\r\n";
        assert_eq!(vcard(&card), expected);
        let read = cards(expected);
        assert_eq!(read.first().and_then(|card| card.pointer("/name/formatted_name")), Some(&json!("Ada, Byron")));
        assert_eq!(read.first().and_then(|card| card.pointer("/phones/0/phone")), Some(&json!("+44 7700 900456")));
    }
}
