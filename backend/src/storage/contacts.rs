//! People and the names under which providers know them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use super::conn::{Conn, each};
use super::error::{StorageError, StorageResult};
use super::schema::{contact_identities, contacts};
use super::set::{self, SetWriter};
use super::types::DbUuid;
use crate::domain::contact::{Identity, IdentityKind};
use crate::domain::ids::{ContactId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::time::Ts;

/// Rows in one INSERT.
const CHUNK: usize = 1_000;

/// A person to be found or made: at least one identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey {
    pub workspace: WorkspaceId,
    /// In order of trust; the first one that is known decides.
    pub identities: Vec<Identity>,
}

/// A contact as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = contacts)]
pub struct ContactRecord {
    pub id: ContactId,
    pub workspace_id: WorkspaceId,
    pub name: Option<String>,
    pub created_at: Ts,
    pub updated_at: Ts,
    /// Since when the person wants no marketing, by WhatsApp's own switch.
    pub marketing_stopped_at: Option<Ts>,
}

#[derive(QueryableByName)]
struct KnownIdentity {
    #[diesel(sql_type = DbUuid)]
    workspace_id: WorkspaceId,
    #[diesel(sql_type = Text)]
    kind: IdentityKind,
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = DbUuid)]
    contact_id: ContactId,
}

type Known = HashMap<(WorkspaceId, Identity), ContactId>;

/// Finds or makes the contact of every person; a person known under one identity gets the others as well.
///
/// A name is kept when it is the first one heard.
pub fn resolve(
    conn: &mut Conn,
    people: &[(PersonKey, Option<String>)],
    now: Ts,
) -> StorageResult<HashMap<PersonKey, ContactId>> {
    let wanted: BTreeSet<(WorkspaceId, Identity)> = people
        .iter()
        .flat_map(|(person, _)| person.identities.iter().map(|identity| (person.workspace, identity.clone())))
        .collect();
    let mut known = known(conn, &wanted)?;
    let fresh = make_missing(conn, people, &known, now)?;
    if fresh {
        known = self::known(conn, &wanted)?;
    }
    link_further_identities(conn, people, &known, now)?;
    people
        .iter()
        .map(|(person, _)| match first_known(person, &known) {
            Some(contact) => Ok((person.clone(), contact)),
            None => Err(StorageError::Other("a contact vanished while it was looked up".into())),
        })
        .collect()
}

fn first_known(person: &PersonKey, known: &Known) -> Option<ContactId> {
    person.identities.iter().find_map(|identity| known.get(&(person.workspace, identity.clone())).copied())
}

fn known(conn: &mut Conn, wanted: &BTreeSet<(WorkspaceId, Identity)>) -> StorageResult<Known> {
    let writer = SetWriter::of(conn);
    let parameter = set::rows(wanted.iter().map(|(workspace, identity)| {
        set::row([
            ("workspace_id", writer.id(*workspace)),
            ("kind", writer.text(Some(identity.kind.as_str()))),
            ("value", writer.text(Some(&identity.value))),
        ])
    }));
    let sql =
        conn.pick(include_str!("sql/sqlite/known_identities.sql"), include_str!("sql/postgres/known_identities.sql"));
    let rows: Vec<KnownIdentity> = sql_query(sql).bind::<Text, _>(parameter).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|row| ((row.workspace_id, Identity { kind: row.kind, value: row.value }), row.contact_id))
        .collect())
}

#[derive(Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
struct NewContact {
    id: ContactId,
    workspace_id: WorkspaceId,
    name: Option<String>,
    created_at: Ts,
    updated_at: Ts,
}

#[derive(Insertable)]
#[diesel(table_name = contact_identities, treat_none_as_default_value = false)]
struct NewIdentity {
    workspace_id: WorkspaceId,
    kind: IdentityKind,
    value: String,
    contact_id: ContactId,
    created_at: Ts,
}

/// Makes contacts for people none of whose identities is known. Returns whether there were any.
fn make_missing(
    conn: &mut Conn,
    people: &[(PersonKey, Option<String>)],
    known: &Known,
    now: Ts,
) -> StorageResult<bool> {
    let mut missing: BTreeMap<&PersonKey, Option<&String>> = BTreeMap::new();
    for (person, name) in people.iter().filter(|(person, _)| first_known(person, known).is_none()) {
        missing.entry(person).or_insert(name.as_ref());
    }
    if missing.is_empty() {
        return Ok(false);
    }
    let mut new_contacts = Vec::new();
    let mut identities = Vec::new();
    let mut taken: BTreeSet<(WorkspaceId, &Identity)> = BTreeSet::new();
    for (person, name) in missing {
        // Two people of this batch may share an identity; the second is found under it afterwards.
        if person.identities.iter().any(|identity| taken.contains(&(person.workspace, identity))) {
            continue;
        }
        let contact = NewContact {
            id: ContactId::new(),
            workspace_id: person.workspace,
            name: name.cloned(),
            created_at: now,
            updated_at: now,
        };
        for identity in &person.identities {
            taken.insert((person.workspace, identity));
            identities.push(new_identity(person.workspace, identity, contact.id, now));
        }
        new_contacts.push(contact);
    }
    for chunk in new_contacts.chunks(CHUNK) {
        each!(conn, c => diesel::insert_into(contacts::table).values(chunk).execute(c))?;
    }
    for chunk in identities.chunks(CHUNK) {
        each!(conn, c => diesel::insert_into(contact_identities::table).values(chunk).on_conflict_do_nothing().execute(c))?;
    }
    drop_unnamed(conn, &new_contacts)?;
    Ok(true)
}

