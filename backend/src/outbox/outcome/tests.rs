use super::*;
use crate::domain::failure::FailureCode;
use crate::domain::ids::{ContactId, MessageId, WorkspaceId};
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
