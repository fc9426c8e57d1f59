//! The sandbox: answering as the virtual customer, and telling the simulator how to misbehave.

use actix_web::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::channels::defaults::Wanted;
use crate::channels::sandbox::customer::{CustomerContent, CustomerNote, Forwarded};
use crate::channels::sandbox::simulator::{Fault, MagicNumber, PhoneFileAddress, SimulatorFailure, Written};
use crate::channels::sandbox::{Conversation, LedgerLine, Sandbox, SandboxError};
use crate::domain::contact::Recipient;
use crate::domain::ids::ChannelId;
use crate::domain::inbound::Referral;
use crate::domain::page::List;
use crate::domain::phone::PhoneError;
use crate::domain::provider::ProviderKind;
use crate::error::{ApiError, Code, Problem};
use crate::http::extract::{JsonBody, listed, page_of_at_most};
use crate::http::{ApiResult, Context, Granted, Query, can};

/// The customer of every example, when none is named.
const DEFAULT_CUSTOMER: &str = "+447700900123";
/// Longest text of a customer, in characters.
const LONGEST_TEXT: usize = 4_096;
/// Conversations on a page. Each brings its messages along, so that a page holds fewer than other lists'.
const MOST_CONVERSATIONS: u16 = 100;

/// A message of the virtual customer to one channel of the workspace.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SandboxReply {
    /// The channel it is written to; by `provider` when absent.
    channel_id: Option<ChannelId>,
    /// The provider whose default channel it is written to; the workspace's when absent.
    provider: Option<ProviderKind>,
    /// E.164 with plus, or a business-scoped user id; `+447700900123` when absent.
    #[schema(examples("+447700900123"))]
    from: Option<String>,
    /// Profile name; the one known when absent.
    name: Option<String>,
    /// The customer's name on WhatsApp.
    username: Option<String>,
    /// The business sees the user id only, although `from` is a number.
    #[serde(default)]
    hide_number: bool,
    /// Short for a content of the kind `text`.
    #[schema(min_length = 1, max_length = 4096, examples("Hi"))]
    text: Option<String>,
    content: Option<CustomerContent>,
    /// The provider's id of the message that is answered.
    reply_to: Option<String>,
    #[serde(default)]
    forwarded: Forwarded,
    /// The ad or post that the customer came from.
    referral: Option<Referral>,
}

impl SandboxReply {
    fn content(&mut self) -> ApiResult<CustomerContent> {
        let (content, field) = match (self.content.take(), self.text.take()) {
            (Some(content), None) => (content, "content.text"),
            (None, Some(text)) => (CustomerContent::Text { text }, "text"),
            (Some(_), Some(_)) => {
                return Err(ApiError::field("text", "invalid_value", "give a text or a content, not both"));
            }
            (None, None) => return Err(ApiError::field("content", "required", "say what the customer sends")),
        };
        match &content {
            CustomerContent::Text { text } | CustomerContent::Edit { text, .. }
                if !(1..=LONGEST_TEXT).contains(&text.chars().count()) =>
            {
                Err(ApiError::field(field, "invalid_value", "1 to 4,096 characters"))
            }
            _ => Ok(content),
        }
    }

    fn from(&mut self) -> ApiResult<Recipient> {
        let invalid = |error: PhoneError| ApiError::field("from", "invalid_value", format!("{error}"));
        self.from.take().as_deref().unwrap_or(DEFAULT_CUSTOMER).parse().map_err(invalid)
    }
}

/// Where a file on a phone ends, and the proof that its address was given out.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileQuery {
    /// Seconds since 1970.
    until: i64,
    proof: String,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[expect(dead_code, reason = "read where the caller is identified")]
    workspace: Option<Uuid>,
}

/// Opens or closes the service window between a channel and a customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WindowChange {
    /// By `provider` when absent.
    channel_id: Option<ChannelId>,
    /// The provider whose default channel is meant; the workspace's when absent.
    provider: Option<ProviderKind>,
    /// `+447700900123` when absent.
    #[schema(examples("+447700900123"))]
    customer: Option<String>,
    open: bool,
}

/// A fault of one channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChannelFault {
    pub channel_id: ChannelId,
    #[serde(flatten)]
    pub fault: Fault,
}

/// A fault to set.
#[derive(Debug, Deserialize, ToSchema)]
pub struct NewFault {
    /// The channel it concerns; each of the workspace's when absent.
    channel_id: Option<ChannelId>,
    #[serde(flatten)]
    fault: Fault,
}

/// The faults that are to hold from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFaults {
    #[schema(max_items = 100)]
    faults: Vec<NewFault>,
}

/// Faults that are set.
#[derive(Debug, Serialize, ToSchema)]
pub struct FaultList {
    pub data: Vec<ChannelFault>,
}

/// Recipients whose messages always meet the same fate.
#[derive(Debug, Serialize, ToSchema)]
pub struct MagicNumberList {
    pub data: Vec<MagicNumber>,
}

/// The simulator's own counts.
#[derive(Debug, Serialize, ToSchema)]
pub struct SandboxLedger {
    pub data: Vec<LedgerLine>,
}

