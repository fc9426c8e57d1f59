//! Messages: send, list, and the whole story of one.

use std::time::Duration;

use actix_web::http::header::{CONTENT_TYPE, LOCATION};
use actix_web::{HttpResponse, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::fitness::{self, field_error};
use super::message_view::{AttemptView, MessageStory, MessageView, RawWebhookView};
use super::quoting::Target;
use crate::channels::LoadedChannel;
use crate::channels::defaults::Wanted;
use crate::domain::class::MessageClass;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::content::degradation::Degradation;
use crate::domain::event::Event;
use crate::domain::failover::Fallback;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{ChannelId, ContactId, JournalId, MessageId};
use crate::domain::inbound::MessageContext;
use crate::domain::message::Direction;
use crate::domain::page::List;
use crate::domain::provider::ProviderKind;
use crate::domain::state::{HoldReason, MessageState};
use crate::domain::suppression::Suppression;
use crate::domain::terms::Terms;
use crate::domain::time::Ts;
use crate::error::{ApiError, Code, FieldError, Problem};
use crate::http::content_body::ContentBody;
use crate::http::extract::page;
use crate::http::idempotency::settled;
use crate::http::{API, ApiResult, Context, Granted, IdempotencyKey, JsonBody, Path, Query, can, listed};
use crate::providers::degrade::degrade;
use crate::storage::enqueue::{Enqueue, Enqueued};
use crate::storage::messages::MessageFilter;
use crate::storage::{attempts, channels, contacts, events, journal, messages};

/// How long before it is sent a message may be scheduled.
const LONGEST_SCHEDULE: Duration = Duration::from_secs(366 * 24 * 3_600);
/// Longest `client_reference`, in characters.
const LONGEST_REFERENCE: usize = 255;
const ROUTE: &str = "POST /api/v1/messages";

/// A message to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "to": "+447700900123", "content": { "type": "text", "body": "Your parcel is on its way" } })))]
pub struct SendMessage {
    to: Recipient,
    #[schema(value_type = Content)]
    content: ContentBody,
    /// The message that this one answers: of the same channel and person, and known to the provider.
    reply_to_id: Option<MessageId>,
    /// Where the provider lacks something, send its stated fallback instead of refusing; the message's story tells what was
    /// lost.
    #[serde(default)]
    degrade: bool,
    /// The channel to send by. When absent: that of the message that is answered or reacted to, else the default channel of
    /// `provider`, else of the workspace's provider.
    channel_id: Option<ChannelId>,
    /// Send by this provider's default channel, whatever the workspace's provider. Not together with `channel_id`.
    provider: Option<ProviderKind>,
    /// Yours, shown with the message and usable as a filter. At most 255 characters.
    #[schema(max_length = 255, examples("order-77"))]
    client_reference: Option<String>,
    /// Not sent before this, at most 366 days from now. What must hold then, such as an open service window, is looked at then.
    send_at: Option<Ts>,
    /// Not sent any more after this.
    expires_at: Option<Ts>,
    /// Send it even when it is a quiet hour for the person.
    #[serde(default)]
    ignore_quiet_hours: bool,
    /// Whether it may go by the other provider; as the workspace's settings say when absent.
    fallback: Option<Fallback>,
}

impl SendMessage {
    fn wanted(&self, target: Option<&Target>) -> ApiResult<Wanted> {
        match (self.channel_id, self.provider, target) {
            (Some(_), Some(_), _) => {
                Err(ApiError::field("provider", "invalid_value", "name a channel or a provider, not both"))
            }
            (Some(id), None, _) => Ok(Wanted::Channel(id)),
            (None, Some(provider), _) => Ok(Wanted::Provider(provider)),
            (None, None, Some(target)) => Ok(Wanted::Channel(target.message.channel)),
            (None, None, None) => Ok(Wanted::Any),
        }
    }

    /// What is wrong with it beside what the channel has against the content.
    fn faults(&self, said: &Said, channel: &LoadedChannel, now: Ts) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if said.quotes() {
            errors.extend(channel.service.capabilities().check_quote().err().map(field_error));
        }
        errors.extend(said.target.as_ref().and_then(|target| target.fault(channel, now)));
        if self.client_reference.as_ref().is_some_and(|reference| reference.chars().count() > LONGEST_REFERENCE) {
            errors.push(FieldError::new("client_reference", "too_long", "at most 255 characters"));
        }
        if self.client_reference.as_ref().is_some_and(|reference| reference.contains('\0')) {
            errors.push(FieldError::new("client_reference", "invalid_value", "holds the character U+0000; remove it"));
        }
        if self.expires_at.is_some_and(|at| at <= now) {
            errors.push(FieldError::new("expires_at", "invalid_value", "must be in the future"));
        }
        errors.extend(self.send_at.and_then(|at| schedule_fault(at, self.expires_at, now)));
        errors
    }

    fn into_enqueue(self, said: Said, class: MessageClass, channel: &LoadedChannel, now: Ts) -> Enqueue {
        let degraded_from = said.degradation.as_ref().map(|degradation| degradation.from.as_str().to_owned());
        Enqueue {
            id: MessageId::new(),
            workspace: channel.workspace,
            channel: channel.id,
            limit_group: channel.limit_group.clone(),
            to: self.to,
            content: said.content,
            reply_to: said.target.and_then(Target::into_replied_to),
            context: MessageContext { degraded_from, ..MessageContext::default() },
            degradation: said.degradation,
            client_reference: self.client_reference,
            class,
            terms: Terms {
                fallback: self.fallback,
                send_at: self.send_at,
                ignore_quiet_hours: self.ignore_quiet_hours,
                ..Terms::default()
            },
            expires_at: self.expires_at,
            at: now,
            key: None,
        }
    }
}

