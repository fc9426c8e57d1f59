//! From the names under which people are met to the contacts that they are.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Nullable, Text};

use super::Name;
use super::merge::{self, Merged};
use crate::domain::contact::{Identity, IdentityKind};
use crate::domain::ids::{ContactId, WorkspaceId};
use crate::domain::time::Ts;
use crate::storage::conn::{Conn, each};
use crate::storage::error::{StorageError, StorageResult};
use crate::storage::schema::{contact_identities, contacts};
use crate::storage::set::{self, SetWriter};
use crate::storage::types::{DbTime, DbUuid};

/// Rows in one INSERT.
const CHUNK: usize = 1_000;

/// Somebody we hear from or write to, under at least one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    pub workspace: WorkspaceId,
    /// All names of one person.
    pub identities: Vec<Identity>,
    /// Names that the person gives up with this: they were theirs, unless somebody else has taken them since.
    pub former: Vec<Identity>,
    /// The contact that it is about, where that is known already.
    pub contact: Option<ContactId>,
    /// When the names were seen in use; `None` when they were only written to.
    pub at: Option<Ts>,
}

impl Sighting {
    /// Somebody to write to.
    pub fn addressed(workspace: WorkspaceId, to: Identity) -> Self {
        Self { workspace, identities: vec![to], former: Vec::new(), contact: None, at: None }
    }
}

/// Who they are.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// In the order of the sightings.
    pub contacts: Vec<ContactId>,
    /// Contacts that were found to be one person.
    pub merged: Vec<Merged>,
}

/// A row about a name.
#[derive(Clone, Copy, Debug)]
struct Holder {
    contact: ContactId,
    valid_from: Option<Ts>,
    retired_at: Option<Ts>,
}

impl Holder {
    /// Whoever uses the name at this time is somebody else.
    fn gave_up_before(self, at: Option<Ts>) -> bool {
        self.retired_at.is_some_and(|end| at.is_some_and(|at| at > end))
    }

    fn took_over_after(self, at: Option<Ts>) -> bool {
        self.valid_from.is_some_and(|from| at.is_some_and(|at| from > at))
    }
}

/// What a name stands for in one sighting.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Node {
    Contact(WorkspaceId, ContactId),
    Name(WorkspaceId, Identity),
    /// A name that its holder gave up before: whoever uses it now is somebody else.
    Taken(WorkspaceId, Identity),
}

/// Finds or makes the contact of everybody seen. Names that are met together are one person's: what they lead to is made one
/// contact, the oldest, and it gets all of the names.
pub fn resolve(conn: &mut Conn, sightings: &[Sighting], now: Ts) -> StorageResult<Resolved> {
    let wanted: BTreeSet<Name> = sightings
        .iter()
        .flat_map(|seen| seen.identities.iter().chain(&seen.former).map(|identity| (seen.workspace, identity.clone())))
        .flat_map(|name| in_all_forms(&name))
        .collect();
    let known = known(conn, &wanted)?;
    let mut people = People::default();
    let nodes: Vec<Option<Node>> = sightings.iter().map(|seen| people.join(seen, &known)).collect();
    let plan = people.plan(now);
    let merged = plan.carry_out(conn, &known, now)?;
    let after = if plan.made.is_empty() { None } else { Some(self::known(conn, &wanted)?) };
    let contacts = nodes
        .into_iter()
        .zip(sightings)
        .map(|(node, seen)| {
            let planned = node.and_then(|node| plan.contact_of.get(&people.root(&node)).copied());
            // Another node may have made the same person in between: then its contact has the names.
            let stored =
                after.as_ref().filter(|_| planned.is_some_and(|id| plan.made.contains_key(&id))).and_then(|after| {
                    seen.identities.iter().find_map(|identity| after.get(&(seen.workspace, identity.clone())))
                });
            stored.map(|holder| holder.contact).or(planned)
        })
        .map(|contact| contact.ok_or_else(|| StorageError::Other("a contact was not resolved".into())))
        .collect::<StorageResult<Vec<_>>>()?;
    Ok(Resolved { contacts, merged })
}

#[derive(QueryableByName)]
struct KnownRow {
    #[diesel(sql_type = DbUuid)]
    workspace_id: WorkspaceId,
    #[diesel(sql_type = Text)]
    kind: IdentityKind,
    #[diesel(sql_type = Text)]
    value: String,
    #[diesel(sql_type = DbUuid)]
    contact_id: ContactId,
    #[diesel(sql_type = Nullable<DbTime>)]
    valid_from: Option<Ts>,
    #[diesel(sql_type = Nullable<DbTime>)]
    retired_at: Option<Ts>,
}

