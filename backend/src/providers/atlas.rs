//! The code tables as people read them: cause, what the gateway does, and who can do something about it.

use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::actor::Actor;
use crate::domain::failure::FailureCode;
use crate::domain::provider::{ProviderKind, word};

use super::codes::{Row, find};
use super::failure::{Failover, ThrottleScope, Verdict};
use super::{direct, twilio};

/// The day on which the tables were compared with the providers' documentation.
const CHECKED: &str = "2026-11-22";
const META_SOURCE: &str =
    "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes";
const TWILIO_SOURCE: &str = "https://www.twilio.com/docs/api/errors";

/// One code of a provider, or a run of codes that mean the same.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ErrorCode {
    pub provider: ProviderKind,
    /// The code, or the first of a run.
    #[schema(examples(131047))]
    pub code: u32,
    /// The last of a run; the same as `code` for a single one.
    #[schema(examples(131047))]
    pub last_code: u32,
    /// The stable code under which a message's failure shows it.
    pub failure: FailureCode,
    /// What the provider says by it.
    pub cause: &'static str,
    /// What happened and what to do next, as a message's failure says it.
    pub advice: &'static str,
    /// What the gateway does when the code comes with the answer to a send.
    pub at_once: Reaction,
    /// What it does when the code comes later by webhook.
    pub late: Reaction,
    /// Tries after the first at most, when they are fewer than usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retries: Option<u8>,
    /// Whether sending by the other provider makes sense.
    pub failover: Failover,
    pub failover_note: &'static str,
    /// Who can do something about it.
    pub actor: Actor,
    #[schema(examples("https://www.twilio.com/docs/api/errors/63016"))]
    pub source: String,
    /// When the table was last compared with the source.
    #[schema(examples("2026-11-22"))]
    pub checked_on: &'static str,
}

/// What the gateway does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reaction {
    pub action: ReactionKind,
    /// In a sentence.
    pub note: String,
    /// Seconds that it waits at least, when the table says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_seconds: Option<u64>,
}

word! {
    /// What the gateway does with a message that was refused.
    pub enum ReactionKind {
        /// It is sent again after a pause.
        Retries = "retries",
        /// It is sent again, and everything of the same person, sender or account more slowly.
        SlowsDown = "slows_down",
        /// It has failed for good.
        Fails = "fails",
        /// It waits, with everything else on the channel, until a check finds nothing against sending.
        HoldsChannel = "holds_channel",
        /// It may have been sent: nothing is done until there is evidence.
        LooksForEvidence = "looks_for_evidence",
    }
}

impl From<Verdict> for Reaction {
    fn from(verdict: Verdict) -> Self {
        let (action, after, note) = match verdict {
            Verdict::Retry { after } => {
                (ReactionKind::Retries, after, "It is sent again after a pause that grows with every try.")
            }
            Verdict::Throttled { after, scope } => (
                ReactionKind::SlowsDown,
                after,
                match scope {
                    ThrottleScope::Pair => {
                        "It is sent again, and everything to this person more slowly. It costs no try."
                    }
                    ThrottleScope::Sender => {
                        "It is sent again, and everything of this sender more slowly. It costs no try."
                    }
                    ThrottleScope::Account => {
                        "It is sent again, and everything with these credentials more slowly. It costs no try."
                    }
                },
            ),
            Verdict::Rejected => (ReactionKind::Fails, None, "The message has failed for good; nothing is sent again."),
            Verdict::ChannelDown => (
                ReactionKind::HoldsChannel,
                None,
                "The channel is held and its queue waits, until a check finds nothing against sending.",
            ),
            Verdict::Unknown => (
                ReactionKind::LooksForEvidence,
                None,
                "It may have been sent, so it is not sent again by itself; the gateway looks for evidence.",
            ),
        };
        Self { action, note: note.to_owned(), wait_seconds: after.map(|wait: Duration| wait.as_secs()) }
    }
}

