//! The dispatcher's memory: what is claimed, what is on the wire, and who must wait for whom.

mod lanes;

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::{Duration, Instant};

use crate::domain::class::MessageClass;
use crate::domain::ids::ChannelId;
use crate::domain::state::HoldReason;
use crate::domain::time::Ts;
use crate::storage::delivery::{Claimed, Returned};

use self::lanes::{Lanes, Waiting};
use super::limits::SenderLimit;
use super::limits::pairs::PairDebts;
pub use super::limits::pairs::{Pair, PairLimit};

/// Requests of one sender that may be on the wire at once: a second's worth of its rate within these bounds.
const FEWEST_SLOTS: usize = 64;
const MOST_SLOTS: usize = 1_024;
/// Of them, every eighth is kept for one-time codes and replies.
const KEPT_SLOTS: usize = 8;
/// Claimed messages of one class and sender that may wait in memory, and for how many seconds' worth of its rate.
const BACKLOG: usize = 2_048;
const BACKLOG_SECONDS: usize = 20;
/// A claimed message that has waited this long goes back to the queue, well before its claim is over.
const STALE: Duration = Duration::from_secs(40);

/// A lease as this node knows it, on its own monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct HeldLease {
    pub epoch: i64,
    /// Nothing is begun after this.
    pub until: Instant,
}

/// What is known of a sender when a message of it is taken in.
#[derive(Clone, Debug)]
pub struct SenderTerms {
    pub group: String,
    /// The provider's limit in messages a second.
    pub ceiling: u32,
    pub pair: Option<PairLimit>,
}

struct Sender {
    terms: SenderTerms,
    limit: SenderLimit,
    lanes: Lanes,
    on_wire: usize,
}

impl Sender {
    fn slots(&self) -> usize {
        usize::try_from(self.terms.ceiling).unwrap_or(MOST_SLOTS).clamp(FEWEST_SLOTS, MOST_SLOTS)
    }

    fn has_room_for_bulk(&self) -> bool {
        self.on_wire < self.slots() - self.slots() / KEPT_SLOTS
    }
}

#[derive(Default)]
struct PairState {
    on_wire: bool,
    /// Behind the one on the wire, in their order.
    waiting: VecDeque<Waiting>,
    /// An earlier message of the class is due then; later ones must not overtake it.
    not_before: HashMap<MessageClass, (Ts, Option<HoldReason>)>,
}

impl PairState {
    fn is_idle(&self) -> bool {
        !self.on_wire && self.waiting.is_empty() && self.not_before.is_empty()
    }
}

/// Everything in motion on this node.
#[derive(Default)]
pub struct Motion {
    pub leases: HashMap<String, HeldLease>,
    senders: HashMap<ChannelId, Sender>,
    pairs: HashMap<Pair, PairState>,
    debts: PairDebts,
}

/// What may go on the wire now.
#[derive(Default)]
pub struct Granted {
    pub messages: Vec<Claimed>,
    /// What has to wait in the queue: the person got too many in a short time, or an earlier one of theirs waits.
    pub deferred: Vec<Returned>,
    /// When the next token falls due, if a message waits for one.
    pub next: Option<Duration>,
}

pub fn pair_of(message: &Claimed) -> Pair {
    (message.channel, message.recipient.as_str().to_owned())
}

fn back(waiting: Waiting) -> Returned {
    Returned { id: waiting.message.id, run_at: waiting.message.run_at, hold: None }
}

impl Motion {
    /// Whether this sender's limit is known here already.
    pub fn knows(&self, channel: ChannelId) -> bool {
        self.senders.contains_key(&channel)
    }

