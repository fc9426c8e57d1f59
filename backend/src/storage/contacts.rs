//! People and the names under which providers know them.

pub mod merge;
pub mod names;
pub mod resolve;

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use super::conn::Conn;
use super::error::{StorageError, StorageResult};
use super::schema::{contact_identities, contacts};
use crate::domain::contact::{Identity, IdentityKind};
use crate::domain::ids::{ContactId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::time::Ts;

/// A name in a workspace.
pub type Name = (WorkspaceId, Identity);

/// A contact as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = contacts)]
pub struct ContactRecord {
    pub id: ContactId,
    pub workspace_id: WorkspaceId,
    pub name: Option<String>,
    pub username: Option<String>,
    pub created_at: Ts,
    pub updated_at: Ts,
    /// A name of the IANA database; `None` when nobody has set it.
    pub time_zone: Option<String>,
}

/// One name of a contact, and whether it still is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownIdentity {
    pub identity: Identity,
    /// Since when it belongs to somebody else or to nobody: nothing is sent there any more.
    pub retired_at: Option<Ts>,
}

/// One contact with its identities. The id of a contact that has become part of another gives that one.
pub fn get(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: ContactId,
) -> StorageResult<(ContactRecord, Vec<KnownIdentity>)> {
    let id = surviving(conn, workspace, id)?;
    let contact = contacts::table
        .filter(contacts::id.eq(id).and(contacts::workspace_id.eq(workspace)))
        .select(ContactRecord::as_select())
        .first(conn)?;
    let identities = identities_of(conn, &[id])?.into_iter().map(|(_, identity)| identity).collect();
    Ok((contact, identities))
}

/// The contact that this one has become part of, or itself.
fn surviving(conn: &mut Conn, workspace: WorkspaceId, id: ContactId) -> StorageResult<ContactId> {
    let merged: Option<ContactId> = contacts::table
        .filter(contacts::id.eq(id).and(contacts::workspace_id.eq(workspace)))
        .select(contacts::merged_into)
        .first(conn)?;
    Ok(merged.unwrap_or(id))
}

/// All ids under which messages of one person may stand: the contact's own, and those that have become part of it. A message
/// that was queued at the moment of the union still has the former. Empty when there is no such contact.
pub fn ids_of_person(conn: &mut Conn, workspace: WorkspaceId, id: ContactId) -> StorageResult<Vec<ContactId>> {
    let Some(id) = surviving(conn, workspace, id).map(Some).or_else(absent)? else { return Ok(Vec::new()) };
    let mut ids: Vec<ContactId> =
        contacts::table.filter(contacts::merged_into.eq(id)).select(contacts::id).load(conn)?;
    ids.push(id);
    Ok(ids)
}

fn absent<T>(error: StorageError) -> StorageResult<Option<T>> {
    match error {
        StorageError::NotFound => Ok(None),
        error => Err(error),
    }
}

/// The contact known under this name now, in either of its forms.
pub fn find(conn: &mut Conn, workspace: WorkspaceId, identity: &Identity) -> StorageResult<Option<ContactId>> {
    let other = identity.other_form();
    let values: Vec<&str> =
        std::iter::once(&identity.value).chain(other.iter().map(|other| &other.value)).map(String::as_str).collect();
    let found: Vec<(String, ContactId)> = contact_identities::table
        .filter(contact_identities::workspace_id.eq(workspace))
        .filter(contact_identities::kind.eq(identity.kind).and(contact_identities::value.eq_any(values)))
        .select((contact_identities::value, contact_identities::contact_id))
        .load(conn)?;
    let exact = found.iter().find(|(value, _)| *value == identity.value);
    Ok(exact.or(found.first()).map(|(_, contact)| *contact))
}

/// Those of these names that people have given up, each with what they are known under now: a number if there is one.
pub fn retired(conn: &mut Conn, names: &BTreeSet<Name>) -> StorageResult<HashMap<Name, Option<String>>> {
    let given_up = resolve::holders_of_retired(conn, names)?;
    let mut people: Vec<ContactId> = given_up.values().copied().collect();
    people.sort_unstable();
    people.dedup();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut current: HashMap<ContactId, String> = HashMap::new();
    for (contact, known) in identities_of(conn, &people)? {
        if known.retired_at.is_none() {
            current.entry(contact).or_insert(known.identity.value);
        }
    }
    Ok(given_up.into_iter().map(|(name, contact)| (name, current.get(&contact).cloned())).collect())
}

