//! What was sent, and when a sender was last told of: for the question whether a channel's webhooks arrive.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StorageResult;
use super::facts;
use super::schema::{channel_facts, messages};
use crate::domain::content::Kind;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::message::Direction;
use crate::domain::time::Ts;

/// A busy sender is told of all the time; it is noted this often at most.
const PAUSE: Duration = Duration::from_secs(60);

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

/// Notes that webhooks told of these senders at `at`.
///
/// # Errors
/// The database's.
pub fn told_of(conn: &mut Conn, senders: &BTreeSet<(ChannelId, WorkspaceId)>, at: Ts, now: Ts) -> StorageResult<()> {
    if senders.is_empty() {
        return Ok(());
    }
    let ids: Vec<ChannelId> = senders.iter().map(|(channel, _)| *channel).collect();
    let known: HashMap<ChannelId, Option<Ts>> = channel_facts::table
        .filter(channel_facts::channel_id.eq_any(ids))
        .select((channel_facts::channel_id, channel_facts::last_told_of_at))
        .load::<(ChannelId, Option<Ts>)>(conn)?
        .into_iter()
        .collect();
    // In one order everywhere, so that two workers never wait for each other crosswise.
    for (channel, workspace) in senders {
        let last = known.get(channel).copied().flatten();
        if last.is_none_or(|last| at >= last.plus(PAUSE)) {
            facts::change(conn, *workspace, *channel, now, |facts| {
                facts.last_told_of_at = facts.last_told_of_at.max(Some(at));
            })?;
        }
    }
    Ok(())
}
