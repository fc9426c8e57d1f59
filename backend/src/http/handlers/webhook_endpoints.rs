//! Whom a workspace's events are told: integrators' endpoints.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::event::EventKind;
use crate::domain::ids::WebhookEndpointId;
use crate::domain::page::List;
use crate::domain::webhook::WebhookEndpointState;
use crate::error::{ApiError, Code, Problem};
use crate::http::idempotency::{Keep, once, settled};
use crate::http::{ApiResult, Context, Granted, IdempotencyKey, JsonBody, Paging, Path, Query, can, listed};
use crate::storage::{StorageResult, webhook_endpoints};
use crate::webhooks::WebhookError;
use crate::webhooks::endpoint_view::{CreatedWebhookEndpoint, WebhookEndpointView, WebhookTest};
use crate::webhooks::endpoints::EndpointChange;

/// Makes an endpoint.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewWebhookEndpoint {
    /// https, public, without a user, a password or a part after #, at most 2,000 characters.
    #[schema(examples("https://shop.example/hooks/duplex"))]
    url: String,
    /// What it is for, at most 200 characters.
    #[schema(max_length = 200, examples("order service"))]
    description: Option<String>,
    /// The types of events that it is told of; all when absent or empty.
    #[schema(examples(json!(["message.received", "message.failed"])))]
    event_types: Option<Vec<EventKind>>,
}

/// Changes an endpoint; what is absent stays as it is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookEndpointChange {
    /// https, public, without a user, a password or a part after #, at most 2,000 characters. The secret stays.
    #[schema(examples("https://shop.example/hooks/duplex"))]
    url: Option<String>,
    /// What it is for, at most 200 characters.
    #[schema(max_length = 200, examples("order service"))]
    description: Option<String>,
    /// The types of events that it is told of from now on; all when empty.
    #[schema(examples(json!(["message.received", "message.failed"])))]
    event_types: Option<Vec<EventKind>>,
    /// One that becomes active is told of what it has missed, as far as the events feed reaches back.
    state: Option<WebhookEndpointState>,
}

/// List webhook endpoints, newest first.
#[utoipa::path(
    get, path = "/api/v1/webhook-endpoints", operation_id = "list_webhook_endpoints", tag = "Webhooks",
    security(("api_key" = ["webhooks:read"]), ("session" = ["webhooks:read"])),
    params(Paging),
    responses((status = 200, body = List<WebhookEndpointView>)),
)]
pub async fn list(
    caller: Granted<can::WebhooksRead>,
    ctx: web::Data<Context>,
    paging: Query<Paging>,
) -> ApiResult<web::Json<List<WebhookEndpointView>>> {
    let (page, now) = (paging.0.page()?, ctx.clock.now());
    let rows = ctx.db.read(move |conn| webhook_endpoints::list(conn, caller.workspace, page)).await?;
    let List { data, next_cursor } = listed(rows, page, |record| record.id.0);
    let data = data.iter().map(|record| WebhookEndpointView::of(record, now)).collect::<StorageResult<_>>()?;
    Ok(web::Json(List { data, next_cursor }))
}

