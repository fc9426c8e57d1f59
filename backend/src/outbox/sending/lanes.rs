//! One sender's claimed messages, by class: whose turn it is.

use std::collections::VecDeque;
use std::time::Instant;

use crate::domain::class::MessageClass;
use crate::storage::delivery::Claimed;

/// Of a hundred tokens, those that a class gets although a more urgent one waits, so that none starves. What a class does not
/// use goes to the most urgent that waits.
const fn reserved(class: MessageClass) -> u32 {
    match class {
        MessageClass::OneTimeCode => 0,
        MessageClass::Reply => 20,
        MessageClass::Utility => 10,
        MessageClass::Marketing => 5,
    }
}

/// A claimed message and since when it waits.
pub struct Waiting {
    pub message: Claimed,
    pub since: Instant,
}

#[derive(Default)]
struct Lane {
    ready: VecDeque<Waiting>,
    /// Hundredths of a token that the class has earned from its reserve.
    owed: u32,
    /// Messages that wait in memory, those behind another of their pair included.
    held: usize,
}

/// The lanes of a sender, the most urgent first.
#[derive(Default)]
pub struct Lanes([Lane; MessageClass::ALL.len()]);

impl Lanes {
    fn lane(&mut self, class: MessageClass) -> &mut Lane {
        let [codes, replies, utility, marketing] = &mut self.0;
        match class {
            MessageClass::OneTimeCode => codes,
            MessageClass::Reply => replies,
            MessageClass::Utility => utility,
            MessageClass::Marketing => marketing,
        }
    }

    /// Messages of a class in memory.
    pub fn held(&mut self, class: MessageClass) -> usize {
        self.lane(class).held
    }

    /// Takes a message in, at the end of its lane.
    pub fn push(&mut self, waiting: Waiting) {
        let lane = self.lane(waiting.message.class);
        lane.held += 1;
        lane.ready.push_back(waiting);
    }

    /// Puts one back that could go on now: it waited behind another of its pair, or its token is not there yet.
    pub fn push_front(&mut self, waiting: Waiting) {
        self.lane(waiting.message.class).ready.push_front(waiting);
    }

    /// The next message, which stays held until it is [`Lanes::let_go`]. `bulk` says whether utility and marketing have room on
    /// the wire.
    pub fn pop(&mut self, bulk: bool) -> Option<Waiting> {
        let class = self.turn(bulk)?;
        self.lane(class).ready.pop_front()
    }

    /// A message of this class has left memory.
    pub fn let_go(&mut self, class: MessageClass) {
        let lane = self.lane(class);
        lane.held = lane.held.saturating_sub(1);
    }

    /// A token was spent on this class: all that wait earn their share of it.
    pub fn served(&mut self, class: MessageClass) {
        for other in MessageClass::ALL {
            let lane = self.lane(*other);
            lane.owed = if lane.ready.is_empty() { 0 } else { lane.owed + reserved(*other) };
        }
        let lane = self.lane(class);
        lane.owed = lane.owed.saturating_sub(100);
    }

    fn turn(&self, bulk: bool) -> Option<MessageClass> {
        let may = |class: MessageClass| bulk || matches!(class, MessageClass::OneTimeCode | MessageClass::Reply);
        let waiting = || {
            let lanes = MessageClass::ALL.iter().copied().zip(&self.0);
            lanes.filter(|(class, lane)| !lane.ready.is_empty() && may(*class))
        };
        let owed = waiting().find(|(_, lane)| lane.owed >= 100);
        owed.or_else(|| waiting().next()).map(|(class, _)| class)
    }

    /// All that could go on now.
    pub fn iter(&self) -> impl Iterator<Item = &Waiting> {
        self.0.iter().flat_map(|lane| lane.ready.iter())
    }

    /// Takes out what `wanted` picks; it is in memory no more.
    pub fn take(&mut self, wanted: impl Fn(&Waiting) -> bool) -> Vec<Waiting> {
        let mut taken = Vec::new();
        for lane in &mut self.0 {
            let (out, left): (VecDeque<Waiting>, VecDeque<Waiting>) =
                std::mem::take(&mut lane.ready).into_iter().partition(|waiting| wanted(waiting));
            lane.ready = left;
            lane.held = lane.held.saturating_sub(out.len());
            taken.extend(out);
        }
        taken
    }

    /// Nothing waits here, nor behind another of its pair.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|lane| lane.held == 0)
    }

    /// Those that could go on now.
    pub fn len(&self) -> usize {
        self.0.iter().map(|lane| lane.ready.len()).sum()
    }
}
