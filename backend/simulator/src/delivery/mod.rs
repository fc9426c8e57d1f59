//! Moves accepted messages on in time, and sends what happens to them as webhooks.

mod log;
mod notice;
mod request;
mod schedule;
mod sender;
mod twilio_request;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;
use tokio_util::task::TaskTracker;

use crate::accounts::{Account, MESSAGES};
use crate::error::SimulatorError;
use crate::faults::FaultKind;
use crate::ids::now_ms;
use crate::ledger::{Direction, Event, Fate, Status};
use crate::messages::Message;
use crate::state::World;

pub(crate) use log::WebhookLog;
pub use log::WebhookRecord;
pub(crate) use notice::{Fact, Notice, Payload};
use schedule::{Schedule, Task};
pub(crate) use sender::Outcome;

/// How far a webhook that is to be overtaken is held back.
const HELD_BACK: Duration = Duration::from_millis(250);
/// The scheduler gathers what falls due within this time: thousands of messages a second share a wake-up.
const TICK: Duration = Duration::from_millis(4);

/// Everything that is to happen later, and the webhooks that wait for a free connection.
#[derive(Debug)]
pub(crate) struct Delivery {
    schedule: Schedule,
    waiting: Mutex<VecDeque<Notice>>,
    work: Notify,
    client: reqwest::Client,
    batch: usize,
    pub(crate) log: WebhookLog,
}

impl Delivery {
    pub(crate) fn new(batch: usize) -> Result<Self, SimulatorError> {
        Ok(Self {
            schedule: Schedule::default(),
            waiting: Mutex::default(),
            work: Notify::new(),
            client: sender::client().map_err(SimulatorError::WebhookClient)?,
            batch,
            log: WebhookLog::default(),
        })
    }

    /// Lets the message take its next step at `due`, in milliseconds since 1970.
    pub(crate) fn advance_at(&self, id: Arc<str>, due: i64) {
        let wait = u64::try_from(due - now_ms()).unwrap_or(0);
        self.schedule.push(Instant::now() + Duration::from_millis(wait), Task::Advance(id));
    }

    /// Sends a webhook after a while.
    pub(crate) fn send_after(&self, wait: Duration, notice: Notice) {
        self.schedule.push(Instant::now() + wait, Task::Send(notice));
    }

    /// Ends the review of one of Twilio's contents after a while.
    pub(crate) fn review_after(&self, wait: Duration, account: Arc<str>, content: String) {
        self.schedule.push(Instant::now() + wait, Task::EndReview { account, content });
    }

    /// Ends the review of a template at `due`, in milliseconds since 1970.
    pub(crate) fn review_at(&self, waba: String, template: String, due: i64) {
        let wait = u64::try_from(due - now_ms()).unwrap_or(0);
        self.schedule.push(Instant::now() + Duration::from_millis(wait), Task::Review { waba, template });
    }

    /// Sends a webhook as soon as a sender is free.
    pub(crate) fn send_now(&self, notice: Notice) {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_back(notice);
        self.work.notify_one();
    }

    /// The client that webhooks and handshakes share.
    pub(crate) const fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// The next webhook, joined by others that may share its request.
    fn next(&self) -> Option<Notice> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut notice = waiting.pop_front()?;
        while notice.facts().len() < self.batch {
            let Some(more) = waiting.pop_front() else { break };
            if let Err(more) = notice.absorb(more) {
                waiting.push_front(more);
                break;
            }
        }
        Some(notice)
    }
}

/// Starts the scheduler and the senders; they end when the world stops.
pub(crate) fn spawn(world: &Arc<World>, senders: usize, tasks: &TaskTracker) {
    tasks.spawn(run(Arc::clone(world)));
    for _ in 0..senders {
        tasks.spawn(sender::run(Arc::clone(world)));
    }
}

async fn run(world: Arc<World>) {
    loop {
        let (due, next) = world.delivery.schedule.take_due(Instant::now());
        if !due.is_empty() {
            world.perform(due);
            continue;
        }
        let pause = next.map(|at| at.saturating_duration_since(Instant::now()).max(TICK));
        tokio::select! {
            () = world.stopping.cancelled() => return,
            () = world.delivery.schedule.earlier() => {}
            () = tokio::time::sleep(pause.unwrap_or(Duration::MAX)), if pause.is_some() => {}
        }
    }
}

