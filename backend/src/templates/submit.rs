//! Handing a template to a provider's review, for the first time or again.

use std::time::Duration;

use serde_json::json;

use crate::channels::LoadedChannel;
use crate::channels::defaults::Wanted;
use crate::domain::event::EventKind;
use crate::domain::ids::{ChannelId, TemplateId, TemplateRegistrationId, WorkspaceId};
use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::TemplateDefinition;
use crate::domain::template_state::TemplateStatus;
use crate::domain::time::Ts;
use crate::providers::TemplateError;
use crate::providers::templates::{Compiled, NewTemplate, Registered, SampleAddresses, compile, rules};
use crate::providers::violation::{Violation, ViolationCode};
use crate::storage::conn::Conn;
use crate::storage::template_registrations::{self, RegistrationRecord};
use crate::storage::types::Json;
use crate::storage::{StorageResult, events, templates};

use super::sync::POLL_FIRST;
use super::view::{TemplateView, views};
use super::{Templates, TemplatesError, registration_event};

/// WhatsApp takes one edit of an approved template in a day, and ten in thirty (direct.md §2.8).
const EDIT_PAUSE: Duration = Duration::from_secs(24 * 3_600);
const EDIT_MONTH: Duration = Duration::from_secs(30 * 86_400);
const EDITS_IN_A_MONTH: usize = 10;

/// What a submission does at the provider.
#[derive(Clone, Debug, PartialEq)]
enum Step {
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

impl Templates {
    /// Submits a template for approval on a channel's account. What stands there already is edited, or at Twilio, where nothing
    /// submitted changes, replaced by a new Content. The category in the answer may be another one than asked for.
    ///
    /// # Errors
    /// The definition breaks rules, the provider lacks a part of it, its state allows no submission, or the provider refuses;
    /// a refusal is kept with the registration.
    pub async fn submit(
        &self,
        workspace: WorkspaceId,
        id: TemplateId,
        channel: ChannelId,
    ) -> Result<TemplateView, TemplatesError> {
        let channel = self.0.registry.choose(workspace, Wanted::Channel(channel)).await?;
        let account = channel.address.account.clone();
        let Some(_alone) = self.begin_submission(id, &account) else {
            return Err(TemplatesError::state("it is being submitted to this account at this moment"));
        };
        let (definition, present) = self.present(workspace, id, &channel).await?;
        let broken = rules::violations(&definition);
        if !broken.is_empty() {
            return Err(TemplatesError::Invalid(broken));
        }
        // What the provider lacks is said before anything is uploaded.
        check_whole(&compile(channel.provider, &definition, &self.sample_links(workspace, &definition).await?))?;
        let now = self.0.clock.now();
        let step = plan(&definition, present.as_ref(), now)?;
        let samples = self.upload_samples(&channel, &definition).await?;
        if step == Step::Create {
            self.drop_stored(&channel, present.as_ref()).await;
        }
        let outcome = self.take(&channel, &definition, &samples, &step).await;
        self.keep_submission(workspace, id, &channel, definition, samples, present, step, (now, outcome)).await
    }

    /// A Content that was stored for an older text and never handed in is of no use to anybody.
    async fn drop_stored(&self, channel: &LoadedChannel, present: Option<&RegistrationRecord>) {
        let stored = present.filter(|one| one.status == TemplateStatus::Unsubmitted);
        let Some(reference) = stored.and_then(|one| one.provider_ref.as_deref()) else { return };
        if let Err(error) = channel.service.delete_template(reference, "").await {
            tracing::warn!(channel = %channel.id, kind = %error.kind, "a Content that was never handed in stays stored");
        }
    }

    /// The definition, and the newest registration on the account that is not gone.
    async fn present(
        &self,
        workspace: WorkspaceId,
        id: TemplateId,
        channel: &LoadedChannel,
    ) -> Result<(TemplateDefinition, Option<RegistrationRecord>), TemplatesError> {
        let (provider, account) = (channel.provider, channel.address.account.clone());
        let found = self
            .0
            .db
            .read(move |conn| {
                let template = templates::get(conn, workspace, id)?;
                let definition: TemplateDefinition = template.definition.read()?;
                let registrations = template_registrations::of_templates(conn, workspace, &[id])?;
                let present = registrations
                    .into_iter()
                    .rev()
                    .find(|one| one.provider == provider && one.account == account && !one.status.is_gone());
                Ok((definition, present))
            })
            .await?;
        Ok(found)
    }

