//! Going by the other provider when somebody asks for it, and what could.

use std::collections::BTreeMap;

use actix_web::web;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::message_view::MessageView;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::state::MessageState;
use crate::error::{ApiError, Code, FieldError, Problem};
use crate::http::extract::JsonBody;
use crate::http::{ApiResult, Context, Granted, Path, Query, can};
use crate::outbox::failover::Moved;
use crate::outbox::failover::assess::{Obstacle, ObstacleCode};
use crate::outbox::failover::readiness::Readiness;
use crate::storage::failover::Wanted;
use crate::storage::messages;

/// Messages that one call may name.
const MOST_IDS: usize = 1_000;

/// Which messages go by the other provider: those that failed or wait, narrowed by what is given. At least one thing is given.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FailOver {
    /// At most 1,000.
    #[schema(max_items = 1000)]
    message_ids: Option<Vec<MessageId>>,
    /// Those of this channel.
    channel_id: Option<ChannelId>,
    /// Those with this reason.
    failure_code: Option<FailureCode>,
    /// `failed` or `queued`; both when absent.
    state: Option<MessageState>,
}

impl FailOver {
    fn wanted(self) -> ApiResult<Wanted> {
        if self.message_ids.is_none() && self.channel_id.is_none() && self.failure_code.is_none() {
            let told = "name messages, a channel or a reason";
            return Err(ApiError::field("message_ids", "required", told));
        }
        if self.message_ids.as_ref().is_some_and(|ids| ids.len() > MOST_IDS) {
            return Err(ApiError::field("message_ids", "too_many", format!("at most {MOST_IDS}")));
        }
        let state = self.state.filter(|state| !matches!(state, MessageState::Failed | MessageState::Queued));
        if state.is_some() {
            let told = "only failed and queued messages can go by the other provider";
            return Err(ApiError::field("state", "invalid_value", told));
        }
        Ok(Wanted {
            ids: self.message_ids,
            channel: self.channel_id,
            failure_code: self.failure_code,
            state: self.state,
        })
    }
}

/// What became of them.
#[derive(Serialize, ToSchema)]
pub struct FailOverResult {
    /// How many go by the other provider now.
    pub moved: usize,
    /// Those that stay, by what keeps them.
    pub stayed: Vec<Stayed>,
}

/// Messages that stay for one reason.
#[derive(Serialize, ToSchema)]
pub struct Stayed {
    pub code: ObstacleCode,
    pub count: usize,
    /// The sentence for one of them.
    pub detail: String,
    /// Some of them, at most 20.
    pub message_ids: Vec<MessageId>,
}

const EXAMPLES: usize = 20;

impl From<Moved> for FailOverResult {
    fn from(outcome: Moved) -> Self {
        let mut stayed: BTreeMap<ObstacleCode, Stayed> = BTreeMap::new();
        for (message, Obstacle { code, detail }) in outcome.stuck {
            let entry = stayed.entry(code).or_insert(Stayed { code, count: 0, detail, message_ids: Vec::new() });
            entry.count += 1;
            if entry.message_ids.len() < EXAMPLES {
                entry.message_ids.push(message.id);
            }
        }
        Self { moved: outcome.moved.len(), stayed: stayed.into_values().collect() }
    }
}

/// Send a message by the other provider.
///
/// It must have failed or be waiting, and certainly not have arrived: a message whose answer was lost stays `unknown`.
#[utoipa::path(
    post, path = "/api/v1/messages/{message_id}/fail-over", operation_id = "fail_over_message", tag = "Messages",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    params(("message_id" = MessageId, Path)),
    responses(
        (status = 200, description = "It goes by the other provider now", body = MessageView),
        (status = 409, description = "`failover_not_ready`: what keeps it is in `detail`, and its code in `errors`", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub async fn message(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    id: Path<MessageId>,
) -> ApiResult<web::Json<MessageView>> {
    let (workspace, id) = (caller.workspace, id.0);
    ctx.db.read(move |conn| messages::get(conn, workspace, id)).await?;
    let wanted = Wanted { ids: Some(vec![id]), ..Wanted::default() };
    let outcome = ctx.failover.move_wanted(workspace, wanted).await?;
    if outcome.moved.is_empty() {
        let stuck = outcome.stuck.into_iter().next().map(|(_, obstacle)| obstacle);
        let obstacle = stuck.unwrap_or_else(Obstacle::not_waiting);
        let named = FieldError::new("message_id", obstacle.code.as_str(), obstacle.detail.clone());
        let mut error = ApiError::with_detail(Code::FailoverNotReady, obstacle.detail);
        error.errors.push(named);
        return Err(error);
    }
    let record = ctx.db.read(move |conn| messages::get(conn, workspace, id)).await?;
    Ok(web::Json(MessageView::of(record, None)?))
}

/// Send many messages by the other provider: all of a reason, of a channel, or those that are named.
#[utoipa::path(
    post, path = "/api/v1/messages/fail-over", operation_id = "fail_over_messages", tag = "Messages",
    security(("api_key" = ["messages:write"]), ("session" = ["messages:write"])),
    request_body = FailOver,
    responses((status = 200, body = FailOverResult)),
)]
pub async fn many(
    caller: Granted<can::MessagesWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<FailOver>,
) -> ApiResult<web::Json<FailOverResult>> {
    let outcome = ctx.failover.move_wanted(caller.workspace, body.value.wanted()?).await?;
    Ok(web::Json(outcome.into()))
}

/// The markets whose prices are compared.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MarketQuery {
    /// Names of the price list's markets, separated by commas; no prices when absent.
    #[param(example = "Brazil,Germany")]
    markets: Option<String>,
    /// The workspace of a request by session that can't set the header `Duplex-Workspace`.
    #[serde(rename = "workspace")]
    _workspace: Option<Uuid>,
}

/// Show what could go by the other provider, and what not and why: each template, each way, and its price in each market.
#[utoipa::path(
    get, path = "/api/v1/failover/readiness", operation_id = "get_failover_readiness", tag = "Messages",
    security(("api_key" = ["messages:read"]), ("session" = ["messages:read"])),
    params(MarketQuery),
    responses((status = 200, body = Readiness)),
)]
pub async fn readiness(
    caller: Granted<can::MessagesRead>,
    ctx: web::Data<Context>,
    query: Query<MarketQuery>,
) -> ApiResult<web::Json<Readiness>> {
    let asked = query.0.markets.unwrap_or_default();
    let markets: Vec<String> =
        asked.split(',').map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let readiness = ctx.failover.readiness(caller.workspace, &markets).await?;
    if let Some(unknown) = markets.iter().find(|market| !readiness.markets.contains(market)) {
        let told = format!("{unknown} is no market of the price list");
        return Err(ApiError::field("markets", "invalid_value", told));
    }
    Ok(web::Json(readiness))
}
