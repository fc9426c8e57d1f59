//! Media: uploaded once and sent any number of times, and what people sent.

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::media_view::MediaView;
use crate::domain::ids::MediaId;
use crate::domain::media::{FileKind, MediaState};
use crate::domain::message::Direction;
use crate::domain::page::List;
use crate::error::Problem;
use crate::http::extract::{IdempotencyKey, Path, listed, page};
use crate::http::file_answer::{Disposition, FileAnswer};
use crate::http::idempotency::replay;
use crate::http::upload::Upload;
use crate::http::{API, ApiResult, Context, Granted, Query, can};
use crate::media::naming::{contradiction, safe_name};
use crate::media::{Kept, sniff};
use crate::storage::StorageError;
use crate::storage::media::{MediaFilter, MediaRecord};

const ROUTE: &str = "POST /api/v1/media";

/// The parts of an upload.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form, which is read part by part")]
pub struct MediaUpload {
    /// The bytes. They alone decide what it is.
    #[schema(value_type = String, format = Binary, examples("(the bytes of a picture)"))]
    file: Vec<u8>,
    /// The name people see; that of the part when absent.
    #[schema(examples("invoice-77.pdf"))]
    filename: Option<String>,
}

/// Upload a medium.
///
/// The body is streamed to disk. What it is, its bytes say; `carried_by` tells which provider carries it as what. What no
/// provider carries is refused. Name it as `media_id` in any number of messages.
#[utoipa::path(
    post, path = "/api/v1/media", operation_id = "upload_media", tag = "Media",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters, kept for 24 hours")),
    request_body(content = MediaUpload, content_type = "multipart/form-data"),
    responses(
        (status = 201, body = MediaView, headers(("Location" = String, description = "Where it is shown"))),
        (status = 409, description = "`idempotency_key_running`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn upload(
    caller: Granted<can::MessagesWrite>,
    idempotency: IdempotencyKey,
    ctx: web::Data<Context>,
    request: HttpRequest,
    body: web::Payload,
) -> ApiResult<HttpResponse> {
    let Upload { received, named } = Upload::read(&ctx.media, &request, body.into_inner()).await?;
    let same = Sha256::new().chain_update(received.sha256).chain_update(named.filename.as_deref().unwrap_or_default());
    let key = idempotency.scope(caller.stable_name(), ROUTE, same.finalize().into());
    let notice = contradiction(named.filename.as_deref(), named.declared.as_deref(), received.sniffed.mime_type);
    let shown = ctx.clone();
    let answer = move |record: &MediaRecord| {
        let view = MediaView { notice, ..MediaView::of(record, shown.media.expiry(record), &shown.public_url)? };
        Ok(serde_json::to_string(&view)?)
    };
    match ctx.media.keep(caller.workspace, received, named, key, answer).await? {
        Kept::Medium(id, answer) => Ok(HttpResponse::Created()
            .insert_header((LOCATION, format!("{API}/media/{id}")))
            .content_type("application/json")
            .body(answer)),
        Kept::Taken(claim) => replay(claim),
    }
}

/// Narrows a list of media.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MediaQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    direction: Option<Direction>,
    kind: Option<FileKind>,
    state: Option<MediaState>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// List media, newest first.
#[utoipa::path(
    get, path = "/api/v1/media", operation_id = "list_media", tag = "Media",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(MediaQuery),
    responses((status = 200, body = List<MediaView>)),
)]
pub async fn list(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    query: Query<MediaQuery>,
) -> ApiResult<web::Json<List<MediaView>>> {
    let query = query.0;
    let page = page(query.cursor.as_deref(), query.limit)?;
    let filter = MediaFilter { direction: query.direction, kind: query.kind, state: query.state };
    let list = listed(ctx.media.list(caller.workspace, filter, page).await?, page, |record| record.id.0);
    let data = list.data.iter().map(|record| view(&ctx, record)).collect::<Result<_, _>>()?;
    Ok(web::Json(List { data, next_cursor: list.next_cursor }))
}

fn view(ctx: &Context, record: &MediaRecord) -> Result<MediaView, StorageError> {
    MediaView::of(record, ctx.media.expiry(record), &ctx.public_url)
}

/// Show a medium.
#[utoipa::path(
    get, path = "/api/v1/media/{media_id}", operation_id = "get_media", tag = "Media",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(("media_id" = MediaId, Path)),
    responses((status = 200, body = MediaView)),
)]
pub async fn show(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    id: Path<MediaId>,
) -> ApiResult<web::Json<MediaView>> {
    let record = ctx.media.get(caller.workspace, id.0).await?;
    Ok(web::Json(view(&ctx, &record)?))
}

/// Delete a medium's bytes.
///
/// What is known of it stays for the messages that name it. Messages that still wait to be sent with it fail.
#[utoipa::path(
    delete, path = "/api/v1/media/{media_id}", operation_id = "delete_media", tag = "Media",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    params(("media_id" = MediaId, Path)),
    responses((status = 204, description = "Its bytes are gone")),
)]
pub async fn delete(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    id: Path<MediaId>,
) -> ApiResult<HttpResponse> {
    ctx.media.delete(caller.workspace, id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// How the bytes are to be given.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ContentQuery {
    /// To be shown rather than saved; pictures, sounds and films only.
    #[param(default = false)]
    #[serde(default)]
    inline: bool,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// Give a medium's bytes.
///
/// With `Range`, a part of them. Documents are only ever given to be saved.
#[utoipa::path(
    get, path = "/api/v1/media/{media_id}/content", operation_id = "get_media_content", tag = "Media",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(("media_id" = MediaId, Path), ContentQuery, ("Range" = Option<String>, Header, description = "Such as `bytes=0-1023`")),
    responses(
        (status = 200, description = "All bytes, as the type they are", content_type = "application/octet-stream"),
        (status = 206, description = "The bytes that were asked for", content_type = "application/octet-stream"),
        (status = 304, description = "Unchanged since the `ETag` in `If-None-Match`"),
        (status = 409, description = "`media_not_ready`: they are still being fetched, or could not be", body = Problem, content_type = "application/problem+json"),
        (status = 410, description = "`gone`: they were deleted", body = Problem, content_type = "application/problem+json"),
        (status = 416, description = "There are no such bytes"),
    ),
)]
pub async fn content(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    request: HttpRequest,
    id: Path<MediaId>,
    query: Query<ContentQuery>,
) -> ApiResult<HttpResponse> {
    let record = ctx.media.get(caller.workspace, id.0).await?;
    let shown = query.0.inline && sniff::is_shown_inline(&record.mime_type);
    let disposition = if shown { Disposition::Inline } else { Disposition::Attachment };
    file(&ctx, &record, disposition)?.answer(&request).await
}

/// The answer that gives a medium's bytes.
pub(super) fn file(ctx: &Context, record: &MediaRecord, disposition: Disposition) -> ApiResult<FileAnswer> {
    let path = ctx.media.path(record)?;
    Ok(FileAnswer {
        path,
        mime_type: record.mime_type.clone(),
        size: record.size(),
        tag: record.sha256()?.map(hex::encode).unwrap_or_default(),
        filename: safe_name(record.filename.as_deref(), &record.mime_type),
        disposition,
    })
}
