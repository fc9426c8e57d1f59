use super::*;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{ContactId, MessageId, WorkspaceId};
use crate::domain::receipt::Receipt;
use crate::domain::unknown::{Inquiry, LookOutcome, UnknownDecision};
use proptest::prelude::*;

const NOW: Present = Present { now: Ts(1_000_000_000), random: 0.5 };

fn on_the_wire() -> (TrackedMessage, TrackedAttempt) {
    let (message, attempt, channel) = (MessageId::new(), AttemptId::new(), ChannelId::new());
    (
        TrackedMessage {
            id: message,
            workspace_id: WorkspaceId::new(),
            channel_id: channel,
            contact_id: ContactId::new(),
            state: MessageState::Sending,
            hold_reason: None,
            run_at: Ts(0),
            attempt_id: Some(attempt),
            tries: 0,
            failure: None,
            provider_message_id: None,
            expires_at: None,
            class: Some(MessageClass::Reply),
            updated_at: Ts(0),
            accepted_at: None,
            sent_at: None,
            delivered_at: None,
            read_at: None,
            failed_at: None,
            terms: None,
        },
        TrackedAttempt {
            id: attempt,
            message_id: message,
            channel_id: channel,
            state: AttemptState::Sending,
            provider_message_id: None,
            failure: None,
            evidence: None,
            answered_at: None,
            accepted_at: None,
            sent_at: None,
            delivered_at: None,
            read_at: None,
            failed_at: None,
            pricing: None,
            preparing: false,
            created_at: Ts(0),
            left_at: None,
            inquiry: None,
        },
    )
}

fn tries_of_a_reply() -> i32 {
    retry::schedule(MessageClass::Reply).tries
}

fn refusal(verdict: Verdict) -> SendError {
    SendError::new(verdict, FailureCode::ProviderError, Some("131000".into()), "It went wrong.")
}

fn answer(result: Result<(), Verdict>) -> What {
    What::Answered(match result {
        Ok(()) => Ok(Accepted { provider_message_id: "wamid.1".into(), recipient: None, status: None }),
        Err(verdict) => Err(refusal(verdict)),
    })
}

fn report(outcome: StatusOutcome) -> What {
    What::Reported {
        provider_message_id: "wamid.1".into(),
        outcome,
        pricing: None,
        free_entry_until: None,
        evidence: Evidence::Webhook,
    }
}

fn run(facts: &[What]) -> (TrackedMessage, TrackedAttempt, Vec<EventKind>) {
    let (mut message, mut attempt) = on_the_wire();
    let mut kinds = Vec::new();
    for (index, what) in facts.iter().enumerate() {
        let at = Ts(i64::try_from(index).unwrap() + 10);
        let fact = Fact { attempt: attempt.id, what: what.clone(), at, journal: None, channel: None };
        kinds.extend(apply(&mut message, &mut attempt, &fact, NOW).events.into_iter().map(|event| event.kind));
    }
    (message, attempt, kinds)
}

#[test]
fn a_webhook_settles_a_lost_answer() {
    let (message, attempt, kinds) =
        run(&[answer(Err(Verdict::Unknown)), report(StatusOutcome::Receipt(Receipt::Delivered))]);
    assert_eq!(message.state, MessageState::Delivered);
    assert_eq!((attempt.state, attempt.evidence), (AttemptState::Accepted, Some(Evidence::Webhook)));
    assert_eq!(message.failure, None);
    assert_eq!(kinds, [EventKind::MessageUnknown, EventKind::MessageDelivered]);
}

#[test]
fn a_late_answer_fills_blanks_and_lowers_nothing() {
    let (message, attempt, _) = run(&[report(StatusOutcome::Receipt(Receipt::Read)), answer(Ok(()))]);
    assert_eq!(message.state, MessageState::Read);
    assert!(message.accepted_at.is_some() && attempt.answered_at.is_some());
    let (message, ..) = run(&[report(StatusOutcome::Receipt(Receipt::Sent)), answer(Err(Verdict::Unknown))]);
    assert_eq!(message.state, MessageState::Sent);
}

#[test]
fn unknown_is_never_queued_again() {
    for facts in [vec![answer(Err(Verdict::Unknown))], vec![What::LeaseOver], vec![What::LeaseOver, What::LeaseOver]] {
        let (message, attempt, _) = run(&facts);
        assert_eq!((message.state, attempt.state), (MessageState::Unknown, AttemptState::Unknown));
    }
}

