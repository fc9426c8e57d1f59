//! What a provider says of templates, applied to what is kept here: lists, single answers and webhooks alike.

mod listing;
mod skeleton;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, JournalId, WorkspaceId};
use crate::domain::provider::ProviderKind;
use crate::domain::template_state::TemplateStatus;
use crate::domain::time::Ts;
use crate::providers::templates::{TemplateChange, TemplateEvent, TemplateStanding};
use crate::storage::conn::Conn;
use crate::storage::system::account_news::{self, Said};
use crate::storage::template_registrations::{self, RegistrationRecord};
use crate::storage::{StorageResult, template_syncs, templates};

pub use listing::{Applied, Compared, Listing, Part, apply_part, compare, has_unknown_parts};

use super::{News, registration_event};

/// A change of one registration, before it is an entry of the feed.
struct Change {
    kind: EventKind,
    more: Value,
}

/// Takes over where a template stands. Returns what is another than before.
fn take_standing(record: &mut RegistrationRecord, standing: &TemplateStanding, now: Ts) -> Vec<Change> {
    let mut changes = Vec::new();
    let reasons = (record.rejection_reason.clone(), record.rejection_detail.clone());
    if standing.status == TemplateStatus::Rejected || standing.rejection_reason.is_some() {
        // A list tells less than the webhook did: what is known of a rejection is kept until there is something better.
        if standing.rejection_reason.is_some() {
            record.rejection_reason.clone_from(&standing.rejection_reason);
        }
        if standing.rejection_detail.is_some() {
            record.rejection_detail.clone_from(&standing.rejection_detail);
        }
    } else if standing.status == TemplateStatus::Approved {
        record.rejection_reason = None;
        record.rejection_detail = None;
    }
    // Whoever looks at a rejection is told when there is more to read about it.
    let explained = standing.status == TemplateStatus::Rejected
        && reasons != (record.rejection_reason.clone(), record.rejection_detail.clone());
    if record.status != standing.status || explained {
        changes.push(Change {
            kind: EventKind::TemplateStatusChanged,
            more: json!({
                "before": record.status, "after": standing.status,
                "reason": record.rejection_reason, "detail": record.rejection_detail,
            }),
        });
    }
    if record.status != standing.status {
        record.status = standing.status;
        record.status_at = now;
        record.problem = None;
        if !standing.status.is_under_review() {
            record.poll_at = None;
        }
    }
    if let Some(quality) = standing.quality
        && record.quality != Some(quality)
    {
        // The first word on quality is no change.
        if record.quality.is_some() {
            let more = json!({ "before": record.quality, "after": quality });
            changes.push(Change { kind: EventKind::TemplateQualityChanged, more });
        }
        record.quality = Some(quality);
    }
    let category = standing.category.unwrap_or(record.category);
    let announced = standing.correct_category.filter(|correct| *correct != category);
    if category != record.category || (announced.is_some() && announced != record.correct_category) {
        let more = json!({
            "before": record.category,
            "after": announced.unwrap_or(category),
            "announced": announced.is_some(),
        });
        changes.push(Change { kind: EventKind::TemplateCategoryChanged, more });
    }
    record.category = category;
    record.correct_category = announced;
    changes
}

/// The entries for a registration's changes.
fn entries(
    record: &RegistrationRecord,
    template: (&str, &str),
    channel: Option<ChannelId>,
    changes: Vec<Change>,
    now: Ts,
) -> Vec<NewEvent> {
    let entry = |change: Change| registration_event(change.kind, template, record, channel, change.more, now);
    changes.into_iter().map(entry).collect()
}

/// Applies one answer about one registration, unless something newer is known of it than when it was asked for. Returns the
/// entries for the feed: append them last.
///
/// # Errors
/// The database's.
pub fn apply_standing(
    conn: &mut Conn,
    workspace: WorkspaceId,
    record: RegistrationRecord,
    standing: &TemplateStanding,
    (asked_at, now): (Ts, Ts),
) -> StorageResult<News> {
    if listing::is_newer(&record, asked_at) {
        return Ok(News::new());
    }
    let mut record = record;
    let before = record.clone();
    let changes = take_standing(&mut record, standing, now);
    if record == before {
        return Ok(News::new());
    }
    record.updated_at = now;
    template_registrations::save(conn, workspace, &record)?;
    let template = templates::get(conn, workspace, record.template_id)?;
    let channel = template_syncs::channels_of(conn, workspace, record.provider, &record.account)?.first().copied();
    let news = entries(&record, (&template.name, &template.language), channel, changes, now);
    Ok(news.into_iter().map(|event| (workspace, event)).collect())
}

