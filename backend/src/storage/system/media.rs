//! Media of the whole installation: the bytes they share, those to be fetched, those whose time is over, and the one that a
//! signed link names.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use crate::domain::ids::{ChannelId, MediaId, MessageId, WorkspaceId};
use crate::domain::media::{FileKind, InboundMediaSource, MediaProperties, MediaState};
use crate::domain::message::Direction;
use crate::domain::time::Ts;
use crate::storage::conn::Conn;
use crate::storage::error::StorageResult;
use crate::storage::media::{ContentHash, MediaRecord, content_hash};
use crate::storage::schema::{media, media_uploads};
use crate::storage::types::{DbJson, DbTime, DbUuid, Json};

/// Until the end of the transaction nobody else puts bytes of this hash in place or takes them away.
///
/// # Errors
/// The database's.
pub fn lock_bytes(conn: &mut Conn, hash: &ContentHash) -> StorageResult<()> {
    if conn.is_postgres() {
        // SQLite's one writer needs no lock. Two hashes with one number only wait for each other.
        let [a, b, c, d, e, f, g, h, ..] = *hash;
        let number = i64::from_be_bytes([a, b, c, d, e, f, g, h]);
        sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(number).execute(conn)?;
    }
    Ok(())
}

/// Whether any medium of the installation has these bytes.
///
/// # Errors
/// The database's.
pub fn are_used(conn: &mut Conn, hash: &ContentHash) -> StorageResult<bool> {
    Ok(diesel::select(diesel::dsl::exists(media::table.filter(media::sha256.eq(hash.to_vec())))).get_result(conn)?)
}

/// Those of these hashes that no medium has.
///
/// # Errors
/// The database's.
pub fn unused(conn: &mut Conn, hashes: &[ContentHash]) -> StorageResult<Vec<ContentHash>> {
    let asked: Vec<Vec<u8>> = hashes.iter().map(|hash| hash.to_vec()).collect();
    let used: Vec<Option<Vec<u8>>> =
        media::table.filter(media::sha256.eq_any(asked)).select(media::sha256).distinct().load(conn)?;
    Ok(hashes.iter().filter(|hash| !used.iter().flatten().any(|used| used == hash.as_slice())).copied().collect())
}

/// A medium by its id alone: whoever has a signed link to it needs no workspace.
///
/// # Errors
/// The database's.
pub fn by_id(conn: &mut Conn, id: MediaId) -> StorageResult<Option<MediaRecord>> {
    Ok(media::table.find(id).select(MediaRecord::as_select()).first(conn).optional()?)
}

/// A medium taken for fetching.
#[derive(Clone, Debug)]
pub struct Fetch {
    pub id: MediaId,
    pub workspace: WorkspaceId,
    pub channel: ChannelId,
    pub message: MessageId,
    pub kind: FileKind,
    pub source: InboundMediaSource,
    pub tries: i32,
    pub created_at: Ts,
}

#[derive(QueryableByName)]
struct FetchRow {
    #[diesel(sql_type = DbUuid)]
    id: MediaId,
    #[diesel(sql_type = DbUuid)]
    workspace_id: WorkspaceId,
    #[diesel(sql_type = Nullable<DbUuid>)]
    channel_id: Option<ChannelId>,
    #[diesel(sql_type = Nullable<DbUuid>)]
    message_id: Option<MessageId>,
    #[diesel(sql_type = Text)]
    kind: FileKind,
    #[diesel(sql_type = Nullable<DbJson>)]
    source: Option<Json>,
    #[diesel(sql_type = Integer)]
    tries: i32,
    #[diesel(sql_type = DbTime)]
    created_at: Ts,
}

/// Takes up to `limit` media that are due, oldest first: those nobody has, and those whose worker is gone.
///
/// # Errors
/// The database's.
pub fn claim(conn: &mut Conn, holder: &str, lease_micros: i64, now: Ts, limit: u32) -> StorageResult<Vec<Fetch>> {
    let sql = conn.pick(include_str!("../sql/sqlite/claim_media.sql"), include_str!("../sql/postgres/claim_media.sql"));
    let rows: Vec<FetchRow> = sql_query(sql)
        .bind::<Text, _>(holder)
        .bind::<BigInt, _>(lease_micros)
        .bind::<DbTime, _>(now)
        .bind::<BigInt, _>(i64::from(limit))
        .load(conn)?;
    rows.into_iter()
        .map(|row| {
            Ok(Fetch {
                id: row.id,
                workspace: row.workspace_id,
                channel: row.channel_id.unwrap_or(ChannelId(uuid::Uuid::nil())),
                message: row.message_id.unwrap_or(MessageId(uuid::Uuid::nil())),
                kind: row.kind,
                source: row.source.map(Json::read).transpose()?.unwrap_or_default(),
                tries: row.tries,
                created_at: row.created_at,
            })
        })
        .collect()
}

/// What a worker has claimed and not settled becomes due again.
///
/// # Errors
/// The database's.
pub fn release(conn: &mut Conn, holder: &str) -> StorageResult<()> {
    diesel::update(media::table.filter(media::claimed_by.eq(holder.to_owned())))
        .set((media::claimed_by.eq(None::<String>), media::claimed_until.eq(None::<Ts>)))
        .execute(conn)?;
    Ok(())
}

