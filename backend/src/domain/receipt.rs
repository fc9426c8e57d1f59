//! Delivery receipts: forward only, within their attempt, by rank.

use super::provider::word;
use super::state::MessageState;

word! {
    /// What a provider says happened after it accepted a message.
    pub enum Receipt {
        Sent = "sent",
        Delivered = "delivered",
        Read = "read",
    }
}

impl Receipt {
    pub const fn state(self) -> MessageState {
        match self {
            Self::Sent => MessageState::Sent,
            Self::Delivered => MessageState::Delivered,
            Self::Read => MessageState::Read,
        }
    }
}

/// Rank of a state on the way out: accepted < sent < delivered < read; everything before is 0.
pub const fn rank(state: MessageState) -> u8 {
    match state {
        MessageState::Accepted => 1,
        MessageState::Sent => 2,
        MessageState::Delivered => 3,
        MessageState::Read => 4,
        MessageState::Queued
        | MessageState::Claimed
        | MessageState::Sending
        | MessageState::Unknown
        | MessageState::Failed
        | MessageState::Cancelled
        | MessageState::Expired
        | MessageState::Received => 0,
    }
}

/// What a receipt for the current attempt does to the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The state moves there.
    Move(MessageState),
    /// The receipt contradicts an earlier failure and, being evidence, wins.
    Contradict(MessageState),
    /// Only its time is kept.
    Note,
}

/// Applies a receipt to the state of the message, when the receipt belongs to the current attempt.
///
/// A message that failed, or waits to be sent again after a refusal, was sent after all: the receipt is evidence and wins.
pub fn apply(state: MessageState, receipt: Receipt) -> Effect {
    let target = receipt.state();
    match state {
        MessageState::Failed
        | MessageState::Queued
        | MessageState::Claimed
        | MessageState::Cancelled
        | MessageState::Expired => Effect::Contradict(target),
        MessageState::Sending
        | MessageState::Unknown
        | MessageState::Accepted
        | MessageState::Sent
        | MessageState::Delivered
            if rank(target) > rank(state) =>
        {
            Effect::Move(target)
        }
        _ => Effect::Note,
    }
}

/// Whether a late refusal changes anything: it wins only before delivery.
pub const fn refusal_counts(state: MessageState) -> bool {
    matches!(state, MessageState::Sending | MessageState::Unknown | MessageState::Accepted | MessageState::Sent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn states() -> impl Strategy<Value = MessageState> {
        prop::sample::select(MessageState::ALL)
    }

    proptest! {
        #[test]
        fn order_and_repetition_of_receipts_do_not_matter(mut receipts in prop::collection::vec(prop::sample::select(Receipt::ALL), 1..12)) {
            let run = |receipts: &[Receipt]| receipts.iter().fold(MessageState::Accepted, |state, &receipt| match apply(state, receipt) {
                Effect::Move(next) | Effect::Contradict(next) => next,
                Effect::Note => state,
            });
            let first = run(&receipts);
            receipts.reverse();
            prop_assert_eq!(run(&receipts), first);
            let highest = receipts.iter().map(|r| r.state()).max_by_key(|s| rank(*s)).unwrap();
            prop_assert_eq!(first, highest);
        }

        #[test]
        fn a_receipt_never_lowers_the_rank(state in states(), receipt in prop::sample::select(Receipt::ALL)) {
            if let Effect::Move(next) = apply(state, receipt) {
                prop_assert!(rank(next) > rank(state));
            }
        }
    }

    #[test]
    fn failed_wins_only_before_delivery() {
        assert!(refusal_counts(MessageState::Accepted) && refusal_counts(MessageState::Sent));
        assert!(!refusal_counts(MessageState::Delivered) && !refusal_counts(MessageState::Read));
    }
}
