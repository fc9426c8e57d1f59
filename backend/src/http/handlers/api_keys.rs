//! API keys: how programs get in.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::keys::MadeKey;
use crate::auth::setup::normal_name;
use crate::domain::access::{ApiKey, Principal};
use crate::domain::ids::ApiKeyId;
use crate::domain::page::List;
use crate::domain::scope::Scope;
use crate::domain::time::Ts;
use crate::error::{ApiError, FieldError, Problem};
use crate::http::extract::{IdempotencyKey, JsonBody, Paging, Path, listed};
use crate::http::idempotency::{Keep, once, settled};
use crate::http::{ApiResult, Context, Granted, Query, can};
use crate::storage::api_keys;

/// Makes a key.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    #[schema(min_length = 1, max_length = 80, examples("shop backend"))]
    name: String,
    /// At least one, and none that the maker lacks.
    #[schema(min_items = 1, examples(json!(["messages:write", "messages:read"])))]
    scopes: Vec<Scope>,
    /// When it stops working by itself; never when absent.
    expires_at: Option<Ts>,
}

/// A new key with its secret.
#[derive(Serialize, ToSchema)]
pub struct CreatedApiKey {
    #[serde(flatten)]
    pub key: ApiKey,
    /// Shown this once; only a hash is kept.
    #[schema(examples("dpx_4fT9aQ2bM0xYv7Kc1Rz8Wn5Ps3Lh6Jd2Gf4Ea9Uo0Ti"))]
    pub secret: String,
}

impl NewApiKey {
    /// Unknown names, times in the past and scopes that the maker lacks are refused.
    fn into_key(self, caller: &Granted<can::ApiKeysWrite>, now: Ts) -> ApiResult<MadeKey> {
        let mut errors = Vec::new();
        let name = normal_name("name", &self.name).unwrap_or_else(|error| {
            errors.push(error);
            String::new()
        });
        if self.scopes.is_empty() {
            errors.push(FieldError::new("scopes", "required", "name at least one"));
        }
        for (at, scope) in self.scopes.iter().enumerate() {
            if !caller.scopes.contains(scope) {
                errors.push(FieldError::new(format!("scopes[{at}]"), "not_yours", format!("you don't have {scope}")));
            }
        }
        if self.expires_at.is_some_and(|at| at <= now) {
            errors.push(FieldError::new("expires_at", "invalid_value", "must be in the future"));
        }
        if !errors.is_empty() {
            return Err(ApiError::fields(errors));
        }
        let mut scopes = self.scopes;
        scopes.sort_unstable();
        scopes.dedup();
        let maker = match caller.principal {
            Principal::Session { user, .. } => Some(user),
            Principal::ApiKey(_) => None,
        };
        Ok(MadeKey::new(name, scopes, self.expires_at, maker, now))
    }
}

/// List API keys.
#[utoipa::path(
    get, path = "/api/v1/api-keys", operation_id = "list_api_keys", tag = "API keys",
    security(("api_key" = ["api_keys:read"]), ("session" = ["api_keys:read"])),
    params(Paging),
    responses((status = 200, body = List<ApiKey>)),
)]
pub async fn list(
    caller: Granted<can::ApiKeysRead>,
    ctx: web::Data<Context>,
    paging: Query<Paging>,
) -> ApiResult<web::Json<List<ApiKey>>> {
    let page = paging.0.page()?;
    let keys = ctx.db.read(move |conn| api_keys::list(conn, caller.workspace, page)).await?;
    Ok(web::Json(listed(keys, page, |key| key.id.0)))
}

/// Make an API key.
///
/// The secret is in this answer and nowhere else. A repeated request with the same `Idempotency-Key` makes no second key, and gets
/// `idempotency_secret_gone`.
#[utoipa::path(
    post, path = "/api/v1/api-keys", operation_id = "create_api_key", tag = "API keys",
    security(("api_key" = ["api_keys:write"]), ("session" = ["api_keys:write"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters, kept for 24 hours")),
    request_body = NewApiKey,
    responses(
        (status = 201, body = CreatedApiKey),
        (status = 409, description = "`idempotency_secret_gone`, `idempotency_key_running`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    caller: Granted<can::ApiKeysWrite>,
    idempotency: IdempotencyKey,
    ctx: web::Data<Context>,
    body: JsonBody<NewApiKey>,
) -> ApiResult<HttpResponse> {
    let now = ctx.clock.now();
    let scope = idempotency.scope(caller.stable_name(), "POST /api/v1/api-keys", body.hash());
    if let Some(answer) = settled(&ctx.db, scope.as_ref()).await? {
        return Ok(answer);
    }
    let made = body.value.into_key(&caller, now)?;
    once(&ctx.db, scope, now, StatusCode::CREATED, Keep::Nothing, move |conn| {
        made.store(conn, caller.workspace)?;
        Ok(CreatedApiKey { secret: made.secret.expose_secret().to_owned(), key: made.key })
    })
    .await
}

/// Show an API key.
#[utoipa::path(
    get, path = "/api/v1/api-keys/{api_key_id}", operation_id = "get_api_key", tag = "API keys",
    security(("api_key" = ["api_keys:read"]), ("session" = ["api_keys:read"])),
    params(("api_key_id" = ApiKeyId, Path)),
    responses((status = 200, body = ApiKey)),
)]
pub async fn show(
    caller: Granted<can::ApiKeysRead>,
    ctx: web::Data<Context>,
    id: Path<ApiKeyId>,
) -> ApiResult<web::Json<ApiKey>> {
    Ok(web::Json(ctx.db.read(move |conn| api_keys::get(conn, caller.workspace, id.0)).await?))
}

/// Revoke an API key.
///
/// It stops working at once, for good, and stays in the list.
#[utoipa::path(
    delete, path = "/api/v1/api-keys/{api_key_id}", operation_id = "revoke_api_key", tag = "API keys",
    security(("api_key" = ["api_keys:write"]), ("session" = ["api_keys:write"])),
    params(("api_key_id" = ApiKeyId, Path)),
    responses((status = 200, body = ApiKey)),
)]
pub async fn revoke(
    caller: Granted<can::ApiKeysWrite>,
    ctx: web::Data<Context>,
    id: Path<ApiKeyId>,
) -> ApiResult<web::Json<ApiKey>> {
    Ok(web::Json(ctx.auth.revoke_key(caller.workspace, id.0).await?))
}
