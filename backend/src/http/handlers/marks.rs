//! Marking what people sent as read.

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::ids::MessageId;
use crate::error::Problem;
use crate::http::{ApiResult, Context, Granted, JsonBody, Path, can};
use crate::inbound::marks::Marks;

/// What the person is to be shown.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkRead {
    /// Also that an answer is being written, until it comes or 25 seconds have passed. Twilio has no mark without it.
    #[serde(default)]
    typing: bool,
}

/// What the person was shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct MarkedRead {
    /// Always true.
    pub read: bool,
    pub typing: bool,
}

/// Mark an incoming message as read.
///
/// The person sees it. At direct everything they wrote before is marked as well. Asking again changes nothing, but shows the sign
/// of typing again.
#[utoipa::path(
    post, path = "/api/v1/messages/{message_id}/read", operation_id = "mark_message_read", tag = "Messages",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    params(("message_id" = MessageId, Path)),
    request_body(content = MarkRead, example = json!({ "typing": true })),
    responses(
        (status = 200, body = MarkedRead),
        (status = 409, description = "`conflict`: not an incoming message, or older than 30 days", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "`provider_refused`: the provider did not do it", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn read(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    id: Path<MessageId>,
    body: JsonBody<MarkRead>,
) -> ApiResult<web::Json<MarkedRead>> {
    let marks =
        Marks { db: ctx.db.clone(), channels: ctx.channels.clone(), live: ctx.live.clone(), clock: ctx.clock.clone() };
    let typing = body.value.typing;
    marks.read(caller.workspace, id.0, typing).await?;
    Ok(web::Json(MarkedRead { read: true, typing }))
}
