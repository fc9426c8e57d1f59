//! What requests and webhooks on the wire speak of, read without the gateway's own code.

use serde_json::Value;
use url::Url;
use url::form_urlencoded;
use uuid::Uuid;

/// One request to send a message.
pub struct Attempt {
    /// The gateway's own id of it, which the provider echoes.
    pub id: Uuid,
    pub person: String,
}

/// The attempt that a request to a provider makes, if it sends a message: `biz_opaque_callback_data` at Meta (direct.md §2.2), the
/// query of `StatusCallback` at Twilio (twilio.md §2.1).
pub fn attempt_of(head: &str, body: &[u8]) -> Option<Attempt> {
    let mut line = head.split(' ');
    if line.next() != Some("POST") {
        return None;
    }
    let path = line.next()?.split('?').next()?;
    if path.ends_with("/Messages.json") {
        let fields = || form_urlencoded::parse(body);
        let field = |name: &str| fields().find(|(known, _)| known == name).map(|(_, value)| value.into_owned());
        let callback = Url::parse(&field("StatusCallback")?).ok()?;
        let person = field("To")?.trim_start_matches("whatsapp:").to_owned();
        return Some(Attempt { id: attempt_in(&callback)?, person });
    }
    if !path.ends_with("/messages") {
        return None;
    }
    let frame: Value = serde_json::from_slice(body).ok()?;
    let id = frame["biz_opaque_callback_data"].as_str()?.parse().ok()?;
    Some(Attempt { id, person: frame["to"].as_str()?.to_owned() })
}

/// The attempts that a webhook reports on.
pub fn reported(target: &str, body: &[u8]) -> Vec<Uuid> {
    let Ok(body) = serde_json::from_slice::<Value>(body) else {
        let url = Url::parse("http://gateway").and_then(|base| base.join(target));
        return url.ok().iter().filter_map(attempt_in).collect();
    };
    let lists = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let changes = lists(&body, "entry").into_iter().flat_map(|entry| lists(&entry, "changes"));
    let statuses = changes.flat_map(|change| lists(&change["value"], "statuses"));
    statuses.filter_map(|status| status["biz_opaque_callback_data"].as_str()?.parse().ok()).collect()
}

fn attempt_in(url: &Url) -> Option<Uuid> {
    url.query_pairs().find(|(name, _)| name == "attempt").and_then(|(_, id)| id.parse().ok())
}
