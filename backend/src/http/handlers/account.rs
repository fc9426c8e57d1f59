//! What signed-in users change about themselves.

use actix_web::{HttpResponse, web};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::domain::access::User;
use crate::http::extract::JsonBody;
use crate::http::{ApiResult, ClientAddress, Context, SignedIn};

/// Changes what is given and leaves the rest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserPatch {
    #[schema(min_length = 1, max_length = 80, examples("Owner"))]
    name: Option<String>,
}

/// Puts a new password in the place of the one that is known.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    #[schema(value_type = String, format = Password, examples("correct horse battery"))]
    current_password: SecretString,
    /// At least 12 characters, and not the e-mail address.
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 200, examples("another staple entirely"))]
    new_password: SecretString,
}

/// Rename the signed-in user.
#[utoipa::path(
    patch, path = "/api/v1/session/user", operation_id = "update_user", tag = "Session",
    security(("session" = [])),
    request_body = UserPatch,
    responses((status = 200, body = User)),
)]
pub async fn update(
    session: SignedIn,
    ctx: web::Data<Context>,
    body: JsonBody<UserPatch>,
) -> ApiResult<web::Json<User>> {
    Ok(web::Json(match body.value.name {
        Some(name) => ctx.auth.rename_user(session.0.user(), &name).await?,
        None => session.0.who.user.clone(),
    }))
}

/// Change the signed-in user's password.
///
/// Ends all other sessions of the user; this one goes on. A wrong current password is a complaint about `current_password` with
/// the code `wrong`, and tries count against the same limit as sign-ins.
#[utoipa::path(
    put, path = "/api/v1/session/password", operation_id = "change_password", tag = "Session",
    security(("session" = [])),
    request_body = PasswordChange,
    responses((status = 204, description = "Changed")),
)]
pub async fn change_password(
    session: SignedIn,
    address: ClientAddress,
    ctx: web::Data<Context>,
    body: JsonBody<PasswordChange>,
) -> ApiResult<HttpResponse> {
    let SignedIn(session) = session;
    if let Some(address) = address.0 {
        ctx.limits.of_sign_in(address, &session.who.user.email).check()?;
    }
    let asked = body.value;
    ctx.auth.change_password(&session, asked.current_password, asked.new_password).await?;
    Ok(HttpResponse::NoContent().finish())
}
