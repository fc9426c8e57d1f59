//! How a workspace wants its messages to be delivered.

use actix_web::web;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::domain::delivery_settings::DeliverySettings;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::failover::FailoverMode;
use crate::domain::opt_out::{LONGEST_WORD, MOST_WORDS, OptOutWords};
use crate::domain::quiet_hours::QuietHours;
use crate::domain::time_zone::TimeZone;
use crate::domain::unknown::{UnknownPolicy, UnknownSettings};
use crate::error::{ApiError, FieldError};
use crate::http::extract::{JsonBody, given};
use crate::http::{ApiResult, Context, Granted, can};
use crate::storage::{StorageError, events, workspaces};

/// Changes what is given and leaves the rest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeliverySettingsPatch {
    failover: Option<FailoverMode>,
    unknown: Option<UnknownSettingsPatch>,
    /// Both lists of words and their scope together.
    opt_out: Option<OptOutWords>,
    /// `null` ends them.
    #[serde(default, deserialize_with = "given")]
    quiet_hours: Option<Option<QuietHours>>,
    time_zone: Option<TimeZone>,
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
        if let Some(words) = self.opt_out {
            settings.opt_out = words;
        }
        if let Some(hours) = self.quiet_hours {
            settings.quiet_hours = hours;
        }
        if let Some(zone) = self.time_zone {
            settings.time_zone = zone;
        }
        let Some(unknown) = self.unknown else { return };
        if let Some(minutes) = unknown.deadline_minutes {
            settings.unknown.deadline_minutes = minutes;
        }
        if let Some(policy) = unknown.one_time_code {
            settings.unknown.one_time_code = policy;
        }
    }

    fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        if let Some(words) = &self.opt_out {
            faults.extend(words_fault("opt_out.words", &words.words));
            faults.extend(words_fault("opt_out.opt_in_words", &words.opt_in_words));
        }
        if let Some(Some(hours)) = &self.quiet_hours {
            if hours.from == hours.until {
                faults.push(FieldError::new("quiet_hours.until", "invalid_value", "must differ from quiet_hours.from"));
            }
            if !hours.classes.iter().all(|class| hours.concern(*class)) {
                let message = "replies and one-time codes are always sent; name utility or marketing";
                faults.push(FieldError::new("quiet_hours.classes", "invalid_value", message));
            }
        }
        let minutes = self.unknown.as_ref().and_then(|unknown| unknown.deadline_minutes);
        let (shortest, longest) = (UnknownSettings::SHORTEST, UnknownSettings::LONGEST);
        if minutes.is_some_and(|minutes| !(shortest..=longest).contains(&minutes)) {
            let message = format!("from {shortest} to {longest} minutes");
            faults.push(FieldError::new("unknown.deadline_minutes", "invalid_value", message));
        }
        faults
    }
}

fn words_fault(field: &str, words: &[String]) -> Option<FieldError> {
    if words.len() > MOST_WORDS {
        return Some(FieldError::new(field, "too_long", format!("at most {MOST_WORDS} words")));
    }
    let odd = words.iter().position(|word| {
        let length = word.trim().chars().count();
        length == 0 || length > LONGEST_WORD || word.contains('\0')
    })?;
    let message = format!("1 to {LONGEST_WORD} characters");
    Some(FieldError::new(format!("{field}[{odd}]"), "invalid_value", message))
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
    let faults = body.value.faults();
    if !faults.is_empty() {
        return Err(ApiError::fields(faults));
    }
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
