//! The report of a connection check: a ladder, each rung of which rests on those below it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::provider::word;
use crate::domain::standing::SenderFacts;
use crate::domain::time::Ts;

use super::check_codes::CheckCode;

word! {
    pub enum CheckResult {
        Pass = "pass",
        /// Works, but will not for long, or not for everything.
        Warn = "warn",
        Fail = "fail",
        /// Could not be tried because an earlier rung failed.
        Skipped = "skipped",
        /// Nothing speaks against it, and nothing has shown it.
        Unproven = "unproven",
    }
}

impl CheckResult {
    /// The graver, the greater.
    const fn gravity(self) -> u8 {
        match self {
            Self::Pass | Self::Skipped => 0,
            Self::Unproven => 1,
            Self::Warn => 2,
            Self::Fail => 3,
        }
    }
}

word! {
    /// The rungs, lowest first.
    pub enum CheckName {
        /// The channel has what its provider asks for, and the gateway an address that can be called.
        Configured = "configured",
        /// The provider's address answers.
        Reachable = "reachable",
        /// The credentials are accepted.
        Credentials = "credentials",
        /// The token or key holds the permissions that are needed.
        Permissions = "permissions",
        /// The sender is there, is the account's, and is registered.
        Sender = "sender",
        /// The provider lets it send: quality, payment, restrictions, limits.
        Standing = "standing",
        /// The provider has somebody to tell: the app is subscribed, the sender takes messages in.
        Subscribed = "subscribed",
        /// What it tells comes to this gateway, and can be verified here.
        Callback = "callback",
        /// A message went out and its receipt came back, or a person's message came in, within a day.
        RoundTrip = "round_trip",
    }
}

/// One rung.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    pub name: CheckName,
    #[serde(flatten)]
    pub found: Finding,
    /// What else was found on this rung, the graver first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub also: Vec<Finding>,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Finding {
    pub result: CheckResult,
    /// What is the matter, stable; none while all is well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<CheckCode>,
    /// In one sentence; never a secret.
    pub finding: String,
    /// What to do, when something is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cure: Option<String>,
    /// The field of the channel's form that is probably wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Finding {
    pub fn pass(finding: impl Into<String>) -> Self {
        Self { result: CheckResult::Pass, code: None, finding: finding.into(), cure: None, field: None }
    }

    pub fn warn(code: CheckCode, finding: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { result: CheckResult::Warn, code: Some(code), cure: Some(cure.into()), ..Self::pass(finding) }
    }

    pub fn fail(code: CheckCode, finding: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { result: CheckResult::Fail, ..Self::warn(code, finding, cure) }
    }

    pub fn unproven(code: CheckCode, finding: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { result: CheckResult::Unproven, ..Self::warn(code, finding, cure) }
    }

    /// The field of the form that is probably wrong.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }
}

impl Check {
    pub fn of(name: CheckName, found: Finding) -> Self {
        Self { name, found, also: Vec::new() }
    }

    /// The gravest of several findings stands for the rung; `sound` does when none is grave.
    pub fn gravest(name: CheckName, mut findings: Vec<Finding>, sound: Finding) -> Self {
        findings.retain(|finding| finding.result != CheckResult::Pass);
        // Stable: of two equally grave ones, the first looked for counts.
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.result.gravity()));
        let mut findings = findings.into_iter();
        let found = findings.next().unwrap_or(sound);
        Self { name, found, also: findings.collect() }
    }

    /// Whether the provider could not tell just now: what was found before is as good.
    pub fn is_troubled(&self) -> bool {
        let troubled = |finding: &Finding| {
            finding.result == CheckResult::Unproven && finding.code == Some(CheckCode::ProviderTrouble)
        };
        self.findings().any(troubled)
    }

    /// Whether it was looked at: no part of it was skipped or left unproven.
    pub fn is_seen(&self) -> bool {
        self.findings().all(|finding| !matches!(finding.result, CheckResult::Skipped | CheckResult::Unproven))
    }

    /// Adds a finding of another look at the same rung.
    pub fn add(&mut self, finding: Finding) {
        let own = std::mem::replace(&mut self.found, Finding::pass(""));
        let mut all = vec![own.clone()];
        all.append(&mut self.also);
        all.push(finding);
        *self = Self::gravest(self.name, all, own);
    }

    pub fn result_is_pass(&self) -> bool {
        self.found.result == CheckResult::Pass
    }

    pub fn skipped(name: CheckName) -> Self {
        let finding = Finding {
            result: CheckResult::Skipped,
            ..Finding::pass("Not tried, because a rung below it does not hold.")
        };
        Self::of(name, finding)
    }

    /// All findings of this rung, the gravest first.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        std::iter::once(&self.found).chain(&self.also)
    }
}

/// The outcome of all checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckReport {
    /// No rung failed. One that is unproven does not count against it.
    pub healthy: bool,
    /// When the whole ladder was last climbed.
    pub checked_at: Option<Ts>,
    pub checks: Vec<Check>,
}

