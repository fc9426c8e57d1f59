//! Channels: one WhatsApp sender each, at one provider.

use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::channels::Created;
use crate::channels::form::{CreateChannel, UpdateChannel};
use crate::channels::view::ChannelView;
use crate::domain::ids::ChannelId;
use crate::domain::page::List;
use crate::domain::provider::{Environment, ProviderKind};
use crate::domain::scope::Scope;
use crate::error::Problem;
use crate::http::extract::{IdempotencyKey, JsonBody, Path, listed, page};
use crate::http::idempotency::{replay, settled};
use crate::http::{ApiResult, Context, Granted, Query, can};

/// Which channels.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ChannelQuery {
    /// Only those of one provider.
    provider: Option<ProviderKind>,
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[expect(dead_code, reason = "read where the caller is identified")]
    workspace: Option<Uuid>,
}

/// List channels.
#[utoipa::path(
    get, path = "/api/v1/channels", operation_id = "list_channels", tag = "Channels",
    security(("api_key" = ["channels:read"]), ("session" = ["channels:read"])),
    params(ChannelQuery),
    responses((status = 200, description = "Newest first", body = List<ChannelView>)),
)]
pub async fn list(
    caller: Granted<can::ChannelsRead>,
    ctx: web::Data<Context>,
    query: Query<ChannelQuery>,
) -> ApiResult<web::Json<List<ChannelView>>> {
    let page = page(query.0.cursor.as_deref(), query.0.limit)?;
    let found = ctx.channels.list(caller.workspace, query.0.provider, page).await?;
    let List { data, next_cursor } = listed(found, page, |(id, _)| id.0);
    Ok(web::Json(List { data: data.into_iter().map(|(_, channel)| channel).collect(), next_cursor }))
}

