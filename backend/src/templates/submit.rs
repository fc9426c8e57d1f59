//! Handing a template to a provider's review, for the first time or again.

use std::sync::Arc;
use std::time::Duration;

use crate::channels::LoadedChannel;
use crate::channels::defaults::Wanted;
use crate::domain::ids::{ChannelId, TemplateId, WorkspaceId};
use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::TemplateDefinition;
use crate::domain::template_state::TemplateStatus;
use crate::domain::time::Ts;
use crate::providers::TemplateError;
use crate::providers::templates::{Compiled, NewTemplate, Registered, SampleAddresses, compile, rules};
use crate::providers::violation::{Violation, ViolationCode};
use crate::storage::template_registrations::{self, RegistrationRecord};
use crate::storage::{StorageError, templates};

use super::submission::{EDIT_MONTH, Step, Submission};
use super::view::TemplateView;
use super::{Templates, TemplatesError};

/// WhatsApp takes one edit of an approved template in a day, and ten in thirty (direct.md §2.8).
const EDIT_PAUSE: Duration = Duration::from_secs(24 * 3_600);
const EDITS_IN_A_MONTH: usize = 10;

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
        let compiled = compile(channel.provider, &definition, &samples);
        let (provider, channel) = (channel.provider, channel.id);
        let asked_at = now;
        let submission = Submission {
            workspace,
            template: id,
            provider,
            account,
            channel,
            definition,
            compiled,
            present,
            step,
            asked_at,
            outcome,
        };
        self.keep_submission(submission).await
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

    async fn keep_submission(&self, submission: Submission) -> Result<TemplateView, TemplatesError> {
        let now = self.0.clock.now();
        let refused = submission.outcome.as_ref().err().cloned();
        let workspace = submission.workspace;
        let submission = Arc::new(submission);
        let attempt = || {
            let submission = Arc::clone(&submission);
            self.0.db.write(move |conn| submission.keep(conn, now))
        };
        let shown = match attempt().await {
            // A list of another node brought the provider's new reference in between: now it is found.
            Err(StorageError::Conflict(_)) => attempt().await?,
            kept => kept?,
        };
        self.0.live.notify(workspace);
        match refused {
            Some(error) => Err(error.into()),
            None => shown.into_iter().next().ok_or_else(|| StorageError::NotFound.into()),
        }
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
