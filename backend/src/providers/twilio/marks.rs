//! Telling a person that an answer is being written, which marks their message as read too (twilio.md §2.10).

use serde_json::json;
use url::Url;

use crate::client::{Request, Response, TransportError};
use crate::providers::account::TwilioCredentials;
use crate::providers::codes::no_answer;
use crate::providers::failure::SendError;

use super::request::{authorised, path};
use super::response::refusal;

/// `POST /v3/Indicators/Typing.json` about an incoming message.
///
/// # Errors
/// The body can't be written as JSON; does not happen.
pub fn request(
    messaging_base: &Url,
    credentials: &TwilioCredentials,
    provider_message_id: &str,
) -> Result<Request, serde_json::Error> {
    let url = path(messaging_base, &["v3", "Indicators", "Typing.json"]);
    let body = json!({ "channel": "WHATSAPP", "messageId": provider_message_id });
    authorised(Request::post(url), credentials).json(&body)
}

/// # Errors
/// Everything but a success.
pub fn answered(outcome: Result<Response, TransportError>) -> Result<(), SendError> {
    let response = outcome.map_err(|error| no_answer(&error))?;
    if response.is_success() {
        return Ok(());
    }
    Err(refusal(&response, &response.json().unwrap_or_default()))
}
