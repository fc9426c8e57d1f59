//! Contents to be deleted at Twilio, of all workspaces: for the worker that deletes them.

use diesel::prelude::*;

use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::time::Ts;
use crate::storage::conn::{Conn, each};
use crate::storage::error::StorageResult;
use crate::storage::schema::{channels, content_removals, stored_contents};

/// Rows moved in one transaction.
const BATCH: i64 = 500;

/// A Content that has served its time.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = content_removals)]
pub struct Removal {
    pub workspace_id: WorkspaceId,
    pub account_sid: String,
    pub content_sid: String,
    /// Deletions that failed.
    pub tries: i32,
}

/// What is due at `now`, the longest due first, at most `limit`, each with a channel that speaks for its account; `None` when
/// the workspace has none any more.
pub fn due(conn: &mut Conn, now: Ts, limit: u16) -> StorageResult<Vec<(Removal, Option<ChannelId>)>> {
    let due: Vec<Removal> = content_removals::table
        .filter(content_removals::due_at.le(now))
        .order(content_removals::due_at)
        .limit(i64::from(limit))
        .select(Removal::as_select())
        .load(conn)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let workspaces: Vec<WorkspaceId> = due.iter().map(|removal| removal.workspace_id).collect();
    let accounts: Vec<&str> = due.iter().map(|removal| removal.account_sid.as_str()).collect();
    let senders: Vec<(WorkspaceId, Option<String>, ChannelId)> = channels::table
        .filter(channels::workspace_id.eq_any(workspaces).and(channels::account_sid.eq_any(accounts)))
        .filter(channels::deleted_at.is_null())
        .order(channels::id)
        .select((channels::workspace_id, channels::account_sid, channels::id))
        .load(conn)?;
    Ok(due
        .into_iter()
        .map(|removal| {
            let speaks = senders.iter().find(|(workspace, account, _)| {
                *workspace == removal.workspace_id && account.as_deref() == Some(removal.account_sid.as_str())
            });
            (removal, speaks.map(|(_, _, channel)| *channel))
        })
        .collect())
}

/// Forgets what was deleted.
pub fn done(conn: &mut Conn, removals: &[Removal]) -> StorageResult<()> {
    for removal in removals {
        let key = (removal.workspace_id, &removal.account_sid, &removal.content_sid);
        diesel::delete(content_removals::table.find(key)).execute(conn)?;
    }
    Ok(())
}

/// Puts off what could not be deleted, each until its own time, and counts the try.
pub fn put_off(conn: &mut Conn, removals: &[(Removal, Ts)]) -> StorageResult<()> {
    for (removal, due_at) in removals {
        let key = (removal.workspace_id, &removal.account_sid, &removal.content_sid);
        diesel::update(content_removals::table.find(key))
            .set((content_removals::due_at.eq(*due_at), content_removals::tries.eq(removal.tries + 1)))
            .execute(conn)?;
    }
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = content_removals, treat_none_as_default_value = false)]
struct Retired {
    workspace_id: WorkspaceId,
    account_sid: String,
    content_sid: String,
    due_at: Ts,
    tries: i32,
}

/// Retires shapes that no message has used since `before`: their Contents are due for deletion at `due_at`, when what is still
/// on its way with them has gone out. One batch. Returns how many.
pub fn retire(conn: &mut Conn, before: Ts, due_at: Ts) -> StorageResult<usize> {
    let old: Vec<(WorkspaceId, String, String)> = stored_contents::table
        .filter(stored_contents::last_used_at.lt(before))
        .select((stored_contents::workspace_id, stored_contents::account_sid, stored_contents::content_sid))
        .limit(BATCH)
        .load(conn)?;
    if old.is_empty() {
        return Ok(0);
    }
    let sids: Vec<&str> = old.iter().map(|(_, _, sid)| sid.as_str()).collect();
    // Used meanwhile, or retired by another node: left alone. Only what is deleted here is due for removal.
    let gone: Vec<(WorkspaceId, String, String)> = each!(conn, c => diesel::delete(stored_contents::table)
        .filter(stored_contents::content_sid.eq_any(&sids).and(stored_contents::last_used_at.lt(before)))
        .returning((stored_contents::workspace_id, stored_contents::account_sid, stored_contents::content_sid))
        .load(c))?;
    let retired: Vec<Retired> = gone
        .into_iter()
        .map(|(workspace_id, account_sid, content_sid)| Retired {
            workspace_id,
            account_sid,
            content_sid,
            due_at,
            tries: 0,
        })
        .collect();
    each!(conn, c => diesel::insert_into(content_removals::table).values(&retired).on_conflict_do_nothing().execute(c))?;
    Ok(retired.len())
}