impl World {
    fn perform(&self, due: Vec<Task>) {
        let pace = self.pace();
        let mut moved = Vec::with_capacity(due.len());
        for task in due {
            match task {
                Task::Send(notice) => self.delivery.send_now(notice),
                Task::EndReview { account, content } => self.end_review(&account, &content),
                Task::Review { waba, template } => self.finish_review(&waba, &template),
                Task::Advance(id) => {
                    let Some((status, _)) = self.messages.get(&id).and_then(|message| message.next(&pace)) else {
                        continue;
                    };
                    moved.extend(self.step(&id, status));
                }
            }
        }
        if moved.is_empty() {
            return;
        }
        // The ledger says what happened before the gateway hears of it.
        if let Err(error) = self.ledger.flush() {
            tracing::error!(%error, "simulator: the ledger could not be written");
        }
        for message in moved {
            self.announce(&message, message.status);
            if let Some((_, due)) = message.next(&pace) {
                self.delivery.advance_at(Arc::clone(&message.record.id), due);
            }
        }
    }

    fn step(&self, id: &Arc<str>, status: Status) -> Option<Message> {
        let message = self.messages.get(id)?;
        let code = match message.record.fate {
            Fate::Fail(code) if status == Status::Failed => Some(code),
            _ => None,
        };
        let moved = self.messages.advance(id, status, code, now_ms())?;
        self.book_later(&Event::Status { id: Arc::clone(id), status, code });
        Some(moved)
    }

    /// Queues the webhook that tells the gateway about a status, or about a message from the virtual customer.
    pub(crate) fn announce(&self, message: &Message, status: Status) {
        match self.notice(message, status) {
            Ok(notice) => self.delivery.send_now(notice),
            Err(kept) => tracing::trace!(id = %message.record.id, kept, "simulator: no webhook now"),
        }
    }

    /// Sends the webhook of a message from the virtual customer at once and tells how it went. Failures are retried in the background.
    ///
    /// # Errors
    /// Why no webhook goes out now.
    pub(crate) async fn announce_and_wait(&self, message: &Message) -> Result<Outcome, &'static str> {
        let notice = self.notice(message, Status::Delivered)?;
        Ok(sender::send(self, notice).await)
    }

    /// Sends a webhook at once and tells how it went. Failures are retried in the background.
    pub(crate) async fn send_and_wait(&self, notice: Notice) -> Outcome {
        sender::send(self, notice).await
    }

    /// The webhook that is to go out now. Copies that faults ask for are put off here; what is not to go out is booked so.
    fn notice(&self, message: &Message, status: Status) -> Result<Notice, &'static str> {
        let (key, fact) = (Arc::clone(&message.record.account), Fact::of(message, status));
        if !self.has_callback(message) {
            self.settle(&[fact], true);
            return Err("the account has no callback");
        }
        if self.faults.hits(&key, None, &FaultKind::DropWebhooks) {
            self.settle(&[fact], true);
            return Err("dropped on demand");
        }
        let noisy = message.record.noisy;
        let twice = noisy || self.faults.hits(&key, None, &FaultKind::DuplicateWebhooks);
        // Holding back `sent` is enough to put the receipts of one message out of order.
        let late = (noisy && status == Status::Sent) || self.faults.hits(&key, None, &FaultKind::ReorderWebhooks);
        let notice = Notice::new(key, Payload::Facts(vec![fact]));
        if twice {
            self.delivery.send_after(HELD_BACK, notice.clone());
        }
        if late {
            self.delivery.send_after(HELD_BACK, notice);
            return Err("held back on demand");
        }
        Ok(notice)
    }

    fn has_callback(&self, message: &Message) -> bool {
        match self.accounts.get(&message.record.account) {
            Some(Account::Direct(account)) => account.callback(MESSAGES).is_some(),
            Some(Account::Twilio(account)) => match message.record.direction {
                Direction::Outbound => account.status_callback(&message.record).is_some(),
                Direction::Inbound => account.inbound_route().url.is_some(),
            },
            None => false,
        }
    }

    /// Books that the gateway knows of these, or never will.
    fn settle(&self, facts: &[Fact], gave_up: bool) {
        if facts.is_empty() {
            return;
        }
        for fact in facts {
            self.messages.announced(&fact.record.id, fact.status);
        }
        let about = facts.iter().map(|fact| (Arc::clone(&fact.record.id), fact.status)).collect();
        self.book_later(&Event::Notified { about, gave_up });
    }
}
