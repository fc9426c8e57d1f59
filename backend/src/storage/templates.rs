//! Templates: one row for each name and language of a workspace.

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::{StorageError, StorageResult};
use super::schema::{template_registrations, templates};
use super::types::Json;
use crate::domain::ids::{TemplateId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::{TemplateCategory, TemplateDefinition};
use crate::domain::template_state::TemplateStatus;
use crate::domain::time::Ts;

/// Rows in one INSERT.
const CHUNK: usize = 500;

/// A row of `templates`.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = templates, treat_none_as_default_value = false)]
pub struct TemplateRecord {
    pub id: TemplateId,
    pub workspace_id: WorkspaceId,
    pub name: String,
    pub language: String,
    pub category: TemplateCategory,
    pub definition: Json,
    pub created_at: Ts,
    pub updated_at: Ts,
}

impl TemplateRecord {
    /// # Errors
    /// The definition can't be written as JSON; does not happen with the type of `domain`.
    pub fn new(workspace: WorkspaceId, definition: &TemplateDefinition, now: Ts) -> StorageResult<Self> {
        Ok(Self {
            id: TemplateId::new(),
            workspace_id: workspace,
            name: definition.name.clone(),
            language: definition.language.clone(),
            category: definition.category,
            definition: Json::of(definition)?,
            created_at: now,
            updated_at: now,
        })
    }
}

/// Stores a template.
///
/// # Errors
/// [`StorageError::Conflict`] when the name exists in this language.
pub fn create(conn: &mut Conn, workspace: WorkspaceId, mut record: TemplateRecord) -> StorageResult<()> {
    record.workspace_id = workspace;
    each!(conn, c => diesel::insert_into(templates::table).values(&record).execute(c))?;
    Ok(())
}

/// Stores those whose name and language are not there yet.
pub fn create_missing(conn: &mut Conn, workspace: WorkspaceId, mut records: Vec<TemplateRecord>) -> StorageResult<()> {
    for record in &mut records {
        record.workspace_id = workspace;
    }
    for chunk in records.chunks(CHUNK) {
        each!(conn, c => diesel::insert_into(templates::table).values(chunk).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// # Errors
/// [`StorageError::NotFound`] in this workspace.
pub fn get(conn: &mut Conn, workspace: WorkspaceId, id: TemplateId) -> StorageResult<TemplateRecord> {
    Ok(templates::table
        .filter(templates::id.eq(id).and(templates::workspace_id.eq(workspace)))
        .select(TemplateRecord::as_select())
        .first(conn)?)
}

/// Reads a template for a change: until the end of the transaction nobody else changes it.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace.
pub fn lock(conn: &mut Conn, workspace: WorkspaceId, id: TemplateId) -> StorageResult<TemplateRecord> {
    if let Conn::Postgres(c) = conn {
        // SQLite's one writer needs no lock.
        templates::table.find(id).select(templates::id).for_no_key_update().first::<TemplateId>(c).optional()?;
    }
    get(conn, workspace, id)
}

/// All languages of these names.
pub fn named(conn: &mut Conn, workspace: WorkspaceId, names: &[String]) -> StorageResult<Vec<TemplateRecord>> {
    let mut found = Vec::new();
    for chunk in names.chunks(CHUNK) {
        found.extend(
            templates::table
                .filter(templates::workspace_id.eq(workspace).and(templates::name.eq_any(chunk)))
                .order((templates::name, templates::language))
                .select(TemplateRecord::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}

/// What a list of templates is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct TemplateFilter {
    pub name: Option<String>,
    pub language: Option<String>,
    pub category: Option<TemplateCategory>,
    /// Of at least one registration.
    pub status: Option<TemplateStatus>,
    /// Registered there, in whatever state.
    pub provider: Option<ProviderKind>,
}

/// Templates, newest first: one more than the page holds when there is a next one.
pub fn list(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: &TemplateFilter,
    page: Page,
) -> StorageResult<Vec<TemplateRecord>> {
    let mut query = templates::table
        .filter(templates::workspace_id.eq(workspace))
        .order(templates::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(TemplateRecord::as_select())
        .into_boxed();
    if let Some(before) = page.before {
        query = query.filter(templates::id.lt(TemplateId(before)));
    }
    if let Some(name) = &filter.name {
        query = query.filter(templates::name.eq(name));
    }
    if let Some(language) = &filter.language {
        query = query.filter(templates::language.eq(language));
    }
    if let Some(category) = filter.category {
        query = query.filter(templates::category.eq(category));
    }
    if filter.status.is_some() || filter.provider.is_some() {
        let statuses = filter.status.map_or_else(|| TemplateStatus::ALL.to_vec(), |status| vec![status]);
        let providers = filter.provider.map_or_else(|| ProviderKind::ALL.to_vec(), |provider| vec![provider]);
        let registered = template_registrations::table
            .filter(template_registrations::workspace_id.eq(workspace))
            .filter(template_registrations::status.eq_any(statuses))
            .filter(template_registrations::provider.eq_any(providers))
            .select(template_registrations::template_id);
        query = query.filter(templates::id.eq_any(registered));
    }
    Ok(query.load(conn)?)
}

/// Writes a changed definition; name and language never change.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace.
pub fn save_definition(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: TemplateId,
    definition: &TemplateDefinition,
    now: Ts,
) -> StorageResult<()> {
    let changed =
        diesel::update(templates::table.filter(templates::id.eq(id).and(templates::workspace_id.eq(workspace))))
            .set((
                templates::category.eq(definition.category),
                templates::definition.eq(Json::of(definition)?),
                templates::updated_at.eq(now),
            ))
            .execute(conn)?;
    found(changed)
}

/// Deletes a template with its registrations.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace.
pub fn delete(conn: &mut Conn, workspace: WorkspaceId, id: TemplateId) -> StorageResult<()> {
    let gone = diesel::delete(templates::table.filter(templates::id.eq(id).and(templates::workspace_id.eq(workspace))))
        .execute(conn)?;
    found(gone)
}

fn found(changed: usize) -> StorageResult<()> {
    if changed == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}
