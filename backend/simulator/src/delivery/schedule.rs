//! What is due when: one heap and one sleeper, however many messages are under way.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use tokio::sync::Notify;

use super::Notice;

/// Something to do later.
#[derive(Debug)]
pub(crate) enum Task {
    /// A message takes its next step.
    Advance(Arc<str>),
    /// A webhook goes out (again).
    Send(Notice),
    /// The review of one of Twilio's contents ends.
    EndReview { account: Arc<str>, content: String },
    /// The review of a template of the direct provider ends.
    Review { waba: String, template: String },
}

#[derive(Debug)]
struct Due {
    at: Instant,
    /// Keeps things that are due together in the order in which they came.
    turn: u64,
    task: Task,
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.turn == other.turn
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.turn).cmp(&(other.at, other.turn))
    }
}

#[derive(Debug, Default)]
struct Heap {
    heap: BinaryHeap<Reverse<Due>>,
    turns: u64,
    /// When the sleeper wakes by itself; `None` when it is awake or sleeps without end.
    wakes_at: Option<Instant>,
}

#[derive(Debug, Default)]
pub(super) struct Schedule {
    heap: Mutex<Heap>,
    earlier: Notify,
}

impl Schedule {
    pub(super) fn push(&self, at: Instant, task: Task) {
        let mut heap = self.heap.lock().unwrap_or_else(PoisonError::into_inner);
        heap.turns += 1;
        let turn = heap.turns;
        heap.heap.push(Reverse(Due { at, turn, task }));
        if heap.wakes_at.is_none_or(|wakes_at| at < wakes_at) {
            heap.wakes_at = Some(at);
            self.earlier.notify_one();
        }
    }

    /// Everything due by `now`; when that is nothing, the time of the next thing, until which the caller may sleep.
    pub(super) fn take_due(&self, now: Instant) -> (Vec<Task>, Option<Instant>) {
        let mut heap = self.heap.lock().unwrap_or_else(PoisonError::into_inner);
        let mut due = Vec::new();
        while heap.heap.peek().is_some_and(|Reverse(first)| first.at <= now) {
            due.extend(heap.heap.pop().map(|Reverse(first)| first.task));
        }
        let next = heap.heap.peek().map(|Reverse(first)| first.at);
        heap.wakes_at = next;
        (due, next)
    }

    /// Resolves when something came in that is due before the time `take_due` told.
    pub(super) async fn earlier(&self) {
        self.earlier.notified().await;
    }
}
