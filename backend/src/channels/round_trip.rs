//! The last rung: whether what goes out comes back.

use std::time::Duration;

use crate::domain::provider::ProviderKind;
use crate::domain::time::Ts;
use crate::providers::CheckReport;
use crate::providers::check::{Check, CheckName, CheckResult, Finding};
use crate::providers::check_codes::CheckCode;
use crate::storage::facts::ChannelFacts;

/// How long evidence counts.
pub const PROVEN_FOR: Duration = Duration::from_secs(24 * 3_600);
/// How long a message may be accepted before the silence of the webhooks means something.
pub const SILENCE: Duration = Duration::from_secs(30 * 60);
/// As [`SILENCE`], of templates: Meta may hold them for about an hour to see how the first ones do (direct.md §2.2).
pub const TEMPLATES_HELD: Duration = Duration::from_secs(2 * 3_600);
/// A receipt can be here before the answer to its send (direct.md §3.9), and what is heard is noted once a minute.
const NOTED_LATE: Duration = Duration::from_secs(2 * 60);

/// Until when everything that was accepted counts as heard of.
pub(super) fn answered_until(facts: &ChannelFacts) -> Ts {
    facts.last_told_of_at.map_or(Ts::from_micros(0), |at| at.plus(NOTED_LATE))
}

/// The rung as it stands now. `verified_at` is when anything at all last came that the channel's secret had signed. `unanswered` is when the newest message was accepted of which, and after which, nothing was heard
/// for [`SILENCE`].
pub(super) fn rung(
    facts: &ChannelFacts,
    unanswered: Option<Ts>,
    provider: ProviderKind,
    verified_at: Option<Ts>,
    below: &[Check],
    now: Ts,
) -> Check {
    let found = match (unanswered, facts.round_trip_at) {
        // An app whose other numbers are heard of is public.
        (Some(since), _) => silent(since, provider, below, verified_at.is_none_or(|at| at <= since)),
        (None, Some(at)) if now.since(at) < PROVEN_FOR => proven(at),
        (None, Some(at)) => stale(at),
        (None, None) => never(facts),
    };
    Check::of(CheckName::RoundTrip, found)
}

/// Brings the rung of a kept report up to what came since: evidence makes it green, a day without makes it pale.
pub(super) fn refresh(report: &mut CheckReport, facts: &ChannelFacts, now: Ts) {
    let Some(kept) = report.checks.iter().find(|check| check.name == CheckName::RoundTrip) else { return };
    let heard_since = facts.last_told_of_at.is_some() && facts.last_told_of_at > report.checked_at;
    let found = match facts.round_trip_at {
        Some(at) if now.since(at) < PROVEN_FOR && (kept.found.result != CheckResult::Fail || heard_since) => proven(at),
        Some(at) if kept.found.result == CheckResult::Pass => stale(at),
        _ => return,
    };
    report.renew(vec![Check::of(CheckName::RoundTrip, found)]);
}

fn proven(at: Ts) -> Finding {
    Finding::pass(format!("A message went the whole way at {}.", at.to_the_minute()))
}

fn stale(at: Ts) -> Finding {
    let finding = format!("Last proven at {}; nothing has come back since.", at.to_the_minute());
    Finding::unproven(CheckCode::ProofStale, finding, "Send a test message.")
}

fn never(facts: &ChannelFacts) -> Finding {
    let finding = match facts.round_trip_started_at {
        Some(at) => format!("A test message was queued at {}; nothing has come back yet.", at.to_the_minute()),
        None => "No message has gone out and come back yet.".to_owned(),
    };
    let cure = "Send a test message, or write to the number from a phone.";
    Finding::unproven(CheckCode::NeverProven, finding, cure)
}

/// With every other rung in order, and the whole app silent, only an app that is not public yet explains it (direct.md §3.3).
fn silent(since: Ts, provider: ProviderKind, below: &[Check], whole_app: bool) -> Finding {
    let told = format!(
        "A message was accepted at {}, and no webhook about this sender has come since.",
        since.to_the_minute()
    );
    let wired = [CheckName::Subscribed, CheckName::Callback]
        .iter()
        .all(|name| below.iter().any(|check| check.name == *name && check.result_is_pass()));
    if provider == ProviderKind::Direct && wired && whole_app {
        let cure =
            "Switch the app to Live mode in its dashboard: in development, Meta sends nothing but dashboard tests.";
        let finding =
            format!("{told} Subscription and callback are in order, so the app is probably in development mode.");
        return Finding::fail(CheckCode::AppInDevelopment, finding, cure);
    }
    let cure = "Put the rungs for subscription and callback in order, then send a test message.";
    Finding::fail(CheckCode::WebhooksSilent, told, cure)
}

#[cfg(test)]
mod tests {
    use crate::domain::ids::{ChannelId, WorkspaceId};

    use super::*;

    const NOW: Ts = Ts(1_795_342_800_000_000);

    fn facts(proven: Option<Ts>) -> ChannelFacts {
        ChannelFacts { round_trip_at: proven, ..ChannelFacts::unknown(WorkspaceId::new(), ChannelId::new(), NOW) }
    }

    fn judged(proven: Option<Ts>, unanswered: Option<Ts>, below: &[Check]) -> (CheckResult, Option<CheckCode>) {
        let found = rung(&facts(proven), unanswered, ProviderKind::Direct, None, below, NOW).found;
        (found.result, found.code)
    }

    #[test]
    fn evidence_counts_for_a_day() {
        let hours = |count: u64| Some(NOW.minus(Duration::from_secs(count * 3_600)));
        assert_eq!(judged(None, None, &[]), (CheckResult::Unproven, Some(CheckCode::NeverProven)));
        assert_eq!(judged(hours(1), None, &[]), (CheckResult::Pass, None));
        assert_eq!(judged(hours(25), None, &[]), (CheckResult::Unproven, Some(CheckCode::ProofStale)));
    }

    #[test]
    fn silence_is_blamed_on_what_is_left() {
        let since = Some(NOW.minus(SILENCE));
        assert_eq!(judged(since, since, &[]), (CheckResult::Fail, Some(CheckCode::WebhooksSilent)));
        let wired = [CheckName::Subscribed, CheckName::Callback].map(|name| Check::of(name, Finding::pass("well")));
        assert_eq!(judged(None, since, &wired), (CheckResult::Fail, Some(CheckCode::AppInDevelopment)));
    }

    #[test]
    fn a_kept_rung_follows_the_evidence() {
        let mut report = CheckReport::of(vec![rung(&facts(None), None, ProviderKind::Twilio, None, &[], NOW)]);
        report.checked_at = Some(NOW);
        let later = NOW.plus(Duration::from_secs(60));
        refresh(&mut report, &facts(Some(later)), later);
        let result = |report: &CheckReport| report.checks.last().map(|check| check.found.result);
        assert_eq!(result(&report), Some(CheckResult::Pass));
        refresh(&mut report, &facts(Some(later)), later.plus(PROVEN_FOR));
        assert_eq!(result(&report), Some(CheckResult::Unproven));
    }
}