/// Contacts, newest first, with their identities: one more than the page holds when there is a next one.
pub fn list(
    conn: &mut Conn,
    workspace: WorkspaceId,
    page: Page,
) -> StorageResult<Vec<(ContactRecord, Vec<KnownIdentity>)>> {
    let mut query = contacts::table
        .filter(contacts::workspace_id.eq(workspace).and(contacts::merged_into.is_null()))
        .order(contacts::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(ContactRecord::as_select())
        .into_boxed();
    if let Some(before) = page.before {
        query = query.filter(contacts::id.lt(ContactId(before)));
    }
    let records: Vec<ContactRecord> = query.load(conn)?;
    with_identities(conn, records)
}

/// These contacts with their identities, in no order.
pub fn some(
    conn: &mut Conn,
    workspace: WorkspaceId,
    ids: &[ContactId],
) -> StorageResult<Vec<(ContactRecord, Vec<KnownIdentity>)>> {
    let records: Vec<ContactRecord> = contacts::table
        .filter(contacts::workspace_id.eq(workspace).and(contacts::id.eq_any(ids)))
        .select(ContactRecord::as_select())
        .load(conn)?;
    with_identities(conn, records)
}

fn with_identities(
    conn: &mut Conn,
    records: Vec<ContactRecord>,
) -> StorageResult<Vec<(ContactRecord, Vec<KnownIdentity>)>> {
    let ids: Vec<ContactId> = records.iter().map(|record| record.id).collect();
    let mut by_contact: HashMap<ContactId, Vec<KnownIdentity>> = HashMap::new();
    for (contact, identity) in identities_of(conn, &ids)? {
        by_contact.entry(contact).or_default().push(identity);
    }
    Ok(records
        .into_iter()
        .map(|record| {
            let identities = by_contact.remove(&record.id).unwrap_or_default();
            (record, identities)
        })
        .collect())
}

/// Numbers first, then user ids.
fn identities_of(conn: &mut Conn, contacts: &[ContactId]) -> StorageResult<Vec<(ContactId, KnownIdentity)>> {
    let rows: Vec<(ContactId, IdentityKind, String, Option<Ts>)> = contact_identities::table
        .filter(contact_identities::contact_id.eq_any(contacts))
        .order((contact_identities::contact_id, contact_identities::kind.desc(), contact_identities::value))
        .select((
            contact_identities::contact_id,
            contact_identities::kind,
            contact_identities::value,
            contact_identities::retired_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(contact, kind, value, retired_at)| {
            (contact, KnownIdentity { identity: Identity { kind, value }, retired_at })
        })
        .collect())
}

/// What is set by hand; what stays as it is, is `None`.
#[derive(Clone, Debug, Default, AsChangeset)]
#[diesel(table_name = contacts)]
pub struct ContactChange {
    pub name: Option<Option<String>>,
    pub time_zone: Option<Option<String>>,
}

/// Changes a contact, or the one that it has become part of, and gives its id.
///
/// # Errors
/// [`StorageError::NotFound`].
pub fn update(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: ContactId,
    change: ContactChange,
    now: Ts,
) -> StorageResult<ContactId> {
    let id = surviving(conn, workspace, id)?;
    let row = contacts::table.filter(contacts::id.eq(id).and(contacts::workspace_id.eq(workspace)));
    diesel::update(row).set((change, contacts::updated_at.eq(now))).execute(conn)?;
    Ok(id)
}

/// What tells in which time a person lives.
#[derive(Clone, Debug, Default)]
pub struct ZoneHints {
    /// As it was set.
    pub set: Option<String>,
    /// The numbers that are theirs now.
    pub numbers: Vec<String>,
}

/// Of these contacts, or those that they have become part of, by the ids given.
///
/// # Errors
/// The database's.
pub fn zone_hints(conn: &mut Conn, ids: &[ContactId]) -> StorageResult<HashMap<ContactId, ZoneHints>> {
    let moved: Vec<(ContactId, Option<ContactId>)> =
        contacts::table.filter(contacts::id.eq_any(ids)).select((contacts::id, contacts::merged_into)).load(conn)?;
    let present: Vec<ContactId> = moved.iter().map(|(id, into)| into.unwrap_or(*id)).collect();
    let set: Vec<(ContactId, Option<String>)> =
        contacts::table.filter(contacts::id.eq_any(&present)).select((contacts::id, contacts::time_zone)).load(conn)?;
    let mut hints: HashMap<ContactId, ZoneHints> =
        set.into_iter().map(|(id, set)| (id, ZoneHints { set, numbers: Vec::new() })).collect();
    for (contact, known) in identities_of(conn, &present)? {
        if known.identity.kind == IdentityKind::Phone && known.retired_at.is_none() {
            hints.entry(contact).or_default().numbers.push(known.identity.value);
        }
    }
    Ok(moved.into_iter().filter_map(|(id, into)| Some((id, hints.get(&into.unwrap_or(id))?.clone()))).collect())
}