#[test]
fn what_was_only_prepared_is_tried_again_and_not_for_ever() {
    let (mut message, mut attempt) = on_the_wire();
    for n in 1..=tries_of_a_reply() {
        (message.state, attempt.state, attempt.preparing) = (MessageState::Sending, AttemptState::Sending, true);
        let fact = Fact { attempt: attempt.id, what: What::LeaseOver, at: Ts(1), journal: None, channel: None };
        apply(&mut message, &mut attempt, &fact, NOW);
        assert_eq!((attempt.state, message.tries), (AttemptState::Refused, n));
        let expected = if n < tries_of_a_reply() { MessageState::Queued } else { MessageState::Failed };
        assert_eq!(message.state, expected);
    }
}

#[test]
fn a_refusal_by_answer_or_by_webhook_takes_the_same_way() {
    for verdict in [Verdict::Rejected, Verdict::Retry { after: None }, Verdict::ChannelDown] {
        let (by_answer, ..) = run(&[answer(Err(verdict))]);
        let (by_webhook, ..) = run(&[answer(Ok(())), report(StatusOutcome::Refused(refusal(verdict)))]);
        assert_eq!(by_answer.state, by_webhook.state, "{verdict:?}");
        assert_eq!(by_answer.tries, by_webhook.tries, "{verdict:?}");
    }
}

#[test]
fn throttles_cost_no_try_and_retries_end() {
    let throttle = Verdict::Throttled { after: None, scope: ThrottleScope::Sender };
    assert_eq!(run(&[answer(Err(throttle))]).0.tries, 0);
    let (mut message, mut attempt) = on_the_wire();
    for n in 1..=tries_of_a_reply() {
        message.state = MessageState::Sending;
        attempt.state = AttemptState::Sending;
        let what = answer(Err(Verdict::Retry { after: None }));
        let fact = Fact { attempt: attempt.id, what, at: Ts(1), journal: None, channel: None };
        apply(&mut message, &mut attempt, &fact, NOW);
        let expected = if n < tries_of_a_reply() { MessageState::Queued } else { MessageState::Failed };
        assert_eq!(message.state, expected);
    }
}

#[test]
fn a_refusal_that_is_worth_one_more_try_gets_one() {
    let (mut message, mut attempt) = on_the_wire();
    let error = SendError { retries: Some(1), ..refusal(Verdict::Retry { after: None }) };
    let fact = Fact { attempt: attempt.id, what: What::Answered(Err(error)), at: Ts(1), journal: None, channel: None };
    apply(&mut message, &mut attempt, &fact, NOW);
    assert_eq!(message.state, MessageState::Queued);
    (message.state, attempt.state) = (MessageState::Sending, AttemptState::Sending);
    apply(&mut message, &mut attempt, &fact, NOW);
    assert_eq!(message.state, MessageState::Failed);
}

#[test]
fn evidence_of_delivery_stops_a_retry() {
    let (message, _, kinds) =
        run(&[answer(Err(Verdict::Retry { after: None })), report(StatusOutcome::Receipt(Receipt::Delivered))]);
    assert_eq!(message.state, MessageState::Delivered);
    assert!(kinds.contains(&EventKind::MessageContradicted));
}

#[test]
fn delivery_of_a_superseded_attempt_is_a_double() {
    let (mut message, mut attempt) = on_the_wire();
    message.attempt_id = Some(AttemptId::new());
    let what = report(StatusOutcome::Receipt(Receipt::Delivered));
    let fact = Fact { attempt: attempt.id, what, at: Ts(1), journal: None, channel: None };
    let told = apply(&mut message, &mut attempt, &fact, NOW).events;
    assert_eq!(told.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::MessageDoubled]);
    assert_eq!(message.state, MessageState::Sending);
}

#[test]
fn a_second_provider_id_is_an_alarm() {
    let (_, _, kinds) = run(&[
        answer(Ok(())),
        What::Reported {
            provider_message_id: "wamid.2".into(),
            outcome: StatusOutcome::Accepted,
            pricing: None,
            free_entry_until: None,
            evidence: Evidence::Webhook,
        },
    ]);
    assert_eq!(kinds, [EventKind::MessageAccepted, EventKind::MessageDoubled]);
}

fn receipts() -> impl Strategy<Value = Vec<What>> {
    prop::collection::vec(prop::sample::select(Receipt::ALL), 1..8)
        .prop_map(|receipts| receipts.into_iter().map(|receipt| report(StatusOutcome::Receipt(receipt))).collect())
}

