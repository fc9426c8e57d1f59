//! Workspaces: a business in one environment.

use actix_web::web;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::auth::setup::normal_name;
use crate::domain::access::{Membership, Workspace};
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::provider::ProviderKind;
use crate::error::ApiError;
use crate::http::extract::JsonBody;
use crate::http::{ApiResult, Context, Granted, SignedIn, can};
use crate::storage::workspaces::{self, WorkspaceChange};
use crate::storage::{Db, events};

/// All workspaces of the signed-in user, oldest first.
#[derive(Serialize, ToSchema)]
pub struct WorkspaceList {
    pub data: Vec<Membership>,
}

/// Changes what is given and leaves the rest.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspacePatch {
    #[schema(min_length = 1, max_length = 80, examples("Main"))]
    name: Option<String>,
    /// The provider of messages that name no channel. Messages already queued keep theirs.
    whatsapp_provider: Option<ProviderKind>,
}

/// List the signed-in user's workspaces.
#[utoipa::path(
    get, path = "/api/v1/workspaces", operation_id = "list_workspaces", tag = "Workspace",
    security(("session" = [])),
    responses((status = 200, body = WorkspaceList)),
)]
pub async fn list(session: SignedIn) -> web::Json<WorkspaceList> {
    web::Json(WorkspaceList { data: session.0.who.memberships.clone() })
}

/// Show the workspace of the API key, or the one that the session names.
#[utoipa::path(
    get, path = "/api/v1/workspace", operation_id = "get_workspace", tag = "Workspace",
    security(("api_key" = ["workspace:read"]), ("session" = ["workspace:read"])),
    responses((status = 200, body = Workspace)),
)]
pub async fn show(caller: Granted<can::WorkspaceRead>, ctx: web::Data<Context>) -> ApiResult<web::Json<Workspace>> {
    Ok(web::Json(ctx.db.read(move |conn| workspaces::get(conn, caller.workspace)).await?))
}

/// Rename the workspace or change its provider.
#[utoipa::path(
    patch, path = "/api/v1/workspace", operation_id = "update_workspace", tag = "Workspace",
    security(("api_key" = ["workspace:write"]), ("session" = ["workspace:write"])),
    request_body = WorkspacePatch,
    responses((status = 200, body = Workspace)),
)]
pub async fn update(
    caller: Granted<can::WorkspaceWrite>,
    ctx: web::Data<Context>,
    body: JsonBody<WorkspacePatch>,
) -> ApiResult<web::Json<Workspace>> {
    let asked = body.value;
    let name = asked.name.map(|name| normal_name("name", &name)).transpose();
    let name = name.map_err(|error| ApiError::fields(vec![error]))?;
    let change = WorkspaceChange { name, whatsapp_provider: asked.whatsapp_provider };
    let event = NewEvent::new(EventKind::WorkspaceUpdated, ctx.clock.now());
    let workspace = change_and_tell(&ctx.db, caller, change, event).await?;
    ctx.auth.forget_sessions();
    ctx.channels.registry().forget_workspace(workspace.id);
    ctx.live.notify(workspace.id);
    Ok(web::Json(workspace))
}

async fn change_and_tell(
    db: &Db,
    caller: Granted<can::WorkspaceWrite>,
    change: WorkspaceChange,
    event: NewEvent,
) -> ApiResult<Workspace> {
    let changed = db.write(move |conn| {
        let workspace = workspaces::update(conn, caller.workspace, change, event.at)?;
        let data = json!({ "name": workspace.name, "whatsapp_provider": workspace.whatsapp_provider });
        events::append(conn, vec![(workspace.id, NewEvent { data, ..event })])?;
        Ok(workspace)
    });
    Ok(changed.await?)
}
