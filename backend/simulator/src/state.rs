//! The state that both providers, the admin API and the webhooks share.

use std::collections::HashSet;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tokio_util::sync::CancellationToken;

use crate::accounts::{Account, Accounts};
use crate::config::{Pace, SimulatorConfig};
use crate::delivery::Delivery;
use crate::direct::library::Templates;
use crate::direct::uploads::Uploads;
use crate::direct::usage::Usage;
use crate::error::SimulatorError;
use crate::faults::{Fault, Faults};
use crate::ids::now_ms;
use crate::ledger::{Entry, Event, Ledger, Record, Rewrite, Status, Tally};
use crate::limits::Limits;
use crate::media::Media;
use crate::messages::{Message, Messages};
use crate::people::People;
use crate::twilio::library::Contents;

/// Entries per remembered message above which the ledger is compacted on start.
const COMPACT_FACTOR: u64 = 12;

/// One simulator's state.
#[derive(Debug)]
pub(crate) struct World {
    /// Of the simulator itself, without a slash at the end.
    pub(crate) base_url: String,
    pub(crate) accounts: Accounts,
    pub(crate) people: People,
    pub(crate) messages: Messages,
    pub(crate) faults: Faults,
    pub(crate) limits: Limits,
    pub(crate) templates: Templates,
    pub(crate) contents: Contents,
    pub(crate) media: Media,
    pub(crate) uploads: Uploads,
    pub(crate) usage: Usage,
    pub(crate) ledger: Ledger,
    pub(crate) tally: Tally,
    pub(crate) delivery: Delivery,
    /// Ends everything that runs in the background or waits.
    pub(crate) stopping: CancellationToken,
    /// Senders and magic numbers whose next message passes after one that was refused.
    pub(crate) spared: Mutex<HashSet<(Arc<str>, &'static str)>>,
    pace: RwLock<Pace>,
    hanging: Mutex<CancellationToken>,
}

impl World {
    /// Reads what earlier runs left, compacts it when it has grown, and takes up unfinished messages again.
    pub(crate) fn open(config: &SimulatorConfig, address: SocketAddr) -> Result<Arc<Self>, SimulatorError> {
        let files = config.data_dir.as_deref().map(prepare).transpose()?;
        let accounts = Accounts::open(files.as_ref().map(|files| files.accounts.clone()))?;
        let stopping = CancellationToken::new();
        let hanging = Mutex::new(stopping.child_token());
        let mut world = Self {
            base_url: format!("http://{address}"),
            accounts,
            people: People::default(),
            messages: Messages::new(config.retained_messages),
            faults: Faults::seeded(config.fault_seed),
            limits: Limits::default(),
            templates: Templates::open(files.as_ref().map(|files| files.templates.clone()))?,
            contents: Contents::open(files.as_ref().map(|files| files.contents.clone()))?,
            media: Media::open(config.data_dir.clone())?,
            uploads: Uploads::default(),
            usage: Usage::default(),
            ledger: Ledger::in_memory(),
            tally: Tally::default(),
            delivery: Delivery::new(config.webhook_batch.clamp(1, 1_000))?,
            stopping,
            spared: Mutex::default(),
            pace: RwLock::new(config.pace),
            hanging,
        };
        if let Some(files) = files {
            world.ledger = world.replay(&files.ledger, config.retained_messages as u64)?;
        }
        let world = Arc::new(world);
        world.resume();
        Ok(world)
    }

