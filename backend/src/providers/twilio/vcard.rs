//! Contact cards as a vCard file (RFC 6350): Twilio carries them as a medium (twilio.md §8.1).

use crate::domain::content::plain::{ContactAddress, ContactCard, ContactName, ContactOrganisation, ContactPhone};

/// How a file of contact cards is served.
pub const MIME_TYPE: &str = "text/vcard";

/// Longest line in octets, without its end (RFC 6350 §3.2).
const LINE: usize = 75;

/// All cards, one after the other.
pub fn render(cards: &[ContactCard]) -> String {
    let mut file = File::default();
    for card in cards {
        file.card(card);
    }
    file.0
}

#[derive(Default)]
struct File(String);

/// Properties of one card that have labels of their own are grouped: `item1.TEL`, `item1.X-ABLABEL`.
struct Groups(u32);

impl File {
    fn card(&mut self, card: &ContactCard) {
        let mut groups = Groups(0);
        self.line("BEGIN:VCARD");
        self.line("VERSION:4.0");
        self.line(&format!("FN:{}", escaped(&card.name.formatted_name)));
        self.line(&format!("N:{}", name(&card.name)));
        for phone in &card.phones {
            self.labelled(&mut groups, &format!("TEL{}", wa_id(phone)), phone.label.as_deref(), &escaped(&phone.phone));
        }
        for email in &card.emails {
            self.labelled(&mut groups, "EMAIL", email.label.as_deref(), &escaped(&email.email));
        }
        for address in &card.addresses {
            let property = format!("ADR{}", parameter("CC", address.country_code.as_deref()));
            self.labelled(&mut groups, &property, address.label.as_deref(), &self::address(address));
        }
        for url in &card.urls {
            // A URI, which is not escaped; a line break would end the property.
            let value: String = url.url.chars().filter(|c| !c.is_control()).collect();
            self.labelled(&mut groups, "URL", url.label.as_deref(), &value);
        }
        if let Some(org) = &card.org {
            self.organisation(org);
        }
        if let Some(birthday) = card.birthday.as_deref().filter(|text| !text.is_empty()) {
            self.line(&format!("BDAY:{}", escaped(&birthday.replace('-', ""))));
        }
        self.line("END:VCARD");
    }

    fn organisation(&mut self, org: &ContactOrganisation) {
        let company = org.company.as_deref().unwrap_or_default();
        match org.department.as_deref().unwrap_or_default() {
            "" if company.is_empty() => {}
            "" => self.line(&format!("ORG:{}", escaped(company))),
            department => self.line(&format!("ORG:{};{}", escaped(company), escaped(department))),
        }
        if let Some(title) = org.title.as_deref().filter(|title| !title.is_empty()) {
            self.line(&format!("TITLE:{}", escaped(title)));
        }
    }

    fn labelled(&mut self, groups: &mut Groups, property: &str, label: Option<&str>, value: &str) {
        let Some(label) = label.filter(|label| !label.is_empty()) else {
            return self.line(&format!("{property}:{value}"));
        };
        if let Some(kind) = known_type(label) {
            return self.line(&format!("{property};TYPE={kind}:{value}"));
        }
        groups.0 += 1;
        let group = format!("item{}", groups.0);
        self.line(&format!("{group}.{property}:{value}"));
        self.line(&format!("{group}.X-ABLABEL:{}", escaped(label)));
    }

    /// Writes one line, folded so that none is longer than allowed and no character is cut in two.
    fn line(&mut self, text: &str) {
        let mut room = LINE;
        for c in text.chars() {
            if c.len_utf8() > room {
                self.0.push_str("\r\n ");
                room = LINE - 1;
            }
            room -= c.len_utf8();
            self.0.push(c);
        }
        self.0.push_str("\r\n");
    }
}

/// Family, given, additional, prefixes, suffixes.
fn name(name: &ContactName) -> String {
    components([&name.last_name, &name.first_name, &name.middle_name, &name.prefix, &name.suffix])
}

/// Post-office box, extended address, street, city, region, postal code, country. The first two are always empty.
fn address(address: &ContactAddress) -> String {
    components([&None, &None, &address.street, &address.city, &address.state, &address.zip, &address.country])
}

fn components<const N: usize>(parts: [&Option<String>; N]) -> String {
    parts.map(|part| escaped(part.as_deref().unwrap_or_default())).join(";")
}

