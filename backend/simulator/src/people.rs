//! Virtual customers: who they are, and whether their service window towards a sender is open.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

/// The customer every sandbox knows, as in the examples of the provider references.
pub const DEFAULT_CUSTOMER: &str = "+447700900123";
/// The default customer's profile name.
pub const DEFAULT_CUSTOMER_NAME: &str = "Virtual Customer";

/// Length of the service window in milliseconds: 24 hours from the person's last message (direct.md §4.1, twilio.md §5).
pub(crate) const WINDOW_MS: i64 = 24 * 60 * 60 * 1000;

/// People kept before the memory of windows that closed by themselves is given up.
const SWEEP_AT: usize = 50_000;

/// How an account treats people who have not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WindowPolicy {
    /// Every window counts as open unless it was closed explicitly. Lets a newcomer's first text arrive.
    #[default]
    Open,
    /// A window is open for 24 hours from the person's last message, as on the real networks.
    Strict,
}

#[derive(Debug, Default, Clone)]
struct Person {
    name: Option<Box<str>>,
    open_until: i64,
    /// Set by the admin API; a message from the person lifts it.
    forced: Option<bool>,
}

/// An account's key, and a person's number or user id.
pub(crate) type Pair = (Arc<str>, Box<str>);

/// Windows and names.
#[derive(Debug, Default)]
pub(crate) struct People {
    known: Mutex<HashMap<Pair, Person>>,
    /// Numbers by user id.
    numbers: Mutex<HashMap<Pair, Box<str>>>,
}

impl People {
    /// Notes a message from the person at `at` (milliseconds since 1970): the window opens, whatever was forced before.
    pub(crate) fn wrote(&self, account: &Arc<str>, person: &str, name: Option<&str>, at: i64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= SWEEP_AT {
            known.retain(|_, p| p.forced.is_some() || p.open_until > at);
        }
        let entry = known.entry((Arc::clone(account), person.into())).or_default();
        entry.open_until = entry.open_until.max(at + WINDOW_MS);
        entry.forced = None;
        if let Some(name) = name {
            entry.name = Some(name.into());
        }
    }

    /// Remembers the number behind a user id, so that both name the same virtual phone.
    pub(crate) fn introduce(&self, account: &Arc<str>, portfolio: &str, person: &str) {
        if is_bsuid(person) {
            return;
        }
        let mut numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        if numbers.len() >= SWEEP_AT {
            numbers.clear();
        }
        numbers.insert((Arc::clone(account), bsuid(portfolio, person).into()), person.into());
    }

    /// The number behind a user id, if the person wrote before; otherwise the id itself.
    pub(crate) fn known_as(&self, account: &Arc<str>, person: String) -> String {
        if !is_bsuid(&person) {
            return person;
        }
        let numbers = self.numbers.lock().unwrap_or_else(PoisonError::into_inner);
        numbers.get(&(Arc::clone(account), Box::from(person.as_str()))).map_or(person, |number| number.to_string())
    }

    /// Opens or closes a window by hand.
    pub(crate) fn force(&self, account: &Arc<str>, person: &str, open: bool) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry((Arc::clone(account), person.into())).or_default().forced = Some(open);
    }

    /// The windows that are set by hand.
    pub(crate) fn forced(&self) -> Vec<(Arc<str>, Box<str>, bool)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let forced =
            known.iter().filter_map(|((account, person), p)| Some((Arc::clone(account), person.clone(), p.forced?)));
        forced.collect()
    }

    /// Those who wrote within the last 24 hours, and when.
    pub(crate) fn lately(&self, now: i64) -> Vec<(Arc<str>, Box<str>, i64)> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let open = known.iter().filter(|(_, p)| p.open_until > now);
        open.map(|((account, person), p)| (Arc::clone(account), person.clone(), p.open_until - WINDOW_MS)).collect()
    }

    /// Whether free-form messages reach the person at `now`.
    pub(crate) fn is_open(&self, account: &Arc<str>, person: &str, policy: WindowPolicy, now: i64) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = known.get(&(Arc::clone(account), Box::from(person))) else {
            return policy == WindowPolicy::Open;
        };
        found.forced.unwrap_or(policy == WindowPolicy::Open || found.open_until > now)
    }

    /// Whether the person wrote within the last 24 hours: decides prices, not permission.
    pub(crate) fn wrote_lately(&self, account: &Arc<str>, person: &str, now: i64) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&(Arc::clone(account), Box::from(person))).is_some_and(|p| p.open_until > now)
    }

    /// The name the person last gave to this account.
    pub(crate) fn name(&self, account: &Arc<str>, person: &str) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let told =
            known.get(&(Arc::clone(account), Box::from(person))).and_then(|p| p.name.as_deref().map(str::to_owned));
        told.or_else(|| (person == DEFAULT_CUSTOMER).then(|| DEFAULT_CUSTOMER_NAME.to_owned()))
    }
}

