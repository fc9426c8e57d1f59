//! The dispatcher's memory: what is claimed, what is on the wire, and who must wait for whom.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use crate::domain::ids::{ChannelId, MessageId};
use crate::domain::time::Ts;
use crate::storage::delivery::Claimed;

use super::limits::SenderLimit;

/// Requests of one sender that may be on the wire at once.
const SLOTS: usize = 64;
/// Claimed messages of one sender that may wait in memory, and for how many seconds' worth of its rate.
const BACKLOG: usize = 512;
const BACKLOG_SECONDS: usize = 20;
/// A claimed message that has waited this long goes back to the queue, well before its claim is over.
const STALE: Duration = Duration::from_secs(40);

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
    ready: VecDeque<Waiting>,
    on_wire: usize,
}

/// A claimed message and since when it waits.
struct Waiting {
    message: Claimed,
    since: Instant,
}

#[derive(Default)]
struct PairState {
    busy: bool,
    waiting: VecDeque<Waiting>,
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
    /// How many more messages of a sender may be claimed: none while it is paused, and no more than it can send soon.
    pub fn room(&self, channel: ChannelId, ceiling: u32) -> usize {
        let worth = usize::try_from(ceiling).unwrap_or(BACKLOG).saturating_mul(BACKLOG_SECONDS).clamp(1, BACKLOG);
        let Some(lane) = self.lanes.get(&channel) else { return worth };
        if lane.limit.is_paused() {
            return 0;
        }
        let behind: usize =
            self.pairs.iter().filter(|((of, _), _)| *of == channel).map(|(_, pair)| pair.waiting.len()).sum();
        let held = lane.ready.len() + behind;
        // Claimed in gulps, not sips: each claim is a commit.
        if held > worth / 2 { 0 } else { worth - held }
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
        if lane.group != group {
            lane.group = group.to_owned();
        }
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
        let waiting = Waiting { message, since: Instant::now() };
        if pair.busy {
            pair.waiting.push_back(waiting);
        } else {
            pair.busy = true;
            lane.ready.push_back(waiting);
        }
        Ok(())
    }

    /// Takes out what has waited too long for its claim, with the pairs it belongs to.
    pub fn take_stale(&mut self) -> Vec<(MessageId, Ts)> {
        let old = |waiting: &Waiting| waiting.since.elapsed() > STALE;
        let stale: Vec<Pair> = self
            .lanes
            .values()
            .flat_map(|lane| lane.ready.iter())
            .filter(|waiting| old(waiting))
            .map(|waiting| pair_of(&waiting.message))
            .chain(self.pairs.iter().filter(|(_, pair)| pair.waiting.iter().any(old)).map(|(pair, _)| pair.clone()))
            .collect();
        let mut back = Vec::new();
        for pair in stale {
            back.extend(self.withdraw(&pair));
        }
        back
    }

    /// Takes everything of a pair out of memory that is not on the wire, so that none of it overtakes another.
    fn withdraw(&mut self, pair: &Pair) -> Vec<(MessageId, Ts)> {
        let mut back = Vec::new();
        let Some(lane) = self.lanes.get_mut(&pair.0) else { return back };
        let before = lane.ready.len();
        lane.ready.retain(|waiting| {
            let belongs = pair_of(&waiting.message) == *pair;
            if belongs {
                back.push((waiting.message.id, waiting.message.run_at));
            }
            !belongs
        });
        let was_ready = lane.ready.len() < before;
        if let Some(state) = self.pairs.get_mut(pair) {
            back.extend(state.waiting.drain(..).map(|waiting| (waiting.message.id, waiting.message.run_at)));
        }
        if was_ready {
            self.pairs.remove(pair);
        }
        back
    }

