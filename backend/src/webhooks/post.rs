//! Signed requests to addresses that people have named.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::client::{HttpClient, Request, TransportError};
use crate::clock::SharedClock;
use crate::domain::time::Ts;
use crate::error::FieldError;

use super::signature;

/// Longest address, in characters.
const LONGEST_URL: usize = 2_000;
/// How long an endpoint has to answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// As much of an answer's body is kept, in bytes.
const ANSWER_KEPT: usize = 1_024;
/// The status that says that nobody wants to be told any more.
const GONE: u16 = 410;

/// Sends signed requests. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Poster {
    client: HttpClient,
    clock: SharedClock,
    /// Origins that may be called without https, and in a private network.
    trusted: Arc<[Url]>,
}

/// How a request went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    pub at: Ts,
    /// `None` when no answer came.
    pub status: Option<u16>,
    /// Why it was not taken, in a sentence that holds neither address nor answer; `None` when it was.
    pub error: Option<String>,
    pub duration: Duration,
    /// The beginning of the answer's body, at most 1 KiB.
    pub answer: Option<String>,
    /// What the endpoint asked to wait.
    pub retry_after: Option<Duration>,
}

impl Posted {
    /// A request that did not come about.
    pub fn never(at: Ts, why: impl Into<String>) -> Self {
        let error = Some(why.into());
        Self { at, status: None, error, duration: Duration::ZERO, answer: None, retry_after: None }
    }

    /// How long it took, in milliseconds.
    pub fn millis(&self) -> i32 {
        i32::try_from(self.duration.as_millis()).unwrap_or(i32::MAX)
    }

    /// The endpoint asks to be told nothing any more.
    pub fn is_gone(&self) -> bool {
        self.status == Some(GONE)
    }
}

impl Poster {
    /// `client` keeps requests out of our own network but for `trusted` origins, which an operator has set.
    pub fn new(client: HttpClient, clock: SharedClock, trusted: Vec<Url>) -> Self {
        Self { client, clock, trusted: trusted.into() }
    }

    /// Reads an address that may be called.
    ///
    /// # Errors
    /// What is wrong with the field `url`.
    pub fn parse(&self, text: &str) -> Result<Url, FieldError> {
        let wrong = |message: &str| FieldError::new("url", "invalid_value", message.to_owned());
        if text.chars().count() > LONGEST_URL {
            return Err(FieldError::new("url", "too_long", format!("at most {LONGEST_URL} characters")));
        }
        let url = Url::parse(text.trim()).map_err(|_| wrong("is not an address such as https://ops.example/hook"))?;
        let trusted = self.trusted.iter().any(|origin| origin.origin() == url.origin());
        match url.scheme() {
            "https" => {}
            "http" if trusted => {}
            _ => return Err(wrong("must start with https://")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("holds a user or a password; what is sent is signed instead"));
        }
        if url.fragment().is_some() {
            return Err(wrong("holds a part after #, which is never sent"));
        }
        let literal = match url.host() {
            Some(url::Host::Ipv4(ip)) => Some(ip.into()),
            Some(url::Host::Ipv6(ip)) => Some(ip.into()),
            _ => None,
        };
        if !trusted && literal.is_some_and(|ip| !crate::client::is_public(ip)) {
            return Err(wrong("leads into a private network"));
        }
        Ok(url)
    }

    /// One try, signed with each of the secrets. `id` is the same for every try of the same thing.
    pub async fn post(&self, url: &Url, secrets: &[SecretString], id: &str, body: &Value) -> Posted {
        let at = self.clock.now();
        let seconds = at.micros() / 1_000_000;
        let bytes = body.to_string().into_bytes();
        let signed: Option<Vec<String>> =
            secrets.iter().map(|secret| signature::sign(secret, id, seconds, &bytes)).collect();
        let Some(signatures) = signed.filter(|signatures| !signatures.is_empty()) else {
            return Posted::never(at, "the secret can't be used");
        };
        let mut request = Request::post(url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", id)
            .header("webhook-timestamp", seconds.to_string())
            .header("webhook-signature", signatures.join(" "))
            .timeout(PATIENCE);
        request.body = bytes;
        let begun = Instant::now();
        let answer = match self.client.open(request).await {
            Ok(arriving) => arriving.begin(ANSWER_KEPT).await,
            Err(TransportError::NotSent(why) | TransportError::Lost(why)) => {
                return Posted { duration: begun.elapsed(), ..Posted::never(at, why) };
            }
        };
        let status = answer.status;
        Posted {
            at,
            status: Some(status),
            error: (!answer.is_success()).then(|| format!("the endpoint answered with status {status}")),
            duration: begun.elapsed(),
            answer: text(&answer.body),
            retry_after: answer.retry_after(),
        }
    }
}

/// A body as text that both databases take.
fn text(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(body).replace('\0', "\u{fffd}");
    (!text.is_empty()).then_some(text)
}
