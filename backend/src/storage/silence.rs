//! What was sent and what came back, for the question whether a channel's webhooks arrive.

use diesel::prelude::*;
use uuid::Uuid;

use super::conn::Conn;
use super::error::StorageResult;
use super::schema::{contact_identities, messages};
use crate::domain::contact::Recipient;
use crate::domain::ids::{ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::message::Direction;
use crate::domain::time::Ts;

/// When the newest message of a channel was accepted whose acceptance lies in the range, if there is one.
///
/// # Errors
/// The database's.
pub fn accepted_between(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    after: Ts,
    before: Ts,
) -> StorageResult<Option<Ts>> {
    if after >= before {
        return Ok(None);
    }
    let found: Option<Option<Ts>> = messages::table
        .filter(
            messages::workspace_id
                .eq(workspace)
                .and(messages::channel_id.eq(channel))
                .and(messages::direction.eq(Direction::Outbound))
                // Ids grow with time: older messages are not even looked at.
                .and(messages::id.ge(MessageId(first_id(after))))
                .and(messages::accepted_at.gt(after))
                .and(messages::accepted_at.le(before)),
        )
        .order(messages::id.desc())
        .select(messages::accepted_at)
        .first(conn)
        .optional()?;
    Ok(found.flatten())
}

/// When a person last wrote to a channel.
///
/// # Errors
/// The database's.
pub fn last_inbound(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    person: &Recipient,
) -> StorageResult<Option<Ts>> {
    let identity = person.identity();
    let contact: Option<ContactId> = contact_identities::table
        .find((workspace, identity.kind, identity.value))
        .select(contact_identities::contact_id)
        .first(conn)
        .optional()?;
    let Some(contact) = contact else { return Ok(None) };
    Ok(messages::table
        .filter(
            messages::contact_id
                .eq(contact)
                .and(messages::channel_id.eq(channel))
                .and(messages::direction.eq(Direction::Inbound)),
        )
        .order(messages::id.desc())
        .select(messages::created_at)
        .first(conn)
        .optional()?)
}

/// The least UUIDv7 of a moment.
fn first_id(at: Ts) -> Uuid {
    let millis = u128::try_from(at.micros() / 1_000).unwrap_or(0);
    Uuid::from_u128(millis << 80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_made_later_are_greater() {
        let now = Ts::from(chrono::Utc::now());
        let id = Uuid::now_v7();
        assert!(first_id(now.minus(std::time::Duration::from_secs(1))) < id);
        assert!(first_id(now.plus(std::time::Duration::from_secs(60))) > id);
    }
}