/// Reads a telephone number written with or without plus, blanks, dots, dashes and brackets into `+` and 7 to 15 digits.
pub(crate) fn parse_phone(text: &str) -> Option<String> {
    let mut digits = String::with_capacity(16);
    digits.push('+');
    for (i, c) in text.trim().chars().enumerate() {
        match c {
            '0'..='9' => digits.push(c),
            '+' if i == 0 => {}
            ' ' | '-' | '.' | '(' | ')' => {}
            _ => return None,
        }
    }
    let plausible = (8..=16).contains(&digits.len()) && !digits.starts_with("+0");
    plausible.then_some(digits)
}

/// Whether the text has the form of a business-scoped user id (direct.md §3.4).
pub(crate) fn is_bsuid(text: &str) -> bool {
    let Some((country, rest)) = text.split_once('.') else { return false };
    let rest = rest.strip_prefix("ENT.").unwrap_or(rest);
    country.len() == 2
        && country.bytes().all(|b| b.is_ascii_uppercase())
        && (1..=128).contains(&rest.len())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// The person's business-scoped user id: the same for one portfolio and number, different for every portfolio (direct.md §3.4).
pub(crate) fn bsuid(portfolio: &str, person: &str) -> String {
    if is_bsuid(person) {
        return person.to_owned();
    }
    let hash = Sha256::new().chain_update(portfolio).chain_update([0]).chain_update(person).finalize();
    let number = hash.iter().take(16).fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    format!("{}.{:020}", country_of(person), number % 100_000_000_000_000_000_000)
}

/// ISO country of a number by its calling code; only the codes that examples and demonstrations use, `US` for the rest.
fn country_of(phone: &str) -> &'static str {
    const CODES: [(&str, &str); 24] = [
        ("+351", "PT"),
        ("+353", "IE"),
        ("+234", "NG"),
        ("+254", "KE"),
        ("+971", "AE"),
        ("+27", "ZA"),
        ("+31", "NL"),
        ("+32", "BE"),
        ("+33", "FR"),
        ("+34", "ES"),
        ("+39", "IT"),
        ("+41", "CH"),
        ("+43", "AT"),
        ("+44", "GB"),
        ("+46", "SE"),
        ("+48", "PL"),
        ("+49", "DE"),
        ("+52", "MX"),
        ("+55", "BR"),
        ("+61", "AU"),
        ("+62", "ID"),
        ("+65", "SG"),
        ("+81", "JP"),
        ("+91", "IN"),
    ];
    CODES.iter().find(|(code, _)| phone.starts_with(code)).map_or("US", |(_, country)| country)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_in_the_forms_people_write_them() {
        assert_eq!(parse_phone("+44 7700 900-123").as_deref(), Some("+447700900123"));
        assert_eq!(parse_phone("447700900123").as_deref(), Some("+447700900123"));
        assert_eq!(parse_phone("12"), None);
        assert_eq!(parse_phone("GB.1234"), None);
        assert_eq!(parse_phone("+0123456789"), None);
    }

    #[test]
    fn user_ids_are_stable_within_a_portfolio_and_differ_between_two() {
        let id = bsuid("300000000000001", DEFAULT_CUSTOMER);
        assert!(is_bsuid(&id) && id.starts_with("GB."), "{id}");
        assert_eq!(id, bsuid("300000000000001", DEFAULT_CUSTOMER));
        assert_ne!(id, bsuid("300000000000002", DEFAULT_CUSTOMER));
        assert_eq!(bsuid("300000000000002", &id), id);
    }

    #[test]
    fn windows_follow_the_policy_the_person_and_the_operator() {
        let people = People::default();
        let account: Arc<str> = Arc::from("1");
        assert!(people.is_open(&account, "+15551230001", WindowPolicy::Open, 0));
        assert!(!people.is_open(&account, "+15551230001", WindowPolicy::Strict, 0));
        people.wrote(&account, "+15551230001", Some("Ada"), 1_000);
        assert!(people.is_open(&account, "+15551230001", WindowPolicy::Strict, 1_000 + WINDOW_MS - 1));
        assert!(!people.is_open(&account, "+15551230001", WindowPolicy::Strict, 1_000 + WINDOW_MS));
        people.force(&account, "+15551230001", false);
        assert!(!people.is_open(&account, "+15551230001", WindowPolicy::Open, 1_001));
        people.wrote(&account, "+15551230001", None, 2_000);
        assert!(people.is_open(&account, "+15551230001", WindowPolicy::Strict, 2_001));
        assert_eq!(people.name(&account, "+15551230001").as_deref(), Some("Ada"));
    }
}
