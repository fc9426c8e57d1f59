//! The messages that are still remembered, by id, by time and by conversation.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use crate::config::Pace;
use crate::conversations::{Desk, SenderCounts};
use crate::ledger::{Direction, Erased, Fate, Record, Status};

/// A message and how far it is.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) record: Arc<Record>,
    pub(crate) status: Status,
    /// When each of sent, delivered, read, failed, canceled happened, in milliseconds since 1970.
    pub(crate) times: [Option<i64>; 5],
    /// The code of a late refusal.
    pub(crate) code: Option<u32>,
    pub(crate) marks: Marks,
    /// Statuses whose webhook was taken or given up, one bit each.
    notified: u8,
}

/// What happened to a message after it was there.
#[derive(Debug, Clone, Default)]
pub(crate) struct Marks {
    /// Until when the business shows that it is writing an answer to this, in milliseconds since 1970.
    pub(crate) typing_until: Option<i64>,
    /// What the customer wrote instead.
    pub(crate) edited: Option<Box<str>>,
    /// Whether the customer took it back.
    pub(crate) revoked: bool,
    /// What the business had removed at the provider.
    pub(crate) text_erased: bool,
    pub(crate) media_erased: bool,
    pub(crate) erased: bool,
}

impl Marks {
    pub(crate) fn erase(&mut self, what: Erased) {
        match what {
            Erased::Text => self.text_erased = true,
            Erased::Media => self.media_erased = true,
            Erased::Message => self.erased = true,
        }
    }

    /// What [`Marks::erase`] was called with.
    pub(crate) fn erasures(&self) -> impl Iterator<Item = Erased> {
        let all =
            [(self.text_erased, Erased::Text), (self.media_erased, Erased::Media), (self.erased, Erased::Message)];
        all.into_iter().filter_map(|(done, what)| done.then_some(what))
    }
}

impl Message {
    pub(crate) fn new(record: Arc<Record>) -> Self {
        // A message from the virtual customer counts as delivered: its webhook is what has to be announced.
        let (status, delivered_at) = match record.direction {
            Direction::Outbound => (Status::Accepted, None),
            Direction::Inbound => (Status::Delivered, Some(record.at)),
        };
        Self {
            record,
            status,
            times: [None, delivered_at, None, None, None],
            code: None,
            marks: Marks::default(),
            notified: 0,
        }
    }

    /// When the message reached a status.
    pub(crate) fn time(&self, status: Status) -> Option<i64> {
        if status == Status::Accepted {
            return Some(self.record.at);
        }
        self.times.get(slot(status)).copied().flatten()
    }

    /// The latest time anything happened to it.
    pub(crate) fn updated_at(&self) -> i64 {
        self.time(self.status).unwrap_or(self.record.at)
    }

    /// The next step, and when it is due in milliseconds since 1970.
    pub(crate) fn next(&self, pace: &Pace) -> Option<(Status, i64)> {
        if self.record.direction == Direction::Inbound {
            return None;
        }
        let (status, delay) = match (self.record.fate, self.status) {
            (Fate::Fail(_), Status::Accepted) => (Status::Failed, pace.delivered_ms),
            (_, Status::Accepted) => (Status::Sent, pace.sent_ms),
            // A reaction is never reported further than sent (direct.md §2.3).
            (Fate::Read, Status::Sent) if &*self.record.kind != "reaction" => (Status::Delivered, pace.delivered_ms),
            (Fate::Read, Status::Delivered) => (Status::Read, pace.read_ms?),
            _ => return None,
        };
        Some((status, self.record.send_at.unwrap_or(self.record.at).saturating_add_unsigned(delay)))
    }

    /// Statuses that were reached but not yet made known to the gateway.
    pub(crate) fn unannounced(&self) -> impl Iterator<Item = Status> + '_ {
        [Status::Sent, Status::Delivered, Status::Read, Status::Failed, Status::Canceled]
            .into_iter()
            .filter(|status| self.time(*status).is_some() && self.notified & bit(*status) == 0)
    }

    /// Whether nothing will ever happen to it again.
    pub(crate) fn is_settled(&self, pace: &Pace) -> bool {
        self.next(pace).is_none() && self.unannounced().next().is_none()
    }
}

const fn slot(status: Status) -> usize {
    match status {
        Status::Accepted | Status::Sent => 0,
        Status::Delivered => 1,
        Status::Read => 2,
        Status::Failed => 3,
        Status::Canceled => 4,
    }
}

const fn bit(status: Status) -> u8 {
    1 << slot(status)
}

#[derive(Debug, Default)]
struct Index {
    by_id: HashMap<Arc<str>, Message>,
    /// Oldest first.
    order: VecDeque<Arc<str>>,
    /// By account.
    desks: HashMap<Arc<str>, Desk>,
    /// Messages that were ever put in.
    inserted: u64,
}

/// Which conversations of an account are wanted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    /// Only this person's.
    pub(crate) person: Option<&'a str>,
    /// Only those less recent than this position.
    pub(crate) before: Option<Uuid>,
    pub(crate) limit: usize,
    /// Messages of each.
    pub(crate) messages: usize,
}

/// A person's conversation with an account.
#[derive(Debug)]
pub(crate) struct Talk {
    pub(crate) person: Arc<str>,
    pub(crate) position: Uuid,
    /// The newest, oldest first.
    pub(crate) messages: Vec<Message>,
    /// Whether older ones are remembered.
    pub(crate) has_earlier: bool,
}

/// The newest messages, up to a fixed number.
#[derive(Debug)]
pub(crate) struct Messages {
    index: Mutex<Index>,
    capacity: usize,
}

