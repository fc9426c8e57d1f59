//! Telling a person that their message was read, and that an answer is being written (direct.md §2.5).

use serde_json::json;
use url::Url;

use crate::client::{Request, Response, TransportError};
use crate::providers::account::DirectCredentials;
use crate::providers::codes::no_answer;
use crate::providers::failure::SendError;

use super::request::{graph, signed};
use super::response::refusal;

/// `POST /{phone number id}/messages` about an incoming message.
///
/// # Errors
/// The body can't be written as JSON; does not happen.
pub fn request(
    base: &Url,
    credentials: &DirectCredentials,
    provider_message_id: &str,
    typing: bool,
) -> Result<Request, serde_json::Error> {
    let mut body = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": provider_message_id });
    if let (true, Some(members)) = (typing, body.as_object_mut()) {
        members.insert("typing_indicator".to_owned(), json!({ "type": "text" }));
    }
    let url = graph(base, credentials, &[&credentials.whatsapp_business_phone_id, "messages"]);
    signed(Request::post(url), credentials).json(&body)
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

#[cfg(test)]
mod tests {
    use super::super::tests::credentials;
    use super::*;

    fn body(typing: bool) -> serde_json::Value {
        let base = "https://graph.facebook.com".parse().unwrap();
        let request = request(&base, &credentials(), "wamid.HBEXAMPLEIN01", typing).unwrap();
        assert_eq!(request.url.path(), "/v25.0/200000000000001/messages");
        serde_json::from_slice(&request.body).unwrap()
    }

    #[test]
    fn the_mark_is_metas() {
        let read = json!({ "messaging_product": "whatsapp", "status": "read", "message_id": "wamid.HBEXAMPLEIN01" });
        assert_eq!(body(false), read);
        let mut typing = read;
        typing["typing_indicator"] = json!({ "type": "text" });
        assert_eq!(body(true), typing);
    }
}
