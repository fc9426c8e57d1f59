//! Faults on demand: what is set, and which of it hits a given request or webhook.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde::{Deserialize, Serialize};

/// One way to misbehave. The wire form is `{"kind": "…", …}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// Accepts at once and answers late.
    Latency { ms: u64 },
    /// Accepts, then closes the connection without an answer.
    LostAnswer,
    /// Closes the connection without accepting anything: the caller cannot tell it from [`FaultKind::LostAnswer`].
    LostRequest,
    /// Accepts, then answers only when the faults are cleared: by closing the connection.
    Hang,
    /// Accepts nothing and answers with this status (default 503) and a page that is not of the provider's form.
    #[serde(rename = "http_5xx")]
    Http5xx { status: Option<u16> },
    /// Refuses as too fast, by default with 130429 or 20429.
    Throttle { code: Option<u32> },
    /// Accepts and later reports the message as failed.
    LateRefusal { code: u32 },
    /// Refuses in the answer.
    Refuse { code: u32 },
    /// Accepts and sends, but never delivers.
    NeverDelivered,
    /// Sends every webhook twice.
    DuplicateWebhooks,
    /// Holds a webhook back until later ones have overtaken it.
    ReorderWebhooks,
    /// Does not send webhooks.
    DropWebhooks,
    /// Treats valid credentials as invalid.
    BadToken,
    /// Shows the number's quality as low.
    QualityDrop,
}

/// A fault and when it applies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    #[serde(flatten)]
    pub kind: FaultKind,
    /// Phone number id, account SID or sender number; `None` means every account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Recipient in E.164 with plus; `None` means every recipient.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// How many times it still applies; `None` means until it is removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Chance that it applies where it could, 0 to 1; `None` means always. A miss does not count against `times`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
}

impl Fault {
    /// A fault that hits everything until it is removed.
    #[must_use]
    pub const fn always(kind: FaultKind) -> Self {
        Self { kind, account: None, to: None, times: None, probability: None }
    }

    /// A fault that applies this many times.
    #[must_use]
    pub const fn times(kind: FaultKind, times: u32) -> Self {
        Self { kind, account: None, to: None, times: Some(times), probability: None }
    }

    fn concerns(&self, account: &str, person: Option<&str>) -> bool {
        let account_fits = self.account.as_deref().is_none_or(|wanted| wanted == account);
        let person_fits = self.to.as_deref().is_none_or(|wanted| person == Some(wanted));
        account_fits && person_fits && self.times != Some(0)
    }
}

/// The faults that are set.
#[derive(Debug)]
pub(crate) struct Faults {
    any: AtomicBool,
    set: Mutex<Vec<Fault>>,
    dice: Mutex<StdRng>,
}

impl Faults {
    /// No faults yet; with a seed, those that have a probability hit in the same order each time.
    pub(crate) fn seeded(seed: Option<u64>) -> Self {
        let dice = StdRng::seed_from_u64(seed.unwrap_or_else(rand::random));
        Self { any: AtomicBool::default(), set: Mutex::default(), dice: Mutex::new(dice) }
    }

    fn roll(&self) -> f64 {
        self.dice.lock().unwrap_or_else(PoisonError::into_inner).random()
    }

    pub(crate) fn replace(&self, faults: Vec<Fault>) {
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        self.any.store(!faults.is_empty(), Ordering::Release);
        *set = faults;
    }

    pub(crate) fn list(&self) -> Vec<Fault> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Uses up and returns the first fault that concerns this account and person and that `wanted` picks.
    pub(crate) fn take<T>(
        &self,
        account: &str,
        person: Option<&str>,
        wanted: impl Fn(&FaultKind) -> Option<T>,
    ) -> Option<T> {
        if !self.any.load(Ordering::Acquire) {
            return None;
        }
        let mut set = self.set.lock().unwrap_or_else(PoisonError::into_inner);
        for fault in set.iter_mut().filter(|fault| fault.concerns(account, person)) {
            let Some(found) = wanted(&fault.kind) else { continue };
            if fault.probability.is_some_and(|chance| self.roll() >= chance) {
                continue;
            }
            if let Some(times) = &mut fault.times {
                *times = times.saturating_sub(1);
            }
            return Some(found);
        }
        None
    }

    /// Like [`Faults::take`] for a fault without parameters.
    pub(crate) fn hits(&self, account: &str, person: Option<&str>, kind: &FaultKind) -> bool {
        self.take(account, person, |candidate| (candidate == kind).then_some(())).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_hits_the_same() {
        let hits = |seed| {
            let faults = Faults::seeded(Some(seed));
            faults.replace(vec![Fault { probability: Some(0.5), ..Fault::always(FaultKind::LostAnswer) }]);
            (0..64).map(|_| faults.hits("1", None, &FaultKind::LostAnswer)).collect::<Vec<bool>>()
        };
        assert_eq!(hits(1), hits(1));
        assert_ne!(hits(1), hits(2));
    }

    #[test]
    fn a_counted_fault_hits_that_often_and_only_whom_it_names() {
        let faults = Faults::seeded(None);
        let mut fault = Fault::times(FaultKind::LostAnswer, 2);
        fault.account = Some("1".to_owned());
        faults.replace(vec![fault, Fault { probability: Some(0.0), ..Fault::always(FaultKind::Hang) }]);
        assert!(!faults.hits("2", None, &FaultKind::LostAnswer));
        assert!(faults.hits("1", None, &FaultKind::LostAnswer));
        assert!(faults.hits("1", Some("+15551230001"), &FaultKind::LostAnswer));
        assert!(!faults.hits("1", None, &FaultKind::LostAnswer));
        assert!(!faults.hits("1", None, &FaultKind::Hang));
    }

    #[test]
    fn the_wire_form_is_flat() -> Result<(), serde_json::Error> {
        let fault: Fault = serde_json::from_str(r#"{"kind":"http_5xx","status":502,"times":3,"account":"AC1"}"#)?;
        assert_eq!(fault.kind, FaultKind::Http5xx { status: Some(502) });
        assert_eq!(fault.times, Some(3));
        assert_eq!(
            serde_json::to_string(&Fault::always(FaultKind::Latency { ms: 5 }))?,
            r#"{"kind":"latency","ms":5}"#
        );
        Ok(())
    }
}
