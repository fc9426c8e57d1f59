//! Alerts: what an operator has to know, and the endpoint that is told of it.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::alert::{Alert, AlertDelivery, AlertState};
use crate::domain::ids::AlertId;
use crate::domain::page::List;
use crate::domain::time::Ts;
use crate::error::Problem;
use crate::http::extract::page;
use crate::http::{ApiResult, Context, Granted, JsonBody, Path, Query, can, listed};
use crate::storage::alerts::{self, AlertRecord};
use crate::storage::events;
use crate::webhooks::alert_endpoint::{AlertEndpointView, SavedAlertEndpoint};

/// An alert, and how far the workspace's endpoint has been told of it.
#[derive(Serialize, ToSchema)]
pub struct AlertView {
    #[serde(flatten)]
    pub alert: Alert,
    pub delivery: AlertDelivery,
    /// Tries so far to tell of its present state.
    pub delivery_tries: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_at: Option<Ts>,
    /// Why the last try failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery_error: Option<String>,
}

impl From<AlertRecord> for AlertView {
    fn from(record: AlertRecord) -> Self {
        Self {
            alert: record.alert(),
            delivery: record.delivery,
            delivery_tries: record.delivery_tries,
            delivered_at: record.delivered_at,
            delivery_error: record.delivery_error,
        }
    }
}

/// Which alerts.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AlertQuery {
    /// Only those that are open, or those that are over.
    state: Option<AlertState>,
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// List alerts, newest first.
#[utoipa::path(
    get, path = "/api/v1/alerts", operation_id = "list_alerts", tag = "Alerts",
    security(("api_key" = ["channels:read"]), ("session" = ["channels:read"])),
    params(AlertQuery),
    responses((status = 200, body = List<AlertView>)),
)]
pub async fn list(
    caller: Granted<can::ChannelsRead>,
    ctx: web::Data<Context>,
    query: Query<AlertQuery>,
) -> ApiResult<web::Json<List<AlertView>>> {
    let page = page(query.0.cursor.as_deref(), query.0.limit)?;
    let state = query.0.state;
    let rows = ctx.db.read(move |conn| alerts::list(conn, caller.workspace, state, page)).await?;
    let List { data, next_cursor } = listed(rows, page, |record| record.id.0);
    Ok(web::Json(List { data: data.into_iter().map(AlertView::from).collect(), next_cursor }))
}

/// Clear an alert by hand.
///
/// Most end by themselves when their cause does, and come back if it does not; those about the two-step verification of a
/// number end by hand only. One that is over stays as it is.
#[utoipa::path(
    post, path = "/api/v1/alerts/{alert_id}/clear", operation_id = "clear_alert", tag = "Alerts",
    security(("api_key" = ["channels:write"]), ("session" = ["channels:write"])),
    params(("alert_id" = AlertId, Path)),
    responses((status = 200, body = AlertView)),
)]
pub async fn clear(
    caller: Granted<can::ChannelsWrite>,
    ctx: web::Data<Context>,
    id: Path<AlertId>,
) -> ApiResult<web::Json<AlertView>> {
    let (workspace, now) = (caller.workspace, ctx.clock.now());
    let record = ctx
        .db
        .write(move |conn| {
            let news = alerts::clear_one(conn, workspace, id.0, now)?.map(|alert| (workspace, alert.event(now)));
            events::append(conn, news.into_iter().collect())?;
            alerts::get(conn, workspace, id.0)
        })
        .await?;
    ctx.live.notify(workspace);
    Ok(web::Json(record.into()))
}

/// Where alerts are to be told.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAlertEndpoint {
    /// https, public, at most 2,000 characters.
    #[schema(examples("https://ops.example/hooks/duplex"))]
    url: String,
}

/// How a test went.
#[derive(Serialize, ToSchema)]
pub struct AlertEndpointTest {
    /// The endpoint has taken it.
    pub delivered: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Show the alert endpoint.
#[utoipa::path(
    get, path = "/api/v1/alert-endpoint", operation_id = "get_alert_endpoint", tag = "Alerts",
    security(("api_key" = ["workspace:read"]), ("session" = ["workspace:read"])),
    responses(
        (status = 200, body = AlertEndpointView),
        (status = 404, description = "`not_found`: the workspace has none", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn endpoint(
    caller: Granted<can::WorkspaceRead>,
    ctx: web::Data<Context>,
) -> ApiResult<web::Json<AlertEndpointView>> {
    Ok(web::Json(ctx.alert_endpoints.get(caller.workspace).await?))
}

/// Set the alert endpoint.
///
/// Each alert is posted there when it begins and when it ends, as `{"type": "alert.raised" | "alert.cleared", "timestamp", "data":
/// Alert}`, by the Standard Webhooks specification: headers `webhook-id` (the same for every try), `webhook-timestamp` and
/// `webhook-signature` (`v1,` and base64 of HMAC-SHA256). What is not taken with a 2xx status is sent again for a day. The secret
/// is shown once, when the address is new.
#[utoipa::path(
    put, path = "/api/v1/alert-endpoint", operation_id = "set_alert_endpoint", tag = "Alerts",
    security(("api_key" = ["workspace:write"]), ("session" = ["workspace:write"])),
    request_body = SetAlertEndpoint,
    responses((status = 200, body = SavedAlertEndpoint)),
)]
pub async fn set_endpoint(
    caller: Granted<can::WorkspaceWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<SetAlertEndpoint>,
) -> ApiResult<web::Json<SavedAlertEndpoint>> {
    Ok(web::Json(ctx.alert_endpoints.put(caller.workspace, &body.value.url).await?))
}

/// Remove the alert endpoint.
#[utoipa::path(
    delete, path = "/api/v1/alert-endpoint", operation_id = "delete_alert_endpoint", tag = "Alerts",
    security(("api_key" = ["workspace:write"]), ("session" = ["workspace:write"])),
    responses((status = 204, description = "Removed, with its secret")),
)]
pub async fn delete_endpoint(caller: Granted<can::WorkspaceWrite>, ctx: web::Data<Context>) -> ApiResult<HttpResponse> {
    ctx.alert_endpoints.delete(caller.workspace).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Try the alert endpoint.
///
/// Posts `{"type": "alert.test"}` there now, once.
#[utoipa::path(
    post, path = "/api/v1/alert-endpoint/test", operation_id = "test_alert_endpoint", tag = "Alerts",
    security(("api_key" = ["workspace:write"]), ("session" = ["workspace:write"])),
    responses((status = 200, description = "How it went, also when the endpoint did not take it", body = AlertEndpointTest)),
)]
pub async fn test_endpoint(
    caller: Granted<can::WorkspaceWrite>,
    ctx: web::Data<Context>,
) -> ApiResult<web::Json<AlertEndpointTest>> {
    let error = ctx.alert_endpoints.test(caller.workspace).await?;
    Ok(web::Json(AlertEndpointTest { delivered: error.is_none(), error }))
}
