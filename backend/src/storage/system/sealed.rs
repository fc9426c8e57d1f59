//! Everything that is sealed with the master key, for its exchange.

use diesel::prelude::*;

use crate::domain::ids::{ChannelId, WebhookEndpointId, WorkspaceId};
use crate::storage::StorageResult;
use crate::storage::channels::{ChannelRecord, ChannelSettings};
use crate::storage::conn::Conn;
use crate::storage::schema::{alert_endpoints, channels, webhook_endpoints};
use crate::storage::webhook_endpoints::WebhookEndpointRecord;

/// All channels of the installation, deleted ones included.
///
/// # Errors
/// The database's.
pub fn channels(conn: &mut Conn) -> StorageResult<Vec<ChannelRecord>> {
    Ok(channels::table.order(channels::id).select(ChannelRecord::as_select()).load(conn)?)
}

/// Puts the same settings, sealed anew, in the place of the old ones.
///
/// # Errors
/// The database's.
pub fn set_channel_settings(conn: &mut Conn, id: ChannelId, settings: &ChannelSettings) -> StorageResult<()> {
    diesel::update(channels::table.find(id)).set(settings).execute(conn)?;
    Ok(())
}

/// The sealed secrets of alert endpoints, by workspace.
///
/// # Errors
/// The database's.
pub fn alert_endpoints(conn: &mut Conn) -> StorageResult<Vec<(WorkspaceId, Vec<u8>)>> {
    let columns = (alert_endpoints::workspace_id, alert_endpoints::secret);
    Ok(alert_endpoints::table.order(alert_endpoints::workspace_id).select(columns).load(conn)?)
}

/// Puts the same secret, sealed anew, in the place of the old one.
///
/// # Errors
/// The database's.
pub fn set_alert_endpoint_secret(conn: &mut Conn, workspace: WorkspaceId, secret: &[u8]) -> StorageResult<()> {
    diesel::update(alert_endpoints::table.find(workspace)).set(alert_endpoints::secret.eq(secret)).execute(conn)?;
    Ok(())
}

/// All webhook endpoints of the installation that are not deleted: those that are have no secrets.
///
/// # Errors
/// The database's.
pub fn webhook_endpoints(conn: &mut Conn) -> StorageResult<Vec<WebhookEndpointRecord>> {
    Ok(webhook_endpoints::table
        .filter(webhook_endpoints::deleted_at.is_null())
        .order(webhook_endpoints::id)
        .select(WebhookEndpointRecord::as_select())
        .load(conn)?)
}

/// Puts the same secrets, sealed anew, in the place of the old ones.
///
/// # Errors
/// The database's.
pub fn set_webhook_secrets(
    conn: &mut Conn,
    id: WebhookEndpointId,
    secret: &[u8],
    previous: Option<&[u8]>,
) -> StorageResult<()> {
    diesel::update(webhook_endpoints::table.find(id))
        .set((webhook_endpoints::secret.eq(secret), webhook_endpoints::previous_secret.eq(previous)))
        .execute(conn)?;
    Ok(())
}
