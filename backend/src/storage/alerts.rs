//! Alerts: raised once, cleared once, and how far the workspace's endpoint has been told.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::conn::{Conn, each};
use super::error::{StorageError, StorageResult};
use super::schema::{alert_endpoints, alerts};
use super::types::{DbTime, DbUuid};
use crate::domain::alert::{About, Alert, AlertDelivery, AlertKind, AlertSeverity, AlertState, Concern};
use crate::domain::ids::{AlertId, ChannelId, WebhookEndpointId, WorkspaceId};
use crate::domain::page::Page;
use crate::domain::time::Ts;

/// A row of `alerts` as clients see it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = alerts)]
pub struct AlertRecord {
    pub id: AlertId,
    pub channel_id: Option<ChannelId>,
    pub kind: AlertKind,
    pub severity: AlertSeverity,
    pub detail: String,
    pub cure: Option<String>,
    pub state: AlertState,
    pub raised_at: Ts,
    pub cleared_at: Option<Ts>,
    pub delivery: AlertDelivery,
    pub delivery_tries: i32,
    pub delivered_at: Option<Ts>,
    pub delivery_error: Option<String>,
}

impl AlertRecord {
    /// What it tells, without how far it was told.
    pub fn alert(&self) -> Alert {
        Alert {
            id: self.id,
            kind: self.kind,
            severity: self.severity,
            state: self.state,
            channel_id: self.channel_id,
            detail: self.detail.clone(),
            cure: self.cure.clone(),
            raised_at: self.raised_at,
            cleared_at: self.cleared_at,
        }
    }
}

#[derive(Clone, Insertable)]
#[diesel(table_name = alerts, treat_none_as_default_value = false)]
struct NewAlert {
    id: AlertId,
    workspace_id: WorkspaceId,
    channel_id: Option<ChannelId>,
    kind: AlertKind,
    subject: String,
    severity: AlertSeverity,
    detail: String,
    cure: Option<String>,
    state: AlertState,
    raised_at: Ts,
    delivery: AlertDelivery,
    delivery_run_at: Ts,
    delivery_tries: i32,
}

/// Opens the alerts about a channel that are not open yet. Returns those that this call opened.
///
/// # Errors
/// The database's.
pub fn raise(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    concerns: &[Concern],
    now: Ts,
) -> StorageResult<Vec<Alert>> {
    let mut raised = Vec::new();
    for concern in concerns {
        let subject = subject(channel, concern.matter.as_deref());
        raised.extend(open(conn, workspace, Some(channel), subject, concern, now)?);
    }
    Ok(raised)
}

/// Opens the alert about a webhook endpoint, unless it is open. Returns it when this call opened it.
///
/// # Errors
/// The database's.
pub fn raise_about_endpoint(
    conn: &mut Conn,
    workspace: WorkspaceId,
    endpoint: WebhookEndpointId,
    concern: &Concern,
    now: Ts,
) -> StorageResult<Option<Alert>> {
    open(conn, workspace, None, endpoint.to_string(), concern, now)
}

/// Ends the open alerts about a webhook endpoint. Returns those that this call ended.
///
/// # Errors
/// The database's.
pub fn clear_about_endpoint(
    conn: &mut Conn,
    workspace: WorkspaceId,
    endpoint: WebhookEndpointId,
    now: Ts,
) -> StorageResult<Vec<Alert>> {
    let open: Vec<AlertId> = alerts::table
        .filter(
            alerts::workspace_id
                .eq(workspace)
                .and(alerts::state.eq(AlertState::Open))
                .and(alerts::subject.eq(endpoint.to_string())),
        )
        .select(alerts::id)
        .load(conn)?;
    end_all(conn, workspace, open, now)
}

