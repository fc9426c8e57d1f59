//! Everything that is sealed with the master key, for its exchange.

use diesel::prelude::*;

use crate::domain::ids::ChannelId;
use crate::storage::StorageResult;
use crate::storage::channels::{ChannelRecord, ChannelSettings};
use crate::storage::conn::Conn;
use crate::storage::schema::channels;

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
