//! Requests to Twilio, built without touching the network (twilio.md §2).

pub mod contents;
mod message;

use url::{Url, form_urlencoded};

use crate::client::Request;
use crate::domain::contact::Recipient;
use crate::domain::ids::{AttemptId, ChannelId};
use crate::providers::account::TwilioCredentials;
use crate::providers::{Outbound, SendError};

/// How Twilio retries our webhook (twilio.md §3.6): three times, on server errors and on connect and read timeouts. Neither sent
/// nor signed.
pub const RETRY_OVERRIDE: &str = "rc=3&rp=5xx,ct,rt";

/// The query parameter of the status callback that carries the attempt.
pub const ATTEMPT: &str = "attempt";

/// `POST /2010-04-01/Accounts/{AC}/Messages.json`.
///
/// # Errors
/// Twilio has nothing for the content, or what had to be prepared is not there. Nothing was sent.
pub fn send(
    base: &Url,
    public_base: &Url,
    channel: ChannelId,
    credentials: &TwilioCredentials,
    message: &Outbound,
) -> Result<Request, SendError> {
    let from = whatsapp(credentials.sender_number.as_str());
    let to = whatsapp(message.to.as_str());
    let callback = status_callback(public_base, channel, message.attempt);
    // Always with `From`: a service alone would pick the sender.
    let mut form = vec![("From", from.as_str()), ("To", to.as_str())];
    if let Some(service) = &credentials.messaging_service_sid {
        form.push(("MessagingServiceSid", service));
    }
    form.push(("StatusCallback", callback.as_str()));
    let validity = message.validity.map(|validity| validity.as_secs().to_string());
    form.extend(validity.as_deref().map(|seconds| ("ValidityPeriod", seconds)));
    let content = message::fields(message)?;
    form.extend(content.iter().map(|(name, value)| (*name, value.as_str())));
    let url = messages(base, credentials);
    Ok(authorised(Request::post(url), credentials).form(form))
}

/// `GET …/Messages.json?PageSize=1`: proves the credentials. Never the account resource, whose answer holds the auth token.
pub fn newest_message(base: &Url, credentials: &TwilioCredentials) -> Request {
    let mut url = messages(base, credentials);
    url.query_pairs_mut().append_pair("PageSize", "1");
    authorised(Request::get(url), credentials)
}

/// `GET /v2/Channels/Senders?Channel=whatsapp`, a page of it.
pub fn senders(messaging_base: &Url, credentials: &TwilioCredentials, page: Option<&Page>) -> Request {
    let mut url = path(messaging_base, &["v2", "Channels", "Senders"]);
    {
        let mut query = url.query_pairs_mut();
        query.append_pair("Channel", "whatsapp").append_pair("PageSize", "100");
        if let Some(page) = page {
            query.append_pair("Page", &page.number).append_pair("PageToken", &page.token);
        }
    }
    authorised(Request::get(url), credentials)
}

/// A further page of a list, taken out of the link to it: following the link itself could lead anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    pub number: String,
    pub token: String,
}

impl Page {
    /// The place that a link leads to.
    pub fn of_link(link: &str) -> Option<Self> {
        let (_, query) = link.split_once('?')?;
        let value = |wanted: &str| {
            form_urlencoded::parse(query.as_bytes())
                .find(|(name, _)| name == wanted)
                .map(|(_, value)| value.into_owned())
        };
        Some(Self { number: value("Page").unwrap_or_else(|| "1".to_owned()), token: value("PageToken")? })
    }
}

/// Where Twilio reports what happens to one attempt.
pub fn status_callback(public_base: &Url, channel: ChannelId, attempt: AttemptId) -> Url {
    let mut url = path(public_base, &["hooks", "twilio", &channel.to_string(), "status"]);
    url.query_pairs_mut().append_pair(ATTEMPT, &attempt.to_string());
    url.set_fragment(Some(RETRY_OVERRIDE));
    url
}

/// Where Twilio delivers what people write.
pub fn inbound_hook(public_base: &Url, channel: ChannelId) -> Url {
    path(public_base, &["hooks", "twilio", &channel.to_string()])
}

pub(super) fn messages(base: &Url, credentials: &TwilioCredentials) -> Url {
    path(base, &["2010-04-01", "Accounts", &credentials.account_sid, "Messages.json"])
}

/// Each segment is escaped, so that no id can lead elsewhere.
pub(super) fn path(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    // Fails only for addresses like `data:`, which the client refuses to send to.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

pub(super) fn authorised(request: Request, credentials: &TwilioCredentials) -> Request {
    let request = request.header("accept", "application/json");
    match &credentials.api_key {
        Some(key) => request.basic(&key.sid, &key.secret),
        None => request.basic(&credentials.account_sid, &credentials.auth_token),
    }
}

/// Numbers keep their plus sign; user ids go in as they are.
pub(super) fn whatsapp(address: &str) -> String {
    format!("whatsapp:{address}")
}

/// The address behind `whatsapp:`.
pub fn bare(address: &str) -> &str {
    address.strip_prefix("whatsapp:").unwrap_or(address)
}

/// Reads an address with or without its prefix.
pub fn recipient(address: &str) -> Option<Recipient> {
    bare(address).parse().ok()
}
