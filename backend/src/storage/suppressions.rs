//! The list of those who want no messages: what was last said by or about each person, and whom it keeps from a batch.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Nullable, Text};
use diesel::upsert::excluded;
use serde_json::json;

use super::conn::{Conn, each};
use super::contacts::Name;
use super::error::StorageResult;
use super::schema::{contacts, suppressions};
use super::set::{self, SetWriter};
use super::types::{DbTime, DbUuid};
use crate::domain::class::MessageClass;
use crate::domain::contact::{Identity, IdentityKind};
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, ContactId, MessageId, SuppressionId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::suppression::{OptChange, Suppression, SuppressionScope, SuppressionSource};
use crate::domain::time::Ts;

/// An entry as stored.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = suppressions, treat_none_as_default_value = false)]
pub struct SuppressionRecord {
    pub workspace_id: WorkspaceId,
    pub contact_id: ContactId,
    pub scope: SuppressionScope,
    /// Another one with each word that stops messages: the place in the list.
    pub id: SuppressionId,
    pub source: SuppressionSource,
    pub detail: Option<String>,
    pub channel_id: Option<ChannelId>,
    pub changed_at: Ts,
    pub lifted_at: Option<Ts>,
    /// When the gateway first heard something of it.
    pub created_at: Ts,
}

impl SuppressionRecord {
    pub fn suppression(&self) -> Suppression {
        Suppression {
            scope: self.scope,
            source: self.source,
            detail: self.detail.clone(),
            channel_id: self.channel_id,
            changed_at: self.changed_at,
            lifted_at: self.lifted_at,
        }
    }

    fn changed_to(self, next: Suppression) -> Self {
        let id = if next.stands() { SuppressionId::new() } else { self.id };
        Self {
            id,
            source: next.source,
            detail: next.detail,
            channel_id: next.channel_id,
            changed_at: next.changed_at,
            lifted_at: next.lifted_at,
            ..self
        }
    }
}

/// What a change has led to.
#[derive(Clone, Debug)]
pub struct OptChanged {
    pub record: SuppressionRecord,
    pub before: Option<Suppression>,
}

impl OptChanged {
    /// What the feed is told of it; `None` when the person is reached as before.
    pub fn event(&self, now: Ts) -> Option<(WorkspaceId, NewEvent)> {
        let stands = self.record.lifted_at.is_none();
        if self.before.as_ref().is_some_and(Suppression::stands) == stands {
            return None;
        }
        let kind = if stands { EventKind::ContactSuppressed } else { EventKind::ContactUnsuppressed };
        let record = &self.record;
        let data = json!({ "contact_id": record.contact_id, "scope": record.scope, "source": record.source,
            "detail": record.detail, "at": record.changed_at });
        Some((record.workspace_id, NewEvent { channel: record.channel_id, data, ..NewEvent::new(kind, now) }))
    }
}

/// Notes what was said, in this order; older words than those known have no effect and are not in the answer. Attempts that are
/// just being made durable for these people are waited for, so that none begins after the commit.
///
/// # Errors
/// The database's.
pub fn apply(
    conn: &mut Conn,
    changes: &[(WorkspaceId, ContactId, OptChange)],
    now: Ts,
) -> StorageResult<Vec<OptChanged>> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let people = lock_people(conn, changes.iter().map(|(_, contact, _)| *contact).collect())?;
    let mut known = of_people(conn, people.values().copied().collect())?;
    let before = known.clone();
    for (workspace_id, contact, change) in changes {
        let contact_id = people.get(contact).copied().unwrap_or(*contact);
        let place = (contact_id, change.scope);
        let last = known.get(&place);
        let Some(next) = change.applied_to(last.map(SuppressionRecord::suppression).as_ref()) else { continue };
        let record = last.cloned().unwrap_or_else(|| new_record(*workspace_id, contact_id, &next, now));
        known.insert(place, record.changed_to(next));
    }
    let changed: Vec<SuppressionRecord> = known
        .into_iter()
        .filter(|(place, record)| before.get(place) != Some(record))
        .map(|(_, record)| record)
        .collect();
    save(conn, &changed)?;
    Ok(changed
        .into_iter()
        .map(|record| {
            let before = before.get(&(record.contact_id, record.scope)).map(SuppressionRecord::suppression);
            OptChanged { record, before }
        })
        .collect())
}

fn new_record(workspace_id: WorkspaceId, contact_id: ContactId, next: &Suppression, now: Ts) -> SuppressionRecord {
    SuppressionRecord {
        workspace_id,
        contact_id,
        scope: next.scope,
        id: SuppressionId::new(),
        source: next.source,
        detail: None,
        channel_id: None,
        changed_at: next.changed_at,
        lifted_at: None,
        created_at: now,
    }
}

