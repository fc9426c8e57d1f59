//! Counts over the ledger: the judge of "never lost, never twice".

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Event, Ledger, Record, Status};

/// Plain counts of events.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// Messages that the business got accepted.
    pub accepted: u64,
    pub sent: u64,
    pub delivered: u64,
    pub read: u64,
    /// Refused late.
    pub failed: u64,
    /// Refused in the answer.
    pub refused: u64,
    /// Messages of virtual customers.
    pub inbound: u64,
    /// Receipts that the gateway took, each counted once however often it was sent.
    pub notified: u64,
    /// Receipts that were given up or dropped.
    pub given_up: u64,
}

/// One correlation id, or one recipient, and how often it was met.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrelationCount {
    pub accepted: u32,
    pub delivered: u32,
}

/// Answer to `GET /_admin/ledger/summary`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerSummary {
    #[serde(flatten)]
    pub totals: Totals,
    /// Different correlation ids accepted since the last compaction.
    pub correlations: u64,
    /// Correlation ids that were accepted more than once, with how often: empty unless something was sent twice.
    pub repeated: BTreeMap<String, u32>,
    /// Every correlation id; only with `detail=true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_correlation: Option<BTreeMap<String, CorrelationCount>>,
    /// Every recipient; only with `detail=true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_recipient: Option<BTreeMap<String, CorrelationCount>>,
}

#[derive(Debug, Default)]
struct Counts {
    totals: Totals,
    /// 128 bits per id, so that millions of ids stay affordable.
    seen: HashSet<u128>,
    repeated: BTreeMap<String, u32>,
}

/// Running counts.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: Mutex<Counts>,
}

impl Tally {
    pub(crate) fn note(&self, event: &Event) {
        let seen = match event {
            Event::Accepted(record) => record.correlation.as_deref().map(|id| (id, digest(id))),
            _ => None,
        };
        let mut counts = self.counts();
        counts.totals.note(event);
        if let Event::Carried { repeated, .. } = event {
            counts.repeated.clone_from(repeated);
        }
        if let Some((id, digest)) = seen
            && !counts.seen.insert(digest)
        {
            *counts.repeated.entry(id.to_owned()).or_insert(1) += 1;
        }
    }

    pub(crate) fn summary(&self) -> LedgerSummary {
        let counts = self.counts();
        LedgerSummary {
            totals: counts.totals,
            correlations: counts.seen.len() as u64,
            repeated: counts.repeated.clone(),
            ..LedgerSummary::default()
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Totals {
    fn note(&mut self, event: &Event) {
        match event {
            Event::Accepted(_) => self.accepted += 1,
            Event::Refused { .. } => self.refused += 1,
            Event::Inbound(_) => self.inbound += 1,
            Event::Notified { about, gave_up: false } => self.notified += about.len() as u64,
            Event::Notified { about, gave_up: true } => self.given_up += about.len() as u64,
            Event::Status { status, .. } => match status {
                Status::Accepted | Status::Canceled => {}
                Status::Sent => self.sent += 1,
                Status::Delivered => self.delivered += 1,
                Status::Read => self.read += 1,
                Status::Failed => self.failed += 1,
            },
            Event::Carried { totals, .. } => *self = *totals,
            Event::MarkedRead { .. } | Event::Erased { .. } | Event::Window { .. } | Event::Greeted { .. } => {}
        }
    }
}

/// Adds the counts by correlation id and by recipient, read from the ledger itself. Blocks while it reads.
pub(crate) fn recount(ledger: &Ledger, mut summary: LedgerSummary) -> io::Result<LedgerSummary> {
    let mut by_correlation: BTreeMap<String, CorrelationCount> = BTreeMap::new();
    let mut by_recipient: BTreeMap<String, CorrelationCount> = BTreeMap::new();
    let mut records = std::collections::HashMap::new();
    let mut count = |record: &Record, add: fn(&mut CorrelationCount)| {
        if let Some(id) = &record.correlation {
            add(by_correlation.entry(id.to_string()).or_default());
        }
        add(by_recipient.entry(record.person.to_string()).or_default());
    };
    ledger.scan(|entry| match entry.event {
        Event::Accepted(record) => {
            count(&record, |c| c.accepted += 1);
            records.insert(std::sync::Arc::clone(&record.id), record);
        }
        Event::Status { id, status: Status::Delivered, .. } => {
            if let Some(record) = records.get(&id) {
                count(record, |c| c.delivered += 1);
            }
        }
        _ => {}
    })?;
    summary.by_correlation = Some(by_correlation);
    summary.by_recipient = Some(by_recipient);
    Ok(summary)
}

fn digest(id: &str) -> u128 {
    if let Ok(uuid) = uuid::Uuid::try_parse(id) {
        return uuid.as_u128();
    }
    Sha256::digest(id).iter().take(16).fold(0, |sum, byte| (sum << 8) | u128::from(*byte))
}