fn schedule_fault(send_at: Ts, expires_at: Option<Ts>, now: Ts) -> Option<FieldError> {
    let message = if send_at <= now {
        "must be in the future"
    } else if send_at.since(now) > LONGEST_SCHEDULE {
        "at most 366 days from now"
    } else if expires_at.is_some_and(|expires| expires <= send_at) {
        "must be before expires_at: the message would expire before it may be sent"
    } else {
        return None;
    };
    Some(FieldError::new("send_at", "invalid_value", message))
}

/// What is going to be said, after the provider's gaps were filled as far as the caller agreed to that.
struct Said {
    content: Content,
    target: Option<Target>,
    degradation: Option<Degradation>,
}

impl Said {
    fn of(content: Content, target: Option<Target>, degrades: bool, channel: &LoadedChannel) -> Self {
        if !degrades {
            return Self { content, target, degradation: None };
        }
        let is_reaction = matches!(content, Content::Reaction(_));
        let degraded = degrade(channel.service.capabilities(), content, target.is_some() && !is_reaction);
        let target = target.filter(|_| degraded.quotes || is_reaction);
        Self { content: degraded.content, target, degradation: degraded.degradation }
    }

    /// Whether it is shown as an answer; a reaction stands on its message instead.
    fn quotes(&self) -> bool {
        self.target.is_some() && !matches!(self.content, Content::Reaction(_))
    }
}

pub(super) fn name_retired(current: Option<String>) -> ApiError {
    let instead = current.map(|name| format!("; write to {name}")).unwrap_or_default();
    ApiError::field("to", "invalid_value", format!("the person is not known under this name any more{instead}"))
}

pub(super) fn opted_out(said: &Suppression) -> ApiError {
    ApiError::field("to", FailureCode::RecipientOptedOut.as_str(), said.reason())
}

