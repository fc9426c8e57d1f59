//! The last webhooks that were sent, for the person who looks for the one that went wrong.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::ledger::Provider;

/// Webhooks remembered.
const KEPT: usize = 500;

/// One try to deliver one webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookRecord {
    /// Start of the try in milliseconds since 1970.
    pub at: i64,
    pub provider: Provider,
    /// Phone number id or account SID.
    pub account: String,
    pub url: String,
    /// As sent: JSON of the direct provider, form of Twilio.
    pub body: String,
    /// Value of `X-Hub-Signature-256` or `X-Twilio-Signature`.
    pub signature: String,
    /// HTTP status of the answer, if one came.
    pub status: Option<u16>,
    /// Why no answer came.
    pub error: Option<String>,
    /// 1 for the first try.
    pub attempt: u32,
}

/// A ring of the newest [`WebhookRecord`]s.
#[derive(Debug, Default)]
pub(crate) struct WebhookLog {
    records: Mutex<VecDeque<WebhookRecord>>,
}

impl WebhookLog {
    pub(crate) fn push(&self, record: WebhookRecord) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        if records.len() >= KEPT {
            records.pop_front();
        }
        records.push_back(record);
    }

    /// Up to `limit` records, newest first.
    pub(crate) fn newest(&self, limit: usize) -> Vec<WebhookRecord> {
        let records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.iter().rev().take(limit).cloned().collect()
    }
}
