//! The connection of a channel: check, repair, and a message that goes the whole way.

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::messages::{name_retired, opted_out};
use crate::channels::LoadedChannel;
use crate::channels::defaults::Wanted;
use crate::domain::class::MessageClass;
use crate::domain::contact::Recipient;
use crate::domain::content::Content;
use crate::domain::content::plain::TextContent;
use crate::domain::conversation::Window;
use crate::domain::failover::{FailoverMode, Fallback};
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::inbound::MessageContext;
use crate::domain::template::TemplateUse;
use crate::domain::terms::Terms;
use crate::domain::time::Ts;
use crate::error::{ApiError, Code, Problem};
use crate::http::handlers::fitness;
use crate::http::{API, ApiResult, Context, Granted, JsonBody, Path, can};
use crate::providers::{CheckReport, Depth, Repair};
use crate::storage::enqueue::{Enqueue, Enqueued};
use crate::storage::{contacts, conversations, facts};

/// What the test message says.
const TEST_TEXT: &str = "This is a test message of the gateway. Nothing needs to be done.";

/// What a connection check found, and whether it ended a hold.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckOutcome {
    pub report: CheckReport,
    /// A failure had held the channel; nothing stands against sending any more, so its queue moves again.
    pub resumed: bool,
}

/// What a repair set, and what the check after it found.
#[derive(Debug, Serialize, ToSchema)]
pub struct RepairOutcome {
    pub repair: Repair,
    pub report: CheckReport,
    /// As [`CheckOutcome`].
    pub resumed: bool,
}

