//! An answer, read whole.

use std::fmt;
use std::time::Duration;

use chrono::DateTime;
use serde_json::Value;

use super::error::TransportError;

/// An answer of any status.
#[derive(Clone, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Names in lower case, in the order they came; values that are no text are left out.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Response {
    pub(super) async fn read(mut answer: reqwest::Response, limit: usize) -> Result<Self, TransportError> {
        let status = answer.status().as_u16();
        let headers = headers_of(&answer);
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| TransportError::from_reqwest(&error))? {
            if body.len() + chunk.len() > limit {
                return Err(TransportError::Lost(format!("the answer is longer than {limit} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self { status, headers, body })
    }

    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// The body as JSON, whatever the content type says.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The server's own time (`Date`), in seconds since the epoch.
    pub fn date(&self) -> Option<i64> {
        self.header("date").and_then(http_date)
    }

    /// How long `Retry-After` asks to wait. A date there is read against the server's own clock.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.header("retry-after")?.trim();
        if let Ok(seconds) = text.parse::<u64>() {
            return Some(Duration::from_secs(seconds));
        }
        let wait = http_date(text)?.saturating_sub(self.date()?);
        Some(Duration::from_secs(u64::try_from(wait).unwrap_or(0)))
    }
}

pub(super) fn headers_of(answer: &reqwest::Response) -> Vec<(String, String)> {
    let text = |value: &reqwest::header::HeaderValue| value.to_str().ok().map(str::to_owned);
    answer.headers().iter().filter_map(|(name, value)| Some((name.as_str().to_owned(), text(value)?))).collect()
}

fn http_date(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc2822(text).ok().map(|at| at.timestamp())
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(headers: &[(&str, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Response { status: 429, headers, body: Vec::new() }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        assert_eq!(with(&[("retry-after", "7")]).retry_after(), Some(Duration::from_secs(7)));
        let dated =
            with(&[("date", "Sun, 22 Nov 2026 10:00:00 GMT"), ("retry-after", "Sun, 22 Nov 2026 10:01:30 GMT")]);
        assert_eq!(dated.retry_after(), Some(Duration::from_secs(90)));
        let past = with(&[("date", "Sun, 22 Nov 2026 10:00:00 GMT"), ("retry-after", "Sun, 22 Nov 2026 09:00:00 GMT")]);
        assert_eq!(past.retry_after(), Some(Duration::ZERO));
        assert_eq!(with(&[("retry-after", "soon")]).retry_after(), None);
        assert_eq!(with(&[]).retry_after(), None);
    }
}
