//! Where each template stands at each account.

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::template_registrations;
use super::types::Json;
use crate::domain::ids::{TemplateId, TemplateRegistrationId, WorkspaceId};
use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::TemplateCategory;
use crate::domain::template_state::{TemplateQuality, TemplateStatus};
use crate::domain::time::Ts;

/// Rows in one INSERT: 24 columns each.
const CHUNK: usize = 500;

/// A row of `template_registrations`.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = template_registrations, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct RegistrationRecord {
    pub id: TemplateRegistrationId,
    pub workspace_id: WorkspaceId,
    pub template_id: TemplateId,
    pub provider: ProviderKind,
    /// WABA id, or account SID.
    pub account: String,
    /// Meta's id, or `HX…`; none until the provider has given one.
    pub provider_ref: Option<String>,
    pub status: TemplateStatus,
    /// As it stands at the provider, which is what is paid for.
    pub category: TemplateCategory,
    /// What the provider will make of it.
    pub correct_category: Option<TemplateCategory>,
    pub quality: Option<TemplateQuality>,
    pub rejection_reason: Option<String>,
    pub rejection_detail: Option<String>,
    /// The last refusal of a submission or deletion, in full.
    pub problem: Option<Json>,
    /// What stands at the provider, which may be older than the template's.
    pub definition: Json,
    /// Twilio's variables, and where each belongs.
    pub slots: Json,
    /// What the provider's form has no place for, or the definition has none.
    pub lost: Json,
    /// When it was edited while approved, oldest first.
    pub edits: Json,
    pub submitted_at: Option<Ts>,
    pub status_at: Ts,
    pub synced_at: Option<Ts>,
    /// When the provider is asked again how the review went.
    pub poll_at: Option<Ts>,
    /// As the provider last showed it.
    pub raw: Option<Json>,
    pub created_at: Ts,
    pub updated_at: Ts,
}

/// Stores a registration.
///
/// # Errors
/// [`super::StorageError::Conflict`] when the account's reference is there already.
pub fn create(conn: &mut Conn, workspace: WorkspaceId, new: &RegistrationRecord) -> StorageResult<()> {
    let new = RegistrationRecord { workspace_id: workspace, ..new.clone() };
    each!(conn, c => diesel::insert_into(template_registrations::table).values(&new).execute(c))?;
    Ok(())
}

/// Stores those whose reference the account does not have yet. Returns how many.
///
/// # Errors
/// The database's.
pub fn create_missing(
    conn: &mut Conn,
    workspace: WorkspaceId,
    mut new: Vec<RegistrationRecord>,
) -> StorageResult<usize> {
    for record in &mut new {
        record.workspace_id = workspace;
    }
    let mut created = 0;
    for chunk in new.chunks(CHUNK) {
        created += each!(conn, c => diesel::insert_into(template_registrations::table)
            .values(chunk)
            .on_conflict_do_nothing()
            .execute(c))?;
    }
    Ok(created)
}

/// Writes a registration that was read in this transaction.
pub fn save(conn: &mut Conn, workspace: WorkspaceId, record: &RegistrationRecord) -> StorageResult<()> {
    each!(conn, c => diesel::update(
            template_registrations::table.filter(
                template_registrations::id.eq(record.id).and(template_registrations::workspace_id.eq(workspace))))
        .set(record)
        .execute(c))?;
    Ok(())
}

/// The registrations of some templates, oldest first.
pub fn of_templates(
    conn: &mut Conn,
    workspace: WorkspaceId,
    ids: &[TemplateId],
) -> StorageResult<Vec<RegistrationRecord>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(CHUNK) {
        found.extend(
            template_registrations::table
                .filter(
                    template_registrations::workspace_id
                        .eq(workspace)
                        .and(template_registrations::template_id.eq_any(chunk)),
                )
                .order(template_registrations::id)
                .select(RegistrationRecord::as_select())
                .load(conn)?,
        );
    }
    Ok(found)
}

/// All registrations of an account, oldest first.
pub fn of_account(
    conn: &mut Conn,
    workspace: WorkspaceId,
    provider: ProviderKind,
    account: &str,
) -> StorageResult<Vec<RegistrationRecord>> {
    let mine = template_registrations::workspace_id
        .eq(workspace)
        .and(template_registrations::provider.eq(provider))
        .and(template_registrations::account.eq(account));
    Ok(template_registrations::table
        .filter(mine)
        .order(template_registrations::id)
        .select(RegistrationRecord::as_select())
        .load(conn)?)
}

