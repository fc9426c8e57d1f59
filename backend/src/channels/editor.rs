//! Making, changing and deleting channels.

use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::domain::alert::{About, AlertKind};
use crate::domain::event::EventKind;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::provider::ProviderKind;
use crate::domain::time::Ts;
use crate::error::FieldError;
use crate::providers::descriptor::DEFAULT_GRAPH_VERSION;
use crate::providers::form::Form as Stage;
use crate::storage::channels::{ChannelRecord, ChannelSettings};
use crate::storage::idempotency::{self, Claim, IdempotencyScope};
use crate::storage::{StorageError, channels, events, facts, messages};
use crate::vault::Vault;

use super::Channels;
use super::alerts;
use super::credentials::SecretColumn;
use super::error::ChannelError;
use super::form::{Entry, Form};
use super::moved::Moved;
use super::rules;
use super::view::{ChannelView, Viewer};

/// HTTP status of the answer that an idempotency key keeps.
const CREATED: u16 = 201;

/// What became of a request for a new channel.
#[derive(Debug)]
pub enum Created {
    Channel(Box<ChannelView>),
    /// The request's idempotency key was used before.
    Taken(Claim),
}

impl Channels {
    /// # Errors
    /// No such channel in this workspace.
    pub async fn get(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        shows_verify_token: bool,
    ) -> Result<ChannelView, ChannelError> {
        let record = self.db.read(move |conn| channels::get(conn, workspace, id)).await?;
        self.show(workspace, &record, shows_verify_token).await
    }

    /// A page of channels, newest first, each with its id for paging.
    ///
    /// # Errors
    /// The database's.
    pub async fn list(
        &self,
        workspace: WorkspaceId,
        provider: Option<ProviderKind>,
        page: Page,
    ) -> Result<Vec<(ChannelId, ChannelView)>, ChannelError> {
        let (records, known) = self
            .db
            .read(move |conn| {
                let records = channels::list(conn, workspace, provider, page)?;
                let ids: Vec<ChannelId> = records.iter().map(|record| record.id).collect();
                let known = facts::of(conn, workspace, &ids)?;
                Ok::<_, StorageError>((records, known))
            })
            .await?;
        let environment = self.registry.route(workspace).await?.environment;
        let (addresses, now) = (self.registry.addresses(), self.clock.now());
        let viewer = Viewer { vault: &self.vault, addresses, environment, shows_verify_token: false, now };
        records.iter().map(|record| Ok((record.id, viewer.view(record, known.get(&record.id))?))).collect()
    }

    /// Makes a channel; the first of its provider becomes the provider's default. With a key, a request that comes again makes
    /// no second one.
    ///
    /// # Errors
    /// Fields that are not valid, or a sender that is a channel already.
    pub async fn create(
        &self,
        workspace: WorkspaceId,
        form: Form,
        key: Option<IdempotencyScope>,
    ) -> Result<Created, ChannelError> {
        let now = self.clock.now();
        let mut record = ChannelRecord::new(workspace, form.provider, ChannelSettings::empty(), now);
        let id = record.id;
        let filler = Filler { vault: Arc::clone(&self.vault), workspace, id, provider: form.provider, now };
        filler.fill(&mut record.settings, Stage::New, with_defaults(form.provider, form.entries))?;
        set_rate(&mut record.settings, form.messages_per_second)?;
        let data = json!({ "name": record.settings.name, "provider": form.provider });
        let event = self.event(EventKind::ChannelCreated, id, data);
        let environment = self.registry.route(workspace).await?.environment;
        let (vault, registry) = (Arc::clone(&self.vault), self.registry.clone());
        let created = self
            .db
            .write(move |conn| {
                if let Some(key) = &key {
                    match idempotency::claim(conn, key, now)? {
                        Claim::New => {}
                        taken => return Ok(Created::Taken(taken)),
                    }
                }
                let record = channels::create(conn, workspace, record)?;
                let addresses = registry.addresses();
                let viewer = Viewer { vault: &vault, addresses, environment, shows_verify_token: false, now };
                let view = viewer.view(&record, None).map_err(|error| StorageError::Corrupt(error.to_string()))?;
                if let Some(key) = &key {
                    idempotency::settle(conn, key, CREATED, Some(&serde_json::to_string(&view)?))?;
                }
                events::append(conn, vec![(workspace, event)])?;
                Ok(Created::Channel(Box::new(view)))
            })
            .await
            .map_err(ChannelError::from_save)?;
        if matches!(created, Created::Channel(_)) {
            self.announce(workspace, id);
        }
        Ok(created)
    }