/// As [`release`], whoever has claimed it.
///
/// # Errors
/// The database's.
pub fn release_all(conn: &mut Conn) -> StorageResult<()> {
    diesel::update(media::table.filter(media::claimed_by.is_not_null()))
        .set((media::claimed_by.eq(None::<String>), media::claimed_until.eq(None::<Ts>)))
        .execute(conn)?;
    Ok(())
}

/// What became of a try to fetch a medium.
#[derive(Clone, Debug)]
pub enum Fetched {
    /// Its bytes are here, or about to be in the same transaction.
    Ready { mime_type: String, size: u64, sha256: ContentHash, properties: MediaProperties },
    /// Not yet; it is tried again.
    Again { run_at: Ts, tries: i32, failure: String },
    /// Given up.
    Failed { tries: i32, failure: String },
}

/// Settles a claimed medium. False when it is no longer this worker's: deleted, or taken over.
///
/// # Errors
/// The database's.
pub fn settle(conn: &mut Conn, holder: &str, id: MediaId, fetched: &Fetched) -> StorageResult<bool> {
    let mine = media::table.filter(
        media::id.eq(id).and(media::state.eq(MediaState::Pending)).and(media::claimed_by.eq(holder.to_owned())),
    );
    let released = (media::claimed_by.eq(None::<String>), media::claimed_until.eq(None::<Ts>));
    let changed = match fetched {
        Fetched::Ready { mime_type, size, sha256, properties } => diesel::update(mine)
            .set((
                released,
                media::state.eq(MediaState::Ready),
                media::mime_type.eq(mime_type.clone()),
                media::size_bytes.eq(Some(i64::try_from(*size).unwrap_or(i64::MAX))),
                media::sha256.eq(Some(sha256.to_vec())),
                media::properties.eq(Some(Json::of(properties)?)),
                media::failure.eq(None::<String>),
            ))
            .execute(conn)?,
        Fetched::Again { run_at, tries, failure } => diesel::update(mine)
            .set((
                released,
                media::run_at.eq(*run_at),
                media::tries.eq(*tries),
                media::failure.eq(Some(failure.clone())),
            ))
            .execute(conn)?,
        Fetched::Failed { tries, failure } => diesel::update(mine)
            .set((
                released,
                media::state.eq(MediaState::Failed),
                media::tries.eq(*tries),
                media::failure.eq(Some(failure.clone())),
            ))
            .execute(conn)?,
    };
    Ok(changed == 1)
}

/// Notes until when links to these media may have been given away; never less than before.
///
/// # Errors
/// The database's.
pub fn note_linked(conn: &mut Conn, ids: &[MediaId], until: Ts) -> StorageResult<()> {
    let shorter = media::linked_until.is_null().or(media::linked_until.lt(until));
    diesel::update(media::table.filter(media::id.eq_any(ids).and(shorter)))
        .set(media::linked_until.eq(Some(until)))
        .execute(conn)?;
    Ok(())
}

/// Times before which media go; `None` keeps them.
#[derive(Clone, Copy, Debug)]
pub struct Cutoffs {
    pub outbound: Option<Ts>,
    pub inbound: Option<Ts>,
}

/// Media whose time is over, and the hashes of their bytes; at most `limit`. What has a time of its own has no age, and nothing
/// goes for its age while a link may still lead to it.
///
/// # Errors
/// The database's.
pub fn over(
    conn: &mut Conn,
    now: Ts,
    cutoffs: Cutoffs,
    limit: i64,
) -> StorageResult<Vec<(MediaId, Option<ContentHash>)>> {
    let mut found: Vec<(MediaId, Option<Vec<u8>>)> = media::table
        .filter(media::expires_at.le(now).and(media::state.ne(MediaState::Gone)))
        .select((media::id, media::sha256))
        .limit(limit)
        .load(conn)?;
    for (direction, before) in [(Direction::Outbound, cutoffs.outbound), (Direction::Inbound, cutoffs.inbound)] {
        let left = limit - i64::try_from(found.len()).unwrap_or(limit);
        let Some(before) = before.filter(|_| left > 0) else { continue };
        let old: Vec<(MediaId, Option<Vec<u8>>)> = media::table
            .filter(
                media::created_at.lt(before).and(media::direction.eq(direction)).and(media::state.ne(MediaState::Gone)),
            )
            .filter(media::expires_at.is_null())
            .filter(media::linked_until.is_null().or(media::linked_until.le(now)))
            .select((media::id, media::sha256))
            .limit(left)
            .load(conn)?;
        found.extend(old);
    }
    found.into_iter().map(|(id, hash)| Ok((id, hash.as_deref().map(content_hash).transpose()?))).collect()
}

/// Marks media gone and forgets what their bytes told.
///
/// # Errors
/// The database's.
pub fn forget_all(conn: &mut Conn, ids: &[MediaId]) -> StorageResult<()> {
    diesel::update(media::table.filter(media::id.eq_any(ids).and(media::state.ne(MediaState::Gone))))
        .set((
            media::state.eq(MediaState::Gone),
            media::sha256.eq(None::<Vec<u8>>),
            media::filename.eq(None::<String>),
            media::properties.eq(None::<Json>),
            media::source.eq(None::<Json>),
        ))
        .execute(conn)?;
    diesel::delete(media_uploads::table.filter(media_uploads::media_id.eq_any(ids))).execute(conn)?;
    Ok(())
}
