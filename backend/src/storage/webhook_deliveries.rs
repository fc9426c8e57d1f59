//! The log of what integrators' endpoints were told: one delivery per event and endpoint, and each try of it.

use diesel::prelude::*;

use super::conn::Conn;
use super::error::StorageResult;
use super::schema::{webhook_deliveries, webhook_endpoints, webhook_tries};
use crate::domain::event::EventKind;
use crate::domain::ids::{EventId, WebhookDeliveryId, WebhookEndpointId, WebhookTryId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::time::Ts;
use crate::domain::webhook::WebhookDeliveryState;

/// A row of `webhook_deliveries` as clients see it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = webhook_deliveries)]
pub struct WebhookDeliveryRecord {
    pub id: WebhookDeliveryId,
    pub endpoint_id: WebhookEndpointId,
    pub event_seq: i64,
    pub event_id: EventId,
    pub event_type: EventKind,
    pub state: WebhookDeliveryState,
    /// Failed tries since it was made or last sent anew, and the one that was taken.
    pub tries: i32,
    pub run_at: Ts,
    pub last_status: Option<i32>,
    pub last_error: Option<String>,
    pub created_at: Ts,
    pub delivered_at: Option<Ts>,
}

/// One request.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = webhook_tries, treat_none_as_default_value = false)]
pub struct WebhookTryRecord {
    pub id: WebhookTryId,
    pub delivery_id: WebhookDeliveryId,
    pub at: Ts,
    pub status: Option<i32>,
    pub error: Option<String>,
    pub duration_ms: i32,
    pub answer: Option<String>,
}

/// # Errors
/// [`StorageError::NotFound`] in this workspace, or of an endpoint that is deleted.
pub fn get(conn: &mut Conn, workspace: WorkspaceId, id: WebhookDeliveryId) -> StorageResult<WebhookDeliveryRecord> {
    Ok(webhook_deliveries::table
        .inner_join(webhook_endpoints::table)
        .filter(webhook_deliveries::id.eq(id).and(webhook_deliveries::workspace_id.eq(workspace)))
        .filter(webhook_endpoints::deleted_at.is_null())
        .select(WebhookDeliveryRecord::as_select())
        .first(conn)?)
}

/// The newest tries of a delivery, oldest first, at most `limit`.
///
/// # Errors
/// The database's.
pub fn tries(conn: &mut Conn, delivery: WebhookDeliveryId, limit: u16) -> StorageResult<Vec<WebhookTryRecord>> {
    let mut rows: Vec<WebhookTryRecord> = webhook_tries::table
        .filter(webhook_tries::delivery_id.eq(delivery))
        .order(webhook_tries::id.desc())
        .limit(i64::from(limit))
        .select(WebhookTryRecord::as_select())
        .load(conn)?;
    rows.reverse();
    Ok(rows)
}

/// A page of an endpoint's log, newest first, of all deliveries or of one state or type; one row more when there is a next page.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Conn,
    workspace: WorkspaceId,
    endpoint: WebhookEndpointId,
    state: Option<WebhookDeliveryState>,
    event_type: Option<EventKind>,
    page: Page,
) -> StorageResult<Vec<WebhookDeliveryRecord>> {
    let mut query = webhook_deliveries::table
        .filter(webhook_deliveries::endpoint_id.eq(endpoint).and(webhook_deliveries::workspace_id.eq(workspace)))
        .order(webhook_deliveries::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(WebhookDeliveryRecord::as_select())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(webhook_deliveries::state.eq(state));
    }
    if let Some(event_type) = event_type {
        query = query.filter(webhook_deliveries::event_type.eq(event_type));
    }
    if let Some(before) = page.before {
        query = query.filter(webhook_deliveries::id.lt(WebhookDeliveryId(before)));
    }
    Ok(query.load(conn)?)
}

/// Which deliveries of an endpoint are sent anew.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// Entries of the feed after this place.
    pub after_seq: i64,
    /// Up to this place.
    pub until_seq: i64,
    /// Deliveries made at this time or later.
    pub since: Option<Ts>,
    pub states: Vec<WebhookDeliveryState>,
}

/// Makes one batch of an endpoint's deliveries due again, oldest first. Returns how many, and the place of the last one.
///
/// # Errors
/// The database's.
pub fn replay(
    conn: &mut Conn,
    workspace: WorkspaceId,
    endpoint: WebhookEndpointId,
    which: &Replayed,
    now: Ts,
    limit: i64,
) -> StorageResult<Option<(usize, i64)>> {
    let mut query = webhook_deliveries::table
        .filter(webhook_deliveries::endpoint_id.eq(endpoint).and(webhook_deliveries::workspace_id.eq(workspace)))
        .filter(
            webhook_deliveries::event_seq.gt(which.after_seq).and(webhook_deliveries::event_seq.le(which.until_seq)),
        )
        .filter(webhook_deliveries::state.eq_any(which.states.clone()))
        .order(webhook_deliveries::event_seq)
        .limit(limit)
        .select((webhook_deliveries::id, webhook_deliveries::event_seq))
        .into_boxed();
    if let Some(since) = which.since {
        query = query.filter(webhook_deliveries::created_at.ge(since));
    }
    let found: Vec<(WebhookDeliveryId, i64)> = query.load(conn)?;
    let Some((_, last)) = found.last().copied() else { return Ok(None) };
    let ids: Vec<WebhookDeliveryId> = found.into_iter().map(|(id, _)| id).collect();
    // Asked for again, because a worker may have taken one since.
    let count = make_due(conn, &ids, &which.states, now)?;
    Ok(Some((count, last)))
}

/// Makes one delivery due now, whatever has become of it. One that a worker is at stays as it is.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace, or of an endpoint that is deleted.
pub fn replay_one(
    conn: &mut Conn,
    workspace: WorkspaceId,
    id: WebhookDeliveryId,
    now: Ts,
) -> StorageResult<WebhookDeliveryRecord> {
    get(conn, workspace, id)?;
    let states = [WebhookDeliveryState::Pending, WebhookDeliveryState::Delivered, WebhookDeliveryState::Failed];
    make_due(conn, &[id], &states, now)?;
    get(conn, workspace, id)
}

fn make_due(
    conn: &mut Conn,
    ids: &[WebhookDeliveryId],
    states: &[WebhookDeliveryState],
    now: Ts,
) -> StorageResult<usize> {
    Ok(diesel::update(
        webhook_deliveries::table
            .filter(webhook_deliveries::id.eq_any(ids).and(webhook_deliveries::state.eq_any(states))),
    )
    .set((
        webhook_deliveries::state.eq(WebhookDeliveryState::Pending),
        webhook_deliveries::tries.eq(0),
        webhook_deliveries::run_at.eq(now),
        webhook_deliveries::delivered_at.eq(None::<Ts>),
    ))
    .execute(conn)?)
}
