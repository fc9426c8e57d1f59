//! Stored contents of each account: a few approved ones that every sandbox has, and those that were created (twilio.md §2.4, §2.7).

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::error::SimulatorError;
use crate::json_file::Shelf;

/// The approval of a content as a WhatsApp template.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Approval {
    pub(crate) name: String,
    /// `UTILITY`, `MARKETING` or `AUTHENTICATION`, as it was asked for.
    pub(crate) category: String,
    /// Which of the content's types was submitted.
    pub(crate) content_type: String,
    pub(crate) allow_category_change: bool,
    /// Milliseconds since 1970.
    pub(crate) submitted_at: i64,
    /// Until then it is under review; milliseconds since 1970.
    pub(crate) reviewed_at: i64,
    /// Why the review refuses it.
    pub(crate) rejection_reason: Option<String>,
    /// Under which other category the review approves it.
    pub(crate) reviewed_category: Option<String>,
    /// A status that was set by hand since.
    pub(crate) changed_to: Option<String>,
}

impl Approval {
    /// The template's name at Meta (twilio.md §2.7).
    pub(crate) fn external_name(&self, content_sid: &str) -> String {
        format!("{}_{}", self.name, content_sid.to_lowercase())
    }

    /// Status in Twilio's words at `now`: received for the first quarter of the review, then pending.
    pub(crate) fn status(&self, now: i64) -> &str {
        if let Some(status) = &self.changed_to {
            return status;
        }
        match &self.rejection_reason {
            _ if now < self.submitted_at + (self.reviewed_at - self.submitted_at) / 4 => "received",
            _ if now < self.reviewed_at => "pending",
            Some(_) => "rejected",
            None => "approved",
        }
    }

    /// The category in Meta's words at `now`: the review may change it.
    pub(crate) fn category(&self, now: i64) -> &str {
        let changed = self.reviewed_category.as_deref().filter(|_| now >= self.reviewed_at);
        changed.unwrap_or(&self.category)
    }
}

/// One stored content.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Content {
    pub(crate) sid: String,
    pub(crate) friendly_name: String,
    pub(crate) language: String,
    /// Sample values; they stand in for variables that a message leaves out.
    pub(crate) variables: Map<String, Value>,
    pub(crate) types: Map<String, Value>,
    pub(crate) created_at: i64,
    #[serde(default)]
    pub(crate) updated_at: i64,
    pub(crate) approval: Option<Approval>,
}

impl Content {
    /// Approval status in Twilio's words at `now` (twilio.md §2.7).
    pub(crate) fn status(&self, now: i64) -> &str {
        self.approval.as_ref().map_or("unsubmitted", |approval| approval.status(now))
    }

    /// The approval, if the content may be sent as a template at `now`.
    pub(crate) fn template(&self, now: i64) -> Option<&Approval> {
        self.approval.as_ref().filter(|approval| approval.status(now) == "approved")
    }

    /// The values of a message, and the samples for what it leaves out, silently, as at Twilio (twilio.md §2.1).
    pub(crate) fn values(&self, given: &Map<String, Value>) -> Map<String, Value> {
        let mut values = self.variables.clone();
        values.extend(given.clone());
        values
    }
}

/// Contents by account.
#[derive(Debug)]
pub(crate) struct Contents {
    created: Shelf<Content>,
}

impl Contents {
    /// Reads the created contents; with no path they live in memory.
    pub(crate) fn open(path: Option<PathBuf>) -> Result<Self, SimulatorError> {
        Ok(Self { created: Shelf::open(path)? })
    }

    /// All contents of an account, samples first.
    pub(crate) fn of(&self, account: &str) -> Vec<Arc<Content>> {
        let mut found: Vec<_> = samples(account).into_iter().map(Arc::new).collect();
        found.extend(self.created.of(account));
        found
    }

    pub(crate) fn find(&self, account: &str, sid: &str) -> Option<Arc<Content>> {
        let created = self.created.find(account, |content| content.sid == sid);
        created.or_else(|| samples(account).into_iter().find(|content| content.sid == sid).map(Arc::new))
    }

    pub(crate) fn add(&self, account: &str, content: Content) -> Arc<Content> {
        self.created.add(account, content)
    }

    /// Puts a changed content in its place; false for the sandbox's own.
    pub(crate) fn replace(&self, account: &str, content: Content) -> bool {
        let sid = content.sid.clone();
        self.created.replace(account, content, |found| found.sid == sid)
    }

    /// Those that were created, with their accounts.
    pub(crate) fn created(&self) -> Vec<(String, Arc<Content>)> {
        self.created.all()
    }

    /// Removes a created content; false when there is none.
    pub(crate) fn remove(&self, account: &str, sid: &str) -> bool {
        self.created.remove(account, |content| content.sid == sid) > 0
    }
}

/// The samples of the direct provider, as Twilio would hold them.
fn samples(account: &str) -> Vec<Content> {
    let sample = |name: &str, language: &str, category: &str, variables: Value, types: Value| Content {
        sid: sample_sid(account, name),
        friendly_name: name.to_owned(),
        language: language.to_owned(),
        variables: members(variables),
        types: members(types),
        created_at: 1_763_000_000_000,
        updated_at: 1_763_000_000_000,
        approval: Some(Approval {
            name: name.to_owned(),
            category: category.to_owned(),
            allow_category_change: true,
            ..Approval::default()
        }),
    };
    vec![
        sample(
            "order_shipped",
            "en_GB",
            "UTILITY",
            json!({ "1": "Ada", "2": "77", "3": "t/9" }),
            json!({ "whatsapp/card": {
            "body": "Hello {{1}}, order {{2}} has left our warehouse.",
            "footer": "Acme Tea",
            "actions": [
                { "type": "URL", "title": "Track", "url": "https://acme.example/{{3}}" },
                { "type": "QUICK_REPLY", "title": "I need help", "id": "help" }
            ]
        } }),
        ),
        sample(
            "login_code",
            "en_US",
            "AUTHENTICATION",
            json!({ "1": "493817" }),
            json!({ "whatsapp/authentication": {
            "add_security_recommendation": true,
            "code_expiration_minutes": 10,
            "actions": [{ "type": "COPY_CODE", "copy_code_text": "Copy code" }]
        } }),
        ),
        sample(
            "hello_world",
            "en_US",
            "UTILITY",
            json!({}),
            json!({ "twilio/text": {
            "body": "This is a message template. It needs no open conversation."
        } }),
        ),
        sample(
            "spring_offer",
            "en_GB",
            "MARKETING",
            json!({ "1": "Ada" }),
            json!({ "twilio/text": {
            "body": "Hello {{1}}, spring teas are in."
        } }),
        ),
    ]
}

/// The same for one account and name, so that it survives a restart.
fn sample_sid(account: &str, name: &str) -> String {
    let hash = Sha256::new().chain_update(account).chain_update([0]).chain_update(name).finalize();
    let hex: String = hex::encode(hash).chars().take(32).collect();
    format!("HX{hex}")
}

fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}
