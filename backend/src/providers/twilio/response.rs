//! What Twilio's answers mean (twilio.md §1.3, §2.1).

use serde_json::Value;

use crate::client::{Response, TransportError};
use crate::domain::failure::FailureCode;
use crate::providers::codes::{Arrival, DOWN, REJECTED, RETRY, no_answer, no_id, number, uncoded};
use crate::providers::failure::{Failover, SendError, Verdict};
use crate::providers::{Accepted, Outbound};

use super::errors::classify;
use super::request::recipient;

/// Reads the answer to a send.
///
/// # Errors
/// Everything but a success that names the message; see [`super::errors`].
pub fn sent(outcome: Result<Response, TransportError>, message: &Outbound) -> Result<Accepted, SendError> {
    let response = outcome.map_err(|error| no_answer(&error))?;
    let body = response.json().unwrap_or(Value::Null);
    if !response.is_success() {
        let error = refusal(&response, &body);
        return Err(if content_is_gone(&response, &body, message) { made_anew(error) } else { error });
    }
    let text = |name| body.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    let sid = text("sid").filter(|sid| is_message_sid(sid)).ok_or_else(|| no_id(response.status))?;
    let status = text("status");
    if let Some("failed" | "undelivered" | "canceled") = status {
        return Err(late_refusal(status.unwrap_or_default(), body.get("error_code").and_then(number)));
    }
    Ok(Accepted {
        provider_message_id: sid.to_owned(),
        recipient: text("to").and_then(recipient).filter(|known| *known != message.to),
        status: status.map(str::to_owned),
    })
}

/// How often a stored Content is made anew for one message.
const MADE_ANEW: u8 = 3;

/// Whether the Content that the gateway stored for this message is no longer there (twilio.md §6.1, §6.2).
fn content_is_gone(response: &Response, body: &Value, message: &Outbound) -> bool {
    let gone = match body.get("code").and_then(number) {
        Some(code) => matches!(code, 20_404 | 21_655 | 92_006),
        None => response.status == 404,
    };
    gone && message.prepared.stored.is_some()
}

fn made_anew(refusal: SendError) -> SendError {
    let detail = "Twilio no longer has the Content that the gateway stored for this kind of message. It is made anew and the message sent again.";
    let provider_code = refusal.failure.provider_code;
    let error = SendError::new(RETRY, FailureCode::StoredContentMissing, provider_code, detail);
    SendError { retries: Some(MADE_ANEW), ..error }
}

/// `SM` or `MM` and hex digits; both are accepted everywhere (twilio.md §1.5).
pub(super) fn is_message_sid(text: &str) -> bool {
    let digits = text.strip_prefix("SM").or_else(|| text.strip_prefix("MM"));
    digits.is_some_and(|digits| (1..=64).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Classifies any answer that is no success.
pub fn refusal(response: &Response, body: &Value) -> SendError {
    let code = body.get("code").and_then(number);
    let request_id = response.header("twilio-request-id");
    tracing::debug!(status = response.status, code, request_id, "refused by Twilio");
    let known = code.and_then(|code| classify(code, Arrival::AtOnce, response.retry_after()));
    match known {
        Some(known) => known,
        // Basic authentication failed, whatever the body says.
        None if response.status == 401 => SendError::new(
            DOWN,
            FailureCode::CredentialsInvalid,
            code.map(|code| code.to_string()),
            "Twilio does not accept the credentials. Check account SID, auth token and API key of the channel.",
        )
        .with_failover(Failover::Yes),
        None => uncoded(response, code, false),
    }
}

/// A refusal out of a status callback. Without a code we know, it is final: `undelivered` is never repeated by itself.
pub fn late_refusal(status: &str, code: Option<u32>) -> SendError {
    if let Some(known) = code.and_then(|code| classify(code, Arrival::Late, None)) {
        return known;
    }
    let (failure, detail) = match status {
        "canceled" => (FailureCode::Expired, "The message was cancelled at Twilio before it went out."),
        _ => (
            FailureCode::Unclassified,
            "Twilio reports that the message failed, with no reason this version knows. Look at it in the Twilio console.",
        ),
    };
    SendError::new(REJECTED, failure, code.map(|code| code.to_string()), detail)
}

/// Reading twice does no harm, so nothing about a list is ever unknown.
fn readable(error: SendError) -> SendError {
    match error.verdict {
        Verdict::Unknown => SendError { verdict: RETRY, ..error },
        _ => error,
    }
}

/// Reads the answer to storing a Content: its SID.
///
/// # Errors
/// As the code table says. A message that waits for it has certainly not been sent, so nothing is ever unknown.
pub fn stored(outcome: Result<Response, TransportError>) -> Result<String, SendError> {
    let response = outcome.map_err(|error| nothing_sent(no_answer(&error)))?;
    let body = response.json().unwrap_or(Value::Null);
    if !response.is_success() {
        return Err(nothing_sent(refusal(&response, &body)));
    }
    let sid = body.get("sid").and_then(Value::as_str).filter(|sid| is_content_sid(sid));
    sid.map(str::to_owned).ok_or_else(|| nothing_sent(no_id(response.status)))
}

/// Reads the answer to deleting a Content. One that is not there is deleted.
///
/// # Errors
/// It may still be there.
pub fn deleted(outcome: Result<Response, TransportError>) -> Result<(), SendError> {
    let response = outcome.map_err(|error| readable(no_answer(&error)))?;
    if response.is_success() || response.status == 404 {
        return Ok(());
    }
    let body = response.json().unwrap_or(Value::Null);
    Err(readable(refusal(&response, &body)))
}

fn is_content_sid(text: &str) -> bool {
    let digits = text.strip_prefix("HX");
    digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn nothing_sent(error: SendError) -> SendError {
    if error.verdict != Verdict::Unknown {
        return error;
    }
    let detail = "Twilio failed to store what messages of this kind are made of. Nothing was sent; it is tried again.";
    let known = error.failure.provider_code;
    SendError::new(RETRY, FailureCode::ProviderUnavailable, known, detail).with_failover(error.failover)
}
