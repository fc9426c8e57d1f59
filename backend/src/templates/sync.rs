//! Keeping in step: each account's list is read every quarter of an hour, by button, when a webhook asks for it, and when a
//! message names a template that nobody here knows; reviews at Twilio are asked about one by one.

use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use serde_json::json;

use crate::channels::LoadedChannel;
use crate::channels::defaults::Wanted;
use crate::domain::event::{EventKind, NewEvent};
use crate::domain::ids::{ChannelId, WorkspaceId};
use crate::domain::time::Ts;
use crate::providers::templates::Unreadable;
use crate::providers::{TemplateError, TemplateErrorKind};
use crate::queue::Work;
use crate::storage::conn::Conn;
use crate::storage::system::templates::{DueAccount, DuePoll};
use crate::storage::template_syncs::SyncRecord;
use crate::storage::types::Json;
use crate::storage::{StorageResult, events, system, template_registrations, template_syncs};

use super::apply::{self, Applied, Compared, Listing};
use super::view::{Accounts, SyncCounts, TemplateSyncView, sync_view};
use super::{News, Templates, TemplatesError};

/// Pause between two looks at one account.
const EVERY: Duration = Duration::from_secs(15 * 60);
/// The same when the hourly allowance of calls is used to three quarters, and when it is nearly used up (direct.md §1.4).
const WHEN_BUSY: Duration = Duration::from_secs(60 * 60);
const WHEN_NEARLY_OUT: Duration = Duration::from_secs(2 * 60 * 60);
const BUSY_PERCENT: u8 = 75;
const NEARLY_OUT_PERCENT: u8 = 95;
/// The first pause after a failure; it doubles up to [`EVERY`].
const AFTER_FAILURE: Duration = Duration::from_secs(60);
/// How long nobody else takes an account that is being looked at.
const LEASE: Duration = Duration::from_secs(5 * 60);
/// A message that names an unknown template has its account looked at at most this often.
const ON_DEMAND: Duration = Duration::from_secs(60);
/// Accounts taken in one round, and how many at once.
const ROUND: u16 = 64;
const AT_ONCE: usize = 4;
/// The first pause before a review is asked about; it doubles up to [`POLL_AT_MOST`].
pub(super) const POLL_FIRST: Duration = Duration::from_secs(3);
const POLL_AT_MOST: Duration = Duration::from_secs(60);
/// A review that takes longer is left to the lists.
const POLL_FOR: Duration = Duration::from_secs(3 * 86_400);

/// Who wants to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    Schedule,
    /// A person pressed the button.
    Button,
    /// A message names a template that is not known, or not as one that can be sent.
    Message,
}

impl Templates {
    /// Looks at one channel's account, or at all accounts of the workspace, and waits for it.
    ///
    /// # Errors
    /// No such channel in this workspace. A provider that can't be reached is part of the answer.
    pub async fn sync(
        &self,
        workspace: WorkspaceId,
        channel: Option<ChannelId>,
    ) -> Result<Vec<TemplateSyncView>, TemplatesError> {
        let accounts = match channel {
            Some(id) => {
                let channel = self.0.registry.choose(workspace, Wanted::Channel(id)).await?;
                vec![account_of(&channel)]
            }
            None => self.accounts(workspace).await?,
        };
        let looked: Vec<DueAccount> = accounts.clone();
        stream::iter(accounts)
            .map(|account| async move { self.look(&account, Cause::Button).await })
            .buffer_unordered(AT_ONCE)
            .collect::<Vec<_>>()
            .await
            .into_iter()
            .collect::<Result<Vec<()>, TemplatesError>>()?;
        let all = self.syncs(workspace).await?;
        let wanted = |view: &TemplateSyncView| {
            looked.iter().any(|one| one.provider == view.provider && one.account == view.account)
        };
        Ok(all.into_iter().filter(wanted).collect())
    }

    /// How the comparison of each account stands.
    ///
    /// # Errors
    /// The database's.
    pub async fn syncs(&self, workspace: WorkspaceId) -> Result<Vec<TemplateSyncView>, TemplatesError> {
        let shown = self
            .0
            .db
            .read(move |conn| {
                let accounts = Accounts::read(conn, workspace)?;
                let records = template_syncs::list(conn, workspace)?;
                records.into_iter().map(|record| sync_view(record, &accounts)).collect::<StorageResult<Vec<_>>>()
            })
            .await?;
        Ok(shown)
    }

