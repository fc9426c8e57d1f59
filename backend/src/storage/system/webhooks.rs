//! Telling integrators' endpoints, for the workers of the whole installation.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Text};

use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, WebhookDeliveryId, WebhookEndpointId, WorkspaceId};
use crate::domain::time::Ts;
use crate::domain::webhook::{WebhookDeliveryState, WebhookDisabledReason, WebhookEndpointState};
use crate::storage::conn::{Conn, each};
use crate::storage::events;
use crate::storage::schema::{events as feed, feed_heads, webhook_deliveries, webhook_endpoints, webhook_tries};
use crate::storage::set::{self, SetWriter};
use crate::storage::types::{DbTime, DbUuid};
use crate::storage::webhook_deliveries::WebhookTryRecord;
use crate::storage::webhook_endpoints::{WebhookEndpointRecord, fits, lock};
use crate::storage::{StorageError, StorageResult};

/// Entries of a feed that get their deliveries in one transaction.
pub const FANNED_OUT: usize = 1_000;

/// The active endpoints whose feed has grown since their deliveries were made.
///
/// # Errors
/// The database's.
pub fn behind(conn: &mut Conn) -> StorageResult<Vec<(WorkspaceId, WebhookEndpointId)>> {
    Ok(webhook_endpoints::table
        .inner_join(feed_heads::table.on(feed_heads::workspace_id.eq(webhook_endpoints::workspace_id)))
        .filter(webhook_endpoints::state.eq(WebhookEndpointState::Active))
        .filter(webhook_endpoints::deleted_at.is_null())
        .filter(webhook_endpoints::feed_cursor.lt(feed_heads::last_seq))
        .select((webhook_endpoints::workspace_id, webhook_endpoints::id))
        .load(conn)?)
}

#[derive(Insertable)]
#[diesel(table_name = webhook_deliveries)]
struct NewDelivery {
    id: WebhookDeliveryId,
    workspace_id: WorkspaceId,
    endpoint_id: WebhookEndpointId,
    event_seq: i64,
    event_id: EventId,
    event_type: EventKind,
    state: WebhookDeliveryState,
    tries: i32,
    run_at: Ts,
    created_at: Ts,
}

/// Makes the deliveries of the next entries of the feed, and moves the endpoint's cursor behind them in the same transaction:
/// each entry gets its delivery once. The time is asked for when the entries have been read, so that no delivery is older than its
/// entry. Returns how many entries were looked at; 0 when another node was faster.
///
/// # Errors
/// The database's.
pub fn fan_out(
    conn: &mut Conn,
    workspace: WorkspaceId,
    endpoint: WebhookEndpointId,
    now: impl FnOnce() -> Ts,
) -> StorageResult<usize> {
    let record = match lock(conn, workspace, endpoint) {
        Ok(record) if record.state == WebhookEndpointState::Active => record,
        Ok(_) | Err(StorageError::NotFound) => return Ok(0),
        Err(error) => return Err(error),
    };
    // The end of the feed first: what is appended in between comes with the next batch.
    let head = events::head(conn, workspace)?;
    let entries: Vec<(i64, EventId, EventKind)> = feed::table
        .filter(feed::workspace_id.eq(workspace).and(feed::seq.gt(record.feed_cursor)).and(feed::seq.le(head)))
        .order(feed::seq)
        .limit(i64::try_from(FANNED_OUT).unwrap_or(i64::MAX))
        .select((feed::seq, feed::id, feed::kind))
        .load(conn)?;
    let (count, now) = (entries.len(), now());
    let cursor = if count < FANNED_OUT { head } else { entries.last().map_or(head, |(seq, _, _)| *seq) };
    let wanted = record.wanted()?;
    let rows: Vec<NewDelivery> = entries
        .into_iter()
        .filter(|(_, _, kind)| fits(&wanted, *kind))
        .map(|(event_seq, event_id, event_type)| NewDelivery {
            id: WebhookDeliveryId::new(),
            workspace_id: workspace,
            endpoint_id: endpoint,
            event_seq,
            event_id,
            event_type,
            state: WebhookDeliveryState::Pending,
            tries: 0,
            run_at: now,
            created_at: now,
        })
        .collect();
    if !rows.is_empty() {
        each!(conn, c => diesel::insert_into(webhook_deliveries::table).values(&rows).execute(c))?;
    }
    diesel::update(webhook_endpoints::table.find(endpoint))
        .set(webhook_endpoints::feed_cursor.eq(cursor.max(record.feed_cursor)))
        .execute(conn)?;
    Ok(count)
}