    /// Gets to know a sender, or what has changed of it. `share` is the lowered rate that a former holder kept.
    pub fn meet(&mut self, channel: ChannelId, terms: SenderTerms, share: Option<f64>) {
        let now = Instant::now();
        match self.senders.get_mut(&channel) {
            Some(sender) => {
                sender.limit.set_ceiling(terms.ceiling, now);
                sender.terms = terms;
            }
            None => {
                let limit = SenderLimit::new(terms.ceiling, share, now);
                self.senders.insert(channel, Sender { terms, limit, lanes: Lanes::default(), on_wire: 0 });
            }
        }
    }

    /// What a former holder has sent to each person lately: so many messages within the memory of the pair's limit.
    pub fn recall(&mut self, channel: ChannelId, sent: Vec<(String, u32)>) {
        let Some(limit) = self.senders.get(&channel).and_then(|sender| sender.terms.pair) else { return };
        let now = Instant::now();
        for (person, count) in sent {
            self.debts.recall((channel, person), limit, count, now);
        }
    }

    /// Forgets senders of groups that are held no more; what they had in memory was given back before.
    pub fn forget_groups(&mut self, lost: impl Fn(&str) -> bool) {
        self.senders.retain(|_, sender| sender.on_wire > 0 || !lost(&sender.terms.group));
    }

    /// The senders that are known here.
    pub fn channels(&self) -> Vec<ChannelId> {
        self.senders.keys().copied().collect()
    }

    /// Whether nothing of a sender is in memory or on the wire.
    pub fn is_idle(&self, channel: ChannelId) -> bool {
        self.senders.get(&channel).is_none_or(|sender| sender.on_wire == 0 && sender.lanes.is_empty())
    }

    /// Whether nothing of a limit group is in memory or on the wire.
    pub fn is_quiet(&self, group: &str) -> bool {
        let mut of_group = self.senders.values().filter(|sender| sender.terms.group == group);
        of_group.all(|sender| sender.on_wire == 0 && sender.lanes.is_empty())
    }

    /// How many more messages of a sender's class may be claimed: none while it is paused, and no more than it can send soon.
    pub fn room(&mut self, channel: ChannelId, class: MessageClass) -> usize {
        let Some(sender) = self.senders.get_mut(&channel) else { return 0 };
        if sender.limit.is_paused(Instant::now()) {
            return 0;
        }
        let ceiling = usize::try_from(sender.terms.ceiling).unwrap_or(BACKLOG);
        let worth = ceiling.saturating_mul(BACKLOG_SECONDS).clamp(1, BACKLOG);
        let held = sender.lanes.held(class);
        // Claimed in gulps, not sips: each claim is a commit.
        if held > worth / 2 { 0 } else { worth - held }
    }

    /// Takes a claimed message in.
    ///
    /// # Errors
    /// An earlier one of its pair and class waits: the message must go back to the queue until then.
    pub fn admit(&mut self, message: Claimed, now: Ts) -> Result<(), Returned> {
        let Some(sender) = self.senders.get_mut(&message.channel) else {
            return Err(Returned { id: message.id, run_at: message.run_at, hold: None });
        };
        let pair = pair_of(&message);
        if let Some(state) = self.pairs.get_mut(&pair) {
            state.not_before.retain(|_, (due, _)| *due > now);
            if let Some((run_at, hold)) = state.not_before.get(&message.class).copied() {
                return Err(Returned { id: message.id, run_at, hold });
            }
        }
        sender.lanes.push(Waiting { message, since: Instant::now() });
        Ok(())
    }

    /// Takes out what has waited too long for its claim, with the pairs it belongs to.
    pub fn take_stale(&mut self) -> Vec<Returned> {
        let old = |waiting: &Waiting| waiting.since.elapsed() > STALE;
        let ready = self.senders.values().flat_map(|sender| sender.lanes.iter());
        let behind = self.pairs.values().flat_map(|pair| &pair.waiting);
        let stale: Vec<Pair> =
            ready.chain(behind).filter(|waiting| old(waiting)).map(|waiting| pair_of(&waiting.message)).collect();
        if stale.is_empty() {
            return Vec::new();
        }
        let stale: HashSet<Pair> = stale.into_iter().collect();
        self.give_back_where(|message| stale.contains(&pair_of(message)))
    }