/// Make a webhook endpoint.
///
/// Each event of the workspace's feed from now on is posted there, as `{"type", "timestamp", "data": Event}`, by the Standard
/// Webhooks specification: headers `webhook-id` (the same for every try, so that a repetition is known), `webhook-timestamp` and
/// `webhook-signature` (`v1,` and base64 of HMAC-SHA256). Up to eight requests are under way at once, so that `data.seq` and not
/// the order of arrival tells what came first.
///
/// An answer with a 2xx status within 15 seconds takes it. Status 410 disables the endpoint. Everything else is sent again for
/// about a day, at the earliest when `Retry-After` says, and is given up then. An endpoint that has taken nothing for three days
/// is disabled with an alert.
///
/// The secret is in this answer and nowhere else. A workspace has at most 20 endpoints.
#[utoipa::path(
    post, path = "/api/v1/webhook-endpoints", operation_id = "create_webhook_endpoint", tag = "Webhooks",
    security(("api_key" = ["webhooks:write"]), ("session" = ["webhooks:write"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters, kept for 24 hours")),
    request_body = NewWebhookEndpoint,
    responses(
        (status = 201, body = CreatedWebhookEndpoint),
        (status = 409, description = "`conflict`: there are 20 already; `idempotency_secret_gone`, `idempotency_key_running`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    caller: Granted<can::WebhooksWrite>,
    idempotency: IdempotencyKey,
    ctx: web::Data<Context>,
    body: JsonBody<NewWebhookEndpoint>,
) -> ApiResult<HttpResponse> {
    let scope = idempotency.scope(caller.stable_name(), "POST /api/v1/webhook-endpoints", body.hash());
    if let Some(answer) = settled(&ctx.db, scope.as_ref()).await? {
        return Ok(answer);
    }
    let NewWebhookEndpoint { url, description, event_types } = body.value;
    let asked = EndpointChange { url: Some(url), description, event_types, state: None };
    let made = ctx.webhook_endpoints.make(caller.workspace, asked)?;
    let now = ctx.clock.now();
    once(&ctx.db, scope, now, StatusCode::CREATED, Keep::Nothing, move |conn| made.store(conn, caller.workspace))
        .await
        .map_err(|error| if error.code == Code::Conflict { ApiError::from(WebhookError::TooMany) } else { error })
}

/// Show a webhook endpoint.
#[utoipa::path(
    get, path = "/api/v1/webhook-endpoints/{webhook_endpoint_id}", operation_id = "get_webhook_endpoint", tag = "Webhooks",
    security(("api_key" = ["webhooks:read"]), ("session" = ["webhooks:read"])),
    params(("webhook_endpoint_id" = WebhookEndpointId, Path)),
    responses((status = 200, body = WebhookEndpointView)),
)]
pub async fn show(
    caller: Granted<can::WebhooksRead>,
    ctx: web::Data<Context>,
    id: Path<WebhookEndpointId>,
) -> ApiResult<web::Json<WebhookEndpointView>> {
    Ok(web::Json(ctx.webhook_endpoints.get(caller.workspace, id.0).await?))
}

/// Change, disable or activate a webhook endpoint.
#[utoipa::path(
    patch, path = "/api/v1/webhook-endpoints/{webhook_endpoint_id}", operation_id = "update_webhook_endpoint",
    tag = "Webhooks",
    security(("api_key" = ["webhooks:write"]), ("session" = ["webhooks:write"])),
    params(("webhook_endpoint_id" = WebhookEndpointId, Path)),
    request_body = WebhookEndpointChange,
    responses((status = 200, body = WebhookEndpointView)),
)]
pub async fn update(
    caller: Granted<can::WebhooksWrite>,
    ctx: web::Data<Context>,
    id: Path<WebhookEndpointId>,
    body: JsonBody<WebhookEndpointChange>,
) -> ApiResult<web::Json<WebhookEndpointView>> {
    let WebhookEndpointChange { url, description, event_types, state } = body.value;
    let change = EndpointChange { url, description, event_types, state };
    Ok(web::Json(ctx.webhook_endpoints.change(caller.workspace, id.0, change).await?))
}

/// Remove a webhook endpoint.
#[utoipa::path(
    delete, path = "/api/v1/webhook-endpoints/{webhook_endpoint_id}", operation_id = "delete_webhook_endpoint",
    tag = "Webhooks",
    security(("api_key" = ["webhooks:write"]), ("session" = ["webhooks:write"])),
    params(("webhook_endpoint_id" = WebhookEndpointId, Path)),
    responses((status = 204, description = "Removed, with its secrets and its log")),
)]
pub async fn delete(
    caller: Granted<can::WebhooksWrite>,
    ctx: web::Data<Context>,
    id: Path<WebhookEndpointId>,
) -> ApiResult<HttpResponse> {
    ctx.webhook_endpoints.delete(caller.workspace, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Give a webhook endpoint a new secret.
///
/// The new secret is in this answer and nowhere else. For 24 hours requests are signed with the present one too: their
/// `webhook-signature` holds both signatures, separated by a space. A second rotation within that time ends the one before it.
#[utoipa::path(
    post, path = "/api/v1/webhook-endpoints/{webhook_endpoint_id}/rotate-secret", operation_id = "rotate_webhook_secret",
    tag = "Webhooks",
    security(("api_key" = ["webhooks:write"]), ("session" = ["webhooks:write"])),
    params(("webhook_endpoint_id" = WebhookEndpointId, Path)),
    responses((status = 200, body = CreatedWebhookEndpoint)),
)]
pub async fn rotate_secret(
    caller: Granted<can::WebhooksWrite>,
    ctx: web::Data<Context>,
    id: Path<WebhookEndpointId>,
) -> ApiResult<web::Json<CreatedWebhookEndpoint>> {
    Ok(web::Json(ctx.webhook_endpoints.rotate(caller.workspace, id.0).await?))
}

/// Try a webhook endpoint.
///
/// Posts `{"type": "webhook.test"}` there now, once, also when it is disabled. It does not stand in the log.
#[utoipa::path(
    post, path = "/api/v1/webhook-endpoints/{webhook_endpoint_id}/test", operation_id = "test_webhook_endpoint",
    tag = "Webhooks",
    security(("api_key" = ["webhooks:write"]), ("session" = ["webhooks:write"])),
    params(("webhook_endpoint_id" = WebhookEndpointId, Path)),
    responses((status = 200, description = "How it went, also when the endpoint did not take it", body = WebhookTest)),
)]
pub async fn test(
    caller: Granted<can::WebhooksWrite>,
    ctx: web::Data<Context>,
    id: Path<WebhookEndpointId>,
) -> ApiResult<web::Json<WebhookTest>> {
    Ok(web::Json(ctx.webhook_endpoints.test(caller.workspace, id.0).await?.into()))
}