    async fn take(
        &self,
        channel: &LoadedChannel,
        definition: &TemplateDefinition,
        samples: &SampleAddresses,
        step: &Step,
    ) -> Result<Registered, TemplateError> {
        let stored = match step {
            Step::HandIn(sid) => Some(sid.as_str()),
            Step::Create | Step::Edit { .. } => None,
        };
        let template = NewTemplate { definition, samples, stored };
        match step {
            Step::Create | Step::HandIn(_) => channel.service.create_template(template).await,
            Step::Edit { reference, with_category, .. } => {
                channel.service.edit_template(reference, template, *with_category).await
            }
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one submission in all its parts, used once")]
    async fn keep_submission(
        &self,
        workspace: WorkspaceId,
        id: TemplateId,
        channel: &LoadedChannel,
        definition: TemplateDefinition,
        samples: SampleAddresses,
        present: Option<RegistrationRecord>,
        step: Step,
        (asked_at, outcome): (Ts, Result<Registered, TemplateError>),
    ) -> Result<TemplateView, TemplatesError> {
        let now = self.0.clock.now();
        let (provider, account, channel) = (channel.provider, channel.address.account.clone(), channel.id);
        let compiled = compile(provider, &definition, &samples);
        let refused = outcome.as_ref().err().cloned();
        let shown = self
            .0
            .db
            .write(move |conn| {
                let template = templates::lock(conn, workspace, id)?;
                // A webhook or a list may have changed the registration while the provider was asked.
                let own = match (&step, &present) {
                    (Step::Create, Some(before))
                        if before.provider_ref.is_some() && before.status != TemplateStatus::Unsubmitted =>
                    {
                        None
                    }
                    (_, Some(before)) => Some(template_registrations::lock(conn, workspace, before.id)?),
                    (_, None) => None,
                };
                let before = own.as_ref().map(|own| own.category);
                let listed = match &outcome {
                    Ok(Registered { reference, .. }) => {
                        template_registrations::lock_reference(conn, workspace, provider, &account, reference)?
                    }
                    Err(_) => None,
                };
                let kept = one_of(conn, own, listed, now)?;
                let is_new = kept.is_none();
                let mut record = kept.unwrap_or_else(|| fresh(workspace, id, provider, &account, &definition, now));
                record.template_id = id;
                settle(&mut record, &definition, compiled, &step, &outcome, (asked_at, now))?;
                if is_new {
                    template_registrations::create(conn, workspace, vec![record.clone()])?;
                } else {
                    template_registrations::save(conn, workspace, &record)?;
                }
                let more = json!({
                    "status": record.status,
                    "asked_category": definition.category,
                    "category": record.category,
                    "category_before": before,
                    "problem": record.problem.as_ref().map(|problem| &problem.0),
                });
                let named = (template.name.as_str(), template.language.as_str());
                let event = registration_event(EventKind::TemplateSubmitted, named, &record, Some(channel), more, now);
                let shown = views(conn, workspace, vec![template.clone()])?;
                events::append(conn, vec![(workspace, event)])?;
                Ok(shown)
            })
            .await?;
        self.0.live.notify(workspace);
        match refused {
            Some(error) => Err(error.into()),
            None => shown.into_iter().next().ok_or_else(|| crate::storage::StorageError::NotFound.into()),
        }
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

fn check_whole(compiled: &Compiled) -> Result<(), TemplatesError> {
    let missing: Vec<Violation> = compiled
        .lost
        .iter()
        .filter(|lost| lost.blocks)
        .map(|lost| Violation::new(lost.place.clone(), ViolationCode::Unsupported, lost.why.clone()))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(TemplatesError::Invalid(missing)) }
}

/// What has to be done at the provider, given what stands there.
fn plan(
    definition: &TemplateDefinition,
    present: Option<&RegistrationRecord>,
    now: Ts,
) -> Result<Step, TemplatesError> {
    let Some(present) = present else { return Ok(Step::Create) };
    let stands: TemplateDefinition = present.definition.clone().read()?;
    let same = stands == *definition;
    let Some(reference) = &present.provider_ref else { return Ok(Step::Create) };
    if same && present.status.is_under_review() {
        return Err(TemplatesError::state("it is under review already"));
    }
    if same && present.status == TemplateStatus::Approved {
        return Err(TemplatesError::state("it is approved as it is; change it first"));
    }
    match present.provider {
        ProviderKind::Twilio if same && present.status == TemplateStatus::Unsubmitted => {
            Ok(Step::HandIn(reference.clone()))
        }
        ProviderKind::Twilio => Ok(Step::Create),
        ProviderKind::Direct => match present.status {
            TemplateStatus::Approved => {
                check_edits(&present.edits.clone().read::<Vec<Ts>>()?, now)?;
                if definition.category != present.category {
                    let message = "the category of an approved template does not change; take another name";
                    return Err(TemplatesError::violation("category", ViolationCode::Conflict, message));
                }
                Ok(Step::Edit { reference: reference.clone(), with_category: false, counts: true })
            }
            TemplateStatus::Rejected | TemplateStatus::Paused => {
                Ok(Step::Edit { reference: reference.clone(), with_category: true, counts: false })
            }
            other => Err(TemplatesError::state(format!(
                "Meta takes changes of approved, rejected and paused templates only, and this one is {other}"
            ))),
        },
    }
}

/// When the next edit is allowed, if not now.
fn check_edits(edits: &[Ts], now: Ts) -> Result<(), TemplatesError> {
    let newest_first: Vec<Ts> = edits.iter().rev().copied().collect();
    let after_last = newest_first.first().map(|last| last.plus(EDIT_PAUSE));
    let after_tenth = newest_first.get(EDITS_IN_A_MONTH - 1).map(|tenth| tenth.plus(EDIT_MONTH));
    match after_last.max(after_tenth) {
        Some(until) if until > now => Err(TemplatesError::EditedTooOften(until)),
        _ => Ok(()),
    }
}

fn fresh(
    workspace: WorkspaceId,
    template: TemplateId,
    provider: ProviderKind,
    account: &str,
    definition: &TemplateDefinition,
    now: Ts,
) -> RegistrationRecord {
    RegistrationRecord {
        id: TemplateRegistrationId::new(),
        workspace_id: workspace,
        template_id: template,
        provider,
        account: account.to_owned(),
        provider_ref: None,
        status: TemplateStatus::Unsubmitted,
        category: definition.category,
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
fn settle(
    record: &mut RegistrationRecord,
    definition: &TemplateDefinition,
    compiled: Compiled,
    step: &Step,
    outcome: &Result<Registered, TemplateError>,
    (asked_at, now): (Ts, Ts),
) -> StorageResult<()> {
    record.updated_at = now;
    match outcome {
        Ok(registered) => {
            record.provider_ref = Some(registered.reference.clone());
            // A webhook or a list may have brought the verdict before the answer came.
            let is_decided = record.status_at > asked_at
                && record.status != TemplateStatus::Unsubmitted
                && !record.status.is_under_review();
            if !(is_decided && registered.status.is_under_review()) {
                record.status = registered.status;
                record.status_at = now;
                record.rejection_reason = None;
                record.rejection_detail = None;
            }
            record.category = registered.category.unwrap_or(definition.category);
            record.correct_category = None;
            record.problem = None;
            record.submitted_at = Some(now);
            record.definition = Json::of(definition)?;
            record.slots = Json::of(&compiled.slots)?;
            record.lost = Json::of(&compiled.lost)?;
            // Meta tells by webhook; Twilio only when it is asked.
            let asks = record.provider == ProviderKind::Twilio && record.status.is_under_review();
            record.poll_at = asks.then(|| now.plus(POLL_FIRST));
            if matches!(step, Step::Edit { counts: true, .. }) {
                let mut edits: Vec<Ts> = record.edits.clone().read()?;
                edits.retain(|at| now.since(*at) < EDIT_MONTH);
                edits.push(now);
                record.edits = Json::of(&edits)?;
            }
        }
        Err(error) => {
            record.problem = Some(Json::of(error)?);
            // What stands there stands as it was; only what never got there takes the new text.
            if record.status == TemplateStatus::Unsubmitted {
                record.provider_ref.clone_from(&error.stored);
                record.definition = Json::of(definition)?;
                record.slots = Json::of(&compiled.slots)?;
                record.lost = Json::of(&compiled.lost)?;
                record.submitted_at = Some(now);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_edit_in_a_day_and_ten_in_a_month() {
        let day = |n: i64| Ts::from_secs(n * 86_400);
        let refused = |edits: &[Ts], now: Ts| match check_edits(edits, now) {
            Err(TemplatesError::EditedTooOften(until)) => Some(until),
            _ => None,
        };
        assert_eq!(refused(&[], day(100)), None);
        assert_eq!(refused(&[day(100)], day(100)), Some(day(101)));
        assert_eq!(refused(&[day(100)], day(101)), None);
        let ten: Vec<Ts> = (100..110).map(day).collect();
        assert_eq!(refused(&ten, day(111)), Some(day(130)));
        assert_eq!(refused(&ten[1..], day(111)), None);
        assert_eq!(refused(&ten, day(130)), None);
    }
}
