use crate::domain::ids::{TemplateId, TemplateRegistrationId};
use crate::domain::template_definition::TemplateCategory;
use crate::domain::template_state::TemplateQuality;
use crate::storage::types::Json;

use super::*;

const NOW: Ts = Ts(1_795_342_800_000_000);

fn record() -> RegistrationRecord {
    RegistrationRecord {
        id: TemplateRegistrationId::new(),
        workspace_id: WorkspaceId::new(),
        template_id: TemplateId::new(),
        provider: ProviderKind::Direct,
        account: "300000000000001".to_owned(),
        provider_ref: Some("400000000000001".to_owned()),
        status: TemplateStatus::Approved,
        category: TemplateCategory::Utility,
        correct_category: None,
        quality: None,
        rejection_reason: None,
        rejection_detail: None,
        problem: None,
        definition: Json(json!({})),
        slots: Json(json!([])),
        lost: Json(json!([])),
        edits: Json(json!([])),
        submitted_at: None,
        status_at: NOW,
        synced_at: None,
        poll_at: None,
        raw: None,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn status(word: &str, reason: Option<&str>) -> TemplateChange {
    TemplateChange::Status {
        status: TemplateStatus::read(word),
        word: word.to_owned(),
        reason: reason.map(str::to_owned),
        detail: reason.map(|_| "Put words between them.".to_owned()),
        category: None,
        other: None,
    }
}

fn kinds(changes: &[Change]) -> Vec<EventKind> {
    changes.iter().map(|change| change.kind).collect()
}

#[test]
fn a_status_counts_once_and_keeps_its_reason() {
    let mut record = record();
    let rejected = status("REJECTED", Some("INVALID_FORMAT"));
    let changes = take_change(&mut record, &rejected, NOW);
    assert_eq!(kinds(&changes), [EventKind::TemplateStatusChanged]);
    assert_eq!(changes[0].more["before"], "approved");
    assert_eq!(changes[0].more["reason"], "INVALID_FORMAT");
    assert!(take_change(&mut record, &rejected, NOW).is_empty(), "a webhook comes more than once");
    assert_eq!(record.rejection_detail.as_deref(), Some("Put words between them."));
    // The list tells less than the webhook did.
    let listed = TemplateStanding {
        status: TemplateStatus::Rejected,
        category: Some(TemplateCategory::Utility),
        correct_category: None,
        quality: Some(TemplateQuality::Unknown),
        rejection_reason: Some("INVALID_FORMAT".to_owned()),
        rejection_detail: None,
    };
    assert!(take_standing(&mut record, &listed, NOW).is_empty());
    assert_eq!(record.rejection_detail.as_deref(), Some("Put words between them."));
    take_change(&mut record, &status("APPROVED", None), NOW);
    assert_eq!((record.status, record.rejection_reason), (TemplateStatus::Approved, None));
}

#[test]
fn a_category_is_announced_and_then_a_fact() {
    let mut record = record();
    let announced =
        TemplateChange::CategoryAnnounced { now_is: TemplateCategory::Utility, becomes: TemplateCategory::Marketing };
    let changes = take_change(&mut record, &announced, NOW);
    assert_eq!(kinds(&changes), [EventKind::TemplateCategoryChanged]);
    assert_eq!(changes[0].more, json!({ "before": "utility", "after": "marketing", "announced": true }));
    assert_eq!(
        (record.category, record.correct_category),
        (TemplateCategory::Utility, Some(TemplateCategory::Marketing))
    );
    assert!(take_change(&mut record, &announced, NOW).is_empty());
    // A status in between says nothing about it.
    assert!(take_change(&mut record, &status("APPROVED", None), NOW).is_empty());
    let fact = TemplateChange::CategoryChanged { becomes: TemplateCategory::Marketing };
    let changes = take_change(&mut record, &fact, NOW);
    assert_eq!(changes[0].more, json!({ "before": "utility", "after": "marketing", "announced": false }));
    assert_eq!((record.category, record.correct_category), (TemplateCategory::Marketing, None));
}

#[test]
fn quality_is_told_by_webhook_and_found_in_lists() {
    let mut record = record();
    let yellow = TemplateChange::Quality { after: TemplateQuality::Yellow };
    let changes = take_change(&mut record, &yellow, NOW);
    assert_eq!(changes[0].more, json!({ "before": "unknown", "after": "yellow" }));
    assert!(take_change(&mut record, &yellow, NOW).is_empty());
    assert_eq!(record.quality, Some(TemplateQuality::Yellow));
}
