//! Whether the program is up, and whether it can work.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{HttpResponse, web};
use serde::Serialize;

use super::context::Context;
use crate::storage::installation;

/// Which workers are running.
#[derive(Clone, Default)]
pub struct Liveness(Arc<Mutex<BTreeMap<&'static str, bool>>>);

/// Held by a worker as long as it runs.
pub struct Alive {
    name: &'static str,
    liveness: Liveness,
}

impl Liveness {
    /// Counts a worker as running until the guard is dropped, however that comes about.
    pub fn enter(&self, name: &'static str) -> Alive {
        self.set(name, true);
        Alive { name, liveness: self.clone() }
    }

    /// Names of workers that ended.
    pub fn dead(&self) -> Vec<&'static str> {
        let workers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        workers.iter().filter(|(_, alive)| !**alive).map(|(name, _)| *name).collect()
    }

    fn set(&self, name: &'static str, alive: bool) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name, alive);
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.liveness.set(self.name, false);
    }
}

#[derive(Serialize)]
struct Health {
    status: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failing: Vec<&'static str>,
}

/// The process answers.
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().json(Health { status: "ok", failing: vec![] })
}

/// The database is reached and migrated, and all workers run. 503 while not, also while stopping.
pub async fn readyz(ctx: web::Data<Context>) -> HttpResponse {
    let mut failing = ctx.liveness.dead();
    if ctx.stopping.is_cancelled() {
        failing.push("stopping");
    }
    if let Err(error) = ctx.db.read(installation::get).await {
        tracing::warn!(cause = %error, "the database is not ready");
        failing.push("database");
    }
    if failing.is_empty() {
        HttpResponse::Ok().json(Health { status: "ok", failing })
    } else {
        HttpResponse::ServiceUnavailable().json(Health { status: "failing", failing })
    }
}

pub fn configure(config: &mut web::ServiceConfig) {
    config.route("/healthz", web::get().to(healthz)).route("/readyz", web::get().to(readyz));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_ends_is_noticed() {
        let liveness = Liveness::default();
        let guard = liveness.enter("sweeper");
        assert!(liveness.dead().is_empty());
        drop(guard);
        assert_eq!(liveness.dead(), ["sweeper"]);
    }
}
