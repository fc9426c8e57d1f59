//! Two contacts that are one person become one: the older keeps its id and gets the names, the messages, the conversations and the opt-outs
//! of the younger, whose row stays as a signpost for those who know its id.

use diesel::prelude::*;
use diesel::sql_query;
use serde_json::json;

use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ContactId, WorkspaceId};
use crate::domain::time::Ts;
use crate::storage::conn::Conn;
use crate::storage::error::StorageResult;
use crate::storage::schema::{contact_identities, contacts, conversations, messages};
use crate::storage::suppressions;
use crate::storage::types::DbUuid;

/// A contact that has become part of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Merged {
    pub workspace: WorkspaceId,
    pub from: ContactId,
    pub into: ContactId,
}

impl Merged {
    /// What the feed is told of it.
    pub fn event(&self, at: Ts) -> (WorkspaceId, NewEvent) {
        let data = json!({ "contact_id": self.into, "merged_contact_id": self.from });
        (self.workspace, NewEvent { data, ..NewEvent::new(EventKind::ContactMerged, at) })
    }
}

/// Makes `from` part of `into`. `None` when there is nothing to do, because another transaction was faster.
pub(super) fn merge(
    conn: &mut Conn,
    workspace: WorkspaceId,
    from: ContactId,
    into: ContactId,
    now: Ts,
) -> StorageResult<Option<Merged>> {
    if !both_there(conn, workspace, from, into)? {
        return Ok(None);
    }
    diesel::update(contact_identities::table.filter(contact_identities::contact_id.eq(from)))
        .set(contact_identities::contact_id.eq(into))
        .execute(conn)?;
    diesel::update(messages::table.filter(messages::contact_id.eq(from)))
        .set(messages::contact_id.eq(into))
        .execute(conn)?;
    let sql = conn.pick(
        include_str!("../sql/sqlite/merge_conversations.sql"),
        include_str!("../sql/postgres/merge_conversations.sql"),
    );
    sql_query(sql).bind::<DbUuid, _>(into).bind::<DbUuid, _>(from).execute(conn)?;
    diesel::delete(conversations::table.filter(conversations::contact_id.eq(from))).execute(conn)?;
    suppressions::merge(conn, from, into)?;
    take_names(conn, from, into, now)?;
    // Those that became part of it before follow, so that one step always leads to the person.
    diesel::update(contacts::table.filter(contacts::merged_into.eq(from).or(contacts::id.eq(from))))
        .set((contacts::merged_into.eq(into), contacts::updated_at.eq(now)))
        .execute(conn)?;
    Ok(Some(Merged { workspace, from, into }))
}

/// Locks both until the end of the transaction, which lets messages that are just being queued for them finish first.
fn both_there(conn: &mut Conn, workspace: WorkspaceId, from: ContactId, into: ContactId) -> StorageResult<bool> {
    let rows = contacts::table
        .filter(contacts::id.eq_any([from, into]).and(contacts::workspace_id.eq(workspace)))
        .filter(contacts::merged_into.is_null())
        .order(contacts::id);
    let locked: Vec<ContactId> = match conn {
        Conn::Postgres(pg) => rows.select(contacts::id).for_update().load(pg)?,
        Conn::Sqlite(sqlite) => rows.select(contacts::id).load(sqlite)?,
    };
    Ok(locked.len() == 2)
}

/// What the older does not know of itself.
fn take_names(conn: &mut Conn, from: ContactId, into: ContactId, now: Ts) -> StorageResult<()> {
    type Known = (Option<String>, Option<String>, Option<String>);
    let known = |conn: &mut Conn, id: ContactId| -> StorageResult<Known> {
        let columns = (contacts::name, contacts::username, contacts::time_zone);
        Ok(contacts::table.find(id).select(columns).first(conn)?)
    };
    let (name, username, time_zone) = known(conn, into)?;
    let (other_name, other_username, other_time_zone) = known(conn, from)?;
    diesel::update(contacts::table.find(into))
        .set((
            contacts::name.eq(name.or(other_name)),
            contacts::username.eq(username.or(other_username)),
            contacts::time_zone.eq(time_zone.or(other_time_zone)),
            contacts::updated_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}
