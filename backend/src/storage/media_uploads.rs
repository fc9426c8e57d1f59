//! Under which ids the channels' provider knows media of ours.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::Text;

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::{attempts, media, media_uploads, messages};
use super::set::{self, SetWriter};
use super::types::Json;
use crate::domain::content::Content;
use crate::domain::ids::{AttemptId, ChannelId, MediaId, WorkspaceId};
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

/// Forgets the ids that these attempts may have used: of the media that their messages name, at the provider of the channel that
/// each went out on, as they were when it left. What was brought there later, perhaps because another attempt has failed, none
/// of them says anything of.
///
/// # Errors
/// The database's.
pub fn forget_used_by(conn: &mut Conn, doubted: &[AttemptId]) -> StorageResult<()> {
    // What needed no preparation left when it was begun.
    let sent: Vec<(WorkspaceId, ChannelId, Ts, Option<Ts>, Json)> = attempts::table
        .inner_join(messages::table.on(messages::id.eq(attempts::message_id)))
        .filter(attempts::id.eq_any(doubted))
        .select((
            messages::workspace_id,
            attempts::channel_id,
            attempts::created_at,
            attempts::left_at,
            messages::content,
        ))
        .load(conn)?;
    let mut used: BTreeMap<(MediaId, ChannelId), (WorkspaceId, Ts)> = BTreeMap::new();
    for (workspace, channel, begun_at, left_at, content) in sent {
        let left_at = left_at.unwrap_or(begun_at);
        for medium in content.read::<Content>()?.media_uses() {
            let known = used.entry((medium.media_id, channel)).or_insert((workspace, left_at));
            known.1 = known.1.max(left_at);
        }
    }
    if used.is_empty() {
        return Ok(());
    }
    let writer = SetWriter::of(conn);
    let parameter = set::rows(used.into_iter().map(|((medium, channel), (workspace, left_at))| {
        set::row([
            ("media_id", writer.id(medium)),
            ("channel_id", writer.id(channel)),
            ("workspace_id", writer.id(workspace)),
            ("left_at", writer.time(Some(left_at))),
        ])
    }));
    let sql = conn.pick(include_str!("sql/sqlite/forget_uploads.sql"), include_str!("sql/postgres/forget_uploads.sql"));
    sql_query(sql).bind::<Text, _>(parameter).execute(conn)?;
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
