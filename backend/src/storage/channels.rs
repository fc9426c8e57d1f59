//! Channels: one WhatsApp sender each, with its sealed credentials.

use std::collections::HashMap;

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::{StorageError, StorageResult};
use super::schema::{channel_circuits, channels, workspaces};
use super::types::Json;
use crate::domain::circuit::CircuitState;
use crate::domain::failure::Failure;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::provider::ProviderKind;
use crate::domain::state::{ChannelState, HoldReason};
use crate::domain::time::Ts;

/// A row of `channels`.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = channels)]
pub struct ChannelRecord {
    pub id: ChannelId,
    pub workspace_id: WorkspaceId,
    pub provider: ProviderKind,
    pub state: ChannelState,
    pub is_default: bool,
    #[diesel(embed)]
    pub settings: ChannelSettings,
    pub held_failure: Option<Json>,
    pub held_at: Option<Ts>,
    pub check_report: Option<Json>,
    pub checked_at: Option<Ts>,
    pub last_webhook_at: Option<Ts>,
    pub created_at: Ts,
    pub updated_at: Ts,
    pub deleted_at: Option<Ts>,
}

/// What a person sets. Secrets are sealed bytes here; only the vault reads them.
#[derive(Clone, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = channels, treat_none_as_null = true)]
pub struct ChannelSettings {
    pub name: String,
    /// The group whose holder sends for this channel: a portfolio or an account.
    pub limit_group: String,
    pub whatsapp_business_phone_id: Option<String>,
    pub whatsapp_access_token: Option<Vec<u8>>,
    pub whatsapp_app_id: Option<String>,
    pub waba_id: Option<String>,
    pub app_secret: Option<Vec<u8>>,
    pub app_secret_secondary: Option<Vec<u8>>,
    pub verify_token: Option<Vec<u8>>,
    pub graph_version: Option<String>,
    pub account_sid: Option<String>,
    pub auth_token: Option<Vec<u8>>,
    pub auth_token_secondary: Option<Vec<u8>>,
    pub api_key_sid: Option<String>,
    pub api_key_secret: Option<Vec<u8>>,
    pub sender_number: Option<String>,
    pub messaging_service_sid: Option<String>,
    /// The sender's ceiling when it is not the provider's default (an upgraded or shared number).
    pub messages_per_second: Option<i32>,
    /// Column → when its secret was last set.
    pub secrets_set_at: Json,
}

impl ChannelSettings {
    /// Nothing set yet.
    pub fn empty() -> Self {
        Self {
            name: String::new(),
            limit_group: String::new(),
            whatsapp_business_phone_id: None,
            whatsapp_access_token: None,
            whatsapp_app_id: None,
            waba_id: None,
            app_secret: None,
            app_secret_secondary: None,
            verify_token: None,
            graph_version: None,
            account_sid: None,
            auth_token: None,
            auth_token_secondary: None,
            api_key_sid: None,
            api_key_secret: None,
            sender_number: None,
            messaging_service_sid: None,
            messages_per_second: None,
            secrets_set_at: Json(serde_json::json!({})),
        }
    }
}