    /// Changes what the form gives; everything else stays.
    ///
    /// # Errors
    /// No such channel in this workspace, fields that are not valid, a sender that is a channel already, or a change of the
    /// account while messages wait.
    pub async fn update(&self, workspace: WorkspaceId, id: ChannelId, form: Form) -> Result<ChannelView, ChannelError> {
        let now = self.clock.now();
        let names: Vec<&str> = form.entries.iter().map(|(field, _)| *field).collect();
        let data = json!({ "fields": names, "is_default": form.is_default });
        let event = self.event(EventKind::ChannelUpdated, id, data);
        let vault = Arc::clone(&self.vault);
        let saved = self
            .db
            .write(move |conn| {
                let before = channels::lock(conn, workspace, id)?;
                let filler = Filler { vault, workspace, id, provider: before.provider, now };
                let changed =
                    filler.changed(&before, form.provider, form.is_default, form.entries).and_then(|mut settings| {
                        set_rate(&mut settings, form.messages_per_second)?;
                        Ok(settings)
                    });
                let settings = match changed {
                    Ok(settings) => settings,
                    Err(error) => return Ok(Err(error)),
                };
                let moved = Moved::between(&before.settings, &settings);
                if settings.limit_group != before.settings.limit_group || moved.is_some() {
                    channels::lock_out(conn, id)?;
                    let waiting = messages::waiting_on(conn, workspace, id)?;
                    if waiting > 0 {
                        return Ok(Err(ChannelError::MessagesWait(waiting)));
                    }
                }
                channels::save_settings(conn, workspace, id, settings, now)?;
                let mut news = vec![event];
                if let Some(moved) = moved {
                    news.extend(moved.forget(conn, workspace, id, now)?);
                }
                if form.is_default == Some(true) {
                    channels::make_default(conn, workspace, id, now)?;
                }
                let record = channels::get(conn, workspace, id)?;
                events::append(conn, news.into_iter().map(|event| (workspace, event)).collect())?;
                Ok(Ok(record))
            })
            .await
            .map_err(ChannelError::from_save)??;
        self.announce(workspace, id);
        self.show(workspace, &saved, false).await
    }

    /// Deletes a channel and its secrets.
    ///
    /// # Errors
    /// No such channel in this workspace, or messages still wait on it.
    pub async fn delete(&self, workspace: WorkspaceId, id: ChannelId) -> Result<(), ChannelError> {
        let now = self.clock.now();
        let event = self.event(EventKind::ChannelDeleted, id, json!({}));
        self.db
            .write(move |conn| {
                channels::lock(conn, workspace, id)?;
                channels::lock_out(conn, id)?;
                let waiting = messages::waiting_on(conn, workspace, id)?;
                if waiting > 0 {
                    return Ok(Err(ChannelError::MessagesWait(waiting)));
                }
                channels::delete(conn, workspace, id, now)?;
                let mut news = vec![event];
                news.extend(alerts::clear_within(conn, workspace, id, AlertKind::ALL, About::Everything, now)?);
                events::append(conn, news.into_iter().map(|event| (workspace, event)).collect())?;
                Ok(Ok(()))
            })
            .await??;
        self.announce(workspace, id);
        Ok(())
    }

    async fn show(
        &self,
        workspace: WorkspaceId,
        record: &ChannelRecord,
        shows_verify_token: bool,
    ) -> Result<ChannelView, ChannelError> {
        let environment = self.registry.route(workspace).await?.environment;
        let (addresses, now) = (self.registry.addresses(), self.clock.now());
        let known = self.facts_of(workspace, record.id).await?;
        let viewer = Viewer { vault: &self.vault, addresses, environment, shows_verify_token, now };
        Ok(viewer.view(record, Some(&known))?)
    }
}

/// The fastest a number can be, in messages a second (direct.md §4.7).
const FASTEST: u32 = 1_000;

fn set_rate(settings: &mut ChannelSettings, rate: Option<Option<u32>>) -> Result<(), ChannelError> {
    match rate {
        None => {}
        Some(None) => settings.messages_per_second = None,
        Some(Some(rate @ 1..=FASTEST)) => settings.messages_per_second = i32::try_from(rate).ok(),
        Some(Some(_)) => {
            let told = format!("from 1 to {FASTEST}");
            return Err(ChannelError::Fields(vec![FieldError::new("messages_per_second", "invalid_value", told)]));
        }
    }
    Ok(())
}

