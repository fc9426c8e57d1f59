//! The simulator's own account of what it accepted, delivered and to whom: one JSON object a line, only ever appended to.

mod extras;
mod file;
mod summary;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::content::Content;

pub use extras::{Extras, Forwarded, Referral};
pub(crate) use file::{Ledger, Rewrite};
pub use summary::{CorrelationCount, LedgerSummary, Totals};
pub(crate) use summary::{Tally, recount};

/// Which provider's protocol a message came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    Direct,
    Twilio,
}

/// Who wrote: the business (`Outbound`) or the virtual customer (`Inbound`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    Inbound,
    Outbound,
}

/// How far a message is. For inbound messages `Delivered` is the start and `Read` means that the business marked it as read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Accepted,
    Sent,
    Delivered,
    Read,
    Failed,
    /// Taken back before it went out (Twilio, scheduled messages only).
    Canceled,
}

/// How far a message will come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Read,
    /// Accepted and sent; the person's phone is off for good.
    Sent,
    /// Reported as failed with this code of the provider.
    Fail(u32),
}

/// What a message costs by the provider's rules, as far as receipts show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pricing {
    /// Meta's category in lower case: `service`, `utility`, `authentication`, `marketing`.
    pub category: String,
    /// Whether it is free because the person wrote within 24 hours.
    pub free: bool,
}

/// A message as it was accepted. Never changes afterwards.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// The provider's message id.
    pub id: Arc<str>,
    pub provider: Provider,
    /// Phone number id or account SID.
    pub account: Arc<str>,
    /// E.164 with plus, or a business-scoped user id.
    pub person: Arc<str>,
    pub direction: Direction,
    /// Kind in the provider's words: `text`, `template`, `image`, `content` …
    pub kind: Box<str>,
    /// What the person reads, or a stand-in for what is not text.
    pub text: Box<str>,
    /// What the phone draws; `None` for a plain text, which `text` holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Box<Content>>,
    /// The caller's own id: `biz_opaque_callback_data`, or `attempt` in the query of the status callback.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<Box<str>>,
    /// The message's own status callback (Twilio).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub callback: Option<Box<str>>,
    /// The messaging service that was named (Twilio).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service_sid: Option<Box<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pricing: Option<Pricing>,
    /// The message that this one answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<Box<str>>,
    pub fate: Fate,
    /// Receipts come twice and out of order.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub noisy: bool,
    /// The customer's profile name, with a message from the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Box<str>>,
    /// With a message from the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extras: Option<Box<Extras>>,
    /// When a scheduled message goes out, in milliseconds since 1970 (Twilio).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send_at: Option<i64>,
    /// Acceptance in milliseconds since 1970.
    pub at: i64,
}

impl Record {
    /// What the phone draws.
    #[must_use]
    pub fn content(&self) -> Content {
        self.content.as_deref().cloned().unwrap_or_else(|| Content::text(&*self.text))
    }
}

/// What was removed from a message at the provider. The phone keeps it (twilio.md §2.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Erased {
    Text,
    Media,
    Message,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    Accepted(Arc<Record>),
    /// The provider said no in its answer.
    Refused {
        account: Arc<str>,
        person: Box<str>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        correlation: Option<Box<str>>,
        /// The provider's code, or the HTTP status where it gave none.
        code: u32,
    },
    Status {
        id: Arc<str>,
        status: Status,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u32>,
    },
    /// A webhook about these messages was taken by the gateway, or given up.
    Notified {
        about: Vec<(Arc<str>, Status)>,
        gave_up: bool,
    },
    Inbound(Arc<Record>),
    /// The business marked this message of a customer as read, and with it those before.
    MarkedRead {
        id: Arc<str>,
    },
    /// The business had something removed at the provider.
    Erased {
        id: Arc<str>,
        what: Erased,
    },
    /// A window was opened or closed by hand.
    Window {
        account: Arc<str>,
        person: Box<str>,
        open: bool,
    },
    /// A window opened as if the person had written at this time, in milliseconds since 1970.
    Greeted {
        account: Arc<str>,
        person: Box<str>,
        since: i64,
    },
    /// The end of a compaction: what was counted until here, entries that are gone included.
    Carried {
        totals: Totals,
        repeated: BTreeMap<String, u32>,
    },
}

/// One line of the ledger.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// Counts from 1 and never repeats, compaction included.
    pub seq: u64,
    /// Milliseconds since 1970.
    pub at: i64,
    pub event: Event,
}
