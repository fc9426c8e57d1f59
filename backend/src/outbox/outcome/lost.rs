//! What becomes of an attempt whose worker is gone.

use crate::domain::failure::{Failure, FailureCode};
use crate::domain::state::AttemptState;
use crate::providers::{SendError, Verdict};
use crate::storage::track::{TrackedAttempt, TrackedMessage};

use super::{Consequences, Fact, Present, become_unknown, failure_json, refuse};

pub(super) fn lease_over(
    message: &mut TrackedMessage,
    attempt: &mut TrackedAttempt,
    fact: &Fact,
    present: Present,
    consequences: &mut Consequences,
) {
    if attempt.state != AttemptState::Sending {
        return;
    }
    if attempt.preparing {
        // Costs a try: a medium that brings the gateway down must not do so for ever.
        let detail = "The gateway stopped before anything of the message was sent. It is tried again.";
        let error = SendError::new(Verdict::Retry { after: None }, FailureCode::ConnectionFailed, None, detail);
        attempt.state = AttemptState::Refused;
        attempt.failure = failure_json(&error.failure);
        attempt.failed_at.get_or_insert(fact.at);
        refuse(message, attempt, fact, &error, present, consequences);
        return;
    }
    let failure = Failure {
        code: FailureCode::AnswerLost,
        provider_code: None,
        detail: "The gateway stopped while the message was on its way to the provider. It may have been sent, so it is not sent again by itself.".into(),
    };
    attempt.state = AttemptState::Unknown;
    attempt.failure = failure_json(&failure);
    become_unknown(message, attempt, fact, &failure, present, consequences);
}