/// Make a channel.
///
/// The fields are those of the provider's form (`GET /api/v1/providers`). Secrets are stored sealed and never given back. The
/// first channel of a provider becomes the provider's default. Check it next: making it does not try the credentials, unless
/// `auto_connect` lets the gateway set its webhooks at the provider and check them.
#[utoipa::path(
    post, path = "/api/v1/channels", operation_id = "create_channel", tag = "Channels",
    security(("api_key" = ["channels:write"]), ("session" = ["channels:write"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters, kept for 24 hours")),
    request_body(content = CreateChannel, examples(
        ("twilio" = (summary = "A sender at Twilio", value = json!({
            "provider": "twilio", "name": "Support", "account_sid": "AC0123456789abcdef0123456789abcdef",
            "auth_token": "5f1d7a84db34e9b2c6a0f3e85e9d1c47", "sender_number": "+447700900001"
        }))),
        ("direct" = (summary = "A number at Meta's Cloud API", value = json!({
            "provider": "direct", "name": "Orders", "whatsapp_business_phone_id": "200000000000001",
            "waba_id": "300000000000001", "whatsapp_app_id": "100000000000001",
            "app_secret": "0123456789abcdef0123456789abcdef", "whatsapp_access_token": "EAAGexampletokenexampletoken"
        }))),
    )),
    responses(
        (status = 201, body = ChannelView),
        (status = 409, description = "`conflict` with `errors[0].code` = `sender_taken`: the sender belongs to another channel of this installation; `idempotency_key_running`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    caller: Granted<can::ChannelsWrite>,
    idempotency: IdempotencyKey,
    ctx: web::Data<Context>,
    body: JsonBody<CreateChannel>,
) -> ApiResult<HttpResponse> {
    let key = idempotency.scope(caller.stable_name(), "POST /api/v1/channels", body.hash());
    if let Some(answer) = settled(&ctx.db, key.as_ref()).await? {
        return Ok(answer);
    }
    let connects = body.value.auto_connect();
    match ctx.channels.create(caller.workspace, body.value.into(), key).await? {
        Created::Channel(channel) => {
            introduce(&ctx, &caller, channel.id()).await;
            // An account that was never looked at is due.
            ctx.templates.wake();
            if !connects {
                return Ok(HttpResponse::Created().json(channel));
            }
            ctx.channels.repair(caller.workspace, channel.id()).await?;
            Ok(HttpResponse::Created().json(ctx.channels.get(caller.workspace, channel.id(), false).await?))
        }
        Created::Taken(claim) => replay(claim),
    }
}

/// Show a channel.
///
/// With the scope `channels:write` the verify token is shown too: it has to be copied into Meta's console.
#[utoipa::path(
    get, path = "/api/v1/channels/{channel_id}", operation_id = "get_channel", tag = "Channels",
    security(("api_key" = ["channels:read"]), ("session" = ["channels:read"])),
    params(("channel_id" = ChannelId, Path)),
    responses((status = 200, body = ChannelView)),
)]
pub async fn show(
    caller: Granted<can::ChannelsRead>,
    ctx: web::Data<Context>,
    id: Path<ChannelId>,
) -> ApiResult<web::Json<ChannelView>> {
    let may_write = caller.scopes.contains(&Scope::ChannelsWrite);
    Ok(web::Json(ctx.channels.get(caller.workspace, id.0, may_write).await?))
}

/// Change a channel.
///
/// What is absent stays; `null` clears an optional field. `is_default: true` makes it its provider's default. The account and
/// the sender can't change while messages wait.
#[utoipa::path(
    patch, path = "/api/v1/channels/{channel_id}", operation_id = "update_channel", tag = "Channels",
    security(("api_key" = ["channels:write"]), ("session" = ["channels:write"])),
    params(("channel_id" = ChannelId, Path)),
    request_body(content = UpdateChannel, example = json!({ "provider": "twilio", "is_default": true })),
    responses(
        (status = 200, body = ChannelView),
        (status = 409, description = "`conflict`: the sender belongs to another channel (`errors[0].code` = `sender_taken`), or messages wait", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn update(
    caller: Granted<can::ChannelsWrite>,
    ctx: web::Data<Context>,
    id: Path<ChannelId>,
    body: JsonBody<UpdateChannel>,
) -> ApiResult<web::Json<ChannelView>> {
    let channel = ctx.channels.update(caller.workspace, id.0, body.value.into()).await?;
    introduce(&ctx, &caller, id.0).await;
    Ok(web::Json(channel))
}

/// In a sandbox the simulator plays the provider, and has to know whom it plays. What fails here shows when the connection is
/// checked; the channel is saved in any case.
async fn introduce(ctx: &Context, caller: &Granted<can::ChannelsWrite>, channel: ChannelId) {
    let Some(sandbox) = ctx.sandbox.as_ref().filter(|_| caller.environment == Environment::Sandbox) else { return };
    if let Err(error) = sandbox.introduce(caller.workspace, channel).await {
        tracing::warn!(%channel, %error, "the simulator was not told of a channel");
    }
}

/// Delete a channel and its secrets.
///
/// Its messages stay readable. Another channel of the provider, the oldest, becomes the default if this one was.
#[utoipa::path(
    delete, path = "/api/v1/channels/{channel_id}", operation_id = "delete_channel", tag = "Channels",
    security(("api_key" = ["channels:write"]), ("session" = ["channels:write"])),
    params(("channel_id" = ChannelId, Path)),
    responses(
        (status = 204, description = "Deleted"),
        (status = 409, description = "`conflict`: messages still wait on it; cancel them or let them be sent", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn delete(
    caller: Granted<can::ChannelsWrite>,
    ctx: web::Data<Context>,
    id: Path<ChannelId>,
) -> ApiResult<HttpResponse> {
    ctx.channels.delete(caller.workspace, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Hold a channel.
///
/// Nothing is sent on it until it is resumed by hand; its queue waits.
#[utoipa::path(
    post, path = "/api/v1/channels/{channel_id}/hold", operation_id = "hold_channel", tag = "Channels",
    security(("api_key" = ["channels:write"]), ("session" = ["channels:write"])),
    params(("channel_id" = ChannelId, Path)),
    responses(
        (status = 200, body = ChannelView),
        (status = 409, description = "`conflict`: it is not active", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn hold(
    caller: Granted<can::ChannelsWrite>,
    ctx: web::Data<Context>,
    id: Path<ChannelId>,
) -> ApiResult<web::Json<ChannelView>> {
    ctx.channels.hold(caller.workspace, id.0).await?;
    Ok(web::Json(ctx.channels.get(caller.workspace, id.0, false).await?))
}

/// Resume a held channel, whoever held it.
#[utoipa::path(
    post, path = "/api/v1/channels/{channel_id}/resume", operation_id = "resume_channel", tag = "Channels",
    security(("api_key" = ["channels:write"]), ("session" = ["channels:write"])),
    params(("channel_id" = ChannelId, Path)),
    responses(
        (status = 200, body = ChannelView),
        (status = 409, description = "`conflict`: it is not held", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn resume(
    caller: Granted<can::ChannelsWrite>,
    ctx: web::Data<Context>,
    id: Path<ChannelId>,
) -> ApiResult<web::Json<ChannelView>> {
    ctx.channels.resume(caller.workspace, id.0).await?;
    Ok(web::Json(ctx.channels.get(caller.workspace, id.0, false).await?))
}
