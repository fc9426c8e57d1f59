//! Under which ids the channels' provider knows media of ours.

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::{media, media_uploads, messages};
use super::types::Json;
use crate::domain::content::Content;
use crate::domain::ids::{ChannelId, MediaId, MessageId, WorkspaceId};
use crate::domain::time::Ts;

/// The ids of these media at a channel's provider that are good until a time at least.
///
/// # Errors
/// The database's.
pub fn known(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    ids: &[MediaId],
    good_until: Ts,
) -> StorageResult<Vec<(MediaId, String)>> {
    Ok(media_uploads::table
        .inner_join(media::table)
        .filter(
            media_uploads::media_id
                .eq_any(ids)
                .and(media_uploads::channel_id.eq(channel))
                .and(media_uploads::expires_at.gt(good_until))
                .and(media::workspace_id.eq(workspace)),
        )
        .select((media_uploads::media_id, media_uploads::provider_media_id))
        .load(conn)?)
}

/// Forgets the ids of these media at a channel's provider.
///
/// # Errors
/// The database's.
fn forget(conn: &mut Conn, workspace: WorkspaceId, channel: ChannelId, ids: &[MediaId]) -> StorageResult<()> {
    let own = media::table.filter(media::workspace_id.eq(workspace)).select(media::id);
    diesel::delete(
        media_uploads::table.filter(
            media_uploads::media_id
                .eq_any(ids)
                .and(media_uploads::channel_id.eq(channel))
                .and(media_uploads::media_id.eq_any(own)),
        ),
    )
    .execute(conn)?;
    Ok(())
}

/// Forgets the ids of the media that these messages name, at the provider of the channel that each was sent on.
///
/// # Errors
/// The database's.
pub fn forget_of_messages(conn: &mut Conn, sent: &[(MessageId, ChannelId)]) -> StorageResult<()> {
    let ids: Vec<MessageId> = sent.iter().map(|(message, _)| *message).collect();
    let contents: Vec<(MessageId, WorkspaceId, Json)> = messages::table
        .filter(messages::id.eq_any(ids))
        .select((messages::id, messages::workspace_id, messages::content))
        .load(conn)?;
    for (message, workspace, content) in contents {
        let named: Vec<MediaId> =
            content.read::<Content>()?.media_uses().into_iter().map(|used| used.media_id).collect();
        if named.is_empty() {
            continue;
        }
        for (_, channel) in sent.iter().filter(|(of, _)| *of == message) {
            forget(conn, workspace, *channel, &named)?;
        }
    }
    Ok(())
}

/// Forgets everything that was brought to the provider of a channel, whose sender is another one from now on.
///
/// # Errors
/// The database's.
pub fn forget_channel(conn: &mut Conn, workspace: WorkspaceId, channel: ChannelId) -> StorageResult<()> {
    let own = media::table.filter(media::workspace_id.eq(workspace)).select(media::id);
    diesel::delete(
        media_uploads::table.filter(media_uploads::channel_id.eq(channel).and(media_uploads::media_id.eq_any(own))),
    )
    .execute(conn)?;
    Ok(())
}

/// A medium brought to a channel's provider.
#[derive(Clone, Debug)]
pub struct Upload {
    pub media: MediaId,
    pub channel: ChannelId,
    pub provider_media_id: String,
    pub uploaded_at: Ts,
    pub expires_at: Ts,
}

/// Keeps the id of an upload, in place of an earlier one.
///
/// # Errors
/// The database's; [`super::StorageError::NotFound`] when the medium is not of this workspace.
pub fn keep(conn: &mut Conn, workspace: WorkspaceId, upload: &Upload) -> StorageResult<()> {
    super::media::get(conn, workspace, upload.media)?;
    let values = (
        media_uploads::provider_media_id.eq(&upload.provider_media_id),
        media_uploads::uploaded_at.eq(upload.uploaded_at),
        media_uploads::expires_at.eq(upload.expires_at),
    );
    let row = (media_uploads::media_id.eq(upload.media), media_uploads::channel_id.eq(upload.channel), values);
    each!(conn, c => diesel::insert_into(media_uploads::table)
        .values(row)
        .on_conflict((media_uploads::media_id, media_uploads::channel_id))
        .do_update()
        .set(values)
        .execute(c))?;
    Ok(())
}