    /// Takes out what has a token and a slot.
    pub fn grant(&mut self) -> Granted {
        let mut granted = Granted::default();
        for lane in self.lanes.values_mut() {
            while lane.on_wire < SLOTS && !lane.ready.is_empty() {
                match lane.limit.take() {
                    Ok(()) => {
                        lane.on_wire += 1;
                        granted.messages.extend(lane.ready.pop_front().map(|waiting| waiting.message));
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
            return state.waiting.drain(..).map(|waiting| (waiting.message.id, due)).collect();
        }
        match state.waiting.pop_front() {
            Some(next) => lane.ready.push_back(next),
            None => {
                self.pairs.remove(pair);
            }
        }
        Vec::new()
    }

    /// Pauses one sender, or all of its limit group, and gives back what it has claimed.
    pub fn slow_down(&mut self, channel: ChannelId, whole_group: bool, pause: Duration) -> Vec<(MessageId, Ts)> {
        let group = self.group_of(channel).map(str::to_owned);
        let slowed = |id: ChannelId, of: &str| id == channel || (whole_group && Some(of) == group.as_deref());
        for (id, lane) in &mut self.lanes {
            if slowed(*id, &lane.group) {
                lane.limit.pause(pause);
            }
        }
        self.give_back(slowed)
    }

    /// Gives back everything that is not on the wire: all of it, or what `wanted` picks by channel and group.
    pub fn give_back(&mut self, wanted: impl Fn(ChannelId, &str) -> bool) -> Vec<(MessageId, Ts)> {
        let pairs: Vec<Pair> = self
            .pairs
            .keys()
            .filter(|(channel, _)| self.lanes.get(channel).is_some_and(|lane| wanted(*channel, &lane.group)))
            .cloned()
            .collect();
        let mut back = Vec::new();
        for pair in pairs {
            back.extend(self.withdraw(&pair));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::class::MessageClass;
    use crate::domain::content::Content;
    use crate::domain::content::plain::TextContent;
    use crate::domain::ids::{ContactId, WorkspaceId};
    use crate::domain::terms::Terms;

    const NOW: Ts = Ts(1_000_000);

    fn message(channel: ChannelId, to: &str) -> Claimed {
        Claimed {
            id: MessageId::new(),
            workspace: WorkspaceId::new(),
            channel,
            recipient: to.parse().unwrap(),
            content: Content::Text(TextContent { body: "x".into(), preview_url: false }),
            contact: ContactId::new(),
            reply_to: None,
            run_at: NOW,
            expires_at: None,
            tries: 0,
            class: MessageClass::Reply,
            terms: Terms::default(),
        }
    }

    #[test]
    fn one_message_of_a_pair_is_on_the_wire() {
        let (mut motion, channel) = (Motion::default(), ChannelId::new());
        let both = [message(channel, "+447700900123"), message(channel, "+447700900123")];
        for message in &both {
            motion.admit("g", 1_000, message.clone(), NOW).unwrap();
        }
        assert_eq!(motion.grant().messages.iter().map(|one| one.id).collect::<Vec<_>>(), [both[0].id]);
        assert!(motion.grant().messages.is_empty());
        assert!(motion.finish(&pair_of(&both[0]), None).is_empty());
        assert_eq!(motion.grant().messages.iter().map(|one| one.id).collect::<Vec<_>>(), [both[1].id]);
    }

    #[test]
    fn what_waits_behind_a_retry_does_not_overtake_it() {
        let (mut motion, channel) = (Motion::default(), ChannelId::new());
        let both = [message(channel, "+447700900123"), message(channel, "+447700900123")];
        for message in &both {
            motion.admit("g", 1_000, message.clone(), NOW).unwrap();
        }
        motion.grant();
        let due = NOW.plus(Duration::from_secs(2));
        assert_eq!(motion.finish(&pair_of(&both[0]), Some(due)), [(both[1].id, due)]);
        let third = message(channel, "+447700900123");
        assert_eq!(motion.admit("g", 1_000, third.clone(), NOW), Err((third.id, due)));
        assert_eq!(motion.admit("g", 1_000, third, due), Ok(()));
    }

    #[test]
    fn a_channel_follows_its_limit_group() {
        let (mut motion, channel) = (Motion::default(), ChannelId::new());
        motion.admit("old", 80, message(channel, "+447700900123"), NOW).unwrap();
        motion.admit("new", 80, message(channel, "+447700900456"), NOW).unwrap();
        assert_eq!(motion.group_of(channel), Some("new"));
    }

    #[test]
    fn a_paused_sender_claims_nothing_and_keeps_nothing() {
        let (mut motion, channel) = (Motion::default(), ChannelId::new());
        let waits = message(channel, "+447700900123");
        motion.admit("g", 80, waits.clone(), NOW).unwrap();
        assert_eq!(motion.slow_down(channel, false, Duration::from_secs(60)), [(waits.id, NOW)]);
        assert_eq!(motion.room(channel, 80), 0);
        assert!(motion.room(ChannelId::new(), 80) > 0, "others go on");
    }

    #[test]
    fn a_slow_sender_claims_only_what_it_can_send_soon() {
        let motion = Motion::default();
        assert_eq!(motion.room(ChannelId::new(), 1), BACKLOG_SECONDS);
        assert_eq!(motion.room(ChannelId::new(), 1_000), BACKLOG);
    }
}
