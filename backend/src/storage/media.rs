//! Media: what is known of each, and which bytes on disk are its own.

use diesel::prelude::*;

use super::conn::{Conn, each};
use super::error::{StorageError, StorageResult};
use super::schema::media;
use super::types::Json;
use crate::domain::ids::{ChannelId, MediaId, MessageId, WorkspaceId};
use crate::domain::media::{FileKind, InboundMediaSource, MediaProperties, MediaState};
use crate::domain::message::Direction;
use crate::domain::page::Page;
use crate::domain::time::Ts;

/// Rows in one INSERT: below both databases' bind limits.
const CHUNK: usize = 1_000;
/// Longest file name that is kept, in characters.
const LONGEST_NAME: usize = 255;
/// Longest type that is kept, in characters.
const LONGEST_TYPE: usize = 127;

/// SHA-256 of a medium's bytes, which is also their name on disk.
pub type ContentHash = [u8; 32];

/// A medium as stored.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = media)]
pub struct MediaRecord {
    pub id: MediaId,
    pub workspace_id: WorkspaceId,
    pub direction: Direction,
    pub kind: FileKind,
    pub mime_type: String,
    pub size_bytes: Option<i64>,
    sha256: Option<Vec<u8>>,
    pub filename: Option<String>,
    properties: Option<Json>,
    pub state: MediaState,
    pub channel_id: Option<ChannelId>,
    pub message_id: Option<MessageId>,
    pub failure: Option<String>,
    pub created_at: Ts,
    pub expires_at: Option<Ts>,
    /// Until when links to it may have been given away.
    pub linked_until: Option<Ts>,
}

impl MediaRecord {
    /// Absent while nothing of it is here.
    pub fn sha256(&self) -> StorageResult<Option<ContentHash>> {
        self.sha256.as_deref().map(content_hash).transpose()
    }

    pub fn properties(&self) -> StorageResult<MediaProperties> {
        Ok(self.properties.clone().map(Json::read).transpose()?.unwrap_or_default())
    }

    /// In bytes; 0 while nothing of it is here.
    pub fn size(&self) -> u64 {
        self.size_bytes.and_then(|size| u64::try_from(size).ok()).unwrap_or(0)
    }
}

pub(super) fn content_hash(bytes: &[u8]) -> StorageResult<ContentHash> {
    bytes.try_into().map_err(|_| StorageError::Corrupt(format!("media.sha256 has {} bytes", bytes.len())))
}

/// A medium whose bytes are here.
#[derive(Clone, Debug)]
pub struct NewMedia {
    pub id: MediaId,
    pub direction: Direction,
    pub kind: FileKind,
    pub mime_type: String,
    pub size: u64,
    pub sha256: ContentHash,
    pub filename: Option<String>,
    pub properties: MediaProperties,
    pub at: Ts,
    /// When it goes by itself, whatever the installation keeps.
    pub expires_at: Option<Ts>,
}

/// A medium that a person sent and that is still at the provider.
#[derive(Clone, Debug)]
pub struct NewInboundMedia {
    pub id: MediaId,
    pub workspace_id: WorkspaceId,
    pub channel_id: ChannelId,
    pub message_id: MessageId,
    /// The kind of the message it came with.
    pub kind: FileKind,
    /// As the provider names it; the bytes decide when they are here.
    pub mime_type: String,
    /// Chosen by the person.
    pub filename: Option<String>,
    pub source: InboundMediaSource,
    pub at: Ts,
}

#[derive(Insertable)]
#[diesel(table_name = media, treat_none_as_default_value = false)]
struct NewRow {
    id: MediaId,
    workspace_id: WorkspaceId,
    direction: Direction,
    kind: FileKind,
    mime_type: String,
    size_bytes: Option<i64>,
    sha256: Option<Vec<u8>>,
    filename: Option<String>,
    properties: Option<Json>,
    state: MediaState,
    source: Option<Json>,
    channel_id: Option<ChannelId>,
    message_id: Option<MessageId>,
    tries: i32,
    run_at: Ts,
    created_at: Ts,
    expires_at: Option<Ts>,
}

/// Stores a medium whose bytes are being put in place; call it under [`super::system::media::lock_bytes`].
///
/// # Errors
/// The database's.
pub fn insert(conn: &mut Conn, workspace: WorkspaceId, new: &NewMedia) -> StorageResult<MediaRecord> {
    let row = NewRow {
        id: new.id,
        workspace_id: workspace,
        direction: new.direction,
        kind: new.kind,
        mime_type: new.mime_type.clone(),
        size_bytes: Some(i64::try_from(new.size).unwrap_or(i64::MAX)),
        sha256: Some(new.sha256.to_vec()),
        filename: new.filename.as_deref().and_then(clean_name),
        properties: Some(Json::of(&new.properties)?),
        state: MediaState::Ready,
        source: None,
        channel_id: None,
        message_id: None,
        tries: 0,
        run_at: new.at,
        created_at: new.at,
        expires_at: new.expires_at,
    };
    each!(conn, c => diesel::insert_into(media::table).values(&row).execute(c))?;
    get(conn, workspace, new.id)
}

