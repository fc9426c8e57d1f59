//! The two providers side by side: what they are, what they cost, where they differ. Every statement has a source and the
//! day it was checked; where nothing was found it says so.

mod costs;
mod features;
mod rows;

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::provider::{ProviderKind, word};

use super::capabilities::Capabilities;

pub use costs::{Fee, FeeKind, MarketRates, Money, RateCard};

/// Everything a person needs to choose a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Comparison {
    pub providers: Vec<ProviderFacts>,
    /// Group by group; the kinds of messages are the capabilities' own matrix.
    pub rows: Vec<ComparisonRow>,
    /// Meta's part, which both providers pass on.
    pub meta_rates: RateCard,
}

/// One provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProviderFacts {
    pub id: ProviderKind,
    pub name: &'static str,
    pub tagline: &'static str,
    pub capabilities: &'static Capabilities,
    /// What the provider itself takes; Meta's part comes on top.
    pub fees: &'static [Fee],
    #[schema(format = "uri")]
    pub pricing_url: &'static str,
    #[schema(format = "uri")]
    pub documentation_url: &'static str,
}

/// One aspect at both providers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComparisonRow {
    /// Stable name of the aspect.
    #[schema(value_type = String)]
    pub key: Cow<'static, str>,
    pub group: ComparisonGroup,
    pub label: &'static str,
    pub twilio: Cell,
    pub direct: Cell,
}

word! {
    /// Rows of a group stand together, in this order.
    pub enum ComparisonGroup {
        Setup = "setup",
        Cost = "cost",
        BestFor = "best_for",
        Messages = "messages",
        /// What people send.
        Incoming = "incoming",
        Templates = "templates",
        Limits = "limits",
        Webhooks = "webhooks",
        Support = "support",
    }
}

/// What holds at one provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cell {
    pub verdict: CellVerdict,
    pub note: &'static str,
    /// The section of the wire reference, or "own assessment".
    pub source: &'static str,
    /// A public page on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = "uri")]
    pub url: Option<&'static str>,
    #[schema(format = Date)]
    pub checked_on: &'static str,
}

word! {
    /// The cell in one word.
    pub enum CellVerdict {
        Yes = "yes",
        Partly = "partly",
        No = "no",
        /// No source was found.
        Unknown = "unknown",
        /// Neither better nor worse: read the note.
        Text = "text",
    }
}

/// The comparison as of [`super::capabilities::CHECKED_ON`].
pub fn comparison() -> Comparison {
    Comparison {
        providers: vec![
            ProviderFacts {
                id: ProviderKind::Twilio,
                name: "Twilio",
                tagline: "One account and one bill; Twilio handles Meta for you.",
                capabilities: Capabilities::of(ProviderKind::Twilio),
                fees: costs::TWILIO_FEES,
                pricing_url: costs::TWILIO_PRICING,
                documentation_url: "https://www.twilio.com/docs/whatsapp",
            },
            ProviderFacts {
                id: ProviderKind::Direct,
                name: "Meta Cloud API",
                tagline: "Straight to Meta: every feature, and no fee between.",
                capabilities: Capabilities::of(ProviderKind::Direct),
                fees: costs::DIRECT_FEES,
                pricing_url: costs::META_PRICING,
                documentation_url: "https://developers.facebook.com/documentation/business-messaging/whatsapp",
            },
        ],
        rows: all_rows(),
        meta_rates: costs::rate_card(),
    }
}

fn all_rows() -> Vec<ComparisonRow> {
    let mut all: Vec<ComparisonRow> = features::rows().into_iter().chain(rows::ROWS.iter().cloned()).collect();
    all.sort_by_key(|row| row.group);
    all
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::capabilities::CHECKED_ON;
    use super::*;

    #[test]
    fn every_statement_has_its_ground() {
        let compared = comparison();
        let keys: BTreeSet<_> = compared.rows.iter().map(|row| &row.key).collect();
        assert_eq!(keys.len(), compared.rows.len());
        for row in &compared.rows {
            for cell in [row.twilio, row.direct] {
                assert!(!cell.note.is_empty() && !cell.source.is_empty(), "{}", row.key);
                assert_eq!(cell.checked_on, CHECKED_ON);
                assert!(cell.url.is_none_or(|url| url.starts_with("https://")), "{}", row.key);
            }
        }
        for group in ComparisonGroup::ALL {
            assert!(compared.rows.iter().any(|row| row.group == *group), "{group}");
        }
        assert!(compared.rows.is_sorted_by_key(|row| row.group));
    }

    #[test]
    fn notes_and_capabilities_agree() {
        let rows = comparison().rows;
        let row = |key: &str| rows.iter().find(|row| row.key == key).unwrap();
        let length = row("outbound.text");
        assert!(length.twilio.note.contains("1,600") && length.direct.note.contains("4,096"));
        assert_eq!(Capabilities::of(ProviderKind::Twilio).text.max_chars.value, 1600);
        assert_eq!(Capabilities::of(ProviderKind::Direct).text.max_chars.value, 4096);
        let list = row("message_list");
        assert_eq!(
            list.twilio.verdict == CellVerdict::Yes,
            Capabilities::of(ProviderKind::Twilio).tracking.message_list.supported
        );
        assert_eq!(
            list.direct.verdict == CellVerdict::Yes,
            Capabilities::of(ProviderKind::Direct).tracking.message_list.supported
        );
    }

    #[test]
    fn it_is_json_with_whole_money() {
        let json = serde_json::to_value(comparison()).unwrap();
        assert_eq!(json.pointer("/providers/0/fees/0/money/micros").unwrap(), 5000);
        assert_eq!(json.pointer("/providers/0/id").unwrap(), "twilio");
        assert!(json.pointer("/rows/0/twilio/verdict").is_some());
    }
}