proptest! {
    #[test]
    fn disorder_and_repetition_lead_to_the_same_state(mut facts in receipts(), answered in any::<bool>(), at in 0..8usize) {
        if answered {
            facts.insert(at.min(facts.len()), answer(Ok(())));
        }
        let forwards = run(&facts);
        facts.reverse();
        let backwards = run(&facts);
        prop_assert_eq!(forwards.0.state, backwards.0.state);
        prop_assert_eq!(forwards.1.state, backwards.1.state);
        let mut twice = facts.clone();
        twice.extend(facts);
        prop_assert_eq!(run(&twice).0.state, forwards.0.state);
    }
}

fn look(found: Option<StatusOutcome>) -> What {
    let look = Look {
        at: Ts(5),
        outcome: LookOutcome::NoneFound,
        sent_after: Ts(0),
        sent_before: Ts(9),
        listed: 0,
        candidates: Vec::new(),
        detail: None,
    };
    let found = found.map(|outcome| Sighted { provider_message_id: "wamid.1".into(), outcome });
    What::Looked { look, found, next: Ts(77) }
}

fn decision(decision: UnknownDecision) -> What {
    What::Decided(Decision { decision, by: "Ada".into(), at: Ts(6), reason: None })
}

fn given_up() -> What {
    What::GivenUp { reason: "Nothing came.".into() }
}

#[test]
fn a_look_that_finds_it_settles_it_and_is_kept() {
    let found = look(Some(StatusOutcome::Receipt(Receipt::Sent)));
    let (message, attempt, kinds) = run(&[answer(Err(Verdict::Unknown)), look(None), found]);
    assert_eq!((message.state, attempt.evidence), (MessageState::Sent, Some(Evidence::LookUp)));
    assert_eq!(message.provider_message_id.as_deref(), Some("wamid.1"));
    assert_eq!(message.run_at, attempt.created_at, "not the time of a look any more");
    let inquiry: Inquiry = attempt.inquiry.unwrap().read().unwrap();
    assert_eq!((inquiry.asked, inquiry.looks.len()), (2, 2));
    assert_eq!(kinds, [EventKind::MessageUnknown, EventKind::MessageSent]);
}

#[test]
fn what_is_given_up_stays_unknown_until_a_webhook_comes() {
    let (message, attempt, kinds) = run(&[What::LeaseOver, given_up(), given_up(), look(None)]);
    assert_eq!((message.state, attempt.state), (MessageState::Unknown, AttemptState::Unknown));
    assert_eq!(kinds, [EventKind::MessageUnknown, EventKind::MessageUnknownGivenUp]);
    let (message, ..) = run(&[What::LeaseOver, given_up(), report(StatusOutcome::Receipt(Receipt::Read))]);
    assert_eq!(message.state, MessageState::Read);
    assert!(message.run_at < Ts::NEVER);
}

#[test]
fn a_person_decides_once_and_only_about_what_is_unknown() {
    for (word, state) in [
        (UnknownDecision::Accepted, MessageState::Accepted),
        (UnknownDecision::Failed, MessageState::Failed),
        (UnknownDecision::Resend, MessageState::Queued),
    ] {
        let (message, attempt, kinds) = run(&[What::LeaseOver, decision(word), decision(UnknownDecision::Failed)]);
        assert_eq!(message.state, state);
        assert_eq!(kinds.len(), 2);
        assert_eq!(attempt.evidence, (word != UnknownDecision::Resend).then_some(Evidence::Person));
        let settled = run(&[answer(Ok(())), decision(word)]);
        assert_eq!((settled.0.state, settled.2.len()), (MessageState::Accepted, 1));
    }
    let came = report(StatusOutcome::Receipt(Receipt::Delivered));
    let (message, ..) = run(&[What::LeaseOver, decision(UnknownDecision::Failed), came]);
    assert_eq!(message.state, MessageState::Delivered, "the provider knows better");
}

#[test]
fn a_refused_message_has_an_end_and_none_is_tried_beyond_it() {
    let (mut message, mut attempt) = on_the_wire();
    message.class = Some(MessageClass::OneTimeCode);
    let asked = Verdict::Retry { after: Some(Duration::from_secs(300)) };
    let fact = |at| Fact { attempt: AttemptId::new(), what: answer(Err(asked)), at, journal: None, channel: None };
    let at = |seconds: i64| Present { now: Ts(seconds * 1_000_000), random: 0.0 };
    apply(&mut message, &mut attempt, &fact(Ts(1)), at(0));
    assert_eq!((message.state, message.expires_at), (MessageState::Queued, Some(Ts(600_000_000))));
    (message.state, attempt.state) = (MessageState::Sending, AttemptState::Sending);
    apply(&mut message, &mut attempt, &fact(Ts(2)), at(301));
    assert_eq!(message.state, MessageState::Expired, "a code of ten minutes ago helps nobody");
    let (mut message, mut attempt) = on_the_wire();
    message.class = Some(MessageClass::OneTimeCode);
    apply(&mut message, &mut attempt, &fact(Ts(1)), at(301));
    assert_eq!(message.state, MessageState::Failed, "without an end of its own the refusal is what it ends by");
}

