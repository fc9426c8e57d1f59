//! The messaging limit: how many people an account may write to first within 24 hours (direct.md §4.5). What is beyond it waits.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use super::super::sending::pair_of;
use super::{Dispatcher, locked};
use crate::domain::conversation::Window;
use crate::domain::ids::{ChannelId, ContactId};
use crate::domain::state::HoldReason;
use crate::domain::time::Ts;
use crate::storage::delivery::{self, Claimed};
use crate::storage::{StorageError, StorageResult, conversations, reached};

/// What a day is to the provider.
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// The share of the limit that is used: what others send with the same account counts too.
const SHARE_PERCENT: u64 = 95;
/// How long a count is trusted; what this node adds itself is added at once.
const TRUSTED: Duration = Duration::from_secs(10);
/// A message that waits is looked at again at the earliest after this.
const SOONEST: Duration = Duration::from_secs(60);

/// How many people accounts have reached.
#[derive(Default)]
pub(super) struct Reached(HashMap<String, (Instant, u64)>);

/// An account and its limit, with the messages of a batch that may reach somebody new.
struct Account {
    portfolio: String,
    people: u64,
    messages: Vec<Claimed>,
}

impl Dispatcher {
    /// Lets the messages pass that are within their account's limit, and puts the others back. One look at the database for
    /// each account that has a limit.
    ///
    /// # Errors
    /// The database failed; nothing is sent of what was not looked at.
    pub(super) async fn within_people_limit(&self, messages: Vec<Claimed>) -> StorageResult<Vec<Claimed>> {
        let (mut free, mut accounts): (Vec<Claimed>, HashMap<String, Account>) = (Vec::new(), HashMap::new());
        for message in messages {
            let loaded = self.channel(message.channel).await.ok();
            let limit = loaded.as_deref().and_then(|loaded| Some((loaded.people_per_day?, &loaded.limit_group)));
            match limit.filter(|_| !message.content.kind().needs_window()) {
                None => free.push(message),
                Some((limit, portfolio)) => {
                    let people = u64::from(limit.people) * SHARE_PERCENT / 100;
                    let account = accounts.entry(portfolio.clone()).or_insert_with(|| Account {
                        portfolio: portfolio.clone(),
                        people: people.max(1),
                        messages: Vec::new(),
                    });
                    account.messages.push(message);
                }
            }
        }
        let mut failure = None;
        for (_, account) in accounts {
            match self.of_account(account).await {
                Ok(passed) => free.extend(passed),
                Err(error) => failure = Some(error),
            }
        }
        if let Some(error) = failure {
            self.give_back(free.iter()).await;
            return Err(error);
        }
        Ok(free)
    }

    async fn of_account(&self, account: Account) -> StorageResult<Vec<Claimed>> {
        let now = self.0.clock.now();
        let since = now.minus(DAY);
        let pairs: Vec<(ChannelId, ContactId)> =
            account.messages.iter().map(|message| (message.channel, message.contact)).collect();
        let people: Vec<String> =
            account.messages.iter().map(|message| message.recipient.as_str().to_owned()).collect();
        let portfolio = account.portfolio.clone();
        let known = self.trusted(&portfolio);
        let looked = self
            .0
            .db
            .read(move |conn| {
                let count = known.map_or_else(|| reached::count(conn, &portfolio, since), Ok)?;
                Ok::<_, StorageError>((
                    conversations::windows(conn, pairs.into_iter())?,
                    reached::of_people(conn, &portfolio, &people, since)?,
                    count,
                    reached::first(conn, &portfolio, since)?,
                ))
            })
            .await;
        let (windows, mut reached, mut count, first) = match looked {
            Ok(looked) => looked,
            Err(error) => {
                self.give_back(account.messages.iter()).await;
                return Err(error);
            }
        };
        let (mut passed, mut waiting) = (Vec::new(), Vec::new());
        for mut message in account.messages {
            let window = windows.get(&(message.channel, message.contact));
            let answers = window.is_some_and(|known| !Window::known(known.until, now).is_closed());
            let person = message.recipient.as_str();
            if answers {
                passed.push(message);
            } else if reached.contains(person) || count < account.people {
                count += u64::from(reached.insert(person.to_owned()));
                message.reaches = Some(account.portfolio.clone());
                passed.push(message);
            } else {
                waiting.push(message);
            }
        }
        let counted_at = self.counted_at(&account.portfolio);
        locked(&self.0.reached).0.insert(account.portfolio.clone(), (counted_at, count));
        let due = first.map_or(now, |first| first.plus(DAY)).max(now.plus(SOONEST));
        self.wait_for_room(waiting, due, now).await?;
        Ok(passed)
    }

    fn trusted(&self, portfolio: &str) -> Option<u64> {
        let reached = locked(&self.0.reached);
        reached.0.get(portfolio).filter(|(at, _)| at.elapsed() < TRUSTED).map(|(_, count)| *count)
    }

    /// When the count in force was read.
    fn counted_at(&self, portfolio: &str) -> Instant {
        let reached = locked(&self.0.reached);
        let known = reached.0.get(portfolio).map(|(at, _)| *at).filter(|at| at.elapsed() < TRUSTED);
        known.unwrap_or_else(Instant::now)
    }

    async fn wait_for_room(&self, waiting: Vec<Claimed>, due: Ts, now: Ts) -> StorageResult<()> {
        if waiting.is_empty() {
            return Ok(());
        }
        for message in &waiting {
            locked(&self.0.motion).finish(&pair_of(message), message.class, None);
        }
        let held: Vec<_> = waiting.into_iter().map(|message| (message, due, HoldReason::DailyLimit)).collect();
        let holder = self.0.settings.holder.clone();
        self.end(move |conn| delivery::hold(conn, &holder, &held, now)).await
    }
}

/// The people whom messages of a batch reach first, by account.
pub(super) fn reservations<'a>(
    begun: &HashSet<crate::domain::ids::MessageId>,
    messages: impl Iterator<Item = &'a Claimed>,
) -> Vec<(String, String)> {
    messages
        .filter(|message| begun.contains(&message.id))
        .filter_map(|message| Some((message.reaches.clone()?, message.recipient.as_str().to_owned())))
        .collect()
}