/// Another node may have made the same person in between: its identities stand, and our contact, which got none, goes.
fn drop_unnamed(conn: &mut Conn, made: &[NewContact]) -> StorageResult<()> {
    for chunk in made.chunks(CHUNK) {
        let ids: Vec<ContactId> = chunk.iter().map(|contact| contact.id).collect();
        let named: HashSet<ContactId> = contact_identities::table
            .filter(contact_identities::contact_id.eq_any(&ids))
            .select(contact_identities::contact_id)
            .load(conn)?
            .into_iter()
            .collect();
        let unnamed: Vec<ContactId> = ids.into_iter().filter(|id| !named.contains(id)).collect();
        if !unnamed.is_empty() {
            diesel::delete(contacts::table.filter(contacts::id.eq_any(unnamed))).execute(conn)?;
        }
    }
    Ok(())
}

fn new_identity(workspace_id: WorkspaceId, identity: &Identity, contact_id: ContactId, now: Ts) -> NewIdentity {
    NewIdentity { workspace_id, kind: identity.kind, value: identity.value.clone(), contact_id, created_at: now }
}

fn link_further_identities(
    conn: &mut Conn,
    people: &[(PersonKey, Option<String>)],
    known: &Known,
    now: Ts,
) -> StorageResult<()> {
    let mut further = BTreeMap::new();
    for (person, _) in people {
        let Some(contact) = first_known(person, known) else { continue };
        for identity in &person.identities {
            if !known.contains_key(&(person.workspace, identity.clone())) {
                further.entry((person.workspace, identity)).or_insert(contact);
            }
        }
    }
    let rows: Vec<NewIdentity> = further
        .into_iter()
        .map(|((workspace, identity), contact)| new_identity(workspace, identity, contact, now))
        .collect();
    for chunk in rows.chunks(CHUNK) {
        each!(conn, c => diesel::insert_into(contact_identities::table).values(chunk).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// One contact with its identities.
pub fn get(conn: &mut Conn, workspace: WorkspaceId, id: ContactId) -> StorageResult<(ContactRecord, Vec<Identity>)> {
    let contact = contacts::table
        .filter(contacts::id.eq(id).and(contacts::workspace_id.eq(workspace)))
        .select(ContactRecord::as_select())
        .first(conn)?;
    let identities = identities_of(conn, &[id])?.into_iter().map(|(_, identity)| identity).collect();
    Ok((contact, identities))
}

/// Contacts, newest first, with their identities: one more than the page holds when there is a next one.
pub fn list(conn: &mut Conn, workspace: WorkspaceId, page: Page) -> StorageResult<Vec<(ContactRecord, Vec<Identity>)>> {
    let mut query = contacts::table
        .filter(contacts::workspace_id.eq(workspace))
        .order(contacts::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(ContactRecord::as_select())
        .into_boxed();
    if let Some(before) = page.before {
        query = query.filter(contacts::id.lt(ContactId(before)));
    }
    let records: Vec<ContactRecord> = query.load(conn)?;
    let ids: Vec<ContactId> = records.iter().map(|record| record.id).collect();
    let mut by_contact: HashMap<ContactId, Vec<Identity>> = HashMap::new();
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

fn identities_of(conn: &mut Conn, contacts: &[ContactId]) -> StorageResult<Vec<(ContactId, Identity)>> {
    let rows: Vec<(ContactId, IdentityKind, String)> = contact_identities::table
        .filter(contact_identities::contact_id.eq_any(contacts))
        .order((contact_identities::contact_id, contact_identities::kind.desc(), contact_identities::value))
        .select((contact_identities::contact_id, contact_identities::kind, contact_identities::value))
        .load(conn)?;
    Ok(rows.into_iter().map(|(contact, kind, value)| (contact, Identity { kind, value })).collect())
}

/// Notes that a person has stopped marketing, or wants it again, at `at`. An older word than the last one known has no effect.
/// Returns whether this call changed it.
///
/// # Errors
/// The database's.
pub fn set_marketing(
    conn: &mut Conn,
    workspace: WorkspaceId,
    contact: ContactId,
    stopped: bool,
    at: Ts,
) -> StorageResult<bool> {
    let of_contact = contacts::table.filter(contacts::id.eq(contact).and(contacts::workspace_id.eq(workspace)));
    let newer = contacts::marketing_changed_at.is_null().or(contacts::marketing_changed_at.lt(at));
    let before: Option<Ts> = of_contact.select(contacts::marketing_stopped_at).first(conn)?;
    let changed = diesel::update(of_contact.filter(newer))
        .set((contacts::marketing_stopped_at.eq(stopped.then_some(at)), contacts::marketing_changed_at.eq(Some(at))))
        .execute(conn)?;
    Ok(changed > 0 && before.is_some() != stopped)
}
