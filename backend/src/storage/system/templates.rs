//! Accounts whose templates are due to be looked at, and reviews to be asked about, of the whole installation.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

use crate::domain::ids::{ChannelId, TemplateRegistrationId, WorkspaceId};
use crate::domain::provider::ProviderKind;
use crate::domain::time::Ts;
use crate::storage::conn::Conn;
use crate::storage::error::StorageResult;
use crate::storage::schema::{channels, template_registrations, template_syncs};

/// An account of a workspace, with a channel through which it can be asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueAccount {
    pub workspace: WorkspaceId,
    pub provider: ProviderKind,
    pub account: String,
    pub channel: ChannelId,
}

/// Accounts that are due at `now` or were never looked at, at most `limit` channels of them; an account is listed once.
pub fn due_accounts(conn: &mut Conn, now: Ts, limit: u16) -> StorageResult<Vec<DueAccount>> {
    let same_account = template_syncs::workspace_id
        .eq(channels::workspace_id)
        .and(template_syncs::provider.eq(channels::provider))
        .and(sql::<Bool>("template_syncs.account = COALESCE(channels.waba_id, channels.account_sid)"));
    let rows: Vec<(WorkspaceId, ProviderKind, String, ChannelId)> = channels::table
        .left_join(template_syncs::table.on(same_account))
        .filter(channels::deleted_at.is_null())
        .filter(sql::<Bool>("COALESCE(channels.waba_id, channels.account_sid) IS NOT NULL"))
        .filter(template_syncs::due_at.nullable().is_null().or(template_syncs::due_at.nullable().le(now)))
        .order(channels::id)
        .limit(i64::from(limit))
        .select((
            channels::workspace_id,
            channels::provider,
            sql::<Text>("COALESCE(channels.waba_id, channels.account_sid)"),
            channels::id,
        ))
        .load(conn)?;
    let mut due: Vec<DueAccount> = Vec::with_capacity(rows.len());
    for (workspace, provider, account, channel) in rows {
        let known =
            due.iter().any(|one| one.workspace == workspace && one.provider == provider && one.account == account);
        if !known {
            due.push(DueAccount { workspace, provider, account, channel });
        }
    }
    Ok(due)
}

/// A review that is to be asked about.
#[derive(Clone, Debug, Queryable)]
pub struct DuePoll {
    pub id: TemplateRegistrationId,
    pub workspace: WorkspaceId,
    pub provider: ProviderKind,
    pub account: String,
    pub reference: Option<String>,
    pub submitted_at: Option<Ts>,
}

/// Reviews to be asked about at `now`, longest waiting first, at most `limit`.
pub fn due_polls(conn: &mut Conn, now: Ts, limit: u16) -> StorageResult<Vec<DuePoll>> {
    Ok(template_registrations::table
        .filter(template_registrations::poll_at.le(now))
        .order((template_registrations::poll_at, template_registrations::id))
        .limit(i64::from(limit))
        .select((
            template_registrations::id,
            template_registrations::workspace_id,
            template_registrations::provider,
            template_registrations::account,
            template_registrations::provider_ref,
            template_registrations::submitted_at,
        ))
        .load(conn)?)
}

/// Takes a review that is due: until `until` nobody else asks about it. Returns whether this call did.
pub fn claim_poll(conn: &mut Conn, id: TemplateRegistrationId, now: Ts, until: Ts) -> StorageResult<bool> {
    let taken = diesel::update(
        template_registrations::table
            .filter(template_registrations::id.eq(id).and(template_registrations::poll_at.le(now))),
    )
    .set(template_registrations::poll_at.eq(Some(until)))
    .execute(conn)?;
    Ok(taken > 0)
}