    /// Takes out what has a token and a slot.
    pub fn grant(&mut self, at: Ts) -> Granted {
        let now = Instant::now();
        let mut granted = Granted::default();
        for (channel, sender) in &mut self.senders {
            while sender.on_wire < sender.slots() {
                let Some(waiting) = sender.lanes.pop(sender.has_room_for_bulk()) else { break };
                let class = waiting.message.class;
                let pair = (*channel, waiting.message.recipient.as_str().to_owned());
                if let Some(state) = self.pairs.get_mut(&pair) {
                    if state.on_wire {
                        state.waiting.push_back(waiting);
                        continue;
                    }
                    let earlier = state.not_before.get(&class).copied();
                    if let Some((run_at, hold)) = earlier.filter(|(due, _)| *due > at) {
                        sender.lanes.let_go(class);
                        granted.deferred.push(Returned { id: waiting.message.id, run_at, hold });
                        continue;
                    }
                }
                if let Some(wait) = sender.terms.pair.and_then(|limit| self.debts.wait(&pair, limit, now)) {
                    let due = at.plus(wait);
                    sender.lanes.let_go(class);
                    let hold = Some(HoldReason::PairLimit);
                    self.pairs.entry(pair).or_default().not_before.insert(class, (due, hold));
                    granted.deferred.push(Returned { id: waiting.message.id, run_at: due, hold });
                    continue;
                }
                if let Some(wait) = sender.limit.wait(now) {
                    sender.lanes.push_front(waiting);
                    granted.next = Some(granted.next.map_or(wait, |known: Duration| known.min(wait)));
                    break;
                }
                sender.limit.spend(now);
                sender.lanes.served(class);
                sender.lanes.let_go(class);
                sender.on_wire += 1;
                if let Some(limit) = sender.terms.pair {
                    self.debts.owe(&pair, limit, now);
                }
                self.pairs.entry(pair).or_default().on_wire = true;
                granted.messages.push(waiting.message);
            }
        }
        granted
    }

    pub fn group_of(&self, channel: ChannelId) -> Option<&str> {
        self.senders.get(&channel).map(|sender| sender.terms.group.as_str())
    }

    /// A message is off the wire (or never got there). `due` is when it is to be sent again, if it is; those of its pair and
    /// class that must now wait for it are given back with that time.
    pub fn finish(&mut self, pair: &Pair, class: MessageClass, due: Option<Ts>) -> Vec<Returned> {
        let Some(sender) = self.senders.get_mut(&pair.0) else { return Vec::new() };
        sender.on_wire = sender.on_wire.saturating_sub(1);
        let mut back = Vec::new();
        let Some(state) = self.pairs.get_mut(pair) else { return back };
        state.on_wire = false;
        if let Some(due) = due {
            state.not_before.insert(class, (due, None));
            let (late, others): (VecDeque<Waiting>, VecDeque<Waiting>) =
                state.waiting.drain(..).partition(|waiting| waiting.message.class == class);
            state.waiting = others;
            for waiting in late {
                sender.lanes.let_go(class);
                back.push(Returned { id: waiting.message.id, run_at: due, hold: None });
            }
        }
        // In their order to the front of their lanes: the first goes, the others come to wait behind it again.
        while let Some(waiting) = state.waiting.pop_back() {
            sender.lanes.push_front(waiting);
        }
        if state.is_idle() {
            self.pairs.remove(pair);
        }
        back
    }

