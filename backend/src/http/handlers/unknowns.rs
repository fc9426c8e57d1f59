//! The tray of unknown messages, and what a person decides about them.

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::message_view::{AttemptView, MessageView};
use crate::domain::class::MessageClass;
use crate::domain::ids::{ChannelId, ContactId, MessageId};
use crate::domain::time::Ts;
use crate::domain::unknown::{Decision, UnknownDecision, UnknownPolicy, UnknownSettings};
use crate::error::{ApiError, Code, FieldError, Problem};
use crate::http::extract::page;
use crate::http::{ApiResult, Context, Granted, JsonBody, Path, Query, can, listed};
use crate::outbox::unknowns::decisions::{DecidedMany, Decisions};
use crate::storage::attempts::AttemptRecord;
use crate::storage::messages::MessageRecord;
use crate::storage::unknowns::{self, UnknownFilter};
use crate::storage::{StorageResult, contacts, messages, users, workspaces};

/// Longest reason, in characters.
const LONGEST_REASON: usize = 500;
/// Most messages in one decision by ids.
const MOST_IDS: usize = 200;

/// A message of which nobody knows whether the provider took it, with all evidence there is.
#[derive(Serialize, ToSchema)]
pub struct UnknownView {
    /// What was lost stands in its `failure`.
    pub message: MessageView,
    /// The try whose answer was lost, with every look for evidence.
    pub attempt: AttemptView,
    /// When evidence is looked for next; absent when it is looked for no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_look_at: Option<Ts>,
    /// Until when evidence is looked for.
    pub deadline_at: Ts,
    /// What the workspace's settings say of its class for the time after that.
    pub policy: UnknownPolicy,
}

impl UnknownView {
    fn of((message, attempt): (MessageRecord, AttemptRecord), settings: &UnknownSettings) -> StorageResult<Self> {
        Ok(Self {
            next_look_at: Some(message.run_at).filter(|at| *at < Ts::NEVER),
            deadline_at: settings.deadline(attempt.left()),
            policy: settings.policy(message.class.unwrap_or(MessageClass::Reply)),
            attempt: AttemptView::of(&attempt)?,
            message: MessageView::of(message, None)?,
        })
    }
}

/// A page of the tray, newest first.
#[derive(Serialize, ToSchema)]
pub struct UnknownTray {
    pub data: Vec<UnknownView>,
    /// Pass as `cursor` for the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// How many there are on all pages.
    pub total: i64,
}

/// Narrows the tray.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UnknownQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    channel_id: Option<ChannelId>,
    contact_id: Option<ContactId>,
    class: Option<MessageClass>,
    /// Only those that are looked for no more, or only those that still are.
    given_up: Option<bool>,
    /// Only those made before this time.
    created_before: Option<Ts>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// List unknown messages, newest first.
///
/// The answer to their sending was lost, so that nobody knows whether the provider took them. They are neither retried nor
/// failed over until evidence settles them: a webhook, the provider's list, or a person.
#[utoipa::path(
    get, path = "/api/v1/unknowns", operation_id = "list_unknowns", tag = "Unknown messages",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(UnknownQuery),
    responses((status = 200, body = UnknownTray)),
)]
pub async fn list(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    query: Query<UnknownQuery>,
) -> ApiResult<web::Json<UnknownTray>> {
    let query = query.0;
    let page = page(query.cursor.as_deref(), query.limit)?;
    let workspace = caller.workspace;
    let mut filter = UnknownFilter {
        channel: query.channel_id,
        class: query.class,
        contacts: None,
        given_up: query.given_up,
        before: query.created_before,
    };
    let (rows, total, settings) = ctx
        .db
        .read(move |conn| {
            if let Some(contact) = query.contact_id {
                filter.contacts = Some(contacts::ids_of_person(conn, workspace, contact)?);
            }
            let total = unknowns::count(conn, workspace, &filter)?;
            let settings = workspaces::delivery_settings(conn, workspace)?.unknown;
            Ok((unknowns::list(conn, workspace, &filter, page)?, total, settings))
        })
        .await?;
    let list = listed(rows, page, |(message, _)| message.id.0);
    let data = list.data.into_iter().map(|row| UnknownView::of(row, &settings)).collect::<Result<_, _>>()?;
    Ok(web::Json(UnknownTray { data, next_cursor: list.next_cursor, total }))
}

/// What somebody decides about an unknown message.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "decision": "accepted", "reason": "The customer says that it has come" })))]
pub struct SettleUnknown {
    decision: UnknownDecision,
    /// Why, for whoever reads the message's story. At most 500 characters.
    #[schema(max_length = 500)]
    reason: Option<String>,
}