    /// Has a channel's account looked at soon: it was made or checked.
    ///
    /// # Errors
    /// The database's.
    pub async fn look_soon(&self, channel: &LoadedChannel) -> StorageResult<()> {
        let account = account_of(channel);
        let now = self.0.clock.now();
        self.0
            .db
            .write(move |conn| {
                template_syncs::make_due(conn, account.workspace, account.provider, &account.account, now)
            })
            .await?;
        self.wake();
        Ok(())
    }

    /// Looks at a channel's account for a message, unless that was done within the last minute. While somebody looks, the others
    /// wait and share what comes of it: a name that is nowhere must not have the list read once for each message. Returns
    /// whether something may be known now that was not before.
    pub(super) async fn look_on_demand(&self, channel: &LoadedChannel) -> Result<bool, TemplatesError> {
        let account = account_of(channel);
        if self.was_looked_at(&account).await? {
            return Ok(false);
        }
        let turn = self.turn_to_look(&account);
        let _alone = turn.lock().await;
        if !self.was_looked_at(&account).await? {
            self.look_alone(&account, Cause::Message).await?;
        }
        Ok(true)
    }

    async fn was_looked_at(&self, account: &DueAccount) -> StorageResult<bool> {
        let (now, wanted) = (self.0.clock.now(), account.clone());
        let known = self
            .0
            .db
            .read(move |conn| template_syncs::get(conn, wanted.workspace, wanted.provider, &wanted.account))
            .await?;
        Ok(known.and_then(|record| record.attempted_at).is_some_and(|at| now.since(at) < ON_DEMAND))
    }

    async fn accounts(&self, workspace: WorkspaceId) -> StorageResult<Vec<DueAccount>> {
        let all = self.0.db.read(move |conn| template_syncs::accounts(conn, workspace)).await?;
        let mut found: Vec<DueAccount> = Vec::new();
        for (provider, account, channel) in all {
            if !found.iter().any(|one| one.provider == provider && one.account == account) {
                found.push(DueAccount { workspace, provider, account, channel });
            }
        }
        Ok(found)
    }

    /// Reads an account's list and applies it, after whoever does so already: two lists at once would only be in each other's
    /// way.
    async fn look(&self, due: &DueAccount, cause: Cause) -> Result<(), TemplatesError> {
        let turn = self.turn_to_look(due);
        let _alone = turn.lock().await;
        self.look_alone(due, cause).await
    }

    /// That the provider did not answer is kept beside the account.
    async fn look_alone(&self, due: &DueAccount, cause: Cause) -> Result<(), TemplatesError> {
        let channel = self.0.registry.by_id(due.channel).await?;
        let asked_at = self.0.clock.now();
        let listed = channel.service.list_templates().await;
        let now = self.0.clock.now();
        match listed {
            Ok(listed) => {
                if !listed.complete {
                    tracing::warn!(provider = %due.provider, found = listed.templates.len(), "a list of templates has no end");
                }
                let listing =
                    Listing { of: due.clone(), templates: listed.templates, complete: listed.complete, asked_at };
                let next = match listed.usage_percent {
                    NEARLY_OUT_PERCENT.. => WHEN_NEARLY_OUT,
                    BUSY_PERCENT.. => WHEN_BUSY,
                    _ => EVERY,
                };
                self.keep(listing, cause, now, now.plus(next)).await?;
            }
            Err(error) => self.keep_failure(due.clone(), error, now).await?,
        }
        Ok(())
    }

    async fn keep(&self, listing: Listing, cause: Cause, now: Ts, next: Ts) -> StorageResult<()> {
        let compared = self.0.db.read(move |conn| apply::compare(conn, listing)).await?;
        let Compared { of, asked_at, found, unreadable, parts } = compared;
        let mut counts = SyncCounts { found, ..SyncCounts::default() };
        for part in parts {
            let of = of.clone();
            let applied = self.0.db.write_bulk(move |conn| {
                let Applied { counts, news } = apply::apply_part(conn, &of, asked_at, part, now)?;
                events::append(conn, news)?;
                Ok(counts)
            });
            let SyncCounts { imported, changed, vanished, .. } = applied.await?;
            counts.imported += imported;
            counts.changed += changed;
            counts.vanished += vanished;
        }
        let workspace = of.workspace;
        if self.0.db.write_bulk(move |conn| keep_end(conn, &of, counts, &unreadable, cause, now, next)).await? {
            self.0.live.notify(workspace);
        }
        Ok(())
    }

