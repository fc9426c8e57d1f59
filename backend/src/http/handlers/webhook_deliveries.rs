//! The log of what integrators' endpoints were told, and telling it once more.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::event::EventKind;
use crate::domain::ids::{WebhookDeliveryId, WebhookEndpointId};
use crate::domain::page::List;
use crate::domain::time::Ts;
use crate::domain::webhook::WebhookDeliveryState;
use crate::error::{ApiError, FieldError};
use crate::http::extract::page;
use crate::http::{ApiResult, Context, Granted, JsonBody, Path, Query, can, listed};
use crate::storage::{webhook_deliveries, webhook_endpoints};
use crate::webhooks::endpoint_view::{WebhookDeliveryDetail, WebhookDeliveryView};
use crate::webhooks::endpoints::ReplayStart;

/// Which deliveries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct WebhookDeliveryQuery {
    /// Only those in one state.
    state: Option<WebhookDeliveryState>,
    /// Only those of events of one type.
    event_type: Option<EventKind>,
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// From where on deliveries are sent once more.
#[derive(ToSchema)]
#[serde(untagged)]
pub enum WebhookReplayStart {
    /// Events after this place in the feed.
    Seq(i64),
    /// Deliveries made at this time or later.
    Time(Ts),
}

/// Which deliveries are sent once more.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookReplay {
    /// A place in the events feed, or a time (RFC 3339).
    #[schema(value_type = WebhookReplayStart, examples("2026-11-22T10:00:00Z"))]
    after: Value,
    /// `failed`, `delivered`, or both; both when absent.
    #[schema(examples(json!(["failed"])))]
    states: Option<Vec<WebhookDeliveryState>>,
}

/// What was started.
#[derive(Serialize, ToSchema)]
pub struct WebhookReplayStarted {
    /// Deliveries that are sent once more.
    #[schema(examples(12))]
    pub replayed: usize,
}

impl WebhookReplay {
    fn parse(self) -> ApiResult<(ReplayStart, Vec<WebhookDeliveryState>)> {
        const ENDED: [WebhookDeliveryState; 2] = [WebhookDeliveryState::Failed, WebhookDeliveryState::Delivered];
        let mut errors = Vec::new();
        let start = match (self.after.as_i64(), self.after.as_str().map(Ts::parse)) {
            (Some(seq @ 0..), _) => Some(ReplayStart::After(seq)),
            (_, Some(Ok(time))) => Some(ReplayStart::Since(time)),
            _ => None,
        };
        if start.is_none() {
            errors.push(FieldError::new(
                "after",
                "invalid_value",
                "a place in the feed, 0 or more, or a time (RFC 3339)",
            ));
        }
        let states = self.states.filter(|states| !states.is_empty()).unwrap_or_else(|| ENDED.to_vec());
        for (at, state) in states.iter().enumerate().filter(|(_, state)| !ENDED.contains(state)) {
            let message = format!("{state} deliveries are sent anyway; name failed or delivered");
            errors.push(FieldError::new(format!("states[{at}]"), "invalid_value", message));
        }
        match start {
            Some(start) if errors.is_empty() => Ok((start, states)),
            _ => Err(ApiError::fields(errors)),
        }
    }
}

/// List what an endpoint was told, newest first.
#[utoipa::path(
    get, path = "/api/v1/webhook-endpoints/{webhook_endpoint_id}/deliveries", operation_id = "list_webhook_deliveries",
    tag = "Webhooks",
    security(("api_key" = ["webhooks:read"]), ("session" = ["webhooks:read"])),
    params(("webhook_endpoint_id" = WebhookEndpointId, Path), WebhookDeliveryQuery),
    responses((status = 200, body = List<WebhookDeliveryView>)),
)]
pub async fn list(
    caller: Granted<can::WebhooksRead>,
    ctx: web::Data<Context>,
    id: Path<WebhookEndpointId>,
    query: Query<WebhookDeliveryQuery>,
) -> ApiResult<web::Json<List<WebhookDeliveryView>>> {
    let page = page(query.0.cursor.as_deref(), query.0.limit)?;
    let WebhookDeliveryQuery { state, event_type, .. } = query.0;
    let (workspace, endpoint) = (caller.workspace, id.0);
    let rows = ctx.db.read(move |conn| {
        webhook_endpoints::get(conn, workspace, endpoint)?;
        webhook_deliveries::list(conn, workspace, endpoint, state, event_type, page)
    });
    let List { data, next_cursor } = listed(rows.await?, page, |record| record.id.0);
    Ok(web::Json(List { data: data.into_iter().map(WebhookDeliveryView::from).collect(), next_cursor }))
}

/// Show a delivery, with its body and each try.
#[utoipa::path(
    get, path = "/api/v1/webhook-deliveries/{webhook_delivery_id}", operation_id = "get_webhook_delivery", tag = "Webhooks",
    security(("api_key" = ["webhooks:read"]), ("session" = ["webhooks:read"])),
    params(("webhook_delivery_id" = WebhookDeliveryId, Path)),
    responses((status = 200, body = WebhookDeliveryDetail)),
)]
pub async fn show(
    caller: Granted<can::WebhooksRead>,
    ctx: web::Data<Context>,
    id: Path<WebhookDeliveryId>,
) -> ApiResult<web::Json<WebhookDeliveryDetail>> {
    Ok(web::Json(ctx.webhook_endpoints.delivery(caller.workspace, id.0).await?))
}

/// Send a delivery once more, now.
///
/// With the same `webhook-id` as before, so that a receiver that has taken it knows it. One that is being sent stays as it is; one
/// of a disabled endpoint waits until the endpoint is active.
#[utoipa::path(
    post, path = "/api/v1/webhook-deliveries/{webhook_delivery_id}/replay", operation_id = "replay_webhook_delivery",
    tag = "Webhooks",
    security(("api_key" = ["webhooks:write"]), ("session" = ["webhooks:write"])),
    params(("webhook_delivery_id" = WebhookDeliveryId, Path)),
    responses((status = 202, body = WebhookDeliveryView)),
)]
pub async fn replay_one(
    caller: Granted<can::WebhooksWrite>,
    ctx: web::Data<Context>,
    id: Path<WebhookDeliveryId>,
) -> ApiResult<HttpResponse> {
    let record = ctx.webhook_endpoints.replay_one(caller.workspace, id.0).await?;
    Ok(HttpResponse::Accepted().json(WebhookDeliveryView::from(record)))
}

/// Send deliveries of an endpoint once more, now.
///
/// All that have ended since a time or after a place in the feed: those that were given up, those that were taken, or both. What
/// happened before the endpoint was made has no delivery; read it from the events feed.
#[utoipa::path(
    post, path = "/api/v1/webhook-endpoints/{webhook_endpoint_id}/replay", operation_id = "replay_webhook_deliveries",
    tag = "Webhooks",
    security(("api_key" = ["webhooks:write"]), ("session" = ["webhooks:write"])),
    params(("webhook_endpoint_id" = WebhookEndpointId, Path)),
    request_body = WebhookReplay,
    responses((status = 202, body = WebhookReplayStarted)),
)]
pub async fn replay(
    caller: Granted<can::WebhooksWrite>,
    ctx: web::Data<Context>,
    id: Path<WebhookEndpointId>,
    body: JsonBody<WebhookReplay>,
) -> ApiResult<HttpResponse> {
    let (start, states) = body.value.parse()?;
    let replayed = ctx.webhook_endpoints.replay(caller.workspace, id.0, start, states).await?;
    Ok(HttpResponse::Accepted().json(WebhookReplayStarted { replayed }))
}