/// What a webhook led to.
#[derive(Default)]
pub struct Heard {
    pub news: News,
    /// The template is not known here, or its text has changed: the account is looked at.
    pub look: bool,
    /// The template is not known here: its submission may be about to be written down.
    pub early: bool,
}

/// Applies a webhook about a template to one workspace that has the account. One about a template that is not known yet waits
/// for it and comes `again`; what it says of known ones was heard then.
///
/// # Errors
/// The database's.
pub fn apply_event(
    conn: &mut Conn,
    (workspace, channel): (WorkspaceId, ChannelId),
    provider: ProviderKind,
    event: &TemplateEvent,
    (journal, received_at, again): (JournalId, Ts, bool),
    now: Ts,
) -> StorageResult<Heard> {
    let account = &event.sender.account;
    let record = template_registrations::lock_reference(conn, workspace, provider, account, &event.reference)?;
    let Some(mut record) = record else {
        if !again {
            template_syncs::make_due(conn, workspace, provider, account, now)?;
        }
        return Ok(Heard { look: !again, early: true, ..Heard::default() });
    };
    if !is_news(conn, channel, event, (journal, received_at))? {
        return Ok(Heard::default());
    }
    if matches!(event.change, TemplateChange::Components) {
        template_syncs::make_due(conn, workspace, provider, account, now)?;
        return Ok(Heard { look: true, ..Heard::default() });
    }
    let before = record.clone();
    let mut changes = take_change(&mut record, &event.change, now);
    if let TemplateChange::Status { word, other, .. } = &event.change {
        for change in &mut changes {
            if let Value::Object(members) = &mut change.more {
                members.insert("event".to_owned(), word.clone().into());
                members.insert("other".to_owned(), other.clone().unwrap_or(Value::Null));
            }
        }
    }
    if record != before {
        record.updated_at = now;
        template_registrations::save(conn, workspace, &record)?;
    }
    let template = templates::get(conn, workspace, record.template_id)?;
    let news = entries(&record, (&template.name, &template.language), Some(channel), changes, now);
    let news = news.into_iter().map(|entry| (workspace, NewEvent { journal: Some(journal), ..entry }));
    if record.status == TemplateStatus::Rejected && record.rejection_reason.is_none() {
        // Twilio's event does not say why; its list does.
        template_syncs::make_due(conn, workspace, provider, account, now)?;
    }
    Ok(Heard { news: news.collect(), ..Heard::default() })
}

/// Whether this webhook was not heard of it before, nor anything later about the same. A verdict may be the same as an earlier
/// one of the same second: each webhook counts for itself.
fn is_news(
    conn: &mut Conn,
    channel: ChannelId,
    event: &TemplateEvent,
    (journal, received_at): (JournalId, Ts),
) -> StorageResult<bool> {
    let same = json!([journal, event.field, event.raw]).to_string();
    let said = Said {
        channel_id: channel,
        fingerprint: Sha256::digest(same.as_bytes()).to_vec(),
        topic: event.topic(),
        told_at: event.told_at.unwrap_or(received_at),
        received_at,
    };
    account_news::is_news(conn, &said)
}

/// Takes over what a webhook says; what a list has told already is no change.
fn take_change(record: &mut RegistrationRecord, change: &TemplateChange, now: Ts) -> Vec<Change> {
    let mut standing = TemplateStanding {
        status: record.status,
        category: None,
        correct_category: record.correct_category,
        quality: None,
        rejection_reason: None,
        rejection_detail: None,
    };
    match change {
        TemplateChange::Status { status, reason, detail, category, .. } => {
            standing.status = *status;
            standing.category = *category;
            standing.rejection_reason.clone_from(reason);
            standing.rejection_detail.clone_from(detail);
        }
        TemplateChange::Quality { after } => {
            // A webhook is a change even when nothing was known before.
            let known = record.quality.get_or_insert(crate::domain::template_state::TemplateQuality::Unknown);
            if known == after {
                return Vec::new();
            }
            standing.quality = Some(*after);
        }
        TemplateChange::CategoryAnnounced { now_is, becomes } => {
            standing.category = Some(*now_is);
            standing.correct_category = Some(*becomes);
        }
        TemplateChange::CategoryChanged { becomes } => {
            standing.category = Some(*becomes);
            standing.correct_category = None;
        }
        TemplateChange::Components => {}
    }
    take_standing(record, &standing, now)
}

#[cfg(test)]
mod tests;
