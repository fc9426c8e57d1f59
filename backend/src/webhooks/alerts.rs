//! Telling endpoints of alerts: at once, then again and again for a day.

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use rand::RngExt as _;
use serde_json::json;

use crate::clock::SharedClock;
use crate::domain::alert::{AlertDelivery, AlertState};
use crate::domain::time::Ts;
use crate::queue::Work;
use crate::storage::alerts::{self, ClaimedAlert, Told};
use crate::storage::{Db, StorageError, StorageResult, alert_endpoints};

use super::alert_endpoint::{AlertEndpoints, EndpointError};
use super::post::Posted;
use super::schedule;

/// Alerts taken in one round, one of each workspace, and all told at once: an endpoint that hangs keeps others waiting for one
/// answer at most.
const ROUND: u16 = 16;
/// Longer than a round lasts: as long as one endpoint may take to answer.
const LEASE_MICROS: i64 = 60_000_000;

/// The worker that tells of alerts.
pub struct AlertDeliveries {
    db: Db,
    endpoints: AlertEndpoints,
    clock: SharedClock,
    holder: String,
}

impl AlertDeliveries {
    pub fn new(db: Db, endpoints: AlertEndpoints, clock: SharedClock, holder: String) -> Self {
        Self { db, endpoints, clock, holder }
    }

    async fn tell(&self, claimed: ClaimedAlert) -> StorageResult<()> {
        let outcome = match self.endpoints.open(claimed.workspace).await {
            Ok(Some(endpoint)) => {
                let (kind, at) = match claimed.alert.state {
                    AlertState::Open => ("raised", claimed.alert.raised_at),
                    AlertState::Cleared => ("cleared", claimed.alert.cleared_at.unwrap_or(claimed.alert.raised_at)),
                };
                // The same for every try, so that the endpoint can tell a repetition.
                let id = format!("{}_{kind}", claimed.alert.id);
                let body = json!({ "type": format!("alert.{kind}"), "timestamp": at, "data": claimed.alert });
                Some(self.endpoints.send(&endpoint, &id, &body).await)
            }
            Ok(None) => None,
            Err(EndpointError::Storage(error)) => return Err(error),
            Err(error) => Some(Posted::never(self.clock.now(), error.to_string())),
        };
        let now = self.clock.now();
        let told = told(outcome.as_ref(), claimed.tries, now, rand::rng().random());
        if told.delivery == AlertDelivery::Failed {
            tracing::warn!(alert = %claimed.alert.id, error = told.error, "alert not delivered; given up");
        }
        let (holder, error) = (self.holder.clone(), told.error.clone());
        self.db
            .write(move |conn| {
                if outcome.is_some() {
                    alert_endpoints::note(conn, claimed.workspace, error.as_deref(), now)?;
                }
                alerts::settle(conn, &holder, &claimed, &told)
            })
            .await?;
        Ok(())
    }
}

/// What becomes of an alert after a try; `None` when there is no endpoint any more.
fn told(outcome: Option<&Posted>, tries: i32, now: Ts, random: f64) -> Told {
    let ended = Told { delivery: AlertDelivery::None, run_at: now, tries, delivered_at: None, error: None };
    let tries = tries.saturating_add(1);
    let Some(outcome) = outcome else { return ended };
    match &outcome.error {
        None => Told { delivery: AlertDelivery::Delivered, tries, delivered_at: Some(now), ..ended },
        Some(error) => {
            let wait = schedule::wait(tries, outcome.retry_after, random);
            let delivery = if wait.is_some() { AlertDelivery::Pending } else { AlertDelivery::Failed };
            let run_at = now.plus(wait.unwrap_or_default());
            Told { delivery, run_at, tries, error: Some(error.clone()), ..ended }
        }
    }
}

#[async_trait]
impl Work for AlertDeliveries {
    fn name(&self) -> &'static str {
        "alerts"
    }

    async fn run_once(&self) -> StorageResult<usize> {
        let (holder, now) = (self.holder.clone(), self.clock.now());
        let any = self.db.read(move |conn| alerts::any_due(conn, now)).await?;
        if !any {
            return Ok(0);
        }
        let claimed = self.db.write(move |conn| alerts::claim(conn, &holder, LEASE_MICROS, now, ROUND.into())).await?;
        let count = claimed.len();
        let told: Vec<Result<(), StorageError>> =
            stream::iter(claimed).map(|alert| self.tell(alert)).buffer_unordered(ROUND.into()).collect().await;
        told.into_iter().collect::<StorageResult<()>>()?;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_taken_is_tried_again_and_given_up() {
        let now = Ts::from_micros(0);
        let failed = Posted::never(now, "no");
        let again = told(Some(&failed), 0, now, 0.0);
        assert_eq!((again.delivery, again.tries), (AlertDelivery::Pending, 1));
        assert!(again.run_at > now);
        let last = told(Some(&failed), 100, now, 0.0);
        assert_eq!((last.delivery, last.error.as_deref()), (AlertDelivery::Failed, Some("no")));
        let taken = Posted { status: Some(204), error: None, ..failed };
        assert_eq!(told(Some(&taken), 3, now, 0.0).delivery, AlertDelivery::Delivered);
        assert_eq!(told(None, 0, now, 0.0).delivery, AlertDelivery::None);
    }
}
