//! What one account has at hand: its conversations by how recent they are, and how far its messages are. Kept up as messages come
//! and go, so that a look costs no more than what it shows.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ledger::{Direction, Status};
use crate::messages::Message;

/// Answer to `GET /_admin/counts/{sender}`: the messages of one sender that are still remembered, each counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderCounts {
    /// Messages of the business.
    pub accepted: u64,
    /// Of these, by how far they are now.
    pub sent: u64,
    pub delivered: u64,
    pub read: u64,
    pub failed: u64,
    /// Messages of virtual customers.
    pub inbound: u64,
}

impl SenderCounts {
    fn by_status(&mut self, status: Status) -> Option<&mut u64> {
        match status {
            Status::Accepted | Status::Canceled => None,
            Status::Sent => Some(&mut self.sent),
            Status::Delivered => Some(&mut self.delivered),
            Status::Read => Some(&mut self.read),
            Status::Failed => Some(&mut self.failed),
        }
    }

    fn add(&mut self, message: &Message) {
        if message.record.direction == Direction::Inbound {
            self.inbound += 1;
            return;
        }
        self.accepted += 1;
        self.enter(message.status);
    }

    fn remove(&mut self, message: &Message) {
        if message.record.direction == Direction::Inbound {
            self.inbound -= 1;
            return;
        }
        self.accepted -= 1;
        self.leave(message.status);
    }

    fn enter(&mut self, status: Status) {
        self.by_status(status).into_iter().for_each(|count| *count += 1);
    }

    fn leave(&mut self, status: Status) {
        self.by_status(status).into_iter().for_each(|count| *count -= 1);
    }
}

#[derive(Debug, Default)]
struct Thread {
    /// Oldest first.
    ids: VecDeque<Arc<str>>,
    /// Position of the newest.
    newest: Uuid,
}

/// The conversations of one account.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    /// By person.
    threads: HashMap<Arc<str>, Thread>,
    /// The same people by the positions of their newest messages.
    order: BTreeMap<Uuid, Arc<str>>,
    counts: SenderCounts,
}

impl Desk {
    /// Adds the newest message of the account. No other has this position.
    pub(crate) fn add(&mut self, message: &Message, position: Uuid) {
        let person = &message.record.person;
        let thread = self.threads.entry(Arc::clone(person)).or_default();
        self.order.remove(&thread.newest);
        self.order.insert(position, Arc::clone(person));
        thread.newest = position;
        thread.ids.push_back(Arc::clone(&message.record.id));
        self.counts.add(message);
    }

    /// Counts a message anew that is about to have another status.
    pub(crate) fn advance(&mut self, message: &Message, status: Status) {
        if message.record.direction == Direction::Outbound {
            self.counts.leave(message.status);
            self.counts.enter(status);
        }
    }

    /// Forgets a message, which is the oldest of its conversation.
    pub(crate) fn forget_oldest(&mut self, message: &Message) {
        self.counts.remove(message);
        let Some(thread) = self.threads.get_mut(&message.record.person) else { return };
        thread.ids.pop_front();
        if thread.ids.is_empty() {
            self.order.remove(&thread.newest);
            self.threads.remove(&message.record.person);
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.threads.is_empty()
    }

    pub(crate) const fn counts(&self) -> SenderCounts {
        self.counts
    }

    /// Ids of the messages with a person, oldest first.
    pub(crate) fn messages_with(&self, person: &str) -> Option<&VecDeque<Arc<str>>> {
        self.threads.get(person).map(|thread| &thread.ids)
    }

    /// People and the positions of their newest messages, the most recent first: all, or only one; from the newest on, or only what
    /// is less recent than a position.
    pub(crate) fn recent<'a>(
        &'a self,
        person: Option<&str>,
        before: Option<Uuid>,
    ) -> Box<dyn Iterator<Item = (Uuid, &'a Arc<str>)> + 'a> {
        if let Some(person) = person {
            let only = self.threads.get_key_value(person).map(|(person, thread)| (thread.newest, person));
            return Box::new(only.into_iter().filter(move |(newest, _)| before.is_none_or(|before| *newest < before)));
        }
        let end = before.map_or(Bound::Unbounded, Bound::Excluded);
        Box::new(self.order.range((Bound::Unbounded, end)).rev().map(|(position, person)| (*position, person)))
    }
}
