//! Webhooks about templates (direct.md §3.7).

use serde_json::Value;

use crate::domain::provider::SenderAddress;
use crate::domain::template_definition::TemplateCategory;
use crate::domain::template_state::{TemplateQuality, TemplateStatus};
use crate::providers::templates::error::text;
use crate::providers::templates::{TemplateChange, TemplateEvent};

use super::webhook::source::Source;

/// Reads a change of one of the fields about templates; `None` for other fields, and for what can't be read.
pub(super) fn read(source: &Source, field: &str, value: &Value) -> Option<TemplateEvent> {
    let change = match field {
        // Meta's own sample of a quality update carries the name of the status update.
        "message_template_status_update" | "message_template_quality_update"
            if value.get("new_quality_score").is_some() =>
        {
            TemplateChange::Quality { after: TemplateQuality::read(text(value, "new_quality_score")?) }
        }
        "message_template_status_update" => status(value)?,
        "template_category_update" => category(value)?,
        "message_template_components_update" => TemplateChange::Components,
        _ => return None,
    };
    Some(TemplateEvent {
        sender: SenderAddress { account: source.id.clone(), sender: String::new() },
        reference: reference(value.get("message_template_id")?)?,
        change,
        told_at: source.told_at(),
        field: field.to_owned(),
        raw: value.clone(),
    })
}

fn status(value: &Value) -> Option<TemplateChange> {
    let word = text(value, "event")?;
    let told = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    let reason = text(value, "reason").filter(|reason| !reason.eq_ignore_ascii_case("none"));
    let sentences: Vec<&str> = [
        "/rejection_info/reason",
        "/rejection_info/recommendation",
        "/other_info/title",
        "/other_info/description",
        "/disable_info/disable_date",
    ]
    .into_iter()
    .filter_map(told)
    .collect();
    Some(TemplateChange::Status {
        status: TemplateStatus::read(word),
        word: word.to_owned(),
        reason: reason.or_else(|| told("/other_info/title")).map(str::to_owned),
        detail: (!sentences.is_empty()).then(|| sentences.join(" ")),
        category: text(value, "message_template_category").and_then(TemplateCategory::read),
        other: value.get("other_info").or_else(|| value.get("disable_info")).cloned(),
    })
}

/// An announcement names what it will be as `correct_category`, and as `new_category` what it is still; the fact has no
/// `correct_category`.
fn category(value: &Value) -> Option<TemplateChange> {
    let word = |name: &str| text(value, name).and_then(TemplateCategory::read);
    let new = word("new_category")?;
    Some(match word("correct_category") {
        Some(becomes) => TemplateChange::CategoryAnnounced { now_is: new, becomes },
        None => TemplateChange::CategoryChanged { becomes: new },
    })
}

fn reference(id: &Value) -> Option<String> {
    match id {
        Value::Number(number) => Some(number.to_string()),
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn source() -> Source {
        Source::of(&json!({ "id": "300000000000001", "time": 1_795_342_800 }))
    }

    fn change(field: &str, value: Value) -> Option<TemplateChange> {
        let mut whole =
            json!({ "message_template_id": 400_000_000_000_001_u64, "message_template_name": "order_shipped" });
        for (name, member) in value.as_object().unwrap() {
            whole[name] = member.clone();
        }
        let event = read(&source(), field, &whole)?;
        assert_eq!((event.reference.as_str(), event.sender.account.as_str()), ("400000000000001", "300000000000001"));
        Some(event.change)
    }

    #[test]
    fn a_rejection_comes_with_its_reason_in_full() {
        let told = json!({ "event": "REJECTED", "reason": "INVALID_FORMAT", "message_template_category": "UTILITY",
            "rejection_info": { "reason": "Two variables stand side by side.", "recommendation": "Put words between them." } });
        assert_eq!(
            change("message_template_status_update", told),
            Some(TemplateChange::Status {
                status: TemplateStatus::Rejected,
                word: "REJECTED".to_owned(),
                reason: Some("INVALID_FORMAT".to_owned()),
                detail: Some("Two variables stand side by side. Put words between them.".to_owned()),
                category: Some(TemplateCategory::Utility),
                other: None,
            })
        );
    }

    #[test]
    fn a_pause_says_how_long() {
        let other = json!({ "title": "FIRST_PAUSE", "description": "Paused until 15:00." });
        let told = json!({ "event": "PAUSED", "reason": null, "other_info": other });
        let Some(TemplateChange::Status { status, reason, detail, other: kept, .. }) =
            change("message_template_status_update", told)
        else {
            panic!("a status")
        };
        assert_eq!((status, reason.as_deref()), (TemplateStatus::Paused, Some("FIRST_PAUSE")));
        assert_eq!((detail.as_deref(), kept), (Some("FIRST_PAUSE Paused until 15:00."), Some(other)));
    }

    #[test]
    fn quality_comes_under_two_names() {
        let told = json!({ "previous_quality_score": "GREEN", "new_quality_score": "YELLOW" });
        for field in ["message_template_quality_update", "message_template_status_update"] {
            assert_eq!(change(field, told.clone()), Some(TemplateChange::Quality { after: TemplateQuality::Yellow }));
        }
    }

    #[test]
    fn a_category_is_announced_or_a_fact() {
        use TemplateCategory::{Marketing, Utility};
        assert_eq!(
            change("template_category_update", json!({ "new_category": "UTILITY", "correct_category": "MARKETING" })),
            Some(TemplateChange::CategoryAnnounced { now_is: Utility, becomes: Marketing })
        );
        assert_eq!(
            change("template_category_update", json!({ "previous_category": "UTILITY", "new_category": "MARKETING" })),
            Some(TemplateChange::CategoryChanged { becomes: Marketing })
        );
        assert_eq!(change("message_template_components_update", json!({})), Some(TemplateChange::Components));
    }

    #[test]
    fn what_is_something_else_is_left_alone() {
        assert_eq!(change("account_update", json!({ "event": "APPROVED" })), None);
        assert_eq!(change("message_template_status_update", json!({})), None);
        assert_eq!(read(&source(), "message_template_status_update", &json!({ "event": "APPROVED" })), None);
    }
}