fn open(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: Option<ChannelId>,
    subject: String,
    concern: &Concern,
    now: Ts,
) -> StorageResult<Option<Alert>> {
    let new = NewAlert {
        id: AlertId::new(),
        workspace_id: workspace,
        channel_id: channel,
        kind: concern.kind,
        subject,
        severity: concern.kind.severity(),
        detail: concern.detail.clone(),
        cure: concern.cure.clone(),
        state: AlertState::Open,
        raised_at: now,
        delivery: first_delivery(conn, workspace)?,
        delivery_run_at: now,
        delivery_tries: 0,
    };
    let opened = each!(conn, c => diesel::insert_into(alerts::table)
        .values(new.clone())
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(if opened > 0 { Some(get(conn, workspace, new.id)?.alert()) } else { None })
}

fn subject(channel: ChannelId, matter: Option<&str>) -> String {
    matter.map_or_else(|| channel.to_string(), |matter| format!("{channel}/{matter}"))
}

/// Ends open alerts of these kinds about a channel. Returns those that this call ended.
///
/// # Errors
/// The database's.
pub fn clear(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    kinds: &[AlertKind],
    about: About<'_>,
    now: Ts,
) -> StorageResult<Vec<Alert>> {
    let mut query = alerts::table
        .filter(
            alerts::workspace_id
                .eq(workspace)
                .and(alerts::state.eq(AlertState::Open))
                .and(alerts::kind.eq_any(kinds.to_vec())),
        )
        .order(alerts::id)
        .select(alerts::id)
        .into_boxed();
    query = match about {
        About::Everything => query.filter(alerts::channel_id.eq(channel)),
        About::Channel => query.filter(alerts::subject.eq(subject(channel, None))),
        About::Matter(matter) => query.filter(alerts::subject.eq(subject(channel, Some(matter)))),
    };
    let open: Vec<AlertId> = query.load(conn)?;
    end_all(conn, workspace, open, now)
}

fn end_all(conn: &mut Conn, workspace: WorkspaceId, ids: Vec<AlertId>, now: Ts) -> StorageResult<Vec<Alert>> {
    let mut cleared = Vec::new();
    for id in ids {
        if end(conn, workspace, id, now)? {
            cleared.push(get(conn, workspace, id)?.alert());
        }
    }
    Ok(cleared)
}

/// Ends one alert. `None` when it was over already.
///
/// # Errors
/// [`StorageError::NotFound`] in this workspace.
pub fn clear_one(conn: &mut Conn, workspace: WorkspaceId, id: AlertId, now: Ts) -> StorageResult<Option<Alert>> {
    get(conn, workspace, id)?;
    Ok(if end(conn, workspace, id, now)? { Some(get(conn, workspace, id)?.alert()) } else { None })
}

fn end(conn: &mut Conn, workspace: WorkspaceId, id: AlertId, now: Ts) -> StorageResult<bool> {
    let delivery = first_delivery(conn, workspace)?;
    let changed = diesel::update(
        alerts::table
            .filter(alerts::id.eq(id).and(alerts::workspace_id.eq(workspace)).and(alerts::state.eq(AlertState::Open))),
    )
    .set((
        alerts::state.eq(AlertState::Cleared),
        alerts::cleared_at.eq(Some(now)),
        // Told anew, also when the endpoint has not heard of the beginning: the payload holds both times.
        alerts::delivery.eq(delivery),
        alerts::delivery_run_at.eq(now),
        alerts::delivery_tries.eq(0),
        alerts::delivered_at.eq(None::<Ts>),
        alerts::delivery_error.eq(None::<String>),
        alerts::claimed_by.eq(None::<String>),
        alerts::claimed_until.eq(None::<Ts>),
    ))
    .execute(conn)?;
    Ok(changed > 0)
}

/// # Errors
/// [`StorageError::NotFound`] in this workspace.
pub fn get(conn: &mut Conn, workspace: WorkspaceId, id: AlertId) -> StorageResult<AlertRecord> {
    alerts::table
        .filter(alerts::id.eq(id).and(alerts::workspace_id.eq(workspace)))
        .select(AlertRecord::as_select())
        .first(conn)
        .optional()?
        .ok_or(StorageError::NotFound)
}

/// A page of alerts, newest first, of all states or of one; one row more when there is a next page.
///
/// # Errors
/// The database's.
pub fn list(
    conn: &mut Conn,
    workspace: WorkspaceId,
    state: Option<AlertState>,
    page: Page,
) -> StorageResult<Vec<AlertRecord>> {
    let mut query = alerts::table
        .filter(alerts::workspace_id.eq(workspace))
        .order(alerts::id.desc())
        .limit(i64::from(page.limit) + 1)
        .select(AlertRecord::as_select())
        .into_boxed();
    if let Some(state) = state {
        query = query.filter(alerts::state.eq(state));
    }
    if let Some(before) = page.before {
        query = query.filter(alerts::id.lt(AlertId(before)));
    }
    Ok(query.load(conn)?)
}

/// Deletes alerts that were over before a time; one batch. Unscoped, for retention. Returns how many.
///
/// # Errors
/// The database's.
pub fn purge(conn: &mut Conn, before: Ts, batch: i64) -> StorageResult<usize> {
    let old: Vec<AlertId> = alerts::table
        .filter(alerts::state.eq(AlertState::Cleared).and(alerts::cleared_at.lt(before)))
        .select(alerts::id)
        .limit(batch)
        .load(conn)?;
    Ok(diesel::delete(alerts::table.filter(alerts::id.eq_any(old))).execute(conn)?)
}

fn first_delivery(conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<AlertDelivery> {
    let endpoint: Option<WorkspaceId> =
        alert_endpoints::table.find(workspace).select(alert_endpoints::workspace_id).first(conn).optional()?;
    Ok(if endpoint.is_some() { AlertDelivery::Pending } else { AlertDelivery::None })
}

/// An alert taken by a worker that tells the workspace's endpoint of it.
#[derive(Clone, Debug)]
pub struct ClaimedAlert {
    pub workspace: WorkspaceId,
    pub alert: Alert,
    /// Tries before this one.
    pub tries: i32,
}

#[derive(QueryableByName)]
struct ClaimedRow {
    #[diesel(sql_type = DbUuid)]
    id: AlertId,
    #[diesel(sql_type = DbUuid)]
    workspace_id: WorkspaceId,
    #[diesel(sql_type = Nullable<DbUuid>)]
    channel_id: Option<ChannelId>,
    #[diesel(sql_type = Text)]
    kind: AlertKind,
    #[diesel(sql_type = Text)]
    severity: AlertSeverity,
    #[diesel(sql_type = Text)]
    detail: String,
    #[diesel(sql_type = Nullable<Text>)]
    cure: Option<String>,
    #[diesel(sql_type = Text)]
    state: AlertState,
    #[diesel(sql_type = DbTime)]
    raised_at: Ts,
    #[diesel(sql_type = Nullable<DbTime>)]
    cleared_at: Option<Ts>,
    #[diesel(sql_type = Integer)]
    delivery_tries: i32,
}

/// Whether an endpoint is to be told of something, so that an idle worker writes nothing.
///
/// # Errors
/// The database's.
pub fn any_due(conn: &mut Conn, now: Ts) -> StorageResult<bool> {
    let found: Option<AlertId> = alerts::table
        .filter(alerts::delivery_run_at.le(now))
        .filter(alerts::delivery.eq_any([AlertDelivery::Pending, AlertDelivery::Sending]))
        .select(alerts::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Takes the first alert that is due of each of up to `limit` workspaces; also those whose worker is gone.
///
/// # Errors
/// The database's.
pub fn claim(
    conn: &mut Conn,
    holder: &str,
    lease_micros: i64,
    now: Ts,
    limit: u32,
) -> StorageResult<Vec<ClaimedAlert>> {
    let sql = conn.pick(include_str!("sql/sqlite/claim_alerts.sql"), include_str!("sql/postgres/claim_alerts.sql"));
    let mut rows: Vec<ClaimedRow> = sql_query(sql)
        .bind::<Text, _>(holder)
        .bind::<BigInt, _>(lease_micros)
        .bind::<DbTime, _>(now)
        .bind::<BigInt, _>(i64::from(limit))
        .load(conn)?;
    rows.sort_by_key(|row| row.id);
    Ok(rows
        .into_iter()
        .map(|row| ClaimedAlert {
            workspace: row.workspace_id,
            alert: Alert {
                id: row.id,
                kind: row.kind,
                severity: row.severity,
                state: row.state,
                channel_id: row.channel_id,
                detail: row.detail,
                cure: row.cure,
                raised_at: row.raised_at,
                cleared_at: row.cleared_at,
            },
            tries: row.delivery_tries,
        })
        .collect())
}

/// How a try to tell of an alert ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub delivery: AlertDelivery,
    /// When it is tried again, if it is.
    pub run_at: Ts,
    pub tries: i32,
    pub delivered_at: Option<Ts>,
    pub error: Option<String>,
}

/// Ends a claim. Does nothing when the alert has changed or changed hands meanwhile. Returns whether it did.
///
/// # Errors
/// The database's.
pub fn settle(conn: &mut Conn, holder: &str, claimed: &ClaimedAlert, told: &Told) -> StorageResult<bool> {
    let changed = diesel::update(
        alerts::table.filter(
            alerts::id
                .eq(claimed.alert.id)
                .and(alerts::workspace_id.eq(claimed.workspace))
                .and(alerts::delivery.eq(AlertDelivery::Sending))
                .and(alerts::claimed_by.eq(holder))
                .and(alerts::state.eq(claimed.alert.state)),
        ),
    )
    .set((
        alerts::delivery.eq(told.delivery),
        alerts::delivery_run_at.eq(told.run_at),
        alerts::delivery_tries.eq(told.tries),
        alerts::delivered_at.eq(told.delivered_at),
        alerts::delivery_error.eq(told.error.clone()),
        alerts::claimed_by.eq(None::<String>),
        alerts::claimed_until.eq(None::<Ts>),
    ))
    .execute(conn)?;
    Ok(changed > 0)
}
