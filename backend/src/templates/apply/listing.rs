//! The whole list of an account, applied: what is unknown is imported, what has changed is taken over, what is gone is marked.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, TemplateRegistrationId, WorkspaceId};
use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::TemplateDefinition;
use crate::domain::template_state::TemplateStatus;
use crate::domain::time::Ts;
use crate::providers::templates::{Imported, LostFeature, ProviderTemplate, TemplateStanding, Unreadable};
use crate::storage::conn::Conn;
use crate::storage::template_registrations::{self, RegistrationRecord};
use crate::storage::templates::{self, TemplateRecord};
use crate::storage::types::Json;
use crate::storage::{StorageError, StorageResult};
use crate::templates::News;
use crate::templates::view::SyncCounts;

use super::skeleton::is_same;
use super::{Change, entries, take_standing};

/// What an account showed, and when it was asked.
pub struct Listing {
    pub workspace: WorkspaceId,
    pub provider: ProviderKind,
    pub account: String,
    pub channel: ChannelId,
    pub templates: Vec<ProviderTemplate>,
    pub asked_at: Ts,
}

/// What came of it.
pub struct Applied {
    pub counts: SyncCounts,
    pub unreadable: Vec<Unreadable>,
    pub news: News,
}

/// Name and language.
type Key = (String, String);

/// Applies a list. Append its news last in the transaction.
///
/// # Errors
/// The database's.
pub fn apply_listing(conn: &mut Conn, listing: Listing, now: Ts) -> StorageResult<Applied> {
    let Listing { workspace, provider, account, channel, templates: mut listed, asked_at } = listing;
    // Of several Contents of one name the newest is imported last, so that it counts as the present one.
    listed.sort_by_key(|template| template.created_at);
    let mut counts = SyncCounts { found: u32::try_from(listed.len()).unwrap_or(u32::MAX), ..SyncCounts::default() };
    let mut unreadable = Vec::new();
    let kept = template_registrations::lock_account(conn, workspace, provider, &account)?;
    let mut by_reference: HashMap<String, RegistrationRecord> = HashMap::new();
    let mut unnamed: Vec<RegistrationRecord> = Vec::new();
    for record in kept {
        match &record.provider_ref {
            Some(reference) => {
                by_reference.insert(reference.clone(), record);
            }
            None => unnamed.push(record),
        }
    }
    let mut names = Names::read(conn, workspace, &by_reference, &unnamed)?;
    let mut news: Vec<NewEvent> = Vec::new();
    let (mut fresh, mut seen) = (Vec::new(), HashSet::new());
    for template in listed {
        seen.insert(template.reference.clone());
        if let Some(record) = by_reference.get(&template.reference) {
            let (renewed, changes) = renewed(record.clone(), template, &mut unreadable, now)?;
            if renewed != *record {
                counts.changed += u32::from(!changes.is_empty());
                template_registrations::save(conn, workspace, &renewed)?;
                news.extend(entries(&renewed, names.of(&renewed), Some(channel), changes, now));
            }
            continue;
        }
        match template.imported {
            Err(reason) => unreadable.push(reason),
            Ok(_) if template.standing.status.is_gone() => {}
            Ok(imported) => {
                fresh.push((template.reference, template.standing, imported, template.raw));
            }
        }
    }
    counts.imported = u32::try_from(fresh.len()).unwrap_or(u32::MAX);
    import(conn, &mut names, Origin { workspace, provider, account: account.clone() }, fresh, &unnamed, now)?;
    for mut record in
        by_reference.into_values().filter(|record| !seen.contains(record.provider_ref.as_deref().unwrap_or_default()))
    {
        // What was submitted while the list was read is not in it yet.
        let too_new = record.submitted_at.is_some_and(|at| at >= asked_at);
        if too_new || record.status.is_gone() || record.status == TemplateStatus::Unsubmitted {
            continue;
        }
        let standing = TemplateStanding {
            status: TemplateStatus::Deleted,
            category: None,
            correct_category: record.correct_category,
            quality: None,
            rejection_reason: None,
            rejection_detail: None,
        };
        let changes = take_standing(&mut record, &standing, now);
        record.updated_at = now;
        counts.vanished += 1;
        template_registrations::save(conn, workspace, &record)?;
        news.extend(entries(&record, names.of(&record), Some(channel), changes, now));
    }
    template_registrations::touch(conn, workspace, provider, &account, now)?;
    let news = news.into_iter().map(|event| (workspace, event)).collect();
    Ok(Applied { counts, unreadable, news })
}

/// A known registration with what the list says of it.
fn renewed(
    mut record: RegistrationRecord,
    template: ProviderTemplate,
    unreadable: &mut Vec<Unreadable>,
    now: Ts,
) -> StorageResult<(RegistrationRecord, Vec<Change>)> {
    let mut changes = take_standing(&mut record, &template.standing, now);
    match template.imported {
        Err(reason) => unreadable.push(reason),
        Ok(imported) => {
            let stands: TemplateDefinition = record.definition.clone().read()?;
            if !is_same(record.provider, &stands, &imported.definition) {
                let more = json!({ "by": "provider" });
                changes.push(Change { kind: EventKind::TemplateUpdated, more });
                record.definition = Json::of(&imported.definition)?;
                record.lost = Json::of(&imported.lost)?;
            }
            record.slots = Json::of(&imported.slots)?;
        }
    }
    record.raw = Some(Json(template.raw));
    if !changes.is_empty() {
        record.updated_at = now;
    }
    Ok((record, changes))
}

