//! The entry of one of Meta's webhooks in which a change stands (direct.md §3.3).

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::domain::time::Ts;
use crate::providers::account_event::Telling;

use super::members::text_or_number;

pub(in crate::providers::direct) struct Source {
    /// The account's, or for a partner's matters the business portfolio's.
    pub id: String,
    /// In seconds.
    time: Option<i64>,
}

impl Source {
    pub fn of(entry: &Value) -> Self {
        let id = entry.get("id").and_then(text_or_number).unwrap_or_default();
        Self { id, time: entry.get("time").and_then(Value::as_i64) }
    }

    /// Several things may stand in one value: the place tells them apart. `None` when the entry names no time.
    pub fn telling(&self, field: &str, value: &Value, place: usize) -> Option<Telling> {
        let same = json!([self.id, self.time, field, value, place]).to_string();
        Some(Telling { at: self.told_at()?, fingerprint: Sha256::digest(same.as_bytes()).to_vec() })
    }

    /// When Meta said it; `None` when the entry names no time.
    pub fn told_at(&self) -> Option<Ts> {
        self.time.map(Ts::from_secs)
    }
}