/// Everything that can be learned about an attempt.
fn anything() -> impl Strategy<Value = What> {
    let verdicts =
        [Verdict::Rejected, Verdict::Retry { after: None }, Verdict::Unknown, Verdict::ChannelDown].map(refusal);
    let outcomes: Vec<StatusOutcome> = Receipt::ALL
        .iter()
        .map(|receipt| StatusOutcome::Receipt(*receipt))
        .chain([StatusOutcome::Accepted])
        .chain(verdicts.iter().cloned().map(StatusOutcome::Refused))
        .collect();
    let mut all = vec![What::LeaseOver, given_up(), look(None), answer(Ok(()))];
    all.extend(verdicts.into_iter().map(|error| What::Answered(Err(error))));
    all.extend(outcomes.iter().cloned().map(report));
    all.extend(outcomes.into_iter().map(|outcome| look(Some(outcome))));
    all.extend(UnknownDecision::ALL.iter().map(|word| decision(*word)));
    prop::sample::select(all)
}

/// Whether a fact proves that the message is not on its way, or is somebody's decision to send it again.
fn allows_another_try(what: &What) -> bool {
    let is_certain = |error: &SendError| error.verdict != Verdict::Unknown;
    match what {
        What::Answered(Err(error)) => is_certain(error),
        What::Reported { outcome: StatusOutcome::Refused(error), .. } => is_certain(error),
        What::Looked { found: Some(Sighted { outcome: StatusOutcome::Refused(error), .. }), .. } => is_certain(error),
        What::Decided(decision) => decision.decision == UnknownDecision::Resend,
        _ => false,
    }
}

/// The rows as they are after each fact.
fn steps(facts: &[What]) -> Vec<(TrackedMessage, TrackedAttempt)> {
    let (mut message, mut attempt) = on_the_wire();
    let mut steps = vec![(message.clone(), attempt.clone())];
    for (index, what) in facts.iter().enumerate() {
        let at = Ts(i64::try_from(index).unwrap() + 10);
        let fact = Fact { attempt: attempt.id, what: what.clone(), at, journal: None, channel: None };
        apply(&mut message, &mut attempt, &fact, NOW);
        steps.push((message.clone(), attempt.clone()));
    }
    steps
}

proptest! {
    #[test]
    fn unknown_goes_back_to_the_queue_by_evidence_or_decision_only(facts in prop::collection::vec(anything(), 1..12)) {
        for (step, what) in steps(&facts).windows(2).zip(&facts) {
            let (before, after) = (&step[0].0, &step[1].0);
            if before.state != MessageState::Queued && after.state == MessageState::Queued {
                prop_assert!(allows_another_try(what), "{what:?}");
            }
            if matches!(what, What::GivenUp { .. } | What::Looked { found: None, .. } ) {
                prop_assert_eq!(before.state, after.state);
            }
        }
    }

    #[test]
    fn what_has_arrived_never_goes_back(facts in prop::collection::vec(anything(), 1..12)) {
        for step in steps(&facts).windows(2) {
            let (before, after) = (&step[0], &step[1]);
            if matches!(before.0.state, MessageState::Delivered | MessageState::Read) {
                prop_assert!(receipt::rank(after.0.state) >= receipt::rank(before.0.state));
            }
            prop_assert!(before.0.delivered_at.is_none() || after.0.delivered_at.is_some());
            prop_assert!(before.1.provider_message_id.is_none() || after.1.provider_message_id == before.1.provider_message_id);
        }
    }

    /// A lost answer, looks, the end of the search and receipts: in whichever order they come, they lead to the same state.
    #[test]
    fn evidence_leads_to_the_same_state_in_any_order(mut facts in receipts(), looks in 0..3usize, gives_up in any::<bool>(), seed in any::<u64>()) {
        facts.extend((0..looks).map(|n| look((n == 1).then_some(StatusOutcome::Accepted))));
        facts.extend(gives_up.then(given_up));
        facts.insert(0, What::LeaseOver);
        let expected = run(&facts).0.state;
        let mut order: Vec<usize> = (0..facts.len()).collect();
        order.sort_by_key(|n| (seed ^ u64::try_from(*n).unwrap()).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let shuffled: Vec<What> = order.iter().map(|n| facts[*n].clone()).collect();
        prop_assert_eq!(run(&shuffled).0.state, expected);
    }
}
