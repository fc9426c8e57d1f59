//! A webhook that is to be sent: what it tells, not yet how.

use std::sync::Arc;

use serde_json::Value;

use crate::ledger::{Provider, Record, Status};
use crate::messages::Message;

/// Something the gateway is to hear of: a receipt, or a message from the virtual customer (then with [`Status::Delivered`]).
#[derive(Debug, Clone)]
pub(crate) struct Fact {
    pub(crate) record: Arc<Record>,
    pub(crate) status: Status,
    /// When it happened, in milliseconds since 1970.
    pub(crate) at: i64,
    /// The code of a late refusal.
    pub(crate) code: Option<u32>,
}

impl Fact {
    pub(crate) fn of(message: &Message, status: Status) -> Self {
        let at = message.time(status).unwrap_or(message.record.at);
        Self { record: Arc::clone(&message.record), status, at, code: message.code }
    }
}

/// A webhook before it is written out. Address, secret and words are looked up when it is sent, so that what waits takes
/// little room and a changed callback counts for it too.
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    /// Phone number id or account SID.
    pub(crate) account: Arc<str>,
    pub(crate) payload: Payload,
    /// The URL that failed before: this goes to the sender's fallback (twilio.md §3.5).
    pub(crate) instead_of: Option<String>,
    /// Tries so far.
    pub(crate) tries: u32,
}

/// What a webhook tells.
#[derive(Debug, Clone)]
pub(crate) enum Payload {
    /// One fact for Twilio, one or more for the direct provider.
    Facts(Vec<Fact>),
    /// A change of the direct provider: its `field` and `value`.
    Change(Value),
    /// Events for one of Twilio's sinks.
    Events { sink: Arc<str>, events: Value },
}

impl Notice {
    pub(crate) fn new(account: Arc<str>, payload: Payload) -> Self {
        Self { account, payload, instead_of: None, tries: 0 }
    }

    /// The facts that count as known once the webhook is taken.
    pub(crate) fn facts(&self) -> &[Fact] {
        match &self.payload {
            Payload::Facts(facts) => facts,
            Payload::Change(_) | Payload::Events { .. } => &[],
        }
    }

    /// Takes another notice into the same request, or gives it back: only first tries of the direct provider can be joined.
    pub(super) fn absorb(&mut self, other: Self) -> Result<(), Self> {
        let direct = other.facts().first().is_some_and(|fact| fact.record.provider == Provider::Direct);
        let fits = direct && self.account == other.account && self.tries == 0 && other.tries == 0;
        match (&mut self.payload, other.payload) {
            (Payload::Facts(facts), Payload::Facts(more)) if fits => {
                facts.extend(more);
                Ok(())
            }
            (_, payload) => Err(Self { payload, ..other }),
        }
    }
}