impl Messages {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { index: Mutex::default(), capacity: capacity.max(1) }
    }

    pub(crate) fn insert(&self, message: Message) {
        let mut index = self.index();
        while index.order.len() >= self.capacity {
            index.forget_oldest();
        }
        index.inserted += 1;
        let position = position(message.record.at, index.inserted);
        let id = Arc::clone(&message.record.id);
        index.desks.entry(Arc::clone(&message.record.account)).or_default().add(&message, position);
        index.order.push_back(Arc::clone(&id));
        index.by_id.insert(id, message);
    }

    pub(crate) fn get(&self, id: &str) -> Option<Message> {
        self.index().by_id.get(id).cloned()
    }

    /// Moves a message on at time `at` and returns it; `None` when it is unknown or already there.
    pub(crate) fn advance(&self, id: &str, status: Status, code: Option<u32>, at: i64) -> Option<Message> {
        let mut guard = self.index();
        let Index { by_id, desks, .. } = &mut *guard;
        let message = by_id.get_mut(id).filter(|message| message.status < status)?;
        if let Some(desk) = desks.get_mut(&message.record.account) {
            desk.advance(message, status);
        }
        message.status = status;
        message.code = code.or(message.code);
        if let Some(time) = message.times.get_mut(slot(status)) {
            *time = Some(at);
        }
        Some(message.clone())
    }

    /// Marks a customer's message and those of the same conversation before it as read by the business; tells whether there is such a
    /// message.
    pub(crate) fn mark_read(&self, id: &str, at: i64) -> bool {
        let mut guard = self.index();
        let Index { by_id, desks, .. } = &mut *guard;
        let record = by_id.get(id).map(|message| Arc::clone(&message.record));
        let Some(record) = record.filter(|record| record.direction == Direction::Inbound) else { return false };
        let thread = desks.get(&record.account).and_then(|desk| desk.messages_with(&record.person));
        let mut passed = false;
        // The newest first: what was read before ends the search.
        for earlier in thread.into_iter().flatten().rev() {
            passed |= *earlier == record.id;
            let Some(message) = by_id.get_mut(earlier).filter(|_| passed) else { continue };
            if message.record.direction == Direction::Outbound {
                continue;
            }
            if message.status == Status::Read {
                break;
            }
            message.status = Status::Read;
            message.notified |= bit(Status::Read);
            if let Some(time) = message.times.get_mut(slot(Status::Read)) {
                *time = Some(at);
            }
        }
        true
    }

    /// Changes the marks of a message, if it is known.
    pub(crate) fn mark(&self, id: &str, change: impl FnOnce(&mut Marks)) {
        if let Some(message) = self.index().by_id.get_mut(id) {
            change(&mut message.marks);
        }
    }

    /// Notes that the gateway knows of a status, or never will.
    pub(crate) fn announced(&self, id: &str, status: Status) {
        if let Some(message) = self.index().by_id.get_mut(id) {
            message.notified |= bit(status);
        }
    }

    /// Up to `limit` messages that fit, newest first. With a person only that conversation is looked at.
    pub(crate) fn newest(
        &self,
        account: &Arc<str>,
        person: Option<&str>,
        limit: usize,
        fits: impl Fn(&Message) -> bool,
    ) -> Vec<Message> {
        let index = self.index();
        let ids = match person {
            Some(person) => match index.desks.get(account).and_then(|desk| desk.messages_with(person)) {
                Some(ids) => ids,
                None => return Vec::new(),
            },
            None => &index.order,
        };
        let found = ids.iter().rev().filter_map(|id| index.by_id.get(id));
        found.filter(|message| message.record.account == *account && fits(message)).take(limit).cloned().collect()
    }

    /// An account's conversations, the most recent first.
    pub(crate) fn conversations(&self, account: &str, wanted: Wanted<'_>) -> Vec<Talk> {
        let index = self.index();
        let Some(desk) = index.desks.get(account) else { return Vec::new() };
        let found = desk.recent(wanted.person, wanted.before).take(wanted.limit);
        let talk = |(position, person): (Uuid, &Arc<str>)| {
            let ids = desk.messages_with(person)?;
            let earlier = ids.len().saturating_sub(wanted.messages);
            let messages = ids.range(earlier..).filter_map(|id| index.by_id.get(id).cloned()).collect();
            Some(Talk { person: Arc::clone(person), position, messages, has_earlier: earlier > 0 })
        };
        found.filter_map(talk).collect()
    }

    /// How far an account's messages are.
    pub(crate) fn counts(&self, account: &str) -> SenderCounts {
        self.index().desks.get(account).map(Desk::counts).unwrap_or_default()
    }

    /// All messages, oldest first.
    pub(crate) fn all(&self) -> Vec<Message> {
        let index = self.index();
        index.order.iter().filter_map(|id| index.by_id.get(id).cloned()).collect()
    }

    fn index(&self) -> MutexGuard<'_, Index> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Index {
    fn forget_oldest(&mut self) {
        let Some(message) = self.order.pop_front().and_then(|id| self.by_id.remove(&id)) else { return };
        let Some(desk) = self.desks.get_mut(&message.record.account) else { return };
        desk.forget_oldest(&message);
        if desk.is_empty() {
            self.desks.remove(&message.record.account);
        }
    }
}

/// Orders conversations by their newest messages: by its time, and within a millisecond by the order of their coming. The time
/// makes it good beyond a restart.
fn position(at: i64, serial: u64) -> Uuid {
    Uuid::from_u64_pair(u64::try_from(at).unwrap_or_default(), serial)
}
