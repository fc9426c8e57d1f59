//! Media of incoming messages on their way to whoever fetches and keeps them.

use super::conn::Conn;
use super::error::StorageResult;
use crate::domain::content::media::MediaKind;
use crate::domain::ids::{ChannelId, MediaId, MessageId, WorkspaceId};
use crate::domain::inbound::InboundMediaRef;
use crate::domain::time::Ts;

/// A medium that a person sent, under the id that the message's content names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInboundMedia {
    pub id: MediaId,
    pub workspace: WorkspaceId,
    /// Whose credentials the provider asks for when the bytes are fetched.
    pub channel: ChannelId,
    pub message: MessageId,
    pub kind: MediaKind,
    /// Where the bytes are. `None` when the provider does not say: the medium can't be fetched.
    pub reference: Option<InboundMediaRef>,
    /// As the message names it.
    pub mime_type: String,
    pub filename: Option<String>,
    pub at: Ts,
}

/// Notes media in the transaction that stores their messages.
///
/// JOIN: the table of media takes them in here (`media::intake(conn, media)`).
pub fn note_media(_conn: &mut Conn, media: &[NewInboundMedia]) -> StorageResult<()> {
    for medium in media {
        tracing::debug!(medium = %medium.id, message = %medium.message, kind = %medium.kind, "a person sent a medium");
    }
    Ok(())
}
