//! Who wants no messages: what was last said about it, by whom, and which messages it concerns.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::class::MessageClass;
use super::ids::{ChannelId, ContactId};
use super::provider::word;
use super::time::Ts;

/// Longest detail, in characters: a word that a person wrote, a provider's code, a note of somebody's own.
pub const LONGEST_DETAIL: usize = 255;

word! {
    /// Which messages a person does not want.
    #[derive(Default)]
    pub enum SuppressionScope {
        /// Of every class, one-time codes included.
        #[default]
        All = "all",
        /// Of the class marketing.
        Marketing = "marketing",
    }
}

impl SuppressionScope {
    /// Whether messages of this class are meant.
    pub const fn concerns(self, class: MessageClass) -> bool {
        matches!(self, Self::All) || matches!(class, MessageClass::Marketing)
    }
}

word! {
    /// Who said so.
    pub enum SuppressionSource {
        /// The provider: WhatsApp's own switch, a refusal, a keyword on which Twilio acts (twilio.md §5, direct.md §4.3).
        Provider = "provider",
        /// The person wrote or pressed one of the workspace's words.
        Word = "word",
        Api = "api",
        Console = "console",
    }
}

impl SuppressionSource {
    /// Whether somebody of the business decides it now, knowing what stands there.
    const fn is_by_hand(self) -> bool {
        matches!(self, Self::Api | Self::Console)
    }
}

/// The last word about a person's messages of one scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suppression {
    pub scope: SuppressionScope,
    pub source: SuppressionSource,
    /// The person's word, the provider's code, or a note.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(examples("STOP"))]
    pub detail: Option<String>,
    /// By which channel it was said, where it came by one. It concerns all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel_id: Option<ChannelId>,
    /// When it was said.
    pub changed_at: Ts,
    /// When it ended; absent while it stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifted_at: Option<Ts>,
}

impl Suppression {
    pub const fn stands(&self) -> bool {
        self.lifted_at.is_none()
    }

    /// The later word; of two at the same time the stricter.
    const fn rank(&self) -> (Ts, bool) {
        (self.changed_at, self.stands())
    }

    /// Of two words about one person and scope, the one that counts.
    #[must_use]
    pub fn or_later(self, other: Self) -> Self {
        if other.rank() > self.rank() { other } else { self }
    }

    /// What ends only at the provider when this is lifted here, and how the person ends it.
    pub const fn remains(&self) -> Option<&'static str> {
        match (self.source, self.scope) {
            (SuppressionSource::Provider, SuppressionScope::All) => Some(
                "Twilio keeps a block of its own and refuses messages of that sender until the person writes START to it.",
            ),
            (SuppressionSource::Provider, SuppressionScope::Marketing) => {
                Some("WhatsApp refuses marketing until the person allows it again in the chat with the business.")
            }
            _ => None,
        }
    }

    /// What keeps a message from its person, as a sentence: who said it, when, and what to do.
    pub fn reason(&self) -> String {
        let who = match (self.source, &self.detail) {
            (SuppressionSource::Provider, Some(detail)) => format!("as the provider tells ({detail})"),
            (SuppressionSource::Provider, None) => "as the provider tells".to_owned(),
            (SuppressionSource::Word, Some(word)) => format!("by writing \u{201c}{word}\u{201d}"),
            (SuppressionSource::Word, None) => "by a word of theirs".to_owned(),
            (SuppressionSource::Api, _) => "as a program of yours noted".to_owned(),
            (SuppressionSource::Console, _) => "as somebody noted in the console".to_owned(),
        };
        let what = match self.scope {
            SuppressionScope::All => "messages",
            SuppressionScope::Marketing => "marketing",
        };
        let when = self.changed_at.to_the_minute();
        format!("The person has opted out of {what} on {when}, {who}. Do not write until they ask for it again.")
    }
}

/// Somebody says that a person wants no messages, or wants them again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptChange {
    pub scope: SuppressionScope,
    /// Whether it ends them.
    pub stops: bool,
    pub source: SuppressionSource,
    pub detail: Option<String>,
    pub channel: Option<ChannelId>,
    pub at: Ts,
}

impl OptChange {
    /// What it makes of what is known; `None` when something later is known already. What the business decides by hand is
    /// always the last word.
    pub fn applied_to(&self, known: Option<&Suppression>) -> Option<Suppression> {
        let at = match known {
            Some(known) if self.source.is_by_hand() && self.at <= known.changed_at => {
                known.changed_at.plus(Duration::from_micros(1))
            }
            _ => self.at,
        };
        let next = Suppression {
            scope: self.scope,
            source: self.source,
            detail: self.detail.as_ref().map(|detail| detail.chars().take(LONGEST_DETAIL).collect()),
            channel_id: self.channel,
            changed_at: at,
            lifted_at: (!self.stops).then_some(at),
        };
        known.is_none_or(|known| next.rank() > known.rank()).then_some(next)
    }
}

/// The person and the scope that a suppression is of.
pub type Of = (ContactId, SuppressionScope);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(stops: bool, at: i64) -> OptChange {
        let (scope, source) = (SuppressionScope::All, SuppressionSource::Word);
        OptChange { scope, stops, source, detail: None, channel: None, at: Ts::from_micros(at) }
    }

    fn after(changes: &[OptChange]) -> Option<Suppression> {
        changes.iter().fold(None, |known, change| change.applied_to(known.as_ref()).or(known))
    }

    #[test]
    fn a_decision_by_hand_is_the_last_word() {
        let stopped = after(&[said(true, 100)]);
        let by_hand = OptChange { source: SuppressionSource::Api, ..said(false, 50) };
        let lifted = by_hand.applied_to(stopped.as_ref()).unwrap();
        assert!(!lifted.stands() && lifted.changed_at > Ts::from_micros(100));
    }

    #[test]
    fn marketing_alone_leaves_the_rest() {
        for class in MessageClass::ALL {
            assert!(SuppressionScope::All.concerns(*class));
            assert_eq!(SuppressionScope::Marketing.concerns(*class), *class == MessageClass::Marketing);
        }
    }

    proptest! {
        #[test]
        fn the_order_in_which_words_come_makes_no_difference(
            words in prop::collection::vec((any::<bool>(), 0..6_i64), 1..8),
            seed in any::<u64>(),
        ) {
            let told: Vec<OptChange> = words.iter().map(|(stops, at)| said(*stops, *at)).collect();
            let mut shuffled = told.clone();
            let turn = usize::try_from(seed % told.len() as u64).unwrap();
            shuffled.rotate_left(turn);
            if seed % 2 == 0 {
                shuffled.reverse();
            }
            let (one, other) = (after(&told).unwrap(), after(&shuffled).unwrap());
            prop_assert_eq!(one.rank(), other.rank());
            // Two halves that are put together say the same as the whole.
            let (left, right) = told.split_at(turn);
            let together = match (after(left), after(right)) {
                (Some(left), Some(right)) => left.or_later(right),
                (one, other) => one.or(other).unwrap(),
            };
            prop_assert_eq!(together.rank(), one.rank());
        }
    }
}
