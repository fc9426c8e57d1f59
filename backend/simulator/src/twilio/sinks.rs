//! Event Streams as they are kept: sinks, subscriptions, and what is sent to them (twilio.md §3.7).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::library::Content;
use super::times::iso;
use crate::accounts::TwilioAccount;
use crate::delivery::{Notice, Payload};
use crate::ids::{hex_string, now_ms};
use crate::state::World;

/// The one type of events that the simulator makes.
pub(super) const APPROVAL_UPDATED: &str = "com.twilio.messaging.template.approval.updated";
const TEST_EVENT: &str = "com.twilio.eventstreams.test-event";

/// Where events go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sink {
    pub(crate) sid: String,
    pub(super) description: String,
    pub(crate) destination: String,
    pub(super) batch_events: bool,
    /// Becomes active when this comes back from the test event.
    pub(super) test_id: String,
    pub(crate) is_active: bool,
    /// Milliseconds since 1970.
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

/// Which events go to a sink.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Subscription {
    pub(super) sid: String,
    pub(super) description: String,
    pub(super) sink_sid: String,
    pub(super) types: Vec<String>,
    /// Milliseconds since 1970.
    pub(super) created_at: i64,
    pub(super) updated_at: i64,
}

/// What changed at an approval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change<'a> {
    Status { previous: &'a str, current: &'a str },
    Category { previous: &'a str, current: &'a str },
}

impl World {
    /// Sends a sink the event whose id makes it active.
    pub(super) fn test_sink(&self, account: &TwilioAccount, sink: &Sink) {
        let data = json!({ "test_id": sink.test_id });
        self.stream(account, sink, event(TEST_EVENT, "Sink", &sink.test_id, data));
    }

    /// Tells the active sinks that subscribed to it about an approval.
    pub(crate) fn tell_approval(&self, account: &TwilioAccount, content: &Content, change: Change<'_>) {
        let Some(approval) = &content.approval else { return };
        let (kind, previous, current) = match change {
            Change::Status { previous, current } => ("status_update", previous, current),
            Change::Category { previous, current } => ("category_update", previous, current),
        };
        let data = json!({
            "type": kind,
            "channel": "whatsapp",
            "accountSid": account.account_sid,
            "dateUpdated": iso(now_ms()),
            "template": {
                "sid": content.sid,
                "friendlyName": content.friendly_name,
                "externalTemplateName": approval.external_name(&content.sid),
                "language": content.language,
                "previousValue": previous,
                "currentValue": current,
            },
        });
        let source = format!("/v1/Templates/{}", content.sid);
        let wanted = |sink: &&Sink| {
            let subscribed =
                |one: &Subscription| one.sink_sid == sink.sid && one.types.iter().any(|name| name == APPROVAL_UPDATED);
            sink.is_active && account.subscriptions.iter().any(subscribed)
        };
        for sink in account.sinks.iter().filter(wanted) {
            self.stream(account, sink, event(APPROVAL_UPDATED, &source, &hex_string::<16>(), data.clone()));
        }
    }

    /// Events come as a list, also one alone.
    fn stream(&self, account: &TwilioAccount, sink: &Sink, event: Value) {
        let payload = Payload::Events { sink: sink.sid.as_str().into(), events: json!([event]) };
        self.delivery.send_after(std::time::Duration::ZERO, Notice::new(account.account_sid.clone(), payload));
    }
}

fn event(kind: &str, source: &str, id: &str, data: Value) -> Value {
    json!({
        "specversion": "1.0",
        "type": kind,
        "id": id,
        "time": iso(now_ms()),
        "source": source,
        "datacontenttype": "application/json",
        "data": data,
    })
}
