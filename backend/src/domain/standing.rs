//! How a sender stands with WhatsApp: what the provider tells of its number, its account and its credentials.

use super::provider::word;
use super::time::Ts;

word! {
    /// How people take a number's messages, by blocks and reports of the last days (direct.md §4.6).
    pub enum Quality {
        Green = "green",
        Yellow = "yellow",
        /// Many have blocked or reported the number.
        Red = "red",
        /// Too few messages to tell, or the provider does not say.
        Unknown = "unknown",
    }
}

impl Quality {
    /// Reads the words of both providers: Meta's colours (direct.md §2.9), Twilio's grades (twilio.md §2.8).
    pub fn read(text: &str) -> Self {
        match text.trim().to_ascii_uppercase().as_str() {
            "GREEN" | "HIGH" => Self::Green,
            "YELLOW" | "MEDIUM" => Self::Yellow,
            "RED" | "LOW" => Self::Red,
            _ => Self::Unknown,
        }
    }
}

/// No limit, in the text of [`messaging_limit`].
const UNLIMITED: &str = "unlimited";

/// People a business may write to first within 24 hours, as a number or `unlimited`, out of `TIER_2K`, `10K Customers/24hr`,
/// `2000` or −1 (direct.md §2.9, §3.7; twilio.md §2.8). `None` for what says nothing of it.
pub fn messaging_limit(text: &str) -> Option<String> {
    let plain = text.trim().to_ascii_uppercase();
    let plain = plain.strip_prefix("TIER_").unwrap_or(&plain);
    if plain.starts_with("UNLIMITED") || plain == "-1" {
        return Some(UNLIMITED.to_owned());
    }
    let digits = plain.find(|c: char| !c.is_ascii_digit()).unwrap_or(plain.len());
    let (number, unit) = plain.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    let factor = match unit.chars().next() {
        Some('K') => 1_000,
        Some('M') => 1_000_000,
        _ => 1,
    };
    Some(number.saturating_mul(factor).to_string())
}

/// How long a credential lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenLife {
    Forever,
    Until(Ts),
}

/// What a provider says of a sender at one moment; what it does not say is `None` and changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SenderFacts {
    /// As the provider writes it.
    pub display_number: Option<String>,
    pub verified_name: Option<String>,
    /// The provider's word, such as `APPROVED`.
    pub name_status: Option<String>,
    pub quality: Option<Quality>,
    /// See [`messaging_limit`].
    pub messaging_limit: Option<String>,
    /// The provider's word, such as `STANDARD`.
    pub throughput: Option<String>,
    /// The provider's word, such as `CONNECTED` or `ONLINE`.
    pub sender_status: Option<String>,
    /// What the provider says of the account as a whole, such as `AVAILABLE` or `BLOCKED`.
    pub account_status: Option<String>,
    pub token: Option<TokenLife>,
}

word! {
    /// Why a webhook was not taken, as far as the raw request shows.
    pub enum WebhookRefusal {
        /// It carried no signature.
        Missing = "missing",
        Malformed = "malformed",
        /// Signed with another secret than the channel's.
        WrongSecret = "wrong_secret",
        /// Signed rightly, for an address other than the one this gateway is set to have.
        HostRewritten = "host_rewritten",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_both_providers_read_alike() {
        for (text, read) in [
            ("TIER_250", Some("250")),
            ("TIER_2K", Some("2000")),
            ("TIER_100K", Some("100000")),
            ("TIER_UNLIMITED", Some("unlimited")),
            ("-1", Some("unlimited")),
            ("2000", Some("2000")),
            ("10K Customers/24hr", Some("10000")),
            ("Unlimited", Some("unlimited")),
            ("250 Customers/24hr", Some("250")),
            ("", None),
            ("NOT_SET", None),
        ] {
            assert_eq!(messaging_limit(text).as_deref(), read, "{text}");
        }
    }

    #[test]
    fn grades_are_colours() {
        assert_eq!(Quality::read("GREEN"), Quality::read("High"));
        assert_eq!(Quality::read("Low"), Quality::Red);
        assert_eq!(Quality::read("NA"), Quality::Unknown);
    }
}
