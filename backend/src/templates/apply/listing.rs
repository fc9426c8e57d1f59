//! The whole list of an account, applied: what is unknown is imported, what has changed is taken over, what is gone is marked.
//! A list may be long. It is compared beside the writing, and what it changes is written in parts.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::json;

use crate::domain::event::EventKind;
use crate::domain::ids::{TemplateRegistrationId, WorkspaceId};
use crate::domain::template_definition::TemplateDefinition;
use crate::domain::template_state::TemplateStatus;
use crate::domain::time::Ts;
use crate::providers::templates::{Imported, LostFeature, ProviderTemplate, TemplateStanding, Unreadable};
use crate::storage::conn::Conn;
use crate::storage::system::templates::DueAccount;
use crate::storage::template_registrations::{self, RegistrationRecord};
use crate::storage::templates::{self, TemplateRecord};
use crate::storage::types::Json;
use crate::storage::{StorageError, StorageResult};
use crate::templates::News;
use crate::templates::view::SyncCounts;

use super::skeleton::is_same;
use super::{Change, entries, take_standing};

/// Templates written in one transaction: nothing else is written meanwhile where there is one writer.
const PART: usize = 200;

/// What an account showed, and when it was asked.
pub struct Listing {
    pub of: DueAccount,
    pub templates: Vec<ProviderTemplate>,
    /// What is not in it does not stand there.
    pub complete: bool,
    pub asked_at: Ts,
}

/// What a list says that is not known yet. Nothing is locked while it is found out.
pub struct Compared {
    pub of: DueAccount,
    pub asked_at: Ts,
    /// Templates in the list.
    pub found: u32,
    pub unreadable: Vec<Unreadable>,
    /// To be written one after the other; together they are all there is to write.
    pub parts: Vec<Part>,
}

/// As much as one transaction takes.
pub enum Part {
    /// New here or another than before; of several Contents of one name the newest comes last, so that it counts as the
    /// present one.
    Different(Vec<ProviderTemplate>),
    /// No longer in the list.
    Vanished(Vec<TemplateRegistrationId>),
    /// In the list or not: it was looked for.
    Seen(Vec<TemplateRegistrationId>),
}

/// What came of a part.
#[derive(Default)]
pub struct Applied {
    pub counts: SyncCounts,
    pub news: News,
}

/// Name and language.
type Key = (String, String);

/// Finds what there is to write.
///
/// # Errors
/// The database's.
pub fn compare(conn: &mut Conn, listing: Listing) -> StorageResult<Compared> {
    let Listing { of, templates: mut listed, complete, asked_at } = listing;
    listed.sort_by_key(|template| template.created_at);
    let found = u32::try_from(listed.len()).unwrap_or(u32::MAX);
    let kept = template_registrations::of_account(conn, of.workspace, of.provider, &of.account)?;
    let seen: Vec<TemplateRegistrationId> = kept.iter().map(|record| record.id).collect();
    let mut known: HashMap<String, RegistrationRecord> =
        kept.into_iter().filter_map(|record| Some((record.provider_ref.clone()?, record))).collect();
    let (mut different, mut unreadable, mut shown) = (Vec::new(), Vec::new(), HashSet::new());
    for template in listed {
        shown.insert(template.reference.clone());
        if let Err(reason) = &template.imported {
            unreadable.push(reason.clone());
        }
        let is_news = match known.get(&template.reference) {
            Some(record) => renewed(record.clone(), template.clone(), asked_at)?.0 != *record,
            None => template.imported.is_ok() && !template.standing.status.is_gone(),
        };
        if is_news {
            different.push(template);
        }
    }
    known.retain(|reference, record| complete && !shown.contains(reference) && may_vanish(record, asked_at));
    let vanished: Vec<_> = known.into_values().map(|record| record.id).collect();
    let mut parts: Vec<Part> = in_parts(different).map(Part::Different).collect();
    parts.extend(in_parts(vanished).map(Part::Vanished));
    parts.extend(in_parts(seen).map(Part::Seen));
    Ok(Compared { of, asked_at, found, unreadable, parts })
}

fn in_parts<T>(all: Vec<T>) -> impl Iterator<Item = Vec<T>> {
    let mut rest = all.into_iter();
    std::iter::from_fn(move || Some(rest.by_ref().take(PART).collect::<Vec<T>>()).filter(|part| !part.is_empty()))
}

/// What was submitted or heard of by webhook while the provider was asked is newer than its answer.
pub(super) fn is_newer(record: &RegistrationRecord, asked_at: Ts) -> bool {
    record.updated_at >= asked_at || record.submitted_at.is_some_and(|at| at >= asked_at)
}

fn may_vanish(record: &RegistrationRecord, asked_at: Ts) -> bool {
    !is_newer(record, asked_at) && !record.status.is_gone() && record.status != TemplateStatus::Unsubmitted
}

