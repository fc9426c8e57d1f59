//! The dispatcher's memory: what is claimed, what is on the wire, and who must wait for whom.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::time::Ts;
use crate::storage::delivery::Claimed;

use super::limits::SenderLimit;

/// Requests of one sender that may be on the wire at once.
const SLOTS: usize = 64;
/// Claimed messages of one limit group that may wait in memory.
pub const BACKLOG: usize = 512;

/// A sender and a person: one message at a time, so that order holds.
pub type Pair = (ChannelId, String);

/// A lease as this node knows it, on its own monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct HeldLease {
    pub epoch: i64,
    /// Nothing is begun after this.
    pub until: Instant,
}

struct Lane {
    group: String,
    limit: SenderLimit,
    ready: VecDeque<Claimed>,
    on_wire: usize,
}

#[derive(Default)]
struct PairState {
    busy: bool,
    waiting: VecDeque<Claimed>,
    /// An earlier message of the pair is due then; later ones must not overtake it.
    not_before: Option<Ts>,
}

/// Everything in motion on this node.
#[derive(Default)]
pub struct Motion {
    pub leases: HashMap<String, HeldLease>,
    lanes: HashMap<ChannelId, Lane>,
    pairs: HashMap<Pair, PairState>,
}

/// What may go on the wire now.
#[derive(Default)]
pub struct Granted {
    pub messages: Vec<Claimed>,
    /// When the next token falls due, if a message waits for one.
    pub next: Option<Duration>,
}

pub fn pair_of(message: &Claimed) -> Pair {
    (message.channel, message.recipient.as_str().to_owned())
}

impl Motion {
    /// How many more messages of a group may be claimed.
    pub fn room(&self, group: &str) -> usize {
        let held: usize = self.lanes.values().filter(|lane| lane.group == group).map(|lane| lane.ready.len()).sum();
        let behind: usize = self
            .pairs
            .iter()
            .filter(|((channel, _), _)| self.lanes.get(channel).is_some_and(|lane| lane.group == group))
            .map(|(_, pair)| pair.waiting.len())
            .sum();
        BACKLOG.saturating_sub(held + behind)
    }

    /// Takes a claimed message in. Gives back the time at which it is to be due instead, when an earlier one of its pair waits.
    ///
    /// # Errors
    /// The message must go back to the queue until then.
    pub fn admit(&mut self, group: &str, ceiling: u32, message: Claimed, now: Ts) -> Result<(), (MessageId, Ts)> {
        let lane = self.lanes.entry(message.channel).or_insert_with(|| Lane {
            group: group.to_owned(),
            limit: SenderLimit::new(ceiling),
            ready: VecDeque::new(),
            on_wire: 0,
        });
        if lane.limit.per_second() != ceiling {
            lane.limit = SenderLimit::new(ceiling);
        }
        let pair = self.pairs.entry(pair_of(&message)).or_default();
        if let Some(not_before) = pair.not_before {
            if not_before > now {
                return Err((message.id, not_before));
            }
            pair.not_before = None;
        }
        if pair.busy {
            pair.waiting.push_back(message);
        } else {
            pair.busy = true;
            lane.ready.push_back(message);
        }
        Ok(())
    }

    /// Takes out what has a token and a slot.
    pub fn grant(&mut self) -> Granted {
        let mut granted = Granted::default();
        for lane in self.lanes.values_mut() {
            while lane.on_wire < SLOTS && !lane.ready.is_empty() {
                match lane.limit.take() {
                    Ok(()) => {
                        lane.on_wire += 1;
                        granted.messages.extend(lane.ready.pop_front());
                    }
                    Err(wait) => {
                        granted.next = Some(granted.next.map_or(wait, |known: Duration| known.min(wait)));
                        break;
                    }
                }
            }
        }
        granted
    }

    pub fn group_of(&self, channel: ChannelId) -> Option<&str> {
        self.lanes.get(&channel).map(|lane| lane.group.as_str())
    }

    /// A message is off the wire (or never got there). `due` is when it is to be sent again, if it is; those of its pair that
    /// must now wait for it are given back with that time.
    pub fn finish(&mut self, pair: &Pair, due: Option<Ts>) -> Vec<(MessageId, Ts)> {
        let Some(lane) = self.lanes.get_mut(&pair.0) else { return Vec::new() };
        lane.on_wire = lane.on_wire.saturating_sub(1);
        let Some(state) = self.pairs.get_mut(pair) else { return Vec::new() };
        if let Some(due) = due {
            state.busy = false;
            state.not_before = Some(due);
            return state.waiting.drain(..).map(|message| (message.id, due)).collect();
        }
        match state.waiting.pop_front() {
            Some(next) => lane.ready.push_back(next),
            None => {
                self.pairs.remove(pair);
            }
        }
        Vec::new()
    }

    /// Pauses one sender, or all of its limit group.
    pub fn slow_down(&mut self, channel: ChannelId, whole_group: bool, pause: Duration) {
        let group = self.group_of(channel).map(str::to_owned);
        for (id, lane) in &mut self.lanes {
            if *id == channel || (whole_group && Some(&lane.group) == group.as_ref()) {
                lane.limit.pause(pause);
            }
        }
    }

    /// Gives back everything that is not on the wire: all of it, or what `wanted` picks by channel and group.
    pub fn give_back(&mut self, wanted: impl Fn(ChannelId, &str) -> bool) -> Vec<(MessageId, Ts)> {
        let mut back = Vec::new();
        let mut freed = Vec::new();
        for (channel, lane) in self.lanes.iter_mut().filter(|(channel, lane)| wanted(**channel, &lane.group)) {
            for message in lane.ready.drain(..) {
                freed.push(pair_of(&message));
                back.push((message.id, message.run_at));
            }
            for ((of, _), pair) in &mut self.pairs {
                if of == channel {
                    back.extend(pair.waiting.drain(..).map(|message| (message.id, message.run_at)));
                }
            }
        }
        for pair in freed {
            self.pairs.remove(&pair);
        }
        back
    }

    /// Forgets pairs whose wait is over.
    pub fn forget_old(&mut self, now: Ts) {
        self.pairs
            .retain(|_, pair| pair.busy || !pair.waiting.is_empty() || pair.not_before.is_some_and(|due| due > now));
    }

    pub fn on_wire(&self) -> usize {
        self.lanes.values().map(|lane| lane.on_wire).sum()
    }

    pub fn waiting(&self) -> usize {
        self.lanes.values().map(|lane| lane.ready.len()).sum()
    }
}