/// Which conversations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConversationQuery {
    /// `next_cursor` of the page before; absent for the first page.
    cursor: Option<String>,
    /// Conversations on a page, 1 to 100; 50 when absent.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u16>,
    /// Only those of one channel.
    channel_id: Option<ChannelId>,
    /// Only those of one customer: E.164 with plus, or a business-scoped user id.
    #[param(value_type = Option<String>, example = "+447700900123")]
    customer: Option<Recipient>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[expect(dead_code, reason = "read where the caller is identified")]
    workspace: Option<Uuid>,
}

/// Answer as the virtual customer.
#[utoipa::path(
    post, path = "/api/v1/sandbox/replies", operation_id = "create_sandbox_reply", tag = "Sandbox",
    security(("api_key" = ["sandbox:write"]), ("session" = ["sandbox:write"])),
    request_body(content = SandboxReply, description = "`text`, or a `content` of any kind", example = json!({ "text": "Hi" })),
    responses(
        (status = 201, description = "On its way: the webhook was tried once", body = Written),
        (status = 409, description = "`not_sandbox`, `sandbox_off`; `conflict`: the channel is not at the simulator", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn reply(
    caller: Granted<can::SandboxWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<SandboxReply>,
) -> ApiResult<HttpResponse> {
    caller.require_sandbox()?;
    let mut asked = body.value;
    let note = CustomerNote {
        content: asked.content()?,
        from: asked.from()?.to_string(),
        name: asked.name,
        username: asked.username,
        hide_number: asked.hide_number,
        reply_to: asked.reply_to,
        forwarded: asked.forwarded,
        referral: asked.referral,
    };
    let wanted = wanted(asked.channel_id, asked.provider);
    let written = sandbox(&ctx)?.reply(caller.workspace, wanted, &note).await.map_err(|error| match error {
        // What else it could refuse was looked at above.
        SandboxError::Simulator(SimulatorFailure::Refused(sentence)) => ApiError::field("content", "refused", sentence),
        other => other.into(),
    })?;
    Ok(HttpResponse::Created().json(written))
}

/// List the conversations on the virtual phones.
///
/// The most recent first, whichever channel they belong to, each with its newest 100 messages. One that goes on while pages are
/// read moves to the front.
#[utoipa::path(
    get, path = "/api/v1/sandbox/conversations", operation_id = "list_sandbox_conversations", tag = "Sandbox",
    security(("api_key" = ["sandbox:write"]), ("session" = ["sandbox:write"])),
    params(ConversationQuery),
    responses(
        (status = 200, description = "Most recent first", body = List<Conversation>),
        (status = 409, description = "`not_sandbox`, `sandbox_off`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn conversations(
    caller: Granted<can::SandboxWrite>,
    ctx: web::Data<Context>,
    query: Query<ConversationQuery>,
) -> ApiResult<web::Json<List<Conversation>>> {
    caller.require_sandbox()?;
    let query = query.0;
    let page = page_of_at_most(MOST_CONVERSATIONS, query.cursor.as_deref(), query.limit)?;
    let customer = query.customer.as_ref();
    let found = sandbox(&ctx)?.conversations(caller.workspace, query.channel_id, customer, page).await?;
    Ok(web::Json(listed(found, page, |one| one.conversation.position)))
}

/// Read a file that a virtual phone shows. Its address stands in the conversation, and is good for an hour.
#[utoipa::path(
    get, path = "/api/v1/sandbox/files/{file_id}", operation_id = "get_sandbox_file", tag = "Sandbox",
    security(("api_key" = ["sandbox:write"]), ("session" = ["sandbox:write"])),
    params(("file_id" = String, Path), FileQuery),
    responses(
        (status = 200, description = "Its bytes", content_type = "application/octet-stream"),
        (status = 409, description = "`not_sandbox`, `sandbox_off`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn file(
    caller: Granted<can::SandboxWrite>,
    ctx: web::Data<Context>,
    id: web::Path<String>,
    query: Query<FileQuery>,
) -> ApiResult<HttpResponse> {
    caller.require_sandbox()?;
    // An id is letters and digits; anything else could name another place at the simulator.
    if !id.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Code::NotFound.into());
    }
    let FileQuery { until, proof, .. } = query.0;
    let address = PhoneFileAddress { id: id.into_inner(), until, proof };
    let file = sandbox(&ctx)?.file(caller.workspace, &address).await?;
    // What a customer sends is a stranger's: it is shown, and can do nothing here.
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, file.mime_type))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .body(file.bytes))
}

