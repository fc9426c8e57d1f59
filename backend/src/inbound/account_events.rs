//! What a provider says of a number or an account changes what is known of the channels, holds or resumes them, and raises
//! alerts (direct.md §3.7).

use std::time::Duration;

use serde_json::json;

use crate::channels::{LoadedChannel, alerts, health};
use crate::domain::alert::{About, AlertKind, Concern};
use crate::domain::contact::Person;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::failure::{Failure, FailureCode};
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::standing::Quality;
use crate::domain::suppression::{OptChange, SuppressionScope, SuppressionSource};
use crate::domain::time::Ts;
use crate::providers::account_event::{AccountEvent, AccountNews, BanState, Restriction, RestrictionKind};
use crate::storage::conn::Conn;
use crate::storage::contacts::resolve::{Sighting, resolve};
use crate::storage::facts::ChannelFacts;
use crate::storage::system::account_news::{self, Said};
use crate::storage::{StorageError, StorageResult, channels, facts, suppressions};

use super::reading::Reading;

/// A restriction without an end is looked at again after this; Meta always names one so far.
const UNNAMED_END: Duration = Duration::from_secs(24 * 3_600);
/// The matter of an alert about an account that is going to be disabled.
const SCHEDULED: &str = "scheduled";
const APPEAL: &str = "See the reason in Meta Business Suite (Business support home) and appeal there.";

/// What account events led to.
#[derive(Default)]
pub(super) struct Effects {
    /// To be appended to the feeds last in the transaction.
    pub news: Vec<(WorkspaceId, NewEvent)>,
    /// Channels whose state has changed.
    pub turned: Vec<(WorkspaceId, ChannelId)>,
}

/// The channels that these webhooks' account events concern.
pub(super) fn concerned<'a>(readings: &'a [&'a Reading]) -> impl Iterator<Item = (ChannelId, WorkspaceId)> + 'a {
    readings.iter().flat_map(|reading| reading.accounts.iter().map(|(channel, _)| (channel.id, channel.workspace)))
}

/// Applies the account events of these webhooks inside the caller's transaction, which has locked the facts of the channels
/// [`concerned`]: of two words that come at once, the later one must find the earlier.
///
/// # Errors
/// The database failed; nothing is applied.
pub(super) fn apply(conn: &mut Conn, readings: &[&Reading], now: Ts) -> StorageResult<Effects> {
    let mut effects = Effects::default();
    for reading in readings.iter().filter(|reading| !reading.is_again()) {
        for (channel, event) in &reading.accounts {
            let known = facts::get(conn, channel.workspace, channel.id, now)?;
            if !concerns(&known, event) || !is_news(conn, channel, event, reading)? {
                continue;
            }
            let mut matter = Matter { channel, reading, event, now, effects: &mut effects };
            matter.apply(conn)?;
        }
    }
    Ok(effects)
}

/// A number that is named by its digits is another channel's when this one's are known to be others.
fn concerns(known: &ChannelFacts, event: &AccountEvent) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    match (&event.number, &known.display_number) {
        (Some(named), Some(own)) => *named == digits(own),
        _ => true,
    }
}

/// Whether this was not heard before, nor anything later about the same.
fn is_news(conn: &mut Conn, channel: &LoadedChannel, event: &AccountEvent, reading: &Reading) -> StorageResult<bool> {
    let Some(telling) = &event.telling else { return Ok(true) };
    let said = Said {
        channel_id: channel.id,
        fingerprint: telling.fingerprint.clone(),
        topic: event.news.topic(),
        told_at: telling.at,
        received_at: reading.entry.received_at,
    };
    account_news::is_news(conn, &said)
}

/// One event and the channel that it concerns.
struct Matter<'a> {
    channel: &'a LoadedChannel,
    reading: &'a Reading,
    event: &'a AccountEvent,
    now: Ts,
    effects: &'a mut Effects,
}

