//! Sends webhooks: signed, bounded in number, retried by each provider's own rules.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use super::WebhookRecord;
use super::notice::{FormTarget, Notice, Payload};
use crate::direct::webhooks as direct;
use crate::ids::now_ms;
use crate::ledger::Provider;
use crate::state::World;
use crate::twilio::overrides::Overrides;

/// Waits between the tries of the direct provider. Meta goes on for days (direct.md §3.9); here a demonstration ends after minutes.
const DIRECT_WAITS_MS: [u64; 9] = [200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 60_000];
/// Time for one try of the direct provider; Meta states none (direct.md §3.8, §7).
const DIRECT_TIMEOUT: Duration = Duration::from_secs(10);
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

/// A request that is ready to go.
struct Request {
    provider: Provider,
    url: String,
    body: String,
    signature: String,
    headers: HeaderMap,
    timeout: Duration,
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
    let Some((request, overrides)) = prepare(world, &notice) else {
        world.settle(&notice.about, true);
        let error = Some("the account has no callback".to_owned());
        return Outcome { url: String::new(), status: None, error, failure: Failure::NoTarget };
    };
    notice.tries += 1;
    let outcome = attempt(world, &notice, request).await;
    if outcome.taken() {
        world.settle(&notice.about, false);
    } else if let Some(wait) = wait_before_next(&notice, &outcome, &overrides) {
        world.delivery.send_after(wait, notice);
    } else if let Some(fallback) = to_fallback(world, &notice, &outcome) {
        world.delivery.send_now(fallback);
    } else {
        tracing::debug!(url = %outcome.url, error = ?outcome.error, status = ?outcome.status, "simulator: webhook given up");
        world.settle(&notice.about, true);
    }
    outcome
}

fn prepare(world: &World, notice: &Notice) -> Option<(Request, Overrides)> {
    match &notice.payload {
        Payload::Changes { messages, changes } => {
            let account = world.accounts.direct(&notice.account)?;
            let url = if *messages { account.message_callback()?.to_owned() } else { account.callback_url.clone()? };
            let body = direct::envelope(&account.waba_id, changes);
            let signature = crate::signing::hub_signature(&account.app_secret, body.as_bytes());
            let headers = headers("application/json", "facebookexternalua", "x-hub-signature-256", &signature);
            let request =
                Request { provider: Provider::Direct, url, body, signature, headers, timeout: DIRECT_TIMEOUT };
            Some((request, Overrides::default()))
        }
        Payload::Form { params, target } => {
            let account = world.accounts.twilio(&notice.account)?;
            let configured = match target {
                FormTarget::Status(Some(url)) => url.to_string(),
                FormTarget::Status(None) => account.status_callback_url.clone()?,
                FormTarget::Inbound => account.callback_url.clone()?,
                FormTarget::Fallback => account.fallback_url.clone()?,
            };
            let (url, overrides) = Overrides::split(&configured);
            // The primary token signs, also while a second one is valid (twilio.md §1.2).
            let signature = crate::signing::twilio_signature(&account.auth_token, url, params);
            let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(params).finish();
            let mut headers = headers(
                "application/x-www-form-urlencoded; charset=UTF-8",
                "TwilioProxy/1.1",
                "x-twilio-signature",
                &signature,
            );
            let token = notice.about.first().map_or_else(String::new, |(id, status)| format!("{id}-{}", *status as u8));
            if let Ok(token) = HeaderValue::try_from(token) {
                headers.insert("i-twilio-idempotency-token", token);
            }
            let (url, timeout) = (url.to_owned(), overrides.total);
            Some((Request { provider: Provider::Twilio, url, body, signature, headers, timeout }, overrides))
        }
    }
}

fn headers(content_type: &'static str, agent: &'static str, name: &'static str, signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(4);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(USER_AGENT, HeaderValue::from_static(agent));
    if let Ok(signature) = HeaderValue::from_str(signature) {
        headers.insert(HeaderName::from_static(name), signature);
    }
    headers
}

async fn attempt(world: &World, notice: &Notice, request: Request) -> Outcome {
    let at = now_ms();
    let Request { provider, url, body, signature, headers, timeout } = request;
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

fn wait_before_next(notice: &Notice, outcome: &Outcome, overrides: &Overrides) -> Option<Duration> {
    let done = notice.tries.saturating_sub(1);
    match &notice.payload {
        Payload::Changes { .. } => DIRECT_WAITS_MS.get(done as usize).copied().map(Duration::from_millis),
        Payload::Form { .. } => {
            let wanted = match outcome.failure {
                Failure::Connect => overrides.on_connect,
                Failure::NoAnswer => overrides.on_read,
                Failure::Status(status) => {
                    (overrides.on_5xx && status >= 500) || (overrides.on_4xx && (400..500).contains(&status))
                }
                Failure::None | Failure::NoTarget => false,
            };
            (wanted && done < overrides.retries).then(|| TWILIO_WAIT * 2_u32.saturating_pow(done))
        }
    }
}

/// The same form for the sender's fallback, with the error and the URL that failed (twilio.md §3.5).
fn to_fallback(world: &World, notice: &Notice, outcome: &Outcome) -> Option<Notice> {
    let Payload::Form { params, target: FormTarget::Inbound } = &notice.payload else { return None };
    world.accounts.twilio(&notice.account)?.fallback_url.as_ref()?;
    let mut params = params.clone();
    params.push(("ErrorCode".to_owned(), "11200".to_owned()));
    params.push(("ErrorUrl".to_owned(), outcome.url.clone()));
    Some(Notice { payload: Payload::Form { params, target: FormTarget::Fallback }, tries: 0, ..notice.clone() })
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
