//! What keeps each sender from sending as fast as it likes, and why.

use std::collections::HashMap;
use std::time::Duration;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::channels::LoadedChannel;
use crate::channels::ceiling::{Ceiling, PeopleLimit};
use crate::channels::defaults::Wanted;
use crate::domain::circuit::CircuitState;
use crate::domain::failure::Failure;
use crate::domain::ids::ChannelId;
use crate::domain::time::Ts;
use crate::error::ApiError;
use crate::http::extract::given;
use crate::http::{ApiResult, Context, Granted, JsonBody, Path, can};
use crate::providers::capabilities::PairRate;
use crate::providers::management::ManagementStanding;
use crate::storage::channels;
use crate::storage::circuits::{self, CircuitRecord};
use crate::storage::limits::{self, RateRecord};
use crate::storage::{StorageError, StorageResult, reached};

/// What the messaging limit counts.
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// The limits of all channels.
#[derive(Serialize, ToSchema)]
pub struct ChannelLimitsList {
    pub data: Vec<ChannelLimits>,
}

/// One sender's limits. They delay messages and looks; none fails because of them.
#[derive(Serialize, ToSchema)]
pub struct ChannelLimits {
    pub channel_id: ChannelId,
    /// What the provider takes from this sender.
    pub ceiling: Ceiling,
    /// What is kept at the moment; absent until it has sent something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<SenderRate>,
    /// To one person; absent where the provider names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<PairRate>,
    /// How many people it may write to first within 24 hours; absent where nothing is known, or there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<PeopleReached>,
    pub circuit: Circuit,
    /// Calls about the account: checks, templates, subscriptions; absent where the provider names no limit of an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub management: Option<ManagementStanding>,
}

/// A sender's messaging limit, and how much of it is used.
#[derive(Serialize, ToSchema)]
pub struct PeopleReached {
    #[serde(flatten)]
    pub limit: PeopleLimit,
    /// People whom the account has written to first within the last 24 hours. At 95 % of the limit others wait.
    pub reached: u64,
}

/// A sender's present rate.
#[derive(Serialize, ToSchema)]
pub struct SenderRate {
    /// Nine tenths of the ceiling, or less while `lowered_at` is there: it rises again by itself.
    pub messages_per_second: f64,
    /// Since when the provider's throttles keep it lower.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lowered_at: Option<Ts>,
    /// The refusal that lowered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<Failure>,
    pub updated_at: Ts,
}

/// A channel's circuit breaker.
#[derive(Default, Serialize, ToSchema)]
pub struct Circuit {
    pub state: CircuitState,
    /// What failed, while it is not closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Failure>,
    /// When the provider is looked at next.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe_at: Option<Ts>,
    /// Since when it stands so; absent when it never opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Ts>,
}

impl SenderRate {
    fn of(record: &RateRecord) -> StorageResult<Self> {
        Ok(Self {
            messages_per_second: f64::from(record.ceiling) * record.share,
            lowered_at: record.lowered_at,
            failure: record.failure()?,
            updated_at: record.updated_at,
        })
    }
}

impl Circuit {
    fn of(record: &CircuitRecord) -> StorageResult<Self> {
        Ok(Self {
            state: record.state,
            reason: record.reason()?,
            probe_at: record.probe_at,
            changed_at: Some(record.changed_at),
        })
    }
}

/// Show what limits each channel at the moment, and why.
#[utoipa::path(
    get, path = "/api/v1/channel-limits", operation_id = "list_channel_limits", tag = "Channels",
    security(("api_key" = ["channels:read"]), ("session" = ["channels:read"])),
    responses((status = 200, body = ChannelLimitsList)),
)]
pub async fn list(
    caller: Granted<can::ChannelsRead>,
    ctx: web::Data<Context>,
) -> ApiResult<web::Json<ChannelLimitsList>> {
    let workspace = caller.workspace;
    let since = ctx.clock.now().minus(DAY);
    let (ids, rates, circuits) = ctx
        .db
        .read(move |conn| {
            let rates = limits::of_workspace(conn, workspace)?;
            Ok::<_, StorageError>((
                channels::ids(conn, workspace)?,
                rates.into_iter().map(|rate| (rate.channel_id, rate)).collect::<HashMap<_, _>>(),
                circuits::of_workspace(conn, workspace)?
                    .into_iter()
                    .map(|circuit| (circuit.channel_id, circuit))
                    .collect::<HashMap<_, _>>(),
            ))
        })
        .await?;
    let mut data = Vec::with_capacity(ids.len());
    for channel_id in ids {
        // One that can't be loaded is the connection check's matter.
        let Ok(loaded) = ctx.channels.registry().by_id(channel_id).await else { continue };
        data.push(ChannelLimits {
            channel_id,
            ceiling: loaded.ceiling,
            rate: rates.get(&channel_id).map(SenderRate::of).transpose()?,
            pair: loaded.service.capabilities().throughput.pair,
            people: people(&ctx, &loaded, since).await?,
            circuit: circuits.get(&channel_id).map(Circuit::of).transpose()?.unwrap_or_default(),
            management: loaded.service.management(),
        });
    }
    Ok(web::Json(ChannelLimitsList { data }))
}

async fn people(ctx: &Context, channel: &LoadedChannel, since: Ts) -> ApiResult<Option<PeopleReached>> {
    let Some(limit) = channel.people_per_day else { return Ok(None) };
    let portfolio = channel.limit_group.clone();
    let reached = ctx.db.read(move |conn| reached::count(conn, &portfolio, since)).await?;
    Ok(Some(PeopleReached { limit, reached }))
}

/// Changes what is given and leaves the rest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({ "people_per_day": 2_000 })))]
pub struct ChannelLimitsPatch {
    /// People whom the account may write to first within 24 hours; `null` leaves it to what the provider says.
    #[serde(default, deserialize_with = "given")]
    #[schema(minimum = 1)]
    people_per_day: Option<Option<i32>>,
}

/// Set a channel's messaging limit, where the provider does not tell it.
#[utoipa::path(
    patch, path = "/api/v1/channel-limits/{channel_id}", operation_id = "update_channel_limits", tag = "Channels",
    security(("api_key" = ["channels:write"]), ("session" = ["channels:write"])),
    params(("channel_id" = ChannelId, Path)),
    request_body = ChannelLimitsPatch,
    responses((status = 204, description = "Set")),
)]
pub async fn update(
    caller: Granted<can::ChannelsWrite>,
    ctx: web::Data<Context>,
    id: Path<ChannelId>,
    body: JsonBody<ChannelLimitsPatch>,
) -> ApiResult<HttpResponse> {
    let asked = body.value.people_per_day;
    let people = asked.flatten();
    if people.is_some_and(|people| people < 1) {
        return Err(ApiError::field("people_per_day", "invalid_value", "at least 1"));
    }
    let channel = ctx.channels.registry().choose(caller.workspace, Wanted::Channel(id.0)).await?;
    let (key, ceiling, now) = ((channel.workspace, channel.id), channel.ceiling.messages_per_second, ctx.clock.now());
    if asked.is_some() {
        ctx.db.write(move |conn| limits::set_people_per_day(conn, key, ceiling, people, now)).await?;
        ctx.channels.announce(channel.workspace, channel.id);
    }
    Ok(HttpResponse::NoContent().finish())
}
