//! What a provider says of a number or an account, rather than of a message (direct.md §3.7).

use serde::Serialize;
use serde_json::Value;

use crate::domain::contact::Person;
use crate::domain::provider::SenderAddress;
use crate::domain::provider::word;
use crate::domain::time::Ts;

/// One thing a provider says of an account.
#[derive(Clone, Debug, PartialEq)]
pub struct AccountEvent {
    /// `sender` in it is empty for what concerns the whole account, or a number that is named by its digits only.
    pub sender: SenderAddress,
    /// The digits of the number it concerns, when it names one.
    pub number: Option<String>,
    /// The provider's name for it, such as `account_update`.
    pub field: String,
    pub news: AccountNews,
    /// When the provider said it, and what every delivery of it has in common; `None` when it names no time.
    pub telling: Option<Telling>,
    /// As it came.
    pub value: Value,
}

/// Deliveries are repeated, late and in any order (direct.md §3.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    pub at: Ts,
    pub fingerprint: Vec<u8>,
}

/// What is new.
#[derive(Clone, Debug, PartialEq)]
pub enum AccountNews {
    /// The number's quality or throughput: `FLAGGED`, `THROUGHPUT_UPGRADE` …
    Quality {
        event: String,
        limit: Option<String>,
    },
    /// People whom the business may write to first within 24 hours, as [`crate::domain::standing::messaging_limit`] has it.
    Limit {
        limit: String,
    },
    /// The display name was decided on: `APPROVED`, `REJECTED` …
    Name {
        decision: String,
        requested: Option<String>,
        reason: Option<String>,
    },
    /// The account was decided on: `APPROVED`, `REJECTED` …
    Review {
        decision: String,
    },
    Restricted(Vec<Restriction>),
    Ban {
        state: BanState,
        date: Option<String>,
    },
    /// Deleted, or the app was removed from it: the provider's own word.
    Gone {
        event: String,
    },
    Violation {
        violation: String,
    },
    Alert {
        severity: String,
        status: String,
        kind: String,
        description: String,
    },
    /// The person wants no marketing from the business any more, or wants it again.
    Marketing {
        person: Person,
        stopped: bool,
        at: Option<Ts>,
    },
    /// The number's two-step verification: `PIN_CHANGED`, `PIN_RESET_REQUEST`, `PIN_REQUEST_SUCCESS`.
    Security {
        event: String,
    },
    /// Anything else about the account: the provider's own word.
    Other {
        event: String,
    },
}

impl AccountNews {
    /// What it is about, where what is said later replaces what was said before.
    pub fn topic(&self) -> Option<String> {
        Some(match self {
            Self::Quality { event, .. } if event.starts_with("THROUGHPUT") => "throughput".to_owned(),
            Self::Quality { .. } => "quality".to_owned(),
            Self::Limit { .. } => "limit".to_owned(),
            Self::Name { .. } => "name".to_owned(),
            Self::Review { .. } => "review".to_owned(),
            Self::Restricted(_) => "restriction".to_owned(),
            Self::Ban { .. } => "ban".to_owned(),
            Self::Alert { kind, .. } => format!("alert/{kind}"),
            // Each counts for itself; a person's wish has a time of its own.
            Self::Gone { .. }
            | Self::Violation { .. }
            | Self::Marketing { .. }
            | Self::Security { .. }
            | Self::Other { .. } => return None,
        })
    }
}

/// What may not be sent, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Restriction {
    pub kind: RestrictionKind,
    /// The provider's word for it.
    pub provider_word: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Ts>,
}

word! {
    /// What a restriction concerns.
    pub enum RestrictionKind {
        /// Conversations that the business begins: templates.
        BusinessInitiated = "business_initiated",
        /// Replies to people who wrote.
        CustomerInitiated = "customer_initiated",
        /// Something that stops no message.
        Other = "other",
    }
}

word! {
    /// What becomes of an account that broke the rules.
    pub enum BanState {
        Disabled = "disabled",
        /// It will be, at a date.
        Scheduled = "scheduled",
        Reinstated = "reinstated",
    }
}
