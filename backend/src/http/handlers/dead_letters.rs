//! What did not arrive, by its reason, and sending it again.

use std::time::Duration;

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::message_view::MessageView;
use super::unknowns::name_of;
use crate::domain::actor::Actor;
use crate::domain::dead_letter::remedy;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::provider::ProviderKind;
use crate::domain::time::Ts;
use crate::error::{ApiError, Code, Problem};
use crate::http::{ApiResult, Context, Granted, JsonBody, Path, Query, can};
use crate::outbox::dead_letters::{DeadLetterOffice, NotRetried, RetriedMany};
use crate::providers::atlas;
use crate::storage::dead_letters::{self, DeadLetterFilter, DeadLetters};
use crate::storage::messages;

/// Groups shown at most; there are about a hundred reasons on a channel.
const GROUPS: u16 = 500;
/// How far back it is looked when nothing is said.
const LOOKED_BACK: Duration = Duration::from_secs(30 * 86_400);
/// Most messages in one request by ids.
const MOST_IDS: usize = 1_000;
const EXPIRED: &str = "Its time was over before it could be sent.";

/// Messages that ended for one reason on one channel.
#[derive(Serialize, ToSchema)]
pub struct DeadLetterGroup {
    /// `expired` also for what expired in the gateway itself.
    pub failure_code: FailureCode,
    /// The provider's raw code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("63016"))]
    pub provider_code: Option<String>,
    pub channel_id: ChannelId,
    pub channel_name: String,
    pub provider: ProviderKind,
    pub count: i64,
    pub oldest_at: Ts,
    pub newest_at: Ts,
    /// What happened and what to do next.
    pub detail: String,
    /// Whose move it is.
    pub actor: Actor,
    /// Whether the same message can arrive when it is sent again, once they have moved.
    pub retry_helps: bool,
}

/// All groups, the most frequent first.
#[derive(Serialize, ToSchema)]
pub struct DeadLetterGroups {
    pub data: Vec<DeadLetterGroup>,
    /// How many messages they hold.
    pub total: i64,
    /// Since when it was looked.
    pub since: Ts,
}

impl From<DeadLetters> for DeadLetterGroup {
    fn from(group: DeadLetters) -> Self {
        let number = group.provider_code.as_deref().and_then(|code| code.parse().ok());
        let known = number.and_then(|code| atlas::of_code(group.provider, code));
        let (actor, retry_helps) = remedy(group.failure_code);
        let detail = match (&known, group.detail, group.failure_code) {
            (Some(known), _, _) => known.advice.to_owned(),
            (None, Some(detail), _) => detail,
            (None, None, _) => EXPIRED.to_owned(),
        };
        Self {
            // The atlas knows best, where it names somebody.
            actor: known.as_ref().map(|known| known.actor).filter(|one| *one != Actor::Nobody).unwrap_or(actor),
            failure_code: group.failure_code,
            provider_code: group.provider_code,
            channel_id: group.channel_id,
            channel_name: group.channel_name,
            provider: group.provider,
            count: group.count,
            oldest_at: group.oldest_at,
            newest_at: group.newest_at,
            detail,
            retry_helps,
        }
    }
}

/// How far back.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DeadLetterQuery {
    /// Only what failed or expired at this time or later; the last 30 days when absent.
    since: Option<Ts>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// List what failed and expired, by reason.
///
/// Open a group with `GET /api/v1/messages?state=failed&failure_code=…`. What is unknown is not among them: see
/// `GET /api/v1/unknowns`.
#[utoipa::path(
    get, path = "/api/v1/dead-letters", operation_id = "list_dead_letters", tag = "Failed messages",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(DeadLetterQuery),
    responses((status = 200, body = DeadLetterGroups)),
)]
pub async fn list(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    query: Query<DeadLetterQuery>,
) -> ApiResult<web::Json<DeadLetterGroups>> {
    let since = query.0.since.unwrap_or_else(|| ctx.clock.now().minus(LOOKED_BACK));
    let groups = ctx.db.read(move |conn| dead_letters::groups(conn, caller.workspace, since, GROUPS)).await?;
    let data: Vec<DeadLetterGroup> = groups.into_iter().map(DeadLetterGroup::from).collect();
    Ok(web::Json(DeadLetterGroups { total: data.iter().map(|group| group.count).sum(), data, since }))
}

