//! The journal of raw webhooks: stored before they are answered, processed afterwards, kept as evidence.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Binary, Integer, Nullable, Text};

use super::conn::{Conn, each};
use super::error::StorageResult;
use super::schema::journal;
use super::set::{self, SetWriter};
use super::types::{DbJson, DbTime, DbUuid, Json};
use crate::domain::ids::{ChannelId, JournalId};
use crate::domain::provider::ProviderKind;
use crate::domain::state::{JournalOrigin, JournalState};
use crate::domain::time::Ts;

/// A verified webhook about to be stored.
#[derive(Clone, Debug)]
pub struct NewEntry {
    pub id: JournalId,
    pub provider: ProviderKind,
    /// The channels to which the secret that verified it belongs.
    pub channels: Vec<ChannelId>,
    pub url: String,
    pub body: Vec<u8>,
    pub at: Ts,
    pub origin: JournalOrigin,
}

#[derive(Insertable)]
#[diesel(table_name = journal, treat_none_as_default_value = false)]
struct NewRow {
    id: JournalId,
    provider: ProviderKind,
    channels: Json,
    url: String,
    body: Vec<u8>,
    received_at: Ts,
    state: JournalState,
    run_at: Ts,
    tries: i32,
    foreign_events: i32,
    origin: JournalOrigin,
}

/// Stores webhooks.
pub fn insert(conn: &mut Conn, entries: &[NewEntry]) -> StorageResult<()> {
    let rows = entries
        .iter()
        .map(|entry| {
            Ok(NewRow {
                id: entry.id,
                provider: entry.provider,
                channels: Json::of(&entry.channels)?,
                url: entry.url.clone(),
                body: entry.body.clone(),
                received_at: entry.at,
                state: JournalState::Pending,
                run_at: entry.at,
                tries: 0,
                foreign_events: 0,
                origin: entry.origin,
            })
        })
        .collect::<StorageResult<Vec<_>>>()?;
    each!(conn, c => diesel::insert_into(journal::table).values(&rows).execute(c))?;
    Ok(())
}

/// A webhook taken for processing.
#[derive(Clone, Debug)]
pub struct ClaimedEntry {
    pub id: JournalId,
    pub provider: ProviderKind,
    pub channels: Vec<ChannelId>,
    pub url: String,
    pub body: Vec<u8>,
    pub received_at: Ts,
    pub tries: i32,
    /// When it was applied before: what waits for something was left then.
    pub applied_at: Option<Ts>,
    pub origin: JournalOrigin,
}

#[derive(QueryableByName)]
struct ClaimedRow {
    #[diesel(sql_type = DbUuid)]
    id: JournalId,
    #[diesel(sql_type = Text)]
    provider: ProviderKind,
    #[diesel(sql_type = DbJson)]
    channels: Json,
    #[diesel(sql_type = Text)]
    url: String,
    #[diesel(sql_type = Binary)]
    body: Vec<u8>,
    #[diesel(sql_type = DbTime)]
    received_at: Ts,
    #[diesel(sql_type = Integer)]
    tries: i32,
    #[diesel(sql_type = Nullable<DbTime>)]
    applied_at: Option<Ts>,
    #[diesel(sql_type = Text)]
    origin: JournalOrigin,
}

/// Takes up to `limit` due webhooks, oldest first.
pub fn claim(
    conn: &mut Conn,
    holder: &str,
    lease_micros: i64,
    now: Ts,
    limit: u32,
) -> StorageResult<Vec<ClaimedEntry>> {
    let sql = conn.pick(include_str!("sql/sqlite/claim_journal.sql"), include_str!("sql/postgres/claim_journal.sql"));
    let mut rows: Vec<ClaimedRow> = sql_query(sql)
        .bind::<Text, _>(holder)
        .bind::<BigInt, _>(lease_micros)
        .bind::<DbTime, _>(now)
        .bind::<BigInt, _>(i64::from(limit))
        .load(conn)?;
    rows.sort_by_key(|row| row.id);
    rows.into_iter()
        .map(|row| {
            Ok(ClaimedEntry {
                id: row.id,
                provider: row.provider,
                channels: row.channels.read()?,
                url: row.url,
                body: row.body,
                received_at: row.received_at,
                tries: row.tries,
                applied_at: row.applied_at,
                origin: row.origin,
            })
        })
        .collect()
}

