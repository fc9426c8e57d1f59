//! Templates: authored once, submitted to each provider, kept in step.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::ids::{ChannelId, TemplateId};
use crate::domain::page::List;
use crate::domain::provider::ProviderKind;
use crate::domain::template_definition::{TemplateCategory, TemplateDefinition};
use crate::domain::template_state::TemplateStatus;
use crate::error::Problem;
use crate::http::extract::{IdempotencyKey, JsonBody, Path, listed, page};
use crate::http::idempotency::{replay, settled};
use crate::http::{ApiResult, Context, Granted, Query, can};
use crate::storage::templates::TemplateFilter;
use crate::templates::editor::Made;
use crate::templates::preview::TemplatePreview;
use crate::templates::view::{TemplateSyncView, TemplateView};

/// Which templates.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TemplateQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// The whole name: all its languages.
    name: Option<String>,
    language: Option<String>,
    category: Option<TemplateCategory>,
    /// Those that have this status at some account.
    status: Option<TemplateStatus>,
    /// Those that this provider has or was asked to take.
    provider: Option<ProviderKind>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[expect(dead_code, reason = "read where the caller is identified")]
    workspace: Option<Uuid>,
}

/// List templates, newest first.
#[utoipa::path(
    get, path = "/api/v1/templates", operation_id = "list_templates", tag = "Templates",
    security(("api_key" = ["templates:read"]), ("session" = ["templates:read"])),
    params(TemplateQuery),
    responses((status = 200, body = List<TemplateView>)),
)]
pub async fn list(
    caller: Granted<can::TemplatesRead>,
    ctx: web::Data<Context>,
    query: Query<TemplateQuery>,
) -> ApiResult<web::Json<List<TemplateView>>> {
    let query = query.0;
    let page = page(query.cursor.as_deref(), query.limit)?;
    let filter = TemplateFilter {
        name: query.name,
        language: query.language,
        category: query.category,
        status: query.status,
        provider: query.provider,
    };
    let found = ctx.templates.list(caller.workspace, filter, page).await?;
    Ok(web::Json(listed(found, page, |template| template.id.0)))
}

/// Make a template.
///
/// It is kept here and not submitted yet. The same name in another language is a template of its own.
#[utoipa::path(
    post, path = "/api/v1/templates", operation_id = "create_template", tag = "Templates",
    security(("api_key" = ["templates:write"]), ("session" = ["templates:write"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters, kept for 24 hours")),
    request_body = TemplateDefinition,
    responses(
        (status = 201, body = TemplateView),
        (status = 409, description = "`conflict`: the name exists in this language; `idempotency_key_running`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    caller: Granted<can::TemplatesWrite>,
    idempotency: IdempotencyKey,
    ctx: web::Data<Context>,
    body: JsonBody<TemplateDefinition>,
) -> ApiResult<HttpResponse> {
    let key = idempotency.scope(caller.stable_name(), "POST /api/v1/templates", body.hash());
    if let Some(answer) = settled(&ctx.db, key.as_ref()).await? {
        return Ok(answer);
    }
    match ctx.templates.create(caller.workspace, body.value, key).await? {
        Made::Template(template) => Ok(HttpResponse::Created().json(template)),
        Made::Taken(claim) => replay(claim),
    }
}

/// Show a template with where it stands.
#[utoipa::path(
    get, path = "/api/v1/templates/{template_id}", operation_id = "get_template", tag = "Templates",
    security(("api_key" = ["templates:read"]), ("session" = ["templates:read"])),
    params(("template_id" = TemplateId, Path)),
    responses((status = 200, body = TemplateView)),
)]
pub async fn show(
    caller: Granted<can::TemplatesRead>,
    ctx: web::Data<Context>,
    id: Path<TemplateId>,
) -> ApiResult<web::Json<TemplateView>> {
    Ok(web::Json(ctx.templates.get(caller.workspace, id.0).await?))
}

/// Change a template.
///
/// Replaces the whole definition but its name and language, which never change. What stands at the providers stays as it is
/// until the template is submitted again.
#[utoipa::path(
    put, path = "/api/v1/templates/{template_id}", operation_id = "update_template", tag = "Templates",
    security(("api_key" = ["templates:write"]), ("session" = ["templates:write"])),
    params(("template_id" = TemplateId, Path)),
    request_body = TemplateDefinition,
    responses((status = 200, body = TemplateView)),
)]
pub async fn update(
    caller: Granted<can::TemplatesWrite>,
    ctx: web::Data<Context>,
    id: Path<TemplateId>,
    body: JsonBody<TemplateDefinition>,
) -> ApiResult<web::Json<TemplateView>> {
    Ok(web::Json(ctx.templates.update(caller.workspace, id.0, body.value).await?))
}

/// How far a deletion goes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TemplateDeletion {
    /// Also at the providers. WhatsApp then blocks the name for 30 days; messages on their way still arrive.
    #[param(default = false)]
    everywhere: Option<bool>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[expect(dead_code, reason = "read where the caller is identified")]
    workspace: Option<Uuid>,
}