/// A delivery taken by a worker.
#[derive(Clone, Copy, Debug, QueryableByName)]
pub struct ClaimedDelivery {
    #[diesel(sql_type = DbUuid)]
    pub id: WebhookDeliveryId,
    #[diesel(sql_type = DbUuid)]
    pub endpoint_id: WebhookEndpointId,
    #[diesel(sql_type = DbUuid)]
    pub event_id: EventId,
    #[diesel(sql_type = Integer)]
    pub tries: i32,
}

/// Whether an endpoint is to be told of something, so that an idle worker writes nothing.
///
/// # Errors
/// The database's.
pub fn any_due(conn: &mut Conn, now: Ts) -> StorageResult<bool> {
    let found: Option<WebhookDeliveryId> = webhook_endpoints::table
        .inner_join(webhook_deliveries::table)
        .filter(webhook_endpoints::state.eq(WebhookEndpointState::Active))
        .filter(webhook_endpoints::deleted_at.is_null())
        .filter(webhook_deliveries::run_at.le(now))
        .filter(
            webhook_deliveries::state
                .eq(WebhookDeliveryState::Pending)
                .or(webhook_deliveries::state.eq(WebhookDeliveryState::Sending)),
        )
        .select(webhook_deliveries::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// How much a claim takes.
#[derive(Clone, Copy, Debug)]
pub struct ClaimLimits {
    /// Deliveries in all.
    pub all: i64,
    /// Deliveries of one endpoint that are under way at once, on all nodes.
    pub per_endpoint: i64,
}

/// Takes deliveries that are due: the first of each endpoint, then the second of each, and so on; also those whose worker is
/// gone.
///
/// # Errors
/// The database's.
pub fn claim(
    conn: &mut Conn,
    holder: &str,
    lease_micros: i64,
    now: Ts,
    limits: ClaimLimits,
) -> StorageResult<Vec<ClaimedDelivery>> {
    let sql = conn.pick(
        include_str!("../sql/sqlite/claim_webhook_deliveries.sql"),
        include_str!("../sql/postgres/claim_webhook_deliveries.sql"),
    );
    Ok(sql_query(sql)
        .bind::<Text, _>(holder)
        .bind::<BigInt, _>(lease_micros)
        .bind::<DbTime, _>(now)
        .bind::<BigInt, _>(limits.per_endpoint)
        .bind::<BigInt, _>(limits.all)
        .load(conn)?)
}

/// Endpoints by their ids, those that are deleted left out.
///
/// # Errors
/// The database's.
pub fn endpoints(conn: &mut Conn, ids: &[WebhookEndpointId]) -> StorageResult<Vec<WebhookEndpointRecord>> {
    Ok(webhook_endpoints::table
        .filter(webhook_endpoints::id.eq_any(ids).and(webhook_endpoints::deleted_at.is_null()))
        .select(WebhookEndpointRecord::as_select())
        .load(conn)?)
}

/// How a try ended.
#[derive(Clone, Debug)]
pub struct SettledDelivery {
    pub id: WebhookDeliveryId,
    pub state: WebhookDeliveryState,
    pub tries: i32,
    /// When it is tried again, if it is.
    pub run_at: Ts,
    pub delivered_at: Option<Ts>,
    pub tried: WebhookTryRecord,
}

/// Ends claims and logs their tries. One that has changed hands meanwhile is left alone.
///
/// # Errors
/// The database's.
pub fn settle(conn: &mut Conn, holder: &str, outcomes: &[SettledDelivery]) -> StorageResult<()> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = DbUuid)]
        id: WebhookDeliveryId,
    }
    let w = SetWriter::of(conn);
    let parameter = set::rows(outcomes.iter().map(|outcome| {
        set::row([
            ("id", w.id(outcome.id)),
            ("state", w.text(Some(outcome.state.as_str()))),
            ("tries", outcome.tries.into()),
            ("run_at", w.time(Some(outcome.run_at))),
            ("last_status", outcome.tried.status.into()),
            ("last_error", w.text(outcome.tried.error.as_deref())),
            ("delivered_at", w.time(outcome.delivered_at)),
        ])
    }));
    let sql = conn.pick(
        include_str!("../sql/sqlite/settle_webhook_deliveries.sql"),
        include_str!("../sql/postgres/settle_webhook_deliveries.sql"),
    );
    let settled: Vec<Row> = sql_query(sql).bind::<Text, _>(parameter).bind::<Text, _>(holder).load(conn)?;
    let tries: Vec<WebhookTryRecord> = outcomes
        .iter()
        .filter(|outcome| settled.iter().any(|row| row.id == outcome.id))
        .map(|outcome| outcome.tried.clone())
        .collect();
    if !tries.is_empty() {
        each!(conn, c => diesel::insert_into(webhook_tries::table).values(&tries).execute(c))?;
    }
    Ok(())
}

