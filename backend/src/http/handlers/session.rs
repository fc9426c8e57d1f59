//! Signing in to the console, staying signed in, and signing out.

use actix_web::http::header::USER_AGENT;
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, web};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::auth::sessions::{SignedIn as Session, Tokens};
use crate::domain::access::{Membership, User};
use crate::domain::time::Ts;
use crate::error::{Code, Problem};
use crate::http::caller::check_console_header;
use crate::http::cookies;
use crate::http::extract::JsonBody;
use crate::http::{ApiResult, ClientAddress, Context, SignedIn};

/// Signs a user in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    #[schema(examples("owner@example.com"))]
    email: String,
    #[schema(value_type = String, format = Password, examples("correct horse battery"))]
    password: SecretString,
}

/// Who is signed in, and where they may work.
#[derive(Serialize, ToSchema)]
pub struct SessionView {
    pub user: User,
    pub workspaces: Vec<Membership>,
    /// When the access cookie ends; refresh before.
    pub access_ends_at: Ts,
}

impl SessionView {
    fn of(session: Session) -> Self {
        Self {
            user: session.who.user.clone(),
            workspaces: session.who.memberships.clone(),
            access_ends_at: session.access_ends,
        }
    }
}

/// The answer that opens a session: both cookies, and who is signed in.
pub(super) async fn opened(
    ctx: &Context,
    mut response: HttpResponseBuilder,
    tokens: &Tokens,
) -> ApiResult<HttpResponse> {
    let session = ctx.auth.session(tokens.access.expose_secret()).await?;
    cookies::set(&mut response, ctx, tokens);
    Ok(response.json(SessionView::of(session)))
}

/// Sign in.
///
/// Sets the session's cookies. Tries are limited by address and account together.
#[utoipa::path(
    post, path = "/api/v1/session", operation_id = "sign_in", tag = "Session",
    request_body = SignInRequest,
    responses(
        (status = 200, body = SessionView),
        (status = 401, description = "`wrong_credentials`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn sign_in(
    request: HttpRequest,
    address: ClientAddress,
    ctx: web::Data<Context>,
    body: JsonBody<SignInRequest>,
) -> ApiResult<HttpResponse> {
    let asked = body.value;
    if let Some(address) = address.0 {
        ctx.limits.of_sign_in(address, &asked.email).check()?;
    }
    let agent = request.headers().get(USER_AGENT).and_then(|value| value.to_str().ok());
    let tokens = ctx.auth.sign_in(&asked.email, asked.password, agent).await?;
    opened(&ctx, HttpResponse::Ok(), &tokens).await
}

/// Show who is signed in.
#[utoipa::path(
    get, path = "/api/v1/session", operation_id = "get_session", tag = "Session",
    security(("session" = [])),
    responses((status = 200, body = SessionView)),
)]
pub async fn show(session: SignedIn) -> web::Json<SessionView> {
    web::Json(SessionView::of(session.0))
}

/// Stay signed in.
///
/// Changes the refresh cookie for a new one. A refresh token that was used before ends the session, but for half a minute the last
/// one gets the same answer, so that two tabs don't sign each other out.
#[utoipa::path(
    post, path = "/api/v1/session/refresh", operation_id = "refresh_session", tag = "Session",
    params(("Duplex-Console" = String, Header, description = "Any value", example = "1")),
    responses(
        (status = 200, body = SessionView),
        (status = 401, description = "`session_expired`, `unauthenticated`", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "`csrf_header_missing`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn refresh(request: HttpRequest, ctx: web::Data<Context>) -> ApiResult<HttpResponse> {
    check_console_header(&request)?;
    let shown = cookies::refresh_of(&request).ok_or(Code::Unauthenticated)?;
    let tokens = ctx.auth.refresh(shown).await?;
    opened(&ctx, HttpResponse::Ok(), &tokens).await
}

/// Sign out.
///
/// Ends the session and takes its cookies away, also when its access has run out.
#[utoipa::path(
    delete, path = "/api/v1/session", operation_id = "sign_out", tag = "Session",
    params(("Duplex-Console" = String, Header, description = "Any value", example = "1")),
    responses(
        (status = 204, description = "Signed out"),
        (status = 403, description = "`csrf_header_missing`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn sign_out(
    request: HttpRequest,
    session: Option<SignedIn>,
    ctx: web::Data<Context>,
) -> ApiResult<HttpResponse> {
    check_console_header(&request)?;
    if let Some(SignedIn(session)) = session {
        ctx.auth.sign_out(session.session).await?;
    } else if let Some(shown) = cookies::refresh_of(&request) {
        ctx.auth.sign_out_by_refresh(&shown).await?;
    }
    let mut response = HttpResponse::NoContent();
    cookies::clear(&mut response, &ctx);
    Ok(response.finish())
}
