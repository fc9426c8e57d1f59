//! Connection checks: what is wrong with a channel, what cures it, and what follows from it.

use std::time::Duration;

use serde_json::json;

use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::standing::SenderFacts;
use crate::domain::state::ChannelState;
use crate::domain::time::Ts;
use crate::providers::check::{Check, CheckName, Depth, Examination};
use crate::providers::{CheckReport, Repair};
use crate::storage::channels::ChannelRecord;
use crate::storage::facts::ChannelFacts;
use crate::storage::types::Json;
use crate::storage::{StorageError, StorageResult, channels, events, facts, silence};

use super::Channels;
use super::error::ChannelError;
use super::{alerts, health, round_trip, surroundings};

/// How far back a message without an answer is looked for.
const SILENCE_REACHES: Duration = Duration::from_secs(24 * 3_600);

/// How long a failure holds a channel whose standing these credentials can't look at: then trying is what shows it.
const BLIND_HOLD: Duration = Duration::from_secs(15 * 60);

/// What a check found and did.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    pub report: CheckReport,
    /// The channel was held by a failure, and this check has ended that.
    pub resumed: bool,
}

/// What was looked at, before it is kept.
struct Look {
    depth: Depth,
    rungs: Vec<Check>,
    said: SenderFacts,
}

impl Channels {
    /// Tries a channel's settings at its provider without sending anything, and keeps the report. A channel that a failure
    /// holds resumes when nothing stands against sending; one that a person holds stays so.
    ///
    /// # Errors
    /// No such channel in this workspace. A provider that can't be reached, or a channel that can't be loaded, is a finding.
    pub async fn check(&self, workspace: WorkspaceId, id: ChannelId, depth: Depth) -> Result<Diagnosis, ChannelError> {
        let began = self.clock.now();
        let record = self.db.read(move |conn| channels::get(conn, workspace, id)).await?;
        // What is checked is what stands in the database, not what another node may have replaced.
        self.registry.forget(id);
        let look = match self.registry.by_id(id).await {
            Ok(loaded) => {
                let mut seen = loaded.service.check_connection(depth).await;
                let (known, now) = (self.facts_of(workspace, id).await?, self.clock.now());
                surroundings::add(&mut seen, &surroundings::Known { record: &record, facts: &known, began, now });
                let Examination { checks: mut rungs, facts: said, .. } = seen;
                rungs.push(surroundings::configured(loaded.provider, loaded.environment, &loaded.public_base));
                Look { depth, rungs, said }
            }
            Err(error) => match surroundings::not_loaded(&error) {
                Some(rung) => Look { depth: Depth::Reading, rungs: vec![rung], said: SenderFacts::default() },
                None => return Err(error.into()),
            },
        };
        self.keep(record, look).await
    }

    /// Sets at the provider what lets its webhooks come here, then checks.
    ///
    /// # Errors
    /// No such channel in this workspace, or it can't be loaded.
    pub async fn repair(&self, workspace: WorkspaceId, id: ChannelId) -> Result<(Repair, Diagnosis), ChannelError> {
        self.db.read(move |conn| channels::get(conn, workspace, id)).await?;
        let repair = self.registry.by_id(id).await?.service.repair_connection().await;
        if !repair.mended.is_empty() {
            tracing::info!(channel = %id, steps = repair.mended.len(), "webhooks set at the provider");
            let event = self.event(EventKind::ChannelUpdated, id, json!({ "by": "repair", "mended": repair.mended }));
            self.db.write(move |conn| events::append(conn, vec![(workspace, event)])).await?;
            self.announce(workspace, id);
        }
        Ok((repair, self.check(workspace, id, Depth::Provoking).await?))
    }

    /// What is known of a channel's sender.
    ///
    /// # Errors
    /// The database's.
    pub async fn facts_of(&self, workspace: WorkspaceId, id: ChannelId) -> StorageResult<ChannelFacts> {
        let now = self.clock.now();
        self.db.read(move |conn| facts::get(conn, workspace, id, now)).await
    }

    /// When the newest message was accepted that should have been heard of by now, if one was not.
    async fn unanswered(&self, workspace: WorkspaceId, id: ChannelId, now: Ts) -> StorageResult<Option<Ts>> {
        self.db
            .read(move |conn| {
                let facts = facts::get(conn, workspace, id, now)?;
                let range = silence::Range {
                    after: now.minus(SILENCE_REACHES).max(round_trip::answered_until(&facts)),
                    before: now.minus(round_trip::SILENCE),
                    templates_before: now.minus(round_trip::TEMPLATES_HELD),
                };
                silence::newest_accepted(conn, workspace, id, &range)
            })
            .await
    }

