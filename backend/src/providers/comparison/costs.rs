//! Prices as dated data, in millionths of a currency unit.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::provider::word;

use super::super::capabilities::CHECKED_ON;

pub(super) const TWILIO_PRICING: &str = "https://www.twilio.com/en-us/whatsapp/pricing";
pub(super) const META_PRICING: &str =
    "https://developers.facebook.com/documentation/business-messaging/whatsapp/pricing";

const USD: &str = "USD";

/// An amount in millionths of a unit of its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Money {
    pub micros: i64,
    /// ISO 4217.
    pub currency: &'static str,
}

word! {
    pub enum FeeKind {
        MessageOut = "message_out",
        MessageIn = "message_in",
        MessageFailed = "message_failed",
    }
}

/// What a provider takes for one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fee {
    pub kind: FeeKind,
    pub money: Money,
    #[schema(format = Date)]
    pub effective_from: &'static str,
    pub note: &'static str,
    pub source: &'static str,
    #[schema(format = Date)]
    pub checked_on: &'static str,
}

pub(super) const TWILIO_FEES: &[Fee] = &[
    fee(FeeKind::MessageOut, 5_000, "2025-07-01", "Of any kind, besides Meta's part."),
    fee(FeeKind::MessageIn, 5_000, "2025-07-01", "Of any kind; Meta takes nothing."),
    fee(
        FeeKind::MessageFailed,
        1_000,
        "2024-09-30",
        "Only for the final status failed, never for undelivered; waived for internal errors and most of Meta's limits.",
    ),
];

/// Meta takes its part per delivered message and nothing else.
pub(super) const DIRECT_FEES: &[Fee] = &[];

const fn fee(kind: FeeKind, micros: i64, effective_from: &'static str, note: &'static str) -> Fee {
    let money = Money { micros, currency: USD };
    Fee { kind, money, effective_from, note, source: "twilio.md §7", checked_on: CHECKED_ON }
}

/// Meta's list prices per delivered message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RateCard {
    /// ISO 4217; other billing currencies have cards of their own, without conversion.
    pub currency: &'static str,
    #[schema(format = Date)]
    pub effective_from: &'static str,
    pub source: &'static str,
    #[schema(format = "uri")]
    pub url: &'static str,
    #[schema(format = Date)]
    pub checked_on: &'static str,
    /// Free-form messages inside the window that are free, per number and calendar month.
    pub free_service_messages: u32,
    pub notes: &'static [&'static str],
    pub markets: Vec<MarketRates>,
}

/// The prices of one market, in millionths of the card's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MarketRates {
    pub market: String,
    pub marketing: i64,
    pub utility: i64,
    pub authentication: i64,
    /// Free-form messages inside the window.
    pub service: i64,
    /// For businesses based elsewhere that send very many codes there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authentication_international: Option<i64>,
}

/// One line per market: name, then micro-units per category; the last may be empty.
const CARD: &str = include_str!("meta-rates-2026-10-01.csv");

pub(super) fn rate_card() -> RateCard {
    RateCard {
        currency: USD,
        effective_from: "2026-10-01",
        source: "direct.md §6",
        url: META_PRICING,
        checked_on: CHECKED_ON,
        free_service_messages: 1_000,
        notes: &[
            "List prices before volume tiers and taxes; utility and authentication get cheaper with volume.",
            "Charged per delivered message; messages received and failed sends are free.",
            "Everything is free for 72 hours after a person came by an advertisement and was answered within a day.",
            "Twilio passes Meta's prices on without a margin; whether the free service messages reach Twilio's customers is not confirmed.",
            "The next card may change on 1 January 2027.",
        ],
        markets: CARD.lines().skip(1).filter_map(market).collect(),
    }
}

fn market(line: &str) -> Option<MarketRates> {
    let mut cells = line.split(',');
    let name = cells.next()?.to_owned();
    let mut price = || cells.next().map(str::trim).and_then(|cell| cell.parse().ok());
    Some(MarketRates {
        market: name,
        marketing: price()?,
        utility: price()?,
        authentication: price()?,
        service: price()?,
        authentication_international: price(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_card_is_read_whole() {
        let card = rate_card();
        assert_eq!(card.markets.len(), CARD.lines().count() - 1);
        assert_eq!(card.markets.len(), 47);
        let market = |name: &str| card.markets.iter().find(|market| market.market == name).unwrap().clone();
        let india = market("India");
        assert_eq!((india.marketing, india.utility, india.authentication_international), (11_800, 1_400, Some(30_400)));
        let germany = market("Germany");
        assert_eq!((germany.marketing, germany.service, germany.authentication_international), (136_500, 55_000, None));
        // Since October 2026 a reply costs what a utility message costs.
        assert!(card.markets.iter().all(|market| market.service == market.utility && market.marketing > 0));
    }
}
