//! Messages of which nobody knows whether the provider took them: how evidence is looked for, and what is done when there is none.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::class::MessageClass;
use super::provider::word;
use super::time::Ts;

word! {
    /// What is done when nothing has settled an unknown message by its deadline.
    #[derive(Default)]
    pub enum UnknownPolicy {
        /// It is sent again, if the first copy can't arrive any more.
        Resend = "resend",
        /// It stays unknown, and nothing is looked for any more. What the provider says later still settles it.
        #[default]
        GiveUp = "give_up",
    }
}

/// How a workspace wants unknown messages to be treated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct UnknownSettings {
    /// For how long evidence is looked for, in minutes from when the message left.
    #[schema(minimum = 5, maximum = 10_080, default = 60)]
    pub deadline_minutes: u16,
    /// What becomes of a one-time code then. Of everything else nothing is ever sent again by itself.
    pub one_time_code: UnknownPolicy,
}

impl Default for UnknownSettings {
    fn default() -> Self {
        Self { deadline_minutes: 60, one_time_code: UnknownPolicy::GiveUp }
    }
}

impl UnknownSettings {
    pub const SHORTEST: u16 = 5;
    pub const LONGEST: u16 = 10_080;

    /// Until when evidence is looked for of a message that left at this time.
    pub fn deadline(&self, left: Ts) -> Ts {
        left.plus(self.patience())
    }

    pub fn patience(&self) -> Duration {
        Duration::from_secs(u64::from(self.deadline_minutes) * 60)
    }

    pub const fn policy(&self, class: MessageClass) -> UnknownPolicy {
        match class {
            MessageClass::OneTimeCode => self.one_time_code,
            MessageClass::Reply | MessageClass::Utility | MessageClass::Marketing => UnknownPolicy::GiveUp,
        }
    }

    /// How long a copy of a message of this class may stay in the provider's own queue, so that it is dead before a second copy
    /// leaves. `None` when none is ever sent again, or when there is no time for it. `at_whatsapp` is how long WhatsApp tries to
    /// deliver what it has taken.
    pub fn validity(&self, class: MessageClass, at_whatsapp: Duration) -> Option<Duration> {
        if self.policy(class) != UnknownPolicy::Resend {
            return None;
        }
        let room = self.patience().checked_sub(at_whatsapp + MARGIN)?;
        (room >= SHORTEST_VALIDITY).then(|| room.min(LONGEST_VALIDITY))
    }
}

/// How long WhatsApp tries to deliver an authentication template whose definition says nothing else (direct.md §2.2, §2.8).
pub const AUTHENTICATION_LIFE: Duration = Duration::from_secs(600);
/// What lies between the end of one copy and the beginning of the next.
pub const MARGIN: Duration = Duration::from_secs(60);
/// Twilio advises more than five seconds (twilio.md §2.1).
const SHORTEST_VALIDITY: Duration = Duration::from_secs(10);
/// Nobody waits longer than this for a code.
const LONGEST_VALIDITY: Duration = Duration::from_secs(600);

/// How soon evidence is looked for first.
pub const FIRST_LOOK: Duration = Duration::from_secs(15);
/// The pauses after the first looks, in seconds; the last one stays.
const PAUSES: [u64; 6] = [60, 300, 900, 1_800, 3_600, 7_200];

/// How long to wait after this many looks (≥ 1).
pub fn pause_after(looks: u32) -> Duration {
    let place = usize::try_from(looks.saturating_sub(1)).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
    Duration::from_secs(PAUSES.get(place).copied().unwrap_or(7_200))
}

word! {
    /// What a look for evidence brought.
    pub enum LookOutcome {
        /// Exactly one message at the provider can be this one.
        Found = "found",
        /// None can be; that proves nothing.
        NoneFound = "none_found",
        /// More than one can be.
        Several = "several",
        /// Another message to the same person is open too, so that nobody can tell which of them was found.
        Rivals = "rivals",
        /// The provider has no list of messages.
        NoList = "no_list",
        /// The list could not be read.
        Unreadable = "unreadable",
    }
}

/// One look for evidence at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Look {
    pub at: Ts,
    pub outcome: LookOutcome,
    /// Messages to the same address that the provider made in this time were looked at.
    pub sent_after: Ts,
    pub sent_before: Ts,
    /// How many the provider listed there.
    pub listed: u32,
    /// The provider's ids of those that can be this message, at most ten. Ids that belong to other messages are left out.
    pub candidates: Vec<String>,
    /// Why the list could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Look {
    /// Candidates that are kept of one look.
    pub const CANDIDATES: usize = 10;
}

word! {
    /// What somebody decides about an unknown message.
    pub enum UnknownDecision {
        /// It was sent.
        Accepted = "accepted",
        /// It was not sent, and will not be.
        Failed = "failed",
        /// It is sent again; the person may get it twice.
        Resend = "resend",
    }
}

/// Who decided about an unknown message, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Decision {
    pub decision: UnknownDecision,
    /// The name of the person, the API key, or `policy` for the workspace's settings.
    #[schema(examples("Ada Lovelace"))]
    pub by: String,
    pub at: Ts,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The end of looking.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GivenUp {
    pub at: Ts,
    /// Why it was not sent again, in a sentence.
    pub reason: String,
}

/// What was done to find out what became of an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Inquiry {
    /// How often evidence was looked for.
    pub asked: u32,
    /// The last looks, oldest first, at most twenty.
    pub looks: Vec<Look>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_up: Option<GivenUp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

impl Inquiry {
    const LOOKS: usize = 20;

    pub fn add(&mut self, look: Look) {
        self.asked = self.asked.saturating_add(1);
        if self.looks.len() >= Self::LOOKS {
            self.looks.remove(0);
        }
        self.looks.push(look);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_one_time_codes_are_ever_sent_again_by_themselves() {
        let settings = UnknownSettings { one_time_code: UnknownPolicy::Resend, ..UnknownSettings::default() };
        for class in MessageClass::ALL {
            let resends = settings.policy(*class) == UnknownPolicy::Resend;
            assert_eq!(resends, *class == MessageClass::OneTimeCode);
        }
        assert!(
            MessageClass::ALL.iter().all(|class| UnknownSettings::default().policy(*class) == UnknownPolicy::GiveUp)
        );
    }

    #[test]
    fn pauses_grow() {
        let pauses: Vec<Duration> = (1..12).map(pause_after).collect();
        assert!(pauses.is_sorted() && pauses[0] == Duration::from_secs(60) && pauses[10] == Duration::from_secs(7_200));
    }

    proptest! {
        /// Its time in the provider's queue, then WhatsApp's own, then a margin: all of it before the deadline.
        #[test]
        fn the_first_copy_dies_before_the_second_leaves(minutes in 5..=10_080u16, ttl in 0..7_200u64) {
            let settings = UnknownSettings { deadline_minutes: minutes, one_time_code: UnknownPolicy::Resend };
            if let Some(validity) = settings.validity(MessageClass::OneTimeCode, Duration::from_secs(ttl)) {
                prop_assert!(validity + Duration::from_secs(ttl) < settings.patience());
                prop_assert!((10..=36_000).contains(&validity.as_secs()));
            }
        }
    }
}