/// Writes a part. Append its news last in the transaction.
///
/// # Errors
/// The database's.
pub fn apply_part(conn: &mut Conn, of: &DueAccount, asked_at: Ts, part: Part, now: Ts) -> StorageResult<Applied> {
    match part {
        Part::Different(templates) => take_over(conn, of, asked_at, templates, now),
        Part::Vanished(ids) => vanish(conn, of, asked_at, &ids, now),
        Part::Seen(ids) => {
            template_registrations::touch(conn, of.workspace, &ids, now)?;
            Ok(Applied::default())
        }
    }
}

fn take_over(
    conn: &mut Conn,
    of: &DueAccount,
    asked_at: Ts,
    listed: Vec<ProviderTemplate>,
    now: Ts,
) -> StorageResult<Applied> {
    let workspace = of.workspace;
    let references: Vec<&str> = listed.iter().map(|template| template.reference.as_str()).collect();
    let kept = template_registrations::lock_references(conn, workspace, of.provider, &of.account, &references)?;
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
    let mut names = Names::read(conn, workspace, by_reference.values().chain(&unnamed))?;
    let (mut counts, mut news, mut fresh) = (SyncCounts::default(), Vec::new(), Vec::new());
    for template in listed {
        let Some(record) = by_reference.get(&template.reference) else {
            if let Ok(imported) = template.imported {
                fresh.push((template.reference, template.standing, imported, template.raw));
            }
            continue;
        };
        if is_newer(record, asked_at) {
            continue;
        }
        let (renewed, changes) = renewed(record.clone(), template, now)?;
        counts.changed += u32::from(!changes.is_empty());
        template_registrations::save(conn, workspace, &renewed)?;
        news.extend(entries(&renewed, names.of(&renewed), Some(of.channel), changes, now));
    }
    counts.imported = u32::try_from(import(conn, &mut names, of, fresh, &unnamed, now)?).unwrap_or(u32::MAX);
    Ok(Applied { counts, news: news.into_iter().map(|event| (workspace, event)).collect() })
}

fn vanish(
    conn: &mut Conn,
    of: &DueAccount,
    asked_at: Ts,
    ids: &[TemplateRegistrationId],
    now: Ts,
) -> StorageResult<Applied> {
    let kept = template_registrations::lock_some(conn, of.workspace, ids)?;
    let names = Names::read(conn, of.workspace, kept.iter())?;
    let (mut counts, mut news) = (SyncCounts::default(), Vec::new());
    for mut record in kept.into_iter().filter(|record| may_vanish(record, asked_at)) {
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
        template_registrations::save(conn, of.workspace, &record)?;
        news.extend(entries(&record, names.of(&record), Some(of.channel), changes, now));
    }
    Ok(Applied { counts, news: news.into_iter().map(|event| (of.workspace, event)).collect() })
}

/// A known registration with what the list says of it.
fn renewed(
    mut record: RegistrationRecord,
    template: ProviderTemplate,
    now: Ts,
) -> StorageResult<(RegistrationRecord, Vec<Change>)> {
    let mut changes = take_standing(&mut record, &template.standing, now);
    if let Ok(imported) = template.imported {
        let stands: TemplateDefinition = record.definition.clone().read()?;
        if !is_same(record.provider, &stands, &imported.definition) {
            let more = json!({ "by": "provider" });
            changes.push(Change { kind: EventKind::TemplateUpdated, more });
            record.definition = Json::of(&imported.definition)?;
            record.lost = Json::of(&imported.lost)?;
        }
        record.slots = Json::of(&imported.slots)?;
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
    fn read<'a>(
        conn: &mut Conn,
        workspace: WorkspaceId,
        known: impl Iterator<Item = &'a RegistrationRecord>,
    ) -> StorageResult<Self> {
        let mut by_registration = HashMap::new();
        for record in known {
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

type Fresh = (String, TemplateStanding, Imported, serde_json::Value);

/// Makes what is unknown here; a submission whose answer was lost is known again by its name. Returns how many came of it.
fn import(
    conn: &mut Conn,
    names: &mut Names,
    of: &DueAccount,
    fresh: Vec<Fresh>,
    unnamed: &[RegistrationRecord],
    now: Ts,
) -> StorageResult<usize> {
    let DueAccount { workspace, provider, account, .. } = of.clone();
    names.load(conn, workspace, fresh.iter().map(|one| one.2.definition.name.clone()).collect())?;
    // In one order everywhere: accounts of one workspace often have the same names, and are compared at the same time.
    let mut missing: BTreeMap<Key, TemplateRecord> = BTreeMap::new();
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
    // Another node may be comparing the same account.
    Ok(adopted.len() + template_registrations::create_missing(conn, workspace, new)?)
}

fn key_of(definition: &TemplateDefinition) -> Key {
    (definition.name.clone(), definition.language.clone())
}

/// Whether values can't be checked, since the provider's template has a part that nobody here knows.
pub fn has_unknown_parts(lost: &[crate::providers::templates::Lost]) -> bool {
    lost.iter().any(|one| one.feature == LostFeature::UnknownPart)
}
