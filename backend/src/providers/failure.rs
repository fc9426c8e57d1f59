//! What to do after a send did not succeed.

use std::time::Duration;

use crate::domain::failure::{Failure, FailureCode};
use crate::domain::provider::word;
use crate::domain::suppression::SuppressionScope;

/// Meta's refusal of marketing to somebody who has switched it off in WhatsApp (direct.md §5).
const MARKETING_STOPPED: &str = "131050";

/// Says what to do, not what happened; what happened is in `failure`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {}", failure.code, failure.detail)]
pub struct SendError {
    pub verdict: Verdict,
    pub failure: Failure,
    /// Whether the other provider may be tried instead. Never acted on while the verdict is [`Verdict::Unknown`].
    pub failover: Failover,
    /// How many more tries this refusal is worth, when that is fewer than the general schedule's.
    pub retries: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Refused or never sent, and worth another try: backoff, or not before `after`.
    Retry { after: Option<Duration> },
    /// Refused because it came too fast: try again, and slow `scope` down. Costs no try.
    Throttled { after: Option<Duration>, scope: ThrottleScope },
    /// Final for this message.
    Rejected,
    /// Nothing can be sent on this channel: hold its queue.
    ChannelDown,
    /// It may have been sent. Never sent again without evidence.
    Unknown,
}

/// How far a throttle reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThrottleScope {
    /// This sender and this person.
    Pair,
    Sender,
    /// Everything sent with these credentials.
    Account,
}

word! {
    /// Whether sending by the other provider is sensible. It is WhatsApp too: what lies with the person or with policy
    /// follows along, and only templates can move, since the other sender has no open window.
    pub enum Failover {
        Yes = "yes",
        /// If the other channel can carry it: the template is approved there, the medium fits.
        Maybe = "maybe",
        No = "no",
        /// The person or the law said no.
        Forbidden = "forbidden",
        /// Possible, but it would get round an enforcement and puts the other number at risk: a person decides.
        Operator = "operator",
        NotApplicable = "not_applicable",
    }
}

impl SendError {
    /// An error that the other provider can't mend.
    pub fn new(verdict: Verdict, code: FailureCode, provider_code: Option<String>, detail: impl Into<String>) -> Self {
        let failure = Failure { code, provider_code, detail: detail.into() };
        Self { verdict, failure, failover: Failover::No, retries: None }
    }

    /// Whether the other provider may well deliver what this one has refused.
    pub const fn may_go_elsewhere(&self) -> bool {
        matches!(self.failover, Failover::Yes | Failover::Maybe) && !matches!(self.verdict, Verdict::Unknown)
    }

    /// Whether it is of the provider's own making, so that many of them speak against the provider and not against the messages.
    /// A throttle does not: it slows down, and that is its cure.
    pub fn is_fault(&self) -> bool {
        match self.verdict {
            Verdict::Unknown => true,
            Verdict::Retry { .. } => self.failover == Failover::Yes,
            Verdict::Throttled { .. } | Verdict::Rejected | Verdict::ChannelDown => false,
        }
    }

    /// What the person has opted out of, when that is why it was refused: of marketing only by WhatsApp's own switch, of
    /// everything from the sender by Twilio's list (21610, twilio.md §5).
    pub fn opted_out_of(&self) -> Option<SuppressionScope> {
        let is_marketing = self.failure.provider_code.as_deref() == Some(MARKETING_STOPPED);
        let scope = if is_marketing { SuppressionScope::Marketing } else { SuppressionScope::All };
        (self.failure.code == FailureCode::RecipientOptedOut).then_some(scope)
    }

    #[must_use]
    pub fn with_failover(mut self, failover: Failover) -> Self {
        self.failover = failover;
        self
    }
}