impl Matter<'_> {
    fn apply(&mut self, conn: &mut Conn) -> StorageResult<()> {
        match &self.event.news {
            AccountNews::Quality { event, limit } => self.quality(conn, event, limit.clone()),
            AccountNews::Limit { limit } => self.limit(conn, limit),
            AccountNews::Name { decision, requested, reason } => {
                self.name(conn, decision, requested.clone(), reason.as_deref())
            }
            AccountNews::Review { decision } => {
                self.tell(EventKind::AccountReviewed, json!({ "decision": decision }));
                Ok(())
            }
            AccountNews::Restricted(restrictions) => self.restricted(conn, restrictions),
            AccountNews::Ban { state, date } => self.ban(conn, *state, date.as_deref()),
            AccountNews::Gone { event } => self.gone(conn, event),
            AccountNews::Violation { violation } => self.violation(conn, violation),
            AccountNews::Alert { severity, status, kind, description } => {
                self.alert(conn, severity, status, kind, description)
            }
            AccountNews::Marketing { person, stopped, at } => self.marketing(conn, person, *stopped, *at),
            AccountNews::Security { event } => self.security(conn, event),
            AccountNews::Other { event } => {
                self.tell(EventKind::AccountUpdated, json!({ "event": event, "value": self.event.value }));
                Ok(())
            }
        }
    }

    fn quality(&mut self, conn: &mut Conn, event: &str, limit: Option<String>) -> StorageResult<()> {
        let quality = match event {
            "FLAGGED" | "DOWNGRADE" => Some(Quality::Red),
            "UNFLAGGED" => Some(Quality::Yellow),
            _ => None,
        };
        let throughput = (event == "THROUGHPUT_UPGRADE").then(|| "HIGH".to_owned());
        let after = self.change(conn, |facts| {
            facts.quality = quality.or(facts.quality);
            facts.messaging_limit = limit.or(facts.messaging_limit.take());
            facts.throughput = throughput.or(facts.throughput.take());
        })?;
        let data = json!({
            "event": event, "quality": after.quality, "throughput": after.throughput, "messaging_limit": after.messaging_limit,
        });
        self.tell(EventKind::AccountQualityChanged, data);
        match quality {
            Some(Quality::Red) => {
                let detail = "Meta has flagged the number for its quality: many have blocked or reported it.";
                self.raise(conn, AlertKind::QualityRed, detail.to_owned(), "Write only to people who expect it.")
            }
            Some(_) => self.clear(conn, AlertKind::QualityRed, About::Channel),
            None => Ok(()),
        }
    }

    fn limit(&mut self, conn: &mut Conn, limit: &str) -> StorageResult<()> {
        let mut before = None;
        self.change(conn, |facts| before = facts.messaging_limit.replace(limit.to_owned()))?;
        if before.as_deref() != Some(limit) {
            self.tell(EventKind::AccountLimitChanged, json!({ "before": before, "messaging_limit": limit }));
        }
        Ok(())
    }

    fn name(
        &mut self,
        conn: &mut Conn,
        decision: &str,
        requested: Option<String>,
        reason: Option<&str>,
    ) -> StorageResult<()> {
        let verified = requested.clone().filter(|_| decision == "APPROVED");
        self.change(conn, |facts| {
            facts.name_status = Some(decision.to_owned());
            facts.verified_name = verified.or(facts.verified_name.take());
        })?;
        let data = json!({ "decision": decision, "requested_name": requested, "reason": reason });
        self.tell(EventKind::AccountNameReviewed, data);
        Ok(())
    }

    fn restricted(&mut self, conn: &mut Conn, restrictions: &[Restriction]) -> StorageResult<()> {
        let told_at = self.event.telling.as_ref().map_or(self.reading.entry.received_at, |telling| telling.at);
        let until = |kind: RestrictionKind| {
            let ends = restrictions.iter().filter(|one| one.kind == kind);
            // One that has ended before the news of it came is history.
            ends.map(|one| one.until.unwrap_or_else(|| told_at.plus(UNNAMED_END))).max().filter(|end| *end > self.now)
        };
        let (business, replies) =
            (until(RestrictionKind::BusinessInitiated), until(RestrictionKind::CustomerInitiated));
        self.change(conn, |facts| {
            facts.business_restricted_until = business.or(facts.business_restricted_until);
            facts.replies_restricted_until = replies.or(facts.replies_restricted_until);
        })?;
        self.tell(EventKind::AccountRestricted, json!({ "restrictions": restrictions }));
        let last = business.max(replies).map(|until| format!(" until {}", until.to_the_minute())).unwrap_or_default();
        if replies.is_some() {
            let detail = format!("Meta lets the account send nothing{last}.");
            self.hold(conn, FailureCode::AccountRestricted, &detail)?;
            // The lesser restriction may have been told of before; this one must be too.
            self.clear(conn, AlertKind::AccountRestricted, About::Channel)?;
            return self.raise(conn, AlertKind::AccountRestricted, detail, APPEAL);
        }
        if business.is_some() {
            let detail = format!("Meta lets the account send replies only{last}; templates wait.");
            return self.raise(conn, AlertKind::AccountRestricted, detail, APPEAL);
        }
        Ok(())
    }

    fn ban(&mut self, conn: &mut Conn, state: BanState, date: Option<&str>) -> StorageResult<()> {
        let data = json!({ "state": state, "date": date });
        match state {
            BanState::Disabled => {
                let detail = "Meta has disabled the WhatsApp account.";
                self.change(conn, |facts| facts.account_status = Some("DISABLED".to_owned()))?;
                self.tell(EventKind::AccountDisabled, data);
                self.hold(conn, FailureCode::AccountSuspended, detail)?;
                self.clear(conn, AlertKind::AccountDisabled, About::Matter(SCHEDULED))?;
                self.raise(conn, AlertKind::AccountDisabled, detail.to_owned(), APPEAL)
            }
            BanState::Scheduled => {
                let when = date.map(|date| format!(" ({date})")).unwrap_or_default();
                self.tell(EventKind::AccountDisabled, data);
                let detail = format!("Meta is going to disable the WhatsApp account{when}.");
                // Until then the account looks as sound as ever: no look at it ends this.
                self.raise_of(conn, AlertKind::AccountDisabled, Some(SCHEDULED), detail, APPEAL)
            }
            BanState::Reinstated => {
                self.change(conn, |facts| facts.account_status = Some("REINSTATED".to_owned()))?;
                self.tell(EventKind::AccountReinstated, data);
                self.resume(conn)?;
                self.clear(conn, AlertKind::AccountDisabled, About::Everything)
            }
        }
    }

    fn gone(&mut self, conn: &mut Conn, event: &str) -> StorageResult<()> {
        let detail = match event {
            "ACCOUNT_DELETED" => "The WhatsApp account was deleted.",
            "ACCOUNT_OFFBOARDED" => "The WhatsApp account was taken out of the Cloud API.",
            _ => "The app was removed from the WhatsApp account.",
        };
        self.change(conn, |facts| facts.account_status = Some(event.to_owned()))?;
        self.tell(EventKind::AccountDisabled, json!({ "event": event }));
        self.hold(conn, FailureCode::SenderMisconfigured, detail)?;
        let cure = "Connect the account again, or point the channel at the one that is used now.";
        self.raise(conn, AlertKind::AccountDisabled, detail.to_owned(), cure)
    }

    fn violation(&mut self, conn: &mut Conn, violation: &str) -> StorageResult<()> {
        self.tell(EventKind::AccountAlert, json!({ "violation": violation }));
        let detail = format!("Meta says that the account has broken its policy ({violation}).");
        let matter = format!("violation/{violation}");
        self.raise_of(conn, AlertKind::AccountAlert, Some(&matter), detail, APPEAL)
    }

    fn alert(
        &mut self,
        conn: &mut Conn,
        severity: &str,
        status: &str,
        kind: &str,
        description: &str,
    ) -> StorageResult<()> {
        let data = json!({ "severity": severity, "status": status, "alert_type": kind, "description": description });
        self.tell(EventKind::AccountAlert, data);
        if status != "ACTIVE" {
            return self.clear(conn, AlertKind::AccountAlert, About::Matter(kind));
        }
        if severity != "CRITICAL" {
            return Ok(());
        }
        let detail = format!("Meta warns ({kind}): {description}");
        self.raise_of(conn, AlertKind::AccountAlert, Some(kind), detail, "Settle it in Meta Business Suite.")
    }

    fn marketing(&mut self, conn: &mut Conn, person: &Person, stopped: bool, at: Option<Ts>) -> StorageResult<()> {
        let seen = Sighting {
            workspace: self.channel.workspace,
            identities: person.identities(),
            former: Vec::new(),
            contact: None,
            at,
        };
        let resolved = resolve(conn, &[seen], self.now)?;
        let contact = resolved.contacts.first().copied();
        let contact = contact.ok_or_else(|| StorageError::Other("a contact was not resolved".into()))?;
        let change = OptChange {
            scope: SuppressionScope::Marketing,
            stops: stopped,
            source: SuppressionSource::Provider,
            detail: None,
            channel: Some(self.channel.id),
            at: at.unwrap_or(self.reading.entry.received_at),
        };
        let changed = suppressions::apply(conn, &[(self.channel.workspace, contact, change)], self.now)?;
        let told = changed.iter().filter_map(|changed| changed.event(self.reading.entry.received_at));
        let journal = Some(self.reading.entry.id);
        self.effects.news.extend(told.map(|(workspace, event)| (workspace, NewEvent { journal, ..event })));
        Ok(())
    }

    fn security(&mut self, conn: &mut Conn, event: &str) -> StorageResult<()> {
        self.tell(EventKind::AccountSecurity, json!({ "event": event }));
        let detail = match event {
            "PIN_CHANGED" => "The number's two-step PIN was changed.",
            "PIN_RESET_REQUEST" => "Somebody has asked to switch the number's two-step verification off.",
            "PIN_REQUEST_SUCCESS" => "The number's two-step verification was switched off.",
            _ => "Something about the number's two-step verification has changed.",
        };
        let cure = "If it was nobody of yours, set a new PIN in WhatsApp Manager and look who may manage the account.";
        self.raise_of(conn, AlertKind::Security, Some(event), detail.to_owned(), cure)
    }

    fn change(&self, conn: &mut Conn, change: impl FnOnce(&mut ChannelFacts)) -> StorageResult<ChannelFacts> {
        facts::change(conn, self.channel.workspace, self.channel.id, self.now, change)
    }

    fn tell(&mut self, kind: EventKind, data: serde_json::Value) {
        let event = NewEvent {
            channel: Some(self.channel.id),
            journal: Some(self.reading.entry.id),
            data,
            ..NewEvent::new(kind, self.reading.entry.received_at)
        };
        self.effects.news.push((self.channel.workspace, event));
    }

    fn hold(&mut self, conn: &mut Conn, code: FailureCode, detail: &str) -> StorageResult<()> {
        let failure = Failure { code, provider_code: None, detail: detail.to_owned() };
        let news = health::hold_within(conn, self.channel.workspace, self.channel.id, &failure, self.now)?;
        self.turned(news);
        Ok(())
    }

    /// Ends a hold that a failure made; one that a person made stays.
    fn resume(&mut self, conn: &mut Conn) -> StorageResult<()> {
        let (workspace, id) = (self.channel.workspace, self.channel.id);
        if channels::lock(conn, workspace, id)?.held_failure.is_some() {
            let news = health::resume_within(conn, workspace, id, json!({ "by": "webhook" }), self.now)?;
            self.turned(news);
        }
        Ok(())
    }

    fn turned(&mut self, news: Vec<NewEvent>) {
        if !news.is_empty() {
            self.effects.turned.push((self.channel.workspace, self.channel.id));
            self.add(news);
        }
    }

    /// Raises what a look at the channel may end.
    fn raise(&mut self, conn: &mut Conn, kind: AlertKind, detail: String, cure: &str) -> StorageResult<()> {
        self.raise_of(conn, kind, None, detail, cure)
    }

    fn raise_of(
        &mut self,
        conn: &mut Conn,
        kind: AlertKind,
        matter: Option<&str>,
        detail: String,
        cure: &str,
    ) -> StorageResult<()> {
        let concern = Concern { kind, matter: matter.map(str::to_owned), detail, cure: Some(cure.to_owned()) };
        let news = alerts::raise_within(conn, self.channel.workspace, self.channel.id, &[concern], self.now)?;
        self.add(news);
        Ok(())
    }

    fn clear(&mut self, conn: &mut Conn, kind: AlertKind, about: About<'_>) -> StorageResult<()> {
        let news = alerts::clear_within(conn, self.channel.workspace, self.channel.id, &[kind], about, self.now)?;
        self.add(news);
        Ok(())
    }

    fn add(&mut self, news: Vec<NewEvent>) {
        let workspace = self.channel.workspace;
        self.effects.news.extend(news.into_iter().map(|event| (workspace, event)));
    }
}
