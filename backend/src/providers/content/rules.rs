//! What is wrong with a content, and the rules that several kinds share.

use std::collections::BTreeSet;

use url::Url;

use crate::domain::content::Kind;

use super::super::capabilities::matrix::Part;
use super::super::capabilities::{Capabilities, Limit};
use super::super::violation::{Violation, ViolationCode as V};

/// Collects what is wrong, by the figures of one provider.
pub(super) struct Found<'c> {
    pub can: &'c Capabilities,
    violations: Vec<Violation>,
}

impl<'c> Found<'c> {
    pub fn new(can: &'c Capabilities) -> Self {
        Self { can, violations: Vec::new() }
    }

    pub fn into_violations(self) -> Vec<Violation> {
        self.violations
    }

    pub fn add(&mut self, field: impl Into<String>, code: V, message: impl Into<String>) {
        self.violations.push(Violation::new(field, code, message));
    }

    /// Whether the provider carries the kind at all; what to use instead, if not.
    pub fn carries(&mut self, kind: Kind) -> bool {
        let cell = self.can.carries(kind);
        if cell.verdict.is_offered() {
            return true;
        }
        let cure = cell.instead.map_or("use another kind", |instead| instead.note);
        let degrade = cell.degrade_to.map(|kind| format!(", or set degrade to true to send it as {kind}"));
        self.add("content.type", V::Unsupported, format!("{}; {cure}{}", cell.note, degrade.unwrap_or_default()));
        false
    }

    /// Refuses a part that the provider lacks; `degrades` tells whether agreeing to less would help here.
    pub fn part(&mut self, field: impl Into<String>, part: Part, degrades: bool) {
        let cell = self.can.carries_part(part);
        if cell.verdict.is_offered() {
            return;
        }
        let cure = cell.instead.unwrap_or("leave it out");
        let degrade = cell.degraded.filter(|_| degrades).map_or("", |_| ", or set degrade to true");
        self.add(field, V::Unsupported, format!("{}; {cure}{degrade}", cell.note));
    }

    /// A text that must be there. `what` begins the sentence: `the body`.
    pub fn text(&mut self, field: &str, what: &str, text: &str, limit: Limit) {
        if text.trim().is_empty() {
            self.add(field, V::Empty, format!("{what} is empty; write at least one character"));
        } else {
            self.no_longer(field, what, text, limit);
        }
    }

    /// A text that may be left out, but not be empty.
    pub fn optional(&mut self, field: &str, what: &str, text: Option<&str>, limit: Limit) {
        match text {
            Some(text) if text.trim().is_empty() => {
                self.add(field, V::Empty, format!("{what} is empty; leave it out instead"));
            }
            Some(text) => self.no_longer(field, what, text, limit),
            None => {}
        }
    }

    fn no_longer(&mut self, field: &str, what: &str, text: &str, limit: Limit) {
        if length(text) > limit.value {
            self.add(field, V::TooLong, format!("{what} has more than {} characters; shorten it", limit.value));
        }
    }

    /// How many there may be. `what` is in the plural: `buttons`.
    pub fn count(&mut self, field: &str, what: &str, count: usize, least: u64, most: Limit) {
        let count = count as u64;
        if count == 0 && least > 0 {
            self.add(field, V::Empty, format!("there are no {what}; give at least {least}"));
        } else if count < least {
            self.add(field, V::TooShort, format!("there are too few {what}; give at least {least}"));
        } else if count > most.value {
            self.add(field, V::TooMany, format!("there are more than {} {what}; leave some out", most.value));
        }
    }

    /// Each value once. Says it at every repetition, under the field that `place` gives.
    pub fn unique<'a>(&mut self, what: &str, values: impl IntoIterator<Item = (String, &'a str)>) {
        let mut seen = BTreeSet::new();
        for (field, value) in values {
            if !value.is_empty() && !seen.insert(value) {
                self.add(field, V::Duplicate, format!("{what} stands in this message already; give each its own"));
            }
        }
    }

    /// A public address that the provider fetches.
    pub fn https(&mut self, field: &str, address: &str) {
        self.address(field, address, &["https"], "is a public https address");
    }

    /// An address that the person opens.
    pub fn web(&mut self, field: &str, address: &str) {
        self.address(field, address, &["https", "http"], "is an http or https address");
    }

    fn address(&mut self, field: &str, address: &str, schemes: &[&str], what: &str) {
        let limit = self.can.interactive.max_url_chars;
        let sound = Url::parse(address).is_ok_and(|url| {
            schemes.contains(&url.scheme()) && url.has_host() && url.username().is_empty() && url.password().is_none()
        });
        if !sound {
            self.add(field, V::Malformed, format!("it {what}, complete and without a user name"));
        } else {
            self.no_longer(field, "the address", address, limit);
        }
    }
}

/// Characters as people count them here: Unicode scalar values.
pub(super) fn length(text: &str) -> u64 {
    text.chars().count() as u64
}