impl ErrorCode {
    fn of(provider: ProviderKind, row: &Row) -> Self {
        let source = match provider {
            ProviderKind::Direct => META_SOURCE.to_owned(),
            ProviderKind::Twilio if row.first == row.last => format!("{TWILIO_SOURCE}/{}", row.first),
            ProviderKind::Twilio => TWILIO_SOURCE.to_owned(),
        };
        Self {
            provider,
            code: row.first,
            last_code: row.last,
            failure: row.failure,
            cause: row.cause,
            advice: row.advice,
            at_once: row.at_once.into(),
            late: row.late.into(),
            retries: row.retries,
            failover: row.failover,
            failover_note: failover_note(row.failover),
            actor: row.actor,
            source,
            checked_on: CHECKED,
        }
    }

    /// Whether each word of a query stands in it somewhere: a code, a stable code, or words of its sentences.
    fn matches(&self, words: &[String]) -> bool {
        let text = format!("{} {} {}", self.failure, self.cause, self.advice).to_lowercase();
        words.iter().all(|word| {
            let named = word.parse().is_ok_and(|code: u32| (self.code..=self.last_code).contains(&code));
            let begun =
                word.bytes().all(|byte| byte.is_ascii_digit()) && self.code.to_string().starts_with(word.as_str());
            named || begun || text.contains(word.as_str())
        })
    }
}

fn failover_note(failover: Failover) -> &'static str {
    match failover {
        Failover::Yes => "The other provider may well deliver it, as a template.",
        Failover::Maybe => {
            "The other provider may deliver it, if it can carry the content and has the template approved."
        }
        Failover::No => {
            "The other provider would meet the same: the reason lies with the person, the content or WhatsApp."
        }
        Failover::Forbidden => "The person or the law said no; another sender must not be used to get round it.",
        Failover::Operator => {
            "Possible, but it would get round an enforcement and puts the other number at risk: a person decides."
        }
        Failover::NotApplicable => "The code does not concern the delivery of a message.",
    }
}

/// Which codes.
#[derive(Clone, Debug, Default)]
pub struct Search {
    pub provider: Option<ProviderKind>,
    /// Words that must all stand in it.
    pub query: Option<String>,
    /// Only those after this place in the order of provider and code.
    pub after: Option<(ProviderKind, u32)>,
}

/// The codes that fit, by provider and code, one more than `limit` when there are more.
pub fn search(search: &Search, limit: usize) -> Vec<ErrorCode> {
    let query = search.query.as_deref().unwrap_or_default().to_lowercase();
    let words: Vec<String> = query.split_whitespace().map(str::to_owned).collect();
    ProviderKind::ALL
        .iter()
        .filter(|provider| search.provider.is_none_or(|wanted| wanted == **provider))
        .flat_map(|provider| table(*provider).iter().map(|row| ErrorCode::of(*provider, row)))
        .filter(|code| search.after.is_none_or(|place| (code.provider, code.code) > place))
        .filter(|code| code.matches(&words))
        .take(limit.saturating_add(1))
        .collect()
}

/// One code; `None` when the table does not have it.
pub fn of_code(provider: ProviderKind, code: u32) -> Option<ErrorCode> {
    find(table(provider), code).map(|row| ErrorCode::of(provider, row))
}

const fn table(provider: ProviderKind) -> &'static [Row] {
    match provider {
        ProviderKind::Direct => direct::errors::TABLE,
        ProviderKind::Twilio => twilio::errors::TABLE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> Vec<u32> {
        let wanted = Search { query: Some(query.to_owned()), ..Search::default() };
        search(&wanted, 500).iter().map(|code| code.code).collect()
    }

    #[test]
    fn codes_and_words_are_found() {
        assert_eq!(found("131047"), [131_047]);
        assert_eq!(found("11205"), [11_200], "a code within a run");
        assert!(found("6301").contains(&63_016), "the beginning of a code");
        assert_eq!(found("template PAUSED direct-nonsense"), Vec::<u32>::new());
        let paused = found("template_paused");
        assert!(paused.contains(&132_015) && paused.contains(&63_041));
    }

    #[test]
    fn pages_follow_each_other() {
        let first = search(&Search::default(), 10);
        assert_eq!(first.len(), 11);
        let after = first.get(9).map(|code| (code.provider, code.code));
        let next = search(&Search { after, ..Search::default() }, 10);
        assert_eq!(next[0].code, first[10].code);
    }
}
