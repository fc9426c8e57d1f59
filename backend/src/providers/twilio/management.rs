//! Requests about senders and messaging services, built without touching the network (twilio.md §2.8, §2.9).

use secrecy::SecretString;
use serde_json::json;
use url::Url;

use crate::client::Request;
use crate::domain::ids::ChannelId;
use crate::providers::account::TwilioCredentials;

use super::request::{self, RETRY_OVERRIDE, authorised, messages, path};

/// The query by which a call to the second address shows that the first one failed.
const FALLBACK: &str = "fallback";

/// `GET …/Messages.json?PageSize=1` with the account SID and a token, whatever key the channel has: proves the token, which
/// signs the webhooks.
pub fn newest_message_by_token(base: &Url, credentials: &TwilioCredentials, token: &SecretString) -> Request {
    let mut url = messages(base, credentials);
    url.query_pairs_mut().append_pair("PageSize", "1");
    Request::get(url).header("accept", "application/json").basic(&credentials.account_sid, token)
}

/// `GET /v1/Services/{MG}`.
pub fn service(messaging_base: &Url, credentials: &TwilioCredentials, service: &str) -> Request {
    authorised(Request::get(path(messaging_base, &["v1", "Services", service])), credentials)
}

/// `GET /v1/Services/{MG}/ChannelSenders`: the service's pool.
pub fn service_senders(messaging_base: &Url, credentials: &TwilioCredentials, service: &str) -> Request {
    let mut url = path(messaging_base, &["v1", "Services", service, "ChannelSenders"]);
    url.query_pairs_mut().append_pair("PageSize", "100");
    authorised(Request::get(url), credentials)
}

/// `POST /v1/Services/{MG}`: incoming messages are left to each sender's own webhook.
pub fn leave_inbound_to_senders(messaging_base: &Url, credentials: &TwilioCredentials, service: &str) -> Request {
    let url = path(messaging_base, &["v1", "Services", service]);
    authorised(Request::post(url), credentials).form([("UseInboundWebhookOnNumber", "true")])
}

/// The addresses that a sender's webhooks should have. Twilio tries again on server errors and timeouts, then calls the second
/// address, which is the same gateway once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SenderWebhooks {
    pub callback: Url,
    pub fallback: Url,
    pub status: Url,
}

impl SenderWebhooks {
    pub fn of(public_base: &Url, channel: ChannelId) -> Self {
        let mut callback = request::inbound_hook(public_base, channel);
        let mut fallback = callback.clone();
        fallback.query_pairs_mut().append_pair(FALLBACK, "1");
        let mut status = path(public_base, &["hooks", "twilio", &channel.to_string(), "status"]);
        for url in [&mut callback, &mut fallback, &mut status] {
            url.set_fragment(Some(RETRY_OVERRIDE));
        }
        Self { callback, fallback, status }
    }
}

/// `POST /v2/Channels/Senders/{XE}`: sets the sender's webhooks.
///
/// # Errors
/// The body can't be written as JSON; does not happen with texts.
pub fn set_webhooks(
    messaging_base: &Url,
    credentials: &TwilioCredentials,
    sender: &str,
    webhooks: &SenderWebhooks,
) -> Result<Request, serde_json::Error> {
    let url = path(messaging_base, &["v2", "Channels", "Senders", sender]);
    authorised(Request::post(url), credentials).json(&json!({
        "webhook": {
            "callback_url": webhooks.callback.as_str(),
            "callback_method": "POST",
            "fallback_url": webhooks.fallback.as_str(),
            "fallback_method": "POST",
            "status_callback_url": webhooks.status.as_str(),
            "status_callback_method": "POST",
        }
    }))
}