/// Stores what people sent, to be fetched. Call it with those of messages that are stored in the same transaction; then wake
/// the fetching worker.
///
/// # Errors
/// The database's.
pub fn intake(conn: &mut Conn, new: &[NewInboundMedia]) -> StorageResult<()> {
    let rows: Vec<NewRow> = new
        .iter()
        .map(|medium| {
            Ok(NewRow {
                id: medium.id,
                workspace_id: medium.workspace_id,
                direction: Direction::Inbound,
                kind: medium.kind,
                mime_type: clean(&medium.mime_type, LONGEST_TYPE),
                size_bytes: None,
                sha256: None,
                filename: medium.filename.as_deref().and_then(clean_name),
                properties: None,
                state: MediaState::Pending,
                source: Some(Json::of(&medium.source)?),
                channel_id: Some(medium.channel_id),
                message_id: Some(medium.message_id),
                tries: 0,
                run_at: medium.at,
                created_at: medium.at,
                expires_at: None,
            })
        })
        .collect::<StorageResult<_>>()?;
    for chunk in rows.chunks(CHUNK) {
        each!(conn, c => diesel::insert_into(media::table).values(chunk).execute(c))?;
    }
    Ok(())
}

/// Without control characters, which no database and no file system likes.
fn clean(text: &str, longest: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(longest).collect()
}

fn clean_name(name: &str) -> Option<String> {
    Some(clean(name, LONGEST_NAME)).filter(|name| !name.trim().is_empty())
}

/// # Errors
/// [`StorageError::NotFound`] in this workspace.
pub fn get(conn: &mut Conn, workspace: WorkspaceId, id: MediaId) -> StorageResult<MediaRecord> {
    Ok(media::table
        .filter(media::id.eq(id).and(media::workspace_id.eq(workspace)))
        .select(MediaRecord::as_select())
        .first(conn)?)
}

/// Those of these that belong to the workspace, in no particular order.
///
/// # Errors
/// The database's.
pub fn of_ids(conn: &mut Conn, workspace: WorkspaceId, ids: &[MediaId]) -> StorageResult<Vec<MediaRecord>> {
    Ok(media::table
        .filter(media::id.eq_any(ids).and(media::workspace_id.eq(workspace)))
        .select(MediaRecord::as_select())
        .load(conn)?)
}

/// Narrows a list of media.
#[derive(Clone, Copy, Debug, Default)]
pub struct MediaFilter {
    pub direction: Option<Direction>,
    pub kind: Option<FileKind>,
    pub state: Option<MediaState>,
}

/// A page, newest first; one row more when there is a next page.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Conn,
    workspace: WorkspaceId,
    filter: MediaFilter,
    page: Page,
) -> StorageResult<Vec<MediaRecord>> {
    let mut query = media::table
        .filter(media::workspace_id.eq(workspace))
        .order(media::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(MediaRecord::as_select())
        .into_boxed();
    if let Some(direction) = filter.direction {
        query = query.filter(media::direction.eq(direction));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(media::kind.eq(kind));
    }
    if let Some(state) = filter.state {
        query = query.filter(media::state.eq(state));
    }
    if let Some(before) = page.before {
        query = query.filter(media::id.lt(MediaId(before)));
    }
    Ok(query.load(conn)?)
}

/// A generated medium of the same bytes, type and name that is still here; it is kept until `expires_at` at least.
///
/// # Errors
/// The database's.
pub fn prolong_same(
    conn: &mut Conn,
    workspace: WorkspaceId,
    new: &NewMedia,
    expires_at: Ts,
) -> StorageResult<Option<MediaRecord>> {
    let same: Option<MediaRecord> = media::table
        .filter(
            media::sha256
                .eq(new.sha256.to_vec())
                .and(media::workspace_id.eq(workspace))
                .and(media::state.eq(MediaState::Ready))
                .and(media::mime_type.eq(&new.mime_type))
                .and(media::expires_at.is_not_null()),
        )
        .order(media::id.desc())
        .select(MediaRecord::as_select())
        .first(conn)
        .optional()?;
    let Some(same) = same.filter(|same| same.filename == new.filename.as_deref().and_then(clean_name)) else {
        return Ok(None);
    };
    diesel::update(media::table.find(same.id).filter(media::expires_at.lt(expires_at)))
        .set(media::expires_at.eq(Some(expires_at)))
        .execute(conn)?;
    get(conn, workspace, same.id).map(Some)
}

/// Forgets a medium's bytes and what they tell; its row stays for the messages that name it. Gives the hash under which the
/// bytes may have to go. One that is gone already stays so.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace.
pub fn forget(conn: &mut Conn, workspace: WorkspaceId, id: MediaId) -> StorageResult<Option<ContentHash>> {
    let hash = get(conn, workspace, id)?.sha256()?;
    super::system::media::forget_all(conn, &[id])?;
    Ok(hash)
}

/// Forgets what came with these messages. Gives the hashes under which bytes may have to go.
///
/// # Errors
/// The database's.
pub fn forget_of_messages(conn: &mut Conn, messages: &[MessageId]) -> StorageResult<Vec<ContentHash>> {
    let theirs = media::message_id.eq_any(messages).and(media::direction.eq(Direction::Inbound));
    let rows = media::table.filter(theirs).order(media::id).select((media::id, media::sha256));
    let found: Vec<(MediaId, Option<Vec<u8>>)> = match conn {
        // One that is just being fetched is either there by then or never will be.
        Conn::Postgres(pg) => rows.for_update().load(pg)?,
        Conn::Sqlite(sqlite) => rows.load(sqlite)?,
    };
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<MediaId> = found.iter().map(|(id, _)| *id).collect();
    super::system::media::forget_all(conn, &ids)?;
    found.iter().filter_map(|(_, hash)| hash.as_deref()).map(content_hash).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_what_no_database_takes() {
        assert_eq!(clean_name("a\0b\r\n.pdf").as_deref(), Some("ab.pdf"));
        assert_eq!(clean_name(" \n"), None);
        assert_eq!(clean_name(&"ü".repeat(300)).map(|name| name.chars().count()), Some(255));
    }
}