/// Makes what a worker has claimed and not settled due again; everybody's when none is named.
///
/// # Errors
/// The database's.
pub fn give_back(conn: &mut Conn, holder: Option<&str>) -> StorageResult<()> {
    let mut given_back = diesel::update(webhook_deliveries::table)
        .filter(webhook_deliveries::state.eq(WebhookDeliveryState::Sending))
        .into_boxed();
    if let Some(holder) = holder {
        given_back = given_back.filter(webhook_deliveries::claimed_by.eq(holder.to_owned()));
    }
    given_back
        .set((
            webhook_deliveries::state.eq(WebhookDeliveryState::Pending),
            webhook_deliveries::claimed_by.eq(None::<String>),
            webhook_deliveries::claimed_until.eq(None::<Ts>),
        ))
        .execute(conn)?;
    Ok(())
}

/// Notes that requests to endpoints have failed.
///
/// # Errors
/// The database's.
pub fn note_failed(conn: &mut Conn, ids: &[WebhookEndpointId], now: Ts) -> StorageResult<()> {
    let found = || webhook_endpoints::table.filter(webhook_endpoints::id.eq_any(ids));
    diesel::update(found()).set(webhook_endpoints::last_failed_at.eq(Some(now))).execute(conn)?;
    diesel::update(found().filter(webhook_endpoints::failing_since.is_null()))
        .set(webhook_endpoints::failing_since.eq(Some(now)))
        .execute(conn)?;
    Ok(())
}

/// Disables those of these endpoints that are active and, when a time is given, have failed since then or longer. Returns those
/// that this call disabled.
///
/// # Errors
/// The database's.
pub fn disable(
    conn: &mut Conn,
    ids: &[WebhookEndpointId],
    reason: WebhookDisabledReason,
    failing_since: Option<Ts>,
    now: Ts,
) -> StorageResult<Vec<WebhookEndpointRecord>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let since = failing_since.unwrap_or(Ts::from_micros(i64::MAX));
    let mut query = webhook_endpoints::table
        .filter(webhook_endpoints::id.eq_any(ids).and(webhook_endpoints::deleted_at.is_null()))
        .filter(webhook_endpoints::state.eq(WebhookEndpointState::Active))
        .select(webhook_endpoints::id)
        .into_boxed();
    if failing_since.is_some() {
        query = query.filter(webhook_endpoints::failing_since.le(since));
    }
    let found: Vec<WebhookEndpointId> = query.load(conn)?;
    let target = webhook_endpoints::table
        .filter(webhook_endpoints::id.eq_any(found).and(webhook_endpoints::state.eq(WebhookEndpointState::Active)));
    Ok(each!(conn, c => diesel::update(target)
        .set((
            webhook_endpoints::state.eq(WebhookEndpointState::Disabled),
            webhook_endpoints::disabled_reason.eq(Some(reason)),
            webhook_endpoints::disabled_at.eq(Some(now)),
            webhook_endpoints::updated_at.eq(now),
        ))
        .returning(WebhookEndpointRecord::as_returning())
        .get_results(c))?)
}

/// Deletes deliveries made before a time, with their tries; one batch. Returns how many.
///
/// # Errors
/// The database's.
pub fn purge(conn: &mut Conn, before: Ts, batch: i64) -> StorageResult<usize> {
    let old: Vec<WebhookDeliveryId> = webhook_deliveries::table
        .filter(webhook_deliveries::created_at.lt(before))
        .filter(webhook_deliveries::state.ne(WebhookDeliveryState::Sending))
        .select(webhook_deliveries::id)
        .limit(batch)
        .load(conn)?;
    delete(conn, &old)
}

/// Deletes what is left of deleted endpoints: their deliveries, then they themselves; one batch. Returns how many.
///
/// # Errors
/// The database's.
pub fn purge_deleted(conn: &mut Conn, batch: i64) -> StorageResult<usize> {
    let gone: Vec<WebhookEndpointId> = webhook_endpoints::table
        .filter(webhook_endpoints::deleted_at.is_not_null())
        .select(webhook_endpoints::id)
        .limit(batch)
        .load(conn)?;
    let left: Vec<WebhookDeliveryId> = webhook_deliveries::table
        .filter(webhook_deliveries::endpoint_id.eq_any(&gone))
        .select(webhook_deliveries::id)
        .limit(batch)
        .load(conn)?;
    if left.is_empty() {
        return Ok(diesel::delete(webhook_endpoints::table.filter(webhook_endpoints::id.eq_any(gone))).execute(conn)?);
    }
    delete(conn, &left)
}

fn delete(conn: &mut Conn, deliveries: &[WebhookDeliveryId]) -> StorageResult<usize> {
    diesel::delete(webhook_tries::table.filter(webhook_tries::delivery_id.eq_any(deliveries))).execute(conn)?;
    Ok(diesel::delete(webhook_deliveries::table.filter(webhook_deliveries::id.eq_any(deliveries))).execute(conn)?)
}