impl ChannelRecord {
    /// A channel that sends from the moment it is stored.
    pub fn new(workspace: WorkspaceId, provider: ProviderKind, settings: ChannelSettings, now: Ts) -> Self {
        Self {
            id: ChannelId::new(),
            workspace_id: workspace,
            provider,
            state: ChannelState::Active,
            is_default: false,
            settings,
            held_failure: None,
            held_at: None,
            check_report: None,
            checked_at: None,
            last_webhook_at: None,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }
}

/// Stores a channel; the first of its provider becomes the provider's default.
///
/// # Errors
/// [`StorageError::Conflict`] when the sender is already somebody's channel on this installation.
pub fn create(conn: &mut Conn, workspace: WorkspaceId, mut record: ChannelRecord) -> StorageResult<ChannelRecord> {
    record.workspace_id = workspace;
    lock_workspace(conn, workspace)?;
    record.is_default = default_of(conn, workspace, record.provider)?.is_none();
    each!(conn, c => diesel::insert_into(channels::table).values(record.clone()).execute(c))?;
    Ok(record)
}

/// # Errors
/// [`StorageError::NotFound`] in this workspace, or deleted.
pub fn get(conn: &mut Conn, workspace: WorkspaceId, id: ChannelId) -> StorageResult<ChannelRecord> {
    Ok(channels::table
        .filter(channels::id.eq(id).and(channels::workspace_id.eq(workspace)).and(channels::deleted_at.is_null()))
        .select(ChannelRecord::as_select())
        .first(conn)?)
}

/// A page of the workspace's channels, newest first, optionally of one provider; one row more when there is a next page.
pub fn list(
    conn: &mut Conn,
    workspace: WorkspaceId,
    provider: Option<ProviderKind>,
    page: Page,
) -> StorageResult<Vec<ChannelRecord>> {
    let mut query = channels::table
        .filter(channels::workspace_id.eq(workspace).and(channels::deleted_at.is_null()))
        .order(channels::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(ChannelRecord::as_select())
        .into_boxed();
    if let Some(provider) = provider {
        query = query.filter(channels::provider.eq(provider));
    }
    if let Some(before) = page.before {
        query = query.filter(channels::id.lt(ChannelId(before)));
    }
    Ok(query.load(conn)?)
}

/// The providers of all channels that the workspace ever had.
pub fn providers(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<HashMap<ChannelId, ProviderKind>> {
    let rows: Vec<(ChannelId, ProviderKind)> = channels::table
        .filter(channels::workspace_id.eq(workspace))
        .select((channels::id, channels::provider))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// The channel used when a message names none, of this provider.
pub fn default_of(conn: &mut Conn, workspace: WorkspaceId, provider: ProviderKind) -> StorageResult<Option<ChannelId>> {
    Ok(channels::table
        .filter(
            channels::workspace_id
                .eq(workspace)
                .and(channels::provider.eq(provider))
                .and(channels::is_default.eq(true))
                .and(channels::deleted_at.is_null()),
        )
        .select(channels::id)
        .first(conn)
        .optional()?)
}

/// Waits until no message is just being queued for a channel, and lets none be queued until the end of the transaction. For
/// what must not leave a message behind.
///
/// # Errors
/// The database's.
pub fn lock_out(conn: &mut Conn, id: ChannelId) -> StorageResult<()> {
    if let Conn::Postgres(c) = conn {
        // SQLite's one writer needs no lock.
        channels::table.find(id).select(channels::id).for_update().first::<ChannelId>(c).optional()?;
    }
    Ok(())
}

/// Reads a channel for a change: until the end of the transaction nobody else changes it.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace, or deleted.
pub fn lock(conn: &mut Conn, workspace: WorkspaceId, id: ChannelId) -> StorageResult<ChannelRecord> {
    if let Conn::Postgres(c) = conn {
        // SQLite's one writer needs no lock.
        channels::table.find(id).select(channels::id).for_no_key_update().first::<ChannelId>(c).optional()?;
    }
    get(conn, workspace, id)
}

/// Writes the settings of a channel that [`lock`] has read.
///
/// # Errors
/// [`StorageError::Conflict`] when the sender is already somebody's channel on this installation.
pub fn save_settings(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: ChannelId,
    settings: ChannelSettings,
    now: Ts,
) -> StorageResult<()> {
    let changed = each!(conn, c => diesel::update(
            channels::table.filter(channels::id.eq(id).and(channels::workspace_id.eq(workspace))))
        .set((settings.clone(), channels::updated_at.eq(now)))
        .execute(c))?;
    found(changed)
}

/// Makes a channel its provider's default in the workspace, in place of the present one.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace, or deleted.
pub fn make_default(conn: &mut Conn, workspace: WorkspaceId, id: ChannelId, now: Ts) -> StorageResult<()> {
    lock_workspace(conn, workspace)?;
    let provider = get(conn, workspace, id)?.provider;
    diesel::update(
        channels::table.filter(
            channels::workspace_id
                .eq(workspace)
                .and(channels::provider.eq(provider))
                .and(channels::is_default.eq(true))
                .and(channels::id.ne(id)),
        ),
    )
    .set((channels::is_default.eq(false), channels::updated_at.eq(now)))
    .execute(conn)?;
    let changed = diesel::update(channels::table.filter(channels::id.eq(id).and(channels::workspace_id.eq(workspace))))
        .set((channels::is_default.eq(true), channels::updated_at.eq(now)))
        .execute(conn)?;
    found(changed)
}

/// Deletes a channel. Its row stays for the messages that name it, without its secrets; another channel of the provider, the
/// oldest, becomes the default if this one was.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace, or deleted already.
pub fn delete(conn: &mut Conn, workspace: WorkspaceId, id: ChannelId, now: Ts) -> StorageResult<()> {
    lock_workspace(conn, workspace)?;
    let record = get(conn, workspace, id)?;
    diesel::update(channels::table.filter(channels::id.eq(id).and(channels::workspace_id.eq(workspace))))
        .set((
            channels::deleted_at.eq(now),
            channels::updated_at.eq(now),
            channels::is_default.eq(false),
            channels::whatsapp_access_token.eq(None::<Vec<u8>>),
            channels::app_secret.eq(None::<Vec<u8>>),
            channels::app_secret_secondary.eq(None::<Vec<u8>>),
            channels::verify_token.eq(None::<Vec<u8>>),
            channels::auth_token.eq(None::<Vec<u8>>),
            channels::auth_token_secondary.eq(None::<Vec<u8>>),
            channels::api_key_secret.eq(None::<Vec<u8>>),
        ))
        .execute(conn)?;
    if record.is_default {
        let heir: Option<ChannelId> = channels::table
            .filter(
                channels::workspace_id
                    .eq(workspace)
                    .and(channels::provider.eq(record.provider))
                    .and(channels::deleted_at.is_null()),
            )
            .order(channels::id)
            .select(channels::id)
            .first(conn)
            .optional()?;
        if let Some(heir) = heir {
            diesel::update(channels::table.filter(channels::id.eq(heir).and(channels::workspace_id.eq(workspace))))
                .set((channels::is_default.eq(true), channels::updated_at.eq(now)))
                .execute(conn)?;
        }
    }
    Ok(())
}

/// Holds an active channel; its queue waits. `None` for the failure means that a person did it. Returns whether this call
/// changed it.
pub fn hold(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: ChannelId,
    failure: Option<&Failure>,
    now: Ts,
) -> StorageResult<bool> {
    let failure = failure.map(Json::of).transpose()?;
    let changed = diesel::update(
        channels::table.filter(
            channels::id
                .eq(id)
                .and(channels::workspace_id.eq(workspace))
                .and(channels::state.eq(ChannelState::Active))
                .and(channels::deleted_at.is_null()),
        ),
    )
    .set((
        channels::state.eq(ChannelState::Held),
        channels::held_failure.eq(failure),
        channels::held_at.eq(Some(now)),
        channels::updated_at.eq(now),
    ))
    .execute(conn)?;
    Ok(changed > 0)
}

/// Ends a hold. Returns whether this call changed it.
pub fn resume(conn: &mut Conn, workspace: WorkspaceId, id: ChannelId, now: Ts) -> StorageResult<bool> {
    let changed = diesel::update(
        channels::table.filter(
            channels::id
                .eq(id)
                .and(channels::workspace_id.eq(workspace))
                .and(channels::state.eq(ChannelState::Held))
                .and(channels::deleted_at.is_null()),
        ),
    )
    .set((
        channels::state.eq(ChannelState::Active),
        channels::held_failure.eq(None::<Json>),
        channels::held_at.eq(None::<Ts>),
        channels::updated_at.eq(now),
    ))
    .execute(conn)?;
    Ok(changed > 0)
}

/// Keeps the report of a connection check; `at` is when the whole ladder was last climbed.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace, or deleted.
pub fn save_check(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: ChannelId,
    report: Json,
    at: Option<Ts>,
) -> StorageResult<()> {
    let changed = diesel::update(
        channels::table
            .filter(channels::id.eq(id).and(channels::workspace_id.eq(workspace)).and(channels::deleted_at.is_null())),
    )
    .set((channels::check_report.eq(Some(report)), channels::checked_at.eq(at)))
    .execute(conn)?;
    found(changed)
}

/// Makes changes of defaults in one workspace wait for each other. Rows that only refer to the workspace don't wait.
fn lock_workspace(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<()> {
    if let Conn::Postgres(c) = conn {
        workspaces::table.find(workspace).select(workspaces::id).for_no_key_update().first::<WorkspaceId>(c)?;
    }
    Ok(())
}

fn found(changed: usize) -> StorageResult<()> {
    if changed == 0 { Err(StorageError::NotFound) } else { Ok(()) }
}

/// All channels that the workspace has or had.
pub fn ever(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Vec<ChannelId>> {
    Ok(channels::table.filter(channels::workspace_id.eq(workspace)).select(channels::id).load(conn)?)
}

/// Why messages of a workspace's channels wait at the moment, for those that do: the channel is held, or its circuit is open.
pub fn holds(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<HashMap<ChannelId, HoldReason>> {
    let open: Vec<ChannelId> = channel_circuits::table
        .filter(channel_circuits::workspace_id.eq(workspace).and(channel_circuits::state.eq(CircuitState::Open)))
        .select(channel_circuits::channel_id)
        .load(conn)?;
    let held: Vec<ChannelId> = channels::table
        .filter(channels::workspace_id.eq(workspace).and(channels::state.eq(ChannelState::Held)))
        .select(channels::id)
        .load(conn)?;
    let open = open.into_iter().map(|id| (id, HoldReason::CircuitOpen));
    Ok(open.chain(held.into_iter().map(|id| (id, HoldReason::ChannelDown))).collect())
}

/// The channels of a workspace that are there.
pub fn ids(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Vec<ChannelId>> {
    Ok(channels::table
        .filter(channels::workspace_id.eq(workspace).and(channels::deleted_at.is_null()))
        .order(channels::id)
        .select(channels::id)
        .load(conn)?)
}

/// The provider of a channel that is there or was.
pub fn provider_of(conn: &mut Conn, workspace: WorkspaceId, id: ChannelId) -> StorageResult<ProviderKind> {
    Ok(channels::table
        .filter(channels::id.eq(id).and(channels::workspace_id.eq(workspace)))
        .select(channels::provider)
        .first(conn)?)
}
