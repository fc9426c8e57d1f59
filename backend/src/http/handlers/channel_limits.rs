//! What keeps each sender from sending as fast as it likes, and why.

use std::collections::HashMap;

use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

use crate::channels::ceiling::Ceiling;
use crate::domain::circuit::CircuitState;
use crate::domain::failure::Failure;
use crate::domain::ids::ChannelId;
use crate::domain::time::Ts;
use crate::http::{ApiResult, Context, Granted, can};
use crate::providers::capabilities::PairRate;
use crate::storage::channels;
use crate::storage::circuits::{self, CircuitRecord};
use crate::storage::limits::{self, RateRecord};
use crate::storage::{StorageError, StorageResult};

/// The limits of all channels.
#[derive(Serialize, ToSchema)]
pub struct ChannelLimitsList {
    pub data: Vec<ChannelLimits>,
}

/// One sender's limits. They delay messages; none fails because of them.
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
    pub circuit: Circuit,
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
            circuit: circuits.get(&channel_id).map(Circuit::of).transpose()?.unwrap_or_default(),
        });
    }
    Ok(web::Json(ChannelLimitsList { data }))
}