/// What became of a webhook.
#[derive(Clone, Debug)]
pub struct Processed {
    pub id: JournalId,
    pub state: JournalState,
    pub tries: i32,
    pub run_at: Ts,
    pub error: Option<String>,
    /// Changes that concerned senders which the verifying secret does not belong to.
    pub foreign_events: i32,
    pub processed_at: Option<Ts>,
    /// When what could be applied was; the first time stays.
    pub applied_at: Option<Ts>,
    /// It was claimed for the first time: nothing is noted of it yet.
    pub first: bool,
}

impl Processed {
    fn is_plain(&self) -> bool {
        self.state == JournalState::Done && self.first && self.error.is_none() && self.foreign_events == 0
    }
}

/// Settles claimed webhooks; one that another worker took over meanwhile is left to it.
pub fn settle(conn: &mut Conn, holder: &str, outcomes: &[Processed]) -> StorageResult<()> {
    let (plain, others): (Vec<&Processed>, Vec<&Processed>) = outcomes.iter().partition(|outcome| outcome.is_plain());
    settle_plain(conn, holder, &plain)?;
    if others.is_empty() {
        return Ok(());
    }
    let w = SetWriter::of(conn);
    let parameter = set::rows(others.into_iter().map(|outcome| {
        set::row([
            ("id", w.id(outcome.id)),
            ("state", w.text(Some(outcome.state.as_str()))),
            ("tries", outcome.tries.into()),
            ("run_at", w.time(Some(outcome.run_at))),
            ("error", w.text(outcome.error.as_deref())),
            ("foreign_events", outcome.foreign_events.into()),
            ("processed_at", w.time(outcome.processed_at)),
            ("applied_at", w.time(outcome.applied_at)),
        ])
    }));
    let sql = conn.pick(include_str!("sql/sqlite/settle_journal.sql"), include_str!("sql/postgres/settle_journal.sql"));
    sql_query(sql).bind::<Text, _>(parameter).bind::<Text, _>(holder).execute(conn)?;
    Ok(())
}

/// Nearly all of them: done at the first try, with nothing to say of it.
fn settle_plain(conn: &mut Conn, holder: &str, outcomes: &[&Processed]) -> StorageResult<()> {
    let Some(at) = outcomes.iter().filter_map(|outcome| outcome.processed_at).max() else { return Ok(()) };
    let ids: Vec<JournalId> = outcomes.iter().map(|outcome| outcome.id).collect();
    diesel::update(
        journal::table
            .filter(journal::id.eq_any(&ids))
            .filter(journal::state.eq(JournalState::Claimed).and(journal::claimed_by.eq(holder))),
    )
    .set((journal::state.eq(JournalState::Done), journal::processed_at.eq(Some(at)), journal::applied_at.eq(Some(at))))
    .execute(conn)?;
    Ok(())
}

/// What a worker has claimed and not settled becomes due again.
pub fn give_back(conn: &mut Conn, holder: &str) -> StorageResult<usize> {
    Ok(diesel::update(
        journal::table.filter(journal::state.eq(JournalState::Claimed).and(journal::claimed_by.eq(holder))),
    )
    .set(journal::state.eq(JournalState::Pending))
    .execute(conn)?)
}

/// Webhooks whose worker is gone become due again. With `all`, whatever their lease.
pub fn requeue_abandoned(conn: &mut Conn, all: bool) -> StorageResult<usize> {
    let sql = match (conn.is_postgres(), all) {
        (true, _) => "UPDATE journal SET state = 'pending' WHERE state = 'claimed' AND claimed_until < now()",
        (false, true) => "UPDATE journal SET state = 'pending' WHERE state = 'claimed'",
        (false, false) => {
            "UPDATE journal SET state = 'pending' WHERE state = 'claimed' \
             AND claimed_until < CAST(unixepoch('subsec') * 1000000 AS INTEGER)"
        }
    };
    Ok(sql_query(sql).execute(conn)?)
}

/// The raw webhooks behind a message's story: id, arrival, and the bodies. Only those that every channel named in `own` could
/// have received are given, so that a shared Meta app never shows one workspace another's traffic.
pub fn bodies(conn: &mut Conn, ids: &[JournalId], own: &[ChannelId]) -> StorageResult<Vec<(JournalId, Ts, Vec<u8>)>> {
    let rows: Vec<(JournalId, Ts, Vec<u8>, Json)> = journal::table
        .filter(journal::id.eq_any(ids))
        .order(journal::id)
        .select((journal::id, journal::received_at, journal::body, journal::channels))
        .load(conn)?;
    let mut visible = Vec::with_capacity(rows.len());
    for (id, at, body, channels) in rows {
        let verified: Vec<ChannelId> = channels.read()?;
        if verified.iter().all(|channel| own.contains(channel)) {
            visible.push((id, at, body));
        }
    }
    Ok(visible)
}
