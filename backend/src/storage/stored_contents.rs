//! Contents that the gateway has stored at Twilio: one for each shape of message, and what is to be deleted there again.
//!
//! A SID means something only in the account that owns it. The workspace stands beside the account, so that a sandbox that
//! borrows an account's name never hands its SIDs to the real account.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::{content_removals, stored_contents};
use crate::domain::ids::{MessageId, WorkspaceId};
use crate::domain::time::Ts;

/// What is known of the Contents that a batch needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// By the hash of their shape.
    pub shapes: BTreeMap<String, KnownShape>,
    /// SIDs of one-off Contents, by the message that each was made for.
    pub one_offs: BTreeMap<MessageId, String>,
}

/// A stored Content that messages of one shape share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownShape {
    pub content_sid: String,
    pub last_used_at: Ts,
}

/// What is known of these shapes and of these messages' one-offs.
pub fn find(
    conn: &mut Conn,
    workspace: WorkspaceId,
    account_sid: &str,
    shapes: &BTreeSet<String>,
    messages: &BTreeSet<MessageId>,
) -> StorageResult<Known> {
    let mut known = Known::default();
    if !shapes.is_empty() {
        let rows: Vec<(String, String, Ts)> = stored_contents::table
            .filter(stored_contents::workspace_id.eq(workspace).and(stored_contents::account_sid.eq(account_sid)))
            .filter(stored_contents::shape_hash.eq_any(shapes))
            .select((stored_contents::shape_hash, stored_contents::content_sid, stored_contents::last_used_at))
            .load(conn)?;
        known.shapes = rows
            .into_iter()
            .map(|(shape, content_sid, last_used_at)| (shape, KnownShape { content_sid, last_used_at }))
            .collect();
    }
    if !messages.is_empty() {
        let rows: Vec<(Option<MessageId>, String)> = content_removals::table
            .filter(content_removals::workspace_id.eq(workspace).and(content_removals::account_sid.eq(account_sid)))
            .filter(content_removals::message_id.eq_any(messages))
            .select((content_removals::message_id, content_removals::content_sid))
            .load(conn)?;
        known.one_offs = rows.into_iter().filter_map(|(message, sid)| Some((message?, sid))).collect();
    }
    Ok(known)
}

/// What a batch has made and used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Used {
    /// Contents made for shapes: hash and SID.
    pub made: BTreeMap<String, String>,
    /// Contents made for one message each.
    pub one_offs: BTreeMap<MessageId, String>,
    /// Shapes that were there and whose last use is to be noted.
    pub touched: BTreeSet<String>,
    /// Messages that use their one-off again, so that it must stay longer.
    pub kept: BTreeSet<MessageId>,
}

impl Used {
    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.made.is_empty() && self.one_offs.is_empty() && self.touched.is_empty() && self.kept.is_empty()
    }
}

#[derive(Insertable)]
#[diesel(table_name = stored_contents, treat_none_as_default_value = false)]
struct NewStored<'a> {
    workspace_id: WorkspaceId,
    account_sid: &'a str,
    shape_hash: &'a str,
    content_sid: &'a str,
    created_at: Ts,
    last_used_at: Ts,
}

#[derive(Insertable)]
#[diesel(table_name = content_removals, treat_none_as_default_value = false)]
struct NewRemoval<'a> {
    workspace_id: WorkspaceId,
    account_sid: &'a str,
    content_sid: &'a str,
    message_id: Option<MessageId>,
    due_at: Ts,
    tries: i32,
}

