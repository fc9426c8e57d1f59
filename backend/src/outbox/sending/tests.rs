use super::*;
use crate::domain::content::Content;
use crate::domain::content::plain::TextContent;
use crate::domain::ids::{ContactId, MessageId, WorkspaceId};
use crate::domain::terms::Terms;

const NOW: Ts = Ts(1_000_000);
const PERSON: &str = "+447911123456";

fn message(channel: ChannelId, to: &str, class: MessageClass) -> Claimed {
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
        class,
        terms: Terms::default(),
        reaches: None,
    }
}

/// A sender that may send a thousand a second and has been idle for a while.
fn sender(pair: Option<PairLimit>) -> (Motion, ChannelId) {
    let (mut motion, channel) = (Motion::default(), ChannelId::new());
    motion.meet(channel, SenderTerms { group: "g".into(), ceiling: 1_000, pair }, None);
    idle(&mut motion, channel);
    (motion, channel)
}

fn idle(motion: &mut Motion, channel: ChannelId) {
    let sender = motion.senders.get_mut(&channel).unwrap();
    sender.limit = SenderLimit::new(sender.terms.ceiling, None, Instant::now() - Duration::from_secs(10));
}

fn ids(messages: &[Claimed]) -> Vec<MessageId> {
    messages.iter().map(|message| message.id).collect()
}

#[test]
fn one_message_of_a_pair_is_on_the_wire() {
    let (mut motion, channel) = sender(None);
    let both = [message(channel, PERSON, MessageClass::Reply), message(channel, PERSON, MessageClass::Reply)];
    for message in &both {
        motion.admit(message.clone(), NOW).unwrap();
    }
    assert_eq!(ids(&motion.grant(NOW).messages), [both[0].id]);
    assert!(motion.grant(NOW).messages.is_empty());
    assert!(motion.finish(&pair_of(&both[0]), MessageClass::Reply, None).is_empty());
    assert_eq!(ids(&motion.grant(NOW).messages), [both[1].id]);
}

#[test]
fn what_waits_behind_a_retry_does_not_overtake_it_but_a_one_time_code_does() {
    let (mut motion, channel) = sender(None);
    let both = [message(channel, PERSON, MessageClass::Reply), message(channel, PERSON, MessageClass::Reply)];
    for message in &both {
        motion.admit(message.clone(), NOW).unwrap();
    }
    motion.grant(NOW);
    let due = NOW.plus(Duration::from_secs(2));
    let back = motion.finish(&pair_of(&both[0]), MessageClass::Reply, Some(due));
    assert_eq!(back, [Returned { id: both[1].id, run_at: due, hold: None }]);
    let third = message(channel, PERSON, MessageClass::Reply);
    assert_eq!(motion.admit(third.clone(), NOW), Err(Returned { id: third.id, run_at: due, hold: None }));
    let code = message(channel, PERSON, MessageClass::OneTimeCode);
    assert_eq!(motion.admit(code.clone(), NOW), Ok(()));
    assert_eq!(ids(&motion.grant(NOW).messages), [code.id]);
    assert_eq!(motion.admit(third, due), Ok(()));
}

#[test]
fn the_more_urgent_goes_first_and_nobody_starves() {
    let (mut motion, channel) = sender(None);
    let classes = [MessageClass::Marketing, MessageClass::Utility, MessageClass::Reply, MessageClass::OneTimeCode];
    for n in 0..1_000 {
        for (place, class) in classes.into_iter().enumerate() {
            motion.admit(message(channel, &format!("+4477009{:05}", n * 4 + place), class), NOW).unwrap();
        }
    }
    let mut count = HashMap::new();
    while count.values().sum::<usize>() < 400 {
        idle(&mut motion, channel);
        for message in motion.grant(NOW).messages {
            *count.entry(message.class).or_insert(0) += 1;
            motion.finish(&pair_of(&message), message.class, None);
        }
    }
    let total: usize = count.values().sum();
    let share = |class| count.get(&class).copied().unwrap_or(0) * 100 / total;
    assert!((60..=70).contains(&share(MessageClass::OneTimeCode)), "{count:?}");
    assert!((18..=22).contains(&share(MessageClass::Reply)), "{count:?}");
    assert!((8..=12).contains(&share(MessageClass::Utility)), "{count:?}");
    assert!((3..=7).contains(&share(MessageClass::Marketing)), "{count:?}");
}

#[test]
fn slots_are_kept_for_those_who_are_waited_for() {
    let (mut motion, channel) = sender(None);
    for n in 0..3_000 {
        motion.admit(message(channel, &format!("+4477009{n:05}"), MessageClass::Marketing), NOW).unwrap();
    }
    for _ in 0..200 {
        idle(&mut motion, channel);
        motion.grant(NOW);
    }
    assert_eq!(motion.on_wire(), 1_000 - 125);
    let code = message(channel, PERSON, MessageClass::OneTimeCode);
    motion.admit(code.clone(), NOW).unwrap();
    idle(&mut motion, channel);
    assert_eq!(ids(&motion.grant(NOW).messages), [code.id]);
}

#[test]
fn who_has_got_too_many_waits_in_the_queue() {
    let limit = PairLimit { interval: Duration::from_secs(6), burst: 2 };
    let (mut motion, channel) = sender(Some(limit));
    let all: Vec<Claimed> = (0..4).map(|_| message(channel, PERSON, MessageClass::Reply)).collect();
    for message in &all {
        motion.admit(message.clone(), NOW).unwrap();
    }
    for sent in &all[..2] {
        assert_eq!(ids(&motion.grant(NOW).messages), [sent.id]);
        motion.finish(&pair_of(sent), MessageClass::Reply, None);
    }
    let granted = motion.grant(NOW);
    assert!(granted.messages.is_empty());
    assert_eq!(granted.deferred.iter().map(|one| one.id).collect::<Vec<_>>(), [all[2].id, all[3].id]);
    assert!(granted.deferred.iter().all(|one| one.hold == Some(HoldReason::PairLimit) && one.run_at > NOW));
}

#[test]
fn a_channel_follows_its_limit_group() {
    let (mut motion, channel) = sender(None);
    assert_eq!(motion.group_of(channel), Some("g"));
    motion.meet(channel, SenderTerms { group: "new".into(), ceiling: 80, pair: None }, None);
    assert_eq!(motion.group_of(channel), Some("new"));
}

#[test]
fn a_paused_sender_claims_nothing_and_keeps_nothing() {
    let (mut motion, channel) = sender(None);
    let other = ChannelId::new();
    motion.meet(other, SenderTerms { group: "other".into(), ceiling: 80, pair: None }, None);
    let waits = message(channel, PERSON, MessageClass::Reply);
    motion.admit(waits.clone(), NOW).unwrap();
    let (back, slowed) = motion.slow_down(channel, false, Duration::from_secs(60));
    assert_eq!(back, [Returned { id: waits.id, run_at: NOW, hold: None }]);
    assert_eq!(slowed, [channel]);
    assert_eq!(motion.room(channel, MessageClass::Reply), 0);
    assert!(motion.room(other, MessageClass::Reply) > 0, "others go on");
}

#[test]
fn a_slow_sender_claims_only_what_it_can_send_soon() {
    let (mut motion, channel) = sender(None);
    assert_eq!(motion.room(channel, MessageClass::Reply), BACKLOG);
    motion.meet(channel, SenderTerms { group: "g".into(), ceiling: 1, pair: None }, None);
    assert_eq!(motion.room(channel, MessageClass::Reply), BACKLOG_SECONDS);
}