/// Check a channel's connection.
///
/// Climbs the ladder `configured` → `reachable` → `credentials` → `permissions` → `sender` → `standing` → `subscribed` →
/// `callback` → `round_trip` without sending anything to anybody. Every finding that is not good has a stable `code`, says what
/// cures it and which field is probably wrong. Meta is asked to call the callback, by saving what is saved. A channel that a
/// failure holds resumes when nothing stands against sending.
#[utoipa::path(
    post, path = "/api/v1/channels/{channel_id}/check", operation_id = "check_channel", tag = "Channels",
    security(("api_key" = ["channels:write"]), ("session" = ["channels:write"])),
    params(("channel_id" = ChannelId, Path)),
    responses(
        (status = 200, description = "The report, also when rungs fail", body = CheckOutcome),
        (status = 502, description = "`provider_unavailable`: the provider takes no more calls about the account before `Retry-After`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn check(
    caller: Granted<can::ChannelsWrite>,
    ctx: web::Data<Context>,
    id: Path<ChannelId>,
) -> ApiResult<web::Json<CheckOutcome>> {
    ctx.channels.takes_calls(caller.workspace, id.0).await?;
    let diagnosis = ctx.channels.check(caller.workspace, id.0, Depth::Provoking).await?;
    if let Ok(channel) = ctx.channels.registry().by_id(id.0).await {
        ctx.templates.look_soon(&channel).await?;
    }
    Ok(web::Json(CheckOutcome { report: diagnosis.report, resumed: diagnosis.resumed }))
}

/// Set a channel's webhooks at its provider.
///
/// Direct: subscribes the app to the WhatsApp account, and sets the app's callback with every field; when the app's callback
/// belongs to somebody else, the account gets a callback of its own instead. Twilio: sets the sender's webhook with retries and
/// a second address, its status callback, and lets the messaging service leave incoming messages to it. What stood there before
/// is told.
#[utoipa::path(
    post, path = "/api/v1/channels/{channel_id}/repair", operation_id = "repair_channel", tag = "Channels",
    security(("api_key" = ["channels:write"]), ("session" = ["channels:write"])),
    params(("channel_id" = ChannelId, Path)),
    responses(
        (status = 200, description = "What was set, also when that is nothing or not everything", body = RepairOutcome),
        (status = 409, description = "`sandbox_off`", body = Problem, content_type = "application/problem+json"),
        (status = 502, description = "`provider_unavailable`: the provider takes no more calls about the account before `Retry-After`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn repair(
    caller: Granted<can::ChannelsWrite>,
    ctx: web::Data<Context>,
    id: Path<ChannelId>,
) -> ApiResult<web::Json<RepairOutcome>> {
    ctx.channels.takes_calls(caller.workspace, id.0).await?;
    let (repair, diagnosis) = ctx.channels.repair(caller.workspace, id.0).await?;
    Ok(web::Json(RepairOutcome { repair, report: diagnosis.report, resumed: diagnosis.resumed }))
}

/// A message that is to go the whole way.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "to": "+447700900123" })))]
pub struct RoundTrip {
    /// Who gets it: a person who expects it, such as yourself.
    to: Recipient,
    /// An approved template to send, for a person who has not written within 24 hours. Without it a short text is sent.
    template: Option<TemplateUse>,
}

/// The test message.
#[derive(Debug, Serialize, ToSchema)]
pub struct RoundTripStarted {
    pub message_id: MessageId,
    /// When it was queued. The rung `round_trip` turns green when its receipt is here.
    pub started_at: Ts,
}

/// Send a test message.
///
/// The rung `round_trip` turns green, and `channel.proven` stands in the feed, when its receipt has come by webhook. It is a
/// message like any other: what `POST /messages` refuses, this refuses, and it takes the same scope beside its own.
#[utoipa::path(
    post, path = "/api/v1/channels/{channel_id}/round-trip", operation_id = "start_round_trip", tag = "Channels",
    security(("api_key" = ["channels:write", "messages:write"]), ("session" = ["channels:write", "messages:write"])),
    params(("channel_id" = ChannelId, Path)),
    request_body = RoundTrip,
    responses(
        (status = 202, description = "Queued", body = RoundTripStarted),
        (status = 422, description = "`validation_failed` with `errors[0].code` = `window_closed`: the person has not written within 24 hours, and no template was given", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn round_trip(
    caller: Granted<can::ChannelsWrite>,
    _sender: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    id: Path<ChannelId>,
    body: JsonBody<RoundTrip>,
) -> ApiResult<HttpResponse> {
    let channel = ctx.channels.registry().choose(caller.workspace, Wanted::Channel(id.0)).await?;
    let RoundTrip { to, template } = body.value;
    let mut content = match template {
        Some(template) => Content::Template(template),
        None => {
            demand_open_window(&ctx, &channel, &to).await?;
            test_text()
        }
    };
    let fitness = ctx.fitness.of(&channel, &to, &mut content, ctx.clock.now()).await?;
    let mut faults = fitness::faults(&fitness);
    for fault in &mut faults {
        fault.field = fault.field.replacen("content", "template", 1);
    }
    fitness::demand_none(faults)?;
    let started = start(&ctx, &channel, to, content, fitness.class).await?;
    Ok(HttpResponse::Accepted()
        .insert_header(("Location", format!("{API}/messages/{}", started.message_id)))
        .json(started))
}

async fn demand_open_window(ctx: &Context, channel: &LoadedChannel, to: &Recipient) -> ApiResult<()> {
    let (workspace, id, person) = (channel.workspace, channel.id, to.identity());
    let until = ctx
        .db
        .read(move |conn| match contacts::find(conn, workspace, &person)? {
            Some(contact) => conversations::window_until(conn, workspace, (id, contact)),
            None => Ok(None),
        })
        .await?;
    // Where nothing is known the provider decides; a test that may fail for that reason tests nothing.
    if until.is_some_and(|until| !Window::known(until, ctx.clock.now()).is_closed()) {
        return Ok(());
    }
    let told = "this person has not written to the number within 24 hours: let them write to it first, or give an approved template";
    Err(ApiError::field("to", "window_closed", told))
}

/// Queues a test message and notes it with the channel.
///
/// # Errors
/// The channel was deleted meanwhile, or the database's.
pub async fn start(
    ctx: &Context,
    channel: &LoadedChannel,
    to: Recipient,
    content: Content,
    class: MessageClass,
) -> ApiResult<RoundTripStarted> {
    let (id, now) = (MessageId::new(), ctx.clock.now());
    let request = Enqueue {
        id,
        workspace: channel.workspace,
        channel: channel.id,
        limit_group: channel.limit_group.clone(),
        to,
        content,
        reply_to: None,
        context: MessageContext::default(),
        degradation: None,
        client_reference: Some("round-trip".to_owned()),
        class,
        // It tests this channel and no other.
        terms: Terms { fallback: Some(Fallback { mode: FailoverMode::Off, template: None }), ..Terms::default() },
        expires_at: None,
        at: now,
        key: None,
    };
    match ctx.outbox.enqueue(request).await? {
        Enqueued::ChannelGone => return Err(Code::NotFound.into()),
        Enqueued::NameRetired(current) => return Err(name_retired(current)),
        Enqueued::Suppressed(said) => return Err(opted_out(&said)),
        _ => {}
    }
    let (workspace, channel) = (channel.workspace, channel.id);
    ctx.db
        .write(move |conn| {
            facts::change(conn, workspace, channel, now, |facts| {
                facts.round_trip_message_id = Some(id);
                facts.round_trip_started_at = Some(now);
            })
        })
        .await?;
    Ok(RoundTripStarted { message_id: id, started_at: now })
}

/// The text of a test message.
pub fn test_text() -> Content {
    Content::Text(TextContent { body: TEST_TEXT.to_owned(), preview_url: false })
}
