//! When each account's templates were last compared with what stands at the provider, and what came of it.

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::{channels, template_syncs};
use super::types::Json;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::provider::ProviderKind;
use crate::domain::time::Ts;

/// A row of `template_syncs`.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = template_syncs, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct SyncRecord {
    pub workspace_id: WorkspaceId,
    pub provider: ProviderKind,
    pub account: String,
    pub due_at: Ts,
    pub attempted_at: Option<Ts>,
    pub succeeded_at: Option<Ts>,
    /// In a row.
    pub failures: i32,
    /// Of the last success.
    pub counts: Json,
    /// Templates of the last success that are no definitions, with the reason.
    pub unreadable: Json,
    /// Of the last attempt.
    pub error: Option<Json>,
}

impl SyncRecord {
    /// An account that was never looked at.
    pub fn fresh(workspace: WorkspaceId, provider: ProviderKind, account: &str, due_at: Ts) -> Self {
        Self {
            workspace_id: workspace,
            provider,
            account: account.to_owned(),
            due_at,
            attempted_at: None,
            succeeded_at: None,
            failures: 0,
            counts: Json(serde_json::json!({})),
            unreadable: Json(serde_json::json!([])),
            error: None,
        }
    }
}

/// All accounts of a workspace that were ever looked at.
pub fn list(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Vec<SyncRecord>> {
    Ok(template_syncs::table
        .filter(template_syncs::workspace_id.eq(workspace))
        .order((template_syncs::provider, template_syncs::account))
        .select(SyncRecord::as_select())
        .load(conn)?)
}

/// What is known of an account.
pub fn get(
    conn: &mut Conn,
    workspace: WorkspaceId,
    provider: ProviderKind,
    account: &str,
) -> StorageResult<Option<SyncRecord>> {
    Ok(template_syncs::table
        .find((workspace, provider, account))
        .select(SyncRecord::as_select())
        .first(conn)
        .optional()?)
}

/// Keeps how an attempt ended.
pub fn save(conn: &mut Conn, workspace: WorkspaceId, mut record: SyncRecord) -> StorageResult<()> {
    record.workspace_id = workspace;
    each!(conn, c => diesel::insert_into(template_syncs::table)
        .values(&record)
        .on_conflict((template_syncs::workspace_id, template_syncs::provider, template_syncs::account))
        .do_update()
        .set(&record)
        .execute(c))?;
    Ok(())
}

/// Takes an account that is due, or that was never looked at: until `until` nobody else takes it. Returns whether this call did.
pub fn claim(
    conn: &mut Conn,
    workspace: WorkspaceId,
    provider: ProviderKind,
    account: &str,
    now: Ts,
    until: Ts,
) -> StorageResult<bool> {
    let taken = diesel::update(
        template_syncs::table.find((workspace, provider, account)).filter(template_syncs::due_at.le(now)),
    )
    .set(template_syncs::due_at.eq(until))
    .execute(conn)?;
    if taken > 0 {
        return Ok(true);
    }
    let fresh = SyncRecord::fresh(workspace, provider, account, until);
    let made = each!(conn, c => diesel::insert_into(template_syncs::table)
        .values(&fresh)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(made > 0)
}

/// Makes an account due at once. One that was never looked at is due anyway.
pub fn make_due(
    conn: &mut Conn,
    workspace: WorkspaceId,
    provider: ProviderKind,
    account: &str,
    now: Ts,
) -> StorageResult<()> {
    diesel::update(template_syncs::table.find((workspace, provider, account)).filter(template_syncs::due_at.gt(now)))
        .set(template_syncs::due_at.eq(now))
        .execute(conn)?;
    Ok(())
}

/// The channels of an account, oldest first.
pub fn channels_of(
    conn: &mut Conn,
    workspace: WorkspaceId,
    provider: ProviderKind,
    account: &str,
) -> StorageResult<Vec<ChannelId>> {
    let query = channels::table
        .filter(
            channels::workspace_id
                .eq(workspace)
                .and(channels::provider.eq(provider))
                .and(channels::deleted_at.is_null()),
        )
        .order(channels::id)
        .select(channels::id)
        .into_boxed();
    let query = match provider {
        ProviderKind::Direct => query.filter(channels::waba_id.eq(account)),
        ProviderKind::Twilio => query.filter(channels::account_sid.eq(account)),
    };
    Ok(query.load(conn)?)
}

/// Every channel of a workspace with its account, oldest first.
pub fn accounts(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Vec<(ProviderKind, String, ChannelId)>> {
    let rows: Vec<(ProviderKind, Option<String>, Option<String>, ChannelId)> = channels::table
        .filter(channels::workspace_id.eq(workspace).and(channels::deleted_at.is_null()))
        .order(channels::id)
        .select((channels::provider, channels::waba_id, channels::account_sid, channels::id))
        .load(conn)?;
    let mut found = Vec::with_capacity(rows.len());
    for (provider, waba, sid, channel) in rows {
        let account = match provider {
            ProviderKind::Direct => waba,
            ProviderKind::Twilio => sid,
        };
        found.extend(account.map(|account| (provider, account, channel)));
    }
    Ok(found)
}
