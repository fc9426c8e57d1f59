//! How a workspace wants its messages to be delivered.

use actix_web::web;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::domain::delivery_settings::DeliverySettings;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::failover::FailoverMode;
use crate::domain::unknown::{UnknownPolicy, UnknownSettings};
use crate::error::ApiError;
use crate::http::extract::JsonBody;
use crate::http::{ApiResult, Context, Granted, can};
use crate::storage::{StorageError, events, workspaces};

/// Changes what is given and leaves the rest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliverySettingsPatch {
    failover: Option<FailoverMode>,
    unknown: Option<UnknownSettingsPatch>,
}

/// Changes what is given and leaves the rest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnknownSettingsPatch {
    /// For how long evidence is looked for, in minutes from when the message left.
    #[schema(minimum = 5, maximum = 10_080)]
    deadline_minutes: Option<u16>,
    /// What becomes of a one-time code then.
    one_time_code: Option<UnknownPolicy>,
}

impl DeliverySettingsPatch {
    fn apply(self, settings: &mut DeliverySettings) {
        if let Some(failover) = self.failover {
            settings.failover = failover;
        }
        let Some(unknown) = self.unknown else { return };
        if let Some(minutes) = unknown.deadline_minutes {
            settings.unknown.deadline_minutes = minutes;
        }
        if let Some(policy) = unknown.one_time_code {
            settings.unknown.one_time_code = policy;
        }
    }

    fn check(&self) -> ApiResult<()> {
        let minutes = self.unknown.as_ref().and_then(|unknown| unknown.deadline_minutes);
        let (shortest, longest) = (UnknownSettings::SHORTEST, UnknownSettings::LONGEST);
        match minutes {
            Some(minutes) if !(shortest..=longest).contains(&minutes) => Err(ApiError::field(
                "unknown.deadline_minutes",
                "invalid_value",
                format!("from {shortest} to {longest} minutes"),
            )),
            _ => Ok(()),
        }
    }
}

/// Show how messages are delivered.
#[utoipa::path(
    get, path = "/api/v1/delivery-settings", operation_id = "get_delivery_settings", tag = "Workspace",
    security(("api_key" = ["workspace:read"]), ("session" = ["workspace:read"])),
    responses((status = 200, body = DeliverySettings)),
)]
pub async fn show(
    caller: Granted<can::WorkspaceRead>,
    ctx: web::Data<Context>,
) -> ApiResult<web::Json<DeliverySettings>> {
    Ok(web::Json(ctx.db.read(move |conn| workspaces::delivery_settings(conn, caller.workspace)).await?))
}

/// Change how messages are delivered; it concerns those that wait, too.
#[utoipa::path(
    patch, path = "/api/v1/delivery-settings", operation_id = "update_delivery_settings", tag = "Workspace",
    security(("api_key" = ["workspace:write"]), ("session" = ["workspace:write"])),
    request_body = DeliverySettingsPatch,
    responses((status = 200, body = DeliverySettings)),
)]
pub async fn update(
    caller: Granted<can::WorkspaceWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<DeliverySettingsPatch>,
) -> ApiResult<web::Json<DeliverySettings>> {
    body.value.check()?;
    let (workspace, asked, now) = (caller.workspace, body.value, ctx.clock.now());
    let changed = ctx.db.write(move |conn| {
        let settings = workspaces::change_delivery_settings(conn, workspace, now, |settings| asked.apply(settings))?;
        let data = json!({ "delivery_settings": settings });
        events::append(conn, vec![(workspace, NewEvent { data, ..NewEvent::new(EventKind::WorkspaceUpdated, now) })])?;
        Ok::<_, StorageError>(settings)
    });
    let settings = changed.await?;
    ctx.channels.registry().forget_workspace(workspace);
    ctx.live.notify(workspace);
    Ok(web::Json(settings))
}
