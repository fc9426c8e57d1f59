//! The templates of each WhatsApp Business Account: a few that every sandbox has, and those that were created.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::SimulatorError;
use crate::json_file::Shelf;

/// One template in one language.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Template {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) language: String,
    /// `UTILITY`, `MARKETING` or `AUTHENTICATION`.
    pub(crate) category: String,
    /// Whether variables have names instead of numbers.
    pub(crate) named: bool,
    pub(crate) components: Value,
    /// Until then it is under review; milliseconds since 1970.
    pub(crate) reviewed_at: i64,
    /// Why the review refused it.
    pub(crate) rejected: Option<String>,
}

impl Template {
    /// Status in Meta's words at `now` (direct.md §2.8).
    pub(crate) fn status(&self, now: i64) -> &'static str {
        match &self.rejected {
            _ if now < self.reviewed_at => "PENDING",
            Some(_) => "REJECTED",
            None => "APPROVED",
        }
    }

    /// The component of this type, if the template has it.
    pub(crate) fn component(&self, kind: &str) -> Option<&Value> {
        self.components.as_array()?.iter().find(|component| component.get("type").and_then(Value::as_str) == Some(kind))
    }
}

/// Templates by account.
#[derive(Debug)]
pub(crate) struct Templates {
    created: Shelf<Template>,
}

impl Templates {
    /// Reads the created templates; with no path they live in memory.
    pub(crate) fn open(path: Option<PathBuf>) -> Result<Self, SimulatorError> {
        Ok(Self { created: Shelf::open(path)? })
    }

    /// All templates of an account, samples first.
    pub(crate) fn of(&self, waba: &str) -> Vec<Arc<Template>> {
        let mut found = SAMPLES.clone();
        found.extend(self.created.of(waba));
        found
    }

    pub(crate) fn find(&self, waba: &str, name: &str, language: &str) -> Option<Arc<Template>> {
        let fits = |template: &Template| template.name == name && template.language == language;
        SAMPLES.iter().find(|template| fits(template)).cloned().or_else(|| self.created.find(waba, fits))
    }

    /// Adds a template; false when the name exists in this language.
    pub(crate) fn add(&self, waba: &str, template: Template) -> bool {
        let new = self.find(waba, &template.name, &template.language).is_none();
        if new {
            self.created.add(waba, template);
        }
        new
    }

    /// Removes created templates that fit; tells how many.
    pub(crate) fn remove(&self, waba: &str, fits: impl Fn(&Template) -> bool) -> usize {
        self.created.remove(waba, fits)
    }
}

/// How many different variables a text has, in the order of their first use.
pub(crate) fn variables(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for piece in text.split("{{").skip(1) {
        if let Some((name, _)) = piece.split_once("}}")
            && !found.contains(&name.trim())
        {
            found.push(name.trim());
        }
    }
    found
}

/// Approved templates that every account has: the examples of direct.md §2.5 and §2.8.
static SAMPLES: LazyLock<Vec<Arc<Template>>> = LazyLock::new(|| samples().into_iter().map(Arc::new).collect());

fn samples() -> Vec<Template> {
    vec![
        sample(
            "400000000000001",
            "order_shipped",
            "en_GB",
            "UTILITY",
            json!([
                { "type": "HEADER", "format": "DOCUMENT", "example": { "header_handle": ["4::aW1hZ2UvanBlZw==:EXAMPLE"] } },
                { "type": "BODY", "text": "Hello {{1}}, order {{2}} has left our warehouse.", "example": { "body_text": [["Ada", "77"]] } },
                { "type": "FOOTER", "text": "Acme Tea" },
                { "type": "BUTTONS", "buttons": [
                    { "type": "URL", "text": "Track", "url": "https://acme.example/{{1}}", "example": ["https://acme.example/t/9"] },
                    { "type": "QUICK_REPLY", "text": "I need help" }
                ] }
            ]),
        ),
        sample(
            "400000000000002",
            "login_code",
            "en_US",
            "AUTHENTICATION",
            json!([
                { "type": "BODY", "text": "*{{1}}* is your verification code.", "add_security_recommendation": true, "example": { "body_text": [["493817"]] } },
                { "type": "BUTTONS", "buttons": [
                    { "type": "URL", "text": "Copy code", "url": "https://www.whatsapp.com/otp/code/?otp_type=COPY_CODE&code=otp{{1}}" }
                ] }
            ]),
        ),
        sample(
            "400000000000003",
            "hello_world",
            "en_US",
            "UTILITY",
            json!([
                { "type": "HEADER", "format": "TEXT", "text": "Hello World" },
                { "type": "BODY", "text": "This is a message template. It needs no open conversation." },
                { "type": "FOOTER", "text": "WhatsApp Business Platform sample message" }
            ]),
        ),
        Template {
            named: true,
            ..sample(
                "400000000000004",
                "appointment_reminder",
                "en",
                "UTILITY",
                json!([
                    { "type": "HEADER", "format": "TEXT", "text": "Your visit in {{city}}", "example": { "header_text_named_params": [{ "param_name": "city", "example": "London" }] } },
                    { "type": "BODY", "text": "Hello {{first_name}}, we expect you on {{when}}.", "example": { "body_text_named_params": [
                        { "param_name": "first_name", "example": "Ada" }, { "param_name": "when", "example": "Friday 10:00" }
                    ] } }
                ]),
            )
        },
        sample(
            "400000000000005",
            "spring_offer",
            "en_GB",
            "MARKETING",
            json!([
                { "type": "HEADER", "format": "IMAGE", "example": { "header_handle": ["4::aW1hZ2UvanBlZw==:EXAMPLE"] } },
                { "type": "BODY", "text": "Hello {{1}}, spring teas are in.", "example": { "body_text": [["Ada"]] } },
                { "type": "LIMITED_TIME_OFFER", "limited_time_offer": { "text": "Spring offer", "has_expiration": true } },
                { "type": "BUTTONS", "buttons": [
                    { "type": "COPY_CODE", "example": "SPRING25" },
                    { "type": "URL", "text": "See the offer", "url": "https://acme.example/{{1}}", "example": ["https://acme.example/spring?c=ada"] }
                ] }
            ]),
        ),
    ]
}

fn sample(id: &str, name: &str, language: &str, category: &str, components: Value) -> Template {
    Template {
        id: id.to_owned(),
        name: name.to_owned(),
        language: language.to_owned(),
        category: category.to_owned(),
        named: false,
        components,
        reviewed_at: 0,
        rejected: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_once_each() {
        assert_eq!(variables("Hello {{1}}, {{ 2 }} and {{1}} {{open"), ["1", "2"]);
        assert!(variables("plain").is_empty());
    }
}
