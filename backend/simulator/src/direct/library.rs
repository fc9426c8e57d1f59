//! The templates of each WhatsApp Business Account: a few that every sandbox has, and those that were created.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::SimulatorError;
use crate::json_file::Shelf;

/// `status` of a template (direct.md §2.8).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TemplateStatus {
    Pending,
    #[default]
    Approved,
    Rejected,
    Paused,
    Disabled,
    InAppeal,
    PendingDeletion,
    Deleted,
    LimitExceeded,
    Archived,
}

/// `quality_score.score` of a template (direct.md §2.8).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TemplateQuality {
    Green,
    Yellow,
    Red,
    #[default]
    Unknown,
}

/// Why a review refused a template, in words (direct.md §3.7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rejection {
    pub(crate) reason: String,
    pub(crate) recommendation: String,
}

/// One template in one language. Times are in milliseconds since 1970.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Template {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) language: String,
    /// `UTILITY`, `MARKETING` or `AUTHENTICATION`.
    pub(crate) category: String,
    pub(crate) previous_category: Option<String>,
    /// What Meta will put it into.
    pub(crate) correct_category: Option<String>,
    /// Whether variables have names instead of numbers.
    pub(crate) named: bool,
    pub(crate) components: Value,
    pub(crate) ttl_seconds: Option<i64>,
    pub(crate) status: TemplateStatus,
    pub(crate) quality: TemplateQuality,
    pub(crate) created_at: i64,
    /// When the review ends.
    pub(crate) reviewed_at: i64,
    /// When it was deleted; the name stays blocked for a while.
    pub(crate) deleted_at: Option<i64>,
    /// Changes of the approved template.
    pub(crate) edits: Vec<i64>,
    /// Why the review refused it, in Meta's word.
    pub(crate) rejected: Option<String>,
    pub(crate) rejection: Option<Rejection>,
}

impl Template {
    /// The component of this type, if the template has it.
    pub(crate) fn component(&self, kind: &str) -> Option<&Value> {
        component(&self.components, kind)
    }
}

/// The component of this type in a list of components.
pub(crate) fn component<'a>(components: &'a Value, kind: &str) -> Option<&'a Value> {
    components.as_array()?.iter().find(|component| component.get("type").and_then(Value::as_str) == Some(kind))
}

/// Templates by account.
#[derive(Debug)]
pub(crate) struct Templates {
    /// Those that were created, and samples that were changed.
    created: Shelf<Template>,
}

impl Templates {
    /// Reads the created templates; with no path they live in memory.
    pub(crate) fn open(path: Option<PathBuf>) -> Result<Self, SimulatorError> {
        Ok(Self { created: Shelf::open(path)? })
    }

    /// All templates of an account, samples first; those that were deleted are gone.
    pub(crate) fn of(&self, waba: &str) -> Vec<Arc<Template>> {
        let created = self.created.of(waba);
        let unchanged = SAMPLES.iter().filter(|sample| !created.iter().any(|other| other.id == sample.id)).cloned();
        let mut found: Vec<_> = unchanged.collect();
        found.extend(created);
        found.retain(|template| template.deleted_at.is_none());
        found
    }

    pub(crate) fn find(&self, waba: &str, name: &str, language: &str) -> Option<Arc<Template>> {
        self.first(waba, |template| {
            template.name == name && template.language == language && template.deleted_at.is_none()
        })
    }

    pub(crate) fn by_id(&self, waba: &str, id: &str) -> Option<Arc<Template>> {
        self.first(waba, |template| template.id == id && template.deleted_at.is_none())
    }

    /// A template that was deleted after `since` and whose name is therefore blocked in this language.
    pub(crate) fn deleted_since(&self, waba: &str, name: &str, language: &str, since: i64) -> bool {
        let fits = |template: &Template| {
            template.name == name && template.language == language && template.deleted_at.is_some_and(|at| at > since)
        };
        self.created.find(waba, fits).is_some()
    }

    /// Puts a template in the place of the one with its id, or adds it. A sample is changed for this account only.
    pub(crate) fn put(&self, waba: &str, template: Template) -> Arc<Template> {
        let (id, kept) = (template.id.clone(), template.clone());
        if self.created.replace(waba, template, |other| other.id == id) {
            return Arc::new(kept);
        }
        self.created.add(waba, kept)
    }

    /// Templates that are under review, with their account.
    pub(crate) fn under_review(&self) -> Vec<(String, Arc<Template>)> {
        let all = self.created.all().into_iter();
        all.filter(|(_, template)| template.status == TemplateStatus::Pending && template.deleted_at.is_none())
            .collect()
    }

    /// The first that fits: what was created or changed hides samples.
    fn first(&self, waba: &str, fits: impl Fn(&Template) -> bool) -> Option<Arc<Template>> {
        self.created.find(waba, &fits).or_else(|| {
            let sample = SAMPLES.iter().find(|sample| fits(sample))?;
            let hidden = self.created.find(waba, |other| other.id == sample.id).is_some();
            (!hidden).then(|| Arc::clone(sample))
        })
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
        components,
        quality: TemplateQuality::Green,
        ..Template::default()
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
