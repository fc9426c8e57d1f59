//! The first start.

use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::session::{self, SessionView};
use crate::auth::setup::Owner;
use crate::error::Problem;
use crate::http::extract::JsonBody;
use crate::http::{ApiResult, Context};

/// Whether this installation has its owner.
#[derive(Serialize, ToSchema)]
pub struct SetupStatus {
    /// False until the owner is made.
    pub done: bool,
    /// Version of the program.
    #[schema(examples("0.1.0"))]
    pub version: &'static str,
}

/// Makes the owner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupRequest {
    /// The one-time code that the program printed at its start.
    #[schema(value_type = String, format = Password, examples("aB3dE5fG7hJ9kL1mN3pQ"))]
    code: SecretString,
    #[schema(examples("owner@example.com"))]
    email: String,
    #[schema(examples("Owner"))]
    name: String,
    /// At least 12 characters, and not the e-mail address.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 200, examples("correct horse battery"))]
    password: SecretString,
    /// Name of the two workspaces that are made, one for the sandbox and one for real messages.
    #[serde(default = "default_workspace")]
    #[schema(default = "Main", max_length = 80)]
    workspace: String,
}

fn default_workspace() -> String {
    "Main".to_owned()
}

/// Tell whether setup is done.
#[utoipa::path(
    get, path = "/api/v1/setup", operation_id = "get_setup", tag = "Session",
    responses((status = 200, body = SetupStatus)),
)]
pub async fn status(ctx: web::Data<Context>) -> ApiResult<web::Json<SetupStatus>> {
    Ok(web::Json(SetupStatus { done: ctx.auth.is_set_up().await?, version: env!("CARGO_PKG_VERSION") }))
}

/// Make the owner and the first two workspaces.
///
/// Works once, with the code that the program prints at its start. The owner is signed in by the answer's cookies.
#[utoipa::path(
    post, path = "/api/v1/setup", operation_id = "complete_setup", tag = "Session",
    request_body = SetupRequest,
    responses(
        (status = 201, body = SessionView),
        (status = 403, description = "`setup_code_wrong`", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`setup_done`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn complete(
    request: HttpRequest,
    ctx: web::Data<Context>,
    body: JsonBody<SetupRequest>,
) -> ApiResult<HttpResponse> {
    let asked = body.value;
    let installed = ctx
        .auth
        .set_up(Owner {
            code: asked.code,
            email: asked.email,
            name: asked.name,
            password: asked.password,
            workspace: asked.workspace,
        })
        .await?;
    for workspace in &installed.workspaces {
        // The owner exists now; what is missing here is made at the next start.
        if let Err(error) = (ctx.furnish)(workspace.clone()).await {
            tracing::error!(workspace = %workspace.id, cause = error.cause(), "a new workspace lacks its channels");
        }
    }
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    let tokens = ctx.auth.open_session(installed.user.id, agent).await?;
    session::opened(&ctx, HttpResponse::Created(), &tokens).await
}
