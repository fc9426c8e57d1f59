//! Webhooks of the providers as they came in: evidence, and what became of it.

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::ids::{ChannelId, JournalId};
use crate::domain::page::List;
use crate::domain::provider::ProviderKind;
use crate::domain::state::{JournalOrigin, JournalState};
use crate::domain::time::Ts;
use crate::http::extract::{Path, page};
use crate::http::{ApiResult, Context, Granted, Query, can};
use crate::storage::journal_view::{self, JournalSummary};

/// Which webhooks.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WebhookEventQuery {
    /// Only those in one state.
    state: Option<JournalState>,
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[expect(dead_code, reason = "read where the caller is identified")]
    workspace: Option<Uuid>,
}

/// One webhook of a provider, its signature checked before it was stored.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WebhookEvent {
    pub id: JournalId,
    pub provider: ProviderKind,
    /// Whether the provider called, or the gateway asked and wrote down what a call would have said.
    pub origin: JournalOrigin,
    pub received_at: Ts,
    pub state: JournalState,
    /// How often its processing failed.
    pub tries: i32,
    /// Why it failed the last time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processed_at: Option<Ts>,
    /// The workspace's channels to which the secret that signed it belongs.
    pub channels: Vec<ChannelId>,
}

/// A webhook with its body.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WebhookEventDetail {
    #[serde(flatten)]
    pub event: WebhookEvent,
    /// The body as it came. None when the signing secret also belongs to another workspace's channels: the content may be
    /// theirs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("{\"object\":\"whatsapp_business_account\",\"entry\":[]}"))]
    pub body: Option<String>,
}

impl From<JournalSummary> for WebhookEvent {
    fn from(summary: JournalSummary) -> Self {
        Self {
            id: summary.id,
            provider: summary.provider,
            origin: summary.origin,
            received_at: summary.received_at,
            state: summary.state,
            tries: summary.tries,
            // What went wrong may quote the body.
            error: summary.error.filter(|_| summary.exclusive),
            processed_at: summary.processed_at,
            channels: summary.channels,
        }
    }
}

/// List incoming webhooks.
///
/// A page may be shorter than asked for, even empty, while there is a `next_cursor`.
#[utoipa::path(
    get, path = "/api/v1/webhook-events", operation_id = "list_webhook_events", tag = "Webhook events",
    security(("api_key" = ["channels:read"]), ("session" = ["channels:read"])),
    params(WebhookEventQuery),
    responses((status = 200, description = "Newest first", body = List<WebhookEvent>)),
)]
pub async fn list(
    caller: Granted<can::ChannelsRead>,
    ctx: web::Data<Context>,
    query: Query<WebhookEventQuery>,
) -> ApiResult<web::Json<List<WebhookEvent>>> {
    let page = page(query.0.cursor.as_deref(), query.0.limit)?;
    let (workspace, state) = (caller.workspace, query.0.state);
    let (found, next) = ctx.db.read(move |conn| journal_view::list(conn, workspace, state, page)).await?;
    let data = found.into_iter().map(WebhookEvent::from).collect();
    Ok(web::Json(List { data, next_cursor: next.map(|id| id.to_string()) }))
}

/// Show an incoming webhook with its body.
#[utoipa::path(
    get, path = "/api/v1/webhook-events/{webhook_event_id}", operation_id = "get_webhook_event", tag = "Webhook events",
    security(("api_key" = ["channels:read"]), ("session" = ["channels:read"])),
    params(("webhook_event_id" = JournalId, Path)),
    responses((status = 200, body = WebhookEventDetail)),
)]
pub async fn show(
    caller: Granted<can::ChannelsRead>,
    ctx: web::Data<Context>,
    id: Path<JournalId>,
) -> ApiResult<web::Json<WebhookEventDetail>> {
    let (summary, body) = ctx.db.read(move |conn| journal_view::get(conn, caller.workspace, id.0)).await?;
    let body = body.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Ok(web::Json(WebhookEventDetail { event: summary.into(), body }))
}