/// WhatsApp's own parameter: the number on WhatsApp, which gives the card its button to write.
fn wa_id(phone: &ContactPhone) -> String {
    let digits: Option<String> = phone.wa_id.as_ref().map(|id| id.chars().filter(char::is_ascii_digit).collect());
    parameter("waid", digits.as_deref())
}

fn parameter(name: &str, value: Option<&str>) -> String {
    let value: String = value.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).collect();
    if value.is_empty() { String::new() } else { format!(";{name}={value}") }
}

/// The labels that vCard has a word for (RFC 6350 §5.6, §6.4.1).
fn known_type(label: &str) -> Option<&'static str> {
    match label.to_ascii_lowercase().as_str() {
        "home" => Some("home"),
        "work" => Some("work"),
        "cell" | "mobile" => Some("cell"),
        "fax" => Some("fax"),
        "pager" => Some("pager"),
        _ => None,
    }
}

/// A text value: backslash, comma, semicolon and line breaks are escaped (RFC 6350 §3.4); other control characters have no
/// place in it.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ',' | ';' => safe.extend(['\\', c]),
            '\n' | '\r' => safe.push_str("\\n"),
            c if c.is_control() && c != '\t' => {}
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use serde_json::json;

    use super::*;

    fn rendered(cards: serde_json::Value) -> String {
        render(&serde_json::from_value::<Vec<ContactCard>>(cards).unwrap())
    }

    #[test]
    fn a_card_with_everything() {
        let file = rendered(json!([{
            "name": { "formatted_name": "Dr Ada Byron, FRS", "first_name": "Ada", "last_name": "Byron", "prefix": "Dr", "suffix": "FRS" },
            "phones": [{ "phone": "+44 7700 900456", "type": "Mobile", "wa_id": "447700900456" }, { "phone": "1", "type": "Front desk; ask" }, { "phone": "2" }],
            "emails": [{ "email": "ada@acme.example", "type": "WORK" }],
            "addresses": [{ "street": "1 High St; Flat 2", "city": "London", "zip": "E1 6AN", "country": "United Kingdom", "country_code": "gb", "type": "Home" }],
            "urls": [{ "url": "https://acme.example/a?b=1,2;c", "type": "Site" }],
            "org": { "company": "Acme, Ltd", "department": "R&D", "title": "Analyst" },
            "birthday": "1815-12-10",
        }]));
        assert_snapshot!(file.replace('\r', ""), @r"
        BEGIN:VCARD
        VERSION:4.0
        FN:Dr Ada Byron\, FRS
        N:Byron;Ada;;Dr;FRS
        TEL;waid=447700900456;TYPE=cell:+44 7700 900456
        item1.TEL:1
        item1.X-ABLABEL:Front desk\; ask
        TEL:2
        EMAIL;TYPE=work:ada@acme.example
        ADR;CC=gb;TYPE=home:;;1 High St\; Flat 2;London;;E1 6AN;United Kingdom
        item2.URL:https://acme.example/a?b=1,2;c
        item2.X-ABLABEL:Site
        ORG:Acme\, Ltd;R&D
        TITLE:Analyst
        BDAY:18151210
        END:VCARD
        ");
        assert!(file.lines().count() == file.matches("\r\n").count());
    }

    #[test]
    fn no_value_can_begin_a_property_of_its_own() {
        let file = rendered(json!([{
            "name": { "formatted_name": "Ada\r\nTEL:+1\rX\u{0}" },
            "phones": [{ "phone": "1\nEND:VCARD", "type": "a\nb", "wa_id": "1:2\n3" }],
            "urls": [{ "url": "https://acme.example/\r\nNOTE:x" }],
        }]));
        assert_snapshot!(file.replace('\r', ""), @r"
        BEGIN:VCARD
        VERSION:4.0
        FN:Ada\nTEL:+1\nX
        N:;;;;
        item1.TEL;waid=123:1\nEND:VCARD
        item1.X-ABLABEL:a\nb
        URL:https://acme.example/NOTE:x
        END:VCARD
        ");
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        let name = "Ädä ".repeat(60);
        let file = rendered(json!([{ "name": { "formatted_name": name } }, { "name": { "formatted_name": "B" } }]));
        assert!(file.split("\r\n").all(|line| line.len() <= LINE), "{file}");
        assert!(file.replace("\r\n ", "").contains(&format!("FN:{name}\r\n")));
        assert_eq!(file.matches("BEGIN:VCARD").count(), 2);
    }
}
