//! The message that another one answers or reacts to.

use diesel::prelude::*;

use super::conn::Conn;
use super::contacts;
use super::error::StorageResult;
use super::schema::messages;
use crate::domain::contact::Identity;
use crate::domain::content::Kind;
use crate::domain::ids::{ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::time::Ts;

/// What has to be known of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quoted {
    pub id: MessageId,
    pub channel: ChannelId,
    /// It stands in the conversation with the person in question.
    pub same_person: bool,
    /// Absent while the provider does not know it.
    pub provider_message_id: Option<String>,
    pub is_reaction: bool,
    pub at: Ts,
}

type Row = (ChannelId, ContactId, Option<String>, String, Ts);

/// A message of the workspace, seen from a conversation with this person; `None` when there is none.
pub fn find(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: MessageId,
    person: &Identity,
) -> StorageResult<Option<Quoted>> {
    let row: Option<Row> = messages::table
        .filter(messages::id.eq(id).and(messages::workspace_id.eq(workspace)))
        .select((
            messages::channel_id,
            messages::contact_id,
            messages::provider_message_id,
            messages::kind,
            messages::created_at,
        ))
        .first(conn)
        .optional()?;
    let Some((channel, contact, provider_message_id, kind, at)) = row else { return Ok(None) };
    let known = contacts::find(conn, workspace, person)?;
    Ok(Some(Quoted {
        id,
        channel,
        same_person: known == Some(contact),
        provider_message_id,
        is_reaction: kind == Kind::Reaction.as_str(),
        at,
    }))
}
