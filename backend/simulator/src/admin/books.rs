//! The ledger, the webhooks, the faults and the pace.

use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::Refusal;
use crate::accounts::Account;
use crate::config::Pace;
use crate::faults::Fault;
use crate::ledger::recount;
use crate::magic::MAGIC_NUMBERS;
use crate::people::parse_phone;
use crate::state::World;

const LEDGER_LIMIT: usize = 10_000;

#[derive(Debug, Deserialize)]
pub(super) struct LedgerQuery {
    /// Sequence number after which the entries begin.
    #[serde(default)]
    after: u64,
    /// 1 to 10,000.
    limit: Option<usize>,
}

pub(super) async fn ledger(world: web::Data<World>, query: web::Query<LedgerQuery>) -> Result<HttpResponse, Refusal> {
    let limit = query.limit.unwrap_or(1_000).clamp(1, LEDGER_LIMIT);
    let lines = web::block(move || world.ledger.read(query.after, limit)).await.map_err(stopped)??;
    // The lines are JSON already.
    Ok(HttpResponse::Ok().content_type(ContentType::json()).body(format!("[{}]", lines.join(","))))
}

#[derive(Debug, Deserialize)]
pub(super) struct SummaryQuery {
    /// Also counts by correlation id and by recipient: reads the whole ledger.
    #[serde(default)]
    detail: bool,
}

pub(super) async fn summary(world: web::Data<World>, query: web::Query<SummaryQuery>) -> Result<HttpResponse, Refusal> {
    let summary = world.tally.summary();
    if !query.detail {
        return Ok(HttpResponse::Ok().json(summary));
    }
    let summary = web::block(move || recount(&world.ledger, summary)).await.map_err(stopped)??;
    Ok(HttpResponse::Ok().json(summary))
}

pub(super) async fn faults(world: web::Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(world.faults.list())
}

/// Puts a list of faults in place of those that are set, and lets go of requests that hang.
pub(super) async fn set_faults(
    world: web::Data<World>,
    faults: web::Json<Vec<Fault>>,
) -> Result<HttpResponse, Refusal> {
    let mut faults = faults.into_inner();
    for fault in &mut faults {
        if fault.probability.is_some_and(|chance| !(0.0..=1.0).contains(&chance)) {
            return Err(Refusal::invalid("a probability lies between 0 and 1"));
        }
        if let Some(name) = &fault.account {
            let account: Account = super::resolve(&world, name)?;
            fault.account = Some(account.key().to_string());
        }
        if let Some(to) = &fault.to {
            fault.to = Some(parse_phone(to).unwrap_or_else(|| to.clone()));
        }
    }
    world.set_faults(faults);
    Ok(HttpResponse::Ok().json(world.faults.list()))
}

pub(super) async fn clear_faults(world: web::Data<World>) -> HttpResponse {
    world.set_faults(Vec::new());
    HttpResponse::NoContent().finish()
}

pub(super) async fn magic_numbers() -> HttpResponse {
    HttpResponse::Ok().json(&MAGIC_NUMBERS)
}

pub(super) async fn pace(world: web::Data<World>) -> HttpResponse {
    HttpResponse::Ok().json(world.pace())
}

pub(super) async fn set_pace(world: web::Data<World>, pace: web::Json<Pace>) -> HttpResponse {
    world.set_pace(pace.into_inner());
    HttpResponse::Ok().json(world.pace())
}

#[derive(Debug, Deserialize)]
pub(super) struct WebhookQuery {
    /// Up to 500, newest first.
    limit: Option<usize>,
}

pub(super) async fn webhooks(world: web::Data<World>, query: web::Query<WebhookQuery>) -> HttpResponse {
    HttpResponse::Ok().json(world.delivery.log.newest(query.limit.unwrap_or(100)))
}

fn stopped(_: actix_web::error::BlockingError) -> Refusal {
    Refusal::new(actix_web::http::StatusCode::SERVICE_UNAVAILABLE, "the simulator is stopping")
}