    /// A message that was granted does not go on the wire after all. It and those of its pair and class behind it go back, so that
    /// none overtakes another.
    pub fn withdraw(&mut self, message: &Claimed) -> Vec<Returned> {
        let pair = pair_of(message);
        let mut returned = vec![Returned { id: message.id, run_at: message.run_at, hold: None }];
        returned.extend(self.finish(&pair, message.class, Some(message.run_at)));
        if let Some(sender) = self.senders.get_mut(&pair.0) {
            let behind =
                |waiting: &Waiting| waiting.message.class == message.class && pair_of(&waiting.message) == pair;
            returned.extend(sender.lanes.take(behind).into_iter().map(back));
        }
        returned
    }

    /// People have written to this sender: that counts against its ceiling too (direct.md §4.7).
    pub fn heard(&mut self, channel: ChannelId, count: u32) {
        if let Some(sender) = self.senders.get_mut(&channel) {
            let now = Instant::now();
            (0..count).for_each(|_| sender.limit.spend(now));
        }
    }

    /// Slows one sender down, or all of its limit group, and gives back what it has claimed. Returns the senders whose rate is
    /// another one now.
    pub fn slow_down(
        &mut self,
        channel: ChannelId,
        whole_group: bool,
        pause: Duration,
    ) -> (Vec<Returned>, Vec<ChannelId>) {
        let (group, now) = (self.group_of(channel).map(str::to_owned), Instant::now());
        let mut slowed = Vec::new();
        for (id, sender) in &mut self.senders {
            if *id == channel || (whole_group && Some(&sender.terms.group) == group.as_ref()) {
                sender.limit.throttle(pause, now);
                slowed.push(*id);
            }
        }
        (self.give_back_where(|message| slowed.contains(&message.channel)), slowed)
    }

    /// Gives back everything that is not on the wire of the channels that `wanted` picks by channel and group.
    pub fn give_back(&mut self, wanted: impl Fn(ChannelId, &str) -> bool) -> Vec<Returned> {
        let senders = self.senders.iter().filter(|(channel, sender)| wanted(**channel, &sender.terms.group));
        let channels: Vec<ChannelId> = senders.map(|(channel, _)| *channel).collect();
        self.give_back_where(|message| channels.contains(&message.channel))
    }

    fn give_back_where(&mut self, wanted: impl Fn(&Claimed) -> bool) -> Vec<Returned> {
        let mut returned = Vec::new();
        for sender in self.senders.values_mut() {
            returned.extend(sender.lanes.take(|waiting| wanted(&waiting.message)).into_iter().map(back));
        }
        for ((channel, _), state) in &mut self.pairs {
            if !state.waiting.iter().any(|waiting| wanted(&waiting.message)) {
                continue;
            }
            let (out, left): (VecDeque<Waiting>, VecDeque<Waiting>) =
                state.waiting.drain(..).partition(|waiting| wanted(&waiting.message));
            state.waiting = left;
            if let Some(sender) = self.senders.get_mut(channel) {
                out.iter().for_each(|waiting| sender.lanes.let_go(waiting.message.class));
            }
            returned.extend(out.into_iter().map(back));
        }
        self.pairs.retain(|_, state| !state.is_idle());
        returned
    }

    /// Each sender's rate at this moment: its ceiling, the share of it that is kept, and whether that is less than usual.
    pub fn rates(&self) -> Vec<(ChannelId, u32, f64, bool)> {
        let rates = self.senders.iter();
        rates
            .map(|(id, sender)| (*id, sender.limit.ceiling(), sender.limit.share(), sender.limit.is_lowered()))
            .collect()
    }

    /// Forgets pairs whose wait is over and who owe nothing.
    pub fn forget_old(&mut self, now: Ts) {
        self.debts.forget_paid(Instant::now());
        self.pairs.retain(|_, state| {
            state.not_before.retain(|_, (due, _)| *due > now);
            !state.is_idle()
        });
    }

    pub fn on_wire(&self) -> usize {
        self.senders.values().map(|sender| sender.on_wire).sum()
    }

    pub fn waiting(&self) -> usize {
        self.senders.values().map(|sender| sender.lanes.len()).sum()
    }
}

#[cfg(test)]
mod tests;
