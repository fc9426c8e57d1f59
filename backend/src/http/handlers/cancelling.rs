//! Taking messages back before they are sent.

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::message_view::MessageView;
use crate::domain::class::MessageClass;
use crate::domain::contact::Recipient;
use crate::domain::ids::{ChannelId, ContactId, MessageId, WorkspaceId};
use crate::domain::state::MessageState;
use crate::domain::time::Ts;
use crate::error::{ApiError, Code, Problem};
use crate::http::{ApiResult, Context, Granted, JsonBody, Path, can};
use crate::storage::cancelling::{self, BATCH, CancelFilter};
use crate::storage::conn::Conn;
use crate::storage::{StorageError, StorageResult, contacts, messages};

/// Cancel a message before it is sent.
///
/// A message that is cancelled already stays so, and this answers as before.
#[utoipa::path(
    post, path = "/api/v1/messages/{message_id}/cancel", operation_id = "cancel_message", tag = "Messages",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    params(("message_id" = MessageId, Path)),
    responses(
        (status = 200, body = MessageView),
        (status = 409, description = "`message_under_way`: it is on the wire, was sent, or has ended otherwise", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn cancel(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    id: Path<MessageId>,
) -> ApiResult<web::Json<MessageView>> {
    let (workspace, now) = (caller.workspace, ctx.clock.now());
    let taken = ctx.db.write(move |conn| {
        let state = cancelling::cancel(conn, workspace, id.0, now)?;
        Ok::<_, StorageError>((state, MessageView::of(messages::get(conn, workspace, id.0)?, None)?))
    });
    let (state, view) = taken.await?;
    if state != MessageState::Cancelled {
        let detail = format!("The message is {state}: it can't be taken back any more.");
        return Err(ApiError::with_detail(Code::MessageUnderWay, detail));
    }
    ctx.live.notify(workspace);
    Ok(web::Json(view))
}

/// Which of the waiting messages to cancel: all that is given must hold, and something must be given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "class": "marketing", "client_reference": "spring-sale" })))]
pub struct CancelMessages {
    channel_id: Option<ChannelId>,
    class: Option<MessageClass>,
    contact_id: Option<ContactId>,
    /// Those to the person who is known under this number or business-scoped user id.
    person: Option<Recipient>,
    client_reference: Option<String>,
    created_before: Option<Ts>,
    /// At this time or later.
    created_after: Option<Ts>,
}

/// How many messages will not be sent.
#[derive(Serialize, ToSchema)]
pub struct MessagesCancelled {
    #[schema(examples(1250))]
    pub cancelled: u64,
}

impl CancelMessages {
    fn names_something(&self) -> bool {
        let people = self.contact_id.is_some() || self.person.is_some();
        let times = self.created_before.is_some() || self.created_after.is_some();
        people || times || self.channel_id.is_some() || self.class.is_some() || self.client_reference.is_some()
    }

    /// What is asked for; `None` when nobody is meant.
    fn filter(self, conn: &mut Conn, workspace: WorkspaceId) -> StorageResult<Option<CancelFilter>> {
        let mut meant: Option<Vec<ContactId>> = None;
        if let Some(contact) = self.contact_id {
            meant = Some(contacts::ids_of_person(conn, workspace, contact)?);
        }
        if let Some(person) = &self.person {
            let Some(found) = contacts::find(conn, workspace, &person.identity())? else { return Ok(None) };
            let ids = contacts::ids_of_person(conn, workspace, found)?;
            meant = Some(meant.map_or(ids.clone(), |named| named.into_iter().filter(|id| ids.contains(id)).collect()));
        }
        if meant.as_ref().is_some_and(Vec::is_empty) {
            return Ok(None);
        }
        Ok(Some(CancelFilter {
            channel: self.channel_id,
            class: self.class,
            contacts: meant,
            client_reference: self.client_reference,
            created_before: self.created_before,
            created_after: self.created_after,
        }))
    }
}

/// Cancel many messages that wait.
///
/// In batches, while others are being sent: those that go on the wire meanwhile are not among them. What is queued later is not
/// concerned.
#[utoipa::path(
    post, path = "/api/v1/messages/cancel", operation_id = "cancel_messages", tag = "Messages",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    request_body = CancelMessages,
    responses((status = 200, body = MessagesCancelled)),
)]
pub async fn cancel_some(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<CancelMessages>,
) -> ApiResult<web::Json<MessagesCancelled>> {
    let (workspace, now, asked) = (caller.workspace, ctx.clock.now(), body.value);
    if !asked.names_something() {
        return Err(ApiError::field("(body)", "required", "name a channel, a class, a person, a reference or a time"));
    }
    let filter = ctx.db.read(move |conn| asked.filter(conn, workspace)).await?;
    let mut cancelled = 0;
    if let Some(filter) = filter {
        loop {
            let filter = filter.clone();
            let count = ctx.db.write_bulk(move |conn| cancelling::cancel_some(conn, workspace, &filter, now)).await?;
            cancelled += count as u64;
            ctx.live.notify(workspace);
            if count < BATCH {
                break;
            }
        }
    }
    Ok(web::Json(MessagesCancelled { cancelled }))
}
