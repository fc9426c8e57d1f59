//! The figures of a run.

use std::collections::BTreeMap;
use std::time::Duration;

use super::driver::Asked;
use super::judge::{Case, Finding};

/// Findings that are shown.
const SHOWN: usize = 5;

/// Characters of a finding that are shown.
const LONGEST: usize = 3_000;

/// Prints what happened, and what the judge says of it.
pub fn print(name: &str, case: &Case, asked: &Asked, [stormed, whole]: [Duration; 2], findings: &[Finding]) {
    let mut deaths: BTreeMap<&str, usize> = BTreeMap::new();
    for kill in &case.kills {
        *deaths.entry(kill.point.unwrap_or("from outside")).or_default() += 1;
    }
    let mut harms = BTreeMap::new();
    for harm in case.wire.passages.values().filter_map(|passage| passage.harm) {
        *harms.entry(format!("{harm:?}")).or_insert(0) += 1;
    }
    let states = case.messages.states();
    let unknown = states.get("unknown").copied().unwrap_or(0);
    let (totals, wire, webhooks) = (&case.summary.totals, &case.wire, &case.webhooks);
    let lines = [
        ("messages", format!("{} in {} s, at rest after {} s", asked.ids.len(), stormed.as_secs(), whole.as_secs())),
        (
            "at the API",
            format!("{} requests without an answer, {} repeated all the same", asked.unanswered, asked.repeated),
        ),
        ("deaths", format!("{}: {deaths:?}; {} attempts on the wire", case.kills.len(), case.cut_short().len())),
        (
            "on the way",
            format!(
                "{} attempts came past, {} delayed, {} answered twice, connections refused {} times; harmed: {harms:?}",
                wire.passages.len(),
                wire.delayed,
                wire.doubled,
                wire.refusals
            ),
        ),
        (
            "providers",
            format!("{} accepted, {} refused, {} refused late", totals.accepted, totals.refused, totals.failed),
        ),
        (
            "webhooks",
            format!(
                "{} taken, {} of them late; {} lost on the way; {} receipts never sent",
                webhooks.taken, webhooks.later, webhooks.lost, totals.given_up
            ),
        ),
        ("outcomes", format!("{states:?}; unknown {unknown} of at most {}", case.excused().len())),
        ("findings", format!("{}", findings.len())),
    ];
    println!("{name}");
    for (what, text) in lines {
        println!("  {what:<11} {text}");
    }
    for finding in findings.iter().take(SHOWN) {
        println!("  {}", finding.to_string().chars().take(LONGEST).collect::<String>());
    }
}