/// Puts checked values into a channel's settings.
struct Filler {
    vault: Arc<Vault>,
    workspace: WorkspaceId,
    id: ChannelId,
    provider: ProviderKind,
    now: Ts,
}

impl Filler {
    fn changed(
        &self,
        before: &ChannelRecord,
        provider: ProviderKind,
        is_default: Option<bool>,
        entries: Vec<Entry>,
    ) -> Result<ChannelSettings, ChannelError> {
        if provider != self.provider {
            let told = format!("this is a channel of {}", self.provider);
            return Err(ChannelError::Fields(vec![FieldError::new("provider", "invalid_value", told)]));
        }
        if is_default == Some(false) && before.is_default {
            let told = "make another channel the default instead";
            return Err(ChannelError::Fields(vec![FieldError::new("is_default", "invalid_value", told)]));
        }
        let mut settings = before.settings.clone();
        self.fill(&mut settings, Stage::Change, entries)?;
        Ok(settings)
    }

    fn fill(&self, settings: &mut ChannelSettings, stage: Stage, entries: Vec<Entry>) -> Result<(), ChannelError> {
        let errors = rules::check(self.provider, stage, &entries);
        if !errors.is_empty() {
            return Err(ChannelError::Fields(errors));
        }
        for (field, value) in entries {
            self.put(settings, field, rules::kept(field, value))?;
        }
        // A change may bring one half of a pair whose other half was there before.
        if settings.api_key_sid.is_some() != settings.api_key_secret.is_some() {
            let missing = if settings.api_key_sid.is_some() { "api_key_secret" } else { "api_key_sid" };
            let told = "key SID and key secret are given together or not at all";
            return Err(ChannelError::Fields(vec![FieldError::new(missing, "conflict", told)]));
        }
        settings.limit_group = match self.provider {
            ProviderKind::Twilio => format!("twilio:{}", settings.account_sid.as_deref().unwrap_or_default()),
            ProviderKind::Direct => format!("direct:{}", settings.waba_id.as_deref().unwrap_or_default()),
        };
        Ok(())
    }

    fn put(
        &self,
        settings: &mut ChannelSettings,
        field: &'static str,
        value: Option<SecretString>,
    ) -> Result<(), ChannelError> {
        if let Some(column) = SecretColumn::named(field) {
            let place = column.place(self.workspace, self.id);
            let sealed = value.map(|value| self.vault.seal_text(place, &value)).transpose()?;
            if let serde_json::Value::Object(times) = &mut settings.secrets_set_at.0 {
                match sealed {
                    Some(_) => times.insert(field.to_owned(), json!(self.now)),
                    None => times.remove(field),
                };
            }
            column.set(settings, sealed);
            return Ok(());
        }
        let text = value.map(|value| value.expose_secret().to_owned());
        match field {
            "name" => settings.name = text.unwrap_or_default(),
            "whatsapp_business_phone_id" => settings.whatsapp_business_phone_id = text,
            "whatsapp_app_id" => settings.whatsapp_app_id = text,
            "waba_id" => settings.waba_id = text,
            "graph_version" => settings.graph_version = text,
            "account_sid" => settings.account_sid = text,
            "api_key_sid" => settings.api_key_sid = text,
            "sender_number" => settings.sender_number = text,
            "messaging_service_sid" => settings.messaging_service_sid = text,
            _ => {
                return Err(ChannelError::Fields(vec![FieldError::new(
                    field,
                    "unknown_field",
                    "there is no such field",
                )]));
            }
        }
        Ok(())
    }
}

/// Adds what a new channel has even when nobody typed it.
fn with_defaults(provider: ProviderKind, mut entries: Vec<Entry>) -> Vec<Entry> {
    let is_blank = |value: &Option<SecretString>| value.as_ref().is_none_or(|value| value.expose_secret().is_empty());
    if provider == ProviderKind::Direct {
        entries.retain(|(field, value)| !(matches!(*field, "verify_token" | "graph_version") && is_blank(value)));
        for (field, default) in
            [("verify_token", verify_token as fn() -> SecretString), ("graph_version", graph_version)]
        {
            if !entries.iter().any(|(given, _)| *given == field) {
                entries.push((field, Some(default())));
            }
        }
    }
    entries
}

/// 128 random bits in hexadecimal.
fn verify_token() -> SecretString {
    hex::encode(rand::random::<[u8; 16]>()).into()
}

fn graph_version() -> SecretString {
    DEFAULT_GRAPH_VERSION.into()
}