/// List the magic numbers: recipients whose messages always meet the same fate.
#[utoipa::path(
    get, path = "/api/v1/sandbox/magic-numbers", operation_id = "list_sandbox_magic_numbers", tag = "Sandbox",
    security(("api_key" = ["sandbox:write"]), ("session" = ["sandbox:write"])),
    responses(
        (status = 200, body = MagicNumberList),
        (status = 409, description = "`not_sandbox`, `sandbox_off`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn magic_numbers(
    caller: Granted<can::SandboxWrite>,
    ctx: web::Data<Context>,
) -> ApiResult<web::Json<MagicNumberList>> {
    caller.require_sandbox()?;
    Ok(web::Json(MagicNumberList { data: sandbox(&ctx)?.magic_numbers(caller.workspace).await? }))
}

/// List the faults that are set for the workspace's channels.
#[utoipa::path(
    get, path = "/api/v1/sandbox/faults", operation_id = "list_sandbox_faults", tag = "Sandbox",
    security(("api_key" = ["sandbox:write"]), ("session" = ["sandbox:write"])),
    responses(
        (status = 200, description = "With what is left of their counts", body = FaultList),
        (status = 409, description = "`not_sandbox`, `sandbox_off`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn faults(caller: Granted<can::SandboxWrite>, ctx: web::Data<Context>) -> ApiResult<web::Json<FaultList>> {
    caller.require_sandbox()?;
    Ok(shown(sandbox(&ctx)?.faults(caller.workspace).await?))
}

/// Set the faults of the workspace's channels.
///
/// They take the place of those set before. A fault without `channel_id` is set for each channel, counts included.
#[utoipa::path(
    put, path = "/api/v1/sandbox/faults", operation_id = "set_sandbox_faults", tag = "Sandbox",
    security(("api_key" = ["sandbox:write"]), ("session" = ["sandbox:write"])),
    request_body(content = NewFaults, example = json!({ "faults": [{ "kind": "lost_answer", "times": 1 }] })),
    responses(
        (status = 200, body = FaultList),
        (status = 409, description = "`not_sandbox`, `sandbox_off`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn set_faults(
    caller: Granted<can::SandboxWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<NewFaults>,
) -> ApiResult<web::Json<FaultList>> {
    caller.require_sandbox()?;
    let wanted = body.value.faults.into_iter().map(|new| (new.channel_id, new.fault)).collect();
    Ok(shown(sandbox(&ctx)?.set_faults(caller.workspace, wanted).await?))
}

/// Remove the faults of the workspace's channels, and let go of requests that hang.
#[utoipa::path(
    delete, path = "/api/v1/sandbox/faults", operation_id = "clear_sandbox_faults", tag = "Sandbox",
    security(("api_key" = ["sandbox:write"]), ("session" = ["sandbox:write"])),
    responses(
        (status = 204, description = "None is set any more"),
        (status = 409, description = "`not_sandbox`, `sandbox_off`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn clear_faults(caller: Granted<can::SandboxWrite>, ctx: web::Data<Context>) -> ApiResult<HttpResponse> {
    caller.require_sandbox()?;
    sandbox(&ctx)?.set_faults(caller.workspace, Vec::new()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Open or close a service window by hand.
#[utoipa::path(
    post, path = "/api/v1/sandbox/windows", operation_id = "set_sandbox_window", tag = "Sandbox",
    security(("api_key" = ["sandbox:write"]), ("session" = ["sandbox:write"])),
    request_body(content = WindowChange, example = json!({ "open": false })),
    responses(
        (status = 204, description = "Done"),
        (status = 409, description = "`not_sandbox`, `sandbox_off`; `conflict`: the channel is not at the simulator", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn set_window(
    caller: Granted<can::SandboxWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<WindowChange>,
) -> ApiResult<HttpResponse> {
    caller.require_sandbox()?;
    let asked = body.value;
    let invalid = |error: PhoneError| ApiError::field("customer", "invalid_value", format!("{error}"));
    let customer: Recipient = asked.customer.as_deref().unwrap_or(DEFAULT_CUSTOMER).parse().map_err(invalid)?;
    let wanted = wanted(asked.channel_id, asked.provider);
    sandbox(&ctx)?.set_window(caller.workspace, wanted, &customer, asked.open).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Show what the simulator counted: the judge of what arrived.
#[utoipa::path(
    get, path = "/api/v1/sandbox/ledger", operation_id = "get_sandbox_ledger", tag = "Sandbox",
    security(("api_key" = ["sandbox:write"]), ("session" = ["sandbox:write"])),
    responses(
        (status = 200, description = "One line per channel", body = SandboxLedger),
        (status = 409, description = "`not_sandbox`, `sandbox_off`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn ledger(
    caller: Granted<can::SandboxWrite>,
    ctx: web::Data<Context>,
) -> ApiResult<web::Json<SandboxLedger>> {
    caller.require_sandbox()?;
    Ok(web::Json(SandboxLedger { data: sandbox(&ctx)?.ledger(caller.workspace).await? }))
}

fn sandbox(ctx: &Context) -> ApiResult<&Sandbox> {
    ctx.sandbox.as_ref().ok_or_else(|| Code::SandboxOff.into())
}

fn wanted(channel: Option<ChannelId>, provider: Option<ProviderKind>) -> Wanted {
    match (channel, provider) {
        (Some(channel), _) => Wanted::Channel(channel),
        (None, Some(provider)) => Wanted::Provider(provider),
        (None, None) => Wanted::Any,
    }
}

fn shown(faults: Vec<(ChannelId, Fault)>) -> web::Json<FaultList> {
    let shown = |(channel_id, fault)| ChannelFault { channel_id, fault: Fault { account: None, ..fault } };
    web::Json(FaultList { data: faults.into_iter().map(shown).collect() })
}
