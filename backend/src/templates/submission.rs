//! What a provider answered to a submission, written down: beside what webhooks and lists have brought meanwhile.

use std::time::Duration;

use serde_json::json;

use crate::domain::event::EventKind;
use crate::domain::ids::{ChannelId, TemplateId, TemplateRegistrationId, WorkspaceId};
use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::TemplateDefinition;
use crate::domain::template_state::TemplateStatus;
use crate::domain::time::Ts;
use crate::providers::TemplateError;
use crate::providers::templates::{Compiled, Registered};
use crate::storage::conn::Conn;
use crate::storage::template_registrations::{self, RegistrationRecord};
use crate::storage::types::Json;
use crate::storage::{StorageResult, events, templates};

use super::registration_event;
use super::sync::POLL_FIRST;
use super::view::{TemplateView, views};

/// Edits older than this do not count any more (direct.md §2.8).
pub const EDIT_MONTH: Duration = Duration::from_secs(30 * 86_400);

/// What a submission does at the provider.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Create,
    /// Hands in a Content that was stored before.
    HandIn(String),
    /// Changes what stands there; with the category while it is not approved.
    Edit {
        reference: String,
        with_category: bool,
        counts: bool,
    },
}

/// A submission that was answered.
pub struct Submission {
    pub workspace: WorkspaceId,
    pub template: TemplateId,
    pub provider: ProviderKind,
    pub account: String,
    pub channel: ChannelId,
    pub definition: TemplateDefinition,
    pub compiled: Compiled,
    /// The registration as it was before.
    pub present: Option<RegistrationRecord>,
    pub step: Step,
    pub asked_at: Ts,
    pub outcome: Result<Registered, TemplateError>,
}

impl Submission {
    /// Keeps the answer with the registration, and tells the feed. Returns the template as it is shown.
    ///
    /// # Errors
    /// The database's; a conflict when somebody else has just brought the provider's new reference.
    pub fn keep(&self, conn: &mut Conn, now: Ts) -> StorageResult<Vec<TemplateView>> {
        let template = templates::lock(conn, self.workspace, self.template)?;
        let own = self.own(conn)?;
        let before = own.as_ref().map(|own| own.category);
        let listed = self.listed(conn)?;
        let kept = one_of(conn, own, listed, now)?;
        let is_new = kept.is_none();
        let mut record = kept.unwrap_or_else(|| self.fresh(now));
        record.template_id = self.template;
        self.settle(&mut record, now)?;
        if is_new {
            template_registrations::create(conn, self.workspace, &record)?;
        } else {
            template_registrations::save(conn, self.workspace, &record)?;
        }
        let more = json!({
            "status": record.status,
            "asked_category": self.definition.category,
            "category": record.category,
            "category_before": before,
            "problem": record.problem.as_ref().map(|problem| &problem.0),
        });
        let named = (template.name.as_str(), template.language.as_str());
        let event = registration_event(EventKind::TemplateSubmitted, named, &record, Some(self.channel), more, now);
        let shown = views(conn, self.workspace, vec![template.clone()])?;
        events::append(conn, vec![(self.workspace, event)])?;
        Ok(shown)
    }

    /// The registration that was there, as it is now: a webhook or a list may have changed it while the provider was asked.
    fn own(&self, conn: &mut Conn) -> StorageResult<Option<RegistrationRecord>> {
        let Some(before) = &self.present else { return Ok(None) };
        let replaced = before.provider_ref.is_some() && before.status != TemplateStatus::Unsubmitted;
        if self.step == Step::Create && replaced {
            return Ok(None);
        }
        template_registrations::lock(conn, self.workspace, before.id).map(Some)
    }

    /// The registration that a list has made of the provider's new reference.
    fn listed(&self, conn: &mut Conn) -> StorageResult<Option<RegistrationRecord>> {
        let Ok(Registered { reference, .. }) = &self.outcome else { return Ok(None) };
        template_registrations::lock_reference(conn, self.workspace, self.provider, &self.account, reference)
    }

    fn fresh(&self, now: Ts) -> RegistrationRecord {
        RegistrationRecord {
            id: TemplateRegistrationId::new(),
            workspace_id: self.workspace,
            template_id: self.template,
            provider: self.provider,
            account: self.account.clone(),
            provider_ref: None,
            status: TemplateStatus::Unsubmitted,
            category: self.definition.category,
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
            status_at: now,
            synced_at: None,
            poll_at: None,
            raw: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Writes down what the provider answered.
    fn settle(&self, record: &mut RegistrationRecord, now: Ts) -> StorageResult<()> {
        record.updated_at = now;
        match &self.outcome {
            Ok(registered) => self.accepted(record, registered, now),
            Err(error) => {
                record.problem = Some(Json::of(error)?);
                // What stands there stands as it was; only what never got there takes the new text.
                if record.status == TemplateStatus::Unsubmitted {
                    record.provider_ref.clone_from(&error.stored);
                    self.take_text(record)?;
                    record.submitted_at = Some(now);
                }
                Ok(())
            }
        }
    }

    fn accepted(&self, record: &mut RegistrationRecord, registered: &Registered, now: Ts) -> StorageResult<()> {
        record.provider_ref = Some(registered.reference.clone());
        // A webhook or a list may have brought the verdict before the answer came.
        let is_decided = record.status_at > self.asked_at
            && record.status != TemplateStatus::Unsubmitted
            && !record.status.is_under_review();
        if !(is_decided && registered.status.is_under_review()) {
            record.status = registered.status;
            record.status_at = now;
            record.rejection_reason = None;
            record.rejection_detail = None;
            record.category = registered.category.unwrap_or(self.definition.category);
            record.correct_category = None;
        }
        record.problem = None;
        record.submitted_at = Some(now);
        self.take_text(record)?;
        // Meta tells by webhook; Twilio only when it is asked.
        let asks = record.provider == ProviderKind::Twilio && record.status.is_under_review();
        record.poll_at = asks.then(|| now.plus(POLL_FIRST));
        if matches!(self.step, Step::Edit { counts: true, .. }) {
            let mut edits: Vec<Ts> = record.edits.clone().read()?;
            edits.retain(|at| now.since(*at) < EDIT_MONTH);
            edits.push(now);
            record.edits = Json::of(&edits)?;
        }
        Ok(())
    }

    fn take_text(&self, record: &mut RegistrationRecord) -> StorageResult<()> {
        record.definition = Json::of(&self.definition)?;
        record.slots = Json::of(&self.compiled.slots)?;
        record.lost = Json::of(&self.compiled.lost)?;
        Ok(())
    }
}

/// The registration that a submission goes on with: that which a list has made of the provider's new reference before its
/// answer was written down, else the one that was there.
fn one_of(
    conn: &mut Conn,
    own: Option<RegistrationRecord>,
    listed: Option<RegistrationRecord>,
    now: Ts,
) -> StorageResult<Option<RegistrationRecord>> {
    match (own, listed) {
        (Some(mut own), Some(listed)) if own.id != listed.id => {
            own.status = TemplateStatus::Deleted;
            own.status_at = now;
            own.updated_at = now;
            template_registrations::save(conn, own.workspace_id, &own)?;
            Ok(Some(listed))
        }
        (own, listed) => Ok(own.or(listed)),
    }
}