/// Some registrations, oldest first, for a change: until the end of the transaction nobody else changes them.
pub fn lock_some(
    conn: &mut Conn,
    workspace: WorkspaceId,
    ids: &[TemplateRegistrationId],
) -> StorageResult<Vec<RegistrationRecord>> {
    let wanted = template_registrations::workspace_id.eq(workspace).and(template_registrations::id.eq_any(ids));
    let rows = template_registrations::table.filter(wanted).order(template_registrations::id);
    if let Conn::Postgres(c) = conn {
        // In one order everywhere; SQLite's one writer needs no lock.
        rows.clone().select(template_registrations::id).for_no_key_update().load::<TemplateRegistrationId>(c)?;
    }
    Ok(rows.select(RegistrationRecord::as_select()).load(conn)?)
}

/// The registrations that an account has under these references, and those that wait for one, for a change.
pub fn lock_references(
    conn: &mut Conn,
    workspace: WorkspaceId,
    provider: ProviderKind,
    account: &str,
    references: &[&str],
) -> StorageResult<Vec<RegistrationRecord>> {
    let reference = template_registrations::provider_ref;
    let ids: Vec<TemplateRegistrationId> = template_registrations::table
        .filter(
            template_registrations::workspace_id
                .eq(workspace)
                .and(template_registrations::provider.eq(provider))
                .and(template_registrations::account.eq(account)),
        )
        .filter(reference.is_null().or(reference.eq_any(references)))
        .select(template_registrations::id)
        .load(conn)?;
    lock_some(conn, workspace, &ids)
}

/// The registration with an account's reference, for a change.
pub fn lock_reference(
    conn: &mut Conn,
    workspace: WorkspaceId,
    provider: ProviderKind,
    account: &str,
    reference: &str,
) -> StorageResult<Option<RegistrationRecord>> {
    match by_reference(conn, workspace, provider, account, reference)? {
        Some(found) => lock(conn, workspace, found.id).map(Some),
        None => Ok(None),
    }
}

/// One registration, for a change.
///
/// # Errors
/// [`super::StorageError::NotFound`] in this workspace.
pub fn lock(conn: &mut Conn, workspace: WorkspaceId, id: TemplateRegistrationId) -> StorageResult<RegistrationRecord> {
    let row = template_registrations::table
        .filter(template_registrations::id.eq(id).and(template_registrations::workspace_id.eq(workspace)));
    if let Conn::Postgres(c) = conn {
        row.select(template_registrations::id).for_no_key_update().first::<TemplateRegistrationId>(c).optional()?;
    }
    Ok(row.select(RegistrationRecord::as_select()).first(conn)?)
}

/// The registration that an account's Content has, in whatever state.
pub fn by_reference(
    conn: &mut Conn,
    workspace: WorkspaceId,
    provider: ProviderKind,
    account: &str,
    reference: &str,
) -> StorageResult<Option<RegistrationRecord>> {
    Ok(template_registrations::table
        .filter(
            template_registrations::workspace_id
                .eq(workspace)
                .and(template_registrations::provider.eq(provider))
                .and(template_registrations::account.eq(account))
                .and(template_registrations::provider_ref.eq(reference)),
        )
        .select(RegistrationRecord::as_select())
        .first(conn)
        .optional()?)
}

/// Notes that these were looked for in their account's list at `at`.
pub fn touch(conn: &mut Conn, workspace: WorkspaceId, ids: &[TemplateRegistrationId], at: Ts) -> StorageResult<()> {
    let wanted = template_registrations::workspace_id.eq(workspace).and(template_registrations::id.eq_any(ids));
    diesel::update(template_registrations::table.filter(wanted))
        .set(template_registrations::synced_at.eq(Some(at)))
        .execute(conn)?;
    Ok(())
}

/// Asks again later how a review went, or never.
pub fn set_poll(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: TemplateRegistrationId,
    at: Option<Ts>,
) -> StorageResult<()> {
    diesel::update(
        template_registrations::table
            .filter(template_registrations::id.eq(id).and(template_registrations::workspace_id.eq(workspace))),
    )
    .set(template_registrations::poll_at.eq(at))
    .execute(conn)?;
    Ok(())
}
