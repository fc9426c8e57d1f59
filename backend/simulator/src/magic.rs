//! Recipient numbers that always fail in one way, so that an example can be repeated without setting a fault.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// What happens to every message to a magic number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MagicEffect {
    /// Accepted, then reported as failed.
    LateRefusal,
    /// Accepted, then reported as failed unless it is a template.
    LateRefusalOfFreeForm,
    /// Refused in the answer.
    Refusal,
    /// Refused at the direct provider only after acceptance, at Twilio in the answer.
    OptedOut,
    /// Refused as too fast; the next message is accepted, the one after that refused again.
    ThrottledOnce,
    /// Accepted and delivered, but the connection closes without an answer.
    LostAnswer,
    /// Not accepted; the answer is an HTTP 503 that is not of the provider's form.
    ServerError,
    /// Accepted and sent, never delivered.
    NeverDelivered,
    /// The credentials are said to be dead; the next message is accepted, the one after that refused again. It would otherwise
    /// stop a sender again after every connection test, for as long as it waits.
    TokenDead,
    /// Delivered, with every receipt doubled and out of order.
    NoisyReceipts,
    /// Accepted and delivered, but the answer never comes.
    Hang,
}

/// One row of [`MAGIC_NUMBERS`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MagicNumber {
    /// E.164 with plus.
    pub number: Cow<'static, str>,
    pub effect: MagicEffect,
    /// Error code at the direct provider (direct.md §5).
    pub direct_code: Option<u32>,
    /// Error code at Twilio (twilio.md §6).
    pub twilio_code: Option<u32>,
    /// One sentence for a person.
    pub description: Cow<'static, str>,
}

/// Every magic number. They lie in a range that carries no telephone.
pub static MAGIC_NUMBERS: [MagicNumber; 12] = [
    row(
        "+15005550001",
        MagicEffect::LateRefusal,
        Some(131_026),
        Some(63_024),
        "Accepted, then failed: the recipient is not on WhatsApp.",
    ),
    row(
        "+15005550002",
        MagicEffect::LateRefusalOfFreeForm,
        Some(131_047),
        Some(63_016),
        "Free-form messages are accepted, then fail: the window is closed. Templates arrive.",
    ),
    row("+15005550003", MagicEffect::ThrottledOnce, Some(130_429), Some(20_429), "Throttled once, then accepted."),
    row(
        "+15005550004",
        MagicEffect::Refusal,
        Some(131_009),
        Some(21_211),
        "Refused at once: the recipient is not valid.",
    ),
    row("+15005550005", MagicEffect::LostAnswer, None, None, "Accepted and delivered, but the answer is lost."),
    row("+15005550006", MagicEffect::ServerError, None, None, "HTTP 503 without a code; nothing is accepted."),
    row("+15005550007", MagicEffect::NeverDelivered, None, None, "Accepted and sent, never delivered."),
    row(
        "+15005550008",
        MagicEffect::TokenDead,
        Some(190),
        Some(20_003),
        "Refused once because the credentials are dead, then accepted.",
    ),
    row(
        "+15005550009",
        MagicEffect::OptedOut,
        Some(131_050),
        Some(21_610),
        "The recipient opted out: refused late by the direct provider, at once by Twilio.",
    ),
    row("+15005550010", MagicEffect::NoisyReceipts, None, None, "Delivered; receipts come twice and out of order."),
    row(
        "+15005550011",
        MagicEffect::LateRefusal,
        Some(131_049),
        Some(63_049),
        "Accepted, then failed: withheld to keep engagement healthy.",
    ),
    row("+15005550012", MagicEffect::Hang, None, None, "Accepted and delivered, but the answer never comes."),
];

/// The row of a recipient, if it is magic. `person` is E.164 with plus.
pub(crate) fn find(person: &str) -> Option<&'static MagicNumber> {
    // Nearly every recipient is ordinary: one comparison spares them the search.
    person.starts_with("+150055500").then(|| MAGIC_NUMBERS.iter().find(|row| row.number == person)).flatten()
}

const fn row(
    number: &'static str,
    effect: MagicEffect,
    direct_code: Option<u32>,
    twilio_code: Option<u32>,
    description: &'static str,
) -> MagicNumber {
    MagicNumber {
        number: Cow::Borrowed(number),
        effect,
        direct_code,
        twilio_code,
        description: Cow::Borrowed(description),
    }
}
