//! The shape of a provider's code table. What a code means is a row of data, never a branch of code.

use std::time::Duration;

use serde_json::Value;

use crate::client::{Response, TransportError};
use crate::domain::actor::Actor;
use crate::domain::failure::FailureCode;

use super::failure::{Failover, SendError, ThrottleScope, Verdict};

/// What one code, or a run of codes, means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub first: u32,
    /// Inclusive; equal to `first` for a single code.
    pub last: u32,
    pub failure: FailureCode,
    /// When it comes with the HTTP answer to a send.
    pub at_once: Verdict,
    /// When it comes later by webhook, which proves that the message is not on its way.
    pub late: Verdict,
    /// Fewer tries than the general schedule gives.
    pub retries: Option<u8>,
    pub failover: Failover,
    pub actor: Actor,
    /// For a person: what the code says, without what follows from it.
    pub cause: &'static str,
    /// For a person: what happened and what to do next.
    pub advice: &'static str,
}

impl Row {
    pub const fn span(
        first: u32,
        last: u32,
        failure: FailureCode,
        verdict: Verdict,
        cause: &'static str,
        advice: &'static str,
    ) -> Self {
        let actor = match verdict {
            Verdict::ChannelDown => Actor::Operator,
            Verdict::Rejected => Actor::Author,
            Verdict::Retry { .. } | Verdict::Throttled { .. } | Verdict::Unknown => Actor::Nobody,
        };
        Self {
            first,
            last,
            failure,
            at_once: verdict,
            late: verdict,
            retries: None,
            failover: Failover::No,
            actor,
            cause,
            advice,
        }
    }

    pub const fn code(
        code: u32,
        failure: FailureCode,
        verdict: Verdict,
        cause: &'static str,
        advice: &'static str,
    ) -> Self {
        Self::span(code, code, failure, verdict, cause, advice)
    }

    /// Another verdict when it comes by webhook.
    pub const fn late(mut self, verdict: Verdict) -> Self {
        self.late = verdict;
        self
    }

    pub const fn retries(mut self, at_most: u8) -> Self {
        self.retries = Some(at_most);
        self
    }

    pub const fn failover(mut self, failover: Failover) -> Self {
        self.failover = failover;
        self
    }

    pub const fn actor(mut self, actor: Actor) -> Self {
        self.actor = actor;
        self
    }

    /// The error this row stands for. `wait` is what the provider itself asked for, if anything; the longer wait counts.
    pub fn error(&self, code: u32, arrival: Arrival, wait: Option<Duration>) -> SendError {
        let verdict = match arrival {
            Arrival::AtOnce => self.at_once,
            Arrival::Late => self.late,
        };
        let error = SendError::new(at_least(verdict, wait), self.failure, Some(code.to_string()), self.advice);
        SendError { retries: self.retries, failover: self.failover, ..error }
    }
}

/// How a refusal reached us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    AtOnce,
    Late,
}