/// Locks people with all the ids that have become theirs, until the end of the transaction. Returns the present id of each.
fn lock_people(conn: &mut Conn, wanted: BTreeSet<ContactId>) -> StorageResult<HashMap<ContactId, ContactId>> {
    let mut present: HashMap<ContactId, ContactId> = wanted.iter().map(|id| (*id, *id)).collect();
    loop {
        let ids: BTreeSet<ContactId> = present.values().copied().collect();
        let rows = contacts::table
            .filter(contacts::id.eq_any(ids.iter()).or(contacts::merged_into.eq_any(ids.iter())))
            .order(contacts::id)
            .select((contacts::id, contacts::merged_into));
        let rows: Vec<(ContactId, Option<ContactId>)> = match conn {
            Conn::Postgres(pg) => rows.for_update().load(pg)?,
            Conn::Sqlite(sqlite) => rows.load(sqlite)?,
        };
        let moved: HashMap<ContactId, ContactId> =
            rows.into_iter().filter_map(|(id, into)| Some((id, into?))).filter(|(id, _)| ids.contains(id)).collect();
        if moved.is_empty() {
            return Ok(present);
        }
        for id in present.values_mut() {
            *id = moved.get(id).copied().unwrap_or(*id);
        }
    }
}

type Place = (ContactId, SuppressionScope);

fn of_people(conn: &mut Conn, people: BTreeSet<ContactId>) -> StorageResult<BTreeMap<Place, SuppressionRecord>> {
    let rows: Vec<SuppressionRecord> = suppressions::table
        .filter(suppressions::contact_id.eq_any(people))
        .select(SuppressionRecord::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(|row| ((row.contact_id, row.scope), row)).collect())
}

fn save(conn: &mut Conn, records: &[SuppressionRecord]) -> StorageResult<()> {
    if records.is_empty() {
        return Ok(());
    }
    each!(conn, c => diesel::insert_into(suppressions::table)
        .values(records)
        .on_conflict((suppressions::workspace_id, suppressions::contact_id, suppressions::scope))
        .do_update()
        .set((
            suppressions::id.eq(excluded(suppressions::id)),
            suppressions::source.eq(excluded(suppressions::source)),
            suppressions::detail.eq(excluded(suppressions::detail)),
            suppressions::channel_id.eq(excluded(suppressions::channel_id)),
            suppressions::changed_at.eq(excluded(suppressions::changed_at)),
            suppressions::lifted_at.eq(excluded(suppressions::lifted_at)),
        ))
        .execute(c))?;
    Ok(())
}

/// What was said about `from` goes over to `into`: the later word of the two counts. Both are locked.
pub(super) fn merge(conn: &mut Conn, from: ContactId, into: ContactId) -> StorageResult<()> {
    let known = of_people(conn, BTreeSet::from([from, into]))?;
    let merged: Vec<SuppressionRecord> = SuppressionScope::ALL
        .iter()
        .filter_map(|scope| {
            let record = known.get(&(from, *scope))?;
            let moved = SuppressionRecord { contact_id: into, ..record.clone() };
            let Some(own) = known.get(&(into, *scope)) else { return Some(moved) };
            let later = own.suppression().or_later(moved.suppression());
            (later != own.suppression()).then_some(moved)
        })
        .collect();
    diesel::delete(suppressions::table.filter(suppressions::contact_id.eq(from))).execute(conn)?;
    save(conn, &merged)
}

/// What a list is narrowed to.
#[derive(Clone, Debug, Default)]
pub struct SuppressionFilter {
    pub scope: Option<SuppressionScope>,
    pub source: Option<SuppressionSource>,
    pub contact: Option<ContactId>,
    /// With those that have ended.
    pub include_lifted: bool,
}

