//! The report of a connection check.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::provider::word;
use crate::domain::time::Ts;

word! {
    pub enum CheckResult {
        Pass = "pass",
        Warn = "warn",
        Fail = "fail",
        /// Could not be tried because an earlier check failed.
        Skipped = "skipped",
    }
}

word! {
    /// The checks, in the order they are made.
    pub enum CheckName {
        /// The provider's address answers.
        Reachable = "reachable",
        /// The credentials are accepted.
        Credentials = "credentials",
        /// The token holds the permissions that are needed.
        Permissions = "permissions",
        /// The sender exists and may send.
        Sender = "sender",
        /// The provider will call our webhooks.
        Webhook = "webhook",
    }
}

/// One named check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Check {
    pub name: CheckName,
    pub result: CheckResult,
    /// What was found, in one sentence; never a secret.
    pub finding: String,
    /// What to do, when something is to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cure: Option<String>,
    /// The field of the channel's form that is probably wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl Check {
    pub fn pass(name: CheckName, finding: impl Into<String>) -> Self {
        Self { name, result: CheckResult::Pass, finding: finding.into(), cure: None, field: None }
    }

    pub fn warn(name: CheckName, finding: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { result: CheckResult::Warn, cure: Some(cure.into()), ..Self::pass(name, finding) }
    }

    pub fn fail(name: CheckName, finding: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { result: CheckResult::Fail, cure: Some(cure.into()), ..Self::pass(name, finding) }
    }

    pub fn skipped(name: CheckName) -> Self {
        let finding = "Not tried, because an earlier check failed.";
        Self { result: CheckResult::Skipped, ..Self::pass(name, finding) }
    }

    /// The field of the form that is probably wrong.
    #[must_use]
    pub fn at(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }
}

/// The outcome of all checks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckReport {
    /// No check failed.
    pub healthy: bool,
    pub checked_at: Option<Ts>,
    pub checks: Vec<Check>,
}

impl CheckReport {
    /// A report over these checks; what is missing of [`CheckName::ALL`] was not tried.
    pub fn of(mut checks: Vec<Check>) -> Self {
        for name in CheckName::ALL {
            if checks.iter().all(|check| check.name != *name) {
                checks.push(Check::skipped(*name));
            }
        }
        checks.sort_by_key(|check| check.name);
        Self { healthy: checks.iter().all(|c| c.result != CheckResult::Fail), checked_at: None, checks }
    }
}