/// Delete a template.
#[utoipa::path(
    delete, path = "/api/v1/templates/{template_id}", operation_id = "delete_template", tag = "Templates",
    security(("api_key" = ["templates:write"]), ("session" = ["templates:write"])),
    params(("template_id" = TemplateId, Path), TemplateDeletion),
    responses(
        (status = 204, description = "Deleted"),
        (status = 409, description = "`conflict`: it stands at a provider; delete it everywhere", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "`provider_unavailable`: a provider can't be reached; the template stays", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn delete(
    caller: Granted<can::TemplatesWrite>,
    ctx: web::Data<Context>,
    id: Path<TemplateId>,
    query: Query<TemplateDeletion>,
) -> ApiResult<HttpResponse> {
    ctx.templates.delete(caller.workspace, id.0, query.0.everywhere.unwrap_or(false)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Look at a definition from every side.
///
/// Both providers' forms of it, what each lacks, the rules that it breaks, and the bubble filled with the samples. Nothing is
/// kept or submitted.
#[utoipa::path(
    post, path = "/api/v1/templates/preview", operation_id = "preview_template", tag = "Templates",
    security(("api_key" = ["templates:read"]), ("session" = ["templates:read"])),
    request_body = TemplateDefinition,
    responses((status = 200, description = "Also when rules are broken", body = TemplatePreview)),
)]
pub async fn preview(
    caller: Granted<can::TemplatesRead>,
    ctx: web::Data<Context>,
    body: JsonBody<TemplateDefinition>,
) -> ApiResult<web::Json<TemplatePreview>> {
    Ok(web::Json(ctx.templates.preview(caller.workspace, &body.value).await?))
}

/// Where a template is submitted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "channel_id": "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b" })))]
pub struct TemplateSubmission {
    /// A channel of the account; its other channels can send the template too.
    channel_id: ChannelId,
}

/// Submit a template for approval.
///
/// On the account of a channel. What stands there already is edited: at Meta an approved template once in 24 hours and ten
/// times in 30 days; at Twilio a new Content takes its place once it is approved. The category in the answer may be another
/// one than asked for. A refusal is also kept with the registration.
#[utoipa::path(
    post, path = "/api/v1/templates/{template_id}/submissions", operation_id = "submit_template", tag = "Templates",
    security(("api_key" = ["templates:write"]), ("session" = ["templates:write"])),
    params(("template_id" = TemplateId, Path)),
    request_body = TemplateSubmission,
    responses(
        (status = 200, description = "Under review", body = TemplateView),
        (status = 409, description = "`conflict`: its state there allows no submission, or it was edited too often", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "`provider_unavailable`: the provider can't be reached or takes no more for now", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn submit(
    caller: Granted<can::TemplatesWrite>,
    ctx: web::Data<Context>,
    id: Path<TemplateId>,
    body: JsonBody<TemplateSubmission>,
) -> ApiResult<web::Json<TemplateView>> {
    Ok(web::Json(ctx.templates.submit(caller.workspace, id.0, body.value.channel_id).await?))
}

/// How the comparison with each account stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateSyncs {
    pub data: Vec<TemplateSyncView>,
}

/// Which account is compared.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "channel_id": "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b" }), json!({})))]
pub struct TemplateSyncRequest {
    /// The account of this channel; all accounts of the workspace when absent.
    channel_id: Option<ChannelId>,
}

/// Show when templates were last compared with what stands at the providers.
#[utoipa::path(
    get, path = "/api/v1/templates/syncs", operation_id = "list_template_syncs", tag = "Templates",
    security(("api_key" = ["templates:read"]), ("session" = ["templates:read"])),
    responses((status = 200, description = "One for each account", body = TemplateSyncs)),
)]
pub async fn syncs(
    caller: Granted<can::TemplatesRead>,
    ctx: web::Data<Context>,
) -> ApiResult<web::Json<TemplateSyncs>> {
    Ok(web::Json(TemplateSyncs { data: ctx.templates.syncs(caller.workspace).await? }))
}

/// Compare templates with what stands at the providers now.
///
/// Answers when it is done. A provider that did not answer is told in `error`; what was known stays.
#[utoipa::path(
    post, path = "/api/v1/templates/syncs", operation_id = "sync_templates", tag = "Templates",
    security(("api_key" = ["templates:write"]), ("session" = ["templates:write"])),
    request_body = TemplateSyncRequest,
    responses((status = 200, description = "One for each account that was compared", body = TemplateSyncs)),
)]
pub async fn sync(
    caller: Granted<can::TemplatesWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<TemplateSyncRequest>,
) -> ApiResult<web::Json<TemplateSyncs>> {
    Ok(web::Json(TemplateSyncs { data: ctx.templates.sync(caller.workspace, body.value.channel_id).await? }))
}