/// The row of a code; tables are sorted by code (a test sees to it).
pub fn find(table: &'static [Row], code: u32) -> Option<&'static Row> {
    let at = table.partition_point(|row| row.last < code);
    table.get(at).filter(|row| row.first <= code)
}

fn at_least(verdict: Verdict, asked: Option<Duration>) -> Verdict {
    match verdict {
        Verdict::Retry { after } => Verdict::Retry { after: after.max(asked) },
        Verdict::Throttled { after, scope } => Verdict::Throttled { after: after.max(asked), scope },
        Verdict::Rejected | Verdict::ChannelDown | Verdict::Unknown => verdict,
    }
}

pub(super) const REJECTED: Verdict = Verdict::Rejected;
pub(super) const DOWN: Verdict = Verdict::ChannelDown;
pub(super) const UNKNOWN: Verdict = Verdict::Unknown;
pub(super) const RETRY: Verdict = Verdict::Retry { after: None };

pub(super) const fn retry_after(secs: u64) -> Verdict {
    Verdict::Retry { after: Some(Duration::from_secs(secs)) }
}

pub(super) const fn throttled(scope: ThrottleScope) -> Verdict {
    Verdict::Throttled { after: None, scope }
}

pub(super) const fn throttled_for(scope: ThrottleScope, secs: u64) -> Verdict {
    Verdict::Throttled { after: Some(Duration::from_secs(secs)), scope }
}

/// Codes are numbers in some places and text in others.
pub(super) fn number(value: &Value) -> Option<u32> {
    match value {
        Value::Number(n) => n.as_u64().and_then(|n| u32::try_from(n).ok()),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// An exchange that came to no answer: the same at both providers.
pub(super) fn no_answer(error: &TransportError) -> SendError {
    match error {
        TransportError::NotSent(why) => SendError::new(
            RETRY,
            FailureCode::ConnectionFailed,
            None,
            format!("No connection to the provider came about ({why}). Nothing was sent; it is tried again."),
        )
        .with_failover(Failover::Yes),
        TransportError::Lost(why) => SendError::new(
            UNKNOWN,
            FailureCode::AnswerLost,
            None,
            format!("The provider's answer was lost ({why}). It may have been sent; the gateway looks for evidence."),
        ),
    }
}

/// A request that could not even be written down.
pub(super) fn unbuilt() -> SendError {
    SendError::new(
        REJECTED,
        FailureCode::GatewayFault,
        None,
        "The gateway could not build the request. Nothing was sent; please report this.",
    )
}

/// A success status without the message id that proves it.
pub(super) fn no_id(status: u16) -> SendError {
    SendError::new(
        UNKNOWN,
        FailureCode::AnswerLost,
        None,
        format!("The provider answered with status {status} but named no message. The gateway looks for evidence."),
    )
}

/// A refusal to send without a code we know, at either provider: only a plain refusal (4xx) proves that nothing was sent.
pub(super) fn uncoded(response: &Response, code: Option<u32>, transient: bool) -> SendError {
    let status = response.status;
    let known = code.map(|code| code.to_string());
    match status {
        429 => SendError::new(
            at_least(throttled(ThrottleScope::Account), response.retry_after()),
            FailureCode::ThrottledAccount,
            known,
            "The provider asked to slow down. It is sent again more slowly.",
        )
        .with_failover(Failover::Yes),
        // 408: the provider gave up waiting and may have the request all the same.
        400..=499 if !transient && status != 408 => SendError::new(
            REJECTED,
            FailureCode::Unclassified,
            known,
            format!(
                "The provider refused the message (status {status}) with no reason this version knows. Look its code up in the provider's documentation."
            ),
        ),
        _ => SendError::new(
            UNKNOWN,
            FailureCode::ProviderError,
            known,
            format!(
                "The provider failed (status {status}) and may have sent the message. The gateway looks for evidence."
            ),
        )
        .with_failover(Failover::Yes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Row] = &[
        Row::code(3, FailureCode::PermissionMissing, DOWN, "third", "three"),
        Row::span(200, 299, FailureCode::PermissionMissing, DOWN, "hundreds", "two hundred"),
    ];

    #[test]
    fn ranges_are_found_at_both_ends_only() {
        for code in [3, 200, 250, 299] {
            assert!(find(TABLE, code).is_some(), "{code}");
        }
        for code in [0, 2, 4, 199, 300] {
            assert!(find(TABLE, code).is_none(), "{code}");
        }
    }

    #[test]
    fn the_longer_wait_counts() {
        let row =
            Row::code(9, FailureCode::ThrottledSender, throttled_for(ThrottleScope::Sender, 60), "too fast", "slow");
        let wait = |asked| match row.error(9, Arrival::AtOnce, asked).verdict {
            Verdict::Throttled { after, .. } => after,
            other => panic!("{other:?}"),
        };
        assert_eq!(wait(None), Some(Duration::from_secs(60)));
        assert_eq!(wait(Some(Duration::from_secs(5))), Some(Duration::from_secs(60)));
        assert_eq!(wait(Some(Duration::from_secs(90))), Some(Duration::from_secs(90)));
    }
}
