//! The error atlas: what each provider's codes mean, and what happens then.

use actix_web::web;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::domain::page::{List, Page};
use crate::domain::provider::ProviderKind;
use crate::error::{ApiError, Code};
use crate::http::extract::page;
use crate::http::{ApiResult, Granted, Path, Query, can};
use crate::providers::atlas::{self, ErrorCode, Search};

/// Longest query, in characters.
const LONGEST_QUERY: usize = 200;

/// Which codes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ErrorCodeQuery {
    /// Only those of one provider.
    provider: Option<ProviderKind>,
    /// A code or its beginning, a stable code, or words that must all stand in it.
    #[param(max_length = 200)]
    query: Option<String>,
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// List error codes.
///
/// By provider and code: what the provider says by it, what the gateway does at once and when it comes later, whether the other
/// provider makes sense, and who can do something about it.
#[utoipa::path(
    get, path = "/api/v1/error-codes", operation_id = "list_error_codes", tag = "Error codes",
    security(("api_key" = ["channels:read"]), ("session" = ["channels:read"])),
    params(ErrorCodeQuery),
    responses((status = 200, body = List<ErrorCode>)),
)]
pub async fn list(
    _caller: Granted<can::ChannelsRead>,
    query: Query<ErrorCodeQuery>,
) -> ApiResult<web::Json<List<ErrorCode>>> {
    let ErrorCodeQuery { provider, query, cursor, limit, .. } = query.0;
    if query.as_ref().is_some_and(|query| query.chars().count() > LONGEST_QUERY) {
        let error = ApiError::field("query", "too_long", format!("at most {LONGEST_QUERY} characters"));
        return Err(error.with_code(Code::InvalidParameter));
    }
    let Page { limit, .. } = page(None, limit)?;
    let after = cursor.as_deref().map(place).transpose()?;
    let limit = usize::from(limit);
    let mut data = atlas::search(&Search { provider, query, after }, limit);
    let more = data.len() > limit;
    data.truncate(limit);
    let last = data.last().filter(|_| more);
    let next_cursor = last.map(|code| format!("{}-{}", code.provider, code.code));
    Ok(web::Json(List { data, next_cursor }))
}

/// The place that a cursor names: `direct-131047`.
fn place(cursor: &str) -> ApiResult<(ProviderKind, u32)> {
    let wrong = || {
        let error = ApiError::field("cursor", "invalid_value", "is not a cursor of this list");
        error.with_code(Code::InvalidParameter)
    };
    let (provider, code) = cursor.split_once('-').ok_or_else(wrong)?;
    Ok((provider.parse().map_err(|_| wrong())?, code.parse().map_err(|_| wrong())?))
}

/// Show an error code.
#[utoipa::path(
    get, path = "/api/v1/error-codes/{provider}/{code}", operation_id = "get_error_code", tag = "Error codes",
    security(("api_key" = ["channels:read"]), ("session" = ["channels:read"])),
    params(("provider" = ProviderKind, Path), ("code" = u32, Path)),
    responses((status = 200, description = "Also for a code within a run", body = ErrorCode)),
)]
pub async fn show(
    _caller: Granted<can::ChannelsRead>,
    path: Path<(ProviderKind, u32)>,
) -> ApiResult<web::Json<ErrorCode>> {
    let (provider, code) = path.0;
    atlas::of_code(provider, code).map(web::Json).ok_or_else(ApiError::not_found)
}
