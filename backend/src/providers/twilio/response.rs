//! What Twilio's answers mean (twilio.md §1.3, §2.1).

use chrono::DateTime;
use serde_json::Value;

use crate::client::{Response, TransportError};
use crate::domain::failure::FailureCode;
use crate::domain::time::Ts;
use crate::providers::codes::{Arrival, DOWN, REJECTED, RETRY, no_answer, no_id, number, uncoded};
use crate::providers::failure::{Failover, SendError, Verdict};
use crate::providers::{Accepted, Found, Outbound};

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
        return Err(refusal(&response, &body));
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

/// `SM` or `MM` and hex digits; both are accepted everywhere (twilio.md §1.5).
fn is_message_sid(text: &str) -> bool {
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

/// Reads a list of messages: those we sent, not before `since` (to the second, which is all Twilio keeps).
///
/// # Errors
/// The list could not be read; nothing follows from that for the messages.
pub fn found(outcome: Result<Response, TransportError>, since: Ts) -> Result<Vec<Found>, SendError> {
    let response = outcome.map_err(|error| readable(no_answer(&error)))?;
    let body = response.json().unwrap_or(Value::Null);
    if !response.is_success() {
        return Err(readable(refusal(&response, &body)));
    }
    let listed = body.get("messages").and_then(Value::as_array).ok_or_else(|| readable(no_id(response.status)))?;
    let second = since.micros().div_euclid(1_000_000);
    Ok(listed
        .iter()
        .filter_map(found_one)
        .filter(|found| found.at.is_none_or(|at| at.micros().div_euclid(1_000_000) >= second))
        .collect())
}

fn found_one(message: &Value) -> Option<Found> {
    let text = |name| message.get(name).and_then(Value::as_str);
    if text("direction").is_some_and(|direction| !direction.starts_with("outbound")) {
        return None;
    }
    let at = text("date_created").or_else(|| text("date_sent"));
    Some(Found {
        provider_message_id: text("sid").filter(|sid| is_message_sid(sid))?.to_owned(),
        status: text("status").unwrap_or_default().to_owned(),
        at: at.and_then(|at| DateTime::parse_from_rfc2822(at).ok()).map(|at| Ts::from(at.to_utc())),
    })
}

/// Reading twice does no harm, so nothing about a list is ever unknown.
fn readable(error: SendError) -> SendError {
    match error.verdict {
        Verdict::Unknown => SendError { verdict: RETRY, ..error },
        _ => error,
    }
}
