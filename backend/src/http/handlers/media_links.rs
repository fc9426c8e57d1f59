//! Signed links: where providers fetch outgoing media. No credential; the signature is the credential.

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;

use super::media::file;
use crate::domain::ids::MediaId;
use crate::error::{ApiError, Code};
use crate::http::file_answer::{Disposition, FileAnswer};
use crate::http::{ApiResult, Context, problem};
use crate::media::LinkVerdict;

/// The links' route.
pub fn configure(config: &mut web::ServiceConfig) {
    let path = "/{media_id}/{expires}/{signature}/{filename}";
    config.service(web::resource(path).route(web::get().to(show)).route(web::head().to(show)));
    config.default_service(web::to(problem::unknown_path));
}

#[derive(Deserialize)]
struct Link {
    media_id: MediaId,
    /// Seconds since 1970.
    expires: i64,
    signature: String,
    /// The name that the file is served under.
    filename: String,
}

/// Twilio asks with HEAD and GET and goes by the content type; it is told the name although it promises nothing (twilio.md §5).
async fn show(ctx: web::Data<Context>, request: HttpRequest, link: Option<web::Path<Link>>) -> ApiResult<HttpResponse> {
    // A link that can't be read was not made here.
    let link = link.ok_or_else(ApiError::not_found)?;
    match ctx.media.verify(link.media_id, link.expires, &link.filename, &link.signature) {
        LinkVerdict::Forged => return Err(ApiError::not_found()),
        LinkVerdict::Expired => return Err(ApiError::with_detail(Code::Gone, "the link has expired")),
        LinkVerdict::Good => {}
    }
    let record = ctx.media.linked(link.media_id).await?.ok_or_else(ApiError::not_found)?;
    let answer = FileAnswer { filename: link.into_inner().filename, ..file(&ctx, &record, Disposition::Inline)? };
    answer.answer(&request).await
}