/// Send a message.
///
/// It is durable when this answers; it is sent at once, or when its channel can. What the provider can't carry is refused here
/// (`content_unsupported`), with what to use instead; with `degrade` the stated fallback goes out, if there is one.
#[utoipa::path(
    post, path = "/api/v1/messages", operation_id = "send_message", tag = "Messages",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters, kept for 24 hours")),
    request_body = SendMessage,
    responses(
        (status = 202, description = "Queued", body = MessageView, headers(("Location" = String, description = "Where its story is"))),
        (status = 409, description = "`idempotency_key_running`", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "`busy`: too many messages wait to be stored", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn create(
    caller: Granted<can::MessagesWrite>,
    idempotency: IdempotencyKey,
    ctx: web::Data<Context>,
    body: JsonBody<SendMessage>,
) -> ApiResult<HttpResponse> {
    let scope = idempotency.scope(caller.stable_name(), ROUTE, body.hash());
    if let Some(answer) = settled(&ctx.db, scope.as_ref()).await? {
        return Ok(answer);
    }
    let now = ctx.clock.now();
    let SendMessage { content, to, reply_to_id, degrade, .. } = &body.value;
    let content = content.read()?;
    let target = Target::find(&ctx, caller.workspace, to, &content, *reply_to_id).await?;
    let channel = ctx.channels.registry().choose(caller.workspace, body.value.wanted(target.as_ref())?).await?;
    let mut said = Said::of(content, target, *degrade, &channel);
    let due = body.value.send_at.unwrap_or(now);
    let fitness = ctx.fitness.of(&channel, to, &mut said.content, due).await?;
    let mut faults = fitness::faults(&fitness);
    faults.extend(body.value.faults(&said, &channel, now));
    fitness::demand_none(faults)?;
    let mut request = body.value.into_enqueue(said, fitness.class, &channel, now);
    let answer = serde_json::to_string(&MessageView::queued(&request)).map_err(ApiError::internal)?;
    request.key = scope.map(|scope| (scope, answer.clone()));
    let id = request.id;
    match ctx.outbox.enqueue(request).await? {
        Enqueued::Fresh => Ok(HttpResponse::Accepted()
            .insert_header((LOCATION, format!("{API}/messages/{id}")))
            .insert_header((CONTENT_TYPE, "application/json"))
            .body(answer)),
        Enqueued::Replayed { response, .. } => {
            Ok(HttpResponse::Accepted().insert_header((CONTENT_TYPE, "application/json")).body(response))
        }
        Enqueued::ChannelGone => Err(Code::ChannelMissing.into()),
        Enqueued::NameRetired(current) => Err(name_retired(current)),
        Enqueued::Suppressed(said) => Err(opted_out(&said)),
        Enqueued::KeyReused => Err(Code::IdempotencyKeyReused.into()),
        Enqueued::KeyRunning => Err(Code::IdempotencyKeyRunning.into()),
    }
}

/// Narrows a list of messages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MessageQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Entries on a page, 1 to 200; 50 when absent.
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u16>,
    state: Option<MessageState>,
    direction: Option<Direction>,
    channel_id: Option<ChannelId>,
    contact_id: Option<ContactId>,
    /// The person's number or business-scoped user id, exactly.
    person: Option<String>,
    client_reference: Option<String>,
    /// Why it failed, is unknown, or waits to be sent again. `expired` also finds what expired in the gateway.
    failure_code: Option<FailureCode>,
    /// The provider's raw code beside it.
    provider_code: Option<String>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// List messages, newest first.
#[utoipa::path(
    get, path = "/api/v1/messages", operation_id = "list_messages", tag = "Messages",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(MessageQuery),
    responses((status = 200, body = List<MessageView>)),
)]
pub async fn list(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    query: Query<MessageQuery>,
) -> ApiResult<web::Json<List<MessageView>>> {
    let query = query.0;
    let page = page(query.cursor.as_deref(), query.limit)?;
    let mut filter = MessageFilter {
        state: query.state,
        direction: query.direction,
        channel: query.channel_id,
        contacts: None,
        recipient: query.person,
        client_reference: query.client_reference,
        failure_code: query.failure_code,
        provider_code: query.provider_code,
    };
    let workspace = caller.workspace;
    let (records, holds) = ctx
        .db
        .read(move |conn| {
            if let Some(contact) = query.contact_id {
                filter.contacts = Some(contacts::ids_of_person(conn, workspace, contact)?);
            }
            Ok((messages::list(conn, workspace, &filter, page)?, channels::holds(conn, workspace)?))
        })
        .await?;
    let installation = ctx.outbox.dispatcher().is_held();
    let list = listed(records, page, |record| record.id.0);
    let data = list
        .data
        .into_iter()
        .map(|record| {
            let hold = hold_of(holds.get(&record.channel_id), installation);
            MessageView::of(record, hold)
        })
        .collect::<Result<_, _>>()?;
    Ok(web::Json(List { data, next_cursor: list.next_cursor }))
}

fn hold_of(channel: Option<&HoldReason>, installation_held: bool) -> Option<HoldReason> {
    if installation_held { Some(HoldReason::Installation) } else { channel.copied() }
}

/// Show a message and its whole story: tries, webhooks, decisions, times.
#[utoipa::path(
    get, path = "/api/v1/messages/{message_id}", operation_id = "get_message", tag = "Messages",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(("message_id" = MessageId, Path)),
    responses((status = 200, body = MessageStory)),
)]
pub async fn show(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    id: Path<MessageId>,
) -> ApiResult<web::Json<MessageStory>> {
    let workspace = caller.workspace;
    let installation = ctx.outbox.dispatcher().is_held();
    let story = ctx
        .db
        .read(move |conn| {
            let record = messages::get(conn, workspace, id.0)?;
            let tries = attempts::of_message(conn, workspace, id.0)?;
            let timeline = events::of_message(conn, workspace, id.0)?;
            let provider = channels::provider_of(conn, workspace, record.channel_id)?;
            let own = channels::ever(conn, workspace)?;
            let bodies = journal::bodies(conn, &webhooks_of(&timeline), &own)?;
            let hold = channels::holds(conn, workspace)?.remove(&record.channel_id);
            Ok(MessageStory {
                message: MessageView::of(record, hold_of(hold.as_ref(), installation))?,
                provider,
                tries: tries.iter().map(AttemptView::of).collect::<Result<_, _>>()?,
                timeline,
                webhooks: bodies
                    .into_iter()
                    .map(|(id, received_at, body)| RawWebhookView {
                        id,
                        received_at,
                        body: String::from_utf8_lossy(&body).into_owned(),
                    })
                    .collect(),
            })
        })
        .await?;
    Ok(web::Json(story))
}

fn webhooks_of(timeline: &[Event]) -> Vec<JournalId> {
    let mut ids: Vec<JournalId> = timeline.iter().filter_map(|event| event.webhook_id).collect();
    ids.dedup();
    ids
}