/// Send a failed message again.
///
/// A failed or expired message goes back to the queue as if it were new. One that is unknown never does: settle it first.
#[utoipa::path(
    post, path = "/api/v1/messages/{message_id}/retry", operation_id = "retry_message", tag = "Failed messages",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    params(("message_id" = MessageId, Path)),
    responses(
        (status = 200, description = "Queued", body = MessageView),
        (status = 409, description = "`message_unknown`, or `message_not_failed`", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`channel_missing`: its channel was deleted", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn retry_one(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    id: Path<MessageId>,
) -> ApiResult<web::Json<MessageView>> {
    let by = name_of(&caller, &ctx).await?;
    let (workspace, id) = (caller.workspace, id.0);
    office(&ctx).one(workspace, id, by).await?.map_err(refusal)?;
    let record = ctx.db.read(move |conn| messages::get(conn, workspace, id)).await?;
    Ok(web::Json(MessageView::of(record, None)?))
}

fn refusal(reason: NotRetried) -> ApiError {
    match reason {
        NotRetried::NotFound => ApiError::not_found(),
        NotRetried::MessageUnknown => ApiError::with_detail(
            Code::MessageUnknown,
            "It may have been sent, so it is not sent again by this. Settle it in the tray of unknown messages.",
        ),
        NotRetried::MessageNotFailed => Code::MessageNotFailed.into(),
        NotRetried::ChannelMissing => Code::ChannelMissing.into(),
    }
}

/// Which failed messages are to be sent again: `ids`, or all that the other fields find.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryMessages {
    /// 1 to 1,000 messages. Not together with the fields below.
    #[schema(min_items = 1, max_items = 1_000)]
    ids: Option<Vec<MessageId>>,
    /// All that ended for this reason.
    failure_code: Option<FailureCode>,
    /// All that the provider refused with this code.
    #[schema(max_length = 64, examples("63018"))]
    provider_code: Option<String>,
    /// All of one channel.
    channel_id: Option<ChannelId>,
    /// All that ended at this time or later.
    since: Option<Ts>,
}

impl RetryMessages {
    fn filter(&self) -> DeadLetterFilter {
        DeadLetterFilter {
            failure_code: self.failure_code,
            provider_code: self.provider_code.clone(),
            channel: self.channel_id,
            since: self.since,
        }
    }

    fn check(&self) -> ApiResult<()> {
        let narrowed = self.failure_code.is_some()
            || self.provider_code.is_some()
            || self.channel_id.is_some()
            || self.since.is_some();
        if self.provider_code.as_ref().is_some_and(|code| code.chars().count() > 64 || code.contains('\0')) {
            return Err(ApiError::field("provider_code", "invalid_value", "is not a provider's code"));
        }
        match &self.ids {
            Some(_) if narrowed => Err(ApiError::field("ids", "invalid_value", "give ids or a filter, not both")),
            Some(ids) if !(1..=MOST_IDS).contains(&ids.len()) => {
                Err(ApiError::field("ids", "invalid_value", format!("from 1 to {MOST_IDS} messages")))
            }
            None if !narrowed => {
                Err(ApiError::field("failure_code", "required", "give a reason, another filter, or ids"))
            }
            _ => Ok(()),
        }
    }
}

/// Send failed messages again.
///
/// All of one reason, or those that are named. Unknown messages are never among them.
#[utoipa::path(
    post, path = "/api/v1/messages/retry", operation_id = "retry_messages", tag = "Failed messages",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    request_body(content = RetryMessages, example = json!({ "failure_code": "payment_problem" })),
    responses((status = 200, body = RetriedMany)),
)]
pub async fn retry_many(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<RetryMessages>,
) -> ApiResult<web::Json<RetriedMany>> {
    let asked = body.value;
    asked.check()?;
    let by = name_of(&caller, &ctx).await?;
    let (office, filter) = (office(&ctx), asked.filter());
    let told = match asked.ids {
        Some(ids) => office.of_ids(caller.workspace, ids, by).await?,
        None => office.of_filter(caller.workspace, filter, by).await?,
    };
    Ok(web::Json(told))
}

fn office(ctx: &Context) -> DeadLetterOffice {
    DeadLetterOffice {
        db: ctx.db.clone(),
        dispatcher: ctx.outbox.dispatcher().clone(),
        live: ctx.live.clone(),
        clock: ctx.clock.clone(),
    }
}
