//! What Meta's answers mean (direct.md §1.3, §2.2).

use serde_json::Value;

use crate::client::{Response, TransportError};
use crate::domain::contact::{Bsuid, Recipient};
use crate::domain::failure::FailureCode;
use crate::domain::phone::Phone;
use crate::providers::codes::{Arrival, REJECTED, RETRY, no_answer, no_id, number, uncoded};
use crate::providers::failure::{Failover, SendError};
use crate::providers::{Accepted, Outbound};

use super::budget::regain;
use super::errors::classify;

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
    let first = body.pointer("/messages/0");
    let id = first.and_then(|m| m.get("id")).and_then(Value::as_str).filter(|id| !id.is_empty());
    let provider_message_id = id.ok_or_else(|| no_id(response.status))?.to_owned();
    let status = first.and_then(|m| m.get("message_status")).and_then(Value::as_str).map(str::to_owned);
    if status.as_deref() == Some("paused") {
        // A success that says the message will never go out.
        let advice =
            "The template is paused because of its quality. Wait for the pause to end, or use another template.";
        return Err(SendError::new(REJECTED, FailureCode::TemplatePaused, status, advice).with_failover(Failover::Yes));
    }
    Ok(Accepted { provider_message_id, recipient: recipient(&body).filter(|known| *known != message.to), status })
}

/// The person as Meta knows them: the number may lose or gain digits (Brazil, Mexico), or be a user id.
fn recipient(body: &Value) -> Option<Recipient> {
    let contact = body.pointer("/contacts/0")?;
    let text = |name| contact.get(name).and_then(Value::as_str);
    let phone = text("wa_id").and_then(|digits| Phone::from_wa_id(digits).ok()).map(Recipient::Phone);
    phone.or_else(|| text("user_id").and_then(Bsuid::parse).map(Recipient::Bsuid))
}

/// Meta's error object, as far as decisions need it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GraphError {
    pub code: Option<u32>,
    pub subcode: Option<u32>,
    pub transient: bool,
}

impl GraphError {
    pub fn read(body: &Value) -> Self {
        let Some(error) = body.get("error") else { return Self::default() };
        Self {
            code: error.get("code").and_then(number),
            subcode: error.get("error_subcode").and_then(number),
            transient: error.get("is_transient").and_then(Value::as_bool).unwrap_or(false),
        }
    }
}

/// Classifies any answer that is no success.
pub fn refusal(response: &Response, body: &Value) -> SendError {
    let error = GraphError::read(body);
    let trace = body.pointer("/error/fbtrace_id").and_then(Value::as_str);
    tracing::debug!(
        status = response.status,
        code = error.code,
        subcode = error.subcode,
        fbtrace_id = trace,
        "refused by Meta"
    );
    let wait = response.retry_after().max(regain(response));
    if let Some(known) = error.code.and_then(|code| classify(code, error.subcode, Arrival::AtOnce, wait)) {
        return known;
    }
    if matches!(response.status, 401 | 403) && !error.transient {
        return denied(error.code);
    }
    uncoded(response, error.code, error.transient)
}

/// A bare 401 or 403. Once may be a hiccup of a front end, and nothing was sent; the service makes a dead channel of three
/// in a row (direct.md §5).
fn denied(code: Option<u32>) -> SendError {
    let advice =
        "Meta denied access without a known reason. It is tried again; if that goes on, check the access token.";
    SendError::new(RETRY, FailureCode::PermissionMissing, code.map(|code| code.to_string()), advice)
        .with_failover(Failover::Yes)
}

/// A late refusal out of a status's `errors` array.
pub fn late_refusal(errors: Option<&Value>) -> SendError {
    let first = errors.and_then(|errors| errors.get(0));
    let read = |name| first.and_then(|error| error.get(name)).and_then(number);
    let code = read("code");
    code.and_then(|code| classify(code, read("error_subcode"), Arrival::Late, None)).unwrap_or_else(|| {
        SendError::new(
            REJECTED,
            FailureCode::Unclassified,
            code.map(|code| code.to_string()),
            "Meta reports that the message failed, with no reason this version knows. Look its code up in Meta's documentation.",
        )
    })
}