fn known(conn: &mut Conn, wanted: &BTreeSet<Name>) -> StorageResult<HashMap<Name, Holder>> {
    let writer = SetWriter::of(conn);
    let parameter = set::rows(wanted.iter().map(|(workspace, identity)| {
        set::row([
            ("workspace_id", writer.id(*workspace)),
            ("kind", writer.text(Some(identity.kind.as_str()))),
            ("value", writer.text(Some(&identity.value))),
        ])
    }));
    let sql = conn
        .pick(include_str!("../sql/sqlite/known_identities.sql"), include_str!("../sql/postgres/known_identities.sql"));
    let rows: Vec<KnownRow> = sql_query(sql).bind::<Text, _>(parameter).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let holder = Holder { contact: row.contact_id, valid_from: row.valid_from, retired_at: row.retired_at };
            ((row.workspace_id, Identity { kind: row.kind, value: row.value }), holder)
        })
        .collect())
}

/// Those of these names that nobody has any more, in whatever form, and whose they were.
pub(super) fn holders_of_retired(conn: &mut Conn, names: &BTreeSet<Name>) -> StorageResult<HashMap<Name, ContactId>> {
    let known = known(conn, &names.iter().flat_map(in_all_forms).collect())?;
    let given_up = |name: &Name| {
        let holders: Vec<&Holder> = in_all_forms(name).filter_map(|form| known.get(&form)).collect();
        let is_gone = holders.iter().all(|holder| holder.retired_at.is_some());
        holders.first().filter(|_| is_gone).map(|holder| (name.clone(), holder.contact))
    };
    Ok(names.iter().filter_map(given_up).collect())
}

fn in_all_forms((workspace, identity): &Name) -> impl Iterator<Item = Name> + use<> {
    let workspace = *workspace;
    identity.forms().map(move |form| (workspace, form))
}

/// Everything that was met, in groups of what belongs to one person.
#[derive(Default)]
struct People {
    /// Each leads towards the first of its group.
    parents: BTreeMap<Node, Node>,
    /// Names that a sighting gives to its group.
    named: BTreeMap<Node, Option<Ts>>,
}

impl People {
    /// Joins all that one sighting holds together. Returns one node of it; `None` when it names nobody.
    fn join(&mut self, seen: &Sighting, known: &HashMap<Name, Holder>) -> Option<Node> {
        let mut nodes: Vec<Node> = seen.contact.map(|id| Node::Contact(seen.workspace, id)).into_iter().collect();
        for identity in &seen.former {
            let holder = known.get(&(seen.workspace, identity.clone()));
            if !holder.is_some_and(|holder| holder.took_over_after(seen.at)) {
                self.name(seen, identity, known, &mut nodes);
            }
        }
        for identity in &seen.identities {
            self.name(seen, identity, known, &mut nodes);
        }
        let first = nodes.first()?.clone();
        for node in &nodes {
            self.unite(&first, node);
        }
        Some(first)
    }

    fn name(&mut self, seen: &Sighting, identity: &Identity, known: &HashMap<Name, Holder>, nodes: &mut Vec<Node>) {
        let workspace = seen.workspace;
        let holder = known.get(&(workspace, identity.clone()));
        let other = identity.other_form();
        let of_other = other.as_ref().and_then(|other| known.get(&(workspace, other.clone())));
        let of_other = of_other.filter(|holder| holder.retired_at.is_none());
        // Somebody else may have taken it over in its other form.
        let is_another = holder.is_some_and(|holder| {
            holder.retired_at.is_some() && of_other.is_some_and(|other| other.contact != holder.contact)
        });
        if is_another || holder.is_some_and(|holder| holder.gave_up_before(seen.at)) {
            let taken = Node::Taken(workspace, identity.clone());
            self.named.insert(taken.clone(), seen.at);
            nodes.extend(of_other.filter(|_| is_another).map(|other| Node::Contact(workspace, other.contact)));
            return nodes.push(taken);
        }
        nodes.extend(holder.map(|holder| Node::Contact(workspace, holder.contact)));
        if let Some(other) = other {
            nodes.extend(of_other.map(|holder| Node::Contact(workspace, holder.contact)));
            nodes.push(Node::Name(workspace, other));
        }
        let own = Node::Name(workspace, identity.clone());
        self.named.insert(own.clone(), seen.at);
        nodes.push(own);
    }

