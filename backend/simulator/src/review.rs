//! How the review of templates goes, at either provider.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Milliseconds a review takes unless the account says otherwise.
const REVIEW_MS: u64 = 1_000;
/// A part of a name that makes the review refuse a template for which the account has no verdict.
const REFUSED_NAME: &str = "reject";

/// How the review of one template is to end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateVerdict {
    pub approved: bool,
    /// Why not, in the provider's words: Meta's `INVALID_FORMAT`, `TAG_CONTENT_MISMATCH` …, Twilio's free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The reason in a sentence (direct.md §3.7, `rejection_info`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub explanation: Option<String>,
    /// What to change (direct.md §3.7, `rejection_info`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recommendation: Option<String>,
    /// The category the review puts it into: `UTILITY`, `MARKETING` or `AUTHENTICATION`; `None` leaves what was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
}

/// An account's rules for reviews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Reviews {
    /// Milliseconds from the submission to the verdict.
    pub(crate) template_review_ms: u64,
    /// By the template's name.
    pub(crate) template_verdicts: BTreeMap<String, TemplateVerdict>,
}

impl Default for Reviews {
    fn default() -> Self {
        Self { template_review_ms: REVIEW_MS, template_verdicts: BTreeMap::new() }
    }
}

impl Reviews {
    /// The verdict about a template: the one that was set, otherwise approval unless the name asks for a refusal.
    pub(crate) fn verdict(&self, name: &str) -> TemplateVerdict {
        self.template_verdicts.get(name).cloned().unwrap_or_else(|| {
            let approved = !name.contains(REFUSED_NAME);
            let text = |text: &str| (!approved).then(|| text.to_owned());
            TemplateVerdict {
                approved,
                reason: text("INVALID_FORMAT"),
                explanation: text("The name asks the sandbox to refuse this template."),
                recommendation: text("Leave the word reject out of the name."),
                category: None,
            }
        })
    }
}
