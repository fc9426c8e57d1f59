//! The hourly deletion of what is older than the installation keeps.

use std::time::Duration;

use crate::config::Days;
use crate::domain::time::Ts;
use crate::error::ApiError;
use crate::http::Context;
use crate::outbox::stored_contents::OUTLIVES;
use crate::storage::conn::Conn;
use crate::storage::system::{account_news, content_removals, webhooks};
use crate::storage::{StorageResult, alerts, circuits, reached, retention, workspaces};

/// Alerts deleted in one transaction.
const ALERTS: i64 = 1_000;
/// Webhooks to integrators deleted in one transaction.
const WEBHOOK_DELIVERIES: i64 = 1_000;

/// How long it is known what a provider has said of an account: it says things again for seven days (direct.md §3.9).
const ACCOUNT_NEWS_KEPT: Duration = Duration::from_secs(8 * 86_400);
const ACCOUNT_NEWS: i64 = 1_000;

/// How long a provider's failures are kept that circuit breakers count.
const FAULTS_KEPT: Duration = Duration::from_secs(3_600);
const FAULTS: u32 = 1_000;

/// How long it is known whom an account has reached: a day counts.
const REACHED_KEPT: Duration = Duration::from_secs(2 * 86_400);
const REACHED: u32 = 1_000;

/// How long a Content that is stored at Twilio is kept without being used.
const CONTENTS_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// Deletes batch by batch until nothing old is left, with room for others in between.
///
/// # Errors
/// The database or the media folder failed.
pub(super) async fn purge(ctx: &Context) -> Result<(), ApiError> {
    let now = ctx.clock.now();
    let kept = &ctx.config.retention;
    if let Some(before) = cutoff(&kept.retention_webhooks, now) {
        repeat(ctx, move |conn| retention::purge_webhooks(conn, before)).await?;
    }
    if let Some(before) = cutoff(&kept.retention_messages, now) {
        repeat(ctx, move |conn| retention::purge_messages(conn, before)).await?;
    }
    if let Some(before) = cutoff(&kept.retention_events, now) {
        for workspace in ctx.db.read(workspaces::all).await? {
            repeat(ctx, move |conn| retention::purge_events(conn, workspace.id, before)).await?;
        }
    }
    let heard_before = now.minus(ACCOUNT_NEWS_KEPT);
    repeat(ctx, move |conn| account_news::purge(conn, heard_before, ACCOUNT_NEWS)).await?;
    let failed_before = now.minus(FAULTS_KEPT);
    repeat(ctx, move |conn| circuits::purge_faults(conn, failed_before, FAULTS)).await?;
    let reached_before = now.minus(REACHED_KEPT);
    repeat(ctx, move |conn| reached::purge(conn, reached_before, REACHED)).await?;
    let (unused_since, due_at) = (now.minus(CONTENTS_KEPT), now.plus(OUTLIVES));
    repeat(ctx, move |conn| content_removals::retire(conn, unused_since, due_at)).await?;
    while !ctx.stopping.is_cancelled() && ctx.media.purge().await? > 0 {}
    if let Some(before) = cutoff(&kept.retention_events, now) {
        repeat(ctx, move |conn| alerts::purge(conn, before, ALERTS)).await?;
    }
    if let Some(before) = cutoff(&kept.retention_webhook_deliveries, now) {
        repeat(ctx, move |conn| webhooks::purge(conn, before, WEBHOOK_DELIVERIES)).await?;
    }
    repeat(ctx, move |conn| webhooks::purge_deleted(conn, WEBHOOK_DELIVERIES)).await?;
    Ok(())
}

fn cutoff(days: &Days, now: Ts) -> Option<Ts> {
    days.0.map(|kept| now.minus(kept))
}

async fn repeat(
    ctx: &Context,
    batch: impl Fn(&mut Conn) -> StorageResult<usize> + Copy + Send + 'static,
) -> StorageResult<()> {
    while !ctx.stopping.is_cancelled() && ctx.db.write_bulk(batch).await? > 0 {}
    Ok(())
}