/// Notes what a batch has made and used at `now`. Returns the SID that stands for each shape made: where another batch was
/// faster it is the other's, and the Content made here is due for deletion at once. One-offs are due at `until`.
pub fn keep(
    conn: &mut Conn,
    workspace: WorkspaceId,
    account_sid: &str,
    used: &Used,
    until: Ts,
    now: Ts,
) -> StorageResult<BTreeMap<String, String>> {
    touch(conn, workspace, account_sid, used, until, now)?;
    let won = insert_shapes(conn, workspace, account_sid, &used.made, now)?;
    let lost: BTreeSet<String> = used.made.keys().filter(|shape| !won.contains(*shape)).cloned().collect();
    let winners = find(conn, workspace, account_sid, &lost, &BTreeSet::new())?.shapes;
    let removal = |content_sid, message_id, due_at| NewRemoval {
        workspace_id: workspace,
        account_sid,
        content_sid,
        message_id,
        due_at,
        tries: 0,
    };
    let mut standing = BTreeMap::new();
    let mut removals: Vec<NewRemoval> =
        used.one_offs.iter().map(|(message, sid)| removal(sid.as_str(), Some(*message), until)).collect();
    for (shape, made) in &used.made {
        match winners.get(shape).filter(|_| lost.contains(shape)) {
            Some(winner) => {
                removals.push(removal(made, None, now));
                standing.insert(shape.clone(), winner.content_sid.clone());
            }
            None => {
                // Neither kept nor beaten: the winner was forgotten in between. It serves this batch only.
                if lost.contains(shape) {
                    removals.push(removal(made, None, until));
                }
                standing.insert(shape.clone(), made.clone());
            }
        }
    }
    if !removals.is_empty() {
        each!(conn, c => diesel::insert_into(content_removals::table).values(&removals).on_conflict_do_nothing().execute(c))?;
    }
    Ok(standing)
}

fn touch(
    conn: &mut Conn,
    workspace: WorkspaceId,
    account_sid: &str,
    used: &Used,
    until: Ts,
    now: Ts,
) -> StorageResult<()> {
    if !used.touched.is_empty() {
        diesel::update(stored_contents::table)
            .filter(stored_contents::workspace_id.eq(workspace).and(stored_contents::account_sid.eq(account_sid)))
            .filter(stored_contents::shape_hash.eq_any(&used.touched))
            .set(stored_contents::last_used_at.eq(now))
            .execute(conn)?;
    }
    if !used.kept.is_empty() {
        diesel::update(content_removals::table)
            .filter(content_removals::workspace_id.eq(workspace).and(content_removals::account_sid.eq(account_sid)))
            .filter(content_removals::message_id.eq_any(&used.kept))
            .set(content_removals::due_at.eq(until))
            .execute(conn)?;
    }
    Ok(())
}

/// Keeps the Contents of shapes that have none. Returns the shapes for which it is kept. In one order everywhere, so that two
/// batches never wait for each other crosswise.
fn insert_shapes(
    conn: &mut Conn,
    workspace: WorkspaceId,
    account_sid: &str,
    made: &BTreeMap<String, String>,
    now: Ts,
) -> StorageResult<BTreeSet<String>> {
    if made.is_empty() {
        return Ok(BTreeSet::new());
    }
    let rows: Vec<NewStored> = made
        .iter()
        .map(|(shape, sid)| NewStored {
            workspace_id: workspace,
            account_sid,
            shape_hash: shape,
            content_sid: sid,
            created_at: now,
            last_used_at: now,
        })
        .collect();
    let won: Vec<String> = each!(conn, c => diesel::insert_into(stored_contents::table)
        .values(&rows)
        .on_conflict_do_nothing()
        .returning(stored_contents::shape_hash)
        .load(c))?;
    Ok(won.into_iter().collect())
}

/// Forgets a Content that Twilio no longer has: the next message makes another. Should it be there all the same, it is due for
/// deletion at `due_at`.
pub fn forget(
    conn: &mut Conn,
    workspace: WorkspaceId,
    account_sid: &str,
    content_sid: &str,
    due_at: Ts,
) -> StorageResult<()> {
    let forgotten = diesel::delete(stored_contents::table)
        .filter(stored_contents::workspace_id.eq(workspace).and(stored_contents::account_sid.eq(account_sid)))
        .filter(stored_contents::content_sid.eq(content_sid))
        .execute(conn)?;
    if forgotten > 0 {
        let removal =
            NewRemoval { workspace_id: workspace, account_sid, content_sid, message_id: None, due_at, tries: 0 };
        each!(conn, c => diesel::insert_into(content_removals::table).values(&removal).on_conflict_do_nothing().execute(c))?;
    }
    diesel::update(content_removals::table.find((workspace, account_sid, content_sid)))
        .set(content_removals::message_id.eq(None::<MessageId>))
        .execute(conn)?;
    Ok(())
}
