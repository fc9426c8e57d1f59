//! The journal of raw webhooks as one workspace may see it.

use diesel::prelude::*;

use super::channels;
use super::conn::Conn;
use super::error::{StorageError, StorageResult};
use super::schema::journal;
use super::types::Json;
use crate::domain::ids::{ChannelId, JournalId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::provider::ProviderKind;
use crate::domain::state::{JournalOrigin, JournalState};
use crate::domain::time::Ts;

/// Rows read in one go and at most for one page: a workspace with little traffic must not make a page read the whole journal.
const SCAN: i64 = 500;
const SCAN_LIMIT: usize = 5_000;

/// What is known of a webhook, without what it says.
#[derive(Clone, Debug)]
pub struct JournalSummary {
    pub id: JournalId,
    pub provider: ProviderKind,
    pub received_at: Ts,
    pub state: JournalState,
    pub tries: i32,
    pub error: Option<String>,
    pub processed_at: Option<Ts>,
    /// Those of the verified channels that are this workspace's.
    pub channels: Vec<ChannelId>,
    /// Whether all verified channels are this workspace's: only then is the content its own.
    pub exclusive: bool,
    pub origin: JournalOrigin,
}

type Row = (JournalId, ProviderKind, Ts, JournalState, i32, Option<String>, Option<Ts>, Json, JournalOrigin);

macro_rules! columns {
    () => {
        (
            journal::id,
            journal::provider,
            journal::received_at,
            journal::state,
            journal::tries,
            journal::error,
            journal::processed_at,
            journal::channels,
            journal::origin,
        )
    };
}
/// A page of webhooks that concern the workspace's channels, newest first, and the id from which the next page goes on.
pub fn list(
    conn: &mut Conn,
    workspace: WorkspaceId,
    state: Option<JournalState>,
    page: Page,
) -> StorageResult<(Vec<JournalSummary>, Option<JournalId>)> {
    let own = channels::ever(conn, workspace)?;
    let (mut found, mut scanned) = (Vec::new(), 0);
    let mut before = page.before.map(JournalId);
    loop {
        let rows = rows_before(conn, before, state)?;
        let last_rows = rows.len() < usize::try_from(SCAN).unwrap_or_default();
        for row in rows {
            before = Some(row.0);
            scanned += 1;
            found.extend(summary(row, &own)?);
            if found.len() >= usize::from(page.limit) {
                return Ok((found, before));
            }
        }
        if last_rows {
            return Ok((found, None));
        }
        if scanned >= SCAN_LIMIT {
            return Ok((found, before));
        }
    }
}

/// One webhook and, if it is wholly the workspace's, its body.
///
/// # Errors
/// [`StorageError::NotFound`] unless it concerns a channel of this workspace.
pub fn get(conn: &mut Conn, workspace: WorkspaceId, id: JournalId) -> StorageResult<(JournalSummary, Option<Vec<u8>>)> {
    let own = channels::ever(conn, workspace)?;
    let (row, body): (Row, Vec<u8>) = journal::table.find(id).select((columns!(), journal::body)).first(conn)?;
    let summary = summary(row, &own)?.ok_or(StorageError::NotFound)?;
    let body = summary.exclusive.then_some(body);
    Ok((summary, body))
}

fn rows_before(conn: &mut Conn, before: Option<JournalId>, state: Option<JournalState>) -> StorageResult<Vec<Row>> {
    let mut query = journal::table.order(journal::id.desc()).limit(SCAN).select(columns!()).into_boxed();
    if let Some(before) = before {
        query = query.filter(journal::id.lt(before));
    }
    if let Some(state) = state {
        query = query.filter(journal::state.eq(state));
    }
    Ok(query.load(conn)?)
}

/// `None` when none of the verified channels is in `own`.
fn summary(row: Row, own: &[ChannelId]) -> StorageResult<Option<JournalSummary>> {
    let (id, provider, received_at, state, tries, error, processed_at, verified, origin) = row;
    let verified: Vec<ChannelId> = verified.read()?;
    let mine: Vec<ChannelId> = verified.iter().copied().filter(|channel| own.contains(channel)).collect();
    let exclusive = mine.len() == verified.len();
    let found = JournalSummary {
        id,
        provider,
        received_at,
        state,
        tries,
        error,
        processed_at,
        channels: mine,
        exclusive,
        origin,
    };
    Ok(if found.channels.is_empty() { None } else { Some(found) })
}