    async fn keep_failure(&self, due: DueAccount, error: TemplateError, now: Ts) -> StorageResult<()> {
        tracing::warn!(
            provider = %due.provider, kind = %error.kind, code = error.provider_code, "an account's templates could not be read"
        );
        self.0
            .db
            .write_bulk(move |conn| {
                let before = template_syncs::get(conn, due.workspace, due.provider, &due.account)?;
                let before =
                    before.unwrap_or_else(|| SyncRecord::fresh(due.workspace, due.provider, &due.account, now));
                let failures = before.failures.saturating_add(1);
                let doubled = AFTER_FAILURE.saturating_mul(1 << failures.clamp(1, 5).unsigned_abs().saturating_sub(1));
                let wait = doubled.min(EVERY).max(error.retry_after.unwrap_or_default());
                let record = SyncRecord {
                    due_at: now.plus(wait),
                    attempted_at: Some(now),
                    failures,
                    error: Some(Json::of(&error)?),
                    ..before
                };
                template_syncs::save(conn, due.workspace, record)
            })
            .await
    }
}

/// Keeps how a comparison ended. Returns whether the feed tells of it.
fn keep_end(
    conn: &mut Conn,
    of: &DueAccount,
    counts: SyncCounts,
    unreadable: &[Unreadable],
    cause: Cause,
    now: Ts,
    next: Ts,
) -> StorageResult<bool> {
    let record = SyncRecord {
        attempted_at: Some(now),
        succeeded_at: Some(now),
        counts: Json::of(&counts)?,
        unreadable: Json::of(unreadable)?,
        ..SyncRecord::fresh(of.workspace, of.provider, &of.account, next)
    };
    template_syncs::save(conn, of.workspace, record)?;
    let SyncCounts { found, imported, changed, vanished } = counts;
    let is_told = cause == Cause::Button || imported + changed + vanished > 0;
    if is_told {
        let data = json!({
            "provider": of.provider, "account": of.account, "found": found, "imported": imported, "changed": changed,
            "vanished": vanished,
        });
        let event = NewEvent { channel: Some(of.channel), data, ..NewEvent::new(EventKind::TemplateSynced, now) };
        events::append(conn, vec![(of.workspace, event)])?;
    }
    Ok(is_told)
}

fn account_of(channel: &LoadedChannel) -> DueAccount {
    DueAccount {
        workspace: channel.workspace,
        provider: channel.provider,
        account: channel.address.account.clone(),
        channel: channel.id,
    }
}

/// The worker behind the schedule.
pub struct Syncer {
    templates: Templates,
}

impl Syncer {
    pub fn new(templates: Templates) -> Self {
        Self { templates }
    }

    async fn accounts(&self) -> StorageResult<usize> {
        let inner = &self.templates.0;
        let now = inner.clock.now();
        let due = inner.db.read(move |conn| system::templates::due_accounts(conn, now, ROUND)).await?;
        let looks = due.into_iter().map(|account| self.take(account, now));
        let done: Vec<StorageResult<usize>> = stream::iter(looks).buffer_unordered(AT_ONCE).collect().await;
        done.into_iter().sum()
    }

    async fn take(&self, due: DueAccount, now: Ts) -> StorageResult<usize> {
        let wanted = due.clone();
        let rests = self.rests(due.channel).await;
        let until = rests.unwrap_or_else(|| now.plus(LEASE));
        let taken = self.templates.0.db.write(move |conn| {
            template_syncs::claim(conn, wanted.workspace, wanted.provider, &wanted.account, now, until)
        });
        if !taken.await? {
            return Ok(0);
        }
        if rests.is_some() {
            return Ok(1);
        }
        match self.templates.look(&due, Cause::Schedule).await {
            Err(TemplatesError::Storage(error)) => return Err(error),
            // A channel that can't be loaded (the sandbox is off, a value is missing) is looked at again when the lease is over.
            Err(error) => tracing::debug!(channel = %due.channel, %error, "an account's templates were not looked at"),
            Ok(()) => {}
        }
        Ok(1)
    }

