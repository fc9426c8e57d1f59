//! Making, reading, changing and deleting templates.

use crate::domain::event::EventKind;
use crate::domain::ids::{TemplateId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::template_definition::TemplateDefinition;
use crate::providers::templates::rules;
use crate::providers::violation::ViolationCode;
use crate::providers::{TemplateError, TemplateErrorKind};
use crate::storage::idempotency::{self, Claim, IdempotencyScope};
use crate::storage::template_registrations::{self, RegistrationRecord};
use crate::storage::templates::{self, TemplateFilter, TemplateRecord};
use crate::storage::types::Json;
use crate::storage::{StorageError, events, template_syncs};

use super::view::{TemplateView, views};
use super::{Templates, TemplatesError, template_event};

/// HTTP status of the answer that an idempotency key keeps.
const CREATED: u16 = 201;

/// What became of a request for a new template.
#[derive(Debug)]
pub enum Made {
    Template(Box<TemplateView>),
    /// The request's idempotency key was used before.
    Taken(Claim),
}

impl Templates {
    /// Keeps a new template; nothing is submitted. With a key, a request that comes again makes no second one.
    ///
    /// # Errors
    /// The definition breaks rules, names a medium that is not there, or its name exists in its language.
    pub async fn create(
        &self,
        workspace: WorkspaceId,
        definition: TemplateDefinition,
        key: Option<IdempotencyScope>,
    ) -> Result<Made, TemplatesError> {
        self.check(workspace, &definition).await?;
        let now = self.0.clock.now();
        let made = self
            .0
            .db
            .write(move |conn| {
                if let Some(key) = &key {
                    match idempotency::claim(conn, key, now)? {
                        Claim::New => {}
                        taken => return Ok(Made::Taken(taken)),
                    }
                }
                let record = TemplateRecord::new(workspace, &definition, now)?;
                templates::create(conn, workspace, record.clone())?;
                let event = template_event(EventKind::TemplateCreated, &record, now);
                let view = views(conn, workspace, vec![record])?.into_iter().next().ok_or(StorageError::NotFound)?;
                if let Some(key) = &key {
                    idempotency::settle(conn, key, CREATED, Some(&serde_json::to_string(&view)?))?;
                }
                events::append(conn, vec![(workspace, event)])?;
                Ok(Made::Template(Box::new(view)))
            })
            .await;
        let made = made.map_err(|error| match error {
            StorageError::Conflict(_) => TemplatesError::Exists,
            other => other.into(),
        })?;
        self.0.live.notify(workspace);
        Ok(made)
    }

    /// # Errors
    /// No such template in this workspace.
    pub async fn get(&self, workspace: WorkspaceId, id: TemplateId) -> Result<TemplateView, TemplatesError> {
        let shown = self
            .0
            .db
            .read(move |conn| {
                let record = templates::get(conn, workspace, id)?;
                views(conn, workspace, vec![record])
            })
            .await?;
        shown.into_iter().next().ok_or_else(|| StorageError::NotFound.into())
    }

    /// A page of templates, newest first; one more than it holds when there is a next one.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(
        &self,
        workspace: WorkspaceId,
        filter: TemplateFilter,
        page: Page,
    ) -> Result<Vec<TemplateView>, TemplatesError> {
        let shown = self
            .0
            .db
            .read(move |conn| {
                let records = templates::list(conn, workspace, &filter, page)?;
                views(conn, workspace, records)
            })
            .await?;
        Ok(shown)
    }

    /// Changes the definition that is kept here. What stands at the providers stays until it is submitted again.
    ///
    /// # Errors
    /// The definition breaks rules, or has another name or language.
    pub async fn update(
        &self,
        workspace: WorkspaceId,
        id: TemplateId,
        definition: TemplateDefinition,
    ) -> Result<TemplateView, TemplatesError> {
        self.check(workspace, &definition).await?;
        let now = self.0.clock.now();
        let saved = self
            .0
            .db
            .write(move |conn| {
                let before = templates::lock(conn, workspace, id)?;
                let fixed =
                    [("name", before.name == definition.name), ("language", before.language == definition.language)];
                if let Some((field, _)) = fixed.into_iter().find(|(_, same)| !same) {
                    return Ok(Err(field));
                }
                templates::save_definition(conn, workspace, id, &definition, now)?;
                let record = templates::get(conn, workspace, id)?;
                let event = template_event(EventKind::TemplateUpdated, &record, now);
                let shown = views(conn, workspace, vec![record])?;
                events::append(conn, vec![(workspace, event)])?;
                Ok(Ok(shown))
            })
            .await?;
        match saved {
            Err(field) => {
                let message = "name and language of a template never change; make another one";
                Err(TemplatesError::violation(field, ViolationCode::Conflict, message))
            }
            Ok(shown) => {
                self.0.live.notify(workspace);
                shown.into_iter().next().ok_or_else(|| StorageError::NotFound.into())
            }
        }
    }

    /// Deletes a template here, and `everywhere` at the providers first. Without that, one that still stands at a provider is
    /// refused: the next comparison would bring it back.
    ///
    /// # Errors
    /// It stands at a provider, or a provider refuses; then it stays, with what the provider said.
    pub async fn delete(&self, workspace: WorkspaceId, id: TemplateId, everywhere: bool) -> Result<(), TemplatesError> {
        let (template, standing) = self.standing_at_providers(workspace, id).await?;
        if !everywhere && !standing.is_empty() {
            let places: Vec<String> =
                standing.iter().map(|(one, _)| format!("{} {}", one.provider, one.account)).collect();
            return Err(TemplatesError::state(format!(
                "it stands at {}; delete it everywhere, or the next comparison brings it back",
                places.join(", ")
            )));
        }
        for (registration, channel) in standing {
            let reference = registration.provider_ref.clone().unwrap_or_default();
            let channel = self.0.registry.by_id(channel).await?;
            match channel.service.delete_template(&reference, &template.name).await {
                Ok(()) => {}
                Err(error) if error.kind == TemplateErrorKind::Missing => {}
                Err(error) => {
                    self.keep_problem(workspace, registration, error.clone()).await?;
                    return Err(error.into());
                }
            }
        }
        let event = template_event(EventKind::TemplateDeleted, &template, self.0.clock.now());
        self.0
            .db
            .write(move |conn| {
                templates::delete(conn, workspace, id)?;
                events::append(conn, vec![(workspace, event)])
            })
            .await?;
        self.0.live.notify(workspace);
        Ok(())
    }

    /// The registrations that a provider still has, with a channel to reach it. An account without a channel can't be reached
    /// any more and does not count.
    async fn standing_at_providers(
        &self,
        workspace: WorkspaceId,
        id: TemplateId,
    ) -> Result<(TemplateRecord, Vec<(RegistrationRecord, crate::domain::ids::ChannelId)>), TemplatesError> {
        let found = self
            .0
            .db
            .read(move |conn| {
                let template = templates::get(conn, workspace, id)?;
                let mut standing = Vec::new();
                for one in template_registrations::of_templates(conn, workspace, &[id])? {
                    if one.status.is_gone() || one.provider_ref.is_none() {
                        continue;
                    }
                    let channels = template_syncs::channels_of(conn, workspace, one.provider, &one.account)?;
                    standing.extend(channels.first().map(|channel| (one, *channel)));
                }
                Ok((template, standing))
            })
            .await?;
        Ok(found)
    }

    async fn keep_problem(
        &self,
        workspace: WorkspaceId,
        registration: RegistrationRecord,
        error: TemplateError,
    ) -> Result<(), TemplatesError> {
        let now = self.0.clock.now();
        self.0
            .db
            .write(move |conn| {
                let mut record = template_registrations::lock(conn, workspace, registration.id)?;
                record.problem = Some(Json::of(&error)?);
                record.updated_at = now;
                template_registrations::save(conn, workspace, &record)
            })
            .await?;
        Ok(())
    }

    /// The rules, and whether the media that samples name are there.
    async fn check(&self, workspace: WorkspaceId, definition: &TemplateDefinition) -> Result<(), TemplatesError> {
        let broken = rules::violations(definition);
        if !broken.is_empty() {
            return Err(TemplatesError::Invalid(broken));
        }
        self.sample_links(workspace, definition).await.map(drop)
    }
}