/// Names and languages of the templates concerned.
struct Names {
    by_key: HashMap<Key, TemplateRecord>,
    by_registration: HashMap<TemplateRegistrationId, Key>,
}

impl Names {
    fn read(
        conn: &mut Conn,
        workspace: WorkspaceId,
        known: &HashMap<String, RegistrationRecord>,
        unnamed: &[RegistrationRecord],
    ) -> StorageResult<Self> {
        let mut by_registration = HashMap::new();
        for record in known.values().chain(unnamed) {
            // The definition carries the name; it never differs from the template's.
            let name = |member: &str| {
                record.definition.0.get(member).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
            };
            by_registration.insert(record.id, (name("name"), name("language")));
        }
        let mut names = Self { by_key: HashMap::new(), by_registration };
        let wanted: Vec<String> = names.by_registration.values().map(|(name, _)| name.clone()).collect();
        names.load(conn, workspace, wanted)?;
        Ok(names)
    }

    fn load(&mut self, conn: &mut Conn, workspace: WorkspaceId, mut names: Vec<String>) -> StorageResult<()> {
        names.sort();
        names.dedup();
        for record in templates::named(conn, workspace, &names)? {
            self.by_key.insert((record.name.clone(), record.language.clone()), record);
        }
        Ok(())
    }

    fn of(&self, record: &RegistrationRecord) -> (&str, &str) {
        self.by_registration.get(&record.id).map_or(("", ""), |(name, language)| (name, language))
    }
}

/// Where new registrations belong.
struct Origin {
    workspace: WorkspaceId,
    provider: ProviderKind,
    account: String,
}

type Fresh = (String, TemplateStanding, Imported, serde_json::Value);

/// Makes what is unknown here; a submission whose answer was lost is known again by its name.
fn import(
    conn: &mut Conn,
    names: &mut Names,
    origin: Origin,
    fresh: Vec<Fresh>,
    unnamed: &[RegistrationRecord],
    now: Ts,
) -> StorageResult<()> {
    let Origin { workspace, provider, account } = origin;
    names.load(conn, workspace, fresh.iter().map(|one| one.2.definition.name.clone()).collect())?;
    let mut missing: HashMap<Key, TemplateRecord> = HashMap::new();
    for (_, _, imported, _) in &fresh {
        let key = key_of(&imported.definition);
        if !names.by_key.contains_key(&key) {
            missing.insert(key, TemplateRecord::new(workspace, &imported.definition, now)?);
        }
    }
    if !missing.is_empty() {
        let wanted = missing.keys().map(|(name, _)| name.clone()).collect();
        templates::create_missing(conn, workspace, missing.into_values().collect())?;
        names.load(conn, workspace, wanted)?;
    }
    let mut new = Vec::with_capacity(fresh.len());
    let mut adopted = HashSet::new();
    for (reference, standing, imported, raw) in fresh {
        let key = key_of(&imported.definition);
        let template = names.by_key.get(&key).ok_or_else(|| StorageError::Other("a template vanished".into()))?.id;
        let waiting = unnamed
            .iter()
            .find(|one| one.template_id == template && !adopted.contains(&one.id))
            .filter(|one| one.submitted_at.is_some());
        if let Some(waiting) = waiting {
            adopted.insert(waiting.id);
            let mut record = RegistrationRecord { provider_ref: Some(reference), problem: None, ..waiting.clone() };
            take_standing(&mut record, &standing, now);
            record.slots = Json::of(&imported.slots)?;
            record.raw = Some(Json(raw));
            template_registrations::save(conn, workspace, &record)?;
            continue;
        }
        let category = standing.category.unwrap_or(imported.definition.category);
        new.push(RegistrationRecord {
            id: TemplateRegistrationId::new(),
            workspace_id: workspace,
            template_id: template,
            provider,
            account: account.clone(),
            provider_ref: Some(reference),
            status: standing.status,
            category,
            correct_category: standing.correct_category.filter(|correct| *correct != category),
            quality: standing.quality,
            rejection_reason: standing.rejection_reason,
            rejection_detail: standing.rejection_detail,
            problem: None,
            definition: Json::of(&imported.definition)?,
            slots: Json::of(&imported.slots)?,
            lost: Json::of(&imported.lost)?,
            edits: Json(json!([])),
            submitted_at: None,
            status_at: now,
            synced_at: Some(now),
            poll_at: None,
            raw: Some(Json(raw)),
            created_at: now,
            updated_at: now,
        });
    }
    template_registrations::create(conn, workspace, new)
}

fn key_of(definition: &TemplateDefinition) -> Key {
    (definition.name.clone(), definition.language.clone())
}

/// Whether values can't be checked, since the provider's template has a part that nobody here knows.
pub fn has_unknown_parts(lost: &[crate::providers::templates::Lost]) -> bool {
    lost.iter().any(|one| one.feature == LostFeature::UnknownPart)
}