    /// Keeps what a look showed: report, facts and alerts, and the end of a hold, in one transaction.
    async fn keep(&self, record: ChannelRecord, look: Look) -> Result<Diagnosis, ChannelError> {
        let (now, workspace, id) = (self.clock.now(), record.workspace_id, record.id);
        let unanswered = self.unanswered(workspace, id, now).await?;
        let kept = self
            .db
            .write(move |conn| {
                let Look { depth, rungs, said } = look;
                let doubtful = rungs.iter().any(|check| check.name <= CheckName::Standing && check.is_troubled());
                // Read again under a lock: a webhook may have come during the look.
                let record = channels::lock(conn, workspace, id)?;
                let before = facts::get(conn, workspace, id, now)?;
                let after = facts::change(conn, workspace, id, now, |facts| facts.take(said, now))?;
                // What was heard since the question was asked answers it.
                let unanswered = unanswered.filter(|at| *at > round_trip::answered_until(&after));
                let report = report(
                    &record,
                    depth,
                    rungs,
                    |below| round_trip::rung(&after, unanswered, record.provider, record.last_webhook_at, below, now),
                    now,
                );
                let whole = depth != Depth::Standing;
                let at = if whole { Some(now) } else { record.checked_at };
                channels::save_check(conn, workspace, id, Json::of(&report)?, at)?;

                let mut news = changes(&before, &after, now);
                news.extend(alerts::reconcile_within(conn, workspace, id, &report, now)?);
                let by_failure = record.state == ChannelState::Held && record.held_failure.is_some();
                let waited = record.held_at.is_none_or(|at| now.since(at) >= BLIND_HOLD);
                // A person who asks has done something about it.
                let asked = depth == Depth::Provoking;
                let ripe = report.has_seen(CheckName::Standing) || waited || asked;
                let resumed = by_failure && ripe && report.can_send() && !doubtful && {
                    let data = json!({ "by": "check", "name": record.settings.name });
                    let ended = health::resume_within(conn, workspace, id, data, now)?;
                    let any = !ended.is_empty();
                    news.extend(ended);
                    any
                };
                let told = !news.is_empty();
                events::append(conn, news.into_iter().map(|event| (workspace, event)).collect())?;
                Ok::<_, StorageError>((Diagnosis { report, resumed }, told))
            })
            .await?;
        let (diagnosis, told) = kept;
        if diagnosis.resumed {
            tracing::info!(channel = %id, "channel resumed: nothing stands against sending any more");
        }
        if told {
            self.announce(workspace, id);
        }
        Ok(diagnosis)
    }
}

/// The whole report of a whole look; of a shorter one, what is new in the place of what was.
fn report(
    record: &ChannelRecord,
    depth: Depth,
    mut rungs: Vec<Check>,
    last: impl FnOnce(&[Check]) -> Check,
    now: Ts,
) -> CheckReport {
    let earlier = record.check_report.clone().and_then(|report| report.read::<CheckReport>().ok());
    match earlier.filter(|_| depth == Depth::Standing) {
        Some(mut report) => {
            // Where the provider could not tell, what it told before stands, there and above.
            let doubtful = rungs.iter().filter(|check| check.is_troubled()).map(|check| check.name).min();
            let told = |name: CheckName| name <= CheckName::Standing && doubtful.is_none_or(|from| name < from);
            report.renew(CheckReport::of(rungs).checks.into_iter().filter(|check| told(check.name)).collect());
            let rung = last(&report.checks);
            report.renew(vec![rung]);
            report
        }
        None => {
            let rung = last(&rungs);
            rungs.push(rung);
            let mut report = CheckReport::of(rungs);
            report.checked_at = (depth != Depth::Standing).then_some(now);
            report
        }
    }
}

/// What the provider says otherwise than before, for the feed. A first answer is no change.
fn changes(before: &ChannelFacts, after: &ChannelFacts, now: Ts) -> Vec<NewEvent> {
    let mut news = Vec::new();
    let mut tell = |kind, data| {
        news.push(NewEvent { channel: Some(after.channel_id), data, ..NewEvent::new(kind, now) });
    };
    if before.quality.is_some() && before.quality != after.quality {
        let data = json!({ "by": "check", "before": before.quality, "quality": after.quality });
        tell(EventKind::AccountQualityChanged, data);
    }
    if before.messaging_limit.is_some() && before.messaging_limit != after.messaging_limit {
        let data = json!({ "by": "check", "before": before.messaging_limit, "messaging_limit": after.messaging_limit });
        tell(EventKind::AccountLimitChanged, data);
    }
    if before.sender_status.is_some() && before.sender_status != after.sender_status {
        let data = json!({ "by": "check", "before": before.sender_status, "sender_status": after.sender_status });
        tell(EventKind::AccountUpdated, data);
    }
    news
}
