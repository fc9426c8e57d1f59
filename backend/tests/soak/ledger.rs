//! What the providers know: each copy that was accepted and what became of it, from the simulator's ledger.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use duplex_simulator::{AdminClient, Event, Fate, Status};
use uuid::Uuid;

/// Entries read at a time.
const PAGE: usize = 10_000;

/// A copy of a message that a provider has accepted.
#[derive(Debug)]
pub struct Accepted {
    pub person: String,
    pub correlation: Option<Uuid>,
    fate: Fate,
    pub reached: BTreeSet<Status>,
    /// What the gateway was told, or never will be.
    told: BTreeSet<Status>,
}

impl Accepted {
    pub fn has_failed(&self) -> bool {
        self.reached.contains(&Status::Failed)
    }

    fn is_settled(&self) -> bool {
        let end = match self.fate {
            Fate::Read => Status::Read,
            Fate::Sent => Status::Sent,
            Fate::Fail(_) => Status::Failed,
        };
        self.reached.contains(&end) && self.reached.iter().all(|status| self.told.contains(status))
    }

    /// The code of a failure that came late.
    pub fn code(&self) -> Option<u32> {
        match self.fate {
            Fate::Fail(code) => Some(code),
            Fate::Read | Fate::Sent => None,
        }
    }
}

/// The ledger as far as it was read.
#[derive(Default)]
pub struct Ledger {
    after: u64,
    /// By the provider's id.
    copies: HashMap<String, Accepted>,
    /// Codes of refusals in answers, by person.
    pub refused: BTreeMap<String, Vec<u32>>,
    open: BTreeSet<String>,
}

impl Ledger {
    /// Reads what has been added.
    pub async fn read_on(&mut self, admin: &AdminClient) {
        loop {
            let entries = admin.ledger(self.after, PAGE).await.expect("the ledger");
            let is_last = entries.len() < PAGE;
            for entry in entries {
                self.after = entry.seq;
                self.note(entry.event);
            }
            if is_last {
                return;
            }
        }
    }

    fn note(&mut self, event: Event) {
        match event {
            Event::Accepted(record) => {
                let copy = Accepted {
                    person: record.person.to_string(),
                    correlation: record.correlation.as_deref().and_then(|id| id.parse().ok()),
                    fate: record.fate,
                    reached: BTreeSet::new(),
                    told: BTreeSet::new(),
                };
                self.copies.insert(record.id.to_string(), copy);
                self.open.insert(record.id.to_string());
            }
            Event::Refused { person, code, .. } => self.refused.entry(person.into()).or_default().push(code),
            Event::Status { id, status, .. } => self.change(&id, |copy| copy.reached.insert(status)),
            Event::Notified { about, .. } => {
                for (id, status) in about {
                    self.change(&id, |copy| copy.told.insert(status));
                }
            }
            _ => {}
        }
    }

    fn change(&mut self, id: &str, change: impl FnOnce(&mut Accepted) -> bool) {
        let Some(copy) = self.copies.get_mut(id) else { return };
        change(copy);
        if copy.is_settled() {
            self.open.remove(id);
        }
    }

    /// Whether everything that was accepted has come to its end, and the gateway was told or never will be.
    pub fn is_settled(&self) -> bool {
        self.open.is_empty()
    }

    pub fn copies(&self) -> impl Iterator<Item = &Accepted> {
        self.copies.values()
    }
}