/// Entries, newest first: one more than the page holds when there is a next one.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: &SuppressionFilter,
    page: Page,
) -> StorageResult<Vec<SuppressionRecord>> {
    let mut query = suppressions::table
        .filter(suppressions::workspace_id.eq(workspace))
        .order(suppressions::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(SuppressionRecord::as_select())
        .into_boxed();
    if let Some(before) = page.before {
        query = query.filter(suppressions::id.lt(SuppressionId(before)));
    }
    if let Some(scope) = filter.scope {
        query = query.filter(suppressions::scope.eq(scope));
    }
    if let Some(source) = filter.source {
        query = query.filter(suppressions::source.eq(source));
    }
    if let Some(contact) = filter.contact {
        query = query.filter(suppressions::contact_id.eq(contact));
    }
    if !filter.include_lifted {
        query = query.filter(suppressions::lifted_at.is_null());
    }
    Ok(query.load(conn)?)
}

/// What stands for these people.
///
/// # Errors
/// The database's.
pub fn standing(conn: &mut Conn, people: &[ContactId]) -> StorageResult<HashMap<ContactId, Vec<Suppression>>> {
    let mut found: HashMap<ContactId, Vec<Suppression>> = HashMap::new();
    for (place, record) in of_people(conn, people.iter().copied().collect())? {
        if record.lifted_at.is_none() {
            found.entry(place.0).or_default().push(record.suppression());
        }
    }
    Ok(found)
}

/// Whether something was ever said about a person's messages of this scope.
///
/// # Errors
/// The database's.
pub fn find(conn: &mut Conn, contact: ContactId, scope: SuppressionScope) -> StorageResult<Option<SuppressionRecord>> {
    Ok(of_people(conn, BTreeSet::from([contact]))?.remove(&(contact, scope)))
}

#[derive(QueryableByName)]
struct StandingRow {
    #[diesel(sql_type = Text)]
    scope: SuppressionScope,
    #[diesel(sql_type = Text)]
    source: SuppressionSource,
    #[diesel(sql_type = Nullable<Text>)]
    detail: Option<String>,
    #[diesel(sql_type = Nullable<DbUuid>)]
    channel_id: Option<ChannelId>,
    #[diesel(sql_type = DbTime)]
    changed_at: Ts,
}

impl StandingRow {
    fn suppression(self) -> Suppression {
        let Self { scope, source, detail, channel_id, changed_at } = self;
        Suppression { scope, source, detail, channel_id, changed_at, lifted_at: None }
    }
}

#[derive(QueryableByName)]
struct NamedRow {
    #[diesel(sql_type = DbUuid)]
    workspace_id: WorkspaceId,
    #[diesel(sql_type = Text)]
    kind: IdentityKind,
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(embed)]
    standing: StandingRow,
}

/// What stands for the people who are known under these names now.
#[derive(Debug, Default)]
pub struct Suppressed(HashMap<Name, Vec<Suppression>>);

impl Suppressed {
    /// What keeps a message of this class from whoever has this name in one of its forms.
    pub fn of(&self, workspace: WorkspaceId, to: &Identity, class: MessageClass) -> Option<&Suppression> {
        let mut said = to.forms().filter_map(|form| self.0.get(&(workspace, form))).flatten();
        said.find(|one| one.scope.concerns(class))
    }
}

/// Looks the names up in all their forms: one query for a batch.
///
/// # Errors
/// The database's.
pub fn of_names(conn: &mut Conn, names: &BTreeSet<Name>) -> StorageResult<Suppressed> {
    let writer = SetWriter::of(conn);
    let forms = names.iter().flat_map(|(workspace, name)| name.forms().map(move |form| (*workspace, form)));
    let parameter = set::rows(forms.map(|(workspace, form)| {
        set::row([
            ("workspace_id", writer.id(workspace)),
            ("kind", writer.text(Some(form.kind.as_str()))),
            ("value", writer.text(Some(&form.value))),
        ])
    }));
    let sql =
        conn.pick(include_str!("sql/sqlite/suppressed_names.sql"), include_str!("sql/postgres/suppressed_names.sql"));
    let rows: Vec<NamedRow> = sql_query(sql).bind::<Text, _>(parameter).load(conn)?;
    let mut found = Suppressed::default();
    for NamedRow { workspace_id, kind, value, standing } in rows {
        found.0.entry((workspace_id, Identity { kind, value })).or_default().push(standing.suppression());
    }
    Ok(found)
}

#[derive(QueryableByName)]
struct BarredRow {
    #[diesel(sql_type = DbUuid)]
    message_id: MessageId,
    #[diesel(embed)]
    standing: StandingRow,
}

/// Those of these messages that must not reach their person, and why: what the commits of an attempt look for, with its reason.
///
/// # Errors
/// The database's.
pub fn of_messages(conn: &mut Conn, messages: &[MessageId]) -> StorageResult<HashMap<MessageId, Suppression>> {
    let writer = SetWriter::of(conn);
    let parameter = set::rows(messages.iter().map(|id| set::row([("id", writer.id(*id))])));
    let sql = conn
        .pick(include_str!("sql/sqlite/suppressed_messages.sql"), include_str!("sql/postgres/suppressed_messages.sql"));
    let rows: Vec<BarredRow> = sql_query(sql).bind::<Text, _>(parameter).load(conn)?;
    Ok(rows.into_iter().map(|row| (row.message_id, row.standing.suppression())).collect())
}

/// Keeps what is said about the people of these messages from changing until the commit: who says something waits, and is heard
/// before or after as a whole.
///
/// # Errors
/// The database's.
pub(super) fn keep_still(conn: &mut Conn, messages: impl Iterator<Item = MessageId>) -> StorageResult<()> {
    // On SQLite one transaction writes at a time.
    let Conn::Postgres(pg) = conn else { return Ok(()) };
    let parameter = set::rows(messages.map(|id| set::row([("id", json!(id))])));
    sql_query(include_str!("sql/postgres/keep_people_still.sql")).bind::<Text, _>(parameter).execute(pg)?;
    Ok(())
}