    fn root(&self, node: &Node) -> Node {
        let mut node = node;
        while let Some(parent) = self.parents.get(node) {
            if parent == node {
                break;
            }
            node = parent;
        }
        node.clone()
    }

    fn unite(&mut self, a: &Node, b: &Node) {
        let (a, b) = (self.root(a), self.root(b));
        self.parents.entry(a.clone()).or_insert_with(|| a.clone());
        // Contacts sort first and by age: the root of a group with contacts is its oldest.
        let (first, second) = if a <= b { (a, b) } else { (b, a) };
        self.parents.insert(second, first.clone());
        self.parents.entry(first.clone()).or_insert(first);
    }

    fn plan(&self, now: Ts) -> Plan {
        let mut plan = Plan::default();
        for node in self.parents.keys() {
            let root = self.root(node);
            match &root {
                Node::Contact(workspace, into) => {
                    plan.contact_of.insert(root.clone(), *into);
                    if let Node::Contact(_, from) = node
                        && from != into
                    {
                        plan.merges.push((*workspace, *from, *into));
                    }
                }
                Node::Name(workspace, _) | Node::Taken(workspace, _) => {
                    let id = *plan.contact_of.entry(root.clone()).or_default();
                    plan.made.insert(id, *workspace);
                }
            }
        }
        for (node, at) in &self.named {
            let Some(contact) = plan.contact_of.get(&self.root(node)).copied() else { continue };
            match node {
                Node::Name(workspace, identity) => plan.names.push((*workspace, identity.clone(), contact)),
                Node::Taken(workspace, identity) => {
                    plan.takes.push((*workspace, identity.clone(), contact, at.unwrap_or(now)));
                }
                Node::Contact(..) => {}
            }
        }
        plan
    }
}

/// What is to be written so that the groups hold.
#[derive(Default)]
struct Plan {
    contact_of: HashMap<Node, ContactId>,
    made: BTreeMap<ContactId, WorkspaceId>,
    /// The first becomes part of the second.
    merges: Vec<(WorkspaceId, ContactId, ContactId)>,
    names: Vec<(WorkspaceId, Identity, ContactId)>,
    takes: Vec<(WorkspaceId, Identity, ContactId, Ts)>,
}

#[derive(Insertable)]
#[diesel(table_name = contacts, treat_none_as_default_value = false)]
struct NewContact {
    id: ContactId,
    workspace_id: WorkspaceId,
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

impl Plan {
    fn carry_out(&self, conn: &mut Conn, known: &HashMap<Name, Holder>, now: Ts) -> StorageResult<Vec<Merged>> {
        let made: Vec<NewContact> = self
            .made
            .iter()
            .map(|(id, workspace)| NewContact { id: *id, workspace_id: *workspace, created_at: now, updated_at: now })
            .collect();
        for chunk in made.chunks(CHUNK) {
            each!(conn, c => diesel::insert_into(contacts::table).values(chunk).execute(c))?;
        }
        let identities: Vec<NewIdentity> = self
            .names
            .iter()
            .filter(|(workspace, identity, _)| !known.contains_key(&(*workspace, identity.clone())))
            .map(|(workspace, identity, contact)| NewIdentity {
                workspace_id: *workspace,
                kind: identity.kind,
                value: identity.value.clone(),
                contact_id: *contact,
                created_at: now,
            })
            .collect();
        for chunk in identities.chunks(CHUNK) {
            each!(conn, c => diesel::insert_into(contact_identities::table).values(chunk).on_conflict_do_nothing().execute(c))?;
        }
        // Each of these happens once in the life of a number, so that they need no set.
        for (workspace, identity, contact, at) in &self.takes {
            take_over(conn, *workspace, identity, *contact, *at)?;
        }
        drop_unnamed(conn, &made)?;
        let mut merged = Vec::new();
        for (workspace, from, into) in &self.merges {
            merged.extend(merge::merge(conn, *workspace, *from, *into, now)?);
        }
        Ok(merged)
    }
}

/// A name goes over to the contact that uses it now.
fn take_over(
    conn: &mut Conn,
    workspace: WorkspaceId,
    identity: &Identity,
    contact: ContactId,
    at: Ts,
) -> StorageResult<()> {
    let row = contact_identities::table.find((workspace, identity.kind, &identity.value));
    diesel::update(row.filter(contact_identities::retired_at.is_not_null()))
        .set((
            contact_identities::contact_id.eq(contact),
            contact_identities::valid_from.eq(at),
            contact_identities::retired_at.eq(None::<Ts>),
        ))
        .execute(conn)?;
    Ok(())
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