/// Settle an unknown message by hand.
///
/// `accepted` and `failed` end the doubt as they say; what the provider says later still counts. `resend` sends it again, and **the
/// person may get it twice**. Who decided, when and why stands in the message's story.
#[utoipa::path(
    post, path = "/api/v1/messages/{message_id}/settle-unknown", operation_id = "settle_unknown_message", tag = "Unknown messages",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    params(("message_id" = MessageId, Path)),
    request_body = SettleUnknown,
    responses(
        (status = 200, body = DecidedMany),
        (status = 409, description = "`message_not_unknown`: something else has settled it", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn settle_one(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    id: Path<MessageId>,
    body: JsonBody<SettleUnknown>,
) -> ApiResult<web::Json<DecidedMany>> {
    let SettleUnknown { decision, reason } = body.value;
    let decision = decision_of(&caller, &ctx, decision, reason).await?;
    // Somebody else's message is not there for the caller.
    let (workspace, wanted) = (caller.workspace, id.0);
    ctx.db.read(move |conn| messages::get(conn, workspace, wanted)).await?;
    let told = decisions(&ctx).of_ids(workspace, vec![wanted], decision).await?;
    if told.decided == 0 {
        return Err(Code::MessageNotUnknown.into());
    }
    Ok(web::Json(told))
}

/// What somebody decides about several unknown messages: by `ids`, or by all that the other fields find.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleUnknowns {
    decision: UnknownDecision,
    /// Why, for whoever reads the messages' stories. At most 500 characters.
    #[schema(max_length = 500)]
    reason: Option<String>,
    /// 1 to 200 messages. Not together with the fields below.
    #[schema(min_items = 1, max_items = 200)]
    ids: Option<Vec<MessageId>>,
    /// All of one channel.
    channel_id: Option<ChannelId>,
    /// All of one class.
    class: Option<MessageClass>,
    /// All that are looked for no more, or all that still are.
    given_up: Option<bool>,
    /// All that were made before this time.
    created_before: Option<Ts>,
}

impl SettleUnknowns {
    fn filter(&self) -> UnknownFilter {
        UnknownFilter {
            channel: self.channel_id,
            class: self.class,
            contacts: None,
            given_up: self.given_up,
            before: self.created_before,
        }
    }

    fn check(&self) -> ApiResult<()> {
        let narrowed = self.channel_id.is_some()
            || self.class.is_some()
            || self.given_up.is_some()
            || self.created_before.is_some();
        match &self.ids {
            Some(_) if narrowed => Err(ApiError::field("ids", "invalid_value", "give ids or a filter, not both")),
            Some(ids) if !(1..=MOST_IDS).contains(&ids.len()) => {
                Err(ApiError::field("ids", "invalid_value", format!("from 1 to {MOST_IDS} messages")))
            }
            None if !narrowed => Err(ApiError::field("ids", "required", "give ids, or a filter")),
            _ => Ok(()),
        }
    }
}

/// Settle several unknown messages by hand.
///
/// As for a single one. With `resend`, **each of these people may get their message twice**.
#[utoipa::path(
    post, path = "/api/v1/unknowns/settle", operation_id = "settle_unknowns", tag = "Unknown messages",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    request_body(content = SettleUnknowns, example = json!({ "decision": "failed", "given_up": true })),
    responses((status = 200, body = DecidedMany)),
)]
pub async fn settle_many(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<SettleUnknowns>,
) -> ApiResult<web::Json<DecidedMany>> {
    let asked = body.value;
    asked.check()?;
    let (workspace, filter) = (caller.workspace, asked.filter());
    let decision = decision_of(&caller, &ctx, asked.decision, asked.reason).await?;
    let decisions = decisions(&ctx);
    let told = match asked.ids {
        Some(ids) => decisions.of_ids(workspace, ids, decision).await?,
        None => decisions.of_filter(workspace, filter, decision).await?,
    };
    Ok(web::Json(told))
}

async fn decision_of(
    caller: &Granted<can::MessagesWrite>,
    ctx: &Context,
    decision: UnknownDecision,
    reason: Option<String>,
) -> ApiResult<Decision> {
    if let Some(reason) = &reason {
        let fault = |code, message: &str| ApiError::fields(vec![FieldError::new("reason", code, message)]);
        if reason.chars().count() > LONGEST_REASON {
            return Err(fault("too_long", "at most 500 characters"));
        }
        if reason.contains('\0') {
            return Err(fault("invalid_value", "holds the character U+0000; remove it"));
        }
    }
    let by = name_of(caller, ctx).await?;
    Ok(Decision { decision, by, at: ctx.clock.now(), reason: reason.filter(|text| !text.trim().is_empty()) })
}

/// The name under which a caller stands in a story.
pub(super) async fn name_of(caller: &Granted<can::MessagesWrite>, ctx: &Context) -> ApiResult<String> {
    let (workspace, principal) = (caller.workspace, caller.principal);
    Ok(ctx.db.read(move |conn| users::name_of(conn, workspace, principal)).await?)
}

fn decisions(ctx: &Context) -> Decisions {
    Decisions {
        db: ctx.db.clone(),
        dispatcher: ctx.outbox.dispatcher().clone(),
        live: ctx.live.clone(),
        clock: ctx.clock.clone(),
    }
}
