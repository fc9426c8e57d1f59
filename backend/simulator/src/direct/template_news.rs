//! Webhooks about templates, and the end of their reviews (direct.md §3.7).

use std::sync::Arc;

use chrono::DateTime;
use serde_json::{Map, Value, json};

use super::library::{Rejection, Template, TemplateQuality, TemplateStatus};
use super::template_form::standing_together;
use super::webhooks;
use crate::accounts::DirectAccount;
use crate::ids::now_ms;
use crate::state::World;

/// Seconds of the notice before Meta puts a template into another category: 24 hours.
const CATEGORY_NOTICE: i64 = 24 * 60 * 60;

/// The account whose app hears of a WhatsApp Business Account.
pub(super) fn account_of(world: &World, waba: &str) -> Option<Arc<DirectAccount>> {
    world.accounts.find_direct(|account| account.waba_id == waba).into_iter().next()
}

fn tell(world: &World, waba: &str, field: &str, template: &Template, more: Value) {
    let Some(account) = account_of(world, waba) else { return };
    let mut value = Map::new();
    // An integer here, a text in the REST answers.
    value.insert("message_template_id".to_owned(), json!(template.id.parse::<u64>().unwrap_or_default()));
    value.insert("message_template_name".to_owned(), json!(template.name));
    value.insert("message_template_language".to_owned(), json!(template.language));
    if let Value::Object(more) = more {
        value.extend(more);
    }
    webhooks::tell(world, &account, field, Value::Object(value));
}

/// Tells a template's status, or an event that is no status, such as `FLAGGED`.
pub(crate) fn status(world: &World, waba: &str, template: &Template, event: Option<&str>) {
    let event = event.map_or_else(|| json!(template.status), |event| json!(event));
    let mut more = json!({
        "event": event,
        "message_template_category": template.category,
        "reason": template.rejected.as_deref().unwrap_or("NONE"),
    });
    let detail = match template.status {
        TemplateStatus::Rejected => template.rejection.as_ref().map(|info| ("rejection_info", json!(info))),
        TemplateStatus::Paused => Some((
            "other_info",
            json!({ "title": "FIRST_PAUSE", "description": "Your template has been paused for 3 hours because of low quality." }),
        )),
        TemplateStatus::Disabled => {
            let today = DateTime::from_timestamp_millis(now_ms()).map(|now| now.format("%B %-d, %Y").to_string());
            Some(("disable_info", json!({ "disable_date": today.unwrap_or_default() })))
        }
        _ => None,
    };
    if let (Value::Object(more), Some((name, detail))) = (&mut more, detail) {
        more.insert(name.to_owned(), detail);
    }
    tell(world, waba, "message_template_status_update", template, more);
}

/// Tells that the quality is another than before.
pub(crate) fn quality(world: &World, waba: &str, template: &Template, before: TemplateQuality) {
    let more = json!({ "previous_quality_score": before, "new_quality_score": template.quality });
    tell(world, waba, "message_template_quality_update", template, more);
}

/// Announces the category that the template will have in 24 hours.
pub(crate) fn category_announced(world: &World, waba: &str, template: &Template) {
    let more = json!({
        "new_category": template.category,
        "correct_category": template.correct_category,
        "category_update_timestamp": now_ms() / 1_000 + CATEGORY_NOTICE,
    });
    tell(world, waba, "template_category_update", template, more);
}

/// Tells that the category is another than before.
pub(crate) fn category(world: &World, waba: &str, template: &Template, before: &str) {
    let more = json!({ "previous_category": before, "new_category": template.category });
    tell(world, waba, "template_category_update", template, more);
}

/// Tells what the template consists of.
pub(crate) fn components(world: &World, waba: &str, template: &Template) {
    let mut more = Map::new();
    let text = |kind: &str| template.component(kind).and_then(|component| component.get("text"));
    for (name, kind) in [
        ("message_template_title", "HEADER"),
        ("message_template_element", "BODY"),
        ("message_template_footer", "FOOTER"),
    ] {
        more.extend(text(kind).map(|text| (name.to_owned(), text.clone())));
    }
    let buttons =
        template.component("BUTTONS").and_then(|component| component.get("buttons")).and_then(Value::as_array);
    if let Some(buttons) = buttons {
        let button = |button: &Value| {
            let mut shown = Map::new();
            for (name, member) in [("type", "type"), ("text", "text"), ("url", "url"), ("phone_number", "phone_number")]
            {
                shown
                    .extend(button.get(member).map(|value| (format!("message_template_button_{name}"), value.clone())));
            }
            Value::Object(shown)
        };
        more.insert("message_template_buttons".to_owned(), buttons.iter().map(button).collect());
    }
    tell(world, waba, "message_template_components_update", template, Value::Object(more));
}

impl World {
    /// Takes up reviews that an earlier run left unfinished.
    pub(crate) fn resume_reviews(&self) {
        for (waba, template) in self.templates.under_review() {
            self.delivery.review_at(waba, template.id.clone(), template.reviewed_at);
        }
    }

    /// Ends the review of a template, unless it was submitted anew or deleted meanwhile.
    pub(crate) fn finish_review(&self, waba: &str, id: &str) {
        let Some(template) = self.templates.by_id(waba, id) else { return };
        if template.status != TemplateStatus::Pending || template.reviewed_at > now_ms() {
            return;
        }
        let rules = account_of(self, waba).map(|account| account.rules.reviews.clone()).unwrap_or_default();
        let verdict = rules.verdict(&template.name);
        let mut reviewed = (*template).clone();
        let body = template.component("BODY").and_then(|body| body.get("text")).and_then(Value::as_str);
        if verdict.approved && !standing_together(body.unwrap_or_default()) {
            reviewed.status = TemplateStatus::Approved;
        } else {
            reviewed.status = TemplateStatus::Rejected;
            reviewed.rejected = Some(verdict.reason.unwrap_or_else(|| "INVALID_FORMAT".to_owned()));
            let (reason, recommendation) = if verdict.approved {
                ("Two variables stand side by side.", "Put words between them.")
            } else {
                ("The template does not follow the guidelines.", "Change the template and submit it again.")
            };
            reviewed.rejection = Some(Rejection {
                reason: verdict.explanation.unwrap_or_else(|| reason.to_owned()),
                recommendation: verdict.recommendation.unwrap_or_else(|| recommendation.to_owned()),
            });
        }
        let reviewed = self.templates.put(waba, reviewed);
        status(self, waba, &reviewed, None);
    }
}
