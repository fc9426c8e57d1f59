//! Which alerts follow from a check's report, and telling the feed of them.

use crate::domain::alert::{About, AlertKind, Concern};
use crate::domain::event::NewEvent;
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::time::Ts;
use crate::providers::CheckReport;
use crate::providers::check::{Check, CheckName, CheckResult, Finding};
use crate::providers::check_codes::CheckCode;
use crate::storage::conn::Conn;
use crate::storage::{StorageResult, alerts};

/// Opens alerts inside a transaction of the caller's. Returns the entries for the feed: append them last.
///
/// # Errors
/// The database's.
pub fn raise_within(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    concerns: &[Concern],
    now: Ts,
) -> StorageResult<Vec<NewEvent>> {
    let raised = alerts::raise(conn, workspace, channel, concerns, now)?;
    for alert in &raised {
        tracing::warn!(%channel, kind = %alert.kind, "alert raised");
    }
    Ok(raised.iter().map(|alert| alert.event(now)).collect())
}

/// Ends alerts of these kinds inside a transaction of the caller's. Returns the entries for the feed: append them last.
///
/// # Errors
/// The database's.
pub fn clear_within(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    kinds: &[AlertKind],
    about: About<'_>,
    now: Ts,
) -> StorageResult<Vec<NewEvent>> {
    Ok(alerts::clear(conn, workspace, channel, kinds, about, now)?.iter().map(|alert| alert.event(now)).collect())
}

/// Opens what a report gives reason for and ends what it shows to be over; what it could not look at stays.
///
/// # Errors
/// The database's.
pub(super) fn reconcile_within(
    conn: &mut Conn,
    workspace: WorkspaceId,
    channel: ChannelId,
    report: &CheckReport,
    now: Ts,
) -> StorageResult<Vec<NewEvent>> {
    let concerns = concerns(report);
    let over: Vec<AlertKind> =
        looked_at(report).into_iter().filter(|kind| concerns.iter().all(|concern| concern.kind != *kind)).collect();
    let mut events = raise_within(conn, workspace, channel, &concerns, now)?;
    events.extend(clear_within(conn, workspace, channel, &over, About::Channel, now)?);
    Ok(events)
}

/// One concern per kind: the gravest finding tells it.
fn concerns(report: &CheckReport) -> Vec<Concern> {
    let mut concerns: Vec<Concern> = Vec::new();
    for finding in report.findings() {
        let Some(kind) = kind_of(finding) else { continue };
        if concerns.iter().all(|known| known.kind != kind) {
            let (detail, cure) = (finding.finding.clone(), finding.cure.clone());
            concerns.push(Concern { kind, matter: None, detail, cure });
        }
    }
    concerns
}

fn kind_of(finding: &Finding) -> Option<AlertKind> {
    use CheckCode as C;
    Some(match finding.code? {
        C::TokenExpired
        | C::TokenRevoked
        | C::TokenInvalid
        | C::WrongAppSecret
        | C::AuthTokenRefused
        | C::ApiKeyRefused => AlertKind::TokenDead,
        C::AuthTokenRotated if finding.result == CheckResult::Fail => AlertKind::TokenDead,
        C::TokenEndsSoon => AlertKind::TokenEndsSoon,
        C::QualityRed => AlertKind::QualityRed,
        C::PaymentMissing => AlertKind::PaymentMissing,
        C::WebhooksSilent | C::AppInDevelopment => AlertKind::WebhooksSilent,
        C::AccountRestricted => AlertKind::AccountRestricted,
        C::AccountSuspended | C::AccountDisabled | C::NumberBanned => AlertKind::AccountDisabled,
        _ => return None,
    })
}

/// The kinds of which a report can tell that they are over: those whose rung was looked at.
fn looked_at(report: &CheckReport) -> Vec<AlertKind> {
    let mut kinds = Vec::new();
    if report.has_seen(CheckName::Credentials) {
        kinds.extend([AlertKind::TokenDead, AlertKind::TokenEndsSoon]);
    }
    if report.has_seen(CheckName::Standing) {
        kinds.extend([
            AlertKind::QualityRed,
            AlertKind::PaymentMissing,
            AlertKind::AccountRestricted,
            AlertKind::AccountDisabled,
        ]);
    }
    // An unproven one tells as well: that nothing was sent, or not for a day, is no silence.
    let told = |check: &Check| check.name == CheckName::RoundTrip && check.found.result != CheckResult::Skipped;
    if report.checks.iter().any(told) {
        kinds.push(AlertKind::WebhooksSilent);
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(checks: Vec<(CheckName, Finding)>) -> CheckReport {
        CheckReport::of(checks.into_iter().map(|(name, found)| Check::of(name, found)).collect())
    }

    #[test]
    fn what_was_not_looked_at_is_not_over() {
        let dead = report(vec![(CheckName::Credentials, Finding::fail(CheckCode::TokenExpired, "f", "c"))]);
        assert_eq!(concerns(&dead).iter().map(|concern| concern.kind).collect::<Vec<_>>(), [AlertKind::TokenDead]);
        assert_eq!(looked_at(&dead), [AlertKind::TokenDead, AlertKind::TokenEndsSoon]);
        let sound = report(CheckName::ALL.iter().map(|name| (*name, Finding::pass("f"))).collect());
        assert_eq!(concerns(&sound), []);
        assert!(looked_at(&sound).contains(&AlertKind::WebhooksSilent));
        assert!(!looked_at(&sound).contains(&AlertKind::ChannelHeld), "the hold itself says when it is over");
    }

    #[test]
    fn what_could_not_be_seen_now_is_not_over() {
        let unclear = || Finding::unproven(CheckCode::ProviderTrouble, "f", "c");
        let seen = report(vec![(CheckName::Credentials, unclear()), (CheckName::Standing, unclear())]);
        assert_eq!((concerns(&seen), looked_at(&seen)), (vec![], vec![]));
    }

    #[test]
    fn a_token_that_was_replaced_in_time_is_no_dead_one() {
        let rotated = Finding::warn(CheckCode::AuthTokenRotated, "f", "c");
        assert_eq!(concerns(&report(vec![(CheckName::Credentials, rotated)])), []);
    }
}
