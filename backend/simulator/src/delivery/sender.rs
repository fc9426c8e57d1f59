//! Sends webhooks: signed, bounded in number, retried by each provider's own rules.

use std::sync::Arc;
use std::time::Duration;

use super::WebhookRecord;
use super::notice::Notice;
use super::request::Request;
use crate::ids::now_ms;
use crate::ledger::{Direction, Provider};
use crate::state::World;
use crate::twilio::overrides::Overrides;

/// Waits between the tries of the direct provider. Meta goes on for days (direct.md §3.9); here a demonstration ends after minutes.
const DIRECT_WAITS_MS: [u64; 9] = [200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 60_000];
/// First wait between tries of Twilio; it doubles.
const TWILIO_WAIT: Duration = Duration::from_millis(200);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How one try went.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) url: String,
    pub(crate) status: Option<u16>,
    pub(crate) error: Option<String>,
    failure: Failure,
}

impl Outcome {
    /// Whether the webhook counts as taken.
    pub(crate) fn taken(&self) -> bool {
        self.failure == Failure::None
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Failure {
    None,
    /// No connection.
    Connect,
    /// A connection, but no answer.
    NoAnswer,
    /// An answer that is not what the provider wants.
    Status(u16),
    /// The account or its callback is gone.
    NoTarget,
}

/// The one client for webhooks: no proxy of the environment, no redirects, connections kept.
pub(super) fn client() -> reqwest::Result<reqwest::Client> {
    let builder = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.connect_timeout(CONNECT_TIMEOUT).pool_idle_timeout(Duration::from_secs(30)).build()
}

/// Sends what waits until the world stops. What was not taken by then is found in the ledger at the next start.
pub(super) async fn run(world: Arc<World>) {
    while !world.stopping.is_cancelled() {
        let sending = async {
            match world.delivery.next() {
                Some(notice) => drop(send(&world, notice).await),
                None => world.delivery.work.notified().await,
            }
        };
        tokio::select! {
            () = world.stopping.cancelled() => return,
            () = sending => {}
        }
    }
}

/// One try, and what follows from it: booked as known, put off, sent to the fallback or given up.
pub(super) async fn send(world: &World, mut notice: Notice) -> Outcome {
    let Some(request) = Request::compose(world, &notice) else {
        world.settle(notice.facts(), true);
        let error = Some("the account has no callback".to_owned());
        return Outcome { url: String::new(), status: None, error, failure: Failure::NoTarget };
    };
    let overrides = request.overrides;
    notice.tries += 1;
    let outcome = attempt(world, &notice, request).await;
    if outcome.taken() {
        world.settle(notice.facts(), false);
    } else if let Some(wait) = wait_before_next(world, &notice, &outcome, &overrides) {
        world.delivery.send_after(wait, notice);
    } else if has_fallback(world, &notice) {
        world.delivery.send_now(Notice { instead_of: Some(outcome.url.clone()), tries: 0, ..notice });
    } else {
        tracing::debug!(url = %outcome.url, error = ?outcome.error, status = ?outcome.status, "simulator: webhook given up");
        world.settle(notice.facts(), true);
    }
    outcome
}

async fn attempt(world: &World, notice: &Notice, request: Request) -> Outcome {
    let at = now_ms();
    let Request { provider, url, body, signature, headers, timeout, .. } = request;
    let sent = world.delivery.client.post(&url).headers(headers).timeout(timeout).body(body.clone()).send().await;
    let (failure, status, error) = match sent {
        Ok(answer) => {
            let status = answer.status().as_u16();
            // The body is read so that the connection can be used again.
            let _ = answer.bytes().await;
            let taken = match provider {
                Provider::Direct => status == 200,
                Provider::Twilio => (200..300).contains(&status),
            };
            (if taken { Failure::None } else { Failure::Status(status) }, Some(status), None)
        }
        Err(error) => {
            let failure = if error.is_connect() || error.is_builder() { Failure::Connect } else { Failure::NoAnswer };
            (failure, None, Some(reason(&error)))
        }
    };
    world.delivery.log.push(WebhookRecord {
        at,
        provider,
        account: notice.account.to_string(),
        url: url.clone(),
        body,
        signature,
        status,
        error: error.clone(),
        attempt: notice.tries,
    });
    Outcome { url, status, error, failure }
}

fn wait_before_next(world: &World, notice: &Notice, outcome: &Outcome, overrides: &Overrides) -> Option<Duration> {
    let done = notice.tries.saturating_sub(1);
    if world.accounts.direct(&notice.account).is_some() {
        return DIRECT_WAITS_MS.get(done as usize).copied().map(Duration::from_millis);
    }
    let wanted = match outcome.failure {
        Failure::Connect => overrides.on_connect,
        Failure::NoAnswer => overrides.on_read,
        Failure::Status(status) if status >= 500 => overrides.on_5xx,
        Failure::Status(status) if status >= 400 => overrides.on_4xx,
        Failure::Status(_) | Failure::None | Failure::NoTarget => false,
    };
    (wanted && done < overrides.retries).then(|| TWILIO_WAIT * 2_u32.saturating_pow(done))
}

/// Whether the sender's fallback is still to be tried: for messages of customers only (twilio.md §3.5).
fn has_fallback(world: &World, notice: &Notice) -> bool {
    let inbound = notice.facts().first().is_some_and(|fact| fact.record.direction == Direction::Inbound);
    let account = world.accounts.twilio(&notice.account);
    inbound && notice.instead_of.is_none() && account.is_some_and(|account| account.inbound_route().fallback.is_some())
}

fn reason(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(inner) = source {
        text = format!("{text}: {inner}");
        source = inner.source();
    }
    text
}
