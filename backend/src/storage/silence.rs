//! What was sent: for the question whether a channel's webhooks arrive.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StorageResult;
use super::schema::messages;
use crate::domain::content::Kind;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::message::Direction;
use crate::domain::time::Ts;

/// Between which times a message must have been accepted.
#[derive(Clone, Copy, Debug)]
pub struct Range {
    pub after: Ts,
    pub before: Ts,
    /// The end of the range for templates, which the provider may hold for a while.
    pub templates_before: Ts,
}

/// When the newest message of a channel was accepted whose acceptance lies in the range, if there is one.
///
/// # Errors
/// The database's.
pub fn newest_accepted(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    range: &Range,
) -> StorageResult<Option<Ts>> {
    if range.after >= range.before {
        return Ok(None);
    }
    let ripe = messages::kind.ne(Kind::Template.as_str()).or(messages::accepted_at.le(range.templates_before));
    let found: Option<Option<Ts>> = messages::table
        .filter(
            messages::workspace_id
                .eq(workspace)
                .and(messages::channel_id.eq(channel))
                .and(messages::direction.eq(Direction::Outbound))
                .and(messages::accepted_at.gt(range.after))
                .and(messages::accepted_at.le(range.before)),
        )
        .filter(ripe)
        .order(messages::accepted_at.desc())
        .select(messages::accepted_at)
        .first(conn)
        .optional()?;
    Ok(found.flatten())
}