impl CheckReport {
    /// A report over these rungs; what is missing of [`CheckName::ALL`] was not tried.
    pub fn of(mut checks: Vec<Check>) -> Self {
        for name in CheckName::ALL {
            if checks.iter().all(|check| check.name != *name) {
                checks.push(Check::skipped(*name));
            }
        }
        checks.sort_by_key(|check| check.name);
        let mut report = Self { healthy: true, checked_at: None, checks };
        report.judge();
        report
    }

    /// Puts rungs that were looked at anew in the place of what was found before.
    pub fn renew(&mut self, checks: Vec<Check>) {
        for check in checks {
            if let Some(old) = self.checks.iter_mut().find(|old| old.name == check.name) {
                *old = check;
            }
        }
        self.judge();
    }

    /// All findings, rung by rung.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.checks.iter().flat_map(Check::findings)
    }

    /// Nothing stands against sending: no rung up to [`CheckName::Standing`] fails, and none is in doubt because the provider
    /// did not answer. A rung that these credentials can't climb stands against nothing. What hinders webhooks hinders no
    /// message.
    pub fn can_send(&self) -> bool {
        let mut below = self.checks.iter().filter(|check| check.name <= CheckName::Standing);
        below.all(|check| check.found.result != CheckResult::Fail && !check.is_troubled())
    }

    /// Whether a rung was looked at.
    pub fn has_seen(&self, name: CheckName) -> bool {
        self.checks.iter().any(|check| check.name == name && check.is_seen())
    }

    fn judge(&mut self) {
        self.healthy = self.checks.iter().all(|check| check.found.result != CheckResult::Fail);
    }
}

/// How far a look goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Up to [`CheckName::Standing`]: what can change by itself, with few calls.
    Standing,
    /// The whole ladder; nothing is changed at the provider.
    Reading,
    /// The whole ladder, and the provider is asked to call our callback, by saving once more what is saved there.
    Provoking,
}

/// What a provider's side of the ladder showed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Examination {
    pub checks: Vec<Check>,
    pub facts: SenderFacts,
    /// The provider says that it has just called our callback and was answered rightly.
    pub callback_answered: bool,
}

impl Examination {
    pub fn push(&mut self, name: CheckName, finding: Finding) {
        self.checks.push(Check::of(name, finding));
    }

    /// Notes that these rungs can't be looked at, and why.
    pub fn leave_unseen(&mut self, names: &[CheckName], why: &Finding) {
        self.checks.extend(names.iter().map(|name| Check::of(*name, why.clone())));
    }

    /// Whether a rung was climbed and does not fail.
    pub fn holds(&self, name: CheckName) -> bool {
        self.checks.iter().any(|check| check.name == name && check.found.result != CheckResult::Fail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(result: CheckResult, text: &str) -> Finding {
        Finding { result, ..Finding::warn(CheckCode::QualityRed, text, "cure") }
    }

    #[test]
    fn the_gravest_finding_stands_for_its_rung() {
        let name = CheckName::Standing;
        let many =
            vec![finding(CheckResult::Warn, "a"), finding(CheckResult::Fail, "b"), finding(CheckResult::Warn, "c")];
        let mut rung = Check::gravest(name, many, Finding::pass("well"));
        let texts = |rung: &Check| rung.findings().map(|finding| finding.finding.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&rung), ["b", "a", "c"]);
        rung.add(finding(CheckResult::Fail, "d"));
        assert_eq!(texts(&rung), ["b", "d", "a", "c"]);
        let mut well = Check::gravest(name, vec![], Finding::pass("well"));
        assert_eq!(texts(&well), ["well"]);
        well.add(Finding::pass("also well"));
        assert_eq!(texts(&well), ["well"]);
        well.add(finding(CheckResult::Warn, "e"));
        assert_eq!(texts(&well), ["e"]);
    }

    #[test]
    fn only_what_fails_or_did_not_answer_stands_against_sending() {
        let of = |found: Finding| CheckReport::of(vec![Check::of(CheckName::Sender, found)]);
        assert!(of(finding(CheckResult::Unproven, "not allowed to look")).can_send());
        assert!(of(finding(CheckResult::Warn, "odd")).can_send(), "what lies above was not tried, and nothing failed");
        assert!(!of(finding(CheckResult::Fail, "gone")).can_send());
        let trouble = Finding::unproven(CheckCode::ProviderTrouble, "no answer", "later");
        assert!(!of(trouble).can_send());
    }

    #[test]
    fn a_report_has_every_rung_and_can_be_renewed() {
        let mut report = CheckReport::of(vec![Check::of(CheckName::Sender, finding(CheckResult::Fail, "gone"))]);
        assert_eq!(report.checks.iter().map(|check| check.name).collect::<Vec<_>>(), CheckName::ALL);
        assert!(!report.healthy);
        report.renew(vec![Check::of(CheckName::Sender, Finding::pass("there"))]);
        assert!(report.healthy);
        let shown = serde_json::to_value(&report).unwrap();
        assert_eq!(serde_json::from_value::<CheckReport>(shown).unwrap(), report);
    }
}