    /// Until when the account's provider wants no looks that nobody asked for.
    async fn rests(&self, channel: ChannelId) -> Option<Ts> {
        let loaded = self.templates.0.registry.by_id(channel).await.ok()?;
        loaded.service.may_look().err()
    }

    async fn polls(&self) -> StorageResult<usize> {
        let inner = &self.templates.0;
        let now = inner.clock.now();
        let due = inner.db.read(move |conn| system::templates::due_polls(conn, now, ROUND)).await?;
        let asks = due.into_iter().map(|poll| self.ask(poll, now));
        let done: Vec<StorageResult<usize>> = stream::iter(asks).buffer_unordered(AT_ONCE).collect().await;
        done.into_iter().sum()
    }

    /// Asks how one review went.
    async fn ask(&self, poll: DuePoll, now: Ts) -> StorageResult<usize> {
        let inner = &self.templates.0;
        let next = next_poll(poll.submitted_at, now);
        let id = poll.id;
        let until = now.plus(LEASE);
        if !inner.db.write(move |conn| system::templates::claim_poll(conn, id, now, until)).await? {
            return Ok(0);
        }
        let asked_at = inner.clock.now();
        let standing = self.standing(&poll).await?;
        let workspace = poll.workspace;
        let now = inner.clock.now();
        let told = inner
            .db
            .write(move |conn| {
                let record = template_registrations::lock(conn, workspace, id)?;
                let news = match standing {
                    Some(standing) => apply::apply_standing(conn, workspace, record, &standing, (asked_at, now))?,
                    None => News::new(),
                };
                let settled = template_registrations::lock(conn, workspace, id)?;
                let next = next.filter(|_| settled.status.is_under_review());
                template_registrations::set_poll(conn, workspace, id, next)?;
                let told = !news.is_empty();
                events::append(conn, news)?;
                Ok(told)
            })
            .await?;
        if told {
            inner.live.notify(workspace);
        }
        Ok(1)
    }

    /// `None` when there is no answer; the next turn or the list brings one.
    async fn standing(&self, poll: &DuePoll) -> StorageResult<Option<crate::providers::templates::TemplateStanding>> {
        let inner = &self.templates.0;
        let (workspace, provider, account) = (poll.workspace, poll.provider, poll.account.clone());
        let channels =
            inner.db.read(move |conn| template_syncs::channels_of(conn, workspace, provider, &account)).await?;
        let (Some(channel), Some(reference)) = (channels.first(), &poll.reference) else { return Ok(None) };
        let Ok(channel) = inner.registry.by_id(*channel).await else { return Ok(None) };
        Ok(match channel.service.template_standing(reference).await {
            Ok(standing) => Some(standing),
            Err(error) => {
                let missing = error.kind == TemplateErrorKind::Missing;
                tracing::debug!(provider = %poll.provider, kind = %error.kind, missing, "a review could not be asked about");
                None
            }
        })
    }
}

/// When a review is asked about again: soon at first, later each minute, and not for ever.
fn next_poll(submitted_at: Option<Ts>, now: Ts) -> Option<Ts> {
    let age = now.since(submitted_at?);
    (age < POLL_FOR).then(|| now.plus(age.clamp(POLL_FIRST, POLL_AT_MOST)))
}

#[async_trait]
impl Work for Syncer {
    fn name(&self) -> &'static str {
        "templates"
    }

    async fn run_once(&self) -> StorageResult<usize> {
        let polls = self.polls().await?;
        Ok(polls + self.accounts().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reviews_are_asked_about_ever_more_seldom() {
        let start = Ts::from_secs(1_000_000);
        let after = |secs: u64| next_poll(Some(start), start.plus(Duration::from_secs(secs)));
        let wait = |secs: u64| after(secs).unwrap().since(start.plus(Duration::from_secs(secs))).as_secs();
        assert_eq!([wait(0), wait(3), wait(20), wait(500)], [3, 3, 20, 60]);
        assert_eq!(after(3 * 86_400), None);
        assert_eq!(next_poll(None, start), None);
    }
}