    pub(crate) fn pace(&self) -> Pace {
        *self.pace.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_pace(&self, pace: Pace) {
        *self.pace.write().unwrap_or_else(PoisonError::into_inner) = pace;
    }

    /// Puts faults in place of those that were set, and lets go of every request that hangs.
    pub(crate) fn set_faults(&self, faults: Vec<Fault>) {
        self.faults.replace(faults);
        let mut hanging = self.hanging.lock().unwrap_or_else(PoisonError::into_inner);
        hanging.cancel();
        *hanging = self.stopping.child_token();
    }

    /// Fires when requests that hang are let go.
    pub(crate) fn release(&self) -> CancellationToken {
        self.hanging.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Books an event and waits until the operating system has it.
    pub(crate) fn book(&self, event: &Event) -> io::Result<()> {
        self.ledger.append(event)?;
        self.tally.note(event);
        Ok(())
    }

    /// Books an event that may be lost with the process: it would only be repeated.
    pub(crate) fn book_later(&self, event: &Event) {
        self.tally.note(event);
        if let Err(error) = self.ledger.append_later(event) {
            tracing::error!(%error, "simulator: the ledger did not take an entry");
        }
    }

    /// Books a message from a virtual customer, opens the window and remembers it.
    pub(crate) fn receive(&self, account: &Account, record: Arc<Record>) -> io::Result<()> {
        self.book(&Event::Inbound(Arc::clone(&record)))?;
        self.people.wrote(account.key(), &record.person, record.name.as_deref(), record.at);
        self.people.introduce(account.key(), account.portfolio(), &record.person);
        self.follow(&record);
        self.messages.insert(Message::new(record));
        Ok(())
    }

    fn replay(&self, path: &Path, retained: u64) -> Result<Ledger, SimulatorError> {
        let (mut entries, mut last) = (0, 0);
        let mut take = |entry: Entry| {
            entries += 1;
            last = entry.seq;
            self.tally.note(&entry.event);
            self.restore(entry);
        };
        let ledger = Ledger::open(path, &mut take)?;
        if entries <= retained.max(1_000).saturating_mul(COMPACT_FACTOR) {
            return Ok(ledger);
        }
        drop(ledger);
        let failed = |source| SimulatorError::DataDir { path: path.to_owned(), source };
        self.compact(path, last).map_err(failed)?;
        Ledger::open(path, |_| {})
    }

    fn restore(&self, entry: Entry) {
        match entry.event {
            Event::Accepted(record) => self.messages.insert(Message::new(record)),
            Event::Inbound(record) => {
                self.people.wrote(&record.account, &record.person, record.name.as_deref(), record.at);
                if let Some(account) = self.accounts.get(&record.account) {
                    self.people.introduce(&record.account, account.portfolio(), &record.person);
                }
                self.follow(&record);
                self.messages.insert(Message::new(record));
            }
            Event::Status { id, status, code } => drop(self.messages.advance(&id, status, code, entry.at)),
            Event::Notified { about, .. } => about.iter().for_each(|(id, status)| self.messages.announced(id, *status)),
            Event::MarkedRead { id } => drop(self.messages.mark_read(&id, entry.at)),
            Event::Erased { id, what } => self.messages.mark(&id, |marks| marks.erase(what)),
            Event::Window { account, person, open } => self.people.force(&account, &person, open),
            Event::Greeted { account, person, since } => self.people.wrote(&account, &person, None, since),
            Event::Refused { .. } | Event::Carried { .. } => {}
        }
    }

    /// Writes the ledger anew with the windows, the messages that are still remembered and the counts.
    fn compact(&self, path: &Path, last: u64) -> io::Result<()> {
        let now = now_ms();
        let mut events: Vec<(i64, Event)> = Vec::new();
        for (account, person, since) in self.people.lately(now) {
            events.push((now, Event::Greeted { account, person, since }));
        }
        events.extend(self.messages.all().iter().flat_map(Message::history));
        // A message lifts what was forced, so this comes after the messages.
        for (account, person, open) in self.people.forced() {
            events.push((now, Event::Window { account, person, open }));
        }
        let summary = self.tally.summary();
        events.push((now, Event::Carried { totals: summary.totals, repeated: summary.repeated }));
        let mut rewrite = Rewrite::of(path)?;
        // Numbers go on where the old file ended, so that a reader's position stays valid.
        for (seq, (at, event)) in (last + 1..).zip(events) {
            rewrite.push(&Entry { seq, at, event })?;
        }
        rewrite.finish()
    }

    /// Takes up messages and webhooks that an earlier run left unfinished.
    fn resume(self: &Arc<Self>) {
        self.resume_reviews();
        self.resume_content_reviews();
        let pace = self.pace();
        for message in self.messages.all() {
            if message.is_settled(&pace) {
                continue;
            }
            for status in message.unannounced() {
                self.announce(&message, status);
            }
            if let Some((_, due)) = message.next(&pace) {
                self.delivery.advance_at(Arc::clone(&message.record.id), due);
            }
        }
    }
}

struct Files {
    ledger: PathBuf,
    accounts: PathBuf,
    templates: PathBuf,
    contents: PathBuf,
}

fn prepare(folder: &Path) -> Result<Files, SimulatorError> {
    std::fs::create_dir_all(folder).map_err(|source| SimulatorError::DataDir { path: folder.to_owned(), source })?;
    Ok(Files {
        ledger: folder.join("ledger.jsonl"),
        accounts: folder.join("accounts.json"),
        templates: folder.join("templates.json"),
        contents: folder.join("contents.json"),
    })
}

impl Message {
    /// The events that bring the message to where it is.
    fn history(&self) -> Vec<(i64, Event)> {
        let record = Arc::clone(&self.record);
        let id = Arc::clone(&record.id);
        let inbound = record.direction == crate::ledger::Direction::Inbound;
        let mut events = vec![(record.at, if inbound { Event::Inbound(record) } else { Event::Accepted(record) })];
        let mut known = Vec::new();
        for status in [Status::Sent, Status::Delivered, Status::Read, Status::Failed, Status::Canceled] {
            let Some(at) = self.time(status) else { continue };
            if inbound && status == Status::Read {
                events.push((at, Event::MarkedRead { id: Arc::clone(&id) }));
            }
            if !inbound {
                let code = self.code.filter(|_| status == Status::Failed);
                events.push((at, Event::Status { id: Arc::clone(&id), status, code }));
            }
            if !self.unannounced().any(|waiting| waiting == status) {
                known.push((Arc::clone(&id), status));
            }
        }
        for what in self.marks.erasures() {
            events.push((self.updated_at(), Event::Erased { id: Arc::clone(&id), what }));
        }
        if !known.is_empty() {
            events.push((self.updated_at(), Event::Notified { about: known, gave_up: false }));
        }
        events
    }
}
