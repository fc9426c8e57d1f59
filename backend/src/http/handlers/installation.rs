//! What this installation is set to, for whoever looks after it. Nothing secret.

use actix_web::web;
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::Days;
use crate::http::{Anyone, Context};

/// Which database the data is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseKind {
    Sqlite,
    Postgres,
}

/// How many days things are kept; null is for ever.
#[derive(Debug, Serialize, ToSchema)]
pub struct RetentionView {
    /// Raw webhooks, after they were processed.
    #[schema(required, examples(30))]
    pub webhooks_days: Option<u64>,
    /// Messages, after they ended.
    #[schema(required, examples(365))]
    pub messages_days: Option<u64>,
    /// Entries of the events feed.
    #[schema(required, examples(90))]
    pub events_days: Option<u64>,
}

/// How this installation is set up.
#[derive(Debug, Serialize, ToSchema)]
pub struct InstallationView {
    /// Version of the program.
    #[schema(examples("0.1.0"))]
    pub version: &'static str,
    /// The address under which browsers and providers reach it, path prefix included, without a slash at its end.
    #[schema(examples("https://example.com/whatsapp"))]
    pub public_url: String,
    pub database: DatabaseKind,
    /// Whether the simulator runs, to which sandbox workspaces send.
    pub sandbox: bool,
    /// Whether the program was started with `--hold`: nothing leaves, whatever the channels say.
    pub sending_held: bool,
    pub retention: RetentionView,
}

/// Show how this installation is set up.
#[utoipa::path(
    get, path = "/api/v1/installation", operation_id = "get_installation", tag = "Installation",
    security(("api_key" = []), ("session" = [])),
    responses((status = 200, body = InstallationView)),
)]
pub async fn show(_: Anyone, ctx: web::Data<Context>) -> web::Json<InstallationView> {
    let kept = &ctx.config.retention;
    web::Json(InstallationView {
        version: env!("CARGO_PKG_VERSION"),
        public_url: ctx.public_url.join(""),
        database: if ctx.db.is_postgres() { DatabaseKind::Postgres } else { DatabaseKind::Sqlite },
        sandbox: ctx.sandbox.is_some(),
        sending_held: ctx.outbox.dispatcher().is_held(),
        retention: RetentionView {
            webhooks_days: days(kept.retention_webhooks),
            messages_days: days(kept.retention_messages),
            events_days: days(kept.retention_events),
        },
    })
}

fn days(kept: Days) -> Option<u64> {
    kept.0.map(|time| time.as_secs() / 86_400)
}
